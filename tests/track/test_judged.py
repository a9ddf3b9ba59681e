"""Verdicts on targets: each reason from a small case that leaves no other reading."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from zizhu.ledger import register
from zizhu.ledger.models import Observation, Target
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
    assert len(reason) == len(register.targets())
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


def test_claims_stay_apart_and_only_counts_share_an_axis() -> None:
    result = assessed.solve(assessed.load(Workspace(), assessed.Params(country="CHN")))
    assert result.frame.height == 30
    share = dict(result.frame.select("claim", "share").iter_rows())
    assert share["A001"] == pytest.approx(0.86)
    assert share["A015"] == pytest.approx(0.3)
    assert share["A023"] is None  # an import share is no count of successes
