"""What claims hold of a plan, or of an industry: that it goes on or was put aside, succeeded or failed.

A stance is a phrase (stance.csv) in the quote or in the name of what is claimed. A negator before it turns it round; a
hedge (`whether`, `if`) takes it away, and so does a quote that says both.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

from zizhu.read.linking.blocks import reach
from zizhu.read.linking.found import Found
from zizhu.read.linking.lists import Stance, roles, setting, stances, words
from zizhu.read.linking.names import plan_marks, policy_name
from zizhu.read.linking.said import Said, goes_on, in_text
from zizhu.read.rules.lexicon import Mark, cues, words_tagged
from zizhu.read.rules.tokens import Token, tokens

_KINDS = ("actual", "attribution", "relation", "ranking", "policy_event")
_NOT_YET = ("forecast", "target")
_AHEAD = ("course", "advantage")
"""Axes on which a forecast is a stance, too."""
_MODAL = ("will", "duty")
"""Cues of aims that are words such as `will`, and bear on the next verb alone."""
_JUDGED = "effect"
"""The axis on which forecasts and aims are a stance where they tell a fact: `the firms to be helped failed`."""
_OF_INDUSTRY = ("glut", "advantage")
"""Axes on which an industry of a country may be judged as well as a plan."""
_NEGATOR = 4
_HEDGE = 8
_DENIAL = 16
_AIM = 3
"""Tokens before a phrase within which a word bears on it."""
_LAST = 8
"""Claims before one among which the plan that it is of is looked for."""


class Taken(NamedTuple):
    """A stance that a claim takes, of what, and on which pole once negation is counted."""

    said: Said
    stance: Stance
    positive: bool
    about: str
    fact: bool = False
    """Whether it is told as a fact, and not as what will, could or is to be."""

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
    spoken_of = _spoken_of(all_said)
    for said in all_said:
        for taken in _all_taken(said, spoken_of.get(said.claim.id, ())):
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


def _spoken_of(all_said: Sequence[Said]) -> dict[str, tuple[str, ...]]:
    """For claims that name no plan, those that the claims shortly before them in their document are of."""
    found: dict[str, tuple[str, ...]] = {}
    last: deque[Said] = deque(maxlen=_LAST)
    for said in in_text(all_said):
        if said.plans:
            last.appendleft(said)
            continue
        of = next((before for before in last if goes_on(before, said) and _one_where(before, said)), None)
        if of is not None:
            found[said.claim.id] = tuple(sorted(of.plans))
    return found


def _one_where(a: Said, b: Said) -> bool:
    return a.where == b.where or not (a.where and b.where)


def _all_taken(said: Said, spoken_of: Sequence[str]) -> list[Taken]:
    """The stances of a claim without a number, but on no axis on which it says one thing and its opposite."""
    kind = said.claim.kind
    if said.amount is not None or kind not in (*_KINDS, *_NOT_YET):
        return []
    found = [*_in_quote(said, spoken_of), *_in_name(said)]
    if kind in _NOT_YET:
        found = [
            t
            for t in found
            if (kind == "forecast" and t.stance.axis in _AHEAD) or (t.stance.axis == _JUDGED and t.fact)
        ]
    poles: dict[tuple[str, str], set[bool]] = {}
    for taken in found:
        poles.setdefault((taken.stance.axis, taken.about), set()).add(taken.positive)
    once = {(t.stance.axis, t.about): t for t in reversed(found) if len(poles[t.stance.axis, t.about]) == 1}
    return list(reversed(once.values()))


def _in_quote(said: Said, spoken_of: Sequence[str]) -> Iterator[Taken]:
    trie, known = stances()
    marks = _longest(trie.marks(said.tokens))
    if not marks:
        return
    about_words = words().marks(said.tokens)
    cued = cues().marks(said.tokens)
    negators = [m for m in cued if m.tag == "negation" and m.value != "none"]
    for mark in marks:
        if _before(about_words, "hedge", mark, _HEDGE) or _helps_a_verb(said, mark):
            continue
        stance = known[int(mark.value)]
        turned = len(_not_part(negators, marks, mark)) + len(_before(about_words, "denial", mark, _DENIAL))
        aimed = any(m.value not in _MODAL for m in _before(cued, "target", mark, _AIM))
        fact = not aimed and not _ahead(said, about_words, mark)
        for about in _abouts(said, stance, mark, spoken_of):
            yield Taken(said, stance, (stance.pole == "+") == (turned % 2 == 0), about, fact)


def _helps_a_verb(said: Said, mark: Mark) -> bool:
    """Whether what continues is another verb behind the phrase: `will continue to grow`, `has continued investing`."""
    after = said.tokens[mark.last].word if mark.last < len(said.tokens) else ""
    goes_on = said.tokens[mark.last - 1].word.startswith("continu")
    return goes_on and (after == "to" or after.endswith("ing"))


def _ahead(said: Said, marks: Iterable[Mark], at: Mark) -> bool:
    """Whether a word such as `will` or `to` governs a phrase, with nothing but auxiliaries and adverbs between."""
    governing = {m.last for m in marks if m.tag == "modal"}
    first = at.first
    while first > 0 and first not in governing and _helps(said.tokens[first - 1]):
        first -= 1
    return first in governing


def _helps(token: Token) -> bool:
    return token.word in words_tagged("auxiliary") or token.word == "not" or token.word.endswith("ly")


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


def _abouts(said: Said, stance: Stance, mark: Mark, spoken_of: Sequence[str]) -> list[str]:
    """What a phrase is said of: a plan that the quote names, else those of the claim."""
    named = plan_marks(said.tokens)
    if stance.about == "after":
        after = [plan for first, plan in named if first >= mark.last]
        return _topics(said, stance, after[:1] or sorted(said.objects) or sorted(said.plans))
    near = sorted(named, key=lambda m: abs(m[0] - mark.first))
    return _topics(said, stance, [plan for _, plan in near[:1]] or sorted(said.plans), spoken_of)


def _topics(said: Said, stance: Stance, plans: Sequence[str], spoken_of: Sequence[str] = ()) -> list[str]:
    topics = [p for p in plans if not p.startswith(("country:", "org:", "person:"))]
    if stance.axis in _OF_INDUSTRY:
        return [f"{place} {_head(s)}" for place in sorted(said.where) for s in sorted(said.sectors)]
    own = policy_name(said.tokens) or said.subject
    return topics or ([own] if own else list(spoken_of))


def _head(sector: str) -> str:
    """The head noun of a sector: electric and other new vehicles are vehicles."""
    return sector.rpartition("_")[2]
