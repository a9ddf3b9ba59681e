"""The workspace on disk: the built-in one, read-only, and the user's beside it. The only writer.

    workspace.toml   tables/<name>/<digest>/{data.parquet, meta.json}   refs/<name>   runs/<id>.json

A table is written once under its digest and never changed; `refs/<name>` names its current digest. A writer
fills a temporary folder, syncs it and renames it, so a reader sees a whole table or none.
"""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from zizhu.ledger.models import Run
from zizhu.store import files
from zizhu.store.meta import NAME, Describe, Meta
from zizhu.vocab.problems import Problem, ZizhuError, unknown

if TYPE_CHECKING:
    import polars as pl

FORMAT = 1
_NUMERIC = re.compile(r"^(U?Int\d+|Float\d+|Decimal.*)$")


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

    def check_bytes(self) -> None:
        """Raise ZizhuError when the file is not, byte for byte, the one that was committed."""
        size = self.path.stat().st_size if self.path.is_file() else -1
        if size != self.meta.bytes or files.sha256_of(self.path) != self.meta.sha256:
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
    """Reads tables from the user's workspace and the built-in one (in that order) and commits to the user's."""

    def __init__(
        self, root: Path | None = None, builtin: Path | None = None, pins: Mapping[str, str] | None = None
    ) -> None:
        self.root = root if root is not None else user_root()
        self.builtin = builtin if builtin is not None else builtin_root()
        self.pins = dict(pins or {})
        for place in (self.root, self.builtin):
            _check_format(place)

    def pinned(self, refs: Sequence[str]) -> Workspace:
        """The same workspace with the tables of `refs` fixed at the digests they name."""
        tables = (
            r.removeprefix("table:").partition("#")[0].partition("@") for r in refs if r.startswith("table:")
        )
        return Workspace(self.root, self.builtin, {name: digest for name, _, digest in tables})

    def names(self) -> list[str]:
        """The names of all tables, sorted."""
        return sorted(
            {p.name for place in (self.root, self.builtin) for p in (place / "refs").glob("[a-z0-9]*")}
        )

    def read(self, name: str, digest: str | None = None) -> Table:
        """The current table of that name, or the one with that digest (a unique start of it is enough).

        Raises ZizhuError for an unknown name or digest and for a description that cannot be read.
        """
        digest = digest or self.pins.get(name)
        for place in (self.root, self.builtin):
            found = _find(place, name, digest)
            if found is not None:
                return Table(_read_meta(found / "meta.json", name), found / "data.parquet")
        if digest is not None and name in self.names():
            have = sorted(
                p.name
                for place in (self.root, self.builtin)
                for p in (place / "tables" / name).glob("[0-9a-f]*")
            )
            raise ZizhuError(unknown("digest", digest, have, f"table {name}"))
        raise ZizhuError(unknown("table", name, self.names(), str(self.root)))

    def commit(self, name: str, frame: pl.DataFrame, key: Sequence[str], meta: Mapping[str, Any]) -> str:
        """Write `frame` under its digest, make it the current `name` and return the digest.

        `meta` needs title, sources and a unit for every numeric column outside the key. All problems are
        raised at once as ZizhuError, before anything is written. Of content that is here already only the
        description is renewed; a damaged copy is written again.
        """
        from zizhu.store.digest import digest

        described = _describe(name, frame, key, meta)
        made = digest(frame, described.key)
        final = self.root / "tables" / name / made
        self._prepare()
        files.sweep_stale(final.parent)
        kept = _whole(final, name)
        if kept is None:
            shutil.rmtree(final, ignore_errors=True)
            self._write(name, frame, described, made, final)
        elif kept != (renewed := kept.model_copy(update=dict(described))):
            files.write_atomic(final / "meta.json", _json(renewed))
        files.write_atomic(self.root / "refs" / name, f"{made}\n".encode())
        return made

    def _write(self, name: str, frame: pl.DataFrame, described: Describe, made: str, final: Path) -> None:
        staged = files.staging_folder(final.parent, made)
        try:
            data = staged / "data.parquet"
            ordered = frame.sort(list(described.key)) if described.key else frame
            # a dense array in one row group is read as one piece, which numpy takes without a copy
            groups = None if described.key else frame.height
            ordered.write_parquet(data, compression="zstd", compression_level=9, row_group_size=groups)
            meta = Meta(
                **described.model_dump(),
                name=name,
                digest=made,
                rows=frame.height,
                bytes=data.stat().st_size,
                sha256=files.sha256_of(data),
                columns={c: str(t) for c, t in frame.schema.items()},
            )
            (staged / "meta.json").write_bytes(_json(meta))
            files.publish_folder(staged, final)
        except BaseException:
            shutil.rmtree(staged, ignore_errors=True)
            raise

    def save_run(self, run: Run) -> None:
        """Keep a run's record, so that its numbers can be traced later."""
        path = self.root / "runs" / f"{run.id}.json"
        if not path.is_file():
            self._prepare()
            files.write_atomic(path, run.model_dump_json(indent=1).encode())

    def load_run(self, run_id: str) -> Run:
        """The record of a run; raises ZizhuError when it is not here or cannot be read."""
        have = sorted(p.stem for p in (self.root / "runs").glob("*.json"))
        if run_id not in have:
            raise ZizhuError(unknown("run", run_id, have, str(self.root / "runs")))
        path = self.root / "runs" / f"{run_id}.json"
        try:
            return Run.model_validate_json(path.read_text(encoding="utf-8"))
        except (ValidationError, UnicodeDecodeError) as error:
            raise ZizhuError(_unreadable(path, error)) from error

    def query(self, sql: str, **params: Any) -> pl.DataFrame:
        """The answer of a SQL query over the workspace's tables; see `zizhu.store.query`."""
        from zizhu.store.query import query

        return query(self, sql, params)

    def _prepare(self) -> None:
        marker = self.root / "workspace.toml"
        if not marker.is_file():
            files.write_atomic(marker, f"format = {FORMAT}\n".encode())


def _find(place: Path, name: str, digest: str | None) -> Path | None:
    if not re.match(NAME, name):
        return None
    if digest is None:
        ref = place / "refs" / name
        digest = ref.read_text(encoding="ascii").strip() if ref.is_file() else ""
    if not re.fullmatch(r"[0-9a-f]{6,32}", digest):
        return None
    hits = [p for p in (place / "tables" / name).glob(f"{digest}*") if (p / "meta.json").is_file()]
    return hits[0] if len(hits) == 1 else None


def _read_meta(path: Path, name: str) -> Meta:
    try:
        meta = Meta.model_validate_json(path.read_text(encoding="utf-8"))
    except (ValidationError, UnicodeDecodeError) as error:
        raise ZizhuError(_unreadable(path, error)) from error
    if (meta.name, meta.digest) != (name, path.parent.name):
        raise ZizhuError(
            Problem(
                f"the description is of {meta.name}@{meta.digest}",
                str(path),
                f"{name}@{path.parent.name}",
                "The folder was renamed or copied by hand: commit the table again.",
            )
        )
    return meta


def _whole(folder: Path, name: str) -> Meta | None:
    """The description of the table in `folder`, or None when it is absent or damaged."""
    if not folder.is_dir():
        return None
    try:
        table = Table(_read_meta(folder / "meta.json", name), folder / "data.parquet")
        table.check_bytes()
    except (ZizhuError, FileNotFoundError):
        return None
    return table.meta


def _json(meta: Meta) -> bytes:
    return f"{meta.model_dump_json(indent=1)}\n".encode()


def _describe(name: str, frame: pl.DataFrame, key: Sequence[str], meta: Mapping[str, Any]) -> Describe:
    problems: list[Problem] = []
    if not re.match(NAME, name):
        problems.append(
            Problem(
                f"bad table name {name!r}", "commit", "lower-case letters, digits, . _ -", "Rename the table."
            )
        )
    numeric = [c for c, t in frame.schema.items() if c not in key and _NUMERIC.match(str(t))]
    units = meta.get("units") or {}
    problems += [
        Problem(
            f"column {c!r} has no unit",
            f"table {name}",
            "a unit for every numeric column",
            f"Add units[{c!r}].",
        )
        for c in numeric
        if c not in units
    ]
    problems += [
        Problem(
            f"a unit for {c!r}, which is no column", f"table {name}", f"one of {frame.columns}", "Remove it."
        )
        for c in units
        if c not in frame.columns
    ]
    if frame.height == 0:
        problems.append(Problem("no rows", f"table {name}", "at least one row", "Nothing was written."))
    described = None
    try:
        described = Describe(key=tuple(key), **{k: v for k, v in meta.items() if k != "key"})
    except ValidationError as error:
        problems += from_validation(error, f"description of {name}")
    if problems or described is None:
        raise ZizhuError(problems)
    return described


def from_validation(error: ValidationError, where: str) -> list[Problem]:
    """One problem for each field that a frozen model refused."""
    return [
        Problem(
            what=f"{'.'.join(str(p) for p in e['loc']) or 'record'}: {e['msg']}",
            where=where,
            expected="a known key" if e["type"] == "extra_forbidden" else "a valid value",
            remedy=f"Got {e['input']!r:.80}.",
        )
        for e in error.errors()
    ]


def _unreadable(path: Path, error: Exception) -> list[Problem]:
    if isinstance(error, ValidationError):
        return from_validation(error, str(path))
    return [
        Problem(f"cannot be read: {error}", str(path), "UTF-8 JSON", "The file is damaged: commit again.")
    ]


def _check_format(place: Path) -> None:
    marker = place / "workspace.toml"
    if not marker.is_file():
        return
    try:
        found = tomllib.loads(marker.read_text(encoding="utf-8")).get("format")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        found = None
    if found != FORMAT:
        raise ZizhuError(
            Problem(
                f"workspace format {found!r}",
                str(marker),
                f"format = {FORMAT}",
                "Use the zizhu that wrote it.",
            )
        )
