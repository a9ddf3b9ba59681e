"""What a rule finds: two claims, the rule, and words for its reason; and the link made of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from zizhu.ledger.claims import Link
from zizhu.read.linking.lists import rules
from zizhu.read.linking.said import Said
from zizhu.vocab import names
from zizhu.vocab.countries import countries
from zizhu.vocab.groups import groups
from zizhu.vocab.packfiles import rows

_OF_CODES = ("about", "scope_a", "scope_b")
_LONGEST = 120
"""Characters of a text in a reason."""


class Found(NamedTuple):
    """How claim `b` stands to claim `a`, by which rule; `words` fill the places of its reason."""

    a: Said
    b: Said
    rule: str
    words: Mapping[str, str] = {}


def link(found: Found) -> Link:
    """The link with its reason in words."""
    rule = rules()[found.rule]
    note = rule.reason.format_map(_Words(_shared(found) | dict(found.words)))
    return Link(a=found.a.claim.id, b=found.b.claim.id, type=rule.type, by=found.rule, note=note)


class _Words(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "(not stated)"

    def __getitem__(self, key: str) -> str:
        text = short(super().__getitem__(key))
        return ", ".join(map(_readable, text.split(", "))) if key in _OF_CODES else text


def _readable(text: str) -> str:
    """A code in words: `CHN` and `CHN steel` by the name of the country, a plan by its own, others without `_`."""
    code, blank, rest = text.partition(" ")
    named = names.the(code) if code in countries() or code in groups() else _plans().get(code, code)
    return f"{named}{blank}{rest}".replace("_", " ")


@cache
def _plans() -> dict[str, str]:
    """The names of plans and others by their ids, and by those of the policy register."""
    listed = rows("policy/entities.csv")
    return {r["register"]: r["name"] for r in listed if r["register"]} | {r["id"]: r["name"] for r in listed}


def _shared(found: Found) -> dict[str, str]:
    sides = {"a": found.a, "b": found.b}
    words = voices(found.a, found.b)
    for side, of in sides.items():
        if of.amount:
            words[f"value_{side}"] = of.amount.text
        if of.claim.said_on:
            words[f"said_{side}"] = of.claim.said_on
    return words


def voices(a: Said, b: Said) -> dict[str, str]:
    """Who says `a` and who `b`, for a reason; a document that has no name is told from another one."""
    one = "the document"
    other = one if a.named or a.document == b.document else "the other document"
    return {"voice_a": a.named or one, "voice_b": b.named or other}


def short(text: str) -> str:
    """A text on one line, of bounded length."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 3]}..."
