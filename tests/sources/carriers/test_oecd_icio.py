from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.sources.carriers.oecd_icio import country_major, read, round_mantissa
from zizhu.sources.carriers.recipe import Recipe
from zizhu.vocab.problems import ZizhuError

# two countries x three sectors, country-major: AA s1, AA s2, AA s3, BB s1, BB s2, BB s3
FLOWS = np.array(
    [
        [10.0, 5.0, 0.0, 2.0, 1.0, 0.0],
        [4.0, 20.0, 0.0, 0.5, 3.0, 0.0],
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [1.0, 2.0, 0.0, 30.0, 7.0, 0.0],
        [0.25, 5.5, 0.0, 8.0, 40.0, 0.0],
        [0.0, 1.0, 0.0, 2.0, 3.0, 0.0],
    ]
)
OUTPUT = np.array([40.0, 60.0, 0.0, 90.0, 54.0, 12.0])
SECTOR_MAJOR = [0, 3, 1, 4, 2, 5]


def carrier_arrays() -> dict[str, Any]:
    use = FLOWS.sum(axis=0)
    shares = np.divide(FLOWS, use, out=np.zeros_like(FLOWS), where=use > 0)
    ratio = np.divide(use, OUTPUT, out=np.zeros_like(use), where=OUTPUT > 0)
    pick = SECTOR_MAJOR
    return {
        "A": shares[np.ix_(pick, pick)],
        "omb": ratio[pick],
        "go": OUTPUT[pick],
        "z": (OUTPUT - FLOWS.sum(axis=1))[pick],
        "countries": np.array(["AAA", "BBB"]),
        "sectors": np.array(["s1", "s2", "s3"]),
    }


def recipe(cap: float = 1.0) -> Recipe:
    unit = "million USD"
    totals = ("output", "intermediate_use", "residual", "intermediate_sales", "final_plus_row_sales")
    settings = {"flows": "f", "nodes": "n", "decimals": 4, "mantissa_bits": 13, "use_share_cap": cap}
    described = {"title": "t", "sources": ["s"]}
    tables = {
        "f": {**described, "key": [], "shape": [6, 6], "units": {"v": unit}, "parts": {"nodes": "n"}},
        "n": {**described, "key": ["idx"], "units": dict.fromkeys(totals, unit)},
    }
    return Recipe.model_validate({"parameters": settings, "tables": tables})


def written(folder: Path, arrays: dict[str, Any]) -> Path:
    path = folder / "raw.npz"
    np.savez(path, **arrays)
    return path


def test_flows_come_back_in_country_major_order(tmp_path: Path) -> None:
    tables = read(written(tmp_path, carrier_arrays()), recipe())
    assert set(tables) == {"f", "n"}
    np.testing.assert_array_equal(tables["f"].frame["v"].to_numpy().reshape(6, 6), FLOWS)
    assert tables["f"].describe.shape == (6, 6)


def test_nodes_close_every_column_and_row(tmp_path: Path) -> None:
    nodes = read(written(tmp_path, carrier_arrays()), recipe())["n"].frame
    assert nodes["iso3"].to_list() == ["AAA"] * 3 + ["BBB"] * 3
    assert nodes["sector"].to_list() == ["s1", "s2", "s3"] * 2
    assert nodes["idx"].to_list() == [0, 1, 2, 3, 4, 5]
    np.testing.assert_array_equal(nodes["intermediate_use"].to_numpy(), FLOWS.sum(axis=0))
    np.testing.assert_array_equal(nodes["intermediate_sales"].to_numpy(), FLOWS.sum(axis=1))
    np.testing.assert_array_equal(nodes["residual"].to_numpy(), OUTPUT - FLOWS.sum(axis=0))
    np.testing.assert_array_equal(
        (nodes["intermediate_sales"] + nodes["final_plus_row_sales"]).to_numpy(), OUTPUT
    )
    assert nodes["inactive"].to_list() == [False, False, True, False, False, False]


def test_columns_cut_off_by_the_carrier_are_marked_as_estimated(tmp_path: Path) -> None:
    uses_all_its_output = 1.0
    nodes = read(written(tmp_path, carrier_arrays()), recipe(cap=uses_all_its_output))["n"].frame
    assert nodes["value_added_estimated"].to_list() == [False, False, False, False, True, False]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"z": None}, "arrays ['z'] are missing"),
        ({"go": np.ones(5)}, "go has shape (5,)"),
        ({"omb": np.full(6, np.nan)}, "omb has negative or infinite values"),
        ({"A": np.full((6, 6), -1.0)}, "A has negative or infinite values"),
    ],
)
def test_a_raw_file_of_another_form_is_refused(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    arrays = {k: v for k, v in {**carrier_arrays(), **change}.items() if v is not None}
    with pytest.raises(ZizhuError) as caught:
        read(written(tmp_path, arrays), recipe())
    assert message in str(caught.value)
    assert "another edition" in caught.value.problems[0].remedy


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, carrier_arrays())
    path.write_bytes(path.read_bytes()[:400])
    with pytest.raises(ZizhuError, match=r"no \.npz file"):
        read(path, recipe())


def test_pickled_objects_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, {**carrier_arrays(), "z": np.array([io.StringIO] * 6, dtype=object)})
    with pytest.raises(ZizhuError, match="cannot be read"):
        read(path, recipe())


@given(st.integers(1, 7), st.integers(1, 7))
def test_country_major_turns_the_grid(countries: int, sectors: int) -> None:
    sector_major = np.array([f"{c}/{s}" for s in range(sectors) for c in range(countries)])
    wanted = [f"{c}/{s}" for c in range(countries) for s in range(sectors)]
    assert sector_major[country_major(countries, sectors)].tolist() == wanted


@given(st.lists(st.floats(0, 2.0**40, width=32, allow_subnormal=False), min_size=1), st.integers(4, 22))
def test_rounding_keeps_the_bits_and_the_relative_error(values: list[float], bits: int) -> None:
    exact = np.array(values, np.float32)
    rounded = round_mantissa(exact, bits)
    assert not (rounded.view(np.uint32) & (2 ** (23 - bits) - 1)).any()
    assert (
        np.abs(rounded.astype(float) - exact.astype(float)) <= exact.astype(float) * 2.0 ** -(bits + 1)
    ).all()
    np.testing.assert_array_equal(round_mantissa(rounded, bits), rounded)


def test_rounding_is_to_nearest_with_halves_away_from_zero() -> None:
    values = np.array([1 + 2**-13, 1 + 2**-14, 1 + 2**-15, 0], np.float32)
    assert round_mantissa(values, 13).tolist() == [1 + 2**-13, 1 + 2**-13, 1.0, 0.0]
