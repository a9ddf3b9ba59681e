"""Requests for the readers of indicators, made of content or of files, and the rows that they must give back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from zizhu.sources.catalogue import Entry, read_entry
from zizhu.sources.files.archive import Member, members
from zizhu.sources.reading import Made, Reader, Request, SourceTable
from zizhu.vocab.packfiles import pack

SHARED = Path(__file__).resolve().parents[2].parent / "shared"


def entry(name: str, **parameters: object) -> Entry:
    """An entry of the catalogue, with other parameters where they are given."""
    found = read_entry(pack(f"catalogue/{name}.yaml"))
    return found.model_copy(update={"parameters": {**found.parameters, **parameters}})


def member(name: str, content: bytes | str) -> Member:
    """A file that lies in memory."""
    held = content.encode() if isinstance(content, str) else content
    return Member(name, len(held), name, lambda: io.BytesIO(held))


def request(
    of: Entry, files: Mapping[str, bytes | str], edition: str = "", years: frozenset[int] = frozenset()
) -> Request:
    """A request for files in memory."""
    return Request(of, tuple(member(n, c) for n, c in files.items()), years, edition)


def from_zip(of: Entry, path: Path, files: Mapping[str, bytes | str], edition: str = "") -> Request:
    """A request for the members of an archive on disk."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return Request(of, members(path), edition=edition)


def one(reader: Reader, asked: Request) -> tuple[str, SourceTable]:
    """The name and the only table that a reader makes."""
    made: list[Made] = list(reader(asked))
    assert len(made) == 1
    ((name, table),) = made[0].items()
    assert isinstance(table, SourceTable)
    return name, table


def values(frame: pl.DataFrame) -> dict[tuple[str, str, str], float]:
    """The value of every indicator, entity and period."""
    return {(r["indicator"], r["entity"], r["period"]): r["value"] for r in frame.iter_rows(named=True)}
