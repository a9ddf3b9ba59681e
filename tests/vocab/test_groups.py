from __future__ import annotations

import pytest

from zizhu.vocab.countries import countries
from zizhu.vocab.groups import WORLD, baci_codes, expand, groups, members
from zizhu.vocab.problems import CannotAnswer, ZizhuError


@pytest.mark.parametrize("year", [1995, 2015, 2022])
def test_eu27_is_27_countries_and_29_trade_codes_in_every_year(year: int) -> None:
    assert len(expand("EU27", year)) == 27
    assert "GBR" not in expand("EU27", year)
    assert len(baci_codes("EU27", year)) == 29
    assert {58, 280} <= set(baci_codes("EU27", year))


@pytest.mark.parametrize(
    ("group", "year", "size"),
    [
        ("EU", 1958, 6),
        ("EU", 1972, 6),
        ("EU", 1973, 9),
        ("EU", 1995, 15),
        ("EU", 2004, 25),
        ("EU", 2007, 27),
        ("EU", 2013, 28),
        ("EU", 2019, 28),
        ("EU", 2020, 27),
        ("EU28", 2022, 28),
        ("EA20", 2022, 20),
        ("EA", 1999, 11),
        ("EA", 2023, 20),
        ("ASEAN", 1999, 10),
        ("ASEAN", 2025, 11),
        ("G7", 1990, 7),
        ("G20", 2022, 19),
        ("OECD", 1961, 19),
        ("OECD", 2022, 38),
        ("BRICS", 2009, 4),
        ("BRICS", 2011, 5),
        ("BRICS", 2024, 9),
        ("BRICS", 2025, 10),
        ("USMCA", 2022, 3),
        ("CPTPP", 2018, 6),
        ("CPTPP", 2024, 12),
        ("RCEP", 2023, 15),
        ("GCC", 2000, 6),
        ("QUAD", 2020, 4),
    ],
)
def test_number_of_members(group: str, year: int, size: int) -> None:
    assert len(members(group, year)) == size


def test_the_united_kingdom_leaves_and_croatia_joins() -> None:
    assert "GBR" in members("EU", 2019)
    assert "GBR" not in members("EU", 2020)
    assert set(members("EU", 2013)) - set(members("EU", 2012)) == {"HRV"}
    assert set(members("EU", 2022)) == set(expand("EU27", 2022))


def test_members_are_countries_and_dates_are_in_order() -> None:
    for group in groups().values():
        assert {m.iso3 for m in group.members} <= set(countries())
        assert len({m.iso3 for m in group.members}) == len(group.members)
        assert all(m.end is None or m.start <= m.end for m in group.members)
        assert group.source


def test_a_country_is_itself_and_the_world_is_everybody() -> None:
    assert expand("chn", 2022) == ("CHN",)
    assert expand("Japan", 2022) == ("JPN",)
    assert set(expand(WORLD, 2022)) == set(countries())


def test_a_year_before_the_group_cannot_be_answered() -> None:
    with pytest.raises(CannotAnswer, match="CPTPP had no members in 2010"):
        members("CPTPP", 2010)


@pytest.mark.parametrize(("typed", "meant"), [("EU72", "EU27"), ("ASAN", "ASEAN"), ("CNH", "CHN")])
def test_the_nearest_of_countries_and_groups_is_named(typed: str, meant: str) -> None:
    with pytest.raises(ZizhuError) as error:
        expand(typed, 2022)
    assert meant in error.value.problems[0].remedy
