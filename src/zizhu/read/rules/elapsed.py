"""The last year that a document without a day tells of as gone by: what it expects by a later one lies ahead of it."""

from __future__ import annotations

from collections.abc import Sequence

from zizhu.read.dates.derived import ends
from zizhu.read.model import TimeOf, When
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.marking import Marks
from zizhu.read.rules.reading import Reading
from zizhu.read.rules.sentences import Sentence
from zizhu.read.rules.times import due

_OPEN = frozenset(("target", "forecast", "future", "aim_noun"))
"""Tags of words in whose sentence a year may be one to come."""
_BY = 3
"""Tokens between `by` and its date, at most; none in Chinese, where 到 is part of verbs as well."""


def last_told(
    parts: Sequence[Sentence],
    lists: Sequence[Marks],
    names: Sequence[Sequence[Mark]],
    dated: Sequence[Sequence[When]],
) -> str:
    """The year, by sentences that tell facts; empty where none does.

    A year in the name of a plan is none, nor is the last one of a span: a five-year plan may be under way.
    """
    years = (
        ends(when)[1]
        for part, of, held, whens in zip(parts, lists, names, dated, strict=True)
        if whens and not any(m.tag in _OPEN for m in of.cues) and _tells(part, of)
        for when in whens
        if "/" not in when.edtf and when.resolved_against is None
        if not _in_name(part, held, when) and not _behind_by(part, of, when)
    )
    return max((y for y in years if y.isdecimal()), default="")


def _tells(part: Sentence, of: Marks) -> bool:
    """Whether a sentence has a verb of the past; a Chinese one needs none."""
    if any(m.tag == "done" for m in of.cues) or any(t.han for t in part.tokens):
        return True
    return any(t.word in words_tagged("past_verb") for t in part.tokens)


def _behind_by(part: Sentence, of: Marks, when: When) -> bool:
    """Whether a word such as `by` governs a date; Chinese puts 前 behind it."""
    there = next((k for k, t in enumerate(part.tokens) if t.start >= when.span.start), 0)
    if any(t.text == "前" and t.start == when.span.end for t in part.tokens):
        return True
    ends_at = [m.last for m in of.cues if m.tag == "by"]
    return any(0 <= there - k <= (0 if part.tokens[k - 1].han else _BY) for k in ends_at)


def _in_name(part: Sentence, names: Sequence[Mark], when: When) -> bool:
    return any(
        part.tokens[m.first].start <= when.span.start < part.tokens[m.last - 1].end
        for m in names
        if m.tag in ("plan", "common", "org")
    )


def unfinished(read: Reading, at: int, when: When) -> bool:
    """Whether what is told of a number at token `at`, and due by a date, is not told as done.

    A verb of the past or perfect tells so, and a date behind an infinitive is that of other words: `600 firms race to
    finish by 2030`.
    """
    if _over(read) or any(t.word in words_tagged("perfect") for t in read.tokens[slice(*read.clause(at))]):
        return False
    there = read.at(when.span.start)
    return not any(_infinitive(read, k) for k in range(at + 1, there))


def by_now(read: Reading, times: Sequence[TimeOf], told: str) -> tuple[TimeOf, ...]:
    """The times of a fact that is not told as past without those by which something is due after `told`."""
    if _over(read):
        return tuple(times)
    return tuple(t for t in times if not (due(read, t.when) and ends(t.when)[1] > told))


def _over(read: Reading) -> bool:
    """Whether a verb of the past is in a sentence."""
    return bool(read.tagged("done")) or any(t.word in words_tagged("past_verb") for t in read.tokens)


def _infinitive(read: Reading, k: int) -> bool:
    """Whether `to` at a token opens an infinitive: no number and no article is behind it."""
    if read.tokens[k].word != "to" or k + 1 >= len(read.tokens):
        return False
    after = read.tokens[k + 1]
    return after.word.isalpha() and not after.capital and after.word not in words_tagged("possessive")
