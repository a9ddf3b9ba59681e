"""What a verdict hangs on: the observation that decides it, the one that would change it most, and what changed.

The worth of an observation is the expected fall of the squared error of a chance. One that settles the target is worth
p (1 - p). The next annual value ahead of the deadline is worth p (1 - p) less its mean afterwards: the value is drawn
from the distribution of the year, and the chance is asked again on the longer path.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from zizhu.ledger.folders import Register
from zizhu.ledger.models import Observation
from zizhu.track import settings, told
from zizhu.track.chances import Ask, chances, next_values
from zizhu.track.measured import Reading
from zizhu.track.series import end_of, known
from zizhu.track.verdicts import CHANCES, FACTS, OPEN, OUT, Verdict, judge
from zizhu.vocab import periods, units

if TYPE_CHECKING:
    from zizhu.track.judged import Inputs

UNKNOWN = 0.5
DRAWS = 9


class Datum(NamedTuple):
    """What decides a verdict, what would change it most, and what that is worth; None where that has no number."""

    decided_by: str
    wanted: str = ""
    worth: float | None = None


@dataclass(frozen=True)
class Earlier:
    """An earlier verdict on a target, and the observations that came since."""

    verdict: Verdict
    new: tuple[Observation, ...]

    def row(self, now: Verdict) -> dict[str, Any]:
        """Its columns, where verdict or chance changed."""
        was = self.verdict
        same = (was.verdict, was.code, was.p) == (now.verdict, now.code, now.p)
        if same:
            return {}
        new = ", ".join(f"{o.indicator} {o.period}" for o in self.new)
        return {"was": was.verdict, "was_code": was.code or None, "was_p": was.p, "new": new or "time alone"}


def data(verdicts: Sequence[Verdict], held: Register) -> dict[str, Datum]:
    """What decides every verdict, and what would change it most, by target."""
    worth = dict(zip((v.target.id for v in verdicts), _worths(verdicts), strict=True))
    return {v.target.id: Datum(_decided_by(v, held), _wanted(v), worth[v.target.id]) for v in verdicts}


def _decided_by(v: Verdict, held: Register) -> str:
    if v.verdict in (*FACTS, *OPEN) and v.decisive is not None:
        return told.observation(v.decisive.of, held)
    if v.path:
        n, series = len(v.path), held.indicators.get(v.measured.indicator)
        label = series.label if series else v.measured.indicator
        return f"{n} value{'' if n == 1 else 's'} of {label} to {v.path[-1].year}"
    return settings.codes()[v.code].label if v.code else v.verdict


def _wanted(v: Verdict) -> str:
    """The observation that would change a verdict most."""
    t, due = v.target, v.target.deadline
    if v.verdict in FACTS and v.decisive is not None:
        away = units.quantity(float(f"{abs(v.decisive.told - t.value):.3g}"), t.unit)
        return f"none but a revision by {away} or more"
    if v.verdict in OPEN:
        return f"which of the values of {due} holds"
    if not due:
        return "a deadline"
    what = v.measured.indicator or f"{t.item}, {t.indicator}, on the basis {t.basis or 'that is meant'}"
    if v.stage == "nowcast" or (
        not v.measured.indicator and v.code not in ("NO_DEADLINE", "SCALE_UNDEFINED")
    ):
        return f"{what}: the value of {periods.label(periods.parse(due))}"
    if v.verdict in CHANCES:
        return f"{what}: the value of {v.path[-1].year + 1}"
    if v.code == "TOO_FEW":
        lacking = int(settings.bound("full_points")) - len(v.path)
        return f"{what}: {lacking} more annual value{'' if lacking == 1 else 's'}"
    return settings.codes()[v.code].meaning


def _worths(verdicts: Sequence[Verdict]) -> list[float | None]:
    """The worth of the wanted observation; the chances after the next values are asked all at once."""
    asks = _after_next(verdicts)
    answered = iter(chances([a for those in asks for a in those]))
    return [
        _worth(v, [next(answered).p for _ in those], those) for v, those in zip(verdicts, asks, strict=True)
    ]


def _after_next(verdicts: Sequence[Verdict]) -> list[list[Ask]]:
    """What would be asked after each of DRAWS equally likely next values; nothing where the next one settles it."""
    levels = [(k + 0.5) / DRAWS for k in range(DRAWS)]
    asked = [v.ask if v.stage == "ahead" and v.h > 1 else None for v in verdicts]
    values = iter(next_values([a for a in asked if a is not None], levels))
    return [[] if a is None else [a.after(value) for value in next(values)] for a in asked]


def _worth(v: Verdict, after: Sequence[float], asks: Sequence[Ask]) -> float | None:
    if v.p is not None:
        now = v.p * (1 - v.p)
        then = [_settled(a, p) for a, p in zip(asks, after, strict=True)]
        return max(now - sum(p * (1 - p) for p in then) / len(then), 0.0) if then else now
    settles = v.stage == "nowcast" or v.verdict in OPEN
    return UNKNOWN * (1 - UNKNOWN) if settles and v.verdict != OUT else None


def _settled(a: Ask, p: float) -> float:
    """The chance on a longer path: certain where it is enough to have been there and the last value is."""
    there = (a.y[-1] >= a.goal) if a.up else (a.y[-1] <= a.goal)
    return 1.0 if a.stays and there else p


def without_newest(now: Inputs) -> dict[str, Earlier]:
    """What would be said without the newest observations of each series."""
    newest = {i: _newest(rows, now.as_of) for i, rows in now.observations.items()}
    kept = {i: [o for o in rows if o not in newest[i]] for i, rows in now.observations.items()}
    cases = [now.case(v.target, Reading(), kept) for v in now.counted]
    found = zip(now.counted, judge(cases, now.as_of), strict=True)
    return {v.target.id: Earlier(was, newest.get(v.measured.indicator, ())) for v, was in found}


def _newest(rows: Sequence[Observation], as_of: date) -> tuple[Observation, ...]:
    """The observations that became known last."""
    held = [o for o in rows if known(o, as_of)]
    last = max(map(_known_on, held), default=None)
    return tuple(o for o in held if _known_on(o) == last)


def _known_on(o: Observation) -> date:
    """The first day on which an observation could be known, as far as its source says."""
    return max(end_of(o), periods.parse(o.published).end) if o.published else end_of(o)


def on_the_day(before: Inputs, now: Inputs) -> dict[str, Earlier]:
    """What was said on an earlier day of the targets stated by then, and which observations could not be known."""
    found = {}
    for v in (v for v in now.counted if v.target.id in before.verdicts):
        rows = now.observations.get(v.measured.indicator, ())
        new = tuple(o for o in rows if known(o, now.as_of) and not known(o, before.as_of))
        found[v.target.id] = Earlier(before.verdicts[v.target.id], new)
    return found
