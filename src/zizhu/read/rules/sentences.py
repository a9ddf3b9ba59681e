"""Sentences and clauses: where they begin and end.

Sentences end at their marks, at the end of a paragraph, a heading or a bullet; after an abbreviation only where a word
with which sentences begin follows, and not within a quotation of usual length. Clauses end at marks and before words
that open a new one (rows of cues.csv).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from zizhu.read.model import Span
from zizhu.read.rules.lexicon import words_tagged
from zizhu.read.rules.runs import pieces
from zizhu.read.rules.tokens import Token, tokens
from zizhu.read.words.tables import tables

_LONGEST_QUOTE = 120
"""Tokens within which a quotation must close to hold its sentences together."""
_WRAPPED = 60
"""A line of at least so many characters may go on in the next one."""
_WRAPPED_HAN = 25
_QUOTES = frozenset('“”"')
_BULLETS = "•·-*–●▪◦‣○■"
_ENDS = frozenset(".!?。！？；")
_DASHES = frozenset("-–—−")
_MARKS = _DASHES | frozenset("；;：:，,!?。.")
"""Marks at which a clause may end."""
_INSERTING = _DASHES | frozenset("()（）")
"""Marks around what is put in between."""
_CLOSERS = frozenset("\"'”’)]）」』》")


@dataclass(frozen=True)
class Sentence:
    """A sentence: its tokens, its place in the text and the number of its paragraph from 0."""

    tokens: Sequence[Token]
    paragraph: int
    around: Sequence[Token] = ()
    """The tokens among which it is to be read, where its count alone cut it out of a longer run."""

    own: Span | None = None
    """The code points that are its own, where the tokens are also those around it."""

    def read_as(self) -> Sentence:
        """The sentence with the tokens among which it is to be read."""
        return Sentence(self.around, self.paragraph, (), Span(self.start, self.end)) if self.around else self

    @property
    def start(self) -> int:
        """First code point."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """Code point after the last."""
        return self.tokens[-1].end


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text in order."""
    for number, span in enumerate(paragraphs(text)):
        found = tokens(text, span.start, span.end)
        for whole in _sentence_ranges(found):
            for own, around in pieces(found, *whole):
                wide = found[slice(*around)] if around != own else ()
                yield Sentence(found[slice(*own)], number, wide)


def paragraphs(text: str) -> Iterator[Span]:
    """Runs of lines that belong together: a wrapped line goes on, a heading or a bullet stands alone."""
    start, position = -1, 0
    for line in text.splitlines(keepends=True):
        end = position + len(line)
        if not line.strip():
            if start >= 0:
                yield Span(start, position)
            start = -1
        else:
            start = position if start < 0 else start
            if not _goes_on(line.strip(), text, end):
                yield Span(start, end)
                start = -1
        position = end
    if start >= 0:
        yield Span(start, position)


def _goes_on(line: str, text: str, end: int) -> bool:
    """Whether the line after `end` continues this one."""
    following = text[end : end + 40].split("\n", 1)[0].strip()
    if not following or following[0] in _BULLETS or _borders(text, end):
        return False
    if following[0].islower():
        return True
    han = "\u3400" <= line[-1] <= "\u9fff"
    long = len(line) >= (_WRAPPED_HAN if han else _WRAPPED)
    return long and line[-1] not in '.!?。！？:：;；”"'


def _borders(text: str, end: int) -> bool:
    """Whether the line before or behind a position is the row of a table."""
    held = tables(text)
    return bool(held.rows) and bool(held.row_at(end) or held.row_at(max(end - 2, 0)))


def _sentence_ranges(found: Sequence[Token]) -> Iterator[tuple[int, int]]:
    texts = [t.text for t in found]
    first, held = 0, _held_by_quotes(texts)
    for mark in (k for k, text in enumerate(texts) if text in _ENDS):
        if mark not in held and _ends_at(found, mark):
            at = mark
            while at + 1 < len(found) and texts[at + 1] in _CLOSERS and _closes(found, at + 1):
                at += 1
            yield first, at + 1
            first = at + 1
    if first < len(found):
        yield first, len(found)


def _closes(found: Sequence[Token], at: int) -> bool:
    """Whether a quotation mark closes: a straight one does so when it follows without a blank."""
    return found[at].start == found[at - 1].end


def _ends_at(found: Sequence[Token], at: int) -> bool:
    mark = found[at].text
    if mark != ".":
        return True
    return not _abbreviates(found, at)


def _abbreviates(found: Sequence[Token], at: int) -> bool:
    """Whether a full stop belongs to an abbreviation, a number or an initial, and ends no sentence at once."""
    if at + 1 == len(found) or at == 0:
        return False
    before, after = found[at - 1], found[at + 1]
    if after.start == found[at].end and after.text not in _CLOSERS:
        return True  # U.S, 3.5, www.name
    if after.text[0].islower() or after.text[0] in ",;":
        return True
    joined = before.end == found[at].start
    initial = len(before.text) == 1 and before.capital
    if not joined or not (initial or before.word in words_tagged("abbreviation")):
        return False
    if before.word in words_tagged("honorific"):
        return True  # `Dr. He`
    return not (initial and _in_word(found, at - 1)) and not _opens(found, at + 1)


def _in_word(found: Sequence[Token], at: int) -> bool:
    """Whether a letter is the last of a word such as `R&D`, and no initial."""
    return at > 0 and found[at - 1].text == "&" and found[at - 1].end == found[at].start


def _opens(found: Sequence[Token], at: int) -> bool:
    """Whether a word with which sentences begin stands behind an abbreviation: `in the U.S. The firm`."""
    initial = at + 1 < len(found) and found[at + 1].text == "."
    return found[at].capital and found[at].word in words_tagged("sentence_opener") and not initial


def _held_by_quotes(texts: Sequence[str]) -> frozenset[int]:
    """Tokens inside quotations that close within usual length: sentences in them are not parted."""
    held: set[int] = set()
    opened = -1
    for at in (k for k, text in enumerate(texts) if text in _QUOTES):
        if texts[at] == "“" or (texts[at] == '"' and opened < 0):
            opened = at
        elif texts[at] in '”"' and opened >= 0:
            if at - opened <= _LONGEST_QUOTE:
                held.update(range(opened, at - 1))
            opened = -1
    return frozenset(held)


def clauses(found: Sequence[Token], openers: frozenset[int]) -> tuple[tuple[int, int], ...]:
    """Token ranges of the clauses of a sentence; `openers` are tokens at which a word opens one.

    What stands in brackets or between two dashes belongs to the clause around it.
    """
    texts = [t.text for t in found]
    inserted = _inserted(found, texts)
    bounds = [0]
    for at in (k for k, text in enumerate(texts) if text in _MARKS or k in openers):
        if at in inserted:
            continue
        if at in openers and at > bounds[-1] + 1:
            bounds.append(at)
        elif _parts(found, at) and at + 1 < len(found) and at + 1 not in openers:
            bounds.append(at + 1)
    bounds.append(len(found))
    ranges = ((a, b) for a, b in pairwise(bounds) if b > a)
    return tuple(_trimmed(found, *r) for r in ranges)


def _inserted(found: Sequence[Token], texts: Sequence[str]) -> frozenset[int]:
    """Tokens in brackets, and between the two dashes of a sentence that has just two."""
    if _INSERTING.isdisjoint(texts):
        return frozenset()
    held: set[int] = set()
    opened = -1
    for at, text in enumerate(texts):
        if text in "(（":
            opened = at
        elif text in ")）" and opened >= 0:
            held.update(range(opened, at + 1))
            opened = -1
    dashes = [k for k, text in enumerate(texts) if text in _DASHES and k not in held and _dash(found, k)]
    if len(dashes) == 2:
        held.update(range(dashes[0], dashes[1] + 1))
    return frozenset(held)


def _dash(found: Sequence[Token], at: int) -> bool:
    """Whether a token is a dash between words, not a hyphen in one."""
    if found[at].word != "-" or not 0 < at < len(found) - 1:
        return False
    spaced = found[at - 1].end < found[at].start and found[at].end < found[at + 1].start
    return spaced or found[at].text == "—"


def _parts(found: Sequence[Token], at: int) -> bool:
    """Whether a mark ends a clause; a Chinese comma does, an English one only with a word that opens a clause."""
    text = found[at].text
    if text == ".":
        return not _abbreviates(found, at)
    if text == ",":
        return found[at - 1].han and at > 0
    return text in "；;：:，!?。" or _dash(found, at)


def _trimmed(found: Sequence[Token], first: int, last: int) -> tuple[int, int]:
    """A range without blanks of meaning at its ends: commas, dashes and joining words stay outside."""
    while last - 1 > first and found[last - 1].text in ",;:，；：—–-":
        last -= 1
    while first < last - 1 and found[first].text in ",;:，；：—–-":
        first += 1
    return first, last
