"""The gate as a whole: what passes, what does not and why; and that no altered quote ever passes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from read.gate.edits import EDITS, SENTENCES, dressed, language
from read.gate.made import document
from zizhu.ledger.claims import Claim, Extractor
from zizhu.read.gate.admit import LONGEST_FIELD, LONGEST_QUOTE, admitted
from zizhu.read.gate.fold import fold
from zizhu.read.gate.outcome import Admitted
from zizhu.read.model import Candidate, Context, Dated, Document, Number, Page, Span, TimeOf, When
from zizhu.read.quantities import numbers

SHARED = Path(__file__).resolve().parents[4] / "shared"
ABSENT = "the annotated documents (../shared/read, ../shared/data/seeds) are not on this machine"
BY = Extractor(name="a person", version="2", model="none")
TEXT = (
    "Norway wants 62.5% of its ferries to be electric by 2032. In 2024 it had 85 such ferries.\n\n"
    "Ferries cost about €2.4 billion, half a million euros more than in 2019."
)
DOC = replace(document(TEXT), publisher="A paper", published=Dated("2025-03", "the head", 1.0))


def _number(text: str, as_written: str) -> Number:
    return next(n for n in numbers(text) if n.as_written == as_written)


SHARE = _number(TEXT, "62.5%")
TARGET = Candidate(
    quote="Norway wants 62.5% of its ferries to be electric by 2032",
    kind="target",
    modality="planned",
    subject="Norway",
    indicator="share_of_ferries",
    number=SHARE,
    times=(TimeOf(When(Span(52, 56), "2032", "2032"), "deadline"),),
    rules={"kind": "wants"},
    confidence={"kind": 0.9},
)


def _one(candidate: Candidate, doc: Document = DOC) -> Claim:
    result = admitted(doc, [candidate], BY)
    assert result.rejected == ()
    return result.claims[0]


def _reason(candidate: Any, doc: Document = DOC) -> str:
    result = admitted(doc, [candidate], BY)
    assert result.claims == ()
    return result.rejected[0].reason


def test_a_claim_points_to_what_it_says() -> None:
    claim = _one(TARGET)
    (where,) = claim.evidence
    assert (where.source, where.sha256, where.status) == (DOC.id, DOC.layer.sha256, "exact")
    assert TEXT[where.position.start : where.position.end] == where.quote.exact == TARGET.quote
    assert where.quote.prefix == ""
    assert where.quote.suffix == TEXT[56 : 56 + 64]
    assert where.value_position is not None
    assert TEXT[where.value_position.start : where.value_position.end] == "62.5%"
    assert claim.quantity is not None
    assert (claim.quantity.value, claim.quantity.unit, claim.quantity.as_written) == (
        62.5,
        "percent",
        "62.5%",
    )
    assert [(t.edtf, t.as_written, t.role) for t in claim.times] == [("2032", "2032", "deadline")]
    assert (claim.reported_by, claim.said_on) == ("A paper", "2025-03")
    assert claim.extractor == BY.model_copy(update={"field_rules": {"kind": "wants"}})
    assert claim.confidence == {"kind": 0.9}


def test_the_number_and_the_words_kept_are_those_of_the_source() -> None:
    folded = replace(
        TARGET,
        quote="norway WANTS 62.5%  of its ferries",
        number=replace(SHARE, as_written="62,5 %"),
        times=(),
    )
    claim = _one(folded)
    assert claim.evidence[0].status == "folded"
    assert claim.evidence[0].quote.exact == "Norway wants 62.5% of its ferries"
    assert claim.quantity is not None
    assert claim.quantity.as_written == "62.5%"


def test_the_id_is_the_same_in_every_run_and_tells_claims_apart() -> None:
    again = replace(TARGET, speaker="somebody", rules={}, confidence={}, start=0)
    assert _one(TARGET).id == _one(again).id
    others = [
        TARGET,
        replace(TARGET, kind="forecast"),
        replace(TARGET, indicator="ferries"),
        replace(TARGET, subject="Oslo"),
        replace(TARGET, number=None),
        replace(TARGET, quote="wants 62.5% of its ferries to be electric by 2032"),
        replace(TARGET, number=None, predicate="wants", object=("ferries",)),
    ]
    assert len({_one(c).id for c in others}) == len(others)
    assert _one(TARGET).id != _one(TARGET, document(f"{TEXT} More.")).id


def test_twins_are_joined_when_they_agree() -> None:
    result = admitted(DOC, [TARGET, replace(TARGET, quote=TARGET.quote.lower(), confidence={})], BY)
    assert len(result.claims) == 1
    assert [s.status for s in result.claims[0].evidence] == ["exact", "folded"]
    differing = admitted(DOC, [TARGET, replace(TARGET, speaker="somebody")], BY)
    assert [c.speaker for c in differing.claims] == [None]
    assert [(r.reason, r.words.rpartition(": ")[2]) for r in differing.rejected] == [("twin", "speaker")]


def test_claims_stand_in_reading_order() -> None:
    later = Candidate(
        "In 2024 it had 85 such ferries", "actual", "achieved", number=_number(TEXT, "85 such ferries")
    )
    assert admitted(DOC, [later, TARGET], BY).claims == admitted(DOC, [TARGET, later], BY).claims


def test_a_date_outside_the_quote_is_evidence_of_its_own() -> None:
    short = replace(TARGET, quote="Norway wants 62.5% of its ferries")
    claim = _one(short)
    assert [s.quote.exact for s in claim.evidence] == [short.quote, "2032"]


COST = _number(TEXT, "about €2.4 billion")
MORE = _number(TEXT, "half a million euros")
LATER = Span(TEXT.index("2019"), TEXT.index("2019") + 4)
REFUSED: dict[str, tuple[Candidate, str]] = {
    "altered digit": (replace(TARGET, quote=TARGET.quote.replace("62", "63")), "lost"),
    "blank": (replace(TARGET, quote="  "), "lost"),
    "two places": (Candidate("erries", "actual", "achieved"), "ambiguous"),
    "inside a number": (replace(TARGET, quote="2.5% of its ferries to be electric by 2032"), "cut"),
    "inside a number's words": (Candidate("million euros more", "actual", "achieved"), "cut"),
    "without the comparator": (Candidate("€2.4 billion, half a million", "actual", "achieved", number=COST), "cut"),
    "no number": (Candidate("Ferries cost about", "actual", "achieved", number=COST), "no_number"),
    "another value": (replace(TARGET, number=replace(SHARE, value=62.0)), "value"),
    "point for range": (replace(TARGET, number=replace(SHARE, value=None, low=62.5)), "value"),
    "a little off": (replace(TARGET, number=replace(SHARE, value=62.500001)), "value"),
    "another sign": (replace(TARGET, number=replace(SHARE, value=-62.5)), "value"),
    "another unit": (replace(TARGET, number=replace(SHARE, unit="percentage_point")), "unit"),
    "another comparator": (replace(TARGET, number=replace(SHARE, comparator=">")), "comparator"),
    "another scale": (
        Candidate("half a million euros more", "actual", "achieved", number=replace(MORE, value=5e8)),
        "value",
    ),
    "another date": (replace(TARGET, times=(TimeOf(When(Span(52, 56), "2033", "2033"), "deadline"),)), "date"),
    "a date of another paragraph": (
        replace(TARGET, times=(TimeOf(When(LATER, "2019", "2019"), "event"),)),
        "date",
    ),
    "a date of nowhere": (replace(TARGET, times=(TimeOf(When(Span(0, 0), "2019", "2019"), "event"),)), "date"),
    "no kind": (replace(TARGET, kind="guess"), "malformed"),  # type: ignore[arg-type]
    "no text": (replace(TARGET, quote=5), "malformed"),  # type: ignore[arg-type]
    "no number at all": (replace(TARGET, number=62.5), "malformed"),  # type: ignore[arg-type]
    "no date at all": (replace(TARGET, times=("2032",)), "malformed"),  # type: ignore[arg-type]
    "no mapping": (replace(TARGET, rules=["kind"]), "malformed"),  # type: ignore[arg-type]
    "half a character": (replace(TARGET, subject="\ud800"), "malformed"),
    "half a character in the quote": (replace(TARGET, quote="\ud800"), "lost"),
    "no finite confidence": (replace(TARGET, confidence={"kind": float("nan")}), "malformed"),
    "long quote": (replace(TARGET, quote="a" * (LONGEST_QUOTE + 1)), "malformed"),
    "long field": (replace(TARGET, object=("a" * (LONGEST_FIELD + 1),)), "malformed"),
}  # fmt: skip


@pytest.mark.parametrize(("candidate", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_and_why(candidate: Candidate, reason: str) -> None:
    assert _reason(candidate) == reason


def test_a_refusal_says_what_the_source_has() -> None:
    (refused,) = admitted(
        DOC, [replace(TARGET, number=replace(SHARE, value=26.5, as_written="26.5%"))], BY
    ).rejected
    assert refused.words == "the number in the quote has another value: '62.5%'"
    assert (refused.said, refused.quote, refused.start, refused.extractor) == (
        "26.5%",
        TARGET.quote,
        None,
        "a person",
    )


def test_a_negation_must_not_be_left_out() -> None:
    doc = document("The act does not require 70% local parts.")
    quote = Candidate("require 70% local parts", "target", "planned", number=numbers(doc.text)[0])
    assert _reason(quote, doc) == "negator"
    assert _one(replace(quote, polarity="negated"), doc).polarity == "negated"


def test_relative_dates_are_resolved_as_the_extractor_resolved_them() -> None:
    doc = document("Exports of tin rose 5% last year.")
    when = TimeOf(When(Span(23, 32), "2023", "last year", "2024-05-01"), "observation")
    said = Candidate("Exports of tin rose 5% last year", "actual", "achieved", times=(when,))
    (claim,) = admitted(doc, [said], BY, Context(anchor="2024-05-01")).claims
    assert claim.times[0].resolved_against == "2024-05-01"
    assert [r.reason for r in admitted(doc, [said], BY, Context(anchor="2025-05-01")).rejected] == ["date"]


def test_the_box_of_a_span_is_that_around_its_characters_on_its_first_page() -> None:
    text = "Ten mills\nstand."
    boxes = tuple(
        (10.0 * i, 100.0, 10.0 * i + 9, 110.0) if c != "\n" else (0.0,) * 4 for i, c in enumerate(text)
    )
    pages = (Page(3, Span(0, 10), boxes[:10]), Page(4, Span(10, 16), boxes[10:]))  # type: ignore[arg-type]
    claim = _one(Candidate("mills\nstand", "actual", "achieved"), document(text, pages=pages))
    assert claim.evidence[0].pdf is not None
    assert (claim.evidence[0].pdf.page, claim.evidence[0].pdf.bbox) == (3, (40.0, 100.0, 89.0, 110.0))


ALL = document("\n".join(SENTENCES), "und")


ENOUGH = 1000


@pytest.mark.parametrize("kind", EDITS)
def test_no_altered_quote_is_accepted(kind: str) -> None:
    quotes = _quotes(kind)
    some = _tried(quotes[:: max(1, len(quotes) // ENOUGH)])
    assert len({c.quote for c in some}) >= ENOUGH
    assert _accepted(ALL, some) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", EDITS)
def test_none_of_all_altered_quotes_is_accepted(kind: str) -> None:
    assert _accepted(ALL, _tried(_quotes(kind))) == []


def _quotes(kind: str) -> list[tuple[str, str]]:
    """Sentences and what was made of them."""
    return [(s, quote) for s in SENTENCES for quote in _altered(s, kind, ALL)]


def _tried(quotes: list[tuple[str, str]]) -> list[Candidate]:
    return [c for sentence, quote in quotes for c in _lies(ALL, sentence, quote)]


def _altered(sentence: str, kind: str, doc: Document) -> Iterator[str]:
    """Edits of a sentence in several settings."""
    for edit in _edited(sentence, kind, doc):
        yield from dict.fromkeys(dressed(edit))


def _edited(sentence: str, kind: str, doc: Document) -> Iterator[str]:
    """Edits of a sentence that are more than another way to set it."""
    here = fold(doc.text).text
    return (edit for edit in dict.fromkeys(EDITS[kind](sentence)) if fold(edit).text not in here)


def _lies(doc: Document, sentence: str, quote: str) -> Iterator[Candidate]:
    """The altered quote with the number of the source, and with its own, at the place of the sentence."""
    start = doc.text.index(sentence)
    true = numbers(doc.text, within=Span(start, start + len(sentence)))[:1]
    for number in (*true, *numbers(quote)[:1]):
        yield Candidate(quote, "actual", "achieved", start=start, number=number, polarity="negated")


def _accepted(doc: Document, tried: list[Candidate]) -> list[str]:
    result: Admitted = admitted(doc, tried, BY)
    assert len(result.claims) + len(result.rejected) <= len(tried)
    return [c.evidence[0].quote.exact for c in result.claims]


def test_the_sentences_themselves_are_accepted_however_they_are_set() -> None:
    tried = [c for s in SENTENCES for quote in dressed(s) for c in list(_lies(ALL, s, quote))[:1]]
    result = admitted(ALL, tried, BY)
    assert result.rejected == ()
    assert {c.evidence[0].quote.exact for c in result.claims} == set(SENTENCES)


@pytest.mark.slow
def test_no_part_of_a_sentence_gives_a_number_that_the_sentence_does_not_have() -> None:
    accepted = 0
    for sentence in SENTENCES:
        doc = document(sentence, language(sentence))
        true = {(n.value, n.low, n.high, n.unit, n.comparator) for n in numbers(sentence)}
        for claim in admitted(doc, list(_parts(sentence)), BY).claims:
            q = claim.quantity
            assert q is not None
            assert (q.value, q.low, q.high, q.unit, q.comparator) in true, claim.evidence[0].quote.exact
            accepted += 1
    assert accepted > 0


def _parts(sentence: str) -> Iterator[Candidate]:
    """What reading each part of a sentence alone would claim: parts of 1 to 24 characters, and all ends."""
    for start in range(len(sentence)):
        for end in {*range(start + 1, min(start + 25, len(sentence) + 1)), len(sentence)}:
            for number in numbers(sentence[start:end]):
                yield Candidate(sentence[start:end], "actual", "achieved", start=start, number=number)


@given(st.text(alphabet=st.sampled_from("ab 15.,%-half€\n不十万"), min_size=1, max_size=40), st.data())
@examples(300)
def test_every_claim_verifies_whatever_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    quote = text[start : data.draw(st.integers(start + 1, len(text)))]
    doc = document(text)
    for claim in admitted(
        doc, [Candidate(quote, "actual", "achieved", number=n) for n in numbers(text)], BY
    ).claims:
        where, q = claim.evidence[0], claim.quantity
        assert text[where.position.start : where.position.end] == where.quote.exact
        assert fold(where.quote.exact).text == fold(quote).text
        assert q is not None
        assert where.value_position is not None
        assert q.as_written == text[where.value_position.start : where.value_position.end]
        assert (
            where.position.start
            <= where.value_position.start
            < where.value_position.end
            <= where.position.end
        )


def _gold() -> list[tuple[Document, list[dict[str, Any]]]]:
    """The annotated documents with their claims."""
    found = []
    for path in sorted((SHARED / "read" / "gold").glob("*.jsonl")):
        raw = (SHARED / "data" / "seeds" / f"{path.stem}.txt").read_bytes().decode()
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        doc = replace(document(raw), id=hashlib.sha256(raw.encode()).hexdigest())
        found.append((doc, rows))
    return found


@pytest.mark.slow
@pytest.mark.skipif(not (SHARED / "read" / "gold").is_dir(), reason=ABSENT)
@pytest.mark.parametrize("kind", EDITS)
def test_no_altered_quote_of_real_documents_is_accepted(kind: str) -> None:
    count = 0
    for doc, rows in _gold():
        quotes = dict.fromkeys(row["quote"] for row in rows)
        tried = [_bare(doc, q, edit) for q in quotes for edit in _edited(q, kind, doc)]
        count += len(tried)
        assert _accepted(doc, tried) == []
    assert count >= ENOUGH


def _bare(doc: Document, quote: str, edit: str) -> Candidate:
    """An altered quote without a number, which makes it easiest to accept."""
    return Candidate(edit, "actual", "achieved", start=doc.text.index(quote), polarity="negated")


@pytest.mark.skipif(not (SHARED / "read" / "gold").is_dir(), reason=ABSENT)
def test_every_quote_of_real_documents_is_accepted() -> None:
    for doc, rows in _gold():
        tried = [
            Candidate(
                quote,
                "actual",
                "achieved",
                start=row["start"] if quote == row["quote"] else None,
                polarity="negated",
            )
            for row in rows
            for quote in dressed(row["quote"])
        ]
        refused = [r for r in admitted(doc, tried, BY).rejected if r.reason != "ambiguous"]
        assert refused == []


def test_a_time_that_dates_make_passes_and_another_does_not() -> None:
    text = "Output grew by 4 points from 2014 to the end of 2019, and by 9 points over the past decade."
    doc = replace(document(text), published=Dated("2025-03", "the head", 1.0))
    start, end = text.index("past"), text.index("decade") + len("decade")
    spans = {"2014/2019": Span(text.index("2014"), text.index("2019") + 4), "2025": Span(start, end)}

    def reason(edtf: str, span: Span) -> str:
        times = (TimeOf(When(span, edtf, text[slice(*span)]), "observation"),)
        candidate = Candidate(text[:-1], "actual", "achieved", number=_number(text, "4 points"), times=times)
        result = admitted(doc, [candidate], BY, Context("2025-03"))
        return result.rejected[0].reason if result.rejected else result.claims[0].times[0].edtf

    assert [reason(edtf, span) for edtf, span in spans.items()] == list(spans)
    assert reason("2024", spans["2025"]) == reason("2013/2019", spans["2014/2019"]) == "date"
