"""Margins, windows, ranks and churn against what they mean, and chances of next year."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from zizhu.depend.concentration import rule
from zizhu.depend.concentration.forecast import Ahead, next_year, unbounded
from zizhu.depend.concentration.measures import MEASURES
from zizhu.depend.concentration.presets import presets
from zizhu.depend.concentration.rule import Cut

CUTS = (Cut("hhi_imports", 0.4, 0.35, 0.45), Cut("lead_share", 0.8, 0.75, 0.85, inclusive=True))
SHARES = arrays(float, (6, 5), elements=st.floats(0.01, 1.0))


@given(SHARES, SHARES)
def test_a_margin_above_one_is_a_flag(hhi: np.ndarray, lead: np.ndarray) -> None:
    measures = {"hhi_imports": hhi, "lead_share": lead}
    margin, flags = rule.margin(measures, CUTS), rule.holds(measures, CUTS)
    apart = np.abs(margin - 1) > 1e-6
    np.testing.assert_array_equal((margin > 1)[apart], flags[apart])


@given(SHARES, st.integers(1, 5), st.data())
def test_a_window_counts_the_years_that_meet_the_rule(
    margins: np.ndarray, years: int, data: st.DataObject
) -> None:
    least = data.draw(st.integers(1, years))
    found = rule.windowed(margins * 2, years, least) > 1
    for p in range(len(margins)):
        for end in range(years, margins.shape[1] + 1):
            met = (margins[p, end - years : end] * 2 > 1).sum()
            assert found[p, end - years] == (met >= least)


def test_a_measure_without_a_value_meets_nothing() -> None:
    measures = {"hhi_imports": np.array([np.nan, 0.9]), "lead_share": np.array([0.9, 0.9])}
    assert rule.holds(measures, CUTS).tolist() == [False, True]
    assert rule.margin(measures, CUTS)[0] == 0.0


@given(arrays(np.float32, (7, 30), elements=st.floats(0, 4, width=32)))
def test_ranks_are_a_permutation_and_their_interval_contains_the_middle(margins: np.ndarray) -> None:
    ranks = rule.ranks(margins)
    np.testing.assert_array_equal(np.sort(ranks, axis=0), np.tile(np.arange(1, 8)[:, None], 30))
    low, high = rule.rank_interval(margins, 0.05, 0.95)
    middle = np.median(ranks, axis=1)
    assert (low <= middle).all()
    assert (middle <= high).all()


def test_cuts_are_drawn_within_their_bands() -> None:
    drawn = dict(rule.chosen(CUTS, 500, np.random.default_rng(0)))
    for cut in CUTS:
        values = drawn[cut.measure]
        assert cut.low <= values.min() < cut.at < values.max() <= cut.high


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_scales_without_bounds_keep_the_order(name: str) -> None:
    scaled = unbounded(name, np.array([0.0, 0.01, 0.3, 0.99, 1.0]))
    assert (np.diff(scaled) > 0).all()
    assert np.isfinite(scaled).all()
    assert np.isnan(unbounded(name, np.array([np.nan]))).all()


def ahead(
    measures: dict[str, np.ndarray], cuts: tuple[Cut, ...], years: int, least: int, draws: int
) -> np.ndarray:
    drawn = Ahead.of(measures, [c.measure for c in cuts], draws, np.random.default_rng(0))
    return next_year(drawn, measures, cuts, years, least)


def histories(sd: float, seed: int) -> dict[str, np.ndarray]:
    """Measures of 400 products over 8 years: random walks of log odds, imports that stay."""
    rng = np.random.default_rng(seed)
    walk = rng.normal(0, 1, (400, 1)) + np.cumsum(rng.normal(0, sd, (400, 8)), axis=1)
    return {"hhi_imports": 1 / (1 + np.exp(-walk)), "imports_usd": np.full((400, 8), 1e6)}


def test_without_change_next_year_is_this_year() -> None:
    measures = histories(0.0, 1)
    cut = (Cut("hhi_imports", 0.4, 0.4, 0.4),)
    chance = ahead(measures, cut, 1, 1, 50)
    np.testing.assert_array_equal(chance, (measures["hhi_imports"][:, -1] > 0.4).astype(float))


def test_chances_of_random_walks_are_calibrated() -> None:
    measures = histories(0.5, 2)
    cut = (Cut("hhi_imports", 0.4, 0.4, 0.4),)
    past = {name: values[:, :-1] for name, values in measures.items()}
    chance = ahead(past, cut, 1, 1, 500)
    came = measures["hhi_imports"][:, -1] > 0.4
    assert abs(chance.mean() - came.mean()) < 0.05
    bare = measures["hhi_imports"][:, -2] > 0.4
    assert ((chance - came) ** 2).mean() < 0.9 * ((bare != came) ** 2).mean()


def test_years_already_seen_count_in_the_window() -> None:
    measures = histories(0.0, 3)
    measures["hhi_imports"][:, -1] = 0.9
    cut = (Cut("hhi_imports", 0.4, 0.4, 0.4),)
    chance = ahead(measures, cut, 3, 1, 20)
    assert (chance == 1.0).all()


def test_products_not_imported_now_have_no_chance_and_too_few_years_are_refused() -> None:
    measures = histories(0.2, 4)
    measures["hhi_imports"][0, -1] = measures["imports_usd"][0, -1] = np.nan
    cut = (Cut("hhi_imports", 0.4, 0.4, 0.4),)
    chance = ahead(measures, cut, 1, 1, 20)
    assert np.isnan(chance[0])
    assert np.isfinite(chance[1:]).all()
    short = {name: values[:, :2] for name, values in measures.items()}
    with pytest.raises(ValueError, match="3 successive"):
        ahead(short, cut, 1, 1, 20)


def test_every_preset_names_its_source_and_what_is_missing() -> None:
    assert next(iter(presets())) == "geodep"
    assert set(presets()) == {"geodep", "ec2021", "merics", "oecd", "bottleneck", "ecipe"}
    for preset in presets().values():
        assert preset.source is not None
        assert (preset.status == "approximate") == bool(preset.missing)
        assert all(c.cut.low < c.cut.at < c.cut.high for c in preset.conditions)
