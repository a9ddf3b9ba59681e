"""Targets as a view over claims: those of one plan, indicator, place, sector, deadline and value are one.

A claim that was rejected makes no target, one that was corrected the corrected one. Claims that give different values
are two targets that name one another; no number is dropped and none is chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from zizhu.ledger.claims import Claim, ClaimId, Quantity
from zizhu.ledger.models import Comparator, Ref
from zizhu.read.corrected import corrected
from zizhu.read.linking.amounts import amount
from zizhu.read.linking.lists import words
from zizhu.read.linking.said import country_of, place
from zizhu.read.rules.gazetteer import registered
from zizhu.read.rules.tokens import tokens

Direction = Literal["up", "down"]
Force = Literal["binding", "indicative", "proposal", "reported"]
Key = tuple[str, str, str, tuple[str, ...], str]
_BOUNDS: Mapping[str, Comparator] = {
    ">": ">",
    ">=": ">=",
    "<": "<",
    "<=": "<=",
    "about": "~",
    "under": "~",
    "over": ">",
}
_FORCES: tuple[Force, ...] = ("binding", "proposal", "indicative")
"""Which word decides where a quote has several."""
_BESIDE = 12
"""Characters before a number in which words say how far it may go."""
_REACHING = ("up to", "as much as", "as many as", "最高", "最多", "多达", "至多")
_ONE_WAY: Mapping[str, Direction] = {">": "up", ">=": "up", "over": "up", "<": "down"}
_REACH = 16
"""Tokens before a number in which a word says which way it goes, unless a clause ends between them."""
_STOPS = frozenset((",", ";", ":", "。"))


@dataclass(frozen=True)
class Baseline:
    """Where a target starts from, by a claim of the same sentence."""

    quantity: Quantity
    period: str


@dataclass(frozen=True)
class TargetView:
    """A target with every claim that states it.

    comparator: None for an aim without a number; `assumed` where the source has no word for it. plan: as the register
    calls it, empty where the claims name none. reviewed: whether a person accepted or corrected one of the claims.
    """

    plan: str
    indicator: str
    geography: str
    sectors: tuple[str, ...]
    deadline: str
    quantity: Quantity | None
    comparator: Comparator | None
    assumed: bool
    direction: Direction
    binding: Force
    claims: tuple[ClaimId, ...]
    refs: tuple[Ref, ...]
    documents: tuple[str, ...]
    quote: str
    baseline: Baseline | None = None
    reviewed: bool = False
    disputed_by: tuple[ClaimId, ...] = ()
    """Claims that give another value of the same."""
    plan_name: str = ""
    """The name of its plan as written, where no register has it."""
    corrected: tuple[str, ...] = ()
    """What reviewers put in the place of what was read, a text for each claim: `value=51000.0, written '50,000'`."""

    @property
    def country(self) -> str:
        """The country of its place, or the group."""
        return country_of(self.geography)


def targets_of(claims: Iterable[Claim]) -> tuple[TargetView, ...]:
    """The targets that claims state, in the order of their keys; independent of the order of the claims.

    Raises ZizhuError where a review corrected a claim to what is none.
    """
    counted = sorted((c for c in map(corrected, claims) if c is not None), key=_order)
    groups: dict[Key, list[Claim]] = {}
    for claim in counted:
        if claim.kind == "target" and claim.polarity == "affirmed":
            groups.setdefault(_key(claim), []).append(claim)
    groups, beside = _dated(groups), _by_sentence(counted)
    return tuple(view for key in sorted(groups) for view in _views(key, groups[key], beside))


def _dated(groups: Mapping[Key, Sequence[Claim]]) -> dict[Key, list[Claim]]:
    """The groups with an aim that is named again without its deadline in that of the one dated aim of its number."""
    made = {key: list(held) for key, held in groups.items()}
    ahead: dict[tuple[object, ...], list[Key]] = {}
    for key in made:
        if key[-1]:
            ahead.setdefault(key[:-1], []).append(key)
    for key in [k for k in made if not k[-1] and k[:-1] in ahead]:
        for claim in [c for c in made[key] if c.quantity is not None]:
            same = [k for k in ahead[key[:-1]] if any(_same_aim(c, claim) for c in groups[k])]
            if len(same) == 1:
                made[same[0]].append(claim)
                made[key].remove(claim)
    return {key: sorted(held, key=_order) for key, held in made.items() if held}


def _same_aim(dated: Claim, named: Claim) -> bool:
    """Whether two claims of one key give one number, of a plan that they name or in one document."""
    one = bool(dated.plans) or dated.evidence[0].source == named.evidence[0].source
    return one and _one_value(dated, named)


def _order(claim: Claim) -> tuple[str, int, str]:
    return claim.evidence[0].source, claim.evidence[0].position.start, claim.id


def _key(claim: Claim) -> Key:
    """Plan, indicator, place, sectors and deadline. A claim without an indicator stands for itself."""
    plan = registered(claim.plans[0]) if claim.plans else ""
    where = place(claim.geography[0]) if claim.geography else ""
    indicator = claim.indicator or f"claim {claim.id}"
    return plan, indicator, where, tuple(sorted(set(claim.sectors))), _deadline(claim)


def _deadline(claim: Claim) -> str:
    return next((t.edtf for t in claim.times if t.role == "deadline"), "")


def _views(
    key: Key, group: Sequence[Claim], beside: Mapping[tuple[str, str], Sequence[Claim]]
) -> list[TargetView]:
    """One target for each value that claims with one key give."""
    values: list[list[Claim]] = []
    for claim in group:
        same = next((v for v in values if _one_value(v[0], claim)), None)
        if same is None:
            values.append([claim])
        else:
            same.append(claim)
    made = [_view(key, held, beside) for held in values]
    numbers = [v for v in made if v.quantity is not None]
    return [
        replace(
            v, disputed_by=tuple(c for o in numbers if o is not v for c in o.claims) if v in numbers else ()
        )
        for v in made
    ]


def _one_value(a: Claim, b: Claim) -> bool:
    """Whether two claims give one value, or neither gives any."""
    one, other = amount(a.quantity), amount(b.quantity)
    if one is None or other is None:
        return one is other
    return (one.dimension, one.currency) == (other.dimension, other.currency) and one.alike(other)


def _view(key: Key, held: Sequence[Claim], beside: Mapping[tuple[str, str], Sequence[Claim]]) -> TargetView:
    plan, indicator, where, sectors, deadline = key
    quantity = held[0].quantity
    way: Direction = "down" if any(_direction(c) == "down" for c in held) else "up"
    comparator, assumed = _comparator(quantity, way)
    forces = {f for c in held for f in [_force(c)]}
    baselines = [b for c in held for b in [_baseline(c, beside)] if b is not None]
    return TargetView(
        plan=plan,
        indicator="" if indicator.startswith("claim ") else indicator,
        geography=where,
        sectors=sectors,
        deadline=deadline,
        quantity=quantity,
        comparator=comparator,
        assumed=assumed,
        direction=way,
        binding=next((f for f in _FORCES if f in forces), "reported"),
        claims=tuple(c.id for c in held),
        refs=tuple(ref(c) for c in held),
        documents=tuple(dict.fromkeys(c.evidence[0].source for c in held)),
        quote=held[0].evidence[0].quote.exact,
        baseline=baselines[0] if baselines else None,
        plan_name=next((n for c in held for p in c.plans[:1] for n in [c.plan_names.get(p, "")] if n), ""),
        reviewed=any(c.review is not None and c.review.status in ("accepted", "edited") for c in held),
        corrected=tuple(_correction(c) for c in held if c.review is not None and c.review.changes),
    )


def _correction(claim: Claim) -> str:
    """What a reviewer corrected, and how the number is written in the document."""
    changes = claim.review.changes if claim.review else {}
    told = [f"{f}={', '.join(v) if isinstance(v, list) else v}" for f, v in changes.items()]
    told += [f"written {claim.quantity.as_written!r}"] if claim.quantity else []
    return ", ".join(told)


def ref(claim: Claim) -> Ref:
    """Where a claim was read: `doc:<sha>#<start>-<end>`."""
    evidence = claim.evidence[0]
    return f"doc:{evidence.source}#{evidence.position.start}-{evidence.position.end}"


def _tagged(claim: Claim, tag: str) -> list[str]:
    found = tokens(claim.evidence[0].quote.exact)
    return [m.value for m in words().marks(found) if m.tag == tag]


def _direction(claim: Claim) -> Direction:
    """Whether a target wants less or more of what it measures: by its bound, else by a word before the number."""
    quantity, evidence = claim.quantity, claim.evidence[0]
    if quantity is not None and quantity.change is not None:
        return "down" if quantity.change == "decrease" else "up"
    if quantity is not None and quantity.comparator in _ONE_WAY:
        return _ONE_WAY[quantity.comparator]
    if quantity is not None and quantity.comparator == "<=" and not _reaches(claim):
        return "down"
    found = tokens(evidence.quote.exact)
    if evidence.value_position is not None:
        number = evidence.value_position.end - evidence.position.start
        found = [t for t in found if t.end <= number][-_REACH:]
        stops = [k for k, t in enumerate(found) if t.word in _STOPS]
        found = found[stops[-1] + 1 :] if stops else found
    return "down" if any((m.tag, m.value) == ("direction", "down") for m in words().marks(found)) else "up"


def _reaches(claim: Claim) -> bool:
    """Whether words before a number say how far something may go (`up to 30`), and not what it must not pass."""
    evidence = claim.evidence[0]
    first = evidence.value_position.start - evidence.position.start if evidence.value_position else 0
    before = evidence.quote.exact[max(first - _BESIDE, 0) : max(first, 0)]
    said = before + (claim.quantity.as_written if claim.quantity else "")
    return any(word in said.casefold() for word in _REACHING)


def _force(claim: Claim) -> Force:
    found = _tagged(claim, "binding")
    return next((f for f in _FORCES if f in found), "reported")


def _comparator(quantity: Quantity | None, way: Direction) -> tuple[Comparator | None, bool]:
    """How the value is meant; where the source has no word for it, at least or, of a level that is to fall, at most."""
    if quantity is None:
        return None, False
    if quantity.value is None and quantity.low is not None and quantity.high is not None:
        return "range", False
    if quantity.value is None:
        return (">=", False) if quantity.low is not None else ("<=", False)
    if quantity.comparator == "<=" and way == "up":
        return None, False  # up to 30: neither a floor nor a ceiling
    stated = _BOUNDS.get(quantity.comparator)
    if stated is not None:
        return stated, False
    return ("<=" if way == "down" and quantity.change is None else ">="), True


def _by_sentence(claims: Iterable[Claim]) -> dict[tuple[str, str], list[Claim]]:
    """Claims with a baseline, by document and indicator."""
    found: dict[tuple[str, str], list[Claim]] = {}
    for claim in claims:
        if claim.quantity is not None and claim.indicator and any(t.role == "baseline" for t in claim.times):
            found.setdefault((claim.evidence[0].source, claim.indicator), []).append(claim)
    return found


def _baseline(claim: Claim, beside: Mapping[tuple[str, str], Sequence[Claim]]) -> Baseline | None:
    """The number of the same sentence and unit that the target starts from."""
    at = claim.evidence[0]
    for other in beside.get((at.source, claim.indicator or ""), ()):
        there = other.evidence[0].position
        same = there.start < at.position.end and at.position.start < there.end
        quantity = other.quantity
        if (
            other.id != claim.id
            and same
            and quantity
            and claim.quantity
            and quantity.unit == claim.quantity.unit
        ):
            return Baseline(quantity, next(t.edtf for t in other.times if t.role == "baseline"))
    return None
