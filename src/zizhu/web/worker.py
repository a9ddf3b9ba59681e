"""What the process of a job does: a scenario run as on the command line, a document read, a report written. It tells
over a pipe."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

if TYPE_CHECKING:
    from zizhu.show.report.model import Report
    from zizhu.store import Workspace
    from zizhu.stress.scenario.model import Scenario

_PERCENT = 100
OFTEN = 0.1
"""Seconds between two words about progress."""


class Told(NamedTuple):
    """What a process tells: how far it is, what it made, or what kept it from it."""

    done: int = 0
    of: int | None = None
    ended: bool = False
    runs: Sequence[str] = ()
    documents: Sequence[str] = ()
    files: Sequence[str] = ()
    problems: Sequence[Problem] = ()


Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class ScenarioTask:
    """A scenario file, and what is asked of it; `several`: all of its scenarios side by side."""

    text: str
    name: str
    several: bool = False
    scenario: str | None = None
    draws: int | None = None
    seed: int | None = None
    insist: bool = False
    allow_extreme: bool = False

    def done(self, workspace: Workspace, tell: Tell) -> Told:
        """Run it; the runs are kept as those of the command line are."""
        from zizhu.stress import asked

        every = scenarios(workspace, self.text, self.name)
        wanted = every if self.several else (asked.one_of(every, self.scenario),)
        said = [asked.changed(s, self.draws, self.seed, self.insist, self.allow_extreme) for s in wanted]
        runs = _compared(workspace, said, tell) if self.several else _run(workspace, said[0], tell)
        return Told(ended=True, runs=runs)


@dataclass(frozen=True)
class ReadTask:
    """The bytes of a document, and what the user states of it."""

    data: bytes
    name: str
    language: str | None = None
    published: str | None = None
    publisher: str = ""
    title: str = ""

    def done(self, workspace: Workspace, tell: Tell) -> Told:
        """Read it; its claims are kept, its targets are in the register, and reviews of an earlier reading stay."""
        from zizhu.read.documents.opened import opened
        from zizhu.read.places import Stated, Waiting, faults
        from zizhu.read.reading import Session, Unread
        from zizhu.read.targets import written

        about = {k: v for k, v in vars(self).items() if k not in ("data", "name")}
        problems = list(faults(Stated(**about)))
        if problems:
            raise ZizhuError(problems)
        waiting = Waiting(self.name, lambda: opened(self.data, self.name, **about))
        read = []
        for outcome in Session(workspace).read(
            [waiting], lambda done, of: tell(int(done * _PERCENT), of * _PERCENT)
        ):
            if isinstance(outcome, Unread):
                raise outcome.error
            read.append(outcome.document.id)
        written(workspace)
        return Told(ended=True, documents=read)


@dataclass(frozen=True)
class ReportTask:
    """A report to be written, and whether it is to be printed too."""

    report: Report
    pdf: bool = False

    def done(self, workspace: Workspace, tell: Tell) -> Told:
        """Write it; its runs are kept, so that every number of it opens, and its files lie in the workspace."""
        from zizhu.show.brief.page import page
        from zizhu.show.brief.write import write
        from zizhu.show.report.kept import keep
        from zizhu.show.report.pdf import ending, printed

        steps = (
            len(self.report.views) + 2
        )  # the views, the opening of all numbers, and the page with its drawings
        told = iter(range(steps))
        with ending():
            made = write(workspace, self.report, lambda _: tell(next(told, steps - 1), steps))
            html = page(made)
            tell(steps - 1, steps)
            files = keep(workspace.root, html, printed(html) if self.pdf else None)
        return Told(ended=True, files=files)


Task = ScenarioTask | ReadTask | ReportTask


def work(connection: Connection, task: Task, root: Path) -> None:
    """Do a task for the workspace at `root` and tell of it; ends with the process that began this one."""
    from zizhu.store import Workspace
    from zizhu.stress.ensemble.worker import end_with_parent

    Thread(target=end_with_parent, daemon=True).start()
    try:
        told = task.done(Workspace(root), _telling(connection))
    except ZizhuError as error:
        told = Told(problems=error.problems)
    with suppress(OSError):  # nobody listens any more
        connection.send(told)


def scenarios(workspace: Workspace, text: str, name: str) -> tuple[Scenario, ...]:
    """The scenarios of a text; raises ZizhuError with all that is wrong with it, as a file of that name would have."""
    from zizhu.stress.asked import read_all

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{name}.yaml"
        file.write_bytes(text.encode("utf-8", "replace"))
        return read_all(workspace, [file])


def _telling(connection: Connection) -> Tell:
    last = 0.0

    def tell(done: int, of: int) -> None:
        nonlocal last
        now = monotonic()
        if done in (0, of) or now - last >= OFTEN:
            last = now
            connection.send(Told(done, of))

    return tell


def _run(workspace: Workspace, scenario: Scenario, tell: Tell) -> list[str]:
    from zizhu.stress import run, spread
    from zizhu.stress.ensemble.computed import batches
    from zizhu.stress.ensemble.executor import executor

    inputs = run.load(workspace, run.Params(scenario=scenario))
    inputs = inputs.with_work(executor(None, batches(scenario.runs)), tell)
    results = [run.solve(inputs)]
    with suppress(CannotAnswer):  # too few draws to say what moves the band
        results.append(spread.solve(inputs))
    for result in results:
        workspace.save_run(result.run)
    return [result.run.id for result in results]


def _compared(workspace: Workspace, said: Sequence[Scenario], tell: Tell) -> list[str]:
    from zizhu.stress import compare
    from zizhu.stress.ensemble.computed import batches
    from zizhu.stress.ensemble.executor import executor

    inputs = compare.load(workspace, compare.Params(scenarios=tuple(said)))
    most = max(s.runs for s in said)
    result = compare.solve(inputs.with_work(executor(None, batches(most)), tell))
    workspace.save_run(result.run)
    return [result.run.id]
