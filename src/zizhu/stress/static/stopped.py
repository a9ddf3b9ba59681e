"""Sales that stop: blocks of sellers and buyers, several at a time, as the flows that are taken out of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zizhu.stress.passing import Hit, Part, passing
from zizhu.tables.leontief import Flows, Index, Matrix, Vector


@dataclass(frozen=True)
class Block:
    """The share, in (0, 1], that stops of a part of what the k nodes `rows` sell to the m nodes `columns`; a number or
    (k, m). `of` is the part, none for all of it."""

    rows: Index
    columns: Index
    share: float | Matrix = 1.0
    of: tuple[Part, ...] = ()


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
    """The union of blocks over all their rows and columns, as they meet in `zizhu.stress.passing`."""
    if not blocks:
        return nothing()
    rows = np.unique(np.concatenate([block.rows for block in blocks]))
    columns = np.unique(np.concatenate([block.columns for block in blocks]))
    hits = [
        Hit(np.searchsorted(rows, b.rows), np.searchsorted(columns, b.columns), b.share, b.of) for b in blocks
    ]
    kept = passing((len(rows), len(columns)), hits)
    return Stopped(rows, columns, np.asarray(Z[np.ix_(rows, columns)], dtype=float) * (1.0 - kept))
