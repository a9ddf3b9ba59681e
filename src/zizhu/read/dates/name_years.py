"""The year that ends a name: `Vision 2030`, 中国制造2025. It is no date of the text, but an aim may be due by it."""

from __future__ import annotations

import re

from zizhu.read.model import Span, When

_NAMED = re.compile(r"(?:[A-Z][A-Za-z]*[ -]?|[\u3400-\u9fff])\Z")
_YEAR = re.compile(r"20\d\d")
_LONGEST = 40
"""Characters of the last word of a name, at most."""


def name_year(text: str, span: Span) -> When | None:
    """The year at `span` as a time, if a word of a name stands right before it.

    >>> name_year("Vision 2030 aims", Span(7, 11)).edtf
    '2030'
    """
    year = text[span.start : span.end]
    begins = max(0, span.start - _LONGEST)
    goes_on = text[span.end : span.end + 1].isdecimal()
    if goes_on or not _YEAR.fullmatch(year) or not _NAMED.search(text[begins : span.start]):
        return None
    return When(span, year, year)
