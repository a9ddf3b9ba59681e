from __future__ import annotations

import re
from pathlib import Path

import pytest

from zizhu.vocab.countries import countries, country, from_baci
from zizhu.vocab.problems import ZizhuError

EMBED = Path(__file__).resolve().parents[3] / "shared" / "data" / "embed"


def test_iso_codes_are_well_formed_and_unique() -> None:
    current = [c for c in countries().values() if c.status == "current"]
    assert len(current) == 249
    assert all(re.fullmatch("[A-Z]{3}", c.iso3) and re.fullmatch(r"\d{3}", c.m49) for c in current)
    for codes in ([c.iso2 for c in current], [c.m49 for c in current]):
        assert len(set(codes)) == 249


def test_names_in_two_languages_lead_back_to_one_country() -> None:
    for c in countries().values():
        for name in (c.iso3, c.name, c.name_zh, *c.aliases):
            assert country(name) is c
        assert re.search(r"[\u4e00-\u9fff]", c.name_zh)


def test_icio_has_80_economies() -> None:
    inside = [c.iso3 for c in countries().values() if c.icio]
    assert len(inside) == 80
    assert {"CHN", "TWN", "STP", "CIV"} <= set(inside)
    assert not {"IRQ", "KWT", "OMN", "QAT"} & set(inside)


@pytest.mark.parametrize(
    ("code", "iso3"),
    [
        (56, "BEL"),
        (58, "BEL"),
        (276, "DEU"),
        (280, "DEU"),
        (729, "SDN"),
        (736, "SDN"),
        (490, "TWN"),
        (842, "USA"),
        (251, "FRA"),
        (699, "IND"),
        (757, "CHE"),
        (579, "NOR"),
        (711, "ZA1"),
        (810, "SUN"),
    ],
)
def test_codes_of_the_trade_table(code: int, iso3: str) -> None:
    assert from_baci(code).iso3 == iso3


def test_every_code_of_the_trade_table_has_one_country() -> None:
    codes = [code for c in countries().values() for code in c.baci]
    assert len(codes) == len(set(codes)) == 238


def test_codes_agree_with_the_code_tables() -> None:
    if not EMBED.is_dir():
        pytest.skip("the code tables (../shared/data/embed) are not on this machine")
    import polars as pl

    listed = pl.read_parquet(EMBED / "baci_rawmaterials/countries.parquet")
    for code, iso3 in listed.select("code", "iso3").iter_rows():
        assert from_baci(code).iso3 == {"S19": "TWN"}.get(iso3, iso3)
    inside = pl.read_parquet(EMBED / "icio2022/countries.parquet").filter("in_table")["iso3"]
    assert set(inside) == {c.iso3 for c in countries().values() if c.icio}


def test_any_case_and_blanks_are_understood() -> None:
    assert country(" chn ").iso3 == country("中国").iso3 == country("china").iso3 == "CHN"


@pytest.mark.parametrize(("typed", "meant"), [("CNH", "CHN"), ("Germny", "Germany"), ("Chin", "China")])
def test_an_unknown_country_names_the_nearest(typed: str, meant: str) -> None:
    with pytest.raises(ZizhuError) as error:
        country(typed, "scenario.yaml, line 3")
    assert meant in error.value.problems[0].remedy
    assert error.value.problems[0].where == "scenario.yaml, line 3"


@pytest.mark.parametrize(
    ("written", "iso3"),
    [
        ("Congo (Kinshasa)", "COD"),
        ("Congo (Brazzaville)", "COG"),
        ("Congo, D.R.", "COD"),
        ("Congo, Rep.", "COG"),
        ("Congo", "COG"),
        ("Korea, North", "PRK"),
        ("Korea, South", "KOR"),
        ("Korea, Republic of", "KOR"),
        ("Cote d'Ivoire", "CIV"),
        ("Côte d’Ivoire", "CIV"),
        ("Bosnia-Herzegovina", "BIH"),
        ("Burma", "MMR"),
        ("Turkey", "TUR"),
    ],
)
def test_names_of_the_statistics_of_mining(written: str, iso3: str) -> None:
    assert country(written).iso3 == iso3


def test_countries_of_the_mining_data_are_known_by_name() -> None:
    path = EMBED.parent / "test" / "mining" / "world_mining_data.parquet"
    if not path.is_file():
        pytest.skip("the mining data (../shared/data/test/mining) are not on this machine")
    import polars as pl

    listed = pl.read_parquet(path).select("country", "iso3").unique().filter(pl.col("country") != "Kosovo")
    assert listed.height > 150
    wrong = {n: i for n, i in listed.iter_rows() if country(n).iso3 != {"S19": "TWN"}.get(i, i)}
    assert not wrong


def test_an_unknown_trade_code_is_refused() -> None:
    with pytest.raises(ZizhuError, match="unknown BACI country '999'"):
        from_baci(999)
