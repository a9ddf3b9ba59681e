"""An ensemble in batches: computed wherever an executor does it, each kept as soon as it is there.

What is kept is not computed again, so that work that was broken off goes on, and its answer is the same as if it had
not been.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from math import ceil

import numpy as np

from zizhu.store.parts import Arrays, Parts
from zizhu.stress.ensemble.executor import Executor
from zizhu.stress.ensemble.runs import Runs
from zizhu.tables.leontief import Index, Matrix

AT_ONCE = 10
"""Runs of a batch: enough that one reading of the table serves many, few enough that progress is seen and that their
state stays below the size of the table."""
WEEKLY, YEARLY = "batch-", "years-"
"""What the batches of an ensemble are called, before their number."""
Progress = Callable[[int, int], None]
"""Called with the runs done and the runs asked for."""


def silent(done: int, of: int) -> None:
    """Nobody is told."""


def batches(runs: int) -> int:
    """How many batches so many runs are."""
    return ceil(runs / AT_ONCE)


def done(parts: Parts, *ensembles: str) -> int:
    """How many batches of these ensembles are kept."""
    return sum(name.startswith(ensembles) for name in parts.names())


def computed(
    work: Callable[[Matrix], Arrays],
    values: Matrix,
    parts: Parts,
    executor: Executor,
    progress: Progress,
    ensemble: str = WEEKLY,
) -> Runs:
    """What `work` makes of each row of `values` (M, k), in their order: arrays of as many rows as it is given.

    Raises what `work` raises; batches that are done by then are kept.
    """
    named = dict(_named(ensemble, len(values)))
    left = [name for name, rows in named.items() if not _whole(parts.read(name), len(rows))]
    kept = sum(len(rows) for name, rows in named.items() if name not in left)
    progress(kept, len(values))
    with closing(executor.run(partial(_one, work, values, named), left)) as results:
        for name, arrays in results:
            parts.write(name, arrays)
            kept += len(named[name])
            progress(kept, len(values))
    return Runs(parts, tuple(named), len(values))


def _named(ensemble: str, runs: int) -> Iterator[tuple[str, Index]]:
    for start in range(0, runs, AT_ONCE):
        yield f"{ensemble}{start:07d}", np.arange(start, min(start + AT_ONCE, runs))


def _whole(part: Arrays | None, rows: int) -> bool:
    return part is not None and all(a.shape[:1] == (rows,) for a in part.values())


def _one(work: Callable[[Matrix], Arrays], values: Matrix, named: dict[str, Index], name: str) -> Arrays:
    return work(values[named[name]])
