"""Opening what a user downloaded: a plain, gzipped or zipped file, read in bounded memory and never unpacked to disk.

Every archive is hostile: its members may have names that lead elsewhere, sizes that lie, or a gigabyte of zeros in
a kilobyte. A web page that a server sent in the place of a file is recognised.
"""

from __future__ import annotations

import gzip
import io
import lzma
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any
from zipfile import (
    ZIP_BZIP2,
    ZIP_DEFLATED,
    ZIP_LZMA,
    ZIP_STORED,
    BadZipFile,
    LargeZipFile,
    ZipFile,
    ZipInfo,
)

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
DAMAGE = (
    BadZipFile,
    LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    LookupError,
    OverflowError,
    MemoryError,
)
"""What the standard library raises at bytes that are no whole archive; NotImplementedError is a RuntimeError."""
READ = (ZIP_STORED, ZIP_DEFLATED, ZIP_BZIP2, ZIP_LZMA)
_METHODS = {1: "Shrink", 6: "Implode", 9: "Deflate64", 93: "Zstandard", 95: "XZ", 98: "PPMd", 99: "AES"}
"""Names of methods of compression, PKWARE, .ZIP File Format Specification 6.3.10, 4.4.5."""
_STEP = 4096
"""Bytes asked for at once of BZip2 and LZMA, which unpack without a bound whatever they are given."""
_HTML = re.compile(rb"^\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body)", re.IGNORECASE)
_TITLE = re.compile(rb"<title[^>]*>([^<]{1,120})", re.IGNORECASE)


@dataclass(frozen=True)
class Member:
    """A file inside an archive, or the plain file itself: its name, unpacked size (0 if not known) and `open`."""

    name: str
    size: int
    where: str
    _open: Callable[[], AbstractContextManager[IO[bytes]]]

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """The unpacked bytes, until the end of the block; reading raises ZizhuError where they are damaged."""
        with self._open() as stream:
            yield stream


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
        return (Member(name, 0, str(path), partial(_unpacked, path)),)
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


def unsound(content: bytes) -> str:
    """Why a zip in memory is not to be unpacked: it is none, or a bomb; "" where nothing speaks against it."""
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            return _swollen(len(content), sum(m.file_size for m in archive.infolist()))
    except DAMAGE as error:
        return _words(error)


def _swollen(packed: int, unpacked: int) -> str:
    """What is too large in an archive of `packed` bytes; "" where it unpacks to no more than it may."""
    return f"{packed:,} bytes that unpack to {unpacked:,}" if unpacked > min(LARGEST, RATIO * packed) else ""


def _listed(path: Path) -> list[ZipInfo]:
    try:
        with ZipFile(path) as archive:
            return archive.infolist()
    except DAMAGE as error:
        raise ZizhuError(_damaged(str(path), _words(error))) from error


def _zipped(path: Path) -> tuple[Member, ...]:
    held = [m for m in _listed(path) if not m.filename.endswith("/")]
    problems = [p for m in held for p in _faults(m, path)]
    total, packed = sum(m.file_size for m in held), max(path.stat().st_size, 1)
    if swollen := _swollen(packed, total):
        problems.append(
            Problem(
                swollen,
                str(path),
                f"at most {RATIO} times its size and {LARGEST >> 30} GB",
                "This is no archive of a statistical office; check where it comes from.",
            )
        )
    if problems:
        raise ZizhuError(problems)
    if any(m.filename == WORKBOOK for m in held):
        return (_plain(path),)
    return tuple(
        Member(m.filename, m.file_size, f"{path}, {m.filename}", partial(_member, path, m))
        for m in sorted(held, key=lambda m: m.filename)
    )


@contextmanager
def _member(path: Path, member: ZipInfo) -> Iterator[IO[bytes]]:
    """A member of a zip; the archive is open no longer than it."""
    where = f"{path}, {member.filename}"
    step = BLOCK if member.compress_type in (ZIP_STORED, ZIP_DEFLATED) else _STEP
    try:
        archive = ZipFile(path)
    except DAMAGE as error:
        raise ZizhuError(_damaged(where, _words(error))) from error
    with archive:
        try:
            packed = archive.open(member)
        except DAMAGE as error:
            raise ZizhuError(_damaged(where, _words(error))) from error
        with io.BufferedReader(_Guarded(packed, member.file_size, where, step)) as stream:
            yield stream


def _faults(member: ZipInfo, path: Path) -> list[Problem]:
    name = PurePosixPath(member.filename.replace("\\", "/"))
    problems = []
    if not name.parts or name.is_absolute() or ".." in name.parts or re.match(r"^[A-Za-z]:", member.filename):
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
    if member.compress_type not in READ:
        method = _METHODS.get(member.compress_type, "an unknown method")
        problems.append(
            Problem(
                f"{member.filename[:80]!r} is packed with {method} (method {member.compress_type})",
                str(path),
                "a member packed with Deflate, BZip2 or LZMA, or not at all",
                "Unpack it with another program and give its files.",
            )
        )
    return problems


def _damaged(where: str, why: str) -> Problem:
    return Problem(f"damaged or cut short ({why})", where, "a whole archive", "Download it again.")


def _words(error: BaseException) -> str:
    return str(error)[:160] or type(error).__name__


class _Guarded(io.RawIOBase):
    """An unpacked stream of at most `most` bytes, read in pieces of at most `step`, with its faults told for people.

    Only the faults of unpacking become those of the file: what is done with the bytes has its own.
    """

    def __init__(self, stream: IO[bytes] | gzip.GzipFile, most: int, where: str, step: int) -> None:
        self._stream, self._left, self._where, self._step = stream, most, where, step

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer`; raises ZizhuError at damage and beyond the bound."""
        view = memoryview(buffer).cast("B")
        try:
            piece = self._stream.read(min(len(view), self._step))
        except DAMAGE as error:
            raise ZizhuError(_damaged(self._where, _words(error))) from error
        self._left -= len(piece)
        if self._left < 0:
            raise ZizhuError(
                Problem(
                    "it unpacks to more than it may",
                    self._where,
                    f"at most {RATIO} times its size",
                    "Check where it comes from.",
                )
            )
        view[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _unpacked(path: Path) -> IO[bytes]:
    # a gzip does not state its own size
    most = max(RATIO * path.stat().st_size, 1 << 20)
    return io.BufferedReader(_Guarded(gzip.GzipFile(path), most, str(path), BLOCK))
