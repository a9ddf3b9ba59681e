"""Claims of a document without a day rest on its words alone: on no day are they other claims."""

from __future__ import annotations

from datetime import date

import pytest

from zizhu.read.documents.opened import opened
from zizhu.read.extractors import fitting
from zizhu.read.reading import claims_of

YEAR = date.today().year
TEXTS = [
    "Kenya made 40 tonnes of steel in {year}. Exports of Kenya reached 30 tonnes in {year}.",
    "Under the Kenyan Steel Plan, output reaches 90 tonnes by {year}.",
    "{year}年出口额为30亿元。根据规划，到{year}年，产量达到40万吨。",
]


def kinds(text: str) -> list[tuple[str, str, tuple[str | None, ...]]]:
    document = opened(text.encode(), "a.txt", language="zh" if "年" in text else "en")
    claims = claims_of(document, fitting(document, ())).claims
    return [(c.kind, c.modality, tuple(t.resolved_against for t in c.times)) for c in claims]


@pytest.mark.parametrize("text", TEXTS)
def test_the_day_of_reading_changes_nothing(text: str) -> None:
    read = [kinds(text.format(year=y)) for y in (YEAR - 9, YEAR - 1, YEAR, YEAR + 1, YEAR + 9)]
    assert read[0]
    assert all(found == read[0] for found in read)
    assert all(day is None for _, _, days in read[0] for day in days)
