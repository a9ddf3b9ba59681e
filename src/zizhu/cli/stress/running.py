"""`zizhu stress run`, `compare`, `list`, `resume` and `discard`: scenarios, their progress and what is kept of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zizhu.cli.answering import Asked, answering
from zizhu.cli.options import AsJson, Place

if TYPE_CHECKING:
    from zizhu.cli.output import Listing
    from zizhu.ledger.result import Result
    from zizhu.store import Workspace
    from zizhu.stress.run import Inputs
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
Extreme = Annotated[
    bool,
    typer.Option(
        "--allow-extreme", help="Answer over years even where trade ends at elasticities below one."
    ),
]
Which = Annotated[
    str | None, typer.Option("--scenario", help="The id of one scenario, where the file has several.")
]
Top = Annotated[int, typer.Option(min=1, help="How many countries and industries to print.")]
LETTERS = 50
"""Of a title, beside the bar."""
STOPPED = "Batches that are done are kept: run the same command again. `zizhu stress list` shows them."


@answering
def run(
    ask: Asked,
    file: Annotated[Path, typer.Argument(help="A scenario file (YAML); `zizhu stress fields` documents it.")],
    scenario: Which = None,
    draws: Draws = None,
    seed: Seed = None,
    workers: Workers = None,
    insist: Insisting = False,
    allow_extreme: Extreme = False,
    top: Top = 10,
) -> None:
    """Run a scenario: losses by country, industry and time with their band, who gains, and what moves the band."""
    from zizhu.stress import asked

    ws = ask.ready()
    found = asked.one_of(asked.read_all(ws, [file]), scenario)
    one = asked.changed(found, draws, seed, insist, allow_extreme)
    _answer(ask, ws, _loaded(ws, one), workers, top)


@answering
def resume(
    ask: Asked,
    key: Annotated[str, typer.Argument(help="What it is kept under; `zizhu stress list` shows it.")],
    workers: Workers = None,
    top: Top = 10,
) -> None:
    """Go on with a run that was broken off; what is computed is not computed again."""
    from zizhu.stress.kept import scenario_of

    ws = ask.ready()
    loaded = _loaded(ws, scenario_of(ws.root, key))
    if loaded.parts.key != key:
        said = f"Nothing kept as {key} can be used: the plan, a table or the version of zizhu has changed."
        typer.echo(f"{said} Everything is computed again, as {loaded.parts.key}.", err=True)
    _answer(ask, ws, loaded, workers, top)


@answering
def compare(
    ask: Asked,
    files: Files,
    draws: Draws = None,
    seed: Seed = None,
    workers: Workers = None,
    insist: Insisting = False,
    allow_extreme: Extreme = False,
    top: Annotated[int, typer.Option(min=1, help="How many countries to print.")] = 3,
) -> None:
    """Run several scenarios and show them side by side."""
    from zizhu.cli.output import Listing, give
    from zizhu.cli.progress import counting
    from zizhu.stress import asked
    from zizhu.stress import compare as verb
    from zizhu.stress.draw.losses import in_words
    from zizhu.stress.ensemble.computed import batches
    from zizhu.stress.ensemble.executor import executor
    from zizhu.stress.rows import by_scenario

    ws = ask.ready()
    said = tuple(asked.changed(s, draws, seed, insist, allow_extreme) for s in asked.read_all(ws, files))
    loaded = verb.load(ws, verb.Params(scenarios=said))
    with counting("Scenarios side by side", STOPPED) as progress:
        inputs = loaded.with_work(executor(workers, batches(max(s.runs for s in said))), progress)
        result = verb.solve(inputs)
    world, *countries = by_scenario(result)
    listings = [Listing(world[0], world[1], None, world[2])]
    for title, frame, columns in countries:  # a country has a row for each scenario
        listings.append(Listing(title, frame, top * frame["scenario"].n_unique(), columns))
    give(ws, result, listings, ask.form, "loss", inputs, in_words(result))


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
        state = "done" if one.done == one.of else f"{one.done} of {one.of or 'unknown'} batches"
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
    from zizhu.stress import kept

    kept.discard(workspace(place).root, key)
    typer.echo(f"Removed {key}.")


def _loaded(ws: Workspace, scenario: Scenario) -> Inputs:
    from zizhu.stress import run as verb

    return verb.load(ws, verb.Params(scenario=scenario))


def _answer(ask: Asked, ws: Workspace, loaded: Inputs, workers: int | None, top: int) -> None:
    from zizhu.cli.output import give
    from zizhu.cli.progress import counting
    from zizhu.stress import held
    from zizhu.stress import run as verb
    from zizhu.stress.draw.losses import in_words
    from zizhu.stress.ensemble.computed import batches
    from zizhu.stress.ensemble.executor import executor

    scenario = loaded.params.scenario
    _announce(scenario, loaded)
    with counting(scenario.title[:LETTERS], STOPPED) as progress:
        inputs = loaded.with_work(executor(workers, batches(scenario.runs)), progress)
        result = held.beside(inputs, verb.solve(inputs))
        spread = _spread(inputs)
    if spread is not None:
        ws.save_run(spread.run)
    give(ws, result, _listings(result, spread, top), ask.form, "loss", inputs, in_words(result))


def _announce(scenario: Scenario, loaded: Inputs) -> None:
    """Say on a terminal's standard error that the first run on a machine takes longer, and why."""
    import sys

    from zizhu.stress.ensemble.computed import WEEKLY, batches, done
    from zizhu.stress.scenario.shocks import WEEKS
    from zizhu.stress.weeks import to_compile

    left = WEEKS in scenario.horizons and done(loaded.parts, WEEKLY) < batches(scenario.runs)
    if left and sys.stderr.isatty() and to_compile():
        typer.echo("The weekly model is compiled once for this machine: some ten seconds.", err=True)


def _spread(inputs: Inputs) -> Result | None:
    """What moves the band, where there are draws enough to say."""
    from zizhu.stress import spread
    from zizhu.vocab.problems import CannotAnswer

    try:
        return spread.solve(inputs)
    except CannotAnswer:
        return None


def _listings(result: Result, spread: Result | None, top: int) -> list[Listing]:
    from zizhu.cli.output import Listing
    from zizhu.stress.held import TITLE, UNITS, WHAT_HELD
    from zizhu.stress.rows import listed

    found = [Listing(title, frame, top, columns) for title, frame, columns in listed(result)]
    if WHAT_HELD in result.lists:
        found.append(Listing(TITLE, result.lists[WHAT_HELD], top, (), UNITS))
    if spread is not None:
        order = ("horizon", "explained", "parameter")
        ranked = spread.frame.sort(order, descending=[False, True, False], nulls_last=True)
        found.append(Listing("What moves the band", ranked, None, (), spread.units))
    return found
