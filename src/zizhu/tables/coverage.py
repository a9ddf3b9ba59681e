"""How much of a question an input-output table can see, said with the answer."""

from __future__ import annotations

import numpy as np

from zizhu.ledger.models import Coverage
from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import countries_of
from zizhu.tables.trade import Trade
from zizhu.vocab import products, units
from zizhu.vocab.names import possessive, the


def import_coverage(mrio: MRIO, trade: Trade, who: str) -> Coverage:
    """Share of the imported inputs of the country or group `who` that the table can contain: an upper bound.

    Seen are the foreign intermediate inputs in the table. Known to be missing are imports of the trade
    table's raw materials from economies that the table does not have; other goods from there are not counted.
    """
    home, what = countries_of(mrio, who), f"the imported inputs of {the(who)}"
    if mrio.flags.has_rest_of_world or mrio.imports is not None or len(mrio.nodes.countries) == 1:
        return _known(mrio, what)
    year = max(mrio.flags.years)
    seen = units.convert(_foreign_inputs(mrio, mrio.nodes.of(home)), mrio.unit, "USD")
    outside, total = trade.outside_share(home, mrio.nodes.countries, year, products.raw_materials())
    if not total:
        said = f"{trade.title} has no imports of {the(who)} in {year}: what comes from outside is not known."
        return Coverage(what=what, share=None, statement=said)
    return Coverage(
        what=what,
        share=seen / (seen + outside) if seen + outside else 0.0,
        statement=(
            f"At most this share: {outside / 1e9:,.0f} of {total / 1e9:,.0f} bn USD of {possessive(the(who))} "
            f"imports of raw materials ({year}) come from economies outside the table, against {seen / 1e9:,.0f} "
            "bn USD of foreign inputs in it."
        ),
        gate=True,
    )


def world_coverage(mrio: MRIO, trade: Trade) -> Coverage:
    """Share of the imported inputs of all economies of the table, each on its own, that it can contain.

    As `import_coverage` tells it of one.
    """
    everybody, what = mrio.nodes.countries, "the imported inputs of the economies of the table"
    if mrio.flags.has_rest_of_world or mrio.imports is not None or len(everybody) == 1:
        return _known(mrio, what)
    year, of = max(mrio.flags.years), mrio.nodes.country_index
    foreign = sum(_foreign_inputs(mrio, np.flatnonzero(of == c)) for c in range(len(everybody)))
    seen = units.convert(foreign, mrio.unit, "USD")
    outside, _ = trade.outside_share(everybody, everybody, year, products.raw_materials())
    if not outside:
        said = f"{trade.title} has no imports from outside the table in {year}: what comes from there is not known."
        return Coverage(what=what, share=None, statement=said)
    return Coverage(
        what=what,
        share=seen / (seen + outside),
        statement=(
            f"At most this share: they import raw materials for {outside / 1e9:,.0f} bn USD ({year}) from economies "
            f"outside the table, against {seen / 1e9:,.0f} bn USD of foreign inputs in it."
        ),
        gate=True,
    )


def _known(mrio: MRIO, what: str) -> Coverage:
    """What a table sees of imported inputs that has a rest of the world, or one country only.

    One of a single country sees them when it keeps them apart from domestic ones, else none of them.
    """
    share, said = (
        0.0,
        "None of it: the table does not tell imported from domestic inputs; imports count as made at home.",
    )
    if mrio.flags.has_rest_of_world:
        share = 1.0
        said = "All of it: the table has a rest of the world, so inputs from every economy are in it."
    elif mrio.imports is not None:
        share = 1.0
        said = "All of it, in one figure an industry: the table keeps imported inputs apart and not by their origin."
    return Coverage(what=what, share=share, statement=said, gate=True)


def sales_coverage(
    mrio: MRIO, sellers: Index, buyers: Index, flows: Vector, who: str, whom: str, gate: bool
) -> Coverage:
    """Share of the sellers' trade with the buyers' countries that the table follows to a buying industry.

    With final demand by destination it is measured: intermediate sales to these countries over all sales to them.
    Without, the sellers' share of intermediate in all sales, weighted by the flows (k,) in question, stands for it
    and is marked as assumed. `gate` lets the share decide whether the answer is given.
    """
    measured = mrio.flags.has_final_by_destination and not mrio.flags.final_is_estimated
    if mrio.final is not None and measured:
        return _measured_sales(mrio, mrio.final, sellers, buyers, who, whom, gate)
    intermediate = mrio.Z[sellers].sum(axis=1, dtype=float)
    elsewhere = np.maximum(mrio.sales_elsewhere[sellers], 0.0)
    followed = np.divide(
        intermediate,
        intermediate + elsewhere,
        out=np.zeros_like(intermediate),
        where=intermediate + elsewhere > 0,
    )
    weight = flows.sum()
    share = float(followed @ flows / weight) if weight > 0 else 0.0
    return Coverage(
        what=f"the sales of {who} to {whom}",
        share=share,
        statement=(
            f"The table follows {share:.0%} of the sales of {who}, those of intermediate inputs, to a buyer; the rest "
            f"are {_not_followed(mrio)}. The same share is assumed for the sales in question."
        ),
        assumed=True,
        gate=gate,
    )


def flow_coverage(mrio: MRIO) -> Coverage:
    """Share of the sales of all industries of the table that it follows to a buying industry, as it states them.

    It decides nothing: what is asked is about these flows, and the rest is said.
    """
    intermediate = float(mrio.Z.sum(dtype=float))
    rest = float(np.maximum(mrio.sales_elsewhere, 0.0).sum())
    share = intermediate / (intermediate + rest) if intermediate + rest > 0 else 0.0
    return Coverage(
        what="the sales of all industries of the table",
        share=share,
        statement=(
            f"{intermediate:,.0f} of {intermediate + rest:,.0f} {mrio.unit.partition(',')[0]} are intermediate inputs, "
            f"which the table follows from industry to industry; the rest are {_not_followed(mrio)}."
        ),
    )


def _not_followed(mrio: MRIO) -> str:
    """The sales that a table without measured final demand by destination has in one figure a seller."""
    if mrio.flags.has_rest_of_world:
        return "capital goods and other final sales"
    return "capital goods, other final sales, and sales of any kind to economies outside it"


def _measured_sales(
    mrio: MRIO, final: Matrix, sellers: Index, buyers: Index, who: str, whom: str, gate: bool
) -> Coverage:
    there = np.unique(mrio.nodes.country_index[buyers])
    inside = np.isin(mrio.nodes.country_index, there)
    intermediate = float(mrio.Z[np.ix_(sellers, inside)].sum(dtype=float))
    consumed = float(np.maximum(final[np.ix_(sellers, there)], 0.0).sum())
    share = intermediate / (intermediate + consumed) if intermediate + consumed > 0 else 0.0
    return Coverage(
        what=f"the sales of {who} to {whom}",
        share=share,
        statement=(
            f"{share:.0%} of the sales of {who} to {_together(mrio, there)} are intermediate inputs, which the table "
            "follows to an industry; the rest goes to final demand there, capital goods among it."
        ),
        gate=gate,
    )


def _together(mrio: MRIO, countries: Index) -> str:
    """One country by name, several by their number."""
    if len(countries) == 1:
        return the(mrio.nodes.countries[countries[0]])
    return f"the {len(countries)} countries of the buyer"


def _foreign_inputs(mrio: MRIO, own: Index) -> float:
    columns = mrio.Z[:, own].sum(axis=1, dtype=float)
    return float(columns.sum() - columns[own].sum())
