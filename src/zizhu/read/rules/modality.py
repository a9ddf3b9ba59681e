"""How a claim is meant: as planned, done, estimated, criticised or merely said, by its kind and its tense."""

from __future__ import annotations

from typing import NamedTuple

from zizhu.ledger.claims import Modality
from zizhu.read.rules.kinds import DISOWNED, Judged, denials
from zizhu.read.rules.lexicon import words_tagged
from zizhu.read.rules.reading import Range, Reading


class Setting(NamedTuple):
    """What is known beside the clause: the words that name the speaker, and what sort of document it is.

    critic: it is signed by a person who judges. of_plan: it is a plan itself, so that its measures lie ahead.
    """

    said: Range = (0, 0)
    critic: bool = False
    of_plan: bool = False


def modality(read: Reading, clause: Range, judged: Judged, of: Setting) -> tuple[Modality, str]:
    """How a claim is meant, and the rule that says so."""
    negative = bool(read.tagged("negative", clause))
    if judged.kind == "target":
        return "planned", "modality.target"
    if judged.kind in ("forecast", "attribution", "relation") and negative:
        return "criticised", "modality.negative-words"
    if judged.kind == "forecast":
        return "estimated", "modality.forecast"
    if judged.rule == DISOWNED:
        return "asserted", "modality.disowned"
    if judged.kind == "attribution" and read.tagged("state", clause) and _done(read, clause):
        return "achieved", "modality.told-as-done"
    if judged.kind in ("relation", "attribution"):
        return "asserted", "modality.asserted"
    return _of_act(read, clause, judged, of) if judged.kind == "policy_event" else _of_fact(read, clause, of)


def _of_act(read: Reading, clause: Range, judged: Judged, of: Setting) -> tuple[Modality, str]:
    """An act is done unless its clause is in the future, its money only promised, or it is a measure of a plan."""
    to = judged.cue.last if judged.cue else clause[1]
    ahead = [m for tag in ("future", "target") for m in read.tagged(tag, (clause[0], to + 2))]
    verb = read.tokens[judged.cue.first].word if judged.cue else ""
    before = [t.word for t in read.tokens[clause[0] : to]]
    given = verb in words_tagged("given") or bool(read.tagged("perfect_act", clause))
    given = given or any(w in words_tagged("given") and w not in words_tagged("auxiliary") for w in before)
    if judged.rule == "kind.funding" and not given:
        return "planned", "modality.money-ahead"
    if of.of_plan and read.tokens[clause[0]].han and not read.whens and not read.tagged("done", clause):
        return "planned", "modality.measure-of-plan"
    if judged.cue and read.tokens[judged.cue.first].word in ("will", "would"):
        return "planned", "modality.act-ahead"
    ahead = [m for m in ahead if judged.cue is None or m.first != judged.cue.first]
    return ("planned", "modality.act-ahead") if ahead else ("achieved", "modality.act")


def _of_fact(read: Reading, clause: Range, of: Setting) -> tuple[Modality, str]:
    estimates = [*read.tagged("estimated", clause), *read.tagged("estimated", of.said)]
    if any(not _in_a_name(read, m.first) for m in estimates):
        return "estimated", "modality.estimated"
    wanting = read.tokens[clause[0]].han and any(
        m.value in ("lack", "import_reliance") for m in read.tagged("state", clause)
    )
    denied = bool(denials(read, clause)) and (of.critic or read.tokens[clause[0]].han)
    if wanting or denied or (of.critic and read.tagged("negative", clause)):
        return "criticised", "modality.wanting"
    return "achieved", "modality.fact"


def _in_a_name(read: Reading, at: int) -> bool:
    """Whether a word is part of a name: the Geological Survey."""
    return read.tokens[at].capital and at > 0


def _done(read: Reading, clause: Range) -> bool:
    return any(m.value == "achieved" for m in read.tagged("state", clause))
