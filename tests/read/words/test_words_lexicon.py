"""The rows of the lexicons: each word once in its role, values that can be read, sources where they are facts."""

from __future__ import annotations

from itertools import pairwise

import pytest

from zizhu.read.dates.words import calendar, months_of, numbered, plan_periods
from zizhu.read.words import lexicon
from zizhu.vocab.packfiles import rows

KEYS = {
    "number_words": ("word", "kind"),
    "measure_words": ("word", "unit", "kind", "language"),
    "comparators": ("word", "side"),
    "classifiers": ("word", "role"),
    "context_words": ("word", "role"),
    "function_words": ("word",),
    "rank_words": ("word", "side"),
    "calendar": ("word", "kind", "language"),
    "plan_periods": ("name", "language"),
    "labels": ("word",),
    "plurals": ("word",),
    "period_heads": ("word",),
    "noun_stops": ("word",),
}


@pytest.mark.parametrize("file", KEYS)
def test_words_are_unique_in_their_role(file: str) -> None:
    keys = [tuple(r[c] for c in KEYS[file]) for r in rows(f"read/{file}.csv")]
    assert keys
    assert sorted(keys) == sorted(set(keys))


def test_comparators_are_those_of_claims() -> None:
    bounds = {r["bound"] for r in rows("read/comparators.csv")}
    assert bounds == {"", ">", ">=", "<", "<=", "about", "under", "over"}


def test_every_value_can_be_read() -> None:
    assert all(v >= 0 for kinds in lexicon.number_words().values() for v in kinds.values())
    assert lexicon.han_scales()["亿"] == 8
    assert set(numbered("month").values()) == set(range(1, 13))
    assert all(1 <= a <= 12 and 1 <= b <= 12 for a, b in months_of("part", "zh").values())
    assert calendar("unit")["year"] == "year"


def test_periods_of_plans_are_five_years_with_a_source() -> None:
    listed = rows("read/plan_periods.csv")
    assert all(int(r["end"]) - int(r["start"]) == 4 and r["source"].startswith("http") for r in listed)
    years = sorted(plan_periods("zh").values())
    assert all(b[0] == a[1] + 1 for a, b in pairwise(years))
    assert sorted(plan_periods("en").values()) == years
