"""What is guessed of unknown tables is right as often as it says, on tables of which every column is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources import map_corpus
from sources.map_corpus import Known
from zizhu.sources.own import details, guess, layout
from zizhu.sources.own.draft import Draft, draft
from zizhu.sources.own.looks import look
from zizhu.sources.own.measures import Measure, measure, measure_in, measure_of_title
from zizhu.sources.own.words import name_words
from zizhu.vocab.units import units

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "data"
REAL = {
    "test/mining/world_mining_data.parquet": (
        "production",
        "product ignore country year quantity quantity_unit ignore",
    ),
    "test/china_innovation/cn_province_innovation.parquet": (
        "series",
        "indicator entity period value unit ignore",
    ),
    "test/macro/wdi_selected.parquet": ("series", "indicator entity period value unit ignore"),
    "test/macro/pwt1001.parquet": ("series", "indicator entity period value unit ignore"),
    "test/energy_ev/owid_energy_co2.parquet": ("series", "indicator entity period value unit ignore"),
    "test/energy_ev/iea_ev2025.parquet": ("series", "indicator entity|country period value unit ignore"),
    "test/complexity/exports_hs4_2017.parquet": ("trade", "reporter product value"),
    "test/liberation_day/trade_2023.parquet": ("trade", "exporter importer value"),
    "test/icio_cubes/flows.parquet": ("trade", "year importer exporter product|ignore value"),
    "test/icio_agg/final_imports_1995_2020.parquet": ("series", "year country indicator|ignore value"),
    "test/wits/wits_trade_summary.parquet": (
        "series|trade",
        "ignore|country reporter|country|ignore partner|ignore product|ignore ignore|indicator "
        "indicator|ignore year value",
    ),
    "embed/wgi/political_stability.parquet": ("series", "country ignore year value vintage|ignore"),
    "embed/baci_rawmaterials/trade.parquet": ("trade", "year exporter importer product value quantity"),
    "embed/policy/series.csv": (
        "series",
        "indicator entity|country period|year ignore value unit status|ignore ignore ignore ignore",
    ),
}
"""Tables of producers with the kind and the roles that an analyst would give their columns."""
Said = tuple[float, bool, str]


def test_words_of_columns_and_units() -> None:
    assert name_words("TradeValue_USD (thousand)") == "trade value usd"
    assert guess.by_name("出口金额（千美元）", ()).role == "value"
    assert guess.by_name("k", ("k", "year")).strength == 0
    assert guess.by_name("k", ("t", "i", "j", "k", "v", "q")).role == "product"
    told = {
        h: found[0]
        for h in ("产值(万元)", "value_kusd", "tonnes", "Export share, %")
        if (found := measure_in(h))
    }
    assert {h: (m.unit, m.scale) for h, m in told.items()} == {
        "产值(万元)": ("CNY", 10_000),
        "value_kusd": ("USD", 1000),
        "tonnes": ("t", 1),
        "Export share, %": ("percent", 1),
    }
    mega, tonne = measure("Mt"), measure("metr. t")
    assert mega is not None
    assert tonne is not None
    assert (mega.unit, tonne.unit) == ("Mt", "t")
    assert measure("Stück") is None
    above = measure_of_title("2023年统计 单位：亿元")
    assert above is not None
    assert above[0].unit == "100 million CNY"


@pytest.mark.parametrize(
    ("header", "amount", "currency"),
    [
        ("Wert (1000 EUR)", 1e3, "EUR"),
        ("Umsatz in Mio. €", 1e6, "EUR"),
        ("Wert in 1 000 Euro", 1e3, "EUR"),
        ("Warenwert (Tsd. US-Dollar)", 1e3, "USD"),
        ("RMB mn", 1e6, "CNY"),
        ("Value (RMB mn)", 1e6, "CNY"),
        ("output (RMB 100 million)", 1e8, "CNY"),
        ("Value, US$ million", 1e6, "USD"),
        ("Value USD (thousand)", 1e3, "USD"),
        ("USD value, '000", 1e3, "USD"),
        ("valeur (milliers d'euros)", 1e3, "EUR"),
        ("EURm", 1e6, "EUR"),
        ("产值(亿元)", 1e8, "CNY"),
        ("产值（亿元，当年价格）", 1e8, "CNY"),
        ("产值亿元", 1e8, "CNY"),
        ("产值(万元)", 1e4, "CNY"),
        ("产值_万元", 1e4, "CNY"),
        ("产值千万元", 1e7, "CNY"),
        ("产值（百亿元）", 1e10, "CNY"),
        ("GDP（万亿元）", 1e12, "CNY"),
        ("产值(元)", 1.0, "CNY"),
        ("出口额（亿美元）", 1e8, "USD"),
        ("出口额（万美元）", 1e4, "USD"),
        ("进口额（亿欧元）", 1e8, "EUR"),
    ],
)
def test_a_name_says_currency_and_scale(header: str, amount: float, currency: str) -> None:
    found = measure_in(header)
    assert found is not None
    unit = units()[found[0].unit]
    assert (found[0].scale * float(unit.scale), unit.currency) == (pytest.approx(amount), currency)


@pytest.mark.parametrize(
    "header",
    [
        "单价(元/吨)",
        "Price, USD/t",
        "Price (USD per tonne)",
        "港币万元",
        "金额(万元 港币)",
        "Number of firms",
        "product",
    ],
)
def test_a_rate_another_currency_or_no_unit_is_none(header: str) -> None:
    assert measure_in(header) is None


@given(
    st.sampled_from(["亿元", "万元", "百万元", "千元", "万亿元"]),
    st.sampled_from(["产值({})", "产值（{}）", "产值 {}", "产值_{}", "产值{}", "产值（单位：{}）", "{}"]),
)
def test_amounts_of_yuan_are_never_confused(word: str, form: str) -> None:
    amounts = {"千元": 1e3, "万元": 1e4, "百万元": 1e6, "亿元": 1e8, "万亿元": 1e12}
    found = measure_in(form.format(word))
    assert found is not None
    assert found[0].scale * float(units()[found[0].unit].scale) == amounts[word]


def test_a_name_that_contradicts_the_title_is_doubted(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "产值表\n单位：万元\n年份,省份,产值(亿元)\n2020,广东,5\n2021,江苏,6\n", encoding="utf-8"
    )
    made = draft(tmp_path / "t.csv")
    unit = made.columns[2].unit
    assert unit.value == measure("亿元")
    assert unit.confidence < 0.7
    assert any("产值" in what and "万元" in g.reason for what, g in made.doubtful())


CN8 = ["85423190", "85076000", "28046900", "72083900", "87032319", "30049000"]
CN8_LOW = ["28046900", "29012200", "25041000", "27011290", "28181000"]
PRODCOM = ["26112240", "27202300", "28991110", "20141190", "10511133"]


@pytest.mark.parametrize(
    ("header", "cells", "codes", "least", "most"),
    [
        ("Warennummer", CN8, "HS8", 0.7, 1.0),
        ("CN8", CN8, "HS8", 0.7, 1.0),
        ("product", CN8, "HS8", 0.55, 1.0),
        ("PRCCODE", PRODCOM, "", 0.9, 1.0),
        ("product code", PRODCOM, "", 0.75, 1.0),
        ("PRCCODE", CN8_LOW, "", 0.0, 0.6),
        ("product code", CN8_LOW, "HS8", 0.0, 0.7),
        ("Warennummer", PRODCOM, "HS8", 0.0, 0.6),
    ],
)
def test_codes_of_prodcom_are_none_of_the_harmonised_system(
    header: str, cells: list[str], codes: str, least: float, most: float
) -> None:
    found = details.codes_of(look(header, pl.Series(cells), 4), "product")
    assert found.value == codes
    assert least <= found.confidence <= most


def test_german_customs_statistics_are_understood(tmp_path: Path) -> None:
    rows = "".join(f"2022;{land};Einfuhr;{code};1,5\n" for land in ("DE", "CN", "NA", "GB") for code in CN8)
    head = "Jahr;Partnerland;Verkehrsrichtung;Warennummer;Wert (1000 EUR)\n"
    (tmp_path / "t.csv").write_text(head + rows, encoding="utf-8")
    made = draft(tmp_path / "t.csv")
    assert made.kind.value == "trade"
    assert [c.role.value for c in made.columns] == ["year", "partner", "flow", "product", "value"]
    assert made.columns[1].codes.value == "iso2"
    assert made.columns[1].look.missing == ()
    assert made.columns[4].unit.value == Measure("EUR", 1000.0)


@pytest.mark.parametrize("header", ["省", "省份", "地区", "province", "region"])
@pytest.mark.parametrize(
    "cells",
    [
        ["广东", "江苏", "浙江"],
        ["广东省", "北京市", "内蒙古自治区"],
        ["Guangdong", "Jiangsu", "Anhui Province"],
    ],
    ids=["short", "official", "english"],
)
def test_a_column_of_provinces_is_a_place(header: str, cells: list[str]) -> None:
    found = guess.role_of(look(header, pl.Series(cells), 3), (header,))
    assert found.value == "province"
    assert found.confidence >= 0.8


def test_regions_that_are_no_provinces_stay_entities() -> None:
    cells = pl.Series(["Western Cape", "Bavaria", "Kansai"])
    assert guess.role_of(look("region", cells, 3), ("region",)).value == "entity"


def test_points_and_commas_at_odd_places_are_said() -> None:
    seen = look("value (USD)", pl.Series(["17621.682,97", "3,5"]), 3)
    assert any("'17621.682,97'" in o for o in details.oddities(seen, "value", None))
    alone = layout.decimal(["17621.682,97"])
    assert (alone.value, alone.confidence < 0.5) == (",", True)


@pytest.mark.parametrize(
    ("cells", "sign", "least"),
    [
        (["1,5", "2.000,25", "7"], ",", 0.9),
        (["1.5", "2,000.25"], ".", 0.9),
        (["0,123", "4,567"], ",", 0.9),
        (["12", "13"], ".", 0.9),
        (["1,234", "5,678"], ".", 0.0),
    ],
)
def test_the_decimal_sign(cells: list[str], sign: str, least: float) -> None:
    found = layout.decimal(cells)
    assert found.value == sign
    assert found.confidence >= least


def test_what_is_odd_is_said() -> None:
    shares = look("share of imports (%)", pl.Series([f"0.{i}" for i in range(10)]), 3)
    unit = measure("%")
    assert any("is it a share" in o for o in details.oddities(shares, "value", unit))
    traders = look("partner", pl.Series(["China", "World", "=cmd()", "Germany"]), 3)
    told = " ".join(details.oddities(traders, "partner", None))
    assert "World" in told
    assert "never computed" in told


def _said(known: Known, made: Draft) -> Iterator[Said]:
    """Every guess of a table: how sure it was, whether it is right, and what it was about."""
    yield made.kind.confidence, made.kind.value == known.kind, f"{known.name}: kind {made.kind.value}"
    if known.form == "csv":
        yield from _of_form(known, made)
    for i, column in enumerate(made.columns):
        at = f"{known.name}, {column.look.name}"
        if made.kind.value == known.kind:
            right = column.role.value in known.roles[i].split("|")
            yield column.role.confidence, right, f"{at}: {column.role.value} for {known.roles[i]}"
        if i in known.codes and column.codes.value:
            yield column.codes.confidence, column.codes.value == known.codes[i], f"{at}: {column.codes.value}"
        if i in known.units and (unit := column.unit.value) is not None:
            yield column.unit.confidence, (unit.unit, unit.scale) == known.units[i], f"{at}: {unit}"


def _of_form(known: Known, made: Draft) -> Iterator[Said]:
    encoding = known.encoding.removesuffix("-sig")
    decimals = any("," in c and c.replace(",", "").isdigit() for r in known.rows for c in r)
    place = (len(known.above) + 1, known.skip)
    for what, right in {
        "encoding": made.layout.encoding == encoding,
        "delimiter": made.layout.delimiter == known.delimiter,
        "decimal sign": not decimals or made.layout.decimal == known.decimal,
        "row of the names": (made.layout.header_row, made.layout.skip_rows) == place,
    }.items():
        yield made.form[what].confidence, right, f"{known.name}: {what}"


@pytest.mark.slow
def test_a_confidence_is_a_share_of_right_guesses(tmp_path: Path) -> None:
    tables = map_corpus.tables()
    said: list[Said] = []
    for known in tables:
        made = draft(map_corpus.write(known, tmp_path))
        assert len(made.columns) == len(known.header), known.name
        said += _said(known, made)
    assert len(tables) >= 30
    _require_calibrated(said, sure=700)


@pytest.mark.slow
def test_real_tables_are_guessed_as_well_as_it_says() -> None:
    if not SHARED.is_dir():
        pytest.skip("the tables of the producers are not here")
    said: list[Said] = []
    for name, (kind, roles) in REAL.items():
        made = draft(SHARED / name)
        said.append((made.kind.confidence, made.kind.value in kind, f"{name}: kind {made.kind.value}"))
        if made.kind.value in kind:
            for column, right in zip(made.columns, roles.split(), strict=True):
                words = f"{name}, {column.look.name}: {column.role.value} for {right}"
                said.append((column.role.confidence, column.role.value in right.split("|"), words))
    _require_calibrated(said, sure=35)


def _require_calibrated(said: list[Said], sure: int) -> None:
    high = [s for s in said if s[0] >= 0.9]
    wrong = [s[2] for s in high if not s[1]]
    assert len(high) >= sure
    assert len(wrong) <= 0.05 * len(high), wrong
    middle = [s for s in said if 0.7 <= s[0] < 0.9]
    assert sum(s[1] for s in middle) >= 0.8 * len(middle), [s[2] for s in middle if not s[1]]


def test_guesses_do_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    known = map_corpus.tables()[0]
    turned = Known(known.name, known.kind, known.header, known.roles, known.rows[::-1])

    def roles(path: Path) -> list[Any]:
        return [(c.role, c.codes, c.unit) for c in draft(path).columns]

    (tmp_path / "a").mkdir()
    assert roles(map_corpus.write(known, tmp_path)) == roles(map_corpus.write(turned, tmp_path / "a"))
