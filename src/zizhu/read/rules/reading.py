"""A sentence as the rules see it: tokens, clauses, cue words, names, numbers and dates, found once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Generic, TypeVar

from zizhu.read.model import Number, Span, When
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.marking import Marks
from zizhu.read.rules.sentences import Sentence, clauses
from zizhu.read.rules.tokens import Token

Range = tuple[int, int]
T = TypeVar("T", Number, When)
_SHARES = ("percent", "percentage_point")
_CODE = 3
"""Letters of a code of money."""
_PREPOSITION = 4
"""Characters between a verb and its date: ` on `, ` in `."""
_VERBS = ("relation", "event", "state", "target", "forecast")
VERBS_BEFORE = ("change", "done", "future", "target", "forecast", "aim_set", "requires")
"""Tags of verbs before a number, which end what it is said of."""
_NOT_IN_DATES = frozenset(("forecast", "change", "done"))
"""Tags of words that a date may look like: `May 2025`, `the fall of 2018`."""


@dataclass(frozen=True)
class Reading:
    """A sentence with what was found in it; ranges are of its tokens, half open."""

    text: str
    sentence: Sentence
    clauses: tuple[Range, ...]
    cues: Mapping[str, tuple[Mark, ...]]
    names: tuple[Mark, ...]
    sectors: tuple[Mark, ...]
    concepts: tuple[Mark, ...]
    numbers: tuple[Number, ...]
    whens: tuple[When, ...]
    spans_of_plans: tuple[When, ...]
    """Dates inside the names of plans: `(2021-2025)`."""
    ends: Sequence[int]
    """Where the tokens end, to look up what stands at a code point."""
    tokens: Sequence[Token]
    """The tokens of the sentence."""

    implied: tuple[When, ...] = ()
    """Times that are no dates: `since 2021`, `within eight years`, the year in the name of an index."""

    due_by: dict[Span, bool] = field(default_factory=dict, init=False, compare=False, repr=False)
    """Whether something is due by a date, for those that were asked about."""

    @cached_property
    def verbs(self) -> frozenset[int]:
        """The tokens that are words of verbs before a number."""
        held = (m for tag in VERBS_BEFORE for m in self.cues.get(tag, ()))
        level = words_tagged("level")
        plain = (k for k, t in enumerate(self.tokens) if t.word in level)
        return frozenset((*(k for m in held for k in range(m.first, m.last)), *plain))

    @cached_property
    def figures(self) -> tuple[int, ...]:
        """The token at which the numerals of each number begin."""
        return tuple(self.at(n.digits.start) for n in self.numbers)

    @cached_property
    def within_names(self) -> frozenset[int]:
        """The tokens that are part of a name or of a word for a plan."""
        held = (m for m in (*self.names, *self.tagged("plan_noun")) if m.value != "WLD")
        return frozenset(k for m in held for k in range(m.first, m.last))

    @cached_property
    def within_dates(self) -> frozenset[int]:
        """The tokens that are part of a date."""
        held = ((self.at(w.span.start), self.at(w.span.end - 1)) for w in self.whens)
        return frozenset(k for first, last in held for k in range(first, last + 1))

    @cached_property
    def within_amounts(self) -> frozenset[int]:
        """The tokens of sums of money and shares: the words of their units are none of what they are of."""
        amounts = (
            n for n in self.numbers if n.unit in _SHARES or (len(n.unit) == _CODE and n.unit.isupper())
        )
        held = ((self.at(n.span.start), self.at(n.span.end - 1)) for n in amounts)
        return frozenset(k for first, last in held for k in range(first, last + 1))

    def at(self, offset: int) -> int:
        """The token that holds a code point, or the next one."""
        return bisect_right(self.ends, offset)

    def clause(self, at: int) -> Range:
        """The clause that holds a token, or the last one before it."""
        found = bisect_right(self.clauses, at, key=lambda c: c[0]) - 1
        return self.clauses[max(found, 0)]

    def span(self, of: Range) -> Span:
        """Code points of a token range."""
        return Span(self.tokens[of[0]].start, self.tokens[of[1] - 1].end)

    def words(self, of: Range) -> str:
        """The text of a token range."""
        return self.text[slice(*self.span(of))] if of[1] > of[0] else ""

    def tagged(self, tag: str, of: Range | None = None) -> list[Mark]:
        """Cue words of a tag that begin in a token range."""
        marks = self.cues.get(tag)
        if marks is None:
            return []
        if of is None:
            return list(marks)
        first, last = of
        return [m for m in marks if first <= m.first < last]

    def named(self, tag: str, of: Range | None = None) -> list[Mark]:
        """Names of a kind that begin in a token range; plans by common nouns come behind the others."""
        if not self.names:
            return []
        first, last = of or (0, len(self.tokens))
        held = [m for m in self.names if first <= m.first < last]
        common = [m for m in held if m.tag == "common"] if tag == "plan" else []
        return [m for m in held if m.tag == tag] + common

    def whens_in(self, of: Range) -> list[When]:
        """Dates that begin in a token range."""
        return [w for w in self.whens if of[0] <= self.at(w.span.start) < of[1]]


class Found(Generic[T]):
    """The numbers or dates of a text, looked up by where they stand."""

    def __init__(self, items: Sequence[T]) -> None:
        self.items: list[T] = sorted(items, key=lambda i: i.span.start)
        self.starts: list[int] = [i.span.start for i in self.items]

    def within(self, start: int, end: int) -> tuple[T, ...]:
        """Those that begin in text[start:end]."""
        return tuple(self.items[bisect_left(self.starts, start) : bisect_left(self.starts, end)])


def reading(
    text: str,
    sentence: Sentence,
    of_lists: Marks,
    names: tuple[Mark, ...],
    numbers: Found[Number],
    whens: Found[When],
    implied: Found[When],
) -> Reading:
    """Read a sentence whose words of lists and whose names are known."""
    found = sentence.tokens
    dated = whens.within(sentence.start, sentence.end)
    cues = [m for m in of_lists.cues if not (_dates(found, m, dated) or _value_added(found, m))]
    marks = _by_tag([m for m in cues if m.value != "decision" or _decides_to(found, m, dated)], names)
    openers = frozenset(
        m.first
        for m in marks.get("clause", ())
        if m.value == "any" or (m.value != "none" and m.first > 0 and found[m.first - 1].text in ',，”"')
    )
    figures = _whole(numbers.within(sentence.start, sentence.end), sentence.end)
    if not figures:
        openers |= _second_verbs(found, marks)
    plans = [Span(found[m.first].start, found[m.last - 1].end) for m in names if m.tag in ("plan", "common")]
    return Reading(
        text,
        sentence,
        clauses(found, openers),
        marks,
        names,
        of_lists.sectors,
        of_lists.concepts,
        figures,
        tuple(w for w in dated if not _inside(w.span, plans)),
        tuple(w for w in dated if _inside(w.span, plans)),
        [t.end for t in found],
        found,
        tuple(w for w in implied.within(sentence.start, sentence.end) if not _inside(w.span, plans)),
    )


def _whole(numbers: tuple[Number, ...], end: int) -> tuple[Number, ...]:
    """Numbers of a sentence without those that only their sign is in: `£` in a line of its own before `7`."""
    if not numbers or numbers[-1].digits.start < end:
        return numbers
    return tuple(n for n in numbers if n.digits.start < end)


def _dates(found: Sequence[Token], mark: Mark, dated: Sequence[When]) -> bool:
    """Whether a cue word is part of a date."""
    if not dated or mark.tag not in _NOT_IN_DATES:
        return False
    start = found[mark.first].start
    return any(w.span.start <= start < w.span.end for w in dated)


def _value_added(found: Sequence[Token], mark: Mark) -> bool:
    """Whether a verb is the participle of `value added`, which is a noun."""
    return found[mark.first].word == "added" and mark.first > 0 and found[mark.first - 1].word == "value"


def _decides_to(found: Sequence[Token], mark: Mark, dated: Sequence[When]) -> bool:
    """Whether a verb of deciding leads to what is to be done: `decided on 14 March to build`, not `decided cases`."""
    end = found[mark.last - 1].end
    behind = next((w.span.end for w in dated if 0 <= w.span.start - end <= _PREPOSITION), end)
    return next((t.word for t in found[mark.last :] if t.start >= behind), "") == "to"


def _second_verbs(found: Sequence[Token], marks: Mapping[str, tuple[Mark, ...]]) -> frozenset[int]:
    """Where `and` joins a second finite verb to a first: `was signed in May and entered into force in June`."""
    verbs = sorted(m.first for tag in _VERBS for m in marks.get(tag, ()) if _finite(found[m.first]))
    joined = (k - 1 for k in verbs if k > 1 and found[k - 1].word == "and" and verbs[0] < k - 1)
    return frozenset(joined)


def _finite(token: Token) -> bool:
    return token.word.endswith(("s", "ed")) or token.word in words_tagged("auxiliary")


def _by_tag(marks: Sequence[Mark], names: Sequence[Mark]) -> dict[str, tuple[Mark, ...]]:
    """Cue words by tag; those inside a name are none (`Plan` in a plan's name)."""
    taken = {k for n in names if n.value != "WLD" for k in range(n.first, n.last)}
    found: dict[str, list[Mark]] = {}
    for mark in marks:
        if mark.first not in taken:
            found.setdefault(mark.tag, []).append(mark)
    return {tag: tuple(held) for tag, held in found.items()}


def _inside(span: Span, others: Sequence[Span]) -> bool:
    return any(o.start <= span.start and span.end <= o.end for o in others)
