"""Partial results of long work, kept until it is done, so that what was interrupted goes on where it stopped.

    parts/<key>/{plan.json, <name>.npz}

`plan.json` says what the work is, for those who want to go on with it.

A part is written whole or not at all; one that cannot be read (cut off by a dying machine) counts as not there. The key
names the question and all that its answer depends on, so a part is never wrong, only superfluous: processes that do the
same work at once write the same parts. What cannot be written raises ZizhuError.
"""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zizhu.store import files
from zizhu.store.workspace import reaching

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
        found = [cls(p.parent) for p in (root / FOLDER).glob(f"*/{PLAN}") if _KEY.fullmatch(p.parent.name)]
        return sorted(found, key=lambda parts: (-parts.begun, parts.key))

    @property
    def key(self) -> str:
        """What the work is kept under."""
        return self.folder.name

    @property
    def begun(self) -> float:
        """When the plan was written, in seconds since 1970; 0 where it is gone."""
        try:
            return (self.folder / PLAN).stat().st_mtime
        except OSError:
            return 0.0

    @property
    def bytes(self) -> int:
        """What all parts take up on disk."""
        return sum(p.stat().st_size for p in self.folder.glob("*") if p.is_file())

    def begin(self, plan: str) -> None:
        """Write down what the work is (JSON), unless that is done."""
        path = self.folder / PLAN
        with reaching(path, "written"):
            if not path.is_file():
                files.write_atomic(path, plan.encode())
            files.sweep_stale(self.folder)

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
        with reaching(self.folder, "written"):
            files.write_atomic(self._path(name), buffer.getvalue())

    @contextmanager
    def lent(self, array: NDArray[Any]) -> Iterator[Path]:
        """A file (.npy) that processes map into memory together, for as long as the block lasts.

        It is this process's own: another one that does the same work lends another file, and what a killed one leaves
        is swept by `begin`.
        """
        with reaching(self.folder, "written"):
            folder = files.staging_folder(self.folder, "lent")
        try:
            with reaching(folder, "written"):
                np.save(folder / "array.npy", np.ascontiguousarray(array), allow_pickle=False)
            yield folder / "array.npy"
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def read(self, name: str, *wanted: str) -> dict[str, NDArray[Any]] | None:
        """The wanted arrays of a part (all where none is named), or None when it is not there or is damaged."""
        try:
            with self._path(name).open("rb") as file, np.load(file, allow_pickle=False) as held:
                return {k: held[k] for k in wanted or held.files}
        except Exception:  # a damaged archive raises whatever its bytes look like
            return None

    def once(self, name: str, make: Callable[[], Arrays]) -> Arrays:
        """The arrays of a part, made and kept where it is not there."""
        found = self.read(name)
        if found is None:
            found = dict(make())
            self.write(name, found)
        return found

    def discard(self) -> None:
        """Remove all parts."""
        with reaching(self.folder, "removed"):
            shutil.rmtree(self.folder)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a name of a part: {name!r}")
        return self.folder / f"{name}.npz"
