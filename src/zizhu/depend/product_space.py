"""A map of products that stays: made once of a trade table, stored beside it, and read by every figure after.

`product-space-<trade>-hs<level>` has a place (x, y) for every product, its part `...-links` the pairs that are drawn
with their proximity. The map is made again only for another question or another version of the trade table.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import polars as pl
from pydantic import Field

from zizhu.depend.baskets import Baskets, Filters, Level, Sold, filtered, load_sold, sales
from zizhu.depend.specialisation import proximity, space
from zizhu.depend.specialisation.defaults import default, defaults
from zizhu.ledger.models import Record
from zizhu.store import Workspace
from zizhu.store.meta import Meta
from zizhu.tables.leontief import Index, Matrix
from zizhu.tables.threads import one_thread
from zizhu.vocab.problems import CannotAnswer, Problem

KIND = "product-space"


class Params(Record):
    """Of which table, years, level and filters (no population is asked for) the map is made."""

    trade: str = "baci-raw-materials"
    first: int | None = None
    last: int | None = None
    level: Level = 4
    filters: Filters = Field(default_factory=lambda: Filters(min_population=0))
    seed: int = 0


class Kept(NamedTuple):
    """The stored map, its links, whether it was made now, and what it is in a sentence."""

    places: Meta
    links: Meta
    new: bool
    said: str


def name_of(params: Params) -> str:
    """The name under which a map is stored."""
    return f"product-space-{params.trade}-hs{params.level}"[:57].rstrip("-._")


def keep(workspace: Workspace, params: Params) -> Kept:
    """The stored map of the question, made first where it is not there.

    Raises what `baskets.sales` and `filtered` raise, and CannotAnswer for fewer than three products.
    """
    sold, name = load_sold(workspace, params.trade), name_of(params)
    asked = {"of": sold.ref, "asked": params.model_dump(mode="json")}
    if name in workspace.names():
        held = workspace.read(name).meta
        if all(held.flags.get(k) == v for k, v in asked.items()):
            links = workspace.read(f"{name}-links").meta
            return Kept(held, links, False, f"{name} is here already. {held.notes[0]}")
    baskets = filtered(sales(sold, params.first, params.last, params.level), params.filters, None)
    if len(baskets.products) < 3:
        what = f"{len(baskets.products)} products are left by the filters"
        raise CannotAnswer(Problem(what, KIND, "at least three", "Lower the filters."))
    return _stored(workspace, sold, params, baskets, asked)


def _stored(
    workspace: Workspace, sold: Sold, params: Params, baskets: Baskets, asked: dict[str, Any]
) -> Kept:
    name, products = name_of(params), baskets.products
    pairs, near, places = drawn(baskets.M, params.seed)
    a, b = ([products[i] for i in side] for side in pairs.T)
    said = _said(len(products), len(pairs), baskets.years, sold.ref)
    nodes = pl.DataFrame({"product": products, "x": places[:, 0], "y": places[:, 1]})
    described = {
        "title": f"Product space of {sold.title}",
        "sources": workspace.read(params.trade).meta.sources,
        "notes": (said, *baskets.left_out),
        "units": dict.fromkeys(("x", "y"), "place on the map, -1 to 1"),
        "flags": {"kind": KIND, **asked},
    }
    of_links = described | {
        "title": f"Links of the product space of {sold.title}",
        "units": {"proximity": "smaller conditional probability"},
        "flags": {"kind": f"{KIND}-links"},
    }
    with workspace.batch() as batch:
        edges = pl.DataFrame({"a": a, "b": b, "proximity": near})
        links = batch.add(f"{name}-links", edges, ("a", "b"), of_links)
        made = batch.add(name, nodes, ("product",), described | {"parts": {"links": links.ref}})
    return Kept(made, links, True, f"{name} is stored. {said}")


def drawn(M: Matrix, seed: int) -> tuple[Index, Matrix, Matrix]:
    """The links of M (C, P), pairs (L, 2) with their proximity (L,), and the places (P, 2) of products."""
    with one_thread():
        phi = proximity.proximity(M)
        pairs = space.links(phi, round(default("space_links") * len(phi)))
        places = space.layout(len(phi), pairs, seed)
    u = M.sum(axis=0)
    a, b = pairs.T
    both = np.einsum("cl,cl->l", M[:, a], M[:, b])
    return pairs, both / np.maximum(u[a], u[b]), places


def _said(products: int, links: int, years: str, ref: str) -> str:
    rule = defaults()["space_links"]
    return (
        f"{products:,} products, {links:,} links ({years}, {ref}): maximum spanning tree of proximity, then the "
        f"strongest links until there are {rule.value:g} a product ({rule.source}); places by stress majorization."
    )
