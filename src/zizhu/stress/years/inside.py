"""What the numbers of the horizon of years are made of, down to sales between an industry and a country.

Welfare and real earnings: what supplies cost against a year's earnings, supplier by supplier, and what else is spent,
    ln(1 + EV) = ln(I' / (I w)) - ln(PC / w)
each summand as money of the whole; quantities: sale by sale; the terms of trade: by partner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from zizhu.ledger.result import Part
from zizhu.stress import rows
from zizhu.stress.trade.path import EXPORTED, IMPORTED
from zizhu.stress.trade.price_index import dearer, logarithmic_mean
from zizhu.stress.trade.quota import Found
from zizhu.stress.trade.welfare import equivalent_variation, published_split, real_wage
from zizhu.stress.years.deals import Priced
from zizhu.stress.years.model import Years
from zizhu.stress.years.split import Split, inside
from zizhu.tables.leontief import Vector
from zizhu.vocab import names
from zizhu.vocab.sectors import TOTAL

Parts = Iterator[Part]


@dataclass(frozen=True)
class Opener:
    """A model that is solved, with the table that it stands on and the industry that every sector is part of there."""

    model: Years
    split: Split
    table: str
    parents: dict[str, str]

    @property
    def found(self) -> Found[Priced]:
        """The central run."""
        return self.model.central

    def parts(self, measure: str, country: str, sector: str, amount: str) -> tuple[list[Part], str]:
        """What adds up to the `amount` (loss, baseline) of a row, and how it does."""
        n = self.model.countries.index(country)
        if sector != TOTAL:
            j = self.model.sectors.index(sector)
            return list(self._sales(measure, n, j, amount)), _SIDES[measure]
        if amount == "baseline":
            if measure == rows.REAL_WAGE:
                return list(self._earned(n)), "by industry that earns it"
            return list(self._spent(n)), "by what it is spent on"
        if measure in _LOST:
            opener, how = _LOST[measure]
            return list(opener(self, n)), how
        return list(self._term(measure, n)), "by partner, along the shock"

    # --- countries ---

    def _welfare(self, n: int) -> Parts:
        """Supplies against earnings, and what is spent beside earnings."""
        s, base = self.found.solution, self.model.base
        gain = float(equivalent_variation(s)[n])
        money = -base.I[n] * _over_log(gain)
        grown = 1.0 / s.w[n]
        mean = float(logarithmic_mean(base.I[n], s.I[n] * grown))
        taxes = (base.tau * (1.0 + base.e) * base.flow)[n].sum(), (base.e * base.flow)[:, n].sum()
        beside = (
            ("tariffs that it collects", s.tariffs[n], taxes[0]),
            ("taxes on its exports that it collects, and rents of licences", s.export_taxes[n], taxes[1]),
            ("what it spends beyond its income, or less than it", s.D[n], base.D[n]),
        )
        who = self.model.countries[n]
        for label, after, before in beside:
            yield self._part(who, label, money * (after * grown - before) / mean)
        yield from self._supplies(n, -money)

    def _real_wage(self, n: int) -> Parts:
        s, base = self.found.solution, self.model.base
        yield from self._supplies(n, base.VA[n] * _over_log(float(real_wage(s)[n])))

    def _supplies(self, n: int, money: float) -> Parts:
        """What supplies cost against earnings, in money, by industry and country that sells them."""
        each, gone = dearer(self.found.solution, n) * money, np.isinf(self.found.at.shock.iceberg[n])
        for i, j in np.argwhere(each).tolist():
            seller, buyer = self.model.world.label(i, j), self.model.countries[n]
            how = (
                "no longer sold" if gone[i, j] else "dearer against earnings" if each[i, j] > 0 else "cheaper"
            )
            yield self._part(self._sale(i, j, buyer), f"{names.told(seller)}: {how}", float(each[i, j]))

    def _first_order(self, n: int) -> Parts:
        terms = -published_split(self.found.solution).terms_of_trade[n] * self.model.base.I[n]
        yield from self._partners(n, terms, "trade with", sold=True)

    def _term(self, measure: str, n: int) -> Parts:
        """A term of the split by partner; the terms of trade on both sides."""
        said = {EXPORTED: "prices of what is sold to", IMPORTED: "prices of what is bought from"}
        for name in inside(measure.replace(" ", "_")):
            if name in self.split:
                sold = name in (EXPORTED, "export_volume")
                yield from self._partners(n, self.split[name][n], said.get(name, f"{measure},"), sold=sold)

    def _partners(self, n: int, values: Vector, said: str, sold: bool) -> Parts:
        me = self.model.countries[n]
        for p in np.flatnonzero(values).tolist():
            who = self.model.countries[p]
            ref = f"{me},{who}" if sold else f"{who},{me}"
            yield self._part(ref, f"{said} {names.the(who)}", float(values[p]))

    def _earned(self, n: int) -> Parts:
        base = self.model.base
        for j, value in enumerate(base.beta[n] * base.Y[n]):
            label = self.model.world.label(n, j)
            yield self._part(self._node(n, j), names.told(label), float(value))

    def _spent(self, n: int) -> Parts:
        base, who = self.model.base, self.model.countries[n]
        spent = base.pi[n] * (base.alpha[n] * base.I[n])
        for i, j in np.argwhere(spent).tolist():
            label = f"{names.told(self.model.world.label(i, j))} to final buyers"
            yield self._part(self._sale(i, j, who), label, float(spent[i, j]))

    # --- industries ---

    def _sales(self, measure: str, n: int, j: int, amount: str) -> Parts:
        """Sales of or to country n in sector j by partner: those of the base, or what of them is lost."""
        s, base = self.found.solution, self.model.base
        after = (
            s.flow / (s.c * self.found.at.price) if measure == rows.REAL_OUTPUT else self.found.at.arriving(s)
        )
        whole = (base.flow if amount == "baseline" else base.flow - after)[:, :, j]
        values = whole[n] if measure == rows.REAL_IMPORTS else whole[:, n]
        for p in np.flatnonzero(values).tolist():
            if p == n and measure != rows.REAL_OUTPUT:
                continue
            seller, buyer = (p, n) if measure == rows.REAL_IMPORTS else (n, p)
            told = names.told(self.model.world.label(seller, j)), self.model.countries[buyer]
            yield self._part(
                self._sale(seller, j, told[1]), f"{told[0]} to {names.the(told[1])}", float(values[p])
            )

    # --- references ---

    def _node(self, i: int, j: int) -> str:
        return f"{self.model.countries[i]}:{self.parents[self.model.sectors[j]]}"

    def _sale(self, i: int, j: int, buyer: str) -> str:
        return f"{self._node(i, j)},{buyer}"

    def _part(self, place: str, label: str, value: float) -> Part:
        return Part(f"{self.table}#{place}", label, value, None)


def _over_log(gain: float) -> float:
    """gain / ln(1 + gain)."""
    return gain / float(np.log1p(gain)) if gain else 1.0


_LOST: dict[str, tuple[Callable[[Opener, int], Parts], str]] = {
    rows.WELFARE: (Opener._welfare, "by what supplies cost against earnings, and what else is spent"),
    rows.REAL_WAGE: (Opener._real_wage, "by what supplies cost against earnings"),
    rows.FIRST_ORDER: (Opener._first_order, "by partner"),
}
_SIDES = {
    rows.REAL_OUTPUT: "by country that buys it",
    rows.REAL_EXPORTS: "by country that buys them",
    rows.REAL_IMPORTS: "by country that sells them",
}
