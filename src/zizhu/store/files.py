"""Writing a file so that a reader, or a power cut, sees all of it or none of it."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import secrets
import shutil
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

A_DAY = 24 * 3600.0
"""Seconds after which a leftover is nobody's: no single write lasts so long."""
_STAGED = re.compile(r"\.tmp-([0-9a-f]{12})-(\d+)-")


def write_atomic(path: Path, content: bytes) -> None:
    """Write `content` to `path`: temporary file, fsync, rename, fsync of the folder."""
    make_folder(path.parent)
    staged = path.parent / _unique(path.name)
    try:
        with staged.open("xb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        staged.replace(path)
    except BaseException:
        staged.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Make `folder` and its parents, each of them durable."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def staging_folder(parent: Path, name: str) -> Path:
    """A new folder beside its final place, to be filled and then renamed to `name`."""
    make_folder(parent)
    staged = parent / _unique(name)
    staged.mkdir()
    return staged


def publish_folder(staged: Path, final: Path) -> None:
    """Rename a filled staging folder to its final name; keep the one that is there already."""
    _sync_files(staged)
    try:
        staged.rename(final)
    except OSError:
        shutil.rmtree(staged)
        if not final.is_dir():
            raise
    sync_folder(final.parent)


def renew_folder(staged: Path, final: Path) -> None:
    """Put every file of a filled staging folder in the place of its namesake, so that `final` is never absent."""
    _sync_files(staged)
    for file in sorted(staged.iterdir()):
        file.replace(final / file.name)
    staged.rmdir()
    sync_folder(final)


def probe_folder(folder: Path) -> None:
    """Raise OSError when no file can be made in `folder`; what is tried leaves nothing behind."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:  # about the folder, not about a file that the person has never heard of
        raise OSError(error.errno, error.strerror, str(folder)) from error


def sweep_stale(folder: Path) -> None:
    """Remove what writers left behind in `folder` that no longer run, or ran elsewhere more than a day ago.

    Whether a process runs can be told only among those that share its numbers: a workspace may lie on a
    volume that other machines or containers write to.
    """
    try:
        found = sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):  # another writer may have moved or removed it meanwhile
        return
    for left in found:
        if _abandoned(left):
            # another writer may sweep at the same time, and what another user left may not be ours to remove
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                with suppress(OSError):
                    left.unlink()


def _abandoned(left: Path) -> bool:
    writer = _STAGED.match(left.name)
    if writer is None:
        return False
    if writer[1] == system_id():
        return not alive(int(writer[2]))
    try:
        return time.time() - left.stat().st_mtime > A_DAY
    except FileNotFoundError:
        return False


@cache
def system_id() -> str:
    """What processes have in common that share their numbers: boot and process namespace, else the host's name."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text()
        known = boot + str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        known = platform.node()
    return hashlib.sha256(known.encode()).hexdigest()[:12]


def _sync_files(folder: Path) -> None:
    for file in folder.iterdir():
        with file.open("rb+") as f:
            os.fsync(f.fileno())
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` durable (a no-op where folders cannot be opened)."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def _unique(name: str) -> str:
    # not tempfile: its files are for one user only, and a workspace may be shared
    return f".tmp-{system_id()}-{os.getpid()}-{name[:12]}-{secrets.token_hex(4)}"


def alive(pid: int) -> bool:
    """Whether a process of that number runs here."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
