"""The id of a claim, and what becomes of two candidates with the same one."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

from zizhu.ledger.claims import Claim, Quantity, Selector
from zizhu.read.gate.outcome import Refused
from zizhu.read.model import Candidate, Span

LENGTH = 16


def claim_id(document: str, span: Span, candidate: Candidate, quantity: Quantity | None) -> str:
    """The beginning of the SHA-256 of document, span, kind, indicator and value: the same in every run.

    Part of the value is what it is said of: one number may be said of two subjects, and one sentence may state several
    relations.
    """
    value = quantity and [quantity.value, quantity.low, quantity.high, quantity.unit]
    said = [value, candidate.subject, candidate.predicate, candidate.object]
    content = json.dumps([document, *span, candidate.kind, candidate.indicator, said])
    return hashlib.sha256(content.encode()).hexdigest()[:LENGTH]


_SAID = tuple(f for f in Claim.model_fields if f not in ("evidence", "extractor", "confidence", "plan_names"))


@dataclass
class Joined:
    """Claims by id. Those of the same id are one, with the evidence of all."""

    first: dict[str, Claim] = field(default_factory=dict)
    evidence: dict[str, dict[Selector, None]] = field(default_factory=dict)
    """That of claims which came more than once."""

    def add(self, claim: Claim) -> None:
        """Take a claim up. Raises Refused where it differs in what it says from the first of its id."""
        kept = self.first.setdefault(claim.id, claim)
        if kept is claim:
            return
        differing = [f for f in _SAID if getattr(kept, f) != getattr(claim, f)]
        if differing:
            raise Refused("twin", ", ".join(differing))
        held = self.evidence.setdefault(claim.id, dict.fromkeys(kept.evidence))
        held.update(dict.fromkeys(claim.evidence))

    def claims(self) -> tuple[Claim, ...]:
        """The claims in reading order."""
        made = (
            claim.model_copy(update={"evidence": tuple(held)}) if held else claim
            for claim in self.first.values()
            for held in [self.evidence.get(claim.id)]
        )
        return tuple(sorted(made, key=place))


def place(claim: Claim) -> tuple[int, int, str]:
    """Where a claim stands among those of its document."""
    position = claim.evidence[0].position
    return position.start, position.end, claim.id
