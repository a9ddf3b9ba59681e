"""Single points of failure: suppliers that hold more than a given share of an input of a buyer.

An input is the output of one sector, wherever it is made. Shares are told twice:
  direct        the supplier's part in what the buyer purchases of the input
  look_through  the supplier's part in the value added of all makers of the input that one unit of the buyer contains
A supplier is a point where either share exceeds the cut. What stands behind it: the largest other supplier of the same
input by either share, at home too (next_seller, next_maker), and how much of the supplier's own output is value added
of other countries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Annotated, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import AfterValidator, Field

from zizhu.depend.draw import structure as drawn
from zizhu.depend.exposure import BASIS, SHARE, TAXES_APART, in_table
from zizhu.depend.first_tier import Split, bought, content_parts
from zizhu.depend.structure.points import Classes, by_class
from zizhu.depend.wholes import Wholes
from zizhu.ledger.models import Record
from zizhu.ledger.result import Explanation, Part, Result, largest, require_coverage
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.tables.coverage import import_coverage
from zizhu.tables.leontief import Index, Vector
from zizhu.tables.load import load_mrio, load_trade
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import Selection, absent, select
from zizhu.tables.trade import Trade
from zizhu.vocab import groups, names
from zizhu.vocab.countries import REST
from zizhu.vocab.problems import CannotAnswer, Problem

METHOD = "depend.points"
KEY = ("input", "supplier")
UNITS = {
    "direct": "share of purchases of the input",
    "look_through": "share of the input's value added",
    "next_direct": "share of purchases of the input",
    "next_look_through": "share of the input's value added",
    "purchases": SHARE,
    "contained": SHARE,
    "foreign_behind": "share of the supplier's output",
}


class Params(Record):
    """What is asked: suppliers with a share above `cut` of an input that makes up at least `least` of the output.

    `home` adds those of the buyer's own countries.
    """

    table: str = "icio-2022"
    trade: str = "baci-raw-materials"
    buyer: Annotated[str, AfterValidator(groups.coded_part)]
    cut: float = Field(ge=0, le=1)
    least: float = Field(default=0.0, ge=0, le=1)
    home: bool = False
    insist: bool = False


@dataclass(frozen=True)
class Inputs:
    """The tables and the question. Suppliers are whole countries' sectors: parts of a country are added up."""

    params: Params
    mrio: MRIO
    trade: Trade

    @cached_property
    def buyer(self) -> Selection:
        return select(self.mrio, self.params.buyer)

    @cached_property
    def wholes(self) -> Wholes:
        """The suppliers."""
        return Wholes(self.mrio.nodes)

    @cached_property
    def sector(self) -> Index:
        """The position in `nodes.sectors` of every supplier (m,)."""
        order = {s: k for k, s in enumerate(self.mrio.nodes.sectors)}
        return np.array([order[s] for _, s in self.wholes.pairs], dtype=np.intp)

    @cached_property
    def purchased(self) -> Vector:
        """Purchases of the buyer from every node (n,), per unit of its output."""
        return bought(self.mrio, self.buyer)

    @cached_property
    def contained(self) -> Vector:
        """Value added of every node (n,) in one unit of the buyer's output."""
        return self.mrio.v * self.mrio.lu.solve(self.buyer.spread(self.mrio.x))

    def classes(self, amounts: Vector) -> Classes:
        """Amounts of the nodes (n,) as shares of suppliers in the sectors."""
        return by_class(self.wholes.added(amounts), self.sector, len(self.mrio.nodes.sectors))


def load(workspace: Workspace, params: Params) -> Inputs:
    """Read the tables that the question names."""
    return Inputs(params, load_mrio(workspace, params.table), load_trade(workspace, params.trade))


def solve(inputs: Inputs) -> Result:
    """One row a supplier above the cut. Raises ZizhuError for unknown codes, CannotAnswer below half coverage.

    `direct` is null where the buyer purchases nothing of the input, `look_through` where it contains nothing of it.
    """
    params, mrio = inputs.params, inputs.mrio
    coverage = (import_coverage(mrio, inputs.trade, inputs.buyer.code.partition(":")[0]),)
    require_coverage(coverage, params.insist, METHOD)
    direct, deep = inputs.classes(inputs.purchased), inputs.classes(inputs.contained)
    share, open_to = np.maximum(direct.share, deep.share), _open_to(inputs, direct, deep)
    frame = _frame(inputs, [int(s) for s in np.flatnonzero(open_to & (share > params.cut))], direct, deep)
    run = make_run(METHOD, params, (mrio.ref, inputs.trade.ref), frame, KEY)
    nearest = _nearest(inputs, np.where(open_to, share, 0.0)) if frame.is_empty() else None
    none = [_none(params, nearest)] if frame.is_empty() else []
    notes = (*none, *_notes(inputs), *_many(frame))
    draw = partial(drawn.points, nearest=nearest)
    return Result(frame, KEY, UNITS, in_table(BASIS, mrio), run, coverage, notes, draw)


def _open_to(inputs: Inputs, direct: Classes, deep: Classes) -> NDArray[np.bool_]:
    """The suppliers (m,) that can be points: of inputs of the least size, and not at home unless that is asked for."""
    found = (np.maximum(direct.size, deep.size) >= inputs.params.least)[inputs.sector]
    if not inputs.params.home:
        home = {inputs.mrio.nodes.whole[i] for i in inputs.buyer.index}
        found &= np.array([country not in home for country, _ in inputs.wholes.pairs])
    return np.asarray(found)


def _nearest(inputs: Inputs, share: Vector) -> drawn.Nearest | None:
    """The supplier of the largest share (m,), where there is one above zero."""
    k = int(share.argmax())
    return (names.node(inputs.wholes.label(k)), float(share[k])) if share[k] > 0 else None


def _none(params: Params, nearest: drawn.Nearest | None) -> str:
    """That no supplier is above the cut, and which one is nearest."""
    said = f"None above {100 * params.cut:.4g} %"
    return (
        f"{said}: no supplier."
        if nearest is None
        else f"{said}: the nearest is {nearest[0]}, {nearest[1]:.1%}."
    )


def _frame(inputs: Inputs, found: list[int], direct: Classes, deep: Classes) -> pl.DataFrame:
    sectors = inputs.mrio.nodes.sectors
    of, labels = inputs.sector[found], [inputs.wholes.label(s) for s in found]
    columns = {
        "direct": direct.share[found],
        "look_through": deep.share[found],
        "next_direct": direct.other[found],
        "next_seller": _labels(inputs, direct.next[found]),
        "next_look_through": deep.other[found],
        "next_maker": _labels(inputs, deep.next[found]),
        "purchases": direct.size[of],
        "contained": deep.size[of],
        "foreign_behind": np.array([_foreign(inputs, s) for s in labels], dtype=float),
    }
    keys = {"input": [sectors[k] for k in of], "supplier": labels}
    texts = (*KEY, "next_seller", "next_maker")
    frame = pl.DataFrame({**keys, **columns}, schema_overrides=dict.fromkeys(texts, pl.String()))
    bought_any, contains_any = pl.col("purchases") > 0, pl.col("contained") > 0
    return frame.with_columns(
        *(pl.when(bought_any).then(pl.col(c)).alias(c) for c in ("direct", "next_direct")),
        *(pl.when(contains_any).then(pl.col(c)).alias(c) for c in ("look_through", "next_look_through")),
    )


def _labels(inputs: Inputs, suppliers: Index) -> list[str | None]:
    return [None if s < 0 else inputs.wholes.label(int(s)) for s in suppliers]


def _abroad(inputs: Inputs, supplier: str) -> list[int]:
    """The positions of all countries but the supplier's own."""
    countries = inputs.mrio.nodes.countries
    return [k for k, c in enumerate(countries) if c != supplier.partition(":")[0]]


def _foreign(inputs: Inputs, supplier: str) -> float:
    mrio = inputs.mrio
    return float(select(mrio, supplier).mean(mrio.contained, mrio.x)[_abroad(inputs, supplier)].sum())


def _notes(inputs: Inputs) -> tuple[str, ...]:
    mrio, params = inputs.mrio, inputs.params
    notes = [n for n in (inputs.buyer.note,) if n] + [*absent(mrio, (params.buyer,))]
    notes.append(
        "An input is a whole sector of the table: a single maker of one product inside it is not seen, and a sector "
        "above the cut may still hold many firms."
    )
    notes += inputs.wholes.told("the parts of a country are one supplier.")
    if not params.home:
        notes.append(
            "Suppliers in the buyer's own countries have no rows (--home adds them); the next supplier may be one of "
            "them, and may be larger."
        )
    if not mrio.sees_all_inputs:
        notes.append(f"The table has no rest of the world: suppliers outside {mrio.inside} are not seen.")
    if mrio.primary is not None:
        notes.append(TAXES_APART)
    return tuple(notes)


def _many(frame: pl.DataFrame) -> list[str]:
    """That the rest of the world is no single supplier, where it stands among them."""
    if not frame["supplier"].str.starts_with(f"{REST}:").any():
        return []
    return [f"{REST}, the rest of the world, is many countries together: its rows are no single suppliers."]


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a share into the purchases that make it, a share of others into who they are, `foreign_behind` by purchase.

    Raises CannotAnswer for a number that is null.
    """
    row, mrio = result.row(key), inputs.mrio
    if row[column] is None:
        raise CannotAnswer(
            Problem(f"{column} has no value", key, "an input that the buyer uses", "Trace another number.")
        )
    if column == "foreign_behind":
        abroad = _abroad(inputs, row["supplier"])
        split, how = content_parts(mrio, select(mrio, row["supplier"]), abroad, top), "first-tier split"
    elif column == "look_through":
        split, how = _through(inputs, row, top), "by the purchase that carries it"
    else:
        split, how = _makers(inputs, row, column, top), _HOW[column]
    sentence = f"{names.told(row['supplier'])} as a supplier of {names.told(inputs.params.buyer)}: "
    sentence += f"{column.replace('_', ' ')}, {how}."
    return result.opened(row, column, sentence, *split, inputs=(mrio.ref,))


_HOW = {
    "direct": "its sales to the buyer over all purchases of the input",
    "next_direct": "the largest other supplier's sales to the buyer over all purchases of the input",
    "next_look_through": "the largest other supplier's value added over that of all makers of the input",
    "purchases": "the buyer's purchases of the input, by supplier",
    "contained": "value added of the input's makers in the buyer, by maker",
}


def _makers(inputs: Inputs, row: Mapping[str, Any], column: str, top: int) -> Split:
    """A number of the input by its makers: all of them for a size, the one that is meant for a share."""
    mrio, direct = inputs.mrio, column in ("direct", "next_direct", "purchases")
    found = inputs.classes(inputs.purchased if direct else inputs.contained)
    k = mrio.nodes.sectors.index(row["input"])
    makers = np.flatnonzero((inputs.sector == k) & (found.share != 0))
    share = {inputs.wholes.label(int(s)): float(found.share[s]) for s in makers}
    if column == "direct":
        share = {name: value for name, value in share.items() if name == row["supplier"]}
    elif column.startswith("next"):
        others = {name: value for name, value in share.items() if name != row["supplier"]}
        share = dict(sorted(others.items(), key=lambda item: -item[1])[:1])
    scale = float(found.size[k]) if column in ("purchases", "contained") else 1.0
    total = sum(share.values())
    refs = {n: mrio.cell_ref(n, inputs.buyer.code) if direct else f"{mrio.ref}#{n}" for n in share}
    return largest((Part(refs[n], names.told(n), v * scale, v / total) for n, v in share.items()), top)


def _through(inputs: Inputs, row: Mapping[str, Any], top: int) -> Split:
    """The supplier's value added over that of all makers, by the purchase of the buyer that brought it in.

    With h = s'L for the supplier's s, h w = s w + h A w: its own when it is the buyer, and A w times h otherwise.
    """
    mrio = inputs.mrio
    country, _, sector = row["supplier"].partition(":")
    s = np.zeros(mrio.n)
    mine = mrio.nodes.of([country], [sector])
    s[mine] = mrio.v[mine]
    over = 1 / row["contained"]
    carried = inputs.purchased * mrio.lu.solve_transposed(s) * over
    own = float(s[inputs.buyer.index] @ inputs.buyer.weights(mrio.x)) * over
    parts = [
        Part(
            mrio.cell_ref(n, inputs.buyer.code),
            f"through purchases from {names.told(n)}",
            v,
            v / row["look_through"],
        )
        for n, v in ((mrio.nodes.label(int(i)), float(carried[i])) for i in np.flatnonzero(carried))
    ]
    if own:
        told = "the buyer's own value added"
        parts.append(Part(f"{mrio.ref}#{row['supplier']}", told, own, own / row["look_through"]))
    return largest(parts, top)


def by_size(result: Result) -> pl.DataFrame:
    """The points by the size of the input in the buyer, largest first."""
    return result.frame.sort("contained", "look_through", *KEY, descending=[True, True, False, False])
