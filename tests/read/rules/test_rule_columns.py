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
