"""Whether a span may end where it does: not inside a word or a number, and not behind the negation of what it says.

A quote that is cut so is in the source letter by letter, and says something else: `5 %` of `-5 %`, `million` of `half a
million`, `require local content` of `does not require local content`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from zizhu.read.model import Span
from zizhu.vocab.packfiles import rows

_POINTS = ".,:/·'’"
_NO_WIDTH = "\ufeff\u200b"
_PARTS = "%％‰°"
REACH = 2
"""Words between a negator and the quote that it still governs ("does not yet require")."""
LONGEST = 3
"""Words of a negator."""
_BEFORE = 48
_TOKEN = re.compile(r"[a-z']+|\S")


def seen(text: str, span: Span) -> Span:
    """A span without the blanks of no width at its ends: the mark of a byte order is no word of a document."""
    words = text[slice(*span)]
    start = span.start + len(words) - len(words.lstrip(_NO_WIDTH))
    return Span(start, max(start, span.start + len(words.rstrip(_NO_WIDTH))))


def cut(text: str, span: Span) -> bool:
    """Whether `span` begins or ends inside a word or a number of `text`."""
    return _inside(text, span.start) or _inside(text, span.end)


def _inside(text: str, at: int) -> bool:
    """Whether the characters before and after an offset belong together."""
    if not 0 < at < len(text):
        return False
    a, b = text[at - 1], text[at]
    before, after = text[at - 2 : at - 1] if at > 1 else "", text[at + 1 : at + 2]
    if unicodedata.combining(b) or (a.isalnum() and b.isalnum()):
        return not (_han(a) or _han(b)) or (a.isnumeric() and b.isnumeric())
    if _numeral(b):
        return _sign(a) or (a in _POINTS and _numeral(before))
    return _numeral(a) and (
        b in _PARTS or (b in _POINTS and _numeral(after)) or (_dash(b) and _numeral(after))
    )


def _numeral(c: str) -> bool:
    return bool(c) and (c.isdigit() or c.isnumeric()) and not _han(c)


def _sign(c: str) -> bool:
    return _dash(c) or c in "+±" or unicodedata.category(c) == "Sc"


def _dash(c: str) -> bool:
    return c == "\N{MINUS SIGN}" or unicodedata.category(c) == "Pd"


def _han(c: str) -> bool:
    return "⺀" <= c < "ꀀ" or c >= "\U00020000"


def negated_before(text: str, start: int) -> str:
    """The negator that governs what begins at `start` in the same clause; empty where there is none."""
    left = text[max(0, start - _BEFORE) : start].lower().replace("’", "'")
    known = _negators()
    if left.endswith(known["zh"]):
        return next(negator for negator in known["zh"] if left.endswith(negator))
    found = _TOKEN.findall(left)
    if _first_words().isdisjoint(found):
        return ""
    for skipped in range(REACH + 1):
        end = len(found) - skipped
        if end <= 0 or (skipped and not _governed(found[end])):
            return ""
        for length in range(1, LONGEST + 1):
            phrase = " ".join(found[max(0, end - length) : end])
            if phrase in known["en"]:
                return phrase
    return ""


@cache
def _first_words() -> frozenset[str]:
    """The words by which English negators begin."""
    return frozenset(negator.partition(" ")[0] for negator in _negators()["en"])


def _governed(token: str) -> bool:
    """Whether a negation reaches over a word: not over a mark, and "not only" negates nothing."""
    return token[0].isalpha() and token != "only"


@cache
def _negators() -> dict[str, tuple[str, ...]]:
    """The words of the lexicon that negate what follows them, by language, the longest first."""
    listed = [r for r in rows("read/cues.csv") if r["tag"] == "negation" and r["value"] != "none"]
    return {
        language: tuple(
            sorted(
                {row["phrase"].lower() for row in listed if row["language"] == language},
                key=lambda p: (-len(p), p),
            )
        )
        for language in ("en", "zh")
    }
