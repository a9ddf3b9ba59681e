"""The runs of an ensemble where they are kept, read part by part, so that many draws need no more memory than few."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zizhu.store.parts import Parts
from zizhu.stress.ensemble.band import band
from zizhu.vocab.problems import Problem, ZizhuError

Values = NDArray[Any]
Of = Callable[[Values], Values]
"""What is made of an array (m, ...) of m runs, run by run."""
AT_ONCE = 1 << 27
"""Bytes of draws that a quantile is taken of in one go."""


class Spread(NamedTuple):
    """A value at the central values and the ends of its band, each of the shape of one run."""

    central: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


def as_it_is(values: Values) -> Values:
    """Nothing is made of it."""
    return values


@dataclass(frozen=True)
class Runs:
    """`count` = M runs in the parts `names`, in order: the first at the central values, the others the draws."""

    parts: Parts
    names: tuple[str, ...]
    count: int

    def central(self, name: str) -> Values:
        """The array `name` of the run at the central values."""
        return np.asarray(next(self._each(name))[0])

    def all(self, name: str, of: Of = as_it_is) -> Values:
        """What `of` makes of the array `name` of every run, (M, ...)."""
        return np.concatenate([of(values) for values in self._each(name)])

    def spread(self, name: str, of: Of = as_it_is) -> Spread:
        """The same at the central values, with the band over the draws, widened to hold the central one (which is at
        one end of what is drawn for the size of a shock). The band is no number without draws.

        Numbers are taken in blocks, each of which reads all parts: AT_ONCE bytes are held, however many the draws.
        """
        first = of(next(self._each(name)))[0]
        width = max(1, AT_ONCE // (8 * self.count))
        blocks = [
            self._block(name, of, slice(start, start + width))
            for start in range(0, max(first.size, 1), width)
        ]
        return Spread(*(np.concatenate(ends).reshape(first.shape) for ends in zip(*blocks, strict=True)))

    def _block(self, name: str, of: Of, columns: slice) -> Spread:
        runs = self.all(name, lambda a: of(a).reshape(len(a), -1)[:, columns])
        central = np.asarray(runs[0], dtype=float)
        if len(runs) == 1:
            none = np.full_like(central, np.nan)
            return Spread(central, none, none)
        lower, upper = band(runs[1:])
        return Spread(central, np.minimum(lower, central), np.maximum(upper, central))

    def _each(self, name: str) -> Iterator[Values]:
        for part in self.names:
            found = self.parts.read(part, name)
            if found is None:
                what = f"part {part} is damaged or gone"
                remedy = "Run the scenario again; what is still there is not computed again."
                raise ZizhuError(Problem(what, str(self.parts.folder), "all that was computed", remedy))
            yield found[name]
