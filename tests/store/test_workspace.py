"""The workspace: what is committed comes back, what is damaged is refused, what is bad leaves no trace."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from zizhu.ledger.models import Record
from zizhu.store import Workspace, files
from zizhu.store.digest import digest
from zizhu.store.runs import make_run
from zizhu.store.workspace import builtin_root
from zizhu.vocab.problems import ZizhuError

FRAME = pl.DataFrame({"who": ["USA", "CHN", "DEU"], "value": [2.5, None, -1.0], "count": [1, 2, 3]})
OTHER = FRAME.with_columns(count=pl.Series([1, 2, 4]))
META: dict[str, Any] = {
    "title": "A table",
    "sources": ("test",),
    "units": {"value": "USD", "count": "persons"},
    "notes": ("Made up.",),
    "flags": {"kind": "test", "years": [2022]},
}


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """A workspace of the user beside a built-in one with the tables `shared` and `only-built-in`."""
    supplied = Workspace(root=tmp_path / "built-in", builtin=tmp_path / "none")
    supplied.commit("shared", FRAME, ("who",), META)
    supplied.commit("only-built-in", FRAME, ("who",), META)
    return Workspace(root=tmp_path / "mine", builtin=tmp_path / "built-in")


def commit(space: Workspace, frame: pl.DataFrame = FRAME, name: str = "t", **changes: Any) -> str:
    return space.commit(name, frame, ("who",), META | changes)


def everything(folder: Path) -> dict[str, bytes | None]:
    """All that is in a folder, with the bytes of its files."""
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None for p in folder.rglob("*")}


# --- what is committed comes back ---


def test_a_table_comes_back_with_its_description(space: Workspace) -> None:
    made = commit(space)
    table = space.read("t")
    assert table.frame.equals(FRAME.sort("who"))
    assert (table.meta.name, table.meta.digest, table.meta.rows) == ("t", made, 3)
    assert table.meta.ref == f"table:t@{made}"
    assert dict(table.meta.columns) == {"who": "String", "value": "Float64", "count": "Int64"}
    assert {k: getattr(table.meta, k) for k in META} == META
    assert table.meta.bytes == table.path.stat().st_size
    assert made == digest(FRAME, ("who",)) == table.path.parent.name


def test_what_lies_on_disk_is_what_the_layout_says(space: Workspace) -> None:
    made = commit(space)
    assert {k for k, v in everything(space.root).items() if v is not None} == {
        "workspace.toml",
        "refs/t",
        f"tables/t/{made}/data.parquet",
        f"tables/t/{made}/meta.json",
    }
    assert (space.root / "workspace.toml").read_text() == "format = 1\n"
    assert (space.root / "refs" / "t").read_text() == f"{made}\n"


def test_a_dense_array_keeps_its_order(space: Workspace) -> None:
    values = [3.0, 1.0, 2.0, 0.0]
    space.commit(
        "z",
        pl.DataFrame({"v": values}),
        (),
        {"title": "Z", "sources": ("s",), "units": {"v": "USD"}, "shape": (2, 2)},
    )
    table = space.read("z")
    assert table.frame["v"].to_list() == values
    assert (table.meta.key, table.meta.shape) == ((), (2, 2))


def test_committing_the_same_content_again_changes_nothing(space: Workspace) -> None:
    first = commit(space)
    before = everything(space.root)
    assert commit(space, FRAME.reverse().select("count", "value", "who").cast({"count": pl.Int16})) == first
    assert everything(space.root) == before


def test_an_old_digest_stays_readable_by_any_start_of_six_or_more(space: Workspace) -> None:
    old, new = commit(space), commit(space, OTHER)
    assert old != new
    assert space.read("t").meta.digest == new
    for length in (6, 12, 32):
        assert space.read("t", old[:length]).frame.equals(FRAME.sort("who"))


def test_going_back_to_old_content_makes_it_current(space: Workspace) -> None:
    old, _ = commit(space), commit(space, OTHER)
    assert commit(space) == old
    assert space.read("t").meta.digest == old


def test_a_better_description_is_taken_and_the_data_stay(space: Workspace) -> None:
    commit(space)
    data = space.read("t").path.stat().st_mtime_ns
    commit(space, title="A better title", notes=())
    meta = space.read("t").meta
    assert (meta.title, meta.notes) == ("A better title", ())
    assert space.read("t").path.stat().st_mtime_ns == data


def test_a_table_with_a_hostile_column_comes_back(space: Workspace) -> None:
    odd = pl.DataFrame({"who": ["../x", "", "a\nb\x00c", "中国", "'; --"]})
    space.commit("odd", odd, ("who",), {"title": "Odd", "sources": ("s",), "units": {}})
    assert set(space.read("odd").frame["who"]) == set(odd["who"])


# --- the user's tables beside the built-in ones ---


def test_the_user_s_table_hides_the_built_in_one(space: Workspace) -> None:
    built_in = space.read("shared").meta.digest
    mine = commit(space, OTHER, name="shared")
    assert space.read("shared").meta.digest == mine
    assert space.read("shared", built_in).frame.equals(FRAME.sort("who"))
    assert space.names() == ["only-built-in", "shared"]


def test_the_built_in_workspace_is_never_written(space: Workspace) -> None:
    before = everything(space.builtin)
    commit(space, OTHER, name="shared")
    commit(space, FRAME, name="shared", title="The same content, described by the user")
    commit(space)
    assert space.read("shared").meta.title == "The same content, described by the user"
    assert everything(space.builtin) == before


def test_a_user_s_table_whose_content_is_gone_is_not_replaced_by_the_built_in_one(space: Workspace) -> None:
    made = commit(space, OTHER, name="shared")
    shutil.rmtree(space.root / "tables" / "shared" / made)
    with pytest.raises(ZizhuError, match=f"the current shared, '{made}', is not here"):
        space.read("shared")
    assert commit(space, OTHER, name="shared") == made
    assert space.read("shared").frame.equals(OTHER.sort("who"))


@pytest.mark.parametrize("content", [b"", b"\n", b"../../etc", b"0" * 31, b"\xff\xfe", b"*", b"[0-9a-f]" * 4])
def test_a_damaged_ref_is_named_and_mended_by_the_next_commit(content: bytes, space: Workspace) -> None:
    commit(space, name="shared")
    (space.root / "refs" / "shared").write_bytes(content)
    with pytest.raises(ZizhuError, match="is not here") as caught:
        space.read("shared")
    assert caught.value.problems[0].where == str(space.root / "refs" / "shared")
    commit(space, name="shared")
    assert space.read("shared").frame.height == 3


def test_pinned_tables_stay_at_their_digest_and_others_move(space: Workspace) -> None:
    old, still = commit(space), commit(space, name="u")
    pinned = space.pinned([f"table:t@{old}", f"table:u@{still}#CHN", "doc:abc#1-2", "run:0123"])
    commit(space, OTHER)
    moved = commit(space, OTHER, name="shared")
    assert pinned.read("t").meta.digest == old
    assert pinned.read("u").meta.digest == still
    assert pinned.read("shared").meta.digest == moved
    assert space.read("t").meta.digest != old
    assert pinned.read("t", space.read("t").meta.digest).frame.equals(OTHER.sort("who"))


def test_a_pin_to_a_digest_that_is_not_here_is_an_error(space: Workspace) -> None:
    commit(space)
    with pytest.raises(ZizhuError, match="unknown digest"):
        space.pinned([f"table:t@{'0' * 32}"]).read("t")


# --- what is unknown ---


def test_an_unknown_table_lists_the_nearest(space: Workspace) -> None:
    with pytest.raises(ZizhuError, match="unknown table 'shard'") as caught:
        space.read("shard")
    assert caught.value.problems[0].remedy.startswith("Nearest: shared")


def test_an_unknown_table_of_an_empty_workspace_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZizhuError, match="unknown table 't'"):
        Workspace(root=tmp_path / "a", builtin=tmp_path / "b").read("t")


@pytest.mark.parametrize("asked", ["0" * 32, "abc", "ABCDEF", "../../..", "*" * 8, "?" * 32])
def test_an_unknown_digest_lists_those_that_are_here(asked: str, space: Workspace) -> None:
    commit(space)
    with pytest.raises(ZizhuError, match="unknown digest") as caught:
        space.read("t", asked)
    assert caught.value.problems[0].where == "table t"


def test_the_nearest_digest_is_suggested(space: Workspace) -> None:
    made = commit(space)
    with pytest.raises(ZizhuError) as caught:
        space.read("t", made[:-1] + "z")
    assert caught.value.problems[0].remedy == f"Nearest: {made}."


@pytest.mark.parametrize(
    "name", ["../refs", "t/../t", "/etc/passwd", "T", "", ".tmp-1-t-0a", "t\n", "*", "t*"]
)
def test_a_name_that_no_table_can_have_is_unknown(name: str, space: Workspace) -> None:
    commit(space)
    with pytest.raises(ZizhuError, match="unknown table"):
        space.read(name)


# --- what is bad leaves no trace ---

BAD_NAMES = [
    "../x",
    "..",
    ".",
    "/etc",
    "/etc/passwd",
    "a/b",
    "a\\b",
    "Table",
    "",
    "-t",
    ".t",
    "t\n",
    "t ",
    "中",
    "x" * 65,
]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_bad_name_is_refused(name: str, space: Workspace, tmp_path: Path) -> None:
    before = everything(tmp_path)
    with pytest.raises(ZizhuError) as caught:
        commit(space, name=name)
    assert [p.what for p in caught.value.problems] == [f"bad table name {name!r}"]
    assert everything(tmp_path) == before


@pytest.mark.parametrize("name", ["t", "0", "a.b", "a..b", "icio-2022", "x" * 64])
def test_a_good_name_is_taken(name: str, space: Workspace) -> None:
    commit(space, name=name)
    assert name in space.names()


Bad = tuple[pl.DataFrame, tuple[str, ...], dict[str, Any]]
WITHOUT_UNIT = META | {"units": {"value": "USD"}}
BAD: dict[str, tuple[Bad, str]] = {
    "no unit": ((FRAME, ("who",), WITHOUT_UNIT), "column 'count' has no unit"),
    "a unit for no column": (
        (FRAME, ("who",), META | {"units": {"value": "USD", "count": "1", "valeu": "USD"}}),
        "a unit for 'valeu', which is no column",
    ),
    "units are a list": ((FRAME, ("who",), META | {"units": ["USD"]}), "units: "),
    "units are a number": ((FRAME, ("who",), META | {"units": 5}), "units: "),
    "units are missing": ((FRAME, ("who",), {k: v for k, v in META.items() if k != "units"}), "units: Field"),
    "an extra key": ((FRAME, ("who",), META | {"colour": "red"}), "colour: Extra inputs"),
    "a digest of one's own": ((FRAME, ("who",), META | {"digest": "0" * 32}), "digest: Extra inputs"),
    "no title": ((FRAME, ("who",), META | {"title": " "}), "title: "),
    "no sources": ((FRAME, ("who",), META | {"sources": ()}), "sources: "),
    "no rows": ((FRAME.clear(), ("who",), META), "no rows"),
    "no columns": ((pl.DataFrame(), ("who",), META | {"units": {}}), "unknown column 'who'"),
    "no such key": ((FRAME, ("whom",), META), "unknown column 'whom'"),
    "a repeated key": ((FRAME.vstack(FRAME), ("who",), META), "3 rows repeat a key, first row 0"),
    "a null key": (
        (FRAME.with_columns(who=pl.Series(["a", None, "b"])), ("who",), META),
        "null in row 1",
    ),
    "a NaN": (
        (FRAME.with_columns(value=pl.Series([1.0, float("nan"), 2.0])), ("who",), META),
        "nan in row 1",
    ),
    "an unsupported type": ((FRAME.with_columns(value=pl.lit([1])), ("who",), META), "has no canonical form"),
    "neither key nor shape": ((FRAME, (), META), "a table without a key needs a shape"),
    "a float key": (
        (FRAME, ("who", "value"), META | {"units": {"count": "persons"}}),
        "key column 'value' is of type Float64",
    ),
    "a float key of 32 bits": (
        (FRAME.cast({"value": pl.Float32}), ("value", "who"), META | {"units": {"count": "persons"}}),
        "key column 'value' is of type Float32",
    ),
    "another shape": ((FRAME, (), META | {"shape": (2, 2)}), "shape (2, 2) with 3 rows"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_named_and_leaves_no_trace(case: str, space: Workspace, tmp_path: Path) -> None:
    (frame, key, meta), what = BAD[case]
    before = everything(tmp_path)
    with pytest.raises(ZizhuError) as caught:
        space.commit("t", frame, key, meta)
    assert any(what in p.what for p in caught.value.problems), str(caught.value)
    assert caught.value.exit_code == 2
    assert everything(tmp_path) == before


def test_all_problems_are_reported_at_once(space: Workspace) -> None:
    bad = pl.DataFrame(
        {"who": ["a", "a"], "value": [float("inf"), 1.0], "list": [[1], [2]], "size": [1.5, 1.5]}
    )
    meta = {"title": "", "sources": (), "units": {"other": "USD"}, "mood": "good"}
    with pytest.raises(ZizhuError) as caught:
        space.commit("Bad Name", bad, ("who", "size"), meta)
    found = "\n".join(p.what for p in caught.value.problems)
    for what in (
        "bad table name",
        "'value' has no unit",
        "a unit for 'other'",
        "title: ",
        "sources: ",
        "mood: ",
        "1 rows repeat a key",
        "inf in row 0",
        "type List(Int64)",
        "key column 'size' is of type Float64",
    ):
        assert what in found
    assert len(caught.value.problems) == 10
    assert not space.root.exists()


def test_a_bad_commit_leaves_the_good_table_as_it_was(space: Workspace) -> None:
    commit(space)
    before = everything(space.root)
    with pytest.raises(ZizhuError):
        commit(space, OTHER.clear())
    assert everything(space.root) == before


# --- what cannot be written ---


def test_a_full_disk_is_said_and_leaves_nothing_half_written(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(space)
    before = {k: v for k, v in everything(space.root).items() if v is not None}

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ZizhuError, match="cannot be written: No space left on device"):
        commit(space, OTHER)
    assert {k: v for k, v in everything(space.root).items() if v is not None} == before
    assert space.read("t").frame.equals(FRAME.sort("who"))


def test_a_workspace_under_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    space = Workspace(root=tmp_path / "file" / "mine", builtin=tmp_path / "none")
    with pytest.raises(ZizhuError, match="cannot be written") as caught:
        commit(space)
    assert "ZIZHU_WORKSPACE" in caught.value.problems[0].remedy


@contextmanager
def without_rights() -> Iterator[None]:
    """Not as the superuser, whom no mode of a folder stops."""
    superuser = os.geteuid() == 0
    if superuser:
        os.seteuid(65534)
    try:
        yield
    finally:
        if superuser:
            os.seteuid(0)


@contextmanager
def read_only(root: Path) -> Iterator[None]:
    folders = [root, *(p for p in root.rglob("*") if p.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        yield
    finally:
        for folder in folders:
            folder.chmod(0o755)


def let_others_in(folder: Path) -> None:
    """Pytest makes its folders for one user only."""
    for part in (folder, *folder.parents):
        if part.name.startswith(("test_", "popen-", "pytest-")):
            part.chmod(0o755)


def test_a_read_only_workspace_is_read_and_not_written(tmp_path: Path) -> None:
    let_others_in(tmp_path)
    space = Workspace(root=tmp_path / "mine", builtin=tmp_path / "none")
    commit(space)
    before = everything(space.root)
    with read_only(space.root), without_rights():
        assert space.read("t").frame.height == 3
        with pytest.raises(ZizhuError, match="cannot be written: Permission denied"):
            commit(space, OTHER)
        with pytest.raises(ZizhuError, match="cannot be written: Permission denied"):
            space.save_run(make_run("depend.test", Record(), (), FRAME, ("who",)))
    assert everything(space.root) == before


def test_whether_a_run_can_be_kept_is_told_without_a_trace(tmp_path: Path) -> None:
    let_others_in(tmp_path)
    space = Workspace(root=tmp_path / "mine" / "deep", builtin=tmp_path / "none")
    space.check_writable()
    assert everything(tmp_path) == {}
    commit(space)
    before = everything(tmp_path)
    space.check_writable()
    with (
        read_only(space.root),
        without_rights(),
        pytest.raises(ZizhuError, match="cannot be written: Permission denied") as caught,
    ):
        space.check_writable()
    assert caught.value.problems[0].where == str(space.root)
    assert everything(tmp_path) == before


def test_a_run_that_is_kept_in_a_closed_folder_is_said(tmp_path: Path) -> None:
    let_others_in(tmp_path)
    space = Workspace(root=tmp_path / "mine", builtin=tmp_path / "none")
    run = make_run("depend.test", Record(), (), FRAME, ("who",))
    space.save_run(run)
    (space.root / "runs").chmod(0o000)
    try:
        with without_rights(), pytest.raises(ZizhuError, match="cannot be read: Permission denied"):
            space.save_run(run)
    finally:
        (space.root / "runs").chmod(0o755)


def test_a_closed_workspace_is_said(tmp_path: Path) -> None:
    let_others_in(tmp_path)
    space = Workspace(root=tmp_path / "mine", builtin=tmp_path / "none")
    commit(space)
    table = space.read("t")
    table.path.chmod(0o000)
    with without_rights(), pytest.raises(ZizhuError, match="cannot be read: Permission denied"):
        _ = table.frame
    table.path.with_name("meta.json").chmod(0o000)
    with without_rights(), pytest.raises(ZizhuError, match=r"cannot be read: .*Permission denied"):
        space.read("t")
    space.root.chmod(0o000)
    try:
        with without_rights():
            for ask in (
                lambda: space.read("t"),
                lambda: Workspace(space.root, space.builtin),
                lambda: commit(space),
            ):
                with pytest.raises(ZizhuError, match=r"cannot be (read|written): Permission denied"):
                    ask()
    finally:
        space.root.chmod(0o755)


# --- what is damaged is refused ---


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 4
    path.write_bytes(content)


def grow(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def remove(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("damage", [cut, flip, grow, remove])
def test_damaged_data_are_refused_and_mended_by_committing_again(
    damage: Callable[[Path], None], space: Workspace
) -> None:
    commit(space)
    damage(space.read("t").path)
    with pytest.raises(ZizhuError, match="the data of t is"):
        _ = space.read("t").frame
    commit(space)
    assert space.read("t").frame.equals(FRAME.sort("who"))


@pytest.mark.parametrize(
    "content", [b"", b"{", b"null", b"[]", b"\xff\xfe\x00", b'{"name": "t"}', b'{"name": "t", "name": 5}']
)
def test_a_damaged_description_is_refused_and_mended_by_committing_again(
    content: bytes, space: Workspace
) -> None:
    commit(space)
    described = space.read("t").path.with_name("meta.json")
    described.write_bytes(content)
    with pytest.raises(ZizhuError) as caught:
        space.read("t")
    assert {p.where for p in caught.value.problems} == {str(described)}
    commit(space)
    assert space.read("t").meta.title == "A table"


def test_a_description_cut_anywhere_is_refused(space: Workspace) -> None:
    commit(space)
    described = space.read("t").path.with_name("meta.json")
    whole = described.read_bytes()
    for length in range(0, len(whole) - 2, 7):
        described.write_bytes(whole[:length])
        with pytest.raises(ZizhuError):
            space.read("t")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"colour": "red"}, "colour: Extra inputs"),
        ({"rows": -1}, "rows: "),
        ({"bytes": 0}, "bytes: "),
        ({"sha256": "x"}, "sha256: "),
        ({"digest": "0" * 31}, "digest: "),
        ({"name": "T"}, "name: "),
        ({"sources": []}, "sources: "),
        ({"name": "u"}, "the description is of u@"),
        ({"digest": "0" * 32}, f"the description is of t@{'0' * 32}"),
    ],
)
def test_a_changed_description_is_refused(change: dict[str, Any], what: str, space: Workspace) -> None:
    commit(space)
    described = space.read("t").path.with_name("meta.json")
    described.write_text(json.dumps(json.loads(described.read_text()) | change))
    with pytest.raises(ZizhuError) as caught:
        space.read("t")
    assert what in caught.value.problems[0].what


def test_a_folder_renamed_by_hand_is_refused(space: Workspace) -> None:
    made = commit(space)
    folder = space.root / "tables" / "t"
    (folder / made).rename(folder / ("f" * 32))
    (space.root / "refs" / "t").write_text("f" * 32)
    with pytest.raises(ZizhuError, match=f"the description is of t@{made}") as caught:
        space.read("t")
    assert "renamed or copied by hand" in caught.value.problems[0].remedy


@pytest.mark.parametrize("content", ["format = 2\n", "", "format = 'one'\n", "format = \n", "\x00"])
def test_another_format_of_workspace_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "workspace.toml").write_text(content)
    with pytest.raises(ZizhuError, match="workspace format") as caught:
        Workspace(root=tmp_path)
    assert caught.value.problems[0].expected == "format = 1"
    with pytest.raises(ZizhuError, match="workspace format"):
        Workspace(root=tmp_path / "mine", builtin=tmp_path)


@pytest.mark.parametrize("folder", ["", "tables", "refs", "runs"])
def test_a_file_in_the_place_of_a_folder_is_refused(folder: str, tmp_path: Path) -> None:
    (tmp_path / "ws").mkdir()
    path = tmp_path / "ws" / folder
    shutil.rmtree(path, ignore_errors=True)
    path.write_bytes(b"")
    with pytest.raises(ZizhuError, match="is a file") as caught:
        Workspace(root=tmp_path / "ws")
    assert caught.value.problems[0].where == str(path)


# --- where it lies ---


def test_the_environment_names_the_user_s_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZIZHU_WORKSPACE", str(tmp_path / "here"))
    assert Workspace().root == tmp_path / "here"
    monkeypatch.delenv("ZIZHU_WORKSPACE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert Workspace().root.name == "zizhu"
    assert Workspace().builtin == builtin_root()


def test_reading_makes_no_workspace(tmp_path: Path) -> None:
    space = Workspace(root=tmp_path / "mine")
    assert "icio-2022" in space.names()
    space.read("icio-2022-nodes")
    assert not space.root.exists()


# --- several writers ---

WRITER = """
import sys, polars as pl
from pathlib import Path
from zizhu.store import Workspace
import zizhu.store.digest
root, who, times = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
space = Workspace(root=root, builtin=root / "none")
meta = {"title": "T", "sources": ["s"], "units": {"v": "USD"}}
print("ready", flush=True)
sys.stdin.readline()
for i in range(times):
    frame = pl.DataFrame({"k": range(200), "v": [float(i)] * 200})
    space.commit("same", frame, ("k",), meta)
    space.commit("mine-" + who, frame.with_columns(pl.col("v") + ord(who)), ("k",), meta)
    assert space.read("same").frame.height == 200
"""


@pytest.mark.slow
def test_two_processes_commit_the_same_tables_at_once(tmp_path: Path) -> None:
    times = 15
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), who, str(times)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for who in "ab"
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    outcomes = []
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        _, errors = writer.communicate()
        outcomes.append((writer.returncode, errors))
    assert outcomes == [(0, ""), (0, "")]
    space = Workspace(root=tmp_path, builtin=tmp_path / "none")
    assert space.names() == ["mine-a", "mine-b", "same"]
    assert len(list((tmp_path / "tables" / "same").iterdir())) == times
    assert not list(tmp_path.rglob(".tmp-*"))
    for name in space.names():
        table = space.read(name)
        assert digest(table.frame, table.meta.key) == table.meta.digest


def test_a_table_that_another_writer_publishes_meanwhile_is_never_removed(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    rival = Workspace(root=space.root, builtin=space.builtin)
    staging = files.staging_folder
    seen: list[bool] = []

    def publish_first(parent: Path, name: str) -> Path:
        monkeypatch.setattr(files, "staging_folder", staging)
        commit(rival)
        seen.append(rival.read("t").frame.height == 3)
        return staging(parent, name)

    monkeypatch.setattr(files, "staging_folder", publish_first)
    made = commit(space)
    assert seen == [True]
    assert space.read("t").meta.digest == made
    assert not list(space.root.rglob(".tmp-*"))


def test_a_reader_of_a_table_under_repair_never_misses_it(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(space)
    cut(space.read("t").path)
    replace = Path.replace
    present: list[bool] = []

    def look(self: Path, target: Path) -> Path:
        present.append(space.read("t").meta.rows == 3)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", look)
    commit(space)
    assert present == [True, True, True]  # data, description, ref
    assert space.read("t").frame.equals(FRAME.sort("who"))


def test_leftovers_of_killed_writers_are_swept_wherever_they_are(space: Workspace) -> None:
    made = commit(space)
    child = subprocess.Popen([sys.executable, "-S", "-c", ""])
    child.wait()
    for folder in ("", "refs", "runs", "tables/t", f"tables/t/{made}", "tables/other"):
        (space.root / folder).mkdir(parents=True, exist_ok=True)
        (space.root / folder / f".tmp-{files.system_id()}-{child.pid}-f-00").write_bytes(b"half")
        (space.root / folder / f".tmp-{files.system_id()}-{child.pid}-d-00").mkdir()
    commit(space, OTHER, name="u")
    assert not list(space.root.rglob(".tmp-*"))


def test_a_place_may_be_text(tmp_path: Path) -> None:
    assert Workspace(str(tmp_path / "ws")).root == Workspace(tmp_path / "ws").root
