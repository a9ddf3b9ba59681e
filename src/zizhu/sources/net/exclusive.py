"""One process at a time: a lock file with the number of the process that holds it, taken over when that has ended."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zizhu.store.files import A_DAY, alive, system_id
from zizhu.vocab.problems import Problem, ZizhuError

_TRIES = 5


@contextmanager
def exclusive(lock: Path, shown: str) -> Iterator[None]:
    """Hold `lock`, a file that is made for this block; `shown` names what is downloaded.

    A lock of a process that has ended, or of another machine and more than a day old, is taken over. Raises
    ZizhuError where another process (or thread) holds it, OSError where no file can be made.
    """
    mine = f"{system_id()} {os.getpid()} {secrets.token_hex(8)}"
    for _ in range(_TRIES):
        if _made(lock, mine):
            break
        _take_away(lock)
    else:
        raise ZizhuError(
            Problem(
                "it is being downloaded by another process",
                shown,
                "one download of a file at a time",
                f"Wait until that has ended. If none runs, remove {lock}.",
            )
        )
    try:
        yield
    finally:
        if _held_by(lock) == mine:
            lock.unlink(missing_ok=True)


def _made(lock: Path, mine: str) -> bool:
    try:
        handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    except FileExistsError:
        return False
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(mine)
    except OSError:
        lock.unlink(missing_ok=True)
        raise
    return True


def _take_away(lock: Path) -> None:
    """Remove a lock that nobody holds."""
    said = _held_by(lock)
    if not _stale(lock, said):
        return
    # a ticket for this very lock: who has it looks again, and nobody else can have put another in its place since
    ticket = lock.with_name(f"{lock.name}-{hashlib.sha256(said.encode()).hexdigest()[:16]}")
    if not _made(ticket, ""):
        return
    try:
        if _held_by(lock) == said and _stale(lock, said):
            lock.unlink(missing_ok=True)
    finally:
        ticket.unlink(missing_ok=True)


def _stale(lock: Path, said: str) -> bool:
    system, _, rest = said.partition(" ")
    number = rest.partition(" ")[0]
    if system == system_id() and number.isascii() and number.isdigit():
        return not alive(int(number))
    try:
        return time.time() - lock.stat().st_mtime > A_DAY
    except FileNotFoundError:
        return False


def _held_by(lock: Path) -> str:
    try:
        return lock.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""
