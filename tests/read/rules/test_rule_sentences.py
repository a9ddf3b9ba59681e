"""Sentences and clauses: abbreviations, quotations, wrapped lines, bullets, Chinese marks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.read.rules.sentences import clauses, paragraphs, sentences
from zizhu.read.rules.tokens import tokens


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Growth was 3.5 per cent. Exports fell.", ["Growth was 3.5 per cent.", "Exports fell."]),
        ("Dr. Lund of the U.S. Navy left. He spoke.", ["Dr. Lund of the U.S. Navy left.", "He spoke."]),
        ("It spends more on R&D. The bank lends.", ["It spends more on R&D.", "The bank lends."]),
        ("It is done with M&A. Lund left.", ["It is done with M&A.", "Lund left."]),
        ("She moved to the U.S. In May she left.", ["She moved to the U.S.", "In May she left."]),
        ("He runs Acme Inc. It makes pumps.", ["He runs Acme Inc.", "It makes pumps."]),
        ("The U.S. Navy and A. Lund met Dr. A. Moe.", ["The U.S. Navy and A. Lund met Dr. A. Moe."]),
        ("Dr. He met Ms. She and Prof. What There.", ["Dr. He met Ms. She and Prof. What There."]),
        ("Ms. Osei heads Beta Corp. Holdings.", ["Ms. Osei heads Beta Corp. Holdings."]),
        ("“We built it. It works,” she said. Good.", ["“We built it. It works,” she said.", "Good."]),
        ("产量增长。出口下降！", ["产量增长。", "出口下降！"]),
        ("目标明确；措施有力。", ["目标明确；", "措施有力。"]),
        ("Aims\n• to grow\n• to export", ["Aims", "• to grow", "• to export"]),
        ("Plans\n\nA first one. A second", ["Plans", "A first one.", "A second"]),
        (
            "The ministry will publish the full list of eligible suppliers in\nthe spring of next year.",
            ["The ministry will publish the full list of eligible suppliers in\nthe spring of next year."],
        ),
    ],
    ids=[
        "decimal",
        "abbreviation",
        "letters-of-a-word",
        "before-a-name",
        "acronym-at-the-end",
        "firm-at-the-end",
        "initials",
        "surnames-like-words",
        "firm-inside",
        "quotation",
        "chinese",
        "semicolon",
        "bullets",
        "heading",
        "wrapped",
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert [text[s.start : s.end] for s in sentences(text)] == parts


@given(st.text(alphabet="aB. ,“”\n，。；(1)-", max_size=200))
def test_sentences_cover_all_but_blanks(text: str) -> None:
    kept = "".join(text[s.start : s.end] for s in sentences(text))
    assert "".join(kept.split()) == "".join(text.split())
    spans = list(paragraphs(text))
    assert all(a.end <= b.start for a, b in pairwise(spans))


@pytest.mark.parametrize(
    ("text", "openers", "parts"),
    [
        ("Output rose; prices fell", (), ["Output rose", "prices fell"]),
        ("Steel (iron; coke) rose", (), ["Steel (iron; coke) rose"]),
        ("The plan — long in the making — was signed", (), ["The plan — long in the making — was signed"]),
        ("产量增长，价格下降", (), ["产量增长", "价格下降"]),
        ("Output rose while prices fell", (2,), ["Output rose", "while prices fell"]),
    ],
    ids=["semicolon", "brackets", "dashes", "chinese", "opener"],
)
def test_clauses(text: str, openers: tuple[int, ...], parts: list[str]) -> None:
    found = tokens(text)
    ranges = clauses(found, frozenset(openers))
    assert [text[found[a].start : found[b - 1].end] for a, b in ranges] == parts


def test_a_table_without_marks_is_cut() -> None:
    text = "12 " * 5_000
    assert max(len(s.tokens) for s in sentences(text)) <= 401
