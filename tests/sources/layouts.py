"""Input-output tables written as their producers publish them, for tests and benchmarks, and small tables to write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from zizhu.sources.readers.io_table import IOTable

Floats = NDArray[np.float64]
ICIO_CATEGORIES = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR")


def generated(
    countries: Sequence[str],
    sectors: Sequence[str],
    categories: Sequence[str] = ICIO_CATEGORIES,
    seed: int = 0,
    year: int = 2020,
    whole: Mapping[str, str] | None = None,
    decimals: int = 4,
    other: bool = False,
) -> IOTable:
    """A balanced table of random flows with some empty cells and negative inventories (the fifth category)."""
    rng = np.random.default_rng(seed)
    whole = whole or {}
    nodes = [(c, s) for c in countries for s in sectors]
    n = len(nodes)
    wholes = tuple(whole.get(c, c) for c, _ in nodes)
    buyers = tuple(dict.fromkeys(wholes))
    Z = np.round(rng.gamma(0.5, 200.0, (n, n)) * (rng.random((n, n)) < 0.7), decimals)
    final = np.round(rng.gamma(0.5, 900.0, (n, len(buyers), len(categories))), decimals)
    if len(categories) > 4:
        final[:, :, 4] = np.round(rng.normal(0, 5, final.shape[:2]), decimals)
    output = np.round(Z.sum(axis=1) + final.sum(axis=(1, 2)) + Z.sum(axis=0), decimals)
    final[:, 0, 0] = np.round(final[:, 0, 0] + output - Z.sum(axis=1) - final.sum(axis=(1, 2)), decimals)
    taxes = np.round(rng.normal(0, 3, n), decimals)
    other_inputs = np.round(rng.gamma(1, 4, n), decimals) if other else None
    value_added = np.round(
        output - Z.sum(axis=0) - taxes - (0.0 if other_inputs is None else other_inputs), decimals
    )
    return IOTable(
        year=year,
        unit="million USD",
        country=tuple(c for c, _ in nodes),
        sector=tuple(s for _, s in nodes),
        whole=wholes,
        Z=Z,
        final=final,
        buyers=buyers,
        categories=tuple(categories),
        value_added=value_added,
        taxes=taxes,
        output=output,
        rest_of_world="ROW" in countries,
        sections={},
        other_inputs=other_inputs,
    )


def number(value: float) -> str:
    """The shortest text of a number, without a fraction where it has none."""
    return repr(value).removesuffix(".0") if value else "0"


def icio(path: Path, table: IOTable, edition: str = "2025", empty: Sequence[str] = ()) -> Path:
    """One CSV of the OECD's ICIO.

    Editions up to 2021 have taxes by country, VALU, OUTPUT and TOTAL. `empty` are countries whose industries stand
    there without flows before the last country, as CHN and MEX in the extended tables.
    """
    old = edition <= "2021"
    last = table.country[-1]
    sectors = tuple(dict.fromkeys(table.sector))
    cut = table.country.index(last)
    extra = [f"{c}_{s}" for c in empty for s in sectors]
    own = [f"{c}_{s}" for c, s in zip(table.country, table.sector, strict=True)]
    final = [f"{b}_{c}" for b in table.buyers for c in table.categories]
    labels = [*own[:cut], *extra, *own[cut:]]
    blank = np.zeros(len(extra))
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(["V1", *labels, *final, "TOTAL" if old else "OUT"]) + "\n")
        for label, flows in _rows(table, own, extra, cut):
            file.write(",".join([label, *map(number, flows.tolist())]) + "\n")
        for label, values, total in _foot(table, old):
            wide = np.concatenate([values[:cut], blank, values[cut:], np.zeros(len(final)), [total]])
            file.write(",".join([label, *map(number, wide.tolist())]) + "\n")
    return path


def _rows(table: IOTable, own: list[str], extra: list[str], cut: int) -> Iterator[tuple[str, Floats]]:
    width = len(own) + len(extra) + table.final[0].size + 1
    blank = np.zeros(len(extra))
    for i, label in enumerate(own):
        if i == cut:
            yield from ((e, np.zeros(width)) for e in extra)
        row = table.Z[i]
        yield label, np.concatenate([row[:cut], blank, row[cut:], table.final[i].ravel(), [table.output[i]]])


def _foot(table: IOTable, old: bool) -> Iterator[tuple[str, Floats, float]]:
    """Taxes, value added and output; in old editions taxes are those of the country that levies them."""
    if old:
        for buyer in table.buyers:
            mine = np.array([w == buyer for w in table.whole])
            yield f"{buyer}_TAXSUB", np.where(mine, table.taxes, 0.0), 0.0
    else:
        yield "TLS", table.taxes, 0.0
    yield ("VALU" if old else "VA"), table.value_added, 0.0
    yield ("OUTPUT" if old else "OUT"), table.output, 0.0


WIOD_2013 = {"TAX": "r99", "CIF": "r61", "RES": "r62", "NON": "r63", "VA": "r64", "ITM": "r65", "GO": "r69"}
WIOD_2016 = {"TAX": "r66", "CIF": "r67", "RES": "r68", "NON": "r69", "VA": "r70", "ITM": "r71", "GO": "r73"}
WIOD_2016_CODES = {
    "TAX": "TXSP",
    "CIF": "EXP_adj",
    "RES": "PURR",
    "NON": "PURNR",
    "VA": "VA",
    "ITM": "IntTTM",
    "GO": "GO",
}
WIOD_FINAL = {
    2013: ("c37", "c38", "c39", "c41", "c42", "c43"),
    2016: ("c57", "c58", "c59", "c60", "c61", "c62"),
}
Cells = list[list[str | float]]


def wiot(table: IOTable, release: int, adjustments: Mapping[str, Floats] | None = None) -> Cells:
    """The sheet of a year of the WIOD. `adjustments` are rows such as CIF; without them ITM is `other_inputs`."""
    blank = np.zeros(len(table.country))
    other = blank if table.other_inputs is None else table.other_inputs
    below = {"TII": table.Z.sum(axis=0), "TAX": table.taxes, "VA": table.value_added, "GO": table.output}
    below |= {"CIF": blank, "RES": blank, "NON": blank, "ITM": other} | dict(adjustments or {})
    numbers = {"TII": "r60" if release == 2013 else "r65"} | (WIOD_2013 if release == 2013 else WIOD_2016)
    sectors = tuple(dict.fromkeys(table.sector))
    n, final = len(table.country), WIOD_FINAL[release]
    place = {s: i for i, s in enumerate(sectors, start=1)}
    own = [(s, f"name of {s}", c, f"{place[s]}") for c, s in zip(table.country, table.sector, strict=True)]
    used = [(k, f"name of {k}", b, k) for b in table.buyers for k in final[: len(table.categories)]]
    columns = [*((*o[:3], f"c{o[3]}") for o in own), *used, ("GO", "Total output", "TOT", final[-1])]
    cells: Cells = [["Intercountry Input-Output Table"], ["countries, in current prices"]]
    corner = ("(industry-by-industry)", "(millions of US$)", "", "")
    cells += [[corner[i], "", "", "", *(c[i] for c in columns)] for i in range(4)]
    letter = "c" if release == 2013 else "r"
    for i, (code, name, country, k) in enumerate(own):
        row = np.concatenate([table.Z[i], table.final[i].ravel(), [table.output[i]]])
        cells.append([code, name, country, f"{letter}{k}", *row.tolist()])
    rest = [0.0] * (len(columns) - n)
    for role in ("TII", "TAX", "CIF", "RES", "NON", "VA", "ITM", "GO"):
        code = WIOD_2016_CODES.get(role, "II_fob") if release == 2016 else ""
        cells.append([code, f"row {role}", "TOT", numbers[role], *below[role].tolist(), *rest])
    return cells


def workbook(path: Path, cells: Cells, sheet: str) -> Path:
    """The cells as the one sheet of a workbook; empty text stays an empty cell."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        page = book.add_worksheet(sheet)
        for i, row in enumerate(cells):
            for j, cell in enumerate(row):
                if cell != "":
                    page.write(i, j, cell)
    return path


def wiot_from_r(path: Path, cells: Cells, year: int) -> Path:
    """The same table as the R release has it, in CSV: one row of names, COUNTRY and number together."""
    numbers, countries = cells[5][4:], cells[4][4:]
    names = [f"{c}{str(k)[1:]}" if c != "TOT" else "TOT" for c, k in zip(countries, numbers, strict=True)]
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(["IndustryCode", "IndustryDescription", "Country", "RNr", "Year", *names]) + "\n")
        for row in cells[6:]:
            values = [repr(float(v)) for v in row[4:]]
            label = [str(row[0]), f'"{row[1]}, and more"', str(row[2]), str(row[3])[1:], str(year)]
            file.write(",".join([*label, *values]) + "\n")
    return path


def nbs(frame: pl.DataFrame) -> Cells:
    """The sheet of a table of China from its cells by code, as public code finds it: numbers from D7, codes in row 6.

    `frame` has Code, Description, DescriptionInChinese, perhaps Origin, and the columns by their codes.
    """
    apart = "Origin" in frame.columns
    codes = [c for c in frame.columns if c not in ("Code", "Description", "DescriptionInChinese", "Origin")]
    start = ["", "", "", *([""] if apart else [])]
    titles: Cells = [
        ["投入产出表"],
        ["按当年生产者价格计算"],
        ["单位：万元"],
        [*start, "中间使用"],
        [*start, *(f"部门{c}" for c in codes)],
    ]
    titles += [["", "", "代码", *(["来源"] if apart else []), *codes]]
    label = ["DescriptionInChinese", "Description", "Code", *(["Origin"] if apart else [])]
    return titles + [list(row) for row in frame.select(*label, *codes).iter_rows()]


FIGARO_FINAL = ("P3_S13", "P3_S14", "P3_S15", "P51G", "P5M")
TWO_LETTERS = {"AUT": "AT", "CHN": "CN", "ROW": "FIGW1"}


def figaro(path: Path, table: IOTable) -> Path:
    """The CSV in matrix form: no totals, value added in three rows of which two are nothing here."""
    own = [f"{TWO_LETTERS[c]}_{s}" for c, s in zip(table.country, table.sector, strict=True)]
    final = [f"{TWO_LETTERS[b]}_{k}" for b in table.buyers for k in FIGARO_FINAL]
    blank = np.zeros(len(own))
    other = blank if table.other_inputs is None else table.other_inputs
    foot = {"D21X31": table.taxes, "OP_RES": other, "OP_NRES": blank, "D1": table.value_added}
    lines = [",".join(["rowLabels", *own, *final])]
    rows = [*zip(own, np.hstack([table.Z, table.final.reshape(len(own), -1)]), strict=True)]
    rest = np.zeros(len(final))
    rows += [
        (f"W2_{k}", np.concatenate([v, rest])) for k, v in {**foot, "D29X39": blank, "B2A3G": blank}.items()
    ]
    lines += [",".join([label, *map(number, values.tolist())]) for label, values in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def in_unit(table: IOTable, unit: str) -> IOTable:
    """The same table under another unit."""
    return replace(table, unit=unit)


def adb(table: IOTable, second: bool) -> Cells:
    """The sheet of the Asian Development Bank: that of the WIOD of 2013 with other titles, F1 to F5 and `trs`.

    `second` adds the row of numbers that some variants have above the names.
    """
    told = {name: f"F{i}" for i, name in enumerate(WIOD_FINAL[2013][:-1], start=1)} | {"r65": "trs"}
    cells = wiot(table, 2013)
    titles: Cells = [
        ["Multiregional Input-Output Table"],
        ["3 economies, at current prices"],
        ["In millions of US$"],
        [""],
    ]
    width = len(cells[5])
    numbers: Cells = [["", "", "", "", *(f"{i:04d}" for i in range(4, width))]] if second else []
    countries = [{"TOT": "ToT"}.get(str(c), c) for c in cells[4]]
    heads = [["", "", "", *cells[3][3:]], ["", "", "", *countries[3:]]]
    last = [told.get(str(k), k) for k in cells[5]]
    last[-1] = ""
    body = [["", row[1], row[2], told.get(str(row[3]), row[3]), *row[4:]] for row in cells[6:]]
    return [*titles, *numbers, *heads, last, *body]


def same(found: IOTable, wanted: IOTable) -> None:
    """Assert that every cell, label and flag of the two tables is equal."""
    for name in ("year", "country", "sector", "whole", "buyers", "categories", "rest_of_world", "unit"):
        assert getattr(found, name) == getattr(wanted, name), name
    assert found.apart.keys() == wanted.apart.keys()
    for name in ("Z", "final", "value_added", "taxes", "output", *wanted.apart):
        np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name), err_msg=name)
