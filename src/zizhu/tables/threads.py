"""One BLAS thread inside every kernel, so that sums are made in one order whatever the environment says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from threading import Lock

from threadpoolctl import ThreadpoolController


@cache
def _controller() -> ThreadpoolController:
    import scipy.linalg  # noqa: F401  both bring a BLAS of their own, which must be loaded to be found

    return ThreadpoolController()


class _Blocks:
    """The blocks that run with one BLAS thread, in whatever threads of this process: the first sets the number, the
    last gives the old one back."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._open = 0
        self._held = ExitStack()

    def enter(self) -> None:
        with self._lock:
            if not self._open:
                self._held.enter_context(_controller().limit(limits=1, user_api="blas"))
            self._open += 1

    def leave(self) -> None:
        with self._lock:
            self._open -= 1
            if not self._open:
                self._held.close()


_BLOCKS = _Blocks()


@contextmanager
def one_thread() -> Iterator[None]:
    """Run the block with one BLAS thread, also beside such blocks of other threads.

    Two threads split sums differently from one, which changes last bits and so the digest of a result; on a
    shared machine they are also slower (OpenBLAS inverse of 3,465 nodes: 7.4 s with two, 3.9 s with one).
    """
    _BLOCKS.enter()
    try:
        yield
    finally:
        _BLOCKS.leave()
