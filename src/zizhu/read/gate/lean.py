"""Claims in little room: a text may make hundreds of thousands of them.

Every record remembers which of its fields were given, in a set of its own that takes more room than what it holds.
There are only a few such sets, and records do not change: each is held once. So are texts that many claims share.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from zizhu.ledger.claims import Claim
from zizhu.ledger.models import Record

_GIVEN = "__pydantic_fields_set__"
_sets: dict[frozenset[str], set[str]] = {}


def lean(claim: Claim) -> Claim:
    """The same claim; it and its parts share what they say of the fields that were given."""
    for held in claim.evidence:
        object.__setattr__(held, "source", sys.intern(held.source))
    if claim.indicator is not None:
        object.__setattr__(claim, "indicator", sys.intern(claim.indicator))
    for record in _records(claim):
        given = record.model_fields_set
        object.__setattr__(record, _GIVEN, _sets.setdefault(frozenset(given), given))
    return claim


def _records(claim: Claim) -> Iterator[Record]:
    """A claim and its parts."""
    yield claim
    yield claim.extractor
    yield from claim.times
    if claim.quantity is not None:
        yield claim.quantity
    for held in claim.evidence:
        yield from (held, held.quote, held.position)
        if held.value_position is not None:
            yield held.value_position
