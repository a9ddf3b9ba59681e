"""`zizhu depend complexity` and `product-space`: what they print, write and refuse."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import CompletedProcess

import polars as pl
import pytest

from cli.running import within
from depend.selling import flows, store

OPEN = ("--min-exports", "0", "--min-product-trade", "0", "--level", "6", "--trade", "sales", "--insist")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a workspace `mine`, which has a table of sales."""
    assert store(tmp_path, flows()).root == tmp_path / "mine"
    return tmp_path


def ask(place: Path, *options: str, expect: int = 0) -> CompletedProcess[str]:
    return within(
        "depend", "complexity", *OPEN, *options, place=place, workspace=place / "mine", expect=expect
    )


def test_countries_are_listed_in_the_order_of_eci(place: Path) -> None:
    shown = ask(place)
    assert "Countries by economic complexity" in shown.stdout
    assert "Products by complexity" not in shown.stdout
    assert "zizhu trace 'run:" in shown.stdout


def test_products_that_a_country_lacks_come_after_the_countries(place: Path) -> None:
    shown = ask(place, "--country", "china")
    assert shown.stdout.index("Countries by economic") < shown.stdout.index("Products that China lacks")
    shown = ask(place, "--country", "CHN", "--products", "--trace", "1")
    assert shown.stdout.index("Products that China lacks") < shown.stdout.index("Countries by economic")
    assert "mean ECI of the" in shown.stdout
    shown = ask(place, "--products")
    assert "Products by complexity" in shown.stdout


def test_json_csv_and_plot_have_the_whole_answer(place: Path) -> None:
    csv, plot = place / "all.csv", place / "all.svg"
    shown = ask(place, "--year", "2020", "--json", "--csv", str(csv), "--plot", str(plot))
    answer = json.loads(shown.stdout)
    assert answer["run"]["params"]["first"] == answer["run"]["params"]["last"] == 2020
    assert pl.read_csv(csv).height == len(answer["rows"])
    assert set(answer["units"]) < set(answer["columns"])
    assert plot.read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize(
    ("options", "said", "code"),
    [
        (("--level", "5"), "level", 2),
        (("--year", "1900"), "years 1900-1900", 2),
        (("--year", "2020", "--first", "2020"), "one year and a span", 2),
        (("--country", "Luxembourg"), "countries that take part", 2),
        (("--min-exports", "1e15"), "the filters leave nothing", 3),
        (("--gdp", "nowhere"), "nowhere", 2),
    ],
    ids=["level", "year", "years", "country", "filters", "gdp"],
)
def test_what_cannot_be_asked_is_told(place: Path, options: tuple[str, ...], said: str, code: int) -> None:
    assert said in ask(place, *options, expect=code).stderr


def test_the_country_that_was_asked_for_is_listed_whatever_its_rank(place: Path) -> None:
    order = json.loads(ask(place, "--json").stdout)
    at = {c: order["columns"].index(c) for c in ("of", "code", "rank")}
    ranks = {r[at["code"]]: r[at["rank"]] for r in order["rows"] if r[at["of"]] == "country"}
    last = max(ranks, key=lambda c: (ranks[c], c))
    listed = ask(place, "--country", last, "--top", "2").stdout.partition("Products that")[0]
    assert f"\n{last} " in listed
    first = min(ranks, key=lambda c: (ranks[c], c))
    assert f"\n{first} " in listed
    assert f"{len(ranks) - 2} more row" in listed


def space(place: Path, *options: str, expect: int = 0) -> CompletedProcess[str]:
    asked = ("depend", "product-space", *OPEN[:-1], *options)
    return within(*asked, place=place, workspace=place / "mine", expect=expect)


def test_the_map_is_stored_once(place: Path) -> None:
    assert "product-space-sales-hs6 is stored." in space(place, "--insist").stdout
    assert "is here already" in space(place, "--insist").stdout
    assert (place / "mine" / "refs" / "product-space-sales-hs6-links").is_file()


def test_the_map_is_refused_below_half_coverage_and_given_in_every_form(place: Path) -> None:
    assert "of the products of HS1992" in space(place, expect=3).stderr
    assert not (place / "mine" / "refs" / "product-space-sales-hs6").exists()
    csv = place / "map.csv"
    shown = space(place, "--insist", "--json", "--csv", str(csv), "--trace", "1")
    answer = json.loads(shown.stdout)
    assert pl.read_csv(csv).height == len(answer["rows"])
    assert answer["coverage"][0]["share"] < 0.5
    assert answer["trace"]["parts"]
    assert "Coverage of the products of HS1992" in space(place, "--insist").stdout


def test_the_map_is_drawn_with_a_country_set_apart(place: Path) -> None:
    plot = place / "map.svg"
    shown = space(place, "--insist", "--country", "china", "--json", "--plot", str(plot))
    assert json.loads(shown.stdout)["units"]["rca"] == "ratio"
    assert "RCA of China at least 1" in plot.read_text(encoding="utf-8")


def test_another_drawing_has_a_file_and_a_name_that_the_answer_knows(place: Path) -> None:
    named = ("--insist", "--drawing", "map")
    assert "Name the file with --plot." in space(place, *named, expect=2).stderr
    refused = space(place, *named, "--plot", str(place / "map.svg"), expect=2).stderr
    assert "no drawing 'map'" in refused
    assert not (place / "map.svg").exists()
