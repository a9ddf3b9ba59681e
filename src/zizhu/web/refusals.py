"""Why a request gets no answer: problems for the person, and the status that programs go by."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from pydantic_core import to_json
from starlette.responses import Response

from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError
from zizhu.web.shapes import Fault

LOG = logging.getLogger("zizhu.web")
FAULT = Problem(
    "the workbench made a mistake",
    "server",
    "an answer",
    "What happened stands where `zizhu serve` runs: please report it.",
)


class Refused(ZizhuError):
    """Problems with a status of their own."""

    def __init__(self, status: int, problems: Problem | Iterable[Problem]) -> None:
        super().__init__(problems)
        self.status = status


def status_of(error: ZizhuError) -> int:
    """404 what is not here, 409 what is in the way, 413 too large, 422 what is wrong or cannot be answered."""
    return error.status if isinstance(error, Refused) else 422


def refusal(
    status: int, problems: Sequence[Problem], cannot: bool = False, root: Path | None = None
) -> Response:
    """Problems as JSON. The folder of the workspace goes by that name: where it lies is nobody's business."""
    told = to_json({"problems": [asdict(p) for p in problems], "cannot": cannot})
    if root is not None:
        told = told.replace(str(root).encode(), b"workspace")
    return Response(told, status, media_type="application/json")


def refused(error: ZizhuError, root: Path | None = None) -> Response:
    """The refusal that an error is."""
    return refusal(status_of(error), error.problems, isinstance(error, CannotAnswer), root)


def faults(problems: Iterable[Problem], root: Path) -> list[Fault]:
    """Problems beside an answer, in which the folder of the workspace goes by that name too."""
    return [
        Fault(**{name: said.replace(str(root), "workspace") for name, said in vars(p).items()})
        for p in problems
    ]


@contextmanager
def or_missing() -> Iterator[None]:
    """What an address names and is not here is missing (404), and not wrong."""
    try:
        yield
    except ZizhuError as error:
        raise Refused(404, error.problems) from error
