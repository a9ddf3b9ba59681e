"""The page on tables of one's own: its example is read as it says, and it has all that a map may say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zizhu.sources.own import mapping
from zizhu.sources.own.mapped import add_mapped
from zizhu.store import Workspace, files

PAGE = Path(__file__).resolve().parents[3] / "docs" / "own-tables.md"
TEXT = PAGE.read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    assert found
    return found[1]


def test_the_example_becomes_the_table_that_it_says(tmp_path: Path) -> None:
    (tmp_path / "cobalt.csv").write_text(block("csv"), encoding="utf-8")
    digest = files.sha256_of(tmp_path / "cobalt.csv")
    place = tmp_path / "cobalt.map.yaml"
    place.write_text(re.sub("(?m)^sha256: .*$", f"sha256: {digest}", block("yaml")), encoding="utf-8")
    workspace = Workspace(tmp_path / "ws")
    (meta,) = add_mapped(workspace, place)
    made = workspace.read(meta.name).frame.select("country", "quantity", "unit", "basis")
    assert sorted(made.rows()) == [("CHN", 2500.0, "t", "territorial"), ("COD", 5000.0, "t", "territorial")]
    assert [n.split(" rows")[0] for n in meta.notes if "left out whose" in n] == ["1", "1"]


@pytest.mark.parametrize("kind", mapping.KINDS)
def test_every_role_of_a_kind_is_on_the_page(kind: str) -> None:
    (row,) = re.findall(rf"(?m)^\| `{kind}` \| (.*) \| (.*)\|$", TEXT)
    roles, alone = (set(re.findall(r"`(\w+)`", cell)) for cell in row)
    assert roles == set(mapping.allowed(kind)) - {"ignore"}
    assert alone == set(mapping.STATED[kind]) - set(mapping.allowed(kind))


@pytest.mark.parametrize("record", [mapping.TableMap, mapping.Column, mapping.Cited, mapping.Layout])
def test_every_setting_is_on_the_page(record: type[mapping.Record]) -> None:
    said = set(re.findall(r"`(\w+)`", TEXT))
    assert set(record.model_fields) <= said
