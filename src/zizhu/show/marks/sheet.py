"""A drawing under way: marks in pixels or in data units, gathered into layers of one Vega-Lite view."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from zizhu.show import theme
from zizhu.show.marks.place import Box
from zizhu.show.marks.scale import Scale
from zizhu.show.marks.text import block_width, line_height

Mark = dict[str, Any]
"""One mark: positions x, y, x2, y2; fill, stroke, shape, size; href and aria (its description).

The points of a line that does not run from left to right have their `order`.
"""

_POSITIONS = ("x", "y", "x2", "y2")
_PLAIN = ("fill", "stroke", "shape", "size", "opacity", "detail")


@dataclass(frozen=True)
class Margins:
    """Whole pixels around the plotting area; what is given is rounded up."""

    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0

    def __post_init__(self) -> None:
        for side in ("left", "top", "right", "bottom"):
            object.__setattr__(self, side, float(ceil(getattr(self, side))))


@dataclass(frozen=True)
class Label:
    """A block of text lines centred on `y`, at `x` by its alignment. Positions are pixels of the whole figure."""

    x: float
    y: float
    lines: Sequence[str]
    size: float = theme.BODY
    align: str = "left"
    colour: str = theme.INK
    bold: bool = False
    href: str = ""
    upright: bool = False
    backed: bool = False
    """Whether the label hides what lies under it."""

    def box(self) -> Box:
        """The space it takes (not for upright labels, which are turned by a quarter)."""
        w, h = block_width(self.lines, self.size, self.bold), len(self.lines) * line_height(self.size)
        left = self.x - {"left": 0.0, "center": w / 2, "right": w}[self.align]
        return Box(left, self.y - h / 2, left + w, self.y + h / 2)


class Sheet:
    """One view of `width` x `height` pixels with margins. `x` and `y` are the data ranges, where there are any.

    The height may still change while nothing is drawn on a data range of `y`.
    """

    def __init__(
        self,
        width: float,
        height: float,
        margins: Margins,
        x: tuple[float, float] | None = None,
        y: tuple[float, float] | None = None,
    ) -> None:
        self.width, self._height, self.margins = float(width), float(ceil(height)), margins
        self.right = self.width - margins.right
        self.x = Scale(*(x or (0.0, 1.0)), margins.left, self.right)
        self._y_range = y or (0.0, 1.0)
        self.x_axis: Mark | None = None
        self.y_axis: Mark | None = None
        self._layers: list[Mark] = []
        self._labels: list[Label] = []

    @property
    def height(self) -> float:
        """The height of the whole figure, in whole pixels."""
        return self._height

    @height.setter
    def height(self, height: float) -> None:
        self._height = float(ceil(height))

    @property
    def bottom(self) -> float:
        """The lower end of the plotting area."""
        return self.height - self.margins.bottom

    @property
    def y(self) -> Scale:
        """The vertical scale."""
        return Scale(*self._y_range, self.bottom, self.margins.top)

    def draw(self, mark: Mark, rows: Iterable[Mark], data: str = "") -> None:
        """Add a layer. Positions are pixels of the figure, except on the axes named in `data` ('x', 'y', 'xy')."""
        values = [self._shifted(row, data) for row in rows]
        if not values:
            return
        keys = set().union(*values)
        encoding: Mark = {p: self._channel(p, data) for p in _POSITIONS if p in keys}
        for key in _PLAIN:
            if key in keys:
                kind = "quantitative" if key == "size" else "nominal"
                encoding[key] = {"field": key, "type": kind, "scale": None}
        if "order" in keys:
            encoding["order"] = {"field": "order", "type": "quantitative"}
        if any(v.get("href") for v in values):
            encoding["href"] = {"field": "href", "type": "nominal"}
        described = any(v.get("aria") for v in values)
        if described:
            encoding["description"] = encoding["tooltip"] = {"field": "aria", "type": "nominal"}
        style = mark if described else mark | {"aria": False}
        self._layers.append({"data": {"values": values}, "mark": style, "encoding": encoding})

    def put(self, layer: Mark) -> None:
        """Add a layer that is whole already, in pixels of the plotting area."""
        self._layers.append(layer)

    def write(self, *labels: Label) -> None:
        """Add labels; they are drawn above all marks."""
        self._labels.extend(labels)

    def labels(self) -> tuple[Label, ...]:
        """The labels written so far."""
        return tuple(self._labels)

    def view(self) -> Mark:
        """The view without what only the top level of a specification may say."""
        backs = [_back(label.box()) for label in self._labels if label.backed]
        self.draw({"type": "rect"}, backs)
        area = {
            "width": _round(self.right - self.margins.left),
            "height": _round(self.bottom - self.margins.top),
        }
        return area | {"layer": [*self._layers, *self._text_layers()]}

    def spec(self) -> Mark:
        """The view as a whole figure of fixed size."""
        m = self.margins
        pad = {"left": m.left, "top": m.top, "right": m.right, "bottom": m.bottom}
        return {"padding": {k: _round(v) for k, v in pad.items()}, "autosize": "none"} | self.view()

    def _channel(self, position: str, data: str) -> Mark:
        axis = position[0]
        if position.endswith("2"):
            return {"field": position}
        if axis not in data:
            return {"field": position, "type": "quantitative", "scale": None, "axis": None}
        scale, shown = (self.x, self.x_axis) if axis == "x" else (self.y, self.y_axis)
        return {"field": position, "type": "quantitative", "scale": scale.vega(), "axis": shown}

    def _shifted(self, row: Mark, data: str) -> Mark:
        origin = {"x": self.margins.left, "y": self.margins.top}
        moved = {
            p: _round(row[p] - origin[p[0]])
            for p in _POSITIONS
            if p in row and p[0] not in data and row[p] is not None
        }
        return row | moved

    def _text_layers(self) -> list[Mark]:
        groups: dict[tuple[float, str, bool, bool], list[Label]] = defaultdict(list)
        for label in self._labels:
            groups[label.size, label.align, label.bold, label.upright].append(label)
        return [self._text_layer(key, labels) for key, labels in groups.items()]

    def _text_layer(self, key: tuple[float, str, bool, bool], labels: Sequence[Label]) -> Mark:
        size, align, bold, upright = key
        mark: Mark = {
            "type": "text",
            "fontSize": size,
            "align": align,
            "baseline": "alphabetic",
            "aria": False,
        }
        mark |= {"lineHeight": line_height(size)}
        mark |= {"fontWeight": "bold"} if bold else {}
        mark |= {"angle": 270} if upright else {}
        rows = [self._shifted(_text_row(label), "") for label in labels]
        encoding = {p: self._channel(p, "") for p in ("x", "y")}
        encoding |= {"text": {"field": "text"}, "fill": {"field": "fill", "type": "nominal", "scale": None}}
        if any(label.href for label in labels):
            encoding["href"] = {"field": "href", "type": "nominal"}
        return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


def joined(views: Sequence[Mark], columns: int, gap: tuple[float, float], frame: Mapping[str, float]) -> Mark:
    """Views of one size in a grid, `gap` = (between columns, between rows) in pixels.

    `frame` is the figure's outline in the first view's pixels. It is drawn unseen, so that the whole has this
    size and not that of the text, which machines measure differently.
    """
    outline: Mark = {
        "data": {"values": [dict(frame)]},
        "mark": {"type": "rect", "opacity": 0, "aria": False, "fill": theme.PAPER},
        "encoding": {
            p: {"field": p}
            | ({} if p.endswith("2") else {"type": "quantitative", "scale": None, "axis": None})
            for p in _POSITIONS
        },
    }
    first, *rest = views
    layout: Mark = {"padding": 0, "bounds": "flush", "align": "none", "columns": columns}
    layout |= {"spacing": {"column": _round(gap[0]), "row": _round(gap[1])}}
    return layout | {"concat": [first | {"layer": [outline, *first["layer"]]}, *rest]}


def _back(box: Box) -> Mark:
    return {"x": box.left - 1, "x2": box.right + 1, "y": box.top, "y2": box.bottom, "fill": theme.PAPER}


def _text_row(label: Label) -> Mark:
    """The first baseline: centred on the height of small letters and figures, which is 0.7 of the size."""
    shift = 0.35 * label.size - (len(label.lines) - 1) * line_height(label.size) / 2
    across, down = (shift, 0.0) if label.upright else (0.0, shift)
    text: Any = label.lines[0] if len(label.lines) == 1 else list(label.lines)
    row: Mark = {"x": label.x + across, "y": label.y + down, "text": text, "fill": label.colour}
    return row | {"href": label.href}


def _round(value: float) -> float:
    return round(value, 1) + 0.0
