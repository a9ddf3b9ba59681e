"""Abbreviations that are printed, and what they stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from zizhu.vocab.packfiles import rows


@cache
def terms() -> Mapping[str, str]:
    """All abbreviations with their meaning, in alphabetical order."""
    return {r["term"]: r["meaning"] for r in rows("vocab/terms.csv")}


def used_in(text: str) -> Mapping[str, str]:
    """The abbreviations that stand in a text as words of their own.

    >>> list(used_in("MIC2025 and the 14th FYP"))
    ['FYP', 'MIC2025']
    """
    words = set(re.findall(r"\w+", text))
    return {term: meaning for term, meaning in terms().items() if term in words}
