"""A user's file before it is read: which form it has, what of it is meant, and what it is where it is no table."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from zizhu.sources.files import archive
from zizhu.sources.files.archive import Member
from zizhu.sources.files.workbook import Sheet, Workbook, workbook
from zizhu.vocab.problems import Problem, ZizhuError, unknown

LARGEST_BOOK = 100 << 20
"""Unpacked bytes of a workbook that is read, which takes twenty times as much memory: 400,000 rows of six columns."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD = 1 << 16
_MARKUP = re.compile(rb"\s*<(?:\?xml|table|meta|div|style|!--)", re.IGNORECASE)


@dataclass(frozen=True)
class OwnFile:
    """A file that was looked at: its form (text, parquet, workbook) and what of it is read."""

    path: Path
    form: str
    member: Member | None = None
    _sheets: dict[str, Sheet] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def where(self) -> str:
        """The file and the member, as problems name it."""
        return self.member.where if self.member and self.form == "text" else str(self.path)


def opened(path: Path, member: str = "") -> OwnFile:
    """The file with its form; raises ZizhuError for what is no table that can be read, and says what it is."""
    if path.exists() and not path.is_file():
        remedy = "Name the file itself."
        raise ZizhuError(Problem("a folder or device", str(path), "a file with a table", remedy))
    head = _head(path)
    if not head:
        remedy = "Save the table again, or name another file."
        raise ZizhuError(Problem("an empty file", str(path), "a table", remedy))
    if head.startswith(b"PAR1"):
        return OwnFile(path, "parquet")
    if head.startswith(_OLE):
        raise ZizhuError(_old_workbook(path))
    if head.startswith(b"PK") and _is_workbook(path):
        return OwnFile(
            path, "workbook", Member(path.name, path.stat().st_size, str(path), lambda: path.open("rb"))
        )
    chosen = _chosen(archive.members(path), member, path)
    with chosen.open() as stream:
        _require_text(stream.read(_HEAD), chosen.where)
    return OwnFile(path, "text", chosen)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        raise ZizhuError(Problem(what, str(path), "a readable file", "Check the path.")) from error


def _is_workbook(path: Path) -> bool:
    try:
        with ZipFile(path) as book:
            held = book.infolist()
    except (BadZipFile, OSError, ValueError):
        return False
    names = {m.filename for m in held}
    if "xl/workbook.xml" not in names:
        if "xl/workbook.bin" in names or "content.xml" in names:
            remedy = "Save it as an Excel workbook (.xlsx) or as CSV in UTF-8."
            raise ZizhuError(Problem("a workbook of another kind", str(path), "a file .xlsx", remedy))
        return False
    size = sum(m.file_size for m in held)
    if size > LARGEST_BOOK:
        what = f"a workbook that unpacks to {size >> 20:,} MB"
        remedy = "Save the sheet as CSV in UTF-8: text of any size is read."
        raise ZizhuError(Problem(what, str(path), f"at most {LARGEST_BOOK >> 20} MB", remedy))
    return True


def _old_workbook(path: Path) -> Problem:
    return Problem(
        "an old Excel file (.xls), or one with a password",
        str(path),
        "an Excel workbook (.xlsx) without a password, or CSV",
        "Open it in Excel, take the password off and save it as .xlsx or as CSV in UTF-8.",
    )


def _chosen(members: Sequence[Member], wanted: str, path: Path) -> Member:
    held = [m for m in members if not Path(m.name).name.startswith(".") and "__MACOSX" not in m.name]
    names = [m.name for m in held]
    if wanted and wanted not in names and len(held) != 1:
        raise ZizhuError(unknown("member", wanted, names, str(path)))
    if not wanted and len(held) != 1:
        shown = ", ".join(names[:8]) or "nothing"
        remedy = "Unpack it and map one file of it, or write its name as member under layout."
        raise ZizhuError(Problem(f"an archive of {len(held)} files: {shown}", str(path), "one table", remedy))
    return next((m for m in held if m.name == wanted), held[0])


def _require_text(head: bytes, where: str) -> None:
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not head.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise ZizhuError(Problem("nothing but blanks", where, "a table", "Check the file."))
    if not wide and b"\0" in head:
        raise ZizhuError(binary(where))
    if _MARKUP.match(head):
        remedy = "Open it in a browser or in Excel, and save the table as CSV in UTF-8 or as .xlsx."
        raise ZizhuError(
            Problem("a page or a document in XML, not a table", where, "a table in text", remedy)
        )


def binary(where: str) -> Problem:
    remedy = "It is no text, or it is damaged: save the table as CSV in UTF-8, .xlsx or Parquet."
    return Problem("bytes that no text has (NUL)", where, "a table in text", remedy)


def sheet_of(own: OwnFile, name: str) -> Sheet:
    """A sheet of a workbook, read once; without a name the only one that has rows.

    Raises ZizhuError where there is no such sheet, or several could be meant.
    """
    if name not in own._sheets:
        found = _sheet(own, name)
        own._sheets.update({name: found, found.name: found})
    return own._sheets[name]


def _sheet(own: OwnFile, name: str) -> Sheet:
    assert own.member is not None
    book = workbook(own.member)
    if name:
        return book.sheet(name)
    filled = [s for s in map(book.sheet, book.parts) if any(any(r) for r in s.rows)]
    if len(filled) != 1:
        raise ZizhuError(_unplain(book, own, len(filled)))
    return filled[0]


def _unplain(book: Workbook, own: OwnFile, filled: int) -> Problem:
    shown = ", ".join(repr(n) for n in list(book.parts)[:12])
    remedy = f"Give --sheet one of: {shown}." if filled else "Check the file."
    return Problem(f"{filled} sheets with content", str(own.path), "one sheet", remedy)
