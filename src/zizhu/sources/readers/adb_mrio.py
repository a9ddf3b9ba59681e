"""Multiregional input-output tables of the Asian Development Bank: a workbook a year, laid out as the WIOD of 2013."""

from __future__ import annotations

from collections.abc import Iterator

from zizhu.sources.files.archive import Member
from zizhu.sources.files.sheets import grid, texts
from zizhu.sources.readers.io_files import by_year, made
from zizhu.sources.readers.wiot import LEFT, Layout, table
from zizhu.sources.reading import Made, Request
from zizhu.vocab.problems import Problem, ZizhuError

SEARCHED = 12
FIRST = "c1"


def read(request: Request) -> Iterator[Made]:
    """The tables of the years asked for, one Made a year; raises ZizhuError with the faults of a file."""
    layout = Layout(**request.entry.parameters)
    for file in by_year(request):
        request.tell(f"reading {file.member.name}")
        yield made(request, table(grid(file.member, above(file.member), LEFT), file, layout))


def above(member: Member) -> int:
    """How many rows stand above the numbers: titles differ, the last one has the numbers of the columns."""
    _, cells = next(texts(member, SEARCHED))
    found = [i + 1 for i, row in enumerate(cells) if FIRST in row[LEFT:]]
    if not found:
        expected = f"a row of column numbers with {FIRST} among the first {SEARCHED}"
        remedy = "Give the table of many economies as the producer publishes it."
        raise ZizhuError(Problem("no row of column numbers", member.where, expected, remedy))
    return found[0]
