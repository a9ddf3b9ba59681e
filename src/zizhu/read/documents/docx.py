"""Reading DOCX: paragraphs and tables in their order, then notes. No macro, link or entity of the file is followed."""

from __future__ import annotations

import io
import lzma
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zipfile import BadZipFile, LargeZipFile, ZipFile

from zizhu.read.documents.docx_table import rows
from zizhu.read.documents.raised import raised
from zizhu.read.documents.signs import Found, signs
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

LARGEST_PART = 128 << 20
"""Unpacked bytes of one part."""
RATIO = 250
"""Unpacked bytes to a packed one, beyond which a part is a bomb."""
SMALL = 1 << 20
"""Unpacked bytes that no part is refused for."""
BODY = "word/document.xml"
NOTES = ("word/footnotes.xml", "word/endnotes.xml")
CORE = "docProps/core.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_SIGNS = {
    f"{_W}tab": "\t",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "\u2011",
    f"{_W}softHyphen": "\u00ad",
}
_LEFT_OUT = frozenset((f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}pPr", f"{_W}rPr", _FALLBACK))
"""What was deleted, the codes of fields, and the form of paragraphs."""
_PARTS = (
    BadZipFile,
    LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    KeyError,
)


@dataclass(frozen=True)
class WordText:
    """What a DOCX says: its text, what it states of itself, what was left out."""

    text: str
    found: tuple[Found, ...]
    notes: tuple[str, ...]


def word_text(data: bytes, where: str) -> WordText:
    """Read a DOCX: a line a paragraph, a line a row of a table with tabs between its cells.

    Raises ZizhuError for a file that is damaged, encrypted or unpacks to too much, CannotAnswer for one without text.
    """
    with _archive(data, where) as archive:
        names = set(archive.namelist())
        body = _root(archive, BODY, where)
        lines = list(_lines(body))
        for part in NOTES:
            lines += list(_lines(_root(archive, part, where))) if part in names else []
        found = tuple(_stated(_root(archive, CORE, where))) if CORE in names else ()
    text = "\n".join(lines).strip("\n")
    if not text.strip():
        raise CannotAnswer(
            Problem("no text", where, "a document with text", "Pictures of pages need an OCR program first.")
        )
    deleted = sum(1 for _ in body.iter(f"{_W}del", f"{_W}moveFrom"))
    notes = (f"{deleted:,} tracked deletions were left out",) if deleted else ()
    return WordText(text, found, notes)


def _archive(data: bytes, where: str) -> ZipFile:
    try:
        return ZipFile(io.BytesIO(data))
    except _PARTS as error:
        raise _damaged(where, error) from error


def _root(archive: ZipFile, name: str, where: str) -> Any:
    """The tree of a part."""
    from lxml import etree

    place = f"{where}, {name}"
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        info = archive.getinfo(name)
        _check(info.file_size, info.compress_size, info.flag_bits, place)
        with archive.open(info) as part:
            content = part.read(info.file_size + 1)
        return etree.fromstring(content, parser)
    except etree.LxmlError as error:
        raise _damaged(place, error) from error
    except _PARTS as error:
        raise _damaged(place, error) from error


def _check(unpacked: int, packed: int, flags: int, where: str) -> None:
    if flags & 1:
        raise ZizhuError(Problem("encrypted", where, "no password", "Save it without a password."))
    if unpacked > min(LARGEST_PART, max(RATIO * packed, SMALL)):
        raise ZizhuError(
            Problem(
                f"{packed:,} bytes that unpack to {unpacked:,}",
                where,
                f"at most {RATIO} times its size and {LARGEST_PART >> 20} MB",
                "This is no document of an office; check where it comes from.",
            )
        )


def _lines(root: Any) -> Iterator[str]:
    """Paragraphs and rows of tables, in order."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.tag == f"{_W}p":
            yield _paragraph(element)
        elif element.tag == f"{_W}tbl":
            yield from rows(element, _paragraph)
        elif element.tag not in _LEFT_OUT:
            waiting += reversed(element)


def _paragraph(paragraph: Any) -> str:
    """The text of a paragraph as it is shown; boxes inside it are lines of their own."""
    parts: list[str] = []
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        if element.tag in _LEFT_OUT or (element.tag == f"{_W}r" and _vanished(element)):
            continue
        if element.tag in (f"{_W}t", _MATH_TEXT):
            said = element.text or ""
            parts.append(raised(said, "".join(parts[-1:])) if _above(element) else said)
        elif element.tag in _SIGNS:
            parts.append(_SIGNS[element.tag])
        elif element.tag == f"{_W}p":
            parts.append(f"\n{_flat(element)}\n")
        else:
            waiting += reversed(element)
    return "".join(parts).strip("\n")


def _flat(paragraph: Any) -> str:
    return "".join(element.text or "" for element in paragraph.iter(f"{_W}t"))


def _vanished(run: Any) -> bool:
    """Whether a run is hidden or struck out."""
    found = (run.find(f"{_W}rPr/{_W}{name}") for name in ("vanish", "strike", "dstrike"))
    return any(
        said is not None and said.get(f"{_W}val", "true") not in ("0", "false", "off") for said in found
    )


def _above(words: Any) -> bool:
    """Whether a run sets its words above the line."""
    place = words.getparent().find(f"{_W}rPr/{_W}vertAlign")
    return place is not None and place.get(f"{_W}val") == "superscript"


def _stated(core: Any) -> Iterator[Found]:
    known = signs("file")
    for element in core:
        name = str(element.tag).rpartition("}")[2]
        if (sign := known.get(name.casefold())) and element.text and element.text.strip():
            said = element.text.strip()[:500]
            yield Found(sign.field, said, f"property {name}: {said[:80]}", sign.confidence)


def _damaged(where: str, error: BaseException) -> ZizhuError:
    why = str(error)[:120] or type(error).__name__
    return ZizhuError(
        Problem(f"damaged or cut short ({why})", where, "a whole DOCX", "Get it again, or save it anew.")
    )
