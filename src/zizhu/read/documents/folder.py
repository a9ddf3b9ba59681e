"""Documents from files and folders of this machine: one, or all that a folder holds, bad ones told with the good."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from zizhu.read.documents.opened import LARGEST, opened
from zizhu.read.model import Document
from zizhu.vocab.problems import Problem, ZizhuError

MOST_FILES = 10_000
DATA = (".json", ".jsonl", ".csv", ".tsv", ".parquet")
PAGE = "zizhu-claims-"
"""Endings of files for programs, and how pages of claims are called: of a folder, neither is read as a document."""
KEPT = re.compile("[0-9a-f]{64}")
"""How a workspace calls the folders of what it keeps, which is no document of the folder that it lies in."""
MOST_BYTES = 4 << 30
"""Bytes of all files of a folder."""
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Folder:
    """The documents of a folder by path, and the problems of files that could not be read."""

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]


def _silent(_done: int, _total: int) -> None:
    """Tell nobody."""


def from_path(
    path: Path,
    *,
    language: str | None = None,
    published: str | None = None,
    publisher: str = "",
    title: str = "",
    tell: Tell = _silent,
) -> Document:
    """Read one file, see `opened`. Raises ZizhuError for a file that is missing, no file, or not readable."""
    return opened(
        _content(path),
        str(path),
        language=language,
        published=published,
        publisher=publisher,
        title=title,
        tell=tell,
    )


def from_folder(
    path: Path, *, language: str | None = None, publisher: str = "", tell: Tell = _silent
) -> Folder:
    """Read all files under a folder, sorted by path; hidden ones and links are left out.

    tell: called with (files done, all files). Raises ZizhuError for a folder that is none, has nothing to read, or
    too much.
    """
    files = files_of(path)
    documents, problems = [], []
    for done, file in enumerate(files, 1):
        try:
            documents.append(from_path(file, language=language, publisher=publisher))
        except ZizhuError as error:
            problems += error.problems
        tell(done, len(files))
    return Folder(tuple(documents), tuple(problems))


def files_of(path: Path) -> list[Path]:
    """All files under a folder, sorted by path; hidden ones, links and files of data are left out.

    Raises ZizhuError for a folder that is none, has nothing to read, or too much.
    """
    if not path.is_dir():
        raise ZizhuError(Problem("no folder", str(path), "a folder with documents", "Check the path."))
    found, total = [], 0
    for file in _walk(path):
        found.append(file)
        total += file.stat().st_size
        if len(found) > MOST_FILES or total > MOST_BYTES:
            raise ZizhuError(
                Problem(
                    f"more than {MOST_FILES:,} files"
                    if len(found) > MOST_FILES
                    else f"more than {MOST_BYTES >> 30} GB",
                    str(path),
                    "a folder of documents",
                    "Give folders inside it one by one.",
                )
            )
    if not found:
        raise ZizhuError(Problem("no files", str(path), "a folder with documents", "Check the path."))
    return sorted(found)


def _walk(path: Path) -> Iterator[Path]:
    """Plain files of documents that are neither hidden nor behind a link."""
    for folder, folders, names in os.walk(path, followlinks=False):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        if any(KEPT.fullmatch(f) and Path(folder, f, "claims.jsonl").is_file() for f in folders):
            folders.clear()
            continue
        for name in sorted(names):
            file = Path(folder, name)
            document = not name.startswith((".", PAGE)) and not name.casefold().endswith(DATA)
            if document and file.is_file() and not file.is_symlink():
                yield file


def _content(path: Path) -> bytes:
    try:
        if not path.is_file():
            what = "a folder" if path.is_dir() else "no such file"
            raise ZizhuError(Problem(what, str(path), "a document", "Check the path."))
        if path.stat().st_size > LARGEST:
            raise ZizhuError(
                Problem(
                    f"{path.stat().st_size:,} bytes",
                    str(path),
                    f"at most {LARGEST >> 20} MB",
                    "Give the part that matters.",
                )
            )
        return path.read_bytes()
    except OSError as error:
        raise ZizhuError(
            Problem(
                f"cannot be read ({error.strerror})", str(path), "a readable file", "Check its permissions."
            )
        ) from error
