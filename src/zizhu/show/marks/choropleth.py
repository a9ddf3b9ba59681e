"""Choropleths: countries coloured by class, the smallest as dots."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import islice, pairwise
from typing import Any

from zizhu.show import theme
from zizhu.show.marks import maps, parts
from zizhu.show.marks.maps import World
from zizhu.show.marks.parts import Key, Keys
from zizhu.show.marks.roles import Data
from zizhu.show.marks.scale import decimals, ranged, widened
from zizhu.show.marks.sheet import Label, Margins, Mark, Sheet
from zizhu.show.marks.text import Numbers
from zizhu.vocab.places import places

Row = Mapping[str, Any]

_MOST = len(theme.CLASSES)
_STEPS = (5, 2, 1)
_WIDE = 10.0
_HOME = theme.SERIES[1]
_DOT: Mark = {"type": "point", "filled": True, "size": 46, "strokeWidth": 1, "opacity": 1}


def choropleth(data: Data, page: float) -> Mark:
    """Countries in the colour of their class; those without an outline are dots, those without a value grey."""
    classed = [data.value(row, "value") for row in data.rows if _is_classed(data, row)]
    classed = classed or data.numbers("value")
    limits = cuts(classed)
    keys = Keys(_keys(data, limits, max(classed)), page)
    world = World(page, keys.height)
    sheet = Sheet(page, keys.height + world.height + parts.note_height(data), Margins())
    marks = [_mark(data, row, limits) for row in data.rows]
    large = [m for m in marks if places()[m["id"]].outlined]
    world.ground(sheet, outlines_of(data), large, _none(data))
    sheet.draw(_DOT, [_dot(world, m) for m in marks if not places()[m["id"]].outlined])
    keys.draw(sheet)
    for row in data.rows:
        if data.star(row):
            x, y = world.of(places()[data.text(row, "place")])
            sheet.write(Label(x, y, (data.star(row),), align="center", backed=False))
    sheet.write(*parts.star_note(data, page, sheet.height - parts.KEY_LINE / 2))
    return sheet.spec()


def outlines_of(data: Data) -> maps.Outlines:
    """The outlines that a drawing is made with."""
    return maps.elsewhere(data.outlines) if data.outlines else maps.inside()


def cuts(values: Sequence[float]) -> list[float]:
    """The lower limits of all classes but the first, at most five.

    Of values that differ by orders of magnitude, as shares and sales do, the limits are 1, 2 and 5 times powers of ten
    down from the largest; of others they are even steps.
    """
    low, high = min(values), max(values)
    if low < 0 or high < _WIDE * low:
        steps = ranged(*widened(values, zero=False), _MOST - 1)
        return [t for t in steps.ticks() if low < t <= high][1 - _MOST :]
    least = min((v for v in values if v > 0), default=high)
    decades = range(math.floor(math.log10(high)), math.floor(math.log10(least)) - 1, -1) if high else ()
    limits = (float(f"{step}e{power}") for power in decades for step in _STEPS)
    return sorted(islice((t for t in limits if least < t <= high), _MOST - 1))


def _none(data: Data) -> str:
    """What is said of a country without a value."""
    return data.setting("none_label", "no data")


def _is_classed(data: Data, row: Row) -> bool:
    """Whether a country has a colour by its value: that of the map's own country would hide all others'."""
    return data.number(row, "value") is not None and not data.flag(row, "home")


def _colour(value: float, limits: Sequence[float]) -> str:
    return _class(bisect_right(limits, value), limits)


def _class(index: int, limits: Sequence[float]) -> str:
    """The colour of a class: of few classes, those apart."""
    most = len(theme.CLASSES) - 1
    return theme.CLASSES[round(index * most / len(limits)) if limits else most // 2]


def _mark(data: Data, row: Row, limits: Sequence[float]) -> Mark:
    value, name, home = data.number(row, "value"), data.text(row, "name"), data.flag(row, "home")
    told = _none(data) if value is None else data.words(row, value, Numbers.of([value], data.unit))
    fill = _HOME if home else theme.GRID if value is None else _colour(value, limits)
    href = "" if value is None else data.href(row)
    return {"id": data.text(row, "place"), "fill": fill, "href": href, "aria": f"{name}: {told}"}


def _dot(world: World, mark: Mark) -> Mark:
    x, y = world.of(places()[mark["id"]])
    return {"x": x, "y": y, "fill": mark["fill"], "stroke": theme.MUTED} | {
        k: mark[k] for k in ("href", "aria")
    }


def _keys(data: Data, limits: Sequence[float], most: float) -> list[Key]:
    """The classes from low to high, then what is no class."""
    written = [_written(v, limits, data.unit) for v in limits]
    texts = [f"below {written[0]}" if limits else _written(most, [most], data.unit)]
    texts += [f"{a} to {b}" for a, b in pairwise(written)]
    texts += [f"{written[-1]} and more"] if limits else []
    keys = [Key(text, "square", _class(i, limits), theme.MUTED) for i, text in enumerate(texts)]
    if data.has("home"):
        keys.append(Key(data.setting("home_label", "home"), "square", _HOME))
    return [*keys, Key(_none(data), "square", theme.GRID, theme.MUTED)]


def _written(value: float, beside: Sequence[float], unit: str) -> str:
    """A limit with as many decimals as it needs."""
    numbers = Numbers.of(beside, unit)
    return Numbers(unit, decimals([value * numbers.scale])).short(value)
