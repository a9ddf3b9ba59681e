"""The built-in extractor against claims that a reader marked in five documents, where these are at hand."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from zizhu.read.model import Candidate, Context, Document, Layer
from zizhu.read.rules.extractor import ENGLISH

SHARED = Path(__file__).resolve().parents[4] / "shared"
GOLD = SHARED / "read" / "gold"
pytestmark = pytest.mark.skipif(not GOLD.is_dir(), reason=f"no marked documents in {GOLD}")
LEAST_OVERLAP = 0.3


def read(stem: str) -> list[Candidate]:
    dates = json.loads((GOLD / "documents.json").read_text(encoding="utf-8"))
    text = (SHARED / "data" / "seeds" / f"{stem}.txt").read_bytes().decode()
    digest = hashlib.sha256(text.encode()).hexdigest()
    document = Document(digest, stem, "text/plain", Layer("raw", text, digest), "en")
    return list(ENGLISH.extract(document, Context(dates[stem]["published_inferred"])))


def overlap(row: dict[str, int], found: Candidate) -> float:
    """Dice overlap of two spans."""
    assert found.start is not None
    end = found.start + len(found.quote)
    both = min(row["end"], end) - max(row["start"], found.start)
    return max(0.0, 2 * both / (row["end"] - row["start"] + end - found.start))


@pytest.fixture(scope="module")
def marked() -> list[tuple[list[dict], list[Candidate]]]:  # type: ignore[type-arg]
    files = sorted(GOLD.glob("*.jsonl"))
    return [
        ([json.loads(x) for x in f.read_text(encoding="utf-8").splitlines()], read(f.stem)) for f in files
    ]


def test_most_marked_claims_are_found(marked: list) -> None:  # type: ignore[type-arg]
    hits = [max(overlap(row, c) for c in found) >= LEAST_OVERLAP for rows, found in marked for row in rows]
    assert sum(hits) / len(hits) >= 0.75


def test_most_claims_are_marked_ones(marked: list) -> None:  # type: ignore[type-arg]
    hits = [max(overlap(row, c) for row in rows) >= LEAST_OVERLAP for rows, found in marked for c in found]
    assert sum(hits) / len(hits) >= 0.7


def test_kinds_of_numbers_agree(marked: list) -> None:  # type: ignore[type-arg]
    asked = hits = 0
    for rows, found in marked:
        for row in (r for r in rows if r.get("value") is not None):
            same = [c for c in found if c.number and c.number.value == pytest.approx(row["value"])]
            near = [c for c in same if overlap(row, c) > 0]
            asked += bool(near)
            hits += any(c.kind == row["kind"] for c in near)
    assert asked >= 60
    assert hits / asked >= 0.85
