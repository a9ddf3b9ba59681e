"""How strong an event is over time: a path in [0, 1], from onset over its full strength to the end of recovery."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from zizhu.tables.leontief import Vector
from zizhu.vocab.problems import Problem, ZizhuError

Shape = Literal["linear", "convex", "concave"]

EARLY = 1e-6
"""c of the concave recovery: how little is recovered in its first step."""


def _linear(k: Vector, tau: float) -> Vector:
    return 1.0 - k / tau


def _convex(k: Vector, tau: float) -> Vector:
    return np.asarray((1.0 - 1.0 / tau) ** k)


def _concave(k: Vector, tau: float) -> Vector:
    """tau / (tau + c k^e) with e such that half is recovered at tau / 2; slow first, then fast."""
    e = (np.log(tau) - np.log(EARLY)) / (np.log(tau) - np.log(2.0))
    return np.asarray(tau / (tau + EARLY * k**e))


SHAPES: dict[Shape, Callable[[Vector, float], Vector]] = {
    "linear": _linear,
    "convex": _convex,
    "concave": _concave,
}


def profile(
    steps: int,
    onset: int,
    duration: int,
    *,
    ramp: int = 0,
    recovery: float = 0,
    shape: Shape = "linear",
) -> Vector:
    """The path (steps,): 0 before `onset`, rising evenly over `ramp` steps, 1 for `duration` steps, then recovery.

    `recovery` tau: the k-th step after the last full one has 1 - k / tau (linear, over at tau), (1 - 1/tau)^k
    (convex) or tau / (tau + c k^e) (concave, half at tau / 2); 0 ends the event at once. Raises ZizhuError for times
    below zero and a recovery without end (tau of one or two steps allows only a linear one).
    """
    problems = [
        Problem(f"{name} is {value}", "profile", wanted, "Give times in steps of the model.")
        for name, value, held, wanted in (
            ("onset", onset, onset >= 0, "a step from 0"),
            ("duration", duration, duration >= 0, "at least 0 steps"),
            ("ramp", ramp, ramp >= 0, "at least 0 steps"),
            ("recovery", recovery, recovery >= 0, "at least 0 steps"),
            ("recovery", recovery, shape == "linear" or recovery == 0 or recovery > 2, "more than 2 steps"),
        )
        if not held
    ]
    if problems:
        raise ZizhuError(problems)
    t = np.arange(steps, dtype=float)
    rising = np.clip((t - onset + 1.0) / (ramp + 1.0), 0.0, 1.0)
    k = np.maximum(t - (onset + ramp + duration - 1), 0.0)
    falling = SHAPES[shape](k, float(recovery)) if recovery > 0 else np.where(k > 0, 0.0, 1.0)
    return np.asarray(rising * np.clip(falling, 0.0, 1.0))
