"""Domestic value-added content of a country's industries: how much of one unit of output stays at home.

value_added_content  sum over i in the country of v_i L_ij
own_value_added      v_j, the industry's own value added
upstream_at_home     the rest of it: value added by domestic suppliers, all tiers
domestic_inputs      share of the industry's intermediate inputs bought at home (face value)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import polars as pl
from pydantic import AfterValidator

from zizhu.depend.draw import contained
from zizhu.depend.exposure import SHARE, TAXES_APART, in_table
from zizhu.depend.first_tier import bought, content_parts, node_parts, purchase_parts, upstream_parts
from zizhu.ledger.models import Record
from zizhu.ledger.result import Explanation, Result, require_coverage
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.tables import content
from zizhu.tables.coverage import import_coverage
from zizhu.tables.load import load_mrio, load_trade
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import absent, select, whole_countries_of
from zizhu.tables.trade import Trade
from zizhu.vocab import groups, names
from zizhu.vocab.problems import CannotAnswer, Problem

METHOD = "depend.domestic"
BASIS = "value added at home per unit of output"


class Params(Record):
    """What is asked: every industry of `country` (or of a group, whose members count as home), by code or name."""

    table: str = "icio-2022"
    trade: str = "baci-raw-materials"
    country: Annotated[str, AfterValidator(groups.coded)]
    insist: bool = False


@dataclass(frozen=True)
class Inputs:
    """The tables and the question."""

    params: Params
    mrio: MRIO
    trade: Trade


def load(workspace: Workspace, params: Params) -> Inputs:
    """Read the tables that the question names."""
    return Inputs(params, load_mrio(workspace, params.table), load_trade(workspace, params.trade))


def solve(inputs: Inputs) -> Result:
    """One row a sector with output. Raises ZizhuError for an unknown country, CannotAnswer below half coverage."""
    params, mrio = inputs.params, inputs.mrio
    coverage = (import_coverage(mrio, inputs.trade, params.country),)
    require_coverage(coverage, params.insist, METHOD)
    frame = _frame(mrio, params.country)
    run = make_run(METHOD, params, (mrio.ref, inputs.trade.ref), frame, ("country", "sector"))
    units = dict.fromkeys(("value_added_content", "own_value_added", "upstream_at_home"), SHARE)
    units |= {"domestic_inputs": "share of intermediate inputs", "output": mrio.unit}
    return Result(
        frame,
        ("country", "sector"),
        units,
        in_table(BASIS, mrio),
        run,
        coverage,
        _notes(mrio, params.country),
        contained.domestic,
    )


def _frame(mrio: MRIO, country: str) -> pl.DataFrame:
    home = whole_countries_of(mrio, country)
    face = content.face_value(mrio.Z, mrio.x, mrio.nodes.country_index, len(mrio.nodes.countries))
    per_unit = np.stack(
        [mrio.contained[home].sum(axis=0), mrio.v, face[home].sum(axis=0), face.sum(axis=0) + mrio.imported]
    )
    parts = [select(mrio, f"{country}:{sector}") for sector in mrio.nodes.sectors]
    active = [p for p in parts if mrio.x[p.index].sum() > 0]
    if not active:
        raise CannotAnswer(
            Problem("no output in the table", country, "a country with output", "Choose another country.")
        )
    contained, own, bought, all_bought = np.stack([p.mean(per_unit, mrio.x) for p in active], axis=1)
    return pl.DataFrame(
        {
            "country": [country] * len(active),
            "sector": [p.code.partition(":")[2] for p in active],
            "value_added_content": contained,
            "own_value_added": own,
            "upstream_at_home": contained - own,
            "domestic_inputs": np.divide(bought, all_bought, out=np.zeros_like(bought), where=all_bought > 0),
            "output": [float(mrio.x[p.index].sum()) for p in active],
        }
    )


def _notes(mrio: MRIO, country: str) -> tuple[str, ...]:
    notes = [*absent(mrio, (country,)), *([] if mrio.primary is None else [TAXES_APART])]
    if not mrio.sees_all_inputs:
        notes.append(
            f"Upper bound: the table has no rest of the world, so inputs from outside {mrio.inside} count as value "
            "added at home."
        )
    return tuple(notes)


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a content or a purchase into suppliers, own value added and output into the members of a group."""
    row, mrio = result.row(key), inputs.mrio
    home = whole_countries_of(mrio, row["country"])
    buyer = select(mrio, f"{row['country']}:{row['sector']}")
    if column == "value_added_content":
        parts = content_parts(mrio, buyer, home, top)
    elif column == "upstream_at_home":
        parts = upstream_parts(mrio, buyer, home, top)
    elif column == "domestic_inputs":
        all_bought = float(bought(mrio, buyer).sum() + mrio.imported[buyer.index] @ buyer.weights(mrio.x))
        parts = purchase_parts(mrio, buyer, home, top, 1 / all_bought if all_bought else 1.0)
    elif column == "own_value_added":
        own = mrio.v[buyer.index] * buyer.weights(mrio.x)
        parts = node_parts(mrio, buyer.index, own, "value added of", top)
    else:
        parts = node_parts(mrio, buyer.index, mrio.x[buyer.index], "output of", top)
    sentence = f"{names.told(buyer.code)}: {_TOLD[column]}."
    return result.opened(row, column, sentence, *parts, inputs=(mrio.ref,))


_TOLD = {
    "value_added_content": f"{BASIS}, first-tier split",
    "upstream_at_home": f"{BASIS} that came with purchases, first-tier split",
    "own_value_added": "the industry's own value added per unit of output (what its inputs leave)",
    "domestic_inputs": "purchases at home as a share of all intermediate inputs, by supplier",
    "output": "output",
}
