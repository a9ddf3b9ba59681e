"""From bytes to a document: what it is, its text, and what it states of itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from zizhu.ledger.claims import LayerName
from zizhu.read.documents.datelines import in_address, in_dateline
from zizhu.read.documents.decode import decoded
from zizhu.read.documents.docx import word_text
from zizhu.read.documents.html import page_text
from zizhu.read.documents.language import UNKNOWN, language_of
from zizhu.read.documents.media import DOCX, HTML, PDF, TEXT, Media, media_of
from zizhu.read.documents.paste import head
from zizhu.read.documents.published import dated, in_head, in_masthead, stated
from zizhu.read.documents.signs import Found, best, signs
from zizhu.read.model import Document, Layer, Page
from zizhu.read.words.digits import unread
from zizhu.vocab.problems import Problem, ZizhuError

LARGEST = 256 << 20
"""Bytes of a document."""
LARGEST_TEXT = 64 << 20
"""Bytes of one that is text."""
_READ = ("en", "zh", UNKNOWN)
"""Languages in which a letter of another script has no place beside digits."""
_PLACES = 5
"""Numbers that cannot be read and are named with their place."""
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class _Said:
    """What a reader made of the bytes."""

    layer: LayerName
    text: str
    found: tuple[Found, ...]
    notes: tuple[str, ...]
    pages: tuple[Page, ...] = ()
    language: str = ""


def _silent(_done: int, _total: int) -> None:
    """Tell nobody."""


def opened(
    data: bytes,
    name: str,
    *,
    language: str | None = None,
    published: str | None = None,
    publisher: str = "",
    title: str = "",
    charset: str = "",
    tell: Tell = _silent,
) -> Document:
    """Read text, HTML, PDF or DOCX. What is given is believed before what the document states of itself.

    name: the file or address that messages name; language: ISO 639-1; published: a date in EDTF; charset: what a
    server states; tell: called with (pages done, all pages) of a PDF.
    Raises ZizhuError for bytes that cannot be read, CannotAnswer for a document without text.
    """
    _check_size(len(data), LARGEST, name)
    media = media_of(data, name)
    said = _READERS[media](data, name, charset, tell)
    asked = {"language": language or "", "published": published or "", "publisher": publisher, "title": title}
    return _document(hashlib.sha256(data).hexdigest(), name, media, said, asked)


def from_text(
    paste: str,
    name: str = "pasted text",
    *,
    language: str | None = None,
    published: str | None = None,
    publisher: str = "",
    title: str = "",
) -> Document:
    """A document of pasted text; the head of a message (From, Date, Subject) says who, when and what.

    Raises ZizhuError for a text that is empty, too long, or has what is no character.
    """
    try:
        data = paste.encode()
    except UnicodeEncodeError as error:
        raise ZizhuError(
            Problem(f"character {error.start:,} is half of one", name, "whole characters", "Paste it again.")
        ) from error
    _check_size(len(data), LARGEST_TEXT, name)
    if not paste.strip():
        raise ZizhuError(Problem("an empty text", name, "text", "Paste something."))
    if "\0" in paste:
        raise ZizhuError(
            Problem(f"character {paste.index(chr(0)):,} is NUL", name, "text", "Paste it again.")
        )
    asked = {"language": language or "", "published": published or "", "publisher": publisher, "title": title}
    return _document(hashlib.sha256(data).hexdigest(), name, TEXT, _plain(paste, ()), asked)


def _document(digest: str, name: str, media: str, said: _Said, asked: dict[str, str]) -> Document:
    layer = Layer(said.layer, said.text, hashlib.sha256(said.text.encode()).hexdigest(), said.pages)
    language = asked["language"] or language_of(said.text)
    language = said.language or UNKNOWN if language == UNKNOWN else language
    found = [*said.found, *_printed(said, language), *in_dateline(said.text), *in_address(name)]
    day = stated(asked["published"]) if asked["published"] else dated(_day(found))
    return Document(
        id=digest,
        name=name,
        media=media,
        layer=layer,
        language=language,
        publisher=asked["publisher"] or _value(found, "publisher"),
        title=asked["title"] or _value(found, "title"),
        published=day,
        notes=said.notes + _unread(said.text, language),
    )


def _printed(said: _Said, language: str) -> Iterator[Found]:
    """Days that the head of a text says; of print that of its first page, the masthead before all further lines."""
    first = next((p.span for p in said.pages if said.text[slice(*p.span)].strip()), None)
    head = said.text if first is None else said.text[slice(*first)]
    if first is not None:
        yield from in_masthead(head)
    yield from in_head(head, language)


def _unread(text: str, language: str) -> tuple[str, ...]:
    """How many numbers cannot be read for the signs that they are written in, and where the first stand."""
    found = unread(text) if language in _READ else ()
    if not found:
        return ()
    places = ", ".join(f"{text[slice(*s)]!r} at character {s.start:,}" for s in found[:_PLACES])
    more = f" and {len(found) - _PLACES:,} more" if len(found) > _PLACES else ""
    what = "1 number was" if len(found) == 1 else f"{len(found):,} numbers were"
    why = "letters stand in the place of digits, or digits of several scripts in one number"
    return (f"{what} not read, {why}: {places}{more}",)


def _day(found: Iterable[Found]) -> Found | None:
    """The best sign whose words are a date."""
    return best((f for f in found if f.field == "published" and dated(f)), "published")


def _value(found: Iterable[Found], field: str) -> str:
    known = best(found, "title" if field == "title" else "publisher")
    return known.value if known else ""


def _plain(text: str, notes: tuple[str, ...]) -> _Said:
    message = head(text)
    return _Said("raw", text, message.found, notes + message.notes)


def _text(data: bytes, name: str, charset: str, _tell: Tell) -> _Said:
    _check_size(len(data), LARGEST_TEXT, name)
    found = decoded(data, name, charset)
    return _plain(found.text, found.notes)


def _html(data: bytes, name: str, charset: str, _tell: Tell) -> _Said:
    page = page_text(data, name, charset)
    return _Said("html-main", page.text, page.found, page.notes, language=page.language)


def _pdf(data: bytes, name: str, _charset: str, tell: Tell) -> _Said:
    # numpy, which it needs, is not there before a PDF is
    from zizhu.read.documents.pdf import pdf_text

    pdf = pdf_text(data, name, tell)
    known = signs("file")
    found = tuple(
        Found(sign.field, value.strip()[:500], f"{key} of the PDF: {value[:80]}", sign.confidence)
        for key, value in pdf.information.items()
        if (sign := known.get(key.casefold())) and value.strip()
    )
    return _Said("pdf-text", pdf.text, found, pdf.notes, pdf.pages)


def _docx(data: bytes, name: str, _charset: str, _tell: Tell) -> _Said:
    word = word_text(data, name)
    return _Said("docx-text", word.text, word.found, word.notes)


_READERS: dict[Media, Callable[[bytes, str, str, Tell], _Said]] = {
    TEXT: _text,
    HTML: _html,
    PDF: _pdf,
    DOCX: _docx,
}


def _check_size(size: int, most: int, name: str) -> None:
    if size > most:
        raise ZizhuError(
            Problem(f"{size:,} bytes", name, f"at most {most >> 20} MB", "Give the part that matters.")
        )
