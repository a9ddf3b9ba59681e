"""Exposure of sellers to markets: whom their output is sold to, and where it ends.

For a seller j and a country r, per unit of output of j (`zizhu.depend.chains.sales`):
  face_value  share sold directly to r: to its industries and, where the table knows destinations, its final demand
  absorbed    share that ends in r after all processing: in final demand there, or, on a table that knows final sales
              by producer alone, in what the industries of r sell on to final demand
  hidden      absorbed less face value: what reaches r through others, or passes through r to others when below zero
Sellers that are sets of nodes are weighted by output; markets that are groups are summed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

import numpy as np
import polars as pl
from pydantic import AfterValidator, Field

from zizhu.depend.chains import sales
from zizhu.depend.draw import contained, mapped
from zizhu.depend.exposure import SHARE, in_table, least
from zizhu.ledger.models import Coverage, Record
from zizhu.ledger.result import Explanation, Part, Result, largest, require_coverage
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.tables.leontief import Matrix, Vector, reciprocal
from zizhu.tables.load import load_mrio
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import Selection, absent, select, whole_countries_of
from zizhu.vocab import groups, names

METHOD = "depend.markets"
KEY = ("seller", "market")
BASIS = "per unit of output of the seller"
UNITS = dict.fromkeys(("face_value", "absorbed", "hidden"), SHARE)


class Params(Record):
    """What is asked, countries by code or name, each once. `markets` empty = every country of the table."""

    table: str = "icio-2022"
    sellers: tuple[Annotated[str, AfterValidator(groups.coded_part)], ...] = Field(min_length=1)
    markets: tuple[Annotated[str, AfterValidator(groups.coded)], ...] = ()
    insist: bool = False


@dataclass(frozen=True)
class Inputs:
    """The table and the question."""

    params: Params
    mrio: MRIO

    @property
    def measured(self) -> bool:
        """Whether final sales are known by destination, and not estimated."""
        return self.mrio.final is not None and not self.mrio.flags.final_is_estimated

    @cached_property
    def final(self) -> Matrix:
        """S (n, C): final sales by market."""
        mrio = self.mrio
        if self.measured and mrio.final is not None:
            return np.asfortranarray(mrio.final)
        return sales.by_seller(mrio.sales_elsewhere, mrio.nodes.country_index, len(mrio.nodes.countries))

    @cached_property
    def absorbed(self) -> Matrix:
        """D (n, C)."""
        return sales.absorbed(self.mrio.lu, self.mrio.x, self.final)

    @cached_property
    def direct(self) -> Matrix:
        """Sales (n, C) to each market, as shares of output."""
        mrio = self.mrio
        sold = sales.direct(mrio.Z, mrio.x, mrio.nodes.country_index, len(mrio.nodes.countries))
        return np.asarray(sold + self.own_final) if self.measured else sold

    @cached_property
    def own_final(self) -> Matrix:
        """Final sales (n, C) as shares of output."""
        return np.asarray(self.final * reciprocal(self.mrio.x)[:, None])


def load(workspace: Workspace, params: Params) -> Inputs:
    """Read the table that the question names."""
    return Inputs(params, load_mrio(workspace, params.table))


def solve(inputs: Inputs) -> Result:
    """One row a seller and market. Raises ZizhuError for unknown codes and CannotAnswer below half coverage."""
    params, mrio = inputs.params, inputs.mrio
    sellers = list({s.code: s for s in (select(mrio, s) for s in params.sellers)}.values())
    coverage = least([_coverage(inputs, s) for s in sellers])
    require_coverage(coverage, params.insist, METHOD)
    wanted = list(dict.fromkeys(params.markets)) or list(mrio.nodes.countries)
    frame = pl.concat([_rows(inputs, s, wanted) for s in sellers])
    run = make_run(METHOD, params, (mrio.ref,), frame, KEY)
    notes = [*(s.note for s in sellers if s.note), *absent(mrio, (*params.sellers, *params.markets))]
    told = (*notes, *_meaning(inputs))
    basis, maps = in_table(BASIS, mrio), mapped.markets(frame, max(mrio.flags.years))
    return Result(frame, KEY, UNITS, basis, run, coverage, told, contained.markets, others=maps)


def _rows(inputs: Inputs, seller: Selection, wanted: Sequence[str]) -> pl.DataFrame:
    weights = seller.weights(inputs.mrio.x)
    members = [whole_countries_of(inputs.mrio, m) for m in wanted]
    columns = {
        name: [float(values[m].sum()) for m in members]
        for name, values in (
            ("face_value", weights @ inputs.direct[seller.index]),
            ("absorbed", weights @ inputs.absorbed[seller.index]),
        )
    }
    frame = pl.DataFrame({"seller": [seller.code] * len(wanted), "market": wanted, **columns})
    return frame.with_columns((pl.col("absorbed") - pl.col("face_value")).alias("hidden"))


def _coverage(inputs: Inputs, seller: Selection) -> Coverage:
    """The share of the seller's output that is followed to a buyer."""
    mrio, who = inputs.mrio, names.within(names.node(seller.code))
    output = float((seller.part * mrio.x[seller.index]).sum())
    to_industries = float((seller.part * mrio.Z[seller.index].sum(axis=1, dtype=float)).sum())
    if inputs.measured:
        said = "The table follows all sales, to industries and to final demand, to the buying economy."
        return Coverage(what=f"the sales of {who}", share=1.0, statement=said)
    share = min(max(to_industries / output, 0.0), 1.0) if output > 0 else 0.0
    said = (
        f"The table follows {share:.0%} of the sales of {who}, those to industries, to a buyer; the rest, final sales "
        "and sales outside it, counts where the last producer stands."
    )
    return Coverage(what=f"the sales of {who}", share=share, statement=said, gate=True)


def _meaning(inputs: Inputs) -> tuple[str, ...]:
    if inputs.measured:
        return (
            "Absorbed: where output ends in final demand, directly or inside other goods; shares add up to one.",
        )
    return (
        "Absorbed: the economy whose industries sell it on to final demand, since the table does not know whose final "
        "demand that is; shares add up to one.",
    )


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a share into the sales that carry it: to industries, directly and by what becomes of their output."""
    row, mrio = result.row(key), inputs.mrio
    seller = select(mrio, row["seller"])
    inside = np.isin(mrio.nodes.country_index, whole_countries_of(mrio, row["market"]))
    of = whole_countries_of(mrio, row["market"])
    sold = _sold(mrio, seller)
    final = float((seller.weights(mrio.x) @ inputs.own_final[seller.index])[of].sum())
    told = f"{names.told(row['seller'])}, market {names.told(row['market'])}: {_TOLD[column]}, {BASIS}."
    if column == "hidden":
        parts = [
            Part(result.ref(row, c), said, sign * row[c], None)
            for c, said, sign in (("absorbed", "absorbed", 1.0), ("face_value", "less face value", -1.0))
        ]
        return result.opened(row, column, told, tuple(parts))
    if column == "face_value":
        through = np.where(inside, sold, 0.0)
        own, how = (final, "sales to") if inputs.measured else (0.0, "sales to")
    else:
        through, own, how = sold * inputs.absorbed[:, of].sum(axis=1), final, "by way of"
    found = _parts(mrio, seller, through, own, how)
    return result.opened(row, column, told, *largest(found, top), inputs=(mrio.ref,))


def _sold(mrio: MRIO, seller: Selection) -> Vector:
    """Sales (n,) of the seller to every node as shares of its output."""
    weights = seller.weights(mrio.x) * reciprocal(mrio.x)[seller.index]
    return np.asarray(weights @ np.asarray(mrio.Z[seller.index], dtype=float))


def _parts(mrio: MRIO, seller: Selection, through: Vector, own: float, how: str) -> list[Part]:
    value = float(through.sum()) + own
    parts = [
        Part(
            mrio.cell_ref(seller.code, mrio.nodes.label(int(k))),
            f"{how} {names.told(mrio.nodes.label(int(k)))}",
            float(through[k]),
            float(through[k]) / value,
        )
        for k in np.flatnonzero(through)
    ]
    if own:
        parts.append(Part(f"{mrio.ref}#{seller.code}", "final sales of its own", own, own / value))
    return parts


_TOLD = {
    "face_value": "sold directly",
    "absorbed": "ends there after all processing",
    "hidden": "absorbed less face value",
}
