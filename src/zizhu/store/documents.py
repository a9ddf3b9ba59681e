"""A document of the workspace: what was read of it, in files that change together, and a log that only grows.

    documents/<sha>/{text, meta.json, claims.jsonl, ..., reviews.jsonl}   documents/names/<hash of a name>

A reading is written whole or not at all, file by file in the place of the earlier one. What people say about it is
added to a log line by line: no reading removes it, and two who write at once both stay in it. A name names the document
that was last kept under it.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from zizhu.store import files
from zizhu.store.workspace import Workspace, reaching
from zizhu.vocab.problems import Problem, ZizhuError, unknown

FOLDER = "documents"
_ID = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[a-z]{1,20}(\.[a-z]{1,6})?")


@dataclass(frozen=True)
class Shelf:
    """The files of one document in `folder`."""

    folder: Path

    @classmethod
    def of(cls, workspace: Workspace, document: str) -> Shelf:
        """The place of a document (the SHA-256 of its bytes), whether it is kept or not."""
        if not _ID.fullmatch(document):
            raise ValueError(f"not the id of a document: {document!r}")
        return cls(workspace.root / FOLDER / document)

    @classmethod
    def found(cls, workspace: Workspace, start: str) -> Shelf:
        """The kept document whose id begins with `start`; raises ZizhuError where there is none, or several."""
        have = cls.kept(workspace)
        fitting = [s for s in have if s.folder.name.startswith(start)] if start else []
        if len(fitting) != 1:
            raise ZizhuError(
                unknown("document", start, [s.folder.name for s in have], str(workspace.root / FOLDER))
            )
        return fitting[0]

    @classmethod
    def kept(cls, workspace: Workspace) -> list[Shelf]:
        """All documents of the workspace, by id."""
        with reaching(workspace.root, "read"):
            return [cls(p) for p in sorted((workspace.root / FOLDER).glob("*")) if _ID.fullmatch(p.name)]

    @classmethod
    def named(cls, workspace: Workspace, name: str) -> Shelf | None:
        """The document that was last kept under a name, if it is still here."""
        path = _name_file(workspace, name)
        with reaching(path, "read"):
            document = path.read_text(encoding="ascii", errors="replace") if path.is_file() else ""
        shelf = cls(workspace.root / FOLDER / document) if _ID.fullmatch(document) else None
        return shelf if shelf and shelf.folder.is_dir() else None

    def call(self, workspace: Workspace, name: str) -> None:
        """Make this the document of a name."""
        path = _name_file(workspace, name)
        with reaching(path, "written"):
            files.write_atomic(path, self.id.encode())

    @property
    def id(self) -> str:
        """The id of the document."""
        return self.folder.name

    def write(self, content: Mapping[str, str]) -> None:
        """Put files in the place of their namesakes, all of them written before the first is put there."""
        with reaching(self.folder, "written"):
            staged = files.staging_folder(self.folder.parent, self.folder.name)
            try:
                for name, text in content.items():
                    (staged / _checked(name)).write_bytes(text.encode())
                if self.folder.is_dir():
                    files.renew_folder(staged, self.folder)
                else:
                    files.publish_folder(staged, self.folder)
            finally:
                shutil.rmtree(staged, ignore_errors=True)
            files.sweep_stale(self.folder.parent)

    def add(self, name: str, line: str) -> None:
        """Add a line to a log; what another writer adds meanwhile stays, and half a line of a dead one ends."""
        if "\n" in line:
            raise ValueError("one line at a time")
        path = self.folder / _checked(name)
        with reaching(path, "written"):
            if not self.folder.is_dir():
                raise ZizhuError(_not_kept(self.id))
            fresh = not path.exists()
            with path.open("ab") as log:
                torn = log.tell() > 0 and not _ends_line(path)
                log.write((b"\n" if torn else b"") + line.encode() + b"\n")
                log.flush()
                os.fsync(log.fileno())
            if fresh:
                files.sync_folder(self.folder)

    def read(self, name: str) -> str:
        """The text of a file; empty where there is none. Raises ZizhuError where it cannot be read."""
        path = self.folder / _checked(name)
        with reaching(path, "read"):
            raw = path.read_bytes() if path.is_file() else b""
        return _decoded(raw, path)

    def lines(self, name: str) -> Iterator[str]:
        """The lines of a file one after the other, without holding all of it; none where there is no file.

        Raises ZizhuError where it cannot be read.
        """
        path = self.folder / _checked(name)
        with reaching(path, "read"):
            if not path.is_file():
                return
            with path.open("rb") as file:
                at = 0
                for line in file:
                    yield _decoded(line, path, at).rstrip("\n")
                    at += len(line)

    def remove(self) -> None:
        """Remove the document with all that was read and said of it."""
        with reaching(self.folder, "removed"):
            shutil.rmtree(self.folder)


def _name_file(workspace: Workspace, name: str) -> Path:
    return (
        workspace.root / FOLDER / "names" / hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:32]
    )


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a name of a file: {name!r}")
    return name


def _decoded(raw: bytes, path: Path, before: int = 0) -> str:
    """The text of bytes that stand behind `before` others in a file."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        what = f"byte {before + error.start} is not UTF-8"
        raise ZizhuError(Problem(what, str(path), "the file that was written", "Read it again.")) from error


def _ends_line(path: Path) -> bool:
    with path.open("rb") as log:
        log.seek(-1, os.SEEK_END)
        return log.read(1) == b"\n"


def _not_kept(document: str) -> Problem:
    return Problem("is not kept", f"document {document}", "a document of the workspace", "Read it first.")
