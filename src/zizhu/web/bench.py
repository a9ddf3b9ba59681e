"""What all requests share: the workspace, its answers, the work under way, and who may change what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request

from zizhu.store import Workspace
from zizhu.store.claimed import Claim
from zizhu.store.memory import Memory
from zizhu.vocab.problems import Problem
from zizhu.web.answers import Answers
from zizhu.web.jobs import Jobs
from zizhu.web.refusals import Refused

T = TypeVar("T")
TABLES = 6
"""Tables that are kept in memory with what is factored of them: one of 4,000 industries has half a gigabyte."""
AT_ONCE = 4
"""Answers that are made at once; the others wait, and answers that are kept pass them."""


@dataclass
class Bench:
    """The workbench on a workspace. Where somebody else has the claim on it, nothing is changed here."""

    workspace: Workspace
    answers: Answers
    jobs: Jobs
    claim: Claim | None = None
    heavy: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(AT_ONCE))

    @classmethod
    def on(cls, root: Path, jobs: int) -> Bench:
        """On the workspace at `root`, with at most so many jobs at once; raises ZizhuError where it cannot be used."""
        workspace = Workspace(root, memory=Memory(TABLES))
        workspace.check_writable()
        return cls(workspace, Answers.of(workspace), Jobs(workspace.root, jobs))

    async def made(self, make: Callable[[], T]) -> T:
        """What is made by long work, beside the requests that need none."""
        return await to_thread.run_sync(make, limiter=self.heavy)

    @property
    def elsewhere(self) -> str:
        """Who else has the workspace, or nothing."""
        return self.claim.elsewhere if self.claim else ""

    @property
    def lost(self) -> bool:
        """Whether the workspace is no more the one that this was started on."""
        return self.claim is not None and self.claim.lost()

    def require_writing(self) -> None:
        """Raise Refused (409) where another workbench has the workspace, or it is not the same any more."""
        if self.lost:
            raise Refused(
                409,
                Problem(
                    "the workspace was removed, moved or replaced since this workbench was started",
                    "this workbench",
                    "the workspace that it was started on",
                    "Put it back, or end this workbench and start it again.",
                ),
            )
        if self.elsewhere:
            raise Refused(
                409,
                Problem(
                    f"the workspace is open in {self.elsewhere}",
                    "this workbench",
                    "the workbench that was started first",
                    "Review and run there, or end it and start this one again; here everything can be read.",
                ),
            )


def _bench(request: Request) -> Bench:
    found: Bench = request.app.state.bench
    return found


Here = Annotated[Bench, Depends(_bench)]
"""The workbench that a request came to."""
