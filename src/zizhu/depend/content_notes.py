"""What is said with an answer of `zizhu.depend.content`: what it needs, covers and means, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from zizhu.depend.exposure import TAXES_APART, in_table
from zizhu.depend.sides import Side, unbalanced
from zizhu.depend.valueadded.methods import APART, DECOMPOSITIONS
from zizhu.ledger.models import Coverage
from zizhu.tables.coverage import import_coverage, sales_coverage
from zizhu.tables.final_demand import require_measured_final
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import absent, countries_of
from zizhu.tables.trade import Trade
from zizhu.vocab import names
from zizhu.vocab.groups import WORLD
from zizhu.vocab.problems import CannotAnswer, Problem
from zizhu.vocab.sectors import TOTAL

if TYPE_CHECKING:
    import polars as pl

    from zizhu.depend.content import Params

INPUTS_ONLY = ("intermediates", "position")
"""Methods that need no final demand by destination."""


def require_final(mrio: MRIO, method: str) -> None:
    """Raise CannotAnswer for a method that needs what the table lacks, with what can be asked instead."""
    if method in INPUTS_ONLY:
        return
    try:
        require_measured_final(mrio, f"gross exports, which {method} takes apart")
    except CannotAnswer as error:
        remedy = (
            "Connect the OECD's table (`zizhu data add oecd-icio`) or name another with --table. On this one ask for "
            "the method intermediates (content of exported inputs) or position (stages)."
        )
        found = error.problems[0]
        raise CannotAnswer(Problem(found.what, found.where, found.expected, remedy)) from None


def coverage(mrio: MRIO, trade: Trade, params: Params) -> tuple[Coverage, ...]:
    """Imports of every exporter that the table can contain; without final sales also the part of sales it follows."""
    seen = [import_coverage(mrio, trade, code) for code in params.exporters]
    if mrio.final is None:
        seen += [_inputs_sold(mrio, code) for code in params.exporters]
    return tuple(seen)


def _inputs_sold(mrio: MRIO, code: str) -> Coverage:
    sellers = mrio.nodes.of(countries_of(mrio, code))
    abroad = np.setdiff1d(np.arange(mrio.n), sellers)
    flows = mrio.Z[np.ix_(sellers, abroad)].sum(axis=1, dtype=float)
    return sales_coverage(mrio, sellers, abroad, flows, names.the(code), "other economies", gate=False)


def basis(mrio: MRIO, params: Params) -> str:
    """What is split, by which method, seen from where."""
    seen = f"perspective: {params.perspective}"
    if params.method == "position":
        what = "exports" if mrio.final is not None else "exports of inputs"
        return in_table(f"stages of production, mean weighted by {what}, {seen}", mrio)
    told = DECOMPOSITIONS[params.method].told
    return in_table(f"value added in {_exports(params.method)}; {params.method}: {told}; {seen}", mrio)


def units(mrio: MRIO, method: str) -> dict[str, str]:
    """The unit of every number."""
    if method == "position":
        return {"value": "stages"}
    return {"value": mrio.unit, "share": f"share of {_exports(method)}"}


def _exports(method: str) -> str:
    return "exports of inputs" if method == "intermediates" else "gross exports"


def notes(mrio: MRIO, params: Params, exporters: list[Side], frame: pl.DataFrame) -> tuple[str, ...]:
    """What the perspective, the method and the table make of the numbers."""
    found = [*_of_perspective(params, exporters), *_of_method(params)]
    found += absent(mrio, (*params.exporters, *params.partners))
    if params.method != "position":
        found += _of_content(mrio, f"{params.method}.{APART}" in frame["term"])
    if "share" in frame.columns and frame["share"].has_nulls():
        found.append("What does not export has no share: an industry can add value to the exports of others.")
    if mrio.final is None:
        found.append(
            "Final goods and capital goods that are exported are not in it: the table has inputs only."
        )
    elif params.method not in INPUTS_ONLY:
        found += unbalanced(mrio, mrio.final, "exports are those of the table")
    return tuple(found)


def _of_content(mrio: MRIO, apart: bool) -> list[str]:
    found = []
    if not mrio.sees_all_inputs:
        found.append(
            f"The table has no rest of the world: inputs from outside {mrio.inside} count as the user's own value, so "
            "domestic content is an upper bound and foreign content a lower one."
        )
    if apart and mrio.primary is not None:
        found.append(f"{TAXES_APART} They are the term {APART}.")
    elif apart:
        found.append(f"Exports of industries without output are nobody's value added: the term {APART}.")
    return found


def _of_perspective(params: Params, exporters: list[Side]) -> list[str]:
    merged = [s.code for s in exporters if len(s.countries) > 1]
    if params.perspective == "group":
        if not merged:
            return []
        who = " and ".join(merged)
        return [
            f"{who} as one exporter: trade among its members is left out, so it is not the sum over members."
        ]
    found = ["Members of a group are exporters of their own: exports to other members are in."]
    if params.perspective == "world":
        found.append(
            "Seen from the world: what crosses any border a second time is double counted, and not only what crosses "
            "the exporter's again."
        )
    return found


def _of_method(params: Params) -> list[str]:
    if params.method == "position":
        return ["position is upstreamness over downstreamness: above one is nearer to primary inputs."]
    found = ["FVA, DVA and FDC mean another thing in each method: compare terms of one method only."]
    if params.method == "tiva":
        found.append(
            "FEXDVA and FFD_DVA are value added by where it ends up, no part of the exports: their partner uses it and "
            "their industry adds it. Shares are of the gross exports in the same row."
        )
    if params.method in ("bm-source", "bm-sink"):
        found.append(
            "bm-source and bm-sink agree for all exports of a country and differ by partner and industry."
        )
    if params.partners or params.by_partner:
        found.append(
            "The partner is the one that imports directly: the value added may be used somewhere else."
        )
    return found


def sentence(row: Mapping[str, Any], column: str, how: str) -> str:
    """A number in words: who exports what to whom, which term, and how it is split."""
    industry = (
        "exports" if row["sector"] == TOTAL else f"exports of {names.within(names.sector(row['sector']))}"
    )
    whom = "all others" if row["partner"] == WORLD else names.told(row["partner"])
    term = f"{row['meaning']} ({row['term']})" + ("" if column == "value" else ", share of the exports")
    return f"{industry} of {names.told(row['exporter'])} to {whom}: {term}, {how}."
