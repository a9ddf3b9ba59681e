"""What a technology has to answer for a sweep, and that of the core model: Cobb-Douglas with mobile labour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from zizhu.stress.trade.base import Base, Cube
from zizhu.tables.leontief import Matrix, Vector


class Technology(Protocol):
    """How a country turns labour and inputs into output, and income into final spending. All in hats of the base."""

    @property
    def sector_labour(self) -> bool:
        """Whether labour stays in its sector."""
        ...

    def cost(self, lnw: Matrix, lnP: Matrix) -> tuple[Matrix, Matrix]:
        """ln c and ln of the price of materials (N, J) of wages (N, 1) or (N, J) and prices (N, J)."""
        ...

    def uses(
        self, lnw: Matrix, lnP: Matrix, lnc: Matrix, lnPM: Matrix, Y: Matrix, income: Vector
    ) -> tuple[Matrix, Matrix]:
        """Spending X' (N, J) and the value of labour asked for (N, J)."""
        ...

    def consumer_price(self, lnP: Matrix) -> Vector:
        """ln of the price (N,) of final spending."""
        ...

    def shares(self, lnw: Matrix, lnP: Matrix) -> tuple[Cube, Matrix]:
        """gamma' (N, K, J) and alpha' (N, J)."""
        ...


@dataclass(frozen=True, eq=False)
class CobbDouglas:
    """Constant cost shares and mobile labour."""

    gamma: Cube
    beta: Matrix
    alpha: Matrix
    sector_labour: bool = False

    def cost(self, lnw: Matrix, lnP: Matrix) -> tuple[Matrix, Matrix]:
        materials = over_inputs(self.gamma, lnP)
        return self.beta * lnw + materials, materials

    def uses(
        self, _lnw: Matrix, _lnP: Matrix, _lnc: Matrix, _lnPM: Matrix, Y: Matrix, income: Vector
    ) -> tuple[Matrix, Matrix]:
        return over_users(self.gamma, Y) + self.alpha * income[:, None], self.beta * Y

    def consumer_price(self, lnP: Matrix) -> Vector:
        return np.asarray((self.alpha * lnP).sum(axis=1))

    def shares(self, _lnw: Matrix, _lnP: Matrix) -> tuple[Cube, Matrix]:
        return self.gamma, self.alpha


def over_inputs(gamma: Cube, values: Matrix) -> Matrix:
    """sum_k gamma[n, k, j] values[n, k] (N, J)."""
    return np.asarray((gamma.swapaxes(1, 2) @ values[:, :, None])[:, :, 0])


def over_users(gamma: Cube, values: Matrix) -> Matrix:
    """sum_j gamma[n, k, j] values[n, j] (N, K)."""
    return np.asarray((gamma @ values[:, :, None])[:, :, 0])


def cobb_douglas(base: Base) -> Technology:
    """The technology of the core model."""
    return CobbDouglas(base.gamma, base.beta, base.alpha)
