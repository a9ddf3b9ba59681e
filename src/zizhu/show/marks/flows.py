"""Flow maps: arcs between countries, as wide as their value."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zizhu.show import theme
from zizhu.show.marks import parts
from zizhu.show.marks.choropleth import outlines_of
from zizhu.show.marks.maps import World
from zizhu.show.marks.parts import Key, Keys
from zizhu.show.marks.place import Box
from zizhu.show.marks.roles import Data
from zizhu.show.marks.sheet import Label, Margins, Mark, Sheet
from zizhu.show.marks.text import Numbers
from zizhu.vocab.places import Place, places

Row = Mapping[str, Any]
Point = tuple[float, float]

_WIDEST, _THINNEST = 11.0, 0.8
_WIDEST_SHARE = 0.018
_STEPS = 32
_BEND = 0.22
_NAMED, _NAMED_NARROW = 10, 5
_HEAD, _HEADED = 0.62, 40.0
_AROUND = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1))
_ARC: Mark = {"type": "line", "strokeCap": "round", "strokeJoin": "round"}
_HIT = 9.0
_END: Mark = {"type": "point", "filled": True, "strokeWidth": 1, "opacity": 1}


@dataclass(frozen=True)
class Arc:
    """One flow: its ends, its points in pixels, and its width."""

    row: Row
    ends: tuple[Place, Place]
    track: Sequence[Point]
    width: float


def flows(data: Data, page: float) -> Mark:
    """Arcs with widths in proportion to the values; the largest have names at their ends."""
    numbers = Numbers.of(data.numbers("value"), data.unit)
    most = max(data.numbers("value"))
    keys = Keys([Key(f"widest: {numbers.full(most)}", "bar", theme.SERIES[0]), *_direction()], page)
    world = World(page, keys.height)
    sheet = Sheet(page, keys.height + world.height + parts.note_height(data), Margins())
    world.ground(sheet, outlines_of(data))
    ordered = sorted(data.rows, key=lambda row: -data.value(row, "value"))
    arcs = [_arc(data, row, world, most) for row in ordered]
    ends = {place.code: place for arc in arcs for place in arc.ends}
    dots = [{"x": x, "y": y} for x, y in map(world.of, ends.values())]
    sheet.draw(_END, [dot | {"fill": theme.INK, "stroke": theme.PAPER, "size": 26} for dot in dots])
    _draw(sheet, data, arcs, numbers)
    keys.draw(sheet)
    _write_names(sheet, data, world, arcs)
    sheet.write(*parts.star_note(data, page, sheet.height - parts.KEY_LINE / 2))
    return sheet.spec()


def _direction() -> list[Key]:
    return [Key("the arrow points to the buyer", "triangle-right", theme.SERIES[0])]


def _arc(data: Data, row: Row, world: World, most: float) -> Arc:
    start, end = places()[data.text(row, "from")], places()[data.text(row, "to")]
    widest = min(_WIDEST, world.width * _WIDEST_SHARE)
    wide = widest * data.value(row, "value") / most if most else 0.0
    return Arc(row, (start, end), curve(world.of(start), world.of(end), world.top), max(_THINNEST, wide))


def curve(start: Point, end: Point, top: float) -> list[Point]:
    """Points of a parabola between two places that is bent towards the north, and stays below `top`."""
    (x0, y0), (x2, y2) = start, end
    apart = math.hypot(x2 - x0, y2 - y0)
    x1, y1 = (x0 + x2) / 2, max((y0 + y2) / 2 - _BEND * apart, 2 * top - min(y0, y2))
    steps = [i / _STEPS for i in range(_STEPS + 1)]
    ways = [((1 - t) ** 2, 2 * t * (1 - t), t**2) for t in steps]
    return [(a * x0 + b * x1 + c * x2, a * y0 + b * y1 + c * y2) for a, b, c in ways]


def _draw(sheet: Sheet, data: Data, arcs: Sequence[Arc], numbers: Numbers) -> None:
    """All arcs, the thin above the wide; over each an unseen band that is wide enough to be pointed at."""
    lines, bands, heads = [], [], []
    for i, arc in enumerate(arcs):
        said = data.words(arc.row, data.value(arc.row, "value"), numbers)
        aria = f"{data.text(arc.row, 'from_name')} to {data.text(arc.row, 'to_name')}: {said}"
        about = {"href": data.href(arc.row), "aria": aria, "size": max(round(arc.width, 1), _HIT)}
        track = [{"x": x, "y": y, "order": n, "detail": f"{i}"} for n, (x, y) in enumerate(arc.track)]
        lines += [at | {"stroke": theme.SERIES[0], "size": round(arc.width, 1)} for at in track]
        bands += [at | {"stroke": theme.SERIES[0]} | about for at in track]
        heads += [_head(arc)] if math.dist(arc.track[0], arc.track[-1]) > _HEADED else []
    sheet.draw(_ARC | {"opacity": 0.72}, lines)
    sheet.draw(_END | {"strokeWidth": 0.8}, heads)
    sheet.draw(_ARC | {"opacity": 0}, bands)


def _head(arc: Arc) -> Mark:
    """An arrow on an arc, towards its end."""
    at = int(len(arc.track) * _HEAD)
    (x0, y0), (x, y) = arc.track[at - 1], arc.track[at]
    size = 2.25 * (arc.width + 5) ** 2
    about = {"fill": theme.SERIES[0], "stroke": theme.PAPER, "size": round(size, 1)}
    return {"x": x, "y": y, "shape": _arrow(x - x0, y - y0)} | about


def _arrow(dx: float, dy: float) -> str:
    """A triangle that points along (dx, dy), as a path in a square from -1 to 1."""
    angle = math.atan2(dy, dx)
    corners = [(0.5, 0.0), (-0.35, 0.42), (-0.35, -0.42)]
    turned = [
        (x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle))
        for x, y in corners
    ]
    return "M" + "L".join(f"{x:.2f},{y:.2f}" for x, y in turned) + "Z"


def _write_names(sheet: Sheet, data: Data, world: World, arcs: Sequence[Arc]) -> None:
    """The names of the ends of the largest flows, each on the side where it covers no other and fewest arcs."""
    wanted: dict[str, str] = {}
    for arc in arcs[: _NAMED_NARROW if parts.is_narrow(world.width) else _NAMED]:
        for role in ("to", "from"):
            wanted.setdefault(data.text(arc.row, role), data.text(arc.row, f"{role}_name"))
    whole = Box(0, world.top, world.width, world.top + world.height)
    dots = [Box(x - 3, y - 3, x + 3, y + 3) for x, y in (world.of(places()[code]) for code in wanted)]
    taken: list[Box] = []
    for code, name in wanted.items():
        x, y = world.of(places()[code])
        tries = sorted(
            (_beside(x, y, name, side) for side in _AROUND), key=lambda label: _covered(label.box(), arcs)
        )
        label = next((one for one in tries if _is_free(one.box(), whole, (*taken, *dots))), None)
        if label is not None:
            taken.append(label.box())
            sheet.write(label)


def _is_free(box: Box, whole: Box, others: Sequence[Box]) -> bool:
    return whole.contains(box) and not any(box.overlap(b) for b in others)


def _covered(box: Box, arcs: Sequence[Arc]) -> float:
    """How much of the arcs lies under a label."""
    return sum(arc.width for arc in arcs for x, y in arc.track if box.holds(x, y))


def _beside(x: float, y: float, name: str, side: tuple[int, int]) -> Label:
    across, down = side
    align = {1: "left", -1: "right", 0: "center"}[across]
    away = 13.0 if not across else 9.0
    return Label(x + across * 6, y + down * away, (name,), theme.SMALL, align)
