"""The sheets of an Excel workbook (.xlsx, ECMA-376 part 1) as rows of text, with the merged cells of each.

Numbers are the digits that the file has (all of them), dates ISO 8601, true and false TRUE and FALSE. Nothing in a
workbook is computed, opened or followed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zipfile import ZipFile

import polars as pl

from zizhu.sources.files.archive import DAMAGE, Member, unsound
from zizhu.sources.files.cells import Table, letters, unique_header
from zizhu.vocab.problems import Problem, ZizhuError

LARGEST = 512 << 20
"""Bytes of one workbook, packed."""
COLUMNS = 16_384
"""Columns of a sheet, the last of them XFD: ECMA-376 part 1, and what Excel writes."""
CELLS = 16 << 20
"""Rows of a sheet times its widest: a million rows of sixteen columns. Every empty cell between takes memory too."""
_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_QUOTED = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")

Row = tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """Rows from the first of the sheet, "" where a cell is empty, and the ranges of merged cells."""

    name: str
    where: str
    rows: tuple[Row, ...]
    merged: tuple[str, ...]

    def table(self, header: int, expected: str) -> Table:
        """The rows below the one numbered `header` (from 1), under its names.

        Raises ZizhuError where that row is missing or merged, where a name stands there twice, or nothing follows.
        """
        where = f"{self.where}, row {header}"
        over = [m for m in self.merged if _touches(m, header)]
        if over:
            remedy = "Undo the merging, so that every column has its own name."
            raise ZizhuError(Problem(f"merged cells {', '.join(over)}", where, expected, remedy))
        names = [c.strip() for c in self.rows[header - 1]] if len(self.rows) >= header else []
        if not any(names):
            remedy = "Give the file as the producer publishes it."
            raise ZizhuError(Problem("no names of columns", where, expected, remedy))
        unique_header(names, where)
        below = list(self.rows[header:])
        while below and not any(below[-1]):
            below.pop()
        if not below:
            raise ZizhuError(
                Problem("no rows", self.where, "a row for every observation", "Download it again.")
            )
        columns = {
            name or f"({letters(i)})": [r[i].strip() if i < len(r) else "" for r in below]
            for i, name in enumerate(names)
        }
        return Table(
            pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), header + 1, self.where, True
        )


@dataclass(frozen=True)
class Workbook:
    """A workbook that is open; sheets are read when they are asked for."""

    where: str
    archive: ZipFile
    parts: Mapping[str, str]
    since_1904: bool

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name; raises ZizhuError with the names that there are."""
        if name not in self.parts:
            have = ", ".join(repr(n) for n in self.parts)
            remedy = f"It has {have[:300]}: give the file as the producer publishes it."
            raise ZizhuError(Problem(f"no sheet {name!r}", self.where, f"a sheet {name!r}", remedy))
        where = f"{self.where}, sheet {name}"
        root = self._xml(self.parts[name])
        try:
            rows = tuple(self._rows(root, where))
        except ValueError as error:
            raise ZizhuError(_damaged(where, "a number of a row, a text or a format is none")) from error
        merged = tuple(m.get("ref", "") for m in root.findall("{*}mergeCells/{*}mergeCell"))
        return Sheet(name, where, rows, merged)

    def _rows(self, root: Element, where: str) -> Iterator[Row]:
        count, widest, space = 0, 1, root.tag.removesuffix("worksheet")
        for row in root.iter(f"{space}row"):
            number = int(row.get("r") or count + 1)
            if not count < number <= 1 << 20:
                raise ZizhuError(
                    Problem(f"row {number} after row {count}", where, "rows in order", "Get it again.")
                )
            yield from ((),) * (number - count - 1)
            cells = self._row(row, space, number, where)
            count, widest = number, max(widest, len(cells))
            if count * widest > CELLS:
                what = f"more than {CELLS:,} cells ({count:,} rows of up to {widest:,})"
                raise ZizhuError(
                    Problem(what, where, "a table", "Clear what stands far from it, or save it as CSV.")
                )
            yield cells

    def _row(self, row: Element, space: str, number: int, where: str) -> Row:
        cells: list[str] = []
        for cell in row.iterfind(f"{space}c"):
            column = _column(cell.get("r", ""), number, len(cells), where)
            cells += [""] * (column - len(cells))
            cells.append(self._text(cell, space))
        return tuple(cells)

    def _text(self, cell: Element, space: str) -> str:
        kind = cell.get("t", "n")
        value = cell.findtext(f"{space}v") or ""
        if kind == "inlineStr":
            return "".join(t.text or "" for t in cell.iter(f"{space}t"))
        if not value and (formula := cell.find(f"{space}f")) is not None and kind != "str":
            return f"={formula.text or ''}"
        if kind == "s":
            return self._strings[int(value)] if value.isdigit() and int(value) < len(self._strings) else ""
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        return self._number(value, cell.get("s", "0")) if kind == "n" and value else value

    def _number(self, value: str, style: str) -> str:
        if not style.isdigit() or int(style) not in self._date_styles:
            return value.removesuffix(".0")
        start = datetime(1904, 1, 1) if self.since_1904 else datetime(1899, 12, 30)
        try:
            day = start + timedelta(days=round(float(value), 9))
        except (ValueError, OverflowError):
            return value
        return (
            day.date().isoformat() if day.time() == datetime.min.time() else day.isoformat(timespec="seconds")
        )

    @cached_property
    def _strings(self) -> Sequence[str]:
        part = "xl/sharedStrings.xml"
        if part not in self.archive.namelist():
            return ()
        root = self._xml(part)
        # phonetic hints (rPh) are no part of the text
        return [
            "".join(t.text or "" for t in (*item.findall("{*}t"), *item.findall("{*}r/{*}t")))
            for item in root.findall("{*}si")
        ]

    @cached_property
    def _date_styles(self) -> set[int]:
        part = "xl/styles.xml"
        if part not in self.archive.namelist():
            return set()
        root = self._xml(part)
        own = {
            int(f.get("numFmtId", "0")): f.get("formatCode", "") for f in root.findall("{*}numFmts/{*}numFmt")
        }
        formats = [int(x.get("numFmtId", "0")) for x in root.findall("{*}cellXfs/{*}xf")]
        return {i for i, f in enumerate(formats) if (_is_date(own[f]) if f in own else f in _DATES)}

    def _xml(self, part: str) -> Element:
        return _xml(self.archive, part, self.where)


def workbook(member: Member) -> Workbook:
    """The workbook that a file is; raises ZizhuError for any other kind of file, and for one that is too large."""
    with member.open() as stream:
        content = stream.read(LARGEST + 1)
    if not content.startswith(b"PK") or len(content) > LARGEST:
        remedy = "Save it as an Excel workbook (.xlsx)."
        raise ZizhuError(Problem("no Excel workbook", member.where, "a file .xlsx", remedy))
    if why := unsound(content):
        raise ZizhuError(_damaged(member.where, why))
    archive = ZipFile(io.BytesIO(content))
    root = _xml(archive, "xl/workbook.xml", member.where)
    targets = {
        r.get("Id", ""): r.get("Target", "")
        for r in _xml(archive, "xl/_rels/workbook.xml.rels", member.where)
    }
    parts = {s.get("name", ""): _part(targets, s) for s in root.findall("{*}sheets/{*}sheet")}
    settings = root.find("{*}workbookPr")
    since_1904 = settings is not None and settings.get("date1904") in ("1", "true")
    return Workbook(member.where, archive, parts, since_1904)


def _part(targets: Mapping[str, str], sheet: Element) -> str:
    related = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), "")
    target = targets.get(related, "")
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _xml(archive: ZipFile, part: str, where: str) -> Element:
    try:
        content = archive.read(part)
        if b"<!DOCTYPE" in content:
            raise ZizhuError(_damaged(where, f"{part} declares a document type"))
        return ElementTree.fromstring(content)
    except (*DAMAGE, ElementTree.ParseError) as error:
        raise ZizhuError(_damaged(where, f"{part}: {type(error).__name__}")) from error


def _damaged(where: str, why: str) -> Problem:
    return Problem(f"a workbook that cannot be read ({why})", where, "a whole workbook", "Download it again.")


def _column(named: str, row: int, least: int, where: str) -> int:
    """The column (from 0) of the cell of that name, `least` where it has none; raises ZizhuError out of order."""
    place = _CELL.fullmatch(named)
    if not named and least < COLUMNS:
        return least
    if place and int(place[2]) == row and least <= _number(place[1]) < COLUMNS:
        return _number(place[1])
    expected = f"cells of this row in order, from {letters(least)}{row} to XFD{row}"
    remedy = "Open it in Excel and save it again."
    raise ZizhuError(Problem(f"a cell {named[:20]!r}", f"{where}, row {row}", expected, remedy))


def _number(column: str) -> int:
    index = 0
    for letter in column:
        index = 26 * index + ord(letter) - 64
    return index - 1


def _touches(merged: str, row: int) -> bool:
    rows = [int(p[2]) for p in _CELL.finditer(merged)]
    return bool(rows) and min(rows) <= row <= max(rows)


def _is_date(code: str) -> bool:
    return bool(re.search(r"[ymdhs]", _QUOTED.sub("", code.split(";")[0]), re.IGNORECASE))
