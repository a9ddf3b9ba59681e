"""What a claim measures: an indicator of the register where words fit, else a name made of what the clause says.

Names are English words joined by `_`: what is measured, of which whole, and how (`nev_production`,
`world_market_share`). Words and links are rows of indicator_words.csv and indicator_links.csv. A number whose words
name nothing goes on about what the last one of its paragraph measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from zizhu.read.model import Number
from zizhu.read.rules.composed import composed
from zizhu.read.rules.composed_han import composed_han
from zizhu.read.rules.gazetteer import listed
from zizhu.read.rules.kinds import Judged
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.measured import content
from zizhu.read.rules.measured_han import of_two
from zizhu.read.rules.name_parts import Said, joined, lessened, nearest, unit_family
from zizhu.read.rules.per_what import per_what
from zizhu.read.rules.reading import Range, Reading
from zizhu.read.rules.tokens import tokens
from zizhu.vocab.packfiles import rows

_BESIDE = 4
"""Tokens on either side of a number by which its language is told."""
_LIGHT = ("share", "rate", "figure", "ratio", "number", "total")
"""Names that say nothing of what is measured: `puts the share at 31 %` goes on about a share told of before."""
_ABOVE = 2
"""Paragraphs up to the number that such a word goes on about, at most."""
_NOUN = 6
"""Tokens from such a word to its number, at most."""
_GIVEN = {
    "subsidies": "subsidy_budget",
    "fund_size": "fund_size",
    "award": "award",
    "loans": "lending",
    "equity_stake": "equity_stake",
}
"""What is given, and the name of the sum."""


@dataclass
class Measuring:
    """What the numbers before measured, by the family of their unit, for those that do not say."""

    last: dict[str, tuple[str, int]] = field(default_factory=dict)
    latest: tuple[str, int] = ("", -9)
    names: dict[str, str] = field(default_factory=dict)
    """The names that a document has given in several words, by the last of them."""

    def keep(self, family: str, indicator: str, paragraph: int) -> None:
        """Go on past a number."""
        self.last[family] = self.latest = (indicator, paragraph)
        self.names.setdefault(indicator.rpartition("_")[2], indicator)

    def same(self, family: str, paragraph: int, above: int = 0) -> str:
        """What the last number of the same family of units measured, in a paragraph or so many above it at most."""
        found, at = self.last.get(family, ("", -9))
        return found if paragraph - at <= above else ""

    def any(self, paragraph: int) -> str:
        """What the last number of a paragraph measured, whatever its unit."""
        return self.latest[0] if self.latest[1] == paragraph else ""


@cache
def _links(unit: str) -> tuple[tuple[frozenset[str], str], ...]:
    """Concepts and indicator of every link of a family of units, the most demanding first."""
    links = (r for r in rows("read/indicator_links.csv") if r["unit"] == unit)
    found = [(frozenset(r["concepts"].split()), r["indicator"]) for r in links]
    return tuple(sorted(found, key=lambda link: -len(link[0])))


def concepts(read: Reading, of: Range) -> list[Mark]:
    """Concept words that begin in a token range."""
    return [m for m in read.concepts if of[0] <= m.first < of[1]]


def of_number(
    read: Reading, number: Number, at: int, clause: Range, judged: Judged, before: Measuring
) -> tuple[str | None, str]:
    """The indicator of a number and the rule that named it; `before` is what numbers before it measured."""
    here, family = read.sentence.paragraph, unit_family(number.unit)
    found, rule = _of_act(read, number, clause, judged) or _named(
        read, number, at, clause, judged, before, here
    )
    found = "" if found and _only_a_place(found) else found
    found = (
        before.same(family, here, _ABOVE) or found
        if found in _LIGHT and _definite(read, found, at)
        else found
    )
    if rule != "indicator.act":
        found = per_what(read, number, clause, found)
    if found and rule != "indicator.act":
        before.keep(family, found, here)
    return found or None, rule


def _definite(read: Reading, noun: str, at: int) -> bool:
    """Whether a number is of `the share` or `that figure`, which was told of before."""
    near = range(max(1, at - _NOUN), at)
    nouns = [k for k in near if read.tokens[k].word == noun]
    return bool(nouns) and read.tokens[nouns[-1] - 1].word in ("the", "this", "that")


@lru_cache(maxsize=1 << 12)
def _only_a_place(name: str) -> bool:
    """Whether a name says where and not what: a place or its people, with a direction or none."""
    words = [t for t in tokens(name.replace("_", " ").title()) if t.word not in words_tagged("region_part")]
    return not words or any(m.tag == "place" and m.last - m.first == len(words) for m in listed(words))


def _of_act(read: Reading, number: Number, clause: Range, judged: Judged) -> tuple[str, str] | None:
    """The indicator that an act or a gift of money has by itself."""
    if judged.kind == "policy_event" and judged.cue and judged.cue.value in ("entity_list", "export_ban"):
        return judged.cue.value, "indicator.act"
    if (
        judged.cue
        and judged.cue[2:] == ("event", "tariff")
        and number.unit == "percent"
        and not number.change
    ):
        return "tariff_rate", "indicator.act"
    if judged.rule != "kind.funding" or judged.cue is None or judged.cue.value == "tariff":
        return None
    words = concepts(read, (judged.cue.first, judged.cue.last))
    if any(m.value == "budget" for m in words):
        return None
    given = {m.value for m in concepts(read, clause) if m.tag == "measure"}
    named = next((name for of, name in _GIVEN.items() if of in given), "")
    spends = read.tokens[judged.cue.last - 1].word in words_tagged("spends")
    most = "ceiling" if number.comparator == "<=" else ""
    return joined(named or ("public_spending" if spends else "funding"), most), "indicator.funding"


def _named(
    read: Reading, number: Number, at: int, clause: Range, judged: Judged, before: Measuring, here: int
) -> tuple[str, str]:
    family = unit_family(number.unit)
    marks = concepts(read, clause)
    if not any(m.tag in ("measure", "object") for m in marks):
        marks = concepts(read, (0, clause[1]))
    han = any(t.han for t in read.tokens[max(0, at - _BESIDE) : at + _BESIDE])
    compose = composed_han if han else composed
    name, changed = compose(
        read, number, clause, marks, Said(before.same(family, here), before.any(here), before.names)
    )
    if number.change == "decrease":
        return lessened(name, number.unit, judged.kind), "indicator.words"
    series = of_two(read, read.at(number.span.start)) if han else None
    told = {series.thing, series.measure} if series else {m.value for m in marks}
    linked = "" if changed or number.change else _linked(family, told)
    return (linked, "indicator.register") if linked else (name, "indicator.words")


def _linked(family: str, found: set[str]) -> str:
    return next((indicator for needed, indicator in _links(family) if needed <= found), "")


def of_clause(read: Reading, clause: Range, judged: Judged) -> tuple[str | None, str]:
    """The indicator of a claim without a number, and the rule that named it."""
    cue = judged.cue
    if cue is None:
        return None, ""
    if judged.kind == "relation":
        return cue.value, "indicator.predicate"
    if judged.kind == "policy_event":
        return _act(read, clause, cue), "indicator.act"
    marks = concepts(read, clause)
    if judged.kind == "ranking":
        return _ranked(marks, cue), "indicator.ranking"
    after = [m for m in marks if m.first >= cue.last]
    named = joined(nearest(after, "object", cue.last), nearest(after, "measure", cue.last))
    if judged.kind == "target":
        return named or "_".join(content(read, cue.last, clause[1])) or None, "indicator.aim"
    if judged.kind == "actual" and cue.value == "import_reliance":
        return cue.value, "indicator.state"
    return (named if any(m.tag == "measure" for m in after) else None) or None, "indicator.words"


def _act(read: Reading, clause: Range, cue: Mark) -> str:
    if cue.value in ("export_ban", "entity_list", "indictments", "address"):
        return cue.value
    if read.named("plan", clause) or read.tagged("plan_noun", clause):
        return f"plan_{cue.value}"
    objects = read.tagged("policy_object", (cue.first, clause[1])) or read.tagged("policy_object", clause)
    return joined(objects[0].value, cue.value) if objects else cue.value


def _ranked(marks: Sequence[Mark], cue: Mark) -> str:
    if cue.value in ("largest", "first", "second", "rank"):
        return joined(
            nearest(marks, "object", cue.last), nearest(marks, "measure", cue.last), "world", "rank"
        )
    return {"lag": "technology_lag", "overtook": "overtaking"}.get(cue.value, cue.value)
