"""The equilibrium of a scenario: joint sweeps accelerated, with ways out where they do not converge.

Tried in turn: Anderson with whole steps of wages, with steps damped by .3 and by .1, then the shock in steps, each
begun where the last one ended. A state counts as solved when one sweep without damping moves no price, no spending and
no labour market by more than `tol`; a change of wages alone or of a sum says nothing. What does not converge is raised,
never returned.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zizhu.stress.trade.anderson import Found, fixed_point
from zizhu.stress.trade.base import Base, Cube, assemble, net_flow
from zizhu.stress.trade.closures import Closure, closable
from zizhu.stress.trade.instruments import Shock, partway
from zizhu.stress.trade.sourcing import NAMED
from zizhu.stress.trade.system import Residuals, State, Swept, System, system
from zizhu.stress.trade.technology import Technology, cobb_douglas
from zizhu.tables.leontief import Index, Matrix, Vector
from zizhu.tables.threads import one_thread
from zizhu.vocab.problems import CannotAnswer, Problem

TOL = 1e-10
DAMPS = (1.0, 0.3, 0.1)
STAGES = (4, 16)
"""Steps into which a shock is cut where it cannot be solved at once."""
TRUSTED = 0.5
"""Longest extrapolation, in logarithms, that is believed."""
LIMIT = 1000
"""Sweeps of one attempt."""


@dataclass(frozen=True)
class Convergence:
    """How a state was found: sweeps of all attempts, the method that ended it, residuals and the tolerance asked."""

    sweeps: int
    method: str
    residuals: Residuals
    tol: float


class Unconverged(CannotAnswer):
    """No method reached the tolerance. Carries the residuals, the best state, in logarithms of changes, and `broke`:
    the countries without income there, whose surplus or subsidies no wages can pay: there is no equilibrium to find.
    """

    def __init__(self, convergence: Convergence, state: State, income: Vector) -> None:
        self.convergence, self.state = convergence, state
        self.broke: Index = np.flatnonzero(income <= 0)
        r = convergence.residuals
        super().__init__(
            Problem(
                f"not converged after {convergence.sweeps} sweeps: prices move by {r.price:.2g}, spending by "
                f"{r.spending:.2g}, labour markets by {r.labour:.2g}",
                "trade equilibrium",
                f"at most {convergence.tol:g} each",
                _advice(self.broke),
            )
        )


def _advice(broke: Index) -> str:
    if len(broke):
        return (
            f"Countries {', '.join(map(str, broke[:NAMED]))} would give away more than they earn: take the closure "
            "`income` or `zero` where a surplus is held in money, or make costs or subsidies smaller."
        )
    return (
        "Use an embargo in place of a very large cost, make the shock smaller, or look for cells with next to no other "
        "supplier and an elasticity below one."
    )


@dataclass(frozen=True, eq=False)
class Solution:
    """An equilibrium beside its base. Hats (new / old): w (N,) value added, or wages where one wage is paid, P, c
    (N, J), consumer_price (N,). Levels in the base's money: X, Y (N, J), I, D, tariffs, export_taxes (N,).
    """

    base: Base
    shock: Shock
    of: System
    state: State
    swept: Swept
    convergence: Convergence

    @property
    def w(self) -> Vector:
        return np.asarray((self.of.labour * np.exp(self.state.wage)).sum(axis=1) / self.base.VA)

    @property
    def wages(self) -> Matrix:
        """Hats (N, J) of what labour of each sector is paid."""
        return np.broadcast_to(np.exp(self.state.wage), self.base.X.shape)

    @property
    def P(self) -> Matrix:  # noqa: N802
        return np.asarray(np.exp(self.swept.price))

    @property
    def c(self) -> Matrix:
        return np.asarray(np.exp(self.swept.cost))

    @property
    def X(self) -> Matrix:  # noqa: N802
        return self.swept.X

    @property
    def Y(self) -> Matrix:  # noqa: N802
        return self.swept.Y

    @property
    def I(self) -> Vector:  # noqa: N802, E743
        return self.swept.income

    @property
    def D(self) -> Vector:  # noqa: N802
        return self.swept.deficit

    @property
    def tariffs(self) -> Vector:
        return self.swept.tariffs

    @property
    def export_taxes(self) -> Vector:
        return self.swept.export_taxes

    @property
    def consumer_price(self) -> Vector:
        return np.asarray(np.exp(self.of.technology.consumer_price(self.swept.price)))

    @cached_property
    def pi(self) -> Cube:
        """Shares of suppliers (N, N, J)."""
        trade = self.of.trade
        u = trade.powers(self.swept.cost)
        phi = np.exp(-trade.theta * self.swept.price).T
        return (trade.paid.whole * (u[:, None, :] / phi[:, :, None])).transpose(1, 2, 0)

    @cached_property
    def flow(self) -> Cube:
        """What producers get (N, N, J), net of tariffs and export taxes."""
        return net_flow(self.pi, self.X, self.shock.tau, self.shock.e)

    def sales(self, n: Index, i: Index, j: Index) -> Vector:
        """`flow` of some importers, exporters and sectors (q,) abroad alone, without the rest of it."""
        trade, ln_c, ln_P = self.of.trade, self.swept.cost[i, j], self.swept.price[n, j]
        share = trade.paid.abroad[j, n, i] * np.exp(trade.theta[j] * (ln_P - ln_c))
        return np.asarray(
            share * self.X[n, j] / ((1.0 + self.shock.tau[n, i, j]) * (1.0 + self.shock.e[n, i, j]))
        )


def solve(
    base: Base,
    shock: Shock,
    *,
    closure: Closure = "fixed",
    technology: Technology | None = None,
    tol: float = TOL,
    start: State | None = None,
) -> Solution:
    """The equilibrium of `shock` over `base`; `start` is the state of a solution nearby.

    Raises Unconverged, and CannotAnswer where a buyer loses all suppliers or deficits cannot be closed.
    """
    used = technology or cobb_douglas(base)
    with one_thread(), np.errstate(all="ignore"):
        of = system(base, shock, closure, used)
        closable(closure, base, of.group, of.circuit)
        begun = of.start() if start is None else start.flat()
        sweeps = 0
        for damp in DAMPS:
            found, swept = _attempt(of, begun, damp, tol)
            sweeps += found.sweeps
            if found.converged:
                return _solution(shock, of, found.z, swept, sweeps, _named(damp), tol)
        for steps in STAGES:
            found, made = _in_stages(of, shock, steps, tol)
            sweeps += made
            method = f"shock in {steps} steps" if found.converged else "none"
            last = _solution(shock, of, found.z, of.sweep(of.state(found.z)), sweeps, method, tol)
            if found.converged:
                return last
    raise Unconverged(last.convergence, last.state, last.I)


def _named(damp: float) -> str:
    return "Anderson" if damp == 1 else f"Anderson, wages damped by {damp:g}"


def _attempt(of: System, z: Vector, damp: float, tol: float) -> tuple[Found, Swept]:
    """The end of an attempt and its last sweep, which is that of the point found if it converged."""
    swept: Swept

    def step(z: Vector) -> tuple[Vector, float]:
        nonlocal swept
        at = of.state(z)
        swept = of.sweep(at)
        return of.image(at, swept, damp), swept.residuals.largest

    found = fixed_point(step, z, tol, LIMIT, TRUSTED)
    return found, swept


def _in_stages(of: System, shock: Shock, steps: int, tol: float) -> tuple[Found, int]:
    """The shock in `steps` steps, each begun at the state of the last; stops at the first that fails."""
    z, made = of.start(), 0
    for k in range(1, steps + 1):
        now = (
            of
            if k == steps
            else system(of.base, partway(of.base, shock, k / steps), of.closure, of.technology)
        )
        found = _attempt(now, z, DAMPS[1], tol)[0]
        made, z = made + found.sweeps, found.z
        if not found.converged:
            break
    return Found(z, found.residual, made, found.converged and now is of), made


def _solution(
    shock: Shock, of: System, z: Vector, swept: Swept, sweeps: int, method: str, tol: float
) -> Solution:
    return Solution(of.base, shock, of, of.state(z), swept, Convergence(sweeps, method, swept.residuals, tol))


def rebase(solution: Solution) -> Base:
    """The solved world as a base of its own: the next change starts from its shares, taxes and levels."""
    gamma, alpha = solution.of.technology.shares(solution.state.wage, solution.swept.price)
    shock, base = solution.shock, solution.base
    return assemble(solution.pi, shock.tau, gamma, alpha, base.theta, solution.X, shock.e)
