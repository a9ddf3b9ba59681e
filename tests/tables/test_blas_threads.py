"""One BLAS thread in every block, whatever other threads of the process do meanwhile."""

from __future__ import annotations

from threading import Event, Thread

import pytest
import scipy.linalg  # noqa: F401  brings in the BLAS whose threads are counted
from threadpoolctl import threadpool_info

from zizhu.tables.threads import one_thread


def counted() -> set[int]:
    """How many threads each BLAS of this process has."""
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def test_a_block_that_ends_leaves_the_others_their_one_thread() -> None:
    first_is_in, first_may_go = Event(), Event()

    def first() -> None:
        with one_thread():
            first_is_in.set()
            first_may_go.wait(60)

    before = counted()
    if before == {1}:
        pytest.skip("every BLAS of this machine has one thread already")
    other = Thread(target=first)
    other.start()
    assert first_is_in.wait(60)
    with one_thread():
        first_may_go.set()
        other.join()
        assert counted() == {1}
    assert counted() == before
