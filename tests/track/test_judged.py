"""Verdicts on targets: each reason from a small case that leaves no other reading."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from zizhu.ledger import register
from zizhu.ledger.models import Observation, Target
from zizhu.ledger.result import Result
from zizhu.store import Workspace
from zizhu.track import assessed, judged
from zizhu.vocab.problems import CannotAnswer

TODAY = date(2026, 6, 30)


def target(**changed: object) -> Target:
    fields: dict[str, object] = {
        "id": "X1",
        "plan": "Plan",
        "country": "CHN",
        "sector": "Robots",
        "item": "robots",
        "indicator": "domestic market share",
        "comparator": ">=",
        "comparator_assumed": False,
        "value": 50.0,
        "unit": "percent",
        "deadline": "2025",
        "status": "active",
        "trackable_by": "share",
        "source": "s",
        "quality": "medium",
    }
    return Target.model_validate({**fields, **changed})


def seen(period: str, value: float, **changed: object) -> Observation:
    fields: dict[str, object] = {
        "id": f"o.{period}.{value}.{changed.get('quality', 'medium')}",
        "indicator": "share",
        "entity": "CHN",
        "period": period,
        "value": value,
        "unit": "percent",
        "status": "reported",
        "source": "s",
        "quality": "medium",
    }
    return Observation.model_validate({**fields, **changed})


@pytest.mark.parametrize(
    ("goal", "held", "reason"),
    [
        ({}, [seen("2025", 50.0)], "met"),
        ({}, [seen("2025", 49.9)], "missed"),
        ({"comparator": ">"}, [seen("2025", 50.0)], "missed"),
        ({}, [seen("2025", 51.0), seen("2025", 49.0, quality="high")], "disputed"),
        ({}, [seen("2024", 60.0)], "not observed"),
        ({}, [], "no series"),
        ({}, [seen("2025", 70.0, status="forecast")], "no series"),
        ({"deadline": "2030"}, [seen(str(y), 40.0) for y in range(2018, 2026)], "observed"),
        ({"deadline": "2030"}, [seen("2024", 40.0), seen("2025", 41.0)], "too few points"),
        ({"deadline": ""}, [seen("2025", 60.0)], "no deadline"),
        ({"status": "withdrawn"}, [seen("2025", 60.0)], "withdrawn"),
        ({"status": "restatement", "same_as": "X0"}, [seen("2025", 60.0)], "restatement"),
        ({"unit": "percent per year"}, [seen("2025", 60.0)], "other measure"),
        ({"comparator": "<="}, [seen("2025", 40.0)], "met"),
        (
            {"value": -40.0, "high": -45.0, "comparator": "range", "deadline": "2020"},
            [seen("2020", -48.0)],
            "met",
        ),
        ({"value": -40.0, "comparator": "~", "deadline": "2020"}, [seen("2020", -30.0)], "missed"),
        (
            {"unit": "million", "value": 2.0, "deadline": "2020"},
            [seen("2020", 1370, unit="thousand units")],
            "missed",
        ),
        ({}, [seen("2025", 60.0, comparator=">")], "met"),
        ({}, [seen("2025", 45.0, comparator=">")], "not observed"),
    ],
)
def test_each_reason(goal: dict[str, object], held: list[Observation], reason: str) -> None:
    assert judged.judge(target(**goal), held, TODAY).reason == reason


def test_a_stock_reached_early_is_met_and_a_share_is_not() -> None:
    stock = target(value=1200.0, unit="GW", deadline="2030", indicator="installed capacity")
    assert judged.judge(stock, [seen("2024", 1407.0, unit="GW")], TODAY).reason == "met"
    share = target(deadline="2030")
    assert judged.judge(share, [seen("2024", 80.0)], TODAY).reason == "too few points"


def test_a_cumulative_change_is_read_from_its_own_base_year() -> None:
    goal = target(value=-18.0, comparator="<=", indicator="cumulative change 2021-2025")
    other_base = [seen("2005/2025", -50.0)]
    assert judged.judge(goal, other_base, TODAY).reason == "other measure"
    assert judged.judge(goal, [*other_base, seen("2021/2025", -13.8)], TODAY).reason == "missed"


def test_nothing_later_than_the_day_of_judgement_is_known() -> None:
    held = [seen("2025", 60.0)]
    assert judged.judge(target(), held, date(2025, 6, 30)).reason == "no series"
    assert judged.judge(target(), held, date(2026, 1, 1)).reason == "met"


def test_the_best_source_of_the_period_is_shown() -> None:
    verdict = judged.judge(
        target(), [seen("2025", 55.0, quality="low"), seen("2025", 52.0, quality="high")], TODAY
    )
    assert verdict.decisive is not None
    assert (verdict.decisive.value, verdict.decisive.quality) == (52.0, "high")


def test_the_register_of_china() -> None:
    params = judged.Params(country="CHN", as_of="2026-11-21")
    result = judged.solve(judged.load(Workspace(), params))
    reason = dict(result.frame.select("target", "reason").iter_rows())
    assert len(reason) == sum(t.country == "CHN" for t in register.targets().values())
    # read in the sources of the rows themselves: 39 % of 50, 47.9 % of about 20, -13.8 of -18, 1,840 of 1,200 GW
    assert {t: reason[t] for t in ("T010", "T145", "T114", "T159")} == {
        "T010": "missed",
        "T145": "met",
        "T114": "missed",
        "T159": "met",
    }
    assert reason["T006"] == "withdrawn"
    assert reason["T005"] == "restatement"
    assert reason["T021"] == "no deadline"
    assert reason["T033"] == "other measure"  # growth against a level
    assert not result.frame.filter(pl.col("sound") & (pl.col("quality") == "low")).height


def test_a_day_before_every_observation_is_answered_and_says_which_targets_it_judges() -> None:
    late, early = (
        judged.solve(judged.load(Workspace(), judged.Params(country="CHN", as_of=day)))
        for day in ("2026-11-21", "1990-01-01")
    )
    assert early.frame.schema == late.frame.schema
    assert early.frame["target"].to_list() == late.frame["target"].to_list()
    assert early.frame["observed"].null_count() == early.frame.height
    assert not set(early.frame["reason"]) & {*judged.DECIDED, "observed", "not observed"}
    for result in (early, late):
        assert any("does not date plans" in n for n in result.notes)


def test_a_country_without_a_plan_cannot_be_judged() -> None:
    with pytest.raises(CannotAnswer, match="no targets of DEU"):
        judged.solve(judged.load(Workspace(), judged.Params(country="DEU", as_of="2026-11-21")))


def test_an_observed_number_opens_to_its_vintages() -> None:
    inputs = judged.load(Workspace(), judged.Params(country="CHN", as_of="2026-11-21"))
    result = judged.solve(inputs)
    opened = judged.explain(inputs, result, "T010", "observed")
    assert opened.value == 39.0
    assert [p.value for p in opened.parts] == [39.0, 31.0, 25.0]
    assert all(p.share is None for p in opened.parts)
    series, source = "Chinese brands in robot sales (GGII and others)", "South China Morning Post"
    assert opened.parts[0].label == f"{series}, 2020: {source}, reported, quality medium"
    # the target and the observation that decides, not the two before it
    assert opened.inputs == ("fact:T010", "fact:robot_domestic_brand_share.CHN.2020.1")
    few = judged.explain(inputs, result, "T010", "observed", 1)
    assert (len(few.parts), few.left_out, few.remainder) == (1, 2, 0)


def small(goal: Target, *held: Observation) -> tuple[judged.Inputs, Result]:
    """The verdict on one target with observations of an indicator of the register."""
    tracked = goal.model_copy(update={"trackable_by": "nev_sales", "source": "DOC000"})
    known = tuple(o.model_copy(update={"indicator": "nev_sales", "source": "DOC004"}) for o in held)
    params = judged.Params(country="CHN", as_of=TODAY.isoformat())
    inputs = judged.Inputs(params, (tracked,), {"nev_sales": known})
    return inputs, judged.solve(inputs)


def test_a_series_is_told_in_the_unit_of_the_target_what_decides_first() -> None:
    goal = target(unit="million", value=2.0, deadline="2020")
    inputs, result = small(
        goal,
        seen("2020", 1370, unit="thousand units"),
        seen("2024", 12000, unit="thousand units", comparator=">"),
        seen("2019", 1.2, unit="million"),
        seen("2023", 5.0),  # percent: another measure, no part of this series
        seen("2027", 3.0, unit="million", status="forecast"),
    )
    opened = judged.explain(inputs, result, "X1", "observed")
    assert (opened.value, opened.unit) == (1.37, "million")
    assert [p.value for p in opened.parts] == [1.37, 12.0, 1.2]
    assert [p.label.partition(": ")[0] for p in opened.parts] == [
        "Sales of new-energy vehicles, 2020, 1,370 thousand units",
        "Sales of new-energy vehicles, 2024, > 12,000 thousand units",
        "Sales of new-energy vehicles, 2019",
    ]
    assert "Plan: robots, domestic market share, >= 2 million by 2020: missed." in opened.sentence


def test_a_disputed_verdict_names_all_that_speak_of_its_period() -> None:
    one, other = seen("2025", 51.0, quality="high"), seen("2025", 49.0)
    inputs, result = small(target(), other, one, seen("2024", 48.0))
    opened = judged.explain(inputs, result, "X1", "observed")
    assert result.row("X1")["reason"] == "disputed"
    assert opened.inputs == ("fact:X1", f"fact:{one.id}", f"fact:{other.id}")
    assert result.counted("reason=disputed", 5).inputs == opened.inputs


def test_points_open_into_the_years_that_they_count() -> None:
    held = (seen("2023", 40.0), seen("2023", 41.0, quality="high"), seen("2024", 42.0), seen("2024-40", 43.0))
    inputs, result = small(target(deadline="2030"), *held)
    opened = judged.explain(inputs, result, "X1", "points")
    assert (opened.value, opened.unit) == (2, "count")
    assert [(p.ref, p.value, p.share) for p in opened.parts] == [
        (f"fact:{held[2].id}", 1.0, 0.5),
        (f"fact:{held[1].id}", 1.0, 0.5),  # of two in a year the better source
    ]
    assert "2024, 42 %: The Diplomat" in opened.parts[0].label
    few = judged.explain(inputs, result, "X1", "points", 1)
    assert (few.left_out, few.remainder) == (1, 1)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, "Plan: robots, domestic market share, >= 50 % by 2025"),
        ({"comparator": "=", "deadline": ""}, "Plan: robots, domestic market share, 50 %"),
        (
            {"comparator": None, "value": 5.0, "unit": "count"},
            "Plan: robots, domestic market share, 5 by 2025",
        ),
        (
            {"value": -40.0, "high": -45.0, "comparator": "range"},
            "Plan: robots, domestic market share, \N{MINUS SIGN}40 to \N{MINUS SIGN}45 % by 2025",
        ),
        (
            {"comparator_assumed": True, "deadline": "2025-40"},
            "Plan: robots, domestic market share, >= 50 % by first half of 2025 (comparator assumed)",
        ),
        (
            {"unit": "binary", "value": 1.0, "comparator": "="},
            "Plan: robots, domestic market share, yes by 2025",
        ),
    ],
)
def test_a_promise_in_a_line(changed: dict[str, object], told: str) -> None:
    assert judged.goal(target(**changed)) == told


def test_a_value_opens_into_the_target_and_an_empty_cell_says_why() -> None:
    inputs = judged.load(Workspace(), judged.Params(country="CHN", as_of="2026-11-21"))
    result = judged.solve(inputs)
    opened = judged.explain(inputs, result, "T001", "value")
    assert [(p.ref, p.value) for p in opened.parts] == [("fact:T001", 40.0)]
    assert (opened.unit, opened.inputs) == ("percent", ("fact:T001",))
    assert judged.explain(inputs, result, "T001", "points").parts == ()
    with pytest.raises(CannotAnswer, match="observed is empty") as caught:
        judged.explain(inputs, result, "T001", "observed")
    assert "no series" in caught.value.problems[0].remedy


def test_claims_stay_apart_and_only_counts_share_an_axis() -> None:
    result = assessed.solve(assessed.load(Workspace(), assessed.Params(country="CHN")))
    assert result.frame.height == 30
    share = dict(result.frame.select("claim", "share").iter_rows())
    assert share["A001"] == pytest.approx(0.86)
    assert share["A015"] == pytest.approx(0.3)
    assert share["A023"] is None  # an import share is no count of successes


def test_a_claim_opens_into_itself_in_its_own_unit() -> None:
    inputs = assessed.load(Workspace(), assessed.Params(country="CHN"))
    result = assessed.solve(inputs)
    value, share = (assessed.explain(inputs, result, "A015", c) for c in ("value", "share"))
    assert (value.value, value.unit, value.inputs) == (3.0, "of 10", ("fact:A015",))
    assert (share.value, share.unit) == (pytest.approx(0.3), "share of the speaker's own list")
    assert "EU Chamber in China on MIC2025 10 sectors, April 2025:" in share.sentence
    assert share.parts[0].label.endswith("sectors with technological dominance, 3 of 10")
    with pytest.raises(CannotAnswer, match="share is empty"):
        assessed.explain(inputs, result, "A023", "share")
