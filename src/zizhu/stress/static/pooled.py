"""Rows of flows added up by the product that their sellers make."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sparse

from zizhu.tables.leontief import Index, Matrix, Vector


def pooled(flows: Matrix, product: Index, count: int, weight: Vector | None = None) -> Matrix:
    """Flows (k, m) of sellers of `product` (k,), times their `weight` (k,), added up by product (count, m)."""
    each = np.ones(len(product)) if weight is None else weight
    G = sparse.csr_array((each, (product, np.arange(len(product)))), shape=(count, len(product)))
    return np.asarray(G @ flows)
