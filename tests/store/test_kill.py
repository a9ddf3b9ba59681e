"""A writer that is killed at any moment leaves a workspace in which every name reads whole.

SIGKILL cannot be caught, so whatever holds here is held by the order of writes alone. (What a power cut
does to files that were not synced cannot be tried this way.)
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from zizhu.ledger.models import Record
from zizhu.store import Workspace
from zizhu.store.digest import digest
from zizhu.store.runs import make_run

LONGEST_LIFE = 0.3
WRITER = """
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

root, start = Path(sys.argv[1]), int(sys.argv[2])
space = Workspace(root=root, builtin=root / "none")
for i in count(start):
    size = 1 + 50 * (i - start)
    frame = pl.DataFrame({"k": range(size), "v": [i / 7] * size, "t": ["x" * (i % 9)] * size})
    meta = {"title": f"Round {i}", "sources": ["s"], "units": {"v": "USD"}}
    made = space.commit(f"t{i % 3}", frame, ("k",), meta)
    again = space.commit("renewed", frame.head(1), ("k",), meta | {"title": f"Renewed {i}"})
    run = make_run("depend.kill", Question(number=i), (f"table:t{i % 3}@{made}",), frame, ("k",))
    space.save_run(run)
    if i == start:
        print("ready", flush=True)
"""


def kill_after(root: Path, start: int, seconds: float) -> None:
    """Let one writer work for so long after its first round, then kill it."""
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(root), str(start)], stdout=subprocess.PIPE)
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(seconds)
    finally:
        writer.kill()
        writer.wait()
        if writer.stdout is not None:
            writer.stdout.close()
    assert writer.returncode == -signal.SIGKILL


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
        assert space.read(name, made).meta.digest == made


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
    for number in range(times):
        kill_after(root, 1000 * number, chance.uniform(0, LONGEST_LIFE))
        check_names(root)
        left += any(root.rglob(".tmp-*"))
        write_once(root, number)
        assert not list(root.rglob(".tmp-*"))
    check_everything(root)
    return left


@pytest.mark.parametrize("seed", [1, 2])
def test_ten_killed_writers_leave_a_whole_workspace(seed: int, tmp_path: Path) -> None:
    kill_often(tmp_path, 10, seed)


@pytest.mark.slow
def test_two_hundred_killed_writers_leave_a_whole_workspace(tmp_path: Path) -> None:
    assert kill_often(tmp_path, 200, 3) > 0, "no writer was caught in the act: kill them at other moments"
