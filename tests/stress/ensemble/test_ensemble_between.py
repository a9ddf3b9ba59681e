"""The share of a spread between groups is that of answers whose spread is known, and chance is not taken for one."""

from __future__ import annotations

import numpy as np
import pytest

from zizhu.stress.ensemble.between import between


def test_groups_that_are_apart_explain_all_and_noise_nothing() -> None:
    group = np.repeat(np.arange(4), 25)
    apart = group + np.linspace(0, 0.5, 100)
    found = between(group, np.exp(apart))
    ranks = np.arange(1, 101)
    within = sum(((ranks[group == k] - ranks[group == k].mean()) ** 2).sum() for k in range(4))
    chance = within / 96 * 3
    assert found == pytest.approx(1 - (within + chance) / ((ranks - 50.5) ** 2).sum())
    assert found > 0.9
    assert between(group, np.ones(100)) == 0.0


def test_half_the_variance_between_is_half() -> None:
    rng = np.random.default_rng(1)
    group = rng.integers(0, 200, 40_000)
    outcome = rng.normal(size=200)[group] + rng.normal(size=40_000)
    assert between(group, outcome) == pytest.approx(0.5, abs=0.06)


def test_chance_passes_once_in_twenty() -> None:
    rng = np.random.default_rng(2)
    found = [between(np.arange(40) % 5, rng.normal(size=40)) for _ in range(400)]
    assert np.isfinite(found).mean() == pytest.approx(0.05, abs=0.03)


@pytest.mark.parametrize("group", [[0] * 9, [0, 0, 1, 1]], ids=["one group", "few draws"])
def test_too_little_to_say(group: list[int]) -> None:
    with pytest.raises(ValueError, match="draws of"):
        between(np.array(group), np.arange(float(len(group))))
