"""Opening a reference: a number of a run, a cell of a table, a fact of the register, or words of a document."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query

from zizhu.show.opened import Opened
from zizhu.web.bench import Here

router = APIRouter(tags=["trace"])


@router.get("/trace")
async def trace(
    bench: Here,
    ref: Annotated[str, Query(max_length=2000, description="A reference, such as run:<id>#<key>,<column>.")],
    top: Annotated[int, Query(ge=1, le=5000, description="How many parts.")] = 20,
) -> Opened:
    """What a reference says, its parts, the run that made it and the sources behind it."""
    return await bench.made(partial(bench.answers.opened, ref, top))
