"""Series over time with their names at the line ends, events above and turning points on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
from zizhu.show.marks.place import flags
from zizhu.show.marks.roles import Data
from zizhu.show.marks.scale import Scale, level, ticks, widened
from zizhu.show.marks.sheet import Label, Margins, Mark, Sheet
from zizhu.show.marks.text import Numbers, block_width, line_height, width, wrap

_HEIGHT = 300.0
_PHONE_HEIGHT = 240.0
_LABEL_GAP = 9.0


def lines(data: Data, page: float) -> Mark:
    """Series over time; more than five series, or any series that is not `accent`, are drawn in grey."""
    narrow = parts.is_narrow(page)
    curves, events = read_curves(data, data.rows), read_events(data, data.rows)
    numbers = Numbers.of(data.numbers("y", "reference"), data.unit)
    low, high = data.domain() or level(data.numbers("y", "lower", "upper", "reference"), 5)
    tall = _PHONE_HEIGHT if narrow else _HEIGHT
    names = [wrap(_name(c, data, numbers), page * (0.34 if narrow else 0.26), theme.BODY) for c in curves]
    tall = max(tall, sum(len(n) * line_height(theme.BODY) + 1 for n in names))
    axis = parts.value_axis(low, high, numbers, tall, "left")
    left = max(width(t, theme.SMALL) for t in parts.tick_texts(axis["values"], numbers)) + 8
    right = max(block_width(n, theme.BODY) for n in names) + _LABEL_GAP + 2
    periods = [data.period(row, "x") for row in data.rows]
    across = widened(periods, zero=False)
    banner = Banner.fit(events, Scale(*across, left, page - right), page)
    bottom = parts.AXIS_LINE + (parts.KEY_LINE if data.setting("x_title") else 2)
    top = banner.height + 8
    sheet = Sheet(page, top + tall + bottom, Margins(left, top, right, bottom), across, (low, high))
    sheet.y_axis, sheet.x_axis = axis, period_axis(*across, sheet.right - left)
    banner.draw(sheet)
    draw_curves(sheet, data, curves, numbers)
    ends = [
        Label(sheet.right + _LABEL_GAP, 0, name, colour=text_colour(curve), href=data.href(curve.last.row))
        for curve, name in zip(curves, names, strict=True)
    ]
    end_labels(sheet, curves, ends)
    draw_marks(sheet, data, curves, numbers)
    draw_reference(sheet, data, curves, numbers)
    write_x_title(sheet, data)
    return sheet.spec()


def write_x_title(sheet: Sheet, data: Data) -> None:
    """What the horizontal axis counts, under its right end."""
    if title := data.setting("x_title"):
        sheet.write(Label(sheet.right, sheet.height - 8, (title,), theme.SMALL, "right", theme.MUTED))


def _name(curve: Curve, data: Data, numbers: Numbers) -> str:
    return f"{curve.name} {numbers.short(curve.last.y)}".strip()


@dataclass(frozen=True)
class Banner:
    """The labels of events above a plot, in lanes, each on the stem of its rule."""

    events: Sequence[Happening]
    labels: Sequence[Label]
    height: float

    @classmethod
    def fit(cls, events: Sequence[Happening], x: Scale, page: float) -> Banner:
        """Wrap the labels and choose their lanes."""
        limit = page * (0.42 if parts.is_narrow(page) else 0.24)
        blocks = [wrap(event.label, limit, theme.TINY) for event in events]
        stems = [x(event.x) for event in events]
        starts = [
            min(stem + 4, page - block_width(block, theme.TINY)) for stem, block in zip(stems, blocks, strict=True)
        ]
        spans = [(a, a + block_width(b, theme.TINY)) for a, b in zip(starts, blocks, strict=True)]
        lanes = flags(stems, spans)
        tall = [
            max((len(b) for b, k in zip(blocks, lanes, strict=True) if k == lane), default=0) * line_height(theme.TINY) + 3
            for lane in range(max(lanes, default=-1) + 1)
        ]
        height = sum(tall)
        labels = [
            Label(start, height - sum(tall[:lane]) - tall[lane] / 2, block, theme.TINY, colour=theme.MUTED)
            for start, block, lane in zip(starts, blocks, lanes, strict=True)
        ]
        return cls(events, labels, height)

    def draw(self, sheet: Sheet) -> None:
        """Draw rules from each label down to the axis."""
        rules = [
            {"x": sheet.x(e.x), "x2": sheet.x(e.x), "y": label.box().top + 1, "y2": sheet.bottom, "stroke": theme.AXIS}
            for e, label in zip(self.events, self.labels, strict=True)
        ]
        sheet.draw(parts.DASHED | {"strokeWidth": 0.8}, rules)
        sheet.write(*self.labels)
