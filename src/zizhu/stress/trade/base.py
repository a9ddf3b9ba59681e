"""The base of a trade equilibrium: shares, tariffs and levels of a year, from which all changes are measured.

Axes and notation (Caliendo and Parro 2015): n importer, i exporter, j sector (the user where there are two), k sector
of the input. pi[n, i, j] shares of spending with taxes; tau tariffs; e export taxes, as shares of the price that they
are laid on; gamma[n, k, j] cost of input k, beta[n, j] value added, both per unit of output; alpha[n, j] shares of
final spending; theta[j] > 0 trade elasticity; X[n, j] spending, Y[n, j] output; VA, D, I by country: value added,
imports less exports, final spending. Money in one unit.

    flow[n, i, j] = X pi / ((1 + tau)(1 + e))      what the producer gets
    Y[i, j] = sum_n flow;  VA = sum_j beta Y;  D = imports - exports at the border, (1 + e) flow
    I = VA + sum tau (1 + e) flow + sum of e flow on exports + D;  X[n, k] = sum_j gamma Y + alpha I
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from zizhu.tables.leontief import Matrix, Vector
from zizhu.vocab.problems import Problem, ZizhuError

Cube = Matrix
"""(N, N, J) importer, exporter, sector; in memory sector by sector, which is how the solver reads it."""

EXACT = 1e-9
"""Relative gap of a share or an account above which a base is no equilibrium and is refused."""


def sector_major(a: Cube) -> Cube:
    """The same (N, N, J) array with sectors outermost in memory; no copy where they are."""
    return np.ascontiguousarray(np.asarray(a, dtype=float).transpose(2, 0, 1)).transpose(1, 2, 0)


@dataclass(frozen=True, eq=False)
class Base:
    """A calibrated year; the module's docstring has all symbols and shapes."""

    pi: Cube
    tau: Cube
    e: Cube
    gamma: Cube
    beta: Matrix
    alpha: Matrix
    theta: Vector
    X: Matrix
    Y: Matrix
    VA: Vector
    D: Vector
    I: Vector  # noqa: E741  final spending, as in the paper

    @cached_property
    def countries(self) -> int:
        return int(self.pi.shape[0])

    @cached_property
    def sectors(self) -> int:
        return int(self.pi.shape[2])

    @cached_property
    def flow(self) -> Cube:
        """What producers get (N, N, J), net of tariffs and export taxes."""
        return net_flow(self.pi, self.X, self.tau, self.e)

    @cached_property
    def earned(self) -> Vector:
        """Value added and taxes (N,): what a country spends without a deficit."""
        return np.asarray(self.I - self.D)


def net_flow(pi: Cube, X: Matrix, tau: Cube, e: Cube) -> Cube:
    """pi X / ((1 + tau)(1 + e))."""
    return np.asarray(pi * X[:, None, :] / ((1.0 + tau) * (1.0 + e)))


def assemble(
    pi: Cube, tau: Cube, gamma: Cube, alpha: Matrix, theta: Vector, X: Matrix, e: Cube | None = None
) -> Base:
    """A base whose output, value added, deficits and incomes follow from shares and spending; see `check`."""
    pi, tau = sector_major(pi), sector_major(tau)
    e = sector_major(np.zeros_like(pi) if e is None else e)
    flow = net_flow(pi, X, tau, e)
    Y = flow.sum(axis=0)
    beta = 1.0 - gamma.sum(axis=1)
    VA = (beta * Y).sum(axis=1)
    border = (1.0 + e) * flow
    D = border.sum(axis=(1, 2)) - border.sum(axis=(0, 2))
    taxes = (tau * border).sum(axis=(1, 2)) + (e * flow).sum(axis=(0, 2))
    return Base(pi, tau, e, gamma, beta, alpha, np.asarray(theta, dtype=float), X, Y, VA, D, VA + taxes + D)


def with_theta(base: Base, theta: Vector) -> Base:
    """The same year with other trade elasticities (J,)."""
    return replace(base, theta=np.asarray(theta, dtype=float))


def check(base: Base) -> None:
    """Raise ZizhuError with all that keeps `base` from being an equilibrium."""
    shapes = _shapes(base)
    if shapes:
        raise ZizhuError(shapes)
    faults = [*_signs(base), *_accounts(base)]
    if faults:
        raise ZizhuError(faults)


def _shapes(b: Base) -> list[Problem]:
    N, J = b.alpha.shape
    wanted = {"pi": (N, N, J), "tau": (N, N, J), "e": (N, N, J), "gamma": (N, J, J), "theta": (J,)}
    wanted |= dict.fromkeys(("beta", "X", "Y"), (N, J)) | dict.fromkeys(("VA", "D", "I"), (N,))
    return [
        Problem(
            f"{name} has shape {getattr(b, name).shape}",
            "base",
            f"{shape}",
            "Axes are importer, exporter, sector; gamma has country, input, user.",
        )
        for name, shape in wanted.items()
        if getattr(b, name).shape != shape
    ]


def _signs(b: Base) -> list[Problem]:
    found = []
    bounds = {"theta": (b.theta, "> 0"), "VA": (b.VA, "> 0"), "I": (b.I, "> 0")}
    bounds |= {"1 + tau": (1 + b.tau, "> 0"), "1 + e": (1 + b.e, "> 0")}
    bounds |= {name: (getattr(b, name), ">= 0") for name in ("pi", "gamma", "beta", "alpha", "X", "Y")}
    for name, (values, bound) in bounds.items():
        slack = -EXACT if bound == ">= 0" else np.nextafter(0.0, 1.0)
        wrong = ~(np.isfinite(values) & (values >= slack))
        if wrong.any():
            at = np.unravel_index(int(wrong.argmax()), values.shape)
            found.append(
                Problem(
                    f"{name} is {values[at]:.6g} ({int(wrong.sum())} such cells)",
                    f"base, cell {tuple(map(int, at))}",
                    f"finite and {bound}",
                    "theta is the trade elasticity, not its inverse; repair the rest in the calibration.",
                )
            )
    return found


def _accounts(b: Base) -> list[Problem]:
    world = b.VA.sum()
    spent = np.einsum("nkj,nj->nk", b.gamma, b.Y) + b.alpha * b.I[:, None]
    whole = assemble(b.pi, b.tau, b.gamma, b.alpha, b.theta, b.X, b.e)
    gaps = {
        "shares of suppliers add up to one": np.abs(b.pi.sum(axis=1) - 1),
        "shares of final spending add up to one": np.abs(b.alpha.sum(axis=1) - 1),
        "cost shares and value added add up to one": np.abs(b.gamma.sum(axis=1) + b.beta - 1),
        "spending is what uses need": np.abs(spent - b.X) / np.maximum(b.X, world / b.X.size),
        "output is what is bought": np.abs(whole.Y - b.Y) / np.maximum(b.Y, world / b.Y.size),
        "value added is its share of output": np.abs(whole.VA - b.VA) / b.VA,
        "final spending is value added, taxes and deficit": np.abs(whole.I - b.I) / b.I,
        "deficits add up to zero": np.abs(b.D.sum(keepdims=True)) / world,
    }
    return [
        Problem(
            f"{rule}: off by {gap.max():.2g}",
            f"base, cell {tuple(map(int, np.unravel_index(int(gap.argmax()), gap.shape)))}",
            f"a gap of at most {EXACT:g}",
            "Calibrate: repair the cells and solve the base again without a shock.",
        )
        for rule, gap in gaps.items()
        if not gap.max() <= EXACT
    ]
