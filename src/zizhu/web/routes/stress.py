"""Scenario files: what may stand in one, first drafts, what is wrong with one, and the runs of which parts are kept."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query

from zizhu.vocab.problems import ZizhuError
from zizhu.web.bench import Bench, Here
from zizhu.web.refusals import faults, or_missing
from zizhu.web.shapes import (
    CheckedScenario,
    DatedEvent,
    Draft,
    Job,
    KeptRun,
    ReadScenario,
    ScenarioRun,
    ScenarioText,
)
from zizhu.web.worker import ScenarioTask, scenarios

router = APIRouter(prefix="/stress", tags=["stress"])
Text = Annotated[str, Query(max_length=200)]
Key = Annotated[str, Path(pattern=r"^[0-9a-f]{12,64}$", description="What a run is kept under.")]


@router.get("/fields")
async def fields(bench: Here) -> Draft:
    """All settings that a scenario file may have, as Markdown."""
    from zizhu.stress.scenario.fields import documented

    return Draft(text=await bench.made(documented))


@router.get("/events")
def events() -> list[DatedEvent]:
    """The dated events of the register that a scenario can be drafted from."""
    from zizhu.stress.scenario.from_event import draftable

    return [DatedEvent(id=e.id, date=e.date, actor=e.actor, event=e.event) for e in draftable()]


@router.get("/draft/event")
def from_event(event: Text) -> Draft:
    """A first scenario file from a dated event, with sources and assumptions in its comments."""
    from zizhu.stress.scenario.from_event import drafted

    return Draft(text=drafted(event))


@router.get("/draft/product")
async def from_product(
    bench: Here, product: Text, importer: Text, sender: Text = "", trade: Text = ""
) -> Draft:
    """A first scenario file in which a supplier stops selling a product to an importer."""
    return Draft(text=await bench.made(partial(_drafted, bench, product, importer, sender, trade)))


@router.post("/check")
async def check(said: ScenarioText, bench: Here) -> CheckedScenario:
    """The scenarios of a file, and all that is wrong with it, codes that the tables do not have among it."""
    return await bench.made(partial(_checked, bench, said))


@router.post("/run", status_code=202)
def run(said: ScenarioRun, bench: Here) -> Job:
    """Run a scenario, or several side by side: a job, whose runs are kept as those of the command line are."""
    bench.require_writing()
    return bench.jobs.begin("scenario", said.scenario or said.name, ScenarioTask(**dict(said)))


@router.get("/kept")
def kept(bench: Here) -> list[KeptRun]:
    """The runs of which parts are kept, the latest first: run again, they go on where they are."""
    from zizhu.stress import kept as keeping

    return [KeptRun.model_validate(one._asdict()) for one in keeping.kept(bench.workspace.root)]


@router.delete("/kept/{key}")
def discard(key: Key, bench: Here) -> list[KeptRun]:
    """Remove what is kept of a run; its numbers can still be opened, by computing them again."""
    from zizhu.stress import kept as keeping

    bench.require_writing()
    with or_missing():
        keeping.discard(bench.workspace.root, key)
    return kept(bench)


def _drafted(bench: Bench, product: str, importer: str, sender: str, trade: str) -> str:
    from zizhu.stress.scenario.from_product import drafted_for
    from zizhu.tables.choice import Best
    from zizhu.tables.load import load_trade

    goods = load_trade(bench.workspace, trade or Best(bench.workspace).trade.name)
    return drafted_for(importer, product, goods, sender, pinned=bool(trade))


def _checked(bench: Bench, said: ScenarioText) -> CheckedScenario:
    try:
        found = scenarios(bench.workspace, said.text, said.name)
    except ZizhuError as error:
        return CheckedScenario(scenarios=[], problems=faults(error.problems, bench.workspace.root))
    read = [ReadScenario(id=s.id, title=s.title, horizons=list(s.horizons), runs=s.runs) for s in found]
    return CheckedScenario(scenarios=read, problems=[])
