"""`zizhu serve`: the workbench in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from zizhu.cli.options import Place, workspace


def serve(
    host: Annotated[
        str,
        typer.Option(help="Address to listen on; any but a loopback one needs a token, which is printed."),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes one that is free.")] = 8417,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Scenarios and readings that run at once.")] = 1,
    name: Annotated[
        list[str] | None, typer.Option(help="Another name that this machine is called by; repeatable.")
    ] = None,
    place: Place = None,
) -> None:
    """Serve the workbench: look, point and ask, on the same workspace as the command line."""
    from zizhu.web.serving import serve as serve_it

    serve_it(
        workspace(place).root, host, port, jobs=jobs, names=name or (), tell=lambda said: typer.echo(said)
    )
