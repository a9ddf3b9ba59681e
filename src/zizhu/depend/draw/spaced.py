"""The product space as a figure: products by section, as large as their trade, those of a country ringed."""

from __future__ import annotations

from typing import Any

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.vocab import names
from zizhu.vocab.products import products, section

SPECIALISED = 1.0
"""The RCA from which a country counts as specialised in a product (Balassa 1965)."""
NAME = 34


def product_space(result: Result, links: pl.DataFrame, traded: bool) -> Figure:
    """A network of products at their stored places."""
    country = result.run.params["country"]
    nodes: list[dict[str, Any]] = [
        {
            "product": r["product"],
            "x": r["x"],
            "y": r["y"],
            "name": _short(r["product"], r["name"]) if traded else r["name"],
            "section": (section(r["product"]) or None) if traded else None,
            "trade": r["exports_usd"],
            "specialised": bool(country) and r["rca"] >= SPECIALISED,
            "ref": result.ref(r, "rca" if country else "links"),
        }
        for r in result.frame.iter_rows(named=True)
    ]
    edges = [{"product": r["a"], "to": r["b"]} for r in links.iter_rows(named=True)]
    encoding = {
        "node": "product",
        "x": "x",
        "y": "y",
        "name": "name",
        "to": "to",
        "size": "trade",
        "ref": "ref",
    }
    encoding |= {"group": "section"} if traded else {}
    encoding |= (
        {"ring": "specialised", "ring_label": f"RCA of {names.the(country)} at least 1"} if country else {}
    )
    return Figure(
        kind="network",
        title="Product space",
        sentence=_sentence(result, len(edges), country),
        unit=result.units["exports_usd"],
        basis=result.basis,
        rows=(*nodes, *edges),
        encoding=encoding | {"size_label": "world exports" if traded else "all sales"},
        sources=result.run.inputs,
        notes=result.notes,
    )


def _sentence(result: Result, links: int, country: str | None) -> str:
    """How many products, how they are linked and placed, how much of all is seen, and what the country has."""
    count = result.frame.height
    said = (
        f"{count:,} products, {links:,} links between those that are most often sold together (maximum spanning tree "
        "of proximity, then the strongest others)."
    )
    seen = next((c.share for c in result.coverage if c.share is not None), None)
    if seen is not None:
        said += f" The table holds {seen:.0%} of all products."
    if country:
        own = int((result.frame["rca"] >= SPECIALISED).sum())
        who = names.the(country)
        said += f" {who[:1].upper()}{who[1:]} is specialised in {own:,} of those drawn."
    return said


def _short(hs: str, name: str) -> str:
    """A name that has room on the map: of a heading, the product that it begins with."""
    inside = next((p.label for code, p in products().items() if code.startswith(hs)), name)
    return f"{hs} {inside if len(inside) <= NAME else inside[: NAME - 3].rstrip(' ,;:') + '...'}"
