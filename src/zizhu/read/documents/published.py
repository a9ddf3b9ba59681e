"""When a document was published: what it states, each with its evidence and how far that is believed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

from zizhu.read.dates import dates
from zizhu.read.documents.signs import Found, signs
from zizhu.read.model import Dated
from zizhu.vocab.periods import parse

LINES = 40
"""Lines from the beginning in which a document says its day."""
LONGEST = 160
"""Characters of such a line."""
BESIDE = 40
"""Letters and digits that may stand in it beside the date: a weekday, an hour, a name."""
_FINE = re.compile(r"\d{4}-\d{2}(?:-\d{2})?")
"""A day or a month: a bare year in a heading is rarely that of publication."""
_PARTED = re.compile(r"(?<=[.|·])\s+")
"""Between what stands side by side in a line: `Harbour Institute. Published on 9 October 2024`."""
_ISO = re.compile(r"(\d{4})-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])?(?=$|[T\s:+Z\d])")
_PDF = re.compile(r"D:(\d{4})(\d{2})?(\d{2})?")
MASTHEAD = 3
"""Lines from the beginning of a printed page that may be its masthead."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_BEFORE = re.compile(r"(?:\A|[A-Z]\w*[,.]?|[|·•–—]) *\Z")
"""What stands before the day of a masthead: a name and no word that makes it the day of something (`of`, `since`)."""
_DASHED = re.compile(r"[|·•–—] *\Z")
_NUMBER = re.compile(r"(?:[ |·•–—,]*(?:(?:no|nr|issue|vol|volume)\.? ?)?\d{0,5})*", re.IGNORECASE)
"""What stands behind it: the number of an issue, or nothing."""
_WORD = re.compile(r"[^\W\d_]+")
_LETTER = re.compile(r"[^\W_]")


def stated(edtf: str) -> Dated:
    """The day that the user states; raises ZizhuError where it is no date."""
    parse(edtf, "published")
    return Dated(edtf, "stated by the user", 1.0)


def dated(found: Found | None) -> Dated | None:
    """What was found as a date, None where it says none."""
    edtf = edtf_of(found.value) if found else ""
    return Dated(edtf, found.evidence, found.confidence) if found and edtf else None


def edtf_of(said: str) -> str:
    """The day or month that a field says, in ISO 8601, as mail writes it or in words; "" for none.

    >>> edtf_of("2024-11-21T08:30:00+08:00"), edtf_of("D:20240305120000Z"), edtf_of("Thu, 21 Nov 2024 08:30:00 +0000")
    ('2024-11-21', '2024-03-05', '2024-11-21')
    """
    said = said.strip()[:LONGEST]
    iso = _ISO.match(said) or _PDF.match(said)
    if iso:
        return "-".join(part for part in iso.groups() if part)
    try:
        return parsedate_to_datetime(said).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return next((w.edtf for w in dates(said) if _FINE.fullmatch(w.edtf)), "")


def in_head(text: str, language: str) -> Iterator[Found]:
    """Dates in the first lines of a text that stand alone or beside a word of publishing."""
    start = text[: LINES * LONGEST].lstrip("\ufeff")
    lines = [line.strip() for line in start.splitlines() if line.strip()][:LINES]
    for line in lines:
        if len(line) <= LONGEST:
            found = list(_in_line(line, language))
            yield from found
            parts = [] if found else _PARTED.split(line)
            for part in parts if len(parts) > 1 else ():
                yield from (f._replace(evidence=f"line {line[:80]!r}") for f in _in_line(part, language))


def in_masthead(text: str) -> Iterator[Found]:
    """The day between the name of a periodical and the number of its issue, which stand in one line of print."""
    lines = (line.strip() for line in text[: MASTHEAD * LONGEST * 2].splitlines() if line.strip())
    for line, _ in zip(lines, range(MASTHEAD), strict=False):
        for when in dates(line) if len(line) <= LONGEST else ():
            before, behind = line[: when.span.start], line[when.span.end :]
            alone = _BEFORE.search(before) and _NUMBER.fullmatch(behind)
            if alone and _DAY.fullmatch(when.edtf) and len(_LETTER.findall(before)) <= BESIDE:
                sure = signs("masthead")[""].confidence
                yield Found("published", when.edtf, f"line {line[:80]!r}", sure)


def _in_line(line: str, language: str) -> Iterator[Found]:
    for when in dates(line, language=language):
        if not _FINE.fullmatch(when.edtf):
            continue
        beside = line[: when.span.start] + line[when.span.end :]
        sign = _sign(beside.casefold())
        if sign is None and _headed(line[: when.span.start], line[when.span.end :]):
            sign = signs("masthead")[""].confidence
        if sign is not None and len(_LETTER.findall(beside)) <= BESIDE:
            yield Found("published", when.edtf, f"line {line[:80]!r}", sign)


def _headed(before: str, behind: str) -> bool:
    """Whether names and a dash stand before a date that ends its line: `Ministry of Trade, Oslo — 3 May 2025`."""
    words = _WORD.findall(before)
    named = 3 * sum(word[0].isupper() for word in words) >= 2 * len(words)
    return named and bool(_DASHED.search(before)) and not behind.strip(" .")


def _sign(beside: str) -> float | None:
    """How far the date of a line is believed, by the words beside it."""
    words = f" {' '.join(_WORD.findall(beside))} "
    said = [s.confidence for name, s in signs("line").items() if name and _names(name, beside, words)]
    if said:
        return max(said)
    return signs("line")[""].confidence if len(_LETTER.findall(beside)) <= BESIDE // 2 else None


def _names(name: str, beside: str, words: str) -> bool:
    # Chinese has no blanks between words
    return f" {name} " in words if name.isascii() else name in beside
