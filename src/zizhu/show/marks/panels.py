"""Small multiples: the same lines, panel by panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from zizhu.show import theme
from zizhu.show.marks import parts
from zizhu.show.marks.curves import (
    Across,
    Curve,
    Happening,
    draw_beside,
    draw_curves,
    draw_ends_of_years,
    draw_marks,
    draw_reference,
    end_labels,
    period_axis,
    period_overhang,
    read_across,
    read_curves,
    read_events,
    text_colour,
)
from zizhu.show.marks.parts import Key, Keys
from zizhu.show.marks.place import lanes
from zizhu.show.marks.roles import Data
from zizhu.show.marks.scale import Range, Scale, level, ranged
from zizhu.show.marks.sheet import Label, Margins, Mark, Sheet, joined
from zizhu.show.marks.text import Numbers, line_height, width, wrap

Row = Mapping[str, Any]

_COLUMNS = ((640, 3), (430, 2), (0, 1))
_PLOT = 104.0
_TICKS = 3
_GAP = (20.0, 18.0)
_NUMERAL = 12.0


@dataclass(frozen=True)
class _Panel:
    """One panel: its title, rows, lines, events and vertical range."""

    title: tuple[str, ...]
    name: str
    rows: Sequence[Row]
    curves: list[Curve]
    events: list[Happening]
    along: Range
    numbers: Numbers


def small_multiples(data: Data, page: float) -> Mark:
    """Panels of lines with a common horizontal axis, three abreast on a wide page and one on a phone.

    Events are numbered and named in the key; an event without a panel is drawn in all.
    """
    columns = min(next(n for least, n in _COLUMNS if page >= least), len(data.distinct("panel")))
    outer = (page - (columns - 1) * _GAP[0]) / columns
    panels = [_panel(data, name, outer) for name in data.distinct("panel")]
    happenings = read_events(data, data.rows)
    keys = Keys(_keys(data, panels, happenings), page)
    across = read_across(data)
    margins = _margins(panels, across, outer, happenings)
    sheets = [_draw(data, panel, across, outer, margins, happenings) for panel in panels]
    keys.draw(sheets[0], -keys.height)
    rows = -(-len(panels) // columns)
    one = margins.top + _PLOT + margins.bottom
    total = keys.height + rows * one + (rows - 1) * _GAP[1]
    if title := data.setting("x_title"):
        total += parts.KEY_LINE
        foot = total - keys.height - parts.KEY_LINE / 2
        sheets[0].write(Label(page, foot, (title,), theme.SMALL, "right", theme.MUTED))
    frame = {"x": -margins.left, "x2": page - margins.left, "y": -margins.top - keys.height}
    frame["y2"] = frame["y"] + ceil(total)
    gap = (margins.left + margins.right + _GAP[0], margins.top + margins.bottom + _GAP[1])
    return joined([sheet.view() for sheet in sheets], columns, gap, frame)


def _panel(data: Data, name: str, outer: float) -> _Panel:
    own = [row for row in data.rows if data.text(row, "panel") == name]
    common = [row for row in data.rows if data.text(row, "event") and not data.text(row, "panel")]
    read = own if data.setting("y_scale") == "independent" else data.rows
    values = _values(data, read, _RANGED) or data.numbers("y")
    numbers = Numbers.of(_values(data, read, _WRITTEN), data.unit)
    title = wrap(name, outer, theme.BODY, bold=True)
    stated = data.domain()
    along = ranged(*stated, _TICKS) if stated else level(values, _TICKS)
    return _Panel(
        title, name, own, read_curves(data, own), read_events(data, [*own, *common]), along, numbers
    )


_RANGED = ("y", "lower", "upper", "reference")
_WRITTEN = ("y", "reference")


def _values(data: Data, rows: Sequence[Row], roles: Sequence[str]) -> list[float]:
    return [v for row in rows for role in roles if (v := data.number(row, role)) is not None]


def _keys(data: Data, panels: Sequence[_Panel], events: Sequence[Happening]) -> list[Key]:
    colours = {c.name: c.colour for panel in panels for c in panel.curves if c.name}
    shown = {n: c for n, c in colours.items() if c != theme.CONTEXT} if len(colours) > 1 else {}
    dashes = {c.name: "dashes" if c.dashed else "line" for panel in panels for c in panel.curves}
    keys = [Key(name, dashes[name], shown[name]) for name in data.distinct("series") if name in shown]
    return keys + [Key(f"{i + 1}  {event.label}", "none", theme.MUTED) for i, event in enumerate(events)]


def _margins(
    panels: Sequence[_Panel],
    across: Across,
    outer: float,
    events: Sequence[Happening],
) -> Margins:
    """The same margins for all panels, wide enough for the widest of their labels."""
    texts = [
        t
        for p in panels
        for t in parts.tick_texts(parts.value_axis(p.along, p.numbers, "left")["values"], p.numbers)
    ]
    left = max(width(t, theme.SMALL) for t in texts) + 8
    right = max(width(p.numbers.closing(c.last.y), theme.SMALL) for p in panels for c in p.curves) + 9
    edge = period_overhang(across)
    left, right = max(left, edge), max(right, edge)
    x = Scale(*across.ends, left, outer - right)
    stacked = max(max(_numeral_lanes(p, x, events), default=-1) + 1 for p in panels)
    top = max(len(p.title) for p in panels) * line_height(theme.BODY) + 8 + stacked * _NUMERAL
    return Margins(left, top, right, parts.AXIS_LINE)


def _numeral(event: Happening, events: Sequence[Happening]) -> str:
    return str(events.index(event) + 1)


def _numeral_lanes(panel: _Panel, x: Scale, events: Sequence[Happening]) -> list[int]:
    halves = [width(_numeral(e, events), theme.TINY) / 2 for e in panel.events]
    return lanes([(x(e.x) - h, x(e.x) + h) for e, h in zip(panel.events, halves, strict=True)], gap=3)


def _draw(
    data: Data,
    panel: _Panel,
    across: Across,
    outer: float,
    margins: Margins,
    events: Sequence[Happening],
) -> Sheet:
    numbers = panel.numbers
    sheet = Sheet(outer, margins.top + _PLOT + margins.bottom, margins, across.ends, panel.along.ends)
    sheet.x_axis = period_axis(across, sheet.right - margins.left)
    draw_ends_of_years(sheet, across)
    sheet.y_axis = parts.value_axis(panel.along, numbers, "left")
    numerals = _numeral_lanes(panel, sheet.x, events)
    foot = margins.top - 6 - (max(numerals, default=-1) + 1) * _NUMERAL
    sheet.write(Label(0, foot - len(panel.title) * line_height(theme.BODY) / 2, panel.title, bold=True))
    rules = []
    for event, lane in zip(panel.events, numerals, strict=True):
        at, y = sheet.x(event.x), margins.top - 4 - (lane + 0.5) * _NUMERAL
        sheet.write(Label(at, y, (_numeral(event, events),), theme.TINY, "center", theme.MUTED))
        rules.append({"x": at, "x2": at, "y": y + 6, "y2": sheet.bottom, "stroke": theme.AXIS})
    sheet.draw(parts.DASHED | {"strokeWidth": 0.8}, rules)
    draw_beside(sheet, data, panel.rows, numbers, panel.name)
    draw_curves(sheet, data, panel.curves, numbers, panel.name)
    end_labels(sheet, panel.curves, [_end(sheet, data, curve, numbers) for curve in panel.curves])
    draw_marks(sheet, data, panel.curves, numbers, panel.name)
    draw_reference(sheet, data, panel.curves)
    return sheet


def _end(sheet: Sheet, data: Data, curve: Curve, numbers: Numbers) -> Label:
    """The latest value, beside the point it belongs to."""
    text = (numbers.closing(curve.last.y),)
    href = data.href(curve.last.row)
    return Label(
        sheet.x(curve.last.x) + 6, 0, text, theme.SMALL, colour=text_colour(curve), href=href, backed=True
    )
