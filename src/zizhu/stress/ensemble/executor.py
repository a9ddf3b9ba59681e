"""Where batches are computed: here one after the other, or in processes of this machine.

An executor has one method. A cluster is another executor: the work is a function that can be pickled, its tasks are
small, and what it needs of the tables it reads itself.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any, Protocol

from numpy.typing import NDArray

Task = Any
Arrays = dict[str, NDArray[Any]]
Work = Callable[[Task], Arrays]
Done = Generator[tuple[Task, Arrays], None, None]


class Executor(Protocol):
    """Something that does tasks; `apart` where it does them in other processes, which share no memory."""

    @property
    def apart(self) -> bool: ...

    def run(self, work: Work, tasks: Iterable[Task]) -> Done:
        """Each task with what `work` makes of it, in any order; what is not taken is not begun."""
        ...


class Serial:
    """One task after the other, in this process."""

    apart = False

    def run(self, work: Work, tasks: Iterable[Task]) -> Done:
        """See `Executor.run`."""
        for task in tasks:
            yield task, work(task)


@dataclass(frozen=True)
class Processes:
    """As many tasks at a time as `count`, each in a process of its own; at most one more waits."""

    count: int
    apart = True

    def run(self, work: Work, tasks: Iterable[Task]) -> Done:
        """See `Executor.run`; processes end when the iteration does, however it does, and when this process does."""
        from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
        from multiprocessing import active_children, get_context

        left, others = iter(tasks), set(active_children())
        pool = ProcessPoolExecutor(self.count, mp_context=get_context("spawn"), initializer=_bound_to_parent)
        under_way: dict[Future[Arrays], Task] = {}
        try:
            while True:
                for task in left:
                    with _deaf_children():
                        under_way[pool.submit(work, task)] = task
                    if len(under_way) > self.count:
                        break
                if not under_way:
                    return
                done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                for future in done:
                    yield under_way.pop(future), future.result()
        except BaseException:  # nobody waits any more for what is under way
            for process in set(active_children()) - others:
                process.terminate()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def executor(workers: int | None, batches: int) -> Executor:
    """Processes for as many batches at once as there are processors, or `workers`; none for a single one."""
    count = min(workers or _processors(), batches)
    return Processes(count) if count > 1 else Serial()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _deaf_children() -> Iterator[None]:
    """Processes that are begun in the block leave Ctrl-C, which a terminal sends to all, to the one that began them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _bound_to_parent() -> None:
    """End with the process that began this one, also where that one is killed."""
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
