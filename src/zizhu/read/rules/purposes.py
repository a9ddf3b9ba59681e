"""What an act is for, and by when: `launched nine zones to cut imports by 2028`, `approved plans for 12 mills by 2027`.

The act is of its own time. A date by which its purpose is due is a deadline, and a number behind the words of the
purpose is an aim.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from zizhu.read.model import Number, When
from zizhu.read.rules.governing import BY_NOUN
from zizhu.read.rules.lexicon import Mark, is_participle, words_tagged
from zizhu.read.rules.reading import Range, Reading

_NOT_FOR = ("started", "ended", "held")
"""Values of acts whose `to` says what is done and not what for: `began to export`."""
_TOLD = ("announced", "proposed")
"""Values of acts by which something is only said to come."""
_CLOSERS = ("”", '"', "’", "'")
_PERFECT = 3
"""Tokens from `has` to its participle, at most: `has since then trained`."""
_REACH = 8
"""Tokens from the words of a purpose to its number, at most."""


class Purpose(NamedTuple):
    """What is done and where the words begin that say what for: token ranges."""

    act: Range
    words: Range


def purposes(read: Reading, until: int) -> list[Purpose]:
    """The purposes of acts that begin before a token, each with the last act before it."""
    acts = sorted(_acts(read))
    found = []
    for words in _words(read, until):
        before = [a for a in acts if a[1] <= words[0]]
        if before and _serves(read, before[-1], words):
            found.append(Purpose(before[-1], words))
    return found


def _serves(read: Reading, act: Range, words: Range) -> bool:
    """Whether words of a purpose belong to an act: they stand in its clause, or open the next one."""
    clause = read.clause(words[0])
    near = act[0] >= clause[0] or (words[0] == clause[0] and read.clause(act[0])[1] >= clause[0] - 1)
    return near and not (act[1] == words[0] and _goes_on(read, act))


def of_purpose(read: Reading, when: When, at: int | None, announced: bool) -> bool:
    """Whether a date, by which something is due, is that of what an act before it is for.

    `at` is the token of what is claimed, which stands before the words of the purpose; None where any will do. With
    `announced` also what is only announced is an act.
    """
    there = read.at(when.span.start)
    return any(
        (at is None or at < p.words[0]) and (announced or not _announces(read, p.act))
        for p in purposes(read, there)
    )


def of_act_before(read: Reading, when: When, later: When) -> bool:
    """Whether a date is that of an act, a later one of what that is for: `in 2021 it set up a fund to ... by 2030`."""
    there = read.at(when.span.start)
    return any(there < p.words[0] for p in purposes(read, read.at(later.span.start)))


def of_adjunct(read: Reading, when: When, at: int, by: bool) -> bool:
    """Whether a date is that of a participle behind a comma: `, giving priority to ... by 2030`.

    `by` says that something is due by it.
    """
    there = read.at(when.span.start)
    commas = (k for k in range(at + 1, there - 1) if read.tokens[k].text == ",")
    opens = (k + 1 + (read.tokens[k + 1].text in _CLOSERS) for k in commas)
    return by and any(_doing(read.tokens[k].word) for k in opens if k < there)


def _doing(word: str) -> bool:
    return word.endswith("ing") and word not in words_tagged("no_participle")


def aimed_by_act(read: Reading, number: Number, at: int, clause: Range, dues: Sequence[When]) -> Mark | None:
    """The words that make an aim of a number: `set up a fund to raise 20 billion by 2030`, `plans for 12 mills by ...`.

    `dues` are the dates by which something is due; without one behind the number it is part of the act.
    """
    last = read.at(number.span.end - 1)
    if not any(last < read.at(w.span.start) < clause[1] for w in dues):
        return None
    held = [p.words for p in purposes(read, at) if p.words[0] >= clause[0] and at - p.words[1] <= _REACH]
    held = [w for w in held if _verbal(read, w) or _of_plan(read, w[0])]
    return Mark(*held[-1], "target", "purpose") if held else None


def _acts(read: Reading) -> list[Range]:
    """Verbs that tell something as done: acts of policy, and what somebody has done, but for what only rose or fell."""
    ranges = [(m.first, m.last) for m in read.cues.get("event", ()) if not _ahead(read, m)]
    for k, token in enumerate(read.tokens):
        if token.word in ("has", "have"):
            behind = range(k + 1, min(k + 1 + _PERFECT, len(read.tokens)))
            ranges += [(k, j + 1) for j in behind if _participle(read.tokens[j].word)][:1]
    return ranges


def _participle(word: str) -> bool:
    return is_participle(word) and word not in words_tagged("change") | words_tagged("moves")


def _ahead(read: Reading, mark: Mark) -> bool:
    """Whether an act is not told as done: `will launch`, `to be launched`; `had launched by 2020` is, by that date."""
    near = [t.word for t in read.tokens[max(0, mark.first - 2) : mark.first + 1]]
    return mark.value in BY_NOUN or not {"will", "to", "would", "had"}.isdisjoint(near)


def _goes_on(read: Reading, act: Range) -> bool:
    """Whether the `to` right behind an act says what is done: `began to export`, `had to close`."""
    return any(m.first == act[0] and m.value in _NOT_FOR for m in read.cues.get("event", ()))


def _announces(read: Reading, act: Range) -> bool:
    return any(m.first == act[0] and m.value in _TOLD for m in read.cues.get("event", ()))


def _words(read: Reading, until: int) -> list[Range]:
    """The words of purposes before a token: rows of `purpose`, and `to` with a verb."""
    numbers = {read.at(n.span.start) for n in read.numbers}
    marks = [(m.first, m.last) for m in read.cues.get("purpose", ()) if m.last <= until]
    found = [m for m in marks if m[1] not in numbers or m[1] - m[0] > 1 or _of_plan(read, m[0])]
    amounts = {read.at(n.span.start) for n in read.numbers if n.unit != "ratio"}  # `to double`
    infinitives = (k for k in range(1, until - 1) if read.tokens[k].word == "to")
    return sorted({*found, *((k, k + 1) for k in infinitives if _infinitive(read, k, amounts))})


def _infinitive(read: Reading, at: int, numbers: set[int]) -> bool:
    """Whether a verb stands behind `to`: a small word that is no article, name or number."""
    after = read.tokens[at + 1]
    small = after.word in words_tagged("article") | words_tagged("possessive") | words_tagged("determiner")
    noun = small or after.capital or at + 1 in numbers or at + 1 in read.within_names | read.within_dates
    return after.text.isalpha() and not noun and not after.word.endswith(("s", "ing", "ed"))


def _verbal(read: Reading, words: Range) -> bool:
    return read.tokens[words[1] - 1].word in ("to", "that")


def _of_plan(read: Reading, at: int) -> bool:
    """Whether a plan stands before a token: `approved plans for 12 plants`."""
    return any(m.last == at and m.value == "plan" for m in read.cues.get("policy_object", ()))
