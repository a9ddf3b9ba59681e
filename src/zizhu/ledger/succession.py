"""What one plan carried over from another, rewrote, dropped and added: by pillar, and by item and indicator.

Targets are compared as the register has them. A plan promises more than was read of it: `dropped` and `new` mean that
the other plan's targets in the register have nothing on the item.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from zizhu.ledger import kin
from zizhu.ledger.finding import concepts, folded
from zizhu.ledger.folders import Register
from zizhu.ledger.models import Target
from zizhu.vocab import units

Change = Literal["carried", "rewritten", "dropped", "new"]
ORDER: tuple[Change, ...] = ("carried", "rewritten", "dropped", "new")
COMPARED = ("active",)
ALIKE = 1 / 3
"""What two pillars have in common of all the words and sectors in both, for one to be the other rewritten."""
_UP, _DOWN = (">", ">="), ("<", "<=")
_EMPTY = frozenset(("and", "of", "the", "new", "high"))
_SPAN = re.compile(r"\s*\b(?:19|20)\d\d(?:\s*-\s*(?:19|20)\d\d)?\b")


class Step(NamedTuple):
    """A pillar or an item in two plans. `moved` says whether the later one asks more, less or the same.

    `why` says why they cannot, or what must be minded where they can.
    """

    change: Change
    kind: Literal["pillar", "target"]
    sector: str
    item: str
    a: str
    b: str
    moved: str
    why: str
    targets_a: tuple[str, ...] = ()
    targets_b: tuple[str, ...] = ()


class Succession(NamedTuple):
    """Two plans side by side, and what of their targets was left out of the comparison."""

    a: str
    b: str
    parts_a: tuple[str, ...]
    parts_b: tuple[str, ...]
    steps: tuple[Step, ...]
    left_out: tuple[str, ...]


def compare(held: Register, a: str, b: str) -> Succession:
    """Plans `a` and `b`, each with the plans that are part of it."""
    parts_a, parts_b = kin.parts(held, a), kin.parts(held, b)
    mine, theirs = _targets(held, parts_a), _targets(held, parts_b)
    steps = [*_pillars(held.plans[a].pillars, held.plans[b].pillars), *_items(held, mine, theirs)]
    steps.sort(key=lambda s: (ORDER.index(s.change), s.kind, s.sector, s.item, s.a))
    both = {*parts_a, *parts_b}
    left = [t.id for t in held.targets.values() if t.plan in both and t.status not in COMPARED]
    return Succession(a, b, tuple(parts_a), tuple(parts_b), tuple(steps), tuple(left))


def _targets(held: Register, plans: Sequence[str]) -> list[Target]:
    return [t for t in held.targets.values() if t.plan in plans and t.status in COMPARED]


def _pillars(a: Sequence[str], b: Sequence[str]) -> list[Step]:
    """Pillars of the same name are carried; those that have words or sectors in common are rewritten."""
    left, steps = dict.fromkeys(b), []
    for mine in a:
        alike = {theirs: _alike(mine, theirs) for theirs in left}
        best = max(alike, key=lambda p: alike[p], default="")
        near = bool(best) and alike[best] >= ALIKE
        change: Change = "dropped" if not near else "carried" if folded(best) == folded(mine) else "rewritten"
        if near:
            del left[best]
        steps.append(Step(change, "pillar", "", mine, mine, best if near else "", "", ""))
    return steps + [Step("new", "pillar", "", p, "", p, "", "") for p in left]


def _alike(a: str, b: str) -> float:
    """What two pillars have in common of their words and the sectors that they name; 1 for the same name."""
    mine, theirs = ({*re.findall(r"\w+", p.casefold())} - _EMPTY | concepts(p) for p in (a, b))
    return 1.0 if folded(a) == folded(b) else len(mine & theirs) / max(len(mine | theirs), 1)


def _items(held: Register, a: Sequence[Target], b: Sequence[Target]) -> list[Step]:
    """Targets paired by item and indicator, then by item or as siblings; what is left is dropped or new."""
    mine, theirs = _grouped(a), _grouped(b)
    steps = []
    for key in [k for k in mine if k in theirs]:
        steps.append(_step(mine.pop(key), theirs.pop(key), ""))
    for key, group in list(mine.items()):
        other = next((k for k, g in theirs.items() if _akin(held, group, g)), None)
        if other is not None:
            steps.append(_step(mine.pop(key), theirs.pop(other), _told_by(held, group)))
    steps += [_alone("dropped", g) for g in mine.values()]
    return steps + [_alone("new", g) for g in theirs.values()]


def _grouped(targets: Iterable[Target]) -> dict[tuple[str, str], list[Target]]:
    """Targets by item and indicator; what differs in its deadline alone stands together."""
    found: dict[tuple[str, str], list[Target]] = {}
    for t in targets:
        found.setdefault((folded(t.item), _kind_of(t)), []).append(t)
    return {key: sorted(group, key=lambda t: (t.deadline, t.id)) for key, group in found.items()}


def _kind_of(t: Target) -> str:
    """An indicator without the years that it is about."""
    return folded(_SPAN.sub("", t.indicator))


def _akin(held: Register, a: Sequence[Target], b: Sequence[Target]) -> bool:
    ids = {t.id for t in b}
    linked = {key for t in a for key, _ in kin.siblings(held, t.id)}
    return folded(a[0].item) == folded(b[0].item) or bool(ids & linked)


def _told_by(held: Register, group: Sequence[Target]) -> str:
    return next((why for t in group for _, why in kin.siblings(held, t.id) if why), "")


def _step(a: Sequence[Target], b: Sequence[Target], aside: str) -> Step:
    first, last = a[-1], b[-1]
    against = list(_against(first, last))
    same = _kind_of(first) == _kind_of(last) and folded(first.item) == folded(last.item)
    moved = "" if against else _moved(first, last)
    why = "; ".join([*against, *([] if against else _minded(first, last)), *([aside] if aside else [])])
    item = first.item if folded(first.item) == folded(last.item) else f"{first.item} / {last.item}"
    return Step(
        "carried" if same else "rewritten",
        "target",
        last.sector,
        item,
        _said(a),
        _said(b),
        moved,
        why,
        tuple(t.id for t in a),
        tuple(t.id for t in b),
    )


def _alone(change: Change, group: Sequence[Target]) -> Step:
    t, ids = group[-1], tuple(t.id for t in group)
    said = _said(group)
    if change == "dropped":
        return Step(change, "target", t.sector, t.item, said, "", "", "", ids, ())
    return Step(change, "target", t.sector, t.item, "", said, "", "", (), ids)


def _said(group: Sequence[Target]) -> str:
    """The indicator with its value at each deadline: `share of GDP: >= 15 % (2020)`."""
    values = []
    for t in group:
        sign = f"{t.comparator} " if t.comparator not in (None, "=", "range") else ""
        value = units.quantity(t.value, t.unit)
        value = value if t.high is None else f"{units.number(t.value)} to {units.quantity(t.high, t.unit)}"
        values.append(f"{sign}{value}{f' ({t.deadline})' if t.deadline else ' (no deadline)'}")
    return f"{group[-1].indicator}: {', '.join(values)}"


def _against(a: Target, b: Target) -> Iterable[str]:
    """Why two targets cannot be compared as numbers."""
    if not units.same_dimension(a.unit, b.unit):
        yield f"other units ({a.unit}, {b.unit})"
    elif _kind_of(a) != _kind_of(b):
        yield f"measured by other things ({a.indicator}; {b.indicator})"
    elif folded(a.item) != folded(b.item):
        yield "other items"
    if a.basis != b.basis:
        yield f"other bases ({a.basis or 'none stated'}, {b.basis or 'none stated'})"
    if a.high is not None or b.high is not None:
        yield "a range"
    if a.comparator is None or b.comparator is None:
        yield "no comparator in the wording"


def _minded(a: Target, b: Target) -> Iterable[str]:
    """What must be minded when two targets are compared."""
    if a.comparator != b.comparator:
        yield f"comparators differ ({a.comparator}, {b.comparator})"
    if a.comparator_assumed or b.comparator_assumed:
        yield "comparator assumed"
    if "not stated" in (a.price_basis, b.price_basis):
        yield "price basis not stated"
    if folded(a.sector) != folded(b.sector):
        yield f"other sectors ({a.sector}, {b.sector})"
    if a.deadline[:4] == b.deadline[:4] and a.deadline:
        yield "same deadline"


def _moved(a: Target, b: Target) -> str:
    """Whether the later plan asks for more: a higher least value, or a lower greatest one."""
    before, after = a.value, units.convert(b.value, b.unit, a.unit)
    if after == before:
        return "same"
    if b.comparator not in _UP + _DOWN:
        return "higher" if after > before else "lower"
    return "asks more" if (after > before) == (b.comparator in _UP) else "asks less"


def counts(steps: Sequence[Step]) -> Mapping[tuple[str, str], int]:
    """How many pillars and targets were carried, rewritten, dropped and added."""
    return {
        (kind, change): sum(s.kind == kind and s.change == change for s in steps)
        for kind in ("pillar", "target")
        for change in ORDER
    }
