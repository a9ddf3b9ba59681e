"""What several kinds share: the column of category names, keys, value axes and reference rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from zizhu.show import theme
from zizhu.show.format import minus
from zizhu.show.marks.roles import Data
from zizhu.show.marks.scale import Range, decimals, ranged, rounded
from zizhu.show.marks.sheet import Label, Margins, Mark, Sheet
from zizhu.show.marks.text import Numbers, block_width, line_height, width, wrap

NARROW = 480
"""Below this width in pixels a figure is laid out for a phone."""

GAP = 10.0
KEY_LINE = 18.0
AXIS_LINE = 18.0
DOT: Mark = {"type": "point", "filled": True, "size": 58, "strokeWidth": 1.5, "opacity": 1}
DASHED: Mark = {"type": "rule", "strokeWidth": 1, "strokeDash": [3, 2]}
_SIGNS = {
    "=": "",
    "range": "",
    ">=": "\N{GREATER-THAN OR EQUAL TO}",
    "<=": "\N{LESS-THAN OR EQUAL TO}",
    "~": "about",
}
_SWATCH = 14.0
_RULE: Mark = {"type": "rule", "strokeWidth": 2}
_RULES: Mapping[str, Mark] = {"line": _RULE, "dashes": _RULE | {"strokeDash": [5, 2]}}
_TICK_SPACE = 64.0
_TICK_GAP = 10.0
_MOST_TICKS = 6


def is_narrow(page: float) -> bool:
    """Whether a figure of this width is laid out for a phone."""
    return page < NARROW


@dataclass(frozen=True)
class Names:
    """Category names, wrapped into a column at the left."""

    lines: Mapping[str, tuple[str, ...]]
    column: float

    @classmethod
    def fit(cls, names: Iterable[str], page: float, share: float | None = None) -> Names:
        """Names in a column of their own width, or of `share` of the page where that is less."""
        limit = page * (share or (0.4 if is_narrow(page) else 0.34))
        lines = {name: wrap(name, limit, theme.BODY) for name in names}
        return cls(lines, max(block_width(block, theme.BODY) for block in lines.values()))

    def height(self, name: str) -> float:
        """The height of a name."""
        return len(self.lines[name]) * line_height(theme.BODY)

    def label(self, name: str, y: float) -> Label:
        """The name, flush left, centred on `y`."""
        return Label(0, y, self.lines[name])


@dataclass(frozen=True)
class Key:
    """One entry of a key: a swatch ('bar', 'line', 'dashes', 'tick', 'none' or a point shape) and what it means."""

    text: str
    shape: str
    fill: str
    stroke: str = ""


class Keys:
    """The key above a figure, in as many rows as it needs."""

    def __init__(self, keys: Sequence[Key], page: float) -> None:
        self._placed: list[tuple[Key, float, float, tuple[str, ...]]] = []
        x = y = 0.0
        tall = KEY_LINE
        for key in keys:
            indent = _indent(key)
            lines = wrap(key.text, page - indent, theme.SMALL)
            wide = indent + block_width(lines, theme.SMALL)
            if x and x + wide > page:
                x, y, tall = 0.0, y + tall, KEY_LINE
            tall = max(tall, len(lines) * line_height(theme.SMALL) + 4)
            self._placed.append((key, x, y + tall / 2, lines))
            x += wide + 16
        self.height = y + tall + 4 if keys else 0.0

    def draw(self, sheet: Sheet, top: float = 0.0) -> None:
        """Draw the key on a sheet, from `top` down."""
        for key, x, y, lines in self._placed:
            sheet.write(Label(x + _indent(key), top + y, lines, theme.SMALL, colour=theme.MUTED))
            if key.shape != "none":
                _swatch(sheet, key, x, top + y)


def _indent(key: Key) -> float:
    return 0.0 if key.shape == "none" else _SWATCH + 4


def _swatch(sheet: Sheet, key: Key, x: float, y: float) -> None:
    if key.shape == "bar":
        box = {"x": x, "x2": x + _SWATCH, "y": y - 4, "y2": y + 4, "fill": key.fill}
        sheet.draw({"type": "rect"}, [box])
    elif key.shape in _RULES:
        # Two pixels in: the engine counts a line's thickness on all its sides when it measures a drawing.
        rule = {"x": x + 2, "x2": x + _SWATCH, "y": y, "y2": y, "stroke": key.fill}
        sheet.draw(_RULES[key.shape], [rule])
    elif key.shape == "tick":
        rule = {"x": x + _SWATCH / 2, "x2": x + _SWATCH / 2, "y": y - 6, "y2": y + 6, "stroke": key.fill}
        sheet.draw({"type": "rule", "strokeWidth": 2}, [rule])
    else:
        dot = {
            "x": x + _SWATCH / 2,
            "y": y,
            "shape": key.shape,
            "fill": key.fill,
            "stroke": key.stroke or key.fill,
        }
        sheet.draw(DOT, [dot])


def fitted(
    page: float, margins: Margins, ends: tuple[float, float], numbers: Numbers, *, whole: bool = True
) -> tuple[Range, Margins]:
    """A horizontal range with as many ticks as its labels leave room for, and margins that hold the outer ones.

    `whole` extends the range to whole steps.
    """
    most = max(1, min(_MOST_TICKS, int((page - margins.left - margins.right) / _TICK_SPACE)))
    choices = [(rounded if whole else ranged)(*ends, count) for count in range(most, 0, -1)]
    last = choices[-1]
    choices += [last._replace(step=last.step * times) for times in (2, 5, 10)]
    wider = margins
    for along in choices:
        at = along.ticks()
        widest = max((width(text, theme.SMALL) for text in tick_texts(at, numbers)), default=0.0)
        wider = replace(
            margins, left=max(margins.left, widest / 2 + 1), right=max(margins.right, widest / 2 + 1)
        )
        space = along.step / (along.high - along.low) * (page - wider.left - wider.right)
        if len(at) < 2 or widest + _TICK_GAP <= space:
            return along, wider
    return choices[-1], wider


def value_axis(along: Range, numbers: Numbers, orient: str) -> Mark:
    """An axis with grid lines at the ticks of a range.

    The values are in the unit of the data; their labels in that of `numbers`.
    """
    at = along.ticks()
    return {
        "orient": orient,
        "values": at,
        "labelExpr": f"format(datum.value * {numbers.scale:g}, '{tick_format(at, numbers)}')"
        + suffix(numbers),
        "domain": False,
        "grid": True,
        "labelPadding": 6,
    }


def tick_format(at: Iterable[float], numbers: Numbers) -> str:
    """The d3 format that writes round values exactly."""
    return f",.{decimals(v * numbers.scale for v in at)}f"


def tick_texts(at: Sequence[float], numbers: Numbers) -> list[str]:
    """The labels of an axis as they will be written, to measure them."""
    digits = decimals(v * numbers.scale for v in at)
    return [minus(f"{v * numbers.scale:,.{digits}f}") + (" %" if numbers.is_percent else "") for v in at]


def suffix(numbers: Numbers) -> str:
    """The end of a Vega expression that writes the unit's sign."""
    return " + ' %'" if numbers.is_percent else ""


def single_reference(data: Data, rows: Iterable[Mapping[str, object]] | None = None) -> float | None:
    """The reference value, when all rows (or the given ones) name the same one."""
    found = {
        v for row in (data.rows if rows is None else rows) if (v := data.number(row, "reference")) is not None
    }
    return found.pop() if len(found) == 1 else None


def reference_text(data: Data, value: float) -> str:
    """The label of a reference: its name, if it has one, and its value."""
    return f"{data.setting('reference_label')} {Numbers.of([value], data.unit).short(value)}".strip()


def compared(comparator: str, number: str) -> str:
    """A number behind the sign of its comparator: '\N{GREATER-THAN OR EQUAL TO} 70 %'."""
    sign = _SIGNS.get(comparator, comparator)
    return f"{sign} {number}" if sign else number


def reference_height(data: Data, page: float) -> float:
    """The room above a plot that the label of a vertical reference rule needs."""
    line = single_reference(data)
    if line is None:
        return 0.0
    return len(wrap(reference_text(data, line), page, theme.SMALL)) * line_height(theme.SMALL) + 5


def draw_reference(
    sheet: Sheet, data: Data, line: float, top: float, bottom: float, numbers: Numbers
) -> None:
    """A dashed vertical rule down to `bottom`, under its label, which begins at `top` and stays inside the page.

    The rule passes an axis above the plot only where it meets none of its labels.
    """
    lines = wrap(reference_text(data, line), sheet.width, theme.SMALL)
    half, x = block_width(lines, theme.SMALL) / 2, sheet.x(line)
    tall = len(lines) * line_height(theme.SMALL)
    middle = min(max(x, half), sheet.width - half)
    sheet.write(Label(middle, top + tall / 2, lines, theme.SMALL, "center", theme.MUTED))
    axis = sheet.x_axis or {}
    at = axis["values"] if axis.get("orient") == "top" else []
    meets = any(
        abs(sheet.x(tick) - x) < width(text, theme.SMALL) / 2 + 3
        for tick, text in zip(at, tick_texts(at, numbers), strict=True)
    )
    begin = sheet.margins.top if meets else top + tall + 2
    sheet.draw(DASHED, [{"x": x, "x2": x, "y": begin, "y2": bottom, "stroke": theme.MUTED}])


def star_note(data: Data, page: float, y: float) -> list[Label]:
    """What the star behind a number means, when there is one."""
    if not data.has("estimated"):
        return []
    return [Label(page, y, ("* estimated",), theme.SMALL, "right", theme.MUTED)]


def note_height(data: Data) -> float:
    """The room `star_note` needs."""
    return KEY_LINE if data.has("estimated") else 0.0
