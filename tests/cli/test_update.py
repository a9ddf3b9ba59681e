"""What is said when a release takes the place of another, and what stays as it was."""

from __future__ import annotations

import io
import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest

from cli.running import ZIZHU, environment, within
from sources import baci_layout
from sources.test_withdrawn import FIRST, archive
from zizhu.store import Workspace

OLD = {
    2022: [(2022, 156, 842, "010121", "12.345", "0.5"), (2022, 842, 156, "854140", "7.000", "NA")],
    2023: [(2023, 156, 842, "010121", "13.000", "0.6"), (2023, 276, 842, "010121", "2.000", "0.6")],
}
NEW = {
    2022: [(2022, 156, 842, "010121", "12.345", "0.7"), (2022, 842, 156, "854140", "7.000", "NA")],
    2023: [(2023, 156, 842, "010121", "14.500", "0.6"), (2023, 251, 842, "010121", "9.000", "0.6")],
}


def release(folder: Path, flows: dict[int, list[tuple[object, ...]]], edition: str) -> str:
    place = folder / edition
    place.mkdir(exist_ok=True)
    baci_layout.archive(place, {y: baci_layout.text(rows) for y, rows in flows.items()}, edition=edition)
    return str(place)


@pytest.fixture
def both(tmp_path: Path) -> tuple[str, str]:
    return release(tmp_path, OLD, "V202501"), release(tmp_path, NEW, "V202601")


def words(text: str) -> str:
    return " ".join(text.split())


def test_adding_over_a_table_says_what_it_replaces_and_how_to_see_it(
    both: tuple[str, str], tmp_path: Path
) -> None:
    first = within("data", "add", "baci", "--from", both[0], place=tmp_path)
    assert "replaces" not in first.stdout
    old = Workspace(tmp_path / "ws").read("baci-hs92").meta
    assert old.origin is not None
    second = words(within("data", "add", "baci", "--from", both[1], place=tmp_path).stdout)
    assert f"replaces {old.short}, edition V202501, added {old.origin.added}, 4 rows" in second
    (shown,) = re.findall(r"`zizhu (data info .*?)`", second)
    told = words(within(*shown.split(), place=tmp_path).stdout)
    assert "Rows. 4" in told
    assert "V202501" in told
    assert "(current)" not in told
    again = within("data", "add", "baci", "--from", both[1], place=tmp_path)
    assert "baci-hs92: is here already, nothing new." in again.stdout
    listed = words(within("data", "info", "baci-hs92", place=tmp_path).stdout)
    assert f"Earlier version. {old.short}, edition V202501" in listed


def test_updating_shows_the_largest_revisions_and_what_is_gone(both: tuple[str, str], tmp_path: Path) -> None:
    within("data", "add", "baci", "--from", both[0], place=tmp_path)
    told = words(within("data", "update", "baci", "--from", both[1], place=tmp_path).stdout)
    assert "baci-hs92: 2 rows revised, 1 new, 1 withdrawn." in told
    assert "value_usd 2023 USD, current prices 13,000 14,500 +1,500" in told
    assert "quantity_t 2022 metric tons 0.5 0.7 +0.2" in told
    assert "Withdrawn (year 2023; hs6 010121; exporter DEU; importer USA" in told


def test_updating_lists_everything_as_json(both: tuple[str, str], tmp_path: Path) -> None:
    fresh = json.loads(within("data", "update", "baci", "--from", both[0], "--json", place=tmp_path).stdout)
    ((table, version),) = [(t["table"], t["version"]) for t in fresh["tables"]]
    assert (table, fresh["tables"][0]["before"]) == ("baci-hs92", None)
    done = json.loads(within("data", "update", "baci", "--from", both[1], "--json", place=tmp_path).stdout)
    (told,) = done["tables"]
    assert told["before"] == version
    assert (told["changed"], told["added"], told["withdrawn"], told["reworded"]) == (2, 1, 1, {})
    rows = [dict(zip(told["columns"], row, strict=True)) for row in told["rows"]]
    assert [(r["year"], r["exporter"], r["what"], r["column"], r["before"], r["after"]) for r in rows] == [
        (2022, "CHN", "changed", "quantity_t", 0.5, 0.7),
        (2023, "CHN", "changed", "value_usd", 13_000.0, 14_500.0),
        (2023, "DEU", "withdrawn", "value_usd", 2_000.0, None),
    ]
    assert {r["column"]: r["unit"] for r in rows} == told["units"]
    same = json.loads(within("data", "update", "baci", "--from", both[1], "--json", place=tmp_path).stdout)
    assert same["tables"][0].keys() == {"table", "version", "before"}
    assert same["tables"][0]["version"] == same["tables"][0]["before"]


def test_updating_a_series_compares_the_latest_vintages(tmp_path: Path) -> None:
    files = [archive(tmp_path, FIRST, "2024-07-01")]
    later = {"CHN": {2019: "100", 2020: "115", 2021: "121"}, "TCD": {2019: "1"}, "XKX": {2020: "7"}}
    files.append(archive(tmp_path, later, "2025-07-01"))
    for path in files:
        done = within("data", "update", "world-bank", "--from", str(path), place=tmp_path)
    told = words(done.stdout)
    assert "1 row revised, 1 new, 1 withdrawn." in told
    assert re.search(
        r"Largest revisions \(.*entity CHN; period 2020; .*\): before after change 110 115 \+5", told
    )
    assert re.search(r"Withdrawn \(.*entity TCD; period 2020; .*\): before 2", told)
    note = within("data", "info", "world-bank-ny.gdp.mktp.cd", place=tmp_path).stdout
    assert "Note. Withdrawn by the release of 2025-07-01 and left out: TCD 2020." in note


def test_an_answer_goes_on_citing_what_it_cited(tmp_path: Path) -> None:
    """The same flows come with another edition: the table is described anew, the earlier answer is not."""
    flows = {y: [(y, 156, 842, "284690", f"{y}.000", "1.5")] for y in range(2010, 2024)}
    asked = ("depend", "suppliers", "--reporter", "USA", "--product", "284690", "--first", "2023", "--json")
    refs = {}
    for edition in ("V202501", "V202601"):
        done = within("data", "add", "baci", "--from", release(tmp_path, flows, edition), place=tmp_path)
        answer = json.loads(within(*asked, "--trade", "baci-hs92", place=tmp_path).stdout)
        refs[edition] = f"run:{answer['run']['id']}#USA|imports|284690|2023|CHN,value_usd"
    assert "described anew" in done.stdout
    for edition, ref in refs.items():
        told = within("trace", ref, place=tmp_path).stdout
        assert f"product level, {edition}" in words(told)
        (cell,) = re.findall(r"table:baci-hs92@[0-9a-f.]+#\S+", told)
        assert f"product level, {edition}" in words(within("trace", cell, place=tmp_path).stdout)


def asked_to_remove(place: Path, answer: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
    with patch.object(sys, "stdin", io.StringIO(answer)):
        return within("data", "remove", "baci-hs92", place=place, expect=expect)


def test_removing_asks_and_keeps_where_the_answer_is_no(both: tuple[str, str], tmp_path: Path) -> None:
    within("data", "add", "baci", "--from", both[0], place=tmp_path)
    for answer in ("n\n", "\n", "what\n"):
        assert "Kept baci-hs92." in asked_to_remove(tmp_path, answer).stdout
    assert "--yes" in asked_to_remove(tmp_path, "", expect=2).stderr
    assert Workspace(tmp_path / "ws").read("baci-hs92").meta.rows == 4
    assert "Removed baci-hs92." in asked_to_remove(tmp_path, "y\n").stdout
    assert "baci-hs92" not in Workspace(tmp_path / "ws").names()


def test_stopping_at_the_question_keeps_the_table(both: tuple[str, str], tmp_path: Path) -> None:
    within("data", "add", "baci", "--from", both[0], place=tmp_path)
    process = subprocess.Popen(
        [*ZIZHU, "data", "remove", "baci-hs92"],
        env=environment(tmp_path),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    while (asked := process.stdout.read(1)) != "]":
        assert asked, process.communicate()[1]
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "Stopped; nothing was left half-written.\n")
    assert "baci-hs92" in Workspace(tmp_path / "ws").names()
