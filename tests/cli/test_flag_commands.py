"""`zizhu depend flags`, `product`, `sufficiency`, `stages`, `markets` and `circulation` as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.running import within


@pytest.mark.slow
def test_flags_are_listed_counted_and_compared(tmp_path: Path) -> None:
    asked = (
        "depend",
        "flags",
        "--importer",
        "中国",
        "--importer",
        "EU27",
        "--product",
        "284690",
    )
    told = within(*asked, "--draws", "50", place=tmp_path).stdout
    assert told.startswith("geodep: Concentrated imports")
    assert "Flags by definition" in told
    assert "is approximate" in told
    answer = json.loads(within(*asked, "--draws", "50", "--preset", "oecd", "--json", place=tmp_path).stdout)
    assert answer["columns"][:4] == ["importer", "preset", "hs6", "year"]
    assert {tuple(r[:3]) for r in answer["rows"]} == {("CHN", "oecd", "284690"), ("EU27", "oecd", "284690")}
    assert answer["run"]["seed"] == 0


def test_faults_of_a_question_about_flags_are_told(tmp_path: Path) -> None:
    said = within(
        "depend", "flags", "--importer", "CHN", "--preset", "geodeb", place=tmp_path, expect=2
    ).stderr
    assert "geodep" in said
    said = within(
        "depend", "flags", "--importer", "CHN", "--preset", "none.yaml", place=tmp_path, expect=2
    ).stderr
    assert "no such file" in said
    said = within(
        "depend", "flags", "--importer", "CHN", "--product", "284699", place=tmp_path, expect=2
    ).stderr
    assert "284690" in said
    said = within("depend", "flags", "--importer", "CHN", "--year", "1995", place=tmp_path, expect=3).stderr
    assert "1 year up to 1995" in said


@pytest.mark.slow
def test_a_product_leads_on_to_its_industry_targets_events_and_commands(tmp_path: Path) -> None:
    told = within("depend", "product", "284690", "--importer", "JPN", place=tmp_path).stdout
    for part in (
        "Its industry in 2022: made by chemicals",
        "fact:T020",
        "Licensing of seven",
        "zizhu stress what-if",
        "zizhu stress from-product 284690 --importer JPN --sender CHN",
    ):
        assert part in told
    answer = json.loads(
        within("depend", "product", "284690", "--importer", "JPN", "--json", place=tmp_path).stdout
    )
    assert answer["industry"]["sector"] == "C20"
    assert answer["exposure"]["rows"]


@pytest.mark.slow
def test_a_product_says_why_its_industry_is_not_looked_through(tmp_path: Path) -> None:
    """Uruguay is not in the table: no command that needs the table is proposed."""
    asked = ("depend", "product", "lithium carbonate", "--importer", "URY")
    answer = json.loads(within(*asked, "--json", place=tmp_path).stdout)
    assert answer["exposure"] is None
    assert answer["no_exposure"].startswith("URY is not in ")
    assert not [c for c in answer["next"] if "--table" in c]
    assert len(answer["next"]) == 3
    told = within(*asked, place=tmp_path).stdout
    assert "Its industry is not looked through. URY is not in" in told


@pytest.mark.slow
def test_a_product_tells_its_two_years_apart_and_whom_events_touch(tmp_path: Path) -> None:
    asked = ("depend", "product", "270900", "--importer", "EU27", "--year", "2019")
    told = within(*asked, place=tmp_path).stdout
    assert "Crude oil (HS 270900), imports of the EU27 in 2019" in told
    assert "Its industry in 2022: made by oil and gas extraction" in told
    assert "The trade above is of 2019, the input-output table of 2022." in told
    assert "zizhu depend suppliers --reporter EU27 --product 270900 --last 2019" in told
    between = told.partition("Events between others")[2]
    assert "2025-02-10, China" in between.partition("Next")[0]
    assert "Events that restrict" not in told
    assert "T120, China, 14th FYP energy" in told


@pytest.mark.slow
def test_the_commands_that_a_product_leads_on_to_can_be_run(tmp_path: Path) -> None:
    answer = json.loads(
        within("depend", "product", "284690", "--importer", "JPN", "--json", place=tmp_path).stdout
    )
    assert len(answer["next"]) == 5
    for command in answer["next"]:
        run = within(*command.removeprefix("zizhu ").split(), place=tmp_path)
        assert run.stdout


def test_stages_and_markets_answer_and_circulation_says_what_it_lacks(tmp_path: Path) -> None:
    stages = within("depend", "stages", "--reporter", "CHN", "--product", "284690", place=tmp_path).stdout
    assert "export" in stages
    markets = within("depend", "markets", "--seller", "VNM:C26", "--market", "USA", place=tmp_path).stdout
    assert "absorbed" in markets
    said = within("depend", "circulation", "--country", "CHN", place=tmp_path, expect=3).stderr
    assert "zizhu data add" in said
    said = within(
        "depend", "sufficiency", "--reporter", "CHN", "--production", "icio-2022", place=tmp_path, expect=2
    ).stderr
    assert "a table of kind 'production'" in said
