"""Input-output tables of China by its National Bureau of Statistics: one sheet, with codes of rows and columns.

A competitive table does not tell imported from domestic products: its flows hold both, and column IM takes the
imports off. A non-competitive table has the industries twice, as domestic and as imported products: the imported
inputs of every industry are the vector `imports` of the table. Both are one country, in 10 thousand yuan, and are
written in million yuan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from zizhu.sources.files.archive import Member
from zizhu.sources.files.decimals import Floats
from zizhu.sources.files.sheets import grid, texts
from zizhu.sources.readers.io_files import YearFile, by_year, made
from zizhu.sources.readers.io_table import IOTable
from zizhu.sources.reading import Made, Request
from zizhu.vocab.industries import sections
from zizhu.vocab.problems import Problem, ZizhuError

AGREES = 1e-6
SHOWN = 10


@dataclass(frozen=True)
class Layout:
    """What the producer calls its parts, from the catalogue: codes of rows and columns, and what they become."""

    unit: str
    divide_by: float
    country: str
    inputs: str
    uses: str
    value_added: str
    total_inputs: str
    output: str
    needed: tuple[str, ...]
    final: Mapping[str, str]
    consumption: Mapping[str, str]
    less: tuple[str, ...]
    imported: tuple[str, ...]
    industries: int
    classifications: Mapping[int, str]


@dataclass(frozen=True)
class Sheet:
    """The codes of rows and columns, the numbers (r, c) between them, and the words that stand before the first."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: Floats
    words: str
    where: str

    def row(self, code: str, n: int) -> Floats:
        """What the first n columns pay under that code."""
        return self.values[self.rows.index(code), :n]


def read(request: Request) -> Iterator[Made]:
    """The tables of the years asked for, one Made a year; raises ZizhuError with the faults of a file."""
    layout = Layout(**request.entry.parameters)
    for file in by_year(request):
        request.tell(f"reading {file.member.name}")
        yield made(request, read_year(file, layout))


def read_year(file: YearFile, layout: Layout) -> IOTable:
    """One year; raises ZizhuError where codes are missing or repeat, for words, and where sums do not agree."""
    sheet = _sheet(file, layout)
    n = sheet.columns.index(layout.uses)
    kinds = sheet.rows.index(layout.inputs) / max(n, 1)
    problems = _code_problems(sheet, n, kinds, layout)
    if problems:
        raise ZizhuError(problems)
    final, names = _final_columns(sheet, layout)
    signs = np.where([sheet.columns[c] in layout.less for c in final], -1.0, 1.0)
    imports, notes = _imported(sheet, n, final, names, layout) if kinds == 2 else (None, COMPETITIVE)
    country, by = (layout.country,) * n, layout.divide_by
    table = IOTable(
        year=file.year,
        unit=layout.unit,
        country=country,
        sector=sheet.columns[:n],
        whole=country,
        Z=sheet.values[:n, :n] / by,
        final=(sheet.values[:n, final] * signs / by)[:, None, :],
        buyers=(layout.country,),
        categories=names,
        value_added=sheet.row(layout.value_added, n) / by,
        taxes=np.zeros(n),
        output=sheet.values[:n, sheet.columns.index(layout.output)] / by,
        rest_of_world=False,
        sections=_sections(file.year, n, layout),
        notes=notes,
        edition=file.edition,
        imports=imports,
    )
    problems = _sum_problems(table, sheet.row(layout.total_inputs, n) / by, sheet)
    if problems:
        raise ZizhuError(problems)
    return table


def _sections(year: int, n: int, layout: Layout) -> Mapping[str, str]:
    """The sections of the industries of a list that is known since a year, if the table has that many."""
    known = [kind for first, kind in sorted(layout.classifications.items()) if first <= year]
    return sections(known[-1]) if known and n == layout.industries else {}


COMPETITIVE = (
    "Competitive table: flows and final demand hold imported products too, and IM (negative) takes them off. Domestic "
    "and imported use cannot be told apart.",
)


def _sheet(file: YearFile, layout: Layout) -> Sheet:
    """The first sheet that has the codes of the totals of rows and columns."""
    seen = []
    for place, (name, cells) in enumerate(texts(file.member)):
        seen.append(name or file.member.name)
        top = next((i for i, row in enumerate(cells) if layout.uses in row), len(cells))
        down = next((i for i, row in enumerate(cells) if layout.inputs in row), 0)
        if top < down:
            return _between(file.member, place, cells, top, down, layout)
    expected = f"a column {layout.uses} and a row {layout.inputs}"
    remedy = "Give the sheet as the producer publishes it, with its codes."
    what = f"no codes of an input-output table in {', '.join(seen)[:200]}"
    raise ZizhuError(Problem(what, file.member.where, expected, remedy))


def _between(
    member: Member, place: int, cells: list[list[str]], top: int, down: int, layout: Layout
) -> Sheet:
    """What stands below the row of codes `top` and to the right of the codes of rows."""
    side = cells[down].index(layout.inputs)
    total = cells[top].index(layout.uses)
    left = next((j for j in range(side + 1, total) if cells[top][j].isdigit()), total)
    below = grid(member, top + 1, left, place)
    coded = [i for i, row in enumerate(below.side) if row[side]]
    rows = _even(tuple(below.side[i][side] for i in coded))
    words = " ".join(below.side[coded[0]]) if coded else ""
    return Sheet(rows, _even(tuple(cells[top][left:])), below.values[coded], words, below.where)


def _even(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Codes of numbers in the longest form there is: 1 is 01 where there are two digits."""
    width = max((len(c) for c in codes if c.isdigit()), default=0)
    return tuple(c.zfill(width) if c.isdigit() else c for c in codes)


def _code_problems(sheet: Sheet, n: int, kinds: float, layout: Layout) -> list[Problem]:
    own = sheet.columns[:n]
    blocks = [sheet.rows[i * n : (i + 1) * n] for i in range(int(kinds))]
    problems = []
    if kinds not in (1, 2) or any(block != own for block in blocks) or len(set(own)) != n:
        what = f"{sheet.rows.index(layout.inputs)} rows of industries above {layout.inputs} and {n} columns"
        expected = "the codes of the columns once (competitive) or twice (domestic, then imported products)"
        problems.append(Problem(what, sheet.where, expected, "Rows or columns may be missing: get it again."))
    if kinds == 2 and any(word in sheet.words for word in layout.imported):
        remedy = "Put the domestic products first."
        problems.append(Problem("imported products stand first", sheet.where, "domestic ones first", remedy))
    wanted = {*layout.needed, *(() if _split(sheet, layout) else layout.consumption)} - set(sheet.columns)
    wanted |= {layout.value_added, layout.total_inputs} - set(sheet.rows)
    remedy = "Parts may be missing: get it again."
    problems += [
        Problem(f"no {code}", sheet.where, "the totals of rows and columns", remedy)
        for code in sorted(wanted)
    ]
    return problems


def _split(sheet: Sheet, layout: Layout) -> bool:
    """Whether consumption is told by who consumes."""
    return next(iter(layout.final)) in sheet.columns


def _final_columns(sheet: Sheet, layout: Layout) -> tuple[list[int], tuple[str, ...]]:
    """The columns of final demand and what they are called; consumption in all where its parts are not told."""
    known = layout.final if _split(sheet, layout) else {**layout.consumption, **layout.final}
    found = [(i, known[c]) for i, c in enumerate(sheet.columns) if c in known]
    return [i for i, _ in found], tuple(name for _, name in found)


def _imported(
    sheet: Sheet, n: int, final: list[int], names: tuple[str, ...], layout: Layout
) -> tuple[Floats, tuple[str, ...]]:
    """Imported inputs of every industry, and how much of the imports goes to final demand."""
    block = sheet.values[n : 2 * n] / layout.divide_by
    sums = ", ".join(f"{k} {v:,.0f}" for k, v in zip(names, block[:, final].sum(axis=0), strict=True))
    note = (
        "Non-competitive table: flows and final demand are domestic products only; imports is in the nodes. "
    )
    return block[:, :n].sum(axis=0), (f"{note}Imported products of final demand, in million yuan: {sums}.",)


def _sum_problems(table: IOTable, inputs: Floats, sheet: Sheet) -> list[Problem]:
    """Total inputs are output, columns add up to it, and output is not negative; rows may miss an error column."""
    columns = table.gaps()[1]
    scale = AGREES * np.maximum(np.abs(table.output), 1.0)
    wrong = (table.output < 0) | (np.abs(inputs - table.output) > scale) | (np.abs(columns) > scale)
    remedy = "Cells may have been moved or cut: get the file again."
    return [
        Problem(
            f"output {table.output[i]:,.2f}, total inputs {inputs[i]:,.2f}, inputs added up "
            f"{table.output[i] - columns[i]:,.2f} million yuan",
            f"{sheet.where}, industry {table.sector[i]}",
            "the same sum three times, no less than 0",
            remedy,
        )
        for i in np.flatnonzero(wrong)[:SHOWN]
    ]
