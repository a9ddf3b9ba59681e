"""A figure as an open Vega-Lite specification of fixed width, in the project's one look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from zizhu.ledger.models import Figure, Ref
from zizhu.show import theme
from zizhu.show.marks.bars import bars
from zizhu.show.marks.dots import dumbbell, strip
from zizhu.show.marks.gauges import gauge
from zizhu.show.marks.heat import heatmap
from zizhu.show.marks.ledgers import ledger
from zizhu.show.marks.lines import lines
from zizhu.show.marks.panels import small_multiples
from zizhu.show.marks.roles import Data, require
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
}


def anchor(ref: Ref) -> str:
    """The default link of a mark: the place on the same page that is named by the reference.

    >>> anchor("run:ab12#CHN|C26,share")
    '#run:ab12%23CHN%7CC26,share'
    """
    return "#" + quote(ref, safe=":,@")


def spec(figure: Figure, *, width: int = WIDE, link: Callable[[Ref], str] = anchor) -> dict[str, Any]:
    """The Vega-Lite specification of a figure, `width` pixels wide and as high as its rows need.

    `link` turns the reference of a mark into its address. Title and sentence are not drawn; they stand in
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
    drawn = _DRAW[figure.kind](Data(figure, link), float(width))
    return {
        "$schema": f"https://vega.github.io/schema/vega-lite/v{VEGA_LITE.split('.')[0]}.json",
        "description": printable(f"{figure.title}. {figure.sentence}"),
        "usermeta": {
            k: v for k, v in figure.model_dump(mode="json").items() if k not in ("rows", "encoding")
        },
        "background": None,
        "config": theme.config(),
    } | drawn
