"""Whole commands in new processes: wall seconds, CPU seconds and peak memory. Standard library only.

The commands run as a user's would, without limits on threads, in a temporary folder with a workspace of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from report import Sample

ZIZHU = str(Path(sys.executable).with_name("zizhu"))
BARE = (sys.executable, "-c", "")
IMPORT = (sys.executable, "-c", "import zizhu")


@dataclass(frozen=True)
class Done:
    """One finished command. `error` is the last line it wrote to standard error when it failed."""

    seconds: float
    cpu: float
    peak_mib: float
    error: str


def run(command: Sequence[str], folder: Path) -> Done:
    """Run `command` in `folder` and wait for it. A command that fails is a result, not an exception."""
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_THREADS")}
    environment = kept | {"ZIZHU_WORKSPACE": str(folder / "workspace")}
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=errors
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        lines = errors.read().decode(errors="replace").strip().splitlines() or [f"exit {process.returncode}"]
    peak = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return Done(seconds, usage.ru_utime + usage.ru_stime, peak, lines[-1] if process.returncode else "")


def repeated(command: Sequence[str], runs: int) -> tuple[Sample, Sample]:
    """Wall seconds and peak MiB of `runs` runs after a first one that is not counted.

    Raises RuntimeError with the command's last line when a run fails.
    """
    with tempfile.TemporaryDirectory() as name:
        done = [run(command, Path(name)) for _ in range(runs + 1)]
    failed = [d.error for d in done if d.error]
    if failed:
        raise RuntimeError(f"{' '.join(Path(part).name for part in command)}: {failed[0]}")
    counted = done[1:]
    seconds = Sample(tuple(d.seconds for d in counted), sum(d.cpu for d in counted))
    return seconds, Sample(tuple(d.peak_mib for d in counted))
