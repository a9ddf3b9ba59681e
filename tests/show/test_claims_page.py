"""The page of a document with its claims: all of the text, every claim, and nothing that runs."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from read.exchange.anyclaim import HOSTILE, claims
from read.gate.made import document
from zizhu.ledger.claims import Claim, Extractor, Position, Quantity, Quote, Selector, Time
from zizhu.read.model import Document
from zizhu.show.claims_page import claims_page, pieces, shown

TAGS = {
    "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "bdi", "p", "main", "section", "div",
    "mark", "b", "a", "table", "thead", "tbody", "tr", "th", "td", "q",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "name", "content", "http-equiv", "class", "id", "href", "title", "aria-label", "role",
    "tabindex", "scope", "dir",
}  # fmt: skip


class Seen(HTMLParser):
    """The tags, attributes, ids and links of a page, and the words of its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.tags.add(tag)
        self.attributes |= set(held)
        self.ids += [held["id"] or ""] if "id" in held else []
        self.links += [held["href"] or ""] if "href" in held else []
        self.open += [] if tag == "meta" else ["text" if held.get("class") == "text" else tag]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() in (tag, "text")

    def handle_data(self, data: str) -> None:
        if "text" in self.open and self.open[-1] != "a":
            self.text += data


def _seen(page: str) -> Seen:
    seen = Seen()
    seen.feed(page)
    seen.close()
    assert seen.open == []
    return seen


def _in(doc: Document, claim: Claim, start: int, end: int) -> Claim:
    """The claim, moved to a span of a document."""
    where = claim.evidence[0].model_copy(
        update={
            "sha256": doc.layer.sha256,
            "position": Position(start=start, end=end),
            "quote": Quote(exact=doc.text[start:end]),
        }
    )
    return claim.model_copy(update={"evidence": (where,)})


texts = (
    st.lists(st.sampled_from(HOSTILE) | st.text(max_size=9), min_size=1, max_size=9)
    .map(" ".join)
    .filter(bool)
)


@given(texts, st.lists(claims, max_size=4, unique_by=lambda c: c.id), st.data())
@examples(60)
def test_nothing_runs_and_nothing_is_lost(text: str, made: list[Claim], data: st.DataObject) -> None:
    doc = document(text)
    offsets = st.integers(0, len(text) - 1)
    placed = [_in(doc, c, a := data.draw(offsets), data.draw(st.integers(a + 1, len(text)))) for c in made]
    seen = _seen(claims_page(doc, placed))
    assert seen.tags <= TAGS
    assert seen.attributes <= ATTRIBUTES
    assert seen.text == shown(text)
    assert sorted(seen.ids) == sorted([f"{side}-{c.id}" for c in made for side in "cr"])
    assert {link.removeprefix("#") for link in seen.links} == set(seen.ids)


@pytest.mark.parametrize("language", ["en", '"><script>x</script>'], ids=["plain", "hostile"])
def test_head_and_language_are_text(language: str) -> None:
    doc = document("Ten mills.", language=language, name=HOSTILE[0])
    page = claims_page(doc, [])
    assert _seen(page).tags <= TAGS
    assert "default-src 'none'" in page
    assert "0 claims" in page


def test_controls_are_seen() -> None:
    assert shown("a\0b\N{RIGHT-TO-LEFT OVERRIDE}c\td") == "a\ufffdb\ufffdc\td"


def test_a_claim_of_another_text_is_listed_and_not_marked() -> None:
    doc = document("Ten mills.")
    claim = _example(doc)
    page = claims_page(document("Two mills."), [claim])
    assert f'id="r-{claim.id}"' in page
    assert "<mark" not in page


def test_a_mark_says_what_was_read() -> None:
    doc = document("Ten <mills>.")
    page = claims_page(doc, [_example(doc)])
    assert (
        'title="1: target: number of mills, &gt;= 10 mill, deadline 2031">Ten</mark> &lt;mills&gt;.' in page
    )


def _example(doc: Document) -> Claim:
    """A target in the first three characters of a document."""
    return Claim(
        id="0123456789abcdef",
        kind="target",
        modality="planned",
        indicator="number_of_mills",
        quantity=Quantity(value=10, comparator=">=", unit="count:mill", as_written="Ten"),
        times=(Time(edtf="2031", as_written="2031", role="deadline"),),
        evidence=(
            Selector(
                source=doc.id,
                sha256=doc.layer.sha256,
                quote=Quote(exact=doc.text[:3]),
                position=Position(start=0, end=3),
                status="exact",
            ),
        ),
        extractor=Extractor(name="a person", version="1"),
    )


spans = st.none() | st.tuples(st.integers(0, 20), st.integers(1, 9)).map(lambda s: (s[0], sum(s)))


@given(st.lists(spans, max_size=6))
def test_pieces_are_the_text_cut_where_spans_begin_and_end(made: list[tuple[int, int] | None]) -> None:
    found = list(pieces(30, made))
    assert (found[0].start, found[-1].end) == (0, 30)
    assert all(a.end == b.start for a, b in pairwise(found))
    for piece in found:
        for at in range(piece.start, piece.end):
            assert set(piece.covering) == {i for i, s in enumerate(made) if s and s[0] <= at < s[1]}
    assert sorted(i for p in found for i in p.beginning) == [i for i, s in enumerate(made) if s]
