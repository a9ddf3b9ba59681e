"""Sentences that a document repeats over and over: the first places are read, further ones are counted."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace

from zizhu.read.gate.outcome import WORDS, Rejected
from zizhu.read.model import Document, Span
from zizhu.read.rules.sentences import sentences

PLACES = 20
"""Places at which one sentence is read."""
_SHORTEST = 30
"""Characters of a sentence that is counted: cells of tables and headings come again by their nature."""
_PARTED = re.compile(r"(?<=[.!?])\s+|(?<=[。！？；])|\n")
_SEEN = re.compile(r"\S")


def bounded(document: Document) -> tuple[Document, tuple[Rejected, ...]]:
    """The document with blanks, so that places stay, where a sentence comes more than PLACES times; what was left out.

    There is one refusal for each such sentence, at the first place that is not read.
    """
    left_out = _left_out(document.text)
    if not left_out:
        return document, ()
    parts, end = [], 0
    for span in sorted(span for spans in left_out.values() for span in spans):
        parts += [document.text[end : span.start], _SEEN.sub(" ", document.text[slice(*span)])]
        end = span.end
    text = "".join((*parts, document.text[end:]))
    told = tuple(_refused(words, spans) for words, spans in left_out.items())
    return replace(document, layer=replace(document.layer, text=text)), told


def _left_out(text: str) -> dict[str, list[Span]]:
    """The places beyond PLACES of every sentence that comes more often."""
    # parted roughly, which takes a tenth of the time: few texts repeat anything
    rough = Counter(part for part in _PARTED.split(text) if len(part) >= _SHORTEST)
    if not any(count > PLACES for count in rough.values()):
        return {}
    places: dict[str, list[Span]] = defaultdict(list)
    for sentence in sentences(text):
        if sentence.end - sentence.start >= _SHORTEST:
            places[text[sentence.start : sentence.end]].append(Span(sentence.start, sentence.end))
    return {words: spans[PLACES:] for words, spans in places.items() if len(spans) > PLACES}


def _refused(words: str, spans: list[Span]) -> Rejected:
    more = f"{len(spans):,} further place{'s' * (len(spans) > 1)}"
    return Rejected(
        reason="repeated", words=f"{WORDS['repeated']}: {more}", quote=words, start=spans[0].start
    )
