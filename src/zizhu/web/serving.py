"""`zizhu serve`: a socket, the application on it, and what a person must know, said once."""

from __future__ import annotations

import atexit
import gc
import os
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from zizhu.vocab.problems import Problem, ZizhuError

WAITING = 2
"""Seconds that open requests have when the server ends."""
CONNECTIONS = 200
IDLE = 15
"""Seconds that a connection may be silent between requests."""


def serve(
    root: Path,
    host: str,
    port: int,
    *,
    jobs: int = 1,
    names: Iterable[str] = (),
    tell: Callable[[str], None],
) -> None:
    """Serve the workspace at `root` until it is stopped; `tell` has each line for the person who started it.

    On another address than a loopback one a token is made, and told here only. Raises ZizhuError where the workspace
    or the address cannot be used, and where the packages of the workbench are missing.
    """
    gc.disable()  # what is brought in until the first answer stays: looking for waste in it takes a sixth of the start
    _require_packages()
    from zizhu.store.claimed import claimed
    from zizhu.web.app import create_app
    from zizhu.web.guard import LOOPBACK

    token = None if host in LOOPBACK else secrets.token_urlsafe(32)
    with _bound(host, port) as listening:
        address = f"http://{_shown(host)}:{listening.getsockname()[1]}"
        with claimed(root, f"{address} (process {os.getpid()})") as claim:
            app = create_app(
                root, token, host=host, names=names, jobs_at_once=jobs, claim=claim, ready=_collect
            )
            for line in _lines(address, token, claim.elsewhere):
                tell(line)
            try:
                _run(app, listening)
            except KeyboardInterrupt:
                atexit.register(_leave)
                raise


def _collect() -> None:
    """Look for waste from now on, in what is new."""
    gc.freeze()
    gc.enable()


def _run(app: object, listening: socket.socket) -> None:
    import uvicorn

    from zizhu.web.patience import Patient

    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        http=Patient,
        access_log=False,  # an address may have the token in it
        log_level="warning",
        server_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=WAITING,
    )
    uvicorn.Server(config).run([listening])


def _leave() -> None:
    """End without waiting for answers that are being made for nobody: a thread in the midst of one, cut off by the end
    of the interpreter, would abort the process."""
    if threading.active_count() > 1:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(128 + signal.SIGINT)


def _lines(address: str, token: str | None, elsewhere: str) -> Iterable[str]:
    yield f"The workbench is at {address}" + (" (Ctrl-C ends it)." if token is None else ".")
    if token is not None:
        yield f"Open this link once; it is not shown again: {address}/enter?token={token}"
        yield "The connection is not encrypted: outside a network that you trust, reach it through an SSH tunnel."
    if elsewhere:
        yield f"The workspace is open in {elsewhere}: here it can be read, and nothing is reviewed or run."


def _bound(host: str, port: int) -> socket.socket:
    """A socket on that address that takes whoever comes; port 0 is any that is free."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        # with the protocol, by which the event loop knows that small answers must not wait for each other
        bound = socket.socket(family, kind, protocol)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(place)
            bound.listen(CONNECTIONS)
        except BaseException:
            bound.close()
            raise
        return bound
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ZizhuError(
            Problem(
                f"cannot listen: {why}",
                f"{host}:{port}",
                "a free port of this machine",
                "Try --port 0.",
            )
        ) from error


def _shown(host: str) -> str:
    """An address as a browser takes it; of all addresses, this machine's name."""
    if host in ("0.0.0.0", "::", ""):
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host


def _require_packages() -> None:
    try:
        import fastapi
        import uvicorn
    except ImportError as error:
        raise ZizhuError(
            Problem(
                f"the package {error.name} is not installed",
                "zizhu serve",
                "the packages of the workbench",
                "Install them: pip install 'zizhu[web]'.",
            )
        ) from error
    del fastapi, uvicorn
