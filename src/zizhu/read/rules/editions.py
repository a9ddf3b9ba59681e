"""The plans and measures that are known by what they are about, and which of several editions is meant.

A row of plan_topics.csv says of a plan of the register who issued it, of which kind it is, its topic and its year.
Plans of one issuer, kind and topic are editions of one another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import NamedTuple

from zizhu.read.rules.lexicon import Entry, Trie
from zizhu.vocab.packfiles import rows

KIND, TOPIC = "plan_kind", "plan_topic"
"""Tags of the words by which a plan is described: what it is (plan, tariff), and what it is about."""
FIVE_YEAR = "five_year"
FIVE_YEAR_ID = "-FYP"
"""What the id of a five-year plan holds before its number."""
OF_YEARS = (FIVE_YEAR, "years_ahead")
"""Kinds of words that mean a five-year plan."""
SUPPORT = "support"
ACTS_OF_STATE = ("plan", SUPPORT)
"""Kinds of what a state sets itself; the others are measures that one takes against another."""
_YEAR = 4
_SINCE = 1
"""Years after its own in which a measure is still spoken of by a date."""


class Edition(NamedTuple):
    """A plan or measure of the register; `against` is the country that a measure is taken against, if one is."""

    plan: str
    issuer: str
    kinds: tuple[str, ...]
    words: frozenset[str]
    year: str
    against: str


@cache
def editions() -> tuple[Edition, ...]:
    """All rows in the order of their years."""
    made = (
        Edition(
            r["plan"],
            r["issuer"],
            tuple(r["kind"].split(";")),
            frozenset(r["words"].lower().split(";")) - {""},
            r["year"],
            r["against"],
        )
        for r in rows("read/plan_topics.csv")
    )
    return tuple(sorted(made, key=lambda e: (e.year, e.plan)))


@cache
def described_words() -> Trie:
    """Words for kinds and topics of plans."""
    trie = Trie()
    for row in rows("read/plan_kinds.csv"):
        trie.add(row["phrase"], Entry(KIND, row["kind"]))
    for row in rows("read/plan_topics.csv"):
        for phrase in filter(None, row["words"].split(";")):
            shape = "CAPS" if phrase.isascii() and phrase.rstrip("s").isupper() and phrase.isupper() else ""
            trie.add(phrase, Entry(TOPIC, phrase.lower(), shape))
    return trie


def about(kind: str, topics: Collection[str], issuer: str) -> list[Edition]:
    """The editions of a kind on one of the topics by one issuer; measures on no topic only where none is on one."""
    held = [e for e in editions() if kind in e.kinds and e.issuer == issuer]
    return [e for e in held if not e.words.isdisjoint(topics)] or [e for e in held if not e.words]


def edition(held: Sequence[Edition], years: Sequence[str], earlier: bool, year: str) -> str:
    """Which edition is meant: that of a year said, else the newest of the year of the document, else the family.

    `earlier` says that it is another one than the last (`a similar plan`, `the previous plan`). Empty where none fits.
    """
    said = [e.plan for e in held if e.year in years]
    if said:
        return said[0]
    if not year:
        return held[0].plan if len(held) == 1 else held[0].plan.rstrip("0123456789")
    known = [e for e in held if e.year <= year]
    if earlier:
        return known[-2].plan if len(known) > 1 and not years else ""
    return known[-1].plan if known else ""


def measure(held: Sequence[Edition], years: Sequence[str], year: str) -> str:
    """The measure that is meant: one that was taken by the year of the document, and near the years said, if any."""
    for one in held:
        taken = not one.year or not year or one.year <= year
        near = not one.year or not years or any(0 <= int(y) - int(one.year) <= _SINCE for y in years)
        if taken and near:
            return one.plan
    return ""


@cache
def countermeasures() -> frozenset[str]:
    """The ids of measures that one state takes against another."""
    listed = {r["id"] for r in rows("policy/entities.csv") if r["type"] == "countermeasure"}
    return frozenset(listed | {e.plan for e in editions() if not set(e.kinds) & set(ACTS_OF_STATE)})


@cache
def states() -> dict[str, str]:
    """Governments and unions by their ids, with their countries."""
    return {r["id"]: r["country"] for r in rows("policy/actors.csv") if r["kind"] in ("state", "union")}


@cache
def five_year_plans(issuer: str) -> tuple[tuple[str, str, str], ...]:
    """The five-year plans of a country that the register has: id, first and last year."""
    held = (r for r in rows("policy/entities.csv") if r["id"].startswith(f"{issuer}-FYP"))
    return tuple((r["id"], r["start"], r["end"]) for r in sorted(held, key=lambda r: r["start"]))


def not_before(plans: Iterable[str]) -> str:
    """The year before which no document can name these plans: that of the youngest; empty where none is known.

    A five-year plan is spoken of in the year in which it is drawn up.
    """
    years = (int(y) - (FIVE_YEAR_ID in plan) for plan in plans if (y := since(plan)).isdecimal())
    return str(max(years, default=""))


@cache
def since(plan: str) -> str:
    """The year from which a plan of the register of names runs; empty if it is not stated."""
    return next((r["start"][:_YEAR] for r in rows("policy/entities.csv") if r["id"] == plan), "")
