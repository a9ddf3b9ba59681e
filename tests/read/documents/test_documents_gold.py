"""Quotes of annotated texts in PDFs that are set from these texts."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from document_files import pdf

from zizhu.read.documents.opened import opened

SHARED = Path(__file__).resolve().parents[4] / "shared"
GOLD, TEXTS = SHARED / "read" / "gold", SHARED / "data" / "seeds"
pytestmark = pytest.mark.skipif(
    not GOLD.is_dir(), reason="the annotated texts (../shared/read) are not on this machine"
)


def bare(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def claims(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def quotes() -> list[str]:
    return [claim["quote"] for path in sorted(GOLD.glob("*.jsonl")) for claim in claims(path)]


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_every_quote_is_found_in_one_column_and_in_several(columns: int) -> None:
    lines = [
        line for path in sorted(TEXTS.glob("*.txt")) for line in path.read_text(encoding="utf-8").splitlines()
    ]
    text = bare(opened(pdf([line for line in lines if line.strip()], columns), "seeds.pdf").text)
    assert len(quotes()) == 285
    assert [q for q in quotes() if bare(q) not in text] == []


def test_the_raw_layer_has_every_quote_at_its_place() -> None:
    for path in sorted(GOLD.glob("*.jsonl")):
        text = opened((TEXTS / f"{path.stem}.txt").read_bytes(), path.stem).text
        found = claims(path)
        assert [text[c["start"] : c["end"]] for c in found] == [c["quote"] for c in found]
