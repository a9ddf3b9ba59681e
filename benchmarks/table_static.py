"""The input-output table at rest: reading it, factoring it, content, and a cut. One case a process.

    python benchmarks/table_static.py factor 5      # one JSON line; run.py calls every case

Cases of ours: load, load-fresh, factor, solved (content, cut and what-if from the factorisation), held (cut and
what-if with the inverse in memory). Limits and alternatives: read (Parquet alone), getrf (LAPACK alone), product
(a matrix product with the operations of the content), anew (the cut table factored again).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import scipy.linalg.blas as blas
import scipy.linalg.lapack as lapack

from common import emit, timed
from zizhu.store import Workspace
from zizhu.stress import what_if
from zizhu.tables import leontief
from zizhu.tables.content import value_added_content
from zizhu.tables.cut import Cut, cut
from zizhu.tables.leontief import LU, Index, Matrix, Vector
from zizhu.tables.load import load_mrio
from zizhu.tables.mrio import MRIO

TABLE = "icio-2022"
QUESTION = what_if.Params(table=TABLE, sender="CHN:C24B", receiver="USA")


def sample(call: Callable[[], object], runs: int) -> dict[str, Any]:
    """Wall seconds of each of `runs` calls after a warm-up, and the CPU seconds of all of them."""
    call()
    start = time.process_time()
    _, timing = timed(call, runs)
    return {"seconds": timing.seconds, "cpu": time.process_time() - start}


def table() -> MRIO:
    return load_mrio(Workspace(), TABLE)


def load(runs: int) -> None:
    """Read and check the table again and again; the file is in the system's cache."""
    emit(load=sample(table, runs))


def load_fresh(_runs: int) -> None:
    """The first reading in this process, after the imports; run.py times the process as a whole."""
    start = time.process_time()
    _, timing = timed(table, 1)
    emit(load={"seconds": timing.seconds, "cpu": time.process_time() - start})


def read(runs: int) -> None:
    """Decoding the file alone, without the checks of its bytes, its shape and its nodes."""
    path = Workspace().read(TABLE).path
    emit(read=sample(lambda: pl.read_parquet(path), runs))


def factor(runs: int) -> None:
    mrio = table()
    emit(factor=sample(lambda: leontief.factor(mrio.Z, mrio.x), runs))


def getrf(runs: int) -> None:
    """LAPACK on a ready Fortran array that holds (I - A)'; copying it back before every run is not timed."""
    mrio = table()
    ready = np.asfortranarray((np.eye(mrio.n) - leontief.coefficients(mrio.Z, mrio.x, np.arange(mrio.n))).T)
    array = ready.copy(order="F")
    seconds, cpu = [], 0.0
    for _ in range(runs + 1):
        array[:] = ready
        start = time.process_time()
        _, timing = timed(lambda: lapack.dgetrf(array, overwrite_a=True), 1)
        seconds.append(timing.first)
        cpu += time.process_time() - start if len(seconds) > 1 else 0.0
    emit(getrf={"seconds": seconds[1:], "cpu": cpu})


def product(runs: int) -> None:
    """(n, n) times (n, countries): the 2 n^2 C operations of as many triangular solves."""
    mrio = table()
    left = np.asfortranarray(mrio.Z, dtype=float)
    right = np.ones((mrio.n, len(mrio.nodes.countries)), order="F")
    emit(product=sample(lambda: blas.dgemm(1.0, left, right), runs))


def solved(runs: int) -> None:
    """What is asked of a table that is factored."""
    mrio = table()
    lu, v, of, count = mrio.lu, mrio.v, mrio.nodes.country_index, len(mrio.nodes.countries)
    emit(
        content=sample(lambda: value_added_content(lu, v, of, count), runs),
        cut=sample(update_of(mrio), runs),
        what_if=sample(answer_of(mrio), runs),
    )


def held(runs: int) -> None:
    """The same with the inverse in memory."""
    mrio = table()
    _ = mrio.lu.inverse
    emit(cut=sample(update_of(mrio), runs), what_if=sample(answer_of(mrio), runs))


def anew(runs: int) -> None:
    """The cut without the update: factor the cut table and solve again; and how far the update is from it."""
    mrio = table()
    demand = mrio.x - mrio.Z.sum(axis=1, dtype=float)
    passed = np.where(mrio.x > 0, 1.0, 0.0)
    timing = sample(lambda: solve_anew(mrio, demand, passed), runs)
    found, update = solve_anew(mrio, demand, passed), update_of(mrio)()
    emit(
        anew=timing,
        difference=max(_far(found.lost_output, update.lost_output), _far(found.carried, update.carried)),
    )


def solve_anew(mrio: MRIO, demand: Vector, passed: Vector) -> Cut:
    """Both sides of the cut from the changed table; `passed` is v'L before it."""
    rows, columns = sides(mrio)
    Z = mrio.Z.copy()
    Z[np.ix_(rows, columns)] = 0
    lu: LU = leontief.factor(Z, mrio.x)
    return Cut(mrio.x - lu.solve(demand), mrio.x * (passed - lu.solve_transposed(mrio.v)))


def _far(a: Vector, b: Vector) -> float:
    return float(np.abs(a - b).max() / np.abs(b).max())


def sides(mrio: MRIO) -> tuple[Index, Index]:
    country, sector = QUESTION.sender.split(":")
    return mrio.nodes.of([country], [sector]), mrio.nodes.of([QUESTION.receiver])


def update_of(mrio: MRIO) -> Callable[[], Cut]:
    """The low-rank update for QUESTION, ready to be called."""
    rows, columns = sides(mrio)
    D: Matrix = mrio.Z[np.ix_(rows, columns)] * leontief.reciprocal(mrio.x)[columns]
    return lambda: cut(mrio.lu, mrio.x, mrio.v, D, rows, columns)


def answer_of(mrio: MRIO) -> Callable[[], object]:
    """The whole verb for QUESTION: update, ledger, digest and run record."""
    return lambda: what_if.solve(what_if.Inputs(QUESTION, mrio))


CASES = {
    "load": load,
    "load-fresh": load_fresh,
    "read": read,
    "factor": factor,
    "getrf": getrf,
    "product": product,
    "solved": solved,
    "held": held,
    "anew": anew,
}

if __name__ == "__main__":
    CASES[sys.argv[1]](int(sys.argv[2]))
