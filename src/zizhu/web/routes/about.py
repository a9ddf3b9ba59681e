"""What the workbench is, what it can be asked in, and its description."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from fastapi import APIRouter, Request, Response

import zizhu
from zizhu.web.bench import Here
from zizhu.web.guard import LARGEST_DOCUMENT
from zizhu.web.shapes import About, Coded, Refusal, Verb, Vocabulary
from zizhu.web.verbs import VERBS, most_promising
from zizhu.web.written import Written

REFUSALS = {
    "400": "The request is not well formed, or calls this machine by another's name.",
    "401": "There is no token, or another one.",
    "403": "The request comes from another site's page.",
    "404": "There is no such thing.",
    "408": "The body came too slowly.",
    "409": "Something is in the way.",
    "413": "The body is too large.",
    "422": "The question has problems, or cannot be answered with this data.",
}
ENDS = "#/components/schemas/{model}"
router = APIRouter(tags=["about"])


@router.get("/meta")
def meta(bench: Here) -> About:
    """The workbench and its workspace; `state` changes whenever a table does."""
    return About(
        version=zizhu.__version__,
        state=hashlib.blake2b(repr(bench.workspace.stamp()).encode(), digest_size=8).hexdigest(),
        country=most_promising(),
        writes=not (bench.elsewhere or bench.lost),
        elsewhere=bench.elsewhere,
        lost=bench.lost,
        jobs_at_once=bench.jobs.at_once,
        largest_upload=LARGEST_DOCUMENT,
        verbs=[Verb(path=v.path, method=v.method, about=v.about) for v in VERBS],
    )


@router.get("/vocabulary", response_model=Vocabulary)
def vocabulary(request: Request) -> Response:
    """Countries, groups, industries, plans, definitions of dependency, indicators and rules, by code and name."""
    return _vocabulary().to(request)


@cache
def _vocabulary() -> Written:
    from zizhu.depend.concentration.presets import presets
    from zizhu.ledger import register
    from zizhu.track.path import rules
    from zizhu.vocab import countries, groups, plans, sectors
    from zizhu.vocab.packfiles import rows

    lands, blocs, held = countries.countries(), groups.groups(), register.builtin()
    observed = {o.indicator for o in held.observations.values()}
    return Written.of(
        Vocabulary(
            countries=[
                Coded(code=c, name=k.name, name_zh=k.name_zh, held=bool(k.baci or k.icio))
                for c, k in lands.items()
            ],
            groups=[Coded(code=c, name=g.name, name_zh=g.name_zh) for c, g in blocs.items()],
            sectors=[
                Coded(
                    code=c,
                    name=s.label,
                    name_zh=s.name_zh,
                    about=plans.industry_sentence(c),
                    holds="; ".join(plans.things_in(c)),
                )
                for c, s in sectors.sectors().items()
            ],
            plans=[Coded(code=p.id, name=p.name, name_zh=p.names.get("zh", "")) for p in held.plans.values()],
            presets=[Coded(code=p.id, name=p.title) for p in presets().values()],
            indicators=[
                Coded(code=i.id, name=i.label, held=i.id in observed) for i in register.indicators().values()
            ],
            bases=[Coded(code=r["basis"], name=r["meaning"]) for r in rows("vocab/bases.csv")],
            rules=[Coded(code=rules.column(name), name=of[0].label) for name, of in rules.rules().items()],
            entities=_entities(),
        )
    )


def _entities() -> list[Coded]:
    from zizhu.vocab.packfiles import rows

    listed = {r["id"]: Coded(code=r["id"], name=r["name"]) for r in rows("policy/entities.csv")}
    for row in rows("read/places.csv"):
        if "-" in row["place"]:
            before = listed.get(row["place"], Coded(code=row["place"], name=""))
            said = {"name_zh" if row["language"] == "zh" else "name": row["phrase"]}
            kept = {k: v for k, v in said.items() if not getattr(before, k)}
            listed[row["place"]] = before.model_copy(update=kept)
    return list(listed.values())


@router.get("/outlines", response_model=dict[str, Any])
def outlines(request: Request) -> Response:
    """The outlines of countries as TopoJSON, for the maps among the figures."""
    return _outlines().to(request)


@cache
def _outlines() -> Written:
    from zizhu.vocab import places

    return Written.of(places.outlines())


@router.get("/openapi.json", include_in_schema=False)
def openapi(request: Request) -> Response:
    """The description of all addresses."""
    return Written.of(described(request.app)).to(request)


def described(app: Any) -> dict[str, Any]:
    """The description of an application with what takes seconds to bring in, or to make for every address at its start:
    the parameters of its questions, and why there may be no answer."""
    if not getattr(app.state, "described", None):
        said = app.openapi()
        for verb in VERBS:
            said["paths"][f"/api/{verb.path}"]["get"]["parameters"] = _parameters(
                verb.asking().model_json_schema()
            )
        refusal = Refusal.model_json_schema(ref_template=ENDS)
        said["components"]["schemas"] |= {**refusal.pop("$defs"), "Refusal": refusal}
        for operation in (o for path in said["paths"].values() for o in path.values()):
            operation["responses"] |= {status: _refused(words) for status, words in REFUSALS.items()}
        app.state.described = said
    found: dict[str, Any] = app.state.described
    return found


def _refused(words: str) -> dict[str, Any]:
    return {
        "description": words,
        "content": {"application/json": {"schema": {"$ref": ENDS.format(model="Refusal")}}},
    }


def _parameters(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of a model as parameters of an address."""
    needed = schema.get("required", ())
    return [
        {
            "name": name,
            "in": "query",
            "required": name in needed,
            "schema": said,
            **({"description": said["description"]} if "description" in said else {}),
        }
        for name, said in schema["properties"].items()
    ]
