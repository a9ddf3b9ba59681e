"""Questions by address, each an answer; what was answered, again by its run, as a table, a figure or a file."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from zizhu.ledger.models import Run
from zizhu.web.bench import Bench, Here
from zizhu.web.refusals import or_missing
from zizhu.web.shapes import Answer, Drawing
from zizhu.web.verbs import VERBS, Verb, Width

router = APIRouter(tags=["answers"])
RunId = Annotated[str, Path(pattern=r"^[0-9a-f]{12}$", description="The id of a run.")]
Named = Annotated[str, Query(max_length=40, description="Another figure than the first: one of `others`.")]
Form = Literal["csv", "svg", "png", "vl.json"]
USUAL = 720
"""Width of a figure where none is said."""
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "vl.json": "application/json",
}


def _endpoint(verb: Verb) -> Callable[[Request, Bench], Awaitable[Response]]:
    async def answer(request: Request, bench: Here) -> Response:
        asking = verb.asked(request.query_params.multi_items())
        page = bench.answers.known(verb, asking)
        if page is None:
            page = await bench.made(partial(bench.answers.page, verb, asking))
        return page.to(request)

    return answer


for _verb in VERBS:
    router.add_api_route(
        f"/{_verb.path}",
        _endpoint(_verb),
        methods=["GET"],
        response_model=Answer,
        summary=_verb.about,
        operation_id=_verb.path.replace("/", "_").replace("-", "_"),
    )


@router.get("/runs/{run}", response_model=Answer)
async def run(run: RunId, request: Request, bench: Here, width: Width = None) -> Response:
    """The answer of a run, made again where it is not at hand."""
    _held(bench, run)
    page = await bench.made(partial(bench.answers.run_page, run, width))
    return page.to(request)


@router.post("/runs/{run}/keep")
def keep(run: RunId, bench: Here) -> Run:
    """Keep the run of a preview, so that its numbers open at any time."""
    bench.require_writing()
    _held(bench, run)
    return bench.answers.keep(run)


@router.get("/runs/{run}/figure", response_model=Drawing)
async def figure(
    run: RunId, request: Request, bench: Here, width: Width = None, drawing: Named = ""
) -> Response:
    """A figure of a run's answer."""
    asked = (_held(bench, run), width or USUAL, drawing)
    page = bench.answers.known_figure(*asked)
    if page is None:
        page = await bench.made(partial(bench.answers.figure, *asked))
    return page.to(request)


@router.get("/runs/{run}/export.{form}", response_class=Response)
async def export(run: RunId, form: Form, bench: Here, drawing: Named = "") -> Response:
    """The answer of a run as a file: its rows, or a figure of it as it stands alone."""
    _held(bench, run)
    content = await bench.made(partial(_exported, bench, run, form, drawing))
    which = f"{run}-{drawing}" if drawing and form != "csv" else run
    named = {"Content-Disposition": f'attachment; filename="zizhu-{which}.{form}"'}
    return Response(content, media_type=KINDS[form], headers=named)


def _held(bench: Bench, run: str) -> Run:
    with or_missing():
        return bench.answers.run(run)


def _exported(bench: Bench, run: str, form: Form, name: str) -> bytes:
    from zizhu.show.alone import alone, pixels, titled

    result = bench.answers.of_run(run).result
    if form == "csv":
        return result.table().write_csv().encode()
    figure = result.figure(name)
    if form == "png":
        return pixels(figure)
    return (
        alone(figure) if form == "svg" else json.dumps(titled(figure), ensure_ascii=False, indent=1)
    ).encode()
