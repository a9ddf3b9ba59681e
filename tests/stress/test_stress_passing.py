"""Shocks that meet on the same sales: fractions of the same goods multiply, different goods of one flow add up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tables.stored import Flow, trade
from tables.strategies import table as made
from tables.strategies import with_destinations
from zizhu.stress.ario.step import Scenario as Run
from zizhu.stress.ario.step import ensemble
from zizhu.stress.passing import Hit, Part, passing
from zizhu.stress.quarters import Quarters
from zizhu.stress.scenario.ground import Ground, grounded
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.resolve import lots, resolve
from zizhu.stress.weeks import Weeks
from zizhu.tables.leontief import Matrix, Vector
from zizhu.tables.mrio import MRIO
from zizhu.tables.trade import Trade
from zizhu.vocab.problems import ZizhuError

ONE = np.zeros(1, dtype=np.intp)
SHAPE = (3, 4)
NAMES = ("tin", "tungsten", "graphite", "")
hit_fields = st.tuples(
    st.lists(st.integers(0, 2), min_size=1, unique=True),
    st.lists(st.integers(0, 3), min_size=1, unique=True),
    st.floats(0, 1),
    st.sampled_from(NAMES),
    st.sampled_from(["", "a part", "another"]),
)
SHARES = {name: np.random.default_rng(k).random(SHAPE) * 0.8 for k, name in enumerate(NAMES)}
BOUGHT = {"a part": 0.3, "another": 0.5, "": 1.0}


@st.composite
def some_hits(draw: st.DrawFn) -> list[Hit]:
    """Shocks to goods, to parts of buyers, and to all that is sold, on parts of a grid."""
    return [of_grid(*draw(hit_fields)) for _ in range(draw(st.integers(1, 6)))]


def of_grid(rows: list[int], columns: list[int], stops: float, goods: str, bought: str) -> Hit:
    named = Part((goods,) if goods else (), SHARES[goods][np.ix_(rows, columns)])
    of = (named, Part((bought,) if bought else (), BOUGHT[bought]))
    return Hit(np.array(rows), np.array(columns), stops, of)


def close(found: Matrix, wanted: Matrix) -> None:
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-12)


@given(some_hits(), st.randoms(use_true_random=False))
def test_the_order_of_shocks_does_not_matter(hits: list[Hit], random: Any) -> None:
    other = random.sample(hits, len(hits))
    close(passing(SHAPE, hits), passing(SHAPE, other))


@given(some_hits(), some_hits())
def test_no_shock_lets_more_pass_and_none_stops_more_than_there_is(one: list[Hit], more: list[Hit]) -> None:
    before, after = passing(SHAPE, one), passing(SHAPE, [*one, *more])
    assert (after <= before + 1e-12).all()
    assert after.min() >= 0
    assert before.max() <= 1


@given(hit_fields)
def test_a_full_stop_said_twice_is_one(fields: Any) -> None:
    rows, columns, _, goods, bought = fields
    whole = of_grid(rows, columns, 1.0, goods, bought)
    close(passing(SHAPE, [whole, whole]), passing(SHAPE, [whole]))


@given(some_hits())
def test_shocks_to_all_that_is_sold_multiply(hits: list[Hit]) -> None:
    plain = [Hit(h.rows, h.columns, h.stops) for h in hits]
    wanted = np.ones(SHAPE)
    for h in plain:
        wanted[np.ix_(h.rows, h.columns)] *= 1 - h.stops
    close(passing(SHAPE, plain), wanted)


def test_goods_add_up_within_what_passes_of_all() -> None:
    """Tin is a tenth and tungsten a fifth of the flow; tin is held back twice, all of it by a quarter."""
    tin, tungsten = (Part(("tin",), 0.1),), (Part(("tungsten",), 0.2),)
    hits = [Hit(ONE, ONE, stops, of) for stops, of in ((0.5, tin), (0.4, tin), (0.6, tungsten), (0.25, ()))]
    stopped = 0.1 * (1 - 0.5 * 0.6) + 0.2 * 0.6
    assert passing((1, 1), hits)[0, 0] == pytest.approx((1 - stopped) * 0.75)


def test_goods_that_are_more_than_the_flow_stop_no_more_than_it() -> None:
    """Two goods of .7 each: of the flow that the table has, .7 are taken to be the one of which more is stopped."""
    hits = [Hit(ONE, ONE, stops, (Part((name,), 0.7),)) for stops, name in ((0.5, "tin"), (1.0, "tungsten"))]
    assert passing((1, 1), hits)[0, 0] == pytest.approx(1 - 0.7 - 0.3 * 0.5)


def test_a_part_of_the_buyers_is_inside_of_what_all_buy() -> None:
    """A fifth is tin. A tenth of it goes to some buyers, who get none of it, the others half."""
    tin, some = Part(("tin",), 0.2), Part(("some",), 0.1)
    hits = [Hit(ONE, ONE, 1.0, (tin, some)), Hit(ONE, ONE, 0.5, (tin,))]
    assert passing((1, 1), hits)[0, 0] == pytest.approx(1 - 0.2 * (0.1 + 0.9 * 0.5))
    of_all = [Hit(ONE, ONE, 1.0, (Part(), some)), Hit(ONE, ONE, 1.0, (tin,))]
    assert passing((1, 1), of_all)[0, 0] == pytest.approx(0.9 * 0.8)


# --- scenarios ---

COUNTRIES, SECTORS = ("CHN", "DEU", "USA"), ("B08", "C20", "C26")
A, B, C = "280530", "284690", "250410"
FLOWS: tuple[Flow, ...] = (
    (2022, "CHN", "DEU", A, 4_000_000, None),
    (2022, "CHN", "DEU", B, 2_000_000, None),
    (2022, "CHN", "USA", A, 5_000_000, None),
    (2022, "CHN", "DEU", C, 3_000_000, None),
)
PLENTY: tuple[Flow, ...] = tuple((y, s, r, p, usd * 9, t) for y, s, r, p, usd, t in FLOWS)
"""More of the products than the table has of their industries."""
SHARE = {A: 4 / 60, B: 2 / 60}
"""Of China's chemicals to Germany: 24 to industries and 36 to final buyers."""


def small() -> MRIO:
    """Every industry sells 10 to every industry at home, 8 abroad, and half as much again to final buyers."""
    home = np.kron(np.eye(3), np.ones((3, 3)))
    Z = 8.0 + 2.0 * home
    return made(Z, 2.5 * Z.sum(axis=1), COUNTRIES, SECTORS)


def ban(*products: str, **told: Any) -> dict[str, Any]:
    held = {"kind": "export_ban", "sender": "CHN", "receiver": "DEU"}
    return held | ({"products": products} if products else {}) | told


def asked(*shocks: dict[str, Any], **said: Any) -> Scenario:
    base = {"id": "one", "title": "One", "draws": 0, "length": "10 weeks", "stocks": {"default": "9 days"}}
    return Scenario.model_validate({**base, "shocks": shocks, **said})


def stopped(*shocks: dict[str, Any], flows: tuple[Flow, ...] = FLOWS, table: MRIO | None = None) -> Matrix:
    """The share (n, n) of every flow that stops over quarters."""
    mrio = table or small()
    scenario = asked(*shocks)
    found = Quarters(scenario, mrio, resolve(scenario, Ground(mrio, trade(*flows)))).stopped_at(1.0)
    whole = np.zeros((mrio.n, mrio.n))
    whole[np.ix_(found.rows, found.columns)] = found.flows
    return whole / np.where(np.asarray(mrio.Z) > 0, mrio.Z, 1)


def lost(*shocks: dict[str, Any], flows: tuple[Flow, ...] = FLOWS) -> Vector:
    """Output that every industry loses over weeks."""
    mrio, scenario = with_destinations(small(), 1), asked(*shocks)
    weeks = Weeks.of(scenario, resolve(scenario, Ground(mrio, trade(*flows))), mrio)
    return np.asarray(weeks.central().lost)


PAIRS: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
    "twice": ([ban(A), ban(A)], [ban(A)]),
    "the world too": ([ban(A), ban(A, receiver="WLD")], [ban(A, receiver="WLD")]),
    "two lists": ([ban(A), ban(B)], [ban(A, B)]),
    "two partial lists": ([ban(A, share=0.5), ban(B, share=0.5)], [ban(A, B, share=0.5)]),
    "lists that overlap": ([ban(A, C), ban(A, B)], [ban(A, B, C)]),
    "an embargo": ([{**ban(A), "kind": "embargo"}, ban(A)], [ban(A)]),
    "all of the industry": ([ban(A), ban(sender="CHN:C20")], [ban(sender="CHN:C20")]),
    "one buyer more": ([ban(A), ban(A, receiver="DEU:C26")], [ban(A)]),
    "another order": ([ban(A, share=0.5), ban(A, B)], [ban(A, B), ban(A, share=0.5)]),
}


@pytest.mark.parametrize("flows", [FLOWS, PLENTY], ids=["few", "plenty"])
@pytest.mark.parametrize("name", PAIRS)
def test_shocks_that_say_the_same_do_the_same(name: str, flows: tuple[Flow, ...]) -> None:
    one, other = PAIRS[name]
    close(stopped(*one, flows=flows), stopped(*other, flows=flows))
    np.testing.assert_allclose(lost(*one, flows=flows), lost(*other, flows=flows), rtol=0, atol=1e-9)
    assert np.abs(lost(*other, flows=flows)).max() > 1e-3


def test_what_stops_is_the_sum_by_hand() -> None:
    """Half of A, then two fifths of A and B, then a quarter of all that China's chemicals sell to Germany."""
    found = stopped(ban(A, share=0.5), ban(A, B, share=0.4), ban(sender="CHN:C20", share=0.25))
    of_goods = SHARE[A] * (1 - 0.5 * 0.6) + SHARE[B] * 0.4
    wanted = np.zeros((9, 9))
    wanted[1, 3:6] = 1 - (1 - of_goods) * 0.75
    close(found, wanted)


def test_weeks_and_quarters_let_the_same_pass_of_shocks_that_hold_all_year() -> None:
    """The share that passes in each cell of the blocks of the weekly model."""
    shocks = ban(A, share=0.5), ban(A, B, share=0.4), ban(sender="CHN", share=0.25), ban(B, receiver="WLD")
    mrio, scenario = small(), asked(*shocks)
    weeks = Weeks.of(scenario, resolve(scenario, Ground(mrio, trade(*FLOWS))), mrio)
    named = weeks.named(np.array([scenario.central(n) for n in scenario.drawn]))
    state = ensemble(weeks.economy, [Run(weeks.parameters(named), weeks.shocks(named))])
    state.step(0)
    found = np.ones((9, 9))
    barred = state.restricted
    for block, place in barred._places(0):
        ends = [*block.buyers[1:], 9]
        for k, (begin, end) in enumerate(zip(block.buyers, ends, strict=True)):
            group = barred.barriers[0].group
            same = [j for j in range(begin, end) if group[j] == group[begin]]
            found[np.ix_(block.sellers, same)] = barred.now[place].reshape(block.shape)[:, [k]]
    close(found, 1 - stopped(*shocks))


def test_shocks_that_hold_at_other_times_meet_only_while_both_do() -> None:
    """A ban said again for its second half is the ban; on other goods it is more from then on."""
    first = ban(A, B, C, duration="10 weeks")
    again = lost(first, ban(A, start="5 weeks"))
    np.testing.assert_allclose(again, lost(first), rtol=0, atol=1e-9)
    alone, both = lost(ban(A)), lost(ban(A), ban(B, C, start="5 weeks"))
    np.testing.assert_allclose(both[:5], alone[:5], rtol=0, atol=1e-9)
    assert both[9].sum() > alone[9].sum() + 1e-3


@given(st.lists(st.lists(st.sampled_from("abcdef"), unique=True), max_size=5))
def test_lots_are_whole_in_every_list_and_hold_every_product_once(lists: list[list[str]]) -> None:
    for products in lists:
        found = lots(products, [tuple(some) for some in lists])
        assert sorted(p for lot in found for p in lot) == sorted(products)
        for lot in found:
            assert all(set(lot) <= set(some) or not set(lot) & set(some) for some in lists)


def test_a_product_that_is_an_input_of_its_own_is_in_no_other_shock_as_a_share() -> None:
    own = ban(A, needed_by=["C26"])
    scenario = asked(own, ban(A, B))
    ground = grounded(scenario, Ground(small(), trade(*FLOWS)))
    with pytest.raises(ZizhuError, match="280530 in another shock with other products or users"):
        resolve(scenario, ground)


@pytest.mark.slow
def test_graphite_banned_twice_is_banned_once(icio: MRIO, baci: Trade) -> None:
    """On the built-in tables, to Japan and to everybody: all but the second are the same to Japan."""
    goods = {"products": ["250410"], "receiver": "JPN"}
    everybody = {**goods, "receiver": "WLD"}
    found = [
        Quarters(s, icio, resolve(s, Ground(icio, baci))).central
        for s in (asked(*(ban(**g) for g in some)) for some in ([goods], [goods, goods], [everybody, goods]))
    ]
    alone = asked(ban(**everybody))
    everywhere = Quarters(alone, icio, resolve(alone, Ground(icio, baci))).central
    for one, other in ((found[0], found[1]), (everywhere, found[2])):
        np.testing.assert_allclose(one.sales, other.sales, rtol=1e-9, atol=1e-6)
        np.testing.assert_allclose(one.first, other.first, rtol=1e-9, atol=1e-6)
