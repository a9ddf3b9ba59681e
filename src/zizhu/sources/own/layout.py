"""How a text table is written: encoding, delimiter, decimal sign and the row of the names, each with a reason.

Every guess looks at the text alone and gives the same answer for the same text.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Generic, TypeVar

from zizhu.sources.files.cells import DELIMITERS
from zizhu.sources.files.wrong_cells import is_mixed
from zizhu.sources.own.measures import measure, measure_of_title

T = TypeVar("T")
NAMED = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
BLOCK = 1 << 20
LINES = 200
ABOVE = 30
"""Rows in which the names are looked for."""
NUMBER = re.compile(r"[+\-−]?\d[\d.,'\u00a0\u202f ]*(?:[eE][+-]?\d+)?%?")
_POINT = re.compile(r"[+\-−]?(?:\d+|\d{1,3}(?:,\d{3})+)\.\d+(?:[eE][+-]?\d+)?%?")
_COMMA = re.compile(r"[+\-−]?(?:\d+|\d{1,3}(?:[. \u00a0\u202f]\d{3})+),\d+%?")
_THREE = re.compile(r"[+\-−]?[1-9]\d{0,2}[.,]\d{3}")
YEARLIKE = re.compile(
    r"(?:FY|Y|YR)?\s*(?:1[89]|20|21)\d{2}\s*(?:年|Q[1-4]|-\d{2}|\s*\[YR\d{4}\])?", re.IGNORECASE
)


@dataclass(frozen=True)
class Guess(Generic[T]):
    """A value, how sure it is in [0, 1] (of guesses at p about the share p is right), and why."""

    value: T
    confidence: float
    reason: str


def encoding(stream: IO[bytes]) -> Guess[str]:
    """The encoding of all bytes of a stream, which is read to its end."""
    head = stream.read(BLOCK)
    if head.startswith(codecs.BOM_UTF8):
        return Guess("utf-8", 0.99, "the file begins with the mark of UTF-8")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Guess("utf-16", 0.99, "the file begins with the mark of UTF-16")
    seen = _Seen()
    while head:
        if b"\0" in head:
            return Guess("utf-8", 0.1, "it has bytes that no text has")
        seen.add(head)
        head = stream.read(BLOCK)
    return seen.guess()


class _Seen:
    """What the bytes that went by say of their encoding."""

    def __init__(self) -> None:
        self._utf8 = codecs.getincrementaldecoder("utf-8")()
        self._gb = codecs.getincrementaldecoder("gb18030")()
        self.is_utf8 = self.is_gb = True
        self.ascii = True
        self.hanzi = self.common = self.windows = self.letters = self.high = 0

    def add(self, piece: bytes) -> None:
        """Look at a further piece."""
        self.ascii &= piece.isascii()
        self.is_utf8 &= _decodes(self._utf8, piece)
        if self.ascii or self.is_utf8:
            return
        self.is_gb &= _decodes(self._gb, piece)
        if self.high < 1 << 20:
            self._count(piece)

    def _count(self, piece: bytes) -> None:
        """Pairs of high bytes, which Chinese has, against single ones between letters, which Western text has."""
        pairs = re.findall(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]", piece)
        self.hanzi += len(pairs)
        self.common += sum((0xB0 <= p[0] <= 0xF7 or p[0] <= 0xA3) and p[1] >= 0xA1 for p in pairs)
        self.high += len(re.findall(rb"[\x80-\xff]", piece))
        self.windows += len(re.findall(rb"[\x80-\x9f]", piece))
        self.letters += len(re.findall(rb"(?<![\x80-\xff])[\xc0-\xff](?![\x80-\xff])", piece))

    def guess(self) -> Guess[str]:
        """The encoding that fits best."""
        if self.ascii:
            return Guess("utf-8", 0.99, "plain letters only, the same in every encoding")
        if self.is_utf8:
            return Guess("utf-8", 0.99, "every byte of the file is valid UTF-8")
        usual = self.common / max(self.hanzi, 1)
        alone = self.letters / max(self.high, 1)
        if self.is_gb and usual >= 0.9:
            return Guess(
                "gb18030", 0.96, f"{usual:.0%} of its double bytes are usual Chinese characters in GBK"
            )
        if alone >= 0.8:
            name = "cp1252" if self.windows else "latin-1"
            return Guess(
                name, 0.9, f"{alone:.0%} of its special letters stand alone, as in Western languages"
            )
        if self.is_gb and usual >= 0.5:
            return Guess(
                "gb18030", 0.6, f"{usual:.0%} of its double bytes are usual Chinese characters in GBK"
            )
        return Guess("cp1252", 0.3, "no encoding fits well: look at the sample values")


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes) -> bool:
    try:
        decoder.decode(piece)
    except UnicodeDecodeError:
        return False
    return True


def delimiter(lines: Sequence[str]) -> Guess[str]:
    """What stands between the cells of the lines of a text."""
    if not lines:
        return Guess(",", 0.0, "no lines")
    scored = []
    for mark in DELIMITERS:
        widths = [len(r) for r in split(lines, mark) if len(r) > 1]
        if not widths:
            continue
        width, times = Counter(widths).most_common(1)[0]
        rows = max(sum(1 for line in lines if line.strip()), 1)
        scored.append((times / rows, width, mark))
    if not scored:
        return Guess(",", 0.5, "one column only: nothing stands between cells")
    even = [s for s in scored if s[0] >= 0.9 * max(scored)[0]]
    best = max(even, key=lambda s: (_in_header(lines, s[2], s[1]), s[1], s[0]))
    share, width, mark = best
    rivals = [s for s in even if s[2] != mark and _in_header(lines, s[2], s[1])]
    sure = 0.75 if rivals else 0.98 if share > 0.9 else 0.9 if share > 0.6 else 0.6
    return Guess(
        mark, sure, f"{NAMED[mark]} give {width} cells in {share:.0%} of the first {len(lines)} lines"
    )


def split(lines: Sequence[str], mark: str) -> list[list[str]]:
    """The rows of these lines, none where they are no CSV."""
    try:
        return list(csv.reader(lines, delimiter=mark))
    except csv.Error:
        return []


def _in_header(lines: Sequence[str], mark: str, width: int) -> bool:
    """Whether a line of words, such as the names, is split into as many cells as the others."""
    for cells in split(lines[:ABOVE], mark):
        if len(cells) == width and not any(NUMBER.fullmatch(c.strip()) and "," in c for c in cells):
            words = [c for c in cells if c.strip() and not NUMBER.fullmatch(c.strip())]
            if len(words) >= max(1, width // 2):
                return True
    return False


def decimal(cells: Iterable[str]) -> Guess[str]:
    """The decimal sign of the numbers among some cells."""
    point = comma = three_point = three_comma = 0
    mixed = ""
    for cell in cells:
        if _THREE.fullmatch(cell):
            three_point += "." in cell
            three_comma += "," in cell
        elif _POINT.fullmatch(cell):
            point += 1
        elif _COMMA.fullmatch(cell):
            comma += 1
        elif "." in cell and "," in cell and NUMBER.fullmatch(cell) and is_mixed(cell):
            mixed = mixed or cell
    if point or comma:
        sign, many, few = (".", point, comma) if point >= comma else (",", comma, point)
        share = many / (many + few)
        sure = 0.98 if share > 0.98 else 0.7
        return Guess(sign, sure, f"{many} of {many + few} numbers with decimals have the sign {sign}")
    if mixed:
        last = max(".,", key=mixed.rfind)
        return Guess(last, 0.4, f"cells such as {mixed!r} have points and commas at odd places")
    if three_comma > three_point:
        return Guess(".", 0.7, f"{three_comma} numbers such as 1,234: taken for commas between thousands")
    if three_point:
        return Guess(".", 0.7, f"{three_point} numbers such as 1.234: taken for decimals, may be thousands")
    return Guess(".", 0.95, "no number has decimals")


@dataclass(frozen=True)
class Header:
    """The row of the names (from 1; 0: there is none), rows below it without data, and the lines above it."""

    row: int
    skip: int
    above: tuple[str, ...]


def header(rows: Sequence[Sequence[str]]) -> Guess[Header]:
    """Where the names of the columns stand among the first rows of a table."""
    filled = [sum(bool(c.strip()) for c in r) for r in rows[:LINES]]
    usual = Counter(filled[1:] or filled).most_common(1)[0][0] if filled else 0
    enough = max(1, round(0.7 * usual))
    place = next((i for i, n in enumerate(filled[:ABOVE]) if n >= enough and (n > 1 or usual <= 1)), 0)
    if not rows:
        return Guess(Header(1, 0, ()), 0.0, "no rows")
    names = [c.strip() for c in rows[place]]
    numbers = sum(bool(NUMBER.fullmatch(c)) and not YEARLIKE.fullmatch(c) for c in names)
    above = tuple(" ".join(c for c in r if c.strip()) for r in rows[:place])
    if numbers > len(names) / 4:
        return Guess(
            Header(0, 0, above), 0.5, f"row {place + 1} has {numbers} numbers: there may be no row of names"
        )
    skip = _unit_rows(rows[place + 1 : place + 4])
    lines = f" after {place} lines of title" if place else ""
    sure = 0.97 if not place and not skip else 0.93
    if len(set(names)) < len(names) or "" in names:
        sure -= 0.07
    return Guess(Header(place + 1, skip, above), sure, f"row {place + 1} has {len(names)} names{lines}")


def _unit_rows(rows: Sequence[Sequence[str]]) -> int:
    """How many of the rows below the names tell units or repeat names, before rows with numbers."""
    for i, row in enumerate(rows[:3]):
        cells = [c.strip() for c in row if c.strip()]
        if any(NUMBER.fullmatch(c) for c in cells):
            told = rows[:i]
            units = sum(measure(c.strip("()（）[]")) is not None for r in told for c in r if c.strip())
            return i if i and units else 0
    return 0


def measures_above(above: Iterable[str]) -> str:
    """What the lines of title say of the unit of the whole table, as it stands there; "" where they say nothing."""
    found = (measure_of_title(line) for line in above)
    return next((hit[1] for hit in found if hit), "")
