"""Figures made at random from long names and awkward numbers: no label may cover another or leave the drawing."""

from __future__ import annotations

import random
import xml.etree.ElementTree as ET
from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest
from samples import figure
from test_render import texts

from zizhu.ledger.models import Figure
from zizhu.show.render import render

WORDS = (
    *(
        "semiconductor",
        "equipment",
        "and",
        "optical",
        "electronic",
        "products",
        "of",
        "other",
        "non-metallic",
    ),
    *(
        "mineral",
        "Korea",
        "Republic",
        "pharmaceutical",
        "preparations",
        "n.e.c.",
        "China",
        "EU27",
        "rare-earth",
    ),
    *("compounds", "(unwrought),", "powders;", "中国制造", "trailers/semi-trailers", "United", "Kingdom"),
)
Rows = list[dict[str, Any]]


class Chance:
    """A source of names, values and sizes that is the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.unit = self.random.choice(["percent", "share of output", "million USD", "GW"])

    def name(self, most: int = 9) -> str:
        return " ".join(self.random.choice(WORDS) for _ in range(self.random.randint(1, most)))

    def size(self) -> float:
        scale = self.random.choice([1, 30, 100, 5000, 2e6]) / (100 if self.unit.startswith("share") else 1)
        return self.random.choice([self.random.random() * scale, round(self.random.random() * scale)])

    def value(self) -> float:
        return self.size() * self.random.choice([1, 1, 1, -1])

    def count(self, least: int, most: int) -> range:
        return range(self.random.randint(least, most))


def bars(c: Chance) -> tuple[Rows, dict[str, str]]:
    rows: Rows = [{"c": f"{c.name()} {i}", "v": c.value(), "m": None, "t": 0.5} for i in c.count(1, 14)]
    rows += [{"c": rows[0]["c"], "v": c.value(), "m": c.name(3)} for _ in c.count(0, 4)]
    encoding = {"category": "c", "value": "v", "reference": "t", "reference_label": c.name()}
    return rows, encoding | ({"mark": "m"} if any(r["m"] for r in rows) else {})


def dumbbell(c: Chance) -> tuple[Rows, dict[str, str]]:
    rows = [{"c": c.name(), "f": c.value(), "t": c.value(), "u": c.size()} for _ in c.count(1, 12)]
    return rows, {"category": "c", "from": "f", "to": "t", "unseen": "u"}


def heatmap(c: Chance) -> tuple[Rows, dict[str, str]]:
    columns = [f"{c.name(4)} {j}" for j in c.count(1, 30)]
    facets = [c.name(), "another"][: c.random.randint(1, 2)]
    names = [f"{c.name()} {i}" for i in c.count(1, 6)]
    rows = [{"r": r, "c": k, "v": c.size(), "f": f} for f in facets for r in names for k in columns]
    return rows, {"row": "r", "column": "c", "value": "v", "facet": "f"}


def lines(c: Chance) -> tuple[Rows, dict[str, str]]:
    rows: Rows = []
    for series in [f"{c.name(6)} {j}" for j in c.count(1, 8)]:
        for x in c.count(2, 14):
            mark = c.name(2) if c.random.random() < 0.1 else None
            rows.append({"p": "panel", "x": 2000 + x, "y": c.value(), "s": series, "m": mark})
    rows += [{"x": 2000 + 14 * c.random.random(), "e": c.name(5)} for _ in c.count(0, 7)]
    encoding = {"x": "x", "y": "y", "series": "s", "event": "e", "mark": "m"}
    return [{"e": None} | row for row in rows], encoding


def small_multiples(c: Chance) -> tuple[Rows, dict[str, str]]:
    rows: Rows = []
    for panel in [f"{c.name()} {i}" for i in c.count(1, 5)]:
        own, encoding = lines(c)
        rows += [row | {"p": panel} for row in own]
    return rows, encoding | {"panel": "p", "y_scale": c.random.choice(["shared", "independent"])}


def slope(c: Chance) -> tuple[Rows, dict[str, str]]:
    names = [f"{c.name(6)} {i}" for i in c.count(1, 14)]
    rows = [{"p": p, "s": s, "v": c.value()} for s in names for p in (2000, 2020)]
    return rows, {"period": "p", "series": "s", "value": "v"}


def gauge(c: Chance) -> tuple[Rows, dict[str, str]]:
    units = ["GW", "percent", c.unit]
    rows = [
        {"c": c.name(), "v": c.value(), "t": c.value(), "w": c.name(), "u": c.random.choice(units)}
        for _ in c.count(1, 8)
    ]
    encoding = {"category": "c", "value": "v", "target": "t", "verdict": "w"}
    return rows, encoding | c.random.choice([{}, {"unit": "u"}])


def ledger(c: Chance) -> tuple[Rows, dict[str, str]]:
    rows = [{"c": c.name(14), "l": c.size(), "r": c.size(), "s": c.random.random()} for _ in c.count(1, 4)]
    encoding = {"category": "c", "left": "l", "right": "r", "left_share": "s", "right_share": "s"}
    return rows, encoding | {"left_share_label": c.name(), "left_label": c.name(), "right_label": c.name()}


def strip(c: Chance) -> tuple[Rows, dict[str, str]]:
    subjects = [c.name(), c.name(), ""]
    rows = [{"v": c.value(), "s": c.name(), "w": c.random.choice(subjects), "t": 0.5} for _ in c.count(1, 14)]
    return rows, {"value": "v", "speaker": "s", "row": "w", "reference": "t"}


KINDS: dict[str, Callable[[Chance], tuple[Rows, dict[str, str]]]] = {
    f.__name__: f for f in (bars, dumbbell, heatmap, lines, small_multiples, slope, gauge, ledger, strip)
}


def at_random(kind: str, seed: int) -> Figure:
    chance = Chance(seed)
    rows, encoding = KINDS[kind](chance)
    if kind == "strip" and not any(row["w"] for row in rows):
        encoding.pop("row")
    return figure(kind, rows, encoding, unit=chance.unit)


@pytest.mark.parametrize("seed", [pytest.param(n, marks=pytest.mark.slow) if n % 3 else n for n in range(6)])
@pytest.mark.parametrize("kind", KINDS)
def test_a_crowded_figure_keeps_its_labels_apart_and_inside(kind: str, seed: int) -> None:
    width = (280, 340, 500, 720, 900, 1600)[seed]
    element = ET.fromstring(render(at_random(kind, seed), width=width))
    drawn, height = list(texts(element)), float(element.get("height", "0"))
    for a, b in combinations(drawn, 2):
        across = min(a.right, b.right) - max(a.left, b.left)
        down = min(a.bottom, b.bottom) - max(a.top, b.top)
        assert across < 0.5 or down < 0.5, (a, b)
    outside = [t for t in drawn if t.left < -1 or t.right > width + 1 or t.top < -1 or t.bottom > height + 1]
    assert outside == []
