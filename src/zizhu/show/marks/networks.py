"""Networks on paper: nodes at given places, their links as thin lines."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zizhu.show import theme
from zizhu.show.marks import parts
from zizhu.show.marks.parts import Key, Keys
from zizhu.show.marks.place import Box
from zizhu.show.marks.roles import Data
from zizhu.show.marks.sheet import Label, Margins, Mark, Sheet
from zizhu.show.marks.text import Numbers, wrap

Row = Mapping[str, Any]
Point = tuple[float, float]

SHAPES = ("circle", "diamond")
_GROUPS = 9
_SIDE = 26.0
_TALLEST = 0.78
_NARROW_TALLEST = 1.25
_LARGEST, _SMALLEST = 15.0, 3.2
_RING = 3.5
_CROWD = 0.35
_NAMED, _NAMED_NARROW = 12, 6
_NAME_WIDTH = 130.0
_SIDES = ((1, 0), (-1, 0), (0, -1), (0, 1))
_NODE: Mark = {"type": "point", "filled": True, "strokeWidth": 0.8, "opacity": 1}
_CIRCLE: Mark = {"type": "point", "filled": False, "strokeWidth": 1.8, "opacity": 1}


@dataclass(frozen=True)
class Node:
    """A node in pixels: its centre, and the radius of its dot."""

    row: Row
    x: float
    y: float
    radius: float


def network(data: Data, page: float) -> Mark:
    """Dots at their places, with the names of the largest where they cover nothing."""
    rows = [row for row in data.rows if not data.text(row, "to")]
    looks = _looks(data, rows)
    keys = Keys(_keys(data, looks), page)
    nodes = {data.text(node.row, "node"): node for node in _placed(data, rows, page, keys.height)}
    bottom = max(node.y for node in nodes.values()) + _SIDE
    sheet = Sheet(page, bottom + parts.note_height(data), Margins())
    _draw_links(sheet, data, nodes)
    _draw_nodes(sheet, data, nodes, looks)
    keys.draw(sheet)
    _write_names(sheet, data, list(nodes.values()), Box(0, keys.height, page, bottom))
    sheet.write(*parts.star_note(data, page, sheet.height - parts.KEY_LINE / 2))
    return sheet.spec()


def _looks(data: Data, rows: Sequence[Row]) -> Mapping[str, tuple[str, str]]:
    """Colour and shape of the groups of most nodes."""
    counted = Counter(name for row in rows if (name := data.text(row, "group")))
    ranked = sorted(counted, key=lambda name: (-counted[name], name))[:_GROUPS]
    each = len(theme.SERIES)
    return {name: (theme.SERIES[i % each], SHAPES[i // each]) for i, name in enumerate(ranked)}


def _keys(data: Data, looks: Mapping[str, tuple[str, str]]) -> list[Key]:
    keys = [Key(name, shape, colour) for name, (colour, shape) in looks.items()]
    if any(name not in looks for name in data.distinct("group")):
        keys.append(Key("others", "circle", theme.CONTEXT))
    if data.has("ring"):
        keys.append(Key(data.setting("ring_label", "ringed"), "circle", theme.PAPER, theme.INK))
    if data.has("size"):
        keys.append(Key(f"area: {data.setting('size_label', 'size')}", "none", theme.INK))
    return keys


def _placed(data: Data, rows: Sequence[Row], page: float, top: float) -> list[Node]:
    """The nodes on the page, x and y to one scale; on a narrow page the longer side stands upright."""
    x, y = ([data.value(row, axis) for row in rows] for axis in ("x", "y"))
    if parts.is_narrow(page) and max(x) - min(x) > max(y) - min(y):
        x, y = y, x
    tallest = page * (_NARROW_TALLEST if parts.is_narrow(page) else _TALLEST)
    across, down = (max(max(side) - min(side), 1e-9) for side in (x, y))
    scale = min((page - 2 * _SIDE) / across, (tallest - 2 * _SIDE) / down)
    left = (page - scale * across) / 2
    most = max(data.numbers("size"), default=0.0)
    largest = min(_LARGEST, _CROWD * math.sqrt(scale * across * scale * down / len(rows)))
    return [
        Node(
            row,
            left + scale * (a - min(x)),
            top + _SIDE + scale * (max(y) - b),
            _radius(data, row, most, largest),
        )
        for row, a, b in zip(rows, x, y, strict=True)
    ]


def _radius(data: Data, row: Row, most: float, largest: float) -> float:
    size = data.number(row, "size")
    least = min(_SMALLEST, largest)
    return least if not size or not most else max(least, largest * math.sqrt(size / most))


def _draw_links(sheet: Sheet, data: Data, nodes: Mapping[str, Node]) -> None:
    links = []
    for row in data.rows:
        if data.text(row, "to"):
            a, b = nodes[data.text(row, "node")], nodes[data.text(row, "to")]
            links.append({"x": a.x, "y": a.y, "x2": b.x, "y2": b.y, "stroke": theme.CONTEXT})
    sheet.draw({"type": "rule", "strokeWidth": 1}, links)


def _draw_nodes(
    sheet: Sheet, data: Data, nodes: Mapping[str, Node], looks: Mapping[str, tuple[str, str]]
) -> None:
    """The dots, the largest first, so that none is hidden."""
    dots, rings = [], []
    numbers = Numbers.of(data.numbers("size"), data.unit)
    for node in sorted(nodes.values(), key=lambda n: -n.radius):
        group = data.text(node.row, "group")
        colour, shape = looks.get(group, (theme.CONTEXT, SHAPES[0]))
        dots.append(
            {
                "x": node.x,
                "y": node.y,
                "fill": colour,
                "stroke": theme.PAPER,
                "shape": shape,
                "size": round((2 * node.radius) ** 2, 1),
                "href": data.href(node.row),
                "aria": _said(data, node.row, numbers),
            }
        )
        if data.flag(node.row, "ring"):
            size = round((2 * (node.radius + _RING)) ** 2, 1)
            rings.append({"x": node.x, "y": node.y, "stroke": theme.INK, "shape": "circle", "size": size})
    sheet.draw(_CIRCLE, rings)
    sheet.draw(_NODE, dots)


def _said(data: Data, row: Row, numbers: Numbers) -> str:
    """The description of a node: its name, group, size and whether it is ringed."""
    size = data.number(row, "size")
    told = [
        data.text(row, "name") or data.text(row, "node"),
        data.text(row, "group"),
        "" if size is None else f"{data.setting('size_label', 'size')}: {data.words(row, size, numbers)}",
        data.setting("ring_label", "ringed") if data.flag(row, "ring") else "",
    ]
    return "; ".join(filter(None, told))


def _write_names(sheet: Sheet, data: Data, nodes: Sequence[Node], whole: Box) -> None:
    """Names beside the largest dots, each where it covers no dot and no other name."""
    dots = [_box(n, n.radius + (_RING + 1 if data.flag(n.row, "ring") else 1)) for n in nodes]
    taken: list[Box] = []
    most = _NAMED_NARROW if parts.is_narrow(sheet.width) else _NAMED
    for node in sorted(nodes, key=lambda n: (-n.radius, data.text(n.row, "node"))):
        if len(taken) >= most or not data.text(node.row, "name"):
            continue
        tries = (
            _beside(node, f"{data.text(node.row, 'name')}{data.star(node.row)}", side) for side in _SIDES
        )
        free = (
            label
            for label in tries
            if whole.contains(label.box()) and not any(label.box().overlap(b) for b in (*taken, *dots))
        )
        label = next(free, None)
        if label is not None:
            taken.append(label.box())
            sheet.write(label)


def _box(node: Node, reach: float) -> Box:
    return Box(node.x - reach, node.y - reach, node.x + reach, node.y + reach)


def _beside(node: Node, name: str, side: Point) -> Label:
    across, down = side
    lines = wrap(name, _NAME_WIDTH, theme.TINY)
    away = node.radius + 3 + _RING
    align = {1: "left", -1: "right", 0: "center"}[int(across)]
    y = node.y + down * (away + 6 * len(lines))
    return Label(node.x + across * away, y, lines, theme.TINY, align, theme.INK)
