from __future__ import annotations

import pytest

from zizhu.vocab.problems import ZizhuError
from zizhu.vocab.sectors import expand_sector, manufacturing, sector, sectors


def test_fifty_industries_in_table_order() -> None:
    codes = list(sectors())
    assert len(codes) == 50
    assert codes[:3] == ["A01", "A02", "A03"]
    assert codes[-1] == "T"
    assert codes.index("C24A") + 1 == codes.index("C24B")


def test_nineteen_are_manufacturing() -> None:
    assert len(manufacturing()) == 19
    assert {s.code[0] for s in manufacturing()} == {"C"}
    assert all(s.kind == "goods" for s in manufacturing())


def test_goods_are_sections_a_to_c() -> None:
    assert {s.section for s in sectors().values() if s.kind == "goods"} == set("ABC")
    assert sum(s.kind == "services" for s in sectors().values()) == 23


def test_divisions_of_isic_are_covered_once() -> None:
    covered: list[int] = []
    for s in sectors().values():
        if s.code in ("C24A", "C24B", "C301", "C302T309"):
            continue
        first, _, last = s.isic.partition("-")
        covered += range(int(first), int(last or first) + 1)
    unused = {4, 34, 40, 44, 48, 54, 57, 67, 76, 83, 89}
    assert sorted(covered) == sorted(set(range(1, 99)) - unused - {24, 30})


def test_labels_fit_a_chart() -> None:
    labels = [s.label for s in sectors().values()]
    assert max(map(len, labels)) <= 28
    assert len(set(labels)) == 50


def test_codes_that_stand_for_several() -> None:
    assert expand_sector("TOTAL") == tuple(sectors())
    assert expand_sector("MANUF") == expand_sector("C") == tuple(s.code for s in manufacturing())
    assert expand_sector("J") == ("J58T60", "J61", "J62_63")
    assert expand_sector("c26") == ("C26",)
    assert sector("C26").label == "Electronics and optics"


@pytest.mark.parametrize(("typed", "meant"), [("C302", "C302T309"), ("MANUFACTURING", "MANUF")])
def test_an_unknown_industry_names_the_nearest(typed: str, meant: str) -> None:
    with pytest.raises(ZizhuError) as error:
        expand_sector(typed)
    assert meant in error.value.problems[0].remedy


def test_a_plan_sector_is_no_industry() -> None:
    with pytest.raises(ZizhuError, match="unknown sector 'next_gen_it'"):
        expand_sector("next_gen_it")
