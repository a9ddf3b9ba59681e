"""The same question on the same table has the same answer in every process, whatever the number of threads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ASK = """
import hashlib
import zizhu
from pathlib import Path
space = zizhu.Workspace(root=Path("no-workspace"))
asked = zizhu.exposure.Params(buyers=("USA:C26", "EU27:MANUF"), gross=True)
inputs = zizhu.exposure.load(space, asked)
print(zizhu.exposure.solve(inputs).run.model_dump_json())
cut = zizhu.what_if.Params(sender="CHN:C24B", receiver="USA")
print(zizhu.what_if.solve(zizhu.what_if.Inputs(cut, inputs.mrio)).run.model_dump_json())
home = zizhu.domestic.Params(country="CHN")
print(zizhu.domestic.solve(zizhu.domestic.Inputs(home, inputs.mrio, inputs.trade)).run.model_dump_json())
print(hashlib.sha256(inputs.mrio.contained.tobytes()).hexdigest())  # to the last bit
"""


def start(threads: int, folder: Path) -> subprocess.Popen[str]:
    """A process that makes three runs and prints their records, and the content of every node."""
    environment = os.environ | {"OPENBLAS_NUM_THREADS": str(threads), "PYTHONHASHSEED": str(threads)}
    return subprocess.Popen(
        [sys.executable, "-c", ASK],
        env=environment,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def runs(process: subprocess.Popen[str]) -> list[str]:
    records, errors = process.communicate()
    assert process.returncode == 0, errors
    return records.splitlines()


@pytest.mark.slow
def test_one_thread_and_two_give_the_same_runs(tmp_path: Path) -> None:
    one, two = [runs(p) for p in [start(1, tmp_path), start(2, tmp_path)]]
    assert len(one) == 4
    assert one == two
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_many_processes_give_the_same_runs(tmp_path: Path) -> None:
    assert len({tuple(runs(start(threads, tmp_path))) for threads in (1, 2, 3, 4, 2, 1)}) == 1
