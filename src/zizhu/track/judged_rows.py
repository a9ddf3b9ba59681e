"""The rows of the scorecard: what a verdict says of its target, and what stands beside it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from zizhu.ledger.models import Target
from zizhu.track import comparisons, others, ratios, soundness, told
from zizhu.track.measured import Reading
from zizhu.track.path import rules
from zizhu.track.series import vintage
from zizhu.track.verdicts import NO_TARGETS, Verdict

if TYPE_CHECKING:
    from zizhu.track.judged import Inputs

COLUMNS: dict[str, pl.DataType] = {
    **dict.fromkeys(
        ("target", "plan", "plan_name", "sector", "item", "indicator", "comparator"), pl.String()
    ),
    "assumed": pl.Boolean(),
    **dict.fromkeys(("value", "high"), pl.Float64()),
    **dict.fromkeys(("unit", "deadline", "verdict", "code", "why", "stage"), pl.String()),
    "counted": pl.Boolean(),
    **dict.fromkeys(("p", "lower", "median", "upper"), pl.Float64()),
    "series": pl.String(),
    "points": pl.Int64(),
    "observed": pl.Float64(),
    **dict.fromkeys(("observed_period", "observation", "first_reached", "lost"), pl.String()),
    **dict.fromkeys(("needed_pace", "observed_pace", "fastest_pace"), pl.Float64()),
    "pace_unit": pl.String(),
    "cagr_ratio": pl.Float64(),
    **{rules.column(rule): pl.String() for rule in ratios.judging_rules()},
    **dict.fromkeys(("basis", "prices", "notes", "nearest", "siblings", "others"), pl.String()),
    **dict.fromkeys(("transform", "horizon", "vintage", "quality"), pl.String()),
    "sound": pl.Boolean(),
    "target_quality": pl.String(),
    **dict.fromkeys(("register_series", "register_verdict", "register_code"), pl.String()),
    **dict.fromkeys(("register_p", "register_observed"), pl.Float64()),
}
"""Columns of the answer: on an early day some hold nothing but nulls."""
UNITS = {
    **dict.fromkeys(
        ("value", "high", "observed", "lower", "median", "upper", "register_observed"), "see unit"
    ),
    **dict.fromkeys(("p", "register_p"), "probability"),
    **dict.fromkeys(("needed_pace", "observed_pace", "fastest_pace"), "see pace_unit"),
    "cagr_ratio": "observed growth over required growth",
    "points": "count",
}


def row(inputs: Inputs, t: Target) -> dict[str, object]:
    """The row of a target that is asked for."""
    v = inputs.verdicts[t.id]
    return {
        "target": t.id,
        "plan": t.plan,
        "plan_name": plan.name if (plan := inputs.held.plans.get(t.plan)) else t.plan,
        "sector": t.sector,
        "item": t.item,
        "indicator": t.indicator,
        "comparator": t.comparator,
        "assumed": t.comparator_assumed,
        "value": t.value,
        "high": t.high,
        "unit": t.unit,
        "deadline": t.deadline or None,
        "verdict": v.verdict,
        "code": v.code or None,
        "why": v.why or None,
        "stage": v.stage,
        "counted": counts(v),
        **{name: _number(getattr(v, name)) for name in ("p", "lower", "median", "upper")},
        **_seen(v),
        **_paces(v),
        **_said(inputs, v),
        "target_quality": t.quality,
        **_registered(inputs, t.id),
    }


def counts(v: Verdict) -> bool:
    """Whether a verdict counts: the target is one of its own, and somebody has accepted it."""
    return v.verdict not in NO_TARGETS and v.target.status == "active"


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value


def _seen(v: Verdict) -> dict[str, object]:
    """What was observed, and of what quality that is."""
    s = v.decisive
    first, lost = v.reached
    return {
        "series": v.measured.indicator or None,
        "points": len(v.measured.series.points) if v.measured.series else 0,
        "observed": _number(s.told) if s else None,
        "observed_period": s.of.period if s else None,
        "observation": s.of.id if s else None,
        "first_reached": first.of.period if first else None,
        "lost": lost.of.period if lost else None,
        "quality": s.of.quality if s else None,
        "sound": soundness.sound(v),
    }


def _paces(v: Verdict) -> dict[str, object]:
    """Needed and observed pace, and what rules of statistical offices would say."""
    found = ratios.of(v)
    return {
        "needed_pace": _number(v.pace.needed) if v.pace else None,
        "observed_pace": _number(v.pace.observed) if v.pace else None,
        "fastest_pace": _number(v.pace.fastest) if v.pace else None,
        "pace_unit": v.pace.unit if v.pace else None,
        "cagr_ratio": _number(found.cagr),
        **{rules.column(rule): said or None for rule, said in found.said.items()},
    }


def _said(inputs: Inputs, v: Verdict) -> dict[str, object]:
    beside = others.beside(v, inputs.assessments, filter(inputs.stated, inputs.held.targets.values()))
    return {
        "basis": v.measured.basis or None,
        "prices": v.measured.prices or None,
        "notes": "; ".join((*told.notes(v), *comparisons.newer(inputs, v))) or None,
        "nearest": v.measured.nearest or None,
        "siblings": " | ".join(told.goal(s) for s in inputs.siblings(v.target)) or None,
        "others": " | ".join(o.said() for o in beside) or None,
        "transform": v.transform,
        "horizon": v.horizon,
        "vintage": vintage(v.decisive.of) if v.decisive and v.vintage == "none" else v.vintage,
    }


def _registered(inputs: Inputs, target: str) -> dict[str, object]:
    """What the register's own reading says, where another one was asked for."""
    if inputs.params.reading == Reading():
        return {}
    v = inputs.registered[target]
    return {
        "register_series": v.measured.indicator or None,
        "register_verdict": v.verdict,
        "register_code": v.code or None,
        "register_p": _number(v.p),
        "register_observed": _number(v.decisive.told) if v.decisive else None,
    }
