"""The parameters of the weekly model: bands around their values, each with what it rests on."""

from __future__ import annotations

import math

import pytest

from zizhu.stress.scenario.parameters import UNCERTAIN, parameters
from zizhu.vocab.packfiles import rows

UNITS = {"share": (0.0, 1.0), "ratio": (0.0, math.inf), "days": (0.0, 20 * 365.0)}


def test_the_file_has_every_parameter_once() -> None:
    assert [r["name"] for r in rows("vocab/ario_parameters.csv")] == list(UNCERTAIN)
    assert set(parameters()) == set(UNCERTAIN)


@pytest.mark.parametrize("name", UNCERTAIN)
def test_a_value_lies_in_its_band_and_both_say_what_they_rest_on(name: str) -> None:
    one = parameters()[name]
    low, high = UNITS[one.unit]
    assert low <= one.least <= one.low <= one.value <= one.high <= one.most <= high
    assert one.low < one.high
    assert one.what
    assert one.band_basis
    assert one.source
    assert one.url.startswith("https://") or one.source.startswith("by the project: ")
