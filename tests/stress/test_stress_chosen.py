"""Whom a picture shows: those that the scenario names, then who loses or gains most money."""

from __future__ import annotations

import polars as pl
import pytest

from stress.scenario.scenarios import BAN, scenario
from zizhu.stress.draw.chosen import chosen

LOSSES = pl.DataFrame(
    [("USA", 9.0), ("USA", 1.0), ("CHN", -50.0), ("DEU", 5.0), ("FRA", -7.0), ("KHM", 0.1), ("JPN", 3.0)],
    schema=["country", "loss"],
    orient="row",
)
EVERYBODY = ["CHN", "USA", "FRA", "DEU", "JPN", "KHM"]


@pytest.mark.parametrize(
    ("shock", "count", "shown"),
    [
        ({"sender": "KHM", "receiver": "JPN:C26"}, 4, ["KHM", "JPN", "USA", "CHN"]),
        ({"sender": "KHM", "receiver": "WLD"}, 3, ["KHM", "USA", "CHN"]),
        ({"sender": "EU27", "receiver": "KHM"}, 3, ["FRA", "KHM", "USA"]),
        ({"sender": "BRA", "receiver": "WLD"}, 6, ["USA", *[c for c in EVERYBODY if c != "USA"]]),
        ({"sender": "JPN", "receiver": "KHM"}, 2, ["JPN", "USA"]),
    ],
    ids=["named", "world", "group", "nobody", "room"],
)
def test_those_named_come_first_and_the_largest_loss_is_there(
    shock: dict[str, str], count: int, shown: list[str]
) -> None:
    assert chosen(scenario({**BAN, **shock}), LOSSES, count) == shown


@pytest.mark.parametrize(
    ("shock", "first"),
    [
        ({"kind": "capacity", "at": "KHM:C26", "share": 0.5}, ["KHM", "USA"]),
        ({"kind": "demand", "sector": "JPN:C26", "buyer": "FRA", "change": 0.1}, ["JPN", "FRA"]),
    ],
    ids=["capacity", "demand"],
)
def test_other_shocks_name_countries_too(shock: dict[str, object], first: list[str]) -> None:
    assert chosen(scenario(shock), LOSSES, 4)[:2] == first
