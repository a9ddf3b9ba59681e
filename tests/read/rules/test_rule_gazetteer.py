"""Names: plans by list and by grammar, common nouns only once introduced, places."""

from __future__ import annotations

import pytest

from zizhu.read.rules.gazetteer import Known, listed, named, registered, sectors
from zizhu.read.rules.tokens import tokens
from zizhu.vocab.countries import countries
from zizhu.vocab.packfiles import rows


def names(text: str, known: Known | None = None, home: str = "CHN") -> list[tuple[str, str]]:
    found = tokens(text)
    return [(m.tag, m.value) for m in named(found, listed(found), known or Known(), home)]


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("India drew up its Twelfth Five-Year Plan.", "IN-FYP12"),
        ("the 14th Five-Year Plan (2021-2025)", "CN-FYP14"),
        ("江苏“十五五”规划", "CN-JS-FYP15"),
        ("the New Growth Master Plan 2030 of Malta", "MT-NGMP2030"),
        ("the 9th Peruvian Development Plan (2021-2025)", "PE-9th-development-plan"),
        ("the Steel Import Act of 1962", "CN-SIA1962"),
        ("Vision 2040", "CN-VISION2040"),
        ("《海洋装备发展规划》", "CN-海洋装备发展规划"),
        ("Made in China 2025 was", "CN-MIC2025"),
    ],
)
def test_plans(text: str, plan: str) -> None:
    assert ("plan", plan) in names(text)


@pytest.mark.parametrize("text", ["a plan to act", "The Act", "five-year plan", "our vision of 2040"])
def test_no_plans(text: str) -> None:
    assert not [n for n in names(text) if n[0] == "plan"]


def test_a_common_noun_is_a_plan_only_once_introduced() -> None:
    known = Known()
    plain = "Engineers like the industrial internet."
    assert not names(plain, known)
    assert names("The ‘industrial internet’ was launched.", known) == [("common", "US-INDINTERNET")]
    assert names(plain, known) == [("common", "US-INDINTERNET")]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("they told us", []),
        ("the US ban", ["USA"]),
        ("turkey for dinner", []),
        ("泰国和巴西", ["THA", "BRA"]),
    ],
    ids=["pronoun", "capitals", "bird", "chinese"],
)
def test_places(text: str, place: list[str]) -> None:
    assert [v for tag, v in names(text) if tag == "place"] == place


def test_the_longest_sector_wins() -> None:
    assert [m.value for m in sectors(tokens("semiconductor manufacturing equipment"))] == [
        "semiconductor_equipment"
    ]


def test_registered_plans_are_in_the_register() -> None:
    known = {r["plan"] for r in rows("policy/targets.csv")} | {
        r["plan"] for r in rows("vocab/plan_sectors.csv")
    }
    linked = {r["register"] for r in rows("policy/entities.csv")} - {""}
    known |= {i for r in rows("policy/plans.csv") for i in (r["id"], *r["aliases"].split(";"))}
    assert linked <= known
    assert registered("CN-MIC2025") == "MIC2025"


def test_places_are_countries_regions_or_the_world() -> None:
    for row in rows("read/places.csv"):
        head = row["place"].split("-")[0]
        iso2 = {c.iso2 for c in countries().values()}
        assert row["place"] in countries() or row["place"] in ("EU", "WLD") or head in iso2
