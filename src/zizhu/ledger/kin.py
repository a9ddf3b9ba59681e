"""How records belong together: the parts and the line of a plan, what belongs to it, the siblings of a target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from zizhu.ledger.folders import Register
from zizhu.ledger.strategies import Link, Plan

OF_A_PLAN = ("targets", "instruments", "megaprojects", "pilots")
"""The kinds whose records name their plan."""


class Kin(NamedTuple):
    """A plan in the line of another: `steps` before it (negative) or after it, and by which link."""

    plan: Plan
    steps: int
    link: Link


def line(held: Register, plan: str) -> list[Kin]:
    """The plans before a plan and after it, step by step; the nearest of both sides are one step away."""
    before = [*_walk(held, plan, forward=False)]
    return sorted([*before, *_walk(held, plan, forward=True)], key=lambda k: (k.steps, k.plan.id))


def parts(held: Register, plan: str) -> list[str]:
    """The plan and all plans that are part of it, the plan first."""
    found = [plan]
    for one in found:
        inner = [n.a for n in held.links.values() if n.relation == "part of" and n.b == one]
        found += [p for p in sorted(inner) if p not in found]
    return found


def links_of(held: Register, key: str) -> list[Link]:
    """All links in which a record stands."""
    return [n for n in held.links.values() if key in (n.a, n.b)]


def siblings(held: Register, target: str) -> list[tuple[str, str]]:
    """The targets that word the same aim on another basis, and those that restate it or that it restates, with why."""
    found = [
        (n.b if n.a == target else n.a, n.note) for n in links_of(held, target) if n.relation == "same aim"
    ]
    mine = held.targets[target].same_as
    restated = [
        (t.id, "restates it" if t.same_as == target else "is restated by it")
        for t in held.targets.values()
        if t.same_as == target or t.id == mine
    ]
    seen = dict(restated) | dict(found)
    return sorted(seen.items())


def of_plan(held: Register, plan: str) -> Register:
    """What belongs to a plan alone: its targets, instruments, money, events, links, and what these refer to."""
    kept: dict[str, Mapping[str, Any]] = {
        kind: _where(getattr(held, kind), lambda r: r.plan == plan) for kind in OF_A_PLAN
    }
    targets, instruments = kept["targets"], kept["instruments"]
    links = _where(held.links, lambda n: {n.a, n.b} & {plan, *targets})
    ends = {end for n in links.values() for end in (n.a, n.b)}
    series = {s for t in targets.values() for s in (t.trackable_by, t.nearest) if s}
    named = {*held.plans[plan].issuers, *(m for i in instruments.values() for m in i.managers), *ends}
    named |= {p for pilot in kept["pilots"].values() for p in (pilot.lead, *pilot.places)}
    kept |= {
        "plans": {plan: held.plans[plan]},
        "links": links,
        "amounts": _where(held.amounts, lambda a: a.instrument in instruments),
        "events": _where(held.events, lambda e: e.id in ends),
        "indicators": _where(held.indicators, lambda i: i.id in series),
        "observations": _where(held.observations, lambda o: o.indicator in series),
        "actors": _where(held.actors, lambda a: a.id in named),
        "places": _where(held.places, lambda p: p.id in named),
    }
    cited = {r.source for records in kept.values() for r in records.values() if hasattr(r, "source")}
    return Register(**kept, sources=_where(held.sources, lambda s: s.id in cited))


def _where(records: Mapping[str, Any], holds: Any) -> dict[str, Any]:
    return {key: r for key, r in records.items() if holds(r)}


def _walk(held: Register, plan: str, forward: bool) -> Iterator[Kin]:
    """Breadth first along the links of succession, each plan once."""
    seen, edge, steps = {plan}, [plan], 0
    while edge:
        steps += 1 if forward else -1
        following = []
        for link in held.links.values():
            here, there = (link.b, link.a) if forward else (link.a, link.b)
            if link.relation == "succeeds" and here in edge and there not in seen:
                seen.add(there)
                following.append(there)
                yield Kin(held.plans[there], steps, link)
        edge = following
