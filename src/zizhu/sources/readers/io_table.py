"""An input-output table as every reader of one hands it over, and the stored tables that are made of it.

n = countries x industries, rows sell to columns, in the money of the producer. What a producer splits (China's and
Mexico's firms by trade status in the OECD's extended tables) stays split here: `whole` says what a part belongs to,
and the parts are merged only in answers, after the inversion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from zizhu.sources.reading import SourceTable
from zizhu.store.meta import Describe
from zizhu.vocab.problems import Problem, ZizhuError

Floats = NDArray[np.float64]
EXACT = 1e-6
"""Relative gap of a row or column that printed decimals leave."""
TOTALS = ("output", "residual", "final_plus_row_sales", "value_added", "taxes")
STEP = 1 << 20
"""Values that are looked at together, so that a large table needs no second array."""


@dataclass(frozen=True)
class IOTable:
    """One year. Z (n, n); final (n, C, F) by buying country and category; the others (n,).

    `value_added` and `taxes` (less subsidies on products) are as printed; `output` too. `country` and `sector` name
    the n nodes, `whole` the country that each belongs to (itself unless it is a part). `sections` are the ISIC
    sections of the industries by code, from which aggregates such as manufacturing are made. `imports` (n,) are the
    imported inputs of every column where a table of one country keeps them apart from its domestic flows, and
    `other_inputs` (n,) what a column has besides flows, imports, taxes and value added (margins, adjustments).
    `residual` says that value added is not printed, but what output leaves.
    """

    year: int
    unit: str
    country: tuple[str, ...]
    sector: tuple[str, ...]
    whole: tuple[str, ...]
    Z: Floats
    final: Floats
    buyers: tuple[str, ...]
    categories: tuple[str, ...]
    value_added: Floats
    taxes: Floats
    output: Floats
    rest_of_world: bool
    sections: Mapping[str, str]
    notes: tuple[str, ...] = field(default=())
    edition: str = ""
    imports: Floats | None = None
    other_inputs: Floats | None = None
    residual: bool = False

    def __post_init__(self) -> None:
        n, shape = len(self.country), (len(self.country), len(self.buyers), len(self.categories))
        vectors = {"value_added": self.value_added, "taxes": self.taxes, "output": self.output}
        vectors |= self.apart
        wrong = [
            f"{name} {part.shape}, not {wanted}"
            for name, part, wanted in (
                ("Z", self.Z, (n, n)),
                ("final", self.final, shape),
                *((name, vector, (n,)) for name, vector in vectors.items()),
            )
            if part.shape != wanted
        ]
        if wrong:
            raise ZizhuError(
                Problem(
                    "; ".join(wrong),
                    f"the table of {self.year}",
                    "parts that fit together",
                    "Mend the reader.",
                )
            )

    def gaps(self) -> tuple[Floats, Floats]:
        """Row and column gaps (n,): output less what is sold; output less all that is bought or paid."""
        rows = self.output - self.Z.sum(axis=1) - self.final.sum(axis=(1, 2))
        columns = self.output - self.Z.sum(axis=0) - self.value_added - self.taxes
        for vector in self.apart.values():
            columns = columns - vector
        return rows, columns

    @property
    def apart(self) -> dict[str, Floats]:
        """The inputs that only some producers state, by name."""
        known = {"imports": self.imports, "other_inputs": self.other_inputs}
        return {name: vector for name, vector in known.items() if vector is not None}

    @property
    def balanced(self) -> bool:
        """Whether rows and columns add up to output, but for what printed decimals leave."""
        scale = EXACT * np.maximum(np.abs(self.output), 1.0)
        return all(bool((np.abs(gap) <= scale).all()) for gap in self.gaps())


def source_tables(table: IOTable, name: str, title: str, sources: tuple[str, ...]) -> dict[str, SourceTable]:
    """The flows `name`, the nodes `name-nodes` and the final demand `name-final`, each with its description.

    The three belong together: the flows name the others as their parts.
    """
    described = _described(table, name, title, sources)
    frames = {
        name: pl.DataFrame({"v": smallest(table.Z)}),
        f"{name}-nodes": _nodes(table),
        f"{name}-final": pl.DataFrame({"v": smallest(table.final)}),
    }
    return {key: SourceTable(frames[key], described[key]) for key in described}


def _described(table: IOTable, name: str, title: str, sources: tuple[str, ...]) -> dict[str, Describe]:
    n, unit, years = len(table.country), f"{table.unit}, current prices", [table.year]
    nodes, final = f"{name}-nodes", f"{name}-final"
    totals = (*TOTALS, *table.apart)
    return {
        name: Describe(
            title=f"{title}, intermediate sales",
            key=(),
            shape=(n, n),
            units={"v": unit},
            sources=sources,
            parts={"nodes": nodes, "final": final},
            flags=_flags(table),
            notes=(f"Row = seller, column = buyer, in the order of {nodes}.", *table.notes),
        ),
        nodes: Describe(
            title=f"{title}, the {n:,} country-sectors with their totals",
            key=("idx",),
            units=dict.fromkeys(totals, unit),
            sources=sources,
            flags={"kind": "mrio-nodes", "years": years},
            notes=("Residual = output - intermediate inputs.",),
        ),
        final: Describe(
            title=f"{title}, final demand",
            key=(),
            shape=table.final.shape,
            units={"v": unit},
            sources=sources,
            flags={"kind": "mrio-final", "years": years}
            | {"buyers": list(table.buyers), "categories": list(table.categories)},
            notes=(f"Axes: seller in the order of {nodes}, buying country, category of final demand.",),
        ),
    }


def _flags(table: IOTable) -> dict[str, object]:
    """What the table can do; `edition` only where it is known."""
    return {
        "kind": "mrio",
        "years": [table.year],
        "has_final_by_destination": table.rest_of_world or len(table.buyers) > 1,
        "has_rest_of_world": table.rest_of_world,
        "balanced": table.balanced,
        "value_added_is_residual": table.residual,
        **({"edition": table.edition} if table.edition else {}),
    }


def smallest(values: Floats) -> NDArray[np.floating]:
    """The values as one row, in float32 where that loses nothing."""
    flat = values.ravel()
    parts = (flat[i : i + STEP] for i in range(0, flat.size, STEP))
    fits = all(np.array_equal(part.astype(np.float32), part) for part in parts)
    return flat.astype(np.float32) if fits else flat


def _nodes(table: IOTable) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "idx": np.arange(len(table.country)),
            "iso3": table.country,
            "whole": table.whole,
            "sector": table.sector,
            "section": [table.sections.get(s, "") for s in table.sector],
            "output": table.output,
            "residual": table.output - table.Z.sum(axis=0),
            "final_plus_row_sales": table.final.sum(axis=(1, 2)),
            "value_added": table.value_added,
            "taxes": table.taxes,
            **table.apart,
        }
    )
