"""Geopolitical supply risk of raw materials (GeoPolRisk): concentrated production, risky suppliers.

One row a product: HHI of the world's production, the governance risk of imports, their product (the score), and the
score times the price of what is imported. The formulas are those of `zizhu.depend.concentration.supply_risk`. World
production by country comes from a table of one's own (`zizhu data map`) in tonnes; governance from a table of WGI.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import polars as pl
from pydantic import AfterValidator

from zizhu.depend.concentration.supply_risk import governance_risk, import_risk, score
from zizhu.depend.draw import balanced
from zizhu.depend.sufficiency import absent, unfit
from zizhu.ledger.models import Record
from zizhu.ledger.result import Explanation, Part, Result, first, largest
from zizhu.store import Table, Workspace
from zizhu.store.runs import make_run
from zizhu.tables.finding import listed
from zizhu.tables.herfindahl import hhi
from zizhu.tables.load import load_trade
from zizhu.tables.trade import Trade, by_partner
from zizhu.vocab import groups, names
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

METHOD = "depend.risk"
KEY = ("importer", "hs6", "year")
UNITS = {
    "score": "index",
    "production_hhi": "index",
    "import_risk": "index",
    "midpoint": "USD/t",
    "price": "USD/t",
    "imports_usd": "USD",
    "imports_t": "t",
    "own_t": "t",
}
GOVERNANCE = "wgi-political-stability"
TOLD = 3
"""Groups of members without production that are named."""


class Params(Record):
    """What is asked. `year` empty = the last one of the production table; no `products` = all of it."""

    production: str
    trade: str = "baci-raw-materials"
    governance: str = GOVERNANCE
    importer: Annotated[str, AfterValidator(groups.coded)]
    products: tuple[str, ...] = ()
    year: int | None = None


@dataclass(frozen=True)
class Inputs:
    """The tables and the question."""

    params: Params
    trade: Trade
    production: Table
    governance: Table

    @property
    def year(self) -> int:
        """The year asked for."""
        last = self.production.frame["year"].max()
        return self.params.year if self.params.year is not None else int(str(last))

    @property
    def members(self) -> tuple[str, ...]:
        """The countries of the importer."""
        return groups.expand(self.params.importer, self.year)

    def made(self, hs6: str) -> pl.DataFrame:
        """Tonnes of a product by country in the year."""
        of_year = self.production.frame.filter(year=self.year, product=hs6, unit="t")
        return of_year.drop_nulls("quantity").filter(pl.col("quantity") > 0)

    def bought(self, hs6: str) -> pl.DataFrame:
        """Imports of a product by partner, in tonnes where they are known, with the partner's governance estimate."""
        flows = by_partner(self.trade.of([hs6]).filter(pl.col("year") == self.year), self.members, "imports")
        governed = self.governance.frame.filter(year=self.year).select(
            pl.col("iso3").alias("partner"), "estimate"
        )
        return flows.drop_nulls("quantity_t").join(governed, on="partner", how="left").sort("partner")


@dataclass(frozen=True)
class Material:
    """A product with who makes it and from whom it is bought, both in tonnes."""

    hs6: str
    made: pl.DataFrame
    bought: pl.DataFrame

    @property
    def missing(self) -> str:
        """What keeps it from an answer; empty where nothing does."""
        if self.made.is_empty():
            return "no production in tonnes"
        if self.bought.is_empty():
            return "no imports in tonnes"
        return "" if self.bought["estimate"].count() else "no governance estimate of any supplier"

    @property
    def imports_t(self) -> float:
        """All imports in tonnes."""
        return float(self.bought["quantity_t"].sum())

    @property
    def world_t(self) -> float:
        """The production of all countries in tonnes."""
        return float(self.made["quantity"].sum())


def load(workspace: Workspace, params: Params) -> Inputs:
    """Read the tables that the question names; raises ZizhuError for production that does not fit the trade table."""
    trade, production = load_trade(workspace, params.trade), workspace.read(params.production)
    problems = unfit(production, trade)
    if problems:
        raise ZizhuError(problems)
    return Inputs(params, trade, production, workspace.read(params.governance))


def solve(inputs: Inputs) -> Result:
    """One row a product. Raises CannotAnswer where no product has production, imports and governance in the year."""
    made = inputs.production.frame.filter(year=inputs.year, unit="t")["product"].unique().sort()
    wanted = list(dict.fromkeys(inputs.params.products)) or made.to_list()
    every = [Material(hs6, inputs.made(hs6), inputs.bought(hs6)) for hs6 in wanted]
    held = [m for m in every if not m.missing]
    lacking = tuple(f"No answer for {m.hs6}: {m.missing}." for m in every if m.missing)
    if not held:
        raise CannotAnswer(
            Problem(
                f"no product with production in tonnes and imports in {inputs.year}",
                inputs.params.importer,
                "both for the same product and year, in tonnes",
                "Choose another year or importer, or add the missing table.",
            )
        )
    frame = pl.DataFrame([_row(inputs, m) for m in held]).select(*KEY, *UNITS).sort(KEY)
    refs = (inputs.production.meta.ref, inputs.trade.ref, inputs.governance.meta.ref)
    run = make_run(METHOD, inputs.params, refs, frame, KEY)
    notes = (*_assumed(inputs, held), *_doubts(inputs, held), *lacking, *inputs.governance.meta.notes)
    basis = f"tonnes, {inputs.year}, {inputs.trade.title}"
    return Result(frame, KEY, UNITS, basis, run, notes=notes, draw=balanced.risk)


def _row(inputs: Inputs, material: Material) -> dict[str, Any]:
    made, bought = material.made, material.bought
    own = float(made.filter(pl.col("country").is_in(list(inputs.members)))["quantity"].sum())
    concentration = float(hhi(made["quantity"].to_numpy())[0])
    weighted = import_risk(bought["quantity_t"].to_numpy(), _risks(bought), own)
    value = float(bought["value_usd"].sum())
    found = score(concentration, weighted)
    return {
        **dict(zip(KEY, (inputs.params.importer, material.hs6, inputs.year), strict=True)),
        "score": found,
        "production_hhi": concentration,
        "import_risk": weighted,
        "midpoint": found * value / material.imports_t,
        "price": value / material.imports_t,
        "imports_usd": value,
        "imports_t": material.imports_t,
        "own_t": own,
    }


def _assumed(inputs: Inputs, held: Sequence[Material]) -> Iterator[str]:
    """What stands in for governance estimates and rows of production that are not there."""
    most: dict[str, float] = {}
    for m in held:
        for partner, tonnes in (
            m.bought.filter(pl.col("estimate").is_null()).select("partner", "quantity_t").rows()
        ):
            most[partner] = max(most.get(partner, 0.0), tonnes / m.imports_t)
    if most:
        largest_first = sorted(most, key=lambda p: (-most[p], p))
        told = listed([f"{names.name(p)} (up to {most[p]:.1%} of imports)" for p in largest_first])
        yield f"Suppliers without a governance estimate count as the mean of the others: {told}."
    without: dict[str, list[str]] = {}
    for m in held:
        if who := absent(inputs.members, set(m.made["country"])):
            without.setdefault(who, []).append(m.hs6)
    if without:
        told = "; ".join([f"{who} of {listed(of)}" for who, of in without.items()][:TOLD])
        more = f"; and {len(without) - TOLD} more" if len(without) > TOLD else ""
        yield f"No row in {inputs.params.production} counts as no production: {told}{more}."


def _doubts(inputs: Inputs, held: Sequence[Material]) -> Iterator[str]:
    """Imports that exceed all that the production table has: both are then hardly the same thing."""
    told = [
        f"{names.product(m.hs6)}, {m.imports_t:,.0f} t against {m.world_t:,.0f} t"
        for m in held
        if m.imports_t > m.world_t
    ]
    if told:
        yield (
            f"Imports exceed all the production in {inputs.params.production} of {listed(told)}. They are hardly the "
            "same: gross weight against content, another stage, or re-exports; own production then weighs too little."
        )


def _risks(bought: pl.DataFrame) -> np.ndarray[Any, np.dtype[np.float64]]:
    known = bought["estimate"].cast(pl.Float64)
    return governance_risk(known.fill_null(known.mean()).to_numpy())


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open the risk of imports into suppliers, concentration into producers, the score and the price as evidence."""
    row = result.row(key)
    told = f"{names.told(row['importer'])}, {names.within(names.product(row['hs6']))}, {row['year']}: {_TOLD[column]}."
    evidence = {
        "score": ("production_hhi", "import_risk"),
        "midpoint": ("score", "price"),
        "price": ("imports_usd", "imports_t"),
    }
    if column in evidence:
        parts = [
            Part(result.ref(row, c), c.replace("_", " "), row[c], None, unit=UNITS[c])
            for c in evidence[column]
        ]
        return result.opened(row, column, told, *first(parts, top))
    found = (
        _suppliers(inputs, row, column)
        if column in ("import_risk", "imports_t", "imports_usd")
        else _makers(inputs, row, column)
    )
    return result.opened(row, column, told, *largest(found, top))


def _suppliers(inputs: Inputs, row: Mapping[str, Any], column: str) -> list[Part]:
    bought = inputs.bought(row["hs6"])
    tonnes, risks = bought["quantity_t"].to_numpy(), _risks(bought)
    values = {
        "imports_t": tonnes,
        "imports_usd": bought["value_usd"].to_numpy(),
        "import_risk": tonnes * risks / (row["own_t"] + row["imports_t"]),
    }[column]
    return [
        Part(
            inputs.trade.flow_ref(inputs.year, partner, row["importer"], row["hs6"]),
            f"from {names.told(partner)}, governance risk {risk:.2f}",
            float(value),
            float(value) / row[column],
        )
        for partner, value, risk in zip(bought["partner"], values, risks, strict=True)
        if value
    ]


def _makers(inputs: Inputs, row: Mapping[str, Any], column: str) -> list[Part]:
    made = inputs.made(row["hs6"])
    if column == "own_t":
        made = made.filter(pl.col("country").is_in(list(inputs.members)))
    total = float(made["quantity"].sum())
    return [
        Part(
            inputs.production.meta.row_ref(r),
            f"production of {names.told(r['country'])}{', share squared' if column == 'production_hhi' else ''}",
            (r["quantity"] / total) ** 2 if column == "production_hhi" else r["quantity"],
            (r["quantity"] / total) ** 2 / row[column]
            if column == "production_hhi"
            else r["quantity"] / total,
        )
        for r in made.iter_rows(named=True)
    ]


_TOLD = {
    "score": "concentration of production times the risk of imports",
    "production_hhi": "concentration of the world's production, squared shares of countries",
    "import_risk": "governance risk of imports over supply, by supplier",
    "midpoint": "score times price",
    "price": "value of imports over their tonnes",
    "imports_usd": "value of the imports whose tonnes are known, by supplier",
    "imports_t": "imports in tonnes, by supplier",
    "own_t": "production of its own",
}
