"""What plans, laws and purposes foresee: a number is an aim where it is foreseen, required, permitted or meant."""

from __future__ import annotations

from zizhu.read.model import Number
from zizhu.read.rules.lexicon import Mark
from zizhu.read.rules.reading import Range, Reading

_BEING = ("is", "are", "was", "were")
_ALLOWS = ("may", "can")
_DEMANDS = 24
"""Tokens from a verb of demanding to a number that it demands, at most."""


def plan_foresees(read: Reading, cue: Mark, clause: Range) -> bool:
    """Whether it is a plan or law that foresees a number: `the plan would cut imports by 10 %`."""
    foresees = (cue.value == "plan" or _moves(read, cue)) and _by_plan(read, cue, clause)
    return foresees or _plan_expects(read, cue)


def required(read: Reading, at: int) -> Mark | None:
    """What a law or plan demands: `the mandate requires 20 percent of sales to be electric in 2026`."""
    held = [m for m in read.tagged("requires", (0, at)) if _by_plan(read, m, read.clause(m.first))]
    done = held and read.tagged("done", (held[-1].last, at))
    return None if done or not held or at - held[-1].last > _DEMANDS else held[-1]


def permits(read: Reading, cue: Mark, number: Number, at: int) -> bool:
    """Whether a limit is what is allowed: `no more than 65 percent may come from one country`."""
    return cue.first > at and number.comparator in ("<", "<=") and read.tokens[cue.first].word in _ALLOWS


def meant(read: Reading, at: int, clause: Range) -> Mark | None:
    """What something is for: `the scheme is meant to raise output to 40 GW`."""
    held = [m for m in read.tagged("purpose", (clause[0], at)) if m.first > clause[0]]
    held = [
        m for m in held if read.tokens[m.first - 1].word in _BEING and read.tokens[m.last - 1].word == "to"
    ]
    return held[-1] if held and not read.tagged("done", (held[-1].last, at)) else None


def _moves(read: Reading, cue: Mark) -> bool:
    """Whether a cue is the `would` of what something is to change: `the plan would cut imports by 10 %`."""
    return any(m.first == cue.first for m in read.tagged("moves_by_plan"))


def _plan_expects(read: Reading, cue: Mark) -> bool:
    """Whether a plan stands right before a verb of expecting: `the plan expected suppliers to cover 40 percent`."""
    if cue.tag != "forecast" or not read.tokens[cue.first].word.startswith(("expect", "anticipat")):
        return False
    nouns = (*read.tagged("plan_noun"), *read.named("plan"))
    return any(m.last == cue.first for m in nouns)


def _by_plan(read: Reading, cue: Mark, clause: Range) -> bool:
    """Whether it is a plan or law that foresees: what it foresees is its aim."""
    before = (clause[0], cue.first)
    nouns = [m for m in read.tagged("policy_object", before) if m.value in ("plan", "policy", "law")]
    return bool(nouns or read.named("plan", before) or read.tagged("plan_noun", before))
