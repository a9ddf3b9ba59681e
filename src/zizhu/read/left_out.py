"""Numbers of a document that become no claim for the way in which they are written: each is told, none is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from zizhu.ledger.claims import Claim
from zizhu.read.gate.outcome import WORDS, Rejected
from zizhu.read.model import Document
from zizhu.read.words.tables import cells

MOST = 1_000
"""Numbers that are told of one document."""
DIGITS = 40
"""Digits from which a number is none of the world that documents speak of."""
_SHOWN = 80
_DOTTED = re.compile(r"(?<![\w.,])\d{1,3}(?:\.\d{3})+(?:,\d+|\.\d{3})(?![\w]|[.,]\d)")
"""Points between thousands: `1.234.567,89`, `1.234.567`. One point alone (`3.500`) is read as that of decimals."""
_LONG = re.compile(rf"\d(?:,?\d){{{DIGITS},}}")
_FIGURE = re.compile(r"[-+−–]?\s*\d[\d.,\s]*%?")
_YEAR = re.compile(r"(?:19|20)\d\d")


def unreadable(text: str) -> tuple[Rejected, ...]:
    """The numbers of a text in a form that is not read, with the reason."""
    return tuple(islice(_unreadable(text), MOST))


def _unreadable(text: str) -> Iterator[Rejected]:
    for form, why in ((_DOTTED, "points between thousands"), (_LONG, f"more than {DIGITS} digits")):
        for found in form.finditer(text):
            digits = found[0] if len(found[0]) <= _SHOWN else f"{found[0][: _SHOWN - 3]}..."
            words = f"{WORDS['written']}: {why}"
            yield Rejected(reason="written", words=words, quote=digits, start=found.start(), said=digits)


def of_tables(document: Document, claims: Sequence[Claim]) -> str:
    """What is said of figures in tables that no claim gives; empty where there are none."""
    claimed = {c.evidence[0].value_position.start for c in claims if c.evidence[0].value_position}
    left = sum(1 for start, end in _figures(document.text) if claimed.isdisjoint(range(start, end)))
    if not left:
        return ""
    what = "1 figure of a table is" if left == 1 else f"{left:,} figures of tables are"
    return (
        f"{what} in the text and in no claim: claims are read from sentences and from rows whose unit is said"
    )


def _figures(text: str) -> Iterator[tuple[int, int]]:
    """Where cells stand that hold a number and nothing else, years apart."""
    for start, end in cells(text):
        said = text[start:end]
        if _FIGURE.fullmatch(said) and not _YEAR.fullmatch(said):
            yield start, end
