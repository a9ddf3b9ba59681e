"""Single points of failure: suppliers without whom a buyer has little left of a class of inputs, on plain arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zizhu.tables.leontief import Index, Vector


@dataclass(frozen=True)
class Classes:
    """How a buyer's amounts (n,) by supplier fall into classes of inputs.

    share (n,): the supplier in its class, 0 where the class is empty; size (c,): amount of each class;
    other (n,): the largest share in the class that is not the supplier's own; next (n,): the supplier that has it, -1
    where no other is in the class.
    """

    share: Vector
    size: Vector
    other: Vector
    next: Index


def by_class(amounts: Vector, of: Index, classes: int) -> Classes:
    """Shares of suppliers in their classes; `of` (n,) holds the class of every supplier."""
    size = np.asarray(np.bincount(of, weights=amounts, minlength=classes), dtype=float)
    share = np.divide(amounts, size[of], out=np.zeros_like(amounts), where=size[of] > 0)
    order = np.lexsort((-share, of))
    start = np.flatnonzero(np.diff(of[order], prepend=-1))
    leaders = of[order[start]]
    first, second = np.full(classes, -1), np.full(classes, -1)
    first[leaders] = order[start]
    has_two = np.append(start[1:], len(of)) - start > 1
    second[leaders[has_two]] = order[start[has_two] + 1]
    behind = np.where(first[of] == np.arange(len(of)), second[of], first[of])
    other = np.where(behind >= 0, share[behind], 0.0)
    return Classes(share, size, other, np.where(other > 0, behind, -1))
