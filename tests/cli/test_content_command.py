"""`zizhu depend content` on the built-in tables: what it answers, refuses, writes and opens."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

from cli.running import within
from zizhu.cli.depend import valueadded
from zizhu.depend.valueadded import methods


def test_the_command_knows_every_method() -> None:
    assert get_args(valueadded.Method) == get_args(methods.Name)


def test_inputs_are_answered_and_written(tmp_path: Path) -> None:
    done = within(
        "depend", "content", "--exporter", "China", "--method", "intermediates", "--by-sector",
        "--json", "--csv", "content.csv", "--plot", "content.svg",
        place=tmp_path,
    )  # fmt: skip
    answer = json.loads(done.stdout)
    assert answer["columns"][3:] == ["term", "meaning", "part_of", "value", "share"]
    assert {row[4] for row in answer["rows"]} == {"exports of inputs", "domestic content", "foreign content"}
    assert answer["units"]["share"] == "share of exports of inputs"
    assert (tmp_path / "content.csv").read_text().startswith("exporter,partner,sector,term")
    assert (tmp_path / "content.svg").read_text().startswith("<svg")


def test_gross_exports_are_refused_with_what_can_be_asked(tmp_path: Path) -> None:
    done = within("depend", "content", "--exporter", "CHN", place=tmp_path, expect=3)
    assert "final demand by destination" in done.stderr
    assert "zizhu data add oecd-icio" in done.stderr
    assert "intermediates" in done.stderr


def test_a_number_is_opened_again_by_its_reference(tmp_path: Path) -> None:
    done = within("depend", "content", "--exporter", "DEU", "--method", "position", "--json", place=tmp_path)
    run = json.loads(done.stdout)["run"]["id"]
    opened = within("trace", f"run:{run}#DEU|WLD|TOTAL|position.upstreamness,value", place=tmp_path)
    assert "stages" in opened.stdout
    assert "same digest" in opened.stdout
