"""`zizhu reproduce`: numbers beside ours, reasons once, files, and the exit code."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from cli.running import within
from show.test_published import row
from zizhu.show import published as pack


def test_one_number_with_its_source_and_reference(tmp_path: Path) -> None:
    said = within("reproduce", "lioh-kor-2022", place=tmp_path).stdout
    assert "3.676" in said
    assert "within" in said
    assert "read at: https://thailandaily.com/?p=179297" in said
    ref = said.partition("zizhu trace '")[2].partition("'")[0]
    assert "value_usd" in within("trace", ref, place=tmp_path).stdout


def test_differences_alone_with_their_reasons(tmp_path: Path) -> None:
    answer = json.loads(within("reproduce", "track", "--differences", "--json", place=tmp_path).stdout)
    assert [r["id"] for r in answer["rows"]] == ["co2-intensity-2025", "co2-intensity-2024"]
    assert all(r["reason"] and r["refs"] and r["outcome"] == "differs" for r in answer["rows"])
    assert answer["outcomes"] == {"within the print": 4, "differs": 2}


def test_what_needs_a_table_is_listed_with_the_command_for_it(tmp_path: Path) -> None:
    said = within("reproduce", "flags", "--csv", "found.csv", place=tmp_path).stdout
    assert "3 published numbers: 3 need a table." in said
    assert "needs baci-hs92: `zizhu data add baci" in said
    with (tmp_path / "found.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert [r["outcome"] for r in found] == ["needs a table"] * 3
    assert all(r["ours"] == r["ref"] == "" for r in found)


def test_an_unexplained_difference_ends_with_three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack, "published", lambda: (row(value="4"),))
    said = within("reproduce", place=tmp_path, expect=3).stdout
    assert "unexplained" in said
    assert "3.676" in said


def test_an_unknown_number_is_met_with_the_nearest(tmp_path: Path) -> None:
    assert "nafta-mex" in within("reproduce", "nafta-mx", place=tmp_path, expect=2).stderr
