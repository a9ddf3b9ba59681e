"""Bytes to text: what a byte order mark, the document itself or UTF-8 says; a guess only after these, and said so."""

from __future__ import annotations

import codecs
import re
from functools import cache
from typing import NamedTuple

from zizhu.vocab.packfiles import rows
from zizhu.vocab.problems import Problem, ZizhuError

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SAMPLE = 100_000
"""Bytes that a guess looks at."""
LEAST = 0.5
"""Confidence of a guess that is used."""
UNICODE_SHARE = 0.9
"""Share of the characters beyond ASCII that are whole in UTF-8, from which a file is UTF-8 that was damaged."""
_UNICODE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_BEYOND = re.compile(rb"[\x80-\xff]")
_TWICE = re.compile(
    "(?:[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0178\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{1,3})+"
)
"""What UTF-8 looks like that was read as Windows-1252."""


class Decoded(NamedTuple):
    """A text with its encoding, and notes on what is not sure of it."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decoded(data: bytes, where: str, declared: str = "") -> Decoded:
    """The exact text of `data`: no line end is changed, and a byte order mark of UTF-8 stays (U+FEFF).

    declared: the encoding that the document or its server states. Raises ZizhuError for bytes that are no text.
    """
    found = _marked(data, where) or _stated(data, declared) or _unmarked(data, where)
    found = found or _unicode(data, where) or _guessed(data, where)
    if "\0" in found.text:
        raise _no_text(f"character {found.text.index(chr(0)):,} is NUL", where)
    return found._replace(notes=found.notes + _doubts(found.text))


def _marked(data: bytes, where: str) -> Decoded | None:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return Decoded(_strict(data, encoding, where), encoding)
    return None


def _stated(data: bytes, declared: str) -> Decoded | None:
    """As declared, where that is an encoding of text and the bytes obey it."""
    try:
        encoding = codecs.lookup(declared.strip()).name if declared.strip() else ""
        # Chinese pages say GB2312 and use what came after it
        encoding = "gb18030" if encoding in ("gb2312", "gbk") else encoding
        return Decoded(data.decode(encoding), encoding) if encoding else None
    except (LookupError, UnicodeError, ValueError):
        return None


def _unmarked(data: bytes, where: str) -> Decoded | None:
    """UTF-16 without its mark, before UTF-8, of which such a text in Latin letters is valid, too."""
    wide = _wide(data) if b"\0" in data[:SAMPLE] else ""
    return (
        Decoded(_strict(data, wide, where), wide, (f"read as {wide}, which the file does not say",))
        if wide
        else None
    )


def _unicode(data: bytes, where: str) -> Decoded | None:
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        whole = b"".join(_UNICODE.findall(data))
        if len(whole) >= UNICODE_SHARE * len(_BEYOND.findall(data)):
            raise ZizhuError(
                Problem(
                    f"damaged UTF-8: byte {error.start:,} begins no character ({error.reason})",
                    where,
                    "a text in UTF-8",
                    "Get the file again, or mend it at this place.",
                )
            ) from error
    return None


def _guessed(data: bytes, where: str) -> Decoded:
    if b"\0" in data:
        raise _no_text(f"byte {data.index(0):,} is NUL", where)
    encoding, confidence = _best(data)
    if confidence < LEAST:
        raise ZizhuError(
            Problem(
                "not known in which encoding it is",
                where,
                "a text in UTF-8",
                "Open it in an editor and save it as UTF-8.",
            )
        )
    note = f"read as {encoding}, which the file does not say (confidence {confidence:.2f})"
    return Decoded(_strict(data, encoding, where), encoding, (note,))


def _wide(data: bytes) -> str:
    """UTF-16 without its mark, where every other byte of a text in Latin letters is NUL."""
    even, odd = data[:SAMPLE:2].count(0), data[1:SAMPLE:2].count(0)
    half = min(len(data), SAMPLE) / 2
    if len(data) % 2 or max(even, odd) < 0.6 * half or min(even, odd) > 0.05 * half:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _best(data: bytes) -> tuple[str, float]:
    from charset_normalizer import from_bytes

    order = _encodings()
    sample = data[:SAMPLE]
    found = [m for m in from_bytes(sample, cp_isolation=list(order)) if m.encoding in order]
    if not found:
        return "", 0.0
    best = min(found, key=lambda m: (round(m.chaos, 2), -round(m.coherence, 1), order.index(m.encoding)))
    return best.encoding, (1 - best.chaos) * (1.0 if best.coherence else LEAST + 0.1)


@cache
def _encodings() -> tuple[str, ...]:
    return tuple(row["encoding"] for row in rows("read/encodings.csv"))


def _strict(data: bytes, encoding: str, where: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ZizhuError(
            Problem(
                f"byte {error.start:,} is not {encoding} ({error.reason})",
                where,
                f"a text in {encoding}, as its beginning is",
                "Open it in an editor and save it as UTF-8.",
            )
        ) from error


def _doubts(text: str) -> tuple[str, ...]:
    notes = []
    if lost := text.count("\ufffd"):
        notes.append(f"{lost:,} characters were lost before the file was written (U+FFFD)")
    twice = sum(_was_unicode(m[0]) for m in _TWICE.finditer(text))
    if twice >= 3:
        notes.append(
            f"{twice:,} places look like UTF-8 that was read as Windows-1252: quotes show them as they stand"
        )
    return tuple(notes)


def _was_unicode(text: str) -> bool:
    try:
        text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return False
    return True


def _no_text(what: str, where: str) -> ZizhuError:
    return ZizhuError(Problem(f"no text: {what}", where, "text, HTML, PDF or DOCX", "Give a document."))
