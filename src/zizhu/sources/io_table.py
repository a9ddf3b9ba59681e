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

from zizhu.sources.recipe import SourceTable
from zizhu.store.meta import Describe
from zizhu.vocab.problems import Problem, ZizhuError

Floats = NDArray[np.float64]
EXACT = 1e-6
"""Relative gap of a row or column that printed decimals leave."""


@dataclass(frozen=True)
class IOTable:
    """One year. Z (n, n); final (n, C, F) by buying country and category; the others (n,).

    `value_added` and `taxes` (less subsidies on products) are as printed; `output` too. `country` and `sector` name
    the n nodes, `whole` the country that each belongs to (itself unless it is a part). `sections` are the ISIC
    sections of the industries by code, from which aggregates such as manufacturing are made.
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

    def __post_init__(self) -> None:
        n, shape = len(self.country), (len(self.country), len(self.buyers), len(self.categories))
        vectors = {"value_added": self.value_added, "taxes": self.taxes, "output": self.output}
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
        """Row and column gaps (n,): output less what is sold, and output less what is bought, value added and taxes."""
        rows = self.output - self.Z.sum(axis=1) - self.final.sum(axis=(1, 2))
        columns = self.output - self.Z.sum(axis=0) - self.value_added - self.taxes
        return rows, columns

    @property
    def balanced(self) -> bool:
        """Whether rows and columns add up to output, but for what printed decimals leave."""
        scale = EXACT * np.maximum(np.abs(self.output), 1.0)
        return all(bool((np.abs(gap) <= scale).all()) for gap in self.gaps())


def source_tables(table: IOTable, name: str, title: str, sources: tuple[str, ...]) -> dict[str, SourceTable]:
    """The flows `name`, the nodes `name-nodes` and the final demand `name-final`, each with its description.

    The three belong together: the flows name the others as their parts.
    """
    n, unit, years = len(table.country), f"{table.unit}, current prices", [table.year]
    nodes, final = f"{name}-nodes", f"{name}-final"
    flags = {
        "kind": "mrio",
        "years": years,
        "has_final_by_destination": True,
        "has_rest_of_world": table.rest_of_world,
        "balanced": table.balanced,
        "value_added_is_residual": False,
    }
    described = {
        name: Describe(
            title=f"{title}, intermediate sales",
            key=(),
            shape=(n, n),
            units={"v": unit},
            sources=sources,
            parts={"nodes": nodes, "final": final},
            flags=flags,
            notes=(f"Row = seller, column = buyer, in the order of {nodes}.", *table.notes),
        ),
        nodes: Describe(
            title=f"{title}, the {n:,} country-sectors with their totals",
            key=("idx",),
            units=dict.fromkeys(("output", "residual", "final_plus_row_sales", "value_added", "taxes"), unit),
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
            flags={
                "kind": "mrio-final",
                "years": years,
                "buyers": list(table.buyers),
                "categories": list(table.categories),
            },
            notes=(f"Axes: seller in the order of {nodes}, buying country, category of final demand.",),
        ),
    }
    frames = {
        name: pl.DataFrame({"v": smallest(table.Z).ravel()}),
        nodes: _nodes(table),
        final: pl.DataFrame({"v": smallest(table.final).ravel()}),
    }
    return {key: SourceTable(frames[key], described[key]) for key in described}


def smallest(values: Floats) -> NDArray[np.floating]:
    """The values as float32 where that loses nothing, else as they are."""
    narrow = values.astype(np.float32)
    return narrow if np.array_equal(narrow, values) else values


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
        }
    )
