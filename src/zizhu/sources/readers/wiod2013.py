"""World Input-Output Database, release of 2013: one workbook a year, 41 regions with 35 industries (ISIC Rev. 3)."""

from __future__ import annotations

from collections.abc import Iterator

from zizhu.sources.files.sheets import grid
from zizhu.sources.readers.io_files import by_year, made
from zizhu.sources.readers.wiot import LEFT, Layout, table
from zizhu.sources.reading import Made, Request

ABOVE = 6


def read(request: Request) -> Iterator[Made]:
    """The tables of the years asked for, one Made a year; raises ZizhuError with the faults of a file."""
    layout = Layout(**request.entry.parameters)
    for file in by_year(request):
        request.tell(f"reading {file.member.name}")
        yield made(request, table(grid(file.member, ABOVE, LEFT), file, layout))
