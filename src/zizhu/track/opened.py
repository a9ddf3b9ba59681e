"""Numbers of a verdict opened: into observations with their sources, the two halves of the chance, and the target."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from zizhu.ledger.folders import Register
from zizhu.ledger.models import Observation
from zizhu.ledger.result import Evidence, Explanation, Part, Result
from zizhu.track import ratios, settings, told
from zizhu.track.ahead import half
from zizhu.track.series import Point
from zizhu.track.sightings import Sighting, sightings
from zizhu.track.verdicts import Verdict
from zizhu.vocab import units


class Opening(NamedTuple):
    """What a number opens into, a sentence on it, and the observations behind it."""

    parts: tuple[Part, ...]
    said: str
    behind: tuple[Observation, ...] = ()


class Desk(NamedTuple):
    """What openings are made of: the verdict, the register, and the row of the answer."""

    v: Verdict
    held: Register
    result: Result
    row: Mapping[str, Any]


def explain(
    v: Verdict, held: Register, result: Result, row: Mapping[str, Any], column: str, top: int
) -> Explanation:
    """Open a filled cell. What is no sum is evidence, in the unit of the target where it has no other."""
    name = column.removeprefix("register_")
    desk = Desk(v, held, result, row)
    opening = _OPENINGS[name](desk, name)
    parts, value = opening.parts[:top], float(row[column])
    summed = any(p.share is not None for p in opening.parts)
    return Explanation(
        ref=result.ref(row, column),
        value=value,
        unit=_unit(v, row, result.units[column]),
        sentence=f"{told.goal(v.target)}: {told.verdict(v)}. {opening.said}",
        parts=parts,
        remainder=value - sum(p.value for p in parts if p.share is not None) if summed else 0.0,
        inputs=(f"fact:{v.target.id}", *dict.fromkeys(f"fact:{o.id}" for o in opening.behind)),
        left_out=len(opening.parts) - len(parts),
    )


def _unit(v: Verdict, row: Mapping[str, Any], unit: str) -> str:
    return {"see unit": v.target.unit, "see pace_unit": str(row["pace_unit"])}.get(unit, unit)


def evidence(v: Verdict, result: Result, row: Mapping[str, Any]) -> Evidence:
    """A target with the observations of the period that decides on it."""
    ref = result.ref(row, "observed") if row["observed"] is not None else f"fact:{v.target.id}"
    facts = (f"fact:{v.target.id}", *(f"fact:{s.of.id}" for s in deciding(v)))
    return Evidence(f"{v.target.id}, {told.goal(v.target)}", ref, facts)


def deciding(v: Verdict) -> list[Sighting]:
    """The observation that carries a verdict, then the others of its period."""
    first = v.decisive
    if first is None:
        return []
    same = [s for s in sightings(v.target, v.measured) if s.end == first.end]
    return sorted(same, key=lambda s: (s.of.id != first.of.id, s.of.id))


def _of_target(desk: Desk, name: str) -> Opening:
    t = desk.v.target
    value = getattr(t, name)
    return Opening((Part(f"fact:{t.id}", f"{t.id}, {told.goal(t)}", value, None),), "The target.")


def _of_observed(desk: Desk, name: str) -> Opening:
    """What decides first, then the rest of the series, the latest first, in the unit of the target."""
    del name
    first = deciding(desk.v)
    rest = [s for s in sightings(desk.v.target, desk.v.measured) if s not in first]
    rest = sorted(rest, key=lambda s: (s.end, s.of.id), reverse=True)
    parts = tuple(_sighted(desk, s) for s in (*first, *rest))
    return Opening(parts, f"What decides comes first.{_also(desk)}", tuple(s.of for s in first))


def _sighted(desk: Desk, s: Sighting) -> Part:
    return Part(f"fact:{s.of.id}", told.observation(s.of, desk.held, desk.v.target.unit), s.told, None)


def _also(desk: Desk) -> str:
    """The notes of a verdict as a sentence."""
    said = told.notes(desk.v)
    return f" Note: {'; '.join(said)}." if said else ""


def _of_points(desk: Desk, name: str) -> Opening:
    del name
    series = desk.v.measured.series
    held = [p.best.of for p in reversed(series.points)] if series else []
    parts = tuple(Part(f"fact:{o.id}", told.observation(o, desk.held), 1.0, 1 / len(held)) for o in held)
    return Opening(parts, "Years with a value.", tuple(held))


def _of_chance(desk: Desk, name: str) -> Opening:
    """The halves of the distribution, each with half its chance, then the points that it was learnt from."""
    del name
    v, chance = desk.v, desk.v.chance
    if chance is None:
        opening = _of_observed(desk, "observed")
        return opening._replace(said=f"A fact, no chance. {opening.said}")
    ref = desk.result.ref(desk.row, "points")
    summands = [(half(v, h, v.h), h.p / len(chance.halves)) for h in chance.halves]
    if chance.p != chance.held:
        summands.append(("reached on the way and lost again", chance.p - chance.held))
    parts = tuple(
        Part(ref, label, value, value / chance.p if chance.p else None) for label, value in summands
    )
    return Opening((*parts, *_points(desk)), f"{_chance_in_words(v)}{_also(desk)}", _observed(v.path))


def _chance_in_words(v: Verdict) -> str:
    ahead = f"{v.h:g} year{'' if v.h == 1 else 's'} after {v.path[-1].year}"
    return (
        f"The chance {ahead}, from {len(v.path)} points on the scale {v.transform}: each part of the distribution "
        "counts for an equal share."
    )


def _points(desk: Desk) -> tuple[Part, ...]:
    """The points of the path as evidence, the latest first, in the unit of the series."""
    series = desk.v.measured.series
    unit = series.unit if series else desk.v.target.unit
    return tuple(
        Part(
            f"fact:{p.best.of.id}",
            told.observation(p.best.of, desk.held, unit),
            units.convert(p.best.of.value, p.best.of.unit, unit),
            None,
            unit=unit,
        )
        for p in reversed(desk.v.path)
    )


def _observed(path: Iterable[Point]) -> tuple[Observation, ...]:
    return tuple(p.best.of for p in path)


def _of_interval(desk: Desk, name: str) -> Opening:
    """An end of the interval or the median: where each part leads, and the points."""
    v = desk.v
    tail = (1 - settings.bound("coverage")) / 2
    q = {"lower": tail, "median": 0.5, "upper": 1 - tail}[name]
    halves = v.chance.halves if v.chance else ()
    ref = desk.result.ref(desk.row, "points")
    parts = tuple(Part(ref, half(v, h, v.h), h.p, None, unit="probability") for h in halves)
    said = f"The {q:.0%} point of the distribution at the deadline. {_chance_in_words(v)}{_also(desk)}"
    return Opening((*parts, *_points(desk)), said, _observed(v.path))


def _of_pace(desk: Desk, name: str) -> Opening:
    """The points that a pace was taken between, or the last one and the target."""
    v = desk.v
    first, last = v.path[0].year, v.path[-1].year
    said = {
        "needed_pace": f"A year, from {last} to the deadline, to meet the target exactly.",
        "observed_pace": f"A year, on average from {first} to {last}.",
        "fastest_pace": "A year, between the two points in a row that came nearest the target the fastest.",
    }[name]
    points = _points(desk)
    chosen = points[:1] if name == "needed_pace" else points
    goal = Part(f"fact:{v.target.id}", told.goal(v.target), v.target.value, None, unit=v.target.unit)
    parts = (*chosen, goal) if name == "needed_pace" else chosen
    return Opening(parts, said, _observed(v.path if name != "needed_pace" else v.path[-1:]))


def _of_ratio(desk: Desk, name: str) -> Opening:
    """The two points and the target that a ratio is made of, and what rules say of it."""
    del name
    v, found = desk.v, ratios.of(desk.v)
    target = f"fact:{v.target.id}"
    unit = v.measured.series.unit if v.measured.series else v.target.unit
    year, value = found.baseline
    first = f"fact:{found.first.best.of.id}" if found.first else target
    label = f"{'first value' if found.first else 'baseline of the target'}, {year:.0f}"
    parts = [Part(first, label, value, None, unit=unit)]
    if found.latest is not None:
        latest = found.latest.best
        parts.append(
            Part(
                f"fact:{latest.of.id}", told.observation(latest.of, desk.held), latest.value, None, unit=unit
            )
        )
    parts.append(Part(target, told.goal(v.target), v.target.value, None, unit=v.target.unit))
    said = "; ".join(f"{rule} would say {word}" for rule, word in found.said.items())
    points = [p for p in (found.first, found.latest) if p is not None]
    sentence = (
        f"Growth a year from the baseline over the growth that is needed: {said}. It knows no variance."
    )
    return Opening(tuple(parts), sentence, _observed(points))


_OPENINGS: Mapping[str, Callable[[Desk, str], Opening]] = {
    "value": _of_target,
    "high": _of_target,
    "observed": _of_observed,
    "points": _of_points,
    "p": _of_chance,
    **dict.fromkeys(("lower", "median", "upper"), _of_interval),
    **dict.fromkeys(("needed_pace", "observed_pace", "fastest_pace"), _of_pace),
    "cagr_ratio": _of_ratio,
}
