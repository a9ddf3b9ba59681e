"""What verdicts rest on besides observations: bounds of words, reason codes, which bases fit, where series change.

All are rows of `packs/policy`, each with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from zizhu.ledger.models import Record, Text
from zizhu.ledger.records import load
from zizhu.vocab.packfiles import pack


class Rule(Record):
    """A bound that a verdict turns on, with where it comes from."""

    name: Text
    value: float
    unit: Text
    why: Text
    source: Text
    url: str = ""


class Code(Record):
    """Why a target has no probability, in a word and in a sentence."""

    code: Text
    label: Text
    meaning: Text


class Fit(Record):
    """A basis of a series on which a target worded on another one is read, and what that leaves open."""

    target_basis: Text
    series_basis: Text
    why: Text


class Change(Record):
    """A year from which a series is on another definition, or a value that is none of it; its note is the evidence."""

    rule: Literal["break", "left out"]
    indicator: Text
    entity: Text
    period: str = ""
    observation: Text
    why: Text


@cache
def rules() -> Mapping[str, Rule]:
    """The bounds by name."""
    return {r.name: r for r in load(pack("policy/verdict_rules.csv"), Rule, (), key="name")}


def bound(name: str) -> float:
    """The value of a bound."""
    return rules()[name].value


@cache
def codes() -> Mapping[str, Code]:
    """The reason codes."""
    return {c.code: c for c in load(pack("policy/verdict_codes.csv"), Code, (), key="code")}


@cache
def fits() -> Mapping[tuple[str, str], Fit]:
    """What fits besides equal bases, by the basis of the target and that of the series."""
    found = load(pack("policy/basis_fit.csv"), Fit, (), key="")
    return {(f.target_basis, f.series_basis): f for f in found}


@cache
def changes() -> tuple[Change, ...]:
    """Where series change, and what is none of them."""
    return load(pack("policy/series_changes.csv"), Change, (), key="observation")
