"""Sales that stop: blocks of sellers and buyers, several at a time, as the flows that are taken out of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zizhu.tables.leontief import Flows, Index, Matrix, Vector


@dataclass(frozen=True)
class Block:
    """The share, in (0, 1], of what the k nodes `rows` sell to the m nodes `columns` that stops; a number or (k, m)."""

    rows: Index
    columns: Index
    share: float | Matrix = 1.0


@dataclass(frozen=True)
class Stopped:
    """Flows (k, m) in money that stop, from nodes `rows` to nodes `columns`, each named once."""

    rows: Index
    columns: Index
    flows: Matrix

    def sales(self, n: int) -> Vector:
        """What every seller sells less (n,)."""
        lost = np.zeros(n)
        lost[self.rows] = self.flows.sum(axis=1)
        return lost


def nothing() -> Stopped:
    """No sale stops."""
    nobody = np.zeros(0, dtype=np.intp)
    return Stopped(nobody, nobody, np.zeros((0, 0)))


def stopped(Z: Flows, blocks: Sequence[Block]) -> Stopped:
    """The union of blocks over all their rows and columns; each takes its share of what the others let pass."""
    if not blocks:
        return nothing()
    rows = np.unique(np.concatenate([block.rows for block in blocks]))
    columns = np.unique(np.concatenate([block.columns for block in blocks]))
    kept = np.ones((len(rows), len(columns)))
    for block in blocks:
        place = np.ix_(np.searchsorted(rows, block.rows), np.searchsorted(columns, block.columns))
        kept[place] *= 1.0 - np.asarray(block.share)
    return Stopped(rows, columns, np.asarray(Z[np.ix_(rows, columns)], dtype=float) * (1.0 - kept))
