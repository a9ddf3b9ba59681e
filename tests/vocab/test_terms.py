"""Abbreviations and labels as they stand in running text."""

from __future__ import annotations

import pytest

from zizhu.vocab import names, terms
from zizhu.vocab.packfiles import rows


def test_terms_are_unique_and_sorted() -> None:
    listed = [r["term"] for r in rows("vocab/terms.csv")]
    assert listed == sorted(set(listed))
    assert all(terms.terms().values())


@pytest.mark.parametrize(
    ("text", "found"),
    [("HHI 0.2", ["HHI"]), ("HHIs and MIC2025x", []), ("the 14th FYP SEI", ["FYP", "SEI"]), ("", [])],
)
def test_only_whole_words_are_abbreviations(text: str, found: list[str]) -> None:
    assert list(terms.used_in(text)) == found


@pytest.mark.parametrize(
    ("label", "inside"),
    [
        ("Natural graphite, other forms", "natural graphite, other forms"),
        ("Rare-earth compounds", "rare-earth compounds"),
        ("IT and information services", "IT and information services"),
        ("Chinese brands in car sales", "Chinese brands in car sales"),
        ("China's chips", "China's chips"),
        ("R&D spending", "R&D spending"),
        ("", ""),
    ],
)
def test_labels_inside_a_sentence(label: str, inside: str) -> None:
    assert names.within(label) == inside
