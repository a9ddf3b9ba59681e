"""What a number of a dependency flag is made of: flows behind a measure, measures and cuts behind a probability."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from zizhu.depend.concentration.flows import Flows
from zizhu.depend.concentration.measures import MEASURES
from zizhu.depend.concentration.presets import Preset
from zizhu.depend.flag_rows import Figures
from zizhu.ledger.models import Ref
from zizhu.ledger.result import Part, Result
from zizhu.vocab import groups, names

Row = Mapping[str, Any]
WORDS = {
    "hhi_imports": "concentration of imports",
    "hhi_world": "concentration of the world's exports",
    "import_export_ratio": "imports over exports",
    "import_all_export_ratio": "imports over all exports, those to members too",
    "relative_concentration": "the world's effective exporters to each effective supplier",
    "import_share": "imports over imports and exports",
    "lead_share": "the largest supplier's share",
    "extra_share": "share from outside",
    "imports_usd": "imports from outside",
    "exports_usd": "exports to outside",
    "margin": "margin over its cuts",
    "rank": "rank by margin",
}
"""Measures, and columns of the row that stand behind others, in words."""


@dataclass(frozen=True)
class Opener:
    """Opens numbers of one row: the importer's figures, the product's position and the preset of the row."""

    result: Result
    row: Row
    figures: Figures
    preset: Preset

    @property
    def product(self) -> int:
        return self.figures.reader.window.products.index(self.row["hs6"])

    @property
    def _cell(self) -> int:
        """The cell of the product in the last year."""
        years = len(self.figures.reader.window.years)
        return self.product * years + years - 1

    def flows(
        self, side: Flows, named: Callable[[str], tuple[Ref, str]], squared: bool = False
    ) -> list[Part]:
        """The flows of a side in the last year: their values, or with `squared` the squares of their shares.

        `share` is each one's part of what these add up to: of the flows, or of the HHI.
        """
        here = np.flatnonzero(side.cell == self._cell)
        codes = self.figures.reader.partners
        values = side.value[here]
        if squared:
            values = (values / values.sum()) ** 2
        parts = []
        for i, value in zip(here, values.tolist(), strict=True):
            ref, label = named(codes[side.partner[i]])
            said = f"{label}{', share squared' if squared else ''}"
            parts.append(Part(ref, said, value, value / float(values.sum())))
        return parts

    def noises(self) -> list[Part]:
        """The noise of every flow of imports, relative to it, as evidence: the largest flow first."""
        side, codes = self.figures.traded.imports, self.figures.reader.partners
        here = np.flatnonzero(side.cell == self._cell)
        parts = []
        for i in here[np.argsort(-side.value[here], kind="stable")]:
            ref, label = self.supplier(codes[side.partner[i]])
            said = f"noise of the flow {label}, {side.value[i]:,.0f} USD"
            parts.append(Part(ref, said, float(side.sd[i]), None, unit="share of the flow"))
        return parts

    def supplier(self, code: str) -> tuple[Ref, str]:
        """A supplier's flow to the importer."""
        return self._flow(code, self.row["importer"]), f"from {names.told(code)}"

    def customer(self, code: str) -> tuple[Ref, str]:
        """The importer's own flow to a customer."""
        return self._flow(self.row["importer"], code), f"to {names.told(code)}"

    def exporter(self, code: str) -> tuple[Ref, str]:
        """An exporter's flows to the world."""
        return self._flow(code, groups.WORLD), f"exports of {names.told(code)}"

    def _flow(self, exporter: str, importer: str) -> Ref:
        return self._flow_of(self.figures.reader.window.years[-1], exporter, importer)

    def _flow_of(self, year: int, exporter: str, importer: str) -> Ref:
        return self.figures.reader.trade.flow_ref(year, exporter, importer, self.row["hs6"])

    def conditions(self) -> list[Part]:
        """Every condition in every year of the window beside its cut: evidence, no parts of a sum.

        What the row tells of its own year is opened there, other measures and years in the flows of that year.
        """
        years = self.figures.reader.window.years[-self.preset.years :]
        parts = []
        for condition in self.preset.conditions:
            cut = condition.cut
            values = self.figures.measures[cut.measure][self.product, -self.preset.years :]
            way = "at least" if cut.inclusive else "above"
            told = f"cut {way} {cut.at:g}, others {cut.low:g} to {cut.high:g}"
            parts += [
                Part(
                    self._behind(cut.measure, year),
                    f"{WORDS[cut.measure]} in {year}, {told}",
                    float(value),
                    None,
                    unit=MEASURES[cut.measure],
                )
                for year, value in zip(years, values, strict=True)
                if np.isfinite(value)
            ]
        return parts

    def _behind(self, measure: str, year: int) -> Ref:
        """What opens a measure of a year: the number itself, or flows of the year that it is made of."""
        if measure in self.result.units and year == self.row["year"]:
            return self.result.ref(self.row, measure)
        buyer = groups.WORLD if measure == "hhi_world" else self.row["importer"]
        return self._flow_of(year, groups.WORLD, buyer)

    def others(self, columns: tuple[str, ...]) -> list[Part]:
        """Other numbers of the row as evidence."""
        return [
            Part(
                self.result.ref(self.row, c),
                WORDS[c],
                float(self.row[c]),
                None,
                unit=self.result.units[c],
            )
            for c in columns
            if self.row[c] is not None
        ]

    def presets(self) -> list[Part]:
        """The presets that flag the product."""
        same = self.result.frame.filter(importer=self.row["importer"], hs6=self.row["hs6"]).filter("flagged")
        return [
            Part(self.result.ref(r, "probability"), f"flagged by {r['preset']}", 1.0, 1 / same.height)
            for r in same.iter_rows(named=True)
        ]
