"""Texts made to do harm: none takes long, none raises what nobody expects, and what is not seen changes no number."""

from __future__ import annotations

from random import Random

import pytest
from hostile_texts import assembled, failures

from zizhu.read.dates import dates
from zizhu.read.quantities import numbers


def test_texts_of_the_lexicons_in_any_order() -> None:
    draw = Random(7)
    assert [bad for _ in range(1_000) for bad in failures(assembled(draw))] == []


@pytest.mark.slow
def test_many_texts_of_the_lexicons_in_any_order() -> None:
    draw = Random(11)
    assert [bad for _ in range(50_000) for bad in failures(assembled(draw))] == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Sales reached 1\u200b2 million tonnes.", [12e6]),
        ("Sales reached 12 mil\u00adlion tonnes.", [12e6]),
        ("Sales fell by 3\u20665\u2069 percent.", [35]),
        ("Sales fell by 3\u206045 percent.", [345]),
        ("出口增长1\u200b2%。", [12]),
        ("Sales rose by \u202e21\u202c percent and costs by 7 percent.", [7]),
        ("Sales rose by \u202e21 percent", []),
        ("Sales rose by 5·5 percent.", []),
        ("Sales of 1，234 firms rose.", []),
        ("Sales of 5⁄8 percent", []),
        ("Sales of 1٬234 firms", []),
        ("Sales rose by 3\u0336 percent, 2O percent, l2 percent and 1٢ percent.", []),
        ("The \u200f12\u200f firms", [12]),
    ],
    ids=range(13),
)
def test_numbers_are_read_as_they_are_seen(text: str, values: list[float]) -> None:
    assert [n.value for n in numbers(text, "en")] == values


def test_the_place_of_what_is_read_counts_what_is_not_seen() -> None:
    text = "\ufeffIn 20\u200b24 sales reached 1\u200b2 mil\u00adlion tonnes."
    (number,), (when,) = numbers(text, "en"), dates(text)
    assert text[slice(*number.span)] == number.as_written == "1\u200b2 mil\u00adlion tonnes"
    assert text[slice(*number.digits)] == "1\u200b2 mil\u00adlion"
    assert (when.edtf, when.as_written) == ("2024", "20\u200b24") == (when.edtf, text[slice(*when.span)])


def test_dates_that_are_turned_round_are_none() -> None:
    assert [d.edtf for d in dates("In \u202e4202\u202c and in 2023 sales rose")] == ["2023"]
    assert [d.edtf for d in dates("In \u202e2024\u202c and in 2023 sales rose")] == ["2023"]
