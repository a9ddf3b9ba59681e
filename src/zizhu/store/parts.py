"""Partial results of long work, kept until it is done, so that what was interrupted goes on where it stopped.

    parts/<key>/<name>.npz

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
FOLDER = "parts"
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

    def read(self, name: str) -> dict[str, NDArray[Any]] | None:
        """A part, or None when it is not there or is damaged."""
        try:
            with np.load(self._path(name), allow_pickle=False) as held:
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
