"""Self-sufficiency of a country in products: what it makes over what it uses, on up to four bases.

Production comes from tables of one's own (`zizhu data map`), each on one basis; that of the territory is needed for
every basis, since use = production + imports - exports holds on the territory alone:

  territorial  P / (P + M - X), whoever owns the maker
  ownership, brand, value_added  what domestic firms make, domestic brands sell or value added at home, over that use

`zizhu.depend.balance.ratios` has the formulas and what makes a ratio odd. Trade inside a group is left out and the
production of all its members is needed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import polars as pl
from pydantic import AfterValidator, Field

from zizhu.depend.balance.ratios import ODDITIES, ratios
from zizhu.depend.draw import balanced
from zizhu.ledger.models import Record
from zizhu.ledger.result import Explanation, Part, Result, first
from zizhu.store import Table, Workspace
from zizhu.store.runs import make_run
from zizhu.tables.finding import listed
from zizhu.tables.load import load_trade
from zizhu.tables.trade import Direction, Trade, by_partner, world_share
from zizhu.vocab import groups, names
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, unknown

METHOD = "depend.sufficiency"
KEY = ("reporter", "product", "year", "basis")
TERRITORIAL = "territorial"
PRODUCTION = "production"
Measure = Literal["value", "units"]
RATIOS = ("self_sufficiency", "import_penetration", "net_import_reliance")
QUANTITIES = ("production", "own", "imports", "exports", "use")


class Params(Record):
    """What is asked. `production`: tables of production, one of them territorial; no `products` = all of theirs.

    `measure`: value in USD, or units in tonnes.
    """

    production: tuple[str, ...] = Field(min_length=1)
    trade: str = "baci-raw-materials"
    reporter: Annotated[str, AfterValidator(groups.coded)]
    products: tuple[str, ...] = ()
    measure: Measure = "value"


@dataclass(frozen=True)
class Inputs:
    """The tables and the question."""

    params: Params
    trade: Trade
    production: tuple[Table, ...]


def load(workspace: Workspace, params: Params) -> Inputs:
    """Read the tables that the question names; raises ZizhuError with all that keeps them from being compared."""
    trade = load_trade(workspace, params.trade)
    tables = tuple(workspace.read(name) for name in dict.fromkeys(params.production))
    problems = [p for t in tables for p in unfit(t, trade)]
    bases = [_basis(t) for t in tables if not unfit(t, trade)]
    problems += [
        Problem(f"two tables on the basis {b!r}", "production", "one table a basis", "Name one of them.")
        for b in sorted({b for b in bases if bases.count(b) > 1})
    ]
    if not problems and TERRITORIAL not in bases:
        problems.append(
            Problem(
                f"production on the basis {', '.join(bases)} alone",
                "production",
                "a table on the territorial basis: use = production + imports - exports holds on the territory",
                "Name a table of what is made inside the country too.",
            )
        )
    if problems:
        raise ZizhuError(problems)
    return Inputs(params, trade, tables)


def _basis(table: Table) -> str:
    return str(table.meta.flags["basis"])


def unfit(table: Table, trade: Trade) -> list[Problem]:
    """What keeps a table from being set against the trade table."""
    name, flags = table.meta.name, table.meta.flags
    if flags.get("kind") != PRODUCTION:
        remedy = "`zizhu data map FILE` makes one of your own statistics."
        return [
            Problem(f"a table of kind {flags.get('kind')!r}", name, f"a table of kind {PRODUCTION!r}", remedy)
        ]
    if "product" not in table.meta.columns:
        return [
            Problem("production by industry", name, "production by product", "Trade is by product: map one.")
        ]
    if flags.get("classification") != trade.revision:
        remedy = "`zizhu data convert` brings the trade table to another revision of the HS."
        what = f"products in {flags.get('classification')}, trade in {trade.revision or 'no stated revision'}"
        return [Problem(what, name, "one classification", remedy)]
    return []


def solve(inputs: Inputs) -> Result:
    """One row a product, year and basis for which production, imports and exports are known on one territory.

    Raises ZizhuError for unknown products and CannotAnswer where nothing is known of all three.
    """
    params = inputs.params
    made = _made(inputs)
    produced = {basis: _whole(params.reporter, frame) for basis, frame in made.items()}
    traded = _traded(inputs, produced[TERRITORIAL])
    frame = pl.concat(
        [_rows(params.reporter, basis, own, produced[TERRITORIAL], traded) for basis, own in produced.items()]
    )
    reasons = _reasons(inputs, made, frame)
    if frame.is_empty():
        raise CannotAnswer(_nothing(inputs, reasons))
    frame = frame.select(*KEY, *QUANTITIES, *RATIOS, "oddity").sort(KEY)
    refs = (*(t.meta.ref for t in inputs.production), inputs.trade.ref)
    run = make_run(METHOD, params, refs, frame, KEY)
    unit = "USD" if params.measure == "value" else "t"
    units = dict.fromkeys(QUANTITIES, unit) | dict.fromkeys(RATIOS, "share of use")
    basis = f"{params.measure}, {inputs.trade.title}"
    notes = _notes(inputs, frame, reasons)
    return Result(frame, KEY, units, basis, run, notes=notes, draw=balanced.sufficiency)


def _made(inputs: Inputs) -> dict[str, pl.DataFrame]:
    """What is known of production by basis; raises CannotAnswer for tables without a number in the measure."""
    held = {t.meta.name: _held(inputs, t) for t in inputs.production}
    asked = f" of {listed(inputs.params.products)}" if inputs.params.products else ""
    what, remedy = f"no production in {_measured(inputs)}{asked}", "Choose the other measure or leave it out."
    expected = f"a table that has it in {_measured(inputs)}"
    problems = [Problem(what, name, expected, remedy) for name, frame in held.items() if frame.is_empty()]
    if problems:
        raise CannotAnswer(problems)
    return {_basis(t): _by_product(inputs.params.reporter, held[t.meta.name]) for t in inputs.production}


def _held(inputs: Inputs, table: Table) -> pl.DataFrame:
    """product, year, country, production of a table in the measure asked for, where it has it."""
    params, frame = inputs.params, table.frame
    if params.products:
        missing = sorted(set(params.products) - set(frame["product"]))
        if missing:
            known = sorted(set(frame["product"]))
            raise ZizhuError([unknown("product", p, known, table.meta.name) for p in missing])
        frame = frame.filter(pl.col("product").is_in(list(params.products)))
    if params.measure == "units":
        frame = frame.filter(pl.col("unit") == "t")
    column = "value_usd" if params.measure == "value" else "quantity"
    number = pl.col(column).cast(pl.Float64).alias("production")
    return frame.select("product", "year", "country", number).drop_nulls("production")


def _by_product(reporter: str, held: pl.DataFrame) -> pl.DataFrame:
    """product, year, production of the reporter's members together, and which of them are `known`."""

    def summed(rows: pl.DataFrame) -> pl.DataFrame:
        return rows.group_by("product", "year").agg(
            pl.col("production").sum(), pl.col("country").unique().alias("known")
        )

    parts = [
        summed(held.filter(pl.col("year") == year, pl.col("country").is_in(groups.expand(reporter, year))))
        for year in held["year"].unique().sort()
    ]
    return pl.concat([summed(held.clear()), *parts])


def _whole(reporter: str, made: pl.DataFrame) -> pl.DataFrame:
    """product, year, production, in years in which that of all members is known."""
    members = {year: len(groups.expand(reporter, year)) for year in made["year"].unique()}
    needed = pl.col("year").replace_strict(members, return_dtype=pl.UInt32)
    return made.filter(pl.col("known").list.len() == needed).select("product", "year", "production")


def _traded(inputs: Inputs, produced: pl.DataFrame) -> pl.DataFrame:
    """product, year, imports, exports from and to outside the reporter, in the measure asked for."""
    suffix = "usd" if inputs.params.measure == "value" else "t"
    flows = inputs.trade.of(produced["product"].unique().sort())
    parts = []
    for year in produced["year"].unique().sort():
        own = world_share(flows.filter(pl.col("year") == year), groups.expand(inputs.params.reporter, year))
        sides = [pl.col(f"{side}_{suffix}").cast(pl.Float64).alias(side) for side in ("imports", "exports")]
        parts.append(
            own.select(pl.col("hs6").alias("product"), pl.col("year").cast(produced["year"].dtype), *sides)
        )
    return pl.concat(parts) if parts else produced.select("product", "year", imports=0.0, exports=0.0)


def _rows(
    reporter: str, basis: str, own: pl.DataFrame, territory: pl.DataFrame, traded: pl.DataFrame
) -> pl.DataFrame:
    key = ["product", "year"]
    frame = territory.join(own.rename({"production": "own"}), on=key).join(traded, on=key)
    frame = frame.drop_nulls(["production", "own", "imports", "exports"])
    P, own_, M, X = (frame[c].to_numpy() for c in ("production", "own", "imports", "exports"))
    found = ratios(P, M, X, own_)
    columns = {"use": found.use} | {name: getattr(found, name) for name in RATIOS}
    return frame.with_columns(
        pl.lit(reporter).alias("reporter"),
        pl.lit(basis).alias("basis"),
        *(pl.Series(name, values).fill_nan(None) for name, values in columns.items()),
        pl.Series("oddity", found.oddity.astype(str)),
    )


def absent(members: Collection[str], known: Collection[str]) -> str:
    """Who of the members is not known, in words; empty where all are."""
    lacking = [m for m in members if m not in known]
    if not lacking or len(members) == 1:
        return names.the(lacking[0]) if lacking else ""
    return f"{len(lacking)} of the {len(members)} members ({listed([names.name(m) for m in lacking])})"


def _reasons(inputs: Inputs, made: Mapping[str, pl.DataFrame], frame: pl.DataFrame) -> tuple[str, ...]:
    """Why products of the tables have no row in the answer, one sentence a reason."""
    lacking = {_basis(t): _lacking(inputs, t, made[_basis(t)]) for t in inputs.production}
    found: dict[str, list[str]] = {}
    for basis, known in lacking.items():
        answered = set(frame.filter(basis=basis)["product"])
        for product in (p for p in known if p not in answered):
            why = known[product] or lacking[TERRITORIAL].get(product, "")
            why = why or f"{inputs.params.trade} lacks imports or exports in {_measured(inputs)}"
            found.setdefault(why, []).append(product)
    return tuple(f"{why} of {listed(left_out)}" for why, left_out in found.items())


def _lacking(inputs: Inputs, table: Table, made: pl.DataFrame) -> dict[str, str]:
    """Whose production of each product the table lacks in the year in which it has most; empty where it has all."""
    best = made.sort(pl.col("known").list.len(), "year").group_by("product", maintain_order=True).last()
    rows = {product: (year, known) for product, year, known in best.select("product", "year", "known").rows()}
    none: tuple[int, list[str]] = (int(str(table.frame["year"].max())), [])
    told: dict[str, str] = {}
    for product in inputs.params.products or table.frame["product"].unique().sort():
        year, known = rows.get(product, none)
        who = absent(groups.expand(inputs.params.reporter, year), known)
        told[product] = f"{table.meta.name} has no production of {who}" if who else ""
    return told


def _measured(inputs: Inputs) -> str:
    return "USD" if inputs.params.measure == "value" else "tonnes"


def _nothing(inputs: Inputs, reasons: tuple[str, ...]) -> Problem:
    return Problem(
        f"no year with production, imports and exports in {_measured(inputs)}: {'; '.join(reasons)}",
        inputs.params.reporter,
        "all three for the same product and year, and production of every member of a group",
        "Choose the other measure, or add what is missing.",
    )


def _notes(inputs: Inputs, frame: pl.DataFrame, reasons: tuple[str, ...]) -> tuple[str, ...]:
    odd = [o for o in frame["oddity"].unique().sort() if o]
    notes = [f"{o}: {ODDITIES[o]}." for o in odd]
    notes.append(
        "Ratios are not clamped: territorial self-sufficiency above one and net import reliance below zero are those "
        "of a net exporter; import penetration above one says that goods pass through or stocks change."
    )
    if inputs.params.measure == "value":
        notes.append(
            "Production is valued at the prices of its source and trade at those of the border: use in USD mixes the "
            "two, use in tonnes does not."
        )
    if frame["basis"].n_unique() > 1:
        notes.append("All bases share the use of the territory: production + imports - exports.")
    notes += [f"No answer: {why}." for why in reasons]
    return (*notes, *(n for t in inputs.production for n in t.meta.notes))


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a ratio into its quantities as evidence, use into its three terms, production into the members' rows.

    Raises CannotAnswer for a ratio that is null.
    """
    row = result.row(key)
    if row[column] is None:
        raise CannotAnswer(
            Problem(f"{column} has no value", key, "use above zero", f"{ODDITIES[row['oddity']]}.")
        )
    where = f"{names.told(row['reporter'])}, {row['product']}, {row['year']}, {row['basis']}"
    told = f"{where}: {column.replace('_', ' ')}."
    if column == "use":
        signs = {"production": 1.0, "imports": 1.0, "exports": -1.0}
        parts = [
            _part(result, row, c, s * row[c], s * row[c] / row["use"] if row["use"] else 0.0)
            for c, s in signs.items()
        ]
    elif column in ("production", "own"):
        parts = _of_members(inputs, row, TERRITORIAL if column == "production" else row["basis"])
    elif column in RATIOS:
        needed = {"self_sufficiency": ("own", "use"), "import_penetration": ("imports", "use")}
        parts = [
            _part(result, row, c, row[c], None) for c in needed.get(column, ("imports", "exports", "use"))
        ]
    else:
        parts = _flows(inputs, row, column)
    return result.opened(row, column, told, *first(parts, top))


def _part(result: Result, row: Mapping[str, object], column: str, value: float, share: float | None) -> Part:
    unit = result.units[column] if share is None else ""
    return Part(result.ref(row, column), column, value, share, unit=unit)


def _of_members(inputs: Inputs, row: Mapping[str, object], basis: str) -> list[Part]:
    table = next(t for t in inputs.production if _basis(t) == basis)
    column = "value_usd" if inputs.params.measure == "value" else "quantity"
    members = groups.expand(inputs.params.reporter, int(str(row["year"])))
    held = table.frame.filter(
        pl.col("year") == row["year"],
        pl.col("product") == row["product"],
        pl.col("country").is_in(list(members)),
    )
    total = float(held[column].sum())
    return [
        Part(
            table.meta.row_ref(r),
            f"production of {names.told(r['country'])}",
            float(r[column]),
            float(r[column]) / total if total else 0.0,
        )
        for r in held.iter_rows(named=True)
    ]


def _flows(inputs: Inputs, row: Mapping[str, object], column: str) -> list[Part]:
    """The flows behind imports or exports by partner, the largest first."""
    year, product, reporter = int(str(row["year"])), str(row["product"]), inputs.params.reporter
    of_year = inputs.trade.of([product]).filter(pl.col("year") == year)
    direction: Direction = "imports" if column == "imports" else "exports"
    flows = by_partner(of_year, groups.expand(reporter, year), direction)
    measure = "value_usd" if inputs.params.measure == "value" else "quantity_t"
    known = flows.drop_nulls(measure).sort(measure, "partner", descending=[True, False])
    total = float(known[measure].sum())
    parts = []
    for r in known.iter_rows(named=True):
        seller, buyer = (r["partner"], reporter) if direction == "imports" else (reporter, r["partner"])
        ref = inputs.trade.flow_ref(year, seller, buyer, product)
        said = f"{'from' if direction == 'imports' else 'to'} {names.told(r['partner'])}"
        parts.append(Part(ref, said, float(r[measure]), float(r[measure]) / total))
    return parts
