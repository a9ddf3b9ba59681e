"""The kernels against the model written out over whole matrices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from stress.ario.economies import YEAR, small, usual
from stress.ario.naive import Naive, Ration, proportional
from zizhu.stress.ario.economy import Economy
from zizhu.stress.ario.parameters import Parameters
from zizhu.stress.ario.profiles import profile
from zizhu.stress.ario.rationing import (
    FINAL_FIRST,
    INTERMEDIATES_FIRST,
    PROPORTIONAL,
    Rationing,
    key_sectors,
)
from zizhu.stress.ario.run import Paths, Scenario, simulate
from zizhu.stress.ario.shocks import CapacityLoss, Rebuilding, Restriction, Shocks
from zizhu.stress.ario.step import ensemble
from zizhu.tables.leontief import Matrix, Vector

STEPS = 60
seeds = st.integers(0, 2**32 - 1)


def naive(of: Economy, p: Parameters, ration: Ration = proportional) -> Naive:
    """The same economy and parameters, whole matrices."""
    n, S = of.n, of.sectors
    weight = np.ones((S, n)) if p.criticality is None else np.tile(p.criticality.T, of.countries)
    return Naive(
        of.Z.reshape(n, n) / YEAR,
        of.X0,
        of.y0,
        S,
        np.where(of.limiting, weight, 0.0),
        np.broadcast_to(np.asarray(p.inventory, dtype=float), (S,)),
        psi=p.psi,
        tau=float(np.asarray(p.tau_inventory)),
        sigma=float(np.asarray(p.sigma)),
        calm=p.calm,
        ration=ration,
    )


def loss(of: Economy, seed: int) -> CapacityLoss:
    """A third of the industries loses up to nine tenths."""
    rng = np.random.default_rng(seed)
    hit = rng.choice(of.n, max(1, of.n // 3), replace=False)
    return CapacityLoss(hit, rng.uniform(0, 0.9, len(hit)), profile(STEPS, 2, 15, ramp=3, recovery=20))


def lost_by(of: Economy, event: CapacityLoss, t: int) -> Vector:
    found = np.zeros(of.n)
    found[event.rows] = event.loss * event.path[t]
    return found


def both(
    of: Economy, p: Parameters, seed: int, ration: Ration = proportional
) -> tuple[Paths, Matrix, list[dict[str, Matrix]]]:
    event = loss(of, seed)
    found = simulate(of, p, Shocks(losses=(event,)), STEPS)
    model = naive(of, p, ration)
    return found, model.run(STEPS, lambda t: lost_by(of, event, t)), model.ledger


def close(of: Economy, found: Matrix, expected: Matrix, tolerance: float = 1e-11) -> None:
    np.testing.assert_allclose(
        found / np.maximum(of.X0, 1e-300), expected / np.maximum(of.X0, 1e-300), atol=tolerance
    )


@examples(25)
@given(
    seed=seeds,
    sigma=st.sampled_from([0.0, 0.3, 1.0]),
    stocks=st.sampled_from([1.0, 3.0, 90.0]),
    calm=st.sampled_from([None, 1e-6]),
)
def test_lost_capacity(seed: int, sigma: float, stocks: float, calm: float | None) -> None:
    of = small(seed, 3, 4, inactive=seed % 2)
    p = usual(sigma=sigma, calm=calm, inventory=stocks, tau_inventory=5.0)
    found, expected, ledger = both(of, p, seed)
    close(of, found.production, expected)
    close(of, found.unmet, np.array([entry["unmet"] for entry in ledger]))


def test_countries_that_do_not_come_in_fours() -> None:
    for countries in (1, 2, 5, 6, 7):
        of = small(countries, countries, 3)
        found, expected, _ = both(of, usual(inventory=4.0), 1)
        close(of, found.production, expected)


@examples(15)
@given(seed=seeds)
def test_inputs_that_matter_less(seed: int) -> None:
    of = small(seed)
    criticality = np.random.default_rng(seed).choice([0.0, 0.5, 1.0], (of.sectors, of.sectors))
    found, expected, _ = both(of, usual(inventory=2.0, criticality=criticality, psi=1.0), seed)
    close(of, found.production, expected)


@pytest.mark.slow
@examples(15)
@given(seed=seeds, sigma=st.sampled_from([0.0, 0.4, 1.0]), cut=st.sampled_from([0.3, 1.0]))
def test_restrictions(seed: int, sigma: float, cut: float) -> None:
    """Two restrictions that meet some buyers together, each with its own path."""
    of = small(seed, 4, 3)
    rng = np.random.default_rng(seed)
    events = tuple(
        Restriction(
            rng.choice(of.n, 3, replace=False),
            rng.choice(of.n, 5, replace=False),
            cut,
            profile(STEPS, onset, 12, ramp=ramp, recovery=6),
        )
        for onset, ramp in ((1, 0), (8, 4))
    )

    def theta(t: int) -> Matrix:
        found = np.ones((of.n, of.n))
        for event in events:
            found[np.ix_(event.rows, event.buyers)] *= 1 - cut * event.path[t]
        return found

    p = usual(inventory=3.0, tau_inventory=2.0, sigma=sigma)
    found = simulate(of, p, Shocks(restrictions=events), STEPS)
    close(of, found.production, naive(of, p).run(STEPS, lambda _: np.zeros(of.n), theta))


@pytest.mark.slow
@examples(15)
@given(seed=seeds, sigma=st.sampled_from([0.0, 0.4, 1.0]), keyed=st.booleans())
def test_shares_by_seller_and_buyer(seed: int, sigma: float, keyed: bool) -> None:
    """Blocks that are wide and tall, lie apart or on each other, with and without classes of buyers."""
    of = small(seed, 5, 4)
    rng = np.random.default_rng(seed)
    events = []
    for sellers, buyers in ((2, 15), (17, 3), (6, 8)):
        rows, columns = (rng.choice(of.n, k, replace=False) for k in (sellers, buyers))
        cut = rng.choice([0.0, 0.5, 1.25], (sellers, buyers))
        path = profile(STEPS, int(rng.integers(0, 9)), 10, ramp=int(rng.integers(0, 4)), recovery=6)
        events.append(Restriction(rows, columns, cut, path, size=0.9))

    def theta(t: int) -> Matrix:
        found = np.ones((of.n, of.n))
        for event in events:
            stopped = np.minimum(0.9 * np.asarray(event.cut), 1) * event.path[t]
            found[np.ix_(event.rows, event.buyers)] *= 1 - stopped
        return found

    rule, ration = (
        (key_sectors((2, 0)), first(of, [[2], [0], [1, 3]], 2)) if keyed else (PROPORTIONAL, proportional)
    )
    p = usual(inventory=3.0, tau_inventory=2.0, sigma=sigma, rationing=rule)
    found = simulate(of, p, Shocks(restrictions=tuple(events)), STEPS)
    close(of, found.production, naive(of, p, ration).run(STEPS, lambda _: np.zeros(of.n), theta))


def test_rebuilding() -> None:
    of = small(7, 3, 4)
    hit = np.array([0, 5])
    capital, destroyed = 1000 * of.X0[hit], 300 * of.X0[hit]
    sectors, shares, tau = np.array([1, 2]), np.array([0.7, 0.3]), 30.0
    event = Rebuilding(hit, destroyed, capital, sectors, shares, tau, 0, 4)
    missing, all_capital = np.zeros((of.n, of.n)), np.ones(of.n)
    all_capital[hit] = capital
    for c, money in zip(hit, destroyed, strict=True):
        for k, share in zip(sectors, shares, strict=True):
            cells = of.Z[:, k, c]
            missing[k :: of.sectors, c] = money * share * cells / cells.sum()
    p = usual(inventory=5.0)
    found = simulate(of, p, Shocks(rebuilding=(event,)), STEPS)
    close(
        of,
        found.production,
        naive(of, p).run(STEPS, lambda _: np.zeros(of.n), None, (missing, all_capital, 1 / tau, 4)),
    )


def first(of: Economy, tiers: list[list[int]], final: int) -> Ration:
    """Serve buyers tier by tier; `final` is the tier in which final demand comes."""

    def ration(supply: Vector, orders: Matrix, asked: Vector) -> tuple[Matrix, Vector]:
        share, left, got = np.zeros_like(orders), supply.copy(), np.zeros_like(supply)
        for k, sectors in enumerate(tiers):
            buyers = np.array([c for c in range(of.n) if c % of.sectors in sectors], dtype=np.intp)
            wanted = orders[:, buyers].sum(axis=1) + (asked if k == final else 0)
            now = np.minimum(1, np.divide(left, wanted, out=np.zeros_like(left), where=wanted > 0))
            share[:, buyers] = now[:, None]
            got = now if k == final else got
            left = np.maximum(left - now * wanted, 0)
        return share, got

    return ration


@pytest.mark.parametrize(
    ("rule", "tiers", "final"),
    [
        (PROPORTIONAL, [[0, 1, 2, 3]], 0),
        (FINAL_FIRST, [[], [0, 1, 2, 3]], 0),
        (INTERMEDIATES_FIRST, [[0, 1, 2, 3], []], 1),
        (key_sectors((2, 0)), [[2], [0], [1, 3]], 2),
    ],
    ids=["proportional", "final first", "intermediates first", "two key sectors"],
)
def test_who_is_served_first(rule: Rationing, tiers: list[list[int]], final: int) -> None:
    for seed in range(5):
        of = small(seed, 4, 4)
        p = usual(inventory=2.0, rationing=rule)
        found, expected, ledger = both(of, p, seed, first(of, tiers, final))
        close(of, found.production, expected)
        close(of, found.unmet, np.array([entry["unmet"] for entry in ledger]))
        for entry in ledger:
            sold = entry["delivered"].sum(axis=1) + of.y0 - entry["unmet"]
            np.testing.assert_allclose(sold, entry["made"], rtol=1e-12, atol=1e-12 * of.X0.max())


@pytest.mark.parametrize("sigma", [0.0, 0.4, 1.0])
def test_orders_turn_from_a_seller_without_capacity_as_from_one_that_may_not_sell(sigma: float) -> None:
    """The next orders of buyers abroad for its product, of every seller: one share of substitution for both."""
    of, path, abroad = small(4, 4, 3), np.ones(2), np.arange(3, 12)
    stop = Shocks(losses=(CapacityLoss(np.array([0]), 1.0, path),))
    ban = Shocks(restrictions=(Restriction(np.array([0]), abroad, 1.0, path),))
    state = ensemble(of, [Scenario(usual(sigma=sigma), s) for s in (stop, ban)])
    state.step(0)
    np.testing.assert_allclose(state.g[0, 0, abroad], state.g[1, 0, abroad], rtol=1e-12)
