"""Figures of the network: bars of losses, positions, paths and shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.vocab import names
from zizhu.vocab.problems import CannotAnswer, Problem

T = TypeVar("T")
MOST = 20


def _bars(
    result: Result, title: str, sentence: str, column: str, rows: Iterable[tuple[str, Mapping[str, Any]]]
) -> Figure:
    """Bars of one column of the answer, as they are named; the first MOST."""
    named = _some(result, list(rows)[:MOST])
    return Figure(
        kind="bars",
        title=title,
        sentence=sentence,
        unit=result.units[column],
        basis=result.basis,
        rows=tuple({"name": name, "value": r[column], "ref": result.ref(r, column)} for name, r in named),
        encoding={"category": "name", "value": "value", "ref": "ref"},
        sources=result.run.inputs,
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


def network(result: Result) -> Figure:
    """The industries through which most value passes between other countries."""
    order = result.frame.sort("bridge", *result.key, descending=[True, False, False])
    rows = ((names.node(f"{r['country']}:{r['sector']}"), r) for r in order.iter_rows(named=True))
    return _bars(
        result,
        "Bridges of the network",
        "Value added abroad that passes through an industry on its way into final products of other countries.",
        "bridge",
        rows,
    )


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
    sources = " and ".join(names.the(s) for s in whole["sources"]) or "all countries"
    return _bars(
        result,
        "Paths of value added",
        f"Value added of {sources} in one unit of output of {names.told(whole['buyer'])}, by path.",
        "value_added_content",
        ((r["path"].replace(">", " > "), r) for r in order),
    )


def points(result: Result) -> Figure:
    """The share of every supplier above the cut in its input, all tiers and, as a point, direct; the cut as a line."""
    order = result.frame.sort(
        "contained", "look_through", *result.key, descending=[True, True, False, False], nulls_last=True
    ).head(MOST)
    rows: list[dict[str, Any]] = []
    for r in _some(result, list(order.iter_rows(named=True))):
        for column, mark in (("look_through", None), ("direct", "bought directly")):
            rows.append({"name": names.node(r["supplier"]), "value": r[column], "mark": mark})
            rows[-1]["ref"] = None if r[column] is None else result.ref(r, column)
    asked = result.run.params
    return Figure(
        kind="bars",
        title="Single points of failure",
        sentence=f"Suppliers with more than {100 * asked['cut']:.4g} % of an input of {names.told(asked['buyer'])}: "
        "bars in all tiers, points bought directly.",
        unit="share of the input",
        basis=result.basis,
        rows=tuple(r | {"cut": asked["cut"]} for r in rows if r["mark"] is None or r["value"] is not None),
        encoding={
            "category": "name",
            "value": "value",
            "mark": "mark",
            "reference": "cut",
            "reference_label": "the cut",
            "ref": "ref",
        },
        sources=result.run.inputs,
    )
