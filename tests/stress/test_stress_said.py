"""What an answer says of itself: the year of quarters, ends of bands, and what its listings leave out."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from stress.small import SAID, load, picked, scenario
from tables.stored import store, workspace
from tables.strategies import random_table
from zizhu.ledger.result import Result
from zizhu.store import Workspace
from zizhu.stress import compare, run
from zizhu.stress.draw.losses import Drawn, _whose_welfare
from zizhu.stress.rows import by_scenario, listed
from zizhu.vocab.problems import CannotAnswer


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with a table of five countries and five industries."""
    ws = workspace(tmp_path_factory.mktemp("said"))
    store(ws, random_table(11, 5, 5))
    return ws


@pytest.fixture(scope="module")
def answer(space: Workspace) -> tuple[run.Inputs, Result]:
    inputs = load(space)
    return inputs, run.solve(inputs)


def noted(result: Result, word: str) -> list[str]:
    return [n for n in result.notes if word in n]


def test_the_year_of_quarters_is_said_beside_shocks_that_hold_for_less(space: Workspace) -> None:
    said = {"draws": 0, "horizons": ["quarters"], "length": "2 years"}
    found = run.solve(load(space, **said, shocks=[{**SAID["shocks"][0], "duration": "13 weeks"}]))
    assert set(found.frame["period"]) == {"a year"}
    assert noted(found, "times as long") == [
        "Quarters: out holds for 13 weeks; the year at full size is 4.01 times as long."
    ]
    two = [{**s, "duration": "26 weeks"} for s in SAID["shocks"]]
    assert (
        "out, ban hold for 26 weeks" in noted(run.solve(load(space, **said, shocks=two)), "times as long")[0]
    )
    longer = [{**s, "duration": "1 year"} for s in SAID["shocks"]]
    assert not noted(run.solve(load(space, **said, shocks=longer)), "times as long")


@pytest.mark.parametrize(
    ("duration", "answered"), [("90 days", False), ("13 weeks", True), ("3 months", True)]
)
def test_a_quarter_is_thirteen_weeks(space: Workspace, duration: str, answered: bool) -> None:
    """A shock of thirteen weeks has an answer over quarters, one of less has none and is told so."""
    stop = {**SAID["shocks"][0], "duration": duration}
    both = run.solve(load(space, draws=0, shocks=[stop]))
    assert ("quarters" in both.frame["horizon"]) == answered
    assert bool(noted(both, "Every shock holds for less than 13 weeks")) != answered
    assert bool(noted(both, "Quarters: ")) == answered
    if not answered:
        with pytest.raises(CannotAnswer, match="Every shock holds for less than 13 weeks"):
            run.solve(load(space, draws=0, shocks=[stop], horizons=["quarters"]))


def test_a_bound_that_stops_much_of_the_world_is_noted_and_not_listed(space: Workspace) -> None:
    whole = {"kind": "capacity", "at": "DEU:C26", "share": 1.0}
    said = {"draws": 0, "horizons": ["quarters"], "substitution": {"default": 0}}
    much, little = (
        run.solve(load(space, **said, shocks=[{**whole, "share": share}])) for share in (1.0, 0.01)
    )
    for found, above in ((much, True), (little, False)):
        share = found.row("quarters|shortage|WLD|TOTAL|a year")["of_baseline"]
        assert (share > 1 / 3) == above
        titles = [title for title, _, _ in listed(found)]
        assert any("a bound of the model, no forecast" in t for t in titles) != above
        assert len(noted(found, f"would stop {share:.0%} of the world's output")) == above
    each = (("much", 1.0), ("little", 0.01))
    two = tuple(scenario(id=name, **said, shocks=[{**whole, "share": share}]) for name, share in each)
    both = compare.solve(compare.load(space, compare.Params(scenarios=two)))
    for title, frame, _ in by_scenario(both):
        if "a bound of the model" in title or title.startswith("The world"):
            shown = frame.filter(pl.col("measure") == "shortage")
            assert set(shown["scenario"]) == {"little"}
    assert any(n.startswith("much: Not listed") for n in both.notes)


def test_the_ends_of_a_band_say_what_they_are(answer: tuple[run.Inputs, Result]) -> None:
    """Quantiles where draws lie beyond the central run, else the central run itself."""
    inputs, result = answer
    lost = inputs.weekly.all("nodes")[1:]
    rows = list(picked(result, measure="output", period="all").iter_rows(named=True))
    nodes = inputs.ground.mrio.nodes.position
    seen = set()
    for row in rows:
        if row["sector"] == "TOTAL" or row["loss"] == 0:
            continue
        draws = lost[:, nodes[row["country"], row["sector"]]]
        for column, quantile in (("lower", 0.05), ("upper", 0.95)):
            key = f"weeks|output|{row['country']}|{row['sector']}|all"
            said = run.explain(inputs, result, key, column).sentence
            plain = row[column] == pytest.approx(np.quantile(draws, quantile), rel=1e-9)
            assert ("per cent of the draws lie below" in said) == plain
            assert ("the central run" in said) == (not plain)
            seen.add(plain)
    assert seen == {True, False}


def test_what_the_band_leaves_open_is_said(answer: tuple[run.Inputs, Result]) -> None:
    """Shocks are drawn smaller than the central run has them; what the world loses is net."""
    _, result = answer
    assert len(noted(result, "Shocks may leak: up to 20% of each")) == 2
    assert noted(result, "What the world loses is net of what some gain")
    assert listed(result)[0][0] == "Weeks, output lost against the table"


def test_a_gain_over_years_is_told_without_its_sign() -> None:
    """A band turns round with the sign."""
    rows = pl.DataFrame(
        [
            {
                "country": "CHN",
                "loss": 5.0,
                "lower": 1.0,
                "upper": 9.0,
                "of_baseline": 0.05,
                "of_lower": 0.01,
            },
            {
                "country": "JPN",
                "loss": -2.0,
                "lower": -4.0,
                "upper": -1.0,
                "of_baseline": -0.02,
                "of_lower": -0.04,
            },
        ]
    ).with_columns(of_upper=pl.Series([0.09, -0.01]))
    shares = Drawn("of_baseline", "of_lower", "of_upper", "share of income")
    said = _whose_welfare(rows, shares)
    assert said.startswith("China loses most money, 5.00% of income (1.00% to 9.00%); ")
    assert "Japan gains most money, 2.00% of income (1.00% to 4.00%)." in said
    nobody = _whose_welfare(rows.with_columns(pl.lit(0.0).alias("loss")), shares)
    assert nobody.startswith("No country's welfare changes.")
