"""Scenario files against the tables of a workspace: faults of the file and of its codes are told together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stress.scenario.scenarios import content, wrote
from tables.stored import store, workspace
from tables.strategies import random_table
from zizhu.stress.asked import read_all
from zizhu.stress.run import Params, load
from zizhu.stress.scenario.model import Scenario
from zizhu.vocab.problems import ZizhuError

SALES: dict[str, Any] = {"sender": "CHN:C28", "receiver": "USA"}
TWICE = (
    {"name": "ban", "kind": "embargo", **SALES},
    {"name": "held", "kind": "quota", "limit": 0.5, **SALES},
)


def told(tmp_path: Path, said: dict[str, Any]) -> list[tuple[str, str]]:
    space = workspace(tmp_path)
    store(space, random_table(11, 5, 5))
    with pytest.raises(ZizhuError) as caught:
        read_all(space, [wrote(tmp_path, said)])
    return [(p.what, p.where) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("wrong", "what"),
    [({"draws": -1}, "draws is -1"), ({"colour": "red"}, "unknown setting colour")],
    ids=["value", "setting"],
)
def test_a_fault_of_the_file_hides_no_contradiction(wrong: Any, what: str, tmp_path: Path) -> None:
    found = told(tmp_path, content(*TWICE, table="small", **wrong))
    assert [w for w, _ in found] == [
        what,
        "ban and held say two things of the same sales at the same time",
    ]


def test_a_shock_that_cannot_be_read_contradicts_none(tmp_path: Path) -> None:
    found = told(tmp_path, content(TWICE[0], {**TWICE[1], "limit": 7}, table="small"))
    assert [w for w, _ in found] == ["limit is 7"]


def test_tables_that_are_not_there_are_told_together_with_their_settings(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    shock = {"kind": "export_ban", "sender": "CHN", "receiver": "JPN", "products": ["250410"]}
    said = Scenario.model_validate(content(shock, table="nope", trade="nix"))
    with pytest.raises(ZizhuError) as caught:
        load(space, Params(scenario=said))
    assert [(p.what, p.where) for p in caught.value.problems] == [
        ("unknown table 'nope'", "one: table"),
        ("unknown table 'nix'", "one: trade"),
    ]
