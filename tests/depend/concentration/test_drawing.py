"""Noise is found again in generated flows, and draws have the moments that they claim."""

from __future__ import annotations

import numpy as np
import pytest

from zizhu.depend.concentration.drawing import LARGEST, WIDEST, Bank, DrawnFlows
from zizhu.depend.concentration.flows import Flows
from zizhu.depend.concentration.noise import Noise

DRAWS = 2000


def cell(values: list[float], sd: float) -> Flows:
    count = len(values)
    return Flows(1, np.zeros(count, np.intp), np.arange(count), np.array(values), np.full(count, sd))


@pytest.mark.parametrize("sd", [0.1, 0.5, *(pytest.param(sd, marks=pytest.mark.slow) for sd in (1.2, 5.0))])
def test_multipliers_have_mean_one_and_the_noise_asked_for(sd: float) -> None:
    rng = np.random.default_rng(0)
    drawn = DrawnFlows.of(cell([1.0] * 400, sd), Bank.of(DRAWS, rng), rng)
    total = drawn.total[0]
    assert total.mean() == pytest.approx(400, rel=0.01)
    assert total.std() / np.sqrt(400) == pytest.approx(min(sd, WIDEST), rel=0.1)


def test_flows_without_noise_are_what_they_are() -> None:
    rng = np.random.default_rng(0)
    flows = cell([5.0, 3.0, 2.0], 0.0)
    drawn = DrawnFlows.of(flows, Bank.of(50, rng), rng)
    np.testing.assert_allclose(drawn.total, 10.0)
    np.testing.assert_allclose(drawn.hhi, flows.hhi[0], rtol=1e-6)
    np.testing.assert_allclose(drawn.lead_share, 0.5, rtol=1e-6)


def test_concentrations_are_freed_of_the_bias_of_noise() -> None:
    """Figures with noise seen many times: uncorrected draws lie above the truth twice over, corrected ones on it."""
    rng = np.random.default_rng(5)
    truth, sd, bank = (
        np.array([20.0, 12.0, 8.0, 5.0, 5.0, 3.0, 2.0, 1.0]),
        0.4,
        Bank.of(400, np.random.default_rng(6)),
    )
    seen, corrected = [], []
    for _ in range(150):
        flows = cell(list(truth * rng.gamma(1 / sd**2, sd**2, 8)), sd)
        seen.append(flows.hhi[0])
        corrected.append(np.log(DrawnFlows.of(flows, bank, rng).hhi).mean())
    real = np.log((truth**2).sum() / truth.sum() ** 2)
    bias, left = np.mean(np.log(seen)) - real, np.mean(corrected) - real
    assert bias > 0.04
    assert abs(left) < 0.35 * bias, (bias, left)


def test_the_largest_share_is_that_of_whoever_comes_out_first() -> None:
    rng = np.random.default_rng(7)
    drawn = DrawnFlows.of(cell([10.0, 9.0, 8.0, 0.1], 0.3), Bank.of(DRAWS, rng), rng)
    assert (drawn.lead_share >= 1 / 4).all()
    assert (drawn.lead_share <= 1).all()
    assert drawn.lead_share.std() > 0.02
    assert LARGEST >= 3


def test_cells_without_flows_have_no_value() -> None:
    rng = np.random.default_rng(8)
    one = Flows(2, np.array([1]), np.array([0]), np.array([4.0]), np.array([0.2]))
    drawn = DrawnFlows.of(one, Bank.of(30, rng), rng)
    assert np.isnan(drawn.hhi[0]).all()
    np.testing.assert_allclose(drawn.hhi[1], 1.0)


def test_noise_keeps_the_order_of_its_decades() -> None:
    table = Noise(np.array([2.0, 4.0]), np.array([0.9, 0.2]), np.array([300, 300]))
    np.testing.assert_allclose(table.of(np.array([50.0, 150.0, 9_999.0, 10_000.0])), [0.9, 0.9, 0.9, 0.2])
