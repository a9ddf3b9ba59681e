"""Who has a workspace open to change it for long: the first to say so, until it ends, however it ends.

Tables, runs and documents are written whole by any number of processes. What one process keeps in its head about them,
such as work under way, is known to that process alone; a second one is told who has it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zizhu.store import files
from zizhu.store.workspace import reaching

FILE = "open-by"
LONGEST = 200


@contextmanager
def claimed(root: Path, who: str) -> Iterator[str]:
    """Claim the workspace at `root` for the block; yields who has it already, or nothing where the claim stands.

    The system gives a claim back when its process dies. Raises ZizhuError where the workspace cannot be written.
    """
    with reaching(root, "written"):
        files.make_folder(root)
        file = (root / FILE).open("a+", encoding="utf-8")
    with file:
        if not _locked(file.fileno()):
            file.seek(0)
            yield file.read(LONGEST).strip() or "another process"
            return
        file.truncate(0)
        file.write(who)
        file.flush()
        try:
            yield ""
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
