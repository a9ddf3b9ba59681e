"""Digits of other scripts, which are read, and letters that only look like digits, which are not.

A run of digits of one script is a number (٤٥ is 45). Digits of two scripts in one run, and a letter in the place of a
digit (4З with a Cyrillic letter), are no number that anybody can be held to: they are told with their place.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from zizhu.read.model import Span
from zizhu.vocab.packfiles import rows

_OTHER = re.compile(r"[^\D0-9０-９]")
"""A digit that is neither plain nor of full width."""
_WIDE_POINT = re.compile(r"(?<=[0-9０-９])．(?=[0-9０-９])")
_RUN = re.compile(r"\d(?:[\d٫٬]*\d)?٪?")
_MARKS = str.maketrans("٫٬٪", ".,%")
"""The decimal point, the separator of thousands and the sign of percent that stand with Arabic digits."""


def plain(text: str) -> str:
    """A text with runs of digits of one other script, and points of full width in numbers, as plain ones.

    It is as long as it was.

    >>> plain("٤٥٫٥٪")
    '45.5%'
    """
    if text.isascii():
        return text
    pointed = _WIDE_POINT.sub(".", text) if "．" in text else text
    return _RUN.sub(_plain, pointed) if _OTHER.search(pointed) else pointed


def _plain(run: re.Match[str]) -> str:
    if not _OTHER.search(run[0]) or len(_scripts(run[0])) > 1:
        return run[0]
    return "".join(str(unicodedata.decimal(c, c)) for c in run[0]).translate(_MARKS)


def _scripts(run: str) -> set[int]:
    """The scripts of the digits of a run, by the code points of their zeros."""
    return {ord(c) - unicodedata.decimal(c) for c in run if c.isdecimal()}


def unread(text: str) -> tuple[Span, ...]:
    """Where numbers stand that cannot be read: letters in the place of digits, or digits of several scripts."""
    mixed = [Span(*m.span()) for m in _RUN.finditer(text) if len(_scripts(m[0])) > 1] if _other(text) else []
    return tuple(sorted([*mixed, *(Span(*m.span()) for m in _lookalikes().finditer(text))]))


def _other(text: str) -> bool:
    return not text.isascii() and _OTHER.search(text) is not None


@cache
def _lookalikes() -> re.Pattern[str]:
    """Words of digits and letters that look like them; Latin letters stand in ordinary words, and so count inside."""
    listed = rows("read/digit_lookalikes.csv")
    latin = "".join(r["sign"] for r in listed if r["script"] == "Latin")
    strange = "".join(r["sign"] for r in listed if r["script"] != "Latin")
    of_others = rf"(?=[\d{strange}.,]*\d)(?=[\d.,]*[{strange}])[\d{strange}][\d{strange}.,]*"
    inside = rf"\d+[{latin}]+\d[\d.,]*"
    return re.compile(rf"(?<![\w.,])(?:{of_others}|{inside})(?<![.,])(?!\w)")
