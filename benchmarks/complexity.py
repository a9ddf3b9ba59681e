"""RCA, ECI and PCI, proximity, density, COI and COG of one matrix, held against two packages that do the same.

    python benchmarks/complexity.py [--places 230] [--products 5000] [--runs 3] [--peers PYTHON]

The peers (ecomplexity 0.5.3 and econcomplex 1.0.1, both of PyPI) run in the Python of PEERS, an environment of their
own: `python -m venv peers && peers/bin/pip install ecomplexity==0.5.3 econcomplex==1.0.1`. Every side runs in a
process of its own, with one thread, in turn; timed is the calculation alone, from numbers in memory. The ECI that the
sides find are compared. The limit is the multiplication that proximity consists of, in single precision.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from common import emit, isolated, machine, markdown, peak_rss_mib, print_facts, timed
from report import COLUMNS, Row, Sample

Matrix = NDArray[np.float64]
SEED = 3
PEERS = ("ecomplexity", "econcomplex")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def made(places: int, products: int) -> Matrix:
    """Sales with a third of zeros: able places sell difficult products, sizes are skewed."""
    rng = np.random.default_rng(SEED)
    able, hard = np.sort(rng.normal(0, 1, places)), rng.normal(0, 1.2, products)
    size = rng.lognormal(0, 1.8, places)[:, None] * rng.lognormal(0, 1.5, products)
    chance = 1 / (1 + np.exp(-2 * (able[:, None] - hard)))
    X = size * np.exp(rng.normal(0, 1.8, (places, products))) * chance
    X[rng.random((places, products)) < 0.35] = 0
    return X


def suite(X: Matrix) -> dict[str, Any]:
    """All indices, the matrix of proximity included, as the kernels of the verb make them."""
    from zizhu.depend.specialisation import eci, outlook, proximity, rca

    R = rca.rca(X)
    M = rca.specialised(R)
    index = eci.atlas(eci.eci_pci(M))
    density = proximity.density(M)
    return {
        "eci": index.eci,
        "pci": index.pci,
        "R": R,
        "phi": proximity.proximity(M),
        "density": density,
        "coi": outlook.coi(density, M, index.pci),
        "cog": outlook.cog(density, M, index.pci, "plain"),
    }


def ours(folder: Path, runs: int) -> None:
    X = np.load(folder / "X.npy")
    found, timing = timed(lambda: suite(X), runs)
    peak = peak_rss_mib()
    np.save(folder / "ours.npy", found["eci"])
    emit(seconds=timing.seconds, cpu=timing.cpu_seconds, peak=peak)


def limit(folder: Path, runs: int) -> None:
    """The product M'M in single precision alone, into memory that is there."""
    M = (np.load(folder / "X.npy") > 0).astype(np.float32)
    left, out = np.ascontiguousarray(M.T), np.zeros((M.shape[1], M.shape[1]), dtype=np.float32)
    _, timing = timed(lambda: np.matmul(left, M, out=out), runs)
    emit(seconds=timing.seconds, cpu=timing.cpu_seconds, peak=peak_rss_mib())


PEER = """
import contextlib, io, json, resource, sys, time, warnings
warnings.filterwarnings("ignore")
import numpy as np, pandas as pd
name, folder = sys.argv[1:]
X = np.load(folder + "/X.npy")
C, P = X.shape
frame = pd.DataFrame({
    "year": 2020,
    "loc": np.repeat([f"c{i:03d}" for i in range(C)], P),
    "prod": np.tile([f"p{i:04d}" for i in range(P)], C),
    "val": X.ravel(),
})
if name == "ecomplexity":
    from ecomplexity import ecomplexity
    call = lambda: ecomplexity(frame, dict(time="year", loc="loc", prod="prod", val="val"), verbose=False)
else:
    import econcomplex
    call = lambda: econcomplex.compute_complexity(frame, dict(loc="loc", act="prod", val="val"))
with contextlib.redirect_stdout(io.StringIO()):
    start, spent = time.perf_counter(), time.process_time()
    answer = call()
    seconds, cpu = time.perf_counter() - start, time.process_time() - spent
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
np.save(f"{folder}/{name}.npy", answer.groupby("loc")["eci"].first().to_numpy())
print(json.dumps({"seconds": [seconds], "cpu": [cpu], "peak": peak}))
"""


def peer(python: Path, name: str, folder: Path) -> dict[str, Any]:
    """One run of a peer in its own environment, with one thread."""
    done = subprocess.run(
        [str(python), "-c", PEER, name, str(folder)],
        capture_output=True,
        text=True,
        env=os.environ | dict.fromkeys(THREADS, "1"),
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{name}: exit {done.returncode}\n{done.stderr[-2000:]}")
    report: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return report


def all_runs(found: list[dict[str, Any]]) -> Sample:
    """The runs of several processes as one sample."""
    return Sample(tuple(s for r in found for s in r["seconds"]), sum(sum(r["cpu"]) for r in found))


def compared(folder: Path, asked: argparse.Namespace) -> tuple[list[Row], list[str]]:
    """Times and memory of all sides, run in turn."""
    names = ["ours", "limit", *(PEERS if asked.peers else ())]
    reports: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for _ in range(asked.runs):
        for name in names:
            own = name in ("ours", "limit")
            reports[name].append(
                isolated(__file__, ["--side", name, str(folder)], 1)
                if own
                else peer(asked.peers, name, folder)
            )
    time = {n: all_runs(found) for n, found in reports.items()}
    peak = {n: Sample(tuple(r["peak"] for r in found)) for n, found in reports.items()}
    rows = [Row("all indices", time["ours"], "s", "<= 2 s", time["limit"], "M'M alone (sgemm)")]
    notes = []
    for name in names[2:]:
        rows.append(Row("all indices", time["ours"], "s", "ratio <= 1/35", time[name], name))
        rows.append(Row("peak memory", peak["ours"], "MiB", "ratio <= 0.50", peak[name], name))
        apart = np.abs(np.load(folder / "ours.npy") - np.load(folder / f"{name}.npy")).max()
        longer = time[name].median / time["ours"].median
        notes.append(f"{name} takes {longer:.0f} times as long; ECI differs by {apart:.1e} at most.")
    return rows, notes


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--places", type=int, default=230)
    parser.add_argument("--products", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peers", type=Path, help="the Python of the environment that has the peers")
    parser.add_argument("--side", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.side:
        {"ours": ours, "limit": limit}[asked.side[0]](Path(asked.side[1]), 3)
        return
    print_facts(machine(("zizhu", "numpy", "scipy")))
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "X.npy", made(asked.places, asked.products))
        rows, notes = compared(Path(folder), asked)
    print(markdown(COLUMNS, [row.cells() for row in rows]))
    print("\n".join(notes))


if __name__ == "__main__":
    main()
