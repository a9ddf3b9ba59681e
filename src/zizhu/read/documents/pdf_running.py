"""Running headers, footers and page numbers: pieces at the edge of a page that come again at the same height.

Two pieces are the same when their words are, or differ in one number that runs with the pages.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from zizhu.read.documents.pdf_pieces import Pieces

ROWS = 3
"""Rows from the upper and from the lower edge of a page in which headers and footers stand."""
PAGES = 3
"""Pages on which a header comes at least: fewer may be chance."""
SHARE = 0.1
"""Part of the pages on which a header comes at least: those of chapters and of left pages come on some only."""
STEP = 4.0
"""Points by which the heights of one header may differ."""
LONGEST = 200
_NUMBER = re.compile(r"\d{1,6}")
_NUMBERS = 4

Key = tuple[int, str]


def running(pages: Sequence[Pieces]) -> list[frozenset[int]]:
    """For each page, the pieces that are running headers, footers or page numbers."""
    seen: dict[Key, set[int]] = defaultdict(set)
    keys = [
        [(piece, tuple(_keys(page, piece, number))) for piece in _outer(page)]
        for number, page in enumerate(pages)
    ]
    for number, page_keys in enumerate(keys):
        for key in {key for _, found in page_keys for key in found}:
            seen[key].add(number)
    least = max(PAGES, round(SHARE * len(pages)))
    again = {key for key, numbers in seen.items() if len(numbers) >= _least(key, least)}
    return [frozenset(p for p, found in page_keys if not again.isdisjoint(found)) for page_keys in keys]


def _least(key: Key, least: int) -> int:
    # a page number alone needs no more than two pages
    return least if any(c.isalpha() for c in key[1].replace(_RUNS, "")) or _RUNS not in key[1] else 2


_RUNS = "\0page\0"


def _outer(page: Pieces) -> list[int]:
    """Pieces in the outer rows of a page."""
    if not len(page):
        return []
    row = page.rows(np.arange(len(page)))
    return np.flatnonzero((row < ROWS) | (row > row.max() - ROWS)).tolist()


def _keys(page: Pieces, piece: int, number: int) -> Iterator[Key]:
    """What a piece is recognised by: height and words, and these with each number as what it is ahead of the page."""
    words = "".join(page.words(piece).split()).casefold()
    if len(words) > LONGEST:
        return
    height = float(page.y0[piece] + page.y1[piece]) / 2
    for text in _readings(words, number):
        for near in {int((height - STEP / 2) // STEP), int((height + STEP / 2) // STEP)}:
            yield near, text


def _readings(words: str, number: int) -> Iterable[str]:
    yield words
    for found in list(_NUMBER.finditer(words))[:_NUMBERS]:
        ahead = int(found[0]) - number
        yield f"{words[: found.start()]}{_RUNS}{ahead}{words[found.end() :]}"
