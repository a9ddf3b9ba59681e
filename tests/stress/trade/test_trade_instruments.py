"""Instruments one by one and together, quotas with their rents, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from examples import examples
from stress.trade.worlds import cells, world
from zizhu.stress.trade.instruments import (
    Change,
    Efficiency,
    Embargo,
    ExportTax,
    Iceberg,
    Tariff,
    combined,
    partway,
    same,
    unchanged,
)
from zizhu.stress.trade.quota import HOLDERS, Holder, Quota, solve_quotas
from zizhu.stress.trade.solve import solve
from zizhu.stress.trade.sourcing import NoSupplier
from zizhu.stress.trade.welfare import equivalent_variation
from zizhu.vocab.problems import ZizhuError

TOL = 1e-12


def test_each_instrument_does_its_own() -> None:
    base = world(1)
    where = cells(0, [0, 1], 2)
    shock = combined(
        base,
        [Tariff(where, 0.3, added=True), ExportTax(where, 0.1), Iceberg(where, 1.2), Iceberg(where, 1.5)],
    )
    assert shock.tau[0, 1, 2] == base.tau[0, 1, 2] + 0.3
    assert shock.e[0, 1, 2] == 0.1
    assert shock.iceberg[0, 1, 2] == pytest.approx(1.8)
    assert (shock.tau != base.tau).sum() == (shock.e != 0).sum() == (shock.iceberg != 1).sum() == 1
    assert np.isinf(combined(base, [Embargo(where)]).iceberg[0, 1, 2])
    better = combined(base, [Efficiency(np.array([2]), np.array([0, 1]), 1.1)])
    assert_allclose(better.efficiency[2], [1.1, 1.1, 1.0])


def test_a_tariff_can_replace_another() -> None:
    base = world(1)
    assert combined(base, [Tariff(cells(0, 1, 2), 0.0)]).tau[0, 1, 2] == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([], "changes nothing"),
        ([Tariff(cells(0, 0, 1), 0.3)], "changes nothing"),
        ([Tariff(cells(0, 1, 1), -1.0)], "a rate above -1"),
        ([Iceberg(cells(0, 1, 1), np.inf)], "An embargo ends trade"),
        ([Efficiency(np.array([0]), np.array([0]), 0.0)], "a finite factor"),
    ],
    ids=["none", "own", "subsidy of all", "infinite", "zero"],
)
def test_changes_that_are_none_are_refused(changes: list[Change], said: str) -> None:
    with pytest.raises(ZizhuError, match=said):
        combined(world(1), changes)


def test_a_tariff_to_its_old_level_is_no_scenario() -> None:
    base = world(1)
    with pytest.raises(ZizhuError, match="changes nothing"):
        combined(base, [Tariff(cells(0, 1, 1), float(base.tau[0, 1, 1]))])


def test_without_any_supplier_there_is_no_answer() -> None:
    base = world(2)
    bare = np.zeros_like(base.pi)
    bare[0, 0, 1] = base.pi[0, 0, 1]
    alone = combined(base, [Embargo(cells(0, [1, 2], 1))])
    object.__setattr__(base, "pi", base.pi - bare)
    with pytest.raises(NoSupplier, match="importer 0, sector 1") as caught:
        solve(base, alone)
    assert caught.value.cells.tolist() == [[0, 1]]


def test_partway_begins_and_ends_where_it_should() -> None:
    base = world(1)
    shock = combined(
        base, [Tariff(cells(0, 1, 0), 0.4), Iceberg(cells(1, 2, 1), 3.0), Embargo(cells(2, 0, 2))]
    )
    assert same(base, partway(base, shock, 0.0))
    assert partway(base, shock, 1.0) is shock
    half = partway(base, shock, 0.5)
    assert half.iceberg[1, 2, 1] == pytest.approx(np.sqrt(3))
    assert half.tau[0, 1, 0] == pytest.approx((base.tau[0, 1, 0] + 0.4) / 2)
    assert half.iceberg[2, 0, 2] ** -base.theta[2] == pytest.approx(0.5)


@examples(15)
@given(st.integers(0, 2**32 - 1))
def test_a_tax_on_all_exports_is_a_tax_on_all_imports(seed: int) -> None:
    """Lerner's symmetry: the same rate on either side of a country's border, with balanced trade, is the same."""
    base = world(seed, 3, 2, tariffs=0.0)
    others = [1, 2]
    on_imports = combined(base, [Tariff(cells(0, others, [0, 1]), 0.2)])
    on_exports = combined(base, [ExportTax(cells(others, 0, [0, 1]), 0.2)])
    found = [
        equivalent_variation(solve(base, s, closure="zero", tol=1e-13)) for s in (on_imports, on_exports)
    ]
    assert_allclose(found[0], found[1], atol=1e-11)


@pytest.mark.parametrize("holder", HOLDERS)
@pytest.mark.parametrize("cut", [0.05, 0.4, 0.9])
def test_a_quota_is_met_and_its_rent_goes_to_the_holder(holder: Holder, cut: float) -> None:
    base = world(3)
    where = cells(0, 1, [0, 1])
    found = solve_quotas(base, unchanged(base), [Quota(where, cut, holder)])
    s, at = found.solution, where.mask(base)
    volume = s.flow / (s.c * s.shock.iceberg)
    assert volume[at].sum() / base.flow[at].sum() == pytest.approx(1 - cut, rel=1e-7)
    assert found.factors[0] > 1
    assert (s.export_taxes > 0).tolist() == [False, holder == "exporter", False]
    untaxed = (1 + base.tau[at]).tolist()
    assert (1 + s.shock.tau[at] == untaxed).all() == (holder != "importer")


def test_who_holds_the_rent_decides_who_loses() -> None:
    base = world(3, tariffs=0.0)
    worth = {
        h: equivalent_variation(solve_quotas(base, unchanged(base), [Quota(cells(0, 1, 0), 0.3, h)]).solution)
        for h in HOLDERS
    }
    assert worth["importer"][0] > worth["exporter"][0]
    assert worth["exporter"][1] > worth["importer"][1]
    assert worth["nobody"][0] < worth["importer"][0]


def test_a_quota_is_the_tariff_with_the_same_factor() -> None:
    base = world(4, tariffs=0.0)
    where = cells(0, 2, 1)
    found = solve_quotas(base, unchanged(base), [Quota(where, 0.25, "importer")])
    again = solve(base, combined(base, [Tariff(where, float(found.factors[0]) - 1)]))
    assert_allclose(equivalent_variation(again), equivalent_variation(found.solution), atol=1e-9)


def test_quotas_together_each_hold_and_one_that_does_not_bind_is_free() -> None:
    base = world(5)
    shock = combined(base, [Tariff(cells(0, 1, 0), 2.0)])
    quotas = [Quota(cells(0, 1, 0), 0.01, "importer"), Quota(cells(2, 0, 1), 0.3, "exporter")]
    found = solve_quotas(base, shock, quotas)
    assert found.factors[0] == 1
    assert found.quantities[0] < 0.99
    assert found.quantities[1] == pytest.approx(0.7, rel=1e-7)


def test_a_nearly_whole_quota_is_nearly_an_embargo() -> None:
    base = world(6)
    where = cells(0, 1, 1)
    cut = solve_quotas(base, unchanged(base), [Quota(where, 1 - 1e-7, "nobody")]).solution
    ended = solve(base, combined(base, [Embargo(where)]))
    assert_allclose(equivalent_variation(cut), equivalent_variation(ended), atol=1e-5)


def test_quotas_that_are_none_are_refused() -> None:
    base = world(1)
    with pytest.raises(ZizhuError, match="A cut of all is an embargo") as caught:
        solve_quotas(base, unchanged(base), [Quota(cells(0, 0, 1), 1.0, "importer")])
    assert any("no trade" in p.what for p in caught.value.problems)
