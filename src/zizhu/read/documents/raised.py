"""Digits that are set above the line: written as such, so that a mark of a note is no digit of the number before it."""

from __future__ import annotations

import re
from typing import Any

_ABOVE = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[a-z]|[*†‡§]+)(?:[,–-]\d{1,3})*[\])]?", re.IGNORECASE)
"""What stands for a note: `3`, `[12]`, `a`, `4,5`."""
STOPS = frozenset(".,;:!?”’\"')]。，；：！？）》")
"""Behind these, digits above the line belong to no number."""


def raised(text: str, before: str = "") -> str:
    """The text with its digits above the line; nothing for the number of a note behind a sign that ends words.

    >>> raised("12", "2,500"), raised("12", "in 2030.")
    ('¹²', '')
    """
    if before[-1:] in STOPS and text.strip().isascii() and text.strip().isdigit():
        return ""
    return text.translate(_ABOVE)


def raise_in(root: Any) -> None:
    """Write what a page sets above the line so, in place; a link to a note says nothing of what it stands beside."""
    for element in list(root.iter("sup")):
        said = "".join(element.itertext()).strip()
        link = element.find(".//a") is not None or getattr(element.getparent(), "tag", "") == "a"
        if link and _MARK.fullmatch(said):
            element.clear(keep_tail=True)
        elif said.isascii() and said.isdigit():
            element.clear(keep_tail=True)
            element.text = raised(said, _before(element))


def _before(element: Any) -> str:
    """The text right before an element, as far as it is in its own line."""
    previous = element.getprevious()
    if previous is None:
        return element.getparent().text or ""
    return previous.tail or "".join(previous.itertext())
