"""The order in which the pieces of a page are read: columns from left to right, each from top to bottom.

What reaches across two columns (a title, a wide table) parts the page into bands, and each band is read by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zizhu.read.documents.pdf_pieces import Bools, Floats, Ints, Pieces

LEAST_LINES = 4
"""Lines that a column has at least."""
LEAST_LETTERS = 12
"""Letters of the piece in which its usual letter stands: cells of numbers and signs of lists are no columns."""
TRIED = 24
"""Places that are looked at for the gap between columns, best first."""
ALONE = 0.25
"""What a line across the gap speaks against it if it has its row for itself, as titles and summaries do."""
SAME_ROW = 0.5
"""Share of the lower of two pieces that must stand beside the other for both to be in one row."""
DEEPEST = 6
"""Times that a column is parted again."""
APART = 2.5
"""Blank above the line at the foot of a page, in heights of its largest letters, at least."""
EDGE = 1.0
"""Points by which a line may reach into the gap between columns."""


@dataclass(frozen=True)
class Row:
    """A line of a column: pieces from left to right, and its box."""

    pieces: tuple[int, ...]
    x0: float
    y0: float
    x1: float
    y1: float
    size: float


Flow = tuple[Row, ...]
"""Lines that follow one another in one column."""


def flows(page: Pieces, left_out: frozenset[int] = frozenset()) -> list[Flow]:
    """The columns of a page in the order of reading, without the pieces that are `left_out`."""
    pieces = np.array([p for p in range(len(page)) if p not in left_out], dtype=np.int64)
    foot = _foot(page, pieces)
    return _ordered(page, pieces[~foot], 0) + ([_rows(page, pieces[foot])] if foot.any() else [])


def _foot(page: Pieces, pieces: Ints) -> Bools:
    """Which pieces are the line at the foot of a page: its lowest row, far below all that stands above it."""
    row = page.rows(pieces)
    lowest = row == 0
    if not len(pieces) or lowest.all():
        return np.zeros(len(pieces), dtype=np.bool_)
    away = float(page.y0[pieces[~lowest]].min() - page.y1[pieces[lowest]].max())
    return lowest if away > APART * float(page.size[pieces].max()) else np.zeros_like(lowest)


def _ordered(page: Pieces, pieces: Ints, depth: int) -> list[Flow]:
    gap = _gap(page, pieces) if depth < DEEPEST else None
    if gap is None:
        return [_rows(page, pieces)] if len(pieces) else []
    crossing = (page.x0[pieces] < gap - EDGE) & (page.x1[pieces] > gap + EDGE)
    middle = (page.y0[pieces] + page.y1[pieces]) / 2
    across, inside = pieces[crossing], pieces[~crossing]
    # a band lies below as many of the pieces that reach across as its number says
    band = np.searchsorted(np.sort(-middle[crossing]), -middle[~crossing])
    across = across[np.argsort(-middle[crossing], kind="stable")]
    found, start = [], 0
    for number in np.unique(band).tolist():
        found += [_rows(page, across[start:number])] if number > start else []
        found += _two(page, inside[band == number], gap, depth)
        start = number
    return found + ([_rows(page, across[start:])] if start < len(across) else [])


def _two(page: Pieces, pieces: Ints, gap: float, depth: int) -> list[Flow]:
    left = (page.x0[pieces] + page.x1[pieces]) / 2 < gap
    return _ordered(page, pieces[left], depth + 1) + _ordered(page, pieces[~left], depth + 1)


def _gap(page: Pieces, pieces: Ints) -> float | None:
    """Where the widest columns part: the place with the most lines on its poorer side; None for one column."""
    if len(pieces) < 2 * LEAST_LINES:
        return None
    x0, x1 = page.x0[pieces], page.x1[pieces]
    ends = np.unique(np.ceil(x1))
    before, after = _sides(x0, x1, ends)
    poorer = np.minimum(before, after)
    row = page.rows(pieces)
    beside = np.bincount(row)[row] > 1
    across = len(pieces) - before - after
    in_rows = beside.sum() - sum(_sides(x0[beside], x1[beside], ends))
    score = np.where(poorer < LEAST_LINES, -np.inf, poorer - in_rows - ALONE * (across - in_rows))
    for at in np.argsort(-score, kind="stable")[: min(TRIED, int((poorer >= LEAST_LINES).sum()))]:
        gap = _middle(float(ends[at]), x0)
        if _wide(page, pieces, gap):
            return gap
    return None


def _sides(x0: Floats, x1: Floats, ends: Floats) -> tuple[Ints, Ints]:
    """How many pieces end before each place, and how many begin after it."""
    return np.searchsorted(np.sort(x1), ends, "right"), len(x0) - np.searchsorted(np.sort(x0), ends, "left")


def _middle(end: float, x0: Floats) -> float:
    """Half way from where lines end to where the next begin."""
    return (end + float(x0[x0 >= end].min())) / 2


def _wide(page: Pieces, pieces: Ints, gap: float) -> bool:
    """Whether there is running text on both sides."""
    letters = page.last[pieces] - page.first[pieces] + 1
    sides = (page.x1[pieces] <= gap), (page.x0[pieces] >= gap)
    # weighted by letters, so that single words of a line with wide blanks do not count much
    return all((letters[side] ** 2).sum() >= LEAST_LETTERS * letters[side].sum() for side in sides)


def _rows(page: Pieces, pieces: Ints) -> Flow:
    """Pieces of one column as lines from top to bottom."""
    middle = (page.y0[pieces] + page.y1[pieces]) / 2
    lines: list[list[int]] = []
    for piece in pieces[np.argsort(-middle, kind="stable")].tolist():
        if lines and _beside(page, lines[-1][0], piece):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return tuple(_row(page, sorted(line, key=lambda p: float(page.x0[p]))) for line in lines)


def _beside(page: Pieces, one: int, other: int) -> bool:
    both = min(page.y1[one], page.y1[other]) - max(page.y0[one], page.y0[other])
    lower = min(page.y1[one] - page.y0[one], page.y1[other] - page.y0[other])
    return bool(both > SAME_ROW * lower)


def _row(page: Pieces, pieces: list[int]) -> Row:
    return Row(
        tuple(pieces),
        float(min(page.x0[p] for p in pieces)),
        float(min(page.y0[p] for p in pieces)),
        float(max(page.x1[p] for p in pieces)),
        float(max(page.y1[p] for p in pieces)),
        float(sorted(page.size[p] for p in pieces)[len(pieces) // 2]),
    )
