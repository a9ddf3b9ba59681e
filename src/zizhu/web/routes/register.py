"""The register: plans, what they promise and by what they act, what was observed, what happened, with sources."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from zizhu.ledger import dossier as dossiers
from zizhu.ledger import finding, listed, succession
from zizhu.ledger.folders import Register
from zizhu.ledger.register import of
from zizhu.vocab import groups
from zizhu.web.bench import Bench, Here
from zizhu.web.refusals import or_missing
from zizhu.web.shapes import Counted, Dossier, Hit, Part, Records, Step, Succession

router = APIRouter(tags=["register"])
Text = Annotated[str, Query(max_length=200)]
Id = Annotated[
    str, Path(min_length=1, max_length=200, description="An id or name: T002, MIC2025, 中国制造2025.")
]


@router.get("/register")
def counts(bench: Here, plan: Text = "", sector: Text = "", country: Text = "") -> list[Counted]:
    """How many records of each kind there are of a plan with its parts, a sector, a country, or in all."""
    part = _narrowed(_held(bench), plan, sector, country)
    return [Counted(kind=kind, records=n) for kind, n in listed.counts(part).items()]


@router.get("/register/kinds/{kind}")
def records(
    kind: Annotated[str, Path(max_length=40)],
    bench: Here,
    plan: Text = "",
    sector: Text = "",
    country: Text = "",
) -> Records:
    """The records of a kind, a line each."""
    whole = _held(bench)
    with or_missing():
        chosen = listed.kind_of(kind)
    part = _narrowed(whole, plan, sector, country)
    money = dossiers.money(part) if chosen == "amounts" else []
    return Records(kind=chosen, rows=listed.lines(part, chosen, whole), money=money)


@router.get("/register/records/{record}")
def record(record: Id, bench: Here) -> Dossier:
    """Everything about a record: what belongs to it, its line, its siblings and its sources."""
    with or_missing():
        found = dossiers.dossier(_held(bench), record)
    return _dossier(found)


@router.get("/targets/{target}")
def target(target: Id, bench: Here) -> Dossier:
    """Everything about a target; its verdict is a row of the scorecard."""
    whole = _held(bench)
    with or_missing():
        _, one = finding.one(whole, target, ("targets",))
    return _dossier(dossiers.dossier(whole, one.id))


@router.get("/register/search")
def search(bench: Here, words: Annotated[str, Query(min_length=1, max_length=200)]) -> list[Hit]:
    """Records in whose names, aliases, items or notes all words stand, best first."""
    return [
        Hit(kind=f.kind, id=f.id, name=f.name, where=f.text if f.text != f.name else "")
        for f in finding.search(_held(bench), words)
    ]


@router.get("/register/diff")
def diff(bench: Here, a: Text, b: Text) -> Succession:
    """What the later plan `b` carried over from the earlier plan `a`, rewrote, dropped and added."""
    whole = _held(bench)
    found = succession.compare(whole, finding.plan(whole, a).id, finding.plan(whole, b).id)
    steps = [Step.model_validate(s._asdict()) for s in found.steps]
    return Succession.model_validate(found._asdict() | {"steps": steps})


def _held(bench: Bench) -> Register:
    return of(bench.workspace.root)


def _narrowed(held: Register, plan: str, sector: str, country: str) -> Register:
    return listed.narrowed(held, plan, sector, groups.coded(country) if country else "")


def _dossier(found: dossiers.Dossier) -> Dossier:
    sections = [Part.model_validate(s._asdict()) for s in found.sections]
    return Dossier.model_validate(found._asdict() | {"sections": sections})
