"""Aims that are named again: `critics call the goal of 50,000 jobs unrealistic` is about the aim stated before.

Such a figure is no second aim and no fact. It is of the same thing, plan, place and deadline as the aim that the
document has stated with the same number.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace

from zizhu.read.model import Candidate, Number, TimeOf
from zizhu.read.rules.kinds import SIZE_OF_AIM
from zizhu.read.rules.lexicon import words_tagged
from zizhu.read.rules.name_parts import unit_family
from zizhu.read.rules.reading import Reading

_NEAR = 4
"""Tokens between a number and the noun of the aim, at most."""
_DETERMINER = 2
"""Tokens before noun and number in which an article stands, at most."""
_INDEFINITE = frozenset(("a", "an"))
_ABOUT = ("target", "actual", "forecast", "attribution")


@dataclass
class Aims:
    """The aims that a document has stated so far, by their numbers, with their paragraphs."""

    told: dict[Hashable, tuple[Candidate, int]] = field(default_factory=dict)

    def again(self, read: Reading, made: Candidate, spoken: bool) -> Candidate:
        """A candidate as one of the aim that it names again, if it does; `spoken` says that a voice is quoted."""
        number = made.number
        if number is None:
            return made
        stated = self.told.get(_key(number))
        if stated is not None and made.kind in _ABOUT and _same_aim(read, made, stated[0], spoken):
            return _restated(made, *stated, read.sentence.paragraph)
        if made.kind == "target" and stated is None:
            self.told[_key(number)] = made, read.sentence.paragraph
        return made


def _key(number: Number) -> Hashable:
    return number.value, number.low, number.high, number.change, unit_family(number.unit)


def _same_aim(read: Reading, made: Candidate, stated: Candidate, spoken: bool) -> bool:
    """Whether a number is named as that of an aim, or judged by a voice as due on the same date."""
    assert made.number is not None
    first, last = read.at(made.number.span.start), read.at(made.number.span.end - 1) + 1
    dues, due = _dues(stated), _dues(made)
    other = (due and dues and due != dues) or _apart(made.plans, stated.plans)
    if other or _apart(_beside(read, first, last), stated.sectors):
        return False
    against = made.modality == "criticised" or (made.kind == "target" and bool(read.tagged("negative")))
    judged = spoken and against and bool(due or made.indicator == stated.indicator)
    return judged or _of_aim(read, first, last)


def _apart(one: Sequence[str], other: Sequence[str]) -> bool:
    return bool(one and other) and set(one).isdisjoint(other)


def _dues(made: Candidate) -> list[str]:
    return [t.when.edtf for t in made.times if t.role == "deadline"]


def _beside(read: Reading, first: int, last: int) -> list[str]:
    """The sectors named close to a number."""
    return [m.value for m in read.sectors if first - _NEAR <= m.first < last + _NEAR]


def _of_aim(read: Reading, first: int, last: int) -> bool:
    """Whether the noun of an aim that is known stands beside the number: `the goal of 50,000`, `its 40 % target`."""
    for mark in read.tagged("disown_noun", (max(0, first - _NEAR), last + _NEAR)):
        opens = min(mark.first, first)
        before = [t.word for t in read.tokens[max(0, opens - _DETERMINER) : opens + 1]]
        definite = any(w in words_tagged("possessive") and w not in _INDEFINITE for w in before)
        if mark.value == "aim" and (definite or read.tokens[mark.first].han):
            return True
    return False


def _restated(made: Candidate, stated: Candidate, there: int, here: int) -> Candidate:
    """The claim on an aim: what it does not say itself is as the aim was stated."""
    mentions = made.kind == "actual" or made.rules.get("kind") == SIZE_OF_AIM
    kind = "attribution" if mentions else made.kind
    modality = "asserted" if mentions and made.modality in ("achieved", "planned") else made.modality
    due = () if _dues(made) or here != there else _deadlines(stated)
    return replace(
        made,
        kind=kind,
        modality=modality,
        indicator=stated.indicator or made.indicator,
        sectors=stated.sectors,
        plans=made.plans or stated.plans,
        plan_names=made.plan_names or stated.plan_names,
        geography=stated.geography,
        times=(*made.times, *due),
        rules={**made.rules, "indicator": "indicator.same-aim"},
    )


def _deadlines(stated: Candidate) -> tuple[TimeOf, ...]:
    return tuple(t for t in stated.times if t.role == "deadline")
