"""Reports: what can be asked for, made as jobs, and their files, which are taken home and not shown here."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Path, Response

from zizhu.show.report import pdf
from zizhu.show.report.kept import KINDS, content
from zizhu.vocab.problems import Problem, ZizhuError
from zizhu.web.bench import Here
from zizhu.web.refusals import or_missing
from zizhu.web.shapes import Fault, Job, ReportPreset, ReportRun, Reports
from zizhu.web.verbs import VERBS
from zizhu.web.worker import ReportTask

router = APIRouter(prefix="/reports", tags=["reports"])
Name = Annotated[str, Path(pattern=r"^[0-9a-f]{16}\.(html|pdf)$", description="A file that a job has made.")]
WHERE = "report"
COMPUTED = ("read.conflicts", "stress.compare", "stress.run", "stress.spread")
"""Verbs whose answers are shown here though they are not asked by address."""


@router.get("")
def reports() -> Reports:
    """The built-in reports, and why nothing can be printed here, where that is so."""
    from zizhu.show.report.model import presets

    why = pdf.absent()
    return Reports(
        presets=[
            ReportPreset(name=k, report=r.model_dump(mode="json", exclude_defaults=True))
            for k, r in presets().items()
        ],
        cannot_print=Fault(**vars(why)) if why else None,
    )


@router.post("", status_code=202)
def make(said: ReportRun, bench: Here) -> Job:
    """Make a report: a job, whose files are one HTML page that needs no network, and the same as PDF where asked."""
    from zizhu.show.report.model import parsed

    bench.require_writing()
    problems = [why] if said.pdf and (why := pdf.absent()) else []
    try:
        asked = parsed(said.report, WHERE)
        problems += _elsewhere([v.verb for v in asked.views])
        if asked.needs_country and not asked.country:
            problems.append(
                Problem("no country is named", WHERE, "the country of its exhibits", "Choose one.")
            )
    except ZizhuError as error:
        problems += error.problems
    if problems:
        raise ZizhuError(problems)
    return bench.jobs.begin("report", asked.title or asked.kind, ReportTask(asked, said.pdf))


@router.get("/{name}", response_class=Response)
async def file(name: Name, bench: Here) -> Response:
    """A file of a report, to be kept: a browser does not show it as a page of the workbench."""
    with or_missing():
        made = await bench.made(lambda: content(bench.workspace.root, name))
    kind = KINDS[name.rpartition(".")[2]]
    return Response(
        made, media_type=kind, headers={"Content-Disposition": f'attachment; filename="zizhu-{name}"'}
    )


def _elsewhere(verbs: list[str]) -> Iterator[Problem]:
    """Verbs that are asked on the command line only, such as those that read a folder of the machine."""
    for i, verb in enumerate(verbs, 1):
        if verb and verb not in _asked_here():
            yield Problem(
                f"{verb} is not asked here",
                f"{WHERE}, view {i}",
                "a verb of the workbench",
                "Write this report with `zizhu report`.",
            )


@cache
def _asked_here() -> frozenset[str]:
    return frozenset((*(v.method for v in VERBS), *COMPUTED))
