"""The coefficients on which the whole table hangs: fields of influence (`zizhu.depend.structure.influence`).

influence    Frobenius norm of the field: change of the whole inverse per unit of the coefficient
effect       coefficient times influence: its whole size, to first order
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from pydantic import Field

from zizhu.depend.draw import structure as drawn
from zizhu.depend.structure import influence
from zizhu.depend.wholes import Wholes
from zizhu.ledger.models import Record
from zizhu.ledger.result import Explanation, Part, Result
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.tables.coverage import flow_coverage
from zizhu.tables.load import load_mrio
from zizhu.tables.mrio import MRIO
from zizhu.vocab import names

METHOD = "depend.influence"
KEY = ("supplier", "buyer")
UNITS = {
    "effect": "change of the inverse (norm)",
    "influence": "change of the inverse (norm) per unit of the coefficient",
    "coefficient": "input per unit of output",
}
FIRST_ORDER = (
    "To first order in one coefficient, all others unchanged. It ranks coefficients by how much of the inverse moves "
    "with them, not by what a shock would cost."
)
KEPT_APART = (
    "the parts are kept in these rows. A coefficient of the whole country can change in any of its parts, and the "
    "inverse moves with each of them differently; flows between parts of one country do not count as abroad."
)


class Params(Record):
    """What is asked: the `count` coefficients of largest effect, or of largest influence whatever their size.

    `abroad` leaves out those between industries of one country.
    """

    table: str = "icio-2022"
    count: int = Field(default=50, ge=1, le=10_000)
    per_unit: bool = False
    abroad: bool = False


@dataclass(frozen=True)
class Inputs:
    """The table and the question."""

    params: Params
    mrio: MRIO


def load(workspace: Workspace, params: Params) -> Inputs:
    """Read the table that the question names."""
    return Inputs(params, load_mrio(workspace, params.table))


def solve(inputs: Inputs) -> Result:
    """One row a coefficient above zero, the largest ones of the whole table."""
    params, mrio = inputs.params, inputs.mrio
    columns, rows = influence.norms(mrio.lu.inverse)
    weight = None if params.per_unit else mrio.x
    apart = mrio.nodes.country_index if params.abroad else None
    i, j = influence.strongest(columns, rows, mrio.Z, params.count, weight, apart)
    norm = columns[i] * rows[j]
    flow = np.asarray(mrio.Z[i, j], dtype=float)
    frame = pl.DataFrame(
        {
            "supplier": mrio.nodes.labels(i),
            "buyer": mrio.nodes.labels(j),
            "effect": flow / mrio.x[j] * norm,
            "influence": norm,
            "coefficient": flow / mrio.x[j],
            "flow": flow,
        },
        schema_overrides=dict.fromkeys(KEY, pl.String()),
    )
    run = make_run(METHOD, params, (mrio.ref,), frame, KEY)
    basis = f"{mrio.title}: fields of influence of Sonis and Hewings (1989), without forming them"
    units, coverage = UNITS | {"flow": mrio.unit}, (flow_coverage(mrio),)
    return Result(frame, KEY, units, basis, run, coverage, _notes(mrio), drawn.influence)


def _notes(mrio: MRIO) -> tuple[str, ...]:
    notes = [FIRST_ORDER, *Wholes(mrio.nodes).told(KEPT_APART)]
    if not mrio.sees_all_inputs:
        notes.append(
            f"The table has no rest of the world: coefficients that leave {mrio.inside} are not seen."
        )
    return tuple(notes)


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a number into its factors: the cell of the table and the norms of a column and a row of the inverse."""
    row, mrio = result.row(key), inputs.mrio
    cell = mrio.cell_ref(row["supplier"], row["buyer"])
    link = f"{names.told(row['supplier'])} to {names.told(row['buyer'])}"
    i, j = (mrio.nodes.labels(np.arange(mrio.n)).index(row[k]) for k in KEY)
    unit = np.zeros((2, mrio.n))
    unit[0, i], unit[1, j] = 1.0, 1.0
    column_norm = float(np.linalg.norm(mrio.lu.solve(unit[0])))
    row_norm = float(np.linalg.norm(mrio.lu.solve_transposed(unit[1])))
    factors = {
        "coefficient": Part(cell, f"{link}, per unit of output", row["coefficient"], None),
        "column": Part(f"{mrio.ref}#{row['supplier']}", "norm of the supplier's column", column_norm, None),
        "row": Part(f"{mrio.ref}#{row['buyer']}", "norm of the buyer's row", row_norm, None),
    }
    taken = {"influence": ("column", "row"), "effect": tuple(factors)}.get(column, ("coefficient",))
    how = "the product of its factors" if len(taken) > 1 else "a cell of the table"
    sentence = f"{link[:1].upper()}{link[1:]}: {column}, {how}."
    if column == "flow":
        return result.opened(row, column, sentence, (Part(cell, link, row["flow"], 1.0),), inputs=(mrio.ref,))
    parts = tuple(factors[name] for name in taken)[:top]
    ref, named = result.ref(row, column), result.units[column]
    return Explanation(ref, row[column], named, sentence, parts, 0.0, (mrio.ref,), len(taken) - len(parts))


def by_size(result: Result) -> pl.DataFrame:
    """The coefficients in the order that was asked for."""
    column = "influence" if result.run.params["per_unit"] else "effect"
    return result.frame.sort(column, *KEY, descending=[True, False, False])
