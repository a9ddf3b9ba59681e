"""What is guessed of unknown tables is right as often as it says, on tables of which every column is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sources import map_corpus
from sources.map_corpus import Known
from zizhu.sources.own import guess, layout
from zizhu.sources.own.draft import Draft, draft
from zizhu.sources.own.looks import look
from zizhu.sources.own.words import measure, measure_in, measure_of_title, name_words

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
    assert any("is it a share" in o for o in guess.oddities(shares, "value", unit))
    traders = look("partner", pl.Series(["China", "World", "=cmd()", "Germany"]), 3)
    told = " ".join(guess.oddities(traders, "partner", None))
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


def test_a_confidence_is_a_share_of_right_guesses(tmp_path: Path) -> None:
    tables = map_corpus.tables()
    said: list[Said] = []
    for known in tables:
        made = draft(map_corpus.write(known, tmp_path))
        assert len(made.columns) == len(known.header), known.name
        said += _said(known, made)
    assert len(tables) >= 30
    _require_calibrated(said, sure=700)


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
