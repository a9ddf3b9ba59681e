"""What the horizon of years cannot answer, and what a scenario may not ask of it: all said before anything runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stress.scenario.scenarios import content, scenario
from stress.scenario.scenarios import refused as faults
from stress.years.planets import elastic, measured, on, small
from tables.strategies import random_table, table
from zizhu.stress import asked
from zizhu.stress.scenario.ground import Ground
from zizhu.stress.scenario.lasting import knowing_final
from zizhu.stress.scenario.model import Years as Settings
from zizhu.stress.scenario.resolve import resolve
from zizhu.stress.trade import quota
from zizhu.stress.trade.solve import Unconverged
from zizhu.stress.years.thetas import Elastic
from zizhu.vocab.elasticities import sets
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

THREE = elastic((4.0, 6.0, 2.5))
SELL = {"sender": "CHN:C26", "receiver": "USA"}
TARIFF = {"kind": "tariff", "rate": 0.25, **SELL}
BAN = {"kind": "export_ban", **SELL}


def refused_on(*shocks: dict[str, Any], **settings: Any) -> list[Problem]:
    with pytest.raises(ZizhuError) as caught:
        on(small(), *shocks, elastic=THREE, **settings)
    assert all(p.what and p.where and p.expected and p.remedy for p in caught.value.problems)
    return caught.value.problems


# --- in the file ---


@pytest.mark.parametrize(
    ("shock", "kind"),
    [
        ({"kind": "demand", "sector": "CHN:C26", "change": -0.1}, "demand"),
        ({"kind": "capacity", "at": "CHN:C26", "share": 0.5}, "capacity"),
    ],
    ids=["demand", "capacity"],
)
def test_shocks_without_an_instrument_do_not_act(tmp_path: Path, shock: dict[str, Any], kind: str) -> None:
    (problem,) = faults(tmp_path, content(shock, horizons=["years"]))
    assert problem.what == "none of the shocks acts at the horizon of years"
    assert "weeks, quarters" in problem.remedy
    assert kind not in problem.expected


@pytest.mark.parametrize(
    ("years", "words"),
    [
        ({"closure": "open"}, ("closure is open", "fixed, world_gdp, income, zero")),
        ({"rent": "state"}, ("rent is state", "importer, exporter, nobody")),
        ({"term": "soon"}, ("term is soon", "long_run, one_year")),
        ({"elasticities": ["simonovska-waugh"]}, ("unknown set 'simonovska-waugh'", "simonovska-waugh-2014")),
        ({"theta": 4}, ("unknown setting theta", "elasticities, term, closure, rent, allow_extreme")),
    ],
    ids=["closure", "rent", "term", "set", "setting"],
)
def test_settings_are_checked(tmp_path: Path, years: dict[str, Any], words: tuple[str, str]) -> None:
    (problem,) = faults(tmp_path, content(TARIFF, horizons=["years"], years=years))
    assert problem.what.startswith(words[0])
    assert words[1] in f"{problem.expected} {problem.remedy}"
    assert ": years" in problem.where


# --- on the table ---


@pytest.mark.parametrize(
    ("shocks", "what"),
    [
        ([TARIFF, BAN], "ends sales on which"),
        ([{**BAN, "kind": "embargo"}, {**TARIFF, "kind": "export_tax"}], "ends sales on which"),
        ([{**BAN, "duration": "3 months"}, {**TARIFF, "start": "6 months"}], "ends sales on which"),
        (
            [{**BAN, "kind": "quota", "limit": 0}, {"kind": "iceberg", "change": 0.1, **SELL}],
            "ends sales on which",
        ),
        ([{**TARIFF, "rate": -0.6}, {**TARIFF, "rate": -0.5}], "a rate of -1.1 in all"),
        ([{**TARIFF, "rate": -1}], "a rate of -1 in all"),
        ([{**TARIFF, "kind": "export_tax", "rate": -1}], "a rate of -1 in all"),
        ([{**BAN, "share": 0.5}, {**BAN, "kind": "quota", "limit": 0.5}], "say two things of the same sales"),
    ],
    ids=[
        "tariff",
        "export tax",
        "later",
        "quota of none",
        "two subsidies",
        "whole price",
        "whole tax",
        "quota",
    ],
)
def test_what_cannot_both_be_meant(shocks: list[dict[str, Any]], what: str) -> None:
    (problem,) = refused_on(*shocks)
    assert what in problem.what


def test_terms_of_different_sales_go_together() -> None:
    on(small(), TARIFF, {**BAN, "sender": "CHN:C28"}, {**BAN, "receiver": "DEU"}, elastic=THREE)
    on(small(), {**TARIFF, "rate": -0.6}, {**TARIFF, "rate": -0.6, "receiver": "FRA"}, elastic=THREE)


def test_all_faults_are_said_at_once() -> None:
    told = refused_on(
        TARIFF, BAN, {"kind": "technology", "at": "CHN:C99", "change": 0.1}, {**TARIFF, "receiver": "XYZ"}
    )
    said = " ".join(p.what for p in told)
    assert all(w in said for w in ("C99", "XYZ", "ends sales on which"))


def test_a_table_must_know_final_buyers_or_the_industries_they_are_estimated_for() -> None:
    unknown = random_table(1, 3, 2)
    assert knowing_final(Ground(unknown, None)).mrio.flags.final_is_estimated
    strange = table(unknown.Z, unknown.x, ("CHN", "DEU", "USA"), ("C26", "q"))
    with pytest.raises(CannotAnswer, match="does not know to whom final sales go"):
        knowing_final(Ground(strange, None))


def test_one_country_does_not_trade() -> None:
    alone = measured(np.ones((2, 2)), np.ones((2, 1)), ("CHN",), ("C26", "C28"))
    with pytest.raises(CannotAnswer, match="is of one country"):
        resolve(scenario(TARIFF, horizons=["years"]), Ground(alone, None))


def test_a_table_of_other_industries_has_no_elasticities() -> None:
    mrio = small()
    with pytest.raises(CannotAnswer, match="no classification"):
        Elastic.of(Settings(), mrio, {s: s for s in mrio.nodes.sectors})


def test_a_set_that_lacks_industries_is_left_out_or_refused(icio: Any) -> None:
    own = {s: s for s in icio.nodes.sectors}
    found = Elastic.of(Settings(), icio, own)
    assert set(found.names) | set(found.left_out) == set(sets())
    assert found.names[0] == "caliendo-parro-2015"
    with pytest.raises(CannotAnswer) as caught:
        Elastic.of(Settings(elasticities=found.left_out), icio, own)
    assert len(caught.value.problems) == len(found.left_out) > 0


# --- in the equilibrium ---


LOW, HIGH = (0.8, 6.0, 2.5), (4.0, 6.0, 2.5)


def test_ending_trade_below_an_elasticity_of_one_is_refused_unless_allowed() -> None:
    with pytest.raises(CannotAnswer) as caught:
        on(small(), BAN, elastic=elastic(LOW, HIGH)).central  # noqa: B018
    (problem,) = caught.value.problems
    assert "C26 (0.8)" in problem.what
    assert "C28" not in problem.what
    assert "elasticities one" in problem.where
    assert all(w in problem.remedy for w in ("kind: quota", "weeks", "--allow-extreme"))
    assert "long run" not in problem.remedy
    allowed = on(small(), BAN, elastic=elastic(LOW, HIGH), years={"allow_extreme": True})
    assert allowed.central.solution.convergence.residuals.largest <= 1e-10
    assert allowed.elastic.least == 0.0


@pytest.mark.parametrize(
    "shock",
    [{**BAN, "share": 0.9}, {**BAN, "kind": "quota", "limit": 0.1}, {**TARIFF, "rate": 5.0}],
    ids=["share", "quota", "tariff"],
)
def test_what_does_not_end_trade_is_answered_at_any_elasticity(shock: dict[str, Any]) -> None:
    model = on(small(), shock, elastic=elastic(LOW, HIGH))
    assert model.central.solution.convergence.residuals.largest <= 1e-10
    assert model.elastic.names == ("one", "two")


def test_other_sectors_may_have_any_elasticity() -> None:
    model = on(small(), {**BAN, "sender": "CHN:C28"}, elastic=elastic(LOW))
    assert model.central.solution.convergence.residuals.largest <= 1e-10


def test_within_a_year_the_long_run_is_a_way_out() -> None:
    with pytest.raises(CannotAnswer) as caught:
        on(small(), BAN, elastic=elastic((2.0, 6.0, 2.5), term="one_year")).central  # noqa: B018
    (problem,) = caught.value.problems
    assert "C26 (0.76)" in problem.what
    assert "term: long_run" in problem.remedy


def test_the_band_leaves_out_sets_and_holds_draws_where_trade_ends() -> None:
    near = (1.1, 0.5, 2.5)
    model = on(small(), BAN, elastic=elastic(HIGH, LOW, near, spread=0.5), draws=40)
    assert model.elastic.names == ("one", "three")
    assert model.elastic.flat == ("two",)
    drawn = np.array([model.elastic.drawn(row) for row in model.values[1:]])
    held = [model.elastic.held(row) for row in model.values[1:]]
    assert 0 < sum(held) < len(held)
    assert (drawn[:, 0] == 1.0).sum() == sum(held)
    assert drawn[:, 1].min() < 0.5
    free = on(small(), BAN, elastic=elastic(HIGH, LOW, near, spread=0.5), years={"allow_extreme": True})
    assert free.elastic.names == ("one", "two", "three")
    assert min(free.elastic.drawn(row)[0] for row in model.values[1:]) < 1


def test_the_command_line_allows_it_too() -> None:
    said = scenario(BAN, horizons=["years"], years={"closure": "income"})
    allowed = asked.changed(said, None, None, False, allow_extreme=True)
    assert allowed.years == Settings(closure="income", allow_extreme=True)
    assert asked.changed(said, None, None, False) == said


def test_a_buyer_without_any_supplier_is_named() -> None:
    mrio = small()
    Z, F = np.array(mrio.Z), np.array(mrio.final)
    rows = np.arange(12) % 3 == 2
    Z[np.ix_(rows, np.arange(6, 9))], F[rows, 2] = 0, 0
    Z[2, 6:9], F[2, 2] = 1, 1  # the USA buy B of CHN alone
    lonely = measured(Z, F, mrio.nodes.countries, mrio.nodes.sectors)
    with pytest.raises(CannotAnswer, match="nobody is left who sells B of USA"):
        on(lonely, {**BAN, "sender": "CHN:B"}, elastic=THREE).central  # noqa: B018
    found = on(lonely, {**BAN, "sender": "CHN:B", "share": 0.9}, elastic=THREE).central
    assert np.exp(found.z)[0] > 5


def test_deficits_that_cannot_be_closed_name_their_countries() -> None:
    shocks = [{"kind": "embargo", "sender": "CHN", "receiver": c} for c in ("DEU", "USA", "FRA")]
    with pytest.raises(CannotAnswer, match=r"closure fixed, countries [A-Z]{3}"):
        on(small(), *shocks, elastic=THREE).central  # noqa: B018
    on(small(), *shocks, elastic=THREE, years={"closure": "income"})


def test_what_does_not_converge_is_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    real = quota.solve

    def hopeless(*args: Any, **options: Any) -> Any:
        return real(*args, **{**options, "tol": 0.0})

    monkeypatch.setattr(quota, "solve", hopeless)
    with pytest.raises(CannotAnswer) as caught:
        on(small(), TARIFF, elastic=THREE).central  # noqa: B018
    (problem,) = caught.value.problems
    assert "not converged after" in problem.what
    assert problem.where == "one: years, elasticities one: trade equilibrium"
    cause = caught.value.__cause__
    assert isinstance(cause, Unconverged)
    assert cause.convergence.residuals.largest > 0
    assert cause.state.price.shape == (4, 3)


def test_nothing_that_changes_is_no_fault_but_costs_nothing() -> None:
    model = on(small(), {**BAN, "kind": "quota", "limit": 1}, elastic=THREE)
    assert model.deals.idle
    assert np.abs(model.central.solution.w - 1).max() < 1e-12
    assert not replace(model, deals=on(small(), TARIFF, elastic=THREE).deals).deals.idle
