"""What sort of claim a clause makes, and how it is meant: decided by the cue words that govern it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from zizhu.ledger.claims import ClaimKind, Modality, Polarity
from zizhu.read.model import Number, TimeOf
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.reading import Range, Reading
from zizhu.read.rules.times import due

_ACTS = 12
"""Tokens between an act and the number that it sets, at most."""
_BACK = 8
"""Tokens from a number to the noun of the act that it belongs to, at most: `31 firms to its entity list`."""
_AHEAD = ("will", "duty")
"""Values of target words that are a target with a number, and a forecast or nothing without one."""
_BY_NOUN = ("tariff", "export_ban", "entity_list")
_NEGATES = 4
"""Tokens between a negation and the word that it denies, at most."""


class Judged(NamedTuple):
    """A decision with the name of its rule, and the cue that it rests on."""

    kind: ClaimKind
    rule: str
    cue: Mark | None = None


def kind_of_number(read: Reading, number: Number, at: int, clause: Range, said: Range, led: bool) -> Judged:
    """The kind of a claim with a number: by rank, baseline, the nearest governing cue, an act; else an actual.

    `said` are the tokens that name the speaker, `led` that the sentence is an item of a list of aims.
    """
    if number.unit == "rank":
        return Judged("ranking", "kind.rank-unit")
    if is_baseline(read, at):
        return Judged("actual", "kind.baseline")
    if said[0] <= at < said[1]:
        return Judged("attribution", "kind.within-speech")
    governing = _governing(read, at, clause)
    if governing is None:
        return Judged("target", "kind.listed-aim") if led else Judged("actual", "kind.plain")
    if governing.tag == "event":
        return Judged("policy_event", "kind.act", governing)
    return Judged(
        "target" if governing.tag == "target" else "forecast", f"kind.{governing.tag}-cue", governing
    )


def ahead(read: Reading, judged: Judged, dated: Sequence[TimeOf], year: str) -> Judged:
    """The kind where the date tells more than the words: what is dated after the document is no fact yet.

    By a date it is a target, at a date a forecast. `year` is that of the document, empty if unknown.
    """
    when = next((t.when for t in dated if t.role == "observation"), None)
    if judged.kind != "actual" or when is None or not year or when.edtf[:4] <= year:
        return judged
    return Judged("target" if due(read, when) else "forecast", "kind.dated-ahead")


def is_baseline(read: Reading, at: int) -> bool:
    """Whether a number is where something comes from: `from 5 percent`."""
    return any(m.last == at and m.value != "since" for m in read.cues.get("from", ())) or any(
        m.last in (at - 1, at) and read.tokens[m.first].word in ("from", "从", "由")
        for m in read.cues.get("from", ())
    )


def _governing(read: Reading, at: int, clause: Range) -> Mark | None:
    """The cue that governs a token: the nearest before it in its clause, else one that reaches over from another.

    A cue of an earlier clause reaches on when the clause between begins without a subject of its own.
    """
    inside = [m for m in _cues(read) if clause[0] <= m.first <= at]
    plain = [m for m in inside if m.tag != "event"]
    told = [m for m in inside if m.tag == "event" and m.value == "announced"]
    if told and plain and plain[-1].value == "will" and told[-1].first < plain[-1].first:
        return told[-1]
    if plain and not _done_between(read, plain[-1].last, at):
        return plain[-1]
    acts = [m for m in inside if m.tag == "event" and at - m.last <= _ACTS and _is_act(read, m, clause)]
    if acts:
        return acts[-1]
    ahead_of = [m for m in read.tagged("future", (clause[0], at)) if read.tokens[m.first].han]
    if ahead_of:
        told = [m for m in _cues(read) if m.tag == "event" and m.first < ahead_of[0].first]
        return told[-1] if told else ahead_of[0]
    behind = [m for m in _cues(read) if at < m.first < clause[1] and _governs_back(read, m, at)]
    return behind[0] if behind else _from_before(read, clause)


def _done_between(read: Reading, first: int, last: int) -> bool:
    """Whether what follows a cue is told as done: `having raised 3 billion`."""
    return any(t.word in ("having", "after") for t in read.tokens[first:last])


def _governs_back(read: Reading, mark: Mark, at: int) -> bool:
    """Whether a cue behind a number governs it: `three-quarters of trucks will be electric`, `a 10 % tariff`."""
    if mark.tag == "event":
        return mark.value in _BY_NOUN and mark.first - at <= _BACK
    return mark.tag == "forecast" or mark.value == "will" or read.tokens[mark.first].han


def _cues(read: Reading) -> list[Mark]:
    marks = (*read.cues.get("target", ()), *read.cues.get("forecast", ()), *read.cues.get("event", ()))
    return sorted(marks, key=lambda m: (m.first, m.tag))


def _from_before(read: Reading, clause: Range) -> Mark | None:
    """The target or forecast cue that reaches on from a clause before; one that tells what is stands in its way."""
    where = read.clauses.index(clause) if clause in read.clauses else 0
    if where == 0 or _own_subject(read, clause):
        return None
    for before in reversed(read.clauses[:where]):
        held = [m for m in _cues(read) if before[0] <= m.first < before[1] and m.tag != "event"]
        if held:
            return held[-1]
        if _own_subject(read, before) or (before[0] and read.tokens[before[0] - 1].text in ":：;；"):
            return None
    return None


def _own_subject(read: Reading, clause: Range) -> bool:
    """Whether a clause has a subject and verb of its own, or compares with what was before."""
    first = read.tokens[clause[0]].word
    if first in (
        "which",
        "who",
        "while",
        "but",
        "whereas",
        "although",
        "up",
        "down",
        "compared",
        "from",
        "after",
    ):
        return True
    if read.tokens[clause[0]].han:
        return bool(read.tagged("from", (clause[0], clause[0] + 2)))
    return any(m.first > clause[0] for m in read.tagged("present", clause))


def _is_act(read: Reading, mark: Mark, clause: Range) -> bool:
    """Whether a verb such as `announce` names an act of policy: its object is one, or its word is."""
    if mark.value in (
        "tariff",
        "export_ban",
        "imposed",
        "entity_list",
        "blacklisted",
        "ban",
        "allocated",
        "granted",
    ):
        return True
    return bool(
        read.tagged("policy_object", (mark.first, clause[1])) or read.named("plan", (mark.first, clause[1]))
    )


def kind_of_clause(read: Reading, clause: Range) -> Judged | None:
    """The kind of a claim without a number, by the first cue that holds; None where the clause claims nothing.

    The first cue is that of the main verb. An aim whose verb is a relation to a plan or country is that relation.
    """
    held = [
        ((j.rule == "kind.state", j.cue.first), k, j)
        for k, judge in enumerate(_JUDGES)
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
    cues = [m for m in read.tagged("target", clause) if m.value not in _AHEAD and _aims(read, m, clause)]
    return Judged("target", "kind.target-cue", cues[0]) if cues else None


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
    about = read.named("place", clause) or read.named("org", clause) or _sectors_in(read, clause)
    return Judged("ranking", "kind.ranking-cue", marks[0]) if marks and about else None


def _event(read: Reading, clause: Range) -> Judged | None:
    related = read.tagged("relation", clause) or read.tagged("say", clause)
    for mark in read.tagged("event", clause):
        if mark.value in _BY_NOUN and related and not read.whens_in(clause):
            continue
        if _is_act(read, mark, clause) or read.whens_in(clause):
            return Judged("policy_event", "kind.act", mark)
    nouns = read.tagged("event_noun", clause) if read.whens_in(clause) else []
    return Judged("policy_event", "kind.act-noun", nouns[0]) if nouns else None


def _relation(read: Reading, clause: Range) -> Judged | None:
    about = _names_in(read, clause) or read.tagged("plan_noun", clause)
    marks = read.tagged("relation", clause)
    if not about and _sectors_in(read, clause):
        marks = [m for m in marks if m.value == "covers_sector" and read.tokens[m.first].han]
        about = _sectors_in(read, clause)
    return Judged("relation", "kind.relation-cue", marks[0]) if marks and about else None


def _forecast(read: Reading, clause: Range) -> Judged | None:
    ahead = [m for m in read.tagged("target", clause) if m.value == "will"]
    marks = sorted([*read.tagged("forecast", clause), *ahead])
    about = _names_in(read, clause) or _sectors_in(read, clause) or read.tagged("plan_noun", clause)
    if not marks or not about:
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
    about = _names_in(read, clause) or _sectors_in(read, clause)
    return Judged("actual", "kind.state", marks[0]) if marks and about else None


def _names_in(read: Reading, clause: Range) -> list[Mark]:
    return [m for m in read.names if clause[0] <= m.first < clause[1]]


def _sectors_in(read: Reading, clause: Range) -> list[Mark]:
    return [m for m in read.sectors if clause[0] <= m.first < clause[1]]


_JUDGES = (_target, _ranking, _event, _relation, _forecast, _state)


def modality(read: Reading, clause: Range, judged: Judged) -> tuple[Modality, str]:
    """How a claim is meant, and the rule that says so."""
    negative = bool(read.tagged("negative", clause))
    if judged.kind == "target":
        return "planned", "modality.target"
    if judged.kind in ("forecast", "attribution", "relation") and negative:
        return "criticised", "modality.negative-words"
    if judged.kind == "forecast":
        return "estimated", "modality.forecast"
    if judged.kind == "attribution" and read.tagged("state", clause) and _done(read, clause):
        return "achieved", "modality.told-as-done"
    if judged.kind in ("relation", "attribution"):
        return "asserted", "modality.asserted"
    if judged.kind == "policy_event":
        to = judged.cue.last if judged.cue else clause[1]
        ahead = [m for tag in ("future", "target") for m in read.tagged(tag, (clause[0], to + 2))]
        return ("planned", "modality.act-ahead") if ahead else ("achieved", "modality.act")
    if judged.kind == "actual" and read.tagged("estimated", clause):
        return "estimated", "modality.estimated"
    return "achieved", "modality.fact"


def _in_number(read: Reading, mark: Mark) -> bool:
    """Whether a word belongs to a number: `no more than 65 percent`."""
    start = read.tokens[mark.first].start
    return any(n.span.start <= start < n.span.end for n in read.numbers)


def _done(read: Reading, clause: Range) -> bool:
    return any(m.value == "achieved" for m in read.tagged("state", clause))


def polarity(read: Reading, clause: Range, cue: Mark | None, at: int) -> Polarity:
    """Whether a claim is denied: a negation stands shortly before its cue or number."""
    where = min(cue.first, at) if cue else at
    upto = max(cue.last if cue else where, at)
    near = [m for m in read.tagged("negation", clause) if where - _NEGATES <= m.first <= upto]
    near = [m for m in near if not _in_number(read, m)]
    return "negated" if near else "affirmed"
