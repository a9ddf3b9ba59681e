"""Small multiples: the same lines, panel by panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zizhu.show import theme
from zizhu.show.marks import parts
from zizhu.show.marks.curves import (
    Curve,
    Happening,
    draw_curves,
    draw_marks,
    draw_reference,
    end_labels,
    period_axis,
    read_curves,
    read_events,
    text_colour,
)
from zizhu.show.marks.parts import Key, Keys
from zizhu.show.marks.place import lanes
from zizhu.show.marks.roles import Data
from zizhu.show.marks.scale import Scale, level, ticks, widened
from zizhu.show.marks.sheet import Label, Margins, Mark, Sheet, joined
from zizhu.show.marks.text import Numbers, line_height, width, wrap

Row = Mapping[str, Any]

_COLUMNS = ((640, 3), (430, 2), (0, 1))
_PLOT = 104.0
_GAP = (20.0, 18.0)
_NUMERAL = 12.0


@dataclass(frozen=True)
class _Panel:
    """One panel: its title, lines, events and vertical range."""

    title: tuple[str, ...]
    name: str
    curves: list[Curve]
    events: list[Happening]
    range: tuple[float, float]


def small_multiples(data: Data, page: float) -> Mark:
    """Panels of lines with a common horizontal axis, three abreast on a wide page and one on a phone.

    Events are numbered and named in the key; an event without a panel is drawn in all.
    """
    numbers = Numbers.of(data.numbers("y", "reference"), data.unit)
    columns = min(next(n for least, n in _COLUMNS if page >= least), len(data.distinct("panel")))
    outer = (page - (columns - 1) * _GAP[0]) / columns
    panels = [_panel(data, name, outer) for name in data.distinct("panel")]
    happenings = read_events(data, data.rows)
    keys = Keys(_keys(data, panels, happenings), page)
    across = widened([data.period(row, "x") for row in data.rows], zero=False)
    margins = _margins(data, panels, numbers, across, outer, happenings)
    sheets = [_draw(data, panel, numbers, across, outer, margins, happenings) for panel in panels]
    keys.draw(sheets[0], -keys.height)
    rows = -(-len(panels) // columns)
    one = margins.top + _PLOT + margins.bottom
    total = keys.height + rows * one + (rows - 1) * _GAP[1]
    frame = {"x": -margins.left, "x2": page - margins.left, "y": -margins.top - keys.height}
    frame["y2"] = frame["y"] + total
    gap = (margins.left + margins.right + _GAP[0], margins.top + margins.bottom + _GAP[1])
    return joined([sheet.view() for sheet in sheets], columns, gap, frame)


def _panel(data: Data, name: str, outer: float) -> _Panel:
    own = [row for row in data.rows if data.text(row, "panel") == name]
    common = [row for row in data.rows if data.text(row, "event") and not data.text(row, "panel")]
    read = own if data.setting("y_scale") == "independent" else data.rows
    values = [v for row in read for role in _RANGED if (v := data.number(row, role)) is not None]
    values += data.numbers("reference")
    title = wrap(name, outer, theme.BODY, bold=True)
    return _Panel(title, name, read_curves(data, own), read_events(data, [*own, *common]), data.domain() or level(values, 3))


_RANGED = ("y", "lower", "upper")


def _keys(data: Data, panels: Sequence[_Panel], events: Sequence[Happening]) -> list[Key]:
    colours = {c.name: c.colour for panel in panels for c in panel.curves if c.name}
    shown = {n: c for n, c in colours.items() if c != theme.CONTEXT} if len(colours) > 1 else {}
    keys = [Key(name, "line", shown[name]) for name in data.distinct("series") if name in shown]
    return keys + [Key(f"{i + 1}  {event.label}", "none", theme.MUTED) for i, event in enumerate(events)]


def _margins(
    data: Data,
    panels: Sequence[_Panel],
    numbers: Numbers,
    across: tuple[float, float],
    outer: float,
    events: Sequence[Happening],
) -> Margins:
    """The same margins for all panels, wide enough for the widest of their labels."""
    texts = [t for p in panels for t in parts.tick_texts(parts.value_axis(*p.range, numbers, _PLOT, "left")["values"], numbers)]
    left = max(width(t, theme.SMALL) for t in texts) + 8
    right = max(width(numbers.short(c.last.y), theme.SMALL) for p in panels for c in p.curves) + 9
    x = Scale(*across, left, outer - right)
    stacked = max((_numeral_lanes(p, x)[1] for p in panels), default=0)
    top = max(len(p.title) for p in panels) * line_height(theme.BODY) + 8 + stacked * _NUMERAL
    return Margins(left, top, max(right, 16), parts.AXIS_LINE)
