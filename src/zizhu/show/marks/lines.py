"""Series over time with their names at the line ends, events above and turning points on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zizhu.show import theme
from zizhu.show.marks import parts
from zizhu.show.marks.curves import (
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
from zizhu.show.marks.place import flags
from zizhu.show.marks.roles import Data
from zizhu.show.marks.scale import Scale, level, ranged
from zizhu.show.marks.sheet import Label, Margins, Mark, Sheet
from zizhu.show.marks.text import Numbers, block_width, line_height, width, wrap

_HEIGHT = 300.0
_PHONE_HEIGHT = 240.0
_LABEL_GAP = 9.0
_TITLE = 0.85
"""How much of the page a line under the axis takes, so that it also fits in a wider typeface."""
ABOVE = "above"
"""The setting `key` of names in a key."""


def lines(data: Data, page: float) -> Mark:
    """Series over time; more than five series, or any series that is not `accent`, are drawn in grey.

    Their names stand at the line ends, or in a key above them.
    """
    narrow = parts.is_narrow(page)
    curves, events = read_curves(data, data.rows), read_events(data, data.rows)
    numbers = Numbers.of(data.numbers("y", "reference"), data.unit)
    count = 4 if narrow else 5
    stated, known = data.domain(), data.numbers("y", "lower", "upper", "reference")
    along = ranged(*stated, count) if stated else level(known, count)
    tall = _PHONE_HEIGHT if narrow else _HEIGHT
    keys = parts.Keys(_keys(data, curves), page)
    named = [] if keys.height else curves
    names = [_name(curve, numbers, page * (0.34 if narrow else 0.26)) for curve in named]
    tall = max(tall, sum(len(n) * line_height(theme.BODY) + 1 for n in names))
    axis = parts.value_axis(along, numbers, "left")
    across = read_across(data)
    overhang = period_overhang(across)
    left = max(overhang, *(width(t, theme.SMALL) + 8 for t in parts.tick_texts(axis["values"], numbers)))
    right = max([overhang, *(block_width(n, theme.BODY) + _LABEL_GAP + 2 for n in names)])
    beside = Margins(left, 0, right)
    banner = Banner.fit(events, Scale(*across.ends, beside.left, page - beside.right), page, keys.height)
    title = wrap(data.setting("x_title"), page * _TITLE, theme.SMALL) if data.setting("x_title") else ()
    bottom = parts.AXIS_LINE + (len(title) * line_height(theme.SMALL) + 2 if title else 2)
    top = keys.height + banner.height + 8
    sheet = Sheet(page, top + tall + bottom, Margins(left, top, right, bottom), across.ends, along.ends)
    sheet.y_axis, sheet.x_axis = axis, period_axis(across, sheet.right - left)
    draw_ends_of_years(sheet, across)
    keys.draw(sheet)
    banner.draw(sheet)
    draw_beside(sheet, data, data.rows, numbers)
    draw_curves(sheet, data, curves, numbers)
    ends = [
        Label(sheet.right + _LABEL_GAP, 0, name, colour=text_colour(curve), href=data.href(curve.last.row))
        for curve, name in zip(named, names, strict=True)
    ]
    end_labels(sheet, named, ends)
    draw_marks(sheet, data, curves, numbers)
    draw_reference(sheet, data, curves)
    write_x_title(sheet, title)
    return sheet.spec()


def write_x_title(sheet: Sheet, title: tuple[str, ...]) -> None:
    """What the horizontal axis counts, under its right end."""
    if title:
        end = max(sheet.right, block_width(title, theme.SMALL) / _TITLE)
        middle = sheet.height - len(title) * line_height(theme.SMALL) / 2
        sheet.write(Label(end, middle, title, theme.SMALL, "right", theme.MUTED))


def _keys(data: Data, curves: Sequence[Curve]) -> list[parts.Key]:
    """The names of the lines in the order of the rows, where they stand in a key."""
    if data.setting("key") != ABOVE:
        return []
    order = data.distinct("series")
    return [
        parts.Key(c.name, "dashes" if c.dashed else "line", c.colour)
        for c in sorted(curves, key=lambda c: order.index(c.name))
    ]


def _name(curve: Curve, numbers: Numbers, limit: float) -> tuple[str, ...]:
    """The name and the latest value, which stands on a line of its own where the name leaves no room."""
    number = numbers.closing(curve.last.y)
    if not curve.name:
        return (number,)
    block = wrap(curve.name, limit, theme.BODY)
    closing = f"{block[-1]} {number}"
    return (*block[:-1], closing) if width(closing, theme.BODY) <= limit else (*block, number)


@dataclass(frozen=True)
class Banner:
    """The labels of events above a plot, in lanes, each on the stem of its rule."""

    events: Sequence[Happening]
    labels: Sequence[Label]
    height: float

    @classmethod
    def fit(cls, events: Sequence[Happening], x: Scale, page: float, top: float = 0.0) -> Banner:
        """Wrap the labels and choose their lanes, from `top` down."""
        limit = page * (0.42 if parts.is_narrow(page) else 0.24)
        blocks = [wrap(event.label, limit, theme.TINY) for event in events]
        wide = [block_width(block, theme.TINY) for block in blocks]
        stems = [x(event.x) for event in events]
        starts = [min(stem + 4, page - w) for stem, w in zip(stems, wide, strict=True)]
        lanes = flags(stems, [(start, start + w) for start, w in zip(starts, wide, strict=True)])
        tall = [0.0] * (max(lanes, default=-1) + 1)
        for block, lane in zip(blocks, lanes, strict=True):
            tall[lane] = max(tall[lane], len(block) * line_height(theme.TINY) + 3)
        height = sum(tall)
        labels = [
            Label(
                start, top + height - sum(tall[:lane]) - tall[lane] / 2, block, theme.TINY, colour=theme.MUTED
            )
            for start, block, lane in zip(starts, blocks, lanes, strict=True)
        ]
        return cls(events, labels, height)

    def draw(self, sheet: Sheet) -> None:
        """Draw rules from each label down to the axis."""
        rules = []
        for event, label in zip(self.events, self.labels, strict=True):
            x, box = sheet.x(event.x), label.box()
            y = box.top + 1 if x < box.left else box.bottom
            rules.append({"x": x, "x2": x, "y": y, "y2": sheet.bottom, "stroke": theme.AXIS})
        sheet.draw(parts.DASHED | {"strokeWidth": 0.8}, rules)
        sheet.write(*self.labels)
