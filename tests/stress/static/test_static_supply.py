"""Shortages by bounded rationing against linear programmes, small cases by hand and the model of Ghosh."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import linprog

from examples import examples
from tables.strategies import mrios, random_table
from zizhu.stress.static.stopped import Block, nothing, stopped
from zizhu.stress.static.supply import RATIONING, Needs, Rationing, Shock, Shortage, ghosh, shortage
from zizhu.tables.leontief import Matrix, Vector, factor
from zizhu.tables.mrio import MRIO
from zizhu.vocab.problems import CannotAnswer


def needs_of(mrio: MRIO, essential: float | Matrix = 1.0, spared: float | Matrix = 0.0) -> Needs:
    product = np.array([mrio.nodes.sectors.index(s) for s in mrio.nodes.sector], dtype=np.intp)
    shape = len(mrio.nodes.sectors), mrio.n
    e, s = (np.broadcast_to(np.asarray(a, dtype=float), shape).copy() for a in (essential, spared))
    return Needs(mrio.Z, mrio.x, product, e, s)


@dataclass(frozen=True)
class Case:
    needs: Needs
    shock: Shock

    @property
    def size(self) -> float:
        return float(self.needs.x.max())

    @property
    def capacity_lost(self) -> Vector:
        lost = self.shock.capacity_lost
        assert lost is not None
        return np.where(self.needs.x > 0, lost, 0.0)

    @property
    def stop(self) -> Matrix:
        """Flows (n, n) that stop."""
        whole = np.zeros(self.needs.Z.shape)
        whole[np.ix_(self.shock.stop.rows, self.shock.stop.columns)] = self.shock.stop.flows
        return whole

    @property
    def final(self) -> tuple[Vector, Vector]:
        """Final orders still open, and stocks, where the table has negative final sales."""
        sold = self.needs.x - np.asarray(self.needs.Z, dtype=float).sum(axis=1)
        cut = self.shock.final_cut
        assert cut is not None
        return sold.clip(0) - cut, (-sold).clip(0)

    def ask(self, rule: Rationing) -> Shortage:
        return shortage(self.needs, self.shock, rule)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Losses of capacity, stopped sales to industries and final customers, classes of inputs, and replacements."""
    mrio = draw(mrios(4, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = len(mrio.nodes.sectors), mrio.n
    spared = 0.9 * rng.random(shape) * draw(st.sampled_from([0, 0.3, 1]))
    needs = needs_of(mrio, rng.choice([0.0, 0.5, 1.0], shape), spared)
    nodes = st.lists(st.integers(0, mrio.n - 1), max_size=3, unique=True)
    rows, columns = (np.array(draw(nodes), dtype=np.intp) for _ in range(2))
    stop = stopped(mrio.Z, [Block(rows, columns, draw(st.floats(0.01, 1)))])
    lost = rng.random(mrio.n) * (rng.random(mrio.n) < 0.3) * draw(st.sampled_from([0.0, 0.1, 1.0]))
    final_cut = (mrio.x - np.asarray(mrio.Z, dtype=float).sum(axis=1)).clip(0) * rng.random(mrio.n) * 0.2
    return Case(needs, Shock(lost, stop, final_cut, rng.random(shape) * mrio.x * 0.02))


# --- accounting ---


@given(cases(), st.sampled_from(RATIONING))
def test_nobody_delivers_more_than_he_makes_and_everybody_has_the_inputs_of_what_he_makes(
    case: Case, rule: Rationing
) -> None:
    needs, found = case.needs, case.ask(rule)
    made = needs.x * (1 - found.lost_share)
    open_, (final, stocks) = np.asarray(needs.Z, dtype=float) - case.stop, case.final
    delivered = open_ * (1 - found.short)[:, None]
    slack = 1e-9 * case.size
    assert_allclose(delivered.sum(axis=1), found.delivered, rtol=1e-9, atol=slack)
    assert (found.delivered + found.final_delivered <= made + stocks + slack).all()
    assert (found.final_delivered <= final + slack).all()
    assert ((found.lost_share >= case.capacity_lost) & (found.lost_share <= 1)).all()
    replaced = case.shock.replaced
    assert replaced is not None
    for k in range(len(needs.essential)):
        bought = np.asarray(needs.Z, dtype=float)[needs.product == k].sum(axis=0)
        came = np.minimum(delivered[needs.product == k].sum(axis=0) + replaced[k], bought)
        e, s = needs.essential[k], needs.spared[k]
        j = (bought > 0) & (e > 0)
        can_do_without = s[j] + (1 - s[j]) * found.lost_share[j] / e[j]
        assert (came[j] >= bought[j] * (1 - can_do_without) - slack).all()


@given(cases(), st.sampled_from(RATIONING))
def test_nodes_without_output_lose_nothing_and_nothing_is_nan(case: Case, rule: Rationing) -> None:
    found = case.ask(rule)
    for part in (found.lost_share, found.lost_output, found.short, found.delivered, found.final_delivered):
        assert np.isfinite(part).all()
    assert not found.lost_share[case.needs.x == 0].any()


@given(mrios(), st.sampled_from(RATIONING))
def test_no_shock_is_the_table_to_the_last_digit(mrio: MRIO, rule: Rationing) -> None:
    needs = needs_of(mrio)
    found = shortage(needs, Shock(np.zeros(mrio.n), nothing(), np.zeros(mrio.n)), rule)
    assert not found.lost_share.any()
    assert not found.short.any()
    assert np.array_equal(found.delivered, needs.ordered)
    assert (found.bottleneck == -1).all()
    assert found.steps == 1


@given(cases(), st.floats(0, 0.99), st.sampled_from(RATIONING))
def test_a_larger_shock_costs_no_less_anywhere(case: Case, part: float, rule: Rationing) -> None:
    smaller = Case(case.needs, replace(case.shock, capacity_lost=case.capacity_lost * part))
    assert (case.ask(rule).lost_share >= smaller.ask(rule).lost_share - 1e-9).all()


@given(cases(), st.floats(0.01, 0.99), st.sampled_from(RATIONING))
def test_a_larger_cut_costs_its_buyers_no_less_where_freed_goods_serve_nobody(
    case: Case, part: float, rule: Rationing
) -> None:
    """Goods that may no longer be sold to one buyer serve others, so only sellers without losses are compared."""
    stop = case.shock.stop
    alone = Shock(stop=stop)
    less = Shock(stop=replace(stop, flows=stop.flows * part))
    whole, some = (shortage(case.needs, shock, rule) for shock in (alone, less))
    assume(not some.lost_share[stop.rows].any() and not whole.lost_share[stop.rows].any())
    assert (whole.lost_share >= some.lost_share - 1e-9).all()


@given(cases(), st.sampled_from(RATIONING))
def test_needing_less_or_finding_more_costs_no_more(case: Case, rule: Rationing) -> None:
    found = case.ask(rule).lost_share
    replaced = case.shock.replaced
    assert replaced is not None
    milder = (
        Case(replace(case.needs, essential=case.needs.essential * 0.5), case.shock),
        Case(replace(case.needs, spared=0.5 + 0.5 * case.needs.spared), case.shock),
        Case(case.needs, replace(case.shock, replaced=2 * replaced)),
    )
    for other in milder:
        assert (other.ask(rule).lost_share <= found + 1e-9).all()


# --- linear programmes ---


def rule_programme(case: Case, rule: Rationing) -> Vector:
    """Least losses by HiGHS: minimise 1'l over l, u with u >= what the rule leaves unserved and l >= what inputs cost.

    Every loss is a maximum of affine functions where the rule does not serve final customers first; there
    u = min(1, missing / orders) is not convex.
    """
    needs, n, K = case.needs, len(case.needs.x), len(case.needs.essential)
    open_, final = np.asarray(needs.Z, dtype=float) - case.stop, case.final[0]
    industries, replaced = open_.sum(axis=1), case.shock.replaced
    assert replaced is not None
    freed = case.stop.sum(axis=1) + case.shock.final_cut
    A, b = [], []
    for i in np.flatnonzero(industries > 0):
        row = np.zeros(2 * n)
        orders = industries[i] + (final[i] if rule == "proportional" else 0.0)
        row[i], row[n + i] = needs.x[i], -orders
        A.append(row)
        b.append(freed[i] + (final[i] if rule == "intermediates" else 0.0))
    for k in range(K):
        sellers = needs.product == k
        bought = np.asarray(needs.Z, dtype=float)[sellers].sum(axis=0)
        stopped_inputs = np.maximum(case.stop[sellers].sum(axis=0) - replaced[k], 0.0)
        for j in np.flatnonzero((bought > 0) & (needs.x > 0)):
            rate = needs.essential[k, j] / (1 - needs.spared[k, j])
            row = np.zeros(2 * n)
            row[n:][sellers] = rate * open_[sellers, j] / bought[j]
            row[j] -= 1.0
            A.append(row)
            b.append(rate * (needs.spared[k, j] - stopped_inputs[j] / bought[j]))
    bounds = [(float(c), 1.0) for c in case.capacity_lost] + [(0.0, 1.0)] * n
    solved = linprog(np.repeat([1.0, 0.0], n), np.array(A), np.array(b), bounds=bounds, method="highs")
    assert solved.success, solved.message
    return np.asarray(solved.x[:n])


@examples(40)
@given(cases(), st.sampled_from(("proportional", "intermediates")))
def test_the_fixed_point_is_the_least_loss_that_the_rule_allows(case: Case, rule: Rationing) -> None:
    assert_allclose(case.ask(rule).lost_share, rule_programme(case, rule), rtol=0, atol=1e-6)


def best_output(case: Case) -> float:
    """The most output that capacities, open orders and inputs allow, whoever is served: by HiGHS."""
    needs, n = case.needs, len(case.needs.x)
    open_, (_, stocks) = np.asarray(needs.Z, dtype=float) - case.stop, case.final
    replaced = case.shock.replaced
    assert replaced is not None
    A, b = [], []
    for i in range(n):
        row = np.zeros(n + n * n)
        row[i], row[n + i * n : n + (i + 1) * n] = -1.0, 1.0
        A.append(row)
        b.append(stocks[i])
    for k in range(len(needs.essential)):
        sellers = np.flatnonzero(needs.product == k)
        bought = np.asarray(needs.Z, dtype=float)[sellers].sum(axis=0)
        stopped_inputs = np.maximum(case.stop[sellers].sum(axis=0) - replaced[k], 0.0)
        gone = case.stop[sellers].sum(axis=0) - stopped_inputs
        for j in np.flatnonzero((bought > 0) & (needs.essential[k] > 0) & (needs.x > 0)):
            # came >= bought (1 - s - (1 - s) l / e) with l = 1 - made / x
            row, slope = np.zeros(n + n * n), bought[j] * (1 - needs.spared[k, j]) / needs.essential[k, j]
            row[n + sellers * n + j] = -1.0
            row[j] = slope / needs.x[j]
            A.append(row)
            b.append(slope - bought[j] * (1 - needs.spared[k, j]) + gone[j])
    bounds = [(0.0, float(c)) for c in needs.x * (1 - case.capacity_lost)]
    bounds += [(0.0, float(z)) for z in np.maximum(open_, 0.0).ravel()]
    solved = linprog(
        np.repeat([-1.0, 0.0], [n, n * n]), np.array(A), np.array(b), bounds=bounds, method="highs"
    )
    assert solved.success, solved.message
    return float(-solved.fun)


@examples(25)
@given(cases(), st.sampled_from(RATIONING))
def test_no_rule_makes_more_than_the_best_allocation(case: Case, rule: Rationing) -> None:
    made = case.needs.x.sum() - case.ask(rule).lost_output.sum()
    assert made <= best_output(case) + 1e-7 * case.needs.x.sum()


# --- by hand ---


def two(Z: list[list[float]], x: list[float], essential: float = 1.0, spared: float = 0.0) -> Needs:
    """Two nodes, each with a product of its own."""
    e, s = np.full((2, 2), essential), np.full((2, 2), spared)
    return Needs(np.array(Z, dtype=float), np.array(x, dtype=float), np.arange(2), e, s)


CHAIN: tuple[list[list[float]], list[float]] = ([[0, 50], [0, 0]], [100, 200])
"""Node 0 sells half its output to node 1 and half to final customers."""


@pytest.mark.parametrize(
    ("rule", "loss", "expected"),
    [
        ("proportional", 0.3, 0.3),
        ("intermediates", 0.3, 0.0),
        ("intermediates", 0.7, 0.4),
        ("final", 0.3, 0.6),
        ("final", 0.7, 1.0),
    ],
)
def test_a_chain_of_two(rule: Rationing, loss: float, expected: float) -> None:
    found = shortage(two(*CHAIN), Shock(np.array([loss, 0.0])), rule)
    assert_allclose(found.lost_share, [loss, expected], atol=1e-15)
    assert_allclose(found.lost_output, [100 * loss, 200 * expected], atol=1e-12)
    assert found.bottleneck.tolist() == [-1, 0 if expected else -1]


@pytest.mark.parametrize(
    ("essential", "spared", "expected"), [(1, 0, 0.4), (0.5, 0, 0.2), (0, 0, 0), (1, 0.25, 0.2), (1, 0.4, 0)]
)
def test_classes_of_inputs_and_what_can_be_spared(essential: float, spared: float, expected: float) -> None:
    needs = two(*CHAIN, essential, spared)
    found = shortage(needs, Shock(np.array([0.4, 0.0])), "proportional")
    assert_allclose(found.lost_share, [0.4, expected], atol=1e-15)


def test_goods_that_may_not_be_sold_to_one_buyer_serve_the_other() -> None:
    """Node 0 sells 40 to 1 and 40 to 2, 20 to final customers; it loses 30 and may sell nothing to 1."""
    Z = np.zeros((3, 3))
    Z[0, 1:] = 40
    needs = Needs(Z, np.array([100.0, 100, 100]), np.arange(3), np.ones((3, 3)), np.zeros((3, 3)))
    stop = stopped(Z, [Block(np.array([0]), np.array([1]))])
    lost = np.array([0.3, 0, 0])
    assert_allclose(shortage(needs, Shock(lost, stop), "proportional").lost_share, [0.3, 1, 0])
    assert_allclose(shortage(needs, Shock(lost), "proportional").lost_share, [0.3, 0.3, 0.3])
    replaced = np.zeros((3, 3))
    replaced[0, 1] = 30
    found = shortage(needs, Shock(None, stop, None, replaced), "proportional")
    assert_allclose(found.lost_share, [0, 0.25, 0])


def test_sellers_of_one_product_stand_in_for_each_other_in_the_share_of_purchases() -> None:
    """Nodes 0 and 1 sell the same product, 30 and 10, to node 2: half of 30 is three eighths of 40."""
    Z = np.zeros((3, 3))
    Z[:2, 2] = 30, 10
    needs = Needs(Z, np.array([30.0, 10, 80]), np.array([0, 0, 1]), np.ones((2, 3)), np.zeros((2, 3)))
    found = shortage(needs, Shock(np.array([0.5, 0, 0])), "intermediates")
    assert_allclose(found.lost_share, [0.5, 0, 0.375])


def circle() -> tuple[Needs, Shock]:
    """Nodes 0 and 1 live on each other; node 2 sells a fifth of product 1 that node 0 needs, and stops."""
    Z = np.zeros((3, 3))
    Z[0, 1], Z[1, 0], Z[2, 0] = 50, 40, 10
    e = np.array([[1.0, 0.8, 1], [0.5, 1, 1]])
    needs = Needs(Z, np.array([50.0, 40, 10]), np.array([0, 1, 1]), e, np.zeros((2, 3)))
    return needs, Shock(stop=stopped(Z, [Block(np.array([2]), np.array([0]))]))


@pytest.mark.parametrize("rule", RATIONING)
def test_two_nodes_that_buy_from_each_other_end_a_geometric_series(rule: Rationing) -> None:
    """l_0 = .5 (.2 + .8 l_1) and l_1 = .8 l_0: .1 (1 + .32 + .32^2 + ...); none of them has final customers."""
    found = shortage(*circle(), rule)
    assert_allclose(found.lost_share, [0.1 / 0.68, 0.08 / 0.68, 0], atol=1e-11)
    assert found.bottleneck.tolist() == [1, 0, -1]


@pytest.mark.parametrize("rule", ["intermediates", "proportional"])
def test_a_series_that_creeps_is_summed_in_few_steps(rule: Rationing) -> None:
    """l_0 = t + (1 - t) l_1 and l_1 = .999 l_0 with t = 1e-3: some 10,000 plain steps to the twelfth digit."""
    needs, shock = circle()
    Z = needs.Z * np.where([[1], [1], [0]], 0.999 / 0.8, 0.001 / 0.2)
    e = np.array([[1, 0.999, 1], [1, 1, 1]])
    slow = Needs(Z, Z.sum(axis=1), needs.product, e, needs.spared)
    found = shortage(slow, Shock(stop=stopped(Z, [Block(shock.stop.rows, shock.stop.columns)])), rule)
    first = 1e-3 / (1 - 0.999**2)
    assert_allclose(found.lost_share, [first, 0.999 * first, 0], rtol=1e-10)
    assert found.steps < 20


def test_miller_and_blair_when_final_customers_come_first() -> None:
    """A tenth less of sector 1 is 100 of the 650 that industries buy: sector 1, which needs its own product, then makes
    less still, and so on to a standstill. Where industries come first, its final customers, who buy 350, give way.
    """
    needs = two([[150, 500], [200, 100]], [1000, 2000])
    shock = Shock(np.array([0.1, 0.0]))
    assert_allclose(shortage(needs, shock, "final").lost_share, [1, 1])
    assert_allclose(shortage(needs, shock, "intermediates").lost_share, [0.1, 0])
    assert_allclose(shortage(needs, shock, "proportional").lost_share, [0.1, 0.1])


def test_a_tiny_loss_keeps_its_digits() -> None:
    found = shortage(two(*CHAIN), Shock(np.array([1e-11, 0.0])), "proportional")
    assert_allclose(found.lost_share, [1e-11, 1e-11], rtol=1e-12)


def test_losses_that_creep_on_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zizhu.stress.static.supply.MOST_STEPS", 5)
    with pytest.raises(CannotAnswer, match=r"losses still rise by \d\.\de-\d+ of output after 5 steps"):
        shortage(*circle())


# --- the model of Ghosh ---


@given(mrios(), st.data())
def test_ghosh_bounds_proportional_rationing_of_essential_inputs_from_below(
    mrio: MRIO, data: st.DataObject
) -> None:
    active = np.flatnonzero(mrio.x > 0)
    nodes = np.array(data.draw(st.lists(st.sampled_from(active.tolist()), min_size=1, unique=True)))
    share = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1))).random(len(nodes))
    lost = np.zeros(mrio.n)
    lost[nodes] = share
    found = ghosh(mrio.lu, mrio.x, nodes, share * mrio.x[nodes])
    assert_allclose(found[nodes], share * mrio.x[nodes], rtol=1e-9, atol=1e-12 * mrio.x.max())
    if (mrio.sales_elsewhere >= 0).all():
        bounded = shortage(needs_of(mrio), Shock(lost), "proportional").lost_output
        assert (found <= bounded + 1e-9 * mrio.x.max()).all()


def test_ghosh_passes_on_the_fall_of_supply_in_fixed_shares_of_sales() -> None:
    """x' = w (I - B)^-1 with B = diag(x)^-1 Z: the fall of node 2's primary inputs that costs it a fifth of output."""
    mrio = random_table(11, 3, 3)
    B = mrio.Z / mrio.x[:, None]
    G = np.linalg.inv(np.eye(mrio.n) - B)
    fall = 0.2 * mrio.x[2] / G[2, 2]
    for lu in (mrio.lu, factor(mrio.Z, mrio.x)):
        found = ghosh(lu, mrio.x, np.array([2]), np.array([0.2 * mrio.x[2]]))
        assert_allclose(found, fall * G[2], rtol=1e-10)
        _ = mrio.lu.inverse
