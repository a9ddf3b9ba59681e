"""What others say of a target, beside our verdict, and where one can tell why it differs.

An assessment speaks of a target when it names the indicator that judges it, or the same thing by name. It is never
merged into the verdict.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from zizhu.ledger.models import Assessment, Target
from zizhu.track import told
from zizhu.track.series import RANK
from zizhu.track.verdicts import FACTS, Verdict
from zizhu.vocab import periods, units

_YEAR = re.compile(r"\b((?:19|20)\d\d)(?:H([12]))?\b")
_SAYS = {"met": True, "mostly met": True, "missed": False, "far below": False}


class Other(NamedTuple):
    """An assessment, whether it agrees with us (None: it or we do not decide), and why it may differ."""

    of: Assessment
    agrees: bool | None
    why: tuple[str, ...]

    def said(self) -> str:
        """`GGII via SCMP, February 2021: missed 50% (domestic brand share 2020, 39 %); it is on another series`"""
        a = self.of
        when = f", {periods.label(periods.parse(a.date))}" if a.date else ""
        word = f"{a.verdict} " if a.verdict else ""
        reasons = f"; {'; '.join(self.why)}" if self.why else ""
        return f"{a.speaker}{when}: {word}({a.indicator}, {units.quantity(a.value, a.unit)}){reasons}"


def beside(
    v: Verdict, assessments: Iterable[Assessment], targets: Iterable[Target] = ()
) -> tuple[Other, ...]:
    """The assessments of what a target is about: those of the strongest sources first, then by id.

    One of `targets` with the same wording and the year of an assessment is named as what that judges.
    """
    t = v.target
    series = {v.measured.indicator, t.trackable_by} - {""}
    mine = [a for a in assessments if a.trackable_by in series or a.subject == t.item]
    if not mine:
        return ()
    alike = {
        periods.parse(o.deadline).end.year: o
        for o in targets
        if o.deadline and (o.plan, o.item, o.indicator) == (t.plan, t.item, t.indicator)
    }
    return tuple(_other(v, a, alike) for a in sorted(mine, key=lambda a: (RANK[a.quality], a.id)))


def _other(v: Verdict, a: Assessment, alike: Mapping[int, Target]) -> Other:
    theirs, ours = _decides(a.verdict), _ours(v)
    agrees = theirs == ours if theirs is not None and ours is not None else None
    return Other(a, agrees, () if agrees else tuple(_reasons(v, a, alike)))


def _decides(verdict: str) -> bool | None:
    return next((yes for word, yes in _SAYS.items() if verdict.startswith(word)), None)


def _ours(v: Verdict) -> bool | None:
    return v.verdict != "missed" if v.verdict in FACTS else None


def _reasons(v: Verdict, a: Assessment, alike: Mapping[int, Target]) -> Sequence[str]:
    """Why an assessment may come to another verdict, each a sentence: another basis, date, or kind of number."""
    found = []
    t = v.target
    if a.indicator.partition(" ")[0] in ("self-sufficiency",) and a.indicator != t.indicator:
        found.append(f"it is on another basis, {a.indicator} and not {t.basis or t.indicator}")
    elif a.trackable_by and v.measured.indicator and a.trackable_by != v.measured.indicator:
        found.append("it is on another series")
    elif not units.same_dimension(a.unit, t.unit):
        found.append(f"it is in {units.unit(a.unit).label}, the target in {units.unit(t.unit).label}")
    due = periods.parse(t.deadline).end.year if t.deadline else None
    if (seen := _YEAR.search(a.indicator)) and due and (int(seen[1]) != due or seen[2]):
        half = {"1": "first half of ", "2": "second half of "}.get(seen[2] or "", "")
        other = alike.get(int(seen[1])) if a.verdict and int(seen[1]) != due else None
        judged = f"it judges another target, {told.promise(other)}" if other else ""
        found.append(judged or f"it speaks of {half}{seen[1]}, the target of {due}")
    if a.quality == "low":
        found.append("its page is a repost or has no certain producer")
    return found
