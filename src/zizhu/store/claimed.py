"""Who has a workspace open to change it for long: the first to say so, until it ends, however it ends.

Tables, runs and documents are written whole by any number of processes. What one process keeps in its head about them,
such as work under way, is known to that process alone; a second one is told who has it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from zizhu.store import files
from zizhu.store.workspace import reaching

FILE = "open-by"
LONGEST = 200


@dataclass(frozen=True)
class Claim:
    """A claim on the workspace at `root`; `elsewhere` is who has it already, or nothing."""

    root: Path
    elsewhere: str
    file: IO[str]

    def lost(self) -> bool:
        """Whether the workspace was removed, moved or replaced since, so that this says nothing of what is there."""
        try:
            return not os.path.samestat(os.fstat(self.file.fileno()), (self.root / FILE).stat())
        except OSError:
            return True


@contextmanager
def claimed(root: Path, who: str) -> Iterator[Claim]:
    """Claim the workspace at `root` for the block.

    The system gives a claim back when its process dies. Raises ZizhuError where the workspace cannot be written.
    """
    with reaching(root, "written"):
        files.make_folder(root)
        file = (root / FILE).open("a+", encoding="utf-8")
    with file:
        if not _locked(file.fileno()):
            file.seek(0)
            yield Claim(root, file.read(LONGEST).strip() or "another process", file)
            return
        file.truncate(0)
        file.write(who)
        file.flush()
        try:
            yield Claim(root, "", file)
        finally:
            file.truncate(0)


def _locked(handle: int) -> bool:
    """Whether the lock of an open file is this process's; where the system has none, everybody's."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
