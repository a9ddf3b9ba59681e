"""Conversion between classifications: every flow is conserved to the dollar, and what is ambiguous is said."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from zizhu.tables.concordance import convert, reversed_pairs, weights
from zizhu.vocab.problems import ZizhuError

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
CODES = [f"{k:06d}" for k in range(10101, 10109)]


def pairs(*given: tuple[str, str]) -> pl.DataFrame:
    return pl.DataFrame(list(given), schema={"source": pl.String, "target": pl.String}, orient="row")


def flows(*given: tuple[str, int, float | None]) -> pl.DataFrame:
    schema = {"hs6": pl.String, "value_usd": pl.Int64, "quantity_t": pl.Float64}
    return pl.DataFrame(list(given), schema=schema, orient="row")


def test_weights_come_from_trade_else_are_equal_and_say_so() -> None:
    given = pairs(("a", "x"), ("b", "x"), ("b", "y"), ("c", "v"), ("c", "w"), ("d", "y"), ("d", "z"))
    trade = flows(("x", 10, None), ("x", 20, None), ("y", 10, None), ("z", 0, None))
    found = weights(given, trade)
    assert found.select("source", "target", "weight", "basis", "targets").rows() == [
        ("a", "x", 1.0, "single", 1),
        ("b", "x", 0.75, "trade", 2),
        ("b", "y", 0.25, "trade", 2),
        ("c", "v", 0.5, "equal", 2),
        ("c", "w", 0.5, "equal", 2),
        ("d", "y", 1.0, "trade", 2),
        ("d", "z", 0.0, "trade", 2),
    ]
    assert weights(given)["basis"].to_list() == ["single", *["equal"] * 6]


def test_a_value_is_split_by_the_largest_remainder() -> None:
    shares = weights(pairs(("s", "a"), ("s", "b"), ("s", "c")))
    made = convert(flows(("s", 11, 3.0)), shares, "HS1992")
    assert made.frame.rows() == [("a", 4, 1.0), ("b", 4, 1.0), ("c", 3, 1.0)]
    shares = weights(pairs(("s", "a"), ("s", "b")), flows(("a", 1, None), ("b", 2, None)))
    assert convert(flows(("s", 10, None)), shares, "").frame["value_usd"].to_list() == [3, 7]


def test_other_columns_stay_and_the_revision_is_that_of_the_targets() -> None:
    given = flows(("s", 10, 1.0), ("t", 5, None), ("u", 7, 2.0)).with_columns(
        pl.Series("year", [2020, 2020, 2021]), revision=pl.lit("HS2022")
    )
    made = convert(given, weights(pairs(("s", "x"), ("t", "x"))), "HS1992")
    assert made.frame.select("year", "hs6", "revision", "value_usd", "quantity_t").rows() == [
        (2020, "x", "HS1992", 15, 1.0)
    ]
    assert made.unmapped["hs6"].to_list() == ["u"]
    assert (made.unmapped["value_usd"].sum(), made.total_usd) == (7, 22)
    assert made.ambiguous_usd == 0


@examples(200)
@given(
    links=st.sets(st.tuples(st.sampled_from(CODES), st.sampled_from(CODES)), min_size=1, max_size=25),
    trade=st.dictionaries(st.sampled_from(CODES), st.integers(0, 10**15), max_size=8),
    given=st.lists(st.tuples(st.sampled_from(CODES), st.integers(0, 10**17 // 4)), min_size=1, max_size=20),
)
def test_every_flow_is_conserved_and_close_to_its_exact_share(
    links: set[tuple[str, str]], trade: dict[str, int], given: list[tuple[str, int]]
) -> None:
    shares = weights(pairs(*sorted(links)), flows(*[(k, v, None) for k, v in trade.items()]))
    frame = flows(*[(k, v, None) for k, v in given]).with_columns(pl.Series("id", range(len(given))))
    made = convert(frame, shares, "")
    assert made.frame["value_usd"].sum() + made.unmapped["value_usd"].sum() == sum(v for _, v in given)
    targets = {s: [t for u, t in links if u == s] for s, _ in links}
    parts = {(i, t): v for i, t, v in made.frame.select("id", "hs6", "value_usd").iter_rows()}
    for i, (code, value) in enumerate(given):
        if code not in targets:
            continue
        assert sum(parts.get((i, t), 0) for t in targets[code]) == value
        total = sum(trade.get(t, 0) for t in targets[code])
        for t in targets[code]:
            exact = Fraction(trade.get(t, 0), total) if total else Fraction(1, len(targets[code]))
            assert abs(parts.get((i, t), 0) - exact * value) < 1
    ambiguous = sum(v for k, v in given if len(targets.get(k, ())) > 1)
    assert made.ambiguous_usd == ambiguous


def test_the_order_of_rows_does_not_matter() -> None:
    given = pairs(*[(s, t) for s in CODES[:3] for t in CODES])
    frame = flows(*[(c, 10**6 + i, 1.0) for i, c in enumerate(CODES[:3])])
    plain = convert(frame, weights(given), "").frame
    assert convert(frame.reverse(), weights(given.reverse()).reverse(), "").frame.equals(plain)


def test_what_is_no_concordance_is_refused() -> None:
    twice = pl.DataFrame({"source": ["a", "a", None], "target": ["x", "x", "y"]})
    with pytest.raises(ZizhuError, match=r"1 codes are missing(.|\n)*1 pairs repeat"):
        weights(twice)
    with pytest.raises(ZizhuError, match="below zero"):
        weights(pairs(("a", "x")), flows(("x", -1, None)))
    with pytest.raises(ZizhuError, match="1 values are no USD"):
        convert(flows(("a", -1, None)), weights(pairs(("a", "x"))), "")


@pytest.mark.parametrize("table", ["hs6_hs0", "hs5_hs0", "hs4_hs0", "hs6_hs5"])
def test_trade_goes_to_a_newer_revision_and_back_without_loss(table: str) -> None:
    path = SHARED / "test" / "concordance" / f"{table}.parquet"
    if not path.is_file():
        pytest.skip("needs the concordances under ../shared")
    newer, older = table.upper().split("_")
    held = pl.read_parquet(path).select(source=f"{newer}_6d", target=f"{older}_6d").unique()
    rng = [(c, (7919 * i) % 10**9 + 1, None) for i, c in enumerate(sorted(held["target"].unique()))]
    given = flows(*rng)
    back = reversed_pairs(held)
    up = convert(given, weights(back), newer)
    assert up.unmapped.height == 0
    assert up.frame["value_usd"].sum() == given["value_usd"].sum()
    down = convert(up.frame.drop("quantity_t"), weights(held, given), older)
    assert down.frame["value_usd"].sum() == given["value_usd"].sum()
    if held["source"].is_unique().all():  # a conversion table: what was split comes back whole
        assert down.frame.equals(given.drop("quantity_t").sort("hs6"))
        assert down.ambiguous_usd == 0
    assert 0 < up.ambiguous_usd < up.total_usd
