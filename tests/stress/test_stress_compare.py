"""Several scenarios in one answer: each as it is alone, told apart, never in different money."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from stress.small import SAID, picked, scenario
from tables.stored import store, workspace
from tables.strategies import random_table
from zizhu.store import Workspace
from zizhu.stress import compare, run
from zizhu.stress.rows import LISTED, by_scenario
from zizhu.vocab.problems import ZizhuError


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with a table of five countries and five industries."""
    ws = workspace(tmp_path_factory.mktemp("compare"))
    store(ws, random_table(11, 5, 5))
    return ws


def test_scenarios_side_by_side(space: Workspace) -> None:
    mild = scenario(id="mild", shocks=SAID["shocks"][1:])
    inputs = compare.load(space, compare.Params(scenarios=(scenario(), mild)))
    result = compare.solve(inputs)
    both = result.frame.filter(
        pl.col("country") == "DEU", pl.col("measure") == "output", pl.col("period") == "all"
    ).sort("scenario")
    assert both["scenario"].to_list() == ["mild", "stop"]
    assert both["loss"][1] > both["loss"][0]
    alone = run.solve(run.load(space, run.Params(scenario=mild)))
    own = picked(alone, country="DEU", sector="TOTAL", measure="output", period="all")
    assert own["loss"].item() == both["loss"][0]
    opened = compare.explain(inputs, result, "mild|weeks|output|WLD|TOTAL|all", "loss")
    assert opened.ref.startswith(f"run:{result.run.id}#mild|")
    figure = result.figure()
    assert {r["scenario"] for r in figure.rows} == {"mild", "stop"}  # both have the same title


def test_every_horizon_that_ran_has_panels_of_what_the_world_loses(space: Workspace) -> None:
    result = compare.solve(
        compare.load(space, compare.Params(scenarios=(scenario(draws=0), scenario(id="also", draws=0))))
    )
    assert list(result.others) == ["horizons"]
    rows = result.figure("horizons").rows
    panels = {str(r["panel"]).partition(":")[0].partition(",")[0] for r in rows}
    assert panels == {h.capitalize() for h in result.frame["horizon"].unique()}
    world = result.frame.filter(pl.col("country") == "WLD", pl.col("period").is_in(["all", "a year"]))
    assert {r["loss"] for r in rows} <= {*world["loss"], *world["of_baseline"]}
    assert sorted({r["scenario"] for r in rows}) == ["also", "stop"]


def test_scenarios_need_ids_of_their_own(space: Workspace) -> None:
    with pytest.raises(ZizhuError, match="stop twice"):
        compare.load(space, compare.Params(scenarios=(scenario(), scenario(draws=1))))


def test_scenarios_in_different_money_are_not_compared(space: Workspace) -> None:
    inputs = compare.load(space, compare.Params(scenarios=(scenario(), scenario(id="b"))))
    euro = replace(inputs.each[0].ground.mrio, unit="million EUR")
    other = replace(inputs.each[0], ground=replace(inputs.each[0].ground, mrio=euro))
    with pytest.raises(ZizhuError, match="million EUR"):
        compare.alike((inputs.each[0], other))


def test_the_world_is_listed_by_measure_so_that_scenarios_stand_side_by_side(space: Workspace) -> None:
    each = (scenario(draws=0), scenario(id="also", draws=0, shocks=SAID["shocks"][1:]))
    found = by_scenario(compare.solve(compare.load(space, compare.Params(scenarios=each))))
    assert found[0][0].startswith("The world")
    measures = list(dict.fromkeys(found[0][1]["measure"]))
    assert measures == [m for _, m, _ in LISTED if m in measures]
    for measure in measures:
        rows = found[0][1].filter(measure=measure)
        assert rows["scenario"].to_list() == sorted(rows["scenario"])
