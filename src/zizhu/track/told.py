"""Targets, observations and verdicts in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from zizhu.ledger.folders import Register
from zizhu.ledger.models import Observation, Target
from zizhu.track import settings, soundness
from zizhu.track.sightings import Sighting, sightings
from zizhu.track.verdicts import NO_TARGETS, NOT, OUT, Verdict
from zizhu.track.yardstick import downward, kind_of
from zizhu.vocab import periods, units

ASSUMED = "*"
BY_PACE = (
    "Out of reach: the pace that is needed is above every pace that the country itself was seen to make between two "
    "points of the same series. It speaks of pace alone: a country may grow faster than before, as others did."
)
_LATER = ("its period ends after", "published after")
"""How the reasons begin for which a value is of days to come."""
_TOLD = 5
"""Years without a value that are named."""
UNREACHED = {"ahead": OUT, "nowcast": f"{OUT} when last seen"}
"""How it is told that a target is out of reach: before its deadline, and after it where its value is not held."""


def goal(target: Target) -> str:
    """What a target promises, in a line: `MIC2025: industrial robots, domestic market share, >= 50 % by 2020`."""
    assumed = " (comparator assumed)" if _assumed(target) else ""
    return f"{target.plan}: {target.item}, {target.indicator}, {_promise(target)}{assumed}"


def listed(target: Target) -> str:
    """What a target promises, in a line of a list, where an assumed comparator has a mark (see `legend`)."""
    return f"{target.plan}: {target.item}, {target.indicator}, {promise(target)}"


def promise(target: Target) -> str:
    """How much by when, with a mark where the comparator is assumed: `>= 50 % by 2020*`."""
    return f"{_promise(target)}{ASSUMED if _assumed(target) else ''}"


def legend(targets: Iterable[Target]) -> tuple[str, ...]:
    """What the mark of assumed comparators means; nothing where none of the targets has it."""
    return (
        (f"{ASSUMED} The source names no comparator: this one is assumed.",)
        if any(map(_assumed, targets))
        else ()
    )


def paced(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """What out of reach means; nothing where none of the verdicts is it."""
    return (BY_PACE,) if any(v.verdict == OUT for v in verdicts) else ()


def _assumed(target: Target) -> bool:
    return target.comparator_assumed and target.comparator not in (None, "=", "range")


def _promise(target: Target) -> str:
    sign = target.comparator if target.comparator not in (None, "=", "range") else ""
    most = "" if target.high is None else f" to {units.quantity(target.high, target.unit)}"
    value = units.number(target.value) if most else units.quantity(target.value, target.unit)
    when = f" by {periods.label(periods.parse(target.deadline))}" if target.deadline else ""
    return f"{sign} {value}{most}".strip() + when


def observation(o: Observation, held: Register, unit: str = "") -> str:
    """The series, period and publisher of an observation, with its own words where `unit` does not give them."""
    sign = "" if o.comparator == "=" else f"{o.comparator} "
    value = f", {sign}{units.quantity(o.value, o.unit)}" if sign or o.unit != unit else ""
    label, publisher = held.indicators[o.indicator].label, held.sources[o.source].producer
    period = periods.label(periods.parse(o.period))
    told = f"{label}, {period}{value}: {publisher}, {o.status}, quality {o.quality}"
    return f"{told} ({o.note})" if o.note else told


def verdict(v: Verdict) -> str:
    """A verdict in a few words, with its chance or its reason."""
    if v.verdict in NO_TARGETS:
        return v.verdict
    if v.verdict == NOT:
        return f"{NOT}: {settings.codes()[v.code].label}{f' ({v.why})' if v.why else ''}"
    if v.p is not None and v.stage in ("nowcast", "ahead"):
        return f"{v.verdict}, {chance(v.p)} ({v.horizon}{f'; {v.why}' if v.why else ''})"
    return f"{_word(v)}{f' ({v.why})' if v.why else ''}"


def short(v: Verdict) -> str:
    """A verdict in a line of a list: its chance or the reason, without what explains them."""
    if v.verdict == NOT:
        return f"{NOT}: {settings.codes()[v.code].label}"
    if v.p is not None and v.stage in ("nowcast", "ahead"):
        return f"{v.verdict}, {chance(v.p)} ({v.horizon})"
    return _word(v)


def _word(v: Verdict) -> str:
    """The word of a verdict; after a deadline that was not observed, with the period that it is told of."""
    if v.verdict != OUT:
        return v.verdict
    when = f" ({v.path[-1].year})" if v.stage == "nowcast" else ""
    return f"{UNREACHED[v.stage]}{when}"


def chance(p: float) -> str:
    """A chance in percent; never none and never certain: `54%`, `more than 99%`."""
    if p < 0.01:
        return "less than 1%"
    return "more than 99%" if p > 0.99 else f"{p:.0%}"


def seen(v: Verdict) -> str:
    """The latest value up to the deadline, in the unit of the target, and its period; empty where none is held."""
    s = v.decisive
    return f"{rounded(s.told, v.target.unit)} ({_when(s)})" if s else ""


def interval(v: Verdict) -> str:
    """The median and the interval: `23.1 %, 21.9 to 24.4`; empty without a chance."""
    if v.median is None or v.lower is None or v.upper is None:
        return ""
    ends = f"{_short(v.lower)} to {_short(v.upper)}"
    return f"{rounded(v.median, v.target.unit)}, {ends}"


def paces(v: Verdict) -> str:
    """Needed against observed pace: `needs 13.3 percentage points a year; .5 on average, 2.5 at most`.

    A target that the last point satisfies needs none: said is how far the pace may go back. Where a part of a year was
    seen since, the year is said from which the pace counts.
    """
    if v.pace is None:
        return ""
    observed = "" if math.isnan(v.pace.observed) else f"; {_short(v.pace.observed)} on average"
    there = v.pace.needed == 0
    if there and v.target.comparator in ("<", ">"):
        side = "below" if downward(v.target) else "above"
        return f"needs any pace {side} 0 {v.pace.unit}{observed}"
    if there or ((v.pace.needed > 0) if downward(v.target) else (v.pace.needed < 0)):
        side = "up to" if downward(v.target) else "down to"
        return f"satisfied, and stays so {side} {_short(v.pace.needed)} {v.pace.unit}{observed}"
    fastest = "" if math.isnan(v.pace.fastest) else f", {_short(v.pace.fastest)} at most"
    return f"needs {_short(v.pace.needed)} {v.pace.unit}{_since(v)}{observed}{fastest}"


def _since(v: Verdict) -> str:
    last = v.path[-1].year
    return f" from {last:.0f} on" if v.decisive and v.decisive.end.year > last else ""


def rounded(value: float, unit: str) -> str:
    """A value in four digits with its unit."""
    return units.quantity(value if abs(value) >= 1000 else float(f"{value:.4g}"), unit)


def _short(value: float) -> str:
    return units.number(float(f"{value:.3g}"))


def sentences(v: Verdict) -> tuple[str, ...]:
    """The notes of a verdict, each as a sentence."""
    return tuple(f"{n[:1].upper()}{n[1:]}." for n in notes(v))


def notes(v: Verdict) -> tuple[str, ...]:
    """What has to be said beside a verdict."""
    return tuple(
        dict.fromkeys(
            (
                *v.measured.notes,
                *soundness.told(v),
                *_of_the_wording(v),
                *_of_the_course(v),
                *_of_the_series(v),
            )
        )
    )


def remarks(v: Verdict) -> tuple[str, ...]:
    """What has to be said in a line of a list: why there is no chance, where that is more than its code, and when."""
    own = (
        v.verdict == OUT
        or v.ask is not None
        or v.code in ("TOO_FEW", "BASIS_UNCLEAR", "BOUNDS_STRADDLE", "SCALE_UNDEFINED", "NO_DEADLINE")
    )
    read = (
        ("read from a document, accepted by nobody: not counted",) if v.target.status == "unreviewed" else ()
    )
    return (*read, *((v.why,) if own and v.why else ()), *soundness.told(v), *_of_the_course(v))


def _of_the_wording(v: Verdict) -> Iterator[str]:
    t = v.target
    if v.measured.series is None or t.comparator not in ("~", "range"):
        return
    side = "at most" if downward(t) else "at least"
    yield f"{'about' if t.comparator == '~' else 'of a range the first bound'} is read as {side}"


def _of_the_course(v: Verdict) -> Iterator[str]:
    """When it was reached, whether it was kept, and what was seen after the deadline where that was not observed."""
    first, lost = v.reached
    if v.from_start:
        yield "already satisfied when it was announced"
    elif first is not None and v.verdict != "met":
        yield f"first reached in {_when(first)}"
    if lost is not None:
        yield f"no longer so in {_when(lost)}"
    if v.stage == "nowcast" and (after := _after(v)) is not None:
        side = {True: "satisfies it", False: "does not satisfy it", None: "leaves it open"}[after.says]
        yield f"the next value after the deadline, of {_when(after)}, {side}"


def _when(s: Sighting) -> str:
    return periods.label(periods.parse(s.of.period))


def _after(v: Verdict) -> Sighting | None:
    """The first sighting after a deadline."""
    end = periods.parse(v.target.deadline).end
    return next((s for s in sightings(v.target, v.measured) if s.end > end), None)


def _of_the_series(v: Verdict) -> Iterator[str]:
    series = v.measured.series
    if series is None:
        return
    if v.target.status == "unreviewed":
        yield "read from a document, and reviewed by nobody"
    yield from (f"definition changes {b}" for b in series.breaks)
    share = kind_of(v.target) == "share"
    if share and v.target.comparator is not None and v.transform == "log":
        yield "a share that may pass its whole: on the scale of levels"
    if any("more than there can be" in x.why or "less than there can be" in x.why for x in series.left):
        yield "values beyond what can be are left out"
    twice = [str(p.year) for p in v.path if any(s.value != p.best.value for s in p.rest)]
    if twice:
        yield f"sources have other values for {', '.join(twice)}, which stand beside and are no points"
    if any(x.why == "a forecast" or x.why.startswith(_LATER) for x in series.left):
        yield "forecasts and values of days to come are left out"
    if "irregular" in v.horizon:
        years = [str(y) for y in series.gaps]
        more = f" and {len(years) - _TOLD} more years" if len(years) > _TOLD else ""
        yield f"no value of {', '.join(years[:_TOLD])}{more} is held, and none is filled in"
    other = sorted({x.of.unit for x in series.left if "which is no" in x.why})
    if other:
        yield f"values in {', '.join(other)} are left out"
