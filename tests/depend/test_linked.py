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
