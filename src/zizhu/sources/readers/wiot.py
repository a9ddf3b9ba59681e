"""A world input-output table as the WIOD lays it out, of both releases: one sheet, rows sell to columns.

Above the numbers stand industry code, name, country and number of every column, at their left those of every row.
Rows of the country TOT below the industries are what a column pays besides: taxes less subsidies on products, value
added, and adjustments (cif/fob, purchases abroad and by non-residents, international transport margins), which are
kept as `other_inputs`, so that columns add up. Some of these rows, and output as the last column, may lack the country;
a row without a number goes by its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zizhu.sources.files.decimals import Floats
from zizhu.sources.files.sheets import Grid
from zizhu.sources.readers.io_files import YearFile
from zizhu.sources.readers.io_table import IOTable
from zizhu.vocab.industries import sections
from zizhu.vocab.problems import Problem, ZizhuError

LEFT = 4
CODE, NAME, COUNTRY, NUMBER = 0, 1, 2, 3
TOTAL = "TOT"
SHOWN = 10


@dataclass(frozen=True)
class Layout:
    """What a release calls its parts, from the catalogue: rows by role, categories by number, codes to change."""

    unit: str
    classification: str
    rest_of_world: str
    sector_from: str
    rows: Mapping[str, str]
    others: Mapping[str, str]
    categories: Mapping[str, str]
    recode: Mapping[str, str]

    @property
    def sector_place(self) -> int:
        """Which of the labels names the industry: its code or its number."""
        return {"code": CODE, "number": NUMBER}[self.sector_from]


@dataclass(frozen=True)
class Labels:
    """Country, industry and number of every row or column."""

    country: tuple[str, ...]
    sector: tuple[str, ...]
    number: tuple[str, ...]

    def pairs(self, n: int) -> list[tuple[str, str]]:
        """Country and industry of the first n."""
        return list(zip(self.country[:n], self.sector[:n], strict=True))

    @property
    def output(self) -> int | None:
        """The place of output: that of the country TOT, or the last if it is of no country; None of neither."""
        if TOTAL in self.country:
            return self.country.index(TOTAL)
        return None if not self.country or self.country[-1] else len(self.country) - 1


def table(sheet: Grid, file: YearFile, layout: Layout) -> IOTable:
    """The table of a sheet; raises ZizhuError for labels that are missing or do not fit, and for negative output."""
    columns = _labels([row[LEFT:] for row in sheet.head[-4:]], layout)
    rows = _labels(list(zip(*sheet.side, strict=True)), layout)
    n = next((i for i, c in enumerate(rows.country) if c == TOTAL), len(rows.country))
    problems = [*_label_problems(rows, columns, n, layout, sheet), *_year_problems(sheet, file)]
    if problems:
        raise ZizhuError(problems)
    below = {number: n + i for i, number in enumerate(rows.number[n:])}
    paid = {role: sheet.values[below[number], :n] for role, number in layout.rows.items()}
    others = {words: sheet.values[below[k], :n] for k, words in layout.others.items() if k in below}
    output = sheet.values[:n, columns.output or 0]
    problems = _output_problems(output, paid["output"], rows, sheet)
    if problems:
        raise ZizhuError(problems)
    buyers, categories, final = _final(sheet, columns, n, layout)
    return IOTable(
        year=file.year,
        unit=layout.unit,
        country=rows.country[:n],
        sector=rows.sector[:n],
        whole=rows.country[:n],
        Z=np.ascontiguousarray(sheet.values[:n, :n]),
        final=final,
        buyers=buyers,
        categories=categories,
        value_added=paid["value_added"],
        taxes=paid["taxes"],
        output=output,
        rest_of_world=layout.rest_of_world in rows.country,
        sections=sections(layout.classification),
        notes=_notes(others),
        edition=file.edition,
        other_inputs=sum(others.values(), np.zeros(n)),
    )


def _labels(lines: Sequence[Sequence[str]], layout: Layout) -> Labels:
    country = tuple(layout.recode.get(c, c) for c in lines[COUNTRY])
    number = tuple(k or name.casefold() for k, name in zip(lines[NUMBER], lines[NAME], strict=True))
    return Labels(country, tuple(lines[layout.sector_place]), number)


def _label_problems(rows: Labels, columns: Labels, n: int, layout: Layout, sheet: Grid) -> list[Problem]:
    have, wanted = rows.pairs(n), columns.pairs(n)
    apart = [(r, c) for r, c in zip(have, wanted, strict=False) if r != c]
    problems = []
    if apart or not n or len(wanted) < n:
        row, column = apart[0] if apart else (have[-1:] or "no industry", wanted[-1:] or "nothing")
        remedy = "Rows or columns may be missing or in another order: get the file again."
        expected = f"the same industries of the same countries, {n:,} rows and columns"
        problems.append(Problem(f"row {row} where the columns have {column}", sheet.where, expected, remedy))
    absent = {role: number for role, number in layout.rows.items() if number not in rows.number[n:]}
    for role, number in absent.items():
        what = f"no row {number} ({role.replace('_', ' ')})"
        remedy = "The sheet may be cut short: get the file again."
        problems.append(Problem(what, sheet.where, f"it below the {n:,} industries", remedy))
    if columns.output is None:
        remedy = "The columns may be cut short: get the file again."
        problems.append(Problem(f"no column of {TOTAL}", sheet.where, "output as the last column", remedy))
    below = zip(rows.number[n:], rows.country[n:], strict=True)
    strange = sorted({k for k, c in below if c not in (TOTAL, "")})
    if strange:
        remedy = "Are two tables in one sheet?"
        problems.append(
            Problem(
                f"rows {', '.join(strange[:5])} of a country below {TOTAL}", sheet.where, "totals", remedy
            )
        )
    return problems


def _year_problems(sheet: Grid, file: YearFile) -> list[Problem]:
    """A sheet that is named by a year is of that year."""
    named = sheet.name.strip()[-4:]
    if not named.isdigit() or int(named) == file.year:
        return []
    remedy = "Give the file its own name back."
    return [Problem(f"the sheet {sheet.name!r}", sheet.where, f"a table of {file.year}", remedy)]


def _output_problems(output: Floats, of_columns: Floats, rows: Labels, sheet: Grid) -> list[Problem]:
    """Outputs are printed at the right and at the foot; they may differ by what rounding leaves."""
    apart = np.abs(output - of_columns) > 1e-3 * np.maximum(np.abs(output), 1e3)
    wrong = np.flatnonzero((output < 0) | apart)[:SHOWN]
    remedy = "Cells may have been moved: get the file again."
    return [
        Problem(
            f"output of {output[i]:,.1f} at the right and {of_columns[i]:,.1f} at the foot",
            f"{sheet.where}, {rows.country[i]} {rows.sector[i]}",
            "the same output, no less than 0",
            remedy,
        )
        for i in wrong
    ]


def _final(
    sheet: Grid, columns: Labels, n: int, layout: Layout
) -> tuple[tuple[str, ...], tuple[str, ...], Floats]:
    """Buyers, categories and final demand (n, C, F)."""
    labels = [
        (i, c, layout.categories.get(k, k))
        for i, (c, k) in enumerate(zip(columns.country, columns.number, strict=True))
        if i >= n and c not in (TOTAL, "")
    ]
    buyers = tuple(dict.fromkeys(c for _, c, _ in labels))
    categories = tuple(dict.fromkeys(k for _, _, k in labels))
    who, what = ({v: i for i, v in enumerate(values)} for values in (buyers, categories))
    final = np.zeros((n, len(buyers), len(categories)))
    for i, country, category in labels:
        final[:, who[country], what[category]] += sheet.values[:n, i]
    return buyers, categories, final


def _notes(others: Mapping[str, Floats]) -> tuple[str, ...]:
    """Where the rows went that are neither flows nor taxes nor value added, with their sums."""
    held = [f"{words} ({values.sum():,.0f})" for words, values in others.items() if values.any()]
    return (f"other_inputs of the nodes holds {'; '.join(held)}.",) if held else ()
