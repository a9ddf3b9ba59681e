"""The numbers of a complexity answer opened: ECI into products, PCI into countries, RCA into its four flows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from zizhu.depend.sold_parts import flow_parts
from zizhu.depend.specialisation import prody, proximity, relatedness
from zizhu.ledger.result import Explanation, Part, Result, largest
from zizhu.tables.leontief import Vector
from zizhu.vocab import names
from zizhu.vocab.problems import CannotAnswer, Problem

if TYPE_CHECKING:
    from zizhu.depend.complexity import Inputs

Row = Mapping[str, Any]
Split = tuple[str, Iterable[Part]]
"""What is said of a number, and its parts."""


class Opening:
    """One answer with the names and references of its countries and products."""

    def __init__(self, inputs: Inputs, result: Result, row: Row) -> None:
        self.inputs, self.result, self.row = inputs, result, row
        self.b, self.f = inputs.baskets, inputs.found
        held = self.b.places if row["of"] == "country" else self.b.products
        self.i = held.index(row["code"])
        self.asked = inputs.params.country

    @property
    def basket(self) -> Vector:
        """M of the country that was asked for."""
        assert self.f.at is not None
        return np.asarray(self.b.M[self.f.at])

    def products(self, values: Vector, total: float, column: str, what: str) -> list[Part]:
        """A part for every product with a value; `column` is what its reference opens."""
        return [
            Part(self._ref("product", self.b.products[p], column), f"{what} {self._told(p)}", *_of(v, total))
            for p, v in enumerate(values)
            if v
        ]

    def countries(self, values: Vector, total: float, column: str, what: str) -> list[Part]:
        """A part for every country with a value."""
        return [
            Part(self._ref("country", self.b.places[c], column), f"{what} {self._at(c)}", *_of(v, total))
            for c, v in enumerate(values)
            if v and not np.isnan(v)
        ]

    def _ref(self, of: str, code: str, column: str) -> str:
        return self.result.ref({"of": of, "code": code}, column)

    def _told(self, p: int) -> str:
        code = self.b.products[p]
        return names.product(code) if self.inputs.sold.traded else code

    def _at(self, c: int) -> str:
        return names.told(self.b.places[c])

    # --- rows of countries ---

    def eci(self) -> Split:
        k = self.b.M[self.i].sum()
        parts = self.products(self.b.M[self.i] * self.f.index.pci / k, self.row["eci"], "pci", "PCI of")
        return f"mean PCI of its {k:.0f} products with RCA >= 1", parts

    def fitness(self) -> Split:
        F, Q = self.f.before
        if self.row["of"] == "country":
            mean = (self.b.M @ Q).mean()
            parts = self.products(self.b.M[self.i] * Q / mean, self.row["fitness"], "fitness", "index of")
            return "sum of the fitness index of its products one update before, over the mean", parts
        held = np.where(self.b.M[:, self.i] > 0, F, 0.0)
        return (
            "one over the sum of 1 / fitness of its countries, over the mean: their fitness one update before",
            _beside(self.countries(held, 1.0, "fitness", "fitness of")),
        )

    def diversity(self) -> Split:
        parts = self.products(self.b.M[self.i], self.row["diversity"], "ubiquity", "")
        return "products with RCA >= 1", parts

    def coi(self) -> Split:
        values = self.f.density[self.i] * (1 - self.b.M[self.i]) * self.f.K
        column = self.inputs.params.outlook_by
        return "density times K of the products it has not", self.products(
            values, self.row["coi"], column, "density x K of"
        )

    def expy(self) -> Split:
        assert self.f.prody is not None
        X = self.b.X[self.i]
        values = X / X.sum() * np.nan_to_num(self.f.prody)
        return "PRODY by share of its sales", self.products(values, self.row["expy"], "prody", "PRODY of")

    # --- rows of products ---

    def pci(self) -> Split:
        sellers, found = self.b.M[:, self.i], self.f
        values = sellers * found.index.eci / sellers.sum() / found.index.second
        shift = float(self.row["pci"] - values.sum())
        parts = self.countries(values, self.row["pci"], "eci", "ECI of")
        made = self._ref("product", self.row["code"], "pci")
        told = "shift that keeps ECI the mean of PCI (ECI has mean 0 over countries, not over their products)"
        parts.append(Part(made, told, *_of(shift, self.row["pci"])))
        said = f"mean ECI of the {sellers.sum():.0f} countries with RCA >= 1, over the second eigenvalue"
        return f"{said} ({found.index.second:.6g})", parts

    def ubiquity(self) -> Split:
        parts = self.countries(self.b.M[:, self.i], self.row["ubiquity"], "eci", "")
        return "countries with RCA >= 1", parts

    def prody(self) -> Split:
        assert self.f.with_income is not None
        assert self.f.income is not None
        share = prody.weights(np.nan_to_num(self.f.with_income))[:, self.i]
        values = share * np.nan_to_num(self.f.income)
        return "GDP per head by share of RCA", self.countries(
            values, self.row["prody"], "gdp_per_head", "GDP per head x weight of"
        )

    def rca(self) -> Split:
        at, code = self.f.at, self.row["code"]
        assert at is not None
        mine, own = float(self.b.X[at, self.i]), float(self.b.own[at])
        world, everything = float(self.b.world[self.i]), self.b.total
        who = self._at(at)
        parts = [
            Part(
                self._ref("product", code, "sold_usd"), f"sales of it by {who}", mine, None, unit="USD a year"
            ),
            Part(
                self._ref("country", str(self.asked), "exports_usd"),
                f"all sales of {who}",
                own,
                None,
                unit="USD a year",
            ),
            Part(
                self._ref("product", code, "exports_usd"),
                "sales of it by all countries",
                world,
                None,
                unit="USD a year",
            ),
            Part(
                f"{self.inputs.sold.ref}", "all sales of all countries", everything, None, unit="USD a year"
            ),
        ]
        said = f"({mine:,.0f} / {own:,.0f}) / ({world:,.0f} / {everything:,.0f}) USD a year"
        return said, parts

    def density(self) -> Split:
        phi = proximity.of_product(self.b.M, self.i)
        values = self.basket * phi / phi.sum()
        return f"what {self._at(self.f.at or 0)} has of the products near it", self.products(
            values, self.row["density"], "rca", "proximity of"
        )

    def related(self) -> Split:
        by = self.inputs.params.related_by
        assert by != "proximity"
        phi = relatedness.relatedness(self.b.M, by)[self.i]
        values = self.basket * phi / (phi.sum() or 1.0)
        return "what it has of the products related to it", self.products(
            values, self.row["related"], "rca", "relatedness of"
        )

    def cog(self) -> Split:
        phi = proximity.of_product(self.b.M, self.i)
        absent = 1 - self.basket
        values = absent[self.i] * absent * phi * self.f.K / proximity.total(self.b.M)
        column = self.inputs.params.outlook_by
        parts = self.products(values, self.row["cog"], column, "nearer by it:")
        if self.inputs.params.gain == "net" and absent[self.i]:
            own = -float(self.f.density[self.f.at or 0, self.i] * self.f.K[self.i])
            made = self._ref("product", self.row["code"], "density")
            parts.append(Part(made, "less its own part, density x K", *_of(own, self.row["cog"])))
        return "K of the products it has not, by how near this one brings them", parts

    # --- rows of both ---

    def rank(self) -> Split:
        column = "eci" if self.row["of"] == "country" else "pci"
        unit = self.result.units[column]
        made = Part(
            self.result.ref(self.row, column), column.upper(), float(self.row[column]), None, unit=unit
        )
        return f"place in the order of {column.upper()}", [made]

    def exports_usd(self) -> Split:
        return "by flow of the table", self._flows(self.row["of"], self.row["code"], self.row["exports_usd"])

    def sold_usd(self) -> Split:
        return "by flow of the table", self._flows("both", self.row["code"], self.row["sold_usd"])

    def gdp_per_head(self) -> Split:
        table = self.inputs.refs[-1]
        return "mean of the years", [Part(table, "table of GDP per head", self.row["gdp_per_head"], None)]

    def _flows(self, of: str, code: str, total: float) -> list[Part]:
        """What was sold, by year and code of the table, of the countries and products that take part."""
        place = code if of == "country" else self.asked
        whose = () if of == "product" or place is None else (place,)
        which = None if of == "country" else code
        return flow_parts(self.inputs.sold, self.b, self.inputs.params.level, total, whose, which)


def _of(value: float, total: float) -> tuple[float, float]:
    """A value and its share of the number that it is a part of."""
    return float(value), float(value / total) if total else 0.0


def _beside(parts: Iterable[Part]) -> list[Part]:
    """The parts as evidence beside a number that is no sum of them."""
    return [replace(p, share=None) for p in parts]


def opened(inputs: Inputs, result: Result, key: str, column: str, top: int) -> Explanation:
    """A number opened; raises CannotAnswer for one that the row does not have."""
    row = result.row(key)
    if row[column] is None:
        remedy = "Open a number that the row has."
        raise CannotAnswer(Problem(f"{column} has no value", key, f"a number of a {row['of']}", remedy))
    opening = Opening(inputs, result, row)
    ways: dict[str, Callable[[], Split]] = {
        c: getattr(opening, c) for c in result.units if hasattr(Opening, c)
    }
    said, parts = ways[column]()
    shown, left_out = largest(parts, top)
    who = names.told(row["code"]) if row["of"] == "country" else row["name"]
    made = result.opened(
        row, column, f"{who}, {inputs.baskets.years}: {column.replace('_', ' ')}, {said}.", shown, left_out
    )
    beside = bool(shown) and all(p.share is None for p in shown)
    return replace(made, remainder=0.0) if beside else made
