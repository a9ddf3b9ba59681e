"""The same question put to zizhu and to pymrio: value added of 80 countries in one unit of output of 4,000 buyers.

    python benchmarks/peer_pymrio.py export FOLDER            # the table as plain arrays, for the peer
    python benchmarks/peer_pymrio.py ours FOLDER
    python benchmarks/peer_pymrio.py pymrio FOLDER
    python benchmarks/peer_pymrio.py difference FOLDER        # largest absolute difference of the two answers

Every case is one process and prints one JSON line with the seconds of its phases and its peak memory. The peer is
given .npy arrays, which it reads faster than Parquet, and only the functions that the question needs: output x,
coefficients A, inverse L, direct coefficients S of 80 stressors (value added by country) and multipliers M = S L.
Libraries are imported inside the cases, where their time is part of the phase `imports`.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from common import emit, peak_rss_mib

TABLE = "icio-2022"
Phases = dict[str, float]


@contextmanager
def phase(spent: Phases, name: str) -> Iterator[None]:
    """Note the wall and CPU seconds of the block as `name` and `name cpu`."""
    start, cpu = time.perf_counter(), time.process_time()
    yield
    spent[name], spent[f"{name} cpu"] = time.perf_counter() - start, time.process_time() - cpu


def export(folder: Path) -> None:
    """Flows, sales elsewhere and value added by country of origin (C, n), float64, and the names of the nodes."""
    import numpy as np

    from zizhu.store import Workspace
    from zizhu.tables.content import country_indicator
    from zizhu.tables.load import load_mrio

    mrio = load_mrio(Workspace(), TABLE)
    Z = np.asarray(mrio.Z, dtype=float)
    by_country = country_indicator(mrio.nodes.country_index, len(mrio.nodes.countries)).T
    np.save(folder / "Z.npy", Z)
    np.save(folder / "Y.npy", (mrio.x - Z.sum(axis=1))[:, None])
    np.save(folder / "F.npy", np.ascontiguousarray(by_country * (mrio.v * mrio.x)))
    (folder / "nodes.json").write_text(json.dumps([list(mrio.nodes), mrio.nodes.countries]), encoding="utf-8")
    emit(n=mrio.n)


def ours(folder: Path) -> None:
    """From the stored table, its checks included, to the contents."""
    spent: Phases = {}
    with phase(spent, "imports"):
        import numpy as np

        from zizhu.store import Workspace
        from zizhu.tables.load import load_mrio
    with phase(spent, "read"):
        mrio = load_mrio(Workspace(), TABLE)
    with phase(spent, "calculation"):
        answer = mrio.contained
    np.save(folder / "ours.npy", answer)
    emit(**spent, frames=0.0, peak=peak_rss_mib(), **{"whole cpu": time.process_time()})


def pymrio(folder: Path) -> None:
    """From plain arrays over data frames to the multipliers."""
    warnings.filterwarnings("ignore")
    spent: Phases = {}
    with phase(spent, "imports"):
        np, pd, peer = (importlib.import_module(name) for name in ("numpy", "pandas", "pymrio"))
    with phase(spent, "read"):
        Z, Y, F = (np.load(folder / f"{name}.npy") for name in "ZYF")
        nodes, countries = json.loads((folder / "nodes.json").read_text(encoding="utf-8"))
    with phase(spent, "frames"):
        index = pd.MultiIndex.from_tuples([tuple(node) for node in nodes], names=["region", "sector"])
        final = pd.MultiIndex.from_tuples([("all", "final")], names=["region", "category"])
        tables = _frames(pd, (Z, index, index), (Y, index, final), (F, countries, index))
    with phase(spent, "calculation"):
        answer = multipliers(peer, *tables)
    np.save(folder / "pymrio.npy", answer.to_numpy())
    emit(**spent, peak=peak_rss_mib(), **{"whole cpu": time.process_time()})


def _frames(pd: Any, *parts: tuple[Any, Any, Any]) -> list[Any]:
    return [pd.DataFrame(array, rows, columns, copy=False) for array, rows, columns in parts]


def multipliers(peer: Any, Z: Any, Y: Any, F: Any) -> Any:
    """M (C, n) as a data frame, by the peer's functions in the order of its documentation."""
    x = peer.calc_x(Z, Y)
    A = peer.calc_A(Z, x)
    L = peer.calc_L(A)
    return peer.calc_M(peer.calc_S(F, x), L)


def difference(folder: Path) -> None:
    """Largest absolute difference; contents are shares of one unit of output."""
    import numpy as np

    emit(difference=float(np.abs(np.load(folder / "ours.npy") - np.load(folder / "pymrio.npy")).max()))


CASES = {"export": export, "ours": ours, "pymrio": pymrio, "difference": difference}

if __name__ == "__main__":
    CASES[sys.argv[1]](Path(sys.argv[2]))
