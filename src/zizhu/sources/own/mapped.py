"""From a map of a user's own table to a table of the workspace: read, checked and published, or not at all."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

import zizhu
from zizhu.ledger.models import Source
from zizhu.sources.own import mapped_flows, mapped_values
from zizhu.sources.own.faults import Faults
from zizhu.sources.own.mapped_rows import Rows, Told, constants_wrong, rows_of
from zizhu.sources.own.mapping import TableMap, load, table_of
from zizhu.sources.own.own_file import OwnFile, opened
from zizhu.sources.readers import observations
from zizhu.sources.reading import SourceTable
from zizhu.store import Workspace
from zizhu.store.batch import Batch
from zizhu.store.meta import Describe, Meta, Origin, RawFile
from zizhu.tables.trade import TRADE_KEY
from zizhu.vocab.problems import Problem, ZizhuError

READER = "zizhu.sources.own.mapped"
_PRODUCTION_KEY = ("year", "country")
Tell = Callable[[str], None]


def add_mapped(workspace: Workspace, path: Path, tell: Tell = lambda _: None) -> list[Meta]:
    """Read the table that the map at `path` describes and publish it; returns its description.

    A series that is here already keeps its old vintages. Raises ZizhuError with all problems of the map, or with
    those of the table (the first 20, with counts of all), and then the workspace is as it was.
    """
    made = load(path)
    table = table_of(made, path)
    told = Told()
    for what, place in _outside(path, table):
        tell(f"{what} ({place})")
        told.add(what, 1)
    return [add_as(workspace, made, table, path.name, tell, told)]


def add_as(
    workspace: Workspace,
    made: TableMap,
    table: Path,
    where: str,
    tell: Tell = lambda _: None,
    told: Told | None = None,
) -> Meta:
    """Read the file `table` as a map says and publish it; `where` names the map in problems. Raises as `add_mapped`."""
    own = opened(table, made.layout.member)
    _require_sound(made, where)
    with tempfile.TemporaryDirectory(prefix="zizhu-") as folder, workspace.batch() as batch:
        return _Adding(workspace, batch, made, own, tell, told or Told()).to(Path(folder))


def _outside(path: Path, table: Path) -> Iterator[tuple[str, Path]]:
    """Said of a table that lies elsewhere than its map: allowed, for it is the user's own."""
    if table.is_symlink():
        yield "The table was read through a link.", table.resolve()
    if not table.resolve().is_relative_to(path.parent.resolve()):
        yield "The table lay outside the folder of its map.", table.resolve()


def _require_sound(made: TableMap, where: str) -> None:
    """Raise ZizhuError with everything in the map that no table of its kind can be made from."""
    problems = list(constants_wrong(made, where))
    if made.kind in ("trade", "production"):
        problems += mapped_flows.money_problems(made, where)
    else:
        problems += [*mapped_values.unit_problems(made, where), *mapped_values.shape_problems(made, where)]
    if problems:
        raise ZizhuError(problems)


class _Adding:
    """One table on its way into a batch."""

    def __init__(
        self, workspace: Workspace, batch: Batch, made: TableMap, own: OwnFile, tell: Tell, told: Told
    ) -> None:
        self._workspace, self._batch, self._made, self._own, self._tell = workspace, batch, made, own, tell
        self._faults, self._told = Faults(own.where), told
        self._source = _source(made)

    def to(self, folder: Path) -> Meta:
        """Stage the table; `folder` holds its rows meanwhile."""
        self._tell(f"reading {self._own.path.name}")
        kind = self._made.kind
        if kind == "series":
            return self._series()
        return self._panel() if kind == "panel" else self._flows(mapped_flows.Waiting(folder))

    def _rows(self) -> Iterable[Rows]:
        done = 0
        for part in rows_of(self._own, self._made, self._faults, self._told):
            done += part.height
            yield part
            self._tell(f"read {done:,} rows")

    def _flows(self, waiting: mapped_flows.Waiting) -> Meta:
        made, where = self._made, self._own.where
        mapped_flows.read(self._rows(), made, waiting, self._told)
        mapped_flows.check(waiting, made, self._faults)
        self._faults.raise_all()
        if not waiting.years():
            raise ZizhuError(
                Problem("no rows", where, "at least one", "Check the roles and what is left out.")
            )
        flags: dict[str, Any] = {"years": waiting.years()}
        notes = mapped_flows.period_notes(waiting)
        self._tell("writing")
        if made.kind == "trade":
            return self._trade(waiting, flags, notes)
        frame = mapped_flows.production_frame(waiting, made, self._faults)
        self._faults.raise_all()
        role = mapped_flows.item_role(made)
        flags |= {c: made.constants[c] for c in ("classification", "basis")}
        described = self._describe(
            (*_PRODUCTION_KEY, role),
            {"value_usd": "USD, current prices", "quantity": "as the column unit says"},
            flags | {"by": role},
            [*notes, *mapped_values.notes_on_units(frame["unit"].drop_nulls().unique())],
        )
        return self._put(SourceTable(frame, described))

    def _trade(self, waiting: mapped_flows.Waiting, flags: dict[str, Any], notes: list[str]) -> Meta:
        made = self._made
        units = {"value_usd": "USD, current prices", "quantity_t": "metric tons"}
        flags |= {"revision": made.constants["revision"]}
        described = self._describe(TRADE_KEY, units, flags, notes)
        parts = mapped_flows.trade_parts(waiting, made)
        return self._batch.add_parts(made.table, parts, described.key, described.model_dump())

    def _series(self) -> Meta:
        made, where = self._made, self._own.where
        frame = mapped_values.read_series(
            self._rows(), made, self._source.id, self._faults, self._told, where
        )
        frame = self._with_old_vintages(frame)
        described = self._describe(
            observations.KEY,
            dict.fromkeys(("value", "lower", "upper"), "as the column unit says"),
            {"vintages": sorted(frame["vintage"].unique())},
            mapped_values.notes_on_units(frame["unit"].unique()),
            kind="indicator",
        )
        return self._put(SourceTable(frame, described))

    def _with_old_vintages(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The observations with the vintages of that table that the workspace holds."""
        if not (self._workspace.root / "refs" / self._made.table).exists():
            return frame
        old = self._workspace.read(self._made.table).frame
        return observations.merge(old, frame) if dict(old.schema) == observations.SCHEMA else frame

    def _panel(self) -> Meta:
        made = self._made
        frame, units = mapped_values.read_panel(self._rows(), made, self._faults, self._own.where)
        kinds = {"entity_kind": mapped_values.place_of(made), "periods": sorted(frame["period"].unique())}
        notes = mapped_values.notes_on_units(units.values())
        return self._put(SourceTable(frame, self._describe(mapped_values.PANEL_KEY, units, kinds, notes)))

    def _put(self, table: SourceTable) -> Meta:
        self._tell("writing")
        described = table.describe
        return self._batch.add(self._made.table, table.frame, described.key, described.model_dump())

    def _describe(
        self,
        key: tuple[str, ...],
        units: Mapping[str, str],
        flags: Mapping[str, Any],
        notes: list[str],
        kind: str = "",
    ) -> Describe:
        made = self._made
        rates = ", ".join(f"{y}: {r:g}" for y, r in made.rates.items())
        converted = [f"Money was turned into USD at the rates that the map states: {rates}."] if rates else []
        return Describe(
            title=made.title,
            key=key,
            units=units,
            sources=(self._source.id,),
            flags={"kind": kind or made.kind, "own": True, **flags},
            notes=(*self._told.notes(), *converted, *notes),
            origin=_origin(made, self._own.path, self._source),
        )


def _source(made: TableMap) -> Source:
    cited = made.source
    return Source(
        id=f"own-{made.table}",
        producer=cited.producer,
        title=cited.title,
        published=cited.published,
        url=cited.url,
        licence=cited.licence,
        sha256=made.sha256,
        quality=cited.quality,
    )


def _origin(made: TableMap, table: Path, source: Source) -> Origin:
    raw = RawFile(name=table.name, bytes=table.stat().st_size, sha256=made.sha256, url=made.source.url)
    today = datetime.date.today().isoformat()
    return Origin(files=(raw,), reader=READER, version=zizhu.__version__, added=today, cited=(source,))
