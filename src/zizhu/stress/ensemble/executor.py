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
from itertools import islice
from typing import Any, Protocol

from zizhu.store.parts import Arrays
from zizhu.stress.ensemble.worker import Worker

Task = Any
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
    """As many tasks at a time as `count`, each in a process of its own."""

    count: int
    apart = True

    def run(self, work: Work, tasks: Iterable[Task]) -> Done:
        """See `Executor.run`; processes end when the iteration does, however it does, and when this process does.

        Raises what `work` raises, and ZizhuError where a process dies.
        """
        from multiprocessing.connection import Connection, wait

        left = iter(tasks)
        workers: dict[Connection, Worker] = {}
        try:
            for task in islice(left, self.count):
                with _deaf_children():
                    one = Worker.begun(work)
                workers[one.connection] = one
                one.give(task)
            while workers:
                for connection in wait(list(workers)):
                    assert isinstance(connection, Connection)
                    one = workers[connection]
                    yield one.taken()
                    for task in islice(left, 1):
                        one.give(task)
                    if one.idle:
                        workers.pop(connection).end()
        finally:
            for one in workers.values():
                one.kill()


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
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # otherwise the first process begins it, which lifts the block
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
