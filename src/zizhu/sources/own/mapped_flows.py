"""A user's table of trade or of production in canonical form: sums by year in USD and tonnes.

Trade: year, exporter, importer, hs6, revision, value_usd, quantity_t. Production: year, country, product or sector,
classification, basis, value_usd, quantity, unit. Rows wait on disk by year, so that memory is that of one year.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from zizhu.sources.files.wrong_cells import Cause
from zizhu.sources.own.faults import Faults
from zizhu.sources.own.mapped_rows import Rows, Told, duplicates, known_unit
from zizhu.sources.own.mapping import REVISIONS, Column, TableMap
from zizhu.sources.own.measures import Measure, measure
from zizhu.tables.trade import TRADE_COLUMNS, TRADE_KEY
from zizhu.vocab.problems import Problem
from zizhu.vocab.units import Unit, units

USD, TONNE, MONEY, MASS = "USD", "t", "money", "mass"
MOST = 9e18
"""USD that a 64-bit integer holds."""
_BELOW = Cause("is below 0", "0 or more", "Correct it.")


@dataclass
class Waiting:
    """Rows in files by year in `folder`; `width` is the length of their periods by year (4: years, 7: months)."""

    folder: Path
    files: dict[int, list[Path]] = field(default_factory=dict)
    periods: dict[int, set[str]] = field(default_factory=dict)

    def add(self, frame: pl.DataFrame) -> None:
        """Put rows aside; rows without a year are faults already and are left out."""
        known = frame.filter(pl.col("period").is_not_null())
        known = known.with_columns(year=pl.col("period").str.slice(0, 4).cast(pl.Int16))
        for (year,), part in known.partition_by("year", as_dict=True).items():
            held = self.files.setdefault(int(str(year)), [])
            path = self.folder / f"{year}-{len(held)}.parquet"
            part.write_parquet(path, compression="lz4")
            held.append(path)
            self.periods.setdefault(int(str(year)), set()).update(part["period"].unique())

    def years(self) -> list[int]:
        """The years that rows wait for, in order."""
        return sorted(self.files)

    def of(self, year: int) -> pl.DataFrame:
        """All rows of a year."""
        return pl.concat([pl.read_parquet(p, glob=False) for p in self.files[year]])


def money_problems(made: TableMap, where: str) -> Iterator[Problem]:
    """Units that a table of trade or production cannot be made from."""
    for column in made.of("value"):
        at = f"{where}, column {column.name!r}"
        if made.one("unit") is not None:
            continue
        wrong = known_unit(column, at)
        yield from wrong
        unit = units().get(column.unit)
        if unit is None:
            continue
        if unit.dimension != MONEY:
            yield Problem(
                f"a value in {unit.code}", at, "money", "Give it the role quantity, or another unit."
            )
        elif unit.currency != USD and not made.rates and made.one("currency") is None:
            yield Problem(
                f"money in {unit.currency}",
                at,
                "USD, or rates",
                f"State under rates how many {unit.currency} a US dollar cost in each year, with its source in title.",
            )
    for column in made.of("quantity"):
        at = f"{where}, column {column.name!r}"
        if made.one("quantity_unit") is not None:
            continue
        wrong = known_unit(column, at)
        yield from wrong
        if not wrong and made.kind == "trade" and units()[column.unit].dimension != MASS:
            remedy = "Give it the role ignore: trade tables hold tonnes."
            yield Problem(f"a quantity in {column.unit}", at, "a unit of mass", remedy)


def read(rows: Iterable[Rows], made: TableMap, waiting: Waiting, told: Told) -> None:
    """Put all rows of the table aside, converted; faults are collected."""
    for part in rows:
        frame = _trade(part, told) if made.kind == "trade" else _production(part, made, told)
        waiting.add(frame)


def _trade(rows: Rows, told: Told) -> pl.DataFrame:
    made, period = rows.made, rows.period()
    exporter, importer, flow = _sides(rows)
    revision = made.constants["revision"]
    product = made.one("product")
    frame = pl.DataFrame(
        {
            "period": period,
            "exporter": exporter,
            "importer": importer,
            "hs6": rows.product(revision),
            "code": rows.texts(product) if product else rows.role("product"),
            "flow": flow,
            "value": _money(rows, period),
            "quantity": _tonnes(rows, told),
            "row": rows.piece.rows.cast(pl.Int64),
        }
    )
    empty = frame["value"].is_null()
    told.add("{n} rows without a value were left out.", int(empty.sum()))
    own = (frame["exporter"] == frame["importer"]).fill_null(False)
    told.add("{n} flows of a country to itself were left out.", int((own & ~empty).sum()))
    nothing = (frame["value"] < 1).fill_null(False)
    told.add("{n} flows of less than a dollar were left out.", int((nothing & ~own).sum()))
    return frame.filter(~empty & ~own & ~nothing)


def _sides(rows: Rows) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Exporter, importer and the flow as the reporter saw it (empty where the table has exporters and importers)."""
    if not rows.made.says("reporter"):
        return (
            rows.country("exporter"),
            rows.country("importer"),
            pl.Series([""]).new_from_index(0, rows.height),
        )
    reporter, partner, flow = rows.country("reporter"), rows.country("partner"), rows.flow()
    bought = (flow == "imports").fill_null(False)
    return partner.zip_with(bought, reporter), reporter.zip_with(bought, partner), flow


def _production(rows: Rows, made: TableMap, told: Told) -> pl.DataFrame:
    period = rows.period()
    quantity, unit = _quantity(rows)
    frame = pl.DataFrame(
        {
            "period": period,
            "country": rows.country("country"),
            "item": _item(rows, made),
            "value": _money(rows, period),
            "quantity": quantity,
            "unit": unit,
            "row": rows.piece.rows.cast(pl.Int64),
        }
    ).with_columns(code=pl.col("item"))
    empty = frame["value"].is_null() & frame["quantity"].is_null()
    told.add("{n} rows without a value or quantity were left out.", int(empty.sum()))
    return frame.filter(~empty)


def item_role(made: TableMap) -> str:
    """`product` or `sector`, whichever the table has."""
    return "product" if made.says("product") else "sector"


def _item(rows: Rows, made: TableMap) -> pl.Series:
    if made.says("product") and made.constants["classification"] in REVISIONS:
        return rows.product(made.constants["classification"])
    return rows.required(item_role(made))


def _money(rows: Rows, period: pl.Series) -> pl.Series:
    """USD of the value; null where the table has none."""
    made, column = rows.made, rows.made.one("value")
    if column is None:
        return pl.Series([None], dtype=pl.Float64).new_from_index(0, rows.height)
    value = rows.numbers(column)
    negative = value < 0
    rows.faults.add(rows.piece, column.name, negative, _BELOW)
    by_row = made.one("unit")
    if by_row is not None:
        value, currency = _by_row_unit(rows, value, by_row)
    else:
        unit = units()[column.unit]
        value = value * float(unit.scale) if unit.scale != 1 else value
        currency = pl.Series([unit.currency]).new_from_index(0, rows.height)
    stated = made.one("currency")
    if stated is not None:
        currency = _measured(rows, stated, lambda u: u.currency or None, "is no currency that is known")
    value = _in_usd(rows, column, value, currency, period)
    over = value > MOST
    rows.faults.add(
        rows.piece, column.name, over, Cause("is too large", f"at most {MOST:g} USD", "Check the unit.")
    )
    return value


def _by_row_unit(rows: Rows, value: pl.Series, column: Column) -> tuple[pl.Series, pl.Series]:
    """The value in whole units of the currency of each row, and the currency."""
    currency = _measured(rows, column, lambda u: u.currency or None, "is no unit of money")
    scale = _scales(rows.texts(column), lambda u: float(u.scale))
    return value * scale, currency


def _measured(rows: Rows, column: Column, of: Callable[[Unit], str | None], what: str) -> pl.Series:
    """What `of` says of the unit that each row names; a text that names none is a fault."""
    texts = rows.texts(column)
    found = texts.replace_strict(
        known := texts.unique().to_list(), [_said(t, of) for t in known], return_dtype=pl.String
    )
    cause = Cause(what, "USD, million CNY, 万元 or the like", "Recode it.")
    rows.faults.add(rows.piece, column.name, found.is_null(), cause)
    return found


def _said(text: str | None, of: Callable[[Unit], str | None]) -> str | None:
    found = measure(text) if text else None
    return of(units()[found.unit]) if found else None


def _scales(texts: pl.Series, of: Callable[[Unit], float | None]) -> pl.Series:
    """The factor of each row's unit as `of` says it, times the scale of the words; null where it names none."""
    known = texts.unique().to_list()
    found = [measure(t) if t else None for t in known]
    scales = [m.scale * s if m and (s := of(units()[m.unit])) is not None else None for m in found]
    return texts.replace_strict(known, scales, return_dtype=pl.Float64)


def _in_usd(
    rows: Rows, column: Column, value: pl.Series, currency: pl.Series, period: pl.Series
) -> pl.Series:
    """The value divided by the rate of its year wherever it is not in USD."""
    foreign = (currency != USD).fill_null(False)
    if not foreign.any():
        return value
    years = period.str.slice(0, 4)
    rate = years.replace_strict(
        list(rows.made.rates), list(rows.made.rates.values()), default=None, return_dtype=pl.Float64
    )
    lacking = foreign & rate.is_null() & value.is_not_null()
    what, remedy = "is not in USD and its year has no rate", "State it under rates: units of it a US dollar."
    rows.faults.add(rows.piece, column.name, lacking, Cause(what, "a rate for every year", remedy))
    return (value / rate).zip_with(foreign, value)


def _tonnes(rows: Rows, told: Told) -> pl.Series:
    """Tonnes of a flow; null where there are none, or where the row has another unit than one of mass."""
    column, by_row = rows.made.one("quantity"), rows.made.one("quantity_unit")
    if column is None:
        return pl.Series([None], dtype=pl.Float64).new_from_index(0, rows.height)
    value = rows.numbers(column)
    rows.faults.add(rows.piece, column.name, value < 0, _BELOW)
    if by_row is None:
        return value * float(units()[column.unit].scale)
    scale = _scales(rows.texts(by_row), lambda u: float(u.scale) if u.dimension == MASS else None)
    other = value.is_not_null() & scale.is_null()
    told.add("{n} quantities in other units than those of mass were left out.", int(other.sum()))
    return value * scale


def _quantity(rows: Rows) -> tuple[pl.Series, pl.Series]:
    """Quantity of production and its unit: tonnes for a unit of mass, else the unit as the vocabulary has it."""
    column, by_row = rows.made.one("quantity"), rows.made.one("quantity_unit")
    none = pl.Series([None], dtype=pl.String).new_from_index(0, rows.height)
    if column is None:
        return none.cast(pl.Float64), none
    value = rows.numbers(column)
    rows.faults.add(rows.piece, column.name, value < 0, _BELOW)
    if by_row is None:
        unit, scale = _canonical(Measure(column.unit, 1.0))
        return value * scale, pl.Series([unit]).new_from_index(0, rows.height).set(value.is_null(), None)
    texts = rows.required("quantity_unit")
    known = texts.unique().to_list()
    found = [_canonical(m) if t and (m := measure(t)) else (t, 1.0) for t in known]
    unit_of = texts.replace_strict(known, [u for u, _ in found], return_dtype=pl.String)
    scale_of = texts.replace_strict(known, [s for _, s in found], return_dtype=pl.Float64)
    return value * scale_of, unit_of.set(value.is_null(), None)


def _canonical(said: Measure) -> tuple[str, float]:
    unit = units()[said.unit]
    if unit.dimension == MASS:
        return TONNE, said.scale * float(unit.scale)
    return unit.code, said.scale


def check(waiting: Waiting, made: TableMap, faults: Faults) -> None:
    """Count years that stand beside their months, and rows that repeat another, a year at a time."""
    key = (
        ["period", "exporter", "importer", "code", "flow"]
        if made.kind == "trade"
        else ["period", "country", "code"]
    )
    for year in waiting.years():
        if len({len(p) for p in waiting.periods[year]}) > 1:
            shown = ", ".join(sorted(waiting.periods[year])[:4])
            remedy = "Leave the years or the months out with omit: together they would count twice."
            faults.note(Cause("", "years or months", remedy, "such years"), [f"{year} has {shown}"], 1)
        duplicates(waiting.of(year).select(*key, "row"), key, faults)


def period_notes(waiting: Waiting) -> list[str]:
    """Which years are sums of months or quarters, and which of them are not whole."""
    parts = {y: sorted(p) for y, p in waiting.periods.items() if len(max(p, key=len)) > 4}
    if not parts:
        return []
    whole = max(len(p) for p in parts.values())
    short = "; ".join(
        f"{y}: {p[0]} to {p[-1]}, {len(p)} of {whole}" for y, p in sorted(parts.items()) if len(p) < whole
    )
    notes = [f"Years are sums of up to {whole} shorter periods."]
    return [*notes, f"Years that are not whole: {short}."] if short else notes


def trade_parts(waiting: Waiting, made: TableMap) -> Iterator[pl.DataFrame]:
    """The canonical trade table a year at a time, in key order."""
    for year in waiting.years():
        frame = _summed(waiting.of(year), TRADE_KEY).with_columns(
            value_usd=pl.col("value").round().cast(pl.Int64)
        )
        frame = frame.with_columns(
            pl.lit(made.constants["revision"]).alias("revision"), pl.col("quantity").alias("quantity_t")
        )
        yield frame.select(TRADE_COLUMNS)


def _summed(frame: pl.DataFrame, key: Iterable[str]) -> pl.DataFrame:
    """Sums by key in the order of rows; a sum of which a part is not known is not known."""
    keys = list(key)
    if frame.select(pl.struct(keys).n_unique()).item() == frame.height:
        return frame.select(*keys, "value", "quantity", *(c for c in frame.columns if c == "unit"))
    others = [pl.col("unit").first()] if "unit" in frame.columns else []
    return (
        frame.sort(*keys, "row")
        .group_by(keys, maintain_order=True)
        .agg(
            *(
                pl.when(pl.col(c).has_nulls().not_()).then(pl.col(c).sum()).alias(c)
                for c in ("value", "quantity")
            ),
            *others,
        )
    )


def production_frame(waiting: Waiting, made: TableMap, faults: Faults) -> pl.DataFrame:
    """The canonical production table; a sum over two units is a fault."""
    role = item_role(made)
    key = ["year", "country", "item"]
    frames = []
    for year in waiting.years():
        frame = waiting.of(year)
        mixed = frame.group_by(key).agg(pl.col("unit").drop_nulls().n_unique()).filter(pl.col("unit") > 1)
        if mixed.height:
            shown = ", ".join(str(v) for v in mixed.sort(key).row(0)[:3])
            what = f"several units of quantity, first for {shown}"
            faults.note(Cause("", "one unit", "Recode the units.", "such sums"), [what], mixed.height)
        frames.append(_summed(frame, key))
    stated = {c: pl.lit(made.constants[c]).alias(c) for c in ("classification", "basis")}
    return pl.concat(frames).select(
        "year",
        "country",
        pl.col("item").alias(role),
        stated["classification"],
        stated["basis"],
        pl.col("value").round().cast(pl.Int64).alias("value_usd"),
        "quantity",
        "unit",
    )
