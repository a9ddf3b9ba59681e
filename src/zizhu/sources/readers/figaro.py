"""FIGARO, the inter-country input-output tables of Eurostat: the CSV in matrix form, industry by industry, one a year.

Labels are COUNTRY_INDUSTRY with countries of two letters (FIGW1: rest of the world); final demand is COUNTRY_P3_S13
and the like. Below the industries stand taxes less subsidies on products, purchases abroad and by non-residents, and
the parts of value added. There is no column of output: it is what an industry sells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from zizhu.sources.files.decimals import Floats
from zizhu.sources.files.matrix import Labelled, read_matrix
from zizhu.sources.readers.io_files import YearFile, by_year, made
from zizhu.sources.readers.io_table import IOTable
from zizhu.sources.reading import Made, Request
from zizhu.vocab.countries import countries
from zizhu.vocab.problems import Problem, ZizhuError

AGREES = 1e-3
SHOWN = 10


@dataclass(frozen=True)
class Layout:
    """What the producer calls the parts of a table, from the catalogue."""

    unit: str
    rest_of_world: str
    taxes: str
    value_added: tuple[str, ...]
    others: tuple[str, ...]
    categories: Mapping[str, str]
    recode: Mapping[str, str]


def read(request: Request) -> Iterator[Made]:
    """The tables of the years asked for, one Made a year; raises ZizhuError with the faults of a file."""
    layout = Layout(**request.entry.parameters)
    for file in by_year(request):
        request.tell(f"reading {file.member.name}")
        yield made(request, read_year(file, layout))


def read_year(file: YearFile, layout: Layout) -> IOTable:
    """One year; raises ZizhuError for labels that are missing or not known and where columns do not add up."""
    matrix = read_matrix(file.member, lambda columns: (_industries(columns, layout),))
    n = matrix.parts[0].shape[1]
    problems = _label_problems(matrix, n, layout)
    if problems:
        raise ZizhuError(problems)
    flows, rest = matrix.parts
    labels = [_split(label, layout) for label in matrix.columns]
    buyers = tuple(dict.fromkeys(c for c, _ in labels[n:]))
    final = rest[:n].reshape(n, len(buyers), len(layout.categories))
    place = {label: n + i for i, label in enumerate(matrix.rows[n:])}
    others = flows[[place[k] for k in layout.others if k in place]].sum(axis=0)
    table = IOTable(
        year=file.year,
        unit=layout.unit,
        country=tuple(c for c, _ in labels[:n]),
        sector=tuple(s for _, s in labels[:n]),
        whole=tuple(c for c, _ in labels[:n]),
        Z=flows[:n],
        final=final,
        buyers=buyers,
        categories=tuple(layout.categories.values()),
        value_added=flows[[place[k] for k in layout.value_added]].sum(axis=0),
        taxes=flows[place[layout.taxes]].copy(),
        output=flows[:n].sum(axis=1) + final.sum(axis=(1, 2)),
        rest_of_world=layout.rest_of_world in buyers,
        sections={s: s[0] for _, s in labels[:n]},
        notes=("Output is what an industry sells: the table does not print it.",),
        edition=file.edition,
        other_inputs=others,
    )
    problems = _sum_problems(table, matrix)
    if problems:
        raise ZizhuError(problems)
    return table


def _split(label: str, layout: Layout) -> tuple[str, str]:
    """Country (three letters) and industry or category."""
    country, _, code = label.partition("_")
    return _codes(layout).get(country, country), code


def _codes(layout: Layout) -> Mapping[str, str]:
    return {**{c.iso2: c.iso3 for c in countries().values() if c.iso2}, **layout.recode}


def _industries(columns: tuple[str, ...], layout: Layout) -> int:
    """How many columns stand before final demand."""
    wanted = layout.categories
    return next((i for i, c in enumerate(columns) if c.partition("_")[2] in wanted), len(columns))


def _label_problems(matrix: Labelled, n: int, layout: Layout) -> list[Problem]:
    remedy = "Rows or columns may be missing, or this is another form of the table: get the file again."
    problems = []
    if matrix.rows[:n] != matrix.columns[:n] or len(matrix.parts) != 2:
        what = f"{len(matrix.rows)} rows of which the first are not the {n} columns before final demand"
        problems.append(Problem(what, matrix.where, "the same industries in rows and columns", remedy))
    final = [label.partition("_") for label in matrix.columns[n:]]
    buyers = list(dict.fromkeys(country for country, _, _ in final))
    if [(c, k) for c, _, k in final] != [(b, k) for b in buyers for k in layout.categories]:
        expected = f"{', '.join(layout.categories)} of every country"
        problems.append(Problem("other columns of final demand", matrix.where, expected, remedy))
    absent = {layout.taxes, *layout.value_added} - set(matrix.rows[n:])
    problems += [
        Problem(f"no row {k}", matrix.where, "it below the industries", remedy) for k in sorted(absent)
    ]
    known = _codes(layout)
    strange = [b for b in buyers if b not in known]
    if strange:
        what = f"countries that are not known: {', '.join(strange[:SHOWN])}"
        problems.append(Problem(what, matrix.where, "ISO codes of two letters", "Add them to the catalogue."))
    return problems


def _sum_problems(table: IOTable, matrix: Labelled) -> list[Problem]:
    """What an industry sells is what it pays, but for rounding, and not less than nothing."""
    gaps: Floats = np.abs(table.gaps()[1])
    wrong = np.flatnonzero((gaps > AGREES * np.maximum(np.abs(table.output), 1e3)) | (table.output < -1.0))
    remedy = "Cells may have been moved or rows cut: get the file again."
    return [
        Problem(
            f"sales of {table.output[i]:,.1f} and costs of {table.output[i] - table.gaps()[1][i]:,.1f}",
            f"{matrix.where}, {matrix.rows[i]}",
            "the same sum, no less than 0",
            remedy,
        )
        for i in wrong[:SHOWN]
    ]
