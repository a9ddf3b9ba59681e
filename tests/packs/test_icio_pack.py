"""The built-in input-output table against published totals, identities and the reference tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from zizhu.store import Table

Flows = NDArray[np.float32]


def test_cells_are_nonnegative_with_thirteen_bits_of_mantissa(flows: Flows) -> None:
    assert np.count_nonzero(flows) == 9_808_535
    assert flows.min() == 0
    assert not (flows.view(np.uint32) & 0x3FF).any()


def test_the_description_says_what_the_table_can_and_cannot_do(built_in: Callable[[str], Table]) -> None:
    meta = built_in("icio-2022").meta
    assert (meta.key, meta.shape, dict(meta.columns)) == ((), (4000, 4000), {"v": "Float32"})
    assert meta.flags == {
        "kind": "mrio",
        "years": [2022],
        "has_final_by_destination": False,
        "has_rest_of_world": False,
        "balanced": True,
        "value_added_is_residual": True,
        "lossy_relative_error": 6.2e-5,
    }
    assert meta.parts == {"nodes": built_in("icio-2022-nodes").meta.ref}


def test_nodes_are_country_major(nodes: pl.DataFrame) -> None:
    assert nodes["idx"].to_list() == list(range(4000))
    countries, sectors = nodes["iso3"].to_list(), nodes["sector"].to_list()
    assert sectors == sectors[:50] * 80
    assert countries == [c for c in countries[::50] for _ in range(50)]
    assert len(set(countries)) == 80
    assert len(set(sectors)) == 50
    assert not {"ROW", "CN1", "CN2", "MX1", "MX2"} & set(countries)


def test_totals_in_trillion_dollars(flows: Flows, nodes: pl.DataFrame) -> None:
    assert float(nodes["output"].sum()) / 1e6 == pytest.approx(192.419, abs=1e-3)
    assert flows.sum(dtype=float) / 1e6 == pytest.approx(99.249, abs=1e-3)


def test_columns_add_up_to_intermediate_use_within_the_rounding(flows: Flows, nodes: pl.DataFrame) -> None:
    use = nodes["intermediate_use"].to_numpy()
    seen = flows.sum(axis=0, dtype=float)
    assert (seen[use == 0] == 0).all()
    assert (np.abs(seen - use)[use > 0] / use[use > 0]).max() <= 1.5e-4


def test_output_is_use_plus_residual_and_sales(nodes: pl.DataFrame) -> None:
    gap = nodes.select(
        nodes["iso3"] + "_" + nodes["sector"],
        column=(pl.col("output") - pl.col("intermediate_use") - pl.col("residual")).abs(),
        row=(pl.col("output") - pl.col("intermediate_sales") - pl.col("final_plus_row_sales")).abs(),
    )
    assert gap["column"].max() == pytest.approx(0, abs=1e-8)
    assert gap["row"].max() == pytest.approx(1.815, abs=0.01)
    assert (nodes["residual"] >= 0).all()


def test_the_two_estimated_columns_are_marked(nodes: pl.DataFrame) -> None:
    marked = nodes.filter("value_added_estimated")
    assert set(marked["iso3"] + "_" + marked["sector"]) == {"ISL_C21", "CYP_H51"}


def test_inactive_nodes_sell_and_buy_nothing(flows: Flows, nodes: pl.DataFrame) -> None:
    inactive = nodes["inactive"].to_numpy()
    assert inactive.sum() == 51
    assert not flows[inactive].any()
    assert not flows[:, inactive].any()
    assert nodes.filter("inactive")["residual"].sum() == 0


@pytest.mark.parametrize(("buyer", "imported", "largest"), [("CHN", 0.2179, "TWN"), ("USA", 0.4523, "CHN")])
def test_imported_electronics_inputs(
    flows: Flows, nodes: pl.DataFrame, buyer: str, imported: float, largest: str
) -> None:
    iso, electronics = nodes["iso3"].to_numpy(), nodes["sector"].to_numpy() == "C26"
    bought = flows[np.ix_(electronics, iso == buyer)].sum(axis=1, dtype=float)
    sellers = iso[electronics]
    assert 1 - bought[sellers == buyer].sum() / bought.sum() == pytest.approx(imported, abs=1e-3)
    assert sellers[np.where(sellers == buyer, 0, bought).argmax()] == largest


def test_input_coefficients_leave_no_column_above_one(flows: Flows, nodes: pl.DataFrame) -> None:
    output = nodes["output"].to_numpy()
    used = flows.sum(axis=0, dtype=float)[output > 0] / output[output > 0]
    assert used.max() <= 1 + 1e-4


def test_cells_equal_the_reference_bit_by_bit(flows: Flows, shared: Path) -> None:
    reference = pl.read_parquet(shared / "icio2022" / "Z.parquet")["v"].to_numpy().reshape(4000, 4000)
    assert np.array_equal(flows.view(np.uint32), reference.view(np.uint32))


def test_nodes_equal_the_reference_to_the_published_decimals(nodes: pl.DataFrame, shared: Path) -> None:
    reference = pl.read_parquet(shared / "icio2022" / "nodes.parquet").rename(
        {"va_plus_tls_plus_row_inputs": "residual", "va_estimated": "value_added_estimated"}
    )
    same = ["iso3", "sector", "output", "final_plus_row_sales", "value_added_estimated", "inactive"]
    assert nodes.select(same).equals(reference.select(same))
    for column in ("intermediate_use", "residual", "intermediate_sales"):
        assert np.abs((nodes[column] - reference[column]).to_numpy()).max() <= 0.5e-4 * (1 + 1e-6)
