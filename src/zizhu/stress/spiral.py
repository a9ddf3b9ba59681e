"""Draws in which losses go on growing when every shock is over: stocks that are run down feed on one another."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from zizhu.stress.ensemble.runs import Runs
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.shocks import WEEKS, Shock

GROWING = 0.01
"""By how much the world's loss has grown over the rest of the run to count, as a share of itself."""


def notes(scenario: Scenario, runs: Runs) -> Iterator[str]:
    """What the band holds of such draws; nothing while a shock lasts to the end of the run, or ends with it."""
    ends = [_over(s) for s in scenario.shocks if WEEKS in s.acts]
    after = [None if end is None else int(np.ceil(end / scenario.step)) for end in ends]
    if not scenario.draws or not after or None in after:
        return
    begins = max(step for step in after if step is not None)
    if begins >= scenario.steps - 1:
        return
    lost = runs.all("countries", lambda a: a.sum(axis=-1))
    still = lost[:, -1] > (1.0 + GROWING) * np.maximum(lost[:, begins], 0.0)
    if still[1:].any():
        central = ", the run at the central values among them" if still[0] else ""
        yield (
            f"In {int(still[1:].sum())} of {scenario.draws} draws{central}, the world loses more at the end of the run "
            "than when the last shock was over: stocks that have run down hold production, and this refills no stock. "
            "The upper end of the band grows with the length of the run."
        )


def _over(shock: Shock) -> float | None:
    """The day on which nothing of a shock is left, None where it lasts."""
    if shock.duration is None:
        return None
    return shock.start + shock.duration + (shock.recovery.time if shock.recovery else 0.0)
