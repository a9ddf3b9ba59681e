"""Draws that lose more at the end than when the last shock was over are counted, and only these."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stress.scenario.scenarios import scenario
from zizhu.store.parts import Parts
from zizhu.stress.ensemble.runs import Runs
from zizhu.stress.spiral import notes

STOP: dict[str, Any] = {"kind": "capacity", "at": "DEU:C26", "share": 0.5, "start": "1 week"}
OVER = {**STOP, "duration": "2 weeks", "recovery": {"time": "1 week"}}
"""Nothing of it is left from the fifth of ten weeks on."""
FADING = [5, 5, 5, 4, 4, 3, 3, 2, 2, 1]
GROWING = [5, 5, 5, 4, 4, 5, 6, 7, 8, 9]


def said(tmp_path: Path, paths: list[list[int]], shock: dict[str, Any] = OVER) -> list[str]:
    """The notes on runs whose world loses `paths` by week, the first of them at the central values."""
    parts = Parts.of(tmp_path, "ab" * 12)
    parts.write("batch", {"countries": np.array(paths, dtype=float)[:, :, None] * [0.25, 0.75]})
    one = scenario(shock, length="10 weeks", draws=len(paths) - 1)
    return list(notes(one, Runs(parts, ("batch",), len(paths))))


def test_draws_that_grow_are_counted(tmp_path: Path) -> None:
    (found,) = said(tmp_path, [FADING, GROWING, FADING, GROWING])
    assert found.startswith("In 2 of 3 draws, the world")


def test_the_central_run_is_named(tmp_path: Path) -> None:
    (found,) = said(tmp_path, [GROWING, GROWING, FADING])
    assert found.startswith("In 1 of 2 draws, the run at the central values among them, the world")


@pytest.mark.parametrize(
    ("paths", "shock"),
    [
        ([FADING, FADING], OVER),
        ([GROWING, FADING], OVER),
        ([GROWING, GROWING], STOP),
        ([GROWING, GROWING], {**STOP, "duration": "9 weeks"}),
    ],
    ids=["fading", "the central run alone", "a shock that lasts", "a shock that ends with the run"],
)
def test_nothing_is_said(tmp_path: Path, paths: list[list[int]], shock: dict[str, Any]) -> None:
    assert said(tmp_path, paths, shock) == []
