"""What comes out of the gate: claims, and candidates that were refused with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from zizhu.ledger.claims import Claim
from zizhu.ledger.models import Record

Reason = Literal[
    "malformed",
    "lost",
    "ambiguous",
    "cut",
    "negator",
    "no_number",
    "value",
    "unit",
    "comparator",
    "date",
    "twin",
    "repeated",
    "written",
]
WORDS: Mapping[Reason, str] = {
    "malformed": "the candidate cannot be a claim",
    "lost": "the quote is not in the document",
    "ambiguous": "the quote stands in several places, and nothing says which one is meant",
    "cut": "the quote begins or ends inside a word or a number",
    "negator": "the quote leaves out the negation before it",
    "no_number": "there is no number in the quote",
    "value": "the number in the quote has another value",
    "unit": "the number in the quote has another unit",
    "comparator": "the number in the quote is meant differently",
    "date": "the date is not where it is said to be",
    "twin": "another candidate says the same of the same words, but not in all fields",
    "repeated": "the sentence was read at its first places and not at those that follow",
    "written": "the number is written in a form that is not read",
}


class Rejected(Record):
    """A candidate that became no claim: what it said, the kind of reason, and the reason in words."""

    reason: Reason
    words: str
    quote: str
    start: int | None = None
    kind: str = ""
    subject: str = ""
    indicator: str | None = None
    said: str = ""
    """The number that it held, as the extractor read it."""
    times: tuple[str, ...] = ()
    extractor: str = ""


@dataclass(frozen=True)
class Admitted:
    """The claims of a document in reading order, and what was refused."""

    claims: tuple[Claim, ...]
    rejected: tuple[Rejected, ...] = ()


class Refused(Exception):
    """A candidate does not pass, for `reason`; `detail` says what was found instead."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        self.reason: Reason = reason
        self.words = f"{WORDS[reason]}: {detail}" if detail else WORDS[reason]
        super().__init__(self.words)
