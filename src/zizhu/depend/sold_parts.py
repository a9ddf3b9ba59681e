"""Sales of places in products opened into the flows of the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zizhu.depend.baskets import Baskets, Sold
from zizhu.ledger.result import Part
from zizhu.vocab import names
from zizhu.vocab.products import label


def flow_parts(
    sold: Sold,
    baskets: Baskets,
    level: int,
    total: float,
    places: Sequence[str] = (),
    code: str | None = None,
) -> list[Part]:
    """What was sold a year, by year, place and code of the table, of the places and products that take part.

    `places` and `code`, of a product at `level`, narrow it; `total` is the number that these are parts of.
    """
    more, asked = "", dict[str, Any]()
    if places:
        more, asked = f"AND {sold.seller} IN :places", {"places": list(places)}
    if code is not None:
        more, asked = f"{more} AND {sold.code(level)} = :code", asked | {"code": code}
    columns = f"year; {sold.seller} AS place; {sold.product} AS product"
    found = sold.rows(columns, baskets.first, baskets.last, more, **asked)
    years, (counted, kept) = baskets.last - baskets.first + 1, baskets.counted
    width = level if sold.traded else None
    return [
        Part(
            sold.ref_of(r["year"], r["place"], r["product"]),
            f"{names.told(r['place'])}, {label(r['product']) if sold.traded else r['product']}, {r['year']}",
            float(r["usd"] / years),
            float(r["usd"] / years / total) if total else 0.0,
        )
        for r in found.iter_rows(named=True)
        if r["usd"] and r["place"] in counted and r["product"][:width] in kept
    ]
