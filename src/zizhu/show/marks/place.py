"""Placing labels so that none covers another. Everything here is deterministic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_CLOSE = 1e-6


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: Box) -> float:
        """The area shared with another box."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across * down if across > 0 and down > 0 else 0.0

    def contains(self, other: Box) -> bool:
        """Whether another box lies wholly inside."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Centres as close as possible (least squares) to `wanted`, in the same order, `sizes` never overlapping.

    All stay in [low, high] when the sizes fit there. Pools of labels that touch are moved as one: the
    pool-adjacent-violators algorithm.
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    offsets, run = [], 0.0
    for i in order:
        offsets.append(run + sizes[i] / 2)
        run += sizes[i]
    pools: list[tuple[float, int]] = []
    for i, offset in zip(order, offsets, strict=True):
        mean, count = wanted[i] - offset, 1
        while pools and pools[-1][0] >= mean - _CLOSE:
            before, n = pools.pop()
            mean, count = (before * n + mean * count) / (n + count), n + count
        pools.append((mean, count))
    starts = [mean for mean, count in pools for _ in range(count)]
    placed = [0.0] * len(wanted)
    for i, offset, start in zip(order, offsets, starts, strict=True):
        placed[i] = max(low, min(start, high - run)) + offset
    return placed


def lanes(spans: Sequence[tuple[float, float]], gap: float = 6.0) -> list[int]:
    """The first lane in which each span (left, right) touches none placed before it."""
    ends: list[list[tuple[float, float]]] = []
    chosen = []
    for left, right in spans:
        free = (k for k, lane in enumerate(ends) if all(right + gap <= a or b + gap <= left for a, b in lane))
        k = next(free, len(ends))
        if k == len(ends):
            ends.append([])
        ends[k].append((left, right))
        chosen.append(k)
    return chosen


def flags(stems: Sequence[float], spans: Sequence[tuple[float, float]], gap: float = 4.0) -> list[int]:
    """Lanes (0 lowest) for labels that stand on vertical stems: no label covers another or another's stem.

    A stem rises from below to its own label's lane. Stems are given from left to right.
    """
    chosen: dict[int, int] = {}
    for i in reversed(range(len(stems))):
        left, right = spans[i]

        def free(lane: int, left: float = left, right: float = right, stem: float = stems[i]) -> bool:
            for j, other in chosen.items():
                a, b = spans[j]
                if lane == other and left < b + gap and a < right + gap:
                    return False
                if lane < other and left - gap < stems[j] < right + gap:
                    return False
                if lane > other and a - gap < stem < b + gap:
                    return False
            return True

        top = max(chosen.values(), default=-1) + 1
        chosen[i] = next((lane for lane in range(top + 1) if free(lane)), top)
    return [chosen[i] for i in range(len(stems))]
