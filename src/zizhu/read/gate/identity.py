"""The id of a claim, and what becomes of two candidates with the same one."""

from __future__ import annotations

import hashlib
import json

from zizhu.ledger.claims import Claim, Quantity
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


def joined(kept: Claim, again: Claim) -> Claim:
    """One claim with the evidence of both. Raises Refused where they differ in what they say."""
    free = {"evidence", "extractor", "confidence"}
    differing = [f for f in Claim.model_fields if f not in free and getattr(kept, f) != getattr(again, f)]
    if differing:
        raise Refused("twin", ", ".join(differing))
    evidence = dict.fromkeys(s.model_dump_json() for s in kept.evidence)
    more = tuple(s for s in again.evidence if s.model_dump_json() not in evidence)
    return kept.model_copy(update={"evidence": (*kept.evidence, *more)}) if more else kept
