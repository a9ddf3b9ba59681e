"""Industries of whole countries: what the nodes of a table make up where its producer splits a country (CN1, CN2).

Answers are by whole countries, merged after the inversion; a part is asked for by its own code.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from zizhu.tables.leontief import Index, Vector
from zizhu.tables.mrio import Nodes


class Industry(NamedTuple):
    """An industry of a country or of a part of one, and its nodes (k,)."""

    country: str
    sector: str
    nodes: Index

    @property
    def label(self) -> str:
        """`CHN:C26`."""
        return f"{self.country}:{self.sector}"


@dataclass(frozen=True)
class Wholes:
    """The m industries of whole countries that the n nodes are, or are parts of, in order of first appearance."""

    nodes: Nodes

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Country and sector of every industry."""
        return tuple(dict.fromkeys(zip(self.nodes.whole, self.nodes.sector, strict=True)))

    @cached_property
    def of(self) -> Index:
        """The position of its industry, of every node (n,)."""
        order = {pair: k for k, pair in enumerate(self.pairs)}
        pairs = zip(self.nodes.whole, self.nodes.sector, strict=True)
        return np.array([order[pair] for pair in pairs], dtype=np.intp)

    @cached_property
    def members(self) -> tuple[Index, ...]:
        """The nodes of every industry."""
        size = np.bincount(self.of, minlength=len(self.pairs))
        return tuple(np.split(np.argsort(self.of, kind="stable"), np.cumsum(size)[:-1]))

    @cached_property
    def split(self) -> tuple[int, ...]:
        """The industries that have more than one node."""
        return tuple(k for k, nodes in enumerate(self.members) if len(nodes) > 1)

    def industry(self, k: int) -> Industry:
        return Industry(*self.pairs[k], self.members[k])

    def label(self, k: int) -> str:
        """`CHN:C26`."""
        return ":".join(self.pairs[k])

    def added(self, values: Vector) -> Vector:
        """Sums (m,) of values of the nodes (n,)."""
        return np.bincount(self.of, weights=values, minlength=len(self.pairs)).astype(float)

    def weights(self, x: Vector) -> Vector:
        """Every node's part (n,) in the output of its industry; equal parts where that is zero."""
        total = self.added(x)[self.of]
        alike = 1.0 / np.bincount(self.of)[self.of]
        return np.divide(x, total, out=alike, where=total != 0)

    def told(self, how: str) -> tuple[str, ...]:
        """A note that names the countries that are split, and `how` their parts are merged; none where none is."""
        named = zip(self.nodes.whole, self.nodes.country, strict=True)
        parts = dict.fromkeys((whole, part) for whole, part in named if whole != part)
        if not parts:
            return ()
        of = {whole: [p for w, p in parts if w == whole] for whole, _ in parts}
        listed = ", ".join(f"{whole} ({', '.join(inside)})" for whole, inside in of.items())
        return (f"The table splits {listed}: {how}",)
