"""Where quotes stand: exact, folded, ambiguous or lost, and never approximately."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from read.gate.made import layer
from zizhu.read.gate.align import MOST, Aligned, Aligner
from zizhu.read.gate.fold import fold

TEXT = (
    "The board plans “smart” mills of 5 MW each by 2031. Exports rose 5%. Imports fell. "
    "Exports rose 5%. The tech-\nnology fund adds 10⁶ jobs."
)
ALIGNER = Aligner(layer(TEXT))
FIRST, SECOND = TEXT.index("Exports"), TEXT.rindex("Exports")


def _place(found: Aligned) -> tuple[str, str]:
    assert found.span is not None
    return found.status, TEXT[slice(*found.span)]


@pytest.mark.parametrize(
    ("quote", "status", "raw"),
    [
        ("plans “smart” mills", "exact", "plans “smart” mills"),
        ('plans "smart" mills', "folded", "plans “smart” mills"),
        ("THE BOARD PLANS", "folded", "The board plans"),
        ("mills  of\n5 MW", "folded", "mills of 5 MW"),
        ("mills of 5 mw", "folded", "mills of 5 MW"),
        ("The technology fund", "folded", "The tech-\nnology fund"),
        (" Imports fell. ", "exact", " Imports fell. "),
        ("  imports fell.  ", "folded", "Imports fell."),
    ],
)
def test_one_place(quote: str, status: str, raw: str) -> None:
    assert _place(ALIGNER.aligned(quote)) == (status, raw)


@pytest.mark.parametrize(
    "quote",
    [
        "",
        " \n",
        "\N{SOFT HYPHEN}",
        "Exports fell",
        "mills of 6 MW",
        "mills of 5 mW",
        "mills of 5 KW",
        "106 jobs",
        "smar mills",
    ],
    ids=lambda q: q.strip() or f"blank {len(q)}",
)
def test_lost(quote: str) -> None:
    assert ALIGNER.aligned(quote) == Aligned("lost")


def test_two_places_are_ambiguous_without_a_word_more() -> None:
    assert ALIGNER.aligned("Exports rose 5%") == Aligned("ambiguous")
    assert ALIGNER.aligned("exports ROSE 5%") == Aligned("ambiguous")
    assert ALIGNER.aligned("Exports rose 5%", start=FIRST + 1) == Aligned("ambiguous")
    assert ALIGNER.aligned("Exports rose 5%", prefix="nothing like it ") == Aligned("ambiguous")


@pytest.mark.parametrize("quote", ["Exports rose 5%", "exports rose 5%"])
@pytest.mark.parametrize(
    ("hint", "where"),
    [
        ({"start": FIRST}, FIRST),
        ({"start": SECOND}, SECOND),
        ({"prefix": "by 2031. "}, FIRST),
        ({"prefix": "IMPORTS  FELL."}, SECOND),
        ({"suffix": ". Imports"}, FIRST),
        ({"suffix": ". The technology fund"}, SECOND),
    ],
    ids=str,
)
def test_the_place_that_is_meant(quote: str, hint: dict[str, object], where: int) -> None:
    found = ALIGNER.aligned(quote, **hint)  # type: ignore[arg-type]
    assert found.span is not None
    assert found.span.start == where


def test_a_wrong_start_does_not_matter_where_there_is_one_place() -> None:
    assert _place(ALIGNER.aligned("Imports fell", start=3)) == ("exact", "Imports fell")
    assert _place(ALIGNER.aligned("Imports fell", start=-9)) == ("exact", "Imports fell")


def test_overlapping_places_are_several() -> None:
    assert Aligner(layer("pan pan pan")).aligned("pan pan") == Aligned("ambiguous")


def test_what_occurs_very_often_is_ambiguous_whatever_stands_around_it() -> None:
    text = "first one " + "more one " * (MOST + 5)
    assert Aligner(layer(text)).aligned("one", prefix="first ") == Aligned("ambiguous")
    assert Aligner(layer(text)).aligned("one", start=6).status == "exact"


def test_a_part_of_a_character_is_not_found() -> None:
    aligner = Aligner(layer("The eﬃcient cafe\N{COMBINING ACUTE ACCENT}s"))
    assert aligner.aligned("The EF").status == "lost"
    assert aligner.aligned("the efficient").status == "folded"
    assert aligner.aligned("EFFICIENT CAFE").status == "lost"


@given(st.text(min_size=1), st.data())
def test_what_is_found_says_what_was_asked(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    quote = text[start : data.draw(st.integers(start + 1, len(text)))]
    asked = data.draw(st.sampled_from([quote, quote.upper(), quote.replace(" ", "\n"), f" {quote} "]))
    found = Aligner(layer(text)).aligned(asked)
    assert found.span is not None or found.status in ("ambiguous", "lost")
    if found.span is not None:
        raw = text[slice(*found.span)]
        assert raw == asked if found.status == "exact" else fold(raw).text == fold(asked).text
    if asked == quote and quote.strip():
        assert found.status in ("exact", "ambiguous")
        assert Aligner(layer(text)).aligned(quote, start=start).span == (start, start + len(quote))
