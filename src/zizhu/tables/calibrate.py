"""What a model needs a table to be, made so openly: every cell that changes is listed with its reason.

    leontief           x := Z1 + final sales (rows are what is counted, so they are right), and
                       value added := x - 1'Z - primary inputs, so that cost shares and value added add up to one;
                       where final demand is known by destination, a seller whose output would be negative, by more
                       inventories drawn down than sold, sells nothing to it
    trade_equilibrium  before that, final demand by destination without negative cells, and own sales everywhere

Of a table without final demand by destination the final sales of each seller, one number that may hold sales outside
the table too, are taken as they are: nothing says which part of a negative one to mend, so an output below 0 is
refused there, and so is every trade equilibrium.

Rules of the second. A negative cell of final demand is mostly an inventory drawn down (at most 0.1 % of the cells of
a WIOD year). It becomes 0 and what it lacks is taken from the other destinations of the same seller in proportion to
them, so that the final sales and the output of the seller stay; a seller whose final sales are negative altogether
gets none, and its output becomes what industries buy from it. A country without sales of its own product to itself
has no price to measure a change of trade against, and an embargo makes it infinite: OWN_FLOOR of its output is moved
to final sales at home from its other final sales, or added where it has none.
The flows between industries are never changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.tables.mrio import MRIO
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

Needs = Literal["leontief", "trade_equilibrium"]
Reasons = NDArray[np.int8]
EXACT = 5e-13
"""Relative gap of an identity that is left alone: it is the rounding of sums."""
OWN_FLOOR = 1e-6
"""Share of its output that a producer sells at home at least."""
NAMED = 5

DRAWN_DOWN = "negative final demand (inventory drawn down) set to 0"
TAKEN = "gives up what the negative cells of the same seller lacked"
NO_SALES = "final sales of the seller are negative altogether: set to 0"
FLOORED = f"own sales were 0: {OWN_FLOOR:g} of output"
GIVEN = "gives up the floor of own sales"
ROWS = "output := sales to industries and final sales"
SALES = "final sales := sum over destinations"
COLUMNS = "value added := output - intermediate and primary inputs, so that cost shares add up to one"
_REASONS = ("", DRAWN_DOWN, TAKEN, NO_SALES, FLOORED, GIVEN)
SCHEMA = {
    "part": pl.String,
    "seller": pl.String,
    "buyer": pl.String,
    "category": pl.String,
    "before": pl.Float64,
    "after": pl.Float64,
    "reason": pl.String,
}


@dataclass(frozen=True)
class Calibrated:
    """The table that a model can take, and every cell that differs from the one that was given.

    `changes`: part (final, sales_elsewhere, x, value_added), seller and buyer (nodes as `CHN:C26`, buying countries
    of final demand by code, empty where a part has none), category (of final demand; "all", for tables add the
    categories up), before, after (money of the table), reason. `flagged` are the nodes whose negative value added was
    kept because the caller said so.
    """

    mrio: MRIO
    changes: pl.DataFrame
    flagged: tuple[str, ...] = ()


def calibrate(mrio: MRIO, needs: Needs, keep_negative_value_added: bool = False) -> Calibrated:
    """The table with what the model `needs`, see the module; a table that has it comes back as it is.

    Raises ZizhuError for flows that are negative or no numbers, for output below 0 (of a table without final demand by
    destination; elsewhere it is mended) and, unless told to keep it, for negative value added, with the nodes;
    CannotAnswer for a trade equilibrium without final demand by destination.
    """
    _require_flows(mrio)
    final, why = mrio.final, np.zeros((mrio.n, len(mrio.nodes.countries)), dtype=np.int8)
    if needs == "trade_equilibrium":
        final = _repaired(mrio, _by_destination(mrio), why)
    elif final is not None:
        final = _without_negative_output(mrio, final, why)
    sales = _kept(mrio.sales_elsewhere, mrio.sales_elsewhere if final is None else final.sum(axis=1))
    x = _kept(mrio.x, mrio.Z.sum(axis=1, dtype=float) + sales)
    inputs = mrio.Z.sum(axis=0, dtype=float) + (0.0 if mrio.primary is None else mrio.primary)
    value_added = _kept(mrio.value_added, x - inputs, np.abs(x) + np.abs(inputs))
    flagged = _require_signs(mrio, x, value_added, keep_negative_value_added)
    flags = mrio.flags if mrio.flags.balanced else replace(mrio.flags, balanced=True)
    made = replace(mrio, final=final, sales_elsewhere=sales, x=x, value_added=value_added, flags=flags)
    return Calibrated(made, pl.concat([_cells(mrio, made, why), *_vectors(mrio, made)]), flagged)


def apply(mrio: MRIO, changes: pl.DataFrame) -> MRIO:
    """The table with the listed changes made: `apply(mrio, calibrate(mrio, needs).changes)` has the calibrated cells.

    Raises ZizhuError where a cell is not what the list says it was.
    """
    node = {mrio.nodes.label(i): i for i in range(mrio.n)}
    country = {c: d for d, c in enumerate(mrio.nodes.countries)}
    parts = {name: np.array(getattr(mrio, name), dtype=float) for name in changes["part"].unique().sort()}
    for row in changes.iter_rows(named=True):
        where = node[row["seller"] or row["buyer"]]
        at = (where, country[row["buyer"]]) if row["part"] == "final" else where
        if parts[row["part"]][at] != row["before"]:
            raise ZizhuError(_another(mrio, row["part"], f"{row['seller']} {row['buyer']}".strip()))
        parts[row["part"]][at] = row["after"]
    made: dict[str, Any] = dict(parts)
    return replace(mrio, **made)


def _kept(held: Vector, wanted: Vector, scale: Vector | None = None) -> Vector:
    """`wanted`, with what is held where the two differ by no more than the rounding of sums."""
    size = np.maximum(np.abs(held), np.abs(wanted)) if scale is None else scale
    near = np.abs(held - wanted) <= EXACT * size
    return np.where(near, held, wanted)


def _without_negative_output(mrio: MRIO, final: Matrix, why: Reasons) -> Matrix:
    """Final demand (n, C) with zeros for sellers whose output would be negative."""
    below = mrio.Z.sum(axis=1, dtype=float) + final.sum(axis=1) < 0
    why[below] = _REASONS.index(NO_SALES)
    return np.where(below[:, None], 0.0, final)


def _repaired(mrio: MRIO, final: Matrix, why: Reasons) -> Matrix:
    """Final demand without negative cells and with own sales; the reason of every cell is noted in `why`."""
    made = _without_negative(final, why)
    own = made[np.arange(mrio.n), mrio.nodes.country_index] + _sold_at_home(mrio)
    output = mrio.Z.sum(axis=1, dtype=float) + made.sum(axis=1)
    _with_own_sales(made, np.flatnonzero((own <= 0) & (output > 0)), output, mrio.nodes.country_index, why)
    return made


def _without_negative(final: Matrix, why: Reasons) -> Matrix:
    made = np.maximum(final, 0.0)
    lacking, held = -np.minimum(final, 0.0).sum(axis=1), made.sum(axis=1)
    short = lacking > 0
    left = np.divide(held - lacking, held, out=np.zeros_like(held), where=short & (held > lacking))
    why[short[:, None] & (made > 0)] = _REASONS.index(TAKEN)
    why[final < 0] = _REASONS.index(DRAWN_DOWN)
    why[(short & (held <= lacking))[:, None] & (final != 0)] = _REASONS.index(NO_SALES)
    made[short] *= left[short, None]
    return made


def _with_own_sales(made: Matrix, without: Index, output: Vector, country: Index, why: Reasons) -> None:
    """Give OWN_FLOOR of output to sales at home, from the seller's other final sales where they suffice."""
    for i in without:
        floor, others = OWN_FLOOR * output[i], made[i].sum()
        if others > floor:
            why[i, made[i] > 0] = _REASONS.index(GIVEN)
            made[i] *= 1 - floor / others
        made[i, country[i]] = floor
        why[i, country[i]] = _REASONS.index(FLOORED)


def _sold_at_home(mrio: MRIO) -> Vector:
    """What industries of its own country buy from every node (n,)."""
    sold = np.zeros(mrio.n)
    for c in range(len(mrio.nodes.countries)):
        own = np.flatnonzero(mrio.nodes.country_index == c)
        sold[own] = mrio.Z[np.ix_(own, own)].sum(axis=1, dtype=float)
    return sold


def _cells(before: MRIO, after: MRIO, why: Reasons) -> pl.DataFrame:
    if before.final is None or after.final is None:
        return pl.DataFrame(schema=SCHEMA)
    i, d = np.nonzero(before.final != after.final)
    return _listed(
        "final",
        before.nodes.labels(i),
        [before.nodes.countries[c] for c in d],
        before.final[i, d],
        after.final[i, d],
        [_REASONS[k] for k in why[i, d]],
    )


def _vectors(before: MRIO, after: MRIO) -> Iterator[pl.DataFrame]:
    for part, reason in (("sales_elsewhere", SALES), ("x", ROWS), ("value_added", COLUMNS)):
        old, new = getattr(before, part), getattr(after, part)
        i = np.flatnonzero(old != new)
        names, none = before.nodes.labels(i), [""] * i.size
        ends = (none, names) if part == "value_added" else (names, none)
        yield _listed(part, *ends, old[i], new[i], [reason] * i.size)


def _listed(
    part: str, seller: list[str], buyer: list[str], before: Vector, after: Vector, reason: list[str]
) -> pl.DataFrame:
    category = ["all" if part == "final" else ""] * len(seller)
    columns = ([part] * len(seller), seller, buyer, category, before, after, reason)
    return pl.DataFrame(dict(zip(SCHEMA, columns, strict=True)), schema=SCHEMA)


def _by_destination(mrio: MRIO) -> Matrix:
    if mrio.final is None:
        raise CannotAnswer(
            Problem(
                "final demand by destination is not known",
                mrio.ref,
                "a table with it",
                "Use a table that has it, or with_estimated_final for the tariff welfare of large countries.",
            )
        )
    return mrio.final


def _require_flows(mrio: MRIO) -> None:
    parts = {
        name: getattr(mrio, name) for name in ("Z", "x", "value_added", "sales_elsewhere", "final", "primary")
    }
    problems = [
        Problem(f"{name} holds no numbers", mrio.ref, "finite cells", "Mend the source.")
        for name, part in parts.items()
        if part is not None and not np.isfinite(part).all()
    ]
    if not problems and mrio.Z.min() < 0:
        i, j = np.argwhere(mrio.Z < 0)[0]
        where = f"{mrio.nodes.label(int(i))} to {mrio.nodes.label(int(j))}"
        problems.append(
            Problem(f"negative flows, first {where}", mrio.ref, "flows of 0 or more", "Mend the source.")
        )
    if problems:
        raise ZizhuError(problems)


def _require_signs(mrio: MRIO, x: Vector, value_added: Vector, keep: bool) -> tuple[str, ...]:
    """The nodes with negative value added, where they may stay."""
    below = np.flatnonzero(x < 0)
    over = np.flatnonzero(value_added < -EXACT * np.abs(x))
    problems = []
    if below.size:
        remedy = (
            "Final sales are below 0: mend the source, or estimate them by destination (--estimate-final)."
        )
        problems.append(
            Problem(f"output below 0 of {_some(mrio, below)}", mrio.ref, "output of 0 or more", remedy)
        )
    if over.size and not keep:
        remedy = (
            "Mend these nodes, or keep it with --keep-negative-value-added (keep_negative_value_added=True)."
        )
        problems.append(
            Problem(f"negative value added of {_some(mrio, over)}", mrio.ref, "inputs within output", remedy)
        )
    if problems:
        raise ZizhuError(problems)
    return tuple(mrio.nodes.labels(over))


def _some(mrio: MRIO, nodes: Index) -> str:
    more = f" and {nodes.size - NAMED} more" if nodes.size > NAMED else ""
    return ", ".join(mrio.nodes.labels(nodes[:NAMED])) + more


def _another(mrio: MRIO, part: str, cell: str) -> Problem:
    return Problem(
        f"{part} of {cell} is not what the list of changes says it was",
        mrio.ref,
        "the table that was calibrated",
        "Calibrate this table itself.",
    )
