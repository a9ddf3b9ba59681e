"""The methods by name: the terms that each gives, how they add up, and what it is in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zizhu.depend.valueadded import borin_mancini, intermediates, kww, tiva, wwz
from zizhu.depend.valueadded.blocks import Exporter
from zizhu.depend.valueadded.terms import Piece, Pieces, Tree, complete

Name = Literal["bm-source", "bm-sink", "kww", "wwz", "tiva", "intermediates", "position"]
Perspective = Literal["group", "country", "world"]
APART = "OTHER"
"""The term of what is nobody's value added."""
ROUNDING = 1e-9
"""Part of exports below which that is the rounding of sums."""


@dataclass(frozen=True)
class Decomposition:
    """A method that splits exports: its terms, their tree, what it is in words, and its form seen from the world."""

    terms: Callable[[Exporter], Pieces]
    tree: Tree
    told: str
    from_world: Callable[[Exporter], Pieces] | None = None

    @property
    def total(self) -> str:
        """The term that is all of the exports."""
        return next(iter(self.tree))


DECOMPOSITIONS: Mapping[str, Decomposition] = {
    "bm-source": Decomposition(
        borin_mancini.source,
        borin_mancini.TREE,
        "Borin and Mancini, counted the first time it leaves",
        borin_mancini.world_source,
    ),
    "bm-sink": Decomposition(
        borin_mancini.sink,
        borin_mancini.TREE,
        "Borin and Mancini, counted the last time it leaves",
        borin_mancini.world_sink,
    ),
    "kww": Decomposition(kww.kww, kww.TREE, "Koopman, Wang and Wei, nine terms"),
    "wwz": Decomposition(wwz.wwz, wwz.TREE, "Wang, Wei and Zhu, sixteen terms"),
    "tiva": Decomposition(tiva.contents, tiva.TREE, "OECD Trade in Value Added, counted each time it leaves"),
    "intermediates": Decomposition(
        intermediates.contents, intermediates.TREE, "content of exported inputs, counted each time it leaves"
    ),
}


def decomposed(of: Exporter, method: str, perspective: Perspective) -> tuple[Pieces, Tree]:
    """The pieces of all terms of a method, and the tree by which they add up.

    What is nobody's value added becomes a term APART where there is any: the others fall short of exports by it.
    """
    chosen = DECOMPOSITIONS[method]
    terms = chosen.from_world if perspective == "world" and chosen.from_world else chosen.terms
    pieces, tree = dict(terms(of)), dict(chosen.tree)
    sold = np.abs(of.world.exports[of.rows]).sum(axis=1)
    if np.abs(of.world.apart[of.rows]) @ sold > ROUNDING * sold.sum():
        tree[APART] = chosen.total
        pieces[APART] = (Piece(of.world.apart[of.rows], method != "intermediates", of.world.x),)
    found = complete(pieces, tree)
    return found, {name: parent for name, parent in tree.items() if name in found}
