"""What claims hold of a plan, or of an industry: that it goes on or was put aside, succeeded or failed.

A stance is a phrase (stance.csv) in the quote or in the name of what is claimed. A negator before it turns it round; a
hedge (`whether`, `if`) takes it away, and so does a quote that says both.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

from zizhu.read.linking.blocks import reach
from zizhu.read.linking.found import Found
from zizhu.read.linking.lists import Stance, roles, setting, stances, words
from zizhu.read.linking.names import plan_marks, policy_name
from zizhu.read.linking.said import Said
from zizhu.read.rules.lexicon import Mark, cues
from zizhu.read.rules.tokens import tokens

_KINDS = ("actual", "attribution", "relation", "ranking", "policy_event")
_AHEAD = ("course", "advantage")
"""Axes on which a forecast is a stance, too."""
_OF_INDUSTRY = ("glut", "advantage")
"""Axes on which an industry of a country may be judged as well as a plan."""
_NEGATOR = 4
_HEDGE = 8
_DENIAL = 16
"""Tokens before a phrase within which a word bears on it."""


class Taken(NamedTuple):
    """A stance that a claim takes, of what, and on which pole once negation is counted."""

    said: Said
    stance: Stance
    positive: bool
    about: str

    @property
    def words(self) -> str:
        """What is held, in words."""
        return (
            self.stance.meaning
            if self.positive == (self.stance.pole == "+")
            else f"not: {self.stance.meaning}"
        )


def opinions(all_said: Sequence[Said]) -> Iterator[Found]:
    """Links between the stances that claims take of one thing."""
    held: dict[Hashable, list[Taken]] = {}
    for said in all_said:
        for taken in _all_taken(said):
            held.setdefault((taken.stance.axis, taken.about), []).append(taken)
    for group in held.values():
        yield from _compared(group)


def _compared(group: Sequence[Taken]) -> Iterator[Found]:
    """Opposite stances each with each, within reach; equal ones with the first of another voice."""
    far = reach(len(group))
    for at, b in enumerate(group):
        near = [
            a for a in group[max(0, at - far) : at] if a.said.apart(b.said) and not a.said.overlaps(b.said)
        ]
        for a in near:
            if a.positive != b.positive and not _other_sector(a, b):
                yield Found(a.said, b.said, "stance.opposed", _told(a, b))
        alike = [a for a in near if a.positive == b.positive and not _other_sector(a, b)]
        again = next((a for a in alike if a.said.voice != b.said.voice), None)
        if again:
            yield _again(again, b)


def _again(a: Taken, b: Taken) -> Found:
    """The same stance taken again: of another time, if it is of a state of an industry."""
    one, other = a.said.period, b.said.period
    late = one is not None and other is not None and abs(one.year - other.year) > setting("years_apart")
    if late and one and other and a.stance.axis in _OF_INDUSTRY:
        words = {"about": a.about, "scope_a": str(one.year), "scope_b": str(other.year)}
        return Found(a.said, b.said, "stance.recurs", words)
    return Found(a.said, b.said, "stance.agrees", _told(a, b))


def _told(a: Taken, b: Taken) -> dict[str, str]:
    return {"about": a.about, "word_a": a.words, "word_b": b.words}


def _other_sector(a: Taken, b: Taken) -> bool:
    return a.stance.axis not in _OF_INDUSTRY and a.said.other_sector(b.said)


def _all_taken(said: Said) -> list[Taken]:
    """The stances of a claim without a number, but on no axis on which it says one thing and its opposite."""
    if said.amount is not None or (said.claim.kind not in _KINDS and said.claim.kind != "forecast"):
        return []
    found = [*_in_quote(said), *_in_name(said)]
    if said.claim.kind == "forecast":
        found = [t for t in found if t.stance.axis in _AHEAD]
    poles: dict[tuple[str, str], set[bool]] = {}
    for taken in found:
        poles.setdefault((taken.stance.axis, taken.about), set()).add(taken.positive)
    once = {(t.stance.axis, t.about): t for t in reversed(found) if len(poles[t.stance.axis, t.about]) == 1}
    return list(reversed(once.values()))


def _in_quote(said: Said) -> Iterator[Taken]:
    trie, known = stances()
    marks = _longest(trie.marks(said.tokens))
    if not marks:
        return
    about_words = words().marks(said.tokens)
    negators = [m for m in cues().marks(said.tokens) if m.tag == "negation"]
    for mark in marks:
        if _before(about_words, "hedge", mark, _HEDGE):
            continue
        turned = len(_not_part(negators, marks, mark)) + len(_before(about_words, "denial", mark, _DENIAL))
        stance = known[int(mark.value)]
        for about in _abouts(said, stance, mark):
            yield Taken(said, stance, (stance.pole == "+") == (turned % 2 == 0), about)


def _longest(marks: Sequence[Mark]) -> list[Mark]:
    """Phrases that lie in no longer one: `achieved`, not in `largely achieved`."""
    return [
        m for m in marks if not any(o.first <= m.first and m.last <= o.last and o[:2] != m[:2] for o in marks)
    ]


def _before(marks: Iterable[Mark], tag: str, at: Mark, reach: int) -> list[Mark]:
    return [m for m in marks if m.tag == tag and m.last <= at.first <= m.last + reach]


def _not_part(negators: Iterable[Mark], phrases: Sequence[Mark], at: Mark) -> list[Mark]:
    """Negators close before a phrase that are part of none: `no` of `no effect` is."""
    near = [m for m in negators if m.last <= at.first <= m.last + _NEGATOR]
    free = [m for m in near if not any(p.first < m.last and m.first < p.last for p in phrases)]
    return [m for m in free if not any(o.first <= m.first and m.last <= o.last and o != m for o in free)]


def _in_name(said: Said) -> Iterator[Taken]:
    """Stances in the name of what is claimed: `continuation`, `builds_on`; a negated claim turns them round."""
    if not said.indicator or said.indicator in roles():
        return
    trie, known = stances()
    name = tokens(said.indicator.replace("_", " "))
    affirmed = said.claim.polarity == "affirmed"
    for mark in _longest(trie.marks(name)):
        stance = known[int(mark.value)]
        for about in _topics(said, stance, sorted(said.objects if stance.about == "after" else said.plans)):
            yield Taken(said, stance, (stance.pole == "+") == affirmed, about)


def _abouts(said: Said, stance: Stance, mark: Mark) -> list[str]:
    """What a phrase is said of: a plan that the quote names, else those of the claim."""
    named = plan_marks(said.tokens)
    if stance.about == "after":
        after = [plan for first, plan in named if first >= mark.last]
        return _topics(said, stance, after[:1] or sorted(said.objects) or sorted(said.plans))
    near = sorted(named, key=lambda m: abs(m[0] - mark.first))
    return _topics(said, stance, [plan for _, plan in near[:1]] or sorted(said.plans))


def _topics(said: Said, stance: Stance, plans: Sequence[str]) -> list[str]:
    topics = [p for p in plans if not p.startswith(("country:", "org:", "person:"))]
    if stance.axis in _OF_INDUSTRY:
        return [f"{place} {_head(s)}" for place in sorted(said.where) for s in sorted(said.sectors)]
    named = topics or [policy_name(said.tokens) or said.subject]
    return [topic for topic in named if topic]


def _head(sector: str) -> str:
    """The head noun of a sector: electric and other new vehicles are vehicles."""
    return sector.rpartition("_")[2]
