"""Which plan a claim belongs to: one that its words name or mean, else that of the document where it governs the claim.

Aims belong to the plan that they are read in, and so do acts where the document is on one plan. Facts belong to a plan
only by their words. What a firm aims at, or another country, is no part of the plan.
"""

from __future__ import annotations

from zizhu.ledger.claims import ClaimKind
from zizhu.read.rules.gazetteer import capital_runs, registered_ids
from zizhu.read.rules.lexicon import words_tagged
from zizhu.read.rules.reading import Range, Reading
from zizhu.read.rules.subjects import Topic, of_years, whole
from zizhu.vocab.countries import countries

_REACH = 5
"""Paragraphs over which a plan stays the topic for what speaks of it."""
_NEXT = 1
"""Paragraphs over which it does for what does not."""
_NAME = 7
_YEAR = 4
_BEFORE_GOAL = 4
"""Tokens before a goal among which `the` stands."""
_FACTS = ("actual", "ranking", "attribution")
_TOLD = ("actual", "ranking", "forecast")


def plans(read: Reading, clause: Range, kind: ClaimKind, topic: Topic) -> tuple[tuple[str, ...], str]:
    """The plans that a claim belongs to, and the rule: named in the clause, meant by `the plan`, or the topic."""
    told = kind in _TOLD
    named = [m for m in read.named("plan") if kind not in _FACTS or not of_years(read.sentence, m)]
    inside = [m.value for m in named if clause[0] <= m.first < clause[1]]
    if kind == "relation" and inside and topic.speaks_on(read):
        return (topic.plan,), "plan.goes-on"
    if inside:
        return (inside[0],), "plan.clause"
    if named and not told:
        return (named[0].value,), "plan.sentence"
    return _meant(read, clause, clause if told else None, topic) or _by_topic(read, clause, kind, topic)


def _meant(
    read: Reading, clause: Range, of: Range | None, topic: Topic
) -> tuple[tuple[str, ...], str] | None:
    """The plan meant by a noun such as `the act`, or by `it`; `of` is where the noun must stand."""
    here = read.sentence.paragraph
    near = bool(topic.plan) and here - topic.plan_paragraph <= _REACH
    noun = bool(read.tagged("plan_noun", of))
    if noun and topic.main_plan and topic.plan_paragraph != here:
        return (topic.main_plan,), "plan.main"
    if near and (noun or _begins_with_it(read) or (here == topic.plan_paragraph and _it(read, clause))):
        return (topic.plan,), "plan.meant"
    if topic.titled and _the_goal(read, clause):
        return (topic.main_plan,), "plan.goal"
    return None


def _it(read: Reading, clause: Range) -> bool:
    """Whether a clause that tells something begins with `it`."""
    words = [t.word for t in read.tokens[clause[0] : clause[0] + 2]]
    return words[:1] == ["it"] or words == ["that", "it"]


def _the_goal(read: Reading, clause: Range) -> bool:
    """Whether a clause speaks of a goal as known: `the interim goal`."""
    for mark in read.tagged("aim_noun", clause):
        before = [t.word for t in read.tokens[max(clause[0], mark.first - _BEFORE_GOAL) : mark.first]]
        if "the" in before or read.tokens[mark.first].han:
            return True
    return False


def _by_topic(read: Reading, clause: Range, kind: ClaimKind, topic: Topic) -> tuple[tuple[str, ...], str]:
    """The plan of the document or of the paragraph, for an aim or act that is its own."""
    own = topic.titled and (_young(topic) or read.tokens[0].han)
    acts = kind in ("policy_event", "relation")
    given = kind == "actual" and bool(read.tagged("funding", clause))
    if not (kind == "target" or (own and (acts or given))):
        return (), ""
    near = bool(topic.plan) and read.sentence.paragraph - topic.plan_paragraph <= _NEXT
    held = topic.plan if near or topic.listed_aim(read) else ""
    here = topic.plan if topic.plan_paragraph == read.sentence.paragraph else ""
    governs = own or (topic.titled and (topic.opened or held == topic.main_plan))
    plan = here or topic.section or (topic.main_plan if governs else held)
    if not plan or of_another(read, clause, plan) or of_firm(read, clause):
        return (), ""
    return (plan,), "plan.topic"


def _young(topic: Topic) -> bool:
    """Whether the plan of a document is new to it: no register has it, and it is not of years gone by."""
    year = topic.main_plan[-_YEAR:]
    if topic.main_plan in registered_ids() or not topic.year:
        return False
    return not year.isdecimal() or int(year) >= int(topic.year) - 1


def _begins_with_it(read: Reading) -> bool:
    """Whether a sentence goes on about a plan as `it`: `It identified eight areas`."""
    return read.tokens[0].word == "it" and bool(read.tagged("relation") or read.tagged("target"))


def of_another(read: Reading, clause: Range, plan: str) -> bool:
    """Whether the first place of a clause is a country that a plan is not of."""
    issuer = plan.partition("-")[0]
    places = [m.value for m in read.named("place", clause) if m.value != "WLD"]
    if not places or len(issuer) != 2 or issuer == "EU":
        return False
    first = whole(places[0]) if "-" in places[0] else places[0]
    return first in countries() and countries()[first].iso2 != issuer


def of_firm(read: Reading, clause: Range) -> bool:
    """Whether a firm is who aims: a name that opens a sentence or clause, or 公司 before the aim."""
    if any(m.tag == "org" and m.first < clause[1] for m in read.names) and any(
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
