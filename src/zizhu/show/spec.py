"""A figure as an open Vega-Lite specification of fixed width, in the project's one look.

`Figure.encoding` maps the roles of its kind to columns of `rows`. Roles in bold must be there. Those that hold a
[number] hold finite numbers in `Figure.unit`; (flags) hold true, false or nothing; x and period hold a number or a
period such as 2019, 2019-07, 2019Q3 or 2019-07-31; the others hold text. A 'setting' holds its value itself.

| kind            | roles that name columns; settings                                                           |
|-----------------|---------------------------------------------------------------------------------------------|
| bars            | **category**, **[value]**, group, mark, panel, [lower], [upper], [reference], (accent);     |
|                 | value_label, reference_label                                                                |
| dumbbell        | **category**, **[from]**, **[to]**, [unseen], ref_from, ref_to, ref_unseen;                 |
|                 | from_label, to_label, unseen_label                                                          |
| heatmap         | **row**, **column**, **[value]**, facet; domain                                             |
| lines           | **x**, **[y]**, series, family, [lower], [upper], event, mark, beside, [reference],         |
|                 | (forecast), (accent), (dashed); x_title, x_of, domain, reference_label, key                 |
| slope           | **period**, **series**, **[value]**, (accent)                                               |
| gauge           | **category**, **[value]**, **[target]**, [target_high], [lower], [upper], comparator,       |
|                 | verdict, unit, ref_target                                                                   |
| small_multiples | **panel** and those of lines; y_scale and those of lines                                    |
| ledger          | **category**, **[left]**, **[right]**, [left_share], [right_share], ref_left, ref_right;    |
|                 | left_label, right_label, left_share_label, right_share_label                                |
| strip           | **[value]**, **speaker**, row, comparator, quality, [reference]; domain, reference_label    |
| choropleth      | **place**, **name**, **[value]**, (home); home_label, none_label                            |
| flows           | **from**, **to**, **from_name**, **to_name**, **[value]**                                   |
| network         | **node**, **[x]**, **[y]**, name, group, to, [size], (ring); size_label, ring_label         |

All kinds: `ref` (the reference of every mark of the row that has none of its own, such as `ref_from`); all but lines
and small_multiples: (estimated), which puts a star behind the number.

- Rows are drawn in the order given; lines are sorted by x, the claims of a strip by value.
- bars: rows with a `mark` are points beneath the bars, named by it. One bar a `group`. A constant `reference` is a
  line across, one that varies is a tick on each bar. A missing value reads 'no data'. Each `panel`
  has a scale of its own, under its name.
- With (accent), what is true is drawn in the accent colour and the rest in grey. Without it, up to five groups or
  series have colours; of more groups the rest, and of more series all, are grey.
- dumbbell: `unseen` (not negative) is a thin bar from zero beneath the pair.
- heatmap: `domain` is 'low high', for example '0 100'; by default from zero to a round number above the largest
  value. Below zero the colours are others, to the same scale. A missing value or row is an empty cell. Where the
  numbers do not fit, the columns are stacked in two blocks; where they still do not, they are left to the tooltip.
- lines: series of one `family` share a colour: five families have one, the rest are grey. (dashed) dashes the line.
  With `key` 'above' the names stand in a key and not at the line ends. A row with an `event` is a vertical rule at
  its x with that label, and needs no y. `mark` rings a point and labels it (a turning point). A row that is `beside`
  is a hollow point by itself, in the words of that (another release of the value). (forecast) dots the line up to the
  point. `reference` is one value, a horizontal rule.
- lines of years (where every x is a whole year, or with `x_of` 'years'): the value of a year stands over its number,
  which is the middle of the year. Days between stand half a year further left than as a fraction, so that the end of
  2025 is 2025.5; ticks are the ends of years where every year is named.
- small_multiples: `y_scale` is 'shared' (default) or 'independent'. An event without a panel stands in all panels.
- gauge: the target is a tick, or a band from `target` to `target_high`. Rows with units of their own (`unit`) are
  drawn to scales of their own. A missing value reads 'no matching series'.
- ledger: `left_share` and `right_share` are shares in [0, 1], whatever the unit of the amounts.
- strip: `row` is the subject of a claim; a `quality` of 'low' hollows the dot.
- choropleth, flows: `place`, `from` and `to` hold codes of countries of `zizhu.vocab.places`. Maps are in the Equal
  Earth projection. A country without an outline is a dot; one without a value, and one without a row, is grey. (home)
  sets the country apart that the map is of. Flows are arcs as wide as their value (not negative).
- network: a row with `to` is a link from `node` to it, and needs no place; the others are nodes at x and y, which are
  drawn to one scale. `size` (not negative) is in proportion to the area of the dot, (ring) rings it. Nine groups have a
  colour and a shape of their own, by their number of nodes; the rest are grey.
- Units: one that starts with 'share' means shares in [0, 1], written in per cent; 'percent', '%' and 'percent ...'
  mean per cent. Others are written without their name, which the page states.
- table: has no drawing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from zizhu.ledger.models import Figure, Ref
from zizhu.show import theme
from zizhu.show.marks.bars import bars
from zizhu.show.marks.checks import require
from zizhu.show.marks.choropleth import choropleth
from zizhu.show.marks.dots import dumbbell, strip
from zizhu.show.marks.flows import flows
from zizhu.show.marks.gauges import gauge
from zizhu.show.marks.heat import heatmap
from zizhu.show.marks.ledgers import ledger
from zizhu.show.marks.lines import lines
from zizhu.show.marks.networks import network
from zizhu.show.marks.panels import small_multiples
from zizhu.show.marks.roles import Data
from zizhu.show.marks.slopes import slope
from zizhu.show.marks.text import printable
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

VEGA_LITE = "6.4"
WIDE = 720
PHONE = 340
_WIDTHS = range(280, 1601)

_DRAW: Mapping[str, Callable[[Data, float], dict[str, Any]]] = {
    "bars": bars,
    "dumbbell": dumbbell,
    "heatmap": heatmap,
    "lines": lines,
    "slope": slope,
    "gauge": gauge,
    "small_multiples": small_multiples,
    "ledger": ledger,
    "strip": strip,
    "choropleth": choropleth,
    "flows": flows,
    "network": network,
}


def anchor(ref: Ref) -> str:
    """The default link of a mark: the place on the same page that is named by the reference.

    >>> anchor("run:ab12#CHN|C26,share")
    '#run:ab12%23CHN%7CC26,share'
    """
    return "#" + quote(ref, safe=":,@")


def spec(
    figure: Figure, *, width: int = WIDE, link: Callable[[Ref], str] = anchor, outlines: str = ""
) -> dict[str, Any]:
    """The Vega-Lite specification of a figure, `width` pixels wide and as high as its rows need.

    `link` turns the reference of a mark into its address. `outlines` is the address of the outlines of countries, which
    without one are inside. Title and sentence are not drawn; they stand in
    `usermeta` with the unit, basis, sources and notes. Raises ZizhuError with all faults of the figure, and
    CannotAnswer for a table, which is not drawn.
    """
    if figure.kind == "table":
        raise CannotAnswer(
            Problem(
                "a table has no drawing",
                f"figure {figure.title!r}",
                "a kind that is drawn",
                "Set it as a table.",
            )
        )
    if width not in _WIDTHS:
        raise ZizhuError(
            Problem(
                f"width {width}",
                f"figure {figure.title!r}",
                "280 to 1600 pixels",
                "Use 720, or 340 for phones.",
            )
        )
    require(figure)
    drawn = _DRAW[figure.kind](Data(figure, link, outlines), float(width))
    return {
        "$schema": f"https://vega.github.io/schema/vega-lite/v{VEGA_LITE.split('.')[0]}.json",
        "description": printable(f"{figure.title}. {figure.sentence}"),
        "usermeta": {
            k: v for k, v in figure.model_dump(mode="json").items() if k not in ("rows", "encoding")
        },
        "background": None,
        "config": theme.config(),
    } | drawn
