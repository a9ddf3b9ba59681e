"""The words and settings by which claims are linked: rows of the packs, read once.

link_rules.csv names every rule with its type and its reason; definitions.csv says what the words of an indicator
define; link_roles.csv what a predicate says of its object; link_words.csv and stance.csv are phrases.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple, cast

from zizhu.ledger.claims import LinkType
from zizhu.read.rules.lexicon import Entry, Trie, forms
from zizhu.vocab.packfiles import rows

STANCES = "read/stance.csv"
WORDS = "read/link_words.csv"
_NOTHING = "none"


class Rule(NamedTuple):
    """A rule's type of link, and its reason with places for what it found."""

    type: LinkType
    reason: str


class Meaning(NamedTuple):
    """What a word of an indicator defines: the value of a family, and the thing that it is a variant of, if any."""

    family: str
    value: str
    base: str


class Stance(NamedTuple):
    """What a phrase says: an axis such as the course of a plan, one of its poles, and that in words.

    `about` says where what it is said of stands: `after` the phrase, or `any`where.
    """

    axis: str
    pole: str
    meaning: str
    about: str


@cache
def rules() -> dict[str, Rule]:
    """All rules by name."""
    return {r["rule"]: Rule(cast(LinkType, r["type"]), r["reason"]) for r in rows("read/link_rules.csv")}


@cache
def setting(name: str) -> float:
    """A threshold by name."""
    return {r["name"]: float(r["value"]) for r in rows("read/link_settings.csv")}[name]


@cache
def meanings() -> dict[str, tuple[Meaning, ...]]:
    """What each word of an indicator defines, in all its families; words that define nothing have none."""
    found: dict[str, tuple[Meaning, ...]] = {}
    for r in rows("read/definitions.csv"):
        more = () if r["family"] == _NOTHING else (Meaning(r["family"], r["value"] or r["word"], r["base"]),)
        found[r["word"]] = (*found.get(r["word"], ()), *more)
    return found


@cache
def roles() -> dict[str, tuple[str, str]]:
    """What a predicate or indicator says of its object: role and the kind of thing."""
    return {r["predicate"]: (r["role"], r["noun"]) for r in rows("read/link_roles.csv")}


@cache
def stances() -> tuple[Trie, tuple[Stance, ...]]:
    """The phrases that take a stance, and the stances that their values number."""
    trie = Trie()
    known: list[Stance] = []
    for r in rows(STANCES):
        said = Stance(r["axis"], r["pole"], r["meaning"], r["about"])
        if said not in known:
            known.append(said)
        for phrase in forms(r["phrase"], r["pos"], r["forms"]):
            trie.add(phrase, Entry("stance", str(known.index(said))))
    return trie, tuple(known)


@cache
def words() -> Trie:
    """The other phrases: basis, hedges, denials, words between two forms of one amount, direction and force of aims."""
    trie = Trie()
    for r in rows(WORDS):
        for phrase in forms(r["phrase"], r["pos"], r["forms"]):
            trie.add(phrase, Entry(r["tag"], r["value"]))
    return trie
