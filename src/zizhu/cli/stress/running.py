"""`zizhu stress run`, `compare`, `list` and `resume`: scenarios, their progress and what is kept of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zizhu.cli.answering import Asked, answering
from zizhu.cli.options import AsJson, Place
from zizhu.vocab.problems import Problem, ZizhuError, unknown

if TYPE_CHECKING:
    from zizhu.ledger.result import Result
    from zizhu.store import Workspace
    from zizhu.stress.ensemble.computed import Progress
    from zizhu.stress.ensemble.executor import Executor
    from zizhu.stress.scenario.model import Scenario

Files = Annotated[
    list[Path], typer.Argument(help="Scenario files (YAML); `zizhu stress fields` documents them.")
]
Draws = Annotated[int | None, typer.Option(min=0, help="Draws of what is uncertain, instead of the file's.")]
Seed = Annotated[int | None, typer.Option(min=0, help="Seed of the draws, instead of the file's.")]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Processes that compute; as many as there are processors if absent.")
]
Insisting = Annotated[
    bool,
    typer.Option("--insist", help="Answer even when the tables see less than half of what is controlled."),
]
Which = Annotated[
    str | None, typer.Option("--scenario", help="The id of one scenario, where the file has several.")
]
Top = Annotated[int, typer.Option(min=1, help="How many countries and industries to print.")]


@answering
def run(
    ask: Asked,
    file: Annotated[Path, typer.Argument(help="A scenario file (YAML); `zizhu stress fields` documents it.")],
    scenario: Which = None,
    draws: Draws = None,
    seed: Seed = None,
    workers: Workers = None,
    insist: Insisting = False,
    top: Top = 10,
) -> None:
    """Run a scenario: losses by country, industry and time with their band, who gains, and what moves the band."""
    ws = ask.ready()
    _answer(ask, ws, _changed(_one(_read([file]), scenario), draws, seed, insist), workers, top)


@answering
def resume(
    ask: Asked,
    key: Annotated[str, typer.Argument(help="What it is kept under; `zizhu stress list` shows it.")],
    workers: Workers = None,
    top: Top = 10,
) -> None:
    """Go on with a run that was broken off; what is computed is not computed again."""
    ws = ask.ready()
    _answer(ask, ws, _kept(ws, key), workers, top)


@answering
def compare(
    ask: Asked,
    files: Files,
    draws: Draws = None,
    seed: Seed = None,
    workers: Workers = None,
    insist: Insisting = False,
    top: Top = 10,
) -> None:
    """Run several scenarios and show them side by side."""
    from zizhu.cli.output import Listing, give
    from zizhu.stress import compare as verb
    from zizhu.stress.rows import by_scenario

    ws = ask.ready()
    asked = tuple(_changed(s, draws, seed, insist) for s in _read(files))
    inputs = verb.load(ws, verb.Params(scenarios=asked))
    with _counting("Scenarios side by side") as progress, _interruptible():
        inputs = inputs.with_work(_executor(workers), progress)
        result = verb.solve(inputs)
    listings = [Listing(title, frame, top, columns) for title, frame, columns in by_scenario(result)]
    give(ws, result, listings, ask.form, "loss", inputs)


def list_(as_json: AsJson = False, place: Place = None) -> None:
    """The runs that are kept, with how far each of them is and what it takes up on disk."""
    from zizhu.cli.options import workspace
    from zizhu.cli.output import console, emit_json
    from zizhu.stress.kept import kept

    found = kept(workspace(place).root)
    if as_json:
        emit_json([one._asdict() for one in found])
        return
    page = console()
    for one in found:
        state = "done" if one.done == one.of else f"{one.done} of {one.of} batches"
        line = f"{one.key}  {state:<18} {one.bytes / 1e6:8.1f} MB  {one.id}: {one.title}"
        page.print(line, markup=False, soft_wrap=True)
    if not found:
        page.print("Nothing is kept. `zizhu stress run FILE.yaml` keeps what it computes.", markup=False)


def discard(
    key: Annotated[str, typer.Argument(help="What it is kept under; `zizhu stress list` shows it.")],
    place: Place = None,
) -> None:
    """Remove what is kept of a run; its numbers can still be traced, by computing them again."""
    from zizhu.cli.options import workspace
    from zizhu.store.parts import Parts

    ws = workspace(place)
    _kept(ws, key)
    Parts.of(ws.root, key).discard()
    typer.echo(f"Removed {key}.")


def _answer(ask: Asked, ws: Workspace, scenario: Scenario, workers: int | None, top: int) -> None:
    from zizhu.cli.output import give
    from zizhu.stress import run as verb

    loaded = verb.load(ws, verb.Params(scenario=scenario))
    with _counting(scenario.title) as progress, _interruptible():
        inputs = verb.with_work(loaded, _executor(workers), progress)
        result = verb.solve(inputs)
        spread = _spread(inputs)
    listings = _listings(result, spread, top)
    if spread is not None:
        ws.save_run(spread.run)
    give(ws, result, listings, ask.form, "loss", inputs)


def _spread(inputs: Any) -> Result | None:
    """What moves the band, where there are draws enough to say."""
    from zizhu.stress import spread
    from zizhu.vocab.problems import CannotAnswer

    try:
        return spread.solve(inputs)
    except CannotAnswer:
        return None


def _listings(result: Result, spread: Result | None, top: int) -> list[Any]:
    from zizhu.cli.output import Listing
    from zizhu.stress.rows import listed

    found = [Listing(title, frame, top, columns) for title, frame, columns in listed(result)]
    if spread is not None:
        ranked = spread.frame.sort("explained", "parameter", descending=[True, False])
        found.append(Listing("What moves the band", ranked, None, (), spread.units))
    return found


def _read(files: list[Path]) -> tuple[Scenario, ...]:
    """The scenarios of all files; raises ZizhuError with the problems of all of them."""
    from zizhu.stress.scenario.reading import read

    found: list[Scenario] = []
    problems: list[Problem] = []
    for file in files:
        try:
            found += read(file)
        except ZizhuError as error:
            problems += error.problems
    if problems:
        raise ZizhuError(problems)
    return tuple(found)


def _one(scenarios: tuple[Scenario, ...], wanted: str | None) -> Scenario:
    ids = [s.id for s in scenarios]
    if wanted is not None and wanted not in ids:
        raise ZizhuError(unknown("scenario", wanted, ids, "--scenario"))
    if wanted is None and len(ids) > 1:
        some = ", ".join(ids[:5])
        remedy = "Name one with --scenario, or show all of them with `zizhu stress compare`."
        raise ZizhuError(Problem(f"{len(ids)} scenarios in the file: {some}", "--scenario", "one", remedy))
    return scenarios[ids.index(wanted) if wanted is not None else 0]


def _changed(scenario: Scenario, draws: int | None, seed: int | None, insist: bool) -> Scenario:
    from zizhu.stress.scenario.model import Scenario

    said = {"draws": draws, "seed": seed, "insist": insist or None}
    change = {k: v for k, v in said.items() if v is not None}
    return Scenario(**(scenario.model_dump() | change)) if change else scenario


def _kept(ws: Workspace, key: str) -> Scenario:
    from zizhu.stress.kept import kept, scenario_of

    known = [one.key for one in kept(ws.root)]
    if key not in known:
        raise ZizhuError(unknown("run", key, known, "`zizhu stress list`"))
    return scenario_of(ws.root, key)


def _executor(workers: int | None) -> Executor:
    from zizhu.stress.ensemble.executor import Processes, Serial

    count = (
        workers or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    return Serial() if count == 1 else Processes(count)


@contextmanager
def _counting(title: str) -> Iterator[Progress]:
    """A bar on a terminal's standard error: runs done, runs asked for, time left."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(title[:50], total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Say, when work is broken off, that what is computed is kept."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo(
            "What is computed is kept: run the same command again, or see `zizhu stress list`.", err=True
        )
        raise
