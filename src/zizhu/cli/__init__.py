"""The command line: reads options, calls one verb, prints the answer. No arithmetic."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line. Exit codes: 0 ok, 2 bad input, 3 cannot be answered with this data."""
    from zizhu.cli.app import app
    from zizhu.vocab.problems import ZizhuError

    try:
        app()
    except ZizhuError as error:
        from zizhu.cli.output import report

        sys.exit(report(error))
