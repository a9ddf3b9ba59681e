"""BACI as CEPII publishes it: read back cell by cell; whatever is wrong with it is said with its line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.baci_layout import COUNTRIES, archive, line, request, table, text, year_of
from zizhu.sources.catalogue import entry
from zizhu.sources.files import archive as archives
from zizhu.sources.readers import baci, baci_year
from zizhu.sources.reading import Request
from zizhu.store.workspace import Workspace
from zizhu.vocab.countries import from_baci
from zizhu.vocab.problems import ZizhuError

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "embed" / "baci_rawmaterials"
KEY = ["year", "hs6", "exporter", "importer"]
GOOD = (2022, 156, 842, "010121", "1.5", "2.5")


def frames(path: Path, years: tuple[int, ...] = (), told: list[str] | None = None) -> list[pl.DataFrame]:
    made = next(baci.read(request(path, years, told)))
    (name,) = made
    return list(table(made, name).parts)


def refused(path: Path, years: tuple[int, ...] = ()) -> str:
    with pytest.raises(ZizhuError) as caught:
        frames(path, years)
    return str(caught.value)


def of_year(folder: Path, *flows: tuple[object, ...], year: int = 2022) -> Path:
    return archive(folder, {year: text(flows)})


def test_flows_become_canonical_rows_in_key_order(tmp_path: Path) -> None:
    flows = [
        (2022, 842, 156, "854140", "1234567.891", "12.5"),
        (2022, 490, 156, "010121", "0.001", ""),
        (2022, 56, 842, "9999AA", "2", "NA"),
        (2022, 156, 490, "010121", "0.0025", "0.000"),
    ]
    (part,) = frames(of_year(tmp_path, *flows))
    assert part.rows() == [
        (2022, "CHN", "TWN", "010121", "HS1992", 2, 0.0),
        (2022, "TWN", "CHN", "010121", "HS1992", 1, None),
        (2022, "USA", "CHN", "854140", "HS1992", 1_234_567_891, 12.5),
        (2022, "BEL", "USA", "9999AA", "HS1992", 2000, None),
    ]
    assert part.schema == {
        "year": pl.Int16,
        "exporter": pl.String,
        "importer": pl.String,
        "hs6": pl.String,
        "revision": pl.String,
        "value_usd": pl.Int64,
        "quantity_t": pl.Float64,
    }


def test_cells_of_one_column_that_are_no_numbers_are_one_problem(tmp_path: Path) -> None:
    wrong = [(2022, 156, 842, f"{10111 + i:06}", f"1 234.{i}", "1") for i in range(60)]
    with pytest.raises(ZizhuError) as raised:
        frames(archive(tmp_path, {2022: text(wrong)}))
    (problem,) = raised.value.problems
    assert problem.what == "'1 234.0' in column v (60 lines)"
    assert "line 2, 3, 4, 5, 6" in problem.where


def test_years_are_known_before_they_are_read(tmp_path: Path) -> None:
    years = {y: text([(y, 156, 842, "010121", "1", "1")]) for y in (2023, 2021, 2022)}
    made = next(baci.read(request(archive(tmp_path, years))))
    described = table(made).describe
    assert described.key == tuple(KEY)
    assert described.flags == {
        "kind": "trade",
        "revision": "HS1992",
        "years": [2021, 2022, 2023],
        "products": "all",
        "edition": "V202601",
        "has_rest_of_world": True,
    }
    assert described.sources == ("baci-V202601",)
    assert any("BEL 56, 58" in note for note in described.notes)
    assert [part["year"][0] for part in table(made).parts] == [2021, 2022, 2023]


@pytest.mark.parametrize(
    ("nomenclature", "revision"),
    [
        ("HS92", "HS1992"),
        ("HS96", "HS1996"),
        ("HS02", "HS2002"),
        ("HS07", "HS2007"),
        ("HS12", "HS2012"),
        ("HS17", "HS2017"),
        ("HS22", "HS2022"),
    ],
)
def test_every_revision_has_its_own_table(nomenclature: str, revision: str, tmp_path: Path) -> None:
    made = next(baci.read(request(archive(tmp_path, {2022: text([GOOD])}, nomenclature))))
    (name,) = made
    assert name == f"baci-{nomenclature.lower()}"
    assert next(iter(table(made, name).parts))["revision"].to_list() == [revision]


def test_columns_may_stand_in_another_order(tmp_path: Path) -> None:
    (part,) = frames(archive(tmp_path, {2022: "\ufefft,k,i,j,v,q\r\n2022,010121,156,842,1.5,NA\r\n"}))
    assert part.rows() == [(2022, "CHN", "USA", "010121", "HS1992", 1500, None)]


def test_country_tables_of_older_editions_are_understood(tmp_path: Path) -> None:
    codes = (
        "country_code,country_name_abbreviation,country_name_full,iso_2digit_alpha,iso_3digit_alpha",
        "999,Nowhere,Nowhere,NW,NWH",
        "58,Belgium-Luxembourg,Belgium-Luxembourg,BE,BLX",
    )
    path = archive(tmp_path, {2022: text([(2022, 999, 58, "010121", "1", "1")])}, codes=codes)
    made = next(baci.read(request(path)))
    (part,) = table(made).parts
    assert part.select("exporter", "importer").rows() == [("NWH", "BEL")]
    assert "Codes of the files' own country table: NWH." in table(made).describe.notes


def test_codes_of_one_economy_are_added_where_they_meet(tmp_path: Path) -> None:
    flows = [
        (1998, 56, 842, "010121", "1", ""),
        (1998, 58, 842, "010121", "2", "3"),
        (1998, 58, 156, "010121", "4", ""),
    ]
    told: list[str] = []
    (part,) = frames(of_year(tmp_path, *flows, year=1998), told=told)
    assert part.select("exporter", "importer", "value_usd", "quantity_t").rows() == [
        ("BEL", "CHN", 4000, None),
        ("BEL", "USA", 3000, 3.0),
    ]
    assert any("1 flows added" in t for t in told)


def test_only_the_years_that_are_wanted_are_read(tmp_path: Path) -> None:
    years = {y: text([(y, 156, 842, "010121", "1", "1")]) for y in (2019, 2021)} | {2020: "rubbish"}
    assert [p["year"][0] for p in frames(archive(tmp_path, years), (2019, 2021))] == [2019, 2021]


def test_a_piece_ends_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(7)
    flows = [(2022, 156, 842, f"{k:06d}", f"{rng.random() + 0.1:.3f}", "") for k in rng.permutation(500)]
    path = of_year(tmp_path, *flows)
    (whole,) = frames(path)
    monkeypatch.setattr(baci_year, "blocks", lambda stream, where, _: archives.blocks(stream, where, 97))
    (pieces,) = frames(path)
    assert pieces.equals(whole)
    assert whole.height == 500


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("2022,156,842,010121,1,5,2", r"line 3: 7 cells; expected six cells"),
        ("2022,156,842,010121,1", r"line 3: 5 cells"),
        ("", r"line 3: 1 cells"),
        ("2022,156,842,010121,1 234.5,2", r"line 3: '1 234.5' in column v; expected a number"),
        ("2022,156,842,010121,NaN,2", r"line 3: 'NaN' in column v|line 3: a value that is not positive"),
        ("2022,156,842,010121,inf,2", r"line 3: a value beyond all trade"),
        ("2022,156,842,010121,1e300,2", r"line 3: a value beyond all trade"),
        ("2022,156,842,010121,,2", r"line 3: '' in column v"),
        ("2022,156,842,010121,0,2", r"line 3: a value that is not positive"),
        ("2022,156,842,010121,-1,2", r"line 3: a value that is not positive"),
        ("2022,156,842,010121,1,-2", r"line 3: a quantity that is negative or no number"),
        ("2022,156,842,010121,1,NaN", r"line 3: a quantity that is negative or no number|'NaN' in column q"),
        ("2022,156,842,010121,1,n/a", r"line 3: 'n/a' in column q"),
        ("2022,156,842,010121,1_0,2", r"line 3: '1_0' in column v"),
        ("2022,156,842,01.0121,1,2", r"line 3: a product code that is none"),
        ("2022,156,842,,1,2", r"line 3: '' in column k"),
        ("2021,156,842,010121,1,2", r"line 3: another year than 2022; expected 2022 in column t"),
        ("twenty,156,842,010121,1,2", r"line 3: 'twenty' in column t"),
        ("2022,998,842,010121,1,2", r"line 3: unknown country code 998"),
        ("2022,156,-5,010121,1,2", r"line 3: (unknown country code -5|'-5' in column j)"),
        ("2022,156,99999,010121,1,2", r"line 3: unknown country code 99999"),
        ("2022,156,842,010121,3,4", r"line 2, 3: the same flow again \(2 lines\)"),
        ('2022,156,842,"010121",3,4', r"line 3: a product code that is none|in column k"),
    ],
)
def test_a_faulty_line_is_named(bad: str, message: str, tmp_path: Path) -> None:
    content = f"t,i,j,k,v,q\n{line(GOOD)}\n{bad}\n2022,156,842,854140,1,2\n"
    with pytest.raises(ZizhuError, match=message):
        frames(archive(tmp_path, {2022: content}))


def test_the_faults_of_all_years_come_at_once(tmp_path: Path) -> None:
    years = {
        2020: "t,i,j,k,v,q\n2020,156,998,010121,1,1\n2020,156,842,010121,x,1\n",
        2021: text([(2021, 156, 842, "010121", "1", "1")]),
        2022: "t;i;j;k;v;q\n2022;156;842;010121;1,5;1\n",
    }
    said = refused(archive(tmp_path, years))
    assert "Y2020_V202601.csv, line 3: 'x' in column v" in said
    assert "Y2022_V202601.csv, line 1: semicolons between the cells" in said


def test_no_part_follows_a_faulty_year(tmp_path: Path) -> None:
    years = {y: text([(2020, 156, 842, "010121", "1", "1")]) for y in (2020, 2021, 2022)}
    parts = table(next(baci.read(request(archive(tmp_path, years))))).parts
    assert next(parts)["year"][0] == 2020
    with pytest.raises(ZizhuError, match=r"another year than 2021(.|\n)*another year than 2022"):
        next(parts)


def test_thousands_of_faults_are_counted_and_few_are_shown(tmp_path: Path) -> None:
    said = refused(of_year(tmp_path, *[(2022, 156, 842, f"{k:06d}", "0", "") for k in range(3000)]))
    assert "line 2, 3, 4, 5, 6: a value that is not positive (3,000 lines)" in said
    assert len(said) < 500


@pytest.mark.parametrize("content", ["", "\n", "t,i,j,k,v,q\n", "t,i,j,k,v\n", "\0\0\0\0", "t,i,j,k,v,q,w\n"])
def test_a_year_without_flows_is_refused(content: str, tmp_path: Path) -> None:
    assert "BACI_HS92_Y2022_V202601.csv" in refused(archive(tmp_path, {2022: content}))


def test_names_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    good = text([GOOD])
    assert "no file of 2021" in refused(archive(tmp_path, {2020: good, 2022: good}))
    assert "no file of 1999" in refused(archive(tmp_path, {2022: good}), (1999, 2022))
    assert "no yearly file of BACI" in refused(archive(tmp_path, {}))
    for name in ("BACI_HS92_Y2022_V202601.csv", "BACI_HS17_Y2022_V202601.csv", "BACI_HS92_Y2022_V202501.csv"):
        (tmp_path / name).write_text(good)
    files = [m for p in sorted(tmp_path.glob("*.csv")) for m in archives.members(p)]
    with pytest.raises(ZizhuError) as caught:
        next(baci.read(Request(entry("baci"), tuple(files))))
    said = str(caught.value)
    for what in ("2 HS revisions: HS17, HS92", "2 editions", "two files of 2022"):
        assert what in said


def test_a_country_table_without_codes_is_refused(tmp_path: Path) -> None:
    said = refused(archive(tmp_path, {2022: text([GOOD])}, codes=("a,b", "1,2")))
    assert "country_codes_V202601.csv: columns 'a, b'" in said
    said = refused(archive(tmp_path, {2022: text([GOOD])}, codes=(*COUNTRIES, "x,y,z,ABC")))
    assert "line 8: 'x,y,z,ABC'" in said


def test_the_country_table_may_be_missing(tmp_path: Path) -> None:
    (part,) = frames(archive(tmp_path, {2022: text([GOOD])}, codes=None))
    assert part["exporter"].to_list() == ["CHN"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    flows=st.dictionaries(
        st.tuples(
            st.sampled_from([4, 8, 156, 276, 842]),
            st.sampled_from([12, 251, 699, 757]),
            st.integers(10_000, 999_999),
        ),
        st.tuples(st.integers(1, 10**12), st.none() | st.integers(0, 10**12)),
        min_size=1,
        max_size=60,
    )
)
def test_what_is_written_is_read(
    flows: dict[tuple[int, int, int], tuple[int, int | None]], tmp_path: Path
) -> None:
    lines = [
        (2022, i, j, f"{k:06d}", f"{v / 1000:.3f}", "" if q is None else f"{q / 1000:.3f}")
        for (i, j, k), (v, q) in flows.items()
    ]
    (part,) = frames(of_year(tmp_path, *lines))
    expected = sorted(
        (f"{k:06d}", from_baci(i).iso3, from_baci(j).iso3, v, None if q is None else float(f"{q / 1000:.3f}"))
        for (i, j, k), (v, q) in flows.items()
    )
    assert part.select("hs6", "exporter", "importer", "value_usd", "quantity_t").rows() == expected


@pytest.mark.slow
def test_the_trade_in_raw_materials_written_out_and_read_back_is_equal(tmp_path: Path) -> None:
    if not SHARED.is_dir():
        pytest.skip("needs the trade in raw materials under ../shared")
    source = pl.read_parquet(SHARED / "trade.parquet")
    codes = pl.read_parquet(SHARED / "countries.parquet")
    iso3 = dict(zip(codes["code"], codes["iso3"], strict=True)) | {490: "TWN"}
    listed = codes.select(
        country_code="code", country_name="name", country_iso2="iso2", country_iso3="iso3"
    ).write_csv()
    years = {int(y): year_of(source, y) for y in source["year"].unique().sort()}
    made = next(baci.read(request(archive(tmp_path, years, codes=listed.splitlines()))))
    with Workspace(tmp_path / "ws").batch() as batch:
        large = table(made)
        meta = batch.add_parts(
            "baci-hs92", large.parts, large.describe.key, large.describe.model_dump(exclude={"key"})
        )
    read = pl.read_parquet(next((tmp_path / "ws").rglob("data.parquet")))
    expected = source.select(
        "year",
        pl.col("exporter", "importer").replace_strict(iso3, return_dtype=pl.String),
        "hs6",
        revision=pl.lit("HS1992"),
        value_usd=(pl.col("value_kusd") * 1000).round().cast(pl.Int64),
        quantity_t="tonnes",
    ).sort(KEY)
    assert meta.rows == source.height == 1_264_888
    assert read.equals(expected)
