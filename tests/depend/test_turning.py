"""The year in which a trader changed sides for good."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.depend.turning import Turn, turning_point

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
        ((EXPORTER, EXPORTER, *[IMPORTER] * 3), Turn(2002, "importer")),
        ((IMPORTER, *[EXPORTER] * 3), Turn(2001, "exporter")),
        ((EXPORTER, IMPORTER, EXPORTER, *[IMPORTER] * 4), Turn(2003, "importer")),
        ((EXPORTER, IMPORTER, IMPORTER), None),  # two years are no turn yet
        ((EXPORTER, *[(0.001, 0.009)] * 5), None),  # less than 1 % of world trade is noise
        ((EXPORTER, EXPORTER), None),
        ((IMPORTER,), None),
        ((), None),
        (((0.0, 0.0), (0.0, 0.0)), None),
    ],
)
def test_the_turn_is_the_start_of_the_last_side(
    sides: tuple[tuple[float, float], ...], turn: Turn | None
) -> None:
    assert turning_point(path(*sides)) == turn


@given(st.lists(st.sampled_from([EXPORTER, IMPORTER]), min_size=1, max_size=12), st.integers(0, 99))
def test_after_the_turn_the_side_stays_and_before_it_was_another(
    sides: list[tuple[float, float]], seed: int
) -> None:
    turn = turning_point(path(*sides).sample(fraction=1, shuffle=True, seed=seed))
    if turn is None:
        assert len(set(sides[-3:])) == 2 or len(set(sides)) == 1 or len(sides) < 4
        return
    at = turn.year - 2000
    assert len(sides) - at >= 3
    assert set(sides[at:]) == {IMPORTER if turn.became == "importer" else EXPORTER}
    assert sides[at - 1] != sides[at]
