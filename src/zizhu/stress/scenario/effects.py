"""What a scenario does to a table, as arrays: which flows stop, which capacity is lost, which demand changes.

All sizes are at full strength; `course` tells how much of it holds when.
"""

from __future__ import annotations

from dataclasses import dataclass

from zizhu.ledger.models import Coverage
from zizhu.stress.scenario.shocks import Recovery
from zizhu.tables.leontief import Index, Matrix, Vector


@dataclass(frozen=True)
class Course:
    """The strength of a shock over days: zero before `start`, a ramp, then one until `end` (None: to the last day).

    `held` is the strength after `full_until` days, for licences that let some of the trade go on after a delay.
    """

    start: float
    ramp: float
    end: float | None
    recovery: Recovery | None = None
    full_until: float | None = None
    held: float = 1.0


@dataclass(frozen=True)
class Restriction:
    """Sales that stop: the share `cut` (k, m) of each flow from `rows` to `columns`.

    final: the share (k, C) of the sales to final buyers of each country; None where the table does not know these.
    """

    label: str
    rows: Index
    columns: Index
    cut: Matrix
    final: Matrix | None
    course: Course


@dataclass(frozen=True)
class Loss:
    """Capacity that is lost: the share (k,) of each of `rows`. `rebuilt` (S,) are the shares of the sectors that
    rebuild it over `rebuilding` days, None where nothing is destroyed."""

    label: str
    rows: Index
    share: Vector
    course: Course
    rebuilt: Vector | None = None
    rebuilding: float = 0.0


@dataclass(frozen=True)
class DemandChange:
    """Final demand for the products of `rows` changes by the share (k,) of all of it."""

    label: str
    rows: Index
    change: Vector
    course: Course


@dataclass(frozen=True)
class Effects:
    """All that a scenario does to a table, what of it the tables see, and what they leave out."""

    restrictions: tuple[Restriction, ...]
    losses: tuple[Loss, ...]
    demands: tuple[DemandChange, ...]
    coverage: tuple[Coverage, ...]
    notes: tuple[str, ...]
