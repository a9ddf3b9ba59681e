"""What people call a document."""

from __future__ import annotations

import re

from zizhu.read.model import Document

_HEADED = re.compile(r"(?P<title>\S.{15,160}?) [–—|-] (?P<who>[^\W\d_][^–—|:;,.?!]{1,39})")
"""A first line that ends as titles of pages do: `Title – Publisher`."""
_SMALL = frozenset(("of", "the", "and", "for", "&"))
"""Words of a name that are written small."""


def short(name: str) -> str:
    """The last part of a path or address, by which people call a document."""
    return name.rstrip("/").rpartition("/")[2] or name


def told_apart(one: str, other: str) -> tuple[str, str]:
    """Two paths or addresses by as many of their last parts as tell them apart; by the last where they are the same.

    >>> told_apart("/a/2023/plan.txt", "/a/2024/plan.txt")
    ('2023/plan.txt', '2024/plan.txt')
    """
    parts = [name.rstrip("/").split("/") for name in (one, other)]
    for count in range(1, max(map(len, parts)) + 1):
        a, b = ("/".join(p[-count:]) for p in parts)
        if a != b:
            return a, b
    return short(one), short(other)


def called(document: Document) -> str:
    """Its title, else the last part of its path or address."""
    return document.title or short(document.name)


def masthead(text: str) -> str:
    """Who published a document by the end of its first line, `Title – Publisher`; empty where that says nobody."""
    first = text.lstrip("\ufeff\n\r ").partition("\n")[0].strip()
    found = _HEADED.fullmatch(first)
    who = found["who"].strip() if found else ""
    return who if who and all(w[0].isupper() or w in _SMALL for w in who.split()) else ""
