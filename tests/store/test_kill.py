"""A writer that is killed at any moment leaves a workspace in which every name reads whole.

SIGKILL cannot be caught, so whatever holds here is held by the order of writes alone. (What a power cut
does to files that were not synced cannot be tried this way.)
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest

from zizhu.ledger.models import Record
from zizhu.store import Workspace
from zizhu.store.digest import digest
from zizhu.store.runs import make_run

LONGEST_LIFE = 0.3
WRITERS = """
import os
import sys
from itertools import count
from pathlib import Path
import polars as pl
import zizhu.store.digest
from zizhu.ledger.models import Record
from zizhu.store import Workspace
from zizhu.store.runs import make_run

class Question(Record):
    number: int

def write(root, start):
    space = Workspace(root=root, builtin=root / "none")
    for i in count(start):
        size = 1 + 50 * (i - start)
        frame = pl.DataFrame({"k": range(size), "v": [i / 7] * size, "t": ["x" * (i % 9)] * size})
        meta = {"title": f"Round {i}", "sources": ["s"], "units": {"v": "USD"}}
        made = space.commit(f"t{i % 3}", frame, ("k",), meta)
        space.commit("renewed", frame.head(1), ("k",), meta | {"title": f"Renewed {i}"})
        asked = Question(number=i)
        space.save_run(make_run("depend.kill", asked, (f"table:t{i % 3}@{made}",), frame, ("k",)))
        if i == start:
            print("ready", os.getpid(), flush=True)

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        write(Path(sys.argv[1]), int(line))
    print("ended", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@contextmanager
def writers(root: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that imports the store once and forks a writer for every line it reads."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITERS, str(root)],
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield process


def kill_after(process: subprocess.Popen[str], start: int, seconds: float) -> None:
    """Let one writer work for so long after its first round, then kill it."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{start}\n")
    process.stdin.flush()
    said, _, writer = process.stdout.readline().partition(" ")
    assert said == "ready"
    time.sleep(seconds)
    os.kill(int(writer), signal.SIGKILL)
    assert process.stdout.readline() == f"ended {-signal.SIGKILL}\n"


def check_names(root: Path) -> None:
    """Every ref points to a table that reads with its bytes and its digest."""
    space = Workspace(root=root, builtin=root / "none")
    assert "renewed" in space.names()
    for name in space.names():
        table = space.read(name)
        assert digest(table.frame, table.meta.key) == table.meta.digest
        assert table.meta.rows == table.frame.height


def check_everything(root: Path) -> None:
    """Every table ever published is whole, and every run reads and finds the table that it names."""
    check_names(root)
    space = Workspace(root=root, builtin=root / "none")
    for folder in root.glob("tables/*/[!.]*"):
        space.read(folder.parent.name, folder.name).check_bytes()
    for record in root.glob("runs/[!.]*"):
        (ref,) = space.load_run(record.stem).inputs
        name, _, made = ref.removeprefix("table:").partition("@")
        assert space.read(name, made).meta.version == made


def write_once(root: Path, number: int) -> None:
    """Save a run or commit a table, by turns: either sweeps what a killed writer left."""
    space = Workspace(root=root, builtin=root / "none")
    frame = pl.DataFrame({"k": [1]})
    if number % 2:
        space.commit("sweeper", frame, ("k",), {"title": "T", "sources": ("s",), "units": {}})
    else:
        input_ref = space.read("renewed").meta.ref
        space.save_run(make_run(f"depend.sweep{number}", Record(), (input_ref,), frame, ("k",)))


def kill_often(root: Path, times: int, seed: int) -> int:
    """Kill so many writers; returns how many left something behind for the next one to sweep."""
    chance = random.Random(seed)
    left = 0
    with writers(root) as process:
        for number in range(times):
            kill_after(process, 1000 * number, chance.uniform(0, LONGEST_LIFE))
            check_names(root)
            left += any(root.rglob(".tmp-*"))
            write_once(root, number)
            assert not list(root.rglob(".tmp-*"))
    check_everything(root)
    return left


@pytest.mark.slow
def test_eight_killed_writers_leave_a_whole_workspace(tmp_path: Path) -> None:
    kill_often(tmp_path, 8, 1)


@pytest.mark.slow
def test_two_hundred_killed_writers_leave_a_whole_workspace(tmp_path: Path) -> None:
    assert kill_often(tmp_path, 200, 3) > 0, "no writer was caught in the act: kill them at other moments"
