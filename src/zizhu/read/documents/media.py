"""What kind of document some bytes are: by what they hold, and by their name only where that says nothing."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from zizhu.vocab.packfiles import rows
from zizhu.vocab.problems import Problem, ZizhuError

Media = Literal[
    "text/plain",
    "text/html",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
]
TEXT: Media = "text/plain"
HTML: Media = "text/html"
PDF: Media = "application/pdf"
DOCX: Media = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXPECTED = "text, HTML, PDF or DOCX"
HEAD = 4096
PDF_WITHIN = 1024
"""Bytes before which the mark of a PDF may stand."""
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_TAG = re.compile(rb"<(?:p|div|h[1-6]|title|meta|article|span|a|br|table|ul)[\s>/]", re.IGNORECASE)
_MAIL = re.compile(
    rb"^(?:content-transfer-encoding:\s*base64|content-type:\s*multipart/)", re.IGNORECASE | re.MULTILINE
)
_PAGE_NAMES = (".html", ".htm", ".xhtml")
_OTHER_ZIPS = (
    (b"xl/", "a workbook", "It is data, not a document: connect it with `zizhu data add`."),
    (b"ppt/", "a presentation", "Save it as PDF."),
    (b"mimetypeapplication/vnd.oasis", "an OpenDocument file", "Save it as DOCX or PDF."),
    (b"mimetypeapplication/epub", "an e-book", "Convert it to HTML or PDF."),
)


def media_of(data: bytes, name: str) -> Media:
    """The media type; raises ZizhuError for what is none of the four."""
    if not data.strip():
        raise _refused("an empty file", name, "Check where it comes from.")
    head = data[:HEAD]
    if b"%PDF-" in head[:PDF_WITHIN]:
        return PDF
    if head.startswith(b"PK"):
        return _zip(data, name)
    for signature, kind, remedy in _signatures():
        if head.startswith(signature):
            raise _refused(kind, name, remedy)
    # UTF-16 has a NUL beside each letter of ASCII
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if _MAIL.search(plain):
        raise _refused(
            "a message or page with packed parts (MIME)", name, "Open it and save or paste its text."
        )
    if _is_page(plain, name):
        return HTML
    if plain.startswith(b"<?xml"):
        raise _refused("an XML file", name, "Save it as text or HTML.")
    return TEXT


def _is_page(plain: bytes, name: str) -> bool:
    if _PAGE.search(plain) and plain.startswith(b"<"):
        return True
    named = name.lower().partition("?")[0].endswith(_PAGE_NAMES)
    return bool(_TAG.search(plain)) and (named or (plain.startswith(b"<") and len(_TAG.findall(plain)) > 2))


def _zip(data: bytes, name: str) -> Media:
    # names of members stand in the directory at the end, and in front of each member
    if b"word/document.xml" in data:
        return DOCX
    for mark, kind, remedy in _OTHER_ZIPS:
        if mark in data:
            raise _refused(kind, name, remedy)
    raise _refused("a zip archive", name, "Unpack it and give its documents, or their folder.")


@cache
def _signatures() -> tuple[tuple[bytes, str, str], ...]:
    found = ((bytes.fromhex(r["signature"]), r["kind"], r["remedy"]) for r in rows("read/file_kinds.csv"))
    return tuple(row for row in found if row[2])


def _refused(what: str, where: str, remedy: str) -> ZizhuError:
    return ZizhuError(Problem(what, where, EXPECTED, remedy))
