"""Writing a file so that a reader, or a power cut, sees all of it or none of it."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from pathlib import Path


def write_atomic(path: Path, content: bytes) -> None:
    """Write `content` to `path`: temporary file, fsync, rename, fsync of the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
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


def staging_folder(parent: Path, name: str) -> Path:
    """A new folder beside its final place, to be filled and then renamed to `name`."""
    parent.mkdir(parents=True, exist_ok=True)
    staged = parent / _unique(name)
    staged.mkdir()
    return staged


def publish_folder(staged: Path, final: Path) -> None:
    """Rename a filled staging folder to its final name; keep the one that is there already."""
    for file in staged.iterdir():
        with file.open("rb+") as f:
            os.fsync(f.fileno())
    sync_folder(staged)
    try:
        staged.rename(final)
    except OSError:
        shutil.rmtree(staged)
        if not final.is_dir():
            raise
    sync_folder(final.parent)


def sweep_stale(folder: Path) -> None:
    """Remove what writers that no longer run left behind in `folder`."""
    for left in folder.glob(".tmp-*"):
        writer = left.name.split("-")[1]
        if writer.isdigit() and not _alive(int(writer)):
            shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)


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
    return f".tmp-{os.getpid()}-{name[:12]}-{secrets.token_hex(4)}"


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
