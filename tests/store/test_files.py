"""Atomic files: whole or absent, and nothing left over."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from zizhu.store import files


def fail(code: int) -> None:
    raise OSError(code, os.strerror(code))


@pytest.fixture
def dead_writer() -> int:
    """The number of a process that has ended."""
    child = subprocess.Popen([sys.executable, "-S", "-c", ""])
    child.wait()
    return child.pid


def everything(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*")}


def test_a_file_is_written_with_its_folders(tmp_path: Path) -> None:
    files.write_atomic(tmp_path / "a" / "b" / "c.txt", b"one")
    files.write_atomic(tmp_path / "a" / "b" / "c.txt", b"two")
    assert (tmp_path / "a" / "b" / "c.txt").read_bytes() == b"two"
    assert everything(tmp_path) == {"a", "a/b", "a/b/c.txt"}


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_failed_write_leaves_the_old_content_and_no_temporary_file(
    code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.write_atomic(tmp_path / "f", b"old")
    monkeypatch.setattr(os, "fsync", lambda _: fail(code))
    with pytest.raises(OSError, match=os.strerror(code)):
        files.write_atomic(tmp_path / "f", b"new")
    assert (tmp_path / "f").read_bytes() == b"old"
    assert everything(tmp_path) == {"f"}


def test_an_interrupt_leaves_no_temporary_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        files.write_atomic(tmp_path / "f", b"new")
    assert everything(tmp_path) == set()


def test_publishing_keeps_what_another_writer_put_there_first(tmp_path: Path) -> None:
    final = tmp_path / "t"
    staged = files.staging_folder(tmp_path, "t")
    (staged / "data").write_bytes(b"mine")
    final.mkdir()
    (final / "data").write_bytes(b"theirs")
    files.publish_folder(staged, final)
    assert (final / "data").read_bytes() == b"theirs"
    assert everything(tmp_path) == {"t", "t/data"}


def test_publishing_over_a_file_fails_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "t").write_bytes(b"in the way")
    staged = files.staging_folder(tmp_path, "t")
    with pytest.raises(OSError, match=r"Not a directory|exists"):
        files.publish_folder(staged, tmp_path / "t")
    assert everything(tmp_path) == {"t"}


def test_renewing_replaces_every_file_without_removing_the_folder(tmp_path: Path) -> None:
    final = tmp_path / "t"
    final.mkdir()
    (final / "data").write_bytes(b"damaged")
    same_folder = final.stat().st_ino
    staged = files.staging_folder(tmp_path, "t")
    (staged / "data").write_bytes(b"whole")
    (staged / "meta").write_bytes(b"added")
    files.renew_folder(staged, final)
    assert (final / "data").read_bytes() + (final / "meta").read_bytes() == b"wholeadded"
    assert final.stat().st_ino == same_folder
    assert everything(tmp_path) == {"t", "t/data", "t/meta"}


def test_sweeping_takes_what_dead_writers_left_and_nothing_else(tmp_path: Path, dead_writer: int) -> None:
    alive = os.getpid()
    here = files.system_id()
    (tmp_path / f".tmp-{here}-{dead_writer}-f-0a1b").write_bytes(b"half")
    (tmp_path / f".tmp-{here}-{dead_writer}-t-0a1b").mkdir()
    (tmp_path / f".tmp-{here}-{dead_writer}-t-0a1b" / "data").write_bytes(b"half")
    kept = {f".tmp-{here}-{alive}-f-0a1b", ".tmp-notes", f".tmp-{here}", ".hidden", "tmp-1-f", "f"}
    for name in kept:
        (tmp_path / name).write_bytes(b"")
    files.sweep_stale(tmp_path)
    assert everything(tmp_path) == kept


def test_sweeping_a_folder_that_is_not_there_does_nothing(tmp_path: Path) -> None:
    files.sweep_stale(tmp_path / "none")
    assert everything(tmp_path) == set()


def test_temporary_names_say_who_writes_and_never_meet(tmp_path: Path) -> None:
    staged = {files.staging_folder(tmp_path, "a-very-long-table-name").name for _ in range(50)}
    assert len(staged) == 50
    assert all(name.startswith(f".tmp-{files.system_id()}-{os.getpid()}-") for name in staged)


def test_what_another_machine_writes_is_left_alone_for_a_day(tmp_path: Path, dead_writer: int) -> None:
    """The number of its writer means nothing here, whether a process of that number runs or not."""
    elsewhere = "0" * 12
    for pid in (dead_writer, os.getpid()):
        (tmp_path / f".tmp-{elsewhere}-{pid}-new-0a1b").write_bytes(b"half")
        (tmp_path / f".tmp-{elsewhere}-{pid}-new-0a1c").mkdir()
        old = tmp_path / f".tmp-{elsewhere}-{pid}-old-0a1b"
        old.write_bytes(b"half")
        os.utime(old, (0, old.stat().st_mtime - files.A_DAY - 60))
    (tmp_path / ".tmp-notes").write_bytes(b"")
    os.utime(tmp_path / ".tmp-notes", (0, 0))
    files.sweep_stale(tmp_path)
    new = {f".tmp-{elsewhere}-{p}-new-{n}" for p in (dead_writer, os.getpid()) for n in ("0a1b", "0a1c")}
    assert everything(tmp_path) == new | {".tmp-notes"}


def test_processes_of_one_system_agree_on_its_name() -> None:
    code = "from zizhu.store import files; print(files.system_id())"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == files.system_id()


def test_processes_of_another_container_are_another_system() -> None:
    """A new process namespace stands for a container; only the superuser of some systems may make one."""
    code = "from zizhu.store import files; print(files.system_id())"
    unshared = ["unshare", "--pid", "--fork", "--mount-proc", sys.executable, "-c", code]
    try:
        done = subprocess.run(unshared, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("unshare is not on this machine")
    if done.returncode:
        pytest.skip(f"no process namespace can be made here: {done.stderr.strip()}")
    assert len(done.stdout.strip()) == 12
    assert done.stdout.strip() != files.system_id()


def test_a_probe_leaves_nothing_and_says_what_stands_in_the_way(tmp_path: Path) -> None:
    files.probe_folder(tmp_path)
    assert everything(tmp_path) == set()
    (tmp_path / "file").write_bytes(b"")
    for bad in (tmp_path / "none", tmp_path / "file"):
        with pytest.raises(OSError, match=r"No such file|Not a directory"):
            files.probe_folder(bad)
