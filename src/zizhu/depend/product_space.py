"""A map of products that stays: made once of a trade table, stored beside it, and read by every figure after.

`product-space-<trade>-hs<level>` has a place (x, y) for every product, its part `...-links` the pairs that are drawn
with their proximity. The map is made again only for another question or another version of the trade table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Annotated, Any, NamedTuple

import numpy as np
import polars as pl
from pydantic import AfterValidator, Field

from zizhu.depend.baskets import Baskets, Filters, Level, Sold, filtered, load_sold, products_held, sales
from zizhu.depend.draw import spaced
from zizhu.depend.sold_parts import flow_parts
from zizhu.depend.specialisation import proximity, space
from zizhu.depend.specialisation.defaults import default, defaults
from zizhu.ledger.models import Coverage, Record
from zizhu.ledger.result import Explanation, Part, Result, largest, require_coverage
from zizhu.store import Workspace
from zizhu.store.meta import Meta
from zizhu.store.runs import make_run
from zizhu.tables.leontief import Index, Matrix
from zizhu.tables.threads import one_thread
from zizhu.vocab import groups, names
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, unknown
from zizhu.vocab.products import label

METHOD = "depend.product_space"
KIND = "product-space"
KEY = ("product",)
PLACE = "place on the map, -1 to 1"
NEAR = "smaller conditional probability"
SALES = "USD a year"
UNITS = {"x": PLACE, "y": PLACE, "links": "links", "exports_usd": SALES}
OF_COUNTRY = {"sold_usd": SALES, "rca": "ratio"}


class Params(Record):
    """Of which table, years, level and filters (no population is asked for) the map is made.

    `country`, or a group as its members, is set apart on the map, which is the same for all.
    """

    trade: str = "baci-raw-materials"
    country: Annotated[str, AfterValidator(groups.coded)] | None = None
    first: int | None = None
    last: int | None = None
    level: Level = 4
    filters: Filters = Field(default_factory=lambda: Filters(min_population=0))
    seed: int = 0
    insist: bool = False


@dataclass(frozen=True)
class Inputs:
    """The table and the question, with the map that is stored of just this question, if there is one."""

    params: Params
    sold: Sold
    baskets: Baskets
    coverage: Coverage
    stored: tuple[pl.DataFrame, pl.DataFrame] | None

    @cached_property
    def map(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The places of products (product, x, y), and their links (a, b, proximity)."""
        return self.stored or _drawn(self.baskets, self.params.seed)


class Kept(NamedTuple):
    """The stored map, its links, whether it was stored now, and that in a sentence."""

    places: Meta
    links: Meta
    new: bool
    said: str


def name_of(params: Params) -> str:
    """The name under which a map is stored."""
    return f"product-space-{params.trade}-hs{params.level}"[:57].rstrip("-._")


def load(workspace: Workspace, params: Params) -> Inputs:
    """Read the trade table that the question names, and the map if it is stored.

    Raises what `baskets.sales` and `filtered` raise.
    """
    sold = load_sold(workspace, params.trade)
    whole = sales(sold, params.first, params.last, params.level)
    coverage = products_held(sold, whole.products, params.level)
    stored = None
    if _held(workspace, sold, params) is not None:
        stored = (workspace.read(name_of(params)).frame, workspace.read(_links_of(params)).frame)
    return Inputs(params, sold, filtered(whole, params.filters, None), coverage, stored)


def _links_of(params: Params) -> str:
    return f"{name_of(params)}-links"


def _asked(sold: Sold, params: Params) -> dict[str, Any]:
    """What a stored map is the answer to."""
    return {"of": sold.ref, "asked": params.model_dump(mode="json", exclude={"insist", "country"})}


def _held(workspace: Workspace, sold: Sold, params: Params) -> Meta | None:
    """The stored map of the question, if there is one."""
    if name_of(params) not in workspace.names():
        return None
    held = workspace.read(name_of(params)).meta
    return held if all(held.flags.get(k) == v for k, v in _asked(sold, params).items()) else None


def solve(inputs: Inputs) -> Result:
    """One row a product: its place, with how many others it is linked, and its sales, also those of a country.

    Raises ZizhuError for a country that does not take part, and CannotAnswer for fewer than three products and where
    the table holds less than half of all products.
    """
    params, products = inputs.params, inputs.baskets.products
    require_coverage((inputs.coverage,), params.insist, METHOD)
    if len(products) < 3:
        what = f"{len(products)} products are left by the filters"
        raise CannotAnswer(Problem(what, KIND, "at least three", "Lower the filters."))
    places, links = inputs.map
    ends = pl.concat([links["a"], links["b"]]).rename("product").value_counts(name="links")
    name = pl.col("product").map_elements(label if inputs.sold.traded else str, return_dtype=pl.String())
    linked = places.join(ends, on="product", how="left")
    placed = linked.select("product", name.alias("name"), "x", "y", pl.col("links").cast(pl.Int64))
    frame = placed.join(_sales(inputs), on="product", how="left", maintain_order="left")
    run = make_run(METHOD, params, (inputs.sold.ref,), frame, KEY, params.seed)
    said = _said(inputs, links.height)
    notes = (said, *_together(inputs), *inputs.baskets.left_out)
    basis = f"proximity of products in the sales of countries, {inputs.baskets.years}, {inputs.sold.title}"
    units = UNITS | (OF_COUNTRY if params.country else {})
    draw = partial(spaced.product_space, links=links, traded=inputs.sold.traded)
    return Result(frame, KEY, units, basis, run, (inputs.coverage,), notes, draw)


def _sales(inputs: Inputs) -> pl.DataFrame:
    """Sales of all places by product, and those of the country with its RCA."""
    b = inputs.baskets
    columns: dict[str, Any] = {"product": b.products, "exports_usd": b.world}
    if inputs.params.country:
        at = [b.places.index(place) for place in _places(inputs)]
        sold, own = b.X[at].sum(axis=0), float(b.own[at].sum())
        columns |= {"sold_usd": sold, "rca": sold / own / (b.world / b.total)}
    return pl.DataFrame(columns)


def _places(inputs: Inputs) -> list[str]:
    """The country, or the members of the group, that take part; raises ZizhuError where none does."""
    b, code = inputs.baskets, str(inputs.params.country)
    found = [place for place in groups.expand(code, b.last) if place in b.places]
    if not found:
        raise ZizhuError(unknown("country", code, b.places, "countries that take part"))
    return found


def _together(inputs: Inputs) -> tuple[str, ...]:
    """That a group is the sum of its members."""
    code = inputs.params.country
    if code is None or groups.expand(code, inputs.baskets.last) == (code,):
        return ()
    count = len(_places(inputs))
    who = names.the(code)
    return (f"{who[:1].upper()}{who[1:]}: {count} countries together, with what they sell to each other.",)


def keep(workspace: Workspace, inputs: Inputs) -> Kept:
    """The stored map of the question, stored now where it is not there."""
    sold, params, name = inputs.sold, inputs.params, name_of(inputs.params)
    held = _held(workspace, sold, params)
    if held is not None:
        links = workspace.read(_links_of(params)).meta
        return Kept(held, links, False, f"{name} is here already.")
    nodes, edges = inputs.map
    described = {
        "title": f"Product space of {sold.title}",
        "sources": workspace.read(params.trade).meta.sources,
        "notes": (_said(inputs, edges.height), *inputs.baskets.left_out),
        "units": dict.fromkeys(("x", "y"), PLACE),
        "flags": {"kind": KIND, **_asked(sold, params)},
    }
    of_links = described | {
        "title": f"Links of the product space of {sold.title}",
        "units": {"proximity": NEAR},
        "flags": {"kind": f"{KIND}-links"},
    }
    with workspace.batch() as batch:
        links = batch.add(_links_of(params), edges, ("a", "b"), of_links)
        made = batch.add(name, nodes, KEY, described | {"parts": {"links": links.ref}})
    return Kept(made, links, True, f"{name} is stored.")


def _drawn(baskets: Baskets, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    pairs, near, places = drawn(baskets.M, seed)
    a, b = ([baskets.products[i] for i in side] for side in pairs.T)
    nodes = pl.DataFrame({"product": baskets.products, "x": places[:, 0], "y": places[:, 1]})
    return nodes, pl.DataFrame({"a": a, "b": b, "proximity": near})


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


def _said(inputs: Inputs, links: int) -> str:
    rule, baskets = defaults()["space_links"], inputs.baskets
    return (
        f"{len(baskets.products):,} products, {links:,} links ({baskets.years}, {inputs.sold.ref}): maximum spanning "
        f"tree of proximity, then the strongest links until there are {rule.value:g} a product ({rule.source}); places "
        "by stress majorization."
    )


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a place, or the number of links, into the products that the product is linked with."""
    row, (_, links) = result.row(key), inputs.map
    if column in (*OF_COUNTRY, "exports_usd"):
        return _sales_opened(inputs, result, row, column, top)
    ends = (
        (r["b"] if r["a"] == key else r["a"], r["proximity"])
        for r in links.iter_rows(named=True)
        if key in (r["a"], r["b"])
    )
    counted = column == "links"
    parts = [
        Part(
            result.ref(result.row(code), "links"),
            f"link with {result.row(code)['name']} ({code})",
            1.0 if counted else near,
            1 / row["links"] if counted else None,
            unit="" if counted else f"proximity, {NEAR}",
        )
        for code, near in ends
    ]
    how = (
        "with these products"
        if counted
        else "by stress majorization of the links, which pull linked products together"
    )
    sentence = f"{row['name']} ({key}): {column}, {how}."
    return result.opened(row, column, sentence, *largest(parts, top))


def _sales_opened(
    inputs: Inputs, result: Result, row: Mapping[str, Any], column: str, top: int
) -> Explanation:
    """Sales by flow of the table; the RCA beside the four sums that it is made of."""
    b, sold, code = inputs.baskets, inputs.sold, row["product"]
    who = "all countries" if column == "exports_usd" else names.the(str(inputs.params.country))
    if column != "rca":
        whose = () if column == "exports_usd" else _places(inputs)
        parts = flow_parts(sold, b, inputs.params.level, row[column], whose, code)
        said = f"{row['name']}, {b.years}: sales of {who}, by flow of the table."
        return result.opened(row, column, said, *largest(parts, top))
    own = float(sum(b.own[b.places.index(place)] for place in _places(inputs)))
    sums = (
        (result.ref(row, "sold_usd"), f"sales of it by {who}", row["sold_usd"]),
        (sold.ref, f"all sales of {who}", own),
        (result.ref(row, "exports_usd"), "sales of it by all countries", row["exports_usd"]),
        (sold.ref, "all sales of all countries", b.total),
    )
    evidence = tuple(Part(ref, told, value, None, unit=SALES) for ref, told, value in sums)
    said = f"{row['name']}, {b.years}: RCA of {who}, its share in what they sell over that in what all sell."
    return result.opened(row, column, said, evidence[:top], max(len(evidence) - top, 0))
