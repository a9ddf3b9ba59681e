"""`zizhu stress elasticities`: the sets, one set on a table's industries, and what is assumed at each horizon."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cli.running import within
from tables.stored import store
from tables.strategies import random_table
from zizhu.store import Workspace
from zizhu.vocab.elasticities import sets
from zizhu.vocab.sectors import sectors

BUILT_IN = ("--table", "icio-2022")
COMMAND = ("stress", "elasticities")


def test_all_sets_are_listed_with_their_sources_and_the_horizons(tmp_path: Path) -> None:
    said = within(*COMMAND, place=tmp_path).stdout
    for name in sets():
        assert name in said
    assert "What is assumed at each horizon" in said
    assert "x 0.38, held between 0.5 and 2" in said
    data = json.loads(within(*COMMAND, "--json", place=tmp_path).stdout)
    assert [one["name"] for one in data["sets"]] == list(sets())
    assert [h["name"] for h in data["horizons"]] == ["one_year", "long_run"]
    assert data["horizons"][1]["theta_most"] is None


@pytest.mark.parametrize("name", sets())
def test_a_set_on_the_built_in_table_has_no_figure_that_is_none(name: str, tmp_path: Path) -> None:
    said = within(*COMMAND, name, *BUILT_IN, place=tmp_path).stdout
    assert not re.findall(r"\b(nan|inf|None)\b", said)
    assert sets()[name].url in said
    data = json.loads(
        within(*COMMAND, name, *BUILT_IN, "--json", place=tmp_path).stdout, parse_constant=pytest.fail
    )
    assert [i["sector"] for i in data["industries"]] == list(sectors())
    assert [i["sector"] for i in data["industries"] if i["theta"] is None] == data["missing"]
    assert all(i["how"] for i in data["industries"])


def test_what_is_missing_and_what_is_assumed_is_said(tmp_path: Path) -> None:
    said = within(*COMMAND, "giri-yi-yilmazkuday-2021", *BUILT_IN, place=tmp_path).stdout
    assert "Without an elasticity in this set: A01, A02" in said
    said = within(*COMMAND, "caliendo-parro-2015", *BUILT_IN, place=tmp_path).stdout
    assert "Assumed. Services 8.22: set by the authors in their model; no estimate" in said
    assert "mean of Office 12.95, Communication 3.95, Medical 8.71" in said


def test_a_wrong_name_an_idle_table_and_a_list_that_is_not_known_are_refused(tmp_path: Path) -> None:
    assert "caliendo-parro-2015" in within(*COMMAND, "caliendo", place=tmp_path, expect=2).stderr
    assert "--table has no effect here" in within(*COMMAND, *BUILT_IN, place=tmp_path, expect=2).stderr
    store(Workspace(root=tmp_path / "ws"), random_table(3, 5, 4, inactive=1))
    refused = within(*COMMAND, "shapiro-2016", "--table", "small", place=tmp_path, expect=3).stderr
    assert "of no classification" in refused
