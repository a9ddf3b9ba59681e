"""A user's series as observations, and a user's panel by entity and period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import polars as pl

from zizhu.sources.own import convert
from zizhu.sources.own.faults import Faults
from zizhu.sources.own.mapped_rows import Rows, Told, duplicates
from zizhu.sources.own.mapping import PLACES, Column, TableMap
from zizhu.sources.own.measures import measure
from zizhu.sources.readers import observations
from zizhu.vocab.problems import Problem, ZizhuError
from zizhu.vocab.units import units

HELD = 60_000_000
"""Values that are held in memory, about 3 GB."""
PANEL_KEY = ("entity", "period")
_PANEL = ("entity", "entity_kind", "period")


def place_of(made: TableMap) -> str:
    """The finest role that names the entity."""
    return next(p for p in PLACES if made.says(p))


def unit_problems(made: TableMap, where: str) -> Iterator[Problem]:
    """Columns of numbers without a unit."""
    if made.one("unit") is not None:
        return
    for column in made.of("value"):
        if not column.unit:
            at = f"{where}, column {column.name!r}"
            yield Problem(
                "no unit", at, "the unit of its numbers", "Write it under unit: count, percent, million CNY."
            )


def shape_problems(made: TableMap, where: str) -> Iterator[Problem]:
    """Several columns of values that nothing tells apart, and names that a panel uses itself."""
    if made.kind == "series":
        told = made.says("indicator")
        seen: dict[tuple[str, str], str] = {}
        for column in made.of("value"):
            at = f"{where}, column {column.name!r}"
            if not told and not column.indicator:
                remedy = "Write it under indicator of that column, or as a constant indicator."
                yield Problem("nothing says what it measures", at, "an indicator", remedy)
            other = seen.setdefault((column.indicator, column.period), column.name)
            if other != column.name:
                remedy = "Give each an indicator or a period of its own, or one of them the role ignore."
                yield Problem(
                    f"the same indicator and period as {other!r}", at, "one column for each", remedy
                )
    else:
        for column in made.of("value", "attribute"):
            if _name(column) in _PANEL:
                at = f"{where}, column {column.name!r}"
                yield Problem(
                    "a name that a panel uses itself", at, "another name", "Rename it in the table."
                )


def notes_on_units(used: Iterable[str]) -> list[str]:
    """Which units the vocabulary does not know."""
    strange = sorted({u for u in used if u and u not in units()})
    if not strange:
        return []
    shown = ", ".join(strange[:8])
    return [f"Units that are not in the vocabulary, and are neither compared nor converted: {shown}."]


def read_series(
    rows: Iterable[Rows], made: TableMap, source: str, faults: Faults, told: Told, where: str
) -> pl.DataFrame:
    """The observations of a series, checked; raises ZizhuError with all that is wrong."""
    day = _vintage(made, told)
    frames = _held((_observed(part, made, day, told) for part in rows), where)
    frame = pl.concat(frames) if frames else pl.DataFrame()
    if frame.height:
        duplicates(frame, list(observations.KEY), faults)
    faults.raise_all()
    if not frame.height:
        raise ZizhuError(Problem("no values", where, "at least one", "Check the roles and what is left out."))
    full = frame.with_columns(source=pl.lit(source), published=pl.lit(made.source.published))
    return observations.check(full.select(pl.col(c).cast(t) for c, t in observations.SCHEMA.items()), where)


def _vintage(made: TableMap, told: Told) -> str:
    """The vintage of rows that state none: as stated, the day of publication, or today."""
    stated = made.constants.get("vintage") or made.source.published
    if stated or made.one("vintage") is not None:
        return stated
    today = date.today().isoformat()
    told.add(
        f"The map states no date of publication: the vintage is the day of reading, {today}.",
        1,
    )
    return today


def _observed(rows: Rows, made: TableMap, day: str, told: Told) -> pl.DataFrame:
    """All values of a piece, one a row."""
    place = place_of(made)
    entity = rows.economy(told) if place == "country" else rows.required(place)
    common = pl.DataFrame(
        {
            "indicator": rows.role("indicator"),
            "entity": entity,
            "vintage": rows.role("vintage").fill_null(day),
            "status": rows.role("status").fill_null("reported").str.to_lowercase(),
            "row": rows.piece.rows.cast(pl.Int64),
        }
    )
    wide = any(c.period for c in made.columns)
    period = None if wide else rows.period()
    found = [_one(rows, made, column, common, period) for column in made.of("value")]
    frame = pl.concat(found)
    empty = frame["value"].is_null()
    told.add("{n} cells without a value were left out.", int(empty.sum()))
    return frame.filter(~empty)


def _one(
    rows: Rows, made: TableMap, column: Column, common: pl.DataFrame, period: pl.Series | None
) -> pl.DataFrame:
    """The values of one column with what tells them apart."""
    value, unit = _in_unit(rows, made, column, rows.numbers(column))
    frame = common.with_columns(value=value, unit=unit)
    if column.indicator:
        frame = frame.with_columns(indicator=pl.lit(column.indicator))
    if column.period:
        frame = frame.with_columns(period=pl.lit(convert.period(column.period)))
    else:
        blank = pl.Series([None], dtype=pl.String).new_from_index(0, rows.height)
        frame = frame.with_columns(period=blank if period is None else period)
    bounds = {b: made.one(b) for b in ("lower", "upper")}
    none = pl.lit(None, pl.Float64)
    return frame.with_columns(**{b: rows.numbers(c) if c else none for b, c in bounds.items()}).select(
        "indicator", "entity", "period", "value", "lower", "upper", "unit", "status", "vintage", "row"
    )


def _in_unit(rows: Rows, made: TableMap, column: Column, value: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Values in units of the vocabulary where the row's unit is one, else as they are."""
    by_row = made.one("unit")
    if by_row is None:
        return value, pl.Series([column.unit]).new_from_index(0, rows.height)
    texts = rows.required("unit")
    known = texts.unique().to_list()
    said = [measure(t) if t else None for t in known]
    unit = texts.replace_strict(
        known, [m.unit if m else t for m, t in zip(said, known, strict=True)], return_dtype=pl.String
    )
    scale = texts.replace_strict(known, [m.scale if m else 1.0 for m in said], return_dtype=pl.Float64)
    return value * scale, unit


def _held(frames: Iterable[pl.DataFrame], where: str) -> list[pl.DataFrame]:
    """All frames, unless they are more than memory should hold."""
    held: list[pl.DataFrame] = []
    cells = 0
    for frame in frames:
        cells += frame.height * max(len(frame.columns) // 10, 1)
        if cells > HELD:
            remedy = (
                "Split the table, for example by years or by indicators, and add the parts under other names."
            )
            raise ZizhuError(
                Problem(f"more than {HELD:,} values", where, "a series or panel in memory", remedy)
            )
        held.append(frame)
    return held


def read_panel(
    rows: Iterable[Rows], made: TableMap, faults: Faults, where: str
) -> tuple[pl.DataFrame, dict[str, str]]:
    """The panel by entity and period, and the unit of each of its columns of numbers.

    Columns: entity, entity_kind, period, attributes (text) and values (Float64) under their own names.
    """
    frames = _held((_panel(part, made) for part in rows), where)
    frame = pl.concat(frames) if frames else pl.DataFrame()
    key = [*PANEL_KEY, "_of"] if "_of" in frame.columns else list(PANEL_KEY)
    if frame.height:
        duplicates(frame, key, faults)
    faults.raise_all()
    if not frame.height:
        raise ZizhuError(Problem("no rows", where, "at least one", "Check the roles and what is left out."))
    named = {_name(c): c.unit for c in reversed(made.of("value"))}
    if "_of" in frame.columns:
        frame = _side_by_side(frame, list(dict.fromkeys(_name(c) for c in made.of("value"))))
    return frame.drop("row").sort(PANEL_KEY), named


def _name(column: Column) -> str:
    """The name that the values of a column have in the panel."""
    return column.indicator or ("value" if column.period else column.name)


def _panel(rows: Rows, made: TableMap) -> pl.DataFrame:
    place = place_of(made)
    entity = rows.country("country") if place == "country" else rows.required(place)
    start = pl.DataFrame({"entity": entity, "row": rows.piece.rows.cast(pl.Int64)}).with_columns(
        entity_kind=pl.lit(place)
    )
    start = start.with_columns(rows.texts(c).alias(c.name) for c in made.of("attribute"))
    start = start.with_columns(
        rows.role(p).alias(c.name if (c := made.one(p)) else p) for p in PLACES if p != place and made.says(p)
    )
    values = made.of("value")
    if not any(c.period for c in values):
        full = start.with_columns(rows.period().alias("period"))
        others = [c for c in start.columns if c not in ("entity", "entity_kind", "row")]
        numbers = [rows.numbers(c).alias(_name(c)) for c in values]
        return full.with_columns(numbers).select(*_PANEL, *others, *(n.name for n in numbers), "row")
    return pl.concat(
        start.with_columns(
            rows.numbers(c).alias("_value"),
            pl.lit(convert.period(c.period)).alias("period"),
            pl.lit(_name(c)).alias("_of"),
        )
        for c in values
    )


def _side_by_side(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """A column for each of `names`, whose values stand below each other in `_value`; without rows that have none."""
    found = frame.select(*_PANEL, *(c for c in frame.columns if c not in (*_PANEL, "_value", "_of"))).unique(
        PANEL_KEY, keep="first", maintain_order=True
    )
    for name in names:
        part = frame.filter(pl.col("_of") == name).select(*PANEL_KEY, pl.col("_value").alias(name))
        found = found.join(part, on=PANEL_KEY, how="left")
    return found.filter(pl.any_horizontal(pl.col(names).is_not_null()))
