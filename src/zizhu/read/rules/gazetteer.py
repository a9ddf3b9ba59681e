"""Names in a sentence: plans, organisations, persons, places and sectors, from the packs and by the grammar of names.

An alias that is a common noun ("industrial internet") counts as a plan only in quotation marks, before a word such as
`plan`, or once the document has named it in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from zizhu.read.rules.han_plans import titled
from zizhu.read.rules.lexicon import Entry, Mark, Trie, words_tagged
from zizhu.read.rules.plans import plans_by_grammar, years_end
from zizhu.read.rules.tokens import Token, tokens
from zizhu.vocab.countries import countries
from zizhu.vocab.packfiles import rows

_PLANLIKE = frozenset(
    ("plan", "programme", "strategy", "policy", "target", "foreign_plan", "countermeasure", "fund")
)
_HAN = 8
"""Tokens at the beginning of a sentence by which it is told to be Chinese."""
_MONEY = frozenset(("dollar", "dollars"))
_CONNECTORS = frozenset(("of", "for", "and", "the", "de", "&"))


@dataclass
class Known:
    """The plans that a document has named so far."""

    plans: set[str] = field(default_factory=set)


@cache
def known_names() -> Trie:
    """Entities, countries and places; tag is `plan`, `org`, `person`, `place` or `common` (a plan by common noun)."""
    trie = Trie()
    for code, country in countries().items():
        if country.status != "not specified":
            for name in (country.name, country.name_zh, *country.aliases):
                trie.add(name, Entry("place", code, "Cap"))
    for row in rows("read/places.csv"):
        trie.add(row["phrase"], Entry("place", row["place"], _shape(row["phrase"])))
    for row in rows("policy/entities.csv"):
        for name in (row["name"], *filter(None, row["aliases"].split(";"))):
            tag = "plan" if row["type"] in _PLANLIKE else row["type"]
            common = tag == "plan" and not any(
                t.capital or t.han or t.text[0].isdigit() for t in tokens(name)
            )
            trie.add(name, Entry("common" if common else tag, row["id"], _shape(name)))
    return trie


def _shape(name: str) -> str:
    letters = [t.text for t in tokens(name) if t.text[0].isalpha() and t.text.isascii()]
    if letters and all(t.isupper() for t in letters):
        return "CAPS"
    return "Cap" if letters and letters[0][0].isupper() else ""


@cache
def sector_words() -> Trie:
    """The names of sectors."""
    trie = Trie()
    for row in rows("read/sector_words.csv"):
        shape = "CAPS" if row["phrase"].isupper() and row["phrase"].isascii() else ""
        trie.add(row["phrase"], Entry("sector", row["sector"], shape))
    return trie


def listed(found: Sequence[Token]) -> list[Mark]:
    """The names of the lists that occur in a sentence, overlapping ones too."""
    return known_names().marks(found)


def named(
    found: Sequence[Token],
    marks: Sequence[Mark],
    known: Known,
    home: str,
    of_sectors: Sequence[Mark] = (),
    opens: bool = False,
) -> list[Mark]:
    """The names of a sentence, longest first where they overlap, in order.

    `marks` are those of `listed`, `home` is the country of the document, `of_sectors` the sectors of the sentence;
    `opens` says that it is a line at the head of the document. Adds to `known` what it learns.
    """
    certain = [
        m for m in marks if (m.tag != "common" or _is_plan(found, m, known)) and not _of_money(found, m)
    ]
    places = [m for m in certain if m.tag == "place"]
    titles = titled(found, places, of_sectors, home, opens) if any(t.han for t in found[:_HAN]) else ()
    by_grammar = [
        Mark(p.first, p.last, "plan", _canonical(p.value))
        for p in (*plans_by_grammar(found, places, home), *titles)
    ]
    kept = [_with_years(found, m) for m in apart([*certain, *by_grammar])]
    known.plans.update(m.value for m in kept if m.tag in ("plan", "common"))
    return kept


def _of_money(found: Sequence[Token], mark: Mark) -> bool:
    """Whether a country only says whose money is meant: `US$5 billion`, `5 billion U.S. dollars`."""
    behind = [t.word for t in found[mark.last : mark.last + 2] if t.text != "."][:1]
    return mark.tag == "place" and bool(behind) and (behind[0][0] == "$" or behind[0] in _MONEY)


def _with_years(found: Sequence[Token], mark: Mark) -> Mark:
    """A plan with the years in brackets behind its name."""
    return mark if mark.tag not in ("plan", "common") else mark._replace(last=years_end(found, mark.last))


def sectors(found: Sequence[Token]) -> list[Mark]:
    """The sectors that a sentence names, the longest name where several overlap."""
    return apart(sector_words().marks(found))


def apart(marks: Sequence[Mark]) -> list[Mark]:
    """Marks that do not overlap: the longest wins, then the first."""
    taken: set[int] = set()
    kept = []
    for mark in sorted(marks, key=lambda m: (m.first - m.last, m.first, m.tag)):
        place = range(mark.first, mark.last)
        if taken.isdisjoint(place):
            taken.update(place)
            kept.append(mark)
    return sorted(kept)


def _is_plan(found: Sequence[Token], mark: Mark, known: Known) -> bool:
    if mark.value in known.plans:
        return True
    quoted = mark.first > 0 and found[mark.first - 1].word in ("'", '"')
    after = found[mark.last : mark.last + 2]
    return quoted or any(t.word in words_tagged("plan_head") for t in after)


@cache
def _plan_names() -> dict[str, str]:
    return {row["name"].casefold(): row["id"] for row in rows("policy/entities.csv")}


def _canonical(plan: str) -> str:
    """The id of a plan that grammar found, where the register of names has it."""
    return _plan_names().get(plan.replace("-", " ").casefold(), plan)


def registered(plan: str) -> str:
    """The plan of the policy register behind an id of the gazetteer; an id of no register stands for itself.

    >>> registered("CN-FYP14"), registered("VN-FYP10")
    ('14th FYP', 'VN-FYP10')
    """
    return _registered().get(plan) or plan


@cache
def names_of(register: str) -> tuple[str, ...]:
    """The ids and names by which documents may mean a plan of the register; none for one that no list has."""
    held = (r for r in rows("policy/entities.csv") if register and r["register"] == register)
    return tuple(n for r in held for n in (r["id"], r["name"], *r["aliases"].split(";")) if n)


@cache
def registered_ids() -> frozenset[str]:
    """The ids of all plans of the register of names."""
    return frozenset(_registered())


@cache
def _registered() -> dict[str, str]:
    return {row["id"]: row["register"] for row in rows("policy/entities.csv")}


def capital_runs(
    found: Sequence[Token], first: int = 0, last: int | None = None
) -> Iterator[tuple[int, int]]:
    """Runs of capitalised words in a token range, joined by words such as `of`: names as they are written."""
    end = len(found) if last is None else min(last, len(found))
    named = [t.capital and not t.han and t.text[0].isalpha() for t in found[first:end]]
    at = 0
    while True in named[at:]:
        start = named.index(True, at)
        at = start + 1
        while at < len(named) and (named[at] or _joins(found, named, first, at)):
            at += 1
        yield first + start, first + at


def _joins(found: Sequence[Token], named: list[bool], first: int, at: int) -> bool:
    """Whether a word or hyphen joins two capitalised words to one name."""
    token = found[first + at]
    if at + 1 >= len(named):
        return False
    glued = token.text == "-" and token.start == found[first + at - 1].end and named[at - 1]
    if glued and found[first + at + 1].text[0].isalpha() and found[first + at + 1].start == token.end:
        named[at + 1] = True  # Seo-yeon
    if not named[at + 1]:
        return False
    return token.word in _CONNECTORS or (token.text in "-&." and token.start == found[first + at - 1].end)
