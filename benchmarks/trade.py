"""Trade equilibrium: one solve, its sweeps, draws of elasticities and hard elasticities, beside a plain solver.

    python benchmarks/trade.py [--repeats 7] [--draws 1000]

Generated worlds (77 x 45, 80 x 50, 140 x 80, and 31 x 40, the size of the NAFTA base, which is used itself where the
test data are there). Country 0 raises all tariffs by 25 or 60 points. Every side runs in a process of its own with one
thread; shown are milliseconds, the best and the median of repeated solves and the median CPU, to a residual of 1e-10.
The plain solver is the same model as it is usually written: shares of suppliers formed in every sweep by powers and
einsum, wages damped by .3, no acceleration. Peers that cannot run here, as read: KITE.jl about 100 ms at 81 x 50 (its
own claim); the R package cp2015 9.3 s for both solves of NAFTA and 253 s without convergence at 77 x 45; dense Newton
steps at 77 x 45 0.86 s to build and 1.9 s to factor each.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np

from common import emit, isolated, machine, markdown, peak_rss_mib, print_facts, timed

SIZES = {"31 x 40": (31, 40), "77 x 45": (77, 45), "80 x 50": (80, 50), "140 x 80": (140, 80)}
GOALS = {"31 x 40": 20, "77 x 45": 30, "80 x 50": 100}
"""Milliseconds of a solve."""
DRAWN_TOL = 1e-8
"""Residual of a draw: what it leaves open in EV is printed, and is nothing beside the spread of the draws."""
DRAWS_GOAL = 20.0
"""Seconds for a thousand draws."""
SHARED = Path(__file__).resolve().parents[2] / "shared"


def generated(countries: int, sectors: int) -> Any:
    """A world of shares and flows whose sizes, own shares, tariffs and elasticities (2 to 9) are like real ones."""
    from zizhu.stress.trade.calibrate import from_shares

    rng = np.random.default_rng(0)
    size = rng.lognormal(0, 1.2, countries)
    flow = rng.lognormal(0, 1, (countries, countries, sectors)) * size[:, None, None] * size[None, :, None]
    own = np.arange(countries)
    flow[own, own] *= 1.6 * countries
    gamma = rng.dirichlet(np.full(sectors, 0.3), (countries, sectors)).transpose(0, 2, 1)
    gamma *= rng.uniform(0.3, 0.7, (countries, 1, sectors))
    tau = rng.uniform(0, 0.15, (countries, countries, sectors))
    tau[own, own] = 0
    theta = rng.uniform(2, 9, sectors)
    return from_shares(flow, flow.sum(axis=0), gamma, 1 - gamma.sum(axis=1), tau, theta).base


def raised(base: Any, points: float) -> Any:
    """Country 0 raises all its tariffs."""
    from zizhu.stress.trade.instruments import Cells, Tariff, combined

    others = np.arange(1, base.countries)
    where = Cells(np.array([0]), others, np.arange(base.sectors))
    return combined(base, [Tariff(where, points, added=True)])


def ours(size: str, points: float, factor: float, repeats: int) -> None:
    """One solve, with all that the solution keeps; elasticities times `factor`."""
    from zizhu.stress.trade.base import with_theta
    from zizhu.stress.trade.solve import solve
    from zizhu.stress.trade.welfare import equivalent_variation

    base = generated(*SIZES[size])
    base = with_theta(base, factor * base.theta)
    shock = raised(base, points)
    solve(base, shock)
    found, time = timed(lambda: solve(base, shock), repeats)
    emit(
        best=1e3 * min(time.seconds),
        median=1e3 * time.median,
        cpu=1e3 * time.cpu,
        sweeps=found.convergence.sweeps,
        method=found.convergence.method,
        residual=found.convergence.residuals.largest,
        value=float(100 * equivalent_variation(found)[0]),
        peak=peak_rss_mib(),
    )


def nafta(repeats: int) -> None:
    """The NAFTA tariffs on the 1993 base without deficits."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
    from stress.trade import worlds  # type: ignore[import-not-found,unused-ignore]
    from zizhu.stress.trade.solve import solve
    from zizhu.stress.trade.welfare import equivalent_variation

    base = worlds.nafta(deficits=False)
    shock = worlds.nafta_shock(base)
    solve(base, shock)
    found, time = timed(lambda: solve(base, shock), repeats)
    emit(
        best=1e3 * min(time.seconds),
        median=1e3 * time.median,
        cpu=1e3 * time.cpu,
        sweeps=found.convergence.sweeps,
        method=found.convergence.method,
        residual=found.convergence.residuals.largest,
        value=float(100 * equivalent_variation(found)[worlds.place("MEX")]),
        peak=peak_rss_mib(),
    )


def draws(count: int) -> None:
    """Elasticities drawn anew (20 % either way), each solved from the state of the central solution to DRAWN_TOL."""
    from zizhu.stress.trade.base import with_theta
    from zizhu.stress.trade.solve import solve
    from zizhu.stress.trade.welfare import equivalent_variation

    base = generated(*SIZES["77 x 45"])
    shock = raised(base, 0.25)
    middle = solve(base, shock).state
    drawn = base.theta * np.random.default_rng(1).lognormal(0, 0.2, (count, base.sectors))

    def all_draws() -> list[int]:
        return [one(t, DRAWN_TOL).convergence.sweeps for t in drawn]

    def one(theta: Any, tol: float) -> Any:
        return solve(with_theta(base, theta), shock, start=middle, tol=tol)

    def worth(tol: float) -> Any:
        return np.array([equivalent_variation(one(t, tol)) for t in drawn[:10]])

    sweeps, time = timed(all_draws, 1)
    off = float(100 * np.abs(worth(DRAWN_TOL) - worth(1e-12)).max())
    emit(seconds=time.median, cpu=time.cpu, sweeps=float(np.mean(sweeps)), off=off, peak=peak_rss_mib())


def plain(size: str, points: float, repeats: int) -> None:
    """The same equilibrium as it is usually written."""
    base = generated(*SIZES[size])
    shock = raised(base, points)
    tau = np.ascontiguousarray(shock.tau)
    kappa = np.ascontiguousarray((1 + shock.tau) / (1 + base.tau))
    pi = np.ascontiguousarray(base.pi)
    world = base.VA.sum()

    def solved() -> tuple[float, int]:
        w, P, X = np.ones(base.countries), np.ones_like(base.X), base.X.copy()
        for sweep in range(1, 5000):  # noqa: B007
            c = w[:, None] ** base.beta * np.exp(np.einsum("nkj,nk->nj", base.gamma, np.log(P)))
            weights = pi * (kappa * c) ** -base.theta
            new = weights.sum(axis=1) ** (-1 / base.theta)
            flow = weights / weights.sum(axis=1)[:, None] * X[:, None] / (1 + tau)
            Y = flow.sum(axis=0)
            income = w * base.VA + np.einsum("nij,nij->n", tau, flow) + base.D
            spent = np.einsum("nkj,nj->nk", base.gamma, Y) + base.alpha * income[:, None]
            gap = np.log((base.beta * Y).sum(axis=1) / (w * base.VA))
            error = max(np.abs(np.log(new / P)).max(), np.abs(np.log(spent / X)).max(), np.abs(gap).max())
            P, X, w = new, spent, w * np.exp(0.3 * gap)
            w *= world / (w * base.VA).sum()
            if error <= 1e-10:
                break
        worth = income[0] / base.I[0] / np.exp((base.alpha[0] * np.log(P[0])).sum()) - 1
        return float(100 * worth), sweep

    (value, sweeps), time = timed(solved, repeats)
    emit(
        best=1e3 * min(time.seconds),
        median=1e3 * time.median,
        cpu=1e3 * time.cpu,
        sweeps=sweeps,
        method="plain",
        residual=1e-10,
        value=value,
        peak=peak_rss_mib(),
    )


def measure(case: list[str], repeats: int, count: int) -> None:
    if case[0] == "ours":
        ours(case[1], float(case[2]), float(case[3]), repeats)
    elif case[0] == "plain":
        plain(case[1], float(case[2]), max(1, repeats // 3))
    elif case[0] == "nafta":
        nafta(repeats)
    else:
        draws(count)


def cases() -> dict[str, tuple[list[str], float | None]]:
    """What is measured, and its goal in milliseconds."""
    found: dict[str, tuple[list[str], float | None]] = {}
    if (SHARED / "data" / "test" / "cp2015").is_dir():
        found["NAFTA 31 x 40"] = (["nafta"], GOALS["31 x 40"])
    for size in SIZES:
        found[f"{size}, +25 points"] = (["ours", size, "0.25", "1"], GOALS.get(size))
    found["77 x 45, +60 points"] = (["ours", "77 x 45", "0.6", "1"], GOALS["77 x 45"])
    for factor, name in (("4", "theta x 4"), ("0.3333", "theta / 3"), ("0.15", "theta x .15")):
        found[f"77 x 45, +60 points, {name}"] = (["ours", "77 x 45", "0.6", factor], None)
    for size in ("31 x 40", "77 x 45"):
        found[f"plain solver, {size}, +25 points"] = (["plain", size, "0.25"], None)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=7, help="solves of every case")
    parser.add_argument("--draws", type=int, default=1000, help="draws of elasticities")
    parser.add_argument("case", nargs="*", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.case:
        measure(asked.case, asked.repeats, asked.draws)
        return
    options = ["--repeats", str(asked.repeats), "--draws", str(asked.draws)]
    print_facts(machine(("numpy",)))
    rows = []
    for name, (case, goal) in cases().items():
        r = isolated(__file__, [*case, *options], 1)
        times = [f"{r[key]:.1f}" for key in ("best", "median", "cpu")]
        sweep = f"{r['cpu'] / r['sweeps']:.2f}"
        rows.append(
            (
                name,
                *times,
                f"{goal:.0f}" if goal else "",
                str(r["sweeps"]),
                sweep,
                r["method"],
                f"{r['residual']:.0e}",
                f"{r['value']:.6f}",
                f"{r['peak']:.0f}",
            )
        )
    columns = ("a solve", "best ms", "median ms", "CPU ms", "goal ms", "sweeps", "CPU ms a sweep", "method")
    print(markdown((*columns, "residual", "EV of 0, %", "peak MiB"), rows))
    d = isolated(__file__, ["draws", *options], 1)
    print(
        f"\n{asked.draws} draws of theta at 77 x 45: {d['seconds']:.1f} s, CPU {d['cpu']:.1f} s, "
        f"{d['sweeps']:.1f} sweeps each, EV within {d['off']:.0e} pp, peak {d['peak']:.0f} MiB; "
        f"goal {DRAWS_GOAL * asked.draws / 1000:.1f} s"
    )


if __name__ == "__main__":
    main()
