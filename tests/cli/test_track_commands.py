"""`zizhu track`: what an analyst reads, changes and refuses to believe."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import CompletedProcess

import polars as pl
import pytest

from cli.running import within

DAY = ("--as-of", "2026-11-21")


def track(place: Path, *arguments: str, expect: int = 0, columns: int = 200) -> CompletedProcess[str]:
    return within("track", *arguments, place=place, expect=expect, columns=columns)


def test_a_plan_is_listed_without_the_name_of_a_command(tmp_path: Path) -> None:
    shown = track(tmp_path, "mic2025", *DAY)
    assert (
        "17 targets on 2026-11-21: observed: 1 missed; 1 out of reach when last seen; 15 not trackable"
        in " ".join(shown.stdout.split())
    )
    assert shown.stdout.index("T010") < shown.stdout.index("T008") < shown.stdout.index("T006")
    for heading in (
        "several wordings: of what?",
        "What others say, and why it may differ",
        "of plans as wholes",
    ):
        assert heading in shown.stdout
    assert "3 of 10" in shown.stdout
    assert "16 of 20" not in shown.stdout  # of another plan
    assert "zizhu trace 'run:" in shown.stdout
    assert track(tmp_path, "list", "mic2025", *DAY).stdout == shown.stdout


def test_no_plan_is_every_plan(tmp_path: Path) -> None:
    shown = track(tmp_path, *DAY, "--verdict", "missed", "--json")
    answer = json.loads(shown.stdout)
    assert {r[answer["columns"].index("verdict")] for r in answer["rows"]} == {"missed"}
    assert set(answer) > {"wordings", "assessments"}


def test_a_plan_of_another_country_needs_no_country(tmp_path: Path) -> None:
    assert "1 target on 2026-11-21" in track(tmp_path, "EU Chips Act", *DAY).stdout
    assert "1 target, which" in track(tmp_path, "portfolio", "EU Chips Act", *DAY).stdout
    assert "unknown plan 'nosuch'" in track(tmp_path, "nosuch", *DAY, expect=2).stderr
    assert "no target of CHN" in track(tmp_path, "EU Chips Act", "--country", "CHN", *DAY, expect=3).stderr


@pytest.mark.parametrize("order", ["plan", "deadline", "chance", "target"])
def test_the_list_can_be_sorted(tmp_path: Path, order: str) -> None:
    shown = track(tmp_path, "15fyp", *DAY, "--sort", order)
    assert "Targets and verdicts" in shown.stdout


def test_files_are_written_whole(tmp_path: Path) -> None:
    csv, plot = tmp_path / "all.csv", tmp_path / "all.svg"
    track(tmp_path, "mic2025", *DAY, "--csv", str(csv), "--plot", str(plot))
    assert pl.read_csv(csv).height == 19
    assert plot.read_text(encoding="utf-8").startswith("<svg")


def test_an_analyst_disagrees_and_both_verdicts_are_kept(tmp_path: Path) -> None:
    """From the scorecard to the series, its sources and others, to another series, and back."""
    first = track(tmp_path, "show", "T010", *DAY).stdout
    assert "Missed" in first
    assert "GGII via SCMP" in first
    assert "of the register" in first
    assert "as asked" not in first
    other = track(tmp_path, "show", "T010", "--series", "robot_domestic_brand_share_ifr", *DAY).stdout
    assert "Read as asked: not trackable: too few points" in " ".join(other.split())
    assert "As the register reads it: missed." in " ".join(other.split())
    assert "as asked" in other
    assert "of the register" in other
    assert "missed" in other
    brand = track(tmp_path, "show", "T010", "--basis", "location", *DAY).stdout
    assert "the target is on the basis location" in " ".join(brand.split())
    same = track(tmp_path, "show", "T010", "--series", "robot_domestic_brand_share", "--basis", "brand", *DAY)
    assert "as asked, which is that of the register" in same.stdout
    level = " ".join(track(tmp_path, "show", "T010", "--series", "rd_expenditure_nbs", *DAY).stdout.split())
    assert "judges only if that is named too: level." in level
    assert "comes nearest" not in level


def test_an_earlier_day_shows_nothing_of_later_days(tmp_path: Path) -> None:
    """Values and assessments of later years are no context either: a value that was not known is named as left out."""
    day = ("--as-of", "2016-12-31", "--json")
    shown = json.loads(track(tmp_path, "show", "T010", *day).stdout)
    rows = [dict(zip(shown["columns"], r, strict=True)) for r in shown["rows"]]
    assert {r["period"] for r in rows if r["kind"] != "left out"} == {"2013", "2015"}
    assert "assessments" not in shown
    early = json.loads(track(tmp_path, "show", "T010", "--as-of", "2015-01-01", "--json").stdout)
    assert {r[early["columns"].index("kind")] for r in early["rows"]} == {"left out"}
    assert "assessments" not in json.loads(track(tmp_path, "mic2025", *day).stdout)


def test_one_target_is_drawn_and_its_numbers_open(tmp_path: Path) -> None:
    plot = tmp_path / "one.svg"
    shown = track(tmp_path, "show", "T104", *DAY, "--plot", str(plot), "--trace", "1")
    assert plot.read_text(encoding="utf-8").startswith("<svg")
    assert "fact:non_fossil_share.CHN.2010.1" in shown.stdout
    assert "What the chance is made of" in shown.stdout


def test_a_target_without_a_series_is_shown(tmp_path: Path) -> None:
    shown = track(tmp_path, "show", "T043", *DAY)
    assert "No series comes near" in shown.stdout
    assert "Sources" in shown.stdout


def test_the_portfolio_counts_and_says_what_it_cannot_know(tmp_path: Path) -> None:
    shown = " ".join(track(tmp_path, "portfolio", *DAY, "--by", "sector").stdout.split())
    unknown = ("The other 100 have no chance that could be told", "2 of them are out of reach")
    for words in ("are expected to be met", "move together", *unknown, "What changed"):
        assert words in shown
    since = track(tmp_path, "portfolio", "14fyp", *DAY, "--since", "2024-12-31").stdout
    assert "What changed since 2024-12-31" in since


def test_earlier_days_are_replayed(tmp_path: Path) -> None:
    shown = " ".join(track(tmp_path, "replay", "2018-12-31", "2020-12-31", *DAY).stdout.split())
    assert "2018-12-31: no target had a chance" in shown
    assert "Of 3 called out of reach, by their own past pace alone, 1 was missed" in shown
    opened = track(
        tmp_path, "replay", "2018-12-31", *DAY, "--hindsight", "--later-plans", "--trace", "1"
    ).stdout
    assert "T029" in opened


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (("mic2026",), "unknown plan 'mic2026'", 2),
        (("mic2025", "--verdict", "mist"), "unknown verdict 'mist'", 2),
        (("mic2025", "--verdict", "met"), "no target of CHN with plan 'mic2025', verdict 'met'", 3),
        (("--country", "DEU"), "no targets of DEU", 3),
        (("eu chips act", "--country", "CHN"), "Ask for that country: --country EU.", 3),
        (("t010",), "`zizhu track show T010`", 2),
        (("--as-of", "soon"), "'soon' is not a day", 2),
        (("show", "T0171"), "unknown target 'T0171'", 2),
        (("show", "T010", "--series", "robots", "--basis", "brnd"), "unknown basis 'brnd'", 2),
        (("portfolio", "--since", "2030-01-01"), "is not before", 2),
        (("replay", "soon"), "'soon' is not a day", 2),
        (("replay", "2030-01-01"), "is not before", 2),
        (("replay", "2018-12-31", "--plot", "none.svg"), "a day with a chance that came out", 3),
        (("mic2025", "--trace", "99"), "no row 99", 2),
    ],
    ids=lambda x: "-".join(x) if isinstance(x, tuple) else None,
)
def test_what_cannot_be_asked_is_told(
    tmp_path: Path, arguments: tuple[str, ...], said: str, code: int
) -> None:
    assert said in " ".join(track(tmp_path, *arguments, expect=code).stderr.split())


def test_targets_that_were_read_stand_beside_those_of_the_register(tmp_path: Path) -> None:
    """A plan of one's own with a target nobody has accepted: it is judged, and not counted."""
    folder = tmp_path / "ws" / "register" / "mine"
    folder.mkdir(parents=True)
    (folder / "plan.yaml").write_text(
        "id: Mine\nnames: {en: My plan}\nkind: plan\ncountry: CHN\nstatus: not stated\nsource: mine.1\nquality: low\n"
    )
    (folder / "sources.csv").write_text("id,producer,title,quality\nmine.1,Me,Notes,low\n")
    (folder / "targets.csv").write_text(
        "id,plan,country,sector,item,indicator,comparator,comparator_assumed,value,unit,deadline,status,trackable_by,"
        "source,quality\nM1,Mine,CHN,Energy,non-fossil energy,share of energy consumption,>=,false,25,percent,2030,"
        "unreviewed,non_fossil_share,mine.1,low\n"
    )
    shown = track(tmp_path, "mine", *DAY, columns=400).stdout
    assert "0 targets on 2026-11-21. Not counted: 1" in shown
    assert "accepted by nobody: not counted" in shown
    everything = json.loads(track(tmp_path, *DAY, "--json").stdout)
    column = everything["columns"].index("target")
    assert "M1" in {r[column] for r in everything["rows"]}


def test_a_day_to_come_is_said_to_be_one(tmp_path: Path) -> None:
    told = track(tmp_path, "show", "T010", "--as-of", "2990-01-01")
    assert "2990-01-01 has not come: deadlines up to it count as passed" in told.stderr
    assert "2990" not in track(tmp_path, "show", "T010", *DAY).stderr


def test_parts_of_years_are_told_in_words(tmp_path: Path) -> None:
    shown = track(tmp_path, "show", "T017", *DAY).stdout
    assert "first half of 2024" in shown
    assert "\n2024-40" not in shown


def test_a_verdict_that_is_made_again_is_kept_and_listed_beside_that_of_the_register(tmp_path: Path) -> None:
    assert "None yet" in track(tmp_path, "readings", *DAY).stdout
    track(tmp_path, "show", "T008", "--basis", "ownership", *DAY)
    track(tmp_path, "show", "T008", "--basis", "ownership", "--as-of", "2026-11-20")
    track(tmp_path, "show", "T008", *DAY)
    (row,) = json.loads(track(tmp_path, "readings", "--json", *DAY).stdout)
    assert (row["target"], row["basis"], row["asked of"]) == ("T008", "ownership", "2026-11-20")
    assert row["as asked"] == "not trackable: too few points"
    assert row["of the register"] == "out of reach when last seen (2021)"
    assert row["observed"] == "6.6 % (2021)"
    assert row["run"].startswith("run:")


def test_a_verdict_is_explained_number_by_number(tmp_path: Path) -> None:
    shown = " ".join(track(tmp_path, "explain", "T101", *DAY).stdout.split())
    assert shown.startswith("T101, 15th FYP: R&D")
    for number in ("T101,p ", "T101,needed_pace ", "T101,observed_pace "):
        assert number in shown
    (chance,) = json.loads(track(tmp_path, "explain", "T101", "--of", "p", "--json", *DAY).stdout)
    assert chance["value"] == pytest.approx(sum(p["value"] for p in chance["parts"] if p["share"]))
    assert "T043" in track(tmp_path, "explain", "T043", *DAY).stdout  # nothing measures it
    refused = track(tmp_path, "explain", "T101", "--of", "chance", *DAY, expect=2).stderr
    assert "unknown number" in refused
    assert "fastest_pace" in refused
    assert "T101" in track(tmp_path, "explain", "T1010", *DAY, expect=2).stderr
