"""What the register knows of a product, by names and by plan sectors."""

from __future__ import annotations

import pytest

from zizhu.depend.linked import ITS_SECTOR, NAMES_IT, links
from zizhu.ledger import register
from zizhu.vocab.products import raw_materials


def test_rare_earths_are_named_by_a_target_and_touched_by_controls() -> None:
    found = links("284690")
    assert found.industry is not None
    assert found.industry.sector == "C20"
    assert [t.how for t in found.targets if "rare earth" in t.says] == [NAMES_IT]
    assert {e.ref for e in found.events} >= {"fact:2025-04-04.CHN.export_control.1"}
    assert [e.says[:10] for e in found.events] == sorted(e.says[:10] for e in found.events)
    assert all(t.says.partition(": ")[0].split(", ")[1] == "China" for t in found.targets)  # whose they are


def test_an_event_says_whose_sales_to_whom_it_restricts() -> None:
    """China's duty on crude oil of the United States is about China's imports; its licences are about everyone's."""
    (duty,) = links("270900").events
    assert "China: 15 percent" in duty.says
    assert duty.says.endswith("(sales of the United States to China)")
    assert duty.touches("CHN", 2024)
    assert not duty.touches("EU27", 2024)
    for licence in links("284690").events:
        assert licence.says.endswith("(sales of China to the world)")
        assert licence.touches("EU27", 2024)
        assert licence.touches("JPN", 2024)


def test_an_event_touches_a_bloc_with_the_buyer_among_its_members() -> None:
    banned = next(e for e in links("250410").events if "2024-12-03" in e.ref)
    assert banned.buyers == ("USA",)
    assert banned.touches("G7", 2024)
    assert not banned.touches("EU27", 2024)


def test_a_manufacture_is_linked_by_its_plan_sector() -> None:
    found = links("854211")
    assert found.targets
    assert {t.how for t in found.targets} == {ITS_SECTOR}
    assert any("integrated circuits" in t.says for t in found.targets)


@pytest.mark.parametrize("hs6", ["999999", "not a code"])
def test_codes_that_nothing_is_known_of_have_no_links(hs6: str) -> None:
    assert links(hs6) == (None, (), ())


def test_links_are_facts_of_the_register_that_stand() -> None:
    known = {f"fact:{i}" for i in (*register.targets(), *register.events())}
    for hs6 in raw_materials():
        found = links(hs6)
        refs = [link.ref for link in (*found.targets, *found.events)]
        assert set(refs) <= known
        assert len({t.ref for t in found.targets}) == len(found.targets)
        assert all(register.targets()[t.ref.removeprefix("fact:")].status == "active" for t in found.targets)
