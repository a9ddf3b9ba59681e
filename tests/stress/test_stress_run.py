"""A scenario run on a small table: its accounts add up, its numbers open, and it goes on where it was broken off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from stress.small import SAID, load, picked, scenario
from tables.stored import store, workspace
from tables.strategies import COUNTRIES, SECTORS, random_table
from tables.strategies import table as made
from zizhu.ledger.result import Result
from zizhu.show.trace import trace
from zizhu.store import Workspace
from zizhu.store.parts import Arrays
from zizhu.stress import compare, run, spread
from zizhu.stress.ensemble.computed import AT_ONCE, WEEKLY, done, silent
from zizhu.stress.ensemble.executor import Executor, Processes, Serial, Task, Work
from zizhu.stress.periods import periods, quarters, steps
from zizhu.stress.rows import by_scenario
from zizhu.vocab.problems import CannotAnswer


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with a table of five countries and five industries."""
    ws = workspace(tmp_path_factory.mktemp("stress"))
    store(ws, random_table(11, 5, 5))
    return ws


@pytest.fixture(scope="module")
def answer(space: Workspace) -> tuple[run.Inputs, Result]:
    inputs = load(space)
    return inputs, run.solve(inputs)


def test_industries_add_up_to_countries_and_countries_to_the_world(answer: tuple[run.Inputs, Result]) -> None:
    _, result = answer
    for (horizon, measure, period), rows in result.frame.group_by("horizon", "measure", "period"):
        total = rows.filter(pl.col("sector") == "TOTAL")
        world = total.filter(pl.col("country") == "WLD")["loss"].item()
        by_country = total.filter(pl.col("country") != "WLD")
        scale = total["baseline"].max()
        assert by_country["loss"].sum() == pytest.approx(world, abs=1e-9 * scale), (horizon, measure, period)
        inside = (
            rows.filter(pl.col("sector") != "TOTAL")
            .group_by("country")
            .agg(pl.col("loss").sum().alias("sum"))
        )
        joined = by_country.join(inside, on="country")
        assert np.allclose(joined["sum"], joined["loss"], rtol=0, atol=1e-9 * scale)
        assert joined.height in (0, 5)


def test_quarters_and_weeks_add_up_to_the_run(answer: tuple[run.Inputs, Result]) -> None:
    inputs, result = answer
    said = inputs.params.scenario
    for measure in ("loss", "baseline"):
        whole = picked(result, measure="output", country="DEU", sector="TOTAL", period="all")[measure].item()
        for spans in (quarters(said), steps(said)):
            parts = picked(result, measure="output", country="DEU", sector="TOTAL").filter(
                pl.col("period").is_in(list(spans))
            )
            assert parts.height == len(spans)
            assert parts[measure].sum() == pytest.approx(whole, rel=1e-9)


def test_periods_hold_every_step_once(answer: tuple[run.Inputs, Result]) -> None:
    said = answer[0].params.scenario
    assert said.steps == 26
    assert list(quarters(said)) == ["weeks 01-13", "weeks 14-26"]
    assert [t for span in quarters(said).values() for t in span] == list(range(26))
    assert list(periods(said))[-1] == "week 26"


def test_nothing_is_lost_before_the_shock_and_something_in_it(answer: tuple[run.Inputs, Result]) -> None:
    """The ban holds from the first day; Germany's own stop from the third week."""
    _, result = answer
    rows = picked(load_and_solve(answer[0], shocks=SAID["shocks"][:1]), country="DEU", sector="TOTAL")
    lost = dict(rows.filter(pl.col("measure") == "output").select("period", "of_baseline").iter_rows())
    assert abs(lost["week 01"]) < 1e-9
    assert abs(lost["week 02"]) < 1e-9
    assert lost["week 04"] > 0.05
    assert (
        picked(result, country="USA", sector="TOTAL", period="a year", measure="shortage")["loss"].item() > 0
    )


def load_and_solve(like: run.Inputs, **said: Any) -> Result:
    ground = like.ground
    params = run.Params(scenario=scenario(**said))
    return run.solve(
        replace(like, params=params, parts=replace(like.parts, folder=like.parts.folder / "x"), ground=ground)
    )


def test_the_band_holds_the_middle_and_no_draws_leave_none(space: Workspace) -> None:
    result = run.solve(load(space, draws=0))
    weekly = picked(result, measure="output")
    for column in ("lower", "upper", "of_lower", "of_upper"):
        assert weekly[column].is_null().all()
    assert all(row["lower"] is None for row in result.figure().rows)
    assert " to " not in result.figure().sentence
    with pytest.raises(CannotAnswer, match="draws: 64"):
        run.explain(load(space, draws=0), result, "weeks|output|DEU|TOTAL|all", "upper")
    fixed = {n: [v, v] for n, v in (("substitution", 0.5), ("stock_share_needed", 0.8), ("restocking", 60.0))}
    fixed |= {"overproduction": [1.25, 1.25], "overproduction_time": [365.0, 365.0], "shock_size": [1.0, 1.0]}
    assert scenario(uncertain=fixed).drawn == ()


@pytest.mark.slow
def test_processes_give_the_same_digest(space: Workspace, answer: tuple[run.Inputs, Result]) -> None:
    fresh = load(space, seed=1)
    fresh = replace(fresh, parts=replace(fresh.parts, folder=fresh.parts.folder.with_name("ab" * 12)))
    again = run.solve(fresh.with_work(Processes(2), silent))
    assert again.run.output == answer[1].run.output


class Dying:
    """An executor whose machine dies after some tasks."""

    apart = False

    def __init__(self, after: int) -> None:
        self.left = after

    def run(self, work: Work, tasks: list[Task]) -> Iterator[tuple[Task, Arrays]]:
        for task in tasks:
            if self.left == 0:
                raise KeyboardInterrupt
            self.left -= 1
            yield task, work(task)


def test_what_was_broken_off_ends_with_the_same_digest(
    space: Workspace, answer: tuple[run.Inputs, Result]
) -> None:
    fresh = load(space)
    fresh = replace(fresh, parts=replace(fresh.parts, folder=fresh.parts.folder.with_name("cd" * 12)))
    dying: Executor = Dying(1)
    with pytest.raises(KeyboardInterrupt):
        run.solve(fresh.with_work(dying, silent))
    assert done(fresh.parts, WEEKLY) == 1
    told: list[tuple[int, int]] = []
    again = replace(fresh)
    result = run.solve(again.with_work(Dying(-1), lambda done, of: told.append((done, of))))
    assert told[0] == (AT_ONCE, 21)
    assert result.run.output == answer[1].run.output


@pytest.mark.parametrize("column", ["loss", "of_baseline", "baseline", "upper"])
@pytest.mark.parametrize(
    "key",
    [
        "weeks|output|WLD|TOTAL|all",
        "weeks|output|DEU|TOTAL|weeks 01-13",
        "weeks|output|DEU|TOTAL|week 05",
        "weeks|output|DEU|C26|all",
        "weeks|output|USA|C28|weeks 14-26",
        "weeks|output|WLD|TOTAL|week 05",
        "weeks|final demand not met|WLD|TOTAL|all",
        "weeks|final demand not met|DEU|TOTAL|all",
        "quarters|lost sales|CHN|C28|a year",
        "quarters|shortage|USA|C28|a year",
        "quarters|first-tier shortage|USA|C28|a year",
        "quarters|first-tier shortage|DEU|C26|a year",
        "quarters|passes through|USA|TOTAL|a year",
        "quarters|gained sales|FRA|C28|a year",
    ],
)
def test_every_number_opens_into_parts_that_add_up(
    answer: tuple[run.Inputs, Result], key: str, column: str
) -> None:
    inputs, result = answer
    opened = run.explain(inputs, result, key, column, 100)
    assert opened.value == result.row(key)[column]
    if column == "upper":
        assert opened.parts == ()
        return
    scale = max(abs(opened.value), 1e-9)
    assert sum(p.value for p in opened.parts) + opened.remainder == pytest.approx(
        opened.value, abs=1e-9 * scale
    )
    if opened.value and "lost sales" not in key:
        assert abs(opened.remainder) < 1e-6 * scale
    shares = [p.share for p in opened.parts if p.share is not None]
    assert not shares or sum(shares) == pytest.approx(1 - opened.remainder / scale, abs=1e-6)


def test_what_the_answer_keeps_no_rows_of_opens_into_industries(answer: tuple[run.Inputs, Result]) -> None:
    """A step's baseline is a week of each industry's output; final sales of a country's are by industry too."""
    inputs, result = answer
    mrio = inputs.ground.mrio
    here = mrio.nodes.of(["DEU"])
    final = mrio.x - np.asarray(mrio.Z).sum(axis=1)
    for key, weeks, a_year in (
        ("output|DEU|TOTAL|week 05", 1, mrio.x),
        ("final demand not met|DEU|TOTAL|all", 26, final),
    ):
        opened = run.explain(inputs, result, f"weeks|{key}", "baseline", 100)
        found = {p.ref.partition("#")[2]: p.value for p in opened.parts}
        assert found == pytest.approx({mrio.nodes.label(i): a_year[i] * weeks * 7 / 365 for i in here})
    lost = run.explain(inputs, result, "weeks|output|DEU|TOTAL|week 05", "loss", 100)
    assert {p.ref.partition("#")[2]: p.value for p in lost.parts} == pytest.approx(
        {mrio.nodes.label(i): inputs.central.lost[4, i] for i in here}
    )


def test_the_first_tier_opens_into_the_purchases_of_what_is_scarcest(
    answer: tuple[run.Inputs, Result],
) -> None:
    inputs, result = answer
    for user, seller in (("USA|B", "CHN:C28"), ("USA|C26", "DEU:C26")):
        bought = run.explain(inputs, result, f"quarters|first-tier shortage|{user}|a year", "loss", 20)
        assert [p.ref.partition("#")[2] for p in bought.parts] == [f"{seller},{user.replace('|', ':')}"]
    own = run.explain(inputs, result, "quarters|first-tier shortage|DEU|C26|a year", "loss", 20)
    assert [p.label for p in own.parts] == ["its own capacity"]


def test_a_month_is_a_step_of_its_days(space: Workspace) -> None:
    """A whole stop costs all of the baseline, in steps of a month."""
    stop = {"kind": "capacity", "at": "DEU", "share": 1}
    said = {"draws": 0, "step": "30 days", "length": "90 days", "horizons": ["weeks"]}
    result = run.solve(load(space, shocks=[stop], **said))
    for period in ("all", "day 001", "day 061", "weeks 01-13"):
        row = picked(result, country="DEU", sector="TOTAL", period=period, measure="output")
        assert row["of_baseline"].item() == pytest.approx(1)
    x = load(space).ground.mrio.x[5:10].sum()
    whole = picked(result, country="DEU", sector="TOTAL", period="all", measure="output")
    assert whole["baseline"].item() == pytest.approx(x * 90 / 365)


def test_a_country_without_output_stands_in_no_figure(tmp_path: Path) -> None:
    table = random_table(3, 4, 4)
    off = table.nodes.of(["FRA"])
    Z = np.array(table.Z)
    Z[off], Z[:, off] = 0, 0
    x = np.where(np.isin(np.arange(table.n), off), 0, table.x)
    ws = workspace(tmp_path)
    store(ws, made(Z, x, COUNTRIES[:4], SECTORS[:4]))
    inputs = load(ws, draws=0)
    result = run.solve(inputs)
    row = picked(result, country="FRA", sector="TOTAL", period="all", measure="output")
    assert row["of_baseline"].item() is None
    assert "France" not in {r["panel"] for r in result.figure().rows}
    assert "loses most" in result.figure().sentence
    both = compare.load(ws, compare.Params(scenarios=(inputs.params.scenario, scenario(id="b", draws=0))))
    assert by_scenario(compare.solve(both))[1][1]["of_baseline"][0] is not None


def test_a_figure_says_who_loses_and_not_who_gains(space: Workspace) -> None:
    """More demand for everything: nobody loses."""
    more = {"kind": "demand", "sector": "WLD", "change": 0.05}
    said = {"draws": 0, "length": "4 weeks", "horizons": ["weeks"], "stocks": {"default": "1 year"}}
    inputs = load(space, shocks=[more], **said)
    result = run.solve(inputs)
    total = picked(result, sector="TOTAL", measure="output", period="all")
    expected = (
        "loses most" if total.filter(pl.col("country") != "WLD")["of_baseline"].max() > 0 else "No country"
    )
    assert expected in result.figure().sentence


def test_no_draws_leave_no_band_over_quarters_either(space: Workspace) -> None:
    result = run.solve(load(space, draws=0, horizons=["quarters"]))
    for column in ("lower", "upper", "of_lower", "of_upper"):
        assert result.frame[column].is_null().all()
    still = {n: [v, v] for n, v in (("substitution", 0.5), ("overproduction", 1.25), ("shock_size", 1.0))}
    fixed = run.solve(load(space, draws=9, horizons=["quarters"], uncertain=still))
    assert fixed.frame["upper"].is_null().all()
    assert not any("mild" in n and "runs from" in n for n in fixed.notes)


def test_every_horizon_that_ran_has_a_panel(space: Workspace) -> None:
    assert not run.solve(load(space, draws=0, horizons=["quarters"])).others
    both = run.solve(load(space, draws=0, horizons=["weeks", "quarters"]))
    panels = [row["panel"] for row in both.figure("horizons").rows]
    assert {panel.partition(",")[0].partition(":")[0] for panel in panels} == {"Weeks", "Quarters"}


def test_two_of_the_same_run_at_once_do_no_harm(space: Workspace, answer: tuple[run.Inputs, Result]) -> None:
    """Each writes the same parts; what one has made the other does not need to make."""
    first, second = (
        replace(one, parts=replace(one.parts, folder=one.parts.folder.with_name("ef" * 12)))
        for one in (load(space), load(space))
    )
    done: list[str] = []

    def meanwhile(*_: int) -> None:
        if not done:
            done.append("begun")
            done.append(run.solve(second).run.output)

    assert run.solve(first.with_work(Serial(), meanwhile)).run.output == done[1] == answer[1].run.output
    assert [p for p in first.parts.folder.iterdir() if p.name.startswith(".tmp")] == []


def test_an_industry_opens_into_what_held_it(answer: tuple[run.Inputs, Result]) -> None:
    inputs, result = answer
    opened = run.explain(inputs, result, "weeks|output|DEU|C26|all", "loss", 20)
    assert any("capacity" in p.label for p in opened.parts)
    assert all(p.ref.startswith("table:small@") for p in opened.parts)


@pytest.mark.slow
def test_a_number_is_traced_through_the_record_of_its_run(built_in_tables: Workspace) -> None:
    said = {"table": "icio-2022", "draws": 0, "length": "3 weeks", "horizons": ["weeks"]}
    one = {"kind": "capacity", "at": "TWN:C26", "share": 1}
    result = run.solve(load(built_in_tables, **said, shocks=[one]))
    built_in_tables.save_run(result.run)
    row = result.row("weeks|output|TWN|C26|all")
    opened = trace(built_in_tables, result.ref(row, "of_baseline"))
    assert opened.value == row["of_baseline"] == pytest.approx(1)
    assert [p.label for p in opened.parts] == ["capacity (week 01 to week 03, 3 steps)"]


def test_what_moves_the_band(answer: tuple[run.Inputs, Result]) -> None:
    inputs, _ = answer
    found = spread.solve(inputs)
    assert found.frame["explained"].sum() == pytest.approx(1)
    assert set(found.frame["parameter"]) == {*inputs.params.scenario.drawn, spread.REST}
    assert "stocks" not in found.frame["parameter"]
    opened = spread.explain(inputs, found, "shock_size", "explained")
    sizes = inputs.values[1:, inputs.params.scenario.drawn.index("shock_size")]
    by_size = sorted(zip(sizes, inputs.weekly.all("nodes")[1:].sum(axis=1), strict=True))
    third = len(by_size) // 3
    expected = [np.mean([lost for _, lost in some]) for some in (by_size[:third], by_size[-third:])]
    assert [p.value for p in opened.parts] == pytest.approx(expected)


@pytest.mark.parametrize("said", [{"draws": 3}, {"horizons": ["quarters"]}], ids=["draws", "quarters"])
def test_no_ranking_without_draws_or_weeks(space: Workspace, said: dict[str, Any]) -> None:
    with pytest.raises(CannotAnswer, match="draws of"):
        spread.solve(load(space, **said))


def test_half_of_what_is_controlled_must_be_seen(space: Workspace) -> None:
    """A random table sells some industries' goods mostly outside its intermediate part."""
    inputs = load(space, insist=False)
    shares = [c.share for c in inputs.effects.coverage if c.gate and c.share is not None]
    if min(shares, default=1.0) < 0.5:
        with pytest.raises(CannotAnswer, match="sees"):
            run.solve(inputs)
    else:
        assert run.solve(inputs).coverage
