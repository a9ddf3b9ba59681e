"""A product and the rest of its industry together are what the industry was, in every number of the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from tables.strategies import COUNTRIES, dense, mrios, table, with_destinations
from zizhu.tables.leontief import Matrix
from zizhu.tables.mrio import MRIO, Nodes
from zizhu.tables.selection import select
from zizhu.tables.split import Split, shares_of_product, with_product
from zizhu.tables.trade import Trade
from zizhu.vocab.problems import ZizhuError

CODE = "HS250410"
SINGLE = 2**-23
"""Relative spacing of single-precision numbers."""


def merged(made: MRIO, before: MRIO, code: str, industry: str) -> dict[str, NDArray[Any]]:
    """The numbers of `made` with the product counted with its industry, in the order of `before`, by labels."""
    onto = np.zeros((before.n, made.n))
    for k, (country, sector) in enumerate(made.nodes):
        onto[before.nodes.position[country, industry if sector == code else sector], k] = 1.0
    vectors = ("x", "value_added", "sales_elsewhere", "final", "primary", "imports")
    found = {name: onto @ part for name in vectors if (part := getattr(made, name)) is not None}
    rows = onto.argmax(axis=0)
    Z = np.zeros((before.n, before.n))
    np.add.at(Z, (rows[:, None], rows[None, :]), np.asarray(made.Z, dtype=float))
    return found | {"Z": Z}


def assert_same_totals(made: MRIO, before: MRIO, industry: str) -> None:
    for name, total in merged(made, before, CODE, industry).items():
        held = np.asarray(getattr(before, name), dtype=float)
        loose = name == "Z" and made.Z.dtype == np.float32
        # of a cell in single precision up to four parts are rounded, each to half a unit in the last place
        assert_allclose(total, held, rtol=2 * SINGLE if loose else 1e-12, atol=1e-12 * np.abs(held).max())


@st.composite
def splits(draw: st.DrawFn) -> tuple[MRIO, Matrix, dict[str, Any]]:
    """A table, some trade of a product, and how the product is split off."""
    mrio = draw(mrios(countries=4, sectors=4))
    seed, count = draw(st.integers(0, 2**32 - 1)), len(mrio.nodes.countries)
    rng = np.random.default_rng(seed)
    if draw(st.booleans()):
        mrio = with_destinations(mrio, seed)
    if draw(st.booleans()):
        paid = 0.3 * mrio.value_added
        mrio = replace(mrio, value_added=mrio.value_added - paid, primary=paid, imports=0.5 * paid)
    value = rng.random((count, count)) * (rng.random((count, count)) < 0.7) * mrio.Z.max()
    value *= 10.0 ** draw(st.integers(-6, 2))
    users = draw(st.none() | st.lists(st.sampled_from(mrio.nodes.sectors), min_size=1, unique=True))
    return mrio, value, {"users": users, "home": draw(st.sampled_from([0.0, 0.5, 1.0, 20.0]))}


@given(splits())
def test_product_and_industry_are_what_the_industry_was(case: tuple[MRIO, Matrix, dict[str, Any]]) -> None:
    mrio, value, how = case
    made = with_product(mrio, CODE, "C26", value, **how).mrio
    assert made.n == mrio.n + len(mrio.nodes.countries)
    assert made.Z.dtype == mrio.Z.dtype
    assert made.nodes.sectors == (*mrio.nodes.sectors, CODE)
    assert_same_totals(made, mrio, "C26")
    for name in ("Z", "x", "final", "primary", "imports"):
        held = getattr(made, name)
        assert held is None or held.min() >= 0
    assert made.value_added.min() >= min(0.0, mrio.value_added.min())


@given(splits())
def test_a_balanced_table_stays_balanced(case: tuple[MRIO, Matrix, dict[str, Any]]) -> None:
    mrio, value, how = case
    made = with_product(mrio, CODE, "C26", value, **how).mrio
    near = (
        {"rtol": 1e-6, "atol": 1e-6 * mrio.x.max()}
        if mrio.Z.dtype == np.float32
        else {"rtol": 1e-9, "atol": 1e-12 * mrio.x.max()}
    )
    flows = np.asarray(made.Z, dtype=float)
    assert_allclose(flows.sum(axis=1) + made.sales_elsewhere, made.x, **near)
    primary = 0.0 if made.primary is None else made.primary
    assert_allclose(flows.sum(axis=0) + made.value_added + primary, made.x, **near)
    if made.final is not None:
        assert_allclose(flows.sum(axis=1) + made.final.sum(axis=1), made.x, **near)


@given(splits())
def test_trade_is_in_the_table_or_unseen(case: tuple[MRIO, Matrix, dict[str, Any]]) -> None:
    """What the product sells abroad and what was not seen are its trade; nobody but users buys it."""
    mrio, value, how = case
    made, unseen = _both(with_product(mrio, CODE, "C26", value, **how))
    rows, count = made.nodes.of(made.nodes.countries, [CODE]), len(made.nodes.countries)
    sold = np.asarray(made.Z[rows], dtype=float)
    followed = np.array([sold[:, made.nodes.country_index == q].sum(axis=1) for q in range(count)]).T
    if how["users"] is None:
        followed = followed + _final_sales(made, rows, followed)
    abroad = ~np.eye(count, dtype=bool)
    assert_allclose((followed + unseen)[abroad], value[abroad], rtol=1e-5, atol=1e-6 * value.max())
    if how["users"] is not None:
        users = [*how["users"], *([CODE] if "C26" in how["users"] else [])]
        others = ~np.isin(made.nodes.sector, users)
        assert not sold[:, others].any()
        assert not made.sales_elsewhere[rows].any()


def _both(split: Split) -> tuple[MRIO, Matrix]:
    return split.mrio, split.unseen


def _final_sales(made: MRIO, rows: NDArray[np.intp], followed: Matrix) -> Matrix:
    """Final sales (k, C) of the product by country: those of the table, or spread as the purchases of industries of
    the industry are, whose ratio to final sales is one number a seller."""
    if made.final is not None:
        return made.final[rows]
    between = followed.sum(axis=1)
    elsewhere = made.sales_elsewhere[rows]
    ratio = np.divide(elsewhere, between, out=np.zeros_like(between), where=between > 0)
    return followed * ratio[:, None]


@given(splits())
def test_content_is_that_of_the_table_before(case: tuple[MRIO, Matrix, dict[str, Any]]) -> None:
    """v'L = 1, and by country of origin every node contains what it did; the product what its industry does."""
    mrio, value, how = case
    made = with_product(mrio, CODE, "C26", value, **how).mrio
    active = made.x > 1e-6 * made.x.max()
    assert_allclose((made.lu.solve_transposed(made.leftover))[active], 1.0, rtol=1e-8)
    before, after = _content(mrio), _content(made)
    for k, (country, sector) in enumerate(made.nodes):
        if active[k]:
            same = mrio.nodes.position[country, "C26" if sector == CODE else sector]
            assert_allclose(after[:, k], before[:, same], rtol=1e-5, atol=1e-6)


def _content(mrio: MRIO) -> Matrix:
    """Value added by country in one unit of every node, by dense algebra."""
    of = dense(mrio)
    return np.array(
        [(of.v * (mrio.nodes.country_index == c)) @ of.L for c in range(len(mrio.nodes.countries))]
    )


# --- by hand ---


def two_countries(
    users: Sequence[str] | None, home: float = 1.0, value: float = 5.0, back: float = 0.0
) -> Split:
    """A and B with s (splits) and t; A's s sells 10, 20 at home and 30, 10 to s and t of B, and 30 to final buyers."""
    Z = np.array([[10.0, 20, 30, 10], [5, 5, 5, 5], [2, 2, 4, 2], [1, 1, 1, 1]])
    mrio = table(Z, np.array([100.0, 40, 60, 40]), ("CHN", "DEU"), ("C26", "C28"))
    return with_product(mrio, CODE, "C26", np.array([[0.0, value], [back, 0.0]]), users=users, home=home)


def test_one_user_by_hand() -> None:
    """5 of the 10 that C28 of Germany buys are the product; its share of exports, with final sales 3/7 of the flows,
    is 5 / (40 (1 + 3/7)) = .0875, so China's C28 buys 1.75 of 20 at home."""
    made, unseen = _both(two_countries(["C28"]))
    nodes = [f"{c}:{s}" for c in ("CHN", "DEU") for s in ("C26", "C28", CODE)]
    assert made.nodes.labels(np.arange(made.n)) == nodes
    assert_allclose(made.Z[2], [0, 1.75, 0, 0, 5, 0])
    assert_allclose(made.Z[0, [1, 4]], [18.25, 5])
    assert_allclose(made.x, [93.25, 40, 6.75, 60, 40, 0])
    assert_allclose(made.Z[:, 2], 0.0675 * np.array([10, 5, 0, 2, 1, 0]))
    assert_allclose(made.Z[:, 0], 0.9325 * np.array([10, 5, 0, 2, 1, 0]))
    assert_allclose(made.value_added[[0, 2]], 82 * np.array([0.9325, 0.0675]))
    assert_allclose(made.sales_elsewhere, [30, 20, 0, 50, 36, 0])
    assert not unseen.any()


def test_an_industry_that_needs_a_product_of_its_own() -> None:
    """C26 of Germany buys 30: 6 are the product, all of it from its own kind in China; both parts of it buy it."""
    made, _ = _both(two_countries(["C26"], home=0.0, value=6.0, back=0.5))
    g, i = made.nodes.position["CHN", CODE], made.nodes.position["DEU", "C26"]
    part = 0.5 / 60
    assert_allclose(made.Z[g, [i, i + 2]], [6 * (1 - part), 6 * part])


def test_everybody_by_hand() -> None:
    """Of 40 (1 + 3/7) that Germany buys, 5 are the product: .0875 of every flow there, and of those at home."""
    made, unseen = _both(two_countries(None))
    assert_allclose(made.Z[2, [1, 3, 4]], 0.0875 * np.array([20, 30, 10]))
    assert_allclose(made.x[2], 8.75)
    assert_allclose(made.sales_elsewhere[[0, 2]], 30 * np.array([0.9125, 0.0875]))
    assert not unseen.any()


def test_trade_beyond_the_purchases_is_unseen() -> None:
    made, unseen = _both(two_countries(["C28"], home=0.0, value=12.0))
    assert_allclose(made.Z[2], [0, 0, 0, 0, 10, 0])
    assert made.Z[0, 4] == 0
    assert_allclose(unseen, [[0, 2], [0, 0]])


def test_no_purchases_no_product() -> None:
    Z = np.array([[1.0, 0], [0, 1]])
    mrio = table(Z, np.array([10.0, 10]), ("CHN", "DEU"), ("C26",))
    value = np.array([[0.0, 3], [0, 0]])
    made, unseen = _both(with_product(mrio, CODE, "C26", value, users=["C26"]))
    assert_allclose(unseen, value)
    assert not made.x[made.nodes.of(["CHN", "DEU"], [CODE])].any()


def test_what_is_known_of_sales_at_home_is_a_floor() -> None:
    value, sales = np.array([[4.0, 2], [0, 0]]), np.array([[10.0, 20], [5, 5]])
    assert_allclose(shares_of_product(value, sales, sales, home=1.0), [[0.4, 0.1], [0, 0]])
    assert_allclose(shares_of_product(value, sales, sales, home=6.0), [[0.6, 0.1], [0, 0]])
    assert_allclose(shares_of_product(value, sales, sales, home=99.0), [[1.0, 0.1], [0, 0]])


def test_the_product_never_sells_more_than_its_industry_makes() -> None:
    """Final sales below zero: the industry sells 8 to industries and makes 6."""
    Z = np.array([[0.0, 8], [0, 0]])
    mrio = table(Z, np.array([6.0, 20]), ("CHN", "DEU"), ("C26",))
    made, unseen = _both(with_product(mrio, CODE, "C26", np.array([[0.0, 8], [0, 0]]), users=["C26"]))
    assert_allclose(made.x, [0, 6, 20, 0])
    assert_allclose(made.Z[:2, 2], [2, 6])
    assert_allclose(unseen, [[0, 2], [0, 0]])


def test_nothing_is_left_of_an_industry_that_is_the_product_but_for_rounding() -> None:
    """Output one step of rounding above the sales: what would be left has no technology that could be told."""
    Z = np.array([[0.0, 0.3], [0, 0]])
    mrio = table(Z, np.array([np.nextafter(0.3, 1), 1.0]), ("CHN", "DEU"), ("C26",))
    made = with_product(mrio, CODE, "C26", np.array([[0.0, 1], [0, 0]]), users=["C26"]).mrio
    assert made.x[0] == 0
    assert made.x[1] == mrio.x[0]


def test_inventories_drawn_down_are_no_sales() -> None:
    """Of 10 to industries and 10 to final buyers in Germany a quarter is the product; the -4 at home stay."""
    Z = np.array([[0.0, 10], [0, 0]])
    mrio = table(Z, np.array([16.0, 20]), ("CHN", "DEU"), ("C26",))
    known = replace(mrio, final=np.array([[-4.0, 10], [0, 20]]))
    made, unseen = _both(with_product(known, CODE, "C26", np.array([[1.0, 5], [0, 0]])))
    assert made.final is not None
    assert_allclose(made.final, [[-4, 7.5], [0, 2.5], [0, 20], [0, 0]])
    assert_allclose(made.sales_elsewhere[:2], [3.5, 2.5])
    assert_allclose(unseen, [[1, 0], [0, 0]])


# --- countries that are split, and countries without the industry ---


def test_parts_of_a_country_share_its_trade() -> None:
    """CN1 and CN2 sell 30 and 10 to Germany's C28, the product is 8 of these 40; CN2 comes last and has no C28."""
    nodes = Nodes(
        ("CN1", "CN1", "DEU", "DEU", "CN2", "FRA"),
        ("C26", "C28", "C26", "C28", "C26", "C28"),
        part_of=("CHN", "CHN", "DEU", "DEU", "CHN", "FRA"),
    )
    Z = np.zeros((6, 6))
    Z[0, 3], Z[4, 3], Z[2, 3], Z[5, 3] = 30, 10, 5, 20
    base = table(Z, np.full(6, 100.0), ("CHN", "DEU", "FRA"), ("C26", "C28"))
    mrio = replace(base, nodes=nodes)
    value = np.zeros((3, 3))
    value[0, 1], value[2, 1] = 8, 3
    made, unseen = _both(with_product(mrio, CODE, "C26", value, users=["C28"]))
    assert made.nodes.country == (*("CN1",) * 3, *("DEU",) * 3, *("CN2",) * 2, *("FRA",) * 2)
    assert made.nodes.whole == (*("CHN",) * 3, *("DEU",) * 3, *("CHN",) * 2, *("FRA",) * 2)
    user = made.nodes.position["DEU", "C28"]
    assert_allclose(made.Z[made.nodes.of(["CHN"], [CODE]), user], [6, 2])
    assert made.x[made.nodes.position["FRA", CODE]] == 0
    assert_allclose(made.x[made.nodes.position["FRA", "C28"]], 100)
    assert unseen[2, 1] == 3
    assert_allclose(unseen.sum(), 3)


# --- what is said of it ---


def test_it_is_marked_and_said() -> None:
    made = two_countries(["C28"]).mrio
    assert made.estimated == (f"CHN:{CODE}", f"DEU:{CODE}")
    assert CODE in made.notes[-1]
    assert "estimate" in made.notes[-1]
    assert "C28" in made.notes[-1]
    assert made.ref == f"table:test@{'0' * 32}"


def test_manufacturing_holds_it() -> None:
    made = two_countries(["C28"]).mrio
    assert list(select(made, "CHN:MANUF").index) == [0, 1, 2]
    assert list(select(made, f"CHN:{CODE}").index) == [2]
    mined = table(np.eye(2), np.full(2, 5.0), ("CHN",), ("B08", "C28"))
    made = with_product(mined, CODE, "B08", np.zeros((1, 1))).mrio
    assert list(select(made, "CHN:MANUF").index) == [1]
    assert list(select(made, "CHN:B").index) == [0, 2]


def test_every_fault_at_once() -> None:
    mrio = table(np.eye(4), np.full(4, 9.0), COUNTRIES[:2], ("C26", "C28"))
    with pytest.raises(ZizhuError) as raised:
        with_product(mrio, "C28", "C99", -np.ones((2, 2)), users=["C27"], home=-1.0)
    said = str(raised.value)
    assert len(raised.value.problems) == 5
    for part in ("C28 is a sector already", "0 or more", "'C99'", "'C27'", "home -1"):
        assert part in said
    with pytest.raises(ZizhuError, match=r"shape \(3, 3\)"):
        with_product(mrio, CODE, "C26", np.zeros((3, 3)))


# --- the built-in tables ---


@pytest.fixture(scope="module")
def graphite(icio: MRIO, baci: Trade) -> tuple[Matrix, Split]:
    """Trade in natural graphite of 2022 in million USD, and the table with it."""
    place = {c: i for i, c in enumerate(icio.nodes.countries)}
    traded = baci.of(["250410", "250490"]).filter(pl.col("year") == 2022)
    inside = traded.filter(pl.col("exporter").is_in(list(place)), pl.col("importer").is_in(list(place)))
    value = np.zeros((len(place), len(place)))
    for who, whom, usd in inside.select("exporter", "importer", "value_usd").iter_rows():
        value[place[who], place[whom]] += usd / 1e6
    return value, with_product(icio, CODE, "B08", value, users=["C23", "C24A", "C24B", "C27"])


@pytest.mark.slow
def test_graphite_and_other_mining_are_mining(icio: MRIO, graphite: tuple[Matrix, Split]) -> None:
    made = graphite[1].mrio
    assert (made.n, made.Z.dtype) == (4080, np.float32)
    assert_same_totals(made, icio, "B08")
    assert made.Z.min() >= 0
    assert made.x.min() >= 0


def test_graphite_that_the_table_sees(icio: MRIO, graphite: tuple[Matrix, Split]) -> None:
    """Japan's users buy more of Chinese mining than its graphite, so all of it is seen; recomputed from the flows."""
    value, (made, unseen) = graphite[0], _both(graphite[1])
    china, japan = (made.nodes.countries.index(c) for c in ("CHN", "JPN"))
    users = made.nodes.of(["JPN"], ["C23", "C24A", "C24B", "C27"])
    sold = made.Z[made.nodes.position["CHN", CODE], users].sum(dtype=float)
    bought = icio.Z[icio.nodes.position["CHN", "B08"], icio.nodes.of(["JPN"], ["C23", "C24A", "C24B", "C27"])]
    assert value[china, japan] < bought.sum(dtype=float)
    assert unseen[china, japan] < 1e-9
    assert sold == pytest.approx(value[china, japan], rel=1e-6)
    assert value[china, japan] == pytest.approx(95, abs=1)


@pytest.mark.slow
def test_content_of_the_built_in_table_stays(icio: MRIO, graphite: tuple[Matrix, Split]) -> None:
    made = graphite[1].mrio
    active = made.x > 0
    assert_allclose(made.lu.solve_transposed(made.leftover)[active], 1.0, rtol=1e-6)
    old = [made.nodes.position[pair] for pair in icio.nodes]
    assert_allclose(made.contained[:, old], icio.contained, atol=1e-6)
