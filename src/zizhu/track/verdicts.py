"""The verdict on a target, and what it rests on.

  met, met early, missed         the deadline value was observed, or what stays reached was reached before
  vintage-dependent, disputed    releases, or sources, of the same period fall on both sides of the target
  bounds straddle                what was observed has bounds on both sides of it
  likely, even, unlikely         by the chance p that it holds at the deadline; a nowcast where that has passed
  out of reach                   too few points for a chance, and the needed pace is above every one that
                                 the country was seen to make in the series
  not trackable                  with a reason code
  withdrawn, restatement, description  no target of its own

Every verdict has p or a reason code, the release it rests on, the scale and the horizon.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, NamedTuple

from zizhu.ledger.models import Indicator, Target
from zizhu.track import cumulated, settings
from zizhu.track.chances import Ask, Chance, certain, chances
from zizhu.track.measured import Measured
from zizhu.track.paces import Pace, pace
from zizhu.track.path import kinds, mixture
from zizhu.track.path.transforms import SCALES, Scale, mark, scaled
from zizhu.track.series import Point, Seen, vintage
from zizhu.track.sightings import (
    Reached,
    Sighting,
    at_deadline,
    in_time,
    reached,
    releases_differ,
    sightings,
)
from zizhu.track.yardstick import downward, holds, kind_of, question_of, stays
from zizhu.vocab import names, periods, units

Stage = Literal["fact", "nowcast", "ahead", "none"]
FACTS = ("met", "met early", "missed")
OPEN = ("vintage-dependent", "disputed", "bounds straddle")
CHANCES = ("likely", "even", "unlikely")
OUT, NOT = "out of reach", "not trackable"
JUDGED = ("active", "unreviewed")
NO_TARGETS = ("withdrawn", "restatement", "description")
VERDICTS = (*FACTS, *OPEN, *CHANCES, OUT, NOT, *NO_TARGETS)
NONE = "none"
NEVER = Reached(None, None)


@dataclass(frozen=True)
class Verdict:
    """The verdict on a target. `p` or `code` is always there; the interval is in the unit of the target.

    `ask` is what was asked of the path for `chance`.
    """

    target: Target
    measured: Measured
    verdict: str
    stage: Stage
    code: str = ""
    why: str = ""
    p: float | None = None
    lower: float | None = None
    median: float | None = None
    upper: float | None = None
    chance: Chance | None = None
    ask: Ask | None = None
    path: tuple[Point, ...] = ()
    goal: float = math.nan
    h: float = math.nan
    scale: Scale = "none"
    whole: float = 1.0
    pace: Pace | None = None
    decisive: Sighting | None = None
    reached: Reached = NEVER
    from_start: bool = False
    transform: str = NONE
    horizon: str = NONE
    vintage: str = NONE

    @property
    def says_yes(self) -> bool:
        """Whether the latest value up to the deadline satisfies the target."""
        return self.decisive is not None and self.decisive.says is True


@dataclass(frozen=True)
class Pending:
    """A verdict that waits for chances, on the lower and on the upper path of its bounds: one where there are none."""

    draft: Verdict
    low: Ask | Chance
    high: Ask | Chance


class Case(NamedTuple):
    """A target with what it is measured by, and the day on which its plan was announced, if that is known."""

    target: Target
    measured: Measured
    of: Indicator | None = None
    announced: date | None = None


def judge(cases: Sequence[Case], as_of: date) -> list[Verdict]:
    """The verdicts on targets on a day, in their order; all chances are computed together."""
    drafts = [weigh(case, as_of) for case in cases]
    asks = [a for d in drafts if isinstance(d, Pending) for a in _asked(d)]
    answers = dict(zip(map(id, asks), chances(asks), strict=True))
    return [d if isinstance(d, Verdict) else _spoken(d, answers) for d in drafts]


def _asked(d: Pending) -> list[Ask]:
    both = (d.low,) if d.low is d.high else (d.low, d.high)
    return [a for a in both if isinstance(a, Ask)]


def weigh(case: Case, as_of: date) -> Verdict | Pending:
    """The verdict where observations alone give it, else what has to be asked of the path."""
    target, m = case.target, case.measured
    if target.status not in JUDGED:
        return Verdict(
            target, m, target.status, "none", "NO_TARGET", "counted under another row, or not at all"
        )
    found = sightings(target, m)
    timely = in_time(target, found)
    first = reached(target, timely)
    base = Verdict(target, m, NOT, "none", reached=first, decisive=_latest(timely))
    base = replace(base, from_start=_from_the_start(case, first))
    if fact := _fact(base, timely):
        return fact
    if not target.deadline:
        return replace(base, code="NO_DEADLINE", why=_endless(base))
    if m.code:
        return replace(base, code=m.code, why=m.why)
    if target.comparator is None:
        why = "the wording allows neither at least nor at most"
        return replace(base, code="SCALE_UNDEFINED", why=why)
    return _ahead(base, case.of, as_of)


def _endless(base: Verdict) -> str:
    """What is to be said of a target without a deadline: whether it holds now, and why that is no verdict."""
    why = settings.codes()["NO_DEADLINE"].meaning
    if base.decisive is None or base.decisive.says is None:
        return why
    if base.decisive.says:
        return f"it holds in the latest value and may be lost again; {why}"
    return f"it does not hold in the latest value; {why}"


def _latest(found: Sequence[Sighting]) -> Sighting | None:
    """The best sighting of the latest period."""
    return next((s for s in found if s.end == found[-1].end), None)


def _fact(base: Verdict, timely: Sequence[Sighting]) -> Verdict | None:
    """What observations decide; None where they do not."""
    target = base.target
    due = at_deadline(target, timely) if target.deadline else ()
    says = {s.says for s in due} - {None}
    first = base.reached.first
    if says == {True}:
        early = first is not None and first.end < due[0].end and not base.from_start
        best = next(s for s in due if s.says)
        return _seen(base, "met early" if early else "met", best, 1.0)
    if says == {False}:
        return _seen(base, "missed", next(s for s in due if s.says is False), 0.0)
    if len(says) == 2:
        releases = releases_differ(due)
        word, code = (
            ("vintage-dependent", "VINTAGES_DISAGREE") if releases else ("disputed", "SOURCES_DISAGREE")
        )
        return replace(_seen(base, word, due[0], None), code=code, why=settings.codes()[code].meaning)
    if first is not None and stays(target):
        return _seen(base, "met early" if target.deadline and not base.from_start else "met", first, 1.0)
    if due and target.comparator is not None:
        code = "BOUNDS_STRADDLE"
        return replace(_seen(base, OPEN[2], due[0], None), code=code, why=settings.codes()[code].meaning)
    return None


def _from_the_start(case: Case, first: Reached) -> bool:
    """Whether the target was already satisfied when it was announced: by its own baseline, or by what was observed."""
    t = case.target
    stated = t.baseline_value if question_of(t) == "level" and not t.baseline_unit else None
    if t.comparator is not None and stated is not None and holds(t, stated):
        return True
    return first.first is not None and case.announced is not None and first.first.end <= case.announced


def _seen(base: Verdict, word: str, by: Sighting, p: float | None) -> Verdict:
    return replace(
        base, verdict=word, stage="fact", decisive=by, p=p, horizon="observed", vintage=vintage(by.of)
    )


def _ahead(base: Verdict, of: Indicator | None, as_of: date) -> Verdict | Pending:
    """A chance where the path has enough points, else the pace where it has a few, else the distance."""
    target, m = base.target, base.measured
    due = periods.parse(target.deadline, target.id)
    path = _usable([p for p in m.path if date(p.year, 12, 31) <= due.end])
    base = replace(base, stage="nowcast" if due.end < as_of else "ahead", path=path)
    if not path or m.yardstick is None:
        why = "no annual value up to the deadline is held"
        return replace(base, code="TOO_FEW", why=why)
    last = path[-1]
    h = due.end.year - last.year if due.years else (due.end - date(last.year, 12, 31)).days / 365.25
    scale, whole = _scale(target, of)
    goal = m.yardstick.goal(target.value, due.end.year)
    if m.yardstick.question == "total":
        return _summed(replace(base, goal=goal, h=float(h), scale="log"))
    base = replace(
        base,
        path=path,
        goal=goal,
        h=float(h),
        scale=scale,
        whole=whole,
        pace=pace([p.year for p in path], [p.best.value for p in path], goal, h, scale, target.unit),
        horizon=_horizon(base.stage, h, len(_run(path)) < len(path)),
        vintage=vintage(last.best.of),
    )
    if why := _undefined(path, goal, scale, whole):
        return replace(base, code="SCALE_UNDEFINED", why=why)
    if len(path) < settings.bound("full_points"):
        return _few(base)
    return _pending(base)


def _summed(base: Verdict) -> Verdict | Pending:
    """A chance of a sum, from the annual values behind it; its pace is of the running total."""
    last, series = base.path[-1], base.measured.series
    assert series is not None
    run = _run(_usable(cumulated.yearly(series, base.path)))
    flow = run if run and run[-1].year == last.year else ()
    base = replace(
        base,
        path=flow or base.path,
        pace=pace(*cumulated.rates(base.path), base.goal, base.h, "none", base.target.unit),
        horizon=_horizon(base.stage, base.h, False),
        vintage=vintage(last.best.of),
    )
    if not cumulated.summable([p.best.value for p in flow]):
        return replace(
            base, code="SCALE_UNDEFINED", why="an annual value is zero or less, which has no logarithm"
        )
    if base.h != int(base.h):
        return replace(
            base, code="SCALE_UNDEFINED", why="a sum of annual values has no deadline within a year"
        )
    if not flow:
        return replace(
            base, code="TOO_FEW", why="totals are held, and not the annual values that they are made of"
        )
    if len(flow) < settings.bound("full_points"):
        return _few(base)
    return _pending(base, last.best)


def _usable(path: Sequence[Point]) -> tuple[Point, ...]:
    """The points without those that are only bounds; of the last point bounds are kept."""
    return tuple(p for p in path if not p.best.open or p is path[-1])


def _run(path: Sequence[Point]) -> tuple[Point, ...]:
    """The newest points that are a year apart."""
    start = next((k for k in range(len(path) - 1, 0, -1) if path[k].year - path[k - 1].year > 1), 0)
    return tuple(path[start:])


def _scale(target: Target, of: Indicator | None) -> tuple[Scale, float]:
    """The scale of a path, and the whole of a share in its unit. Shares that may pass their whole are levels."""
    kind = kind_of(target)
    if question_of(target) != "level":
        return "log", 1.0
    share = units.unit(target.unit).dimension == "share"
    if share and kind != "net zero" and (of is None or of.highest is not None):
        return "logit", units.convert(1.0, "share", target.unit)
    return ("log" if kind == "share" else SCALES.get(kind, "log")), 1.0


def _horizon(stage: Stage, h: float, gaps: bool) -> str:
    years = f"{h:g} year{'' if h == 1 else 's'}"
    beyond = ", beyond tested horizon" if mixture.beyond_tested(h)[0] else ""
    return f"{stage}, {years}{beyond}{', irregular' if gaps else ''}"


def _undefined(path: Sequence[Point], goal: float, scale: Scale, whole: float) -> str:
    """What of a path or its goal the scale does not reach; empty where it reaches all."""
    values = [v for p in path for v in (p.best.value, p.best.lower, p.best.upper) if math.isfinite(v)]
    why = {
        "log": "zero or less, which has no logarithm",
        "logit": "a share at nothing, at the whole or beyond, which has no odds",
    }
    if any(math.isnan(float(x)) for x in scaled(values, scale, whole)):
        return f"a value is {why[scale]}"
    if math.isfinite(float(mark(goal, scale, whole))):
        return ""
    zero = "; what is to end at zero has the measure `net zero`" if goal == 0 else ""
    return f"the target is {why[scale]}{zero}"


def _few(base: Verdict) -> Verdict:
    """Too few points for a chance: out of reach where more pace is needed than was seen, on both paths of bounds."""
    n, last = len(base.path), base.path[-1].best
    said = f"{n} annual point{'' if n == 1 else 's'}; a chance needs {settings.bound('full_points'):g}"
    said += "; the last one is only a bound" if last.open else ""
    few = replace(base, code="TOO_FEW", why=said)
    enough = n >= settings.bound("pace_points")
    if enough and base.pace is not None and base.pace.unseen and not base.says_yes and not last.open:
        return replace(few, verdict=OUT, why=f"{said}; {_faster_than_ever(base.pace, base.target.country)}")
    return few


def _faster_than_ever(pace: Pace, country: str) -> str:
    """That the needed pace is above every one observed, and whose."""
    needed, fastest = (units.number(float(f"{v:.3g}")) for v in (pace.needed, pace.fastest))
    ever = f"{names.name(country)} was ever seen to make in this series"
    return f"needs {needed} {pace.unit}, more than {ever} ({fastest} at most)"


def _pending(base: Verdict, so_far: Seen | None = None) -> Pending:
    """What has to be asked: one chance, or one on each path of the bounds; of a sum with what was seen so far."""
    target, whole_number = base.target, _is_whole(base.target)
    up = not downward(target)
    goal = float(kinds.whole_bound(">=" if up else "<=", base.goal)) if whole_number else base.goal

    def on(side: str) -> Ask | Chance:
        y = tuple(getattr(p.best, side) for p in base.path)
        total = getattr(so_far, side) if so_far else None
        if not math.isfinite(y[-1] if total is None else total):
            return certain(float((y[-1] > 0) == up))
        t = tuple(float(p.year) for p in base.path)
        stay = stays(target) and total is None
        return Ask(t, y, base.h, goal, up, base.scale, base.whole, stay, total)

    base = replace(base, transform=f"{base.scale}, whole numbers" if whole_number else base.scale)
    exact = all(p.best.lower == p.best.upper for p in base.path)
    low = on("lower")
    return Pending(base, low, low if exact else on("upper"))


def _is_whole(target: Target) -> bool:
    """Whether a target counts single things or is a rank."""
    of = units.unit(target.unit)
    return question_of(target) == "level" and of.dimension in ("count", "rank") and of.scale == 1


def _spoken(d: Pending, answers: dict[int, Chance]) -> Verdict:
    """The word for a chance; where those of the two paths differ, the bounds straddle."""
    low, high = (a if isinstance(a, Chance) else answers[id(a)] for a in (d.low, d.high))
    draft = d.draft
    if math.isnan(low.p) or math.isnan(high.p):
        return replace(draft, code="NO_VARIATION", why=settings.codes()["NO_VARIATION"].meaning)
    words = {_word(draft, c) for c in (low, high)}
    if len(words) == 2:
        ends = sorted((low.p, high.p))
        why = f"the chance lies between {ends[0]:.2f} and {ends[1]:.2f}, by the bounds of what was observed"
        return replace(draft, verdict=OPEN[2], code="BOUNDS_STRADDLE", why=why)
    told, ask = min(
        ((c, a) for c, a in ((low, d.low), (high, d.high)) if c.halves), key=lambda both: both[0].p
    )
    by, year = draft.measured.yardstick, float(periods.parse(draft.target.deadline).end.year)
    ends = [by.told(v, year) if by else v for v in (told.lower, told.median, told.upper)]
    word = words.pop()
    if word != _by_chance(told.p):
        draft = replace(
            draft, why="beyond the tested horizon it is even unless the interval excludes the target"
        )
    lower, median, upper = ends
    asked = ask if isinstance(ask, Ask) else None
    return replace(
        draft, verdict=word, p=told.p, lower=lower, median=median, upper=upper, chance=told, ask=asked
    )


def _word(draft: Verdict, c: Chance) -> str:
    """Likely, even or unlikely; beyond the tested horizon even, unless the interval excludes the goal."""
    if "beyond" in draft.horizon and c.lower <= draft.goal <= c.upper:
        return CHANCES[1]
    return _by_chance(c.p)


def _by_chance(p: float) -> str:
    likely, unlikely = settings.bound("likely"), settings.bound("unlikely")
    return CHANCES[0] if p > likely else CHANCES[2] if p < unlikely else CHANCES[1]
