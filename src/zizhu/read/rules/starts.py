"""The level that a change starts from: `rose from 25 to 100 % in 2024` says when it ended, and not when it began.

Such a level has a date only where one stands right beside it, or where the whole change has a beginning and an end.
"""

from __future__ import annotations

from zizhu.read.dates.derived import ends
from zizhu.read.model import Number, When
from zizhu.read.rules.governing import is_baseline
from zizhu.read.rules.reading import Reading

_BESIDE = 4
"""Tokens between such a level and its own date, at most."""
_HAN_BESIDE = 2
_RATE = 4
"""Tokens from a number to the `per` that makes a rate of it, at most."""


def starts(read: Reading, at: int) -> bool:
    """Whether the number at a token is what a change starts from; what is only compared with is none."""
    compared = any(m.value == "compared" and m.last in (at - 1, at) for m in read.cues.get("from", ()))
    return not compared and is_baseline(read, at)


def of_the_end(read: Reading, when: When, number: Number, at: int) -> bool:
    """Whether a date is not that of the level that a change starts from, but of its end."""
    first, last = ends(when)
    spanning = any(w.span.start <= when.span.start and when.span.end <= w.span.end for w in read.implied)
    if first != last or spanning or not starts(read, at):
        return False
    there, until = read.at(when.span.start), read.at(when.span.end - 1)
    if there < at:
        return not (read.tokens[until].han and at - until - 1 <= _HAN_BESIDE)
    between = any(at < k < there for k in read.figures)
    between = between or any(t.word in ("to", "到", "至") for t in read.tokens[at:there])
    return between or there - behind_rate(read, number) > _BESIDE


def behind_rate(read: Reading, number: Number) -> int:
    """The last token of a number with what it is a rate of: `49 units per 10,000 workers`."""
    last = read.at(number.span.end - 1)
    near = range(last + 1, min(last + _RATE, len(read.tokens) - 2))
    return next(
        (k + 2 for k in near if read.tokens[k].word == "per" and read.tokens[k + 1].text[0].isdigit()), last
    )
