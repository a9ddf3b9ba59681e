"""Plans that are described and not named: `its new robot plan`, `the new five-year plan`, `a tariff on electric cars`.

A word such as plan with a topic beside it means a plan of the register where the issuer is its own; a five-year plan
without its number is the one that the document numbers, else the one of its years. Measures against another country
need their issuer in the sentence, and are no names: the words for them stay words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from zizhu.read.model import When
from zizhu.read.rules import editions
from zizhu.read.rules.gazetteer import apart, known_names
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.marking import Marks
from zizhu.read.rules.plan_nouns import YEARS_AHEAD
from zizhu.read.rules.plans import is_local, made_id, short_code
from zizhu.read.rules.sentences import Sentence
from zizhu.read.rules.tokens import Token

_BEFORE, _BEFORE_HAN = 3, 6
"""Tokens between a topic and the word for a plan behind it, at most: `robot industry plan`."""
_WITHIN = "'’“”\"-《》"
"""Marks that do not part a plan from its topic."""
_BEHIND = 12
"""Tokens between the word for a plan and a topic behind it, at most: `a plan to speed up the growth of robotics`."""
_EDITION = 4
"""Tokens before a description in which a word says which edition it is of."""
_TAKEN = 6
"""Tokens between a measure and who took it, behind it, at most: `measures taken by the United States`."""
_YEAR = 4
_QUOTES = frozenset("“”\"'‘’")
_QUOTE = re.compile("[“”\"'‘’]")
_SHORTEST, _LONGEST = 3, 9
"""Tokens before a word for a plan in which its topic stands in quotation marks."""
_FIVE, _HAN = 3, 4
"""Tokens of `five-year` and 五年规划."""
_HEAD = 4
"""Tokens between `five-year` and `plan`, at most."""


class Setting(NamedTuple):
    """What is known of a document: its country, its year, and all places that it names."""

    home: str
    year: str
    places: frozenset[str]


def described(
    text: str,
    parts: Sequence[Sentence],
    of_lists: Sequence[Marks],
    names: Sequence[tuple[Mark, ...]],
    whens: Sequence[Sequence[When]],
    of: Setting,
) -> tuple[list[Marks], list[tuple[Mark, ...]]]:
    """The words of lists and the names of every sentence, with what is described: measures among the first."""
    lists, named = list(of_lists), list(names)
    numbered = [m.value for marks in names for m in marks if m.tag == "plan" and "-FYP" in m.value]
    quotes = [m.start() for m in _QUOTE.finditer(text)]
    for at, part in enumerate(parts):
        found = lists[at]
        first_quote = bisect_left(quotes, part.start)
        quoted = first_quote < len(quotes) and quotes[first_quote] < part.end
        plans = list(_quoted(part)) if quoted else []
        if found.described:
            plans += _five_year(part, found.described, names[at], numbered, of)
            years = [w.edtf[:_YEAR] for w in whens[at] if w.edtf[:_YEAR].isdecimal()]
            by_topic = list(_by_topic(part, found.described, names[at], years, of))
            plans += [m for m in by_topic if m.tag == "plan"]
            words = [m for m in by_topic if m.tag != "plan"]
            words += _years_ahead(found.described, numbered, short_code(of.home))
            lists[at] = found._replace(cues=[*found.cues, *words]) if words else found
            plans += _of_topic(part, [*plans, *names[at]], names[at], of.home)
        if plans:
            named[at] = _joined(names[at], plans)
    return lists, named


def _joined(names: Sequence[Mark], plans: Sequence[Mark]) -> tuple[Mark, ...]:
    """Names with described plans, which give way to those of the register and not to those of this document."""
    taken = {k for m in plans for k in range(m.first, m.last)}
    kept = [
        m
        for m in names
        if not (m.tag == "plan" and is_local(m.value) and not taken.isdisjoint(range(m.first, m.last)))
    ]
    held = {k for m in kept if m.tag == "plan" for k in range(m.first, m.last)}
    free = [m for m in apart(plans) if held.isdisjoint(range(m.first, m.last))]
    inside = {k for m in free for k in range(m.first, m.last)}
    return tuple(
        sorted([*(m for m in kept if m.tag == "plan" or inside.isdisjoint(range(m.first, m.last))), *free])
    )


def _quoted(part: Sentence) -> Iterator[Mark]:
    """Names of the register with quotation marks inside: `“clean coast” programme`."""
    found = part.tokens
    kept = [k for k, t in enumerate(found) if t.text not in _QUOTES]
    for mark in known_names().marks([found[k] for k in kept]):
        first, last = kept[mark.first], kept[mark.last - 1] + 1
        if mark.tag in ("plan", "common") and last - first > mark.last - mark.first:
            yield Mark(first, last, "plan", mark.value)


def _of_topic(part: Sentence, taken: Sequence[Mark], names: Sequence[Mark], home: str) -> Iterator[Mark]:
    """Plans by their topic in quotation marks: `its “clean coast” plan`."""
    found = part.tokens
    places = [m for m in names if m.tag == "place"]
    for at in range(_SHORTEST, len(found)):
        if found[at].word not in words_tagged("low_plan_head") or found[at - 1].text not in _QUOTES:
            continue
        first = next(
            (k + 1 for k in range(at - 2, max(-1, at - _LONGEST), -1) if found[k].text in _QUOTES), at
        )
        topic = found[first : at - 1]
        listed = any(m.tag in ("plan", "common") and m.first <= at and first < m.last for m in taken)
        if len(topic) > 1 and not listed and all(t.text.isalpha() or t.text == "-" for t in topic):
            yield Mark(first, at + 1, "plan", made_id(found, first, at + 1, places, home))


def _years_ahead(marks: Sequence[Mark], numbered: Sequence[str], issuer: str) -> Iterator[Mark]:
    """`In the next five years` where a document is on one five-year plan of its country."""
    own = {p for p in numbered if p.startswith(f"{issuer}-FYP")}
    if len(own) == 1:
        yield from (m._replace(tag=YEARS_AHEAD, value=min(own)) for m in marks if m.value == YEARS_AHEAD)


def _five_year(
    part: Sentence, marks: Sequence[Mark], names: Sequence[Mark], numbered: Sequence[str], of: Setting
) -> Iterator[Mark]:
    """Five-year plans without their number."""
    found = part.tokens
    for at in (m.first for m in marks if m.value == editions.FIVE_YEAR):
        last = _five_year_ends(found, at)
        if not last or any(m.tag == "plan" and m.first < last and at < m.last for m in names):
            continue
        place = next((m.value for m in reversed(names) if m.tag == "place" and m.last <= at), "")
        issuer = short_code((place or of.home).split("-")[0])
        plan = _which_five_year(found, at, issuer, numbered, of.year, bool(place))
        if plan:
            yield Mark(at, last, "plan", plan)


def _five_year_ends(found: Sequence[Token], at: int) -> int:
    """Token behind `five-year ... plan` or 五年规划; 0 where none stands there."""
    if found[at].han:
        return at + _HAN
    words = [t.word for t in found[at + _FIVE : at + _FIVE + _HEAD]]
    end = next((k for k, w in enumerate(words) if w in words_tagged("plan_head")), -1)
    plain = all(w.isalpha() for w in words[: max(end, 0)])
    return at + _FIVE + end + 1 if end >= 0 and plain else 0


def _which_five_year(
    found: Sequence[Token], at: int, issuer: str, numbered: Sequence[str], year: str, said: bool
) -> str:
    """The plan of the document with a number, else that of the register for the years that are meant.

    `said` says that the sentence names the issuer; else the only plan with a number is meant whoever issued it.
    """
    own = list(dict.fromkeys(p for p in numbered if p.startswith(f"{issuer}-FYP")))
    if not (own or said) and len(set(numbered)) == 1:
        own = [numbered[0]]
    new, earlier = _says(found, at, "new_edition"), _says(found, at, "earlier_edition")
    if own:
        ordered = sorted(own, key=lambda p: int(p.rpartition("FYP")[2]))
        return ordered[0] if earlier else ordered[-1] if new else own[0]
    known = editions.five_year_plans(issuer)
    if not year or not known:
        return ""
    if new:
        return next((plan for plan, start, _ in known if start >= year), "")
    running = next((k for k, (_, start, end) in enumerate(known) if start <= year <= (end or "9999")), -1)
    at_last = running - earlier
    return known[at_last][0] if running >= 0 and at_last >= 0 else ""


def _says(found: Sequence[Token], at: int, tag: str) -> bool:
    """Whether a word of a list stands shortly before a description."""
    before = found[max(0, at - _EDITION) : at]
    words = words_tagged(tag)
    pairs = (a.text + b.text for a, b in pairwise(before) if a.han)
    return any(t.word in words for t in before) or any(p in words for p in pairs)


def _by_topic(
    part: Sentence, marks: Sequence[Mark], names: Sequence[Mark], years: Sequence[str], of: Setting
) -> Iterator[Mark]:
    """Plans and measures of the register by their kind, topic and issuer; tag is `plan` or `measure`."""
    topics = [m for m in marks if m.tag == editions.TOPIC]
    for kind in (m for m in marks if m.tag == editions.KIND and m.value not in editions.OF_YEARS):
        if any(m.tag == "plan" and not is_local(m.value) and m.first <= kind.first < m.last for m in names):
            continue
        if any(m.first <= kind.first < m.last for m in topics):
            continue  # 战略性新兴产业 is no strategy
        if kind.value in editions.ACTS_OF_STATE:
            yield from _plan(part, kind, topics, names, years, of)
            continue
        said = {m.value for m in topics}
        held = editions.about(kind.value, said, _taken_by(part, kind, names, of))
        plan = editions.measure(held, years, of.year) if held else ""
        if plan:
            yield Mark(kind.first, kind.last, "measure", plan)


def _plan(
    part: Sentence,
    kind: Mark,
    topics: Sequence[Mark],
    names: Sequence[Mark],
    years: Sequence[str],
    of: Setting,
) -> Iterator[Mark]:
    """A plan of the register by a topic beside its word."""
    before = _BEFORE_HAN if part.tokens[kind.first].han else _BEFORE
    reach = _BEHIND if kind.value == editions.SUPPORT else before
    behind = [m for m in topics if 0 <= m.first - kind.last <= _BEHIND and _joined_to(part, kind, m)]
    near = [m for m in topics if 0 <= kind.first - m.last <= reach or m in behind]
    places = [m for m in names if m.tag == "place"]
    led = [m.value for m in places if m.first < kind.last][-1:]
    for issuer in dict.fromkeys(led or [of.home, *(m.value for m in places)]):
        held = editions.about(kind.value, {m.value for m in near}, issuer) if near and issuer else []
        if not held or not held[0].words:
            continue
        first = min([kind.first, *(m.first for m in near if 0 <= kind.first - m.last <= before)])
        earlier = _says(part.tokens, first, "earlier_edition")
        plan = editions.edition(held, years, earlier, of.year)
        if plan:
            yield Mark(first, kind.last, "plan", plan)
            return


def _joined_to(part: Sentence, kind: Mark, topic: Mark) -> bool:
    """Whether no figure or mark parts a plan from a topic behind it, as in `the roadmap calls for 40 % in robotics`."""
    between = part.tokens[kind.last : topic.first]
    return all(t.text.isalpha() or t.text in _WITHIN for t in between)


def _taken_by(part: Sentence, kind: Mark, names: Sequence[Mark], of: Setting) -> str:
    """Who took a measure: a place behind `by` or `from`, else the last before it that it is not taken against."""
    found = part.tokens
    states = editions.states()
    places = [
        m._replace(value=states.get(m.value, m.value)) for m in names if m.tag == "place" or m.value in states
    ]
    for mark in places:
        between = [t.word for t in found[kind.last : mark.first]]
        behind = 0 < len(between) <= _TAKEN and not words_tagged("taken_by").isdisjoint(between[-2:])
        if behind and words_tagged("taken_against").isdisjoint(between):
            return mark.value
    for mark in reversed([m for m in places if m.last <= kind.first]):
        led = [t.word for t in found[max(0, mark.first - 2) : mark.first] if t.word != "the"]
        if not led or led[-1] not in words_tagged("taken_against"):
            return mark.value
    known = kind.value == "trade_war" and found[max(0, kind.first - 1)].word == "the"
    sides = (e for e in editions.editions() if kind.value in e.kinds)
    return next((e.issuer for e in sides if known and {e.issuer, e.against} <= of.places), "")
