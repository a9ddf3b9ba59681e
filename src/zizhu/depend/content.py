"""Content of trade: whose value added is in what a country exports, by method, partner and industry.

The methods are those of `zizhu.depend.valueadded`. They answer different questions and share names for different
things, so every term carries the name of its method: bm-source.FVA is not kww.FVA. Terms form a tree (`part_of`):
parts add up to what they are a part of, and at last to gross exports.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

import numpy as np
import polars as pl
from pydantic import AfterValidator, Field

from zizhu.depend import content_notes, content_parts
from zizhu.depend.draw import valueadded as drawing
from zizhu.depend.sides import Cut, Worlds, cuts, sides
from zizhu.depend.valueadded import stages, tiva
from zizhu.depend.valueadded import told as words
from zizhu.depend.valueadded.blocks import Exporter
from zizhu.depend.valueadded.methods import DECOMPOSITIONS, Name, Perspective, decomposed
from zizhu.depend.valueadded.terms import Piece, Pieces, Tree, values
from zizhu.ledger.models import Record
from zizhu.ledger.result import Explanation, Result, require_coverage
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.tables.leontief import Index, Matrix
from zizhu.tables.load import load_mrio, load_trade
from zizhu.tables.mrio import MRIO
from zizhu.tables.trade import Trade
from zizhu.vocab import groups
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

METHOD = "depend.content"
KEY = ("exporter", "partner", "sector", "term")
STAGES = ("upstreamness", "downstreamness", "position")
NOISE = 1e-12
"""Part of the exports below which a term is the rounding of sums, and 0."""


class Params(Record):
    """What is asked, countries and groups by code or name. No partners: all others together, or each `by_partner`.

    `perspective` group: a group is one exporter or partner, without the trade among its members; country: its members
    are, each by itself; world (of bm-source, bm-sink): as country, and what crosses any border again counts double.
    """

    table: str = "icio-2022"
    trade: str = "baci-raw-materials"
    exporters: tuple[Annotated[str, AfterValidator(groups.coded)], ...] = Field(min_length=1)
    partners: tuple[Annotated[str, AfterValidator(groups.coded)], ...] = ()
    by_partner: bool = False
    by_sector: bool = False
    method: Name = "bm-source"
    perspective: Perspective = "group"
    insist: bool = False


@dataclass(frozen=True)
class Inputs:
    """The tables and the question."""

    params: Params
    mrio: MRIO
    trade: Trade

    @cached_property
    def worlds(self) -> Worlds:
        """The table as it was cut into regions, kept for further exporters and for explanations."""
        return {}

    def cuts(self) -> Iterator[Cut]:
        """The table cut for every exporter of the question."""
        asked = self.params
        exporters = sides(self.mrio, asked.exporters, asked.perspective)
        partners = sides(self.mrio, asked.partners, asked.perspective)
        return cuts(self.mrio, exporters, partners, asked.by_partner, self.worlds)


def load(workspace: Workspace, params: Params) -> Inputs:
    """Read the tables that the question names."""
    return Inputs(params, load_mrio(workspace, params.table), load_trade(workspace, params.trade))


def solve(inputs: Inputs) -> Result:
    """One row an exporter, partner, industry and term: the value, and its share of the exports there.

    Raises ZizhuError for unknown codes and for a question that the method does not answer, CannotAnswer below half
    coverage and where the table does not know final demand by destination.
    """
    params, mrio = inputs.params, inputs.mrio
    _check(params)
    content_notes.require_final(mrio, params.method)
    held = list(inputs.cuts())
    coverage = content_notes.coverage(mrio, inputs.trade, params)
    require_coverage(coverage, params.insist, METHOD)
    frame = pl.concat([_rows(mrio, cut, params) for cut in held])
    if frame.is_empty():
        raise CannotAnswer(_nothing(params))
    run = make_run(METHOD, params, (mrio.ref, inputs.trade.ref), frame, KEY)
    units = content_notes.units(mrio, params.method)
    notes = content_notes.notes(mrio, params, [cut.exporter for cut in held], frame)
    return Result(frame, KEY, units, content_notes.basis(mrio, params), run, coverage, notes, drawing.content)


def _nothing(params: Params) -> Problem:
    who = ", ".join(params.exporters)
    return Problem(
        "no exports in the table", who, "an exporter that sells abroad", "Choose another exporter."
    )


def _check(params: Params) -> None:
    """Raise ZizhuError with all that the method or the perspective does not answer."""
    problems = []
    if params.partners and params.by_partner:
        problems.append(
            Problem("partners are named and all are asked for", "by_partner", "one of both", "Drop one.")
        )
    if params.method == "kww" and (params.partners or params.by_partner or params.by_sector):
        problems.append(
            Problem(
                "kww splits the exports of a country to all, not those to a partner or of an industry",
                "method",
                "a method by partner and industry",
                "Ask for wwz, whose sixteen terms add up to the nine of kww.",
            )
        )
    if params.perspective == "world" and params.method not in ("bm-source", "bm-sink"):
        problems.append(
            Problem(
                f"{params.method} has no perspective of the world",
                "perspective",
                "bm-source or bm-sink",
                "Change the method or the perspective.",
            )
        )
    if problems:
        raise ZizhuError(problems)


def _rows(mrio: MRIO, cut: Cut, params: Params) -> pl.DataFrame:
    industries = content_parts.industries(mrio, cut, params.by_sector)
    if params.method == "position":
        return _stages(mrio, cut, industries)
    found, tree = terms(cut, params)
    added = {name: _added(cut, held, industries) for name, held in found.items()}
    total = added[DECOMPOSITIONS[params.method].total]
    cells = _cells(cut, industries, list(tree), params.method)
    stacked = np.stack(list(added.values()), axis=-1)
    stacked[np.abs(stacked) < NOISE * np.abs(total)[..., None]] = 0.0
    share = np.divide(
        stacked, total[..., None], out=np.full_like(stacked, np.nan), where=(total != 0)[..., None]
    )
    active = np.broadcast_to((stacked != 0).any(axis=-1)[..., None], stacked.shape)
    part_of = [f"{params.method}.{parent}" if parent else "" for parent in tree.values()]
    return cells.with_columns(
        pl.Series("part_of", part_of * total.size),
        pl.Series("value", stacked.ravel()),
        pl.Series("share", share.ravel(), nan_to_null=True),
    ).filter(pl.Series(active.ravel()))


def given(cut: Cut, params: Params) -> tuple[Pieces, Tree]:
    """The pieces of every term of the method, and the tree by which terms add up."""
    return decomposed(Exporter(cut.world, cut.s), params.method, params.perspective)


def terms(cut: Cut, params: Params) -> tuple[Mapping[str, Matrix], Tree]:
    """Every term by exporting node and region, (n_s, C), and the tree with the OECD's forward indicators."""
    pieces, tree = given(cut, params)
    found = values(cut.world, cut.s, pieces)
    if params.method != "tiva":
        return found, tree
    forward = tiva.forward(Exporter(cut.world, cut.s))
    return {**found, **forward}, {**tree, **dict.fromkeys(forward, "")}


def _one(cut: Cut, name: str, pieces: tuple[Piece, ...] | None) -> Matrix:
    """One term (n_s, C), from its pieces or, without any, as the OECD's forward indicator."""
    if pieces is None:
        return tiva.forward(Exporter(cut.world, cut.s))[name]
    return values(cut.world, cut.s, {name: pieces})[name]


def _added(cut: Cut, held: Matrix, industries: Mapping[str, Index]) -> Matrix:
    """A term (n_s, C) by partner and industry, (P, K)."""
    by_partner = np.stack([held[:, r].sum(axis=1) for r in cut.regions])
    return np.stack([by_partner[:, i].sum(axis=1) for i in industries.values()], axis=1)


def _cells(cut: Cut, industries: Mapping[str, Index], names: list[str], method: str) -> pl.DataFrame:
    """The key of every row: partners, then industries, then terms."""
    partner = pl.DataFrame({"partner": [p.code for p in cut.partners]})
    industry = pl.DataFrame({"sector": list(industries)})
    terms = [f"{method}.{name}" for name in names]
    term = pl.DataFrame({"term": terms, "meaning": [words.told(name) for name in terms]})
    crossed = partner.join(industry, how="cross", maintain_order="left_right")
    crossed = crossed.join(term, how="cross", maintain_order="left_right")
    return crossed.select(pl.lit(cut.exporter.code).alias("exporter"), pl.all())


def _stages(mrio: MRIO, cut: Cut, industries: Mapping[str, Index]) -> pl.DataFrame:
    """Mean stages of what is exported, weighted by exports; exports of inputs where final sales are not known."""
    rows = cut.world.rows[cut.s]
    weight = _added(cut, cut.world.exports[rows], industries)
    U, D = stages.upstreamness(mrio.lu, mrio.x)[rows], stages.downstreamness(mrio.lu)[rows]
    up, down = (_added(cut, cut.world.exports[rows] * of[:, None], industries) for of in (U, D))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.stack([up / weight, down / weight, up / down], axis=-1)
    active = np.broadcast_to((weight > 0)[..., None], found.shape)
    cells = _cells(cut, industries, list(STAGES), "position")
    return cells.with_columns(pl.Series("value", found.ravel())).filter(pl.Series(active.ravel()))


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a term into the sales that make it up (`zizhu.depend.content_parts`), stages into industries or tiers.

    Raises CannotAnswer for a share of what does not export.
    """
    row, params, mrio = result.row(key), inputs.params, inputs.mrio
    if row[column] is None:
        remedy = "Open the value instead: the industry adds value to what others export."
        raise CannotAnswer(Problem("it has no share", key, "an industry that exports", remedy))
    cut = next(c for c in inputs.cuts() if c.exporter.code == row["exporter"])
    name = row["term"].partition(".")[2]
    cell = content_parts.Cell.of(mrio, cut, row["partner"], row["sector"])
    if params.method == "position":
        parts, left_out, how = content_parts.stage_parts(cell, name, top)
    else:
        scale = row[column] / row["value"] if row["value"] else 0.0
        pieces = given(cut, params)[0].get(name)
        held = _one(cut, name, pieces)
        parts, left_out, how = content_parts.term_parts(cell, name, held, pieces, top, scale)
    return result.opened(row, column, content_notes.sentence(row, column, how), parts, left_out, (mrio.ref,))
