"""Claims that share what they say of the fields that were given are the claims that they were."""

from __future__ import annotations

import hashlib

from zizhu.ledger.claims import Claim
from zizhu.read.extractors import fitting
from zizhu.read.model import Document, Layer
from zizhu.read.reading import claims_of

TEXT = "Output in Kenya rose by 5 percent in 2020.\n\nOutput in Peru rose by 7 percent in 2021."


def made() -> tuple[Claim, ...]:
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    document = Document(digest, "made", "text/plain", Layer("raw", TEXT, digest), "en")
    return claims_of(document, fitting(document)).claims


def test_the_given_fields_are_those_of_a_claim_read_back() -> None:
    for claim in made():
        again = Claim.model_validate(claim.model_dump(exclude_unset=True))
        assert again == claim
        assert again.model_fields_set == claim.model_fields_set
        assert again.evidence[0].model_fields_set == claim.evidence[0].model_fields_set


def test_a_copy_with_another_field_leaves_the_others_as_they_were() -> None:
    one, other, *_ = made()
    assert one.__pydantic_fields_set__ is other.__pydantic_fields_set__
    before = set(other.model_fields_set)
    changed = one.model_copy(update={"review": None})
    assert "review" in changed.model_fields_set
    assert other.model_fields_set == before
