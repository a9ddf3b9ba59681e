"""From files of a source to tables of a workspace: found, read, cited and published together, or not at all."""

from __future__ import annotations

import datetime
import importlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

import zizhu
from zizhu.sources.catalogue import Entry
from zizhu.sources.files import archive
from zizhu.sources.files.archive import Member
from zizhu.sources.readers.observations import merge, withdrawn, years_of
from zizhu.sources.reading import Covers, LargeTable, Made, Reader, Request, SourceTable
from zizhu.store import Workspace, files
from zizhu.store.batch import Batch
from zizhu.store.meta import Describe, Meta, Origin, RawFile
from zizhu.tables.finding import listed
from zizhu.tables.trade import REPORTED
from zizhu.vocab.problems import Problem, ZizhuError

INDICATOR = "indicator"


@dataclass(frozen=True)
class Grown:
    """A table that grows: its rows so far, where they come from, and what it says of itself.

    `covers` is what a release speaks for, where that is known; `version` names what the workspace has.
    """

    frame: pl.DataFrame
    origin: Origin
    describe: Describe
    covers: Covers | None = None
    version: str = ""

    def described(self) -> dict[str, Any]:
        """The description as a batch takes it."""
        return _described(self.describe, self.origin)


@dataclass(frozen=True)
class Wanted:
    """What is to be added: the files, and what of them. Empty `years` are all; `urls` say where files came from."""

    paths: tuple[Path, ...]
    years: frozenset[int] = frozenset()
    edition: str = ""
    urls: tuple[str, ...] = ()


def add(
    workspace: Workspace, entry: Entry, wanted: Wanted, tell: Callable[[str], None] = lambda _: None
) -> list[Meta]:
    """Read the files of a source and publish their tables; returns the description of each.

    A series that is here already keeps its old vintages. Raises ZizhuError with all problems of the files, and then
    the workspace is as it was.
    """
    found = tuple(_files(entry, wanted.paths))
    members, edition = _members(entry, found, wanted)
    request = Request(entry, members, wanted.years, edition, tell)
    origin = _origin(entry, found, wanted.urls, tell)
    with workspace.batch() as batch:
        grown: dict[str, Grown] = {}
        metas = [
            m
            for made in _reader(entry)(request)
            for m in _put(workspace, batch, made, request, origin, grown)
        ]
        for name, table in grown.items():
            tell(f"writing {name}")
            metas.append(batch.add(name, table.frame, table.describe.key, table.described()))
        return metas


def _files(entry: Entry, paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and of a folder those that are the source's or are archives."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        held = sorted(p for p in _listed(path) if p.is_file())
        some = [
            p for p in held if _named(entry, p.name) is not None or p.suffix.casefold() in (".zip", ".gz")
        ]
        if not some:
            raise ZizhuError(_nothing(entry, str(path), [p.name for p in held]))
        yield from some


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        what = f"cannot be read: {error.strerror or error}"
        raise ZizhuError(
            Problem(what, str(folder), "a folder that you may read", "Check its rights.")
        ) from error


def _named(entry: Entry, name: str) -> dict[str, str] | None:
    """What the name of a file says, None when it is no file of the source."""
    hits = (file.matches(name.removesuffix(".gz")) for file in entry.files)
    return next((m.groupdict(default="") for m in hits if m), None)


def _members(entry: Entry, paths: Sequence[Path], wanted: Wanted) -> tuple[tuple[Member, ...], str]:
    """The files of the source among and inside `paths`, in order of their names, and the edition that these tell."""
    problems: list[Problem] = []
    chosen: list[Member] = []
    editions = {wanted.edition} - {""}
    for path in paths:
        try:
            held = archive.members(path)
        except ZizhuError as error:
            problems += error.problems
            continue
        mine = [m for m in held if _named(entry, m.name) is not None]
        if not mine:
            problems.append(_nothing(entry, str(path), [m.name for m in held]))
        chosen += mine
        for name in (path.name, *(m.name for m in mine)):
            editions |= {(_named(entry, name) or {}).get("edition", "")} - {""}
    if len(editions) > 1:
        told = ", ".join(sorted(editions))
        problems.append(
            Problem(f"files of several editions: {told}", entry.id, "one edition", "Add one after the other.")
        )
    if problems:
        raise ZizhuError(problems)
    return tuple(sorted(chosen, key=lambda m: m.name)), next(iter(editions), "")


def _nothing(entry: Entry, where: str, held: Sequence[str]) -> Problem:
    shown = ", ".join(held[:5]) or "nothing"
    wanted = "; ".join(f.about for f in entry.files)
    return Problem(
        f"no file of {entry.id} in it, but {shown}",
        where,
        f"{entry.producer}, {entry.title}: {wanted}",
        f"Get the file from {entry.page}, and keep the name that it has there.",
    )


def _reader(entry: Entry) -> Reader:
    reader: Reader = importlib.import_module(entry.module).read
    return reader


def _origin(entry: Entry, paths: Sequence[Path], urls: Sequence[str], tell: Callable[[str], None]) -> Origin:
    raw = []
    for path, url in zip(paths, (*urls, *[""] * (len(paths) - len(urls))), strict=True):
        tell(f"hashing {path.name}")
        raw.append(RawFile(name=path.name, bytes=path.stat().st_size, sha256=files.sha256_of(path), url=url))
    return Origin(
        files=tuple(raw),
        reader=entry.module,
        version=zizhu.__version__,
        added=datetime.date.today().isoformat(),
    )


def _put(
    workspace: Workspace, batch: Batch, made: Made, request: Request, origin: Origin, grown: dict[str, Grown]
) -> Iterator[Meta]:
    """Stage tables that belong together, parts before the tables that name them; what grows waits in `grown`."""
    staged: dict[str, Meta] = {}
    editions = (str(table.describe.flags.get("edition", "")) for table in made.values())
    source = request.entry.source(next(filter(None, editions), request.edition))
    mine = origin.model_copy(update={"cited": (source,)})
    for name in _parts_first(made):
        table = made[name]
        if isinstance(table, SourceTable) and table.describe.flags.get("kind") in (INDICATOR, REPORTED):
            before = grown.get(name) or _held(workspace, batch, name)
            new = Grown(table.frame, mine, table.describe, table.covers)
            grown[name] = new if before is None else _joined(before, new)
            continue
        request.tell(f"writing {name}")
        parts = {role: staged[part].ref for role, part in table.describe.parts.items()}
        described = _described(table.describe, mine) | {"parts": parts}
        if isinstance(table, LargeTable):
            staged[name] = batch.add_parts(name, table.parts, table.describe.key, described)
        else:
            staged[name] = batch.add(name, table.frame, table.describe.key, described)
        yield staged[name]


def _described(describe: Describe, origin: Origin) -> dict[str, Any]:
    kept = describe.model_dump(include=set(Describe.model_fields))
    return {**kept, "sources": tuple(s.id for s in origin.cited), "origin": origin}


def _parts_first(made: Made) -> Iterable[str]:
    return sorted(made, key=lambda name: (len(made[name].describe.parts), name))


def _held(workspace: Workspace, batch: Batch, name: str) -> Grown | None:
    """What the workspace has of a table that grows; it must still be that when the batch is published."""
    if not (workspace.root / "refs" / name).exists():
        return None
    held = workspace.read(name)
    if held.meta.origin is None:
        return None
    batch.expect(name, held.meta.version)
    return Grown(held.frame, held.meta.origin, held.meta, version=held.meta.short)


def _joined(before: Grown, new: Grown) -> Grown:
    """Old rows and new: a series keeps its old vintages, but for values that were withdrawn; reports are added and
    replaced; so do files and citations."""
    gone: tuple[str, ...] = ()
    if new.describe.flags["kind"] == INDICATOR:
        frame, gone = _released(before, new)
        flags = {"years": years_of(frame).to_list()}
        if "vintages" in new.describe.flags:
            flags["vintages"] = frame["vintage"].unique().sort().to_list()
    else:
        others = before.frame.join(new.frame, on=list(new.describe.key), how="anti")
        frame = pl.concat([others, new.frame.select(others.columns)])
        flags = {
            c: frame[f].unique().sort().to_list() for c, f in (("years", "year"), ("revision", "revision"))
        }
    both = new.origin.model_copy(
        update={
            "files": tuple(dict.fromkeys((*before.origin.files, *new.origin.files))),
            "cited": tuple({s.id: s for s in (*before.origin.cited, *new.origin.cited)}.values()),
        }
    )
    notes = tuple(dict.fromkeys((*before.describe.notes, *new.describe.notes, *gone)))
    update = {"flags": {**before.describe.flags, **new.describe.flags, **flags}, "notes": notes}
    return Grown(frame, both, new.describe.model_copy(update=update), version=before.version)


def _released(before: Grown, new: Grown) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The observations of both without those that the new release has withdrawn, and a note that names these."""
    frame = merge(before.frame, new.frame)
    gone = withdrawn(before.frame, new.frame, new.covers) if new.covers else new.frame.clear()
    if gone.is_empty():
        return frame, ()
    named = listed([f"{e} {p}" for e, p in gone.select("entity", "period").iter_rows()])
    release = str(new.frame["vintage"].max())
    what = f"Withdrawn by the release of {release} and left out: {named}."
    kept = f" Version {before.version} has them." if before.version else ""
    return frame.join(gone, on=gone.columns, how="anti"), (what + kept,)
