"""Writing tables so that several are published together, or none of them.

A table is written into a hidden folder beside its final place, whole and synced. Publishing renames the folders
and sets the names; what was not published is removed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zizhu.store import files, versions
from zizhu.store.meta import Describe, Meta, checked, checked_description
from zizhu.vocab.problems import Problem, ZizhuError

if TYPE_CHECKING:
    import polars as pl

LARGE = 100 << 20
"""Bytes in memory above which a table is packed three times faster and a tenth larger."""
ROW_GROUP = 1 << 17
"""Rows of a row group: small enough that a query for one product reads little else."""


@dataclass(frozen=True)
class Staged:
    """A table that waits for its name: its folder, or None where its content is stored already."""

    meta: Meta
    folder: Path | None
    final: Path


class Batch:
    """Tables on their way into the workspace `root`. Made by `Workspace.batch`."""

    def __init__(
        self, root: Path, held: Callable[[Path, str], Meta | None], prepare: Callable[[], None]
    ) -> None:
        self._root, self._held, self._prepare = root, held, prepare
        self._staged: list[Staged] = []
        self._expected: dict[str, str] = {}

    def add(self, name: str, frame: pl.DataFrame, key: Sequence[str], meta: Mapping[str, Any]) -> Meta:
        """Stage `frame`; raises ZizhuError with all problems of the table and its description."""
        from zizhu.store.digest import in_key_order

        problems = _float_keys(name, frame.schema, key)
        try:
            described, made = checked(name, frame, key, meta)
        except ZizhuError as error:
            raise ZizhuError([*problems, *error.problems]) from None
        if problems:
            raise ZizhuError(problems)
        final = self._root / "tables" / name / made
        kept = self._held(final, name)
        if kept is not None:
            return self._keep(Staged(versions.described_again(kept, described, final), None, final))
        with self._staging(final.parent, made) as folder:
            ordered = in_key_order(frame, described.key)
            level = 9 if ordered.estimated_size() < LARGE else 3
            ordered.write_parquet(folder / "data.parquet", compression="zstd", compression_level=level)
            return self._described(name, described, made, folder, ordered.schema, frame.height)

    def add_parts(
        self, name: str, parts: Iterable[pl.DataFrame], key: Sequence[str], meta: Mapping[str, Any]
    ) -> Meta:
        """Stage a table that comes in parts, each of them with larger values of the first key column than the last.

        Memory is that of one part. Raises ZizhuError as `add` does, and for parts that are out of order or of
        another form than the first.
        """
        import polars as pl

        from zizhu.store.digest import digest_of_file

        if not key:
            remedy = "Give the key, its first column being what the parts are told apart by."
            raise ZizhuError(Problem("no key", f"table {name}", "a key, for a table in parts", remedy))
        with self._staging(self._root / "tables" / name, "parts") as folder:
            written = _write_parts(name, parts, key, folder)
            described = checked_description(name, written.schema, written.rows, key, meta)
            data = folder / "data.parquet"
            pl.concat([pl.scan_parquet(p, glob=False) for p in written.paths]).sink_parquet(
                data, compression="zstd", compression_level=3, row_group_size=ROW_GROUP, maintain_order=True
            )
            for path in written.paths:
                path.unlink()
            made = digest_of_file(data, key, written.nulls)
            final = self._root / "tables" / name / made
            kept = self._held(final, name)
            if kept is not None:
                shutil.rmtree(folder)
                return self._keep(Staged(versions.described_again(kept, described, final), None, final))
            return self._described(name, described, made, folder, written.schema, written.rows)

    def expect(self, name: str, version: str) -> None:
        """Refuse to publish when `name` is not that version any more: what is staged was made from it."""
        self._expected[name] = version

    def publish(self) -> None:
        """Give every staged table its place, then all of them their names; a name that fails gives back the others.

        Raises ZizhuError where a table that another one was made from has changed meanwhile.
        """
        self._prepare()
        self._check_expected()
        for table in self._staged:
            if table.folder is not None:
                publish = files.renew_folder if table.final.is_dir() else files.publish_folder
                publish(table.folder, table.final)
            elif table.meta.described:
                _write_if_other(table.final / versions.file_of(table.meta), versions.content_of(table.meta))
        before: dict[Path, bytes | None] = {}
        try:
            for table in self._staged:
                ref = self._root / "refs" / table.meta.name
                before[ref] = ref.read_bytes() if ref.is_file() else None
                files.write_atomic(ref, f"{table.meta.version}\n".encode())
        except BaseException:
            _restore(before)
            raise
        self._staged.clear()

    def _check_expected(self) -> None:
        problems = []
        for name, version in self._expected.items():
            ref = self._root / "refs" / name
            if ref.is_file() and ref.read_text(encoding="utf-8").strip() != version:
                remedy = "Run it again, on the version that is there now."
                problems.append(
                    Problem("another writer has changed it meanwhile", f"table {name}", version, remedy)
                )
        if problems:
            raise ZizhuError(problems)

    def discard(self) -> None:
        """Remove what was staged and not published."""
        for table in self._staged:
            if table.folder is not None:
                _remove(table.folder)
        self._staged.clear()

    def _keep(self, table: Staged) -> Meta:
        """Add to what is staged; raises ZizhuError for a second table of one name."""
        name = table.meta.name
        if any(t.meta.name == name for t in self._staged):
            remedy = "Add one file after the other."
            raise ZizhuError(Problem(f"{name} comes twice", f"table {name}", "each table once", remedy))
        self._staged.append(table)
        return table.meta

    @contextmanager
    def _staging(self, parent: Path, name: str) -> Iterator[Path]:
        self._prepare()
        folder = files.staging_folder(parent, name)
        try:
            yield folder
        except BaseException:
            _remove(folder)
            raise

    def _described(
        self, name: str, described: Describe, made: str, folder: Path, schema: pl.Schema, rows: int
    ) -> Meta:
        """The description of the data in `folder`, written beside it."""
        data = folder / "data.parquet"
        meta = Meta(
            **described.model_dump(),
            name=name,
            digest=made,
            rows=rows,
            bytes=data.stat().st_size,
            sha256=files.sha256_of(data),
            columns={c: str(t) for c, t in schema.items()},
        )
        (folder / versions.FIRST).write_bytes(versions.content_of(meta))
        return self._keep(Staged(meta, folder, self._root / "tables" / name / made))


@dataclass(frozen=True)
class _Written:
    """The files of the parts in order, and what they have in common."""

    paths: tuple[Path, ...]
    schema: pl.Schema
    rows: int
    nulls: Mapping[str, bool]


def _write_parts(name: str, parts: Iterable[pl.DataFrame], key: Sequence[str], folder: Path) -> _Written:
    """Each part in key order in a file of its own; raises ZizhuError at the first part with faults."""
    from zizhu.store.digest import faults, in_key_order, missing_keys

    paths: list[Path] = []
    form: pl.Schema | None = None
    schema: pl.Schema | None = None
    nulls: dict[str, bool] = {}
    rows, last = 0, None
    for part in parts:
        form = part.schema if form is None else form
        problems = [*_form_faults(name, part.schema, form), *_float_keys(name, part.schema, key)]
        problems = problems or missing_keys(part, key)
        ordered = part if problems else in_key_order(part, key)
        problems = problems or faults(ordered, key, in_order=True)
        if problems:
            raise ZizhuError(problems)
        if part.height and last is not None and not ordered[key[0]][0] > last:
            raise ZizhuError(_out_of_order(name, key[0], ordered[key[0]][0], last))
        if part.height:
            last = ordered[key[0]][-1]
        schema = ordered.schema
        nulls = {c: nulls.get(c, False) or part[c].has_nulls() for c in part.columns}
        rows += part.height
        paths.append(folder / f"part-{len(paths):04}.parquet")
        ordered.write_parquet(paths[-1], compression="lz4", row_group_size=ROW_GROUP)
    if schema is None or not rows:
        raise ZizhuError(Problem("no rows", f"table {name}", "at least one row", "Nothing was written."))
    return _Written(tuple(paths), schema, rows, nulls)


def _form_faults(name: str, found: pl.Schema, wanted: pl.Schema) -> list[Problem]:
    if found == wanted:
        return []
    return [
        Problem(
            f"a part with columns {dict(found)}",
            f"table {name}",
            f"{dict(wanted)}",
            "Give all parts one form.",
        )
    ]


def _out_of_order(name: str, key: str, begins: object, ended: object) -> Problem:
    return Problem(
        f"a part begins with {key} {begins}, the last one ended with {ended}",
        f"table {name}",
        f"parts in ascending {key}, none of which shares a {key} with another",
        "Join what belongs together and sort the parts.",
    )


def _float_keys(name: str, schema: pl.Schema, key: Sequence[str]) -> list[Problem]:
    """A float is no key: two that a digest takes for one (12 digits) may differ, and a reference cannot name it."""
    return [
        Problem(
            f"key column {k!r} is of type {schema[k]}",
            f"table {name}",
            "a key of text, integers, dates or booleans",
            "Cast the column, or leave it out of the key.",
        )
        for k in dict.fromkeys(key)
        if k in schema and schema[k].is_float()
    ]


def _restore(before: Mapping[Path, bytes | None]) -> None:
    """Give the names back what they had."""
    for ref, content in before.items():
        with suppress(OSError):
            if content is None:
                ref.unlink(missing_ok=True)
            else:
                files.write_atomic(ref, content)


def _remove(folder: Path) -> None:
    """Remove a staging folder, and the folder of its table when nothing else is in it."""
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        folder.parent.rmdir()


def _write_if_other(path: Path, content: bytes) -> None:
    if not path.is_file() or path.read_bytes() != content:
        files.write_atomic(path, content)
