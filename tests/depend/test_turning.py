"""The year in which a trader changed sides for good; a short or small change is noise."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.depend.turning import LEAST, STEADY, Turn, turning_point

EXPORTER, IMPORTER = (0.6, 0.1), (0.1, 0.6)


def path(*sides: tuple[float, float]) -> pl.DataFrame:
    """Shares of exports and imports from the year 2000 on."""
    return pl.DataFrame(
        {
            "year": range(2000, 2000 + len(sides)),
            "export_share": [s[0] for s in sides],
            "import_share": [s[1] for s in sides],
        }
    )


@pytest.mark.parametrize(
    ("sides", "turn"),
    [
        ([EXPORTER] * 2 + [IMPORTER] * 3, Turn(2002, "importer")),
        ([IMPORTER] + [EXPORTER] * 4, Turn(2001, "exporter")),
        ([EXPORTER, IMPORTER, EXPORTER] + [IMPORTER] * 3, Turn(2003, "importer")),
        ([EXPORTER, IMPORTER] + [EXPORTER] * 3, Turn(2002, "exporter")),
        ([EXPORTER] * 5, None),
        ([IMPORTER], None),
        ([], None),
        ([(0.0, 0.0)] * 5, None),
    ],
)
def test_the_turn_is_the_start_of_the_last_side(sides: list[tuple[float, float]], turn: Turn | None) -> None:
    assert turning_point(path(*sides)) == turn


@pytest.mark.parametrize(("years", "turned"), [(STEADY - 1, False), (STEADY, True)])
def test_a_side_that_was_kept_too_short_is_no_turn(years: int, turned: bool) -> None:
    assert (turning_point(path(EXPORTER, *[IMPORTER] * years)) is not None) is turned


@pytest.mark.parametrize(("share", "turned"), [(LEAST * 0.99, False), (LEAST, True)])
def test_a_side_with_too_little_of_world_trade_is_no_turn(share: float, turned: bool) -> None:
    assert (turning_point(path(EXPORTER, *[(0.0, share)] * STEADY)) is not None) is turned


@given(st.lists(st.sampled_from([EXPORTER, IMPORTER]), min_size=1, max_size=12), st.integers(0, 99))
def test_after_the_turn_the_side_stays_and_before_it_was_another(
    sides: list[tuple[float, float]], seed: int
) -> None:
    turn = turning_point(path(*sides).sample(fraction=1, shuffle=True, seed=seed))
    if turn is None:
        assert len(set(sides[-STEADY:])) > 1 or len(set(sides)) == 1 or len(sides) < STEADY
        return
    at = turn.year - 2000
    assert set(sides[at:]) == {IMPORTER if turn.became == "importer" else EXPORTER}
    assert sides[at - 1] != sides[at]
