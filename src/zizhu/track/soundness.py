"""How sound what a verdict rests on is: the value that decides, the points of its series, and the promise.

A source of low quality is a repost or has no certain producer; a derived value was made here from others.
"""

from __future__ import annotations

from collections.abc import Iterator

from zizhu.ledger.models import Observation
from zizhu.track.measured import prices_open
from zizhu.track.verdicts import NO_TARGETS, Verdict

WEAK = "low"


def resting(v: Verdict) -> tuple[Observation, ...]:
    """The observations that decide: the one of a fact, the points of the path of anything else."""
    if v.stage != "fact" and v.path:
        return tuple(p.best.of for p in v.path)
    return (v.decisive.of,) if v.decisive else ()


def weak_points(v: Verdict) -> int:
    """How many of the observations that decide are of low quality, or derived from others."""
    return sum(map(_weak, resting(v)))


def _weak(o: Observation) -> bool:
    return o.quality == WEAK or o.status == "derived"


def mostly_weak(v: Verdict) -> bool:
    """Whether half of the observations that decide, or more, are weak."""
    return 2 * weak_points(v) >= len(resting(v)) > 0


def sound(v: Verdict) -> bool:
    """Whether the latest value, most of what decides and the promise are from sources of at least medium quality, and
    the series is in the prices of the promise as far as that is known."""
    last = v.decisive.of if v.decisive else None
    known = last is not None and not _weak(last) and not mostly_weak(v) and v.target.quality != WEAK
    return known and not prices_open(v.target, v.measured.prices)


def told(v: Verdict) -> Iterator[str]:
    """What is weak of a verdict, in words; nothing where nothing was observed or nothing is weak."""
    held, weak = resting(v), weak_points(v)
    if not held or v.verdict in NO_TARGETS:
        return
    if weak and len(held) > 1:
        yield f"{weak} of {len(held)} points that decide are from weak sources or derived"
    elif weak:
        yield "the value that decides is from a weak source or derived"
    if v.decisive and v.decisive.of not in held and _weak(v.decisive.of):
        yield "the latest value is from a weak source or derived"
    if v.target.quality == WEAK:
        yield "the promise is worded after a weak source"
