"""Folding: what is made the same, what never is, and the way back to the raw text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.read.gate.fold import fold

SAME = {
    "curly quotes": ("the “smart” plan’s aim", 'the "smart" plan\'s aim'),
    "dashes": ("output of 5–10 units — a rise", "output of 5-10 units - a rise"),
    "blanks": ("five\N{NO-BREAK SPACE}new \t  mills\nby 2031", "five new mills by 2031"),
    "ellipsis": ("and so on…", "and so on..."),
    "case": ("The Ministry", "the ministry"),
    "soft hyphens": ("manu\N{SOFT HYPHEN}facturing", "manufacturing"),
    "zero width": ("steel\N{ZERO WIDTH SPACE} mills", "steel mills"),
    "direction": ("\N{RIGHT-TO-LEFT MARK}steel\N{LEFT-TO-RIGHT OVERRIDE} mills", "steel mills"),
    "line end in a word": ("pro-\nduction and manu-\n  facture", "production and manufacture"),
    "line end at a hyphen": ("state-\nowned firms", "state-owned firms"),
    "soft hyphen at a line end": ("pro\N{SOFT HYPHEN}\nduction", "production"),
    "full width": ("ＧＤＰ　１２．５％", "gdp 12.5%"),
    "Arabic-Indic digits": ("٣٧", "37"),
    "mathematical digits": ("𝟗𝟓 percent", "95 percent"),
    "ligatures": ("eﬃcient", "efficient"),
    "composed letters": ("cafe\N{COMBINING ACUTE ACCENT}", "caf\N{LATIN SMALL LETTER E WITH ACUTE}"),
    "lowered digits of names": ("CO₂ over 5 km²", "co2 over 5 km2"),
    "blanks in Chinese": ("到 2031 年，\n提高", "到2031年,提高"),
}
APART = {
    "exponent": ("10⁶ tonnes", "106 tonnes"),
    "footnote after a number": ("12³ mills", "123 mills"),
    "fraction": ("½", "1/2"),
    "circled": ("① 5", "1 5"),
    "digit": ("5 mills", "6 mills"),
    "numero": ("№ 5", "no 5"),
    "sign": ("-5", "5"),
    "two numbers": ("5 10", "510"),
    "two Chinese numbers": ("三 五", "三五"),
    "Chinese range": ("三—五", "三五"),
    "letters of another script": ("a 5% cut", "\N{CYRILLIC SMALL LETTER A} 5% cut"),
    "decimal point": ("1.5", "15"),
}


@pytest.mark.parametrize(("raw", "other"), SAME.values(), ids=SAME)
def test_what_typesetters_set_differently_is_the_same(raw: str, other: str) -> None:
    assert fold(raw).text == fold(other).text


@pytest.mark.parametrize(("raw", "other"), APART.values(), ids=APART)
def test_what_means_something_else_stays_apart(raw: str, other: str) -> None:
    assert fold(raw).text != fold(other).text


def test_every_folded_character_knows_the_raw_one() -> None:
    raw = "Output  “rose” to\n５０ mills"
    folded = fold(raw)
    at = folded.text.index("50")
    assert folded.raw(at, at + 2) == (raw.index("５"), raw.index("０") + 1)
    assert raw[slice(*folded.raw(folded.text.index('"'), folded.text.index('"') + 6))] == "“rose”"


def test_a_part_of_a_character_is_not_whole() -> None:
    folded = fold("aﬃx e\N{COMBINING ACUTE ACCENT}")
    at = folded.text.index("ffi")
    assert folded.whole(at, at + 3)
    assert not folded.whole(at, at + 2)
    assert not folded.whole(at + 1, at + 3)
    assert not folded.whole(folded.text.index("e"), folded.text.index("e") + 1)


@given(st.text())
def test_the_way_back_goes_forward(raw: str) -> None:
    folded = fold(raw)
    assert len(folded.starts) == len(folded.text)
    assert list(folded.starts) == sorted(folded.starts)
    assert all(0 <= at < len(raw) for at in folded.starts)


@given(st.text())
def test_folding_twice_is_folding_once(raw: str) -> None:
    once = fold(raw).text
    assert fold(once).text == once


@given(st.text(alphabet=st.characters(categories=["Nd", "Nl", "No"]), min_size=1))
def test_digits_are_those_with_a_decimal_value(raw: str) -> None:
    digits = "".join(c for c in fold(raw).text if c in "0123456789")
    assert digits == "".join(str(unicodedata.decimal(c)) for c in raw if c.isdecimal())
