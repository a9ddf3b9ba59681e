"""Which end of a span of time a number is of, and from when to when a change was.

`rose from 5 to 8 over the past decade`: 5 is of its beginning, 8 of its end; `3 points more than in 2014` is of the
time from 2014 on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from zizhu.ledger.claims import ClaimKind
from zizhu.read.dates.derived import ends, first_of, from_to, last_of
from zizhu.read.model import Number, Span, TimeOf, When
from zizhu.read.rules.lexicon import words_tagged
from zizhu.read.rules.reading import Range, Reading

TOLD: tuple[ClaimKind, ...] = ("actual", "ranking", "attribution")
"""What tells of something that is or was."""
Side = Literal["first", "last", "change", ""]
_REACH = 12
"""Tokens between a verb of change and the level that it leads to, at most."""
_RECORD = 4
"""Tokens between a record and the time that it is one of, at most."""
_BESIDE = 2
"""Tokens between a word of change and its amount, at most."""
_YEAR = 4
_ENDS = ("end of", "ends of", "close of")
_OPENS, _HEADS, _HEADED = ("(", "（"), tuple(f"{a}{b}" for a in ")）" for b in ":：—–-"), 6
"""Signs around years at the head of a list, and the characters in which they stand."""
_SPAN = 2
"""Years from the first to the last of a span that has two ends."""
_MADE_OF = ("percentage_point", "percent", "ratio")


def fitted(
    read: Reading, kind: ClaimKind, number: Number, times: Sequence[TimeOf], told: bool = True
) -> tuple[TimeOf, ...]:
    """The times of a claim with a number, each span that it is only one end of as that end.

    `told` is False where a date is one that something is due by, so that it may be no fact.
    """
    if not any(_spans(t.when) or t.role == "baseline" for t in times):
        return tuple(times)
    side = _side(read, number)
    held = [_end(read, t, side) for t in times]
    if told and side == "change" and kind == "actual":
        held = _since_baseline(read, held)
    return tuple(held)


def _spans(when: When) -> bool:
    first, last = ends(when)
    return first != last


def is_stage(read: Reading, when: When) -> bool:
    """Whether years in brackets head what a stage of a plan is to bring: `Phase 1 (2024-2030): ten mills`."""
    before, behind = read.text[: when.span.start].rstrip()[-1:], read.text[when.span.end :][:_HEADED]
    return _spans(when) and before in _OPENS and behind.lstrip("年 ").startswith(_HEADS)


def _end(read: Reading, time: TimeOf, side: Side) -> TimeOf:
    first, last = ends(time.when)
    if int(last) - int(first) < _SPAN:  # 2024-25 is the name of a financial year
        return time
    if time.role == "deadline":
        at_end = time.when.as_written.lower().startswith(_ENDS) or is_stage(read, time.when)
        return replace(time, when=last_of(time.when)) if at_end else time
    if side == "last":
        return replace(time, when=last_of(time.when))
    return replace(time, when=first_of(time.when)) if side == "first" else time


def _since_baseline(read: Reading, times: list[TimeOf]) -> list[TimeOf]:
    """A change in a year from an earlier one that is named is of the time from that to this.

    What changed in one year is of that year.
    """
    base = next((t.when for t in times if t.role == "baseline" and _is_year(t.when)), None)
    if base is None:
        return times
    return [
        replace(t, when=from_to(base, t.when, read.text))
        if t.role == "observation" and int(ends(t.when)[1]) > int(base.edtf) + 1 and not _spans(t.when)
        else t
        for t in times
    ]


def _is_year(when: When) -> bool:
    """Whether a date is a year that is named, and not counted from another one."""
    return when.edtf.isdecimal() and when.resolved_against is None


def _side(read: Reading, number: Number) -> Side:
    """Whether a number is a level at the beginning or end of a change, or the change itself."""
    first = read.at(number.span.start)
    if first and read.tokens[first - 1].text in "(（":
        return _restated(read, first - 1)
    before = read.tokens[first - 1].word if first else ""
    if before in ("from", "从", "由", "自"):
        return "first"
    if before == "to" and _moves(read, first - 1):
        return "last"
    if any(m.last == first for m in read.cues.get("to_level", ())):
        return "last"
    return "change" if _changes(read, first, number) else ""


def _restated(read: Reading, bracket: int) -> Side:
    """The side of the number right before a bracket, in which it is said again in other units."""
    for other in read.numbers:
        if 0 < bracket - read.at(other.span.end - 1) <= _BESIDE:
            return _side(read, other)
    return ""


def _moves(read: Reading, to: int) -> bool:
    """Whether a verb of change stands before `to`."""
    return any(to - _REACH <= m.first < to for tag in ("change", "moves") for m in read.cues.get(tag, ()))


def _changes(read: Reading, first: int, number: Number) -> bool:
    """Whether a number is an amount of change: `rose 12 percent`, `an increase of 3 points`, `提高3个百分点`."""
    if number.unit == "percentage_point":
        return True
    if number.unit not in _MADE_OF:
        return read.tokens[first - 1].word == "by" and _moves(read, first - 1) if first else False
    after = read.at(number.span.end - 1) + 1
    if after < len(read.tokens) and read.tokens[after].word in words_tagged("compared_word"):
        return True
    near = read.tokens[max(0, first - _BESIDE) : first]
    if any(t.word in words_tagged("to_level_word") for t in near):
        return False
    return any(t.word in ("up", "down", "by") for t in near) or any(
        first - _BESIDE <= m.last <= first for m in read.cues.get("change", ())
    )


def until_now(read: Reading, time: TimeOf, kind: ClaimKind) -> TimeOf:
    """A fact that is so since a year is of the time until the document's: `since 2021`, `2019年以来`.

    A record is none of it, which is only compared with that time: `the lowest since 2009`.
    """
    if kind != "actual" or not read.implied or time.role not in ("observation", "baseline"):
        return time
    since = next((w for w in read.implied if _holds(w.span, time.when.span)), None)
    if since is None:
        return time
    return replace(time, role="baseline") if _is_record(read, since) else TimeOf(since, "observation")


def _is_record(read: Reading, since: When) -> bool:
    """Whether `since` a year tells over what time something is a record; Chinese puts the record behind it."""
    first, last = read.at(since.span.start), read.at(since.span.end - 1) + 1
    near = (last, last + _RECORD) if read.tokens[last - 1].han else (first - _RECORD, first)
    return bool(read.tagged("record", (max(near[0], 0), near[1])))


def implied_in(read: Reading, clause: Range, kind: ClaimKind, number: Number) -> list[TimeOf]:
    """The time that other words of the clause imply: how many years ahead of the document, the year of an index."""
    begins = 0 if read.tokens[clause[0]].han else clause[0]  # Chinese opens a sentence with the time
    held = [w for w in reversed(read.implied) if begins <= read.at(w.span.start) < clause[1]]
    for when in held:
        own = same_place(when, number)
        year = (when.resolved_against or "")[:_YEAR]
        if year and ends(when)[1] > year:
            spanning = "/" in when.edtf
            if kind == "target" and not own:
                return [TimeOf(when, "deadline")]
            if kind == "forecast" and (spanning or not own):
                return [TimeOf(when, "observation" if spanning else "deadline")]
        elif kind in TOLD and not any(_holds(when.span, w.span) for w in read.whens):
            return [TimeOf(when, "observation")]
    return []


def same_place(when: When, number: Number) -> bool:
    return when.span.start < number.span.end and number.span.start < when.span.end


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
