"""Required and observed pace, ratios of two points, and the rules that name them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.track.path import pace, rules
from zizhu.track.path.transforms import stacked
from zizhu.vocab.packfiles import pack
from zizhu.vocab.problems import ZizhuError

RATIOS = {"cagr": pace.cagr_ratio, "linear": pace.linear_ratio, "extrapolated": pace.extrapolated_ratio}


@pytest.mark.parametrize("ratio", RATIOS.values(), ids=RATIOS)
@given(
    y0=st.floats(1, 100), g=st.floats(-0.2, 0.2).filter(lambda g: abs(g) > 1e-3), money=st.floats(0.01, 100)
)
def test_who_is_at_the_target_early_is_ahead_and_money_does_not_matter(
    ratio: Callable[..., Any], y0: float, g: float, money: float
) -> None:
    target = y0 * (1 + g) ** 10
    assert ratio(y0, 2015, target, 2025, target, 2025) == pytest.approx(1)
    assert ratio(y0, 2015, target, 2020, target, 2025) > 1
    assert ratio(y0, 2015, y0, 2020, target, 2025) == pytest.approx(0, abs=1e-9)
    there = ratio(money * y0, 2015, money * (y0 + target) / 2, 2020, money * target, 2025)
    assert there == pytest.approx(ratio(y0, 2015, (y0 + target) / 2, 2020, target, 2025), rel=1e-6)


def test_a_shortfall_left_for_the_end_is_hidden_by_growth_rates() -> None:
    of = (20, 2015, 40, 2020, 70, 2025)
    assert rules.said("open-sdg", float(pace.cagr_ratio(*of))) == "on track"
    assert pace.linear_ratio(*of) == pytest.approx(0.8)
    assert pace.extrapolated_ratio(*of) == pytest.approx((80 - 20) / (70 - 20))


def test_ratios_without_meaning_are_unknown() -> None:
    assert np.isnan(pace.cagr_ratio(0, 2015, 40, 2020, 70, 2025))
    assert np.isnan(pace.cagr_ratio(20, 2015, 40, 2020, 0, 2025))
    assert np.isnan(pace.linear_ratio(20, 2015, 40, 2020, 20, 2025))


def test_pace_by_hand_with_a_gap_and_in_both_directions() -> None:
    y = stacked([[10, 12, 20], [50, 40], [5, 6, 7]])
    t = stacked([[2015, 2017, 2019], [2015, 2020], [2018, 2019, 2020]])
    found = pace.pace(y, t, [40, 30, 6], [2021, 2025, 2025], "none")
    np.testing.assert_allclose(found.required, [10, -2, -0.2])
    np.testing.assert_allclose(found.observed, [[1, 4], [np.nan, -2], [1, 1]])
    np.testing.assert_allclose(found.fastest, [4, -2, 1])
    np.testing.assert_array_equal(found.unseen, [True, False, True])


def test_growth_that_a_pace_means_and_targets_out_of_reach() -> None:
    y, t = np.array([[100.0, 107, 107 * 1.07]]), np.array([[2020.0, 2021, 2022]])
    found = pace.pace(y, t, 107 * 1.07**4, 2025, "log")
    np.testing.assert_allclose(pace.growth_of(found.required), 0.07)
    np.testing.assert_allclose(pace.growth_of(found.observed), 0.07)
    zero = pace.pace(y, t, 0.0, 2025, "log")
    assert zero.required[0] == -np.inf
    assert zero.unseen[0]


@pytest.mark.parametrize("rule", rules.rules())
def test_rules_are_in_order_and_cite_one_page(rule: str) -> None:
    bands = rules.rules()[rule]
    for same in ("label", "measure", "unit", "source", "url", "edition", "inclusive"):
        assert len({getattr(b, same) for b in bands}) == 1
    assert all(b.url.startswith("https://") for b in bands)
    values = [b.lower for b in bands if b.lower is not None]
    assert values == sorted(values, reverse=True)
    for better, lower in zip(bands, values, strict=False):
        at = rules.said(rule, lower)
        assert (at == better.band) is better.inclusive
        assert rules.said(rule, lower + 1e-9) == better.band
        assert rules.said(rule, lower - 1e-9) != better.band
    assert rules.said(rule, -1e9) == bands[-1].band
    assert rules.said(rule, float("nan")) == ""


def test_faults_of_a_file_of_rules_are_told(tmp_path: Path) -> None:
    with pack("policy/progress_rules.csv").open(encoding="utf-8", newline="") as file:
        header, first, second, *_ = csv.reader(file)
    path = tmp_path / "mine.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, second, first])
    with pytest.raises(ZizhuError) as error:
        rules.read(path)
    assert [p.where for p in error.value.problems] == ["mine.csv, row 3, column lower"]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, first, second])
    with pytest.raises(ZizhuError) as error:
        rules.read(path)
    assert "has a bound" in error.value.problems[0].what
