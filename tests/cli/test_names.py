"""A country goes by its code or by its name in two languages, and the answer carries the code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.running import files_in, run, within
from zizhu.depend import domestic, exposure, position, suppliers
from zizhu.stress import what_if
from zizhu.tables.mrio import MRIO
from zizhu.tables.trade import Trade
from zizhu.vocab.countries import countries
from zizhu.vocab.groups import WORLD, code_of, coded, coded_part, groups
from zizhu.vocab.problems import ZizhuError

ASKED = [
    (("depend", "domestic", "--country", "CHN"), ("depend", "domestic", "--country", "中国")),
    (
        ("depend", "exposure", "--buyer", "CHN:C26", "--source", "DEU"),
        ("depend", "exposure", "--buyer", "中国：C26", "--source", "德国"),
    ),
    (
        ("depend", "suppliers", "--reporter", "EU27", "--product", "284690"),
        ("depend", "suppliers", "--reporter", "欧盟27国", "--product", "2846.90"),
    ),
    (
        ("stress", "what-if", "--sender", "TWN:C26", "--receiver", "CHN"),
        ("stress", "what-if", "--sender", "taiwan:C26", "--receiver", "China"),
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(("by_code", "by_name"), ASKED)
def test_a_name_asks_the_question_of_the_code(
    by_code: tuple[str, ...], by_name: tuple[str, ...], tmp_path: Path
) -> None:
    expected = within(*by_code, "--json", place=tmp_path).stdout
    assert within(*by_name, "--json", place=tmp_path).stdout == expected
    (record,) = (tmp_path / "ws" / "runs").iterdir()
    assert record.stem == json.loads(expected)["run"]["id"]


@pytest.mark.slow
def test_a_reference_found_by_name_is_one_by_code_and_opens(tmp_path: Path) -> None:
    told = run("depend", "domestic", "--country", "中国", "--top", "1", place=tmp_path).stdout
    assert "中国" not in told
    ref = told.partition("zizhu trace '")[2].partition("'")[0]
    assert "#CHN|" in ref
    assert "same digest" in run("trace", ref, place=tmp_path).stdout


def test_a_buyer_or_source_that_is_named_twice_is_told_once(icio: MRIO, baci: Trade) -> None:
    asked = exposure.Params(buyers=("CHN:C26", "中国:C26", "China:C26"), sources=("DEU", "德国"))
    frame = exposure.solve(exposure.Inputs(asked, icio, baci)).frame
    assert frame.select("buyer", "source").rows() == [("CHN:C26", "DEU")]


def test_the_questions_of_the_library_carry_codes_too() -> None:
    assert domestic.Params(country="Euro area").country == "EA"
    asked = exposure.Params(buyers=("中国：C26", "MEX"), sources=("united states", "ROW"))
    assert (asked.buyers, asked.sources) == (("CHN:C26", "MEX"), ("USA", "ROW"))
    assert suppliers.Params(reporter="欧盟27国", products=("284690",)).reporter == "EU27"
    assert position.Params(reporter="Viet Nam").reporter == "VNM"
    cut = what_if.Params(sender="taiwan:C26", receiver="中国")
    assert (cut.sender, cut.receiver) == ("TWN:C26", "CHN")


def test_every_name_of_a_country_or_group_leads_to_its_code() -> None:
    for c in countries().values():
        assert {coded(n) for n in (c.iso3.lower(), c.name, c.name_zh, *c.aliases)} == {c.iso3}
    for g in groups().values():
        assert {coded(n) for n in (g.code, f" {g.name.upper()} ", g.name_zh)} == {g.code}
    assert {coded(n) for n in ("wld", "World", "世界")} == {WORLD}


def test_what_the_vocabulary_does_not_know_stays_for_a_table_may_know_it() -> None:
    assert coded(" ROW ") == "ROW"
    assert coded_part("ROW:C26") == "ROW:C26"
    assert coded_part("ＣＨＮ:MIC2025.new_materials") == "CHN:MIC2025.new_materials"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Chnia", "China"), ("中国人", "中国"), ("European Unoin", "European Union"), ("CNH", "CHN")],
)
def test_the_nearest_name_is_said_in_the_language_it_was_asked_in(typed: str, meant: str) -> None:
    with pytest.raises(ZizhuError) as caught:
        code_of(typed)
    assert caught.value.problems[0].remedy.startswith(f"Nearest: {meant}")


def test_an_unknown_name_leaves_no_trace(tmp_path: Path) -> None:
    said = within("stress", "what-if", "--sender", "Chnia:C26", "--receiver", "USA", place=tmp_path, expect=2)
    assert "Nearest: China" in said.stderr
    assert files_in(tmp_path) == []
