"""Tables that pair the codes of two HS revisions: workbooks of the UN, CSV of WITS, any file with two such columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from zizhu.sources.files.archive import Member
from zizhu.sources.files.cells import delimiter_of
from zizhu.sources.files.sheets import texts
from zizhu.sources.files.wrong_cells import Cause, WrongCells, shown
from zizhu.sources.reading import Made, Request, SourceTable
from zizhu.store.meta import Describe
from zizhu.vocab.problems import Problem, ZizhuError

KEY = ("source", "target")
WORKBOOKS = (".xlsx", ".xls")
LARGEST = 64 << 20
"""Bytes of one file: a correlation of two whole revisions has less than 1 MB."""
_CODE = re.compile(r"\d{5,6}(?:\.0)?|\d{4}\.\d{2}")
_NOTHING = ("", "n/a", "na", "none", "-")
_EXPECTED = "two columns of codes, titled by their revisions (HS 2017, HS 2012)"
_REMEDY = "Give the table as the UN or WITS publish it, or name the columns so."
_NO_CODE = Cause("is no code", "six digits", _REMEDY)


@dataclass(frozen=True)
class Sheet:
    """Rows of text from one sheet or file."""

    name: str
    where: str
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Columns:
    """Where the codes are: line of the titles, columns and revisions of source and target, of the relationship."""

    line: int
    at: tuple[int, int]
    revisions: tuple[str, str]
    relationship: int | None


def read(request: Request) -> Iterator[Made]:
    """A table for each pair of revisions and kind: source, target (six digits), relationship (text, may be null).

    The kind is `conversion` where every source has one target, else `correlation`; the name is, for example,
    `hs2022-hs2017-correlation`. Raises ZizhuError with all faults of all files: no two columns of codes, cells that
    are no codes, a table that another one contradicts.
    """
    made: dict[str, SourceTable] = {}
    problems: list[Problem] = []
    for member in request.members:
        try:
            found = [t for sheet in _sheets(member) for t in _tables(sheet, request)]
            if not found:
                problems.append(Problem("no concordance", member.where, _EXPECTED, _REMEDY))
        except ZizhuError as error:
            problems += error.problems
            continue
        for name, table in found:
            if name in made and not made[name].frame.equals(table.frame):
                what = f"two tables {name} that differ"
                problems.append(Problem(what, member.where, "one of them", "Add them one by one."))
            made[name] = table
    if problems:
        raise ZizhuError(problems)
    yield made


def _tables(sheet: Sheet, request: Request) -> list[tuple[str, SourceTable]]:
    """The table of a sheet, under its name; none where the sheet has no two columns of codes."""
    columns = find_columns(sheet.rows, request.entry.parameters)
    if columns is None:
        return []
    pairs, notes = _pairs(sheet, columns)
    several = pairs["source"].is_duplicated().any()
    kind = "correlation" if several else "conversion"
    source, target = columns.revisions
    described = Describe(
        title=f"Codes of {source} and those of {target} ({kind})",
        key=KEY,
        units={},
        sources=(request.entry.source(request.edition).id,),
        flags={"kind": "concordance", "source": source, "target": target, "many_to_many": bool(several)},
        notes=notes,
    )
    return [(f"{source}-{target}-{kind}".lower(), SourceTable(pairs, described))]


def find_columns(rows: Sequence[Sequence[str]], parameters: Mapping[str, Any]) -> Columns | None:
    """The first line that titles two columns by different HS revisions; None where there is none."""
    titles = {
        revision: re.compile(str(parameters["title"]).format(pattern))
        for revision, pattern in parameters["titles"].items()
    }
    for line, row in enumerate(rows[: int(parameters["header_within"])]):
        plain = [re.sub(r"[\s.]+", "", cell).casefold() for cell in row]
        named = [
            (at, r) for at, text in enumerate(plain) for r, title in titles.items() if title.fullmatch(text)
        ]
        if len(named) == 2 and named[0][1] != named[1][1]:
            (a, source), (b, target) = named
            told = parameters["relationship"]
            return Columns(line, (a, b), (source, target), plain.index(told) if told in plain else None)
    return None


def _pairs(sheet: Sheet, columns: Columns) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The distinct pairs in order, and a note on lines without a counterpart.

    Raises ZizhuError for cells that are no code.
    """
    found: dict[tuple[str, str], str | None] = {}
    faults = WrongCells(sheet.where)
    alone = 0
    for number, row in enumerate(sheet.rows[columns.line + 1 :], start=columns.line + 2):
        cells = [row[at].strip() if at < len(row) else "" for at in columns.at]
        empty = [c.casefold() in _NOTHING for c in cells]
        wrong = [c for c, nothing in zip(cells, empty, strict=True) if not nothing and not _CODE.fullmatch(c)]
        for cell in wrong:
            faults.add(_NO_CODE, shown(cell), f"line {number}")
        if any(empty):
            alone += not all(empty)
        elif not wrong:
            at = columns.relationship
            told = row[at].strip() if at is not None and at < len(row) else ""
            found[_six(cells[0]), _six(cells[1])] = told or None
    problems = faults.problems()
    if problems or not found:
        raise ZizhuError(problems or [Problem("no pairs", sheet.where, _EXPECTED, _REMEDY)])
    pairs = pl.DataFrame(
        [(s, t, told) for (s, t), told in found.items()],
        schema={"source": pl.String, "target": pl.String, "relationship": pl.String},
        orient="row",
    )
    notes = (f"{alone} codes without a counterpart are left out.",) if alone else ()
    return pairs.sort(KEY), notes


def _six(cell: str) -> str:
    digits = cell.removesuffix(".0") if not re.fullmatch(r"\d{4}\.\d{2}", cell) else cell.replace(".", "")
    return digits.zfill(6)


def _sheets(member: Member) -> list[Sheet]:
    with member.open() as stream:
        raw = stream.read(LARGEST + 1)
    if len(raw) > LARGEST:
        what, expected = f"more than {LARGEST:,} bytes", f"a concordance of at most {LARGEST:,} bytes"
        raise ZizhuError(Problem(what, member.where, expected, _REMEDY))
    if member.name.casefold().endswith(WORKBOOKS):
        return [Sheet(name, f"{member.where}, sheet {name}", rows) for name, rows in texts(member)]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    delimiter = delimiter_of(text.partition("\n")[0])
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise ZizhuError(Problem(f"no CSV ({error})", member.where, _EXPECTED, _REMEDY)) from error
    return [Sheet("", member.where, rows)]
