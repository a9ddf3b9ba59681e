"""Terms of a decomposition as what they are: contents of export flows, of which a part is passed through.

Every term of region s is, for exporting node i and importing region r,
    sum over pieces of  w_ir (Y_ir [where final sales take part] + sum over j in r of A_ij k_j),
a content w per unit of the flow and the output k (n,) of the buyers that the term follows. The same two factors give
the value of a term, its split by node and partner, and the sales that it is made of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from zizhu.depend.valueadded.blocks import Exporter, World
from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.tables.threads import one_thread

Tree = Mapping[str, str]
"""The term that each term is a part of, "" for none. A term that is given by a method has no parts of its own."""


@dataclass(frozen=True)
class Piece:
    """A content `weight` (n_s,) or (n_s, C) of final sales, if `final`, and of inputs of buyers with output `through`.

    `through` is (n,), or None where no intermediate sales take part.
    """

    weight: Matrix | Vector
    final: bool
    through: Vector | None


Pieces = Mapping[str, tuple[Piece, ...]]
"""The pieces of every term that a method gives."""
Method = Callable[[Exporter], Pieces]


def complete(pieces: Pieces, tree: Tree) -> Pieces:
    """The pieces of every term of the tree that is given or has given parts, in the order of the tree."""
    found = {name: _gathered(name, pieces, tree) for name in tree}
    return {name: held for name, held in found.items() if held}


def _gathered(name: str, pieces: Pieces, tree: Tree) -> tuple[Piece, ...]:
    if name in pieces:
        return pieces[name]
    return tuple(
        p for child, parent in tree.items() if parent == name for p in _gathered(child, pieces, tree)
    )


def values(world: World, s: int, pieces: Pieces) -> Mapping[str, Matrix]:
    """Every term by exporting node and importing region, (n_s, C); 0 towards s itself."""
    given = [p for held in pieces.values() for p in held]
    distinct = {id(p.through): p.through for p in given if p.through is not None}
    flows = dict(zip(distinct, _carried(world, s, list(distinct.values())), strict=True))
    final = world.Y[world.rows[s]].copy()
    final[:, s] = 0.0
    return {name: _total(held, final, flows) for name, held in pieces.items()}


def _total(pieces: tuple[Piece, ...], final: Matrix, flows: Mapping[int, Matrix]) -> Matrix:
    total = np.zeros_like(final)
    for piece in pieces:
        weight = piece.weight if piece.weight.ndim == 2 else piece.weight[:, None]
        if piece.final:
            total += weight * final
        if piece.through is not None:
            total += weight * flows[id(piece.through)]
    return total


def _carried(world: World, s: int, through: list[Vector]) -> list[Matrix]:
    """A_sr k_r for every region r, (n_s, C), of several k (n,); 0 towards s itself."""
    if not through:
        return []
    A, K = world.inputs(s), np.stack(through, axis=1)
    found = np.zeros((len(through), len(A), world.count))
    with one_thread():
        for r, columns in enumerate(world.rows):
            if r != s:
                found[:, :, r] = (A[:, columns] @ K[columns]).T
    return list(found)


def sales(
    world: World, s: int, pieces: tuple[Piece, ...], nodes: Index, partners: Index
) -> tuple[Matrix, Matrix]:
    """The sales that a term is made of: final (k, p) by partner, intermediate (k, m) by buying node.

    `nodes` (k,) are positions in the rows of s, `partners` (p,) regions other than s; the m buyers are their nodes
    in the order of `partners`.
    """
    rows = world.rows[s][nodes]
    buyers = np.concatenate([world.rows[r] for r in partners])
    A = world.inputs(s)[np.ix_(nodes, buyers)]
    final, inputs = np.zeros((len(rows), len(partners))), np.zeros(A.shape)
    for piece in pieces:
        weight = np.broadcast_to(
            piece.weight.reshape(len(world.rows[s]), -1), (len(world.rows[s]), world.count)
        )
        if piece.final:
            final += weight[np.ix_(nodes, partners)] * world.Y[np.ix_(rows, partners)]
        if piece.through is not None:
            inputs += weight[np.ix_(nodes, world.region[buyers])] * A * piece.through[buyers]
    return final, inputs
