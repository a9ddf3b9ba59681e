"""Figures of what goods contain: heat map, dumbbell, bars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Draw, Result
from zizhu.tables.around import around
from zizhu.vocab import names
from zizhu.vocab.sectors import TOTAL

MOST = 15
BELOW_ZERO = (
    "Below zero: the industry buys more from the partner directly than it contains of the partner's value added, for "
    "part of what the partner sells was made elsewhere."
)
PARTNERS = 12
"""Columns of a heat map of partners."""


def exposure(result: Result) -> Figure:
    """Several buyers and several columns make a heat map of content, else a dumbbell from face value to content.

    The buyer's own economy, from which nobody purchases its own value added, is drawn where nothing else is asked for.
    """
    buyers = result.frame["buyer"].unique(maintain_order=True)
    countries = list(dict.fromkeys(b.partition(":")[0] for b in buyers))
    sectors = list(dict.fromkeys(b.partition(":")[2] for b in buyers))
    sources = result.frame["source"].n_unique()
    if result.run.params["each_industry"] and len(countries) == 1 and sources > 1:
        return _HIDDEN_MAP(result)
    if len(sectors) > 1 and (len(countries) > 1) != (sources > 1):
        return _heat_map(result, by_source=sources > 1)
    if result.frame["hidden"].null_count() == result.frame.height:
        return _own(result)
    return _dumbbell(result, by_source=sources > 1)


def _heat_map(result: Result, by_source: bool) -> Figure:
    rows = []
    for r in result.frame.iter_rows(named=True):
        who, _, sector = r["buyer"].partition(":")
        rows.append(
            {
                "industry": names.sector(sector),
                "partner": names.name(r["source"] if by_source else who),
                "content": r["value_added_content"],
                "ref": result.ref(r, "value_added_content"),
            }
        )
    fixed = result.frame["buyer"][0].partition(":")[0] if by_source else result.frame["source"][0]
    way = "the partner's value added in" if by_source else "value added in the partner's industries of"
    return Figure(
        kind="heatmap",
        title="Value-added content",
        sentence=f"Share of output: {way} {names.the(fixed)}.",
        unit="share",
        basis=result.basis,
        rows=tuple(rows),
        encoding={"row": "industry", "column": "partner", "value": "content", "ref": "ref"},
        sources=result.run.inputs,
        notes=result.notes,
    )


@dataclass(frozen=True)
class _Shown:
    """What a heat map of partners shows: a column in words, and how the partners in it are chosen."""

    column: str
    title: str
    sentence: str
    most: str

    def __call__(self, result: Result) -> Figure:
        """The figure: industries of one economy, and the partners of which it has most."""
        abroad = result.frame.drop_nulls("hidden")
        lead = (
            abroad.group_by("source")
            .agg(pl.col(self.column).sum())
            .sort(self.column, "source", descending=[True, False])
        )
        order = lead["source"].head(PARTNERS).to_list()
        shown = abroad.filter(pl.col("source").is_in(order))
        who = result.frame["buyer"][0].partition(":")[0]
        return Figure(
            kind="heatmap",
            title=self.title,
            sentence=self.sentence.format(who=names.the(who)),
            unit="share",
            basis=result.basis,
            rows=tuple(
                self._cell(result, r)
                for r in sorted(shown.iter_rows(named=True), key=lambda r: order.index(r["source"]))
            ),
            encoding={"row": "industry", "column": "partner", "value": self.column, "ref": "ref"},
            sources=result.run.inputs,
            notes=(
                *self._below(shown),
                *around(result, len(order), lead.height, f"partners, those {self.most}"),
            ),
        )

    def _below(self, shown: pl.DataFrame) -> tuple[str, ...]:
        """What a value below zero means, where there is one."""
        return (BELOW_ZERO,) if self.column == "hidden" and (shown["hidden"] < 0).any() else ()

    def _cell(self, result: Result, row: dict[str, Any]) -> dict[str, Any]:
        return {
            "industry": names.sector(row["buyer"].partition(":")[2]),
            "partner": names.name(row["source"]),
            self.column: row[self.column],
            "ref": result.ref(row, self.column),
        }


_HIDDEN_MAP = _Shown(
    "hidden",
    "Hidden exposure",
    "Value added of partners in industries of {who}, less what these buy from them directly.",
    "hidden most",
)
_OTHER_MAPS = {
    "content": _Shown(
        "value_added_content",
        "Look-through exposure",
        "Value added of partners in industries of {who}, through all tiers.",
        "with most content",
    ),
    "face": _Shown(
        "face_value",
        "Face-value exposure",
        "What industries of {who} buy from partners directly.",
        "bought from most",
    ),
}


def by_partner(frame: pl.DataFrame) -> Mapping[str, Draw]:
    """Heat maps beside that of hidden exposure: look-through and face value, of one economy and several sources."""
    countries = {b.partition(":")[0] for b in frame["buyer"].unique()}
    return _OTHER_MAPS if len(countries) == 1 and frame["source"].n_unique() > 1 else {}


def _dumbbell(result: Result, by_source: bool) -> Figure:
    foreign = result.frame.filter(pl.col("hidden").is_not_null())
    shown = foreign.sort("value_added_content", "buyer", "source", descending=[True, False, False]).head(MOST)
    told = _in_whom(result.frame["buyer"].unique().to_list())
    rows = [
        {
            "who": names.name(r["source"]) + told[r["buyer"]] if by_source else _buyer(r["buyer"]),
            "face": r["face_value"],
            "content": r["value_added_content"],
            "ref_face": result.ref(r, "face_value"),
            "ref": result.ref(r, "value_added_content"),
        }
        for r in shown.iter_rows(named=True)
    ]
    encoding = {"category": "who", "from": "face", "to": "content", "ref_from": "ref_face", "ref_to": "ref"}
    return Figure(
        kind="dumbbell",
        title="Face value and value-added content",
        sentence=_of_whom_in_whom(result),
        unit="share",
        basis=result.basis,
        rows=tuple(rows),
        encoding=encoding | {"from_label": "bought directly", "to_label": "contained"},
        sources=result.run.inputs,
        notes=around(result, shown.height, foreign.height, "rows, those with most content"),
    )


def _own(result: Result) -> Figure:
    """Bars of what is contained of the buyers' own economies."""
    order = result.frame.sort("value_added_content", *result.key, descending=[True, False, False])
    rows: list[dict[str, Any]] = [
        {
            "who": f"{names.name(r['source'])} in {names.within(names.node(r['buyer']))}",
            "content": r["value_added_content"],
            "ref": result.ref(r, "value_added_content"),
        }
        for r in order.head(MOST).iter_rows(named=True)
    ]
    return Figure(
        kind="bars",
        title="Value-added content of the own economy",
        sentence="The buyer's own economy in its output, share of output.",
        unit="share",
        basis=result.basis,
        rows=tuple(rows),
        encoding={"category": "who", "value": "content", "ref": "ref"},
        sources=result.run.inputs,
        notes=around(result, len(rows), order.height, "rows, those with most content"),
    )


def _of_whom_in_whom(result: Result) -> str:
    """What a dumbbell compares, with the source, the buyer or the buyer's country where there is one of them."""
    sources, buyers = (result.frame[c].unique().to_list() for c in ("source", "buyer"))
    countries = {b.partition(":")[0] for b in buyers}
    whose = f" from {names.the(sources[0])}" if len(sources) == 1 else ""
    where = ""
    if len(buyers) == 1:
        where = f" in {names.within(names.node(buyers[0]))}"
    elif len(countries) == 1:
        where = f" in industries of {names.the(countries.pop())}"
    return f"Bought directly{whose} against contained{where}, share of output."


def _in_whom(buyers: list[str]) -> Mapping[str, str]:
    """What follows the name of a source: the buyer, as far as it takes to tell several apart."""
    countries = {b.partition(":")[0] for b in buyers}
    if len(buyers) == 1:
        return {buyers[0]: ""}
    if len(countries) == len(buyers):
        return {b: f" in {names.the(b.partition(':')[0])}" for b in buyers}
    return {b: f" in {names.within(_buyer(b))}" for b in buyers}


def _buyer(code: str) -> str:
    who, _, sector = code.partition(":")
    return names.name(who) if sector in ("MANUF", "TOTAL") else names.node(code)


def domestic(result: Result) -> Figure:
    """Bars of domestic value-added content by industry, lowest first."""
    rows = [
        {
            "industry": names.sector(r["sector"]),
            "content": r["value_added_content"],
            "ref": result.ref(r, "value_added_content"),
        }
        for r in result.frame.sort("value_added_content", "sector").iter_rows(named=True)
    ]
    return Figure(
        kind="bars",
        title="Domestic value-added content",
        sentence=f"{names.name(result.frame['country'][0])}: value added at home per unit of output, by industry.",
        unit="share",
        basis=result.basis,
        rows=tuple(rows),
        encoding={"category": "industry", "value": "content", "ref": "ref"},
        sources=result.run.inputs,
        notes=result.notes,
    )


def markets(result: Result) -> Figure:
    """A dumbbell from direct sales to where output ends, the largest markets; of several sellers each is named."""
    sellers = result.frame["seller"].unique(maintain_order=True).to_list()
    who = {s: f", {names.within(_buyer(s))}" if len(sellers) > 1 else "" for s in sellers}
    shown = result.frame.sort("absorbed", *result.key, descending=[True, False, False]).head(MOST)
    rows = [
        {
            "who": names.name(r["market"]) + who[r["seller"]],
            "face": r["face_value"],
            "absorbed": r["absorbed"],
            "ref_face": result.ref(r, "face_value"),
            "ref": result.ref(r, "absorbed"),
        }
        for r in shown.iter_rows(named=True)
    ]
    encoding = {"category": "who", "from": "face", "to": "absorbed", "ref_from": "ref_face", "ref_to": "ref"}
    return Figure(
        kind="dumbbell",
        title="Direct sales and where output ends",
        sentence=f"{' and '.join(map(_buyer, sellers))}: sold directly against absorbed, share of output.",
        unit=result.units["absorbed"],
        basis=result.basis,
        rows=tuple(rows),
        encoding=encoding | {"from_label": "sold directly", "to_label": "ends there"},
        sources=result.run.inputs,
        notes=around(result, shown.height, result.frame.height, "rows, those in which most output ends"),
    )


def circulation(result: Result) -> Figure:
    """Bars of the share of value added that final demand abroad calls for, by industry, largest first."""
    industries = result.frame.filter(pl.col("sector") != TOTAL)
    order = industries.sort("share_abroad", "sector", descending=[True, False])
    whole = result.frame.filter(sector=TOTAL)["share_abroad"][0]
    rows = [
        {
            "industry": names.sector(r["sector"]),
            "share": r["share_abroad"],
            "ref": result.ref(r, "share_abroad"),
        }
        for r in order.iter_rows(named=True)
    ]
    return Figure(
        kind="bars",
        title="External circulation",
        sentence=f"{names.name(result.frame['country'][0])}: final demand abroad calls for {whole:.1%} of value added; "
        "by industry.",
        unit=result.units["share_abroad"],
        basis=result.basis,
        rows=tuple(rows),
        encoding={"category": "industry", "value": "share", "ref": "ref"},
        sources=result.run.inputs,
        notes=result.notes,
    )
