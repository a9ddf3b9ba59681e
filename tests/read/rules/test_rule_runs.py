"""Long lines without sentences: a clause is read in the same way wherever it stands, and nothing is lost at a cut."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zizhu.read.documents.opened import from_text
from zizhu.read.extractors import fitting
from zizhu.read.gate.outcome import Admitted
from zizhu.read.reading import claims_of
from zizhu.read.rules.runs import LONGEST, pieces
from zizhu.read.rules.sentences import sentences
from zizhu.read.rules.tokens import tokens

AIM = "the ministry of Kenya aims to open 20 cement plants in the country by 2030"
FACT = "output of tea in Kenya rose by 12 percent to 410 million tonnes in 2019"
HAN = "肯尼亚计划到2030年建成20家水泥工厂"
IDLE = (
    "officials who met in the capital spoke for a long time about roads",
    "nobody on the coast expects that makers and buyers will soon agree",
    "critics of the harbour saw old ships and many empty halls along it",
)
IDLE_HAN = ("与会者就道路和港口的状况进行了长时间的讨论", "企业与客户之间的关系仍然需要改善和协调")


def read(text: str, language: str = "en") -> Admitted:
    document = from_text(text, language=language, published="2025-06-01")
    return claims_of(document, fitting(document))


def told(made: Admitted) -> list[dict[str, Any]]:
    """The claims with a number, without where they stand."""
    held = [c.model_dump(exclude={"id", "evidence"}) for c in made.claims if c.quantity]
    return sorted(held, key=repr)


@given(
    which=st.sampled_from((AIM, FACT)),
    mark=st.sampled_from(("; ", ", ")),
    before=st.integers(0, 45),
    turn=st.integers(0, 2),
)
@settings(max_examples=12, deadline=None)
def test_a_clause_is_read_alike_wherever_it_stands_in_a_long_line(
    which: str, mark: str, before: int, turn: int
) -> None:
    idle = [IDLE[(k + turn) % len(IDLE)] for k in range(45)]
    made = read(mark.join([*idle[:before], which, *idle[before:]]))
    assert told(made) == told(read(f"{which}. "))
    assert not made.rejected


@given(before=st.integers(0, 30))
@settings(max_examples=12, deadline=None)
def test_a_chinese_clause_is_read_alike_wherever_it_stands_in_a_long_line(before: int) -> None:
    idle = [IDLE_HAN[k % 2] for k in range(30)]
    made = read("，".join([*idle[:before], HAN, *idle[before:]]), "zh")
    assert told(made) == told(read(f"{HAN}。", "zh"))


@pytest.mark.parametrize("mark", ["; ", ", ", " and ", " "], ids=["semicolon", "comma", "and", "none"])
def test_a_clause_said_again_and_again_is_the_same_claim_each_time(mark: str) -> None:
    made = read(mark.join([AIM] * 120))
    assert len(made.claims) == 120
    assert not made.rejected
    assert {c.kind for c in made.claims} == {"target"}
    assert {tuple(t.edtf for t in c.times) for c in made.claims} == {("2030",)}


@given(before=st.integers(0, 600))
@settings(max_examples=12, deadline=None)
def test_words_without_any_mark_are_read_among_those_around_them(before: int) -> None:
    idle = ["harbour"] * 600
    made = read(" ".join([*idle[:before], AIM, *idle[before:]]))
    (claim,) = (c for c in made.claims if c.quantity)
    assert (claim.kind, [t.edtf for t in claim.times], claim.indicator) == (
        "target",
        ["2030"],
        "cement_plants",
    )


@given(st.text(alphabet="aB. ,;(1)，。和", max_size=80), st.integers(1, 60))
def test_pieces_cover_a_run_and_none_is_longer_than_a_sentence(text: str, times: int) -> None:
    found = tokens(text * times)
    made = list(pieces(found, 0, len(found)))
    assert [k for p in made for k in range(*p.own)] == list(range(len(found)))
    assert all(a.own[1] == b.own[0] for a, b in pairwise(made))
    assert all(p.around[0] <= p.own[0] and p.own[1] <= p.around[1] for p in made)
    assert all(p.around[1] - p.around[0] <= LONGEST for p in made)


def test_a_cut_falls_neither_into_a_bracket_nor_into_a_time_of_day() -> None:
    clause = "trains leave from the old station at 9:30 with coal (from mines in the hills, by the river, and coke) "
    text = ", ".join([clause + "for the harbour of the town"] * 60)
    parts = [text[s.start : s.end] for s in sentences(text)]
    assert len(parts) == 60
    assert {p.count("(") for p in parts} == {p.count(")") for p in parts} == {1}
    assert all("9:30" in p for p in parts)


def test_a_date_reaches_no_further_in_a_paragraph_than_a_claim_may_be_from_it() -> None:
    towns = [f"{first}{second}ton" for first in "ABDFGKLM" for second in "aeiou"]
    told = (f"Exports of {town} rose by 5 percent and went to the coast in ships. " for town in towns)
    made = read("In 2019 much changed. " + "".join(told))
    dated = ["2019" in {t.edtf for t in c.times} for c in made.claims if c.quantity]
    assert (len(dated), dated[0], dated[-1]) == (40, True, False)
    assert not made.rejected
