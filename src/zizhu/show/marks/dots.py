"""Dots on a common axis: two measures of the same thing, and competing claims about one thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from zizhu.show import theme
from zizhu.show.marks import parts
from zizhu.show.marks.parts import Key, Keys, Names
from zizhu.show.marks.place import lanes
from zizhu.show.marks.roles import Data
from zizhu.show.marks.scale import widened
from zizhu.show.marks.sheet import Label, Margins, Mark, Sheet
from zizhu.show.marks.text import Numbers, line_height, width, wrap

Row = Mapping[str, Any]

_PAIR = 24.0
_UNSEEN = 13.0
_LANE_GAP = 3.0
_REACH = 7.0


def dumbbell(data: Data, page: float) -> Mark:
    """Category with two values joined by a line; their labels stand outside, so that they never meet."""
    numbers = Numbers.of(data.numbers("from", "to", "unseen"), data.unit)
    names = Names.fit(data.distinct("category"), page)
    keys = Keys(_pair_keys(data), page)
    top, end, middles = keys.height + parts.AXIS_LINE, keys.height + parts.AXIS_LINE + 4, []
    drawn = _PAIR + (_UNSEEN if data.has("unseen") else 0)
    for row in data.rows:
        height = max(drawn, names.height(data.text(row, "category")) + 8)
        middles.append(end + height / 2)
        end += height
    note = parts.note_height(data)
    beside = max(width(numbers.short(v) + "*", theme.BODY) for v in data.numbers("from", "to")) + _REACH + 4
    margins = Margins(names.column + parts.GAP + beside, top, beside, note)
    ends = widened(data.numbers("from", "to", "unseen"), zero=True)
    along, margins = parts.fitted(page, margins, ends, numbers)
    sheet = Sheet(page, end + note, margins, along.ends)
    sheet.x_axis = parts.value_axis(along, numbers, "top")
    keys.draw(sheet)
    _draw_unseen(sheet, data, middles, numbers)
    _draw_pairs(sheet, data, middles, numbers)
    sheet.write(*(names.label(data.text(r, "category"), y) for r, y in zip(data.rows, middles, strict=True)))
    sheet.write(*parts.star_note(data, page, end + parts.KEY_LINE / 2))
    return sheet.spec()


def _pair_keys(data: Data) -> list[Key]:
    keys = [
        Key(data.setting("from_label", "face value"), "circle", theme.PAPER, theme.MUTED),
        Key(data.setting("to_label", "value added"), "circle", theme.ACCENT),
    ]
    if data.has("unseen"):
        keys.append(Key(data.setting("unseen_label", "unseen"), "bar", theme.CONTEXT))
    return keys


def _draw_pairs(sheet: Sheet, data: Data, middles: list[float], numbers: Numbers) -> None:
    threads, dots = [], []
    for row, middle in zip(data.rows, middles, strict=True):
        y = middle - (_UNSEEN / 2 if data.has("unseen") else 0)
        first, second = data.value(row, "from"), data.value(row, "to")
        threads.append({"x": first, "x2": second, "y": y, "y2": y, "stroke": theme.CONTEXT})
        leftward = first <= second
        for role, value, left in (("from", first, leftward), ("to", second, not leftward)):
            href = data.href(row, f"ref_{role}")
            name = data.setting(f"{role}_label", "face value" if role == "from" else "value added")
            aria = f"{data.text(row, 'category')}, {name}: {data.words(row, value, numbers)}"
            fill, stroke = (theme.PAPER, theme.MUTED) if role == "from" else (theme.ACCENT, theme.ACCENT)
            dots.append({"x": value, "y": y, "fill": fill, "stroke": stroke, "href": href, "aria": aria})
            text = numbers.short(value) + data.star(row)
            colour = theme.MUTED if role == "from" else theme.ACCENT
            x, align = (sheet.x(value) - _REACH, "right") if left else (sheet.x(value) + _REACH, "left")
            sheet.write(Label(x, y, (text,), align=align, colour=colour, href=href))
    sheet.draw({"type": "rule", "strokeWidth": 2}, threads, "x")
    sheet.draw(parts.DOT | {"size": 75}, dots, "x")


def _draw_unseen(sheet: Sheet, data: Data, middles: list[float], numbers: Numbers) -> None:
    bars = []
    for row, middle in zip(data.rows, middles, strict=True):
        value = data.number(row, "unseen")
        if value is not None:
            y, href = middle + _UNSEEN / 2 + 3, data.href(row, "ref_unseen")
            name = data.setting("unseen_label", "unseen")
            aria = f"{data.text(row, 'category')}, {name}: {data.words(row, value, numbers)}"
            bar: Mark = {"x": 0, "x2": value, "y": y - 2, "y2": y + 2, "fill": theme.CONTEXT}
            bars.append(bar | {"href": href, "aria": aria})
            text = (numbers.short(value),)
            sheet.write(Label(sheet.x(value) + 4, y, text, theme.TINY, colour=theme.MUTED, href=href))
    sheet.draw({"type": "rect"}, bars, "x")


@dataclass(frozen=True)
class _Claim:
    """One claim: its value and its label, which stands left or right of the dot."""

    row: Row
    value: float
    label: Label

    @property
    def span(self) -> tuple[float, float]:
        """The pixels it takes from left to right, dot and label together."""
        box = self.label.box()
        if self.label.align == "right":
            return box.left, self.label.x + 2 * _REACH
        return self.label.x - 2 * _REACH, box.right


def strip(data: Data, page: float) -> Mark:
    """Claims on one axis, a dot and its speaker each, in lanes where they would cover one another."""
    numbers = Numbers.of(data.numbers("value", "reference"), data.unit)
    subjects = data.sections("row")
    aside = bool(data.has("row")) and not parts.is_narrow(page)
    names = Names.fit(data.distinct("row"), page, 0.24) if aside else Names({}, 0.0)
    keys = Keys(_quality_keys(data), page)
    line = parts.single_reference(data)
    top = keys.height + parts.reference_height(data, page)
    foot = parts.AXIS_LINE + parts.note_height(data)
    margins = Margins(names.column + 2 * parts.GAP if aside else 20, top, 20, foot)
    stated, known = data.domain(), widened(data.numbers("value", "reference"), zero=True)
    along, margins = parts.fitted(page, margins, stated or known, numbers, whole=stated is None)
    sheet = Sheet(page, top, margins, along.ends)
    sheet.x_axis = parts.value_axis(along, numbers, "bottom")
    end, dots = top + 4, []
    for i, subject in enumerate(subjects):
        if i:
            rule = {"x": 0, "x2": page, "y": end - 5, "y2": end - 5, "stroke": theme.GRID}
            sheet.draw({"type": "rule", "strokeWidth": 1}, [rule])
        end, drawn = _subject(sheet, data, subject, end, names, numbers)
        dots += drawn
    sheet.height = end + foot
    keys.draw(sheet)
    if line is not None:
        parts.draw_reference(sheet, data, line, keys.height, end, numbers)
    sheet.draw(parts.DOT, dots, "x")
    sheet.write(*parts.star_note(data, page, sheet.height - parts.KEY_LINE / 2))
    return sheet.spec()


def _quality_keys(data: Data) -> list[Key]:
    if not any(data.text(row, "quality") == "low" for row in data.rows):
        return []
    return [
        Key("claim", "circle", theme.ACCENT),
        Key("from a low-quality source", "circle", theme.PAPER, theme.ACCENT),
    ]


def _subject(
    sheet: Sheet, data: Data, subject: str, top: float, names: Names, numbers: Numbers
) -> tuple[float, list[Mark]]:
    """Draw the claims of one subject below `top`; returns where they end, and the dots still to be drawn."""
    begin = top
    if subject and subject not in names.lines:
        lines = wrap(subject, sheet.width, theme.BODY, bold=True)
        tall = len(lines) * line_height(theme.BODY)
        sheet.write(Label(0, top + tall / 2, lines, bold=True))
        top += tall + 2
    rows = [row for row in data.rows if data.text(row, "row") == subject]
    claims = sorted((_claim(sheet, data, row, names.column, numbers) for row in rows), key=lambda c: c.value)
    chosen = lanes([c.span for c in claims])
    dots = []
    for lane in range(max(chosen) + 1):
        here = [c for c, k in zip(claims, chosen, strict=True) if k == lane]
        tall = max(len(c.label.lines) for c in here) * line_height(theme.SMALL) + _LANE_GAP
        sheet.write(*(replace(c.label, y=top + tall / 2) for c in here))
        dots += [_claim_dot(data, c, subject, top + tall / 2, numbers) for c in here]
        top += tall
    if subject in names.lines:
        tall = names.height(subject)
        sheet.write(names.label(subject, begin + tall / 2))
        top = max(top, begin + tall)
    return top + 10, dots


def _claim(sheet: Sheet, data: Data, row: Row, column: float, numbers: Numbers) -> _Claim:
    value, x = data.value(row, "value"), sheet.x(data.value(row, "value"))
    said = parts.compared(data.text(row, "comparator"), numbers.short(value)) + data.star(row)
    text = f"{data.text(row, 'speaker')} {said}"
    wide = width(text, theme.SMALL)
    right, left = sheet.width - x - _REACH, x - _REACH - column - (parts.GAP if column else 0)
    align = "left" if wide <= right or (wide > left and right >= left) else "right"
    lines = wrap(text, right if align == "left" else left, theme.SMALL)
    weak = data.text(row, "quality") == "low"
    place = x + _REACH if align == "left" else x - _REACH
    colour = theme.MUTED if weak else theme.INK
    label = Label(place, 0, lines, theme.SMALL, align, colour, href=data.href(row))
    line = parts.single_reference(data)
    box = label.box()
    return _Claim(
        row, value, replace(label, backed=line is not None and box.left < sheet.x(line) < box.right)
    )


def _claim_dot(data: Data, claim: _Claim, subject: str, y: float, numbers: Numbers) -> Mark:
    row = claim.row
    weak = data.text(row, "quality") == "low"
    said = parts.compared(data.text(row, "comparator"), data.words(row, claim.value, numbers))
    about = ", ".join(filter(None, (data.text(row, "speaker"), subject)))
    dot: Mark = {
        "x": claim.value,
        "y": y,
        "fill": theme.PAPER if weak else theme.ACCENT,
        "stroke": theme.ACCENT,
    }
    return dot | {
        "href": data.href(row),
        "aria": f"{about}: {said}" + (" (low-quality source)" if weak else ""),
    }
