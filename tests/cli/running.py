"""The command line as a process of its own, and, where only words are looked at, within this one."""

from __future__ import annotations

import ctypes
import io
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from unittest.mock import patch

import pytest
import typer.main

from zizhu.cli import main

ZIZHU = (sys.executable, "-c", "from zizhu.cli import main; main()")
WIDE = 200
COMMAND = cache(typer.main.get_command)
"""The commands are made of their functions once, not at every start."""
DROP, OVERRIDE, SEARCH = 24, 1, 2
"""PR_CAPBSET_DROP and the two capabilities by which modes of files do not count for the superuser (Linux)."""


def environment(place: Path, workspace: Path | None = None, columns: int = WIDE) -> dict[str, str]:
    """The user's environment: a workspace of its own under `place`, and a page of so many columns."""
    return {**os.environ, "ZIZHU_WORKSPACE": str(workspace or place / "ws"), "COLUMNS": str(columns)}


def run(
    *arguments: str,
    place: Path,
    expect: int = 0,
    workspace: Path | None = None,
    superuser: bool = True,
) -> subprocess.CompletedProcess[str]:
    """Run `zizhu` in `place`; it ends with `expect` and never with a traceback.

    `superuser=False` makes the modes of files count whoever runs the tests.
    """
    done = subprocess.run(
        [*ZIZHU, *arguments],
        capture_output=True,
        text=True,
        cwd=place,
        env=environment(place, workspace),
        preexec_fn=None if superuser else _obey_modes,
        timeout=120,
        check=False,
    )
    assert done.returncode == expect, done.stderr
    assert "Traceback" not in done.stderr
    return done


def within(
    *arguments: str, place: Path, expect: int = 0, workspace: Path | None = None, columns: int = WIDE
) -> subprocess.CompletedProcess[str]:
    """As `run`, without the seconds that a new process takes to load everything."""
    out, err = io.StringIO(), io.StringIO()
    with (
        chdir(place),
        patch.dict(os.environ, environment(place, workspace, columns)),
        patch.object(sys, "argv", ["zizhu", *arguments]),
        redirect_stdout(out),
        redirect_stderr(err),
        patch.object(typer.main, "get_command", COMMAND),
        pytest.raises(SystemExit) as end,
    ):
        main()
    assert (end.value.code or 0) == expect, err.getvalue()
    return subprocess.CompletedProcess(arguments, expect, out.getvalue(), err.getvalue())


def files_in(place: Path) -> list[Path]:
    """Every file under `place`."""
    return [p for p in place.rglob("*") if p.is_file()]


def _obey_modes() -> None:
    if os.geteuid() == 0:
        for capability in (OVERRIDE, SEARCH):
            ctypes.CDLL(None).prctl(DROP, capability)
