"""The workspace on disk: the built-in one, read-only, and the user's beside it. The only writer.

    workspace.toml   tables/<name>/<digest>/{data.parquet, meta.json}   refs/<name>   runs/<id>.json

A table is written once under its digest and never changed, nor is a description of it (see `versions`);
`refs/<name>` names its current version. A writer fills a temporary folder, syncs it and renames it, so a reader sees
a whole table or none.
"""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from zizhu.ledger.models import Run
from zizhu.store import files, versions
from zizhu.store.batch import Batch
from zizhu.store.memory import Memory
from zizhu.store.meta import Meta
from zizhu.vocab.problems import Problem, ZizhuError, unknown

if TYPE_CHECKING:
    import polars as pl

T = TypeVar("T")
FORMAT = 1
FOLDERS = ("tables", "refs", "runs")
STAMPED = ("refs", "register")
QUICK = 128 << 20
"""Bytes that are hashed in about a tenth of a second."""
ELSEWHERE = "choose another workspace with --workspace or ZIZHU_WORKSPACE."


def builtin_root() -> Path:
    """The folder of the built-in tables."""
    return Path(str(resources.files("zizhu.packs")))


def user_root() -> Path:
    """The user's workspace: `ZIZHU_WORKSPACE`, or the platform's folder for application data."""
    import platformdirs

    named = os.environ.get("ZIZHU_WORKSPACE")
    return Path(named) if named else Path(platformdirs.user_data_dir("zizhu"))


@dataclass(frozen=True)
class Table:
    """A stored table: its description and the Parquet file that is the truth."""

    meta: Meta
    path: Path

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The whole table in memory, after its bytes were checked against the hash in its description."""
        import polars as pl

        self.check_bytes()
        return pl.read_parquet(self.path)

    def check_quickly(self) -> None:
        """`check_bytes`, of a file above QUICK bytes by its size alone: a question reads little of it."""
        if self.meta.bytes <= QUICK or not self.path.is_file() or self.path.stat().st_size != self.meta.bytes:
            self.check_bytes()

    def check_bytes(self) -> None:
        """Raise ZizhuError when the file is not, byte for byte, the one that was committed."""
        with reaching(self.path, "read"):
            size = self.path.stat().st_size if self.path.is_file() else -1
            whole = size == self.meta.bytes and files.sha256_of(self.path) == self.meta.sha256
        if not whole:
            what = "is missing" if size < 0 else "is not the file that was written (cut short or changed)"
            raise ZizhuError(
                Problem(
                    f"the data of {self.meta.name} {what}",
                    str(self.path),
                    f"{self.meta.bytes:,} bytes with SHA-256 {self.meta.sha256[:16]}...",
                    "Reinstall zizhu for a built-in table; commit your own table again.",
                )
            )


class Workspace:
    """Reads tables from the user's workspace and the built-in one (in that order) and commits to the user's.

    `memory` is for a process that answers many questions: what was read and factored serves the next one too.
    """

    def __init__(
        self,
        root: Path | str | None = None,
        builtin: Path | str | None = None,
        pins: Mapping[str, str] | None = None,
        memory: Memory | None = None,
    ) -> None:
        self.memory = memory
        self.root = Path(root) if root is not None else user_root()
        self.builtin = Path(builtin) if builtin is not None else builtin_root()
        self.pins = dict(pins or {})
        for place in (self.root, self.builtin):
            with reaching(place, "read"):
                _check_layout(place)
                _check_format(place)

    def pinned(self, refs: Sequence[str]) -> Workspace:
        """The same workspace with the tables of `refs` fixed at the digests they name."""
        tables = (
            r.removeprefix("table:").partition("#")[0].partition("@") for r in refs if r.startswith("table:")
        )
        return Workspace(self.root, self.builtin, {name: digest for name, _, digest in tables}, self.memory)

    def once(self, version: str, make: Callable[[], T]) -> T:
        """What is made of a version of a table: what `memory` has of it, or made anew where nothing is remembered."""
        return make() if self.memory is None else self.memory.once(version, make)

    def stamp(self) -> tuple[tuple[str, int, int], ...]:
        """What changes whenever an answer may: files of references and of the register, and when each was written."""
        found: list[tuple[str, int, int]] = []
        for place in (self.root, self.builtin):
            for file in (p for folder in STAMPED for p in (place / folder).rglob("*")):
                with suppress(OSError):  # gone meanwhile
                    about = file.stat()
                    found.append((str(file), about.st_mtime_ns, about.st_ino))
        return tuple(sorted(found))

    def names(self) -> list[str]:
        """The names of all tables, sorted."""
        return sorted(
            {p.name for place in (self.root, self.builtin) for p in (place / "refs").glob("[a-z0-9]*")}
        )

    def read(self, name: str, digest: str | None = None) -> Table:
        """The current table of that name, or the version with that digest (a unique start of it is enough).

        Raises ZizhuError for an unknown name or digest and for a description that cannot be read.
        """
        digest = digest or self.pins.get(name)
        for place in (self.root, self.builtin):
            with reaching(place, "read"):
                found = versions.find(place, name, digest)
            if found is not None:
                folder, mark = found
                return Table(versions.read_meta(folder, name, mark), folder / "data.parquet")
        if digest is not None and name in self.names():
            have = [
                f"{folder.name}.{mark}" if mark else folder.name
                for place in (self.root, self.builtin)
                for folder, mark in versions.held(place, name)
            ]
            raise ZizhuError(unknown("digest", digest, have, f"table {name}"))
        raise ZizhuError(unknown("table", name, self.names(), str(self.root)))

    def commit(self, name: str, frame: pl.DataFrame, key: Sequence[str], meta: Mapping[str, Any]) -> str:
        """Write `frame` under its digest, make it the current `name` and return the digest.

        `meta` needs title, sources and a unit for every numeric column outside the key. All problems are
        raised at once as ZizhuError, before anything is written. Content that is here already gets another
        description beside its own; a damaged copy is written again.
        """
        with self.batch() as batch:
            return batch.add(name, frame, key, meta).digest

    @contextmanager
    def batch(self) -> Iterator[Batch]:
        """Tables that are published together when the block ends well, and not at all when it does not."""
        batch = Batch(self.root, _whole, self._prepare)
        try:
            yield batch
            batch.publish()
        except OSError as error:
            raise ZizhuError(_unwritten(self.root, error)) from error
        except Exception as error:
            if type(error).__module__.partition(".")[0] == "polars" and "os error" in str(error):
                raise ZizhuError(_unwritten(self.root, OSError(str(error).splitlines()[0]))) from error
            raise
        finally:
            batch.discard()

    def remove(self, name: str) -> list[str]:
        """Remove every version of a table of the user's workspace and of its parts; returns their names.

        The names go first, so that an interruption leaves versions without a name and never the reverse.
        Raises ZizhuError for a table that is not here, is built in, or is a part of another.
        """
        mine = sorted(p.name for p in (self.root / "refs").glob("[a-z0-9]*"))
        self._check_removable(name, mine)
        others = {part for other in mine if other != name for part in self._parts_named(other)}
        gone = [name, *(p for p in self._parts_named(name) if p in mine and p not in others)]
        with self._writing():
            for each in gone:
                (self.root / "refs" / each).unlink()
            for each in gone:
                shutil.rmtree(self.root / "tables" / each)
        return gone

    def _check_removable(self, name: str, mine: Sequence[str]) -> None:
        if name not in mine and name in self.names():
            raise ZizhuError(
                Problem(
                    "is built in", f"table {name}", "a table of your own", "Built-in tables stay as they are."
                )
            )
        if name not in mine:
            raise ZizhuError(unknown("table", name, mine, str(self.root)))
        whole = [other for other in mine if other != name and name in self._parts_named(other)]
        if whole:
            raise ZizhuError(
                Problem(
                    f"is a part of {', '.join(whole)}",
                    f"table {name}",
                    "a whole table",
                    f"Remove {whole[0]}.",
                )
            )

    def _parts_named(self, name: str) -> list[str]:
        """The parts of all versions of a table that can be read: a damaged one must not keep it here."""
        try:
            return _parts_of(self.versions(name))
        except ZizhuError:
            return []

    def versions(self, name: str) -> list[Meta]:
        """The description of every version of a table that can be read, the user's before the built-in ones."""
        found = []
        for place in (self.root, self.builtin):
            for folder, mark in versions.held(place, name):
                with suppress(ZizhuError):
                    found.append(versions.read_meta(folder, name, mark))
        if not found:
            raise ZizhuError(unknown("table", name, self.names(), str(self.root)))
        return found

    def save_run(self, run: Run) -> None:
        """Keep a run's record, so that its numbers can be traced later."""
        path, record = self.root / "runs" / f"{run.id}.json", run.model_dump_json(indent=1).encode()
        with reaching(path, "read"):
            kept = path.read_bytes() if path.is_file() else b""
        if kept != record:
            with self._writing():
                files.write_atomic(path, record)

    def check_writable(self) -> None:
        """Raise ZizhuError where the record of a run could not be kept; nothing is left behind."""
        folder = self.root / "runs"
        with reaching(self.root, "written"):
            while not folder.exists():
                folder = folder.parent
            files.probe_folder(folder)

    def load_run(self, run_id: str) -> Run:
        """The record of a run; raises ZizhuError when it is not here or cannot be read."""
        have = sorted(p.stem for p in (self.root / "runs").glob("*.json"))
        if run_id not in have:
            raise ZizhuError(unknown("run", run_id, have, str(self.root / "runs")))
        return _read_run(self.root / "runs" / f"{run_id}.json")

    def query(self, sql: str, **params: Any) -> pl.DataFrame:
        """The answer of a SQL query over the workspace's tables; see `zizhu.store.query`."""
        from zizhu.store.query import query

        return query(self, sql, params)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """A workspace that is there and swept; raises ZizhuError where it cannot be written."""
        with reaching(self.root, "written"):
            self._prepare()
            yield

    def _prepare(self) -> None:
        marker = self.root / "workspace.toml"
        if not marker.is_file():
            files.write_atomic(marker, f"format = {FORMAT}\n".encode())
        self._sweep()

    def _sweep(self) -> None:
        """Remove what killed writers left behind, wherever in the workspace they were writing."""
        tables = self.root / "tables"
        places = (
            self.root / "refs",
            self.root / "runs",
            *tables.glob("[a-z0-9]*"),
            *tables.glob("*/[0-9a-f]*"),
        )
        for place in (self.root, *places):
            files.sweep_stale(place)


def _parts_of(metas: Iterable[Meta]) -> list[str]:
    """The names of the tables that these name as their parts."""
    refs = (ref for meta in metas for ref in meta.parts.values())
    return list(dict.fromkeys(ref.removeprefix("table:").partition("@")[0] for ref in refs))


@contextmanager
def reaching(place: Path, how: str) -> Iterator[None]:
    """Raise ZizhuError where the system does not let `place` be read or written."""
    try:
        yield
    except OSError as error:
        raise ZizhuError(
            Problem(
                f"cannot be {how}: {error.strerror or error}",
                str(error.filename or place),
                "a place that you have the rights to, with free space",
                f"Change that, or {ELSEWHERE}",
            )
        ) from error


def _unwritten(root: Path, error: OSError) -> Problem:
    """What kept a batch from being written: the workspace, or a file that the tables are made from."""
    named = str(error.filename or "")
    if named and not Path(named).is_relative_to(root) and not root.is_relative_to(named):
        remedy = "Check the file and its rights; it may be damaged."
        return Problem(f"cannot be read: {error.strerror or error}", named, "a readable file", remedy)
    return Problem(
        f"cannot be written: {error.strerror or error}",
        named or str(root),
        "a place that you have the rights to, with free space",
        f"Change that, or {ELSEWHERE}",
    )


def _read_run(path: Path) -> Run:
    try:
        run = Run.model_validate_json(path.read_text(encoding="utf-8"))
    except (ValidationError, UnicodeDecodeError, OSError) as error:
        raise ZizhuError(versions.unreadable(path, error)) from error
    if run.id != path.stem:
        raise ZizhuError(
            Problem(
                f"the record is of run {run.id}", str(path), f"run {path.stem}", "Ask the question again."
            )
        )
    return run


def _whole(folder: Path, name: str) -> Meta | None:
    """The description of the table in `folder`, or None when it is absent or damaged."""
    if not folder.is_dir():
        return None
    try:
        table = Table(versions.read_meta(folder, name), folder / "data.parquet")
        table.check_bytes()
    except (ZizhuError, OSError):
        return None
    return table.meta


def _check_layout(place: Path) -> None:
    """Raise ZizhuError where a file stands in the place of a folder."""
    problems = [
        Problem("is a file", str(p), "a folder, or nothing yet", f"Move the file away, or {ELSEWHERE}")
        for p in (place, *(place / folder for folder in FOLDERS))
        if p.exists() and not p.is_dir()
    ]
    if problems:
        raise ZizhuError(problems)


def _check_format(place: Path) -> None:
    marker = place / "workspace.toml"
    if not marker.exists():
        return
    try:
        found = tomllib.loads(marker.read_text(encoding="utf-8")).get("format")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ZizhuError(
            Problem(
                f"workspace format cannot be read: {error}",
                str(marker),
                f"format = {FORMAT}",
                f"The file is damaged: write this line into it, or {ELSEWHERE}",
            )
        ) from error
    if found != FORMAT:
        raise ZizhuError(
            Problem(
                f"workspace format {found!r}",
                str(marker),
                f"format = {FORMAT}",
                "Use the zizhu that wrote it.",
            )
        )
