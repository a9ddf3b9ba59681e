"""How much of the controlled trade a table contains, and which share of an industry's sales a product is.

A table knows industries. A product is the share of its industry's sales between two countries that its trade is of
them; where the trade exceeds what the table has of the industry, the table does not see the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zizhu.ledger.models import Coverage
from zizhu.stress.scenario.effects import Piece
from zizhu.stress.scenario.goods import Goods, no_trade_table
from zizhu.stress.scenario.ground import OwnInput
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
    pieces: the goods that it consists of, apart from each other.
    """

    share: Matrix
    final: Matrix | None
    coverage: Coverage
    notes: tuple[str, ...] = ()
    pieces: tuple[Piece, ...] = ()

    @classmethod
    def whole(cls, what: str, said: str, *notes: str) -> Controlled:
        """A shock that the table sees in full."""
        seen = Coverage(what=what, share=1.0, statement=said)
        return cls(np.ones((0, 0)), None, seen, tuple(n for n in notes if n))


def controlled(
    one: Traded,
    sender: Selection,
    receiver: Selection,
    mrio: MRIO,
    trade: Trade | None,
    own: OwnInput | None = None,
    lots: tuple[tuple[str, ...], ...] = (),
) -> Controlled:
    """What of the sales that a shock names the tables see; `own` are its products where they are sectors.

    `lots` are its products in groups of which each is a piece of its own, all in one where there are none.
    Raises CannotAnswer for products without a trade table, or that the sender does not sell to the receiver.
    """
    if one.products:
        goods = _goods(one, mrio, trade)
        if own is not None:
            return _of_own_input(one, own, goods, sender, receiver, mrio)
        return _of_products(one, goods, sender, receiver, mrio, trade, lots)
    if not mrio.Z[np.ix_(sender.index, receiver.index)].any():
        raise _nothing(one, mrio.title)
    shape = (len(sender.index), len(receiver.index))
    share = np.broadcast_to(sender.part[:, None], shape).copy()
    sold = _sold(mrio, sender.index, receiver.index, share)
    who, whom = names.within(names.node(one.sender)), names.the(one.receiver.partition(":")[0])
    seen = _seen(one, mrio, sender, receiver, sold, who, whom)
    notes = tuple(n for n in (sender.note, receiver.note) if n)
    final = _final(mrio, sender, receiver, one, sender.part)
    name = (f"made by {one.sender.partition(':')[2]}",) if (sender.part < 1).any() else ()
    return Controlled(share, final, seen, notes, (Piece(name, share, final),))


def _seen(
    one: Traded, mrio: MRIO, sender: Selection, receiver: Selection, sold: Vector, who: str, whom: str
) -> Coverage:
    """All sales to the receiver where the table knows to whom final sales go, else those of intermediate inputs."""
    if mrio.final is None or ":" in one.receiver:
        return sales_coverage(mrio, sender.index, receiver.index, sold, who, whom, gate=True)
    estimated = mrio.flags.final_is_estimated
    said = "All of them: intermediate inputs by the industry that buys them, and final sales by the country"
    return Coverage(
        what=f"the sales of {who} to {whom}",
        share=1.0,
        statement=f"{said}{', as the table estimates it' if estimated else ''}.",
        assumed=estimated,
        gate=True,
    )


def _sold(mrio: MRIO, rows: Index, columns: Index, share: Matrix) -> Vector:
    return np.asarray((np.asarray(mrio.Z[np.ix_(rows, columns)], dtype=float) * share).sum(axis=1))


class NothingSold(CannotAnswer):
    """The sender sells nothing of it to the receiver, as far as the tables know."""


def _nothing(one: Traded, title: str) -> NothingSold:
    return NothingSold(
        Problem(
            f"no sales of {one.sender} to {one.receiver} in {title}",
            one.where,
            "sales to cut",
            "Choose another sender, receiver or product; `zizhu depend suppliers` shows who sells a product to whom.",
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


def _goods(one: Traded, mrio: MRIO, trade: Trade | None) -> Goods:
    if trade is None:
        raise CannotAnswer(no_trade_table())
    return Goods.of(one, trade, mrio)


def _of_products(
    one: Traded,
    goods: Goods,
    sender: Selection,
    receiver: Selection,
    mrio: MRIO,
    trade: Trade | None,
    lots: tuple[tuple[str, ...], ...],
) -> Controlled:
    share, final, seen = _measured(one, goods, sender, receiver, mrio)
    if not seen.any():
        raise _nothing(one, f"{goods.title}, {goods.year}")
    pieces = [Piece(tuple(sorted(one.products)), share, final)]
    if len(lots) > 1:
        pieces = []
        for lot in lots:
            part = one.model_copy(update={"products": lot})
            pieces.append(Piece(lot, *_measured(part, _goods(part, mrio, trade), sender, receiver, mrio)[:2]))
    coverage = goods.coverage(one, float(seen.sum()), mrio)
    return Controlled(share, final, coverage, _product_notes(one, goods), tuple(pieces))


def _measured(
    one: Traded, goods: Goods, sender: Selection, receiver: Selection, mrio: MRIO
) -> tuple[Matrix, Matrix | None, Matrix]:
    """The share (k, m) of every flow that goods are, the same of final sales (k, C), and the value that the table
    follows to the receiver's countries."""
    share, seen = goods.shares(mrio, sender.index)
    buyers = mrio.nodes.country_index[receiver.index]
    whom = np.unique(buyers)
    final = None
    if mrio.final is not None:
        final = np.zeros((len(sender.index), len(mrio.nodes.countries)))
        if ":" not in one.receiver:
            final[:, whom] = share[:, whom]
    return share[:, buyers], final, seen[:, whom]


def _of_own_input(
    one: Traded, own: OwnInput, goods: Goods, sender: Selection, receiver: Selection, mrio: MRIO
) -> Controlled:
    """All sales of the products' own sectors, which only their users buy."""
    sellers, buyers = (np.unique(mrio.nodes.country_index[side.index]) for side in (sender, receiver))
    seen = float(own.seen[np.ix_(sellers, buyers)].sum())
    if not mrio.Z[np.ix_(sender.index, receiver.index)].any():
        raise _nothing(one, f"{goods.title}, {goods.year}")
    share = np.ones((len(sender.index), len(receiver.index)))
    final = None if mrio.final is None else np.zeros((len(sender.index), len(mrio.nodes.countries)))
    notes = _own_notes(own, sender, receiver, mrio)
    return Controlled(share, final, goods.coverage(one, seen, mrio), notes, (Piece((), share, final),))


def _own_notes(own: OwnInput, sender: Selection, receiver: Selection, mrio: MRIO) -> tuple[str, ...]:
    """What is assumed, and what of the input comes from whom."""
    users = ", ".join(names.within(names.sector(s)) for s in own.users)
    made = " and of ".join(names.within(names.sector(s)) for s in own.sectors.values())
    sent, at_home = _origin(own, sender, receiver, mrio)
    return (
        f"{', '.join(map(names.product, own.products))}: an input of its own in the table ({', '.join(own.sectors)}). "
        f"Each of these is taken to need it, in proportion to what it buys of {made} from the same country: {users}. "
        "Nothing else serves instead, so what its lack does is an upper bound.",
        f"Of what these industries of the receiver buy of it, {sent:.0%} come from the sender, and {_home(at_home)}",
    )


def _home(share: float) -> str:
    if not share:
        return "nothing is taken to be made at home (`home_supply`)."
    return (
        f"{share:.0%} are assumed to be made at home, as in the exports of the industry (`home_supply`). That is no "
        "measured supply: where there is less of it, more is lost than shown."
    )


def _origin(own: OwnInput, sender: Selection, receiver: Selection, mrio: MRIO) -> tuple[float, float]:
    """The shares of the sender and of home in what the receiver buys of an input."""
    rows = mrio.nodes.of(mrio.nodes.countries, own.sectors)
    bought = np.asarray(mrio.Z[np.ix_(rows, receiver.index)], dtype=float)
    country = mrio.nodes.country_index
    home = country[rows][:, None] == country[receiver.index]
    total = bought.sum()
    return float(bought[np.isin(rows, sender.index)].sum() / total), float((bought * home).sum() / total)


def _product_notes(one: Traded, goods: Goods) -> tuple[str, ...]:
    made = ", ".join(
        f"{names.product(p)} in {names.within(names.sector(goods.industry[p]))}" for p in goods.codes
    )
    notes = [
        f"The table knows industries: {made}. The products are taken as a share of what that industry sells. Over "
        "weeks and in what passes through they count by their value, a lower bound for what its users cannot replace; "
        "the shortages over quarters take every user of the industry to need all that it buys of it, an upper bound."
    ]
    if ":" in one.receiver:
        notes.append(
            f"The products are taken to be the same share of what every buyer in {one.receiver} buys."
        )
    return tuple(notes)
