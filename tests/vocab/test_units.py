from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.vocab.problems import ZizhuError
from zizhu.vocab.units import convert, quantity, same_dimension, unit, units


@pytest.mark.parametrize(
    ("value", "from_", "to", "expected"),
    [
        (24393, "100 million CNY", "trillion CNY", 2.4393),
        (3.6, "million", "thousand", 3600),
        (2, "million", "thousand units", 2000),
        (70, "percent", "share", 0.7),
        (3, "of 12", "percent", 25),
        (1200, "GW", "MW", 1_200_000),
        (0.5, "billion USD", "million USD", 500),
        (12, "per 10000 people", "per 10000 people", 12),
        (0.1, "percent", "percent", 0.1),
        (float("inf"), "percent", "share", float("inf")),
    ],
)
def test_conversions(value: float, from_: str, to: str, expected: float) -> None:
    assert convert(value, from_, to) == expected


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("percent", "percentage points"),
        ("percent", "percent per year"),
        ("billion CNY", "billion USD"),
        ("per 10000 people", "per 10000 employees"),
        ("t", "t REO"),
        ("GW", "GWh"),
        ("count", "rank"),
        ("times", "percent"),
    ],
)
def test_what_must_not_be_compared(a: str, b: str) -> None:
    assert not same_dimension(a, b)
    with pytest.raises(ZizhuError, match="cannot be turned into"):
        convert(1, a, b)


def test_a_refusal_names_units_that_would_do() -> None:
    with pytest.raises(ZizhuError) as error:
        convert(1, "billion CNY", "GW")
    assert "trillion CNY" in error.value.problems[0].remedy
    assert "USD" not in error.value.problems[0].remedy


def test_units_are_well_formed() -> None:
    for u in units().values():
        assert u.scale > 0
        assert u.label
        assert (u.dimension.startswith("money")) == bool(u.currency)
    bases = {(u.dimension, u.currency): u.base for u in units().values()}
    assert all(bases[u.dimension, u.currency] == u.base for u in units().values())


def test_an_unknown_unit_names_the_nearest() -> None:
    with pytest.raises(ZizhuError, match="percent"):
        unit("per cent")


@given(st.floats(-1e12, 1e12), st.sampled_from(sorted(units())), st.sampled_from(sorted(units())))
def test_there_and_back_is_the_same_value(value: float, a: str, b: str) -> None:
    if same_dimension(a, b):
        assert convert(convert(value, a, b), b, a) == pytest.approx(value, rel=1e-12)
    else:
        with pytest.raises(ZizhuError):
            convert(value, a, b)


@pytest.mark.parametrize(
    ("value", "code", "told"),
    [
        (70, "percent", "70 %"),
        (-18.5, "percent", "\N{MINUS SIGN}18.5 %"),
        (1370, "thousand units", "1,370 thousand units"),
        (15, "count", "15"),
        (3, "rank", "3"),
        (1, "binary", "yes"),
        (0, "binary", "no"),
        (0, "effect", "none"),
        (-2, "effect", "\N{MINUS SIGN}2"),
        (-2, "t REO", "\N{MINUS SIGN}2 t of rare-earth oxides"),
    ],
)
def test_a_quantity_in_words(value: float, code: str, told: str) -> None:
    assert quantity(value, code) == told
