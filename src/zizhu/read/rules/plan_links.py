"""Which plan a claim belongs to: one that its words name or mean, else that of the document where it governs the claim.

Aims belong to the plan that they are read in, and so do acts where the document is on one plan. Facts belong to a plan
only by their words. The plan named last wins over that of the document. What a firm aims at, or another country, is no
part of the plan; a measure of another country has the claims that are on it, and no others.
"""

from __future__ import annotations

from itertools import pairwise

from zizhu.ledger.claims import ClaimKind
from zizhu.read.rules.editions import countermeasures, since
from zizhu.read.rules.gazetteer import capital_runs, registered_ids
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.plan_nouns import YEARS_AHEAD, definite, governs, measures, points_back
from zizhu.read.rules.reading import Range, Reading
from zizhu.read.rules.subjects import Topic, of_years, whole
from zizhu.read.words.tables import tables
from zizhu.vocab.countries import countries

_NEXT = 1
"""Paragraphs over which a plan stays the topic for what does not speak of it."""
_LATELY = 2
"""Sentences since a plan was last spoken of, at most, for a vague aim to be one of a plan of years gone by."""
_NAME = 7
_YEAR = 4
_BEFORE_GOAL = 4
"""Tokens before a goal among which `the` stands."""
_SUBJECT = 2
"""Tokens at the beginning of a sentence that name who it is about."""
_TIME_OF = 3
"""Tokens before a plan among which `at the time of` stands."""
_UNDER = 3
"""Tokens before a plan among which `under` stands."""
_FACTS = ("actual", "ranking", "attribution")
_TOLD = ("actual", "ranking", "forecast")
_AHEAD = ("target", "forecast", "attribution", "relation")
_OWN, _SPOKEN = ("policy_event", "relation"), ("attribution", "forecast")
"""Kinds that belong to the plan of a document that is on a new one; the latter while it is spoken of."""
_ONE = ("target", "actual", "ranking")
"""Kinds that belong to one plan also where two are named."""

Plans = tuple[str, ...]


def plans(read: Reading, clause: Range, kind: ClaimKind, topic: Topic) -> tuple[Plans, str]:
    """The plans that a claim belongs to, and the rule: named in the clause, meant by `the plan`, or the topic."""
    told = kind in _TOLD
    named = read.named("plan")
    if named:
        named = [m for m in named if m.value not in countermeasures() and not _sets_time(read, m, kind)]
    inside = _values_of(*[m.value for m in named if clause[0] <= m.first < clause[1]]) if named else ()
    if kind == "relation" and inside and topic.speaks_on(read):
        last = topic.last if read.tokens[0].word == "this" and topic.since == 0 else topic.plan
        return _values_of(last, *inside), "plan.goes-on"
    if inside:
        return inside[: 1 if kind in _ONE else 2], "plan.clause"
    against = _measure(read, clause, kind, topic)
    if against:
        return (against,), "plan.measure"
    under = [m for m in named if _is_basis(read, m)] if told and named else named
    if under and not _on_another(read, clause):
        return (under[0].value,), "plan.sentence"
    ahead = [m.value for m in read.tagged(YEARS_AHEAD)] if kind in _AHEAD else []
    if ahead:
        return (ahead[0],), "plan.years"
    return _meant(read, clause, clause if told else None, topic) or _by_topic(read, clause, kind, topic)


def _values_of(*plans: str) -> Plans:
    return tuple(dict.fromkeys(plans))[:2]


def _sets_time(read: Reading, mark: Mark, kind: ClaimKind) -> bool:
    """Whether a plan only dates a fact: “十四五”时期, `at the time of the plan's launch`."""
    if kind not in _FACTS:
        return False
    before = [t.word for t in read.tokens[max(0, mark.first - _TIME_OF) : mark.first]]
    return of_years(read.sentence, mark) or "time" in before


def _measure(read: Reading, clause: Range, kind: ClaimKind, topic: Topic) -> str:
    """The measure of another country that a claim is on: of its clause, or meant by `such measures`."""
    held = measures(read, clause)
    if kind == "policy_event" and held:
        return held[0].value
    on = next((m.value for m in held if governs(read, m, clause)), "")
    return on or (topic.measure if topic.measure_since == 0 and points_back(read, clause) else "")


def _is_basis(read: Reading, mark: Mark) -> bool:
    """Whether what a sentence tells is told of a plan: `under its new plan`."""
    before = [t.word for t in read.tokens[max(0, mark.first - _UNDER) : mark.first]]
    return "under" in before


def _on_another(read: Reading, clause: Range) -> bool:
    """Whether a relative clause is on a name before it that is no plan: `Dock 7, which opened in 2019`."""
    at = clause[0]
    if at < 2 or read.tokens[at].word not in words_tagged("relative"):
        return False
    last = at - 1 - (read.tokens[at - 1].text == ",")
    token = read.tokens[last]
    end = (
        last - 1 if last > 1 and read.tokens[last - 1].word == "of" else last + 1
    )  # `the Chip Plan of Malaysia`
    plan = any(m.tag in ("plan", "common") and m.first <= last and m.last >= end for m in read.names)
    return (token.capital or token.text.isdecimal()) and not plan


def _meant(read: Reading, clause: Range, of: Range | None, topic: Topic) -> tuple[Plans, str] | None:
    """The plan meant by a noun such as `the act`, or by `it`; `of` is where the noun must stand."""
    here = read.sentence.paragraph
    if definite(read, of):
        meant = topic.meant(read)
        if meant:
            return (meant,), "plan.main" if meant == topic.main_plan else "plan.meant"
    it = topic.since == 0 and _begins_with_it(read, clause)
    inner = here == topic.plan_paragraph and topic.since <= _LATELY and _it(read, clause)
    if topic.plan and (it or inner):
        return (topic.plan,), "plan.meant"
    if topic.titled and _the_goal(read, clause):
        near = topic.plan and topic.plan_paragraph == here and topic.since < _LATELY
        return (topic.plan if near else topic.main_plan,), "plan.goal"
    return None


def _it(read: Reading, clause: Range) -> bool:
    """Whether a clause that tells something begins with `it`."""
    words = [t.word for t in read.tokens[clause[0] : clause[0] + 2]]
    return words[:1] == ["it"] or words == ["that", "it"]


def _the_goal(read: Reading, clause: Range) -> bool:
    """Whether a clause speaks of a goal as known: `the interim goal`, but not `the owners' goal`."""
    for mark in read.tagged("aim_noun", clause):
        before = [t.word for t in read.tokens[max(clause[0], mark.first - _BEFORE_GOAL) : mark.first]]
        owned = any(w in ("'s", "'") for w in before)
        if ("the" in before and not owned) or read.tokens[mark.first].han:
            return True
    return False


def _by_topic(read: Reading, clause: Range, kind: ClaimKind, topic: Topic) -> tuple[Plans, str]:
    """The plan of the document or of the paragraph, for an aim or act that is its own."""
    own = topic.titled and (_young(topic) or topic.opened or read.tokens[0].han)
    acts = kind in _OWN or (kind in _SPOKEN and topic.since <= _LATELY)
    given = kind == "actual" and bool(read.tagged("funding", clause))
    done = kind == "actual" and topic.titled and _carried_out(read, clause)
    if not (kind == "target" or done or (own and (acts or given))):
        return (), ""
    near = bool(topic.plan) and read.sentence.paragraph - topic.plan_paragraph <= _NEXT
    held = topic.plan if near or topic.listed_aim(read) else ""
    here = topic.plan if topic.plan_paragraph == read.sentence.paragraph else ""
    governing = own or (topic.titled and (topic.opened or held == topic.main_plan))
    plan = here or topic.section or (topic.main_plan if governing else held)
    vague = not (own or read.numbers or topic.listed_aim(read)) and topic.since > _LATELY
    if not plan or vague or of_another(read, clause, plan, topic) or of_firm(read, clause):
        return (), ""
    return (plan,), "plan.topic"


def _carried_out(read: Reading, clause: Range) -> bool:
    """Whether a fact is on what a plan has been turned into: projects, pledges, sums paid out."""
    words = words_tagged("plan_output")
    found = read.tokens[clause[0] : clause[1]]
    return any(t.word in words for t in found) or (
        found[0].han and any(a.text + b.text in words for a, b in pairwise(found))
    )


def _young(topic: Topic) -> bool:
    """Whether the plan of a document is new to it, and not of years gone by."""
    known = topic.main_plan in registered_ids()
    year = since(topic.main_plan) if known else topic.main_plan[-_YEAR:]
    if not topic.earliest or (known and not year):
        return False
    return not year.isdecimal() or int(year) >= int(topic.earliest) - 1


def _begins_with_it(read: Reading, clause: Range) -> bool:
    """Whether a sentence goes on about a plan as `it`: `It identified eight areas`."""
    told = bool(read.tagged("relation") or read.tagged("target"))
    other = clause[0] > 0 and read.tokens[clause[0]].word in words_tagged("relative")
    return read.tokens[0].word == "it" and told and not other


def of_another(read: Reading, clause: Range, plan: str, topic: Topic) -> bool:
    """Whether the first place of a clause, or who a sentence begins with, is a country that a plan is not of."""
    issuer = plan.partition("-")[0]
    places = [m.value for m in read.named("place", clause) if m.value != "WLD"]
    places = places or [m.value for m in read.named("place", (0, _SUBJECT)) if clause[0] and m.value != "WLD"]
    if not places and topic.paragraph == read.sentence.paragraph and read.tokens[0].word == "it":
        places = [topic.place] if topic.place else []
    if not places or len(issuer) != 2 or issuer == "EU":
        return False
    if "-" in places[0] and read.tokens[0].han and _sets_own(read, places[0]):
        return True
    first = whole(places[0]) if "-" in places[0] else places[0]
    return first in countries() and countries()[first].iso2 != issuer


def _sets_own(read: Reading, region: str) -> bool:
    """Whether a region that begins a Chinese sentence sets an aim of its own: `内蒙古提出，到2027年…`."""
    opens = next((m for m in read.names if m.value == region and m.first == 0), None)
    if opens is None:
        return False
    return any(m.first <= opens.last + 1 for m in read.tagged("region_sets"))


def _private(read: Reading, mark: Mark) -> bool:
    words = (t.word for t in read.tokens[mark.first : mark.last])
    return mark.tag == "org" and words_tagged("public_body").isdisjoint(words)


def of_firm(read: Reading, clause: Range) -> bool:
    """Whether a firm is who aims: a name that opens a sentence or clause, or 公司 before the aim; no row of a table."""
    if tables(read.text).row_at(read.sentence.start):
        return False
    if any(_private(read, m) and m.first < clause[1] for m in read.names) and any(
        t.word in words_tagged("firm_verb") for t in read.tokens
    ):
        return True
    if read.tokens[0].han:
        return any(
            a.text + b.text in words_tagged("firm")
            for a, b in zip(read.tokens, read.tokens[1 : clause[1]], strict=False)
        )
    run = next(capital_runs(read.tokens, 0, _NAME), None)
    if run is None or run[0] > 1 or any(m.first < run[1] and run[0] < m.last for m in read.names):
        return False
    name = read.tokens[run[0] : run[1]]
    public = any(t.word in words_tagged("public_body") or t.word in words_tagged("determiner") for t in name)
    next_word = read.tokens[run[1]].text if run[1] < len(read.tokens) else ""
    return not public and (len(name) > 1 or next_word in (",", "，", "'s", "’s"))
