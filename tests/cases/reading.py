"""The acceptance cases beside the repository: their expected numbers, tolerances and input tables."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from zizhu.tables.leontief import Matrix

SHARED = Path(__file__).resolve().parents[3] / "shared"
ABSENT = "the acceptance cases (../shared/cases) are not on this machine"


@dataclass(frozen=True)
class Row:
    """One expected number."""

    quantity: str
    entity: str
    printed: str
    tolerance: str
    status: str

    def check(self, found: float, noise: float = 0.0) -> None:
        """Assert that `found` is the number within its tolerance and the rounding of its print.

        The tolerance is absolute or, written with an r, relative. `noise` is what the expected number lost by
        being computed as a small difference of large ones.
        """
        expected = float(self.printed)
        size = float(self.tolerance.removesuffix("r"))
        allowed = size * abs(expected) if self.tolerance.endswith("r") else size
        exponent = Decimal(self.printed).as_tuple().exponent
        assert isinstance(exponent, int)
        assert abs(found - expected) <= allowed + 0.5 * 10.0**exponent + noise, (found, self)


def rows(capability: str, case: str, wanted: Callable[[str], bool]) -> list[object]:
    """The expected rows of a case whose quantity is wanted, as test parameters; one skip when they are absent."""
    path = SHARED / "cases" / capability / "expected.csv"
    if not path.is_file():
        return [pytest.param(None, marks=pytest.mark.skip(reason=ABSENT))]
    with path.open(encoding="utf-8", newline="") as file:
        found = [r for r in csv.DictReader(file) if r["case"] == case and wanted(r["quantity"])]
    assert found, f"no rows of {case}"
    return [
        pytest.param(
            Row(r["quantity"], r["entity"], r["expected"], r["tolerance"], r["status"]),
            id=f"{r['quantity']} {r['entity']}",
        )
        for r in found
    ]


def labelled(path: Path) -> tuple[list[str], list[str], Matrix]:
    """Row names, column names and numbers of a CSV whose first column holds the names."""
    frame = pl.read_csv(path)
    numbers = frame.select(pl.exclude(frame.columns[0]).cast(pl.Float64)).to_numpy()
    return frame[frame.columns[0]].to_list(), frame.columns[1:], np.ascontiguousarray(numbers)


def indices(names: Sequence[str], keep: Callable[[str], bool]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """The positions of the names to keep."""
    return np.array([i for i, name in enumerate(names) if keep(name)], dtype=np.intp)
