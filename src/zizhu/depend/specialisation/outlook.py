"""What lies near a place and is not yet there: complexity outlook index (COI) and outlook gain (COG).

K (P,) is the complexity of products, PCI or the fitness index: results name it. Sources: Atlas of Economic
Complexity (Hausmann, Hidalgo et al. 2014), technical box on opportunity value and gain.
  COI_c = sum_p density_cp (1 - M_cp) K_p
  COG_cp = (1 - M_cp) [ sum_q (1 - M_cq) phi_qp K_q / sum_r phi_qr  -  density_cp K_p in the variant 'net' ]
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from zizhu.depend.specialisation.proximity import near, total
from zizhu.tables.leontief import Matrix, Vector

Variant = Literal["plain", "net"]
"""`plain`: R package economiccomplexity, programs of the Growth Lab; `net`: without the product's own part."""


def coi(density: Matrix, M: Matrix, K: Vector) -> Vector:
    """COI (C,) in the unit of K."""
    return np.asarray((density * (1.0 - M)) @ K)


def cog(density: Matrix, M: Matrix, K: Vector, variant: Variant) -> Matrix:
    """COG (C, P) in the unit of K; 0 for the products that a place has."""
    absent = 1.0 - M
    gain = near(absent * (K / total(M)), M)
    if variant == "net":
        gain -= density * K
    return gain * absent
