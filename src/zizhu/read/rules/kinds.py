"""What sort of claim a clause makes, and how it is meant: decided by the cue words that govern it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from zizhu.ledger.claims import ClaimKind, Polarity
from zizhu.read.dates.derived import ends
from zizhu.read.model import Number, TimeOf, When
from zizhu.read.rules.changed_aims import changed_aim, former_aim, is_new_value
from zizhu.read.rules.conditions import condition
from zizhu.read.rules.disowned import disowned
from zizhu.read.rules.elapsed import unfinished
from zizhu.read.rules.foreseen import meant, permits, plan_foresees, required
from zizhu.read.rules.funding import funding, of_instrument, promised, rate_of_duty
from zizhu.read.rules.governing import BY_NOUN, aim_behind, governing, is_act, is_baseline, reached
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.purposes import aimed_by_act
from zizhu.read.rules.reading import Range, Reading
from zizhu.read.rules.spans import is_stage
from zizhu.read.rules.times import due
from zizhu.read.rules.willed import guessed, will_of

DISOWNED = "kind.disowned"
FORMER = "kind.former-aim"
SIZE_OF_AIM = "kind.size-of-aim"
_AHEAD = ("will", "duty")
"""Values of target words that are a target with a number, and a forecast or nothing without one."""
_YEAR = 4
_MONTH, _LAST_MONTH = slice(5, 7), "12"
"""Where a date has its month; what is above the last one is a season or quarter."""
_CHANGES = (*_AHEAD, "level")
"""Values of target words that may tell of money given, or of a tariff raised."""
_DENIED = 7
"""Tokens around a negation in which the verb stands that it denies, at most."""
_NEGATES = 4
"""Tokens between a negation and the word that it denies, at most."""


class Judged(NamedTuple):
    """A decision with the name of its rule, and the cue that it rests on."""

    kind: ClaimKind
    rule: str
    cue: Mark | None = None


def kind_of_number(read: Reading, number: Number, at: int, clause: Range, said: Range, led: bool) -> Judged:
    """The kind of a claim with a number: by rank, baseline, the nearest governing cue, an act; else an actual.

    What the sentence takes back is only said.
    `said` are the tokens that name the speaker, `led` that the sentence is an item of a list of aims.
    """
    taken_back = disowned(read, number, at)
    if taken_back:
        return Judged("attribution", DISOWNED, taken_back)
    if number.unit == "rank":
        return Judged("ranking", "kind.rank-unit")
    of_rule = condition(read, number, clause)
    if of_rule:
        return Judged("policy_event", "kind.condition", of_rule)
    changed = changed_aim(read, at, clause)
    if is_baseline(read, at):
        if changed:
            return Judged("target", FORMER, changed)
        revised = _revised(read, (clause[0], at))
        return Judged("forecast", "kind.revised", revised) if revised else Judged("actual", "kind.baseline")
    if said[0] <= at < said[1]:
        return Judged("attribution", "kind.within-speech")
    sized = aim_behind(read, number)
    if changed and is_new_value(read, number):
        return Judged("target", "kind.changed-aim", changed)
    former = former_aim(read, at, clause)
    if former:
        return Judged("target", FORMER, former)
    cue = sized or governing(read, at, clause)
    cue = will_of(read, cue, said) if cue else None
    if reached(read, cue, number, clause):
        return Judged("actual", "kind.goal-reached", cue)
    if sized:
        return Judged("target", SIZE_OF_AIM, sized)
    serves = aimed_by_act(read, number, at, clause, [w for w in read.whens if due(read, w)])
    if serves and (cue is None or cue.tag == "event"):
        return Judged("target", "kind.aim-of-act", serves)
    funds = funding(read, number, at, clause)
    if funds and _due_apart(read, funds, clause):
        return Judged("actual", "kind.plain")
    pays = cue is not None and any(m.first == cue.first for m in read.tagged("funding"))
    if funds and (cue is None or cue.tag != "target" or cue.value in _CHANGES or pays):
        return Judged("policy_event", "kind.funding", funds)
    return _by_cue(read, number, at, clause, said, led, cue)


def _by_cue(
    read: Reading, number: Number, at: int, clause: Range, said: Range, led: bool, cue: Mark | None
) -> Judged:
    """The kind that the governing cue gives to a number that is no sum given; without one, what the clause says."""
    if _of_scope(read, number):
        return Judged("actual", "kind.scope")
    listing = _relates(read, number, at, clause)
    if listing:
        return Judged("relation", "kind.counted-parts", listing)
    instrument = of_instrument(read, number, clause) if cue is None and not led else None
    if instrument:
        return Judged("policy_event", "kind.instrument", instrument)
    demand = required(read, at)
    if demand and (cue is None or cue.tag == "forecast"):
        return Judged("target", "kind.required", demand)
    guess = guessed(read, cue, at, said)
    if guess:
        return Judged("forecast", "kind.opinion", guess)
    purpose = meant(read, at, clause) if cue is None else None
    if purpose:
        return Judged("target", "kind.meant", purpose)
    duty = rate_of_duty(read, number, clause) if cue is None else None
    if duty:
        return Judged("policy_event", "kind.act", duty)
    if cue is None:
        return Judged("target", "kind.listed-aim") if led else Judged("actual", "kind.plain")
    if cue.tag == "event":
        return Judged("policy_event", "kind.act", cue)
    if promised(read, cue):
        return Judged("target", "kind.promised", cue)
    if permits(read, cue, number, at):
        return Judged("target", "kind.permitted", cue)
    if plan_foresees(read, cue, clause):
        return Judged("target", "kind.plan-foresees", cue)
    return Judged("target" if cue.tag == "target" else "forecast", f"kind.{cue.tag}-cue", cue)


def _revised(read: Reading, before: Range) -> Mark | None:
    """The forecast that a number is an earlier value of: `lowered its 2025 forecast from 4.2 % to 3.6 %`."""
    nouns = words_tagged("forecast_noun")
    acts = [m for m in read.tagged("event", before) if m.value in ("changed", "amended")]
    revising = [m.last for m in (*acts, *read.tagged("change", before))]
    held = (k for first in revising[:1] for k in range(first, before[1]) if read.tokens[k].word in nouns)
    return next((Mark(k, k + 1, "forecast", "") for k in held), None)


def _due_apart(read: Reading, funds: Mark, clause: Range) -> bool:
    """Whether a clause has its own date by which what money is given for is due: `设立基金，到2027年撬动资本…`."""
    return funds.last <= clause[0] and any(due(read, w) for w in read.whens_in(clause))


def _of_scope(read: Reading, number: Number) -> bool:
    """Whether a number counts the sectors that a plan is on: `targets 10 industries`, `focuses on 12 sub-sectors`."""
    noun = number.unit.removeprefix("count:")
    first = read.at(number.span.start)
    return noun in words_tagged("scope_noun") and any(m.last == first for m in read.tagged("scope_verb"))


def _relates(read: Reading, number: Number, at: int, clause: Range) -> Mark | None:
    """The relation whose parts a number counts: `rests on three pillars`."""
    last = read.at(number.span.end - 1) + 1
    counted = any(at < m.last and m.first <= last + 1 for m in read.tagged("listing", clause))
    held = [m for m in read.tagged("relation", clause) if m.first < at and m.value == "builds_on"]
    return held[-1] if held and counted and number.unit.startswith("count:") else None


def ahead(
    read: Reading, judged: Judged, dated: Sequence[TimeOf], day: str, at: int = 0, told: str = ""
) -> Judged:
    """The kind where the date tells more than the words: what is dated after the document is no fact yet.

    By a date it is a target, at a date a forecast. `day` is that of the document; where it is unknown the words decide,
    and what has no verb of the past and is due after `told`, the last year that the document tells of, is an aim.
    """
    when = next((t.when for t in dated if t.role == "observation"), None)
    if not day and judged.cue and judged.cue.value == "level" and _only_then(read, dated):
        return Judged("actual", "kind.plain")
    if not day and judged.rule == "kind.plain" and when and due(read, when) and ends(when)[1] > told:
        return (
            judged._replace(kind="target", rule="kind.dated-ahead") if unfinished(read, at, when) else judged
        )
    if judged.rule == "kind.plain" and foreseen(read, day):
        return judged._replace(kind="target", rule="kind.by-plan")
    if judged.kind != "actual" or judged.rule == "kind.baseline" or when is None or not lies_ahead(when, day):
        return judged
    of_plan = "/" in when.edtf and any("\u3400" <= c <= "\u9fff" for c in when.as_written)
    of_plan = of_plan or is_stage(read, when)
    return Judged("target" if of_plan or due(read, when) else "forecast", "kind.dated-ahead")


def _only_then(read: Reading, dated: Sequence[TimeOf]) -> bool:
    """Whether a level is told at a date and not by one: `2024年，自给率提升至35%`."""
    whens = [t.when for t in dated if t.role == "deadline"]
    return bool(whens) and not any(due(read, w) for w in whens)


def foreseen(read: Reading, day: str) -> bool:
    """Whether a plan is whose words a sentence gives, and by when: `根据规划，到2025年…`, `Under the plan, by 2030 …`.

    The year is that of the document or later.
    """
    if not (read.tagged("according", (0, 1)) or read.tagged("under_plan", (0, 1))) or not read.clauses:
        return False
    opening = (0, read.clauses[0][1])
    plan = read.tagged("plan_noun", opening) or read.named("plan", opening)
    return bool(plan) and any(due(read, w) and ends(w)[1] >= day[:_YEAR] for w in read.whens)


def lies_ahead(when: When, day: str) -> bool:
    """Whether a date is after the day or year of the document, or a span of years that begins with that year."""
    first, _, last = when.edtf.partition("/")
    year = day[:_YEAR]
    if not year or not first[:_YEAR].isdecimal():
        return False
    alike = min(len(day), len(first)) if first[_MONTH] <= _LAST_MONTH else _YEAR
    return first[:alike] > day[:alike] or (first == year and last[:_YEAR] > year)


def kind_of_clause(read: Reading, clause: Range) -> Judged | None:
    """The kind of a claim without a number, by the first cue that holds; None where the clause claims nothing.

    The first cue is that of the main verb. An aim whose verb is a relation to a plan or country is that relation.
    """
    held = [
        ((j.rule in ("kind.state", "kind.denied"), j.cue.first), k, j)
        for k, (judge, tags) in enumerate(_JUDGES)
        if not tags.isdisjoint(read.cues)
        for j in [judge(read, clause)]
        if j and j.cue
    ]
    if not held:
        return None
    found = min(held)[2]
    related = next((j for _, _, j in held if j.kind == "relation"), None)
    if found.kind == "target" and related and _is_what_is_aimed_at(read, found, related, clause):
        return related
    return found


def _is_what_is_aimed_at(read: Reading, aim: Judged, related: Judged, clause: Range) -> bool:
    if aim.cue is None or related.cue is None or not 0 <= related.cue.first - aim.cue.last <= 1:
        return False
    after = (related.cue.last, clause[1])
    return bool(read.named("plan", after) or read.named("place", after))


def _target(read: Reading, clause: Range) -> Judged | None:
    marks = read.tagged("target", clause)
    if not marks:
        return None
    ahead = [v for v in _AHEAD if v != "duty"] if any(due(read, w) for w in read.whens) else _AHEAD
    cues = [m for m in marks if m.value not in ahead and _aims(read, m, clause)]
    if cues and cues[0].value == "level" and _told_as_act(read, clause):
        return None
    return Judged("target", "kind.target-cue", cues[0]) if cues else None


def _told_as_act(read: Reading, clause: Range) -> bool:
    """Whether a clause such as `三期工程建成投运` tells of an act: one is in it, and no date that it is due by."""
    started = [m for m in read.tagged("event", clause) if m.value == "started"]
    return bool(started) and not any(due(read, w) for w in read.whens)


def _aims(read: Reading, mark: Mark, clause: Range) -> bool:
    """Whether a target word is followed by what is aimed at, and is no mere mention (`its targets were met`)."""
    after = [t.word for t in read.tokens[mark.last : min(mark.last + 3, clause[1])]]
    if not after:
        return False
    word = read.tokens[mark.first].word
    if (
        word in ("plan", "plans", "target", "targets")
        and _is_noun(read, mark.first)
        and mark.last - mark.first > 1
    ):
        return False
    noun = read.tokens[mark.last - 1].word in words_tagged("aim_noun")
    return not noun or after[0] in ("of", "to", "is") or read.tokens[mark.first].han


def _is_noun(read: Reading, at: int) -> bool:
    """Whether a word that may be noun or verb has an article or possessive within two words before it."""
    return any(t.word in words_tagged("possessive") for t in read.tokens[max(0, at - 2) : at])


def _ranking(read: Reading, clause: Range) -> Judged | None:
    marks = read.tagged("ranking", clause)
    if not marks:
        return None
    about = read.named("place", clause) or read.named("org", clause) or _sectors_in(read, clause)
    about = about or (
        list(read.names) if read.tokens[clause[0]].han else []
    )  # Chinese leaves a known subject out
    return Judged("ranking", "kind.ranking-cue", marks[0]) if about else None


def _event(read: Reading, clause: Range) -> Judged | None:
    acts = read.tagged("event", clause)
    related = acts and (read.tagged("relation", clause) or read.tagged("say", clause))
    for mark in acts:
        if mark.value in BY_NOUN and related and not read.whens_in(clause):
            continue
        if is_act(read, mark, clause) or (mark.value != "changed" and _dated(read, clause)):
            return Judged("policy_event", "kind.act", mark)
    nouns = read.tagged("event_noun", clause)
    return Judged("policy_event", "kind.act-noun", nouns[0]) if nouns and read.whens_in(clause) else None


def _dated(read: Reading, clause: Range) -> bool:
    """Whether a date is in the clause; a Chinese one stands before it as well."""
    whole = (0, clause[1]) if read.tokens[clause[0]].han else clause
    return bool(read.whens_in(whole))


def _relation(read: Reading, clause: Range) -> Judged | None:
    marks = read.tagged("relation", clause)
    if not marks:
        return None
    about = _names_in(read, clause) or read.tagged("plan_noun", clause) or _pronoun(read, clause)
    if not about and _sectors_in(read, clause):
        marks = [m for m in marks if m.value == "covers_sector" and read.tokens[m.first].han]
        about = _sectors_in(read, clause)
    return Judged("relation", "kind.relation-cue", marks[0]) if marks and about else None


def _pronoun(read: Reading, clause: Range) -> bool:
    """Whether a clause goes on about what was named: `It applies to ...`."""
    return read.tokens[clause[0]].word in ("it", "this", "they")


def _denied(read: Reading, clause: Range) -> Judged | None:
    """A fact that is told as not so: `no plant has been built`, `尚未实现自主可控`."""
    told = [m for m in denials(read, clause) if _past_or_perfect(read, m, clause)]
    if not told:
        return None
    about = _names_in(read, clause) or _sectors_in(read, clause) or read.tagged("plan_noun", clause)
    about = about or [m for m in read.concepts if clause[0] <= m.first < clause[1]]
    return Judged("actual", "kind.denied", told[0]) if about else None


def _past_or_perfect(read: Reading, mark: Mark, clause: Range) -> bool:
    if read.tokens[mark.first].han:
        return read.words((mark.first, mark.last)) in words_tagged("not_yet")
    near = [t.word for t in read.tokens[max(clause[0], mark.first - 2) : mark.last + _DENIED]]
    return any(w in words_tagged("perfect") for w in near)


def _forecast(read: Reading, clause: Range) -> Judged | None:
    ahead = [m for m in read.tagged("target", clause) if m.value == "will"]
    marks = sorted([*read.tagged("forecast", clause), *ahead])
    if not marks:
        return None
    about = _names_in(read, clause) or _sectors_in(read, clause) or read.tagged("plan_noun", clause)
    if not about:
        return None
    kind: ClaimKind = "target" if marks[0].value == "will" and _commits(read, clause) else "forecast"
    return Judged(kind, "kind.forecast-cue", marks[0])


def _commits(read: Reading, clause: Range) -> bool:
    """Whether what will be done is a promise: of a plan, or of a government."""
    return bool(
        read.tagged("plan_noun", clause) or read.named("plan", clause) or read.tagged("people", clause)
    )


def _state(read: Reading, clause: Range) -> Judged | None:
    marks = read.tagged("state", clause)
    about = marks and (_names_in(read, clause) or _sectors_in(read, clause))
    return Judged("actual", "kind.state", marks[0]) if about else None


def _names_in(read: Reading, clause: Range) -> list[Mark]:
    return [m for m in read.names if clause[0] <= m.first < clause[1]]


def _sectors_in(read: Reading, clause: Range) -> list[Mark]:
    return [m for m in read.sectors if clause[0] <= m.first < clause[1]]


_JUDGES = (
    (_target, frozenset(("target",))),
    (_ranking, frozenset(("ranking",))),
    (_event, frozenset(("event", "event_noun"))),
    (_relation, frozenset(("relation",))),
    (_forecast, frozenset(("forecast", "target"))),
    (_state, frozenset(("state",))),
    (_denied, frozenset(("negation",))),
)
"""Who judges what a clause claims, and the tags of words without one of which he finds nothing."""


def _in_number(read: Reading, mark: Mark) -> bool:
    """Whether a word belongs to a number: `no more than 65 percent`."""
    start = read.tokens[mark.first].start
    return any(n.span.start <= start < n.span.end for n in read.numbers)


def polarity(read: Reading, clause: Range, judged: Judged, at: int) -> Polarity:
    """Whether a claim is denied: it is taken back, or a negation stands shortly before its cue or number."""
    if judged.rule in (DISOWNED, FORMER):
        return "negated"
    cue = judged.cue
    where = min(cue.first, at) if cue else at
    upto = max(cue.last if cue else where, at)
    near = [m for m in denials(read, clause) if where - _NEGATES <= m.first <= upto]
    return "negated" if near else "affirmed"


def denials(read: Reading, of: Range) -> list[Mark]:
    """The negations that begin in a token range: not those of a number or of a word such as `not only`, 未来."""
    return [m for m in read.tagged("negation", of) if m.value != "none" and not _in_number(read, m)]
