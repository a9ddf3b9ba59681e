"""Calibration repairs what a model needs, lists every change, and leaves a sound table alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tables import wiod2013
from tables.strategies import mrios, random_table
from zizhu.tables import calibrate as calibration
from zizhu.tables.calibrate import Calibrated, Needs, apply, calibrate
from zizhu.tables.final_demand import with_estimated_final
from zizhu.tables.mrio import MRIO
from zizhu.vocab.problems import CannotAnswer, ZizhuError

NEEDS: tuple[Needs, ...] = get_args(Needs)
PARTS = ("Z", "x", "value_added", "sales_elsewhere", "final")


def with_final(mrio: MRIO, seed: int) -> MRIO:
    """The table with its final sales spread over destinations, some of everything at home."""
    rng = np.random.default_rng(seed)
    weight = rng.random((mrio.n, len(mrio.nodes.countries)))
    weight[np.arange(mrio.n), mrio.nodes.country_index] += 1
    final = weight / weight.sum(axis=1, keepdims=True) * np.maximum(mrio.sales_elsewhere, 0.0)[:, None]
    x = mrio.Z.sum(axis=1, dtype=float) + final.sum(axis=1)
    flags = replace(mrio.flags, has_final_by_destination=True)
    return replace(
        mrio,
        final=final,
        sales_elsewhere=final.sum(axis=1),
        x=x,
        value_added=x - mrio.Z.sum(axis=0, dtype=float),
        flags=flags,
    )


def disturbed(mrio: MRIO, seed: int) -> MRIO:
    """Negative cells, own sales of zero, rows and columns that miss output, taxes."""
    rng = np.random.default_rng(seed)
    assert mrio.final is not None
    final = np.where(rng.random(mrio.final.shape) < 0.2, -0.3 * mrio.final, mrio.final)
    Z = np.array(mrio.Z, dtype=float)
    for i in rng.choice(mrio.n, 2, replace=False):
        c = mrio.nodes.country_index[i]
        final[i, c] = 0
        Z[i, mrio.nodes.country_index == c] = 0
    taxes = 0.01 * mrio.x
    return replace(
        mrio,
        Z=Z,
        final=final,
        primary=taxes,
        x=mrio.x * (1 + 1e-3 * rng.random(mrio.n)),
        flags=replace(mrio.flags, balanced=False),
    )


tables = st.builds(with_final, mrios(), st.integers(0, 2**32 - 1))
broken = st.builds(
    disturbed, st.builds(with_final, mrios(gaps=False), st.integers(0, 99)), st.integers(0, 2**32 - 1)
)


def run(mrio: MRIO, needs: Needs) -> Calibrated:
    return calibrate(mrio, needs, keep_negative_value_added=True)


def same(a: MRIO, b: MRIO) -> bool:
    return all(np.array_equal(getattr(a, p), getattr(b, p)) for p in PARTS)


@pytest.mark.parametrize("needs", NEEDS)
@given(mrio=tables)
def test_a_sound_table_comes_back_as_it_is(needs: Needs, mrio: MRIO) -> None:
    found = calibrate(mrio, needs)
    assert found.changes.is_empty()
    assert same(found.mrio, mrio)
    assert found.mrio.flags == mrio.flags


@given(mrios())
def test_a_sound_table_without_destinations_comes_back_as_it_is(mrio: MRIO) -> None:
    assert calibrate(mrio, "leontief").changes.is_empty()


@pytest.mark.parametrize("needs", NEEDS)
@given(mrio=broken)
def test_afterwards_the_identities_hold(needs: Needs, mrio: MRIO) -> None:
    made = run(mrio, needs).mrio
    assert made.final is not None
    assert made.primary is not None
    rows = made.Z.sum(axis=1) + made.final.sum(axis=1)
    columns = made.Z.sum(axis=0) + made.value_added + made.primary
    scale = np.abs(made.x) + made.Z.sum(axis=0)
    assert (np.abs(rows - made.x) <= 1e-12 * scale).all()
    assert (np.abs(columns - made.x) <= 1e-12 * scale).all()
    assert np.allclose(made.sales_elsewhere, made.final.sum(axis=1), rtol=1e-12, atol=1e-300)
    assert made.flags.balanced


@pytest.mark.parametrize("needs", NEEDS)
@given(mrio=broken)
def test_the_list_of_changes_is_whole_and_a_second_time_changes_nothing(needs: Needs, mrio: MRIO) -> None:
    found = run(mrio, needs)
    assert same(apply(mrio, found.changes), found.mrio)
    assert (found.changes["before"] != found.changes["after"]).all()
    assert (found.changes["reason"] != "").all()
    again = run(found.mrio, needs)
    assert again.changes.is_empty()
    assert same(again.mrio, found.mrio)


@given(broken)
def test_a_trade_equilibrium_gets_own_sales_and_no_negative_cell(mrio: MRIO) -> None:
    made = run(mrio, "trade_equilibrium").mrio
    assert made.final is not None
    assert mrio.final is not None
    assert made.final.min() >= 0
    home = made.nodes.country_index
    at_home = (made.Z * (home[:, None] == home)).sum(axis=1) + made.final[np.arange(made.n), home]
    assert (at_home[made.x > 0] > 0).all()
    positive = mrio.final.sum(axis=1) > 1e-5 * mrio.x
    assert np.allclose(made.final.sum(axis=1)[positive], mrio.final.sum(axis=1)[positive], rtol=1e-12)


def test_a_drawn_down_inventory_is_taken_from_the_sellers_other_destinations() -> None:
    mrio = with_final(random_table(1, 3, 2), 1)
    assert mrio.final is not None
    final = mrio.final.copy()
    final[0] = [6.0, -2.0, 2.0]
    final[1] = [1.0, -3.0, 1.0]
    found = run(replace(mrio, final=final), "trade_equilibrium")
    assert found.mrio.final is not None
    assert found.mrio.final[0].tolist() == [4.5, 0.0, 1.5]
    cells = found.changes.filter(pl.col("part") == "final").rows()
    seller = mrio.nodes.label(0)
    assert cells[:3] == [
        ("final", seller, "CHN", "all", 6.0, 4.5, calibration.TAKEN),
        ("final", seller, "DEU", "all", -2.0, 0.0, calibration.DRAWN_DOWN),
        ("final", seller, "USA", "all", 2.0, 1.5, calibration.TAKEN),
    ]
    assert {row[6] for row in cells[3:]} == {calibration.NO_SALES}
    assert found.mrio.x[1] == pytest.approx(mrio.Z[1].sum())


def test_own_sales_get_a_floor_from_final_sales_abroad_or_from_more_output() -> None:
    mrio = with_final(random_table(1, 2, 2), 1)
    assert mrio.final is not None
    Z, final = np.array(mrio.Z, dtype=float), mrio.final.copy()
    Z[:2, :2] = 0
    final[0], final[1] = [0.0, 7.0], [0.0, 0.0]
    found = run(replace(mrio, Z=Z, final=final), "trade_equilibrium").mrio
    assert found.final is not None
    x = Z.sum(axis=1) + final.sum(axis=1)
    assert found.final[0, 0] == pytest.approx(1e-6 * x[0])
    assert found.final[0].sum() == pytest.approx(7.0, rel=1e-15)
    assert found.x[1] == pytest.approx(x[1] * (1 + 1e-6), rel=1e-12)


def test_negative_value_added_is_refused_by_name_unless_told() -> None:
    mrio = with_final(random_table(1), 1)
    Z = np.array(mrio.Z, dtype=float)
    Z[2, 5] += 2 * mrio.x[5]
    with pytest.raises(ZizhuError, match=f"negative value added of {mrio.nodes.label(5)}"):
        calibrate(replace(mrio, Z=Z), "leontief")
    assert run(replace(mrio, Z=Z), "leontief").mrio.value_added[5] < 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"x": np.full(16, np.nan)}, "x holds no numbers"),
        ({"Z": -np.ones((16, 16))}, "negative flows, first CHN:C26 to CHN:C26"),
        (
            {"final": None, "sales_elsewhere": np.full(16, -1e9)},
            "output below 0 of CHN:C26, CHN:C28, .* and 11 more",
        ),
    ],
)
def test_what_cannot_be_repaired_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ZizhuError, match=said):
        run(replace(with_final(random_table(1), 1), **change), "leontief")


@pytest.mark.parametrize("needs", NEEDS)
def test_negative_final_sales_are_mended_only_where_destinations_are_known(needs: Needs) -> None:
    """Of one number for all final sales nothing says which part to mend, until it is estimated by destination."""
    mrio = random_table(1)
    sales = mrio.sales_elsewhere.copy()
    sales[0] = -1e6
    below = replace(mrio, sales_elsewhere=sales)
    with pytest.raises(ZizhuError, match=r"output below 0 of CHN:C26.*--estimate-final"):
        run(below, "leontief")
    given = with_estimated_final(below, np.ones(len(mrio.nodes.sectors)))
    made = run(given, needs).mrio
    assert made.sales_elsewhere[0] >= 0
    assert made.x[0] == pytest.approx(mrio.Z[0].sum(dtype=float) + made.sales_elsewhere[0])


def test_a_trade_equilibrium_needs_destinations() -> None:
    with pytest.raises(CannotAnswer, match="final demand by destination is not known"):
        calibrate(random_table(1), "trade_equilibrium")


def test_changes_of_another_table_are_not_applied() -> None:
    mrio = disturbed(with_final(random_table(1), 1), 1)
    changes = run(mrio, "leontief").changes
    with pytest.raises(ZizhuError, match="is not what the list of changes says it was"):
        apply(replace(mrio, x=mrio.x * 2), changes)


@wiod2013.needed
def test_wiod_as_printed() -> None:
    """Truncated integers: nearly every row is short of output, by 108 million at most."""
    printed = wiod2013.table(2011, closed=False)
    found = run(printed, "leontief")
    output = found.changes.filter(pl.col("part") == "x")
    assert (output["after"] - output["before"]).abs().max() == 108
    assert output.height > 1300
    assert np.abs(found.mrio.x - wiod2013.table(2011).x).max() == 1
    assert found.flagged == ("LUX:c24",)
    with pytest.raises(ZizhuError, match="negative value added of LUX:c24;"):
        calibrate(printed, "leontief")
    base = run(printed, "trade_equilibrium")
    assert base.mrio.final is not None
    assert base.mrio.final.min() == 0
    assert printed.final is not None
    drawn = base.changes.filter(pl.col("part") == "final", pl.col("before") < 0)
    assert drawn.height == (printed.final < 0).sum()
    below = printed.sales_elsewhere[printed.sales_elsewhere < 0]
    assert below.size == 10
    added = base.mrio.sales_elsewhere.sum() - printed.sales_elsewhere.sum()
    assert added == pytest.approx(-below.sum(), rel=1e-3)
