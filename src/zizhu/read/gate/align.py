"""Where a quote stands in a layer: letter by letter, or folded, or nowhere.

There is no third, approximate step. A likeness of nine tenths lets a quote lose "not" or turn "half" into "third", and
a guard over numbers, units, signs and negators can only name the words that somebody thought of. What an approximate
match would win (a slip of the keyboard in a quote) is worth less than the certainty that an accepted quote says what
the source says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, takewhile
from typing import NamedTuple

from zizhu.ledger.claims import CONTEXT, Alignment
from zizhu.read.gate.fold import Folded, fold
from zizhu.read.model import Layer, Span

MOST = 1000
"""Places of a quote that are looked at; what occurs more often is ambiguous whatever stands around it."""
_UNITS = re.compile(r"(?<=\d) ?([^\W\d_]{1,4})(?![^\W\d_])")


class Aligned(NamedTuple):
    """Where a quote stands, and how surely. There is no span where it is ambiguous or lost."""

    status: Alignment
    span: Span | None = None


@dataclass(frozen=True)
class Aligner:
    """Finds quotes in one layer; the layer is folded once, when the first quote is not in it letter by letter."""

    layer: Layer

    @cached_property
    def folded(self) -> Folded:
        """The whole layer, folded."""
        return fold(self.layer.text)

    def aligned(self, quote: str, prefix: str = "", suffix: str = "", start: int | None = None) -> Aligned:
        """The place of `quote`.

        Of several places the one that begins at `start` is meant, or else the one whose surroundings agree with
        `prefix` and `suffix` over more characters than those of any other; without either it is ambiguous.
        """
        text = self.layer.text
        if not quote.strip():
            return Aligned("lost")
        if start is not None and start >= 0 and text.startswith(quote, start):
            return Aligned("exact", Span(start, start + len(quote)))
        exact = [Span(at, at + len(quote)) for at in islice(_places(text, quote), MOST + 1)]
        if exact:
            return self._chosen("exact", exact, prefix, suffix, start)
        loose = list(islice(self._folded_places(quote), MOST + 1))
        return self._chosen("folded", loose, prefix, suffix, start) if loose else Aligned("lost")

    def _folded_places(self, quote: str) -> Iterator[Span]:
        wanted, within = fold(quote), self.folded
        units = [
            (found.span(1), _letters(quote, wanted, *found.span(1))) for found in _UNITS.finditer(wanted.text)
        ]
        for at in _places(within.text, wanted.text) if wanted.text else ():
            end = at + len(wanted.text)
            if within.whole(at, end) and all(
                _same_unit(_letters(self.layer.text, within, at + a, at + b), unit) for (a, b), unit in units
            ):
                yield Span(*within.raw(at, end))

    def _chosen(
        self, status: Alignment, places: list[Span], prefix: str, suffix: str, start: int | None
    ) -> Aligned:
        if len(places) == 1:
            return Aligned(status, places[0])
        if len(places) > MOST:
            return Aligned("ambiguous")
        hinted = [span for span in places if span.start == start]
        if hinted:
            return Aligned(status, hinted[0])
        likeness = self._likeness(prefix, suffix)
        ranked = sorted(((likeness(span), span) for span in places), key=lambda r: -r[0])
        (best, span), (second, _) = ranked[:2]
        return Aligned(status, span) if best > second else Aligned("ambiguous")

    def _likeness(self, prefix: str, suffix: str) -> Callable[[Span], int]:
        """How many folded characters before and after a span agree with `prefix` and `suffix`."""
        before, after = (fold(side).text for side in (prefix[-CONTEXT:], suffix[:CONTEXT]))
        text, reach = self.layer.text, 2 * CONTEXT

        def likeness(span: Span) -> int:
            left = fold(text[max(0, span.start - reach) : span.start]).text if before else ""
            right = fold(text[span.end : span.end + reach]).text if after else ""
            return _agreeing(before[::-1], left[::-1]) + _agreeing(after, right)

        return likeness


def _places(text: str, quote: str) -> Iterator[int]:
    at = text.find(quote)
    while at >= 0:
        yield at
        at = text.find(quote, at + 1)


def _agreeing(a: str, b: str) -> int:
    """How many characters two texts have in common from their beginning on."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))


def _letters(raw: str, folded: Folded, start: int, end: int) -> str:
    """The raw letters that a folded stretch was made of, each once, without their dressing (`㎿` is MW)."""
    offsets = dict.fromkeys(folded.starts[start:end])
    return unicodedata.normalize("NFKC", "".join(raw[i] for i in offsets))


def _same_unit(written: str, quoted: str) -> bool:
    """Whether the letters after a number are the source's (MW is no mW), or the source's in lower case."""
    return quoted in (written, written.lower())
