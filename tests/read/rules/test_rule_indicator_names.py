"""What a number measures, named as a reader would: on sentences made for the purpose.

A name agrees where at least half of the words of both are the same.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from zizhu.read.documents.opened import opened
from zizhu.read.exchange.flat import flat
from zizhu.read.extractors import fitting
from zizhu.read.reading import claims_of


def named_by_readers() -> list[dict[str, str]]:
    with (Path(__file__).parent / "indicator_names.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def numbers_in(text: str, language: str) -> list[dict]:  # type: ignore[type-arg]
    document = opened(text.encode(), "a.txt", published="2025-05-14", language=language)
    return [r for r in map(flat, claims_of(document, fitting(document)).claims) if r["value"] is not None]


def alike(a: str, b: str) -> bool:
    left, right = set(a.split("_")), set(b.split("_"))
    return 2 * len(left & right) >= len(left | right)


@pytest.mark.parametrize(
    "row", named_by_readers(), ids=[f"{r['indicator']}-{k}" for k, r in enumerate(named_by_readers())]
)
def test_a_number_measures_what_a_reader_says(row: dict[str, str]) -> None:
    found = numbers_in(row["text"], row["language"])
    names = [r["indicator"] for r in found if r["value"] == pytest.approx(float(row["value"]), rel=1e-3)]
    assert names
    assert alike(names[0] or "", row["indicator"]), names[0]
