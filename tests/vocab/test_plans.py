from __future__ import annotations

import pytest

from zizhu.store import Workspace
from zizhu.vocab.plans import (
    all_plan_sectors,
    crosswalk,
    industry_sentence,
    part_sentence,
    plan_sector,
    plan_sectors,
    resolution_sentence,
)
from zizhu.vocab.problems import ZizhuError
from zizhu.vocab.sectors import sectors


def test_ten_sectors_and_eight_areas() -> None:
    assert [p.number for p in plan_sectors("MIC2025")] == list(range(1, 11))
    assert [p.number for p in plan_sectors("sei2020")] == list(range(1, 9))
    assert len({(p.plan, p.slug) for p in all_plan_sectors()}) == 18


def test_55_shares_lie_in_known_industries() -> None:
    rows = [row for p in all_plan_sectors() for row in crosswalk(p.plan, p.number)]
    assert len(rows) == 55
    assert sum(row.basis == "statistic" for row in rows) == 11
    assert {row.icio_code for row in rows} <= set(sectors())
    assert all(0 < row.share <= 1 and row.label for row in rows)
    assert all(p.industries == len(crosswalk(p.plan, p.number)) for p in all_plan_sectors())


def test_no_industry_is_shared_out_beyond_all_of_it() -> None:
    for plan in ("MIC2025", "SEI2020"):
        total: dict[str, float] = {}
        for p in plan_sectors(plan):
            for row in crosswalk(plan, p.number):
                total[row.icio_code] = total.get(row.icio_code, 0) + row.share
        assert max(total.values()) <= 1


def test_resolution_follows_from_shares_and_chinese_output(tmp_path_factory: pytest.TempPathFactory) -> None:
    workspace = Workspace(root=tmp_path_factory.mktemp("none"))
    if "icio-2022-nodes" not in workspace.names():
        pytest.skip("the built-in input-output table is not here")
    nodes = workspace.read("icio-2022-nodes").frame
    output = {s: x for c, s, x in nodes.select("iso3", "sector", "output").iter_rows() if c == "CHN"}
    for p in all_plan_sectors():
        rows = crosswalk(p.plan, p.number)
        part = [row.share * output[row.icio_code] for row in rows]
        resolution = sum(w * row.share for w, row in zip(part, rows, strict=True)) / sum(part)
        assert p.resolution == pytest.approx(resolution, abs=0.0006), p.slug
        assert p.band == ("resolved" if resolution >= 0.5 else "coarse" if resolution >= 0.2 else "proxy")


def test_every_sector_says_what_it_shows() -> None:
    for p in all_plan_sectors():
        sentence = resolution_sentence(p)
        assert sentence.startswith("Shows all of ")
        assert all(row.icio_code in sentence for row in crosswalk(p.plan, p.number))
        assert ("Read it as a figure for the industry." in sentence) == (p.band == "proxy")


def test_a_sentence_in_full() -> None:
    assert resolution_sentence(plan_sector("MIC2025", "agricultural_machinery")) == (
        "Shows all of C28 (machinery); 3 % of its output belongs to agricultural machinery. "
        "Read it as a figure for the industry."
    )
    assert part_sentence("J62_63", "internet platforms are .284 of it") == (
        "Shows all of J62_63 (IT and information services); internet platforms are .284 of it."
    )


def test_unknown_plans_and_sectors_name_the_nearest() -> None:
    with pytest.raises(ZizhuError, match="MIC2025"):
        plan_sectors("MIC2052")
    with pytest.raises(ZizhuError, match="new_materials"):
        plan_sector("MIC2025", "new_material")
    with pytest.raises(ZizhuError, match="unknown sector of MIC2025 '11'"):
        crosswalk("MIC2025", 11)


def test_an_industry_says_what_of_it_is_meant() -> None:
    said = industry_sentence("C26")
    assert said.startswith("C26: Manufacture of computer, electronic and optical products (ISIC Rev. 4: 26).")
    assert "telecom gear, chips" in said
    assert "hence at most .39 of C26." in said
    assert "Plans" not in industry_sentence("T")
    with pytest.raises(ZizhuError):
        industry_sentence("C99")
