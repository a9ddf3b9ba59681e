"""The year in which a trader changed sides for good; a short or small change is noise."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.depend import position
from zizhu.depend.turning import DEFINITION, LEAST, STEADY, Turn, turning_point
from zizhu.tables.trade import Trade

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


def of(sides: str) -> Turn | None:
    """The turn of a trader whose side by year from 2000 on is written E (exporter) or I (importer)."""
    return turning_point(path(*(EXPORTER if side == "E" else IMPORTER for side in sides)))


@pytest.mark.parametrize(
    ("sides", "turn"),
    [
        ("EEIII", Turn(2002, "importer")),
        ("IIEEEE", Turn(2002, "exporter")),
        ("EEIIEEEIII", Turn(2007, "importer")),
        ("EEEEE", None),
        ("I", None),
        ("", None),
    ],
)
def test_the_turn_is_the_start_of_the_last_side(sides: str, turn: Turn | None) -> None:
    assert of(sides) == turn


@pytest.mark.parametrize(
    ("sides", "turn"),
    [
        ("EEIIIEIII", Turn(2002, "importer")),  # fell back for a year
        ("EEEIEEIII", Turn(2006, "importer")),  # ran ahead for a year
        ("EEIEIII", Turn(2004, "importer")),  # to and fro before the turn
        ("IIIIEIII", None),
        ("EIIII", None),  # one year at the start of the table
        ("EEEIIIIE", None),  # the last year is on the other side
        ("EIEIEIEI", None),
    ],
)
def test_a_side_taken_for_a_single_year_does_not_count(sides: str, turn: Turn | None) -> None:
    assert of(sides) == turn


def test_a_year_of_no_trade_is_on_no_importers_side() -> None:
    assert turning_point(path(*[(0.0, 0.0)] * 5)) is None


@pytest.mark.parametrize(("years", "turned"), [(STEADY - 1, False), (STEADY, True)])
def test_a_side_that_was_kept_too_short_is_no_turn(years: int, turned: bool) -> None:
    assert (of("EE" + "I" * years) is not None) is turned


@pytest.mark.parametrize(("share", "turned"), [(LEAST * 0.99, False), (LEAST, True)])
def test_a_side_with_too_little_of_world_trade_is_no_turn(share: float, turned: bool) -> None:
    turn = turning_point(path(EXPORTER, EXPORTER, *[(0.0, share)] * STEADY))
    assert (turn is not None) is turned


@given(st.text("EI", max_size=14), st.integers(0, 99))
def test_the_turn_is_the_first_pair_of_years_after_the_last_pair_on_the_other_side(
    sides: str, seed: int
) -> None:
    shares = path(*(EXPORTER if side == "E" else IMPORTER for side in sides))
    turn = turning_point(shares.sample(fraction=1, shuffle=True, seed=seed))
    now, other = (sides[-1:], "E" if sides.endswith("I") else "I")
    last = sides.rfind(other * 2)
    at = sides.find(now * 2, last + 2)
    if last < 0 or not sides.endswith(now * 2) or len(sides) - at < STEADY:
        assert turn is None
    else:
        assert turn == Turn(2000 + at, "importer" if now == "I" else "exporter")


@given(st.integers(2, 9), st.integers(2, 9), st.integers(2, 9))
def test_a_flip_of_one_year_does_not_move_the_turn(before: int, after: int, rest: int) -> None:
    assert of("E" * before + "I" * after + "E" + "I" * rest) == Turn(2000 + before, "importer")


def test_the_definition_is_one_sentence_for_print() -> None:
    assert DEFINITION.startswith("A turning point is the first year")
    assert DEFINITION.count(".") == 1
    assert "single year" in DEFINITION


@pytest.mark.parametrize(
    ("hs6", "turn"),
    [
        ("284690", Turn(2020, "importer")),
        ("260900", Turn(2004, "importer")),
        ("270111", Turn(2006, "importer")),
        ("282530", None),
    ],
)
def test_china_in_the_built_in_table(baci: Trade, hs6: str, turn: Turn | None) -> None:
    asked = position.Inputs(position.Params(reporter="CHN", products=(hs6,)), baci)
    assert turning_point(position.solve(asked).frame) == turn
