"""From data to a base: each repair is a step of its own and lists every cell that it changes.

Two kinds of data. `from_table`: an input-output table with final demand by destination, whose base is an equilibrium
as soon as its cells are sound. `from_shares`: trade flows, output and national cost shares from different sources
(Caliendo and Parro 2015), which do not fit: what is left over is clipped, and the world is solved once without a shock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zizhu.stress.trade.base import Base, Cube, assemble, check, sector_major
from zizhu.stress.trade.instruments import unchanged
from zizhu.stress.trade.solve import rebase, solve
from zizhu.stress.trade.system import Residuals, system
from zizhu.stress.trade.technology import cobb_douglas
from zizhu.tables.leontief import Matrix, Vector
from zizhu.vocab.problems import Problem, ZizhuError

AT_REST = 1e-12
"""Residual of the sweep of a base without a shock."""
CLOSE = 1e-13
"""Tolerance of the solve that makes a base out of shares that do not fit."""
STEP, LINEAR = 1e-6, 1e-4
"""A small change of a tariff, and how far from its slope the answer may be, as a share."""

NEGATIVE_FINAL = "negative final use set to 0"
NO_VALUE_ADDED = "inputs above output: filled by own final use"
COLUMN = "cost shares scaled to add up to one"
NO_COLUMN = "no cost shares: value added only"
OUTPUT = "output raised to exports"
NO_OWN = "no own sales"
OWN = "own sales raised to the floor"
NO_SPENDING = "no spending: bought at home"
CLIPPED = "negative rest for final spending set to 0"


@dataclass(frozen=True)
class Repair:
    """One changed cell: of which array, where, from what, to what, and why."""

    part: str
    index: tuple[int, ...]
    before: float
    after: float
    why: str


@dataclass(frozen=True, eq=False)
class Calibrated:
    """A base and all cells that were changed to get it."""

    base: Base
    repairs: tuple[Repair, ...]


def from_table(Z: Matrix, F: Matrix, tau: Cube, theta: Vector, *, least_own: float = 0.0) -> Calibrated:
    """Z (n, n) and F (n, N) at prices without tariffs, country-major, n = N J; tau (N, N, J); theta (J,).

    Every use in a country has the same shares of suppliers. `least_own` is the share of a country's spending on a
    sector that is bought at home at least. Raises ZizhuError for shapes, signs and what remains no equilibrium.
    """
    N, J = F.shape[1], len(theta)
    _check_table(Z, F, tau, N, J)
    inputs = Z.reshape(N, J, N, J)
    paid = np.einsum("iknj,nik->nkj", inputs, 1.0 + tau, optimize=True)
    F, clipped = without_negative_final(F)
    F, filled = with_value_added(paid.sum(axis=1).ravel(), Z, F)
    F, raised = with_own_sales(Z, F, least_own)
    final = F.reshape(N, J, N)
    flow = (inputs.sum(axis=3) + final).transpose(2, 0, 1)
    pi, X, none = shares_of(flow, tau)
    output = Z.sum(axis=1) + F.sum(axis=1)
    gamma = _per(paid, output.reshape(N, 1, J))
    spent = np.einsum("ikn,nik->nk", final, 1.0 + tau)
    base = assemble(pi, tau, gamma, _per(spent, spent.sum(axis=1, keepdims=True)), theta, X)
    exit_test(base)
    return Calibrated(base, (*clipped, *filled, *raised, *none))


def from_shares(
    flow: Cube,
    output: Matrix,
    gamma: Cube,
    beta: Matrix,
    tau: Cube,
    theta: Vector,
    alpha: Matrix | None = None,
) -> Calibrated:
    """flow (N, N, J) between countries without tariffs (own sales are ignored), output (N, J), cost shares gamma
    (N, K, J) and beta (N, J), tau (N, N, J), theta (J,).

    alpha (N, J) are final shares, for instance without inventories; without them final spending is what production
    leaves of spending. Deficits stay at those of the flows. The base is the world solved with these shares.
    """
    gamma, beta, scaled = normalised(gamma, beta)
    flow, raised = with_own_output(flow, output)
    pi, X, none = shares_of(flow, tau)
    Y = flow.sum(axis=0)
    rest = X - np.einsum("nkj,nj->nk", gamma, Y)
    clipped: Sequence[Repair] = ()
    if alpha is None:
        alpha, clipped = without_negative(rest, "final spending", CLIPPED)
    alpha = alpha / alpha.sum(axis=1, keepdims=True)
    raw = replace(assemble(pi, tau, gamma, alpha, theta, X), beta=beta)
    base = rebase(solve(raw, unchanged(raw), tol=CLOSE))
    exit_test(base)
    return Calibrated(base, (*scaled, *raised, *none, *clipped))


def exit_test(base: Base) -> Residuals:
    """Residuals of one sweep without a shock, all at most AT_REST; raises ZizhuError for what is no equilibrium.

    Also that a tariff lowers the share it falls on by theta (1 - pi): the sign and size of an elasticity.
    """
    check(base)
    of = system(base, unchanged(base), "fixed", cobb_douglas(base))
    found = of.sweep(of.state(of.start())).residuals
    faults = []
    if not found.largest <= AT_REST:
        faults.append(
            Problem(
                f"a world without a shock moves by {found.largest:.2g}",
                "base",
                f"at most {AT_REST:g}",
                "Solve the base again and start from the solved world.",
            )
        )
    slope, wanted = response(base)
    if not abs(slope - wanted) <= LINEAR * abs(wanted):
        faults.append(
            Problem(
                f"a tariff of 1 % changes a share by {slope:.4g} %",
                "base",
                f"{wanted:.4g} %, theta (1 - pi) with a negative sign",
                "theta is the trade elasticity, not its inverse.",
            )
        )
    if faults:
        raise ZizhuError(faults)
    return found


def response(base: Base) -> tuple[float, float]:
    """d ln pi / d ln (1 + tau) of the largest foreign share at given costs: by a small tariff, and -theta (1 - pi)."""
    foreign = base.pi.copy()
    own = np.arange(base.countries)
    foreign[own, own] = 0.0
    at = np.unravel_index(int(foreign.argmax()), foreign.shape)
    tau = base.tau.copy()
    tau[at] = (1.0 + tau[at]) * np.exp(STEP) - 1.0
    A = system(base, replace(unchanged(base), tau=tau), "zero", cobb_douglas(base)).trade.paid.whole
    n, i, j = at
    share = A[j, n, i] / A[j, n].sum()
    return float(np.log(share / base.pi[at]) / STEP), float(-base.theta[j] * (1.0 - base.pi[at]))


def without_negative(values: Matrix, part: str, why: str) -> tuple[Matrix, list[Repair]]:
    """Values with negative cells set to 0."""
    return _changed(values, np.maximum(values, 0.0), part, why)


def without_negative_final(F: Matrix) -> tuple[Matrix, list[Repair]]:
    """Final use (n, N) without negative cells, which are mostly inventories drawn down."""
    return without_negative(F, "final use", NEGATIVE_FINAL)


def with_value_added(paid: Vector, Z: Matrix, F: Matrix) -> tuple[Matrix, list[Repair]]:
    """Final use (n, N) with as much more at home as what is paid for inputs (n,), tariffs too, is above output."""
    lacking = np.maximum(paid - Z.sum(axis=1) - F.sum(axis=1), 0.0)
    return _more_at_home(F, lacking, NO_VALUE_ADDED)


def with_own_sales(Z: Matrix, F: Matrix, least: float) -> tuple[Matrix, list[Repair]]:
    """Final use (n, N) with own sales of at least the share `least` of a country's spending on each sector."""
    N = F.shape[1]
    J = len(Z) // N
    flow = Z.reshape(N, J, N, J).sum(axis=3) + F.reshape(N, J, N)
    own = np.einsum("njn->nj", flow)
    foreign = flow.sum(axis=0).T - own
    lacking = np.maximum(least / (1.0 - least) * foreign - own, 0.0)
    return _more_at_home(F, lacking.ravel(), OWN)


def _more_at_home(F: Matrix, more: Vector, why: str) -> tuple[Matrix, list[Repair]]:
    rows = np.arange(len(F))
    after = F.copy()
    after[rows, rows // (len(F) // F.shape[1])] += more
    return _changed(F, after, "final use", why)


def normalised(gamma: Cube, beta: Matrix) -> tuple[Cube, Matrix, list[Repair]]:
    """Cost shares (N, K, J) and value added (N, J) that add up to one; a column without any is all value added.

    Digits lost in print (1e-8) are enough to keep a solve from ever converging.
    """
    inputs = gamma.sum(axis=1)
    whole = inputs + beta
    empty = inputs <= 0
    size = np.where(empty, 1.0, whole)
    repairs = [
        Repair("cost shares", (int(n), int(j)), float(whole[n, j]), 1.0, NO_COLUMN if empty[n, j] else COLUMN)
        for n, j in np.argwhere(whole != 1.0)
    ]
    return gamma / size[:, None, :], np.where(empty, 1.0, beta / size), repairs


def with_own_output(flow: Cube, output: Matrix) -> tuple[Cube, list[Repair]]:
    """Flows (N, N, J) with output less exports on the diagonal; output below exports is raised to them.

    Cells without own sales stay and are listed: after an embargo on all their suppliers nothing can be bought there.
    """
    own = np.arange(len(output))
    flow = sector_major(flow).copy(order="K")
    flow[own, own] = 0.0
    exports = flow.sum(axis=0)
    after, raised = _changed(output, np.maximum(output, exports), "output", OUTPUT)
    flow[own, own] = after - exports
    bare = np.argwhere(flow[own, own] <= 0)
    return flow, [*raised, *(Repair("own sales", (int(n), int(j)), 0.0, 0.0, NO_OWN) for n, j in bare)]


def shares_of(flow: Cube, tau: Cube) -> tuple[Cube, Matrix, list[Repair]]:
    """Shares pi (N, N, J) of spending with tariffs, and spending X (N, J); who spends nothing would buy at home."""
    gross = sector_major(flow * (1.0 + tau))
    X = gross.sum(axis=1)
    pi = _per(gross, X[:, None, :])
    none = np.argwhere(X <= 0)
    pi[none[:, 0], none[:, 0], none[:, 1]] = 1.0
    repairs = [Repair("share of supplier", (int(n), int(n), int(j)), 0.0, 1.0, NO_SPENDING) for n, j in none]
    return pi, X, repairs


def _per(values: Matrix, whole: Matrix) -> Matrix:
    """values / whole, 0 where there is no whole."""
    whole = np.broadcast_to(whole, values.shape)
    return np.divide(values, whole, out=np.zeros_like(values), where=whole > 0)


def _changed(before: Matrix, after: Matrix, part: str, why: str) -> tuple[Matrix, list[Repair]]:
    at: NDArray[np.intp] = np.argwhere(before != after)
    cells = (tuple(map(int, index)) for index in at)
    return after, [Repair(part, c, float(before[c]), float(after[c]), why) for c in cells]


def _check_table(Z: Matrix, F: Matrix, tau: Cube, N: int, J: int) -> None:
    n = N * J
    wanted = {"Z": (Z.shape, (n, n)), "F": (F.shape, (n, N)), "tau": (tau.shape, (N, N, J))}
    faults = [
        Problem(f"{name} has shape {found}", "table", f"{shape}", "Countries outermost, one theta a sector.")
        for name, (found, shape) in wanted.items()
        if found != shape
    ]
    if not faults and not (np.isfinite(Z).all() and (Z >= 0).all() and np.isfinite(F).all()):
        faults.append(
            Problem(
                "flows that are negative or no numbers",
                "table",
                "flows between industries >= 0, all numbers finite",
                "Run `zizhu data check`.",
            )
        )
    if faults:
        raise ZizhuError(faults)


def without_deficits(base: Base, tol: float = CLOSE) -> Base:
    """The world of `base` with all deficits closed, as a base of its own (Caliendo and Parro's starting point)."""
    return rebase(solve(base, unchanged(base), closure="zero", tol=tol))
