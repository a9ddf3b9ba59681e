"""A process that does tasks for another one, over a pipe of its own.

Each side holds one end of the pipe alone: where one dies the other notices, and nobody waits for what was half sent.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import Any

from zizhu.store.parts import Arrays
from zizhu.vocab.problems import Problem, ZizhuError

PATIENCE = 2.0
"""Seconds that a process has to end when it is told to."""


@dataclass
class Worker:
    """The process and this side's end of the pipe; `task` is what it has been given, None when it has nothing to do."""

    process: BaseProcess
    connection: Connection
    task: Any = None

    @classmethod
    def begun(cls, work: Callable[[Any], Arrays]) -> Worker:
        """A process that does `work`."""
        context = get_context("spawn")
        mine, its = context.Pipe()
        process = context.Process(target=_serve, args=(work, its), daemon=True)
        process.start()
        its.close()
        return cls(process, mine)

    @property
    def idle(self) -> bool:
        """Whether it waits for a task."""
        return self.task is None

    def give(self, task: Any) -> None:
        """Hand it its next task."""
        self.task = task
        self.connection.send(task)

    def taken(self) -> tuple[Any, Arrays]:
        """Its task and what it made of it; raises what that raised, and ZizhuError where the process has died."""
        try:
            made = self.connection.recv()
        except (EOFError, OSError):
            self.process.join(PATIENCE)
            raise ZizhuError(_died(self.process.exitcode)) from None
        if isinstance(made, Exception):
            raise made
        task, self.task = self.task, None
        return task, made

    def end(self) -> None:
        """Let it go, when it has nothing to do."""
        self.connection.close()
        self.process.join(PATIENCE)
        self.kill()

    def kill(self) -> None:
        """End it, whatever it does."""
        self.process.kill()
        self.process.join(PATIENCE)
        self.connection.close()


def _died(code: int | None) -> Problem:
    how = f"was ended by signal {-code}" if code is not None and code < 0 else f"ended with code {code}"
    return Problem(
        f"a process that computes {how}",
        "the run",
        "processes that live until their work is done",
        "Often memory has run out: pass --workers 1. What is done is kept: run the same command again.",
    )


def _serve(work: Callable[[Any], Arrays], connection: Connection) -> None:
    """Do tasks until the other side closes the pipe."""
    Thread(target=end_with_parent, daemon=True).start()
    while True:
        try:
            task = connection.recv()
        except (EOFError, OSError):
            return
        connection.send(_outcome(work, task))


def _outcome(work: Callable[[Any], Arrays], task: Any) -> Arrays | Exception:
    try:
        return work(task)
    except Exception as error:
        return error


def end_with_parent() -> None:
    """End as well where the process that began this one is killed in the middle of a task."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
