"""Opening what a user downloaded: a plain, gzipped or zipped file, read in bounded memory and never unpacked to disk.

Every archive is hostile: its members may have names that lead elsewhere, sizes that lie, or a gigabyte of zeros in
a kilobyte. A web page that a server sent in the place of a file is recognised.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from zizhu.vocab.problems import Problem, ZizhuError

LARGEST = 64 << 30
"""Bytes that an archive may hold, unpacked: BACI of one HS revision has 10 GB."""
RATIO = 250
"""Unpacked bytes to a packed one, beyond which an archive is a bomb: input-output tables in text reach 40."""
BLOCK = 16 << 20
LONGEST_LINE = 8 << 20
"""Bytes of one line: a row of the widest input-output table has less than 200 kB."""
WORKBOOK = "[Content_Types].xml"
"""The part that every Office document has, and no archive of a statistical office."""
_HTML = re.compile(rb"^\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body)", re.IGNORECASE)
_TITLE = re.compile(rb"<title[^>]*>([^<]{1,120})", re.IGNORECASE)


@dataclass(frozen=True)
class Member:
    """A file inside an archive, or the plain file itself: its name, unpacked size (0 if not known) and `open`."""

    name: str
    size: int
    where: str
    _open: Callable[[], IO[bytes]]

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The unpacked bytes; raises ZizhuError where they are damaged."""
        try:
            with self._open() as stream:
                yield stream
        except (BadZipFile, gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise ZizhuError(_damaged(self.where, str(error))) from error


def members(path: Path) -> tuple[Member, ...]:
    """What a file holds: the members of a zip in alphabetical order, the content of a gzip, or the file itself.

    A workbook (.xlsx, .xlsb) is a file, though it is a zip inside, and its parts are checked like those of one.
    Raises ZizhuError for a file that is missing, empty, cut short, encrypted, a web page, or an archive that is too
    large or names places outside itself, with all faults of its members.
    """
    head = _head(path)
    if _HTML.match(head):
        title = _TITLE.search(head)
        said = f" ({title.group(1).decode('utf-8', 'replace').strip()})" if title else ""
        raise ZizhuError(
            Problem(
                f"a web page{said}, not data",
                str(path),
                "the file that the producer publishes",
                "The server sent a page, often for a login or an error: download it again in a browser.",
            )
        )
    if head.startswith(b"PK"):
        return _zipped(path)
    if head.startswith(b"\x1f\x8b"):
        name = path.name.removesuffix(".gz")
        return (Member(name, 0, str(path), lambda: _unpacked(path)),)
    return (_plain(path),)


def _plain(path: Path) -> Member:
    return Member(path.name, path.stat().st_size, str(path), lambda: path.open("rb"))


def blocks(stream: IO[bytes], where: str, size: int = BLOCK) -> Iterator[bytes]:
    """The stream in pieces of whole lines, of about `size` bytes.

    Raises ZizhuError at a line longer than LONGEST_LINE, which no table has.
    """
    rest = b""
    while piece := stream.read(size):
        whole, newline, tail = piece.rpartition(b"\n")
        if newline:
            yield rest + whole + newline
            rest = tail
        else:
            rest += piece
        if len(rest) > LONGEST_LINE:
            raise ZizhuError(
                Problem(
                    f"a line of more than {LONGEST_LINE >> 20} MB",
                    where,
                    "a table with one row a line",
                    "Check the file: it may not be a table in text, or its line ends may be lost.",
                )
            )
    if rest:
        yield rest


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise ZizhuError(
            Problem(f"cannot be read ({error.strerror})", str(path), "a readable file", "Check the path.")
        ) from error
    if not head:
        raise ZizhuError(Problem("an empty file", str(path), "data", "Download it again."))
    return head


def _zipped(path: Path) -> tuple[Member, ...]:
    try:
        archive = ZipFile(path)
    except (BadZipFile, LargeZipFile, OSError) as error:
        raise ZizhuError(_damaged(str(path), str(error))) from error
    held = [m for m in archive.infolist() if not m.is_dir()]
    problems = [p for m in held for p in _faults(m, path)]
    total, packed = sum(m.file_size for m in held), max(path.stat().st_size, 1)
    if total > LARGEST or total > RATIO * packed:
        problems.append(
            Problem(
                f"{packed:,} bytes that unpack to {total:,}",
                str(path),
                f"at most {RATIO} times its size and {LARGEST >> 30} GB",
                "This is no archive of a statistical office; check where it comes from.",
            )
        )
    if problems:
        raise ZizhuError(problems)
    if any(m.filename == WORKBOOK for m in held):
        archive.close()
        return (_plain(path),)
    return tuple(
        Member(m.filename, m.file_size, f"{path}, {m.filename}", lambda m=m: archive.open(m))  # type: ignore[misc]
        for m in sorted(held, key=lambda m: m.filename)
    )


def _faults(member: ZipInfo, path: Path) -> list[Problem]:
    name = PurePosixPath(member.filename.replace("\\", "/"))
    problems = []
    if name.is_absolute() or ".." in name.parts or re.match(r"^[A-Za-z]:", member.filename):
        problems.append(
            Problem(
                f"a member named {member.filename[:80]!r}",
                str(path),
                "names inside the archive",
                "An archive that writes elsewhere is not to be trusted.",
            )
        )
    if member.flag_bits & 1:
        problems.append(
            Problem(
                f"{member.filename[:80]!r} is encrypted",
                str(path),
                "no password",
                "Unpack it yourself first.",
            )
        )
    return problems


def _damaged(where: str, why: str) -> Problem:
    return Problem(f"damaged or cut short ({why})", where, "a whole archive", "Download it again.")


class _Bounded(io.RawIOBase):
    """A gzip stream that stops when it has given RATIO times its packed size: a gzip does not state its own."""

    def __init__(self, stream: gzip.GzipFile, packed: int, where: str) -> None:
        self._stream, self._left, self._where = stream, max(RATIO * packed, 1 << 20), where

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer`; raises ZizhuError beyond the bound."""
        read = self._stream.readinto(buffer)
        self._left -= read
        if self._left < 0:
            raise ZizhuError(
                Problem(
                    f"it unpacks to more than {RATIO} times its size",
                    self._where,
                    "an archive of text",
                    "Check where it comes from.",
                )
            )
        return read

    def close(self) -> None:
        self._stream.close()
        super().close()


def _unpacked(path: Path) -> IO[bytes]:
    return io.BufferedReader(_Bounded(gzip.GzipFile(path), path.stat().st_size, str(path)), BLOCK)
