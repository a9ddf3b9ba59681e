"""The noise of flows, learnt from panels whose noise is known."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from zizhu.depend.concentration.flows import Index, Vector
from zizhu.depend.concentration.noise import LEAST, TOLD_APART, learn, own, passing


def levels(shock: float, noise: float, count: int, start: float, seed: int) -> list[np.ndarray]:
    """Three years of flows with lasting shocks and passing noise of these standard deviations."""
    rng = np.random.default_rng(seed)
    walk = np.log(start) + np.cumsum(rng.normal(0, shock, (3, count)), axis=0)
    return list(np.exp(walk + rng.normal(0, noise, (3, count))))


@pytest.mark.parametrize("shock", [0.0, 0.4])
@pytest.mark.parametrize("noise", [0.0, 0.1, 0.5])
def test_passing_noise_is_told_from_lasting_shocks(shock: float, noise: float) -> None:
    learnt = learn(*levels(shock, noise, 60_000, 3e5, 1), np.arange(60_000))
    assert learnt.of(np.array([3e5]))[0] ** 2 == pytest.approx(noise**2, abs=0.005)


def test_noise_is_that_of_the_size_and_of_the_nearest_size() -> None:
    small, large = levels(0.1, 0.6, 20_000, 3e3, 2), levels(0.1, 0.1, 20_000, 3e7, 3)
    sides = (np.concatenate(pair) for pair in zip(small, large, strict=True))
    learnt = learn(*sides, np.arange(40_000))
    below, inside, above = learnt.of(np.array([1e-3, 3e3, 1e12]))
    assert inside == pytest.approx(0.6, abs=0.03)
    assert below >= inside - 0.1
    assert above == pytest.approx(0.1, abs=0.03)
    assert (learnt.triples >= LEAST).all()


def test_few_triples_share_one_noise_and_none_has_none() -> None:
    one = learn(*levels(0.1, 0.3, LEAST - 1, 3e5, 4), np.arange(LEAST - 1))
    assert len(one.sd) == 1
    empty = learn(*(np.empty(0) for _ in range(3)), np.zeros(0, np.intp))
    assert empty.of(np.array([5.0]))[0] == 0.0


class Panel(NamedTuple):
    """Values of the same flows in three successive years, and the product and years of each."""

    values: tuple[Vector, Vector, Vector]
    group: Index


def panel(seed: int, noise: float, prices: float, size: float = 1e6) -> Panel:
    """400 groups of 30 flows, whose levels wander, with a trend of prices common to a group."""
    rng = np.random.default_rng(seed)
    products, flows = 400, 30
    group = np.repeat(np.arange(products), flows)
    trend = prices * rng.standard_normal(products)  # a rise or a fall that lasts over both changes
    level = np.log(size) + 0.2 * rng.standard_normal(len(group))
    seen = []
    for _ in range(3):
        seen.append(np.exp(level + noise * rng.standard_normal(len(group))))
        level = level + trend[group] + 0.1 * rng.standard_normal(len(group))
    return Panel((seen[0], seen[1], seen[2]), group)


@pytest.mark.parametrize("noise", [0.1, 0.3])
@pytest.mark.parametrize("prices", [0.0, 0.5])
def test_noise_is_found_whatever_prices_do(noise: float, prices: float) -> None:
    made = panel(1, noise, prices)
    found = learn(*made.values, made.group)
    assert found.sd[np.argmax(found.triples)] == pytest.approx(noise, rel=0.06)


def test_prices_that_rise_for_years_hide_the_noise_unless_they_are_taken_off() -> None:
    made = panel(2, 0.2, 0.5)
    apart = learn(*made.values, np.arange(len(made.group)))  # every flow a group of its own
    assert apart.sd[np.argmax(apart.triples)] < 0.1


def test_a_crash_of_prices_and_their_rebound_are_no_noise() -> None:
    rng = np.random.default_rng(4)
    group = np.repeat(np.arange(100), 30)
    crash = (0.7 * rng.standard_normal(100))[group]
    before = np.exp(14 + rng.standard_normal(3000) / 10)
    now = before * np.exp(crash + rng.standard_normal(3000) / 50)
    after = before * np.exp(rng.standard_normal(3000) / 50)
    assert learn(before, now, after, group).sd.max() < 0.05
    assert learn(before, now, after, np.arange(3000)).sd.max() > 0.3


def test_growth_of_its_own_is_what_the_median_of_the_group_leaves() -> None:
    rng = np.random.default_rng(5)
    sizes = [1, TOLD_APART - 1, TOLD_APART, TOLD_APART + 1, 40]
    group = rng.permutation(np.repeat(np.arange(len(sizes)) * 7, sizes))
    growth = rng.standard_normal(len(group))
    found = own(growth, group)
    for number, size in enumerate(sizes):
        here = group == number * 7
        shared = np.median(growth[here]) if size >= TOLD_APART else 0.0
        assert found[here] == pytest.approx(growth[here] - shared, abs=1e-15)


@pytest.mark.slow
@pytest.mark.parametrize("count", [LEAST, 2000])
def test_noise_is_never_less_than_what_can_be_told_from_none(count: int) -> None:
    """Growth without noise: the least that is said is the standard error of the covariance over many samples."""
    first, second = np.moveaxis(np.random.default_rng(6).standard_normal((2000, 2, count)) * 0.2, 1, 0)
    scales = (1.4826 * np.median(np.abs(way), axis=1) for way in (first + second, first - second))
    covariance = np.subtract(*(scale**2 for scale in scales)) / 4
    goes_on = np.flatnonzero(covariance > 0)[:500]
    least = np.array([passing(first[k], second[k]) for k in goes_on])
    assert least.min() > 0
    assert np.mean(least**2) == pytest.approx(np.std(covariance), rel=0.06)
