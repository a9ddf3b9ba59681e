"""Partial results of long work, kept until it is done, so that what was interrupted goes on where it stopped.

    parts/<key>/{plan.json, <name>.npz}, and .npy for what processes map

`plan.json` says what the work is, for those who want to go on with it.

A part is written whole or not at all; one that cannot be read (cut off by a dying machine) counts as not there. The key
names the question and all that its answer depends on, so a part is never wrong, only superfluous.
"""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zizhu.store import files

Arrays = Mapping[str, NDArray[Any]]
FOLDER, PLAN = "parts", "plan.json"
_KEY = re.compile(r"[0-9a-f]{12,64}")
_NAME = re.compile(r"[a-z0-9-]{1,40}")


@dataclass(frozen=True)
class Parts:
    """The parts of one piece of work in `folder`."""

    folder: Path

    @classmethod
    def of(cls, root: Path, key: str) -> Parts:
        """The parts under a key (hexadecimal) of the workspace at `root`."""
        if not _KEY.fullmatch(key):
            raise ValueError(f"not a key: {key!r}")
        return cls(root / FOLDER / key)

    @classmethod
    def kept(cls, root: Path) -> list[Parts]:
        """All work of the workspace at `root` that has a plan, the latest first."""
        plans = sorted((root / FOLDER).glob("*/plan.json"), key=lambda p: (-p.stat().st_mtime, p.parent.name))
        return [cls(p.parent) for p in plans]

    @property
    def key(self) -> str:
        """What the work is kept under."""
        return self.folder.name

    @property
    def bytes(self) -> int:
        """What all parts take up on disk."""
        return sum(p.stat().st_size for p in self.folder.glob("*") if p.is_file())

    def begin(self, plan: str) -> None:
        """Write down what the work is (JSON), unless that is done."""
        path = self.folder / PLAN
        if not path.is_file():
            self.folder.mkdir(parents=True, exist_ok=True)
            files.write_atomic(path, plan.encode())

    def plan(self) -> str | None:
        """What the work is; None where nobody said so."""
        try:
            return (self.folder / PLAN).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def names(self) -> list[str]:
        """The names of all parts that are there, sorted."""
        return sorted(p.stem for p in self.folder.glob("*.npz") if not p.name.startswith("."))

    def write(self, name: str, arrays: Arrays) -> None:
        """Keep a part."""
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **arrays)
        self.folder.mkdir(parents=True, exist_ok=True)
        files.sweep_stale(self.folder)
        files.write_atomic(self._path(name), buffer.getvalue())

    def mapped(self, name: str, array: NDArray[Any]) -> Path:
        """A file that processes map into memory together instead of each reading a table of its own."""
        path = self._path(name).with_suffix(".npy")
        if not path.is_file():
            buffer = io.BytesIO()
            np.save(buffer, np.ascontiguousarray(array), allow_pickle=False)
            self.folder.mkdir(parents=True, exist_ok=True)
            files.write_atomic(path, buffer.getvalue())
        return path

    def read(self, name: str) -> dict[str, NDArray[Any]] | None:
        """A part, or None when it is not there or is damaged."""
        try:
            with np.load(io.BytesIO(self._path(name).read_bytes()), allow_pickle=False) as held:
                return {k: held[k] for k in held.files}
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None

    def discard(self) -> None:
        """Remove all parts."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a name of a part: {name!r}")
        return self.folder / f"{name}.npz"
