"""Opening a number of a stress run.

The world opens into countries, a country into its industries. An industry opens, over weeks, into what held its
production step by step; over quarters into the sales that stop, the input that lacks, or the buyers that are served
instead. The ends of a band open into nothing: they are quantiles of draws, or the central run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from zizhu.ledger.result import Explanation, Part, Result, largest
from zizhu.stress.after import after
from zizhu.stress.ario.step import CAPACITY, DEMAND, SLACK
from zizhu.stress.flow_parts import flow_parts
from zizhu.stress.periods import periods, steps
from zizhu.stress.rows import FIRST, GAINED, OUTPUT, SALES, SHORTAGE, THROUGH, UNMET, end_of_band, final_sales
from zizhu.stress.scenario.lasting import parents
from zizhu.stress.scenario.shocks import QUARTERS, YEARS
from zizhu.stress.scenario.spans import DAYS
from zizhu.stress.static.stopped import Stopped
from zizhu.stress.years import opened as years_opened
from zizhu.stress.years.inside import Opener
from zizhu.tables.leontief import Index, Vector
from zizhu.tables.mrio import MRIO
from zizhu.vocab import names
from zizhu.vocab.groups import WORLD
from zizhu.vocab.problems import CannotAnswer, Problem
from zizhu.vocab.sectors import TOTAL

if TYPE_CHECKING:
    from zizhu.stress.run import Inputs

CENTRAL = ("loss", "of_baseline")
Row = dict[str, Any]


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int) -> Explanation:
    """See `zizhu.stress.run.explain`."""
    row = result.row(key)
    if row["horizon"] == YEARS:
        return years_opened.explain(lambda: _of_years(inputs), result, key, column, top)
    what = f"{row['measure']} of {names.told(_who(row))}, {row['horizon']}, {row['period']}"
    if row[column] is None:
        remedy = "Let the scenario draw, `draws: 64`, or open the loss."
        raise CannotAnswer(Problem("no number", f"{key},{column}", "a number", remedy))
    if column not in (*CENTRAL, "baseline"):
        return result.opened(row, column, f"{what}: {end_of_band(row, column)}.", ())
    if column == "baseline" or row["sector"] == TOTAL:
        parts = _inside(inputs, result, row, column)
        how = "by country" if row["country"] == WORLD else "by industry"
    else:
        each, how = OPENERS[row["measure"]](inputs, row)
        parts = list(_scaled(each, row["loss"], row[column]))
    shown, left = largest(parts, top)
    return result.opened(row, column, f"{what}: {how}.", shown, left)


def _of_years(inputs: Inputs) -> Opener:
    return Opener(inputs.years, inputs.split, inputs.ground.mrio.ref, parents(inputs.ground))


def _inside(inputs: Inputs, result: Result, row: Row, column: str) -> list[Part]:
    """The countries of the world, or the industries of a country; an industry's baseline is its output."""
    mrio = inputs.ground.mrio
    if row["sector"] != TOTAL:
        label = f"{row['country']}:{row['sector']}"
        return [Part(f"{mrio.ref}#{label}", names.told(label), row[column], 1.0)]
    amount = "baseline" if column == "baseline" else "loss"
    found = [(result.ref(r, amount), _who(r), r[amount]) for r in _rows_inside(inputs, result, row)]
    if not found:
        here, amounts = mrio.nodes.of([row["country"]]), _by_industry(inputs, row, amount)
        found = [
            (f"{mrio.ref}#{n}", n, float(amounts[i]))
            for i, n in zip(here, mrio.nodes.labels(here), strict=True)
        ]
    parts = [Part(ref, names.told(who), value, None) for ref, who, value in found if value]
    return list(_scaled(parts, row[amount], row[column]))


def _rows_inside(inputs: Inputs, result: Result, row: Row) -> Iterator[Row]:
    """The rows of the answer that add up to that of a country or the world; none where it does not keep them."""
    same = [pl.col(k) == row[k] for k in ("horizon", "measure", "period")]
    total = pl.col("sector") == TOTAL
    if row["country"] == WORLD:
        inside = (total, pl.col("country") != WORLD)
    else:
        nodes = inputs.ground.mrio.nodes
        parts = {c for c, whole in zip(nodes.country, nodes.whole, strict=True) if whole == row["country"]}
        inside = (~total, pl.col("country").is_in(parts))
    yield from result.frame.filter(*same, *inside).iter_rows(named=True)


def _by_industry(inputs: Inputs, row: Row, amount: str) -> Vector:
    """Amounts (n,) of which the answer keeps no rows by industry: in one step, and final demand not met."""
    said, mrio = inputs.params.scenario, inputs.ground.mrio
    if row["horizon"] == QUARTERS:  # every industry that makes something has a row
        return np.zeros(mrio.n)
    span = periods(said)[row["period"]]
    if amount == "baseline":
        a_year = final_sales(mrio) if row["measure"] == UNMET else mrio.x
        return np.asarray(a_year * len(span) * said.step / DAYS["year"])
    if row["measure"] == UNMET:
        return np.asarray(inputs.weekly.central("unmet"))
    return np.asarray(inputs.central.lost[span.start])


def _who(row: Row) -> str:
    return str(row["country"]) if row["sector"] == TOTAL else f"{row['country']}:{row['sector']}"


def _scaled(parts: list[Part], total: float, value: float) -> Iterator[Part]:
    """Parts of a total as parts of another value of it."""
    for p in parts:
        share = p.value / total if total else None
        yield Part(p.ref, p.label, value * share if share is not None else 0.0, share)


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
    mrio, stop, i = _stop(inputs, row)
    lost = after(mrio, stop.rows, stop.columns, stop.flows).lost(i) if len(stop.rows) else stop.flows
    parts = flow_parts(mrio, stop.rows, stop.columns, lost)
    how = "each sale that stops, times the output that one unit of it called for"
    return [*parts, *_rest(inputs, row, parts, "final sales that stop or are no longer wanted")], how


def _through(inputs: Inputs, row: Row) -> tuple[list[Part], str]:
    """The purchases that stop, each times the output of the industry that one unit of it reached."""
    mrio, stop, i = _stop(inputs, row)
    reached = stop.flows
    if len(stop.rows):
        reached = after(mrio, stop.rows, stop.columns, stop.flows).carried(mrio, i)
    parts = flow_parts(mrio, stop.rows, stop.columns, reached)
    how = "each purchase that stops, times the output that one unit of it reached"
    return [*parts, *_rest(inputs, row, parts, "lost capacity, its own or upstream")], how


def _rest(inputs: Inputs, row: Row, parts: list[Part], what: str) -> Iterator[Part]:
    """What of a loss the flows that stop do not explain."""
    mrio, left = inputs.ground.mrio, row["loss"] - sum(p.value for p in parts)
    if abs(left) > SLACK * abs(row["loss"]):
        yield Part(f"{mrio.ref}#{_who(row)}", what, left, None)


def _first(inputs: Inputs, row: Row) -> tuple[list[Part], str]:
    """The purchases of the scarcest input that do not come, in proportion, or the capacity that is lost."""
    mrio, i = inputs.ground.mrio, _position(inputs, row)
    model = inputs.quarters
    stop = model.lacking_at(inputs.params.scenario.central("shock_size"))
    lacks = model.needs.cost[:, i] * model.instead.remaining[:, i]
    scarcest = int(lacks.argmax())
    sellers = np.flatnonzero(model.needs.product[stop.rows] == scarcest)
    here = np.flatnonzero(stop.columns == i)
    flows = stop.flows[np.ix_(sellers, here)]
    if lacks[scarcest] * mrio.x[i] < row["loss"] * (1.0 - SLACK) or flows.sum() <= 0:
        part = Part(_reason_ref(inputs, CAPACITY, i), "its own capacity", row["loss"], None)
        return [part], "by what stops"
    each = flow_parts(mrio, stop.rows[sellers], stop.columns[here], flows * (row["loss"] / flows.sum()))
    return each, "by purchase of the scarcest input that does not come"


def _position(inputs: Inputs, row: Row) -> int:
    return inputs.ground.mrio.nodes.position[row["country"], row["sector"]]


def _stop(inputs: Inputs, row: Row) -> tuple[MRIO, Stopped, int]:
    """The table, the sales that stop at the central size, and the position of the row's industry."""
    mrio = inputs.ground.mrio
    stop = inputs.quarters.stopped_at(inputs.params.scenario.central("shock_size"))
    return mrio, stop, _position(inputs, row)


def _shortage(inputs: Inputs, row: Row) -> tuple[list[Part], str]:
    """What lacks of the input that binds, or capacity."""
    mrio, losses = inputs.ground.mrio, inputs.losses.central
    i = mrio.nodes.position[row["country"], row["sector"]]
    code = int(losses.binds[i])
    lacking = "" if code < 0 else names.within(names.sector(mrio.nodes.sectors[code]))
    what = f"the lack of {lacking}" if lacking else "its own capacity"
    part = Part(_reason_ref(inputs, code, i), what, float(losses.shortage[i]), None)
    return [part], "by what binds first"


def _gained(inputs: Inputs, row: Row) -> tuple[list[Part], str]:
    """The buyers that are served in the place of the sender."""
    mrio, found = inputs.ground.mrio, inputs.quarters.instead
    i = mrio.nodes.position[row["country"], row["sector"]]
    mine = np.flatnonzero(found.suppliers == i)
    each = flow_parts(mrio, found.suppliers[mine], found.buyers, found.flows[mine])
    return each, "by buyer that is served instead"


OPENERS: dict[str, Callable[[Inputs, Row], tuple[list[Part], str]]] = {
    OUTPUT: _held,
    SALES: _sales,
    THROUGH: _through,
    FIRST: _first,
    SHORTAGE: _shortage,
    GAINED: _gained,
}
