"""The two sides of a cut: what the sender no longer sells and what the receiver may no longer buy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zizhu.show import theme
from zizhu.show.format import percent
from zizhu.show.marks import parts
from zizhu.show.marks.roles import Data
from zizhu.show.marks.scale import widened
from zizhu.show.marks.sheet import Label, Margins, Mark, Sheet
from zizhu.show.marks.text import Numbers, block_width, line_height, wrap

Row = Mapping[str, Any]

_THICK = 18.0
_BETWEEN = 14.0


@dataclass(frozen=True)
class _Side:
    """One side of the ledger: the roles it reads, its direction, colour and default heading."""

    role: str
    sign: int
    colour: str
    head: str

    @property
    def align(self) -> str:
        return "right" if self.sign < 0 else "left"


_SIDES = (
    _Side("left", -1, theme.SERIES[1], "Sender: lost sales"),
    _Side("right", 1, theme.SERIES[0], "Receiver: purchases at risk"),
)


@dataclass(frozen=True)
class _Said:
    """The words at the end of a bar: the amount, and its share of something in a second block."""

    amount: str
    share: tuple[str, ...]

    @property
    def width(self) -> float:
        return max(block_width((self.amount,), theme.BODY), block_width(self.share, theme.TINY))

    @property
    def height(self) -> float:
        return line_height(theme.BODY) + len(self.share) * line_height(theme.TINY)


def ledger(data: Data, page: float) -> Mark:
    """One row a control: the sender's lost sales to the left, the receiver's purchases at risk to the right."""
    numbers = Numbers.of(data.numbers("left", "right"), data.unit)
    heads = {
        s: wrap(data.setting(f"{s.role}_label", s.head), page / 2 - 10, theme.SMALL, bold=True)
        for s in _SIDES
    }
    said = {(i, s): _said(data, row, s, numbers, page) for i, row in enumerate(data.rows) for s in _SIDES}
    top = max(map(len, heads.values())) * line_height(theme.SMALL) + 6
    beside = max(words.width for words in said.values()) + 8
    largest = widened(data.numbers("left", "right"), zero=True)[1]
    sheet = Sheet(page, top, Margins(beside, top, beside), (-largest, largest))
    rules, bars, axis, end = [], [], [], top
    for i, row in enumerate(data.rows):
        rules.append({"x": 0, "x2": page, "y": end, "y2": end, "stroke": theme.GRID})
        name = wrap(data.text(row, "category"), page, theme.BODY)
        start = end + 6 + len(name) * line_height(theme.BODY)
        sheet.write(Label(0, (end + 6 + start) / 2, name))
        middle = start + 5 + max(_THICK, *(said[i, s].height for s in _SIDES)) / 2
        for side in _SIDES:
            bars.append(_bar(data, row, side, middle, numbers))
            _write(sheet, data, row, side, middle, said[i, side])
        axis.append(
            {
                "x": 0,
                "x2": 0,
                "y": middle - _THICK / 2 - 5,
                "y2": middle + _THICK / 2 + 5,
                "stroke": theme.AXIS,
            }
        )
        end = 2 * middle - start + _BETWEEN / 2
    sheet.height = end + parts.note_height(data)
    sheet.draw({"type": "rule", "strokeWidth": 1}, rules)
    sheet.draw({"type": "rect"}, bars, "x")
    sheet.draw({"type": "rule", "strokeWidth": 1}, axis, "x")
    _write_heads(sheet, heads)
    sheet.write(*parts.star_note(data, page, end + parts.KEY_LINE / 2))
    return sheet.spec()


def _write_heads(sheet: Sheet, heads: Mapping[_Side, tuple[str, ...]]) -> None:
    for side, lines in heads.items():
        x, middle = sheet.width / 2 + side.sign * 6, len(lines) * line_height(theme.SMALL) / 2
        sheet.write(Label(x, middle, lines, theme.SMALL, side.align, side.colour, bold=True))


def _said(data: Data, row: Row, side: _Side, numbers: Numbers, page: float) -> _Said:
    amount = numbers.short(data.value(row, side.role)) + data.star(row)
    share = data.number(row, f"{side.role}_share")
    if share is None:
        return _Said(amount, ())
    words = f"{percent(share)} {data.setting(f'{side.role}_share_label')}".strip()
    return _Said(amount, wrap(words, page * 0.22, theme.TINY))


def _bar(data: Data, row: Row, side: _Side, y: float, numbers: Numbers) -> Mark:
    value, share = data.value(row, side.role), data.number(row, f"{side.role}_share")
    head = data.setting(f"{side.role}_label", side.head)
    aria = f"{data.text(row, 'category')}, {head}: {data.words(row, value, numbers)}"
    if share is not None:
        aria += f", {percent(share)} {data.setting(f'{side.role}_share_label')}".rstrip()
    bar: Mark = {
        "x": 0,
        "x2": side.sign * value,
        "y": y - _THICK / 2,
        "y2": y + _THICK / 2,
        "fill": side.colour,
    }
    return bar | {"href": data.href(row, f"ref_{side.role}"), "aria": aria}


def _write(sheet: Sheet, data: Data, row: Row, side: _Side, y: float, said: _Said) -> None:
    x = sheet.x(side.sign * data.value(row, side.role)) + side.sign * 5
    href = data.href(row, f"ref_{side.role}")
    top = y - said.height / 2
    middle = top + line_height(theme.BODY) / 2
    sheet.write(Label(x, middle, (said.amount,), align=side.align, href=href))
    if said.share:
        below = (top + line_height(theme.BODY) + y + said.height / 2) / 2
        sheet.write(Label(x, below, said.share, theme.TINY, side.align, theme.MUTED, href=href))
