"""A sentence that comes over and over is read at its first places, the rest is counted; others are all read."""

from __future__ import annotations

from zizhu.read.documents.opened import from_text
from zizhu.read.extractors import fitting
from zizhu.read.gate.outcome import Admitted
from zizhu.read.reading import claims_of
from zizhu.read.repeated import PLACES, bounded

AGAIN = "Kenya aims to raise the share of local parts in cars to at least 45 percent by 2030."
OTHER = "Peru opened {} mills for the treatment of lithium ore in 2024."


def _read(text: str) -> Admitted:
    document = from_text(text, language="en")
    return claims_of(document, fitting(document, ()))


def test_what_is_repeated_is_read_at_its_first_places_and_counted() -> None:
    text = " ".join(f"{AGAIN} {OTHER.format(k)}" for k in range(100, 100 + 3 * PLACES))
    found = _read(text)
    starts = [c.evidence[0].position.start for c in found.claims if c.evidence[0].quote.exact in AGAIN]
    assert len(starts) == PLACES
    assert max(starts) < text.replace(AGAIN, "*" * len(AGAIN), PLACES).index(AGAIN)
    values = [c.quantity.value for c in found.claims if c.quantity and c.subject == "country:PER"]
    assert values == [float(k) for k in range(100, 100 + 3 * PLACES)]
    (refused,) = (r for r in found.rejected if r.reason == "repeated")
    assert refused.quote == AGAIN
    assert f"{2 * PLACES} further places" in refused.words
    assert text[refused.start :].startswith(AGAIN)


def test_offsets_stay_and_nothing_is_left_out_of_a_text_that_repeats_less() -> None:
    less = from_text(" ".join([AGAIN] * PLACES), language="en")
    assert bounded(less) == (less, ())
    more = from_text("\n".join([AGAIN] * (PLACES + 1)) + "\nThe end of it.", language="en")
    read, refused = bounded(more)
    assert len(read.text) == len(more.text)
    assert read.text.count(AGAIN) == PLACES
    assert read.text.endswith("\nThe end of it.")
    assert [r.start for r in refused] == [more.text.rindex(AGAIN)]


def test_short_cells_come_again_by_their_nature() -> None:
    table = from_text("Output rose 5%.\n" * (5 * PLACES), language="en")
    assert bounded(table) == (table, ())
