"""The year in the name of a plan, by which its aims are due where they have no date of their own: `Vision 2030`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from zizhu.read.dates.name_years import name_year
from zizhu.read.model import NEARBY, Candidate, Span, TimeOf, When
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.reading import Reading
from zizhu.vocab.packfiles import rows

_YEAR = len("2030")
_OF_START = ("of", "act", "law", "bill", "code", "budget")
"""Words before a year that is the one in which something was passed: `Act of 2022`."""


@dataclass
class PlanEnds:
    """The years that end the names of plans where a document has been read up to."""

    titled: dict[str, When] = field(default_factory=dict)
    """Those that headings and titles name."""
    near: dict[str, When] = field(default_factory=dict)
    """Those that the paragraph names."""
    paragraph: int = -1

    def after(self, read: Reading, heading: bool) -> None:
        """Go on past a sentence."""
        if read.sentence.paragraph != self.paragraph:
            self.near, self.paragraph = {}, read.sentence.paragraph
        found = _named(read)
        self.near |= found
        self.titled |= found if heading else {}

    def due(self, read: Reading, made: Candidate) -> tuple[TimeOf, ...]:
        """The deadline of an aim of such a plan that has no date of its own."""
        if made.kind != "target":
            return ()
        near = self.near if read.sentence.paragraph == self.paragraph else {}
        near = {p: w for p, w in near.items() if (made.start or 0) - w.span.end <= NEARBY}
        ends = {**self.titled, **near, **_named(read)}
        return tuple(TimeOf(ends[p], "deadline") for p in made.plans if p in ends)[:1]


def _named(read: Reading) -> dict[str, When]:
    """The years that end the names of plans in a sentence, by plan."""
    found = ((m.value, _end(read, m)) for m in read.names if m.tag == "plan")
    return {plan: when for plan, when in found if when}


def _end(read: Reading, mark: Mark) -> When | None:
    last = read.tokens[mark.last - 1]
    when = name_year(read.text, Span(last.end - _YEAR, last.end))
    if not when or read.tokens[mark.last - 2].word in _OF_START:
        return None
    if mark.value in _registered_ends():
        return when if _registered_ends()[mark.value] == when.edtf else None
    heads = {t.word for t in read.tokens[mark.first : mark.last - 1]}
    return when if _looks_ahead(heads) else None


def _looks_ahead(words: set[str]) -> bool:
    return not words.isdisjoint(words_tagged("plan_head") - frozenset(_OF_START))


@cache
def _registered_ends() -> Mapping[str, str]:
    """The last years of the plans of the register, empty where none is stated."""
    return {r["id"]: r["end"] for r in rows("policy/entities.csv")}
