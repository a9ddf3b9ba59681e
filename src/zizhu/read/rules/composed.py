"""Names of what English numbers measure, made of the words around them and of the concepts that a clause names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from zizhu.read.model import Number
from zizhu.read.rules.lexicon import Mark, plural, values, words_tagged
from zizhu.read.rules.measured import content, phrase, singular
from zizhu.read.rules.name_parts import (
    Said,
    Sum,
    head,
    is_measure,
    joined,
    level,
    nearest,
    short,
    unit_family,
)
from zizhu.read.rules.ratios import ratio
from zizhu.read.rules.reading import Range, Reading
from zizhu.read.rules.shares import share

_WORDS = 4
_RANKED = 12
_LISTED = ("areas", "sectors", "industries", "fields", "technologies")
_PEOPLE = ("people", "workers", "employees", "staff", "engineers", "jobs", "positions", "researchers")
_FLOWS = ("production", "output", "sales", "exports", "imports", "stock", "employment")
_PIECES = ("count:unit", "count:item", "count:piece")
"""Units of what is counted piece by piece, which say nothing of it."""
_TIMED = ("expectancy", "age", "delay", "lag", "lifetime", "duration")


def composed(
    read: Reading, number: Number, clause: Range, marks: Sequence[Mark], before: Said
) -> tuple[str, bool]:
    """The name of what a number measures, and whether it says by how much that changed."""
    said = phrase(read, number, clause)
    at = read.at(number.digits.start)
    compose = _COMPOSERS[unit_family(number.unit)]
    if number.change and not said.changed:
        said = said._replace(changed=True)
    return compose(Sum(read, number, at, said, marks, before)), said.changed


def _money(of: Sum) -> str:
    measure = nearest(of.marks, "measure", of.at)
    if measure == "subsidies":
        return "subsidy_budget"
    if of.behind < len(of.read.tokens) and of.read.tokens[of.behind].word == "per":
        return joined(nearest(of.marks, "object", of.at), "price")
    inside = _inside(of)
    if inside:
        return inside
    given = of.read.tokens[max(0, of.at - 2) : of.at]
    if any(t.word in words_tagged("gives") for t in given) and [
        t.word for t in of.read.tokens[of.behind : of.behind + 1]
    ] == ["in"]:
        words = content(of.read, of.behind + 1, len(of.read.tokens))
        if words and words[-1] not in words_tagged("light_noun"):  # `raised 5 billion in its first phase`
            return short(of, words)
    for_it = (
        of.read.tokens[max(0, of.at - 2)].word == "for" or of.read.tokens[max(0, of.at - 1)].word == "for"
    )
    if for_it and any(m.value == "purchases" and m.first < of.at for m in of.read.tagged("measures")):
        return "acquisition_value"
    return _amount(of)


def _inside(of: Sum) -> str:
    """What money is in: `billions in investment`, `3 billion dollars in sales`; a vague sum may be in anything."""
    if [t.word for t in of.read.tokens[of.behind : of.behind + 1]] != ["in"] or of.said.rule == "verb":
        return ""
    words = content(of.read, of.behind + 1, len(of.read.tokens))
    light = not words or words[-1] in words_tagged("light_noun")
    return short(of, words) if not light and (of.number.vague or is_measure(words[-1:])) else ""


def _amount(of: Sum) -> str:
    """Money, mass, energy: the noun of the verb, else the words of the phrase, else what went before."""
    said = of.said
    thing, measure = nearest(of.marks, "object", of.at), nearest(of.marks, "measure", of.at)
    if said.rule == "verb":
        inside = thing or singular(of.said.of[-2:])
        if said.verb.endswith("ed"):
            return joined("_".join(of.said.of[-2:]), said.verb)
        made = said.verb in (
            "production",
            "capacity",
            "generation",
            "shipments",
            "exports",
            "imports",
            "sales",
        )
        return joined(inside if made else "", said.verb)
    if said.rule == "same" and (of.same or of.before.other):
        return of.same or level(of.before.other)
    name = head(of) or joined(thing if measure != "gdp" else "", measure) or of.same
    goods = name.endswith("capacity") and unit_family(of.number.unit) == "amount"
    return joined("production_capacity" if goods else name)


def _rank(of: Sum) -> str:
    """What is ranked: the words behind the last `in` (`second in the world in chip output`), else the noun ranked."""
    read = of.read
    first = read.at(of.number.span.end - 1)
    stop = min(first + _RANKED, len(read.tokens))
    placed = {m.first for m in read.names if m.tag == "place"}
    stop = next((k for k in range(first, stop) if read.tokens[k].text in ",;:."), stop)
    ins = [
        k
        for k in range(first, stop)
        if read.tokens[k].word == "in" and not _the_world(read, k + 1) and not {k + 1, k + 2} & placed
    ]
    named = _words_from(read, ins[-1] + 1) if ins else ""
    named = named or _agent(read, first + 1, stop)
    world = "world" if any(m.tag == "whole" and m.value == "world" for m in of.marks) else ""
    own = any(t.word in ("country", "nation", "kingdom") for t in read.tokens[max(0, of.at - 2) : of.at])
    area = world or ("national" if own else "")
    return joined(named or nearest(of.marks, "object", first), area, "rank")


def _agent(read: Reading, first: int, stop: int) -> str:
    """The noun behind a rank: what a maker or exporter makes or exports, else the words themselves."""
    words = content(read, first, stop)
    if not words or words[-1] not in values("agent"):
        return "_".join(words)
    at = next((k for k in range(first, stop) if read.tokens[k].word == "of"), stop)
    thing = "_".join(words[:-1] or content(read, at + 1, stop))
    return joined(thing, values("agent")[words[-1]])


def _the_world(read: Reading, at: int) -> bool:
    return [t.word for t in read.tokens[at : at + 2]] == ["the", "world"]


def _words_from(read: Reading, first: int) -> str:
    """Up to four words from a token on, an article skipped, to the first mark or small word."""
    first += first < len(read.tokens) and read.tokens[first].word in ("the", "a", "its")
    words = []
    for token in read.tokens[first : first + _WORDS]:
        if token.word in words_tagged("stop") or not token.text.isalpha() or token.han:
            break
        words.append(token.word)
    return "_".join(words)


def _time(of: Sum) -> str:
    measure = nearest(of.marks, "measure", of.at)
    if measure == "lag":
        return "technology_lag_years"
    named = head(of)
    if measure == "delay":
        return measure
    if not named and of.same:
        return of.same
    thing = named or measure or nearest(of.marks, "object", of.at)
    return thing if thing.endswith(_TIMED) else joined(thing, "duration")


def _area(_: Sum) -> str:
    return "area"


def _counted(of: Sum) -> str:
    """What is counted with the words before it: `life_science_companies`; people at work are employment."""
    read, marks, said = of.read, of.marks, of.said
    if of.number.vague and of.number.unit == "count" and _inside(of):
        return _inside(of)
    measure, thing = nearest(marks, "measure", of.at), nearest(marks, "object", of.at)
    noun = _counted_noun(read, of.number, marks)
    if of.number.unit in _PIECES and said.rule in ("subject", "object", "of") and said.head:
        return joined(singular(said.of) if said.of else "", head(of))
    if noun.endswith(_LISTED) and (read.tagged("relation") or "priority" in noun):
        return "priority_areas"
    people = noun.endswith(_PEOPLE)
    if said.verb == "jobs_created" and (not noun or "job" in noun or "position" in noun):
        return said.verb
    if people and (
        said.verb in ("new_jobs", "employment") or (measure == "employment" and "jobs" not in noun)
    ):
        sector = read.sectors[0].value if read.sectors else ""
        return said.verb if said.verb == "new_jobs" else joined(sector.removesuffix("s"), "employment")
    if (
        measure in _FLOWS
        and thing
        and not _of_another(of, measure)
        and (thing in noun or not noun or thing in ("nev", "ev", "vehicle"))
    ):
        return joined(thing, measure)
    if said.verb == "loss" and noun:
        return joined(noun.rpartition("_")[2], "lost")
    if not noun and said.rule != "verb":
        return of.same if said.rule == "same" else head(of) or joined(thing, measure) or of.same
    return noun or joined(thing, said.verb or measure)


def _of_another(of: Sum, measure: str) -> bool:
    """Whether another number stands between a measure and what is counted: `nine zones for exports of 2 billion`."""
    there = [m.first for m in of.marks if m.tag == "measure" and m.value == measure]
    nearest_one = min(there, key=lambda k: abs(k - of.at), default=of.at)
    low, high = sorted((of.at, nearest_one))
    return any(low < k < high for k in of.read.figures)


def _counted_noun(read: Reading, number: Number, marks: Sequence[Mark]) -> str:
    """The noun phrase behind a number, at most four words; a concept in front goes by its short name."""
    if read.text[number.digits.end : number.digits.end + 1] == "-" and number.noun:
        return plural(number.noun.lower())
    first = read.at(number.digits.end)
    first += number.vague and first < len(read.tokens) and read.tokens[first].word == "of"
    short = next((m for m in marks if m.tag == "object" and m.first == first and m.last - first > 1), None)
    words = [short.value] if short else []
    for token in read.tokens[short.last if short else first :][: _WORDS + 3]:
        if token.text in '-&“"‘' and len(words) < _WORDS:
            continue
        if (
            token.word in words_tagged("stop")
            or not token.text.isalpha()
            or token.han
            or len(words) == _WORDS
            or (words and token.word in words_tagged("level"))
        ):
            break
        words.append(token.word)
    while words and words[-1].endswith("ed") and (len(words) == 1 or words[-2].endswith("s")):
        words.pop()  # `dozens of mills closed`
    return "_".join(words)


_COMPOSERS: Mapping[str, Callable[[Sum], str]] = {
    "percent": share,
    "money": _money,
    "ratio": ratio,
    "rank": _rank,
    "time": _time,
    "area": _area,
    "count": _counted,
    "power": _amount,
    "amount": _amount,
}
