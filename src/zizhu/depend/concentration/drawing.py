"""Draws of the totals, concentrations and largest shares of cells, all flows of a cell drawn apart.

A flow of value v and relative standard deviation s is drawn as v g, g from a Gamma distribution of mean one and
variance s^2, so that it stays above zero and its mean is what was observed. The g lie in a bank of `LEVELS` sizes of s
and `ROWS` rows each, of which every flow of a cell takes another one: the sums over flows are products of a sparse
matrix with the bank, S1 = V G and S2 = (V o V) (G o G).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from zizhu.depend.concentration.flows import Flows, Index, Vector

Drawn = NDArray[np.float32]

LEVELS = 15
"""Sizes of noise that are told apart."""
WIDEST = 1.5
"""Largest relative standard deviation that is drawn."""
ROWS = 512
"""Rows of the bank for each size, enough for the suppliers of a product to be drawn independently."""
LARGEST = 3
"""Flows of a cell that may turn out to be its largest."""


@dataclass(frozen=True)
class Bank:
    """Multipliers of mean one: `rows` (1 + LEVELS * ROWS, D), the first row of ones for flows without noise."""

    rows: Drawn

    @classmethod
    def of(cls, draws: int, rng: np.random.Generator) -> Bank:
        """A bank of `draws` draws."""
        shape = 1 / (WIDEST * np.arange(1, LEVELS + 1) / LEVELS) ** 2
        made = [rng.standard_gamma(k, (ROWS, draws), dtype=np.float32) / np.float32(k) for k in shape]
        return cls(np.concatenate([np.ones((1, draws), np.float32), *made]))

    @property
    def draws(self) -> int:
        return int(self.rows.shape[1])

    @cached_property
    def squares(self) -> Drawn:
        """The squared multipliers."""
        return self.rows**2

    def pick(self, flows: Flows, rng: np.random.Generator) -> Index:
        """A row (n,) of the nearest size for every flow; up to ROWS flows of a cell have rows of their own."""
        level = np.clip(np.rint(flows.sd * LEVELS / WIDEST), 0, LEVELS).astype(np.intp)
        row = (rng.integers(ROWS, size=flows.cells)[flows.cell] + flows.position) % ROWS
        return np.where(level == 0, 0, 1 + (level - 1) * ROWS + row)


@dataclass(frozen=True)
class DrawnFlows:
    """Flows whose draws are rows of the bank: `row` (n,)."""

    flows: Flows
    row: Index
    bank: Bank

    @classmethod
    def of(cls, flows: Flows, bank: Bank, rng: np.random.Generator) -> DrawnFlows:
        """The flows with a row of the bank each."""
        return cls(flows, bank.pick(flows, rng), bank)

    @cached_property
    def total(self) -> Drawn:
        """S1 (cells, D)."""
        return self._summed(self.flows.value, self.bank.rows)

    @cached_property
    def hhi(self) -> Drawn:
        """HHI (cells, D), freed of the bias that noise gives it; NaN where a cell has no flow.

        What was observed is the truth with noise once, a draw has it twice: in logarithms the mean of the draws
        exceeds what was observed by as much as this exceeds the truth, so twice that is taken off. The result is
        kept within [1/k, 1] for k flows.
        """
        observed, count = self.flows.hhi, self.flows.count
        with np.errstate(invalid="ignore", divide="ignore"):
            raw = self._summed(self.flows.value**2, self.bank.squares) / self.total**2
            return centred(raw, observed, 1 / count)

    @cached_property
    def lead_share(self) -> Drawn:
        """Largest share (cells, D), freed of its bias as `hhi` is; NaN where a cell has no flow."""
        place = self.flows.largest(LARGEST)
        best = np.zeros((self.flows.cells, self.bank.draws), np.float32)
        for k in range(LARGEST):
            some = place[:, k] >= 0
            at = place[some, k]
            value = self.flows.value[at].astype(np.float32)[:, None] * self.bank.rows[self.row[at]]
            best[some] = np.maximum(best[some], value)
        with np.errstate(invalid="ignore", divide="ignore"):
            return centred(best / self.total, self.flows.lead[1], 1 / self.flows.count)

    def _summed(self, value: Vector, multipliers: Drawn) -> Drawn:
        from scipy.sparse import csr_array

        held = (value.astype(np.float32), (self.flows.cell, self.row))
        return np.asarray(csr_array(held, shape=(self.flows.cells, len(multipliers))) @ multipliers)


def centred(drawn: Drawn, observed: Vector, floor: Vector) -> Drawn:
    """Draws (cells, D) moved in logarithms so that their mean is as far below the observed as it was above.

    The result lies within [floor, 1].
    """
    logs = np.log(drawn)
    excess = logs.mean(axis=1, dtype=float) - np.log(observed)
    moved = np.exp(logs - (2 * excess).astype(np.float32)[:, None])
    return np.asarray(np.clip(moved, floor.astype(np.float32)[:, None], np.float32(1.0)))
