"""The tool that builds the built-in tables, on small wheels made here; the real wheels are a slow test."""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import shutil
import sqlite3
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest

from zizhu.store import Workspace
from zizhu.store.workspace import builtin_root

TOOL = Path(__file__).resolve().parents[1] / "tools" / "build_packs.py"
RECIPES = """
wgi:
  parameters:
    table: stability
    sheet: Estimate
    drop_first_of: []
    missing: ["nan"]
    blocks: [[2022, 2024]]
  tables:
    stability:
      title: Stability
      key: [iso3, year]
      units: {estimate: z-score}
      sources: [bank]
      notes: ["Made up, for a test."]
"""


@pytest.fixture(scope="module")
def tool() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("build_packs", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_packs"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["build_packs"]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_csv(path: Path, row: dict[str, str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)


def make_wheel(folder: Path, estimate: str) -> tuple[Path, Path]:
    """A wheel that carries a small SQLite file, and that file."""
    raw, wheel = folder / "raw.db", folder / "carrier-1.0-py3-none-any.whl"
    raw.unlink(missing_ok=True)
    with closing(sqlite3.connect(raw)) as file, file:
        file.execute('CREATE TABLE Estimate ("Code" TEXT, "2022" TEXT, "2023" TEXT)')
        file.execute("INSERT INTO Estimate VALUES ('CHN', ?, 'nan')", (estimate,))
    members = {
        "carrier/data/raw.db": raw.read_bytes(),
        "carrier-1.0.dist-info/METADATA": b"Metadata-Version: 2.1\nName: carrier\nVersion: 1.0\n",
        "carrier-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "carrier-1.0.dist-info/RECORD": b"",
    }
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return wheel, raw


def pin(packs: Path, wheel: Path, raw: Path) -> None:
    """Write the two data files that pin the wheel and its member."""
    source = {"id": "bank", "producer": "Bank", "title": "Indicators", "licence": "CC BY 4.0"}
    write_csv(packs / "sources.csv", {**source, "sha256": sha256(raw), "quality": "medium"})
    where = {"reader": "wgi", "source": "bank", "package": "carrier", "version": "1.0", "python": "3.11"}
    licences = {"code_licence": "MIT", "data_licence": "CC BY 4.0"}
    member = {"wheel_sha256": sha256(wheel), "member": "carrier/data/raw.db"}
    write_csv(packs / "wheels.csv", {**where, **member, **licences})


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    folder = tmp_path / "packs"
    folder.mkdir()
    (folder / "tables.yaml").write_text(RECIPES, encoding="utf-8")
    pin(folder, *make_wheel(tmp_path, "0.5"))
    return folder


def run(tool: ModuleType, packs: Path, *options: str) -> int:
    return int(tool.main(["--packs", str(packs), "--wheels", str(packs.parent), *options]))


def stored(packs: Path) -> list[tuple[object, ...]]:
    return Workspace(root=packs, builtin=packs / "none").read("stability").frame.rows()


def test_a_build_commits_the_table_and_lists_it(tool: ModuleType, packs: Path) -> None:
    assert run(tool, packs) == 0
    assert stored(packs) == [("CHN", 2022, 0.5, "2022-2024")]
    (row,) = csv.DictReader((packs / "MANIFEST.csv").read_text(encoding="utf-8").splitlines())
    assert row["origin"] == "carrier==1.0:carrier/data/raw.db"
    assert row["sha256"] == sha256(packs / row["path"])
    assert (row["rows"], row["caveats"]) == ("1", "Made up, for a test.")
    assert run(tool, packs, "--check") == 0


def test_a_second_build_changes_nothing(tool: ModuleType, packs: Path) -> None:
    run(tool, packs)
    before = {p: sha256(p) for p in packs.rglob("*") if p.is_file()}
    assert run(tool, packs) == 0
    assert {p: sha256(p) for p in packs.rglob("*") if p.is_file()} == before


def test_a_new_wheel_is_reported_and_then_replaces_the_table(
    tool: ModuleType, packs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tool, packs)
    pin(packs, *make_wheel(packs.parent, "0.75"))
    assert run(tool, packs, "--check") == 1
    assert "stability: rebuilt digest" in capsys.readouterr().err
    assert stored(packs) == [("CHN", 2022, 0.5, "2022-2024")]
    assert run(tool, packs) == 0
    assert stored(packs) == [("CHN", 2022, 0.75, "2022-2024")]
    assert len(list((packs / "tables" / "stability").iterdir())) == 1


def test_a_description_that_was_not_rebuilt_is_reported(
    tool: ModuleType, packs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tool, packs)
    recipes = packs / "tables.yaml"
    recipes.write_text(RECIPES.replace("title: Stability", "title: Calm"), encoding="utf-8")
    assert run(tool, packs, "--check") == 1
    assert "stability: the committed description is not that of tables.yaml" in capsys.readouterr().err
    assert run(tool, packs) == 0
    assert run(tool, packs, "--check") == 0


def test_a_table_that_no_recipe_makes_is_reported(
    tool: ModuleType, packs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tool, packs)
    (packs / "tables.yaml").write_text(RECIPES.replace("stability", "calm"), encoding="utf-8")
    assert run(tool, packs, "--check") == 1
    assert capsys.readouterr().err.splitlines() == ["calm: only rebuilt", "stability: only committed"]


def test_damaged_data_are_reported(tool: ModuleType, packs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tool, packs)
    (data,) = packs.rglob("data.parquet")
    data.write_bytes(data.read_bytes()[:-1])
    assert run(tool, packs, "--check") == 2
    assert "cut short or changed" in capsys.readouterr().err


def test_another_wheel_under_the_same_name_is_refused(
    tool: ModuleType, packs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_wheel(packs.parent, "0.75")
    assert run(tool, packs) == 2
    error = capsys.readouterr().err
    assert "the wheel was not installed" in error
    assert "Hash mismatch" in error
    assert not (packs / "tables").exists()


def test_a_missing_wheel_is_named(tool: ModuleType, packs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.move(packs.parent / "carrier-1.0-py3-none-any.whl", packs)
    assert run(tool, packs) == 2
    assert "carrier==1.0: the wheel was not installed" in capsys.readouterr().err


def test_a_raw_file_that_is_not_the_one_of_the_source_is_refused(
    tool: ModuleType, packs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = packs / "sources.csv"
    listed.write_text(listed.read_text(encoding="utf-8").replace(sha256(packs.parent / "raw.db"), "0" * 64))
    assert run(tool, packs) == 2
    assert f"expected SHA-256 {'0' * 64}" in capsys.readouterr().err


def test_an_interrupt_leaves_no_half_table(
    tool: ModuleType, packs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tool, packs)
    before = {p: sha256(p) for p in packs.rglob("*") if p.is_file()}
    pin(packs, *make_wheel(packs.parent, "0.75"))
    pinned = {p: sha256(p) for p in packs.glob("*.csv")}

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("zizhu.store.files.publish_folder", interrupt)
    assert run(tool, packs) == 130
    assert "every table is whole" in capsys.readouterr().err
    assert {p: sha256(p) for p in packs.rglob("*") if p.is_file()} == before | pinned


@pytest.mark.slow
def test_the_pinned_wheels_give_the_committed_tables(
    tool: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """Needs the package index."""
    assert tool.main(["--packs", str(builtin_root()), "--check"]) == 0
    assert "every rebuilt table equals the committed one" in capsys.readouterr().out
