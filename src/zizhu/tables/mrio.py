"""A multi-regional input-output table: nodes, flows, output, and what the table can and cannot do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from zizhu.tables import content, leontief
from zizhu.tables.leontief import LU, Flows, Index, Matrix, Vector
from zizhu.vocab.problems import Problem, ZizhuError, unknown


@dataclass(frozen=True)
class Nodes:
    """The n = countries x sectors nodes of a table, as parallel columns; rows and columns share them.

    `part_of` names the whole country of nodes that a producer splits (CN1, CN2 of CHN): answers are by whole
    countries, merged after the inversion, and a part can be asked for by its own code. `section` is the ISIC section
    of the sector, empty where it is not known. Both may be left out.
    """

    country: tuple[str, ...]
    sector: tuple[str, ...]
    part_of: tuple[str, ...] = ()
    section: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        lengths = {len(c) for c in (self.country, self.sector, self.part_of or self.country)}
        if len(lengths) != 1 or len(set(self)) != len(self.country):
            raise ZizhuError(
                Problem(
                    "nodes are not unique pairs",
                    "nodes",
                    "one (country, sector) a node",
                    "Check both columns.",
                )
            )

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(zip(self.country, self.sector, strict=True))

    def __len__(self) -> int:
        return len(self.country)

    @property
    def whole(self) -> tuple[str, ...]:
        """The whole country of every node."""
        return self.part_of or self.country

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """Whole countries in order of first appearance."""
        return tuple(dict.fromkeys(self.whole))

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """What a node may be asked for by: whole countries, then the parts that some are split into."""
        return tuple(dict.fromkeys((*self.whole, *self.country)))

    @cached_property
    def sectors(self) -> tuple[str, ...]:
        """Sectors in order of first appearance."""
        return tuple(dict.fromkeys(self.sector))

    @cached_property
    def position(self) -> dict[tuple[str, str], int]:
        """Row number of every (country or part, sector)."""
        return {pair: i for i, pair in enumerate(self)}

    @cached_property
    def country_index(self) -> NDArray[np.intp]:
        """Position in `countries` of every node, shape (n,)."""
        order = {c: i for i, c in enumerate(self.countries)}
        return np.array([order[c] for c in self.whole], dtype=np.intp)

    def sections_of(self, sections: Iterable[str]) -> tuple[str, ...]:
        """The sectors of the table that belong to these ISIC sections, in table order."""
        wanted = set(sections)
        pairs = zip(self.sector, self.section, strict=True) if self.section else ()
        return tuple(dict.fromkeys(sector for sector, section in pairs if section in wanted))

    def label(self, i: int) -> str:
        """`CHN:C26`."""
        return f"{self.country[i]}:{self.sector[i]}"

    def labels(self, index: Index) -> list[str]:
        """The labels of these row numbers."""
        return [self.label(int(i)) for i in index]

    def of(self, countries: Iterable[str], sectors: Iterable[str] | None = None) -> Index:
        """Row numbers of these countries or parts (and sectors) in table order; raises ZizhuError for other codes."""
        wanted_countries = list(countries)
        wanted_sectors = list(self.sectors if sectors is None else sectors)
        problems = [
            unknown("country", c, self.codes, "table")
            for c in wanted_countries
            if c not in self._rows_of_code
        ]
        problems += [
            unknown("sector", s, self.sectors, "table")
            for s in wanted_sectors
            if s not in self._rows_of_sector
        ]
        if problems:
            raise ZizhuError(problems)
        both = np.zeros((2, len(self)), dtype=bool)
        for country in wanted_countries:
            both[0, self._rows_of_code[country]] = True
        for sector in wanted_sectors:
            both[1, self._rows_of_sector[sector]] = True
        return np.flatnonzero(both.all(axis=0))

    @cached_property
    def _rows_of_code(self) -> dict[str, Index]:
        """The rows of every country or part, and of every whole country."""
        return _rows_of(self.country, self.part_of)

    @cached_property
    def _rows_of_sector(self) -> dict[str, Index]:
        return _rows_of(self.sector)


def _rows_of(*columns: tuple[str, ...]) -> dict[str, Index]:
    """The row numbers of every code, in whichever of the columns it stands."""
    rows: dict[str, list[int]] = {}
    for column in columns:
        for i, code in enumerate(column):
            rows.setdefault(code, []).append(i)
    return {code: np.unique(found) for code, found in rows.items()}


@dataclass(frozen=True)
class Flags:
    """What a table states about itself. Verbs ask these before they answer."""

    years: tuple[int, ...]
    has_final_by_destination: bool
    has_rest_of_world: bool
    value_added_is_residual: bool
    balanced: bool
    relative_error: float = 0.0
    final_is_estimated: bool = False
    edition: str = ""
    derived: bool = False


@dataclass(frozen=True)
class MRIO:
    """A table in money of one unit and year.

    Z (n, n) flows, row sells to column; x (n,) output; value_added (n,) (a residual when the flag says so);
    primary (n,) what a column pays besides flows and value added, where the table tells it apart: taxes less
    subsidies on products, imported inputs, margins; else None;
    imports (n,) the imported inputs among these, of a table of one country that keeps them apart; else None;
    sales_elsewhere (n,) what leaves the table's intermediate part: final sales and sales outside it;
    final (n, C) final demand by destination country, in the order of `nodes.countries`, or None.
    """

    ref: str
    title: str
    unit: str
    nodes: Nodes
    Z: Flows
    x: Vector
    value_added: Vector
    sales_elsewhere: Vector
    final: Matrix | None
    flags: Flags
    estimated: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=(), repr=False)
    primary: Vector | None = None
    imports: Vector | None = None

    @property
    def n(self) -> int:
        return len(self.nodes)

    @property
    def name(self) -> str:
        """The name under which the table is stored."""
        return self.ref.removeprefix("table:").partition("@")[0]

    @cached_property
    def lu(self) -> LU:
        """The one factorisation of I - A."""
        return leontief.factor(self.Z, self.x)

    @cached_property
    def v(self) -> Vector:
        """Value-added shares v (n,): as the table states them where it tells value added apart, else `leftover`."""
        return self.leftover if self.primary is None else self.value_added * leontief.reciprocal(self.x)

    @cached_property
    def leftover(self) -> Vector:
        """What one unit of output leaves of itself after the flows, 1 - 1'A, shape (n,): times L it is 1 everywhere."""
        return leontief.value_added_share(self.Z, self.x)

    @property
    def sees_all_inputs(self) -> bool:
        """Whether inputs from every economy are in the table, by origin or as one figure."""
        return self.flags.has_rest_of_world or self.imports is not None

    @property
    def inside(self) -> str:
        """What lies inside the table, in words."""
        count = len(self.nodes.countries)
        return "the country" if count == 1 else f"its {count} economies"

    @cached_property
    def imported(self) -> Vector:
        """Imported inputs that are kept apart from the flows, per unit of output, shape (n,)."""
        return np.zeros(self.n) if self.imports is None else self.imports * leontief.reciprocal(self.x)

    @cached_property
    def contained(self) -> Matrix:
        """H (C, n): value added of every country in one unit of output of every node, made once from `lu`."""
        return content.value_added_content(
            self.lu, self.v, self.nodes.country_index, len(self.nodes.countries)
        )

    def cell_ref(self, seller: str, buyer: str) -> str:
        """The reference of a flow, nodes written `CHN:C26`."""
        return f"{self.ref}#{seller},{buyer}"
