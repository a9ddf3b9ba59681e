"""What every benchmark shares: the machine, versions, load, threads, median times and peak memory.

A timed case runs in a process of its own (`isolated`), so that thread pools have the stated size and the peak
memory is that of the case alone. The process prints one JSON line, which its parent reads.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

OUT = Path(__file__).parent / "out"
"""Where benchmarks keep generated inputs; not under version control."""

_POOLS = (
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "POLARS_MAX_THREADS",
)


@dataclass(frozen=True)
class Timing:
    """Wall-clock seconds of repeated calls, in the order they were made, and CPU seconds of all threads."""

    seconds: tuple[float, ...]
    cpu_seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def first(self) -> float:
        """The first call, which also pays for what later calls find ready."""
        return self.seconds[0]

    @property
    def cpu(self) -> float:
        """Median CPU seconds: what remains comparable when other work shares the machine."""
        return statistics.median(self.cpu_seconds)


def timed(call: Callable[[], T], repeats: int) -> tuple[T, Timing]:
    """The last result of `call` and the times of `repeats` >= 1 calls.

    A result is dropped before the next call, so that the peak memory never holds two.
    """
    wall, cpu = [], []
    for left in reversed(range(repeats)):
        start, spent = time.perf_counter(), time.process_time()
        result = call()
        wall.append(time.perf_counter() - start)
        cpu.append(time.process_time() - spent)
        if left:
            del result
    return result, Timing(tuple(wall), tuple(cpu))


def peak_rss_mib() -> float:
    """Largest resident memory of this process so far, in MiB (pages of mapped files count)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def isolated(script: str | Path, arguments: Sequence[str], threads: int) -> dict[str, Any]:
    """Run `script` in a new process with `threads` threads in every pool and return the JSON of its last line.

    Raises RuntimeError with the end of the process's errors when it fails.
    """
    environment = os.environ | {pool: str(threads) for pool in _POOLS}
    done = subprocess.run(
        [sys.executable, str(script), *arguments],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{script} {' '.join(arguments)}: exit {done.returncode}\n{done.stderr[-2000:]}")
    report: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return report


def emit(**values: Any) -> None:
    """Print one JSON line for the parent process."""
    print(json.dumps(values), flush=True)


def installed(package: str) -> str:
    """The version of an installed package, or an empty string."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def machine(packages: Iterable[str]) -> dict[str, str]:
    """Processor, cores, memory, system, versions of Python and `packages`, load and date of this run."""
    facts = {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }
    facts |= {name: installed(name) or "not installed" for name in packages}
    return facts | {"load": load(), "date": time.strftime("%Y-%m-%d")}


def load() -> str:
    """Mean number of running processes over the last minute: above the idle 0, times are upper bounds."""
    return f"{os.getloadavg()[0]:.1f}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def print_facts(facts: Mapping[str, str]) -> None:
    """Print the machine on one line, as it is quoted in documents."""
    print("; ".join(f"{name} {value}" for name, value in facts.items()))


def markdown(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
