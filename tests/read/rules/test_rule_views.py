"""Judgements that are claims of their own: what plans came to, and whom a success is owed to."""

from __future__ import annotations

import pytest

from read.gate.made import document
from zizhu.ledger.claims import Claim
from zizhu.read.extractors import fitting
from zizhu.read.reading import claims_of


def views(text: str, language: str = "en") -> list[Claim]:
    held = document(text, language=language)
    read = claims_of(held, fitting(held)).claims
    return [c for c in read if c.extractor.field_rules.get("kind") == "kind.view"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Observers agree that these initiatives have stalled.",
        "By most accounts the scheme has paid off.",
        "Ghana's success in cocoa processing is attributable to private mills.",
        "Kenya's rise in mobile payments can be attributed to the dynamism of its tech companies.",
        "Peru's success in blueberries is the work of entrepreneurs.",
    ],
)
def test_a_judgement_is_a_claim(sentence: str) -> None:
    (said,) = views(f"The Ghana Cocoa Strategy was launched in Accra in 2019. {sentence}")
    assert (said.kind, said.evidence[0].quote.exact, said.quantity) == ("attribution", sentence, None)


@pytest.mark.parametrize(
    "sentence",
    [
        "Have these initiatives stalled?",
        "The talks have stalled.",
        "The harvest was successful.",
        "The price is attributable to a drought.",
        "Cocoa is grown by private farmers.",
    ],
)
def test_other_sentences_are_none(sentence: str) -> None:
    assert views(f"The Ghana Cocoa Strategy was launched in Accra in 2019. {sentence}") == []


def test_the_same_in_chinese() -> None:
    (said,) = views("加纳于2019年发布可可战略。加纳可可加工业的成功归功于民营企业。", "zh")
    assert said.evidence[0].quote.exact == "加纳可可加工业的成功归功于民营企业。"
