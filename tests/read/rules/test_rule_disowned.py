"""What a document takes back, only aims at, or dates after its own day is no fact and no aim of it."""

from __future__ import annotations

import hashlib

import pytest

from zizhu.ledger.claims import Claim
from zizhu.read.model import Dated, Document, Layer
from zizhu.read.reading import claims_of
from zizhu.read.rules.extractor import CHINESE, ENGLISH


def claims(text: str, language: str, published: str = "2026-05-20") -> list[Claim]:
    digest = hashlib.sha256(text.encode()).hexdigest()
    day = Dated(published, "", 1.0) if published else None
    document = Document(digest, "made", "text/plain", Layer("raw", text, digest), language, "", "", day)
    rules = CHINESE if language == "zh" else ENGLISH
    return [c for c in claims_of(document, [rules]).claims if c.quantity]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The port authority denied that 900 dockers were dismissed.", "en"),
        ("The 35 percent target has been scrapped.", "en"),
        ("矿业公司否认减产6万吨。", "zh"),
        ("该省放弃了40%的目标。", "zh"),
    ],
    ids=["denied", "scrapped", "denied-zh", "given-up-zh"],
)
def test_what_is_taken_back_is_negated_and_only_said(text: str, language: str) -> None:
    assert [(c.kind, c.modality, c.polarity) for c in claims(text, language)] == [
        ("attribution", "asserted", "negated")
    ]


def test_what_is_not_denied_is_affirmed() -> None:
    (claim,) = claims("The minister did not deny that 700 jobs were lost.", "en")
    assert (claim.kind, claim.modality) == ("actual", "achieved")


@pytest.mark.parametrize("published", ["2026-05-20", "2026-05", "2026"])
def test_nothing_is_achieved_after_the_day(published: str) -> None:
    text = "Output in 2093 was 40 tonnes. The duty of 17 percent took effect in 2094. Norway exported 3 ships in 2095."
    found = claims(text, "en", published)
    assert found
    assert not [c for c in found if c.modality == "achieved" or c.kind == "actual"]


def test_a_month_of_the_year_is_ahead_only_behind_the_day() -> None:
    text = "Exports in March 2026 were 14 billion euros. Exports in October 2026 were 15 billion euros."
    assert [c.kind for c in claims(text, "en")] == ["actual", "forecast"]


GOALS = """氢能产业发展规划

一、发展基础

全省加氢站31座。

二、主要目标

产业规模12亿元。

——产值达到8亿元；加氢站70座；

三、保障措施

目前全省投入3亿元。
"""


def test_figures_under_a_heading_of_goals_are_goals() -> None:
    kinds = {c.quantity.value: (c.kind, c.modality) for c in claims(GOALS, "zh") if c.quantity}
    fact, aim = ("actual", "achieved"), ("target", "planned")
    assert kinds == {31: fact, 12e8: aim, 8e8: aim, 70: aim, 3e8: fact}


@pytest.mark.parametrize("published", ["", "2026-05-20"])
def test_the_day_of_an_aim_does_not_reach_the_fact_behind_it(published: str) -> None:
    text = (
        "The country aims to reach 70 percent self-sufficiency in chips by 2030. Spending rose to $5 billion."
    )
    aim, fact = claims(text, "en", published)
    assert [t.role for t in aim.times] == ["deadline"]
    assert (fact.kind, fact.times) == ("actual", ())
