"""The last year that a document without a day tells of as gone by: what it expects by a later one lies ahead of it."""

from __future__ import annotations

from collections.abc import Sequence

from zizhu.read.dates.derived import ends
from zizhu.read.model import When
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.marking import Marks
from zizhu.read.rules.sentences import Sentence

_OPEN = frozenset(("target", "forecast", "future", "by", "aim_noun"))
"""Tags of words in whose sentence a year may be one to come."""


def last_told(
    parts: Sequence[Sentence],
    lists: Sequence[Marks],
    names: Sequence[Sequence[Mark]],
    dated: Sequence[Sequence[When]],
) -> str:
    """The year, by sentences that tell facts; empty where none does. A year in the name of a plan is none."""
    years = (
        ends(when)[1]
        for part, of, held, whens in zip(parts, lists, names, dated, strict=True)
        if whens and not any(m.tag in _OPEN for m in of.cues) and _tells(part, of)
        for when in whens
        if when.resolved_against is None and not _in_name(part, held, when)
    )
    return max((y for y in years if y.isdecimal()), default="")


def _tells(part: Sentence, of: Marks) -> bool:
    """Whether a sentence has a verb of the past; a Chinese one needs none."""
    if any(m.tag == "done" for m in of.cues) or any(t.han for t in part.tokens):
        return True
    return any(t.word in words_tagged("past_verb") for t in part.tokens)


def _in_name(part: Sentence, names: Sequence[Mark], when: When) -> bool:
    return any(
        part.tokens[m.first].start <= when.span.start < part.tokens[m.last - 1].end
        for m in names
        if m.tag in ("plan", "common", "org")
    )
