"""`zizhu data map`: a map is written beside the user, and never over the user's corrections."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from zizhu.cli.mapping import TableKind, map_table
from zizhu.sources.own import mapping
from zizhu.vocab.problems import ZizhuError

TABLE = "year,country,thing,x\n2022,CHN,a,5\n2023,DEU,b,7\n"


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "my table.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_a_map_is_written_and_what_is_doubtful_is_told(
    table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    map_table(table)
    place = table.parent / "my table.map.yaml"
    text = place.read_text(encoding="utf-8")
    assert 'file: "my table.csv"' in text
    assert "# 96% sure" in text
    told = capsys.readouterr().out
    assert "column 'thing'" in told
    assert "zizhu data add my table.map.yaml" in told


def test_a_map_that_is_there_is_kept(table: Path) -> None:
    map_table(table, out=Path("a.map.yaml"))
    Path("a.map.yaml").write_text("mine", encoding="utf-8")
    with pytest.raises(ZizhuError, match=r"is there already.*--force"):
        map_table(table, out=Path("a.map.yaml"))
    assert Path("a.map.yaml").read_text(encoding="utf-8") == "mine"
    map_table(table, out=Path("a.map.yaml"), force=True)
    assert "columns:" in Path("a.map.yaml").read_text(encoding="utf-8")


def test_a_map_has_its_ending(table: Path) -> None:
    with pytest.raises(ZizhuError, match=r"ends in \.map\.yaml"):
        map_table(table, out=table)
    assert table.read_text(encoding="utf-8") == TABLE


def test_a_place_that_cannot_be_written_is_said(table: Path) -> None:
    with pytest.raises(ZizhuError, match="cannot be written"):
        map_table(table, out=table / "a.map.yaml")


def test_json_writes_no_map(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    map_table(table, as_json=True, kind=TableKind.panel)
    told = json.loads(capsys.readouterr().out)
    assert told["kind"]["value"] == "panel"
    assert [c["role"]["value"] for c in told["columns"]][:2] == ["year", "country"]
    assert not list(table.parent.glob("*.yaml"))


def test_the_options_are_understood(table: Path) -> None:
    app = typer.Typer()
    app.command()(map_table)
    done = CliRunner().invoke(app, [table.name, "--kind", "panel", "--out", "b.map.yaml"])
    assert done.exit_code == 0, done.output
    assert "kind: panel" in Path("b.map.yaml").read_text(encoding="utf-8")
    assert CliRunner().invoke(app, [table.name, "--kind", "other"]).exit_code == 2


def test_the_kinds_are_those_of_the_map() -> None:
    assert tuple(TableKind) == mapping.KINDS
