"""Stages from import to export on paths whose stage is plain."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tables.stored import Flow, trade
from zizhu.depend import stages
from zizhu.depend.balance.stages import balance_index, since, smoothed, stage_of
from zizhu.show.spec import spec
from zizhu.vocab import products
from zizhu.vocab.problems import CannotAnswer

REE = "284690"
STEPS = ((1, 100), (50, 100), (200, 100), (900, 100))
"""Exports and imports of the four stages."""


def rising() -> list[Flow]:
    """Japan's trade in one product, four years a stage."""
    made: list[Flow] = []
    for k, (sold, bought) in enumerate(STEPS):
        for year in range(2000 + 4 * k, 2004 + 4 * k):
            made += [(year, "JPN", "USA", REE, sold, None), (year, "CHN", "JPN", REE, bought, None)]
    return made


def test_a_path_from_import_to_export_passes_all_stages() -> None:
    inputs = stages.Inputs(stages.Params(reporter="JPN", products=(REE,)), trade(*rising()))
    result = stages.solve(inputs)
    last = {r["year"]: r for r in result.frame.iter_rows(named=True)}
    assert [last[2003 + 4 * k]["stage"] for k in range(4)] == ["import", "localise", "absorb", "export"]
    assert last[2003]["since"] == 2000
    assert last[2015]["since"] in (2013, 2014)
    assert (last[2015]["material"], last[2015]["part"]) != ("", "")
    for column in result.units:
        opened = stages.explain(inputs, result, f"JPN|{REE}|2015", column)
        assert opened.value == last[2015][column]
        assert sum(p.value for p in opened.parts) + opened.remainder == pytest.approx(opened.value)


@given(
    st.lists(st.floats(0, 1e12), min_size=1, max_size=12),
    st.lists(st.floats(0, 1e12), min_size=12, max_size=12),
)
def test_the_index_lies_between_minus_one_and_one(X: list[float], M: list[float]) -> None:
    found = balance_index(np.array(X), np.array(M[: len(X)]))
    known = np.array([x + m > 0 for x, m in zip(X, M, strict=False)])
    assert np.isnan(found[~known]).all()
    assert (np.abs(found[known]) <= 1).all()


def test_means_take_the_years_that_are_known() -> None:
    found = smoothed(np.array([np.nan, 1.0, np.nan, 0.0, 2.0, 4.0]), 3)
    np.testing.assert_allclose(found, [np.nan, 1.0, 1.0, 0.5, 1.0, 2.0])


def test_stages_begin_where_the_vocabulary_says() -> None:
    begins = [s.begins for s in products.trade_stages()]
    found = stage_of(np.array([-1.0, -0.5, -0.01, 0.0, 0.5, 1.0, np.nan]), begins)
    assert found.tolist() == [0, 1, 1, 2, 3, 3, -1]
    assert since(np.array([0, 0, 1, 1, 0])).tolist() == [0, 0, 2, 2, 4]


def test_years_without_trade_are_told_and_means_open_without_them() -> None:
    own = [(y, "JPN", "USA", REE, 300, None) for y in (2000, 2005)] + [(2000, "CHN", "JPN", REE, 100, None)]
    others = [(y, "CHN", "USA", REE, 5, None) for y in range(2000, 2006)]
    inputs = stages.Inputs(stages.Params(reporter="JPN", products=(REE,)), trade(*own, *others))
    result = stages.solve(inputs)
    assert any("year without trade" in note for note in result.notes)
    opened = stages.explain(inputs, result, f"JPN|{REE}|2002", "mean_balance")
    assert [p.value for p in opened.parts] == [pytest.approx(0.5)]
    with pytest.raises(CannotAnswer, match="mean_balance has no value"):
        stages.explain(inputs, result, f"JPN|{REE}|2003", "mean_balance")


def test_a_part_of_a_mean_is_named_as_the_part_that_it_is() -> None:
    inputs = stages.Inputs(stages.Params(reporter="JPN", products=(REE,)), trade(*rising()))
    result = stages.solve(inputs)
    opened = stages.explain(inputs, result, f"JPN|{REE}|2009", "mean_balance")
    assert {p.label for p in opened.parts} == {f"1/3 of the index of {y}" for y in (2007, 2008, 2009)}
    for part in opened.parts:
        key, _, column = part.ref.partition("#")[2].rpartition(",")
        assert part.value == pytest.approx(result.row(key)[column] / 3)
        assert part.share == pytest.approx(part.value / opened.value)
    balance = stages.explain(inputs, result, f"JPN|{REE}|2009", "balance")
    assert sum(p.share or 0 for p in balance.parts) == pytest.approx(1)


def test_what_trade_does_not_see_is_not_claimed() -> None:
    result = stages.solve(stages.Inputs(stages.Params(reporter="JPN", products=(REE,)), trade(*rising())))
    said = next(n for n in result.notes if n.startswith("A stage is"))
    assert "inferred" in said
    assert "Trade says nothing" not in said


def test_few_years_are_drawn_as_bars() -> None:
    flows = [f for f in rising() if f[0] in (2014, 2015)]
    drawn = stages.solve(
        stages.Inputs(stages.Params(reporter="JPN", products=(REE,)), trade(*flows))
    ).figure()
    assert drawn.kind == "bars"
    assert [(r["name"], r["year"]) for r in drawn.rows] == [
        (products.label(REE), y) for y in ("2014", "2015")
    ]
    assert spec(drawn)["description"]
