"""What was known on an earlier day, and which targets can be replayed: why not, where they cannot.

A value whose source says when it was published is known from then on. Where it does not, it is taken as known so long
after its period as `publication_lag` of `verdict_rules.csv` says, and its point is marked as assumed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from zizhu.ledger.models import Observation
from zizhu.track import judged, settings
from zizhu.track.series import end_of
from zizhu.track.verdicts import OPEN, Verdict
from zizhu.vocab import periods

SCORED, SETTLED, LATER = "scored", "settled then", "plan issued later"


def known_on(o: Observation, hindsight: bool) -> tuple[date, bool]:
    """From which day an observation is taken as known, and whether that is assumed.

    In `hindsight` a page that appeared later than usual does not count: its number may have been known before.
    """
    usual = end_of(o) + timedelta(days=settings.bound("publication_lag"))
    if not o.published:
        return usual, True
    stated = periods.parse(o.published, o.id).end
    return (usual, True) if hindsight and usual < stated else (stated, False)


def known_then(of: judged.Inputs, hindsight: bool) -> judged.Inputs:
    """The question of a day to the register with what was known on it.

    Pages that are left out of account do not date a release either.
    """
    held = {}
    for key, o in of.held.observations.items():
        day, guessed = known_on(o, hindsight)
        if day <= of.as_of:
            held[key] = o.model_copy(update={"published": ""}) if guessed else o
    return judged.Inputs(of.params, replace(of.held, observations=held))


def assumed(now: judged.Inputs, then: Verdict, hindsight: bool) -> int:
    """Of how many points of a path the day of publication is assumed."""
    held = now.held.observations
    return sum(known_on(held[p.best.of.id], hindsight)[1] for p in then.path)


def no_chance(then: Verdict) -> str:
    """Why a target had no chance on a day."""
    if then.code == "NO_SERIES" and then.target.trackable_by:
        return "no chance then: no value known"
    if then.code == "TOO_FEW":
        return f"no chance then: {_counted(len(then.path))}"
    return f"no chance then: {settings.codes()[then.code].label}"


def _counted(points: int) -> str:
    needed = settings.bound("full_points")
    return "no annual value" if not points else f"1 to {needed - 1:g} annual points"


def undecided(now: Verdict) -> str:
    """Why nothing is known of how a target came out."""
    if now.verdict in OPEN:
        return f"not decided since: {now.verdict}"
    if now.stage == "ahead":
        return "not decided since: its deadline is ahead"
    if now.stage == "nowcast":
        return "not decided since: deadline passed, no value of it held"
    return f"not decided since: {settings.codes()[now.code].label}"


def left_out(now: judged.Inputs, replayed: pl.DataFrame) -> pl.DataFrame:
    """How many targets (reason, one column a day) were not scored for which reason, and how many were.

    `replayed` has the columns day, target, status of all targets that have been decided since.
    """
    decided = set(replayed["target"])
    open_of = Counter(undecided(v) for v in now.counted if v.target.id not in decided)
    days = replayed["day"].unique().sort().to_list()
    by_day = {d: Counter(replayed.filter(day=d)["status"].to_list()) + open_of for d in days}
    reasons = sorted({SCORED, *(r for counts in by_day.values() for r in counts)}, key=_order)
    rows = [{"reason": r, **{d: by_day[d][r] for d in days}} for r in reasons]
    every = {"reason": "all targets", **{d: sum(by_day[d].values()) for d in days}}
    return pl.DataFrame([*rows, every])


def _order(reason: str) -> tuple[int, str]:
    first = (SCORED, SETTLED, LATER)
    return (first.index(reason) if reason in first else len(first), reason)


def note(hindsight: bool) -> str:
    """How it is told what was known."""
    usual = f"a value is taken as known {settings.bound('publication_lag'):g} days after its period"
    if hindsight:
        return f"In hindsight {usual}, also where its page appeared later; `assumed` counts such points."
    return (
        f"A value is known once its page appeared; where the page has no date, {usual}, and `assumed` counts "
        "such points."
    )
