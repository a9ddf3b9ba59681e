"""The application: its addresses, the workbench that they share, and its description as OpenAPI."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

import zizhu
from zizhu.store.claimed import Claim
from zizhu.vocab.problems import Problem, ZizhuError
from zizhu.web.bench import Bench
from zizhu.web.guard import Guard, Rules
from zizhu.web.pages import Pages
from zizhu.web.refusals import Refused, refusal, refused
from zizhu.web.routes import about, asked, documents, jobs, opened, register, reports, sources, stress
from zizhu.web.verbs import VERBS


def create_app(
    workspace: Path,
    token: str | None = None,
    *,
    host: str = "127.0.0.1",
    names: Iterable[str] = (),
    jobs_at_once: int = 1,
    claim: Claim | None = None,
    pages: Pages | None = None,
    ready: Callable[[], None] = lambda: None,
) -> FastAPI:
    """The workbench on a workspace, for a server on the address `host`.

    token: needed on an address that others reach. names: other names that this machine is called by. claim: on
    the workspace; nothing is changed here where somebody else has it. ready: called when what is asked first was
    made, or cannot be. Raises ZizhuError where the workspace cannot be used.
    """
    bench = Bench.on(workspace, jobs_at_once)
    bench.claim = claim
    app = FastAPI(
        title="zizhu",
        version=zizhu.__version__,
        summary="An industrial strategy, computed: sourced targets, dependence, and what a control breaks.",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_living,
    )
    app.state.bench, app.state.ready = bench, ready
    app.add_middleware(Guard, rules=Rules.of(host, token, names))
    for part in (about, asked, opened, register, sources, documents, stress, jobs, reports):
        app.include_router(part.router, prefix="/api")
    _add_handlers(app, bench.workspace.root)
    _add_pages(app, pages if pages is not None else Pages.of())
    return app


@asynccontextmanager
async def _living(app: FastAPI) -> AsyncIterator[None]:
    """As long as the server runs; jobs end with it. What is asked first is made before it is asked."""
    bench: Bench = app.state.bench
    Thread(target=_first, args=(bench, app.state.ready), daemon=True).start()
    yield
    bench.jobs.close()


def _first(bench: Bench, ready: Callable[[], None]) -> None:
    """The scorecard; whoever asks for it is told what is wrong with it."""
    try:
        with suppress(ZizhuError):
            bench.answers.page(VERBS[0], VERBS[0].asked([]))
    finally:
        ready()


def _add_handlers(app: FastAPI, root: Path) -> None:
    """Say every error as problems."""

    @app.exception_handler(ZizhuError)
    def of_zizhu(request: Request, error: ZizhuError) -> Response:
        del request
        return refused(error, root)

    @app.exception_handler(RequestValidationError)
    def of_request(request: Request, error: RequestValidationError) -> Response:
        del request
        malformed = any(e["type"] == "json_invalid" for e in error.errors())
        return refusal(400 if malformed else 422, [_fault(e) for e in error.errors()])

    @app.exception_handler(HTTPException)
    def of_http(request: Request, error: HTTPException) -> Response:
        problem = Problem(
            str(error.detail),
            f"{request.method} {request.url.path}"[:200],
            "an address of /api/openapi.json",
            "",
        )
        response = refusal(error.status_code, [problem])
        response.headers.update(error.headers or {})
        return response


def _fault(error: Any) -> Problem:
    place = ".".join(map(str, error["loc"]))
    expected = error["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    return Problem(
        f"{place}: {error['msg']}", "request", expected, f"Got {error.get('input')!r:.80}: correct it."
    )


def _add_pages(app: FastAPI, pages: Pages) -> None:
    """Serve the front end at every address that is not the API's."""

    @app.get("/{path:path}", include_in_schema=False)
    def page(path: str, request: Request) -> Response:
        found = None if path == "api" or path.startswith("api/") else pages.at(path, request)
        if found is None:
            problem = Problem(
                "there is nothing here", f"/{path}"[:200], "an address of the workbench", "Open /."
            )
            raise Refused(404, problem)
        return found
