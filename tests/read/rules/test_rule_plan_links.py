"""Which plan a claim belongs to, and which none: on documents made for the purpose.

An id agrees where at least half of its parts are the same, as for whoever names the same plan.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import pytest

from zizhu.read.documents.opened import opened
from zizhu.read.exchange.flat import flat
from zizhu.read.extractors import fitting
from zizhu.read.reading import claims_of


def linked_by_readers() -> list[dict[str, str]]:
    """One row a claim, each with the text of its document."""
    with (Path(__file__).parent / "plan_links.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    texts = {r["document"]: r["text"] for r in rows if r["text"]}
    return [{**r, "text": texts[r["document"]].replace("\\n", "\n")} for r in rows]


@cache
def claims_in(text: str, language: str, published: str) -> list[dict]:  # type: ignore[type-arg]
    document = opened(text.encode(), "a.txt", published=published, language=language)
    return [flat(c) for c in claims_of(document, fitting(document)).claims]


def alike(a: str, b: str) -> bool:
    left, right = (set(re.findall(r"[a-z0-9]+", x.lower())) for x in (a, b))
    return 2 * len(left & right) >= len(left | right)


LINKS = linked_by_readers()


@pytest.mark.parametrize("row", LINKS, ids=[f"{r['document']}-{k}" for k, r in enumerate(LINKS)])
def test_a_claim_belongs_to_the_plan_that_a_reader_names(row: dict[str, str]) -> None:
    found = [
        c for c in claims_in(row["text"], row["language"], row["published"]) if row["quote"] in c["quote"]
    ]
    on_value = [c for c in found if c["value_quote"] and c["value_quote"] in row["quote"]]
    held = [c for c in on_value or found if not row["kind"] or c["kind"] == row["kind"]]
    assert held, [(c["kind"], c["quote"]) for c in found]
    said = held[0]["plan"] or []
    plans = [said] if isinstance(said, str) else said
    assert any(alike(p, row["plan"]) for p in plans) if row["plan"] else not plans, plans


@pytest.mark.parametrize("text", ["Abuja of Guangdong 2122", "Guangdong 2122"])
def test_a_place_with_a_number_like_a_year_is_no_plan(text: str) -> None:
    document = opened(text.encode(), "made.txt", language="zh")
    assert not [p for c in claims_of(document, fitting(document)).claims for p in c.plans]
