"""A claim as its reviewer left it: as it was read, with corrections in it, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zizhu.ledger.claims import Claim, Time
from zizhu.vocab.problems import Problem, ZizhuError

_OF_QUANTITY = ("value", "low", "high", "comparator", "unit")
_TIMES = "times"


def corrected(claim: Claim) -> Claim | None:
    """The claim that counts; None where it was rejected.

    Corrections are as `zizhu.read.reviewing` keeps them: fields by name, numbers as text, times as `deadline 2025`.
    Raises ZizhuError where they make no claim.
    """
    review = claim.review
    if review is None or review.status in ("open", "accepted"):
        return claim
    if review.status == "rejected":
        return None
    plain = claim.model_dump(mode="python", exclude={"times"}) | {"times": claim.times}
    plain |= {k: v for k, v in review.changes.items() if k not in (*_OF_QUANTITY, _TIMES)}
    try:
        if _TIMES in review.changes:
            plain["times"] = tuple(_time(claim, written) for written in review.changes[_TIMES] or ())
        plain["quantity"] = _quantity(claim, review.changes)
        return Claim(**plain)
    except (TypeError, ValueError, ZizhuError) as error:
        where = f"review of claim {claim.id}"
        raise ZizhuError(Problem(f"{error}"[:200], where, "fields of a claim", "Review it again.")) from error


def standing(claim: Claim) -> Claim:
    """The claim with its corrections, for a page: as it was read where it was rejected or they make no claim."""
    try:
        return corrected(claim) or claim
    except ZizhuError:
        return claim


def _quantity(claim: Claim, changes: Mapping[str, Any]) -> dict[str, Any] | None:
    """The number with its corrections. A corrected value takes the place of a range."""
    said = {k: v for k, v in changes.items() if k in _OF_QUANTITY}
    if claim.quantity is None and not said:
        return None
    before = claim.quantity.model_dump() if claim.quantity else {"as_written": claim.evidence[0].quote.exact}
    if said.get("value") is not None:
        before |= {"low": None, "high": None}
    after: dict[str, Any] = {"unit": "count", **before, **said}
    if all(after.get(end) is None for end in ("value", "low", "high")):
        return None
    return {k: v for k, v in after.items() if v is not None}


def _time(claim: Claim, written: Any) -> Time:
    """A time that a reviewer wrote; the one that was read where it is the same."""
    role, _, edtf = str(written).rpartition(" ")
    same = [t for t in claim.times if (t.role, t.edtf) == (role, edtf)]
    return same[0] if same else Time.model_validate({"edtf": edtf, "as_written": "", "role": role})
