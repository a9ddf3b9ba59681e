"""What is to be read: files, folders, addresses and a pasted text, each opened when its turn comes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from zizhu.read.documents.address import Download, from_url
from zizhu.read.documents.folder import files_of, from_path
from zizhu.read.documents.opened import opened
from zizhu.read.documents.published import stated
from zizhu.read.model import Document
from zizhu.vocab.problems import Problem, ZizhuError

PASTE = "-"
PASTED = "pasted text"
Pasted = Callable[[], bytes]
T = TypeVar("T")
_WEB = re.compile(r"https?://", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2}|und")
_OF_ONE = ("published", "title")
"""What can be said of one document only."""


@dataclass(frozen=True)
class Stated:
    """What the user states of the documents; it is believed before what they state of themselves."""

    language: str | None = None
    published: str | None = None
    publisher: str = ""
    title: str = ""


@dataclass(frozen=True)
class Waiting:
    """A document that is not opened yet; `name` is its full path, its address, or that of the paste."""

    name: str
    opened: Callable[[], Document]


@dataclass(frozen=True)
class Means:
    """How addresses are downloaded, and where a pasted text comes from; None where that cannot be."""

    download: Download | None = None
    pasted: Pasted | None = None


def waiting(
    places: Sequence[str], said: Stated | None = None, means: Means | None = None
) -> tuple[Waiting, ...]:
    """The documents at `places`: paths of files and folders, addresses of the web, `-` for a pasted text.

    Files of a folder come sorted by path; what is named twice is there once. Raises ZizhuError with all places that
    are none, and with all that the user states and that cannot be.
    """
    said, means = said or Stated(), means or Means()
    problems = list(faults(said))
    found: dict[str, Waiting] = {}
    for place in dict.fromkeys(places):
        try:
            found |= {w.name: w for w in _at(place, said, means)}
        except ZizhuError as error:
            problems += error.problems
    if len(found) > 1:
        problems += [_of_one(option) for option in _OF_ONE if getattr(said, option)]
    if problems:
        raise ZizhuError(problems)
    return tuple(found.values())


def several(places: Sequence[str]) -> bool:
    """Whether places may hold more than one document, however many there are just now."""
    return len(set(places)) > 1 or any(Path(p).is_dir() for p in places if not _WEB.match(p))


def faults(said: Stated) -> Iterator[Problem]:
    if said.language and not _LANGUAGE.fullmatch(said.language):
        yield Problem(
            f"{said.language!r:.40} is no code of a language",
            "language",
            "two letters of ISO 639-1, such as en or zh",
            "Correct it, or leave it out: it is found by itself.",
        )
    try:
        if said.published:
            stated(said.published)
    except ZizhuError as error:
        yield from error.problems


def _at(place: str, said: Stated, means: Means) -> Iterator[Waiting]:
    about = vars(said)
    if not place.strip():
        raise ZizhuError(
            Problem("no path", "places", "a file, folder or address; . for this folder", "Write it.")
        )
    if place == PASTE:
        yield Waiting(PASTE, partial(_paste, _able(means.pasted, place), about))
    elif _WEB.match(place):
        yield Waiting(place, partial(from_url, place, _able(means.download, place), **about))
    else:
        path = _resolved(place)
        for file in files_of(path) if path.is_dir() else [_there(path)]:
            yield Waiting(str(file), partial(from_path, file, **about))


def _paste(pasted: Pasted, about: Mapping[str, Any]) -> Document:
    """A text of its own name: what is pasted next is no later version of it."""
    data = pasted()
    return opened(data, f"{PASTED} {hashlib.sha256(data).hexdigest()[:12]}", **about)


def _able(means: T | None, place: str) -> T:
    if means is None:
        raise ZizhuError(Problem("cannot be read here", place, "a file or a folder", "Save it to a file."))
    return means


def _resolved(place: str) -> Path:
    try:
        return Path(place).expanduser().resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise ZizhuError(
            Problem(f"no path: {error}", repr(place)[:80], "a file or a folder", "Correct it.")
        ) from error


def _there(path: Path) -> Path:
    try:
        there = path.exists()
    except OSError:  # longer than the system allows
        there = False
    if not there:
        raise ZizhuError(Problem("no such file or folder", str(path)[:200], "a document", "Check the path."))
    return path


def _of_one(option: str) -> Problem:
    return Problem(
        f"--{option} with several documents",
        option,
        "one document, or none of it",
        f"Read it alone, or leave --{option} out.",
    )
