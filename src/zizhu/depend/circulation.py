"""Domestic and external circulation: what calls for the value added of a country, by industry and in all.

One row an industry, and one for the whole country (sector TOTAL):
  value_added  of the industry
  at_home      called for by the country's own final demand through suppliers at home alone
  returning    by its own final demand, after having crossed borders
  abroad       by final demand abroad (value added exports)
  share_at_home, share_abroad  of value added
The formulas are those of `zizhu.depend.chains.circulation`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

import numpy as np
import polars as pl
from pydantic import AfterValidator

from zizhu.depend.chains.circulation import circulation
from zizhu.depend.draw import contained
from zizhu.depend.exposure import in_table
from zizhu.depend.sides import closed, shortfall, unbalanced
from zizhu.ledger.models import Coverage, Record
from zizhu.ledger.result import Explanation, Part, Result, largest, require_coverage
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.tables.final_demand import require_measured_final
from zizhu.tables.leontief import Index, Matrix, Vector, factor
from zizhu.tables.load import load_mrio
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import absent, countries_of, whole_countries_of
from zizhu.vocab import groups, names
from zizhu.vocab.sectors import TOTAL

METHOD = "depend.circulation"
KEY = ("country", "sector")
AMOUNTS = ("value_added", "at_home", "returning", "abroad")
SHARES = {"share_at_home": "at_home", "share_abroad": "abroad"}


class Params(Record):
    """What is asked: a country or a group, whose members count as home."""

    table: str = "icio-2022"
    country: Annotated[str, AfterValidator(groups.coded)]
    insist: bool = False


@dataclass(frozen=True)
class Inputs:
    """The table and the question."""

    params: Params
    mrio: MRIO

    @cached_property
    def stated(self) -> Matrix:
        """Final demand by destination (n, C); raises CannotAnswer for a table that does not measure it."""
        return require_measured_final(self.mrio, "domestic and external circulation")

    @cached_property
    def final(self) -> Matrix:
        """Final demand (n, C) that with its inputs calls for all output: what rows lack counts at home."""
        return closed(self.mrio, self.stated)


def load(workspace: Workspace, params: Params) -> Inputs:
    """Read the table that the question names."""
    return Inputs(params, load_mrio(workspace, params.table))


def solve(inputs: Inputs) -> Result:
    """One row an industry and one of all. Raises ZizhuError for unknown codes, and CannotAnswer without final demand
    by destination or where the table states the buyers of less than half of the country's output.
    """
    params, mrio = inputs.params, inputs.mrio
    coverage = (_coverage(inputs),)
    require_coverage(coverage, params.insist, METHOD)
    frame = _frame(inputs)
    run = make_run(METHOD, params, (mrio.ref,), frame, KEY)
    units = dict.fromkeys(AMOUNTS, mrio.unit) | dict.fromkeys(SHARES, "share of value added")
    basis = in_table("value added by what calls for it", mrio)
    return Result(frame, KEY, units, basis, run, coverage, _notes(inputs), draw=contained.circulation)


def _coverage(inputs: Inputs) -> Coverage:
    """The share of the country's output of which the table states the buyers."""
    mrio, who = inputs.mrio, names.possessive(names.the(inputs.params.country))
    rows = mrio.nodes.of(countries_of(mrio, inputs.params.country))
    output = float(mrio.x[rows].sum())
    lost = float(np.abs(shortfall(mrio, inputs.stated)[rows]).sum())
    share = max(1 - lost / output, 0.0) if output else 0.0
    said = (
        f"The table states for {share:.2%} of {who} output which economy's industries or final demand buy it."
    )
    return Coverage(what=f"the buyers of {who} output", share=share, statement=said, gate=True)


def _notes(inputs: Inputs) -> tuple[str, ...]:
    mrio = inputs.mrio
    notes = [*absent(mrio, (inputs.params.country,))]
    notes.append("Capital goods count as final demand of whoever buys them.")
    notes += unbalanced(mrio, inputs.stated, "all value added is called for by somebody")
    if not mrio.flags.has_rest_of_world:
        notes.append(
            "The table has no rest of the world: what it calls for and sells is not in these figures."
        )
    return tuple(notes)


def _frame(inputs: Inputs) -> pl.DataFrame:
    mrio, country = inputs.mrio, inputs.params.country
    own = np.asarray(whole_countries_of(mrio, country), dtype=np.intp)
    rows = np.flatnonzero(np.isin(mrio.nodes.country_index, own))
    called = mrio.lu.solve(np.asfortranarray(inputs.final))
    found = circulation(mrio.Z, mrio.x, mrio.v, called, inputs.final, rows, own)
    frame = pl.DataFrame(
        {
            "sector": [mrio.nodes.sector[i] for i in rows],
            "value_added": mrio.v[rows] * mrio.x[rows],
            **{name: np.asarray(values) for name, values in found._asdict().items()},
        }
    )
    by_sector = frame.group_by("sector", maintain_order=True).sum().filter(pl.col("value_added") != 0)
    whole = by_sector.select(pl.lit(TOTAL).alias("sector"), pl.col(AMOUNTS).sum())
    return pl.concat([by_sector, whole]).select(
        pl.lit(country).alias("country"),
        "sector",
        *AMOUNTS,
        *((pl.col(amount) / pl.col("value_added")).alias(name) for name, amount in SHARES.items()),
    )


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open value added into what calls for it, the total into industries, a share into its two amounts."""
    row = result.row(key)
    industry = names.within(names.sector(row["sector"]))
    told = f"{names.told(row['country'])}, {industry}: {_TOLD[column]}."
    if column in SHARES:
        parts = [
            Part(result.ref(row, c), c.replace("_", " "), row[c], None, unit=result.units[c])
            for c in (SHARES[column], "value_added")
        ]
        return result.opened(row, column, told, tuple(parts))
    if row["sector"] == TOTAL:
        each = result.frame.filter(pl.col("sector") != TOTAL).iter_rows(named=True)
        found = [
            Part(result.ref(r, column), names.sector(r["sector"]), r[column], r[column] / row[column])
            for r in each
            if row[column]
        ]
        return result.opened(row, column, told, *largest(found, top))
    return result.opened(row, column, told, *largest(_callers(inputs, row, column), top))


_TOLD = {
    "value_added": "value added, by the economy whose final demand calls for it",
    "at_home": "value added for final use at home, through suppliers at home alone",
    "returning": "value added for final use at home, after having crossed borders",
    "abroad": "value added that final demand abroad calls for",
    "share_at_home": "part of value added for final use at home, through suppliers at home alone",
    "share_abroad": "part of value added that final demand abroad calls for",
}


def _callers(inputs: Inputs, row: Mapping[str, Any], column: str) -> list[Part]:
    """Value added of an industry by the economy whose final demand calls for it; at home by final product."""
    mrio = inputs.mrio
    own = whole_countries_of(mrio, row["country"])
    mine = mrio.nodes.of([mrio.nodes.countries[c] for c in own], [row["sector"]])
    if column == "at_home":
        by, labels = _at_home(inputs, own, mine)
    else:
        by = mrio.v[mine] @ mrio.lu.solve(np.asfortranarray(inputs.final))[mine]
        labels = [f"final demand of {names.told(c)}" for c in mrio.nodes.countries]
        if column == "abroad":
            by[own] = 0.0
        if column == "returning":
            by = np.where(np.isin(np.arange(len(by)), own), by, 0.0)
            by, labels = np.append(by, -row["at_home"]), [*labels, "less what stays at home"]
    total = row[column]
    ref = f"{mrio.ref}#{row['country']}:{row['sector']}"
    return [
        Part(ref, label, float(value), float(value) / total)
        for label, value in zip(labels, by, strict=True)
        if value and total
    ]


def _at_home(inputs: Inputs, own: Sequence[int], mine: Index) -> tuple[Vector, list[str]]:
    """What each final product of home calls for of the industry, through suppliers at home alone."""
    mrio = inputs.mrio
    rows = np.flatnonzero(np.isin(mrio.nodes.country_index, own))
    inside = factor(np.asarray(mrio.Z[np.ix_(rows, rows)], dtype=float), mrio.x[rows])
    weight = np.where(np.isin(rows, mine), mrio.v[rows], 0.0)
    by = inside.solve_transposed(weight) * inputs.final[np.ix_(rows, np.asarray(own))].sum(axis=1)
    return np.asarray(by), [f"final use at home of {names.told(mrio.nodes.label(int(i)))}" for i in rows]
