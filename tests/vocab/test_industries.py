"""Industries of other classifications: codes are unique, sections are those of ISIC, and lists are recognised."""

from __future__ import annotations

import pytest

from zizhu.vocab.industries import ICIO_2025, classifications, recognised, sections
from zizhu.vocab.packfiles import rows
from zizhu.vocab.sectors import sectors

LENGTHS = {
    ICIO_2025: 50,
    "icio-2023": 45,
    "icio-2021": 45,
    "wiod-2013": 35,
    "wiod-2016": 56,
    "nbs-42-2017": 42,
    "nbs-42-2012": 42,
}


def test_lists_are_whole_and_codes_unique() -> None:
    assert {name: len(known) for name, known in classifications().items()} == LENGTHS
    assert len(rows("vocab/industries.csv")) == sum(LENGTHS.values()) - LENGTHS[ICIO_2025]


@pytest.mark.parametrize("name", LENGTHS)
def test_every_industry_has_names_and_a_section(name: str) -> None:
    for one in classifications()[name].values():
        assert one.name
        assert one.name_zh
        assert len(one.section) == 1
        assert "A" <= one.section <= "U"


@pytest.mark.parametrize(
    ("name", "manufacturing"), [("icio-2023", 17), ("wiod-2013", 14), ("wiod-2016", 19), (ICIO_2025, 19)]
)
def test_manufacturing_has_as_many_industries_as_its_producer_lists(name: str, manufacturing: int) -> None:
    assert sum(section == "C" for section in sections(name).values()) == manufacturing


def test_a_list_is_recognised_by_its_codes() -> None:
    assert recognised(sectors()) == ICIO_2025
    assert recognised(reversed(list(classifications()["wiod-2016"]))) == "wiod-2016"
    assert recognised(["A01", "nothing"]) == ""
    assert sections("no such list") == {}
