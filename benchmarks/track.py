"""Projection: coverage, errors and verdicts beside off-the-shelf forecasts of the same windows, and 10,000 series.

    python benchmarks/track.py [--windows 800] [--runs 5] [--peer PYTHON]

Windows are those of the tests (real annual series of seven families, where the test data are there), drawn at random.
Every method gives an 80 % interval, a median and a probability for the same synthetic targets; the peers' are normal,
from their own 80 % intervals. The peers run in one process of an interpreter that has statsforecast (--peer). Seconds
are for all windows and five horizons, one thread, after a warm-up.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from common import emit, isolated, load, machine, markdown, print_facts, timed
from report import Row, merged

REAL_SERIES = Path(__file__).resolve().parents[1] / "tests/track/path/real_series.py"
SERIES = 10_000
HORIZONS = 5
COLUMNS = (
    "method",
    "ASE h1",
    "h3",
    "h5",
    "covered h1",
    "h3",
    "h5",
    "width h3",
    "Brier",
    "furthest bin",
    "seconds",
)
NORMAL_80 = 1.2815515655446004
"""The 90 % point of the normal distribution."""
MANY = 1e9
"""Degrees of freedom of a Student distribution that is normal."""


def drawn(count: int) -> Any:
    """`count` of the windows of the tests, the same in every run."""
    spec = importlib.util.spec_from_file_location("real_series", REAL_SERIES)
    assert spec is not None
    assert spec.loader is not None
    real_series = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(real_series)
    whole = real_series.real()
    chosen = np.zeros(len(whole.x), dtype=bool)
    chosen[np.random.default_rng(0).permutation(len(whole.x))[:count]] = True
    return whole.where(chosen)


def peers(path: str) -> None:
    """Forecasts of the windows in `path` by every peer, beside it as <name>.npz; prints one JSON line of seconds."""
    from statsforecast import models  # type: ignore[import-not-found,unused-ignore]

    x = np.load(path)["x"]
    known = {
        "Theta": models.Theta(season_length=1),
        "ETS, damped trend": models.AutoETS(season_length=1, model="ZAN", damped=True),
        "AutoETS": models.AutoETS(season_length=1),
        "AutoARIMA": models.AutoARIMA(season_length=1),
        "random walk with drift": models.RandomWalkWithDrift(),
    }
    seconds = {}
    for name, model in known.items():
        forecast(model, x[:2])
        found, time = timed(partial(forecast, model, x), 1)
        np.savez(Path(path).with_name(f"{name}.npz"), mean=found[0], sd=found[1])
        seconds[name] = time.cpu
    emit(**seconds)


def forecast(model: Any, x: Any) -> Any:
    """Means and standard deviations (2, W, H); NaN where the peer fails."""
    found = np.full((2, len(x), HORIZONS), np.nan)
    for k, row in enumerate(x):
        try:
            made = model.forecast(row[np.isfinite(row)], HORIZONS, level=[80])
        except Exception:  # whatever a peer raises is a window that it cannot do
            continue
        found[0, k] = made["mean"]
        found[1, k] = (made["hi-80"] - made["lo-80"]) / (2 * NORMAL_80)
    return found


def judged(name: str, of: Any, method: Any, seconds: float | None) -> list[str]:
    """One row of the table."""
    from zizhu.track.path import backtest

    h = np.arange(1.0, HORIZONS + 1)
    found, verdicts = backtest.scores(of, method(of.x, h)), backtest.verdicts(of, method)
    bins = backtest.reliability(verdicts.p, verdicts.attained)
    furthest = max(abs(b.attained - b.predicted) for b in bins)
    return [
        name,
        *(f"{found.ase[k]:.3f}" for k in (0, 2, 4)),
        *(f"{found.coverage[k]:.3f}" for k in (0, 2, 4)),
        f"{found.width[2]:.1f}",
        f"{backtest.brier(verdicts.p, verdicts.attained):.4f}",
        f"{furthest:.3f}",
        "" if seconds is None else f"{seconds:.2f}",
    ]


def ours(of: Any, runs: int) -> list[list[str]]:
    """The rows of the mixture as published and tempered, and of what always says how often targets are attained."""
    from zizhu.track.path import backtest, drift, mixture

    h, rows = np.arange(1.0, HORIZONS + 1), []
    for name, prior in (("mixture, tempered", drift.TEMPERED), ("mixture, as published", drift.PLAIN)):

        def method(x: Any, h: Any, prior: Any = prior) -> Any:
            return mixture.predicted(x, h, prior)

        def whole(method: Any = method) -> Any:
            return mixture.interval(method(of.x, h), "log")

        whole()
        rows.append(judged(name, of, method, timed(whole, runs)[1].cpu))
    attained = backtest.verdicts(of, mixture.predicted).attained
    rows.append(["climatology", *[""] * 7, f"{backtest.climatology(attained):.4f}", "", ""])
    return rows


def others(of: Any, folder: Path, python: str) -> list[list[str]]:
    """The rows of the peers. Raises RuntimeError with the end of their errors when the process fails."""
    from zizhu.track.path import mixture
    from zizhu.track.path.drift import Student

    path = folder / "windows.npz"
    np.savez(path, x=of.x)
    done = subprocess.run(
        [python, __file__, "peers", str(path)],
        capture_output=True,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"},
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    rows = []
    for name, seconds in json.loads(done.stdout.strip().splitlines()[-1]).items():
        made = np.load(folder / f"{name}.npz")
        there = made["sd"][:, -1] > 0
        mean, sd = made["mean"][there], made["sd"][there]

        def method(x: Any, h: Any, mean: Any = mean, sd: Any = sd) -> Any:
            k = np.asarray(h, dtype=int) - 1
            return (Student(mean[:, k], sd[:, k], np.full((len(x), 1), MANY)),)

        rows.append(judged(name, of.where(there), method, seconds))
        if not there.all():
            rows[-1][0] += f", on {there.sum()} windows: fails on the others"
            rows.append(judged("mixture, tempered, on the same", of.where(there), mixture.predicted, None))
    return rows


def many(runs: int) -> None:
    """Intervals and probabilities of SERIES series of 6 to 15 points; prints one JSON line."""
    from zizhu.track.path import kinds, mixture
    from zizhu.track.path.transforms import stacked

    rng = np.random.default_rng(0)
    x = stacked([rng.normal(0.05, 0.1, n).cumsum() for n in rng.integers(6, 16, SERIES)])
    h = rng.integers(1, HORIZONS + 1, (SERIES, 1)).astype(float)
    value = np.exp(x[:, -1:] + 0.2)

    def verdicts() -> Any:
        parts = mixture.predicted(x, h)
        return mixture.interval(parts, "log"), mixture.attained(parts, ">=", value, "log")

    def paths() -> Any:
        return kinds.reach_by(x[:1000], value[:1000, 0], HORIZONS, "log")

    found = {}
    for name, call in (("verdicts", verdicts), ("paths", paths)):
        call()
        _, time = timed(call, runs)
        found[name] = {"seconds": time.seconds, "cpu": sum(time.cpu_seconds)}
    emit(**found)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--windows", type=int, default=800)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peer", default="", help="an interpreter that has statsforecast")
    asked = parser.parse_args()
    print_facts(machine(("zizhu", "numpy", "scipy")))
    found = isolated(Path(__file__), ["many", str(asked.runs)], threads=1)
    rows = [
        Row("interval and probability of 10,000 series", merged([found["verdicts"]]), "s", "<= 5 s"),
        Row("1,000 targets reached by a date, 4,000 paths each", merged([found["paths"]]), "s", "<= 2 s"),
    ]
    print(markdown(("what", "ours", "goal"), [[r.cells()[k] for k in (0, 1, 5)] for r in rows]))
    try:
        of = drawn(asked.windows)
    except FileNotFoundError as error:
        print(f"No windows of real series: {error}")
        return
    table = ours(of, asked.runs)
    if asked.peer:
        with tempfile.TemporaryDirectory() as folder:
            table += others(of, Path(folder), asked.peer)
    print(
        f"{len(of.x)} windows of {len(np.unique(of.group))} series, families {', '.join(np.unique(of.family))}."
    )
    print(markdown(COLUMNS, table))
    print(f"Load of the machine after: {load()}.")


if __name__ == "__main__":
    if sys.argv[1:2] == ["peers"]:
        peers(sys.argv[2])
    elif sys.argv[1:2] == ["many"]:
        many(int(sys.argv[2]))
    else:
        main()
