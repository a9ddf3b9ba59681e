"""One sector, many countries: tariffs that may replace an income tax.

Ignatenko, Lashkaripour, Macedoni and Simonovska (2025), in the symbols of the paper: rows i are origins and columns j
destinations; X trade with own trade, E its column sums, lambda = X / E, t tariffs; hats are new / old. With b < 1 the
share 1 - b of what producers get for sales is spent on inputs; b = 1 is the model without them.

    A_ij = lambda_ij (1 + t_ij)^(-eps phi_j) (w_i^b P_i^(1-b) / (L_i (w_i / P_i)^(1-b))^psi)^(-eps),  S_j = sum_i A_ij
    F_ij = A_ij / S_j E_j Ehat_j / (1 + t_ij),  rev_j = sum_i t_ij F_ij,  P_j = (Ehat_j / w_j)^(1 - phi_j) S_j^(-1/eps)
    Y'_i = b sum_j (1 - nu_j) F_ij + nu_i sum_k F_ki = w_i L_i Y_i
    E'_i = rev_i + Y'_i + (1 - b) sum_j (1 - nu_j) F_ij + T_i sum Y' / sum Y
    L_i = (w_i / P_i / (1 - rev_i / Y'_i))^k where tariffs relieve the income tax, (w_i / P_i)^k where all get them
    phi_j = phi0 + (1 + h) / ((1 - nu_j) h) - 1 / h - 1
    W = d Ehat / P + (1 - d) w L / P,  d = E / (E - k (1 - rev / Y') Y / (1 + k)), E without inputs

All is homogeneous in w, E, P; levels are stated with the price index of the world, weighted by E, at one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zizhu.stress.trade.anderson import fixed_point
from zizhu.tables.leontief import Matrix, Vector
from zizhu.vocab.problems import CannotAnswer, Problem

DAMPS = (0.6, 0.3, 0.1)
LIMIT = 3000
TOL = 1e-10


@dataclass(frozen=True)
class Parameters:
    """eps, k, psi, h and phi0 (phi with a tilde in the paper)."""

    eps: float
    k: float
    psi: float
    h: float
    phi0: float = 1.0

    def phi(self, nu: Vector) -> Vector:
        return np.asarray(self.phi0 + (1 + self.h) / ((1 - nu) * self.h) - 1 / self.h - 1)


@dataclass(frozen=True, eq=False)
class OneSector:
    """A base: X (N, N) with own trade, nu (N,), b."""

    X: Matrix
    nu: Vector
    b: float = 1.0

    @cached_property
    def E(self) -> Vector:  # noqa: N802
        return np.asarray(self.X.sum(axis=0))

    @cached_property
    def Y(self) -> Vector:  # noqa: N802
        return self.income(self.X)

    @cached_property
    def T(self) -> Vector:  # noqa: N802
        return np.asarray(self.E - self.Y - self.inputs(self.X))

    def income(self, F: Matrix) -> Vector:
        return np.asarray(self.b * F @ (1 - self.nu) + self.nu * F.sum(axis=0))

    def inputs(self, F: Matrix) -> Vector:
        return np.asarray((1 - self.b) * F @ (1 - self.nu))


@dataclass(frozen=True, eq=False)
class Outcome:
    """Hats w, E, L, P, W (N,), trade F (N, N) before tariffs, revenue and income Y (N,) in money."""

    base: OneSector
    w: Vector
    E: Vector
    L: Vector
    P: Vector
    W: Vector
    F: Matrix
    revenue: Vector
    Y: Vector
    sweeps: int


def balanced(trade: Matrix, gdp: Vector, nu: Vector, b: float = 1.0) -> OneSector:
    """The base of trade (N, N) without own trade, which fills up what GDP (N,) and deficits leave, and 1 / b of it."""
    X = trade.copy()
    np.fill_diagonal(X, 0.0)
    imports = X.sum(axis=0)
    transfers = (1 - nu) * (imports - X @ (1 - nu))
    np.fill_diagonal(X, np.maximum(gdp + transfers - imports, 0.0) / b)
    return OneSector(X, nu, b)


def fitted_nu(x: Matrix, y: Vector, targets: tuple[float, float]) -> Vector:
    """nu (2,) of two groups with trade x (2, 2) and GDP y (2,), such that what each spends carries the targets.

    G_a = y_a + (1 - nu_a)(sum_b x_ba - sum_b (1 - nu_b) x_ab); shares of own sales r_0 = (G_0 - x_10) / (G_0 - x_10 +
    x_01) and r_1 likewise; (1 - r_0) nu_1 + r_0 nu_0 and r_1 nu_1 + (1 - r_1) nu_0 are the targets.
    """

    def step(nu: Vector) -> tuple[Vector, float]:
        G = y + (1 - nu) * (x.sum(axis=0) - x @ (1 - nu))
        home = G - np.array([x[1, 0], x[0, 1]])
        r = home / (home + np.array([x[0, 1], x[1, 0]]))
        new = np.linalg.solve(np.array([[r[0], 1 - r[0]], [1 - r[1], r[1]]]), np.array(targets))
        return new, float(np.abs(new - nu).max())

    found = fixed_point(step, np.array(targets), 1e-14, LIMIT)
    if not found.converged:
        raise _unsolved("nu", found.residual)
    return found.z


def optimal_tariff(base: OneSector, i: int, p: Parameters) -> float:
    """The tariff that country `i` would choose alone: 1 / ((1 + delta eps) phi - 1)."""
    others = np.arange(len(base.E)) != i
    own_price = base.X[i] * (1 - base.nu) * (1 - base.X[i] / base.E)
    delta = own_price[others].sum() / ((1 - base.nu[i]) * (base.E[i] - base.X[i, i]))
    return float(1 / ((1 + delta * p.eps) * p.phi(base.nu)[i] - 1))


def tariffs_of_one_sector(base: OneSector, t: Matrix, p: Parameters, *, relief: bool) -> Outcome:
    """The equilibrium with tariffs t (N, N). Raises CannotAnswer if it is not found."""
    for damp in DAMPS:
        model = _Model(base, t, p, relief, damp)
        found = fixed_point(model.step, np.zeros(4 * len(base.E)), TOL, LIMIT)
        if found.converged:
            return model.outcome(found.z, found.sweeps)
    raise _unsolved("equilibrium", found.residual)


@dataclass(frozen=True, eq=False)
class _Model:
    base: OneSector
    t: Matrix
    p: Parameters
    relief: bool
    damp: float

    @cached_property
    def phi(self) -> Vector:
        return self.p.phi(self.base.nu)

    @cached_property
    def weights(self) -> Matrix:
        """lambda (1 + t)^(-eps phi)."""
        return np.asarray(self.base.X / self.base.E * (1 + self.t) ** (-self.p.eps * self.phi))

    def flows(self, w: Vector, E: Vector, L: Vector, P: Vector) -> tuple[Matrix, Vector]:
        """F (N, N) and new prices (N,)."""
        b, p = self.base.b, self.p
        cost = w**b * P ** (1 - b) / (L * (w / P) ** (1 - b)) ** p.psi
        A = self.weights * (cost**-p.eps)[:, None]
        S = A.sum(axis=0)
        return A / S * self.base.E * E / (1 + self.t), (E / w) ** (1 - self.phi) * S ** (-1 / p.eps)

    def kept(self, revenue: Vector, Y: Vector) -> Vector:
        """1 - rev / Y' where tariffs relieve the income tax, else one."""
        return 1 - revenue / Y if self.relief else np.ones_like(Y)

    def step(self, z: Vector) -> tuple[Vector, float]:
        base = self.base
        with np.errstate(all="ignore"):
            w, E, L, P = np.exp(z.reshape(4, -1))
            F, price = self.flows(w, E, L, P)
            revenue, Y = (self.t * F).sum(axis=0), base.income(F)
            world = Y.sum() / base.Y.sum()
            spent = (revenue + Y + base.inputs(F) + base.T * world) / base.E
            labour = (w / price / self.kept(revenue, Y)) ** self.p.k
            gap = np.log(Y / (w * L * base.Y))
            moved = np.stack([gap, np.log(spent / E), np.log(labour / L), np.log(price / P)])
            scaled = np.log([w * np.exp(self.damp * gap) / world, spent / world, labour, price / world])
        return scaled.ravel(), float(np.abs(moved).max())

    def outcome(self, z: Vector, sweeps: int) -> Outcome:
        base, k = self.base, self.p.k
        w, E, L, P = np.exp(z.reshape(4, -1))
        unit = (base.E * P).sum() / base.E.sum()
        w, E, P = w / unit, E / unit, P / unit
        F, _ = self.flows(w, E, L, P)
        revenue, Y = (self.t * F).sum(axis=0), base.income(F)
        final = base.Y + base.T
        spent = (revenue + Y + base.T * Y.sum() / base.Y.sum()) / final
        d = final / (final - k * self.kept(revenue, Y) * base.Y / (1 + k))
        return Outcome(base, w, E, L, P, d * spent / P + (1 - d) * w * L / P, F, revenue, Y, sweeps)


def _unsolved(what: str, residual: float) -> CannotAnswer:
    return CannotAnswer(
        Problem(
            f"{what} not found: off by {residual:.2g}",
            "one-sector model",
            f"{TOL:g}",
            "Make the tariffs smaller.",
        )
    )
