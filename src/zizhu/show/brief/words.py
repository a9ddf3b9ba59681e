"""The names under which codes appear in a brief."""

from __future__ import annotations

from zizhu.ledger import register
from zizhu.ledger.facts import Fact
from zizhu.ledger.models import Assessment, Comparator, Event, Observation, Target
from zizhu.vocab import periods, units
from zizhu.vocab.names import name

_COMPARATORS: dict[Comparator, str] = {
    ">": "more than ",
    ">=": "at least ",
    "<": "less than ",
    "<=": "at most ",
    "~": "about ",
    "range": "from ",
    "=": "",
}


def capital(text: str) -> str:
    """The text with a capital letter, as a sentence begins."""
    return text[:1].upper() + text[1:]


def period(code: str) -> str:
    """A period in words."""
    return periods.label(periods.parse(code))


def comparator(code: Comparator | None) -> str:
    """A comparator before a number."""
    return _COMPARATORS[code] if code else ""


def promise(target: Target) -> str:
    """What a target promises: 'at least 70 %', 'from 40 to 45 %'."""
    if target.high is None:
        return comparator(target.comparator) + units.quantity(target.value, target.unit)
    return f"from {units.number(target.value)} to {units.quantity(target.high, target.unit)}"


def fact(found: Fact) -> str:
    """What a fact of the register says, in one sentence."""
    if isinstance(found, Target):
        when = f" by {period(found.deadline)}" if found.deadline else ""
        assumed = " (comparator assumed)" if found.comparator_assumed else ""
        return f"{found.plan} promises of {found.item}, {found.indicator}: {promise(found)}{when}{assumed}."
    if isinstance(found, Observation):
        value = comparator(found.comparator) + units.quantity(found.value, found.unit)
        label = register.indicators()[found.indicator].label
        seen = f"{label}: {value}, {period(found.period)}, {found.status}, quality {found.quality}."
        return f"{seen} {found.note}".strip()
    if isinstance(found, Event):
        return f"{period(found.date)}, {found.kind.replace('_', ' ')} by {name(found.actor)}: {found.event}."
    if isinstance(found, Assessment):
        value = comparator(found.comparator) + units.quantity(found.value, found.unit)
        verdict = f"; verdict: {found.verdict}" if found.verdict else ""
        return (
            f"{found.speaker} on {found.subject}, {period(found.date)}: {found.indicator}, {value}{verdict}."
        )
    return f"{found.indicator}, set by the plan itself."
