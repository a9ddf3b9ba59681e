"""Digits of other scripts are read as they are seen; what only looks like a number is told with its place."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.read.dates.read import dates
from zizhu.read.documents.opened import from_text
from zizhu.read.quantities.read import numbers
from zizhu.read.words.digits import plain, unread

ZEROS = {"Arabic-Indic": "٠", "Persian": "۰", "Devanagari": "०", "bold": "𝟎", "full width": "０"}


def written(number: int, zero: str) -> str:
    return "".join(chr(ord(zero) + int(d)) for d in str(number))


@pytest.mark.parametrize("zero", ZEROS.values(), ids=ZEROS)
@pytest.mark.parametrize("number", [4, 45, 7300])
def test_digits_of_one_script_are_a_number(number: int, zero: str) -> None:
    digits = written(number, zero)
    text = f"It has {digits} mills now."
    (found,) = numbers(text, "en")
    assert (found.value, found.unit) == (number, "count:mill")
    assert found.as_written == text[slice(*found.span)] == f"{digits} mills"
    assert unread(text) == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [("a share of ٤٥٫٥٪ now", 45.5), ("a share of ４５．５％ now", 45.5), ("a share of ۴۵٪ now", 45.0)],
    ids=["Arabic", "full width", "Persian"],
)
def test_points_and_signs_of_percent_stand_with_their_digits(text: str, value: float) -> None:
    assert [(n.value, n.unit) for n in numbers(text, "en")] == [(value, "percent")]


def test_years_are_read_in_their_digits() -> None:
    assert [(d.edtf, d.as_written) for d in dates("It opened in ٢٠٢٤.")] == [("2024", "٢٠٢٤")]


@pytest.mark.parametrize(
    "number",
    ["4З", "1О0", "О2", "3,О00", "1Ο0", "1O0", "20l4", "4٥", "٤۵"],
    ids=[
        "Ze",
        "O",
        "first",
        "grouped",
        "omicron",
        "Latin O",
        "Latin l",
        "plain and Arabic",
        "Arabic and Persian",
    ],
)
def test_what_only_looks_like_a_number_is_none_and_is_told_with_its_place(number: str) -> None:
    text = f"It has {number} mills now."
    assert [n for n in numbers(text, "en") if n.value is not None] == []
    assert [text[slice(*s)] for s in unread(text)] == [number]
    (note,) = from_text(text, language="en").notes
    assert note.startswith("1 number was not read")
    assert note.endswith(f"{number!r} at character 7")


@pytest.mark.parametrize(
    "text", ["5G and Wi-Fi 6", "CO2, H2O", "2024 г.", "1990s", "3D, 4K and 10B", "第3家", "l0"]
)
def test_words_with_digits_are_no_numbers_that_went_unread(text: str) -> None:
    assert unread(text) == ()


def test_many_are_counted_and_the_first_named() -> None:
    (note,) = from_text(" and ".join(["4З mills"] * 7), language="en").notes
    assert note.startswith("7 numbers were not read")
    assert note.endswith("and 2 more")


@given(st.text(st.characters(categories=["Nd", "Ll", "Zs", "Po"]), max_size=30))
def test_a_text_stays_as_long_and_keeps_its_values(text: str) -> None:
    assert len(plain(text)) == len(text)
    for before, after in zip(text, plain(text), strict=True):
        if before != after and before.isdecimal():
            assert unicodedata.decimal(before) == int(after)
