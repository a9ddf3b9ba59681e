"""The one look of every figure: colours, sizes and the style rules that carry them to dark pages and to print.

Figures are drawn once, in the light colours. Every colour in a drawing is one of `LIGHT` or a step of the
heat-map ramp; `css()` maps the former to custom properties that have a dark value, and leaves the ramp alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

FIGURE_CLASS = "zizhu-figure"

# Widths of Arial and its metric twins come first; DejaVu Sans Condensed is within 3 % of them and stands on
# bare Linux systems, where plain DejaVu Sans would run 15 % wider.
FONT = "Liberation Sans, Arial, Helvetica, Arimo, Nimbus Sans, DejaVu Sans Condensed, sans-serif"

BODY = 12
SMALL = 11
TINY = 10
BAR = 14

# Hues follow Okabe and Ito, Color Universal Design (2008). They are darkened (light page) or lightened (dark
# page) until text in them reaches 4.5:1, and set apart in lightness so that they differ without hue.
LIGHT: Mapping[str, str] = {
    "ink": "#1c2024",
    "muted": "#5a636c",
    "axis": "#868f98",
    "grid": "#e1e5e8",
    "shade": "#d3d9de",
    "context": "#aeb6bd",
    "paper": "#ffffff",
    "series1": "#1a6fb5",
    "series2": "#b03a06",
    "series3": "#00523e",
    "series4": "#8d2f73",
    "series5": "#857000",
    "class1": "#c5daea",
    "class2": "#94bcdc",
    "class3": "#649ccb",
    "class4": "#3876b4",
    "class5": "#1b548c",
    "class6": "#0b3059",
}
DARK: Mapping[str, str] = {
    "ink": "#eceff2",
    "muted": "#a9b2ba",
    "axis": "#7b858e",
    "grid": "#30373d",
    "shade": "#3f4850",
    "context": "#646f78",
    "paper": "#15181c",
    "series1": "#67b4fe",
    "series2": "#f0743a",
    "series3": "#7fe3c4",
    "series4": "#cf8fb6",
    "series5": "#fcc44f",
    "class1": "#1d4468",
    "class2": "#2b6394",
    "class3": "#3f83bd",
    "class4": "#66a5da",
    "class5": "#9cc8ee",
    "class6": "#d9ecfb",
}
INK, MUTED, AXIS, GRID = LIGHT["ink"], LIGHT["muted"], LIGHT["axis"], LIGHT["grid"]
SHADE, CONTEXT, PAPER = LIGHT["shade"], LIGHT["context"], LIGHT["paper"]
SERIES = tuple(LIGHT[f"series{i}"] for i in range(1, 6))
ACCENT = SERIES[0]
CLASSES = tuple(LIGHT[f"class{i}"] for i in range(1, 7))
"""Areas of a map from low to high: what is highest stands out most, on light pages dark and on dark ones light."""

# Text on heat-map cells keeps its colour on dark pages, as the cells do.
CELL_DARK = "#020304"
CELL_LIGHT = "#fefefe"
_RAMP = ("#edf3f8", "#c3d9ea", "#84b2d6", "#3f82bb", "#17558f", "#0a2f58")
_BELOW = ("#f8f1ec", "#f2d3bc", "#e0a67d", "#bd6c33", "#86430f", "#4a2205")
"""Below zero: orange beside blue differs to every kind of colour vision."""
_STEPS = 60


def ramp() -> tuple[str, ...]:
    """The steps of the sequential scale, from low (light) to high (dark)."""
    return tuple(_between(i / _STEPS) for i in range(_STEPS + 1))


def ramp_below() -> tuple[str, ...]:
    """The steps below zero, from little (light) to much (dark)."""
    return tuple(_between(i / _STEPS, _BELOW) for i in range(_STEPS + 1))


def series(index: int) -> str:
    """The colour of the series at `index`; those beyond the palette are grey."""
    return SERIES[index] if index < len(SERIES) else CONTEXT


def shade_of(position: float) -> str:
    """The ramp colour at `position` in [0, 1]; values outside are clamped."""
    return _between(round(min(1.0, max(0.0, position)) * _STEPS) / _STEPS)


def shade_around_zero(value: float, low: float, high: float) -> str:
    """The colour of a value between `low` < 0 and `high`: as `shade_of`, in other colours below zero; to one scale."""
    position = value / max(high, -low)
    return shade_of(position) if position >= 0 else ramp_below()[round(min(1.0, -position) * _STEPS)]


def text_on(colour: str) -> str:
    """The cell text colour with the higher contrast on `colour`."""
    return max((CELL_DARK, CELL_LIGHT), key=lambda text: contrast(text, colour))


def contrast(a: str, b: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    low, high = sorted((_luminance(a), _luminance(b)))
    return (high + 0.05) / (low + 0.05)


def config() -> dict[str, Any]:
    """The Vega-Lite configuration shared by all figures."""
    axis = {
        "title": None,
        "ticks": False,
        "tickColor": AXIS,
        "labelColor": MUTED,
        "labelFontSize": SMALL,
        "labelFont": FONT,
        "labelOverlap": False,
        "labelBound": False,
        "labelFlush": False,
        "labelLimit": 0,
        "aria": False,
        "gridColor": GRID,
        "domainColor": AXIS,
    }
    return {
        "view": {"stroke": None},
        "font": FONT,
        "axis": axis,
        "text": {"font": FONT, "limit": 0},
        "locale": {
            "number": {
                "decimal": ".",
                "thousands": ",",
                "grouping": [3],
                "currency": ["", ""],
                "minus": "\N{MINUS SIGN}",
            }
        },
    }


def css() -> str:
    """Style rules for a page that holds figures: light and dark colours, print, links and focus.

    A figure follows `prefers-color-scheme` unless an ancestor says `data-theme="light"` or `"dark"`;
    print is always light. A page whose background is another sets `--zz-paper` to it.
    """
    figure = f".{FIGURE_CLASS}"
    system = f":root:not([data-theme=light]) {figure}"
    chosen = f"[data-theme=dark] {figure}"
    rules = [
        f"{figure}{{max-width:100%;height:auto;{_properties(LIGHT)}}}",
        f"@media (prefers-color-scheme:dark){{{system}{{{_properties(DARK)}}}}}",
        f"{chosen}{{{_properties(DARK)}}}",
        f"@media print{{{figure},{system},{chosen}{{{_properties(LIGHT)}}}}}",
    ]
    for name, colour in LIGHT.items():
        value = "var(--zz-paper,var(--zz-own-paper))" if name == "paper" else f"var(--zz-{name})"
        rules.append(f'{figure} [fill="{colour}"]{{fill:{value}}}')
        rules.append(f'{figure} [stroke="{colour}"]{{stroke:{value}}}')
    rules.append(f"{figure} a{{cursor:pointer}}")
    rules.append(f'{figure} a:is(:hover,:focus-visible) [opacity="0"]{{opacity:1}}')
    rules.append(f"{figure} a:hover text{{text-decoration:underline}}")
    rules.append(f"{figure} a:focus-visible{{outline:2px solid var(--zz-ink);outline-offset:1px}}")
    return "\n".join(rules) + "\n"


def _properties(colours: Mapping[str, str]) -> str:
    """The colours as custom properties; that of the paper leaves its plain name to the page."""
    named = (("own-paper" if name == "paper" else name, colour) for name, colour in colours.items())
    return ";".join(f"--zz-{name}:{colour}" for name, colour in named)


def _between(position: float, colours: Sequence[str] = _RAMP) -> str:
    place = position * (len(colours) - 1)
    i = min(int(place), len(colours) - 2)
    low, high = _rgb(colours[i]), _rgb(colours[i + 1])
    mixed = (round(a + (b - a) * (place - i)) for a, b in zip(low, high, strict=True))
    return "#" + "".join(f"{c:02x}" for c in mixed)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in _rgb(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
