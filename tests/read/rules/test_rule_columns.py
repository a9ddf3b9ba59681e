"""Figures in the columns of a table have the year at the head of the column."""

from __future__ import annotations

from typing import Any

from zizhu.read.documents.opened import opened
from zizhu.read.exchange.flat import flat
from zizhu.read.extractors import fitting
from zizhu.read.reading import claims_of

ENGLISH = """The Kenyan Steel Plan 2026-2030

The Kenyan Steel Plan 2026-2030 was adopted in March 2026.

Item\t2024\t2030
Steel output\t3 million tonnes\t5 million tonnes
Steel exports\t1 million tonnes\t2 million tonnes

Kenya has 7 ports.
"""
HAN = """河北省钢铁产业行动方案（2026—2028年）

指标\t2025年\t2028年
研发投入强度\t3.1%\t4%
高新技术企业\t2600家\t3500家
"""


def rows(text: str, language: str) -> list[dict[str, Any]]:
    document = opened(text.encode(), "a.txt", published="2026-05-14", language=language)
    return [r for r in map(flat, claims_of(document, fitting(document, ())).claims) if r["value"] is not None]


def said(text: str, language: str) -> dict[float, tuple[str, str | None, str | None]]:
    return {r["value"]: (r["kind"], r["period"], r["deadline"]) for r in rows(text, language)}


def test_a_year_behind_is_of_facts_and_one_ahead_of_aims() -> None:
    found = said(ENGLISH, "en")
    assert found[3e6] == found[1e6] == ("actual", "2024", None)
    assert found[5e6] == found[2e6] == ("target", None, "2030")


def test_what_follows_the_table_has_none_of_its_years() -> None:
    assert said(ENGLISH, "en")[7][1:] == (None, None)


def test_a_table_of_a_chinese_plan() -> None:
    found = said(HAN, "zh")
    assert found[3.1] == found[2600] == ("actual", "2025", None)
    assert found[4] == found[3500] == ("target", None, "2028")


UNITS = """National Cell Roadmap

| Table 1. Indicators of the roadmap |  |  |  |  |
|---|---|---|---|---|
| Indicator | Unit | 2015 | 2022 | Target 2030 |
| Cell production | GWh | 2 | 14 | 90 |
| Recycling rate | % | 10 | 31 | 65 |
| Employment | persons | 1,200 | 1995 | 30,000 |

The text goes on | with bars | in it | and 40 firms.
"""


def test_a_unit_said_once_is_that_of_the_row() -> None:
    found = {
        (r["indicator"], r["value"], r["unit"], r["kind"], r["period"] or r["deadline"])
        for r in rows(UNITS, "en")
        if r["value"] != 40
    }
    assert found == {
        (name, value, unit, kind, year)
        for name, unit, values in (
            ("cell_production", "GWh", (2, 14, 90)),
            ("recycling_rate", "percent", (10, 31, 65)),
            ("employment", "person", (1200, 1995, 30_000)),
        )
        for value, kind, year in zip(
            values, ("actual", "actual", "target"), ("2015", "2022", "2030"), strict=True
        )
    }


def test_a_table_may_have_its_years_in_front() -> None:
    text = "Year\tOutput (million tonnes)\tJobs (thousand)\n2020\t12\t1.5\n2025\t15.5\t21\n"
    found = {(r["indicator"], r["value"], r["period"]) for r in rows(text, "en")}
    assert found == {
        ("output", 12e6, "2020"),
        ("output", 15.5e6, "2025"),
        ("jobs", 1500.0, "2020"),
        ("jobs", 21_000.0, "2025"),
    }


def test_a_unit_above_a_chinese_table_and_one_in_a_label() -> None:
    text = "主要指标（单位：亿元）\n指标\t2025年\t2028年目标\n产值\t120\t300\n企业（家）\t20\t45\n"
    found = {(r["value"], r["unit"], r["kind"]) for r in rows(text, "zh")}
    assert found == {
        (1.2e10, "CNY", "actual"),
        (3e10, "CNY", "target"),
        (20, "firm", "actual"),
        (45, "firm", "target"),
    }


def test_figures_without_a_unit_are_no_claims() -> None:
    assert [r["value"] for r in rows("Item\t2024\t2030\nSteel\t3\t5\nIron\t12\t15\n", "en")] == []


def test_a_noun_in_brackets_is_no_unit_unless_things_are_counted_in_it() -> None:
    text = "Item\t2024\t2030\nExports (chips)\t12\t14\nStaff (persons)\t1,200\t1,400\n"
    assert {(r["value"], r["unit"]) for r in rows(text, "en")} == {(1200, "person"), (1400, "person")}


TWO_HEADS = """Kenyan Steel Plan

| Indicator | Baseline |  | Targets |  |
|---|---|---|---|---|
|  | 2015 | 2022 | 2025 | 2030 |
| Crude steel output (million tonnes) | 1.2 | 2.0 | 3.5 | 5 |
| Jobs (thousand) | 12 | 15 | 18–20 | > 25 |
"""


def test_a_head_of_two_rows_and_cells_with_a_comparator_or_range() -> None:
    document = opened(TWO_HEADS.encode(), "a.txt")
    claims = [r for r in map(flat, claims_of(document, fitting(document, ())).claims) if r["value_quote"]]
    values = [r["value"] or (r["value_low"], r["value_high"]) for r in claims]
    assert {
        (value, r["comparator"], r["kind"], r["period"] or r["deadline"])
        for value, r in zip(values, claims, strict=True)
    } == {
        (1.2e6, "=", "actual", "2015"),
        (2e6, "=", "actual", "2022"),
        (3.5e6, "=", "target", "2025"),
        (5e6, "=", "target", "2030"),
        (12_000, "=", "actual", "2015"),
        (15_000, "=", "actual", "2022"),
        ((18_000, 20_000), "=", "target", "2025"),
        (25_000, ">", "target", "2030"),
    }


SET = """Peru's Semiconductor Strategy to 2030

Indicator           2023    2025    2030
Revenue, bn USD     13.7      18      25
Local content, %       8      12      20
"""


def test_a_table_that_is_set_with_blanks_and_units_behind_commas() -> None:
    document = opened(SET.encode(), "a.txt", published="2024-05-14", language="en")
    found = [flat(c) for c in claims_of(document, fitting(document, ())).claims]
    told = {(r["value"], r["unit"], r["indicator"], r["period"] or r["deadline"]) for r in found}
    assert told == {
        (13.7e9, "USD", "revenue", "2023"),
        (18e9, "USD", "revenue", "2025"),
        (25e9, "USD", "revenue", "2030"),
        (8, "percent", "local_content", "2023"),
        (12, "percent", "local_content", "2025"),
        (20, "percent", "local_content", "2030"),
    }
    assert all(bool(r["plan"]) == (r["kind"] == "target") for r in found)


def test_wide_blanks_in_prose_make_no_table() -> None:
    text = "Peru had  12 ports in 2023  and  14 ports\nin  2024, and exported   3 million tonnes.\n"
    found = {r["value"]: r["unit"] for r in rows(text, "en")}
    assert found == {12: "port", 14: "port", 3e6: "tonne"}
