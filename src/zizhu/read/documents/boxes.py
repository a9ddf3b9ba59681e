"""Boxes of characters on a page, held small: 8 bytes a character, to less than a fiftieth of a point on A4."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

Box = tuple[float, float, float, float]
"""Left, bottom, right and top in points; the origin is the lower left corner of the page."""
STEPS = 65535


@dataclass(frozen=True)
class Boxes(Sequence[Box]):
    """A box a character. `packed` has 4 x uint16 for each, in steps of `unit` points from `origin`."""

    packed: bytes
    unit: float
    origin: float

    @classmethod
    def of(cls, boxes: NDArray[np.float32]) -> Boxes:
        """Pack boxes (characters, 4)."""
        if not boxes.size:
            return cls(b"", 1.0, 0.0)
        origin = float(boxes.min())
        unit = max(float(boxes.max()) - origin, 1.0) / STEPS
        steps = np.rint((boxes.astype(np.float64) - origin) / unit)
        return cls(np.clip(steps, 0, STEPS).astype("<u2").tobytes(), unit, origin)

    @cached_property
    def _steps(self) -> NDArray[np.uint16]:
        return np.frombuffer(self.packed, dtype="<u2").reshape(-1, 4)

    def __len__(self) -> int:
        return len(self.packed) // 8

    @overload
    def __getitem__(self, at: int) -> Box: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Box, ...]: ...
    def __getitem__(self, at: int | slice) -> Box | tuple[Box, ...]:
        if isinstance(at, slice):
            return tuple(self._box(row) for row in self._steps[at])
        return self._box(self._steps[at])

    def __iter__(self) -> Iterator[Box]:
        return map(self._box, self._steps)

    def _box(self, row: NDArray[np.uint16]) -> Box:
        left, bottom, right, top = (round(self.origin + int(step) * self.unit, 2) for step in row)
        return left, bottom, right, top
