"""Where batches are computed: here one after the other, or in processes of this machine.

An executor has one method. A cluster is another executor: the work is a function that can be pickled, its tasks are
small, and what it needs of the tables it reads itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from numpy.typing import NDArray

Task = Any
Arrays = dict[str, NDArray[Any]]
Work = Callable[[Task], Arrays]


class Executor(Protocol):
    """Something that does tasks; `apart` where it does them in other processes, which share no memory."""

    @property
    def apart(self) -> bool: ...

    def run(self, work: Work, tasks: Iterable[Task]) -> Iterator[tuple[Task, Arrays]]:
        """Each task with what `work` makes of it, in any order; what is not taken is not begun."""
        ...


class Serial:
    """One task after the other, in this process."""

    apart = False

    def run(self, work: Work, tasks: Iterable[Task]) -> Iterator[tuple[Task, Arrays]]:
        """See `Executor.run`."""
        for task in tasks:
            yield task, work(task)


@dataclass(frozen=True)
class Processes:
    """As many tasks at a time as `count`, each in a process of its own kind; at most one task waits a process."""

    count: int
    apart = True

    def run(self, work: Work, tasks: Iterable[Task]) -> Iterator[tuple[Task, Arrays]]:
        """See `Executor.run`; processes end when the iteration does, however it does."""
        from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
        from multiprocessing import get_context

        left = iter(tasks)
        pool = ProcessPoolExecutor(self.count, mp_context=get_context("spawn"))
        under_way: dict[Future[Arrays], Task] = {}
        try:
            while True:
                for task in left:
                    under_way[pool.submit(work, task)] = task
                    if len(under_way) > self.count:
                        break
                if not under_way:
                    return
                done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                for future in done:
                    yield under_way.pop(future), future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
