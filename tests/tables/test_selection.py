"""Parts of a table by name, and what is said to a name that is none."""

from __future__ import annotations

import csv
from dataclasses import replace
from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose

from tables.strategies import mrios, random_table
from zizhu.tables.mrio import MRIO, Nodes
from zizhu.tables.selection import countries_of, select
from zizhu.vocab.problems import CannotAnswer, ZizhuError

TABLE = random_table(1, 5, 5)  # CHN DEU USA FRA VNM x C26 C28 B J61 C24B


def labels(code: str, mrio: MRIO = TABLE) -> list[str]:
    return [mrio.nodes.label(int(i)) for i in select(mrio, code).index]


@pytest.mark.parametrize(
    ("code", "nodes"),
    [
        ("USA:C26", ["USA:C26"]),
        ("USA", ["USA:C26", "USA:C28", "USA:B", "USA:J61", "USA:C24B"]),
        ("USA:TOTAL", ["USA:C26", "USA:C28", "USA:B", "USA:J61", "USA:C24B"]),
        ("USA:MANUF", ["USA:C26", "USA:C28", "USA:C24B"]),
        ("EU27:B", ["DEU:B", "FRA:B"]),
        ("EU27:MANUF", ["DEU:C26", "DEU:C28", "DEU:C24B", "FRA:C26", "FRA:C28", "FRA:C24B"]),
        ("WLD:C26", ["CHN:C26", "DEU:C26", "USA:C26", "FRA:C26", "VNM:C26"]),
        ("usa:C26", ["USA:C26"]),
        ("CHN:MIC2025.next_gen_it", ["CHN:C26", "CHN:J61"]),
    ],
)
def test_a_name_selects_its_nodes(code: str, nodes: list[str]) -> None:
    assert labels(code) == nodes


def test_parts_of_plan_sectors_are_those_of_the_crosswalk() -> None:
    text = (resources.files("zizhu.packs") / "vocab" / "crosswalk_icio.csv").read_text(encoding="utf-8")
    rows = [
        r for r in csv.DictReader(text.splitlines()) if (r["plan"], r["plan_sector_no"]) == ("MIC2025", "1")
    ]
    share = {r["icio_code"]: float(r["share_of_icio_sector"]) for r in rows}
    found = select(TABLE, "CHN:MIC2025.next_gen_it")
    assert found.part.tolist() == [share["C26"], share["J61"]]
    assert "C26" in found.note
    size = np.array([share["C26"], share["J61"]]) * TABLE.x[found.index]
    assert_allclose(found.weights(TABLE.x), size / size.sum(), rtol=1e-15)


def test_only_plan_sectors_carry_a_note_or_a_part_below_one() -> None:
    found = select(TABLE, "EU27:MANUF")
    assert found.note == ""
    assert (found.part == 1).all()


@given(mrios(gaps=False))
def test_a_group_is_the_output_weighted_mean_of_its_nodes(mrio: MRIO) -> None:
    group = select(mrio, "WLD")
    per_unit = np.vstack([mrio.v, np.ones(mrio.n)])
    mean = group.mean(per_unit, mrio.x)
    assert_allclose(mean[0], sum(mrio.v * mrio.x) / sum(mrio.x), rtol=1e-12)
    assert mean[1] == pytest.approx(1)


def test_a_group_is_that_of_the_table_s_year() -> None:
    early = replace(TABLE, flags=replace(TABLE.flags, years=(1980,)))
    assert countries_of(TABLE, "G20") == ("CHN", "DEU", "USA", "FRA")
    assert countries_of(early, "EU") == ("DEU", "FRA")
    assert countries_of(early, "EU27") == ("DEU", "FRA")
    with pytest.raises(CannotAnswer, match=r"ASEAN is not in|ASEAN had no members"):
        countries_of(random_table(1, 4), "ASEAN")


@pytest.mark.parametrize(
    ("code", "what", "nearest"),
    [
        ("CNH:C26", "unknown country or group 'CNH'", "CHN"),
        ("EU72:C26", "unknown country or group 'EU72'", "EU27"),
        ("USA:C62", "unknown sector 'C62'", "C26"),
        ("USA:c26", "unknown sector 'c26'", "C26"),
        ("USA:C26:B", "unknown sector 'C26:B'", "C26"),
        ("USA:MANUFC", "unknown sector 'MANUFC'", "MANUF"),
        ("CHN:MIC2025.new_material", "unknown sector 'MIC2025.new_material'", "MIC2025.new_materials"),
        ("CHN:MIC2205.new_materials", "unknown sector 'MIC2205.new_materials'", "MIC2025.new_materials"),
        ("CHN:SEI2020.next_gen_it", "unknown sector 'SEI2020.next_gen_it'", "MIC2025.next_gen_it"),
    ],
)
def test_an_unknown_name_lists_the_nearest(code: str, what: str, nearest: str) -> None:
    with pytest.raises(ZizhuError) as caught:
        select(TABLE, code)
    (problem,) = caught.value.problems
    assert caught.value.exit_code == 2
    assert problem.what == what
    near, _, listing = problem.remedy.removeprefix("Nearest: ").partition(". ")
    assert nearest in near.rstrip(".").split(", ")
    assert listing in ("", "`zizhu data show test` lists those of the table by name.")


def test_a_colon_announces_a_sector() -> None:
    with pytest.raises(ZizhuError, match="no sector follows the colon"):
        select(TABLE, "USA:")


@pytest.mark.parametrize("code", ["", ":", ":C26", " "])
def test_an_empty_country_is_unknown(code: str) -> None:
    with pytest.raises(ZizhuError, match="unknown country or group"):
        select(TABLE, code)


@pytest.mark.parametrize("code", ["BRA:C26", "GCC:C26", "GCC"])
def test_a_country_or_group_outside_the_table_cannot_be_answered(code: str) -> None:
    with pytest.raises(CannotAnswer, match=r"is not in Test table") as caught:
        select(TABLE, code)
    assert caught.value.exit_code == 3


def test_an_industry_without_output_cannot_be_answered() -> None:
    idle = replace(TABLE, x=np.where(np.arange(TABLE.n) == 10, 0.0, TABLE.x))
    with pytest.raises(CannotAnswer, match="no output in the table"):
        select(idle, "USA:C26").weights(idle.x)
    small = random_table(1, 3, 2)
    services = replace(small, nodes=Nodes(small.nodes.country, ("B", "J61") * 3))
    with pytest.raises(CannotAnswer, match="no output in the table"):
        select(services, "USA:MANUF").weights(services.x)
