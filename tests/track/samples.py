"""Small targets and observations that leave one reading, and registers that hold them alone."""

from __future__ import annotations

from datetime import date

from zizhu.ledger import register
from zizhu.ledger.folders import Register
from zizhu.ledger.models import Indicator, Observation, Target
from zizhu.ledger.result import Result
from zizhu.ledger.strategies import Plan
from zizhu.track import judged
from zizhu.track.verdicts import Verdict

TODAY = date(2026, 6, 30)


def target(**changed: object) -> Target:
    fields: dict[str, object] = {
        "id": "X1",
        "plan": "Plan",
        "country": "CHN",
        "sector": "Robots",
        "item": "robots",
        "indicator": "domestic market share",
        "comparator": ">=",
        "comparator_assumed": False,
        "value": 50.0,
        "unit": "percent",
        "deadline": "2025",
        "status": "active",
        "trackable_by": "seen",
        "source": "DOC000",
        "quality": "medium",
    }
    return Target.model_validate({**fields, **changed})


def seen(period: str, value: float, **changed: object) -> Observation:
    fields: dict[str, object] = {
        "id": f"o.{period}.{value}.{changed.get('quality', 'medium')}",
        "indicator": "seen",
        "entity": "CHN",
        "period": period,
        "value": value,
        "unit": "percent",
        "status": "reported",
        "source": "DOC004",
        "quality": "medium",
    }
    return Observation.model_validate({**fields, **changed})


def line(first: int, *values: float, **changed: object) -> list[Observation]:
    """Values of one year after the other."""
    return [seen(str(first + k), v, **changed) for k, v in enumerate(values)]


def indicator(**changed: object) -> Indicator:
    fields = {"id": "seen", "label": "What was seen", "basis": "brand", "higher_is": "size", "lowest": 0}
    return Indicator.model_validate({**fields, **changed})


def inputs(
    goal: Target,
    *held: Observation,
    of: Indicator | None = None,
    as_of: date = TODAY,
    plan: Plan | None = None,
    more: tuple[Indicator, ...] = (),
    **asked: str,
) -> judged.Inputs:
    """The question of one target in a register with its observations and the sources of the built-in one."""
    share = goal.unit == "percent"
    described = of or indicator(highest=100.0 if share else None)
    own = Register(
        targets={goal.id: goal},
        observations={o.id: o for o in held},
        indicators={i.id: i for i in (described, *more)},
        plans={plan.id: plan} if plan else {},
        sources=register.sources(),
    )
    params = judged.Params(country=goal.country, as_of=as_of.isoformat(), **asked)
    return judged.Inputs(params, own)


def verdict(goal: Target, *held: Observation, of: Indicator | None = None, as_of: date = TODAY) -> Verdict:
    """The verdict on one target from observations."""
    return inputs(goal, *held, of=of, as_of=as_of).verdicts[goal.id]


def asked(goal: Target, *held: Observation, of: Indicator | None = None) -> tuple[judged.Inputs, Result]:
    """A question and its answer."""
    question = inputs(goal, *held, of=of)
    return question, judged.solve(question)
