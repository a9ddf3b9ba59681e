"""ARIO: a step of the weekly model, one scenario and many at once, beside BoARIO and one read of the flows.

    python benchmarks/ario.py [--steps 20]

A generated table of 44 countries x 56 industries (2,464 nodes) that balances, the one of content.py, is kept under
`out/`. Three industries of one country lose half of their capacity. Every side runs in a process of its own with one
thread; ours and BoARIO's (0.7.2, with both ways to order) on the same table. Shown are milliseconds a step, the best
and the median of the steps, the physical limit (one read of Z), peak memory in copies of Z in double precision, and
what 100 events over 365 steps take, extrapolated from the steps made.
"""

from __future__ import annotations

import argparse
import logging
import time
import warnings
from collections.abc import Callable

import numpy as np

import content
from common import OUT, emit, installed, isolated, machine, markdown, peak_rss_mib, print_facts

COUNTRIES, INDUSTRIES = content.COUNTRIES, content.INDUSTRIES
EVENTS, YEAR = 100, 365
WARM = 3
"""First steps that are made and not counted: compiling, and pages that are touched for the first time."""
Z_MIB = (COUNTRIES * INDUSTRIES) ** 2 * 8 / 2**20


def clocked(step: Callable[[], object], steps: int) -> dict[str, float]:
    """Best and median wall-clock and median CPU milliseconds of a step."""
    wall, cpu = [], []
    for _ in range(steps + WARM):
        start, spent = time.perf_counter(), time.process_time()
        step()
        wall.append(1e3 * (time.perf_counter() - start))
        cpu.append(1e3 * (time.process_time() - spent))
    kept, busy = wall[WARM:], cpu[WARM:]
    return {"best": min(kept), "median": float(np.median(kept)), "cpu": float(np.median(busy))}


def ours(kind: str, scenarios: int, steps: int) -> None:
    """Steps of the model with `scenarios` scenarios, each hit in other industries."""
    from zizhu.stress.ario.economy import economy
    from zizhu.stress.ario.parameters import Parameters
    from zizhu.stress.ario.profiles import profile
    from zizhu.stress.ario.run import Scenario
    from zizhu.stress.ario.shocks import CapacityLoss, Shocks
    from zizhu.stress.ario.step import ensemble

    Z = np.load(OUT / f"ario_Z_{kind}.npy", mmap_mode="r")
    x = np.load(OUT / "content_x.npy")
    before = peak_rss_mib()
    of = economy(Z, x, None, COUNTRIES, steps_per_year=YEAR)
    p = Parameters(alpha_base=1, alpha_max=1.25, tau_alpha=YEAR, inventory=90, tau_inventory=60, psi=0.8)
    path = profile(YEAR, 1, 30, recovery=60)
    hit = [np.arange(3) + 7 * k for k in range(scenarios)]
    asked = [Scenario(p, Shocks(losses=(CapacityLoss(rows, 0.5, path),))) for rows in hit]
    state, t = ensemble(of, asked), iter(range(YEAR))
    emit(**clocked(lambda: state.step(next(t)), steps), peak=peak_rss_mib(), before=before)


def limit(kind: str, steps: int) -> None:
    """One read of Z: the sum of its squares, compiled."""
    from zizhu.stress.ario.kernels import dot

    before = peak_rss_mib()
    Z = np.load(OUT / f"ario_Z_{kind}.npy").reshape(-1)
    emit(**clocked(lambda: dot(Z, Z), steps), peak=peak_rss_mib(), before=before)


def boario(order: str, steps: int) -> None:
    """The same table and event by BoARIO, as its users run it."""
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    import pandas as pd
    import pymrio
    from boario import event  # type: ignore[import-not-found,unused-ignore]
    from boario.extended_models import ARIOPsiModel  # type: ignore[import-not-found,unused-ignore]
    from boario.simulation import Simulation  # type: ignore[import-not-found,unused-ignore]

    names = [f"R{k:02d}" for k in range(COUNTRIES)], [f"S{k:02d}" for k in range(INDUSTRIES)]
    nodes = pd.MultiIndex.from_product(names, names=["region", "sector"])
    buyers = pd.MultiIndex.from_product([names[0], ["F"]], names=["region", "category"])
    Z, Y = np.load(OUT / "content_Z.npy"), np.load(OUT / "content_Y.npy")
    before = peak_rss_mib()
    system = pymrio.IOSystem(Z=pd.DataFrame(Z, nodes, nodes), Y=pd.DataFrame(Y, nodes, buyers))
    system.calc_system()
    model = ARIOPsiModel(system, order_type=order, alpha_base=1.0, alpha_max=1.25, alpha_tau=365,
                         rebuild_tau=60, main_inv_dur=90, psi_param=0.8)  # fmt: skip
    run = Simulation(model, n_temporal_units_to_sim=YEAR)
    hit = pd.Series(0.5, nodes[:3])
    run.add_event(
        event.from_series(
            hit,
            event_type="arbitrary",
            occurrence=1,
            duration=30,
            recovery_tau=60,
            recovery_function="linear",
        )
    )
    emit(**clocked(run.next_step, steps), peak=peak_rss_mib(), before=before)


def write() -> None:
    """The table of content.py, and Z in both precisions."""
    if not (OUT / "content_Z.npy").is_file():
        content.write()
    Z = np.load(OUT / "content_Z.npy")
    np.save(OUT / "ario_Z_double.npy", Z)
    np.save(OUT / "ario_Z_single.npy", Z.astype(np.float32))
    emit(done=True)


def measure(case: list[str], steps: int) -> None:
    if case[0] == "write":
        write()
    elif case[0] == "ours":
        ours(case[1], int(case[2]), steps)
    elif case[0] == "limit":
        limit(case[1], steps)
    else:
        boario(case[1], steps)


def cases() -> dict[str, tuple[list[str], int]]:
    """What is measured, and how many scenarios a step of it makes."""
    from zizhu.stress.ensemble.computed import AT_ONCE

    found: dict[str, tuple[list[str], int]] = {}
    for kind in ("double", "single"):
        found[f"one read of Z, {kind}"] = (["limit", kind], 0)
        for scenarios in (1, AT_ONCE):
            found[f"zizhu, {kind}, {scenarios} at once"] = (["ours", kind, str(scenarios)], scenarios)
    if installed("boario"):
        found |= {f"BoARIO, {order}": (["boario", order], 1) for order in ("alt", "noalt")}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=20, help="steps of every case after the warm ones")
    parser.add_argument("case", nargs="*", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.case:
        measure(asked.case, asked.steps)
        return
    steps = ["--steps", str(asked.steps)]
    isolated(__file__, ["write"], 1)
    print_facts(machine(("numpy", "numba", "boario", "pymrio")))
    rows = []
    for name, (case, scenarios) in cases().items():
        found = isolated(__file__, [*case, *steps], 1)
        each = max(scenarios, 1)
        year = f"{EVENTS * YEAR * found['cpu'] / each / 1e3:,.0f}" if scenarios else ""
        cells = [f"{found[key] / each:.2f}" for key in ("best", "median", "cpu")]
        added = found["peak"] - found["before"]
        rows.append((name, *cells, year, f"{found['peak']:.0f}", f"{added / Z_MIB:.1f}"))
    columns = ("a scenario-step", "best ms", "median ms", "CPU ms", "100 events x 365, CPU s")
    print(markdown((*columns, "peak MiB", "of it the model, copies of Z"), rows))


if __name__ == "__main__":
    main()
