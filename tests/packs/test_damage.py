"""A built-in table that is not, byte for byte, the one that was committed is refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from zizhu.store import Workspace
from zizhu.store.workspace import builtin_root
from zizhu.vocab.problems import ZizhuError

NAMES = ("icio-2022-nodes", "wgi-political-stability", "baci-raw-materials", "icio-2022")


def flip_a_byte_in_the_middle(data: Path) -> None:
    content = bytearray(data.read_bytes())
    content[len(content) // 2] ^= 1
    data.write_bytes(content)


def flip_the_last_byte(data: Path) -> None:
    content = bytearray(data.read_bytes())
    content[-1] ^= 0x80
    data.write_bytes(content)


def cut_short(data: Path) -> None:
    data.write_bytes(data.read_bytes()[:-1])


def empty(data: Path) -> None:
    data.write_bytes(b"")


def copied(name: str, folder: Path) -> Workspace:
    """A workspace that holds a copy of one built-in table."""
    shutil.copytree(builtin_root() / "tables" / name, folder / "tables" / name)
    (folder / "refs").mkdir()
    shutil.copy(builtin_root() / "refs" / name, folder / "refs" / name)
    return Workspace(root=folder, builtin=folder / "none")


@pytest.mark.parametrize("damage", [flip_a_byte_in_the_middle, flip_the_last_byte, cut_short, empty])
@pytest.mark.parametrize("name", NAMES)
def test_damaged_data_are_refused(name: str, damage: Callable[[Path], None], tmp_path: Path) -> None:
    table = copied(name, tmp_path).read(name)
    table.check_bytes()
    damage(table.path)
    with pytest.raises(ZizhuError) as caught:
        _ = table.frame
    (problem,) = caught.value.problems
    assert problem.what == f"the data of {name} is not the file that was written (cut short or changed)"
    assert problem.where == str(table.path)
    assert "Reinstall zizhu" in problem.remedy


def test_missing_data_are_named(tmp_path: Path) -> None:
    table = copied("wgi-political-stability", tmp_path).read("wgi-political-stability")
    table.path.unlink()
    with pytest.raises(ZizhuError, match="the data of wgi-political-stability is missing"):
        _ = table.frame


def test_committing_again_mends_a_damaged_copy(tmp_path: Path) -> None:
    space = copied("icio-2022-nodes", tmp_path)
    whole = space.read("icio-2022-nodes")
    frame, described = (
        whole.frame,
        whole.meta.model_dump(include={"title", "units", "sources", "flags", "notes"}),
    )
    cut_short(whole.path)
    assert space.commit("icio-2022-nodes", frame, whole.meta.key, described) == whole.meta.digest
    assert space.read("icio-2022-nodes").frame.equals(frame)


def test_committing_again_renews_the_description_only(tmp_path: Path) -> None:
    space = copied("icio-2022-nodes", tmp_path)
    old = space.read("icio-2022-nodes")
    before = old.path.read_bytes()
    described = old.meta.model_dump(include={"units", "sources", "flags", "notes"}) | {
        "title": "A better title"
    }
    assert space.commit("icio-2022-nodes", old.frame, old.meta.key, described) == old.meta.digest
    assert space.read("icio-2022-nodes").meta.title == "A better title"
    assert old.path.read_bytes() == before
