"""Long work in processes of its own: so many at once, in the order they came, each watched and ended at will."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Lock, Thread
from typing import Literal

from zizhu.vocab.problems import Problem, unknown
from zizhu.web.refusals import Refused, faults
from zizhu.web.shapes import Job
from zizhu.web.worker import Task, Told, work

MOST = 20
"""Jobs that wait or run; more are refused."""
REMEMBERED = 200
"""Jobs that are told of after their end."""
PATIENCE = 3.0
"""Seconds that a process has to end when it is told to."""
ENDED = ("done", "failed", "cancelled")


@dataclass
class _Entry:
    """A job, its task, and its process while it runs."""

    job: Job
    task: Task | None
    process: BaseProcess | None = None
    changed: int = 0


@dataclass
class Jobs:
    """The jobs of a workspace at `root`, at most `at_once` of them running."""

    root: Path
    at_once: int
    _entries: OrderedDict[str, _Entry] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)
    _closed: bool = False

    def begin(self, kind: Literal["scenario", "read", "report"], title: str, task: Task) -> Job:
        """A job that runs as soon as there is room. Raises Refused (409) where too many wait."""
        with self._lock:
            self._forget()
            if sum(e.job.state not in ENDED for e in self._entries.values()) >= MOST or self._closed:
                raise Refused(409, _full())
            job = Job(id=secrets.token_hex(8), kind=kind, title=title, state="waiting")
            self._entries[job.id] = _Entry(job, task)
            self._start_waiting()
            return self._entries[job.id].job

    def all(self) -> list[Job]:
        """All jobs, the latest first."""
        with self._lock:
            return [e.job for e in reversed(self._entries.values())]

    def one(self, job_id: str) -> Job:
        """A job as it stands. Raises Refused (404) for one that is not known."""
        with self._lock:
            return self._found(job_id).job

    def cancel(self, job_id: str) -> Job:
        """End a job, whatever it does; one that has ended stays as it is."""
        with self._lock:
            entry = self._found(job_id)
            if entry.job.state in ENDED:
                return entry.job
            self._end(entry, state="cancelled")
            process = entry.process
        if process is not None:
            _stopped(process)
        return entry.job

    def close(self) -> None:
        """End all jobs, and take no more."""
        with self._lock:
            self._closed = True
            running = [e.process for e in self._entries.values() if e.process is not None]
            for entry in self._entries.values():
                if entry.job.state not in ENDED:
                    self._end(entry, state="cancelled")
        for process in running:
            _stopped(process)

    def _found(self, job_id: str) -> _Entry:
        if job_id not in self._entries:
            raise Refused(404, unknown("job", job_id, list(self._entries), "jobs"))
        return self._entries[job_id]

    def _start_waiting(self) -> None:
        """Begin those that wait, in their order, while there is room."""
        running = sum(e.job.state == "running" for e in self._entries.values())
        for entry in self._entries.values():
            if running >= self.at_once or self._closed:
                return
            if entry.job.state == "waiting":
                self._start(entry)
                running += 1

    def _start(self, entry: _Entry) -> None:
        context = get_context("spawn")
        mine, its = context.Pipe(duplex=False)
        # no daemon: it has processes of its own, and ends by itself when this one dies
        entry.process = context.Process(target=work, args=(its, entry.task, self.root), daemon=False)
        entry.job, entry.task = entry.job.model_copy(update={"state": "running"}), None
        entry.process.start()
        its.close()
        Thread(target=self._watch, args=(entry, mine), daemon=True).start()

    def _watch(self, entry: _Entry, connection: Connection) -> None:
        """Take what the process tells until it ends, and tell how it ended where it could not."""
        with connection:
            while True:
                try:
                    told: Told = connection.recv()
                except (EOFError, OSError):
                    break
                with self._lock:
                    self._take(entry, told)
        assert entry.process is not None
        entry.process.join()
        with self._lock:
            if entry.job.state not in ENDED:
                self._end(entry, state="failed", problems=faults([_died(entry.process.exitcode)], self.root))
            entry.process = None
            self._start_waiting()

    def _take(self, entry: _Entry, told: Told) -> None:
        if entry.job.state in ENDED:
            return
        if told.problems:
            self._end(entry, state="failed", problems=faults(told.problems, self.root))
        elif told.ended:
            made = {"runs": list(told.runs), "documents": list(told.documents), "files": list(told.files)}
            self._end(entry, state="done", **made)
        else:
            entry.job = entry.job.model_copy(update={"done": told.done, "of": told.of})

    def _end(self, entry: _Entry, **change: object) -> None:
        entry.job = entry.job.model_copy(update=change)
        entry.task = None

    def _forget(self) -> None:
        ended = [key for key, e in self._entries.items() if e.job.state in ENDED and e.process is None]
        for key in ended[: max(len(ended) - REMEMBERED, 0)]:
            del self._entries[key]


def _stopped(process: BaseProcess) -> None:
    """End a process: asked first, then by force."""
    process.terminate()
    process.join(PATIENCE)
    if process.is_alive():
        process.kill()
        process.join(PATIENCE)


def _died(code: int | None) -> Problem:
    how = f"was ended by signal {-code}" if code is not None and code < 0 else f"ended with code {code}"
    return Problem(
        f"the process of the job {how}",
        "the job",
        "a process that lives until its work is done",
        "Often memory has run out. What a scenario has computed is kept: run it again, it goes on.",
    )


def _full() -> Problem:
    return Problem(
        f"{MOST} jobs wait or run",
        "jobs",
        "fewer than that",
        "Wait for one to end, or cancel one that waits.",
    )
