"""Work under way: how far it is, as it goes on, and its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.sse import EventSourceResponse

from zizhu.web.bench import Here
from zizhu.web.jobs import ENDED
from zizhu.web.shapes import Job

router = APIRouter(prefix="/jobs", tags=["jobs"])
JobId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$", description="The id of a job.")]
OFTEN = 0.1
"""Seconds between two looks at a job."""


@router.get("")
def jobs(bench: Here) -> list[Job]:
    """All jobs of this server, the latest first."""
    return bench.jobs.all()


@router.get("/{job}")
def job(job: JobId, bench: Here) -> Job:
    """A job as it stands."""
    return bench.jobs.one(job)


@router.delete("/{job}")
def cancel(job: JobId, bench: Here) -> Job:
    """End a job; what a scenario has computed is kept, and one that has ended stays as it is."""
    return bench.jobs.cancel(job)


def _known(job: JobId, bench: Here) -> Job:
    """The job, before anything is sent of it: one that is not known is missing, and no broken stream."""
    return bench.jobs.one(job)


@router.get("/{job}/events", response_class=EventSourceResponse)
async def events(known: Annotated[Job, Depends(_known)], bench: Here) -> AsyncIterable[Job]:
    """A job whenever it changes, until it ends. Each event is the whole job: one who comes back misses nothing."""
    yield known
    last = known
    while last.state not in ENDED:
        await asyncio.sleep(OFTEN)
        now = bench.jobs.one(last.id)
        if now != last:
            yield now
        last = now
