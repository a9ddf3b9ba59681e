"""Two periods joined by lines: what rose and what fell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zizhu.show import theme
from zizhu.show.marks import parts
from zizhu.show.marks.place import spread
from zizhu.show.marks.roles import Data
from zizhu.show.marks.scale import widened
from zizhu.show.marks.sheet import Label, Margins, Mark, Sheet
from zizhu.show.marks.text import Numbers, block_width, line_height, wrap

Row = Mapping[str, Any]

_HEIGHT = 320.0
_AWAY = 9.0


@dataclass(frozen=True)
class _Slope:
    """One series: its two rows, values and colour."""

    name: str
    rows: tuple[Row, Row]
    values: tuple[float, float]
    colour: str


def slope(data: Data, page: float) -> Mark:
    """Each series as a line from the first to the second period, labelled at both ends.

    The names stand at the right; on a wide page at the left as well.
    """
    numbers = Numbers.of(data.numbers("value"), data.unit)
    periods = _periods(data)
    slopes = _slopes(data, periods)
    share = 0.42 if parts.is_narrow(page) else 0.3
    ends = [
        [
            _lines(data, s, side, numbers, page * share, not (side == 0 and parts.is_narrow(page)))
            for s in slopes
        ]
        for side in (0, 1)
    ]
    beside = [max(block_width(b, theme.BODY) for b in blocks) + _AWAY + 2 for blocks in ends]
    tall = max(_HEIGHT, *(sum(len(b) * line_height(theme.BODY) + 2 for b in blocks) for blocks in ends))
    top, note = parts.KEY_LINE + 8, parts.note_height(data)
    low, high = widened(data.numbers("value"), zero=False)
    margins = Margins(beside[0], top, beside[1], 8 + note)
    sheet = Sheet(page, top + tall + 8 + note, margins, (0, 1), (low, high))
    _draw_frame(sheet, periods)
    _draw_slopes(sheet, data, slopes, periods, numbers)
    for side in (0, 1):
        _write(sheet, data, slopes, ends[side], side)
    sheet.write(*parts.star_note(data, page, sheet.height - parts.KEY_LINE / 2))
    return sheet.spec()


def _periods(data: Data) -> list[str]:
    first_last = {
        data.period(row, "period"): data.text(row, "period").removesuffix(".0") for row in data.rows
    }
    return [first_last[min(first_last)], first_last[max(first_last)]]


def _slopes(data: Data, periods: list[str]) -> list[_Slope]:
    """The series that have a value in both periods."""
    names = data.distinct("series")
    found = []
    for i, name in enumerate(names):
        own = {
            data.text(r, "period").removesuffix(".0"): r for r in data.rows if data.text(r, "series") == name
        }
        if set(periods) <= set(own):
            rows = (own[periods[0]], own[periods[1]])
            if data.has("accent"):
                colour = theme.ACCENT if any(data.flag(r, "accent") for r in rows) else theme.CONTEXT
            else:
                colour = theme.series(i) if len(names) <= len(theme.SERIES) else theme.CONTEXT
            found.append(
                _Slope(name, rows, (data.value(rows[0], "value"), data.value(rows[1], "value")), colour)
            )
    return sorted(found, key=lambda s: s.colour != theme.CONTEXT)


def _lines(data: Data, s: _Slope, side: int, numbers: Numbers, limit: float, named: bool) -> tuple[str, ...]:
    number = numbers.short(s.values[side]) + data.star(s.rows[side])
    parts_of = (s.name, number) if side == 0 else (number, s.name)
    return wrap(" ".join(parts_of), limit, theme.BODY) if named else (number,)


def _draw_frame(sheet: Sheet, periods: list[str]) -> None:
    rules = []
    for side, period in enumerate(periods):
        x = sheet.x(side)
        rules.append(
            {"x": x, "x2": x, "y": sheet.margins.top - 6, "y2": sheet.bottom + 6, "stroke": theme.GRID}
        )
        sheet.write(Label(x, 8, (period,), theme.BODY, "center", theme.MUTED, bold=True))
    sheet.draw({"type": "rule", "strokeWidth": 1}, rules)


def _draw_slopes(
    sheet: Sheet, data: Data, slopes: Sequence[_Slope], periods: list[str], numbers: Numbers
) -> None:
    rules, dots = [], []
    for s in slopes:
        rules.append({"x": 0, "x2": 1, "y": s.values[0], "y2": s.values[1], "stroke": s.colour})
        for side, (row, value) in enumerate(zip(s.rows, s.values, strict=True)):
            aria = f"{s.name}, {periods[side]}: {data.words(row, value, numbers)}"
            dot: Mark = {"x": side, "y": value, "fill": s.colour, "stroke": s.colour}
            dots.append(dot | {"href": data.href(row), "aria": aria})
    sheet.draw({"type": "rule", "strokeWidth": 2}, rules, "xy")
    sheet.draw(parts.DOT | {"size": 40}, dots, "xy")


def _write(
    sheet: Sheet, data: Data, slopes: Sequence[_Slope], blocks: Sequence[tuple[str, ...]], side: int
) -> None:
    sizes = [len(block) * line_height(theme.BODY) + 1 for block in blocks]
    wanted = [sheet.y(s.values[side]) for s in slopes]
    placed = spread(wanted, sizes, sheet.margins.top - 4, sheet.bottom + 6)
    sign, align = ((-1, "right"), (1, "left"))[side]
    leaders = []
    for s, block, want, y in zip(slopes, blocks, wanted, placed, strict=True):
        colour = theme.MUTED if s.colour == theme.CONTEXT else s.colour
        x = sheet.x(side) + sign * _AWAY
        sheet.write(Label(x, y, block, align=align, colour=colour, href=data.href(s.rows[side])))
        if abs(y - want) > 5:
            leaders.append(
                {"x": sheet.x(side) + sign * 3, "x2": x - sign * 1, "y": want, "y2": y, "stroke": theme.AXIS}
            )
    sheet.draw({"type": "rule", "strokeWidth": 0.7}, leaders)
