"""World Bank indicators: archives of the data pages and answers of the interface, read to the last digit."""

from __future__ import annotations

import csv
import io
import json
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from sources.observing import SHARED, entry, from_zip, member, one, request, values
from sources.serving import Answer, serving
from zizhu.sources.readers import worldbank
from zizhu.vocab.problems import ZizhuError

WB = entry("world-bank")
NAME = "API_NY.GDP.MKTP.CD_DS2_en_csv_v2_216039.csv"
WDI = SHARED / "data" / "test" / "macro" / "wdi_selected.parquet"


def published(
    rows: dict[tuple[str, str, str, str], dict[int, str]], years: range, updated: str = "2025-07-01"
) -> str:
    """A data file as the data pages have it: every cell quoted, a comma behind the last."""
    out = io.StringIO()
    pen = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator=",\r\n")
    out.write(
        f'\ufeff"Data Source","World Development Indicators",\r\n\r\n"Last Updated Date","{updated}",\r\n\r\n'
    )
    pen.writerow([*worldbank.HEADER, *years])
    for fixed, held in rows.items():
        pen.writerow([*fixed, *(held.get(y, "") for y in years)])
    return out.getvalue()


GDP = ("NY.GDP.MKTP.CD", "GDP (current US$)")
ROWS = {
    ("China", "CHN", GDP[1], GDP[0]): {2019: "14279968506270.3", 2021: "17820459508852.2"},
    ("European Union", "EUU", GDP[1], GDP[0]): {2020: "1.53e13"},
    ("Kosovo", "XKX", GDP[1], GDP[0]): {2020: "7716924512.2"},
}
METADATA = {
    "Metadata_Country_API_NY.GDP.MKTP.CD_DS2_en_csv_v2_216039.csv": "Country Code,Region\nCHN,East Asia\n",
    "Metadata_Indicator_API_NY.GDP.MKTP.CD_DS2_en_csv_v2_216039.csv": "INDICATOR_CODE\nNY.GDP.MKTP.CD\n",
}


def test_an_archive_of_a_data_page(tmp_path: Path) -> None:
    asked = from_zip(WB, tmp_path / "a.zip", {NAME: published(ROWS, range(2019, 2022)), **METADATA})
    name, table = one(worldbank.read, asked)
    assert name == "world-bank-ny.gdp.mktp.cd"
    assert values(table.frame) == {
        (GDP[0], "CHN", "2019"): 14279968506270.3,
        (GDP[0], "CHN", "2021"): 17820459508852.2,
        (GDP[0], "EUU", "2020"): 1.53e13,
        (GDP[0], "XKX", "2020"): 7716924512.2,
    }
    assert set(table.frame["unit"]) == {"current US$"}
    assert set(table.frame["vintage"]) == set(table.frame["published"]) == {"2025-07-01"}
    assert table.describe.flags["labels"] == {GDP[0]: GDP[1]}
    assert any("EUU, XKX" in n for n in table.describe.notes)


def test_a_file_of_several_indicators_is_named_by_what_it_holds() -> None:
    rows = {
        ("China", "CHN", "Population, total", "SP.POP.TOTL"): {2020: "1411100000"},
        ("China", "CHN", "R&D expenditure (% of GDP)", "GB.XPD.RSDV.GD.ZS"): {2020: "2.40666"},
    }
    name, table = one(
        worldbank.read, request(WB, {"API_CHN_DS2_en_csv_v2_12.csv": published(rows, range(2020, 2021))})
    )
    assert name == "world-bank-chn"
    assert dict(table.frame.select("indicator", "unit").iter_rows()) == {
        "SP.POP.TOTL": "not stated",
        "GB.XPD.RSDV.GD.ZS": "% of GDP",
    }


@examples(30)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=5))
def test_every_number_is_read_to_its_last_digit(numbers: list[float]) -> None:
    held = {2000 + i: repr(n) for i, n in enumerate(numbers)}
    content = published({("China", "CHN", *reversed(GDP)): held}, range(2000, 2005))
    _, table = one(worldbank.read, request(WB, {NAME: content}))
    assert table.frame["value"].to_list() == numbers


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "an empty file"),
        ("Country,Year\nChina,2020\n", "no row with the names"),
        (published(ROWS, range(2019, 2022)).replace('"2020"', '"twenty"'), "columns twenty"),
        (
            published(ROWS, range(2019, 2022)).replace("1.53e13", "1,5"),
            "row 7, column 2020: '1,5' is no number.*decimal comma",
        ),
        (published(ROWS, range(2019, 2022)).replace("1.53e13", "=cmd|x!A1"), "'=cmd|x!A1' is no number"),
        (published({}, range(2019, 2022)), "no rows"),
        (published({key: {} for key in ROWS}, range(2019, 2022)), "no observations"),
    ],
)
def test_files_of_another_form_are_refused_with_their_cells(content: str, words: str) -> None:
    with pytest.raises(ZizhuError, match=words.replace("|", r"\|")):
        one(worldbank.read, request(WB, {NAME: content}))


def test_one_fault_of_all_years_is_told_once() -> None:
    content = published(
        {("China", "CHN", *reversed(GDP)): dict.fromkeys(range(2000, 2005), "x")}, range(2000, 2005)
    )
    with pytest.raises(ZizhuError) as caught:
        one(worldbank.read, request(WB, {NAME: content}))
    assert [p.what.partition(";")[0] for p in caught.value.problems] == ["'x' is no number (5 such cells"]


def test_an_archive_without_data_is_refused() -> None:
    with pytest.raises(ZizhuError, match="no data among"):
        list(worldbank.read(request(WB, METADATA)))


@pytest.mark.skipif(not WDI.is_file(), reason="needs ../shared with the selected indicators")
def test_real_indicators_written_as_published_come_back_equal(tmp_path: Path) -> None:
    real = pl.read_parquet(WDI)
    for indicator in real["indicator"].unique().sort():
        mine = real.filter(indicator=indicator)
        label = f"{indicator} ({mine['unit'][0]})"
        rows = {
            (e, e, label, indicator): {
                int(p): repr(v) for p, v in mine.filter(entity=e).select("period", "value").iter_rows()
            }
            for e in mine["entity"].unique().sort()
        }
        asked = from_zip(WB, tmp_path / "a.zip", {NAME: published(rows, range(1960, 2025)), **METADATA})
        _, table = one(worldbank.read, asked)
        columns = ["entity", "period", "value", "unit"]
        assert table.frame.select(columns).equals(mine.select(columns).sort("entity", "period"))


def answers(handler: BaseHTTPRequestHandler) -> Answer:
    """What the World Bank's interface answers, in its form, for two economies and three years."""
    path = urlsplit(handler.path).path.removeprefix("/v2/en/")
    head = {"page": 1, "pages": 1, "per_page": 1000, "sourceid": "2"}

    def concepts(*names: str, **variables: str) -> dict[str, object]:
        held = [{"id": k, "value": v} for k, v in variables.items()]
        found = [{"id": n, "value": n, "variable": held} for n in names]
        return {**head, "total": max(len(held), len(names)), "source": [{"id": "2", "concept": found}]}

    body: object
    if path == "sources/2/concepts":
        body = concepts("Country", "Series", "Time")
    elif path.startswith("sources/2/series/") and "/country/" in path:
        said = (("CHN", 2019, 1.5), ("CHN", 2020, None), ("WLD", 2020, 3.25), ("CHN", 2021, 2.5))
        data = [
            {
                "variable": [
                    {"concept": "Country", "id": who, "value": who},
                    {"concept": "Series", "id": GDP[0], "value": GDP[1]},
                    {"concept": "Time", "id": f"YR{year}", "value": str(year)},
                ],
                "value": value,
            }
            for who, year, value in said
        ]
        body = {**head, "total": len(data), "source": {"id": "2", "data": data}}
    elif path.startswith("sources/2/series/"):
        body = concepts("Series", **{GDP[0]: GDP[1]})
    elif path.startswith("sources/2/time"):
        body = concepts("Time", YR2019="2019", YR2020="2020", YR2021="2021")
    elif path.startswith("sources/2"):
        about = {"id": "2", "name": "WDI", "lastupdated": "2025-07-01", "concepts": "3"}
        body = [{**head, "total": 1}, [about]]
    elif path == "country/all":
        classes = {k: {"id": "X"} for k in ("adminregion", "lendingType", "incomeLevel")}
        places = {"capitalCity": "", "longitude": "", "latitude": ""}
        named = (("CHN", "CN", "EAS"), ("USA", "US", "NAC"), ("WLD", "1W", "NA"))
        economies = [{"id": i, "iso2Code": t, "region": {"id": r}, **classes, **places} for i, t, r in named]
        body = [{**head, "total": len(economies)}, economies]
    else:
        body = [{**head, "total": 1}, [{"id": "X", "code": "X", "iso2code": "XX", "name": "A class"}]]
    return Answer(json.dumps(body).encode(), headers={"Content-Type": "application/json"})


def test_the_interface_through_wbgapi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wbgapi = pytest.importorskip("wbgapi")
    with serving(answers) as site:
        monkeypatch.setattr(wbgapi, "endpoint", site.url("/v2"))
        path = worldbank.download(GDP[0], tmp_path, economies=["CHN", "WLD"])
    name, table = one(worldbank.read, request(WB, {path.name: path.read_bytes()}))
    assert name == "world-bank-ny.gdp.mktp.cd"
    assert values(table.frame) == {
        (GDP[0], "CHN", "2019"): 1.5,
        (GDP[0], "CHN", "2021"): 2.5,
        (GDP[0], "WLD", "2020"): 3.25,
    }
    assert (set(table.frame["unit"]), set(table.frame["vintage"])) == ({"current US$"}, {"2025-07-01"})


def test_an_interface_that_fails_is_told_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wbgapi = pytest.importorskip("wbgapi")
    with serving(Answer(b"<html>", 500)) as site:
        monkeypatch.setattr(wbgapi, "endpoint", site.url("/v2?key=sekret-1234"))
        with pytest.raises(ZizhuError, match="the interface of the World Bank fails") as caught:
            worldbank.download(GDP[0], tmp_path)
    assert "sekret" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_offline_and_without_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ZizhuError, match="--from FILE"):
        worldbank.download(GDP[0], tmp_path, offline=True)
    monkeypatch.setitem(__import__("sys").modules, "wbgapi", None)
    with pytest.raises(ZizhuError, match="wbgapi is not installed"):
        worldbank.download(GDP[0], tmp_path)


def test_what_is_no_code_of_an_indicator_is_not_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ZizhuError, match="is no code"):
        worldbank.download("../../x?y", tmp_path)


@pytest.mark.parametrize("content", ["{}", "[1]", "x", '{"rows": [{"economy": "CHN"}]}'])
def test_other_json_is_refused(content: str) -> None:
    with pytest.raises(ZizhuError):
        one(worldbank.read, request(WB, {"world-bank-x.json": content}))


def test_patterns_of_the_catalogue_know_the_files() -> None:
    known = [
        NAME,
        NAME.replace(".csv", ".zip"),
        "API_14_DS2_en_csv_v2_93.csv",
        "world-bank-ny.gdp.mktp.cd.json",
    ]
    assert all(any(f.matches(n) for f in WB.files) for n in known)
    assert not any(f.matches(n) for n in METADATA for f in WB.files)
    assert member(NAME, "").name == NAME
