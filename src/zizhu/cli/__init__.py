"""The command line: reads options, calls one verb, prints the answer. No arithmetic."""

from __future__ import annotations

import gc
import signal
import sys

STOPPED = 128 + signal.SIGINT
_GARBAGE = (50_000, 20, 100)
"""Objects, and collections of younger ones, after which garbage is looked for: a command makes more than it drops."""


def main() -> None:
    """Run the command line.

    Exit codes: 0 ok, 2 bad input, 3 cannot be answered with this data, 130 stopped by the user (Ctrl-C).
    """
    gc.set_threshold(*_GARBAGE)
    try:
        _run()
    except KeyboardInterrupt:
        sys.exit(_stopped())
    except SystemExit as end:
        # Typer turns Ctrl-C into this code, in silence
        sys.exit(_stopped() if end.code == STOPPED else end.code)
    finally:
        gc.freeze()  # what is left goes with the process


def _run() -> None:
    from zizhu.vocab.problems import ZizhuError

    try:
        from zizhu.cli.app import app

        app()
    except ZizhuError as error:
        from zizhu.cli.output import report

        sys.exit(report(error))


def _stopped() -> int:
    """Say in one line that the command was stopped: files are written whole or not at all."""
    below = "\n" if sys.stderr.isatty() else ""  # a terminal shows ^C
    sys.stderr.write(f"{below}Stopped; nothing was left half-written.\n")
    return STOPPED
