"""Exposure of a buyer to source countries: value-added content against face value, per unit of output.

For a buyer j and a source country r (Leontief notation, `zizhu.tables.content`):
  value_added_content  sum over i in r of v_i L_ij   value added of r in one unit of j's output, all tiers, counted once
  face_value           sum over i in r of A_ij       j's own purchases from r per unit of output
  gross_look_through   sum over i in r of (L - I)_ij gross output of r behind one unit; counts trade repeatedly
Buyers that are sets of nodes are weighted by output; sources that are groups are summed, both after inversion.
A group that holds the buyer's own country is a source without it.

On request also, by the same weights:
  tier_1, tier_2, beyond       value-added content that comes with direct purchases, with those of suppliers, and later
  face_of_inputs, look_of_inputs  face value and gross look-through over their sums over all sources of the table: the
                               buyer's own denominators, on which look-through can fall below face value
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import polars as pl
import polars.selectors as cs
from pydantic import AfterValidator, Field

from zizhu.depend.chains import tiers
from zizhu.depend.draw import contained, mapped
from zizhu.depend.first_tier import bought, content_parts, gross_parts, purchase_parts, tier_parts
from zizhu.ledger.models import Coverage, Record
from zizhu.ledger.result import Explanation, Part, Result, first, require_coverage
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.tables import content
from zizhu.tables.coverage import import_coverage, sales_coverage
from zizhu.tables.leontief import Matrix, Vector
from zizhu.tables.load import load_mrio, load_trade
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import Selection, absent, select, whole_countries_of
from zizhu.tables.trade import Trade
from zizhu.vocab import groups, names
from zizhu.vocab.problems import CannotAnswer, Problem

METHOD = "depend.exposure"
BASIS = "per unit of output of the buyer"
SHARE = "share of output"
TAXES_APART = (
    "Value added is as the table states it: what shares lack to 100 % are taxes less subsidies on products and other "
    "inputs that it keeps apart, in the industry and along its chain."
)
OWN = (
    "The buyer's own economy has no hidden part and no multiple: its content includes the buyer's own value added, "
    "which nobody sells it."
)


class Params(Record):
    """What is asked, countries by code or name, each once. `sources` empty = every country of the table.

    `each_industry` asks for every industry of a buyer with output, instead of their mean.
    """

    table: str = "icio-2022"
    trade: str = "baci-raw-materials"
    buyers: tuple[Annotated[str, AfterValidator(groups.coded_part)], ...] = Field(min_length=1)
    sources: tuple[Annotated[str, AfterValidator(groups.coded)], ...] = ()
    gross: bool = False
    tiers: bool = False
    own_denominators: bool = False
    each_industry: bool = False
    insist: bool = False


@dataclass(frozen=True)
class Inputs:
    """The tables and the question."""

    params: Params
    mrio: MRIO
    trade: Trade


def load(workspace: Workspace, params: Params) -> Inputs:
    """Read the tables that the question names."""
    return Inputs(params, load_mrio(workspace, params.table), load_trade(workspace, params.trade))


def solve(inputs: Inputs) -> Result:
    """One row a buyer and source: value-added content, face value, their difference and ratio.

    For the buyer's own economy the difference is null: its content includes the buyer's own value added, which nobody
    sells it. Raises ZizhuError for unknown codes and CannotAnswer below half coverage.
    """
    params, mrio = inputs.params, inputs.mrio
    buyers = _buyers(mrio, params)
    coverage = _coverage(inputs, buyers)
    require_coverage(coverage, params.insist, METHOD)
    measures = _measures(mrio, params.gross or params.own_denominators)
    frame = _compared(pl.concat([_rows(mrio, b, params, measures) for b in buyers]))
    run = make_run(METHOD, params, (mrio.ref, inputs.trade.ref), frame, ("buyer", "source"))
    units = {c: _UNITS.get(c, SHARE) for c in frame.columns if c not in ("buyer", "source")}
    notes, basis = _notes(mrio, buyers, params), in_table(BASIS, mrio)
    year = max(mrio.flags.years)
    maps = contained.by_partner(frame) if params.each_industry else mapped.exposure(frame, year)
    key, draw = ("buyer", "source"), contained.exposure
    return Result(frame, key, units, basis, run, coverage, notes, draw, others=maps)


def in_table(basis: str, mrio: MRIO) -> str:
    """A basis with the year and the title of the table that states the numbers."""
    year = str(max(mrio.flags.years))
    return ", ".join((basis, *([] if year in mrio.title else [year]), mrio.title))


def _buyers(mrio: MRIO, params: Params) -> list[Selection]:
    """The buyers asked for, each once."""
    asked = [select(mrio, b) for b in params.buyers]
    if params.each_industry:
        codes = [
            (b.code.partition(":")[0], mrio.nodes.sector[i]) for b in asked for i in b.index if mrio.x[i] > 0
        ]
        asked = [select(mrio, f"{who}:{sector}") for who, sector in dict.fromkeys(codes)]
    return list({b.code: b for b in asked}.values())


def _coverage(inputs: Inputs, buyers: Sequence[Selection]) -> tuple[Coverage, ...]:
    """Imports of every buyer country; of named sources also the sales that the table follows, which decide for one."""
    mrio, sources = inputs.mrio, dict.fromkeys(inputs.params.sources)
    countries = dict.fromkeys(b.code.partition(":")[0] for b in buyers)
    seen = [import_coverage(mrio, inputs.trade, c) for c in countries]
    return (*seen, *least([_sales(mrio, s, b) for b in buyers for s in sources]))


def least(seen: Sequence[Coverage]) -> tuple[Coverage, ...]:
    """A coverage that decides whether an answer is given; of several the lowest, which is said and decides nothing."""
    if len(seen) < 2:
        return tuple(seen)
    lowest = min(seen, key=lambda c: 1.0 if c.share is None else c.share)
    said = f"The lowest of {len(seen)}. {lowest.statement}"
    return (lowest.model_copy(update={"gate": False, "statement": said}),)


def _sales(mrio: MRIO, source: str, buyer: Selection) -> Coverage:
    sellers = np.flatnonzero(np.isin(mrio.nodes.country_index, meant(mrio, source, buyer)))
    flows = mrio.Z[np.ix_(sellers, buyer.index)].sum(axis=1, dtype=float)
    whom = names.within(names.node(buyer.code))
    return sales_coverage(mrio, sellers, buyer.index, flows, names.the(source), whom, gate=True)


def meant(mrio: MRIO, source: str, buyer: Selection) -> list[int]:
    """The positions in `nodes.countries` of a source: of a group those abroad, if it has any."""
    members = whole_countries_of(mrio, source)
    home = _home(mrio, buyer)
    return [c for c in members if c not in home] or members


def _home(mrio: MRIO, buyer: Selection) -> set[int]:
    return {int(c) for c in mrio.nodes.country_index[buyer.index]}


def _measures(mrio: MRIO, gross: bool) -> dict[str, Matrix]:
    of, count = mrio.nodes.country_index, len(mrio.nodes.countries)
    measures = {
        "value_added_content": mrio.contained,
        "face_value": content.face_value(mrio.Z, mrio.x, of, count),
    }
    if gross:
        measures["gross_look_through"] = content.gross_look_through(mrio.lu, of, count)
    return measures


def _rows(mrio: MRIO, buyer: Selection, params: Params, measures: dict[str, Matrix]) -> pl.DataFrame:
    wanted = list(dict.fromkeys(params.sources)) or list(mrio.nodes.countries)
    members, home = [meant(mrio, s, buyer) for s in wanted], _home(mrio, buyer)
    by_country = {name: buyer.mean(per_unit, mrio.x) for name, per_unit in measures.items()}
    if params.own_denominators:
        by_country |= _of_inputs(by_country)
    if params.tiers:
        by_country |= _by_tier(mrio, buyer, by_country["value_added_content"])
    if not params.gross:
        by_country.pop("gross_look_through", None)
    columns = {name: [float(values[m].sum()) for m in members] for name, values in by_country.items()}
    foreign = [not home & set(m) for m in members]
    return pl.DataFrame({"buyer": buyer.code, "source": wanted, **columns, "foreign": foreign})


def _compared(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with content less face value and their ratio, for sources abroad."""
    foreign, share, face = (pl.col(c) for c in ("foreign", "value_added_content", "face_value"))
    return rows.with_columns(
        pl.when(foreign).then(share - face).alias("hidden"),
        pl.when(foreign & (face > 0)).then(share / face).alias("multiple"),
        cs.ends_with("_of_inputs").fill_nan(None),
    ).drop("foreign")


def _of_inputs(by_country: Mapping[str, Vector]) -> dict[str, Vector]:
    """Face value and gross look-through (C,) over their own sums; NaN without inputs."""
    named = {"face_of_inputs": by_country["face_value"], "look_of_inputs": by_country["gross_look_through"]}
    return {name: values / (values.sum() or np.nan) for name, values in named.items()}


def _by_tier(mrio: MRIO, buyer: Selection, content: Vector) -> dict[str, Vector]:
    """The content (C,) by tier; the buyer's own value added, of no tier, is left out of what is beyond."""
    purchases = bought(mrio, buyer)
    of, count = mrio.nodes.country_index, len(mrio.nodes.countries)
    nodes = {
        "tier_1": tiers.first(purchases, mrio.v),
        "tier_2": tiers.second(mrio.Z, mrio.x, purchases, mrio.v),
    }
    found = {name: np.bincount(of, values, count).astype(float) for name, values in nodes.items()}
    own = np.bincount(of[buyer.index], mrio.v[buyer.index] * buyer.weights(mrio.x), count)
    return found | {"beyond": content - own - found["tier_1"] - found["tier_2"]}


def _notes(mrio: MRIO, buyers: Sequence[Selection], params: Params) -> tuple[str, ...]:
    notes = [b.note for b in buyers if b.note]
    notes += [*absent(mrio, (*params.buyers, *params.sources)), *_abroad(mrio, buyers, params)]
    if not mrio.sees_all_inputs:
        notes.append(
            f"The table has no rest of the world: inputs from outside {mrio.inside} count as the buyer's own value, "
            "so domestic content is an upper bound and foreign content a lower one."
        )
    if mrio.primary is not None:
        notes.append(TAXES_APART)
    notes.append("Capital goods and final purchases are not intermediate inputs and are not in these shares.")
    if params.own_denominators:
        notes.append(
            "Shares of inputs have denominators of their own, purchases and the gross output behind them: look-through "
            "can be below face value, and the two are not to be subtracted."
        )
    if params.gross:
        notes.append("Gross look-through counts trade repeatedly: it is not a share of value.")
    return tuple(notes)


def _abroad(mrio: MRIO, buyers: Sequence[Selection], params: Params) -> Iterator[str]:
    """What is meant by groups that hold the buyer's own country, and why its own economy has no hidden part."""
    own = False
    for source in dict.fromkeys(params.sources or mrio.nodes.countries):
        members, left = set(whole_countries_of(mrio, source)), set()
        for buyer in buyers:
            of = meant(mrio, source, buyer)
            left |= members.difference(of)
            own |= bool(_home(mrio, buyer) & set(of))
        if left:
            without = ", ".join(mrio.nodes.countries[c] for c in sorted(left))
            yield f"{source} holds the buyer's own economy: as a source it is meant without it ({without})."
    if own:
        yield OWN


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open one exposure into the buyer's own purchases (`zizhu.depend.first_tier`), the hidden part into its two.

    Raises CannotAnswer for a number that is null.
    """
    row, mrio = result.row(key), inputs.mrio
    if row[column] is None:
        raise CannotAnswer(
            Problem(
                f"{column} has no value",
                key,
                "a source abroad from which the buyer purchases",
                OWN,
            )
        )
    buyer = select(mrio, row["buyer"])
    of = meant(mrio, row["source"], buyer)
    if column == "hidden":
        parts, left_out = _difference(result, row), 0
    elif column in ("beyond", "face_of_inputs", "look_of_inputs"):
        parts, left_out = first(_beside(result, row, column), top)
    elif column in ("tier_1", "tier_2"):
        parts, left_out = tier_parts(mrio, buyer, of, column == "tier_1", top)
    elif column == "multiple":
        parts, left_out = content_parts(mrio, buyer, of, top, 1 / row["face_value"])
    else:
        parts, left_out = _SPLITS[column](mrio, buyer, of, top)
    sentence = (
        f"{names.told(row['source'])} in {names.told(row['buyer'])}: "
        f"{column.replace('_', ' ')}, {_told(row, column)}."
    )
    return result.opened(row, column, sentence, parts, left_out, (mrio.ref,))


_SPLITS = {
    "value_added_content": content_parts,
    "face_value": purchase_parts,
    "gross_look_through": gross_parts,
}


def _difference(result: Result, row: Mapping[str, Any]) -> tuple[Part, ...]:
    signs = {"value_added_content": 1.0, "face_value": -1.0}
    return tuple(
        Part(
            result.ref(row, c),
            f"{'less ' if sign < 0 else ''}{c.replace('_', ' ')}",
            sign * row[c],
            sign * row[c] / row["hidden"] if row["hidden"] else 0.0,
        )
        for c, sign in signs.items()
    )


def _beside(result: Result, row: Mapping[str, Any], column: str) -> tuple[Part, ...]:
    """The numbers of the row that stand behind one of its shares, as evidence."""
    named = {
        "beyond": ("value_added_content", "tier_1", "tier_2"),
        "face_of_inputs": ("face_value",),
        "look_of_inputs": ("gross_look_through",),
    }
    held = [c for c in named[column] if c in row]
    return tuple(
        Part(result.ref(row, c), c.replace("_", " "), row[c], None, unit=_UNITS.get(c, "")) for c in held
    )


_UNITS = {
    "multiple": "ratio",
    "face_of_inputs": "share of purchases",
    "look_of_inputs": "share of gross output behind it",
}


def _told(row: Mapping[str, Any], column: str) -> str:
    content, face = (f"{100 * row[c]:.4g} %" for c in ("value_added_content", "face_value"))
    return {
        "hidden": f"value-added content less face value, {BASIS}",
        "multiple": f"value-added content {content} over face value {face}, first-tier split",
        "gross_look_through": f"{BASIS}, counts trade repeatedly, first-tier split",
        "tier_1": f"value added that comes with direct purchases, {BASIS}",
        "tier_2": f"value added that comes with the purchases of direct suppliers, {BASIS}",
        "beyond": f"content less tiers 1 and 2 and the buyer's own value added, {BASIS}",
        "face_of_inputs": "share of the buyer's purchases inside the table",
        "look_of_inputs": "share of the gross output behind the buyer, which counts trade repeatedly",
    }.get(column, f"{BASIS}, first-tier split")


def ranked(result: Result) -> pl.DataFrame:
    """The rows by content, largest first; where industries are compared, sources abroad come before the own economy."""
    order = result.frame.sort("value_added_content", "source", descending=[True, False])
    if not result.run.params["each_industry"]:
        return order
    return order.sort(pl.col("hidden").is_null(), maintain_order=True)
