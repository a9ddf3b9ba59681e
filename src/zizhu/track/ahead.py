"""Years between the last point of a path and the deadline: the distribution of each, and curves as scenarios.

A scenario assumes a mechanism, has no interval and decides nothing: on real series S-curves foresaw less than drifts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date

from zizhu.ledger.folders import Register
from zizhu.ledger.models import Observation
from zizhu.ledger.result import Part
from zizhu.track import settings, told
from zizhu.track.chances import SUMMED, Half, chances
from zizhu.track.learning import Learning
from zizhu.track.path import scenarios, transforms
from zizhu.track.verdicts import Verdict
from zizhu.vocab import periods, units

MIXTURE = "mixture of two drifts"
LOGISTIC = "S-curve through the first and the last point (scenario)"
BASS = "Bass curve of diffusion (scenario)"
WRIGHT = "experience curve of Wright (scenario)"


@dataclass(frozen=True)
class Step:
    """A year ahead in the unit in which the course is shown; without halves it is a scenario, without an interval.

    `middle` is the median in the unit of the path. `rests_on` is what a scenario was made of besides the path.
    """

    of: str
    period: str
    year: float
    h: float
    median: float
    lower: float = math.nan
    upper: float = math.nan
    halves: tuple[Half, ...] = ()
    said: str = ""
    middle: float = math.nan
    rests_on: tuple[Observation, ...] = ()


def steps(v: Verdict, learned: Learning | None = None) -> tuple[Step, ...]:
    """The years up to the deadline, of the distribution and of scenarios; none where the verdict is a fact."""
    return (*_likely(v), *_curve(v), *_diffusion(v), *_experience(v, learned))


def on_path(v: Verdict) -> bool:
    """Whether the path is not the series itself but an index of its changes."""
    m = v.measured
    return m.series is not None and m.path != m.series.points


def unit(v: Verdict) -> str:
    """The unit of a course: that of the series, or of the target where the path is an index of changes."""
    series = v.measured.series
    return v.target.unit if series is None or on_path(v) else series.unit


def shown(v: Verdict, value: float, year: float) -> float:
    """A value of the path in the unit of the course."""
    by = v.measured.yardstick
    return by.told(value, year) if by is not None and on_path(v) else value


def goal(v: Verdict) -> float:
    """The target in the unit of the course, at its deadline; NaN where it has none or means no value of the path."""
    by = v.measured.yardstick
    if by is None or not v.target.deadline:
        return math.nan
    due = float(periods.parse(v.target.deadline).end.year)
    return v.target.value if on_path(v) else by.goal(v.target.value, due)


def finite(value: float | None) -> float | None:
    """A value, or nothing where it is none or has no end."""
    return value if value is not None and math.isfinite(value) else None


def in_years(day: date) -> float:
    """A day as a year with its fraction, 2026.5 for the middle of 2026."""
    start = date(day.year, 1, 1)
    return day.year + (day - start).days / (date(day.year + 1, 1, 1) - start).days


def _horizons(v: Verdict) -> list[float]:
    """Whole years ahead, and the deadline where it lies within a year."""
    whole = [float(k) for k in range(1, math.floor(v.h) + 1)]
    return whole if v.h == math.floor(v.h) else [*whole, v.h]


def _likely(v: Verdict) -> list[Step]:
    if v.ask is None:
        return []
    t, h = v.ask.t, _horizons(v)
    asks = [replace(v.ask, h=k, stays=False) for k in h]
    name = MIXTURE if v.ask.so_far is None else SUMMED
    found = []
    for k, chance in zip(h, chances(asks), strict=True):
        median, lower, upper = (shown(v, x, t[-1] + k) for x in (chance.median, chance.lower, chance.upper))
        said = f"{k:g} year{'' if k == 1 else 's'} ahead"
        found.append(
            Step(name, _period(v, k), t[-1] + k, k, median, lower, upper, chance.halves, said, chance.median)
        )
    return found


def _period(v: Verdict, h: float) -> str:
    return f"{v.path[-1].year + int(h)}" if h == int(h) else v.target.deadline


def _curve(v: Verdict) -> list[Step]:
    """The S-curve of a share from its first to its last point; none below the points that a chance needs."""
    points = [p for p in v.path if not p.best.open]
    if v.scale != "logit" or on_path(v) or len(points) < settings.bound("full_points"):
        return []
    first, last = points[0], points[-1]
    try:
        curve = scenarios.logistic_through(first.year, first.best.value, last.year, last.best.value, v.whole)
    except ValueError:
        return []
    reach = f", passes the target in {curve.when(v.goal):.1f}" if 0 < v.goal < v.whole else ""
    said = f"odds change by {math.expm1(curve.r):+.1%} a year{reach}"
    end = v.path[-1].year
    return [
        Step(LOGISTIC, _period(v, k), end + k, k, float(curve.at(end + k)), said=said) for k in _horizons(v)
    ]


def _diffusion(v: Verdict) -> list[Step]:
    """The Bass curve of a share a year apart that spreads to the whole; none where it does not spread like that."""
    points = [p for p in v.path if not p.best.open]
    regular = v.ask is not None and v.ask.regular
    if v.scale != "logit" or on_path(v) or not regular or len(points) < len(v.path):
        return []
    share = [p.best.value / v.whole for p in points]
    try:
        curve = scenarios.bass_of(share)
    except ValueError:
        return []
    end, said = v.path[-1].year, f"innovation {curve.p:.3f}, imitation {curve.q:.3f}; all adopt in the end"
    onward = scenarios.bass_onward(curve, share[-1], math.floor(v.h))
    return [
        Step(BASS, f"{end + k}", float(end + k), float(k), float(F * v.whole), said=said)
        for k, F in enumerate(onward, 1)
    ]


def _experience(v: Verdict, learned: Learning | None) -> list[Step]:
    """The experience curve of a cost over what was made, where an analyst has named that."""
    if learned is None or v.ask is None or on_path(v):
        return []
    end = v.path[-1].year
    return [
        Step(
            WRIGHT,
            f"{end + k}",
            float(end + k),
            float(k),
            learned.cost(k),
            said=learned.said,
            rests_on=learned.rests_on,
        )
        for k in range(1, math.floor(v.h) + 1)
    ]


NEEDS = {
    LOGISTIC: "a share below its whole with the points that a chance needs",
    BASS: "a share a year apart that spreads: innovation and imitation above zero; of levels the market potential",
    WRIGHT: "a cost, and the series of what was made each year, which --made names",
}
"""What each scenario needs, which is said where it cannot be drawn."""


def curves(v: Verdict, steps: tuple[Step, ...], lacking: str = "") -> list[dict[str, str]]:
    """A row a scenario: where it leads by the deadline and what it assumes, or what it needs; none for facts.

    `lacking` is what an experience curve lacks over the quantities that were named.
    """
    if v.stage not in ("ahead", "nowcast") or v.measured.series is None:
        return []
    rows = []
    for name, needs in (NEEDS | ({WRIGHT: lacking} if lacking else {})).items():
        drawn = [s for s in steps if s.of == name]
        end = drawn[-1] if drawn else None
        rows.append(
            {
                "scenario": name,
                "leads to": f"{told.rounded(end.median, unit(v))} in {end.period}" if end else "",
                "assumes": end.said if end else "",
                "not drawn: it needs": "" if end else needs,
            }
        )
    return rows


def opened(held: Register, v: Verdict, step: Step) -> tuple[tuple[Part, ...], str]:
    """The parts of the distribution of a year, or the points of a curve, and a sentence."""
    points = tuple(
        Part(
            f"fact:{p.best.of.id}",
            told.observation(p.best.of, held),
            p.best.of.value,
            None,
            unit=p.best.of.unit,
        )
        for p in reversed(v.path)
    )
    if not step.halves:
        behind = points if step.of == BASS else (points[0], points[-1])
        if step.rests_on:
            behind = tuple(
                Part(f"fact:{o.id}", told.observation(o, held), o.value, None, unit=o.unit)
                for o in step.rests_on
            )
        return behind, f"{step.of}: {step.said}. A scenario, which decides nothing."
    halves = tuple(
        Part(f"fact:{v.target.id}", half(v, h, step.h), h.p, None, unit="probability") for h in step.halves
    )
    return (*halves, *points), (
        f"{step.of[:1].upper()}{step.of[1:]}, {step.said}: each part counts for an equal share; the interval cuts off "
        "equal tails."
    )


def half(v: Verdict, h: Half, years: float) -> str:
    """A part of the distribution in words: where it leads in so many years, by what drift, how wide it is."""
    by = v.measured.yardstick
    if h.name == SUMMED:
        leads = units.quantity(float(f"{h.location:.4g}"), v.target.unit)
        return f"{h.name}: chance {h.p:.3f}; half of them come to {leads} or more, with what was seen so far"
    middle = float(transforms.unscaled(h.location, v.scale, v.whole))
    there = by.told(middle, v.path[-1].year + years) if by else middle
    last = float(transforms.scaled(v.path[-1].best.value, v.scale, v.whole))
    on = {"log": "log points", "logit": "points of log odds"}.get(v.scale, v.target.unit)
    return (
        f"{h.name}: chance {h.p:.3f}; leads to {units.quantity(float(f'{there:.4g}'), v.target.unit)}, "
        f"{(h.location - last) / years:+.3g} {on} a year, standard error {h.spread:.3g}, Student with {h.df:g} degrees "
        "of freedom"
    )
