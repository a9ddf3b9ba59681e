"""One text from the lines of all pages: lines joined to paragraphs, words broken at line ends made whole.

Between lines of a paragraph stands a blank (nothing between Chinese or Japanese characters), between paragraphs a
newline. Every character of the text keeps the box of the one that it was made from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from zizhu.read.documents.boxes import Boxes
from zizhu.read.documents.pdf_order import Flow, Row
from zizhu.read.documents.pdf_pieces import BLANK, Floats, Ints, Pieces, codes
from zizhu.read.model import Page, Span

LEADING = 1.35
"""Distance of two lines, in that which is usual in the column, from which a new paragraph begins."""
SIZES = 1.12
"""Ratio of sizes from which two lines are of two paragraphs."""
INDENT = 0.8
"""Step of the left edge, in heights of a character, at which a paragraph begins."""
SPARE = 0.6
"""Room beyond that of the next word, in heights of a character, that a line leaves only where a paragraph ends."""
TAB = 2.0
"""Blank between two pieces of a row, in heights, that is written as a tab: between cells of a table."""
NEAR = 4
"""Lines before and after one that show how far its column reaches."""
SOFT = "\u00ad"
HYPHENS = ("-", "\u2010", SOFT)
DASHES = ("\u2013", "\u2014")
ENDS = frozenset(".?!:;。？！：；…”’\"')）】」』")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_LAST_WORD = re.compile(r"[^\W\d_]+\Z")
_SHARED = re.compile(r"(?:and|or|to) ?\Z|(?:and|or|to) (?=\d|[^\W\d_]+[-\u2010])")
"""What stands behind the hyphen of `20- to 25-percent` or `short- and long-term`, which breaks no word."""
_CJK = re.compile(r"[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_SIGN = re.compile(r"[•◦▪■●○◆–—·*]\s|[(（]?(?:\d{1,2}|[a-z])[.)）]\s|[一二三四五六七八九十]{1,3}、")
"""What the line of a list begins with."""


@dataclass(frozen=True)
class Line:
    """A line of text. `at` (len(text),): the index of each character on the page; what was put in has that before it.

    word: points that the first word takes; right: how far the column reaches around it; leading: usual distance of
    lines in the column; left: usual left edge.
    """

    text: str
    at: Ints
    row: Row
    word: float
    right: float
    leading: float
    left: float


@dataclass(frozen=True)
class Laid:
    """A page that was put in order: its number from 1, its columns of lines, and the boxes of its characters."""

    number: int
    columns: tuple[tuple[Line, ...], ...]
    boxes: Floats


class Joint(NamedTuple):
    """What happens between two lines: whether the hyphen at the end of the first goes, and what is put in."""

    cut: bool
    between: str


def laid(number: int, page: Pieces, columns: Iterable[Flow]) -> Laid:
    """The lines of a page as text."""
    return Laid(number, tuple(_column(page, flow) for flow in columns), page.boxes)


def joined(pages: Sequence[Laid]) -> tuple[str, tuple[Page, ...]]:
    """The text of all pages, and for each page its span and the boxes of its characters."""
    lines = [line for page in pages for column in page.columns for line in column]
    firsts = {id(column[0]) for page in pages for column in page.columns}
    words = {w.casefold() for line in lines for w in _WORD.findall(line.text)}
    joints = [
        _joint(one, two, _carried(one, two) if id(two) in firsts else _goes_on(one, two), words)
        for one, two in pairwise(lines)
    ]
    ends = iter([*joints, Joint(False, "")])
    texts, found, start = [], [], 0
    for page in pages:
        parts, at = _page_parts((line, next(ends)) for column in page.columns for line in column)
        texts.append("".join(parts))
        end = start + len(texts[-1])
        found.append(Page(page.number, Span(start, end), Boxes.of(page.boxes[at])))
        start = end
    return "".join(texts), tuple(found)


def _page_parts(lines: Iterable[tuple[Line, Joint]]) -> tuple[list[str], Ints]:
    parts, at = [], [np.zeros(0, dtype=np.int64)]
    for line, joint in lines:
        kept = len(line.text) - joint.cut
        parts += [line.text[:kept], joint.between]
        at += [line.at[:kept], np.full(len(joint.between), line.at[-1])]
    return parts, np.concatenate(at)


def _column(page: Pieces, flow: Flow) -> tuple[Line, ...]:
    steps = [one.y0 - two.y0 for one, two in pairwise(flow)]
    leading = float(np.median(steps)) if steps else 0.0
    left = float(np.median([row.x0 for row in flow]))
    return tuple(_line(page, row, _right(flow, at), leading, left) for at, row in enumerate(flow))


def _right(flow: Flow, at: int) -> float:
    """How far lines around a line reach that begin about where it does."""
    row = flow[at]
    around = flow[max(0, at - NEAR) : at + NEAR + 1]
    return max(r.x1 for r in around if abs(r.x0 - row.x0) <= 2 * row.size)


def _line(page: Pieces, row: Row, right: float, leading: float, left: float) -> Line:
    parts: list[str] = []
    at: list[Ints] = []
    before = row.x0
    for piece in row.pieces:
        if parts:
            parts.append("\t" if page.x0[piece] - before > TAB * row.size else " ")
            at.append(at[-1][-1:])
        kept = _kept(page, piece)
        whole = page.words(piece)
        parts.append(whole if len(kept) == len(whole) else "".join(page.text[i] for i in kept.tolist()))
        at.append(kept)
        before = float(page.x1[piece])
    text, found = "".join(parts), np.concatenate(at)
    return Line(text, found, row, _first_word(page, text, found), right, leading, left)


def _kept(page: Pieces, piece: int) -> Ints:
    """The characters of a piece that go into the text: one blank of several."""
    first = int(page.first[piece])
    blank = codes(page.words(piece)) == BLANK
    return first + np.flatnonzero(~blank | ~np.append(False, blank[:-1]))


def _first_word(page: Pieces, text: str, at: Ints) -> float:
    """Points that the first word of a line takes; of Chinese two characters, as signs may not begin a line."""
    blank = text.find(" ")
    end = 1 if _CJK.match(text) else blank - 1 if blank > 0 else -1
    end = min(end, len(at) - 1)
    return float(page.boxes[at[end], 2] - page.boxes[at[0], 0])


def _goes_on(one: Line, two: Line) -> bool:
    """Whether a line goes on with the paragraph of the line above it."""
    a, b = one.row, two.row
    if (
        a.y0 - b.y0 > LEADING * max(two.leading, b.size / SIZES)
        or _of_two_sizes(a, b)
        or _SIGN.match(two.text)
    ):
        return False
    if _open(one) and two.text[0].islower():
        return True
    steps = abs(b.x0 - two.left) > INDENT * b.size and abs(b.x0 - a.x0) > INDENT * b.size
    return not (steps and not _SIGN.match(one.text)) and _full(one, two)


def _carried(one: Line, two: Line) -> bool:
    """Whether a line goes on with the paragraph that the column or page before it ends with."""
    if not _open(one) or _of_two_sizes(one.row, two.row) or _SIGN.match(two.text):
        return False
    return two.text[0].islower() or _full(one, two)


def _full(one: Line, two: Line) -> bool:
    """Whether the first word of the next line had no room any more."""
    right = max(one.right, two.right) if one.row.y0 > two.row.y0 else one.right
    spare = right - one.row.x1 - two.word
    return one.text[-1] in HYPHENS or spare < SPARE * two.row.size


def _open(line: Line) -> bool:
    return line.text[-1] not in ENDS


def _of_two_sizes(one: Row, two: Row) -> bool:
    return max(one.size, two.size) > SIZES * min(one.size, two.size)


def _joint(one: Line, two: Line, same: bool, words: set[str]) -> Joint:
    if not same:
        return Joint(False, "\n")
    last, first = one.text[-1], two.text[0]
    if last in HYPHENS and len(one.text) > 1 and not one.text[-2].isspace():
        if one.text[-1] != SOFT and _SHARED.match(two.text):
            return Joint(False, " ")
        return Joint(_broken(one.text, two.text, words), "")
    if last in DASHES and len(one.text) > 1 and not one.text[-2].isspace():
        return Joint(False, "")
    return Joint(False, "" if _CJK.match(last) and _CJK.match(first) else " ")


def _broken(one: str, two: str, words: set[str]) -> bool:
    """Whether the hyphen between two lines only breaks a word: not where the document has it with its hyphen."""
    head, tail = _LAST_WORD.search(one[:-1]), _WORD.match(two)
    if one[-1] == SOFT:
        return True
    if head is None or tail is None or not two[0].islower():
        return False
    whole, dashed = (f"{head[0]}{sign}{tail[0]}".casefold() for sign in ("", "-"))
    return whole in words or dashed not in words
