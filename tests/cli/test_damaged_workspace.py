"""A workspace that is damaged, closed or none at all: what is wrong, where, and what to do; never a traceback."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from cli.running import files_in, run, within
from zizhu.store import Workspace

ASK = ("depend", "domestic", "--country", "CHN")
ELSEWHERE = "choose another workspace with --workspace or ZIZHU_WORKSPACE."
LIST = ("data", "list")


def own_table(root: Path) -> Path:
    """A workspace with a table `mine`; returns the folder of the table."""
    space = Workspace(root=root)
    meta = {"title": "Mine", "sources": ("test",), "units": {"value": "USD"}}
    space.commit("mine", pl.DataFrame({"who": ["CHN"], "value": [1.0]}), ("who",), meta)
    return space.read("mine").path.parent


def a_file(root: Path) -> Path:
    root.write_bytes(b"")
    return root


def a_file_for_a_folder(folder: str) -> Callable[[Path], Path]:
    def damage(root: Path) -> Path:
        root.mkdir()
        return a_file(root / folder)

    return damage


def a_marker_of(content: bytes) -> Callable[[Path], Path]:
    def damage(root: Path) -> Path:
        root.mkdir()
        (root / "workspace.toml").write_bytes(content)
        return root / "workspace.toml"

    return damage


def a_folder_for_the_marker(root: Path) -> Path:
    (root / "workspace.toml").mkdir(parents=True)
    return root / "workspace.toml"


DAMAGES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "the workspace is a file": (a_file, "is a file"),
    "its tables are a file": (a_file_for_a_folder("tables"), "is a file"),
    "its refs are a file": (a_file_for_a_folder("refs"), "is a file"),
    "its runs are a file": (a_file_for_a_folder("runs"), "is a file"),
    "no TOML": (a_marker_of(b"format = \n"), "workspace format cannot be read: Invalid value"),
    "no text": (a_marker_of(b"\xff\xfe"), "workspace format cannot be read: 'utf-8'"),
    "no format": (a_marker_of(b""), "workspace format None"),
    "a later format": (a_marker_of(b"format = 2\n"), "workspace format 2"),
    "a folder": (a_folder_for_the_marker, "cannot be read: Is a directory"),
}


@pytest.mark.parametrize("case", DAMAGES)
def test_a_damaged_workspace_is_refused_by_whatever_reads_it(case: str, tmp_path: Path) -> None:
    damage, what = DAMAGES[case]
    where = damage(tmp_path / "ws")
    before = files_in(tmp_path)
    for asked in (LIST, ASK):
        said = within(*asked, place=tmp_path, expect=2).stderr
        assert f"what  {what}" in said
        assert f"where  {where}" in said
        assert "expected  " in said
        assert ELSEWHERE in said or "Use the zizhu that wrote it." in said
    assert files_in(tmp_path) == before


@pytest.mark.slow
def test_a_workspace_that_cannot_be_written_is_said_before_anything_is_computed(tmp_path: Path) -> None:
    own_table(tmp_path / "ws")
    tmp_path.chmod(0o555)
    folders = [tmp_path / "ws", *(p for p in (tmp_path / "ws").rglob("*") if p.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        for asked in ((*ASK, "--table", "none"), ("stress", "what-if", "--sender", "X", "--receiver", "Y")):
            said = run(*asked, place=tmp_path, expect=2, superuser=False).stderr
            assert "what  cannot be written: Permission denied" in said
            assert f"where  {tmp_path / 'ws'}" in said
            assert ELSEWHERE in said
            assert said.startswith("This input has a problem")
        said = run("brief", place=tmp_path, expect=2, superuser=False).stderr
        assert said.startswith("2 problems")  # the folder of the brief is closed too
        assert "mine" in run("data", "list", place=tmp_path, superuser=False).stdout
    finally:
        for folder in (tmp_path, *folders):
            folder.chmod(0o755)


def test_a_workspace_in_a_place_where_no_folder_can_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    said = within(*ASK, place=tmp_path, expect=2, workspace=tmp_path / "file" / "ws").stderr
    assert "what  cannot be written: Not a directory" in said
    assert f"where  {tmp_path / 'file'}" in said


@pytest.mark.slow
@pytest.mark.parametrize("closed", ["data.parquet", "meta.json", ""])
def test_a_table_that_may_not_be_read_is_said(closed: str, tmp_path: Path) -> None:
    path = own_table(tmp_path / "ws") / closed
    path.chmod(0o000)
    try:
        done = run("data", "check", "mine", place=tmp_path, expect=2, superuser=False)
    finally:
        path.chmod(0o755)
    said = done.stdout + done.stderr
    assert "cannot be read: " in said
    assert "Permission denied" in said
    assert str(path) in said


@pytest.mark.parametrize("content", [b"", b"PAR1", b"\0" * 600])
def test_damaged_data_of_a_table_are_said(content: bytes, tmp_path: Path) -> None:
    (own_table(tmp_path / "ws") / "data.parquet").write_bytes(content)
    assert "cut short or changed" in within("data", "check", "mine", place=tmp_path, expect=2).stdout


def test_a_ref_that_is_a_folder_does_not_lead_to_the_built_in_table(tmp_path: Path) -> None:
    (tmp_path / "ws" / "refs" / "icio-2022").mkdir(parents=True)
    said = within(*ASK, place=tmp_path, expect=2).stderr
    assert f"where  {tmp_path / 'ws' / 'refs' / 'icio-2022'}" in said
    assert "cannot be read: Is a directory" in said


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"id": "0"}', b"\xff"])
def test_a_damaged_record_of_a_run_is_said(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "ws" / "runs").mkdir(parents=True)
    record = tmp_path / "ws" / "runs" / "012345678901.json"
    record.write_bytes(content)
    said = within("trace", "run:012345678901#CHN|C26,value_added_content", place=tmp_path, expect=2).stderr
    assert str(record) in said


def test_a_record_whose_question_is_damaged_is_said(tmp_path: Path) -> None:
    within(*ASK, place=tmp_path)
    (record,) = (tmp_path / "ws" / "runs").iterdir()
    record.write_text(record.read_text().replace('"country": "CHN"', '"county": 5'))
    said = within("trace", f"run:{record.stem}#CHN|C26,value_added_content", place=tmp_path, expect=2).stderr
    assert "its question cannot be read by this version: country, county" in said
    assert "Ask it again" in said


def test_a_workspace_that_vanishes_is_made_again(tmp_path: Path) -> None:
    own_table(tmp_path / "ws")
    shutil.rmtree(tmp_path / "ws")
    within(*ASK, place=tmp_path)
    assert {p.name for p in (tmp_path / "ws").iterdir()} == {"workspace.toml", "runs"}
