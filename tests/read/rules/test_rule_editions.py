"""Plans that are known by their topic: the rows are sound, and the edition that is meant is found."""

from __future__ import annotations

import pytest

from zizhu.ledger.claims import Claim
from zizhu.read.documents.opened import opened
from zizhu.read.exchange import codes
from zizhu.read.extractors import fitting
from zizhu.read.reading import claims_of
from zizhu.read.rules.editions import Edition, edition, editions, measure, not_before
from zizhu.vocab.packfiles import rows

TWO = [Edition(f"BR-PORTS{y}", "BRA", ("plan",), frozenset({"ports"}), y, "") for y in ("2014", "2022")]
BAN = [Edition("BR-BAN2021", "BRA", ("ban",), frozenset(), "2021", "")]


def claims_in(text: str, published: str | None = "2025-02-10") -> tuple[Claim, ...]:
    document = opened(text.encode(), "a.txt", published=published, language="en")
    return claims_of(document, fitting(document)).claims


def test_every_plan_with_a_topic_is_one_of_the_names_and_of_the_register() -> None:
    ids = {r["id"] for r in rows("policy/entities.csv")}
    plans = {i for r in rows("policy/plans.csv") for i in (r["id"], *r["aliases"].split(";"))}
    events = {r["id"] for r in rows("policy/events.csv")}
    kinds = {r["kind"] for r in rows("read/plan_kinds.csv")}
    assert {e.plan for e in editions()} <= ids
    assert {r["register"] for r in rows("read/plan_topics.csv")} <= plans | events
    assert {k for e in editions() for k in e.kinds} <= kinds


@pytest.mark.parametrize(
    ("years", "earlier", "year", "meant"),
    [
        (["2014"], False, "2025", "BR-PORTS2014"),
        ([], False, "2025", "BR-PORTS2022"),
        ([], False, "2019", "BR-PORTS2014"),
        ([], True, "2025", "BR-PORTS2014"),
        (["2030"], False, "2025", "BR-PORTS2022"),
        (["2009"], True, "2025", ""),
        ([], False, "2010", ""),
        ([], False, "", "BR-PORTS"),
    ],
)
def test_the_year_said_then_the_document_decides(
    years: list[str], earlier: bool, year: str, meant: str
) -> None:
    assert edition(TWO, years, earlier, year) == meant


@pytest.mark.parametrize(
    ("years", "year", "meant"),
    [([], "2024", "BR-BAN2021"), (["2022"], "2024", "BR-BAN2021"), (["2018"], "2024", ""), ([], "2019", "")],
)
def test_a_measure_is_meant_from_its_year_on(years: list[str], year: str, meant: str) -> None:
    assert measure(BAN, years, year) == meant


def test_a_plan_that_no_register_has_keeps_its_name_as_written() -> None:
    text = "Peru adopted the Dry Coast Plan in May 2024. The plan will water 400 km2 by 2031."
    claims = claims_in(text)
    assert {c.plans for c in claims} == {("PE-DCP2024",)}
    assert {tuple(c.plan_names.items()) for c in claims} == {(("PE-DCP2024", "Dry Coast Plan"),)}


def test_a_plan_of_the_register_has_its_name_there() -> None:
    claims = claims_in("Made in China 2025 aims to raise the share to 70% by 2025.")
    assert [c.plans for c in claims] == [("CN-MIC2025",)]
    assert not any(c.plan_names for c in claims)


def test_names_behind_ids_do_not_come_back_as_plans() -> None:
    forms = codes.plans(("PE-DCP2024", "CN-FYP14"), {"PE-DCP2024": "Dry Coast Plan"})
    assert forms == ("PE-DCP2024", "PE-dry-coast-plan", "CN-FYP14")
    assert codes.plans_back(forms) == ("PE-DCP2024", "CN-FYP14")
    assert codes.plans_back(("PE-dry-coast-plan",)) == ("PE-dry-coast-plan",)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Farms that were targeted by the levy cut output by 4% in 2023.", {"actual"}),
        ("The ports targeted 40% by 2030.", {"target"}),
        ("The World Steel Outlook was published in May.", {"policy_event"}),
        ("The outlook is for growth of 3% in 2026.", {"forecast"}),
    ],
)
def test_a_word_for_an_aim_is_none_in_a_name_or_of_whom_it_was_aimed_at(text: str, kinds: set[str]) -> None:
    assert {c.kind for c in claims_in(text)} == kinds


@pytest.mark.parametrize(
    ("before", "meant"),
    [
        ("", "CN-SEI"),
        ("China spoke of a dual circulation strategy before. ", "CN-SEI2020"),
        ("China drew up the 13th Five-Year Plan before. ", "CN-SEI2010"),
    ],
)
def test_a_text_without_a_day_is_no_older_than_the_plans_that_it_names(before: str, meant: str) -> None:
    claims = claims_in(f"{before}China's new plan for emerging industries aims to build 40 parks.", None)
    assert {p for c in claims if c.quantity and c.quantity.value == 40 for p in c.plans} == {meant}


def test_the_year_of_the_youngest_plan() -> None:
    assert not_before(("CN-MIC2025", "CN-DUALCIRC", "PE-DCP2031")) == "2020"
    assert not_before(("CN-FYP13",)) == "2015", "a five-year plan is spoken of while it is drawn up"
    assert not_before(()) == not_before(("PE-DCP2031",)) == ""
