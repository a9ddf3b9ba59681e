"""Which of the files that a user gave hold the input-output tables of which year, by their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from zizhu.sources.files.archive import Member
from zizhu.sources.readers.io_table import IOTable, source_tables
from zizhu.sources.reading import Made, Request
from zizhu.vocab.problems import Problem, ZizhuError

CENTURY = 100
TURN = 50
"""Years of two digits from this on belong to the last century."""


@dataclass(frozen=True)
class YearFile:
    """A file of one year; `edition` is what the user or the name of the file says, empty where neither does."""

    year: int
    member: Member
    edition: str


def by_year(request: Request) -> list[YearFile]:
    """The files of the years asked for, in the order of the years.

    A file of another name is taken where it is the only one and one year is asked for. Raises ZizhuError where no
    file is one of the source, a year has two files, or a year that is asked for has none.
    """
    found = [f for member in request.members if (f := _named(request, member))]
    if not found and len(request.members) == len(request.years) == 1:
        found = [YearFile(next(iter(request.years)), request.members[0], request.edition)]
    if not found:
        raise ZizhuError(_no_file(request))
    problems = [*_twice(found), *_missing(request, found)]
    if problems:
        raise ZizhuError(problems)
    return sorted((f for f in found if request.wants(f.year)), key=lambda f: f.year)


def made(request: Request, table: IOTable) -> Made:
    """The stored tables of a year, named and cited as the catalogue says."""
    entry = request.entry
    edition = f", edition {table.edition}" if table.edition else ""
    source = entry.source(table.edition).id
    title = f"{entry.producer}, {entry.title}, {table.year}{edition}"
    return source_tables(table, f"{entry.id}-{table.year}", title, (source,))


def _named(request: Request, member: Member) -> YearFile | None:
    for file in request.entry.files:
        match = file.matches(member.name)
        named = match.groupdict() if match else {}
        if named.get("year"):
            return YearFile(_year(named["year"]), member, request.edition or named.get("edition") or "")
    return None


def _year(text: str) -> int:
    year = int(text)
    if year >= CENTURY:
        return year
    return year + (1900 if year >= TURN else 2000)


def _no_file(request: Request) -> Problem:
    names = ", ".join(m.name for m in request.members[:5]) or "nothing"
    expected = "; ".join(f"{f.pattern} ({f.about})" for f in request.entry.files)
    remedy = "Keep the names that the producer gives, or give one file and its year."
    return Problem(f"{names}: no table of {request.entry.id}", "the files", expected, remedy)


def _twice(found: Sequence[YearFile]) -> list[Problem]:
    counts = Counter(f.year for f in found)
    return [
        Problem(
            f"{', '.join(f.member.name for f in found if f.year == year)} are of the same year",
            "the files",
            "one file a year",
            "Give the files of one edition and version only.",
        )
        for year, count in counts.items()
        if count > 1
    ]


def _missing(request: Request, found: Sequence[YearFile]) -> list[Problem]:
    there = sorted({f.year for f in found})
    absent = sorted(request.years - set(there))
    if not absent:
        return []
    years = ", ".join(map(str, absent))
    remedy = f"The files hold {', '.join(map(str, there))}: choose among these or get the others."
    return [Problem(f"no table of {years}", "the files", "a file for every year that is asked for", remedy)]
