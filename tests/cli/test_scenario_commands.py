"""`zizhu stress events`, `from-event`, `from-product` and `fields` as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.running import files_in, within
from zizhu.stress.scenario.fields import documented
from zizhu.stress.scenario.reading import read

EVENT = "2023-12-01.CHN.export_control.1"


def test_an_event_is_drafted_to_a_file_that_is_read(tmp_path: Path) -> None:
    listed = within("stress", "events", place=tmp_path).stdout
    assert f"{EVENT}  Graphite export controls in force" in listed
    assert "zizhu stress from-event" in listed
    ids = [e["id"] for e in json.loads(within("stress", "events", "--json", place=tmp_path).stdout)]
    assert EVENT in ids
    assert "2023-08-01.CHN.export_control.1" not in ids
    printed = within("stress", "from-event", EVENT, place=tmp_path).stdout
    assert within("stress", "from-event", EVENT, "--out", "-", place=tmp_path).stdout == printed
    assert files_in(tmp_path) == []
    said = within("stress", "from-event", EVENT, "--out", "graphite.yaml", place=tmp_path).stdout
    assert said.startswith("graphite.yaml is written")
    assert (tmp_path / "graphite.yaml").read_text("utf-8") == printed
    assert read(tmp_path / "graphite.yaml")[0].event == EVENT


def test_a_file_that_is_there_is_kept_unless_forced(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("# corrected by hand\n", "utf-8")
    asked = ("stress", "from-product", "284690", "--importer", "Japan", "--out", "mine.yaml")
    said = within(*asked, place=tmp_path, expect=2).stderr
    assert "is there already" in said
    assert "--force" in said
    assert mine.read_text("utf-8") == "# corrected by hand\n"
    within(*asked, "--force", place=tmp_path)
    assert read(mine)[0].id == "chn-284690-jpn"


@pytest.mark.parametrize(
    ("out", "what"),
    [("mine.txt", "another ending"), ("no/such/mine.yaml", "there is no folder"), ("", "no file is named")],
    ids=["ending", "folder", "empty"],
)
def test_what_cannot_be_written_is_told_before_anything_is_made(out: str, what: str, tmp_path: Path) -> None:
    for asked in (("from-event", EVENT), ("from-product", "284690", "--importer", "JPN")):
        said = within("stress", *asked, "--out", out, place=tmp_path, expect=2).stderr
        assert what in said
    assert files_in(tmp_path) == []


def test_what_cannot_be_drafted_is_told(tmp_path: Path) -> None:
    said = within("stress", "from-event", "2023-08-01.CHN.export_control.1", place=tmp_path, expect=3).stderr
    assert "gallium: no code in this table" in said
    assert (
        "{kind: licence, sender: CHN, receiver: WLD, delay: 9 weeks, granted: 0.5, products: [...]}" in said
    )
    assert "Nearest:" in within("stress", "from-event", EVENT[:-2], place=tmp_path, expect=2).stderr
    said = within("stress", "from-product", "284690", "--importer", "JPM", place=tmp_path, expect=2).stderr
    assert "JPN" in said


def test_fields_are_the_page_of_the_documentation(tmp_path: Path) -> None:
    assert within("stress", "fields", place=tmp_path).stdout == documented()
