"""What reviewers say of claims: accepted, rejected, or corrected field by field. What was read stays as it was read."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from zizhu.ledger.claims import Bound, Claim, ClaimKind, Modality, Polarity, Review, Role
from zizhu.read import kept
from zizhu.read.chosen import Found
from zizhu.store import Workspace
from zizhu.vocab import periods
from zizhu.vocab.problems import Problem, ZizhuError, unknown

Decision = Literal["accept", "reject", "correct"]
STATUS: dict[Decision, Literal["accepted", "rejected", "edited"]] = {
    "accept": "accepted",
    "reject": "rejected",
    "correct": "edited",
}
CHOICES: dict[str, tuple[str, ...]] = {
    "kind": get_args(ClaimKind),
    "modality": get_args(Modality),
    "polarity": get_args(Polarity),
    "comparator": get_args(Bound),
}
TEXTS = ("subject", "predicate", "indicator", "speaker", "unit")
LISTS = ("object", "geography", "sectors", "plans")
NUMBERS = ("value", "low", "high")
TIMES = "times"
FIELDS = (*CHOICES, *TEXTS, *LISTS, *NUMBERS, TIMES)
"""The fields of a claim that a reviewer can correct; lists are written with commas, times as `deadline 2025`."""
ROLES = get_args(Role)
WRITTEN = (*FIELDS, *ROLES)
"""What a correction may begin with; a role stands for the times of that role alone: `deadline=2025`."""
_COLUMNS = {"plan": "plans", "sector": "sectors"}
"""Fields by the names of their columns in the flat form of claims."""


def decide(
    workspace: Workspace,
    found: Found,
    decision: Decision,
    changes: Sequence[str] = (),
    *,
    by: str = "",
    note: str = "",
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Claim:
    """Add a reviewer's decision to the log of the document; returns the claim with it.

    changes: `FIELD=VALUE`, of a correction alone; what was corrected before stays where it is not corrected again, and
    to accept such a claim is to accept it as corrected. Rejected and then accepted, it is again as it was read.
    Raises ZizhuError with all that is wrong with them.
    """
    review = found.claim.review
    before = review.changes if review and review.status == "edited" else {}
    read = [f"{time.role} {time.edtf}" for time in found.claim.times]
    corrected = corrections(changes, before.get(TIMES, read))
    if bool(corrected) != (decision == "correct"):
        what = "a correction of nothing" if decision == "correct" else f"{decision} with corrections"
        raise ZizhuError(
            Problem(
                what, f"claim {found.claim.id}", "correct FIELD=VALUE ...", f"Fields: {', '.join(WRITTEN)}."
            )
        )
    changed = {} if decision == "reject" else {**before, **corrected}
    status = "edited" if changed else STATUS[decision]
    at = now().isoformat(timespec="seconds")
    said = Review(status=status, by=by, at=at, note=note, changes=changed)
    return kept.review(workspace, found.kept.document.id, found.claim.id, said)


def corrections(changes: Sequence[str], times: Sequence[str] = ()) -> dict[str, Any]:
    """`FIELD=VALUE` as fields with their values; an empty value empties the field.

    times: those that the claim has, of which a role (`deadline=2025`) corrects its own.

    Raises ZizhuError with the faults of all of them at once.
    """
    problems: list[Problem] = []
    found: dict[str, Any] = {}
    for change in changes:
        field, equals, value = (part.strip() for part in change.partition("="))
        field = _COLUMNS.get(field, field)
        try:
            if not equals:
                raise ZizhuError(Problem(f"{change!r:.80} has no =", "correction", "FIELD=VALUE", "Add it."))
            if field in ROLES:
                found[TIMES] = _dated(field, value, found.get(TIMES, times))
            else:
                found[field] = _value(field, value)
        except ZizhuError as error:
            problems += error.problems
    if problems:
        raise ZizhuError(problems)
    return found


def _dated(role: str, value: str, times: Sequence[str]) -> list[str]:
    """The times with those of a role replaced by what was written."""
    others = [time for time in times if not time.startswith(f"{role} ")]
    return [*others, *(_time(f"{role} {edtf}") for edtf in _listed(value))]


def _value(field: str, value: str) -> Any:
    if field not in FIELDS:
        raise ZizhuError(unknown("field", field, WRITTEN, "correction"))
    if field in LISTS:
        return _listed(value)
    if field == TIMES:
        return [_time(written) for written in _listed(value)]
    if not value:
        return None
    if field in CHOICES and value not in CHOICES[field]:
        raise ZizhuError(unknown(field, value, CHOICES[field], "correction"))
    return _number(field, value) if field in NUMBERS else value


def _listed(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _number(field: str, value: str) -> str:
    """The number as text, as other tools give it back."""
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ZizhuError(
            Problem(
                f"{field} {value!r:.40} is no number",
                "correction",
                "a number such as 70 or 1.5e9",
                "Correct it.",
            )
        )
    return repr(number)


def _time(written: str) -> str:
    role, _, edtf = written.rpartition(" ")
    if role not in ROLES:
        raise ZizhuError(unknown("role", role, ROLES, f"correction times={written!r:.40}"))
    periods.parse(edtf, "correction")
    return written
