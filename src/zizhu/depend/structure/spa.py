"""Structural path analysis: the production chains that carry most of a quantity into a buyer's unit of output.

A buyer's content s'L w (s (n,) the quantity per unit of output, such as value added of a country; w (n,) the weights of
the buyer's nodes) is the sum over all chains j0 <- j1 <- ... <- jd of w_j0 a_j1j0 ... a_jd,jd-1 s_jd (Defourny and
Thorbecke 1984). The chains form a tree. Behind a chain of product W that ends in node i, everything further upstream
adds exactly W ((s'L)_i - s_i): no chain there can be larger, so the tree is searched from the largest rest downwards
and left as soon as the largest rest is no more than the smallest path kept. What is not shown is known exactly.
Nodes that are parts of one industry are passed through together: its paths are the sums of theirs, found as exactly.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np

from zizhu.tables.leontief import Flows, Index, Matrix, Vector, reciprocal
from zizhu.tables.threads import one_thread

Chain = tuple[int, ...]


class Path(NamedTuple):
    """A chain from the buyer's industry upstream to the origin, and what it carries per unit of the buyer's output."""

    chain: Chain
    value: float


def paths(
    column: Callable[[int], Vector],
    s: Vector,
    bound: Vector,
    w: Vector,
    count: int,
    depth: int | None = None,
    members: Sequence[Index] | None = None,
) -> list[Path]:
    """The `count` paths that carry most, by absolute size, largest first; ties by the chain.

    column(j) is A[:, j] (n,); `bound` (n,) is |s|'(I - |A|)^-1, which is s'L where no flow and no s is negative.
    No path has more than `depth` purchases (None: any number). Paths that carry nothing are left out.
    `members` are the nodes of the m industries that chains run through (None: every node is one).
    """
    kept = _Largest(count)
    rest = np.maximum(bound - np.abs(s), 0.0)
    waiting: list[tuple[float, Chain, Vector]] = []
    inside = [np.array([i]) for i in range(len(s))] if members is None else members
    added = _sums(inside)

    def offer(chain: Chain, W: Vector) -> None:
        value = added(W * s)
        for k in np.flatnonzero(np.abs(value) > kept.least):
            kept.add(Path((*chain, int(k)), float(value[k])))
        if depth is not None and len(chain) >= depth:
            return
        further = added(np.abs(W) * rest)
        for k in np.flatnonzero(further > kept.least):
            heapq.heappush(waiting, (-float(further[k]), (*chain, int(k)), W[inside[int(k)]]))

    offer((), w)
    while waiting and -waiting[0][0] > kept.least:
        _, chain, W = heapq.heappop(waiting)
        bought = (c * column(int(j)) for c, j in zip(W, inside[chain[-1]], strict=True))
        offer(chain, reduce(np.add, bought))
    return kept.sorted()


def _sums(members: Sequence[Index]) -> Callable[[Vector], Vector]:
    """Sums (m,) of values of nodes (n,) by industry; the values themselves where every node is one."""
    order = np.concatenate(members)
    if np.array_equal(order, np.arange(len(members))):
        return lambda values: values
    of = np.empty_like(order)
    of[order] = np.repeat(np.arange(len(members)), [len(nodes) for nodes in members])
    return lambda values: np.bincount(of, weights=values, minlength=len(members)).astype(float)


class _Largest:
    """The `count` largest paths offered so far; `least` is the size that a further one must exceed."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._heap: list[tuple[float, Chain, Path]] = []
        self.least = 0.0

    def add(self, path: Path) -> None:
        item = (abs(path.value), tuple(-i for i in path.chain), path)
        if len(self._heap) < self._count:
            heapq.heappush(self._heap, item)
        else:
            heapq.heappushpop(self._heap, item)
        if len(self._heap) == self._count:
            self.least = self._heap[0][0]

    def sorted(self) -> list[Path]:
        return [path for *_, path in sorted(self._heap, reverse=True)]


def columns(Z: Flows, x: Vector) -> Callable[[int], Vector]:
    """A[:, j] (n,) by j, each made once and kept."""
    made: dict[int, Vector] = {}
    per_output = reciprocal(x)

    def column(j: int) -> Vector:
        if j not in made:
            made[j] = Z[:, j] * per_output[j]
        return made[j]

    return column


def tiers(Z: Flows, x: Vector, w: Vector, last: int) -> Iterator[Vector]:
    """A^t w (n,) for t = 0 to `last`: output of every node that is called for exactly t purchases upstream.

    The tiers of s'L w are s'A^t w, and what lies deeper is (s'L) A^(last + 1) w.
    """
    per_output, called = reciprocal(x), np.asarray(w, dtype=float)
    for t in range(last + 1):
        yield called
        if t < last:
            called = _product(Z, called * per_output)


def _product(Z: Flows, b: Vector, rows: int = 512) -> Vector:
    """Z b in double precision, without a second copy of single-precision flows."""
    with one_thread():
        parts: list[Matrix] = [np.asarray(Z[i : i + rows], dtype=float) @ b for i in range(0, len(Z), rows)]
    return np.concatenate(parts)
