"""Totals, concentrations and largest shares of cells against sums written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.depend.concentration.flows import Flows, stacked, summed

CELLS = 4
LISTED = st.lists(
    st.tuples(st.integers(0, CELLS - 1), st.integers(0, 9), st.floats(1, 1e9)),
    max_size=30,
    unique_by=lambda f: f[:2],
)


def flows(listed: list[tuple[int, int, float]]) -> Flows:
    cell, partner, value = (np.array([f[k] for f in listed]) for k in range(3))
    return Flows(
        CELLS, cell.astype(np.intp), partner.astype(np.intp), value.astype(float), np.zeros(len(listed))
    )


@given(LISTED)
def test_totals_concentrations_and_leads_are_those_of_each_cell(listed: list[tuple[int, int, float]]) -> None:
    found = flows(listed)
    for c in range(CELLS):
        own = {partner: value for cell, partner, value in listed if cell == c}
        assert found.total[c] == pytest.approx(sum(own.values()))
        assert found.count[c] == len(own)
        if not own:
            assert np.isnan(found.hhi[c])
            assert found.lead[0][c] == -1
            continue
        total = sum(own.values())
        assert found.hhi[c] == pytest.approx(sum((v / total) ** 2 for v in own.values()))
        best = min(own, key=lambda p: (-own[p], p))
        assert found.lead[0][c] == best
        assert found.lead[1][c] == pytest.approx(own[best] / total)


@given(LISTED, st.integers(1, 4))
def test_the_largest_flows_come_in_order(listed: list[tuple[int, int, float]], k: int) -> None:
    found = flows(listed)
    for c, place in enumerate(found.largest(k)):
        own = sorted((f for f in listed if f[0] == c), key=lambda f: (-f[2], f[1]))[:k]
        assert [listed[i] for i in place if i >= 0] == own


@given(LISTED, st.permutations(range(CELLS)), st.integers(1, CELLS))
def test_cells_can_be_taken_in_any_order(
    listed: list[tuple[int, int, float]], order: list[int], k: int
) -> None:
    found, wanted = flows(listed), np.array(order[:k])
    some = found.of_cells(wanted)
    assert some.cells == k
    np.testing.assert_allclose(some.total, found.total[wanted])
    np.testing.assert_array_equal(some.hhi, found.hhi[wanted])


@given(LISTED, LISTED)
def test_rows_of_a_cell_and_partner_are_one_flow(
    listed: list[tuple[int, int, float]], again: list[tuple[int, int, float]]
) -> None:
    rows = [*listed, *again]
    cell, partner, value = (np.array([r[k] for r in rows]) for k in range(3))
    found = summed(CELLS, cell.astype(np.intp), partner.astype(np.intp), value.astype(float), 4.0 * value)
    held = list(zip(found.cell.tolist(), found.partner.tolist(), strict=True))
    assert held == sorted({r[:2] for r in rows})
    for (c, p), total, sd in zip(held, found.value, found.sd, strict=True):
        assert total == pytest.approx(sum(r[2] for r in rows if r[:2] == (c, p)))
        assert sd == pytest.approx(2 / np.sqrt(total))  # variances 4 v of rows add up to 4 V


@given(LISTED, LISTED)
def test_cells_are_stacked_and_partners_set_beside(
    listed: list[tuple[int, int, float]], others: list[tuple[int, int, float]]
) -> None:
    first, second = flows(sorted(listed)), flows(sorted((c, p + 10, v) for c, p, v in others))
    both, all_of_them = first.beside(second), stacked([first, second])
    np.testing.assert_allclose(both.total, first.total + second.total)
    assert np.all(np.diff(both.cell * 20 + both.partner) > 0)
    np.testing.assert_array_equal(all_of_them.total, np.concatenate([first.total, second.total]))
    kept = both.where(both.partner < 10)
    for column in ("cell", "partner", "value", "sd"):
        np.testing.assert_array_equal(getattr(kept, column), getattr(first, column))


def test_equal_suppliers_have_the_inverse_of_their_number() -> None:
    found = flows([(0, p, 7.0) for p in range(5)] + [(1, 0, 3.0)])
    assert found.hhi[0] == pytest.approx(1 / 5)
    assert found.hhi[1] == 1.0
