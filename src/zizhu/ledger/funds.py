"""The fund ledger: what an instrument aims at, has raised and has invested, added so that no money is counted twice.

Stages are never added to one another. At one stage, money that is also in another amount of the same sum is taken out
once; where the sources do not say how much that is, the total is what is held at least, beside what it is at most.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, get_args

from zizhu.ledger.models import Comparator
from zizhu.ledger.strategies import Amount, Stage
from zizhu.vocab import units

SCALE = "billion"


class Total(NamedTuple):
    """The money of one stage and currency. `taken_out` is what would have been counted twice.

    Amounts whose overlap is not known are in `most` and not in `value`: all of them may be money that is counted there.
    Amounts that dispute another one are in neither.
    """

    stage: str
    unit: str
    bound: Comparator
    value: float
    most: float
    taken_out: float
    counted: tuple[str, ...]
    inside: tuple[str, ...]
    unclear: tuple[str, ...]
    disputed: tuple[str, ...]


def totals(amounts: Iterable[Amount]) -> list[Total]:
    """One total a stage and currency, in the order of the stages."""
    groups: dict[tuple[str, str], list[Amount]] = {}
    for a in amounts:
        groups.setdefault((a.stage, units.unit(a.unit).currency), []).append(a)
    order = get_args(Stage)
    return [_total(*key, groups[key]) for key in sorted(groups, key=lambda k: (order.index(k[0]), k[1]))]


def _total(stage: str, currency: str, group: list[Amount]) -> Total:
    unit = f"{SCALE} {currency}"
    disputed = {a.id: a.disputes for a in group if a.disputes}
    by_id = {a.id: a for a in group if a.id not in disputed}
    value = open_ = taken = 0.0
    counted: list[str] = []
    inside: list[str] = []
    unclear: list[str] = []
    for a in by_id.values():
        overlap = _overlap(a, disputed.get(a.within, a.within) in by_id)
        double = units.convert(overlap or 0.0, a.unit, unit)
        own, taken = units.convert(a.value, a.unit, unit) - double, taken + double
        if overlap is None:
            open_ += own
            unclear.append(a.id)
        else:
            value += own
            (inside if overlap == a.value else counted).append(a.id)
    bound = _bound([by_id[key].comparator for key in counted])
    found = (tuple(counted), tuple(inside), tuple(unclear), tuple(sorted(disputed)))
    return Total(stage, unit, bound, round(value, 9), round(value + open_, 9), round(taken, 9), *found)


def _overlap(a: Amount, both_here: bool) -> float | None:
    """How much of an amount is already in another one that is added; None where no source says."""
    if not both_here:
        return 0.0
    if a.overlap == "whole":
        return a.value
    return a.shared if a.overlap == "part" else None


def _bound(signs: list[Comparator]) -> Comparator:
    """What may be said of a sum: exact, a least or a greatest value, or about."""
    down = any(s in ("<", "<=") for s in signs)
    up = any(s in (">", ">=") for s in signs)
    if "~" in signs or (up and down):
        return "~"
    return "<=" if down else ">=" if up else "="
