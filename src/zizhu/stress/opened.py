"""Opening a number of a stress run.

The world opens into countries, a country into its industries. An industry opens, over weeks, into what held its
production step by step; over quarters into the sales that stop, the input that lacks, or the buyers that are served
instead. The ends of a band open into nothing: they are quantiles of draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from zizhu.ledger.result import Explanation, Part, Result, largest
from zizhu.stress.after import after
from zizhu.stress.ario.step import CAPACITY, DEMAND
from zizhu.stress.periods import periods, steps
from zizhu.stress.rows import FIRST, GAINED, OUTPUT, SALES, SHORTAGE, THROUGH
from zizhu.tables.leontief import Index, Matrix
from zizhu.vocab import names
from zizhu.vocab.groups import WORLD
from zizhu.vocab.sectors import TOTAL

if TYPE_CHECKING:
    from zizhu.stress.run import Inputs

CENTRAL = ("loss", "of_baseline")
Row = dict[str, Any]


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int) -> Explanation:
    """See `zizhu.stress.run.explain`."""
    row = result.row(key)
    who = names.told(row["country"] if row["sector"] == TOTAL else f"{row['country']}:{row['sector']}")
    what = f"{row['measure']} of {who}, {row['horizon']}, {row['period']}"
    if column not in (*CENTRAL, "baseline"):
        end = "95" if column in ("upper", "of_upper") else "5"
        said = f"{what}: {end} per cent of the draws lie below (over quarters: the end of what is uncertain)."
        return result.opened(row, column, said, ())
    if column == "baseline" or row["sector"] == TOTAL:
        parts, how = (
            _inside(inputs, result, row, column),
            "by country" if row["country"] == WORLD else "by industry",
        )
    else:
        each, how = OPENERS[row["measure"]](inputs, row)
        parts = list(_scaled(each, row, column))
    shown, left = largest(parts, top)
    return result.opened(row, column, f"{what}: {how}.", shown, left)


def _inside(inputs: Inputs, result: Result, row: Row, column: str) -> list[Part]:
    """The countries of the world, or the industries of a country; an industry's baseline is its output."""
    if row["sector"] != TOTAL:
        ref = f"{inputs.ground.mrio.ref}#{row['country']}:{row['sector']}"
        return [Part(ref, names.told(f"{row['country']}:{row['sector']}"), row[column], 1.0)]
    same = [pl.col(k) == row[k] for k in ("horizon", "measure", "period")]
    rows = result.frame.filter(*same)
    if row["country"] == WORLD:
        inside = rows.filter(pl.col("sector") == TOTAL, pl.col("country") != WORLD)
    else:
        inside = rows.filter(
            pl.col("sector") != TOTAL, pl.col("country").is_in(_codes(inputs, row["country"]))
        )
    share = row[column] / row["baseline"] if column == "of_baseline" and row["baseline"] else 1.0
    amount = "baseline" if column == "baseline" else "loss"
    scale = row[column] / row[amount] if row[amount] else share
    found = [
        Part(
            result.ref(r, amount),
            _label(r),
            r[amount] * scale,
            r[amount] / row[amount] if row[amount] else None,
        )
        for r in inside.iter_rows(named=True)
        if r[amount]
    ]
    return found or list(_scaled(_at_step(inputs, row), row, column))


def _codes(inputs: Inputs, country: str) -> list[str]:
    """A country and the parts that the table splits it into."""
    nodes = inputs.ground.mrio.nodes
    return list(
        dict.fromkeys(c for c, whole in zip(nodes.country, nodes.whole, strict=True) if whole == country)
    )


def _label(row: Row) -> str:
    return names.told(row["country"] if row["sector"] == TOTAL else f"{row['country']}:{row['sector']}")


def _scaled(parts: list[Part], row: Row, column: str) -> Iterator[Part]:
    """Parts in money as parts of the column."""
    total = row["loss"]
    for p in parts:
        share = p.value / total if total else None
        yield Part(p.ref, p.label, row[column] * share if share is not None else 0.0, share)


def _at_step(inputs: Inputs, row: Row) -> list[Part]:
    """What the industries of a country lose in one step, of which the answer keeps no rows."""
    mrio, known = inputs.ground.mrio, steps(inputs.params.scenario)
    if row["period"] not in known:
        return []
    lost = inputs.central.lost[known[row["period"]].start]
    here = np.flatnonzero(np.array(mrio.nodes.whole) == row["country"])
    labels = mrio.nodes.labels(here)
    return [
        Part(f"{mrio.ref}#{n}", names.told(n), float(lost[i]), None)
        for n, i in zip(labels, here, strict=True)
        if lost[i]
    ]


def _held(inputs: Inputs, row: Row) -> tuple[list[Part], str]:
    """Output that an industry loses over the steps, by what held its production in each."""
    mrio, central = inputs.ground.mrio, inputs.central
    i = mrio.nodes.position[row["country"], row["sector"]]
    inside = periods(inputs.params.scenario)[row["period"]]
    binds, lost = central.binding[inside.start : inside.stop, i], central.lost[inside.start : inside.stop, i]
    parts = []
    for code in np.unique(binds):
        when = np.flatnonzero(binds == code) + inside.start
        value = float(lost[binds == code].sum())
        parts.append(Part(_reason_ref(inputs, int(code), i), _reason(inputs, int(code), when), value, None))
    return parts, "by what held its production, step by step, at the central values"


def _reason(inputs: Inputs, code: int, when: Index) -> str:
    named = list(steps(inputs.params.scenario))
    span = named[when[0]] if len(when) == 1 else f"{named[when[0]]} to {named[when[-1]]}, {len(when)} steps"
    if code == DEMAND:
        return f"demand ({span})"
    if code == CAPACITY:
        return f"capacity ({span})"
    sector = inputs.ground.mrio.nodes.sectors[code]
    return f"stock of {names.within(names.sector(sector))} ({sector}; {span})"


def _reason_ref(inputs: Inputs, code: int, i: int) -> str:
    """The largest flow of the input that binds; the industry itself for demand and capacity."""
    mrio = inputs.ground.mrio
    if code < 0:
        return f"{mrio.ref}#{mrio.nodes.label(i)}"
    sellers = np.array([k for k, s in enumerate(mrio.nodes.sector) if s == mrio.nodes.sectors[code]])
    largest_seller = int(sellers[np.argmax(mrio.Z[sellers, i])])
    return mrio.cell_ref(mrio.nodes.label(largest_seller), mrio.nodes.label(i))


def _sales(inputs: Inputs, row: Row) -> tuple[list[Part], str]:
    """The sales that stop, each times the output of the industry that one unit of it called for."""
    mrio, stop = inputs.ground.mrio, inputs.quarters.stopped_at(inputs.params.scenario.central("shock_size"))
    i = mrio.nodes.position[row["country"], row["sector"]]
    lost = after(mrio, stop.rows, stop.columns, stop.flows).lost(i) if len(stop.rows) else np.zeros((0, 0))
    how = "each sale that stops, times the output that one unit of it called for; what is left is final sales"
    return _flows(inputs, stop.rows, stop.columns, lost), how


def _through(inputs: Inputs, row: Row) -> tuple[list[Part], str]:
    """The purchases that stop, each times the output of the industry that one unit of it reached."""
    mrio, stop = inputs.ground.mrio, inputs.quarters.stopped_at(inputs.params.scenario.central("shock_size"))
    i = mrio.nodes.position[row["country"], row["sector"]]
    reached = np.zeros((0, 0))
    if len(stop.rows):
        reached = after(mrio, stop.rows, stop.columns, stop.flows).carried(mrio, i)
    how = "each purchase that stops, times the output that one unit of it reached; the rest comes from lost capacity"
    return _flows(inputs, stop.rows, stop.columns, reached), how


def _flows(inputs: Inputs, sellers: Index, buyers: Index, flows: Matrix) -> list[Part]:
    mrio = inputs.ground.mrio
    who, whom = mrio.nodes.labels(sellers), mrio.nodes.labels(buyers)
    return [
        Part(
            mrio.cell_ref(who[a], whom[b]),
            f"{names.told(who[a])} to {names.told(whom[b])}",
            float(flows[a, b]),
            None,
        )
        for a, b in zip(*np.nonzero(flows), strict=True)
    ]


def _first(inputs: Inputs, row: Row) -> tuple[list[Part], str]:
    """The purchases that stop, in proportion, or the capacity that is lost."""
    mrio, said = inputs.ground.mrio, inputs.params.scenario
    stop, i = (
        inputs.quarters.stopped_at(said.central("shock_size")),
        mrio.nodes.position[row["country"], row["sector"]],
    )
    here = np.flatnonzero(stop.columns == i)
    flows = stop.flows[:, here]
    if flows.sum() <= 0:
        part = Part(_reason_ref(inputs, CAPACITY, i), "its own capacity", row["loss"], None)
        return [part], "by what stops"
    return _flows(
        inputs, stop.rows, stop.columns[here], flows * row["loss"] / flows.sum()
    ), "by purchase that stops"


def _shortage(inputs: Inputs, row: Row) -> tuple[list[Part], str]:
    """What lacks of the input that binds, or capacity."""
    mrio, losses = inputs.ground.mrio, inputs.quarters.central
    i = mrio.nodes.position[row["country"], row["sector"]]
    code = int(losses.binds[i])
    what = (
        "its own capacity"
        if code < 0
        else f"the lack of {names.within(names.sector(mrio.nodes.sectors[code]))}"
    )
    part = Part(_reason_ref(inputs, code, i), what, float(losses.shortage[i]), None)
    return [part], "by what binds first"


def _gained(inputs: Inputs, row: Row) -> tuple[list[Part], str]:
    """The buyers that are served in the place of the sender."""
    mrio, found = inputs.ground.mrio, inputs.quarters.central.instead
    i = mrio.nodes.position[row["country"], row["sector"]]
    mine = np.flatnonzero(found.suppliers == i)
    return _flows(
        inputs, found.suppliers[mine], found.buyers, found.flows[mine]
    ), "by buyer that is served instead"


OPENERS: dict[str, Callable[[Inputs, Row], tuple[list[Part], str]]] = {
    OUTPUT: _held,
    SALES: _sales,
    THROUGH: _through,
    FIRST: _first,
    SHORTAGE: _shortage,
    GAINED: _gained,
}
