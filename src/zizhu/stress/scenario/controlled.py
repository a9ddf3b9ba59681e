"""How much of the controlled trade a table contains, and which share of an industry's sales a product is.

A table knows industries. A product is the share of its industry's sales between two countries that its trade is of them;
where the trade exceeds what the table has of the industry, the table does not see the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zizhu.ledger.models import Coverage
from zizhu.stress.scenario.goods import Goods
from zizhu.stress.scenario.shocks import Traded
from zizhu.tables.coverage import sales_coverage
from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import Selection
from zizhu.tables.trade import Trade
from zizhu.vocab import names
from zizhu.vocab.problems import CannotAnswer, Problem


@dataclass(frozen=True)
class Controlled:
    """What of a shock the tables see.

    share (k, m): of every flow from the sender's nodes to the receiver's, the part that is controlled.
    final (k, C): the same of sales to final buyers by country; None where the table does not know these.
    """

    share: Matrix
    final: Matrix | None
    coverage: Coverage
    notes: tuple[str, ...] = ()

    @classmethod
    def whole(cls, what: str, said: str, *notes: str) -> Controlled:
        """A shock that the table sees in full."""
        seen = Coverage(what=what, share=1.0, statement=said)
        return cls(np.ones((0, 0)), None, seen, tuple(n for n in notes if n))


def controlled(
    one: Traded, sender: Selection, receiver: Selection, mrio: MRIO, trade: Trade | None
) -> Controlled:
    """What of the sales that a shock names the tables see.

    Raises CannotAnswer for products without a trade table, or that the sender does not sell to the receiver.
    """
    if one.products:
        return _of_products(one, sender, receiver, mrio, trade)
    if not mrio.Z[np.ix_(sender.index, receiver.index)].any():
        raise _nothing(one, mrio.title)
    shape = (len(sender.index), len(receiver.index))
    share = np.broadcast_to(sender.part[:, None], shape).copy()
    sold = _sold(mrio, sender.index, receiver.index, share)
    who, whom = names.within(names.node(one.sender)), names.the(one.receiver.partition(":")[0])
    seen = sales_coverage(mrio, sender.index, receiver.index, sold, who, whom, gate=True)
    notes = tuple(n for n in (sender.note, receiver.note) if n)
    return Controlled(share, _final(mrio, sender, receiver, one, sender.part), seen, notes)


def _sold(mrio: MRIO, rows: Index, columns: Index, share: Matrix) -> Vector:
    return np.asarray((np.asarray(mrio.Z[np.ix_(rows, columns)], dtype=float) * share).sum(axis=1))


def _nothing(one: Traded, title: str) -> CannotAnswer:
    return CannotAnswer(
        Problem(
            f"no sales of {one.sender} to {one.receiver} in {title}",
            one.where,
            "sales to cut",
            "Choose others.",
        )
    )


def _final(mrio: MRIO, sender: Selection, receiver: Selection, one: Traded, part: Vector) -> Matrix | None:
    """The share (k, C) of final sales: all of them to the receiver's countries, none where it names a sector."""
    if mrio.final is None:
        return None
    share = np.zeros((len(sender.index), len(mrio.nodes.countries)))
    if ":" not in one.receiver:
        share[:, np.unique(mrio.nodes.country_index[receiver.index])] = part[:, None]
    return share


def _of_products(
    one: Traded, sender: Selection, receiver: Selection, mrio: MRIO, trade: Trade | None
) -> Controlled:
    if trade is None:
        raise CannotAnswer(
            Problem(
                "no trade table", "products", "a table of trade by product", "Add one: `zizhu data add baci`."
            )
        )
    goods = Goods.of(one, trade, mrio)
    share, seen = goods.shares(mrio, sender.index)
    if not seen.any():
        raise _nothing(one, f"{trade.title}, {goods.year}")
    buyers = mrio.nodes.country_index[receiver.index]
    whom = np.unique(buyers)
    final = None
    if mrio.final is not None:
        final = np.zeros((len(sender.index), len(mrio.nodes.countries)))
        if ":" not in one.receiver:
            final[:, whom] = share[:, whom]
    coverage = goods.coverage(one, float(seen[:, whom].sum()), mrio)
    return Controlled(share[:, buyers], final, coverage, _product_notes(one, goods))


def _product_notes(one: Traded, goods: Goods) -> tuple[str, ...]:
    made = ", ".join(
        f"{names.product(p)} in {names.within(names.sector(goods.industry[p]))}" for p in goods.codes
    )
    notes = [
        f"The table knows industries: {made}. The products are taken as a share of what that industry sells, and lack as "
        "an average product of it; for a product that its users cannot replace this is a lower bound."
    ]
    if ":" in one.receiver:
        notes.append(
            f"The products are taken to be the same share of what every buyer in {one.receiver} buys."
        )
    return tuple(notes)
