"""Ctrl-C: one line, exit code 130, and nothing half-written."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

import zizhu.cli.app
from cli.running import ZIZHU, environment
from zizhu import cli

SAID = "Stopped; nothing was left half-written.\n"
LONGEST = 60.0


def heed() -> None:
    """A shell lets what it runs in the background ignore Ctrl-C, these tests perhaps too."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.slow
def test_a_long_command_stops_in_one_line(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*ZIZHU, "demo"],
        cwd=tmp_path,
        env=environment(tmp_path),
        preexec_fn=heed,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + LONGEST
    while not list(tmp_path.glob("ws/runs/*.json")) and time.monotonic() < until:
        time.sleep(0.02)  # its first answer is kept: the brief is being written
    process.send_signal(signal.SIGINT)
    told, said = process.communicate(timeout=LONGEST)
    assert (process.returncode, said, told) == (130, SAID, "")
    assert not list(tmp_path.glob("*.html"))
    assert not list(tmp_path.rglob(".tmp-*"))


def test_a_command_stops_while_it_is_being_loaded(tmp_path: Path) -> None:
    """A module that the commands need sends the signal, as a user would who thinks better of it."""
    (tmp_path / "typer.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    done = subprocess.run(
        [*ZIZHU, "demo"],
        cwd=tmp_path,
        env=environment(tmp_path) | {"PYTHONPATH": str(tmp_path)},
        preexec_fn=heed,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr, done.stdout) == (130, SAID, "")


@pytest.mark.parametrize("raised", [KeyboardInterrupt(), SystemExit(130)])
def test_a_terminal_gets_the_line_below_its_mark(
    raised: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped() -> None:
        raise raised

    monkeypatch.setattr(zizhu.cli.app, "app", stopped)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == 130
    assert capsys.readouterr().err == f"\n{SAID}"


@pytest.mark.parametrize("code", [None, 0, 1, 2, 3])
def test_other_ends_stay_as_they_are(
    code: int | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ended() -> None:
        raise SystemExit(code)

    monkeypatch.setattr(zizhu.cli.app, "app", ended)
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == code
    assert capsys.readouterr().err == ""
