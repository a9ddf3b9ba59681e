"""One BLAS thread inside every kernel, so that sums are made in one order whatever the environment says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from threadpoolctl import ThreadpoolController


@cache
def _controller() -> ThreadpoolController:
    import scipy.linalg  # noqa: F401  both bring a BLAS of their own, which must be loaded to be found

    return ThreadpoolController()


@contextmanager
def one_thread() -> Iterator[None]:
    """Run the block with one BLAS thread.

    Two threads split sums differently from one, which changes last bits and so the digest of a result; on a
    shared machine they are also slower (OpenBLAS inverse of 3,465 nodes: 7.4 s with two, 3.9 s with one).
    """
    with _controller().limit(limits=1, user_api="blas"):
        yield
