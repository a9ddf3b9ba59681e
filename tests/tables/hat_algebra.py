"""Exact hat algebra of Caliendo and Parro (2015) without base tariffs, written plainly to check an estimate with.

Shapes: flow and tariff (n importer, i exporter, j sector), gamma (n, k input, j user), beta (n, j).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Base:
    """An economy at rest: flows, cost shares, final shares, value added and deficits (fixed in money)."""

    flow: Array
    gamma: Array
    alpha: Array
    value_added: Array
    deficit: Array


def base(sales: Array, inputs: Array, output: Array) -> Base:
    """From sales by destination (i, j, n), flows (n k-major nodes squared) and output (nodes), inventories inside.

    Negative final demand of a country for a sector is set to 0, and the base is solved again so that it is at rest.
    """
    C, J, _ = sales.shape
    bought = inputs.reshape(C, J, C, J).sum(axis=0).transpose(1, 0, 2)
    made = output.reshape(C, 1, J)
    gamma = np.divide(bought, made, out=np.zeros_like(bought), where=made > 0)
    flow = np.maximum(sales.transpose(2, 0, 1), 0.0)
    spent, sold = flow.sum(axis=1), flow.sum(axis=0)
    final = np.maximum(spent - np.einsum("nkj,nj->nk", gamma, sold), 0.0)
    alpha = final / final.sum(axis=1, keepdims=True)
    earned = ((1 - gamma.sum(axis=1)) * sold).sum(axis=1)
    first = Base(flow, gamma, alpha, earned, spent.sum(axis=1) - sold.sum(axis=1))
    wage, _, flow, _ = _solved(first, np.zeros_like(flow), 4.0)
    return Base(flow, gamma, alpha, wage * earned, first.deficit)


def welfare(economy: Base, tariff: Array, theta: float) -> Array:
    """Percent change (n,) of real income by the new tariffs: income over the final price index."""
    wage, price, _, revenue = _solved(economy, tariff, theta)
    income = economy.value_added + economy.deficit
    after = wage * economy.value_added + economy.deficit + revenue
    return np.asarray(100 * (after / income / np.exp((economy.alpha * np.log(price)).sum(axis=1)) - 1))


def _solved(economy: Base, tariff: Array, theta: float) -> tuple[Array, Array, Array, Array]:
    spent = economy.flow.sum(axis=1)
    share = np.divide(economy.flow, spent[:, None], out=np.zeros_like(economy.flow), where=spent[:, None] > 0)
    beta = 1 - economy.gamma.sum(axis=1)
    world = economy.value_added.sum()
    wage, price = np.ones(len(spent)), np.ones_like(spent)
    for _ in range(2000):
        cost = beta * np.log(wage)[:, None] + np.einsum("nkj,nk->nj", economy.gamma, np.log(price))
        pulled = share * (1 + tariff) ** -theta * np.exp(-theta * cost)
        total = pulled.sum(axis=1)
        total[total == 0] = 1.0
        flow = pulled / total[:, None] / (1 + tariff) * spent[:, None]
        revenue = (tariff * flow).sum(axis=(1, 2))
        sold = flow.sum(axis=0)
        income = wage * economy.value_added + economy.deficit + revenue
        demand = np.einsum("nkj,nj->nk", economy.gamma, sold) + economy.alpha * income[:, None]
        excess = np.log((beta * sold).sum(axis=1) / (wage * economy.value_added))
        new = total ** (-1 / theta)
        error = max(
            np.abs(np.log(new / price)).max(),
            np.abs(excess).max(),
            np.abs(demand / spent.max() - spent / spent.max()).max(),
        )
        price, spent, wage = new, demand, wage * np.exp(0.3 * excess)
        wage *= world / (wage * economy.value_added).sum()
        if error < 1e-10:
            return wage, price, flow, revenue
    raise AssertionError("not solved")
