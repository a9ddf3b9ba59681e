"""Figures with real-life names and sizes, one or more a kind. The numbers are invented."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from zizhu.ledger.models import Figure

INDUSTRIES = {
    "C10T12": "Food products; beverages and tobacco products",
    "C13T15": "Textiles, wearing apparel, leather and related products",
    "C16": "Wood and products of wood and cork",
    "C17_18": "Paper and paper products; printing and reproduction of recorded media",
    "C19": "Coke and refined petroleum products",
    "C20": "Chemicals and chemical products",
    "C21": "Basic pharmaceutical products and pharmaceutical preparations",
    "C22": "Rubber and plastic products",
    "C23": "Other non-metallic mineral products",
    "C24A": "Basic iron and steel",
    "C24B": "Basic precious and other non-ferrous metals",
    "C25": "Fabricated metal products",
    "C26": "Computer, electronic and optical products",
    "C27": "Electrical equipment",
    "C28": "Machinery and equipment n.e.c.",
    "C29": "Motor vehicles, trailers and semi-trailers",
    "C301": "Building of ships and boats",
    "C302T309": "Other transport equipment",
    "C31T33": "Furniture and other manufacturing",
}
PARTNERS = (
    "United States",
    "Japan",
    "Korea",
    "Chinese Taipei",
    "Germany",
    "Australia",
    "Saudi Arabia",
    "Russian Federation",
    "Brazil",
    "United Kingdom",
)


def figure(kind: str, rows: list[dict[str, Any]], encoding: Mapping[str, str], **more: Any) -> Figure:
    """A figure with the words that a test does not care about."""
    words = {"title": f"A {kind}", "sentence": "It says one thing.", "unit": "percent", "basis": "a basis"}
    return Figure(kind=kind, rows=tuple(rows), encoding=encoding, sources=("S1",), **(words | more))


def wave(i: float, j: float = 0.0) -> float:
    """A number in [0, 1] without pattern, the same on every machine to six digits."""
    return round(0.5 + 0.5 * math.sin(12.9898 * i + 78.233 * j + 1.0), 6)


def ref(*key: object) -> str:
    """A reference as a run gives it."""
    return f"run:ab12#{'|'.join(map(str, key))},value"


def _bars() -> Figure:
    rows: list[dict[str, Any]] = []
    for i, (code, name) in enumerate(INDUSTRIES.items()):
        if i % 2 == 0:
            rows.append({"name": name, "share": 0.5 + 0.42 * wave(i), "mark": None, "ref": ref(code)})
            for j, basis in enumerate(("location", "ownership", "brand")):
                mark = {"name": name, "share": 0.1 + 0.8 * wave(i, j), "mark": basis, "ref": ref(code, basis)}
                rows.append(mark)
    encoding = {"category": "name", "value": "share", "mark": "mark", "ref": "ref"}
    return figure(
        "bars", rows, encoding | {"value_label": "domestic value-added content"}, unit="share of output"
    )


def _bars_plain() -> Figure:
    rows = [
        {"c": name, "v": 1e4 * wave(i) ** 4 + 0.4, "r": ref(name), "h": i == 3, "est": i == 2, "lim": 5000}
        for i, name in enumerate(PARTNERS)
    ]
    encoding = {
        "category": "c",
        "value": "v",
        "ref": "r",
        "accent": "h",
        "estimated": "est",
        "reference": "lim",
    }
    return figure("bars", rows, encoding | {"reference_label": "threshold"}, unit="million USD")


def _bars_grouped() -> Figure:
    rows = [
        {
            "c": name,
            "v": 12 * wave(i, g) - 4,
            "g": group,
            "lo": 12 * wave(i, g) - 5,
            "hi": 12 * wave(i, g) - 3,
        }
        for i, name in enumerate(PARTNERS[:5])
        for g, group in enumerate(("before the control", "after the control"))
    ]
    rows.append({"c": "Brazil", "v": None, "g": None, "lo": None, "hi": None})
    encoding = {"category": "c", "value": "v", "group": "g", "lower": "lo", "upper": "hi"}
    return figure("bars", rows, encoding)


def _bars_panels() -> Figure:
    rows = [
        {
            "p": panel,
            "c": name,
            "v": size * (wave(i, g) - 0.3),
            "lo": size * (wave(i, g) - 0.5),
            "hi": size * wave(i, g),
            "r": ref(name, g),
        }
        for g, (panel, size) in enumerate(
            {"Weeks: output lost": 0.02, "Quarters: sales lost": 0.4, "Years: welfare lost": 0.001}.items()
        )
        for i, name in enumerate(PARTNERS[:6])
    ]
    encoding = {"panel": "p", "category": "c", "value": "v", "lower": "lo", "upper": "hi", "ref": "r"}
    return figure("bars", rows, encoding, unit="share of output")


def _dumbbell() -> Figure:
    rows = [
        {
            "p": name,
            "face": 0.35 * wave(i) ** 2,
            "va": 0.35 * wave(i) ** 2
            + (0.001 if i == 4 else 0.12 * (wave(i, 2) - 0.3)) * (wave(i) > 0.01)
            + 0.04,
            "unseen": 0.3 * wave(i, 5),
            "rf": ref(name, "face"),
            "rt": ref(name, "va"),
            "ru": ref(name, "unseen"),
        }
        for i, name in enumerate(PARTNERS)
    ]
    encoding = {"category": "p", "from": "face", "to": "va", "unseen": "unseen"}
    encoding |= {
        "ref_from": "rf",
        "ref_to": "rt",
        "ref_unseen": "ru",
        "unseen_label": "arrives through third countries",
    }
    return figure("dumbbell", rows, encoding, unit="share of output")


def _heatmap(facets: tuple[str, ...] = ("",), partners: int = 6) -> Figure:
    rows = [
        {
            "i": name,
            "p": partner,
            "f": facet,
            "v": None if (i, j) == (4, 2) else 0.22 * wave(i, j + 7 * k) ** 3,
            "e": (i, j) == (7, 1),
            "r": ref(code, partner, facet),
        }
        for k, facet in enumerate(facets)
        for i, (code, name) in enumerate(INDUSTRIES.items())
        for j, partner in enumerate(PARTNERS[:partners])
    ]
    encoding = {"row": "i", "column": "p", "value": "v", "ref": "r", "estimated": "e"}
    more = {"facet": "f"} if len(facets) > 1 else {"domain": "0 0.25"}
    return figure("heatmap", rows, encoding | more, unit="share of output")


def _gauge() -> Figure:
    rows = [
        ("Domestic content of core components and basic materials", None, 70, None, ">=", "percent", "not trackable"),
        ("Electric cars in new sales", 47.9, 20, None, ">=", "percent", "met, observed"),
        ("Manufacturing innovation centres", 33, 40, None, ">=", "count", "behind; deadline 2025"),
        ("Industrial robots made at home, share of sales", 52.3, 50, 70, "range", "percent", "within the range"),
        ("Energy used per unit of industrial output, change on 2015", -21.5, -34, None, "<=", "percent", "behind"),
        ("Installed solar capacity", 1120, 1200, None, ">=", "GW", "met six years early (nowcast)"),
    ]  # fmt: skip
    names = ("c", "v", "t", "h", "cmp", "u", "verdict")
    cells = [
        dict(zip(names, row, strict=True)) | {"ref": ref(i), "rt": f"fact:T{i:03}"}
        for i, row in enumerate(rows)
    ]
    cells[3] |= {"lo": 49.0, "hi": 55.5}
    encoding = {"category": "c", "value": "v", "target": "t", "target_high": "h", "comparator": "cmp"}
    encoding |= {
        "verdict": "verdict",
        "unit": "u",
        "ref": "ref",
        "ref_target": "rt",
        "lower": "lo",
        "upper": "hi",
    }
    return figure("gauge", cells, encoding, unit="several")


def _gauge_common() -> Figure:
    source = _gauge()
    rows = [dict(row) for row in source.rows if row["u"] == "percent" and (row["v"] or 0) >= 0]
    return source.model_copy(update={"rows": tuple(rows), "unit": "percent"})


def _ledger() -> Figure:
    names = (
        "Advanced chips and chip-making equipment: United States, Japan and Netherlands to China",
        "Gallium, germanium and antimony: China to the United States",
        "Rare-earth magnets: China to all destinations",
    )
    rows = [
        {
            "c": name,
            "l": (18234.0, 412.6, 2960.3)[i],
            "r": (25110.0, 3890.0, 31044.1)[i],
            "ls": (0.041, 0.0004, 0.012)[i],
            "rs": (0.062, 0.0021, 0.0304)[i],
            "rl": ref(i, "l"),
            "rr": ref(i, "r"),
        }
        for i, name in enumerate(names)
    ]
    encoding = {"category": "c", "left": "l", "right": "r", "left_share": "ls", "right_share": "rs"}
    encoding |= {"ref_left": "rl", "ref_right": "rr", "left_share_label": "of its exports of these sectors"}
    return figure("ledger", rows, encoding | {"right_share_label": "of its inputs"}, unit="million USD")


def _strip() -> Figure:
    claims = [
        ("South China Morning Post", 86, ">", "low", "Goals of Made in China 2025 achieved"),
        (
            "Rhodium Group for the US Chamber of Commerce",
            62,
            "~",
            "medium",
            "Goals of Made in China 2025 achieved",
        ),
        ("Bloomberg Economics", 92, "=", "medium", "Goals of Made in China 2025 achieved"),
        (
            "US-China Economic and Security Review Commission",
            75,
            "=",
            "high",
            "Goals of Made in China 2025 achieved",
        ),
        ("MERICS", 70, "=", "high", "Goals of Made in China 2025 achieved"),
        ("Semiconductor Industry Association", 16, "=", "high", "Chip self-sufficiency in 2024"),
        ("TechInsights", 23.3, "=", "medium", "Chip self-sufficiency in 2024"),
        ("Chinese ministry, quoted by a repost", 40, "<=", "low", "Chip self-sufficiency in 2024"),
        ("International Business Strategies", 25.6, "=", "medium", "Chip self-sufficiency in 2024"),
    ]
    names = ("who", "v", "cmp", "q", "s")
    rows = [
        dict(zip(names, c, strict=True)) | {"ref": f"fact:A{i:03}", "own": 70} for i, c in enumerate(claims)
    ]
    encoding = {"value": "v", "speaker": "who", "comparator": "cmp", "quality": "q", "row": "s", "ref": "ref"}
    return figure(
        "strip", rows, encoding | {"reference": "own", "reference_label": "target", "domain": "0 100"}
    )


EVENTS = (
    ("2001-12", "joins the WTO"),
    ("2008-09", "financial crisis"),
    ("2015-05", "Made in China 2025 issued"),
    ("2018-07", "first Section 301 tariffs"),
    ("2019-05", "Huawei on the entity list"),
    ("2022-10", "chip export controls"),
)


def _lines() -> Figure:
    rows: list[dict[str, Any]] = []
    ends = {
        "China": 0.33,
        "United States": 0.16,
        "European Union": 0.17,
        "Rest of the world, not elsewhere specified": 0.18,
    }
    for s, (name, end) in enumerate(ends.items()):
        for year in range(1995, 2025):
            t = (year - 1995) / 29
            y = (0.05 if s == 0 else 0.26 - 0.02 * s) * (1 - t) + end * t + 0.012 * (wave(year, s) - 0.5)
            row = {
                "t": year,
                "y": y,
                "s": name,
                "lo": None,
                "hi": None,
                "f": year >= 2023,
                "m": None,
                "e": None,
            }
            if s == 0:
                row |= {
                    "lo": y - 0.03 * t,
                    "hi": y + 0.03 * t,
                    "m": {2007: "turning point", 2015: "slower"}.get(year),
                }
            rows.append(row | {"r": ref(name, year)})
    rows += [{"t": t, "e": label, "y": None, "s": None} for t, label in EVENTS]
    encoding = {"x": "t", "y": "y", "series": "s", "lower": "lo", "upper": "hi", "forecast": "f", "mark": "m"}
    return figure("lines", rows, encoding | {"event": "e", "ref": "r"}, unit="share of world manufacturing")


def _lines_target() -> Figure:
    rows = [
        {
            "t": f"{year}Q{q + 1}",
            "y": 3 + 2.1 * (year - 2023) + 0.5 * q + 0.3 * wave(year, q),
            "goal": 9,
            "r": ref(year, q),
        }
        for year in (2023, 2024)
        for q in range(4)
    ]
    encoding = {"x": "t", "y": "y", "reference": "goal", "reference_label": "target for 2025:", "ref": "r"}
    return figure("lines", rows, encoding, unit="million units")


def _lines_weeks() -> Figure:
    rows = [
        {
            "w": week,
            "y": 1 - 0.3 * math.exp(-((week - 18 - 3 * i) ** 2) / 90) * (i + 1) / 10,
            "s": name,
            "a": i == 6,
        }
        for i, name in enumerate(list(INDUSTRIES.values())[6:16])
        for week in range(0, 53, 2)
    ]
    encoding = {"x": "w", "y": "y", "series": "s", "accent": "a", "x_title": "weeks after the control"}
    return figure("lines", rows, encoding, unit="share of output before")


def _slope(count: int = 10) -> Figure:
    rows = [
        {
            "p": period,
            "s": name,
            "v": 30 * wave(i) ** 2 + 6 * wave(i, k) * k,
            "a": i in (2, 4),
            "r": ref(name, period),
        }
        for i, name in enumerate([*PARTNERS, "Rest of the world, not elsewhere specified"][:count])
        for k, period in enumerate((2011, 2022))
    ]
    return figure("slope", rows, {"period": "p", "series": "s", "value": "v", "accent": "a", "ref": "r"})


def _small_multiples(scale: str = "shared") -> Figure:
    rows: list[dict[str, Any]] = []
    for i, (code, name) in enumerate(list(INDUSTRIES.items())[5:14]):
        for s, side in enumerate(("China", "United States")):
            for year in range(2011, 2023):
                y = (1 + i * (scale != "shared")) * (
                    8 + 30 * wave(i, s) + 2.2 * wave(year, i + s) + (year - 2011) * (1 - 2 * s)
                )
                rows.append({"p": name, "t": year, "y": y, "s": side, "e": None, "r": ref(code, side, year)})
    rows += [{"p": None, "t": t, "e": label} for t, label in EVENTS[2:]]
    encoding = {"panel": "p", "x": "t", "y": "y", "series": "s", "event": "e", "ref": "r", "y_scale": scale}
    return figure("small_multiples", rows, encoding)


MAPPED = ("USA", "JPN", "KOR", "DEU", "AUS", "SAU", "RUS", "BRA", "GBR", "SGP", "MLT", "ZAF", "CHL")


def _choropleth() -> Figure:
    rows: list[dict[str, Any]] = [
        {
            "c": c,
            "n": f"Country {c}",
            "v": None if c == "SAU" else 0.07 * wave(i) ** 4,
            "h": False,
            "e": i == 3,
        }
        | {"r": ref(c)}
        for i, c in enumerate(MAPPED)
    ]
    rows.append({"c": "CHN", "n": "China", "v": None, "h": True, "e": False})
    encoding = {
        "place": "c",
        "name": "n",
        "value": "v",
        "home": "h",
        "home_label": "China",
        "none_label": "no trade",
    }
    return figure("choropleth", rows, encoding | {"estimated": "e", "ref": "r"}, unit="share")


def _flows() -> Figure:
    rows = [
        {
            "f": c,
            "t": "CHN",
            "fn": f"Country {c}",
            "tn": "China",
            "v": 0.08 * 0.8**i,
            "r": ref(c),
            "e": i == 2,
        }
        for i, c in enumerate(MAPPED)
    ]
    encoding = {"from": "f", "to": "t", "from_name": "fn", "to_name": "tn", "value": "v", "ref": "r"}
    return figure("flows", rows, encoding | {"estimated": "e"}, unit="share")


def _network() -> Figure:
    rows: list[dict[str, Any]] = [
        {"k": code, "x": 2 * wave(i, 1) - 1, "y": wave(i, 2) - 0.5, "n": name, "g": f"Section {i % 7}"}
        | {"s": 1e9 * wave(i, 3) ** 3, "o": i % 3 == 0, "r": ref(code)}
        for i, (code, name) in enumerate(INDUSTRIES.items())
    ]
    codes = list(INDUSTRIES)
    rows += [{"k": a, "t": codes[(3 * i + 5) % len(codes)]} for i, a in enumerate(codes)]
    encoding = {
        "node": "k",
        "x": "x",
        "y": "y",
        "name": "n",
        "group": "g",
        "to": "t",
        "size": "s",
        "ring": "o",
    }
    more = {"size_label": "world exports", "ring_label": "RCA of China at least 1", "ref": "r"}
    return figure("network", rows, encoding | more, unit="USD a year")


FIGURES: dict[str, Figure] = {
    "bars": _bars(),
    "bars_plain": _bars_plain(),
    "bars_grouped": _bars_grouped(),
    "bars_panels": _bars_panels(),
    "dumbbell": _dumbbell(),
    "heatmap": _heatmap(),
    "heatmap_facets": _heatmap(("imports, from abroad", "exports, to abroad")),
    "heatmap_wide": _heatmap(partners=10),
    "gauge": _gauge(),
    "gauge_common": _gauge_common(),
    "ledger": _ledger(),
    "strip": _strip(),
    "lines": _lines(),
    "lines_target": _lines_target(),
    "lines_weeks": _lines_weeks(),
    "slope": _slope(),
    "small_multiples": _small_multiples(),
    "small_multiples_own": _small_multiples("independent"),
    "choropleth": _choropleth(),
    "flows": _flows(),
    "network": _network(),
}
