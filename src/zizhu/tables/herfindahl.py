"""The Herfindahl-Hirschman index: the sum of squared shares, in (0, 1]; k equal parts have 1/k."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def hhi(values: ArrayLike, cell: NDArray[np.intp] | None = None, cells: int = 1) -> NDArray[np.float64]:
    """HHI (cells,) of values (n,) by the cell (n,) that each is in (None: all in one): sum v^2 / (sum v)^2.

    NaN where a cell has nothing.
    """
    sized = np.asarray(values, dtype=float)
    of = np.zeros(len(sized), dtype=np.intp) if cell is None else cell
    total, squares = (np.bincount(of, amount, cells) for amount in (sized, sized**2))
    return np.asarray(np.divide(squares, total**2, out=np.full(cells, np.nan), where=total > 0))
