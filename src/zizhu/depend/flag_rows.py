"""The rows of dependency flags: figures, draws and chances of one importer by product and preset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
import polars.selectors as cs

from zizhu.depend.concentration import rule
from zizhu.depend.concentration.drawing import Bank, Drawn, DrawnFlows
from zizhu.depend.concentration.flows import Flows, Index
from zizhu.depend.concentration.forecast import Ahead, can_learn, next_year
from zizhu.depend.concentration.measures import Traded, Values, drawn, observed
from zizhu.depend.concentration.presets import Preset
from zizhu.depend.flag_flows import Reader, Rows
from zizhu.vocab import groups

LABELS = {"unlikely": 0.0, "ambiguous": 0.05, "likely": 0.5, "certain": 0.95}
"""From which probability on a flag is called what."""
AS_LARGE = 1.0
"""Noise of imports, relative to them, from which on no flag is called certain: they may be next to nothing.

Draws multiply the flows that are there, so that a sole supplier of a few dollars is one in all of them."""
INTERVAL = (0.05, 0.95)
"""Quantiles of ranks."""
AT_ONCE = 1000
"""Products whose draws are held in memory together."""
TOGETHER = 16
"""Importers whose flows are read together."""
SHOWN = ("imports_usd", "hhi_imports", "hhi_world", "lead_share", "extra_share", "import_export_ratio")
"""Measures that every row tells."""


@dataclass(frozen=True)
class Drawing:
    """The presets asked for, and how often and with which seed flows and cuts are drawn."""

    reader: Reader
    presets: tuple[Preset, ...]
    draws: int
    seed: int

    def generator(self, purpose: str) -> np.random.Generator:
        """Random numbers for one purpose, the same whatever else is asked."""
        return np.random.default_rng([self.seed, *purpose.encode()])

    @cached_property
    def bank(self) -> Bank:
        """The multipliers of all draws."""
        return Bank.of(self.draws, self.generator("bank"))

    @cached_property
    def held(self) -> int:
        """Years of the longest window."""
        return max(p.years for p in self.presets)

    def cells(self, products: Index) -> Index:
        """The cells of these products in the last `held` years."""
        years = len(self.reader.window.years)
        return np.asarray((products[:, None] * years + np.arange(years - self.held, years)).ravel())

    @cached_property
    def _single(self) -> list[tuple[Flows, Drawn]]:
        return []

    def worlds(self, importer: str, touching: Rows) -> tuple[Flows, Drawn]:
        """The world's exports by exporter as the importer sees them, and their HHI in draws (P * held, D).

        A group is one exporter; all single countries see the same, which is read and drawn once.
        """
        single = all(len(groups.expand(importer, year)) == 1 for year in self.reader.window.years)
        if single and self._single:
            return self._single[0]
        flows = self.reader.world(importer, touching)
        found = flows, self._hhi(flows)
        if single:
            self._single.append(found)
        return found

    def _hhi(self, flows: Flows) -> Drawn:
        last = flows.of_cells(self.cells(np.arange(len(self.reader.window.products))))
        return DrawnFlows.of(last, self.bank, self.generator("world")).hhi

    def margins(self, importer: str, traded: Traded, world: Drawn) -> dict[str, Values]:
        """Margins (P, D) of every preset in each draw, the products some at a time."""
        rng, count = self.generator(f"flows {importer}"), len(self.reader.window.products)
        cuts = {p.id: rule.chosen(p.cuts, self.draws, self.generator(f"cuts {p.id}")) for p in self.presets}
        found: dict[str, list[Values]] = {p.id: [] for p in self.presets}
        for start in range(0, count, AT_ONCE):
            products = np.arange(start, min(start + AT_ONCE, count))
            part = world[start * self.held : (start + len(products)) * self.held]
            draws = drawn(traded, self.cells(products), part, self.bank, rng)
            for p in self.presets:
                shaped = {c.measure: draws[c.measure].reshape(len(products), self.held, -1) for c in p.cuts}
                each = rule.smallest({n: v[:, -p.years :] for n, v in shaped.items()}, cuts[p.id])
                found[p.id].append(rule.windowed(each, p.years, p.at_least)[:, 0])
        return {name: np.concatenate(parts) for name, parts in found.items()}


@dataclass(frozen=True)
class Figures:
    """An importer's flows, and its measures by product and year (P, T)."""

    reader: Reader
    importer: str
    traded: Traded

    @cached_property
    def measures(self) -> Mapping[str, Values]:
        """Every measure (P, T)."""
        return {name: self._shaped(values) for name, values in observed(self.traded).items()}

    @cached_property
    def present(self) -> Values:
        """Whether a product was asked for and is imported in the last year (P,)."""
        asked = np.arange(len(self.reader.window.products)) < self.reader.window.asked
        return np.asarray(asked & np.isfinite(self.measures["imports_usd"][:, -1]))

    def held(self, preset: Preset) -> Values:
        """Whether the conditions of a preset hold in each year (P, T)."""
        return rule.holds(self.measures, preset.cuts)

    def rows(self, preset: Preset, margins: Values, ahead: Ahead | None) -> pl.DataFrame:
        """The rows of one preset, from its margins in draws (P, D) and the year ahead."""
        here, held = self.present, self.held(preset)
        windows = np.lib.stride_tricks.sliding_window_view(held, preset.years, axis=1).sum(axis=2)
        flagged = windows >= preset.at_least
        now = rule.windowed(rule.margin(self.measures, preset.cuts), preset.years, preset.at_least)[here, -1]
        probability = (margins[here] > 1).mean(axis=1)
        noise = self._shaped(self.traded.imports.noise)[here, -1]
        low, high = rule.rank_interval(margins[here], *INTERVAL)
        frame = pl.DataFrame(
            {
                "importer": self.importer,
                "preset": preset.id,
                "year": self.reader.window.years[-1],
                "hs6": np.array(self.reader.window.products)[here],
                "flagged": flagged[here, -1],
                "label": labels(probability, noise),
                "was_flagged": flagged[here, -2],
                "lead": self._lead[here],
                "probability": probability,
                "next_year": self._next(ahead, preset)[here],
                "years_flagged": held[here, -preset.years :].sum(axis=1),
                "margin": now.astype(float),
                "rank": rule.ranks(now),
                "rank_low": low,
                "rank_high": high,
                **{name: self.measures[name][here, -1] for name in SHOWN},
                "exports_usd": self._shaped(self.traded.exports.total)[here, -1],
                "imports_noise": noise,
            }
        )
        return frame.with_columns(cs.float().fill_nan(None))

    def ahead(self, drawing: Drawing) -> Ahead | None:
        """The year after in draws; None where nothing can be learnt."""
        if not can_learn(self.measures["imports_usd"]):
            return None
        names = sorted({c.measure for p in drawing.presets for c in p.cuts})
        return Ahead.of(self.measures, names, drawing.draws, drawing.generator(f"ahead {self.importer}"))

    def _next(self, ahead: Ahead | None, preset: Preset) -> Values:
        if ahead is None:
            return np.full(len(self.present), np.nan)
        return next_year(ahead, self.measures, preset.cuts, preset.years, preset.at_least)

    @cached_property
    def _lead(self) -> Values:
        codes = np.array(self.reader.partners)
        return np.asarray(codes[self._shaped(self.traded.imports.lead[0])[:, -1]])

    def _shaped(self, cells: Values) -> Values:
        return cells.reshape(len(self.reader.window.products), len(self.reader.window.years))


def labels(probability: Values, noise: Values) -> Values:
    """What flags of these probabilities (P,) are called; `noise` (P,) is that of the imports, relative to them."""
    place = np.searchsorted(list(LABELS.values()), probability, side="right") - 1
    names = list(LABELS)
    most = np.where(noise < AS_LARGE, names.index("certain"), names.index("likely"))
    return np.array(names)[np.minimum(place, most)]


def rows_of(drawing: Drawing, importers: Sequence[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    """Each importer with its rows for all presets; an empty frame for one without imports in the last year."""
    for start in range(0, len(importers), TOGETHER):
        some = importers[start : start + TOGETHER]
        touching = drawing.reader.touching(some)
        for importer in some:
            flows, hhi = drawing.worlds(importer, touching)
            yield importer, _rows_of(drawing, importer, drawing.reader.traded(importer, flows, touching), hhi)


def _rows_of(drawing: Drawing, importer: str, traded: Traded, hhi: Drawn) -> pl.DataFrame:
    figures = Figures(drawing.reader, importer, traded)
    if not figures.present.any():
        return pl.DataFrame()
    margins = drawing.margins(importer, traded, hhi)
    ahead = figures.ahead(drawing)
    frame = pl.concat([figures.rows(p, margins[p.id], ahead) for p in drawing.presets])
    return frame.with_columns(pl.col("flagged").cast(pl.Int64).sum().over("hs6").alias("presets_flagged"))
