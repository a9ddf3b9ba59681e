"""Names of what Chinese numbers measure, made of the measure, thing and whole that their part of a sentence names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from zizhu.read.model import Number
from zizhu.read.rules.lexicon import Mark, plural
from zizhu.read.rules.measured import singular
from zizhu.read.rules.measured_han import Measured, measured
from zizhu.read.rules.name_parts import Said, joined, level, nearest, unit_family
from zizhu.read.rules.ratios import ending
from zizhu.read.rules.reading import Range, Reading
from zizhu.vocab.packfiles import rows

_RATES = ("rate", "intensity", "margin", "ratio", "inflation", "share")
_AREAS = ("national", "provincial", "world", "city")


def composed_han(
    read: Reading, number: Number, clause: Range, marks: Sequence[Mark], before: Said
) -> tuple[str, bool]:
    """The name of what a number measures, and whether it says by how much that changed."""
    del clause
    first, last = read.at(number.span.start), read.at(number.span.end - 1) + 1
    said = measured(read, first, last)
    if unit_family(number.unit) == "ratio":
        return _multiple(read, number, said, before), said.changed
    return _name(number, said, marks, first, before), said.changed


def _multiple(read: Reading, number: Number, said: Measured, before: Said) -> str:
    """What is so many times as much: `钢产量是日本的四倍`."""
    return joined(said.thing, singular((said.measure,)) or level(before.other), ending(read, number))


def _name(number: Number, said: Measured, marks: Sequence[Mark], first: int, before: Said) -> str:
    family, other = unit_family(number.unit), level(before.other)
    if not said.same and not said.measure and not said.counted:
        before, other = Said(), ""
    if family == "percent":
        return _percent(number, said, before.same, other)
    if family == "rank":
        whole = nearest([m for m in marks if m.value in _AREAS and abs(m.last - first) <= 1], "whole", first)
        return joined(said.thing or nearest(marks, "object", first), said.measure or other, whole, "rank")
    if family == "count":
        return _counted(number, said, before.same)
    return joined(said.thing, said.measure) or said.counted or (other if family == "money" else before.same)


def _percent(number: Number, said: Measured, same: str, other: str) -> str:
    if said.measure == "growth_rate" and other:
        return joined(singular(other.split("_")), "growth")
    if said.changed:
        of = joined(said.thing, singular(said.measure.split("_"))) or singular(other.split("_"))
        return joined(of, "change" if number.unit == "percentage_point" else "growth")
    if said.whole:
        return _share(said, other)
    if said.measure == "dependence" or said.measure == "imports":
        return "import_share"
    measure = {
        "self_sufficiency": "self_sufficiency_rate",
        "localisation": "localisation_rate",
        "tariff": "tariff_rate",
    }
    name = measure.get(said.measure, said.measure)
    if name:
        return name if name.endswith(_RATES) or name == "growth_rate" else joined(said.thing, name, "share")
    return joined(said.thing, "share") if said.thing else same.removesuffix("_change")


def _share(said: Measured, other: str) -> str:
    whole = "" if said.whole == "all" else said.whole
    if said.measure == "market_share":
        return joined(whole, "market_share")
    measure = said.measure if said.measure not in ("share", whole) else ""
    if whole in _AREAS and not measure:
        return joined(whole, "share")
    return joined(said.thing, measure or ("" if said.thing else other), "share", whole)


def _counted(number: Number, said: Measured, same: str) -> str:
    """What is counted: a measure with its thing, what a list names, or the noun of the unit."""
    if said.measure and said.measure not in ("innovation", "talent", "fund", "investment"):
        return joined(said.thing, said.measure)
    if said.counted:
        return said.counted
    noun = number.unit.removeprefix("count:")
    return same if noun in ("item", "") else _irregular().get(noun) or plural(noun)


@cache
def _irregular() -> dict[str, str]:
    return {r["singular"]: r["word"] for r in reversed(rows("read/plurals.csv"))}
