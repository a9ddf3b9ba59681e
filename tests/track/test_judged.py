"""The scorecard: every target of the register has a verdict that says what it rests on, and opens."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from track.samples import asked, inputs, line, seen, target
from zizhu.ledger import register
from zizhu.ledger.result import Result
from zizhu.store import Workspace
from zizhu.track import assessed, judged, told
from zizhu.track.verdicts import CHANCES, FACTS, NO_TARGETS, NOT, OPEN, OUT, VERDICTS
from zizhu.vocab.problems import CannotAnswer, ZizhuError

DAY = "2026-11-21"


@pytest.fixture(scope="module")
def china(built_in_tables: Workspace) -> tuple[judged.Inputs, Result]:
    question = judged.load(built_in_tables, judged.Params(country="CHN", as_of=DAY))
    return question, judged.solve(question)


@pytest.mark.parametrize("day", [DAY, "2015-12-31", "2018-07-01", "2020-06-30", "1990-01-01"])
@pytest.mark.parametrize("country", ["CHN", "EU"])
def test_every_verdict_says_what_it_rests_on(built_in_tables: Workspace, country: str, day: str) -> None:
    result = judged.solve(judged.load(built_in_tables, judged.Params(country=country, as_of=day)))
    assert result.frame.height == sum(t.country == country for t in register.targets().values())
    for row in result.frame.iter_rows(named=True):
        assert row["verdict"] in VERDICTS
        assert row["p"] is not None or row["code"], row
        assert all(row[c] for c in ("vintage", "transform", "horizon", "stage")), row
        assert (row["verdict"] in FACTS) == (row["p"] in (0.0, 1.0) and row["stage"] == "fact")
        assert (row["median"] is not None) == (row["verdict"] in CHANCES), row
        assert (row["code"] is None) == (row["verdict"] in (*FACTS, *CHANCES)), row
        if row["median"] is not None:
            assert 0 < row["p"] < 1
            assert row["lower"] < row["median"] < row["upper"]


def test_verdicts_are_all_of_one_kind() -> None:
    words = (*FACTS, *OPEN, *CHANCES, OUT, NOT, *NO_TARGETS)
    assert len(set(words)) == len(words)


# what the register's own sources say of these targets, read in the notes of their rows
READ = {
    "T010": ("missed", None),  # 39 % of 50 in 2020
    "T024": ("met", None),  # 8.0 of 8 in 2015
    "T029": ("missed", None),  # 2.40 and 2.36 of 2.5 in 2020: both releases miss
    "T033": ("met", None),  # 9.99 % a year against 7, nominal
    "T034": ("met early", None),  # 14 in 2024 and 16 in 2025 against 12
    "T037": ("unlikely", None),  # 6.91 % in 2024 against 8 in 2025
    "T113": ("met", None),
    "T114": ("missed", None),  # -13.8 of -18
    "T145": ("met early", None),  # 25.6 % in 2022, 47.9 in 2025, against about 20
    "T148": ("missed", None),  # 1.37 of 2 million
    "T159": ("met early", None),  # 1,407 GW in 2024 against 1,200 in 2030: capacity stays
    "T164": ("met early", None),
    "T176": ("missed", None),  # 2.06 of 2.2 in 2015
    "T008": ("out of reach", "TOO_FEW"),  # 16.7 % in 2021 against 70 in 2025
    "T025": ("out of reach", "TOO_FEW"),  # 11.5 % in 2019 against 15 in 2020
    "T011": ("not trackable", "TOO_FEW"),
    "T017": ("not trackable", "TOO_FEW"),
    "T036": ("not trackable", "TOO_FEW"),
    "T001": ("not trackable", "BASIS_UNCLEAR"),
    "T002": ("not trackable", "BASIS_UNCLEAR"),
    "T019": ("not trackable", "PROXY_ONLY"),
    "T143": ("not trackable", "PROXY_ONLY"),
    "T168": ("not trackable", "NO_SERIES"),
    "T021": ("not trackable", "NO_DEADLINE"),
    "T006": ("withdrawn", "NO_TARGET"),
    "T005": ("restatement", "NO_TARGET"),
    "T108": ("description", "NO_TARGET"),
}


@pytest.mark.parametrize("key", READ)
def test_targets_of_china(china: tuple[judged.Inputs, Result], key: str) -> None:
    row = china[1].row(key)
    assert (row["verdict"], row["code"]) == READ[key]


@pytest.mark.parametrize(
    "key", [*(f"T0{n:02}" for n in (7, 9, 12, 13, 14, 15, 16, 18, 20)), "T039", "T040", "T041"]
)
def test_single_figures_are_no_series(china: tuple[judged.Inputs, Result], key: str) -> None:
    assert china[1].row(key)["code"] == "NO_SERIES"


def test_notes_say_what_a_verdict_leaves_open(china: tuple[judged.Inputs, Result]) -> None:
    row = china[1].row
    assert row("T033")["prices"] == "nominal, the plan does not say"
    assert "foreign-owned makers count" in row("T008")["notes"]
    assert "first reached in first half of 2024" in row("T017")["notes"]
    assert "only a bound" in row("T036")["why"]
    assert row("T034")["first_reached"] == "2024"
    assert "beyond tested horizon" in row("T151")["horizon"]
    assert (row("T147")["code"], row("T147")["nearest"]) == ("PROXY_ONLY", "nev_sales_share")
    assert "irregular" in row("T037")["horizon"]
    assert "T005" not in (row("T002")["siblings"] or "T005")
    assert "self-sufficiency" in row("T002")["siblings"]


def test_what_others_say_stands_beside_with_the_reason_where_it_can_be_told(
    china: tuple[judged.Inputs, Result],
) -> None:
    others = dict(china[1].frame.select("target", "others").iter_rows())
    assert others["T010"] == "GGII via SCMP, February 2021: missed 50% (domestic brand share 2020, 39 %)"
    assert "it speaks of first half of 2024, the target of 2025" in others["T017"]
    assert "it is on another basis, self-sufficiency and not domestic content" in others["T002"]
    assert "; it is on another series; it judges another target, >= 50 % by 2020*" in others["T011"]
    assert others["T029"] is None


def test_the_ratio_rule_is_a_column_and_no_verdict(china: tuple[judged.Inputs, Result]) -> None:
    """39,262 over 24,393 in five years is 9.99 % a year, against 7: 1.43."""
    row = china[1].row("T033")
    assert row["cagr_ratio"] == pytest.approx(0.0998702 / 0.07, rel=1e-5)
    assert row["rule_open_sdg"] == "on track"
    short = china[1].row("T010")  # 31 in 2015, 39 in 2020, 50 in 2020
    assert short["cagr_ratio"] == pytest.approx(((39 / 31) ** 0.2 - 1) / ((50 / 31) ** 0.2 - 1))
    assert (short["rule_open_sdg"], short["verdict"]) == ("limited progress", "missed")


def test_a_day_before_every_observation_is_answered_and_says_which_targets_it_judges(
    built_in_tables: Workspace,
) -> None:
    late, early = (
        judged.solve(judged.load(built_in_tables, judged.Params(country="CHN", as_of=day)))
        for day in (DAY, "1990-01-01")
    )
    assert early.frame.schema == late.frame.schema
    assert early.frame["target"].to_list() == late.frame["target"].to_list()
    assert early.frame["observed"].null_count() == early.frame.height
    assert set(early.frame["verdict"]) == {NOT, *NO_TARGETS}
    for result in (early, late):
        assert any("plans issued later" in n for n in result.notes)


def test_a_plan_or_a_target_alone(built_in_tables: Workspace) -> None:
    def found(**chosen: str) -> list[str]:
        params = judged.Params(country="CHN", as_of=DAY, **chosen)
        return judged.solve(judged.load(built_in_tables, params)).frame["target"].to_list()

    assert found(plan="Robot plan 2021") == ["T139", "T140", "T141", "T142"]
    assert found(target="T010") == ["T010"]


def test_wrong_names_are_told_all_at_once_with_the_nearest(built_in_tables: Workspace) -> None:
    params = judged.Params(country="CHN", as_of="soon", plan="MIC2026", series="robots", basis="brands")
    with pytest.raises(ZizhuError) as error:
        judged.load(built_in_tables, params)
    told_of = [p.what for p in error.value.problems]
    assert [w.partition(" ")[0] for w in told_of[:3]] == ["unknown"] * 3
    assert "another series or basis for every target" in told_of[3]
    with pytest.raises(ZizhuError, match="is no day"):
        judged.load(built_in_tables, judged.Params(country="CHN", as_of="soon"))


def test_a_country_without_a_plan_cannot_be_judged(built_in_tables: Workspace) -> None:
    with pytest.raises(CannotAnswer, match="no targets of DEU"):
        judged.solve(judged.load(built_in_tables, judged.Params(country="DEU", as_of=DAY)))


def own(built_in_tables: Workspace, **reading: str) -> dict[str, object]:
    params = judged.Params(country="CHN", as_of=DAY, **reading)
    result = judged.solve(judged.load(built_in_tables, params))
    return result.row(reading["target"])


def test_an_analyst_changes_the_series_and_both_verdicts_are_kept(built_in_tables: Workspace) -> None:
    row = own(built_in_tables, target="T010", series="robot_domestic_brand_share_ifr")
    assert (row["verdict"], row["code"], row["series"]) == (NOT, "TOO_FEW", "robot_domestic_brand_share_ifr")
    assert (row["register_verdict"], row["register_p"]) == ("missed", 0.0)
    assert (row["register_series"], row["register_observed"]) == ("robot_domestic_brand_share", 39.0)


def test_another_basis_has_to_be_named_before_it_judges(built_in_tables: Workspace) -> None:
    """Made in China is no brand share: NEV brands cannot be judged by where chips are made, unless told so."""
    series = "ic_production_share_of_china_market"
    refused = own(built_in_tables, target="T017", series=series)
    assert (refused["code"], refused["nearest"]) == ("BASIS_UNCLEAR", series)
    told_so = own(built_in_tables, target="T017", series=series, basis="location")
    assert (told_so["verdict"], told_so["basis"]) == (OUT, "location")
    chosen = own(built_in_tables, target="T130", basis="count")  # the series of the row that restates it
    assert (chosen["code"], chosen["nearest"]) == (
        "NO_SERIES",
        "base_stations_5g",
    )  # stations are not per head
    assert chosen["register_series"] == "base_stations_5g_per_10000"


def test_the_own_reading_and_that_of_the_register_open(built_in_tables: Workspace) -> None:
    params = judged.Params(country="CHN", as_of=DAY, target="T010", series="robot_domestic_brand_share_ifr")
    question = judged.load(built_in_tables, params)
    result = judged.solve(question)
    mine, theirs = (judged.explain(question, result, "T010", c) for c in ("points", "register_observed"))
    assert all("robot_domestic_brand_share_ifr" in p.ref for p in mine.parts)
    assert [p.value for p in theirs.parts] == [39.0, 31.0, 25.0]


def test_an_observed_number_opens_to_its_vintages(china: tuple[judged.Inputs, Result]) -> None:
    opened = judged.explain(*china, "T010", "observed")
    assert opened.value == 39.0
    assert [p.value for p in opened.parts] == [39.0, 31.0, 25.0]
    assert all(p.share is None for p in opened.parts)
    series, source = "Chinese brands in robot sales (GGII and others)", "South China Morning Post"
    assert opened.parts[0].label == f"{series}, 2020: {source}, reported, quality medium"
    # the target and the observation that decides, not the two before it
    assert opened.inputs == ("fact:T010", "fact:robot_domestic_brand_share.CHN.2020.1")
    few = judged.explain(*china, "T010", "observed", 1)
    assert (len(few.parts), few.left_out, few.remainder) == (1, 2, 0)


def test_a_chance_opens_into_its_halves_and_its_points(china: tuple[judged.Inputs, Result]) -> None:
    opened = judged.explain(*china, "T101", "p")
    halves = [p for p in opened.parts if p.share is not None]
    assert len(halves) == 2
    assert sum(p.value for p in halves) == pytest.approx(opened.value, rel=1e-12)
    assert all("log points a year" in p.label and "Student with" in p.label for p in halves)
    points = opened.parts[2:]
    years = [
        "2025.1",
        "2024.1",
        "2023.1",
        "2022.1",
        "2021.1",
        "2020.1",
        "2018.2",
        "2016.1",
        "2014.1",
        "2013.1",
        "2012.1",
    ]
    assert [p.ref.rpartition(".CHN.")[2] for p in points] == years
    assert points[0].value == 39262
    ends = [judged.explain(*china, "T101", c) for c in ("lower", "median", "upper")]
    assert [e.unit for e in ends] == ["percent per year"] * 3
    assert "10% point" in ends[0].sentence


def test_a_pace_opens_into_the_points_that_it_is_between(china: tuple[judged.Inputs, Result]) -> None:
    needed = judged.explain(*china, "T008", "needed_pace")
    assert needed.value == pytest.approx((70 - 16.7) / 4)
    assert [p.value for p in needed.parts] == [16.7, 70.0]
    assert needed.unit == "percentage points a year"
    fastest = judged.explain(*china, "T008", "fastest_pace")
    assert fastest.value == pytest.approx(2.5)
    assert [p.value for p in fastest.parts] == [16.7, 15.9, 12.7, 10.2]


def test_a_ratio_opens_into_its_two_points_and_the_target(china: tuple[judged.Inputs, Result]) -> None:
    opened = judged.explain(*china, "T033", "cagr_ratio")
    assert [p.value for p in opened.parts] == [24393.0, 39262.0, 7.0]
    assert "open-sdg would say on track" in opened.sentence


def test_a_series_is_told_in_the_unit_of_the_target_what_decides_first() -> None:
    question, result = asked(
        target(unit="million", value=2.0, deadline="2020"),
        seen("2020", 1370, unit="thousand units"),
        seen("2024", 12000, unit="thousand units", comparator=">"),
        seen("2019", 1.2, unit="million"),
        seen("2023", 5.0),  # percent: another measure, no part of this series
        seen("2025", 3.0, unit="million", status="forecast"),
    )
    opened = judged.explain(question, result, "X1", "observed")
    assert (opened.value, opened.unit) == (1.37, "million")
    assert [p.value for p in opened.parts] == [1.37, 12.0, 1.2]
    assert [p.label.partition(": ")[0] for p in opened.parts] == [
        "What was seen, 2020, 1,370 thousand units",
        "What was seen, 2024, > 12,000 thousand units",
        "What was seen, 2019",
    ]
    assert "Plan: robots, domestic market share, >= 2 million by 2020: missed." in opened.sentence
    assert result.row("X1")["notes"].endswith("values in percent are left out")


def test_a_disputed_verdict_names_all_that_speak_of_its_period() -> None:
    one, other = seen("2025", 51.0, quality="high"), seen("2025", 49.0)
    question, result = asked(target(), other, one, seen("2024", 48.0))
    opened = judged.explain(question, result, "X1", "observed")
    assert result.row("X1")["verdict"] == "disputed"
    assert opened.inputs == ("fact:X1", f"fact:{one.id}", f"fact:{other.id}")
    assert result.counted("verdict=disputed", 5).inputs == opened.inputs


def test_points_open_into_the_years_that_they_count() -> None:
    held = (seen("2023", 40.0), seen("2023", 41.0, quality="high"), seen("2024", 42.0), seen("2024-40", 43.0))
    question, result = asked(target(deadline="2030"), *held)
    opened = judged.explain(question, result, "X1", "points")
    assert (opened.value, opened.unit) == (2, "count")
    assert [(p.ref, p.value, p.share) for p in opened.parts] == [
        (f"fact:{held[2].id}", 1.0, 0.5),
        (f"fact:{held[1].id}", 1.0, 0.5),  # of two in a year the better source
    ]
    assert "2024, 42 %: The Diplomat" in opened.parts[0].label
    few = judged.explain(question, result, "X1", "points", 1)
    assert (few.left_out, few.remainder) == (1, 1)


@pytest.mark.parametrize(
    ("changed", "said"),
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
def test_a_promise_in_a_line(changed: dict[str, object], said: str) -> None:
    assert told.goal(target(**changed)) == said


def test_a_value_opens_into_the_target_and_an_empty_cell_says_why(
    china: tuple[judged.Inputs, Result],
) -> None:
    opened = judged.explain(*china, "T001", "value")
    assert [(p.ref, p.value) for p in opened.parts] == [("fact:T001", 40.0)]
    assert (opened.unit, opened.inputs) == ("percent", ("fact:T001",))
    assert judged.explain(*china, "T001", "points").parts == ()
    with pytest.raises(CannotAnswer, match="observed is empty") as caught:
        judged.explain(*china, "T001", "observed")
    assert "not trackable: basis unclear" in caught.value.problems[0].remedy


def test_the_figure_counts_every_target_once(china: tuple[judged.Inputs, Result]) -> None:
    rows = china[1].figure().rows
    assert sum(r["targets"] for r in rows) == china[1].frame.filter(pl.col("counted")).height
    assert {"met", "missed", "likely, ahead", "not trackable: no series"} <= {r["verdict"] for r in rows}


def test_a_workspace_judges_its_own_targets_too(tmp_path: Path) -> None:
    folder = tmp_path / "register" / "mine"
    folder.mkdir(parents=True)
    (folder / "targets.csv").write_text(
        "id,plan,country,sector,item,indicator,measure,basis,comparator,comparator_assumed,value,unit,deadline,"
        "status,trackable_by,source,quality\n"
        "MINE1,MIC2025,CHN,NEV,new energy vehicles,share of sales,share,structure,>=,false,40,percent,2025,active,"
        "nev_sales_share,DOC000,medium\n",
        encoding="utf-8",
    )
    params = judged.Params(country="CHN", as_of=DAY, target="MINE1")
    assert judged.solve(judged.load(Workspace(tmp_path), params)).row("MINE1")["verdict"] == "met early"


def walks() -> Iterator[list[float]]:
    """A thousand series that rise unevenly."""
    for k in range(1000):
        yield [100 * math.exp(0.05 * i + 0.02 * math.sin(3 * i + k)) for i in range(8)]


def test_a_thousand_verdicts_have_a_chance_each() -> None:
    many = [
        inputs(target(value=170.0, unit="t", deadline="2027"), *line(2017, *w, unit="t")) for w in walks()
    ]
    found = judged.judge([q.case(q.targets[0], q.params.reading) for q in many], many[0].as_of)
    assert {v.verdict for v in found} <= set(CHANCES)
    alone = [
        judged.judge([many[k].case(many[k].targets[0], many[k].params.reading)], many[0].as_of)
        for k in (0, 7)
    ]
    assert [v[0].p for v in alone] == [found[0].p, found[7].p]


def test_claims_stay_apart_and_only_counts_share_an_axis(built_in_tables: Workspace) -> None:
    result = assessed.solve(assessed.load(built_in_tables, assessed.Params(country="CHN")))
    assert result.frame.height == 30
    share = dict(result.frame.select("claim", "share").iter_rows())
    assert share["A001"] == pytest.approx(0.86)
    assert share["A015"] == pytest.approx(0.3)
    assert share["A023"] is None  # an import share is no count of successes


def test_a_claim_opens_into_itself_in_its_own_unit(built_in_tables: Workspace) -> None:
    question = assessed.load(built_in_tables, assessed.Params(country="CHN"))
    result = assessed.solve(question)
    value, share = (assessed.explain(question, result, "A015", c) for c in ("value", "share"))
    assert (value.value, value.unit, value.inputs) == (3.0, "of 10", ("fact:A015",))
    assert (share.value, share.unit) == (pytest.approx(0.3), "share of the speaker's own list")
    assert "EU Chamber in China on MIC2025 10 sectors, April 2025:" in share.sentence
    assert share.parts[0].label.endswith("sectors with technological dominance, 3 of 10")
    with pytest.raises(CannotAnswer, match="share is empty"):
        assessed.explain(question, result, "A023", "share")
