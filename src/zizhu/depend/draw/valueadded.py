"""Figures of what exports contain: bars of the parts of gross exports, of stages for their place in production."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.tables.around import around
from zizhu.vocab import names
from zizhu.vocab.sectors import TOTAL

MOST = 12
CELL = ("exporter", "partner", "sector")
LABELS = {
    "VAX": "domestic, used abroad",
    "REF": "domestic, returns home",
    "DDC": "domestic, counted again",
    "FVA": "foreign",
    "FDC": "foreign, counted again",
    "DVA": "domestic",
    "DC": "domestic",
    "FC": "foreign",
    "EXGR_DDC": "domestic, direct",
    "EXGR_IDC": "domestic, indirect",
    "EXGR_RIM": "domestic, re-imported",
    "EXGR_FVA": "foreign",
    "OTHER": "taxes and other",
    "upstreamness": "stages to final use",
    "downstreamness": "stages from primary inputs",
}


def content(result: Result) -> Figure:
    """One category a partner, industry or exporter, whichever there are several of, and one bar a part."""
    shown = ranked(result, MOST)
    by_stage = "share" not in result.units
    column = "value" if by_stage else "share"
    parts, several = _parts(shown), _several(result)
    rows = [
        {
            "who": ", ".join(name(r[c]) for c, name in several.items()),
            "part": LABELS[_bare(r["term"])],
            "amount": r[column],
            "ref": result.ref(r, column),
        }
        for r in shown.filter(pl.col("term").is_in(parts)).iter_rows(named=True)
    ]
    return Figure(
        kind="bars",
        title="Place of exports in production" if by_stage else "Whose value added exports contain",
        sentence=_sentence(list(_exports(shown)), result.units[column]),
        unit=result.units[column],
        basis=result.basis,
        rows=tuple(rows),
        encoding={"category": "who", "value": "amount", "group": "part", "ref": "ref"},
        sources=result.run.inputs,
        notes=around(result, shown.n_unique(CELL), result.frame.n_unique(CELL), "exports, the largest"),
    )


Terms = Mapping[str, Mapping[str, Any]]
"""The terms of one exporter, partner and industry, by their names without the method."""


def _exports(shown: pl.DataFrame) -> Iterable[tuple[str, Terms]]:
    """Who exports what to whom, in words, with its terms."""
    for _, cell in shown.group_by(CELL, maintain_order=True):
        first = cell.row(0, named=True)
        whose = f"{names.name(first['exporter'])} to {names.the(first['partner'])}"
        if first["sector"] != TOTAL:
            whose += f", {names.within(names.sector(first['sector']))}"
        yield whose, {_bare(r["term"]): r for r in cell.iter_rows(named=True)}


def _sentence(exports: list[tuple[str, Terms]], unit: str) -> str:
    """The foreign content of exports, or how far they are from final use; of several the lowest and the highest."""
    by_stage = "upstreamness" in exports[0][1]
    found = [(_stages(terms) if by_stage else _foreign(terms), whose) for whose, terms in exports]
    known = [(value, whose) for value, whose in found if value is not None]
    (least, low), (most, high) = min(known), max(known)
    if by_stage and len(known) == 1:
        down = exports[0][1]["downstreamness"]["value"]
        return f"{low}: {least:.1f} stages to final use, {down:.1f} from primary inputs."
    if by_stage:
        return f"From {least:.1f} stages to final use ({low}) to {most:.1f} ({high})."
    if len(known) == 1:
        return f"{low}: foreign content {least:.1%}, {unit}."
    return f"Foreign content from {least:.1%} ({low}) to {most:.1%} ({high}), {unit}."


def _stages(terms: Terms) -> float | None:
    value: float | None = terms["upstreamness"]["value"]
    return value


def _foreign(terms: Terms) -> float | None:
    """The share of foreign content; None for what does not export."""
    held = terms.get("FC") or terms.get("EXGR_FVA")
    return None if held is None else held["share"]


def ranked(result: Result, most: int | None = None) -> pl.DataFrame:
    """The terms of an exporter, partner and industry together, the largest exports first; stages as asked."""
    cells = list(result.key[:3])
    lead = result.frame.group_by(cells, maintain_order=True).agg(pl.col("value").first())
    if "share" in result.units:
        lead = lead.sort("value", maintain_order=True, descending=True)
    return (
        lead.head(most or lead.height).select(cells).join(result.frame, on=cells, maintain_order="left_right")
    )


def _parts(shown: pl.DataFrame) -> list[str]:
    """The finest terms with a label that make up the exports, at most one level of them: parts of the labelled."""
    terms = shown["term"].unique(maintain_order=True).to_list()
    if "part_of" not in shown.columns:
        return [t for t in terms if _bare(t) in LABELS]
    parent = dict(zip(shown["term"], shown["part_of"], strict=True))
    known = [t for t in terms if _bare(t) in LABELS and parent[t]]
    return [t for t in known if t not in {parent[k] for k in known}]


def _bare(term: str) -> str:
    return term.partition(".")[2]


def _several(result: Result) -> Mapping[str, Callable[[str], str]]:
    """What tells a row from others: exporter, partner, industry, as far as there are several, and how it is named."""
    told = {"exporter": names.name, "partner": names.name, "sector": names.sector}
    found = {c: name for c, name in told.items() if result.frame[c].n_unique() > 1}
    return found or {"exporter": names.name}
