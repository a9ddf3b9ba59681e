"""Runs of words that no mark of a sentence ends, such as lists on one line: cut where clauses end.

Where a run is cut depends on the words beside the cut and never on where the run begins, so that a clause is read in
the same way wherever in the run it stands. Words without any mark are cut by their count, each part to be read among
the words around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from zizhu.read.rules.lexicon import values
from zizhu.read.rules.tokens import Token
from zizhu.read.words.lexicon import words_of

LONGEST = 500
"""Tokens of a sentence, at most: reading more of them as one would cost time without bound."""
_LEAST = 8
"""Tokens between two marks that are a clause by their number, and no item of a list."""
_COUNTED, _AROUND = 120, 60
"""Tokens of a part that its count alone ends, and those on either side of it in which it is read."""
_STOPS, _COMMAS = frozenset(";；:：!?。！？."), frozenset(",，、")
_OPENED, _CLOSED = frozenset("(（[【"), frozenset(")）]】")
_LONGEST_BRACKET = 60
_JOINING = ("and", "but")

Range = tuple[int, int]
Cuts = Callable[[Sequence[Token], int, int], Iterable[int]]


class Piece(NamedTuple):
    """A part of a run, and the tokens among which it is read: its own where clauses end at both ends."""

    own: Range
    around: Range


def pieces(found: Sequence[Token], first: int, last: int) -> Iterator[Piece]:
    """A sentence, or the parts of a run that is longer than the longest one."""
    parts = [(first, last)]
    for cuts in (_behind_clauses, _behind_commas, _before_joined):
        parts = [p for part in parts for p in (_cut(part, cuts(found, *part)) if _long(part) else (part,))]
    for part in parts:
        yield from _counted(part) if _long(part) else (Piece(part, part),)


def _long(part: Range) -> bool:
    return part[1] - part[0] > LONGEST


def _cut(part: Range, places: Iterable[int]) -> Iterator[Range]:
    first, last = part
    for place in places:
        if first < place < last:
            yield first, place
            first = place
    yield first, last


def _behind_clauses(found: Sequence[Token], first: int, last: int) -> Iterator[int]:
    """Behind semicolons, and behind commas that end as many words as a clause has."""
    mark, closed = first - 1, first
    for at in range(first, last):
        text = found[at].text
        if text in _OPENED:
            closed = _closing(found, at, last)
        if at < closed or not (text in _STOPS or text in _COMMAS) or _within_word(found, at):
            continue
        if text in _STOPS or (text != "、" and at - mark > _LEAST):
            yield at + 1
        mark = at


def _behind_commas(found: Sequence[Token], first: int, last: int) -> Iterator[int]:
    """Behind every comma."""
    return (at + 1 for at in range(first, last) if found[at].text in _COMMAS)


def _before_joined(found: Sequence[Token], first: int, last: int) -> Iterator[int]:
    """Before words that join clauses, and before small words where a sentence begins.

    Those have a capital letter or follow a figure: `by 2030 the ministry`, `in 1998 It`.
    """
    small = words_of("function_words", role="determiner") | words_of("function_words", role="pronoun")
    joining = {*_JOINING, *(word for word, where in values("clause").items() if where == "any")}
    mark = first
    for at in range(first + 1, last):
        word = found[at].word
        begins = word in small and found[at - 1].word not in small
        if word in joining or (begins and (found[at].capital or found[at - 1].text[0].isdigit())):
            if at - mark > _LEAST:
                yield at
            mark = at


def _counted(part: Range) -> Iterator[Piece]:
    """Parts by their number of tokens, each among those before and behind it."""
    first, last = part
    for start in range(first, last, _COUNTED):
        end = min(start + _COUNTED, last)
        yield Piece((start, end), (max(first, start - _AROUND), min(end + _AROUND, last)))


def _closing(found: Sequence[Token], at: int, last: int) -> int:
    """The token behind a bracket that closes within usual length; else the one that opens it."""
    ends = (k + 1 for k in range(at + 1, min(at + _LONGEST_BRACKET, last)) if found[k].text in _CLOSED)
    return next(ends, at)


def _within_word(found: Sequence[Token], at: int) -> bool:
    """Whether a mark has no blank behind it, as in `9:30`; Chinese marks need none."""
    text = found[at].text
    return (
        text.isascii()
        and at + 1 < len(found)
        and found[at + 1].start == found[at].end
        and not found[at + 1].han
    )
