"""What `zizhu claims` says: corrected numbers beside those that were read, periods in words, and of nothing that there
is nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.running import within

ONE = "Kenya aims to raise its self-sufficiency rate in tractors to 45% by 2031.\n"
OTHER = "Kenya aims to raise its self-sufficiency rate in tractors to 55% by 2031.\n"
HALF = "In the first half of 2024, Kenya produced 900 tractors.\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "one.txt").write_text(ONE + HALF)
    (texts / "other.txt").write_text(OTHER)
    within("read", "texts", "--publisher", "The Paper", place=tmp_path)
    return tmp_path


def of(place: Path, value: float) -> str:
    found = json.loads(within("claims", "list", "--json", "--numbers", place=place).stdout)
    return str(next(c["id"] for c in found if c["quantity"]["value"] == value))


def test_a_corrected_number_stands_before_the_one_that_was_read(place: Path) -> None:
    assert "45 percent (figure.disagrees)" in within("claims", "conflicts", place=place).stdout
    one = of(place, 45.0)
    within("claims", "review", one, "correct", "value=47", place=place)
    pair = " ".join(within("claims", "conflicts", place=place, columns=80).stdout.split())
    assert "47 percent (figure.disagrees)" in pair
    assert "47 percent, deadline 2031 (read as 45 percent)" in pair
    assert "47 percent, deadline 2031 (read as 45 percent)" in within("claims", "list", place=place).stdout
    shown = within("claims", "show", one, place=place).stdout
    assert "47 percent ('45%') [corrected; read as 45 percent ('45%')]" in shown
    data = json.loads(within("claims", "show", one, "--json", place=place).stdout)
    assert (data["quantity"]["value"], data["corrected"]["quantity"]["value"]) == (45.0, 47.0)
    within("claims", "open", one, "-o", "page.html", place=place)
    assert "47 percent (read as 45 percent)" in (place / "page.html").read_text()


def test_corrections_are_what_is_asked_for_and_who_made_them_is_kept(place: Path) -> None:
    one = of(place, 45.0)
    within("claims", "review", one, "correct", "plan=KE-TRACTORS2031", "kind=forecast", place=place)
    assert one in within("claims", "list", "--plan", "tractors2031", "--json", place=place).stdout
    assert one not in within("claims", "list", "--kind", "target", "--json", place=place).stdout
    shown = json.loads(within("claims", "show", one, "--json", place=place).stdout)
    assert shown["review"]["by"]
    told = within("claims", "export", "-o", "out.jsonl", "--plan", "tractors2031", place=place).stdout
    assert told == "out.jsonl: 1 claim of 1 document.\n"


def test_targets_are_asked_for_by_any_name_of_their_plan(place: Path) -> None:
    (place / "plan.txt").write_text(
        "Under Made in China 2025, China aims to make 45% of its ferries by 2025.\n"
    )
    within("read", "plan.txt", place=place)
    assert "ferries" in within("claims", "targets", "--plan", "CN-MIC2025", "--json", place=place).stdout
    assert "ferries" in within("claims", "targets", "--plan", "made in china", "--json", place=place).stdout
    assert "ferries" not in within("claims", "targets", "--plan", "tractors", "--json", place=place).stdout


def test_numbers_that_agree_once_they_are_corrected_are_no_conflict(place: Path) -> None:
    within("claims", "review", of(place, 45.0), "correct", "value=55", place=place)
    assert "No claims that are kept conflict." in within("claims", "conflicts", place=place).stdout


def test_parts_of_years_are_told_in_words(place: Path) -> None:
    listed = within("claims", "list", place=place).stdout
    assert "observation first half of 2024" in listed
    assert "2024-40" not in listed
    assert "first half of 2024" in within("claims", "show", of(place, 900.0), place=place).stdout


def test_it_is_said_that_nothing_is_listed(place: Path) -> None:
    said = within("claims", "list", "--status", "accepted", "--numbers", place=place).stdout
    assert said.startswith("No claim of ")
    assert "has status 'accepted' numbers." in said
    empty = within("claims", "list", place=place, workspace=place / "none").stdout
    assert empty.startswith("No claims are kept. `zizhu read PATH`")


@pytest.mark.parametrize(
    ("named", "what", "remedy"),
    [
        ("unread.txt", "was not read", "Read it first: `zizhu read unread.txt`."),
        ("texts", "a folder", "Read it first: `zizhu read texts`."),
        ("nowhere.txt", "unknown document 'nowhere.txt'", "`zizhu read PATH` keeps another."),
    ],
    ids=["unread", "folder", "unknown"],
)
def test_a_document_that_was_not_read_is_told_with_the_way_to_read_it(
    named: str, what: str, remedy: str, place: Path
) -> None:
    (place / "unread.txt").write_text("Peru plans to open 14 mines.\n")
    said = " ".join(within("claims", "diff", named, place=place, expect=2).stderr.split())
    assert what in said
    assert remedy in said


def test_a_file_of_any_ending_is_a_file(place: Path) -> None:
    within("claims", "export", "--format", "annotation", "-o", "all.annotation", place=place)
    assert json.loads((place / "all.annotation").read_text())
    refused = within("claims", "export", "--format", "html", "-o", "all.page", place=place, expect=2).stderr
    assert "several documents and one file" in refused
    assert not (place / "all.page").exists()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_the_mark_of_a_byte_order_is_in_no_quote(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_bytes((ONE + HALF).encode(encoding))
    within("read", "one.txt", place=tmp_path)
    found = json.loads(within("claims", "list", "--json", place=tmp_path).stdout)
    assert found[0]["evidence"][0]["quote"]["exact"] == ONE.strip()
    assert "\ufeff" not in within("claims", "list", place=tmp_path).stdout
    assert "\ufeff" not in within("claims", "show", found[0]["id"], place=tmp_path).stdout
