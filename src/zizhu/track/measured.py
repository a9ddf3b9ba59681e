"""Which series measures what a target says: same dimension, same measure, same basis, prices told.

A target on brands is never judged by a series on territory: what does not fit is shown as the nearest series, with the
reason code. Where the wording leaves the basis open, the series is a reading of it, and what that leaves open is said.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from zizhu.ledger import finding
from zizhu.ledger.folders import Register
from zizhu.ledger.models import Indicator, Observation, Target
from zizhu.track import cumulated, settings
from zizhu.track.series import Point, Seen, Series, annual
from zizhu.track.yardstick import Yardstick, base_year, first_summed, question_of, span_start, unclear
from zizhu.vocab import units

UNSTATED, UNTOLD = "not stated", "prices of the series not stated"


@dataclass(frozen=True)
class Reading:
    """By what an analyst wants a target judged, where that is not what the register says."""

    series: str = ""
    basis: str = ""


AS_REGISTERED = Reading()


@dataclass(frozen=True)
class Measured:
    """The series that a target is judged by with its path, or why there is none and what comes nearest.

    `path` are the points on the scale of `yardstick`: the series itself, or an index of its changes.
    """

    indicator: str = ""
    basis: str = ""
    prices: str = ""
    series: Series | None = None
    path: tuple[Point, ...] = ()
    yardstick: Yardstick | None = None
    code: str = ""
    why: str = ""
    nearest: str = ""
    notes: tuple[str, ...] = field(default=())
    proxy: str = ""
    """Why the series stands for the target only because that was asked for; empty where it measures it."""


def measured(
    target: Target,
    held: Register,
    by_indicator: Mapping[str, Sequence[Observation]],
    as_of: date,
    reading: Reading = AS_REGISTERED,
) -> Measured:
    """What a target is judged by on a day. Never raises: what does not fit has a reason code."""
    near = _nearest(target, held)
    chosen = reading.series or _on_basis(target, held, by_indicator, reading.basis) or target.trackable_by
    if not chosen:
        return _none(target, held, near)
    basis = reading.basis or target.basis
    of = held.indicators.get(chosen)
    fits, said = _fits(basis, of.basis if of else "")
    if fits and reading.series and not basis and of and of.basis and _is_share(target):
        fits, said = False, f"the target states no basis, the series is on {of.basis}"
    if not fits:
        return Measured(code="BASIS_UNCLEAR", why=said, nearest=chosen, basis=of.basis if of else "")
    proxy = _proxy(target.basis, reading.basis)
    if either := unclear(target):
        return Measured(code="BASIS_UNCLEAR", why=either, nearest=chosen, basis=of.basis if of else "")
    prices, clash = _prices(target, of, by_indicator.get(chosen, ()))
    if clash:
        return Measured(code="BASIS_UNCLEAR", why=clash, nearest=chosen, prices=prices)
    notes = tuple(n for n in (said, proxy, f"prices: {prices}" if prices else "") if n)
    found = _path(target, held, of or _nameless(chosen), by_indicator.get(chosen, ()), as_of)
    if isinstance(found, str):
        code = "SCALE_UNDEFINED" if found.startswith("base") else "NO_SERIES"
        own = of.basis if of else ""
        return Measured(code=code, why=found, nearest=chosen, basis=own, prices=prices, notes=notes)
    series, path, yardstick = found
    return Measured(
        chosen,
        of.basis if of else "",
        prices,
        series,
        path,
        yardstick,
        nearest=near,
        notes=notes,
        proxy=proxy,
    )


def _is_share(target: Target) -> bool:
    return units.unit(target.unit).dimension == "share"


def _proxy(own: str, asked: str) -> str:
    """Why a series on a basis that was asked for does not measure what a target on its own is about."""
    if not asked or asked == own or (own, asked) in settings.fits():
        return ""
    worded = f"the target is worded on {own}" if own else "the target states none"
    return f"a proxy: read on the basis {asked} as asked, {worded}"


def _nameless(indicator: str) -> Indicator:
    """An indicator that the register does not describe, without bounds."""
    return Indicator(id=indicator, label=indicator, basis=UNSTATED, higher_is="other")


def _none(target: Target, held: Register, near: str) -> Measured:
    """Why nothing is held that measures the target itself."""
    if wordings := sorted(_other_bases(target, held)):
        why = f"sources word the same aim on other bases: {', '.join(wordings)}"
        return Measured(code="BASIS_UNCLEAR", why=why, nearest=near)
    if target.nearest:
        of = held.indicators[target.nearest]
        why = f"held is {of.label}, on the basis {of.basis}, which is shown and does not judge"
        return Measured(code="PROXY_ONLY", why=why, nearest=near)
    on = f"on the basis {target.basis} " if target.basis else ""
    return Measured(code="NO_SERIES", why=f"no series {on}is held that measures it", nearest=near)


def _nearest(target: Target, held: Register) -> str:
    """A series for context: the one that the register names, else that of a row which restates the target."""
    restated = (t.trackable_by for t in held.restating.get(target.id, ()))
    return target.nearest or next((i for i in restated if i), "")


def _other_bases(target: Target, held: Register) -> Iterator[str]:
    """The bases, other than its own, on which rows restate the aim of a target: same plan, item and indicator."""
    aim = {
        t.id
        for t in held.targets.values()
        if (t.plan, t.item, t.indicator) == (target.plan, target.item, target.indicator)
    }
    for t in held.targets.values():
        if t.same_as in aim and t.basis and t.basis != target.basis:
            yield t.basis


def _on_basis(
    target: Target, held: Register, by_indicator: Mapping[str, Sequence[Observation]], basis: str
) -> str:
    """Of the series named beside a target and its siblings or in its note, the first on a basis that is asked for."""
    if not basis:
        return ""
    family = (target, *siblings(target, held))
    named = [i for t in family for i in (t.trackable_by, t.nearest) if i]
    noted = [i for i in sorted(by_indicator) if i in target.note and i in held.indicators]
    return next((i for i in (*named, *noted) if held.indicators[i].basis == basis), "")


def alike(
    target: Target, held: Register, by_indicator: Mapping[str, Sequence[Observation]]
) -> tuple[str, ...]:
    """The series, other than its own, that its note names or that measure something it names in its dimension, by id.

    What they measure may be another thing: they are offered, and never chosen.
    """
    about = finding.concepts(f"{target.item} {target.sector}")
    found = []
    for i, rows in sorted(by_indicator.items()):
        of = held.indicators.get(i)
        fits = units.same_dimension(rows[-1].unit, target.unit) and any(o.status != "forecast" for o in rows)
        if of is None or i == target.trackable_by or not fits:
            continue
        if i in target.note or about & finding.concepts(of.label):
            found.append(i)
    return tuple(found)


def siblings(target: Target, held: Register) -> tuple[Target, ...]:
    """The rows that word the aim of a target on another basis or repeat it, by id."""
    ends = {(link.a, link.b) for link in held.links.values() if link.relation == "same aim"}
    ids = {b if a == target.id else a for a, b in ends if target.id in (a, b)} | {target.same_as}
    ids |= {t.id for t in held.restating.get(target.id, ())}
    return tuple(held.targets[i] for i in sorted(ids) if i in held.targets)


def _fits(wanted: str, basis: str) -> tuple[bool, str]:
    """Whether a series on a basis may judge a target worded on another, and what has to be said of it."""
    if wanted == basis or not basis:
        return True, ""
    if not wanted:
        return True, f"the target states no basis; judged on that of the series: {basis}"
    fit = settings.fits().get((wanted, basis))
    if fit:
        return True, fit.why
    return False, f"the target is on the basis {wanted}, the series on {basis}"


def prices_open(target: Target, prices: str) -> bool:
    """Whether a target in stated prices is judged by a series of which they are not known."""
    return target.price_basis not in ("", UNSTATED) and prices.endswith(UNTOLD)


def _prices(target: Target, of: Indicator | None, observed: Sequence[Observation]) -> tuple[str, str]:
    """In which prices a target on money is judged, and why it cannot be; both empty where no money is meant.

    Growth of what is seen in money means money, also where the row of the target leaves its prices empty.
    """
    money = any(units.unit(o.unit).dimension == "money" for o in observed)
    grows = question_of(target) != "level"
    stated = target.price_basis or (UNSTATED if money and grows else "")
    if not stated:
        return "", ""
    note = of.note if of else ""
    own = "nominal" if "current prices" in note else "real" if "constant prices" in note else ""
    if stated == UNSTATED:
        return f"{own or UNTOLD}, the plan does not say", ""
    if own and own != stated:
        return own, f"the target is {stated}, the series {own}"
    return (stated if own else f"{stated} in the plan, {UNTOLD}"), ""


def _path(
    target: Target, held: Register, of: Indicator, observed: Sequence[Observation], as_of: date
) -> tuple[Series, tuple[Point, ...], Yardstick] | str:
    """The series, its path and the yardstick; or what keeps the series from measuring the target."""
    plan = held.plans.get(target.plan)
    start = plan.start if plan else ""
    since = base_year(target, start)
    if question_of(target) == "level":
        return _level(target, of, observed, as_of)
    if question_of(target) == "total":
        return _total(target, of, observed, as_of, start)
    spans = annual(observed, of, target.unit, as_of, span_start(target)) if span_start(target) else None
    if spans is not None and spans.points:
        return spans, _spans(spans, target.unit), Yardstick("change", target.unit, 1.0, since)
    if of.basis == "change":
        return _chained(target, of, observed, as_of, since)
    return _from_base(target, of, observed, as_of, since)


def _level(
    target: Target, of: Indicator, observed: Sequence[Observation], as_of: date
) -> tuple[Series, tuple[Point, ...], Yardstick] | str:
    series = annual(observed, of, target.unit, as_of)
    if not (series.points or series.beside):
        return _nothing(series, of)
    return series, series.points, Yardstick("level", target.unit)


def _total(
    target: Target, of: Indicator, observed: Sequence[Observation], as_of: date, plan_start: str
) -> tuple[Series, tuple[Point, ...], Yardstick] | str:
    """Running totals: those that were observed since the first year, else the annual values summed."""
    first = first_summed(target, plan_start)
    if first is None:
        return "base: neither the target nor its plan says from what year it is summed"
    by = Yardstick("total", target.unit, 0.0, first - 1.0)
    spans = annual(observed, of, target.unit, as_of, str(first))
    if spans.points:
        return spans, spans.points, by
    series = annual(observed, of, target.unit, as_of)
    if not series.points:
        return _nothing(series, of)
    path = cumulated.totals(series, first)
    return f"{of.label}: {path}" if isinstance(path, str) else (series, path, by)


def _nothing(series: Series, of: Indicator) -> str:
    """Why no observation of an indicator is a point."""
    why = ", ".join(dict.fromkeys(x.why for x in series.left))
    return f"{of.label}: {why}" if why else f"no observation of {of.label}"


def _spans(series: Series, unit: str) -> tuple[Point, ...]:
    """Changes since the base year as an index that is 1 in it."""
    one = float(units.unit(unit).scale)

    def index(s: Seen) -> Seen:
        return Seen(s.of, 1 + s.value * one, 1 + s.lower * one, 1 + s.upper * one)

    return tuple(Point(p.year, index(p.best), tuple(map(index, p.rest))) for p in series.points)


def _chained(
    target: Target, of: Indicator, observed: Sequence[Observation], as_of: date, since: float
) -> tuple[Series, tuple[Point, ...], Yardstick] | str:
    """Annual changes multiplied up; the index is 1 before the first of the newest unbroken run of them."""
    unit = next((o.unit for o in observed), target.unit)
    if units.unit(unit).dimension not in ("share", "growth per year"):
        return f"{of.label} is in {unit}, which is no change"
    series = annual(observed, of, unit, as_of)
    if not series.points:
        return _nothing(series, of)
    one = float(units.unit(unit).scale)
    run = [p for p in series.points if not any(gap > p.year for gap in series.gaps)]  # all after the last gap
    path, level = [], 1.0
    for p in run:
        before = level

        def index(s: Seen, before: float = before) -> Seen:
            return Seen(s.of, *(before * (1 + v * one) for v in (s.value, s.lower, s.upper)))

        path.append(Point(p.year, index(p.best), tuple(map(index, p.rest))))
        level = path[-1].best.value
    base = {run[0].year - 1.0: 1.0, **{float(p.year): p.best.value for p in path}}.get(since)
    if base is None:
        return f"base: the changes of {of.label} are not held back to {since:.0f}"
    return series, tuple(path), Yardstick(question_of(target), target.unit, base, since)


def _from_base(
    target: Target, of: Indicator, observed: Sequence[Observation], as_of: date, since: float
) -> tuple[Series, tuple[Point, ...], Yardstick] | str:
    """A growth, multiple or change of a level, from the baseline of the target or the value of the base year."""
    first = target.baseline_unit or next((o.unit for o in observed), "")
    if not first:
        return f"no observation of {of.label}"
    if units.same_dimension(first, target.unit) and question_of(target) != "points":
        return f"{of.label} is in {first}, which is what the target asks for and no level of it"
    series = annual(observed, of, first, as_of)
    if not series.points:
        return _nothing(series, of)
    base = target.baseline_value if target.baseline_unit else None
    if base is None:
        base = next((p.best.value for p in series.points if p.year == since), None)
    if base is None and not math.isnan(since):
        return f"base: no value of {of.label} in {since:.0f}, from which it is counted"
    if base is None or math.isnan(since):
        return "base: neither the plan nor the series says from what level it is counted"
    if base <= 0 and question_of(target) != "points":
        return f"base: {of.label} was {base:g}, and nothing grows from there"
    return series, series.points, Yardstick(question_of(target), target.unit, base, since)
