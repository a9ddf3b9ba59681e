"""Dependency flags of an importer by several definitions, each with a probability.

One row an importer, preset and product that it imports in the year:
  flagged      the preset's rule on the figures as they are
  probability  share of draws in which it holds: every flow drawn with its noise (`concentration.noise`) or between
               its two reports, concentrations freed of the bias of noise, cuts drawn from the preset's bands
  label        certain from 0.95, likely from 0.5, ambiguous from 0.05, else unlikely; never certain where the noise of
               imports is as large as they are
  next_year    chance that it is flagged a year on (`concentration.forecast`)
  margin       how far beyond its cuts the product is, above one where flagged (`concentration.rule`)
  rank_low, rank_high  5 % and 95 % of its rank by margin over draws, 1 the most dependent
  was_flagged  the same rule a year before; presets_flagged how many of the presets asked for flag it
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

import polars as pl
from pydantic import AfterValidator, Field

from zizhu.depend.concentration.forecast import LEAST
from zizhu.depend.concentration.measures import MEASURES, NO_EXPORTS
from zizhu.depend.concentration.presets import Preset, chosen
from zizhu.depend.draw import flagged
from zizhu.depend.flag_flows import LEARNT_FROM, Reader, Window
from zizhu.depend.flag_opened import Opener
from zizhu.depend.flag_rows import LABELS, SHOWN, Drawing, Figures, rows_of
from zizhu.depend.suppliers import revision_notes
from zizhu.ledger.models import Record
from zizhu.ledger.result import Explanation, Part, Result, first, largest
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.tables.load import load_trade
from zizhu.tables.trade import Trade
from zizhu.vocab import groups, names
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, unknown

METHOD = "depend.flags"
KEY = ("importer", "preset", "hs6")
FEW_PRODUCTS = 1000
UNITS = {
    "probability": "share of draws",
    "next_year": "share of draws",
    "years_flagged": "years",
    "margin": "ratio to cut",
    "rank": "rank",
    "rank_low": "rank",
    "rank_high": "rank",
    **{name: MEASURES[name] for name in SHOWN},
    "exports_usd": "USD",
    "imports_noise": "share of imports",
    "presets_flagged": "presets",
}


class Params(Record):
    """What is asked. Without `products` all of the table are; `year` empty = its last one.

    `history`: years from which next year's chance is learnt; if empty, FEW_PRODUCTS or less have six of them and
    larger tables four, where each year teaches more.
    """

    trade: str = "baci-raw-materials"
    importers: tuple[Annotated[str, AfterValidator(groups.coded)], ...] = Field(min_length=1)
    presets: tuple[Preset, ...] = Field(default_factory=lambda: chosen(()), min_length=1)
    products: tuple[str, ...] = ()
    year: int | None = None
    history: int | None = Field(default=None, ge=LEAST, le=40)
    draws: int = Field(default=500, ge=20, le=10_000)
    seed: int = Field(default=0, ge=0)


@dataclass(frozen=True)
class Inputs:
    """The trade table and the question."""

    params: Params
    trade: Trade

    @cached_property
    def reader(self) -> Reader:
        """What reads the flows of the question, and keeps what it learns from them."""
        return Reader(self.trade, window(self))

    @cached_property
    def _opened(self) -> dict[str, Figures]:
        return {}

    def figures(self, importer: str) -> Figures:
        """The figures of one importer, read once for all numbers of its rows that are opened."""
        if importer not in self._opened:
            touching = self.reader.touching([importer])
            flows = self.reader.traded(importer, self.reader.world(importer, touching), touching)
            self._opened[importer] = Figures(self.reader, importer, flows)
        return self._opened[importer]


def load(workspace: Workspace, params: Params) -> Inputs:
    """Read the table that the question names."""
    return Inputs(params, load_trade(workspace, params.trade))


def solve(inputs: Inputs) -> Result:
    """One row an importer, preset and product imported in the year.

    Raises ZizhuError for unknown codes, products or years and CannotAnswer for an importer without imports and for a
    table with too few years before.
    """
    params = inputs.params
    reader = inputs.reader
    drawing = Drawing(reader, params.presets, params.draws, params.seed)
    asked = list(dict.fromkeys(params.importers))
    frame = pl.concat([_present(reader, *rows) for rows in rows_of(drawing, asked)])
    run = make_run(METHOD, params, (inputs.trade.ref,), frame, KEY, params.seed)
    basis = f"imports from outside in {reader.window.years[-1]}, {inputs.trade.title}"
    return Result(frame, KEY, UNITS, basis, run, notes=_notes(inputs, reader, frame), draw=flagged.flags)


def window(inputs: Inputs) -> Window:
    """The products and years that are read: besides those asked some that noise and change are learnt from.

    Raises ZizhuError or CannotAnswer where the table lacks them.
    """
    params, trade = inputs.params, inputs.trade
    first, last = trade.years()
    year = last if params.year is None else params.year
    problems = [
        unknown("product", p, trade.products, "products") for p in params.products if p not in trade.products
    ]
    if not first <= year <= last:
        problems.append(Problem(f"year {year}", "year", f"within {first}-{last}", "Change the year."))
    if problems:
        raise ZizhuError(problems)
    needed = max(LEAST, *(p.years + 1 for p in params.presets))
    asked = tuple(dict.fromkeys(params.products)) or trade.products
    known = set(asked)
    step = -(-len(trade.products) // LEARNT_FROM)
    products = (*asked, *(p for p in trade.products[::step] if p not in known))
    history = params.history or (6 if len(products) <= FEW_PRODUCTS else 4)
    start = max(first, year - max(history, needed) + 1)
    if year - start + 1 < needed:
        raise CannotAnswer(
            Problem(
                f"{year - start + 1} year{'s' * (year > start)} up to {year}",
                trade.title,
                f"{needed} years, for the presets' windows and the year before",
                "Choose a later year.",
            )
        )
    return Window(products, tuple(range(start, year + 1)), len(asked))


def _present(reader: Reader, importer: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of an importer in the order of the answer; raises CannotAnswer for one without imports."""
    if rows.is_empty():
        raise CannotAnswer(
            Problem(
                f"no imports in {reader.window.years[-1]}",
                importer,
                "an importer with imports from outside",
                "Choose another importer or year.",
            )
        )
    return rows.select(*KEY, "year", "flagged", "label", "was_flagged", "lead", *UNITS)


def _notes(inputs: Inputs, reader: Reader, result: pl.DataFrame) -> tuple[str, ...]:
    presets = inputs.params.presets
    noise = (
        "drawn between its two reports" if reader.has_reports else "drawn with the noise of flows of its size"
    )
    notes = [
        f"Each flow is {noise}, {inputs.params.draws} times; cuts are drawn from the presets' bands.",
        f"The table holds {len(inputs.trade.products):,} products; others are not looked at.",
        f"A ratio of {NO_EXPORTS:g} stands for no exports.",
    ]
    if not reader.has_reports:
        notes.insert(1, _learnt(reader))
    if result["next_year"].null_count():
        notes.append(
            "No chance of next year where the importer's trade has no three years in a row to learn from."
        )
    notes += _uncertain(result)
    notes += [f"{p.id} is approximate. {p.missing}" for p in presets if p.status == "approximate"]
    return (*notes, *revision_notes(inputs.trade))


def _learnt(reader: Reader) -> str:
    noise = reader.noise
    span = f"{100 * noise.sd[-1]:.0f} % for flows from {10 ** noise.decade[-1]:,.0f} USD"
    most = f"{100 * noise.sd[0]:.0f} % for those of {10 ** noise.decade[0]:,.0f} USD"
    return (
        "The table keeps one figure a flow: its noise is what passes from year to year and is not common to the "
        f"product, in all years of the table {span} to {most}, an upper bound of the error of measurement."
    )


NAMED = 3
"""Products that a note names."""


def _uncertain(result: pl.DataFrame) -> list[str]:
    """What would be certain if its imports stood out of their noise."""
    some = result.filter(pl.col("probability") >= LABELS["certain"], pl.col("label") != "certain")
    some = some.unique(("importer", "hs6"), maintain_order=True).sort("imports_usd", "hs6")
    if some.is_empty():
        return []
    told = [
        f"{names.within(names.product(r['hs6']))} of {names.told(r['importer'])} rests on {r['imports_usd']:,.0f} USD, "
        f"{r['lead_share']:.0%} from {names.told(r['lead'])}"
        for r in some.head(NAMED).iter_rows(named=True)
    ]
    more = f"; {some.height - NAMED:,} more" if some.height > NAMED else ""
    return [
        f"Not called certain, for the imports are no larger than their noise: {'; '.join(told)}{more}. "
        "Suppliers that the table does not show are in no draw."
    ]


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """Open a measure into flows and a probability or margin into its conditions, as evidence.

    Raises CannotAnswer for a number that is null.
    """
    row = result.row(key)
    if row[column] is None:
        raise CannotAnswer(
            Problem(f"{column} has no value", key, "a number of the answer", "Trace another column.")
        )
    preset = next(p for p in inputs.params.presets if p.id == row["preset"])
    opener = Opener(result, row, inputs.figures(row["importer"]), preset)
    told = f"{names.told(row['importer'])}, {names.within(names.product(row['hs6']))}, {preset.id}: {_TOLD[column]}."
    parts = _parts(opener, column)
    if parts and parts[0].share is None:  # evidence has an order of its own
        return result.opened(row, column, told, *first(parts, top))
    return result.opened(row, column, told, *largest(parts, top))


def _parts(opener: Opener, column: str) -> list[Part]:
    sides = opener.figures.traded
    if column in ("imports_usd", "exports_usd"):
        side, named = (
            (sides.imports, opener.supplier) if column == "imports_usd" else (sides.exports, opener.customer)
        )
        return opener.flows(side, named)
    if column in ("hhi_imports", "hhi_world"):
        side, named = (
            (sides.imports, opener.supplier) if column == "hhi_imports" else (sides.world, opener.exporter)
        )
        return opener.flows(side, named, squared=True)
    if column == "presets_flagged":
        return opener.presets()
    if column == "imports_noise":
        return opener.noises()
    if column in EVIDENCE:
        return opener.others(EVIDENCE[column])
    return opener.conditions()


EVIDENCE = {
    "lead_share": ("imports_usd", "hhi_imports"),
    "extra_share": ("imports_usd",),
    "import_export_ratio": ("imports_usd", "exports_usd"),
    "rank": ("margin",),
    "rank_low": ("margin", "rank"),
    "rank_high": ("margin", "rank"),
}
"""Columns that stand on other columns of the row."""
_TOLD = {
    "probability": "share of draws in which it is flagged; its conditions by year",
    "next_year": "chance that it is flagged a year on; its conditions by year",
    "years_flagged": "years of the window in which all conditions hold",
    "margin": "how far beyond its cuts it is; its conditions by year",
    "rank": "rank by margin among the products imported",
    "rank_low": "5 % quantile of its rank over draws",
    "rank_high": "95 % quantile of its rank over draws",
    "imports_usd": "imports from outside, by supplier",
    "hhi_imports": "concentration of imports from outside, squared shares of suppliers",
    "hhi_world": "concentration of the world's exports, squared shares of exporters",
    "lead_share": "the largest supplier's share of imports from outside",
    "extra_share": "share of imports that comes from outside",
    "import_export_ratio": "imports from outside over exports to outside",
    "exports_usd": "exports to outside, by customer",
    "imports_noise": "standard deviation of imports from outside relative to them; those of the flows",
    "presets_flagged": "definitions that flag it",
}


SUMMED = dict.fromkeys(
    ("flags", "certain", "likely", "ambiguous", "expected", "kept", "gone"), "products"
) | {"next_year": "expected products"}
"""Units of `summary` and `leverage`."""


def summary(result: Result) -> pl.DataFrame:
    """Flags of each importer by preset, with what is sure of them.

    Columns: importer, preset, flags, certain, likely, ambiguous (products by label), expected (sum of probabilities),
    next_year (sum of chances), kept and gone (of those flagged a year before).
    """
    counts = [(pl.col("label") == name).sum().alias(name) for name in ("certain", "likely", "ambiguous")]
    before = pl.col("was_flagged")
    return result.frame.group_by("importer", "preset", maintain_order=True).agg(
        pl.col("flagged").sum().alias("flags"),
        *counts,
        pl.col("probability").sum().alias("expected"),
        pl.col("next_year").sum(),
        (before & pl.col("flagged")).sum().alias("kept"),
        (before & ~pl.col("flagged")).sum().alias("gone"),
    )


def leverage(result: Result) -> pl.DataFrame:
    """Who depends on whom among the importers asked for: the flags of `importer` in which `supplier` leads.

    Columns: preset, importer, supplier, flags (products), imports_usd (of these products, from all suppliers). A group
    leads where one of its members does. The balance of leverage is the difference of the two directions.
    """
    asked = result.frame["importer"].unique(maintain_order=True).to_list()
    led = result.frame.filter("flagged")
    year = int(result.frame["year"][0])
    rows = [
        led.filter(importer=one)
        .filter(pl.col("lead").is_in(list(groups.expand(other, year))))
        .group_by("preset", "importer")
        .agg(pl.lit(other).alias("supplier"), pl.len().alias("flags"), pl.col("imports_usd").sum())
        for one in asked
        for other in asked
        if one != other
    ]
    return pl.concat(rows).sort("preset", "importer", "supplier") if rows else pl.DataFrame()
