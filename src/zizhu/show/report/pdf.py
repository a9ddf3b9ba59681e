"""A page of ours as PDF, printed by a headless Chromium where the machine has one.

What it is given is a page that this package wrote: its own policy lets it load nothing and run nothing. The browser is
told the same once more: no name that resolves, a proxy that is not there, a profile of its own that is
removed, a time limit, and at its end nothing of it is left running. Its sandbox stays on; only for root, for whom it
does not start with one, is it switched off.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from zizhu.vocab.problems import Problem, ZizhuError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
OWN = "ZIZHU_CHROMIUM"
"""The variable that names another browser of the kind."""
LONGEST = 120.0
"""Seconds that printing may take."""
OPTIONS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--disable-crash-reporter",
    "--disable-dev-shm-usage",  # a container's is often too small
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
)
ENDS = b"%%EOF"
STOPS = (signal.SIGTERM, signal.SIGINT)
"""What tells a process to end, a job's and a person's."""


def browser() -> str | None:
    """The Chromium of this machine: the one that the environment names, else the first that is found."""
    named = os.environ.get(OWN)
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


def absent() -> Problem | None:
    """Why nothing can be printed here; None where it can."""
    if browser():
        return None
    named = os.environ.get(OWN)
    return Problem(
        f"{OWN}={named} is no program" if named else "no Chromium on this machine",
        "PDF",
        f"one of {', '.join(NAMES)}, or {OWN}=/path/to/it",
        "Install the package chromium, or write HTML and print it from any browser.",
    )


def printed(html: str, longest: float = LONGEST) -> bytes:
    """The PDF of a page. Raises ZizhuError where there is no browser, where it fails, and where it takes too long."""
    program = browser()
    if program is None:
        problem = absent()
        assert problem is not None
        raise ZizhuError(problem)
    with tempfile.TemporaryDirectory(prefix="zizhu-pdf-", ignore_cleanup_errors=True) as folder:
        page, out = Path(folder) / "page.html", Path(folder) / "page.pdf"
        page.write_text(html, encoding="utf-8")
        said = _run([program, *_options(Path(folder)), f"--print-to-pdf={out}", page.as_uri()], longest)
        content = out.read_bytes() if out.is_file() else b""
    if not (content.startswith(b"%PDF") and ENDS in content[-64:]):
        raise ZizhuError(_failed(program, said))
    return content


@contextmanager
def ending() -> Iterator[None]:
    """Have a process that is told to end (SIGTERM) leave by its own ways out, so that no browser of it goes on."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _options(folder: Path) -> tuple[str, ...]:
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return (*OPTIONS, f"--user-data-dir={folder / 'profile'}", *(("--no-sandbox",) if root else ()))


def _run(command: list[str], longest: float) -> str:
    """What the browser says on its way; raises ZizhuError for one that takes too long."""
    process: subprocess.Popen[bytes] | None = None
    try:
        with _held():
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,  # so that it can be ended with all that it starts
            )
        _, said = process.communicate(timeout=longest)
    except subprocess.TimeoutExpired as error:
        raise ZizhuError(
            Problem(
                f"not printed within {longest:g} seconds",
                command[0],
                "a page in time",
                "Ask for fewer views, or write HTML and print it from any browser.",
            )
        ) from error
    finally:
        if process is not None:
            _ended(process)
    return said.decode("utf-8", "replace")


@contextmanager
def _held() -> Iterator[None]:
    """Have a signal to stop wait for the end of the block, so that none comes between a browser and its name."""
    if threading.current_thread() is not threading.main_thread():  # which alone hears signals
        yield
        return
    came: list[int] = []
    before = {
        each: signal.signal(each, lambda number, _: came.append(number))
        for each in STOPS
        if signal.getsignal(each)
    }
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
        for number in came[:1]:
            signal.raise_signal(number)


def _ended(process: subprocess.Popen[bytes]) -> None:
    """End the browser and all that it has started."""
    with process, suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _failed(program: str, said: str) -> Problem:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    told = next((line for line in lines if "sandbox" in line.casefold()), lines[-1] if lines else "nothing")
    return Problem(
        f"no PDF came of it; it said: {told[:300]}",
        program,
        "a browser that prints to a file",
        f"Try another with {OWN}=/path/to/it, or write HTML and print it from any browser.",
    )
