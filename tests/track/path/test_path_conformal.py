"""Conformal half widths: the rank by hand, guaranteed coverage, and series that are never in their own pool."""

from __future__ import annotations

import numpy as np
import pytest

from zizhu.track.path import conformal


@pytest.mark.parametrize(
    ("count", "coverage", "rank"), [(9, 0.8, 8), (4, 0.8, 4), (10, 0.5, 6), (99, 0.9, 90)]
)
def test_the_rank_that_guarantees_coverage(count: int, coverage: float, rank: int) -> None:
    scores = np.random.default_rng(0).permutation(np.arange(1.0, count + 1))
    assert conformal.radius(np.append(scores, np.nan), coverage) == rank


def test_too_few_scores_promise_nothing() -> None:
    assert conformal.radius(np.arange(3.0), 0.8) == np.inf
    assert conformal.radius(np.array([np.nan]), 0.8) == np.inf


def test_coverage_is_what_was_asked_for_in_whatever_distribution() -> None:
    rng = np.random.default_rng(1)
    inside = [
        rng.standard_cauchy() ** 2 <= conformal.radius(rng.standard_cauchy(19) ** 2) for _ in range(4000)
    ]
    assert np.mean(inside) == pytest.approx(0.8, abs=0.02)


def test_scores_are_in_units_of_the_window() -> None:
    found = conformal.scores(np.array([[3.0, np.nan]]), np.array([[1.0, 1.0]]), np.array([4.0]))
    np.testing.assert_array_equal(found, [[0.5, np.nan]])


def test_widths_by_length_and_horizon_and_the_nearest_length_for_others() -> None:
    n = np.repeat([6, 10], 4)
    score = np.stack([np.tile(np.arange(1.0, 5), 2) * np.where(n == 6, 1, 10), np.full(8, 7.0)], axis=1)
    known = conformal.radii(score, n)
    assert known == {(6, 1): 4.0, (6, 2): 7.0, (10, 1): 40.0, (10, 2): 7.0}
    np.testing.assert_array_equal(
        conformal.half_widths(known, np.array([5, 8, 9, 30]), 2)[:, 0], [4, 4, 40, 40]
    )


def test_windows_of_a_series_are_in_one_fold_and_folds_are_even() -> None:
    group = np.random.default_rng(2).integers(0, 50, 400)
    fold = conformal.folds(group)
    assert all(len(set(fold[group == k])) == 1 for k in np.unique(group))
    sizes = [len(set(group[fold == k])) for k in range(conformal.FOLDS)]
    assert max(sizes) - min(sizes) <= 1


def test_a_series_does_not_widen_its_own_interval() -> None:
    group, n = np.repeat(np.arange(25), 4), np.full(100, 6)
    score = np.random.default_rng(3).random((100, 1))
    wild = np.where(group[:, None] == 7, 1e6, score)
    fold = conformal.folds(group)
    mine = fold == fold[group == 7][0]
    before, after = (conformal.crossed(s, n, group) for s in (score, wild))
    np.testing.assert_array_equal(after[mine], before[mine])
    assert (after[~mine] >= before[~mine]).all()
