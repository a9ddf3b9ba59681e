"""Heat maps with the number in every cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from zizhu.show import theme
from zizhu.show.marks import parts
from zizhu.show.marks.parts import Names
from zizhu.show.marks.roles import Data
from zizhu.show.marks.scale import rounded, widened
from zizhu.show.marks.sheet import Label, Margins, Mark, Sheet
from zizhu.show.marks.text import Numbers, block_width, line_height, width, wrap

Row = Mapping[str, Any]
Ends = tuple[float, float]

_CELL = 20.0
_WIDEST = 84.0
_NARROWEST = 12.0
_PADDING = 4.0
_SEAM = 1.0
_HEAD = 110.0
_HEAD_LINES = 3
_BLOCK_GAP = 22.0
_LEGEND = 26.0
_LEGEND_STEP = 4
_LEGEND_STEPS = 30


@dataclass(frozen=True)
class _Grid:
    """The measures of one block of cells: the columns with their heads, the rows with their heights."""

    cell: float
    heads: Mapping[str, tuple[str, ...]]
    upright: bool
    heights: Mapping[str, float]

    @property
    def width(self) -> float:
        return self.cell * len(self.heads)

    @property
    def head(self) -> float:
        """The height of the column names."""
        blocks = self.heads.values()
        if self.upright:
            return max(block_width(b, theme.SMALL) for b in blocks) + 6
        return max(map(len, blocks)) * line_height(theme.SMALL) + 4

    @property
    def height(self) -> float:
        return sum(self.heights.values())


def heatmap(data: Data, page: float) -> Mark:
    """Row x column cells on one sequential scale, which has other colours below zero.

    Facets stand side by side where they fit, else one above the other. So do columns whose numbers fit in two
    stacked blocks; beyond that the cells are left without numbers.
    """
    names = Names.fit(data.distinct("row"), page, 0.36 if parts.is_narrow(page) else 0.3)
    numbers = Numbers.of(data.numbers("value"), data.unit)
    left = names.column + parts.GAP
    domain = data.domain() or rounded(*widened(data.numbers("value"), zero=True), 5).ends
    sheet = Sheet(page, 0, Margins())
    _draw_scale(sheet, domain, Numbers.of(domain, data.unit), left)
    end = _LEGEND
    for shelf in _shelves(data, names, numbers, page - left):
        heads, x = end + max(_title_height(facet, grid) for facet, grid in shelf), left
        for facet, grid in shelf:
            end = _draw_block(sheet, data, facet, grid, numbers, domain, x, heads)
            x += grid.width + _BLOCK_GAP
        y = end - shelf[0][1].height
        for row, tall in shelf[0][1].heights.items():
            sheet.write(names.label(row, y + tall / 2))
            y += tall
        end += _BLOCK_GAP
    sheet.height = end - _BLOCK_GAP + 2 + parts.note_height(data)
    sheet.write(*parts.star_note(data, page, sheet.height - parts.KEY_LINE / 2))
    return sheet.spec()


def _title_height(facet: str, grid: _Grid) -> float:
    return len(wrap(facet, grid.width, theme.BODY, bold=True)) * line_height(theme.BODY) + 4 if facet else 0.0


def _number_width(data: Data, numbers: Numbers) -> float:
    known = [(v, row) for row in data.rows if (v := data.number(row, "value")) is not None]
    return max(width(numbers.bare(value) + data.star(row), theme.TINY) for value, row in known)


def _shelves(data: Data, names: Names, numbers: Numbers, room: float) -> list[list[tuple[str, _Grid]]]:
    """The blocks of the map, each a facet and a grid, from top to bottom and from left to right."""
    facets, columns = data.sections("facet"), data.distinct("column")
    need = _number_width(data, numbers) + _PADDING
    abreast = min(len(facets), int((room + _BLOCK_GAP) // (need * len(columns) + _BLOCK_GAP)))
    if abreast > 1:
        grid = _grid(data, names, columns, (room - (abreast - 1) * _BLOCK_GAP) / abreast / len(columns))
        blocks = [(facet, grid) for facet in facets]
        return [blocks[i : i + abreast] for i in range(0, len(blocks), abreast)]
    fit = int(room // need)
    if 2 * fit < len(columns):
        fit = int(room // _NARROWEST)
    count = -(-len(columns) // fit)
    size = -(-len(columns) // count)
    chunks = [columns[i : i + size] for i in range(0, len(columns), size)]
    return [[(facet, _grid(data, names, chunk, room / size))] for facet in facets for chunk in chunks]


def _grid(data: Data, names: Names, columns: list[str], cell: float) -> _Grid:
    cell = min(_WIDEST, cell)
    longest = max(width(word, theme.SMALL) for c in columns for word in c.split())
    upright = longest > cell - 4 or max(len(wrap(c, cell - 4, theme.SMALL)) for c in columns) > _HEAD_LINES
    most = max(1, int((cell - 2) / line_height(theme.SMALL))) if upright else _HEAD_LINES
    limit = _HEAD if upright else cell - 4
    while max(len(wrap(c, limit, theme.SMALL)) for c in columns) > most:
        limit *= 1.2
    heads = {c: wrap(c, limit, theme.SMALL) for c in columns}
    heights = {r: max(_CELL, names.height(r) + 4) for r in data.distinct("row")}
    return _Grid(cell, heads, upright, heights)


def _draw_block(
    sheet: Sheet, data: Data, facet: str, grid: _Grid, numbers: Numbers, domain: Ends, x: float, top: float
) -> float:
    """Draw one block with its title above `top` and its column names below; returns where it ends."""
    y = _write_heads(sheet, facet, grid, x, top)
    written = _number_width(data, numbers) + 2 <= grid.cell
    cells = {
        (data.text(row, "row"), data.text(row, "column")): row
        for row in data.rows
        if data.text(row, "facet") == facet
    }
    boxes = []
    for name, tall in grid.heights.items():
        for i, column in enumerate(grid.heads):
            left = x + i * grid.cell
            about = ", ".join(filter(None, (name, column, facet)))
            box, label = _cell(data, cells.get((name, column)), about, numbers, domain)
            boxes.append({"x": left, "x2": left + grid.cell - _SEAM, "y": y, "y2": y + tall - _SEAM} | box)
            if not written:
                label = replace(label, lines=(data.star(cells.get((name, column), {})),))
            if label.lines[0]:
                sheet.write(replace(label, x=left + (grid.cell - _SEAM) / 2, y=y + (tall - _SEAM) / 2))
        y += tall
    sheet.draw({"type": "rect"}, boxes)
    return y


def _write_heads(sheet: Sheet, facet: str, grid: _Grid, x: float, top: float) -> float:
    """Write the title and the column names; returns where the cells begin."""
    if facet:
        lines = wrap(facet, grid.width, theme.BODY, bold=True)
        sheet.write(Label(x, top - 4 - len(lines) * line_height(theme.BODY) / 2, lines, bold=True))
    bottom = top + grid.head
    for i, column in enumerate(grid.heads):
        lines, middle = grid.heads[column], x + (i + 0.5) * grid.cell
        if grid.upright:
            sheet.write(Label(middle, bottom - 4, lines, theme.SMALL, colour=theme.MUTED, upright=True))
        else:
            y = bottom - 3 - len(lines) * line_height(theme.SMALL) / 2
            sheet.write(Label(middle, y, lines, theme.SMALL, "center", theme.MUTED))
    return bottom


def _cell(data: Data, row: Row | None, about: str, numbers: Numbers, domain: Ends) -> tuple[Mark, Label]:
    """Fill, link and description of a cell, and its label, which is still to be placed."""
    value = None if row is None else data.number(row, "value")
    if row is None or value is None:
        missing = {"fill": theme.GRID, "href": "", "aria": f"{about}: no data"}
        return missing, Label(0, 0, ("\N{EN DASH}",), theme.TINY, "center", theme.MUTED)
    href = data.href(row)
    fill = _shade(value, domain)
    box = {"fill": fill, "href": href, "aria": f"{about}: {data.words(row, value, numbers)}"}
    text = numbers.bare(value) + data.star(row)
    return box, Label(0, 0, (text,), theme.TINY, "center", theme.text_on(fill), href=href)


def _shade(value: float, domain: Ends) -> str:
    """One scale from the lower end, or of two colours that meet at zero where the range goes below it."""
    low, high = domain
    if low < 0:
        return theme.shade_around_zero(value, low, high)
    return theme.shade_of((value - low) / (high - low))


def _draw_scale(sheet: Sheet, domain: Ends, numbers: Numbers, left: float) -> None:
    """The scale of the colours with its two ends."""
    low, high = numbers.short(domain[0]), numbers.short(domain[1])
    (first, last), step = domain, _LEGEND_STEP
    steps = [_shade(first + (last - first) * i / _LEGEND_STEPS, domain) for i in range(_LEGEND_STEPS + 1)]
    wide = width(low, theme.SMALL) + len(steps) * step + 12 + width(high, theme.SMALL)
    left = max(0.0, min(left, sheet.width - wide))
    start = round(left + width(low, theme.SMALL) + 6)
    boxes = [
        {"x": start + i * step, "x2": start + len(steps) * step, "y": 4, "y2": 13, "fill": colour}
        for i, colour in enumerate(steps)
    ]
    sheet.draw({"type": "rect"}, boxes)
    sheet.write(Label(left, 9, (low,), theme.SMALL, colour=theme.MUTED))
    sheet.write(Label(start + len(steps) * step + 6, 9, (high,), theme.SMALL, colour=theme.MUTED))
