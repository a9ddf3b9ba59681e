"""Tables of one's own in the workspace: every value in its unit under its code, or all faults and no trace."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from zizhu.sources.own import convert, mapping, own_file, own_table
from zizhu.sources.own.draft import draft
from zizhu.sources.own.map_yaml import to_yaml
from zizhu.sources.own.mapped import add_mapped
from zizhu.sources.readers.observations import SCHEMA
from zizhu.store import Workspace
from zizhu.tables.load import load_trade
from zizhu.tables.trade import TRADE_KEY
from zizhu.vocab.problems import ZizhuError

FILLED = {"title": "Mine", "producer": "Me", "quality": "low", "revision": "HS1992", "basis": "territorial"}


def added(
    path: Path, said: Mapping[str, str] | None = None, **more: Any
) -> tuple[Workspace, pl.DataFrame, Any]:
    """The table as it is after mapping, filling in what is open, and adding."""
    text = to_yaml(draft(path, **more), path.parent)
    for name, value in {**FILLED, **(said or {})}.items():
        text = (
            text.replace(f"{name}: TODO", f"{name}: {value}")
            if " " not in name
            else text.replace(name, value)
        )
    place = path.parent / "x.map.yaml"
    place.write_text(text, encoding="utf-8")
    workspace = Workspace(path.parent / "ws")
    (meta,) = add_mapped(workspace, place)
    return workspace, workspace.read(meta.name).frame, meta


def text_file(folder: Path, text: str, name: str = "t.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def faults(path: Path, said: Mapping[str, str] | None = None, **more: Any) -> list[str]:
    """The problems of adding it, after which the workspace has nothing."""
    with pytest.raises(ZizhuError) as raised:
        added(path, said, **more)
    assert not any((path.parent / "ws").rglob("*.parquet"))
    assert not list((path.parent / "ws" / "refs").glob("*"))
    return [str(p) for p in raised.value.problems]


CUSTOMS = (
    "海关统计\n单位：千美元\n年份,贸易伙伴名称,商品编码,进出口,金额(千美元),第一数量(千克)\n"
    '2023,美国,28046190,进口,"1,234.5",12000\n2023,美国,28046110,进口,1,3000\n2023,德国,25041010,出口,200,\n'
    "2023,中国,25041010,进口,5,1\n2023,合计,25041010,进口,9,1\n数据来源：海关,,,,,\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_customs_statistics_become_trade(tmp_path: Path, encoding: str) -> None:
    path = text_file(tmp_path, CUSTOMS, encoding=encoding)
    workspace, frame, meta = added(path, {"reporter": "CHN"})
    assert meta.key == TRADE_KEY
    assert frame.rows() == [
        (2023, "CHN", "DEU", "250410", "HS1992", 200_000, None),
        (2023, "USA", "CHN", "280461", "HS1992", 1_235_500, 15.0),
    ]
    assert load_trade(workspace, "t").of(["280461"])["value_usd"].to_list() == [1_235_500]
    assert meta.origin.files[0].name == "t.csv"
    assert meta.origin.cited[0].producer == "Me"
    notes = " ".join(meta.notes)
    assert "footnotes" in notes
    assert "合计" in notes
    assert "to itself" in notes


def test_every_cause_is_told_once_with_its_first_cells(tmp_path: Path) -> None:
    lines = ["year,exporter,importer,hs6,value (USD)"]
    lines += [f"2020,CHN,USA,{250410 + i},5" for i in range(2)]
    lines += [
        "2020,CHN,USA,250410,7",
        "20x0,CHN,Frnace,9999,1;2",
        "2020,XXX,USA,280461,-5",
        "2021,CHN,USA,280461,1e400",
    ]
    lines += [f"2020,CHN,Q{i},280461,1" for i in range(30)]
    said = {"importer  #": "importer  #", "codes: HS4": "codes: HS6"}
    told = faults(text_file(tmp_path, "\n".join(lines)), said, kind="trade")
    text = "\n".join(told)
    assert len(told) == 6
    assert "row 5, column 'year': '20x0' is no year" in text
    assert (
        "row 6, column 'exporter': 'XXX' is no country (iso3) (32 such cells; then 'Frnace' in row 5" in text
    )
    assert "'Frnace': Nearest: France" in text
    assert "'1;2' is no number (2 such cells; then '1e400' in row 7, column 'value (USD)')" in text
    assert "'-5' is below 0" in text
    assert "'250411' is no code of HS1992 with 6 digits (2 such cells; then '9999' in row 5" in text
    assert "rows 2, 4 have the same 2020, CHN, USA, 250410" in told[-1]


def test_a_number_with_signs_at_odd_places_is_refused_with_what_was_expected(tmp_path: Path) -> None:
    path = text_file(tmp_path, "country;year;value\nDEU;2020;17621.682,97\nDEU;2021;17,5\n")
    (told,) = faults(path, {"indicator": "x", "unit: TODO": "unit: count"}, kind="series")
    assert "row 2, column 'value': '17621.682,97' is no number" in told
    assert "such as 17.621.682,97 or 17621682,97" in told


def test_decimal_commas_are_one_problem(tmp_path: Path) -> None:
    rows = "".join(f"{c};{i},5;{i},25;1{i}\n" for i, c in enumerate(["DEU", "FRA", "CHN", "USA", "ITA"], 1))
    path = text_file(tmp_path, f"country;2019;2020;2021\n{rows}")
    said = {'decimal: ","': 'decimal: "."', "indicator": "x", "unit: TODO": "unit: count"}
    (told,) = faults(path, said, kind="series")
    assert "row 2, column '2019': '1,5' is no number: a decimal comma, or one between thousands" in told
    assert "(10 such cells; then '2,5' in row 3, column '2019'; '3,5' in row 4, column '2019')" in told
    assert "change decimal under layout" in told


def test_rows_that_repeat_are_named(tmp_path: Path) -> None:
    rows = "2020,CHN,USA,280461,5\n2020,DEU,USA,280461,6\n2020,CHN,USA,280461,7\n"
    told = faults(text_file(tmp_path, f"year,exporter,importer,hs6,value (USD)\n{rows}"))
    assert len(told) == 1
    assert "rows 2, 4 have the same 2020, CHN, USA, 280461" in told[0]


def test_months_are_summed_and_short_years_are_noted(tmp_path: Path) -> None:
    rows = [
        f"{y}{m:02},CHN,USA,280461,{m},1" for y, last in ((2022, 12), (2023, 3)) for m in range(1, last + 1)
    ]
    path = text_file(tmp_path, "\n".join(["period,exporter,importer,hs6,value (million USD),tonnes", *rows]))
    _, frame, meta = added(path)
    assert frame["value_usd"].to_list() == [78_000_000, 6_000_000]
    assert frame["quantity_t"].to_list() == [12, 3]
    assert "2023: 2023-01 to 2023-03, 3 of 12" in " ".join(meta.notes)


def test_years_beside_their_months_are_refused(tmp_path: Path) -> None:
    rows = "2020,CHN,USA,280461,5\n202001,CHN,USA,280461,5\n202002,CHN,USA,280461,5\n"
    told = faults(text_file(tmp_path, f"period,exporter,importer,hs6,value (USD)\n{rows}"))
    assert "2020 has 2020, 2020-01" in told[0]


def test_money_in_another_currency_needs_rates(tmp_path: Path) -> None:
    path = text_file(tmp_path, "year,exporter,importer,hs6,value (万元)\n2020,CHN,USA,280461,7\n")
    assert "money in CNY" in faults(path)[0]
    _, frame, meta = added(path, {"# rates: {2023: 7.08}": "rates: {2020: 7.0}"})
    assert frame["value_usd"].to_list() == [10_000]
    assert "2020: 7" in " ".join(meta.notes)


def test_production_in_several_units_and_of_prodcom_codes(tmp_path: Path) -> None:
    path = text_file(
        tmp_path,
        "prccode;country;year;quantity;qty unit;production value (thousand USD)\n"
        "26112240;DE;2022;1.500,5;kg;12,5\n27202300;FR;2022;3;1000 t;\n28991110;FR;2022;8;pieces;1\n",
    )
    _, frame, meta = added(path, {"classification": "PRODCOM2022"})
    assert frame.rows() == [
        (2022, "DEU", "26112240", "PRODCOM2022", "territorial", 12_500, 1.5005, "t"),
        (2022, "FRA", "27202300", "PRODCOM2022", "territorial", None, 3000.0, "t"),
        (2022, "FRA", "28991110", "PRODCOM2022", "territorial", 1000, 8.0, "units"),
    ]
    assert meta.flags["kind"] == "production"
    assert meta.flags["basis"] == "territorial"


def test_a_wide_yearbook_becomes_observations(tmp_path: Path) -> None:
    path = text_file(tmp_path, "地区生产总值\n单位：亿元\n地区,2021年,2022年\n广东,124.5,..\n江苏,,129.1\n")
    _, frame, meta = added(path, {"indicator": "gdp", "published": '"2023-05-01"'})
    assert dict(frame.schema) == SCHEMA
    got = frame.select("indicator", "entity", "period", "value", "unit").rows()
    assert got == [
        ("gdp", "广东", "2021", 124.5, "100 million CNY"),
        ("gdp", "江苏", "2022", 129.1, "100 million CNY"),
    ]
    assert "2 cells without a value" in " ".join(meta.notes)


def test_a_later_release_keeps_the_vintage_before(tmp_path: Path) -> None:
    head = "indicator,country,year,value,unit\n"
    for text, day in (
        (f"{head}rd,CHN,2020,2.40,percent\n", "2021-02-01"),
        (f"{head}rd,CHN,2020,2.41,percent\n", "2022-02-01"),
    ):
        _, frame, _ = added(text_file(tmp_path, text), {'published: ""': f'published: "{day}"'})
    assert frame.select("vintage", "value").rows() == [("2021-02-01", 2.4), ("2022-02-01", 2.41)]


def test_a_panel_keeps_codes_as_text_and_numbers_with_their_units(tmp_path: Path) -> None:
    path = text_file(
        tmp_path,
        "Stkcd,Accper,Indcd,营业收入\n证券代码,会计期间,行业代码,营业收入\n没有单位,没有单位,没有单位,元\n"
        "000001,2020-12-31,=1+1,10.5\n000001,2021-12-31,C39,\n000725,2020-12-31,C39,7\n",
    )
    _, frame, meta = added(path, {"unit: TODO": "unit: CNY", "role: TODO": "role: attribute"}, kind="panel")
    assert frame.select("entity", "entity_kind", "period", "Indcd", "营业收入").rows() == [
        ("000001", "firm", "2020-12-31", "=1+1", 10.5),
        ("000001", "firm", "2021-12-31", "C39", None),
        ("000725", "firm", "2020-12-31", "C39", 7.0),
    ]
    assert meta.units == {"营业收入": "CNY"}
    assert "were not evaluated" in " ".join(meta.notes)


def test_a_wide_panel_is_put_side_by_side(tmp_path: Path) -> None:
    path = text_file(tmp_path, "city,2020,2021\nHefei,1,2\nJinan,3,\n")
    said = {"unit: TODO": "unit: percent"}
    _, frame, _ = added(path, said, kind="panel")
    assert frame.rows() == [
        ("Hefei", "city", "2020", 1.0),
        ("Hefei", "city", "2021", 2.0),
        ("Jinan", "city", "2020", 3.0),
    ]


def _same(folder: Path) -> list[Path]:
    """One table in all the forms that are read."""
    import xlsxwriter

    head = ["year", "exporter", "importer", "hs6", "value (USD)", "tonnes"]
    rows = [(2020, "CHN", "USA", 280461, 5.5, 1.25), (2021, "DEU", "USA", 250410, 6, 0.5)]
    frame = pl.DataFrame(rows, schema=head, orient="row")
    csv = frame.write_csv()
    with xlsxwriter.Workbook(folder / "a.xlsx") as book:
        sheet = book.add_worksheet("Data")
        book.add_worksheet("empty")
        for i, row in enumerate([head, *rows]):
            sheet.write_row(i, 0, row)
    frame.write_parquet(folder / "b.parquet")
    with zipfile.ZipFile(folder / "c.zip", "w") as archive:
        archive.writestr("deep/c.csv", csv)
    european = csv.replace(".", "#").replace(",", ";").replace("#", ",")
    ends = csv.replace("\n", "\r\n", 1)
    return [
        folder / "a.xlsx",
        folder / "b.parquet",
        folder / "c.zip",
        text_file(folder, csv, "d.csv"),
        text_file(folder, european, "e.csv", "utf-8-sig"),
        text_file(folder, csv.replace(",", "\t"), "f.tsv", "utf-16"),
        text_file(folder, ends, "g.csv"),
        text_file(folder, csv.replace("\n", "\r"), "h.csv"),
    ]


def test_the_same_table_in_any_form_has_the_same_digest(tmp_path: Path) -> None:
    digests = {path.name: added(path)[2].digest for path in _same(tmp_path)}
    assert len(digests) == 8
    assert len(set(digests.values())) == 1, digests


def test_pieces_of_any_size_give_the_same_rows(tmp_path: Path) -> None:
    rng = random.Random(5)
    cells = ["x", 'a "b" c', "line\nbreak", "", "comma, here", "钢"]
    rows = [[str(i), rng.choice(cells), str(rng.random())] for i in range(300)]
    text = "".join(
        ",".join('"' + c.replace('"', '""') + '"' for c in r) + "\n" for r in [["id", "word", "v"], *rows]
    )
    own = own_file.opened(text_file(tmp_path, text))
    layout = mapping.Layout()
    for size in (64, 1000, 1 << 20):
        found = list(own_table.pieces(own, layout, size))
        frame = pl.concat([p.frame for p in found])
        assert frame.rows() == [(r[0], r[1], r[2]) for r in rows]
        first = found[-1].rows[-1]
        assert text.split("\n")[first - 1].startswith('"299"')


def test_baci_mapped_by_hand_is_the_built_in_table(tmp_path: Path, built_in_tables: Workspace) -> None:
    """The raw rows of the source (codes of BACI, thousand USD) give what the reader of the source made of them."""
    raw = Path(__file__).resolve().parents[3].parent / "shared/data/embed/baci_rawmaterials/trade.parquet"
    if not raw.is_file():
        pytest.skip("the raw rows of BACI are not here")
    pl.scan_parquet(raw).filter(pl.col("year") >= 2023).sink_parquet(tmp_path / "b.parquet")
    _, frame, _ = added(tmp_path / "b.parquet")
    built_in = built_in_tables.read("baci-raw-materials").frame.filter(pl.col("year") >= 2023)
    assert frame.equals(built_in)


def test_dates_as_excel_counts_them(tmp_path: Path) -> None:
    path = text_file(tmp_path, "date,EV sales (thousand units)\n45016,5.5\n45046,6.5\n")
    _, frame, _ = added(path, {"entity": "CHN"})
    assert frame["period"].to_list() == ["2023-03-31", "2023-04-30"]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2023年", "2023"),
        ("2023 [YR2023]", "2023"),
        ("2023Q3", "2023-Q3"),
        ("2023年第3季度", "2023-Q3"),
        ("2023年上半年", "2023-S1"),
        ("2023H2", "2023-S2"),
        ("202307", "2023-07"),
        ("2023M7", "2023-07"),
        ("2023/7/4", "2023-07-04"),
        ("20230704", "2023-07-04"),
        ("2023-02-30", None),
        ("202313", None),
        ("12.5", None),
        ("1023", None),
    ],
)
def test_periods(text: str, period: str | None) -> None:
    assert convert.period(text) == period


def test_numbers_in_both_styles() -> None:
    texts = pl.Series(["1,234.5", "−3", "1 234", "12,34", "inf", "nan", "1e5", "(5)", "0x10", "1_0", "5%"])
    assert convert.numbers(texts, ".").to_list() == [
        1234.5,
        -3,
        1234,
        None,
        None,
        None,
        1e5,
        None,
        None,
        None,
        None,
    ]
    commas = pl.Series(["1.234,5", "1234.5", "3,25", "1.234"])
    assert convert.numbers(commas, ",").to_list() == [1234.5, None, 3.25, 1234]
    assert convert.numbers(pl.Series(["5%"]), ".", percents=True).to_list() == [5]


def test_codes_of_countries_and_products() -> None:
    assert [convert.country(c, "m49") for c in ("156", "4", "004", "156.0", "842")] == [
        "CHN",
        "AFG",
        "AFG",
        "CHN",
        None,
    ]
    assert convert.country("842", "baci") == "USA"
    assert convert.country("中国", "name") == convert.country("chn", "iso3") == "CHN"
    assert convert.hs6("8504.40", 6, "HS2017") == convert.hs6("85044012", 8, "HS2017") == "850440"
    assert convert.hs6("10111", 6, "HS1992") == "010111"
    assert convert.hs6("8504", 6, "HS2017") is None
    assert convert.hs6("000101", 6, "HS2017") is None


HOSTILE: Mapping[str, tuple[bytes, str]] = {
    "bin.csv": (bytes(range(256)) * 9, "NUL"),
    "late.csv": (b"a,b\n" + b"1,2\n" * 30_000 + b"3,\0\n", "NUL"),
    "empty.csv": (b"", "an empty file"),
    "blank.csv": (b"\n \n", "nothing but blanks"),
    "names.csv": (b"a,b\n", "no rows below"),
    "page.xls": (b"<!DOCTYPE html><html><title>Login</title>", "a web page"),
    "tags.xls": (b"\n<table><tr><td>1</td></tr></table>", "a page or a document"),
    "locked.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "with a password"),
    "open.csv": (b'a,b\n"x,1\n' + b"y,2\n" * 9, "row 2: cells that cannot be told apart"),
    "uneven.csv": (b"a,b,c\n1,2\n3,4,5,6\n7,8,9\n", "row 2: 2 cells"),
    "cut.parquet": (b"PAR1" + b"\0" * 99, "Parquet file that cannot be read"),
    "cut.zip": (b"PK\x03\x04" + b"\0" * 99, "damaged"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_table_is_said_to_be_none(tmp_path: Path, name: str) -> None:
    content, what = HOSTILE[name]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ZizhuError, match=what):
        draft(path)


def test_an_empty_file_of_one_s_own_is_not_to_be_downloaded(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").touch()
    with pytest.raises(ZizhuError) as raised:
        draft(tmp_path / "empty.csv")
    assert raised.value.problems[0].remedy == "Save the table again, or name another file."


def test_a_line_of_ten_gigabytes_and_a_device_are_refused_at_once(tmp_path: Path) -> None:
    for head, what in ((b"a,b\n", "NUL"), (b"a,b\n" + b"7" * 70_000, "NUL|a line of more")):
        path = tmp_path / "sparse.csv"
        with path.open("wb") as file:
            file.write(head)
            file.truncate(10 << 30)
        with pytest.raises(ZizhuError, match=what):
            draft(path)
    with pytest.raises(ZizhuError, match="device"):
        draft(Path("/dev/zero"))


def test_names_that_stand_twice_are_told_apart(tmp_path: Path) -> None:
    made = draft(text_file(tmp_path, "a,a,,b\n1,2,3,4\n"))
    assert [c.look.name for c in made.columns] == ["a", "a (2)", "(C)", "b"]


def test_an_archive_of_several_files_asks_which(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.csv", "year,x\n2020,1\n")
        archive.writestr("b.csv", "year,y\n2020,1\n")
    with pytest.raises(ZizhuError, match="an archive of 2 files"):
        draft(tmp_path / "two.zip")
    assert draft(tmp_path / "two.zip", member="b.csv").columns[1].look.name == "y"


def test_a_workbook_of_several_sheets_or_too_large_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "w.xlsx") as book:
        for name in ("notes", "data"):
            book.add_worksheet(name).write_column(0, 0, ["year", 2020, 2021])
    with pytest.raises(ZizhuError, match=r"2 sheets with content.*'notes', 'data'"):
        draft(tmp_path / "w.xlsx")
    assert draft(tmp_path / "w.xlsx", sheet="data").layout.sheet == "data"
    monkeypatch.setattr(own_file, "LARGEST_BOOK", 100)
    with pytest.raises(ZizhuError, match="Save the sheet as CSV"):
        draft(tmp_path / "w.xlsx")


def test_a_table_elsewhere_is_read_and_said(tmp_path: Path) -> None:
    (tmp_path / "maps").mkdir()
    table = text_file(tmp_path, "country,year,estimate (%)\nCHN,2020,5\n")
    text = (
        to_yaml(draft(table), tmp_path / "maps")
        .replace("quality: TODO", "quality: low")
        .replace(": TODO", ": Mine")
    )
    assert 'file: "../t.csv"' in text
    place = tmp_path / "maps" / "t.map.yaml"
    place.write_text(text, encoding="utf-8")
    told: list[str] = []
    (meta,) = add_mapped(Workspace(tmp_path / "ws"), place, told.append)
    assert "outside the folder of its map" in told[0]
    assert "outside the folder of its map" in " ".join(meta.notes)
    assert str(tmp_path) not in " ".join(meta.notes)


def test_groups_of_countries_keep_their_text_in_a_series(tmp_path: Path) -> None:
    rows = "China,CHN,R&D,2.2,2.4\nWorld,WLD,R&D,2.1,..\nHigh income,HIC,R&D,2.5,2.6\n"
    path = text_file(tmp_path, f"Country Name,Country Code,Indicator Name,2019,2020\n{rows}")
    _, frame, meta = added(path, {"unit: TODO": "unit: percent", "codes: name": "codes: name"})
    assert set(frame["entity"]) == {"CHN", "WLD", "HIC"}
    assert "2 rows of what is no single country" in " ".join(meta.notes)
