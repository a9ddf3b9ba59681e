"""All dates of a text by form, before any is resolved."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from zizhu.read.dates.chinese import mentions as chinese
from zizhu.read.dates.english import DIGIT_READERS, Read, Reader, day_led, mention, month_led, readers
from zizhu.read.dates.forms import Mention, Point
from zizhu.read.dates.relative import ago, weekday
from zizhu.read.words.tables import Tables, tables
from zizhu.read.words.tokens import DIGITS, Tokens, addresses, hits, tokens

_YEAR = re.compile(r"\d{4}")
_HAN = frozenset("年月日号天周上下本前近今明去末底期未过后昨十")


@cache
def _readers() -> dict[str, tuple[Reader, ...]]:
    return readers()


@lru_cache(maxsize=4)
def scanned(text: str) -> tuple[Mention, ...]:
    """The dates of a text in order, none inside another."""
    cut = tokens(text)
    found = _western(cut)
    if not text.isascii() and any(c in text for c in _HAN):
        found = _merged(found, chinese(text))
    held = tables(text)
    return tuple(m for m in _outside(text, found) if not (held.rows and _is_figure(text, held, m)))


def _is_figure(text: str, held: Tables, mention: Mention) -> bool:
    """Whether four digits fill a cell below a year: they are a figure, as 1995 in a row `Jobs | 1995 | 2040`."""
    place = held.at(mention.start)
    if place is None or place.in_head or place.column == 0:
        return False
    cell = place.cell
    digits = text[cell.start : cell.end]
    dated = any(_YEAR.search(text[head.start : head.end]) for head in place.heads)
    return digits.isdecimal() and cell.end == mention.end and dated


def _outside(text: str, found: list[Mention]) -> list[Mention]:
    """The mentions that are not part of an address."""
    places = addresses(text)
    return [m for m in found if not any(a < m.end and m.start < b for a, b in places)] if places else found


def _western(cut: Tokens) -> list[Mention]:
    table = _readers()
    found: list[Mention] = []
    done = 0
    for i in hits(cut, lambda w: w in table or w[0] in DIGITS):
        if i < done:
            continue
        for reader in table.get(cut.low[i], DIGIT_READERS):
            read = reader(cut, i)
            if read is not None:
                if reader is ago:
                    _append(found, Mention(cut.start[read[1]], cut.end[i], read[0]))
                    done = i + 1
                else:
                    done = _placed(cut, found, i, read, reader)
                break
    return found


def _placed(cut: Tokens, found: list[Mention], i: int, read: Read, reader: Reader) -> int:
    """Adds a mention; a weekday before a day of a month belongs to it."""
    if reader is weekday:
        k = read[1] + (cut.low[read[1]] == ",")
        full = month_led(cut, k) or day_led(cut, k)
        read = full if full and isinstance(full[0], Point) and full[0].part.day else read
    _append(found, mention(cut, i, read))
    return read[1]


def _append(found: list[Mention], new: Mention) -> None:
    while found and found[-1].end > new.start:
        found.pop()
    found.append(new)


def _merged(western: list[Mention], han: list[Mention]) -> list[Mention]:
    """Both lists in order; of two that overlap the longer stays."""
    both = sorted(western + han, key=lambda m: (m.start, m.start - m.end))
    kept: list[Mention] = []
    for m in both:
        if kept and m.start < kept[-1].end:
            if m.end - m.start > kept[-1].end - kept[-1].start:
                kept[-1] = m
            continue
        kept.append(m)
    return kept
