"""An ensemble in batches: computed wherever an executor does it, each kept as soon as it is there.

What is kept is not computed again, so that work that was broken off goes on, and its answer is the same as if it had
not been.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from zizhu.store.parts import Parts
from zizhu.stress.ensemble.executor import Arrays, Executor
from zizhu.tables.leontief import Matrix

AT_ONCE = 16
"""Runs of a batch: enough that one reading of the table serves many, few enough that progress is seen."""
Progress = Callable[[int, int], None]
"""Called with the runs done and the runs asked for."""


def silent(done: int, of: int) -> None:
    """Nobody is told."""


def computed(
    work: Callable[[Matrix], Arrays], values: Matrix, parts: Parts, executor: Executor, progress: Progress
) -> Arrays:
    """What `work` makes of each row of `values` (M, k), stacked in their order, arrays of M rows.

    Raises what `work` raises; batches that are done by then are kept.
    """
    batches = dict(_batches(values))
    left = [name for name in batches if parts.read(name) is None]
    done = sum(len(rows) for name, rows in batches.items() if name not in left)
    progress(done, len(values))
    for name, arrays in executor.run(partial(_one, work, values, batches), left):
        parts.write(name, arrays)
        done += len(batches[name])
        progress(done, len(values))
    return _stacked(parts, batches)


def _batches(values: Matrix) -> Iterator[tuple[str, NDArray[np.intp]]]:
    for start in range(0, len(values), AT_ONCE):
        yield f"batch-{start:07d}", np.arange(start, min(start + AT_ONCE, len(values)))


def _one(
    work: Callable[[Matrix], Arrays], values: Matrix, batches: dict[str, NDArray[np.intp]], name: str
) -> Arrays:
    return work(values[batches[name]])


def _stacked(parts: Parts, batches: dict[str, NDArray[np.intp]]) -> Arrays:
    found = [parts.read(name) for name in batches]
    whole = [part for part in found if part is not None]
    if len(whole) != len(batches):
        raise OSError(f"parts of {parts.folder} disappeared while they were used")
    return {key: np.concatenate([part[key] for part in whole]) for key in whole[0]}
