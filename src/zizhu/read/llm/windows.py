"""A document cut into passages of whole sentences; each begins with the last sentences of the one before."""

from __future__ import annotations

from collections.abc import Iterator

from zizhu.read.model import Span
from zizhu.read.rules.sentences import sentences


def windows(text: str, size: int, lead: int) -> Iterator[Span]:
    """Passages of at most `size` characters, the last `lead` sentences of one repeated at the beginning of the next.

    A sentence of more than `size` characters is cut. Every sentence stands whole or in parts in some passage.
    """
    held: list[Span] = []
    fresh = 0
    for part in _parts(text, size):
        if held and part.end - held[0].start > size:
            if fresh:
                yield Span(held[0].start, held[-1].end)
            held, fresh = held[-lead:] if lead else [], 0
            while held and part.end - held[0].start > size:
                held.pop(0)
        held.append(part)
        fresh += 1
    if fresh:
        yield Span(held[0].start, held[-1].end)


def _parts(text: str, size: int) -> Iterator[Span]:
    for part in sentences(text):
        for start in range(part.start, part.end, size):
            yield Span(start, min(start + size, part.end))
