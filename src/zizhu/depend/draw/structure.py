"""Figures of the network: bars of losses, positions, paths and shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.tables.around import around
from zizhu.vocab import names
from zizhu.vocab.problems import CannotAnswer, Problem

T = TypeVar("T")
MOST = 20


def _bars(
    result: Result, title: str, sentence: str, column: str, rows: Iterable[tuple[str, Mapping[str, Any]]]
) -> Figure:
    """Bars of one column of the answer, as they are named; the first MOST."""
    every = list(rows)
    named = _some(result, every[:MOST])
    return Figure(
        kind="bars",
        title=title,
        sentence=sentence,
        unit=result.units[column],
        basis=result.basis,
        rows=tuple({"name": name, "value": r[column], "ref": result.ref(r, column)} for name, r in named),
        encoding={"category": "name", "value": "value", "ref": "ref"},
        sources=result.run.inputs,
        notes=around(result, len(named), len(every), "rows, the largest"),
    )


def _some(result: Result, rows: list[T]) -> list[T]:
    """The rows; raises CannotAnswer where there are none to draw."""
    if not rows:
        raise CannotAnswer(
            Problem(
                "the answer has no rows to draw", result.run.method, "at least one", "Ask without a drawing."
            )
        )
    return rows


def extract(result: Result) -> Figure:
    """Value added lost: of one extraction by country, of several by what is extracted."""
    several = result.frame["extracted"].n_unique() > 1
    kept = result.frame.filter((pl.col("country") == "TOTAL") == several)
    rows = list(
        kept.sort("value_added_lost", *result.key, descending=[True, False, False]).iter_rows(named=True)
    )
    who = [_extracted(r["extracted"]) if several else names.name(r["country"]) for r in rows]
    told = "" if several else f" without {names.told(result.frame['extracted'][0])}"
    return _bars(
        result,
        "Value added lost in hypothetical extraction",
        f"Value added no longer called for{told}, nothing replacing it.",
        "value_added_lost",
        zip(who, rows, strict=True),
    )


def _extracted(code: str) -> str:
    return names.node(code) if ":" in code else names.name(code)


def network(result: Result, by: str = "bridge") -> Figure:
    """The industries with the largest number of one column."""
    order = result.frame.drop_nulls(by).sort(by, *result.key, descending=[True, False, False])
    rows = ((names.node(f"{r['country']}:{r['sector']}"), r) for r in order.iter_rows(named=True))
    return _bars(result, *NETWORK[by], by, rows)


NETWORK = {
    "bridge": (
        "Bridges of the network",
        "Value added abroad that passes through an industry on its way into final products of other countries.",
    ),
    "betweenness": (
        "Betweenness in the network",
        "All value added that passes through an industry on its way into final products.",
    ),
    "sales": ("Sales of inputs", "What an industry sells to industries."),
    "purchases": ("Purchases of inputs", "What an industry buys from industries."),
    "outdegree": ("Outdegree", "Inputs per unit of output of all customers of an industry, added up."),
    "katz": ("Katz centrality", "Output that a unit of every final demand calls for in an industry."),
    "pagerank": ("PageRank", "Share of visits of an industry by walks from customers to their suppliers."),
    "eigenvector": ("Eigenvector centrality", "Industries whose customers are central themselves."),
    "backward": ("Backward linkages", "Output that a unit of final demand for an industry calls for."),
    "forward": ("Forward linkages", "Output on to which a unit of an industry's primary inputs is passed."),
    "output": ("Output", "Output of an industry."),
}
"""Title and sentence by the column that is drawn."""


def influence(result: Result) -> Figure:
    """The coefficients of largest effect, or of largest influence where these were asked for."""
    column = "influence" if result.run.params["per_unit"] else "effect"
    order = result.frame.sort(column, *result.key, descending=[True, False, False])
    rows = (
        (f"{names.node(r['supplier'])} to {names.told(r['buyer']).rpartition(' (')[0]}", r)
        for r in order.iter_rows(named=True)
    )
    return _bars(
        result,
        "Coefficients on which the table hangs",
        "How much of the whole inverse moves with one coefficient.",
        column,
        rows,
    )


def paths(result: Result) -> Figure:
    """The largest paths, named from the origin to the buyer."""
    kept = result.frame.filter(pl.col("kind") == "path", pl.col("path") != "OTHERS")
    order = kept.sort("value_added_content", "path", descending=[True, False]).iter_rows(named=True)
    whole = result.run.params
    sources = of_whom(whole["sources"], whole.get("abroad", False))
    return _bars(
        result,
        "Paths of value added from abroad" if whole.get("abroad", False) else "Paths of value added",
        f"Value added of {sources} in one unit of output of {names.told(whole['buyer'])}, by path.",
        "value_added_content",
        ((_chain(r["path"]), r) for r in order),
    )


def of_whom(sources: Iterable[str], abroad: bool) -> str:
    """Whose value added is followed, in words."""
    everybody = "all other countries" if abroad else "all countries"
    return " and ".join(map(names.the, sources)) or everybody


def _chain(path: str) -> str:
    """`USA:B>CHN:C20>CHN:C26` in words; a country is named where the path enters it."""
    steps: list[str] = []
    last = ""
    for code in path.split(">"):
        who, _, what = code.partition(":")
        industry = names.within(names.sector(what))
        steps.append(industry if who == last else f"{names.name(who)}: {industry}")
        last = who
    return " > ".join(steps)


Nearest = tuple[str, float]
"""A supplier below the cut, and its share."""


def points(result: Result, nearest: Nearest | None = None) -> Figure:
    """The share of every supplier above the cut in its input, all tiers and, as a point, direct; the cut as a line.

    Where none is above it, the `nearest` below it, or nothing where the buyer has no suppliers.
    """
    order = result.frame.sort(
        "contained", "look_through", *result.key, descending=[True, True, False, False], nulls_last=True
    )
    asked, shown = result.run.params, order.head(MOST)
    cut, whom = f"{100 * asked['cut']:.4g} %", names.told(asked["buyer"])
    if shown.is_empty():
        name, share = nearest or ("no supplier", None)
        rows: list[dict[str, Any]] = [{"name": name, "value": share, "mark": None, "ref": None}]
        sentence = f"No supplier has more than {cut} of an input of {whom}: the bar is the nearest to it."
    else:
        rows = [row for r in shown.iter_rows(named=True) for row in _of_point(result, r)]
        sentence = f"Suppliers with more than {cut} of an input of {whom}: bars in all tiers, points bought directly."
    return Figure(
        kind="bars",
        title="Single points of failure",
        sentence=sentence,
        unit="share of the input",
        basis=result.basis,
        rows=tuple(r | {"cut": asked["cut"]} for r in rows),
        encoding={
            "category": "name",
            "value": "value",
            "mark": "mark",
            "reference": "cut",
            "reference_label": "the cut",
            "ref": "ref",
        },
        sources=result.run.inputs,
        notes=around(result, shown.height, order.height, "suppliers, those of the largest inputs"),
    )


def _of_point(result: Result, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The bar of a supplier and, where the buyer purchases the input, its point."""
    name, drawn = names.node(row["supplier"]), []
    for column, mark in (("look_through", None), ("direct", "bought directly")):
        if mark is None or row[column] is not None:
            ref = None if row[column] is None else result.ref(row, column)
            drawn.append({"name": name, "value": row[column], "mark": mark, "ref": ref})
    return drawn
