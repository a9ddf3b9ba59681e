"""Reading PDF: text in reading order, pages with their spans, a box a character; nothing is drawn and nothing runs.

PDFium must not be used by two threads at once, and holds memory until it is told: one lock, and each handle is closed.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from zizhu.read.documents.pdf_hidden import REASONS as HIDDEN
from zizhu.read.documents.pdf_hidden import RECOGNISED, Reasons
from zizhu.read.documents.pdf_order import flows
from zizhu.read.documents.pdf_pieces import Pieces, pieces_of
from zizhu.read.documents.pdf_running import running
from zizhu.read.documents.pdf_text import joined, laid
from zizhu.read.model import Page
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

Tell = Callable[[int, int], None]
MOST_PAGES = 5_000
MOST_CHARACTERS = 50_000_000
TAIL = 4096
"""Bytes at the end in which a whole file has its end mark; some servers add a little behind it."""
_LOCK = threading.Lock()
_PASSWORD = 4
"""FPDF_ERR_PASSWORD"""
_LENGTH = re.compile(rb"/Linearized[^>]{0,200}?/L\s+(\d{1,12})")


@dataclass(frozen=True)
class PdfText:
    """What a PDF says: text, pages, the fields of its information, and what could not be read."""

    text: str
    pages: tuple[Page, ...]
    information: dict[str, str]
    notes: tuple[str, ...]


def pdf_text(data: bytes, where: str, tell: Tell) -> PdfText:
    """Read a PDF; `tell(done, total)` counts pages.

    Raises ZizhuError for a file that is encrypted, cut short, damaged or too large, CannotAnswer where it has no text.
    """
    if fault := _cut_short(data):
        raise _refused(fault, where, "a whole PDF", "Download it again.")
    with _LOCK, _opened(data, where) as pdf:
        (pages, why), information = _pages(pdf, where, tell), pdf.get_metadata_dict(skip_empty=True)
    notes = (*_notes(pages, where), *_unseen(why))
    left_out = running(pages)
    columns = (flows(page, out) for page, out in zip(pages, left_out, strict=True))
    text, spans = joined(
        [laid(at, page, c) for at, (page, c) in enumerate(zip(pages, columns, strict=True), 1)]
    )
    return PdfText(text, spans, information, notes)


def _cut_short(data: bytes) -> str:
    """What shows that the end of a file is missing; "" for nothing."""
    said = _LENGTH.search(data[:2048])
    if said and int(said[1]) > len(data):
        return f"cut short ({len(data):,} of {int(said[1]):,} bytes)"
    return "" if b"%%EOF" in data[-TAIL:].rstrip(b"\0") else "cut short (its end mark %%EOF is missing)"


@contextmanager
def _opened(data: bytes, where: str) -> Iterator[Any]:
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD:
            raise _refused(
                "encrypted",
                where,
                "a PDF without a password",
                "Open it with its password and save it without one.",
            ) from error
        raise _refused(
            "damaged", where, "a whole PDF", "Download it again, or print it to a new PDF."
        ) from error
    with closing(pdf):
        yield pdf


def _pages(pdf: Any, where: str, tell: Tell) -> tuple[list[Pieces], list[Reasons]]:
    total, characters = len(pdf), 0
    if total > MOST_PAGES:
        raise _refused(f"{total:,} pages", where, f"at most {MOST_PAGES:,}", "Give it in parts.")
    found: list[Pieces] = []
    unseen: list[Reasons] = []
    for at in range(total):
        page, why = _pieces(pdf, at, where)
        found.append(page)
        unseen.append(why)
        characters += len(why)
        if characters > MOST_CHARACTERS:
            raise _refused(
                f"more than {MOST_CHARACTERS:,} characters to page {at + 1}",
                where,
                "a document that people read",
                "Give it in parts.",
            )
        tell(at + 1, total)
    return found, unseen


def _pieces(pdf: Any, at: int, where: str) -> tuple[Pieces, Reasons]:
    import pypdfium2

    try:
        with closing(pdf[at]) as page, closing(page.get_textpage()) as text_page:
            return pieces_of(page, text_page)
    except pypdfium2.PdfiumError as error:
        raise _refused(
            f"page {at + 1} is damaged", where, "a whole PDF", "Download it again, or print it to a new PDF."
        ) from error


def _notes(pages: list[Pieces], where: str) -> tuple[str, ...]:
    """What could not be read; raises CannotAnswer where that is everything."""
    empty = [at for at, page in enumerate(pages, 1) if not len(page)]
    if len(empty) == len(pages):
        raise CannotAnswer(
            Problem(
                f"no text on any of its {len(pages):,} pages: pictures of pages, as scanners make them",
                where,
                "a PDF with text",
                "Recognise its text with an OCR program first and give what that writes.",
            )
        )
    unknown = sum(page.text.count("\ufffd") for page in pages)
    notes = []
    if empty:
        notes.append(f"no text on {_pages_named(empty)}: blank, or pictures of pages")
    if unknown:
        notes.append(f"{unknown:,} characters of the PDF do not say which letters they are")
    return tuple(notes)


def _unseen(pages: list[Reasons]) -> tuple[str, ...]:
    """How many characters of which pages nobody sees, by reason: they are left out, but for those of scans."""
    notes = []
    for reason, told in (*HIDDEN.items(), (RECOGNISED, "")):
        on = [at for at, why in enumerate(pages, 1) if (why == reason).any()]
        if not on:
            continue
        count = f"{sum(int((pages[at - 1] == reason).sum()) for at in on):,} characters on {_pages_named(on)}"
        if told:
            notes.append(f"{count} that are {told} were left out")
        else:
            notes.append(f"{count} are not painted but lie on pictures: text as a program recognised it")
    return tuple(notes)


def _pages_named(numbers: list[int]) -> str:
    """Pages in words, runs of them as from-to.

    >>> _pages_named([3]), _pages_named([1, 2, 3, 7])
    ('page 3', 'pages 1-3, 7')
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    said = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in runs[:20])
    return f"page{'s' if len(numbers) > 1 else ''} {said}{', ...' if len(runs) > 20 else ''}"


def _refused(what: str, where: str, expected: str, remedy: str) -> ZizhuError:
    return ZizhuError(Problem(what, where, expected, remedy))
