"""World Input-Output Database, release of 2016: 44 regions with 56 industries (ISIC Rev. 4).

One workbook (.xlsb) a year, or the table of the R release written as CSV: columns IndustryCode, IndustryDescription,
Country, RNr, Year, then COUNTRY and number together (AUS1), TOT at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from zizhu.sources.files.archive import Member
from zizhu.sources.files.sheets import Grid, grid
from zizhu.sources.readers.io_files import by_year, made
from zizhu.sources.readers.wiot import CODE, LEFT, NUMBER, TOTAL, Layout, table
from zizhu.sources.reading import Made, Request
from zizhu.vocab.problems import Problem, ZizhuError

ABOVE = 6
FROM_R = ("IndustryCode", "IndustryDescription", "Country", "RNr", "Year")
_JOINED = re.compile(r"([A-Z]{3})(\d{1,2})")


def read(request: Request) -> Iterator[Made]:
    """The tables of the years asked for, one Made a year; raises ZizhuError with the faults of a file."""
    layout = Layout(**request.entry.parameters)
    for file in by_year(request):
        request.tell(f"reading {file.member.name}")
        text = file.member.name.lower().endswith(".csv")
        sheet = from_r(file.member) if text else grid(file.member, ABOVE, LEFT)
        yield made(request, table(sheet, file, layout))


def from_r(member: Member) -> Grid:
    """The CSV of the R release in the form of the workbook; raises ZizhuError for other columns."""
    sheet = grid(member, 1, len(FROM_R))
    names = sheet.head[0]
    matches = [_JOINED.fullmatch(name) for name in names[len(FROM_R) :]]
    strange = [n for n, m in zip(names[len(FROM_R) :], matches, strict=True) if not m and n != TOTAL]
    if names[: len(FROM_R)] != FROM_R or strange:
        shown = ", ".join((*names[: len(FROM_R)], *strange[:3]))
        remedy = "Write the table of the R release as CSV without row names."
        raise ZizhuError(Problem(f"columns {shown}", f"{member.where}, line 1", ", ".join(FROM_R), remedy))
    years = {row[-1] for row in sheet.side}
    codes = {row[NUMBER]: row[CODE] for row in sheet.side}
    numbers = [m[2] if m else "" for m in matches]
    blank = [""] * LEFT
    head = (
        (*blank, *(codes.get(k, "") for k in numbers)),
        (*blank, *("" for _ in numbers)),
        (*blank, *(m[1] if m else TOTAL for m in matches)),
        (*blank, *(f"c{k}" if k else "" for k in numbers)),
    )
    side = tuple((*row[:NUMBER], f"r{row[NUMBER]}") for row in sheet.side)
    return replace(sheet, name=years.pop() if len(years) == 1 else "", head=head, side=side)
