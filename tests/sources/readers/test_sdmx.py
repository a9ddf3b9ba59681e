"""SDMX files of every layout give the same observations; messages of a real server on the same machine too."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from sources.observing import entry, one, request, values
from sources.serving import Answer, Site, serving
from zizhu.sources.asking import Asked
from zizhu.sources.readers import sdmx
from zizhu.vocab.problems import ZizhuError

SDMX = entry("sdmx")
OECD_FLOW = "OECD.STI.PIE:DSD_RD@DF_RD(1.0)"

CODES = f"""STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,MEASURE,UNIT_MEASURE,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MULT
DATAFLOW,{OECD_FLOW},I,A,CHN,G,XDC,2019,22143.58,A,8
DATAFLOW,{OECD_FLOW},I,A,CHN,G,XDC,2020,24393.1,P,8
DATAFLOW,{OECD_FLOW},I,A,OECD,G,XDC,2020,0.1,E,6
DATAFLOW,{OECD_FLOW},I,A,USA,G,XDC,2025,-3,F,0
DATAFLOW,{OECD_FLOW},I,A,JPN,G,XDC,2020,,M,6
"""
BOTH = CODES.replace(
    "FREQ,REF_AREA,MEASURE", "FREQ:Frequency,REF_AREA:Reference area,MEASURE:Measure"
).replace(",CHN,", ",CHN: China (People's Republic of),")
LABELS = (
    "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,FREQ,Frequency of observation,REF_AREA,Reference area,"
    "MEASURE,Measure,UNIT_MEASURE,Unit of measure,TIME_PERIOD,Time period,OBS_VALUE,Observation value,"
    "OBS_STATUS,Observation status,UNIT_MULT,Unit multiplier"
)
COLUMNS_OF_LABELS = f"""{LABELS}
DATAFLOW,{OECD_FLOW},R&D,I,A,Annual,CHN,China,G,GERD,XDC,Yuan,2019,,22143.58,,A,Normal,8,100 million
DATAFLOW,{OECD_FLOW},R&D,I,A,Annual,CHN,China,G,GERD,XDC,Yuan,2020,,24393.1,,P,Provisional,8,100 million
DATAFLOW,{OECD_FLOW},R&D,I,A,Annual,OECD,OECD,G,GERD,XDC,Yuan,2020,,0.1,,E,Estimated,6,Millions
DATAFLOW,{OECD_FLOW},R&D,I,A,Annual,USA,United States,G,GERD,XDC,Yuan,2025,,-3,,F,Forecast,0,Units
"""
VERSION_1 = (
    CODES.replace("STRUCTURE,STRUCTURE_ID,ACTION,", "DATAFLOW,")
    .replace("DATAFLOW,OECD", "OECD")
    .replace(",I,A,", ",A,")
)
EXPECTED = {
    ("DF_RD|A|G|XDC", "CHN", "2019"): 2214358000000.0,
    ("DF_RD|A|G|XDC", "CHN", "2020"): 2439310000000.0,
    ("DF_RD|A|G|XDC", "OECD", "2020"): 100000.0,
    ("DF_RD|A|G|XDC", "USA", "2025"): -3.0,
}


@pytest.mark.parametrize(
    "content", [CODES, BOTH, COLUMNS_OF_LABELS, VERSION_1], ids=["codes", "both", "labels", "1.0"]
)
def test_all_layouts_of_text_give_the_same(content: str) -> None:
    name, table = one(sdmx.read, request(SDMX, {"rd.csv": content}, edition="2025-09"))
    assert name == "sdmx-oecd.sti.pie-df_rd-1.0"
    assert values(table.frame) == EXPECTED
    assert set(table.frame["unit"]) == {"XDC"}
    assert table.frame.sort("entity", "period")["status"].to_list() == [
        "reported",
        "reported",
        "derived",
        "forecast",
    ]
    assert set(table.frame["vintage"]) == {"2025-09"}
    assert table.describe.flags["dimensions"] == ["FREQ", "MEASURE", "UNIT_MEASURE"]


def test_eurostat_has_its_own_columns_codes_flags_and_date() -> None:
    content = (
        "DATAFLOW,LAST UPDATE,freq,unit,na_item,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\n"
        "ESTAT:NAMA_10_GDP(1.0),22/05/26 11:00:00,A,CP_MEUR,B1GQ,EL,2024,237.5,ep,\n"
        "ESTAT:NAMA_10_GDP(1.0),22/05/26 11:00:00,A,CP_MEUR,B1GQ,EU27_2020,2024,:,,\n"
        "ESTAT:NAMA_10_GDP(1.0),22/05/26 11:00:00,A,CP_MEUR,B1GQ,DE,2024,4329.0,x,\n"
        "ESTAT:NAMA_10_GDP(1.0),22/05/26 11:00:00,A,CP_MEUR,B1GQ,EA20,2024,15.0,,\n"
    )
    name, table = one(sdmx.read, request(SDMX, {"nama.csv": content}))
    assert name == "sdmx-estat-nama_10_gdp-1.0"
    assert values(table.frame) == {
        ("NAMA_10_GDP|A|CP_MEUR|B1GQ", "GRC", "2024"): 237.5,
        ("NAMA_10_GDP|A|CP_MEUR|B1GQ", "DEU", "2024"): 4329.0,
        ("NAMA_10_GDP|A|CP_MEUR|B1GQ", "EA20", "2024"): 15.0,
    }
    assert dict(table.frame.select("entity", "status").iter_rows())["GRC"] == "derived"
    assert set(table.frame["vintage"]) == {"2026-05-22"}
    told = " ".join(table.describe.notes)
    assert "Statuses not known, taken as reported: x." in told
    assert "1 of 4 cells are empty" in told
    assert "EA20" in told


def test_units_that_are_a_dimension_tell_series_apart() -> None:
    content = "unit,geo,TIME_PERIOD,OBS_VALUE\nPC,DE,2020,3.1\nMEUR,DE,2020,105.9\n"
    _, table = one(sdmx.read, request(SDMX, {"rd.csv": content}))
    assert table.frame.select("indicator", "unit", "value").rows() == [
        ("rd|MEUR", "MEUR", 105.9),
        ("rd|PC", "PC", 3.1),
    ]


SEPARATED = (
    CODES.replace("STRUCTURE,", "STRUCTURE[;],", 1)
    .replace("UNIT_MULT\n", "UNIT_MULT,TITLE[en;fr]\n")
    .replace("ACTION,FREQ", "ACTION,SERIES_KEY,OBS_KEY,FREQ")
    .replace(",I,A,", ",I,A.x,A.x.y,A,")
    .replace(",8\n", ",8,en:R&D;fr:R-D\n")
    .replace(",6\n", ",6,\n")
    .replace(",0\n", ",0,\n")
)


def test_separators_and_keys_in_the_header_are_no_dimensions() -> None:
    name, table = one(sdmx.read, request(SDMX, {"rd.csv": SEPARATED}, edition="2025-09"))
    assert (name, values(table.frame)) == ("sdmx-oecd.sti.pie-df_rd-1.0", EXPECTED)


def test_rates_of_exchange_are_of_a_currency() -> None:
    content = (
        "KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT\n"
        "EXR.A.CNY.EUR.SP00,A,CNY,EUR,SP00,2024,7.5,A,CNY\n"
    )
    _, table = one(sdmx.read, request(SDMX, {"exr.csv": content}))
    assert values(table.frame) == {("exr|A|EUR|SP00", "CNY", "2024"): 7.5}
    assert table.frame["unit"].to_list() == ["CNY"]


def test_areas_of_a_producer_of_its_own_are_no_countries() -> None:
    """FM is Micronesia by ISO 3166, and metropolitan France for INSEE."""
    content = "DATAFLOW,FREQ,REF_AREA,TIME_PERIOD,OBS_VALUE\n{}:IPI(1.0),A,FM,2024,99.5\n"
    for agency, entity in (("FR1", "FM"), ("IMF", "FSM")):
        _, table = one(sdmx.read, request(SDMX, {"a.csv": content.format(agency)}))
        assert table.frame["entity"].to_list() == [entity]


@pytest.mark.parametrize(
    ("said", "period"),
    [
        ("2019", "2019"), ("2019-A1", "2019"), ("2019-Q3", "2019-Q3"), ("2019Q3", "2019-Q3"), ("2019-S2", "2019-S2"),
        ("2019-03", "2019-03"), ("2019-M03", "2019-03"), ("2019-W07", "2019-W07"), ("2019-03-31", "2019-03-31"),
        ("2019-03-31T00:00:00", "2019-03-31"),
    ],
)  # fmt: skip
def test_periods_of_every_frequency(said: str, period: str) -> None:
    _, table = one(sdmx.read, request(SDMX, {"a.csv": f"REF_AREA,TIME_PERIOD,OBS_VALUE\nCHN,{said},1\n"}))
    assert table.frame["period"].to_list() == [period]


@examples(30)
@given(st.decimals(-(10**6), 10**6, places=4), st.integers(-6, 12))
def test_the_multiplier_is_applied_with_one_rounding(value: object, power: int) -> None:
    content = f"REF_AREA,TIME_PERIOD,OBS_VALUE,UNIT_MULT\nCHN,2020,{value},{power}\n"
    _, table = one(sdmx.read, request(SDMX, {"a.csv": content}))
    assert table.frame["value"][0] == float(f"{value}e{power}")


def test_dimensions_may_be_named_in_the_catalogue() -> None:
    named = entry("sdmx", indicator=["MEASURE"])
    _, table = one(sdmx.read, request(named, {"rd.csv": CODES}))
    assert set(table.frame["indicator"]) == {"DF_RD|G"}
    with pytest.raises(ZizhuError, match="no column 'X'"):
        one(sdmx.read, request(entry("sdmx", indicator=["X"]), {"rd.csv": CODES}))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "an empty file"),
        ("a,b\n1,2\n", "no row with the names of the columns"),
        ("{}", "JSON"),
        ("X,OBS_VALUE\n1,2\n", "no column is the entity"),
        ("REF_AREA,TIME_PERIOD,OBS_VALUE\nCHN,2020,\"1,5\"\n", "row 2, column OBS_VALUE: '1,5'.*decimal comma"),
        ("REF_AREA;TIME_PERIOD;OBS_VALUE\nCHN;2020;1,5\n", "decimal comma"),
        ("REF_AREA,TIME_PERIOD,OBS_VALUE\nCHN,20,1\n", "'20' is no period"),
        ("REF_AREA,TIME_PERIOD,OBS_VALUE,UNIT_MULT\nCHN,2020,1,0.5\n", "no power of ten"),
        ("REF_AREA,TIME_PERIOD,OBS_VALUE\nCHN,2020,1\nCHN,2020,2\n", "share indicator"),
        ("DATAFLOW,REF_AREA,TIME_PERIOD,OBS_VALUE\nA:X(1.0),CHN,2020,1\nA:Y(1.0),CHN,2020,2\n", "2 dataflows"),
        ("<html></html>", "no SDMX-ML"),
        ("<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "a document type"),
    ],
)  # fmt: skip
def test_other_files_are_refused_with_their_cells(content: str, words: str) -> None:
    if content.startswith("<h"):
        pytest.importorskip("sdmx")
    with pytest.raises(ZizhuError, match=words):
        one(sdmx.read, request(SDMX, {"a.csv": content}))


SPACE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
HEADER = """<message:Header><message:ID>T1</message:ID><message:Test>false</message:Test>
<message:Prepared>2025-06-30T10:00:00</message:Prepared><message:Sender id="OECD"/>
<message:Structure structureID="S" {namespace}dimensionAtObservation="TIME_PERIOD"><common:Structure>
<Ref agencyID="OECD" id="DSD_RD" version="1.0"/></common:Structure></message:Structure></message:Header>"""
GENERIC = f"""<?xml version="1.0"?><message:GenericData xmlns:message="{SPACE}/message"
 xmlns:generic="{SPACE}/data/generic" xmlns:common="{SPACE}/common">{HEADER.format(namespace="")}
<message:DataSet structureRef="S"><generic:Series><generic:SeriesKey>
<generic:Value id="FREQ" value="A"/><generic:Value id="REF_AREA" value="CHN"/><generic:Value id="MEASURE" value="G"/>
</generic:SeriesKey><generic:Attributes><generic:Value id="UNIT_MULT" value="8"/>
<generic:Value id="UNIT_MEASURE" value="XDC"/></generic:Attributes>
<generic:Obs><generic:ObsDimension value="2019"/><generic:ObsValue value="22143.58"/></generic:Obs>
<generic:Obs><generic:ObsDimension value="2020"/><generic:ObsValue value="24393.1"/>
<generic:Attributes><generic:Value id="OBS_STATUS" value="E"/></generic:Attributes></generic:Obs>
<generic:Obs><generic:ObsDimension value="2021"/><generic:ObsValue value="NaN"/></generic:Obs>
</generic:Series></message:DataSet></message:GenericData>"""
URN = "urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=OECD:DSD_RD(1.0):ObsLevelDim:TIME_PERIOD"
SPECIFIC = f"""<?xml version="1.0"?><message:StructureSpecificData xmlns:message="{SPACE}/message"
 xmlns:ss="{SPACE}/data/structurespecific" xmlns:common="{SPACE}/common"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:ns1="{URN}">
{HEADER.format(namespace=f'namespace="{URN}" ')}
<message:DataSet ss:dataScope="DataStructure" xsi:type="ns1:DataSetType" ss:structureRef="S">
<Series FREQ="A" REF_AREA="CHN" MEASURE="G" UNIT_MULT="8" UNIT_MEASURE="XDC">
<Obs TIME_PERIOD="2019" OBS_VALUE="22143.58"/><Obs TIME_PERIOD="2020" OBS_VALUE="24393.1" OBS_STATUS="E"/>
<Obs TIME_PERIOD="2021" OBS_VALUE="NaN"/></Series></message:DataSet></message:StructureSpecificData>"""


def of_china(content: str) -> dict[tuple[str, str, str], float]:
    name, table = one(sdmx.read, request(SDMX, {"a.xml": content}))
    assert name == "sdmx-oecd-dsd_rd-1.0"
    assert table.frame["status"].to_list() == ["reported", "derived"]
    assert set(table.frame["vintage"]) == {"2025-06-30"}
    return values(table.frame)


def test_generic_messages_through_sdmx1() -> None:
    pytest.importorskip("sdmx")
    assert of_china(GENERIC) == {
        ("DSD_RD|A|G", "CHN", "2019"): 2214358000000.0,
        ("DSD_RD|A|G", "CHN", "2020"): 2439310000000.0,
    }


FOOTER = """</message:Header><footer:Footer xmlns:footer="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message/footer">
<footer:Message code="413" severity="Information"><common:Text>Too large: fetch the file later.</common:Text>
</footer:Message></footer:Footer></message:GenericData>"""
STRUCTURES = f"""<?xml version="1.0"?><message:Structure xmlns:message="{SPACE}/message"><message:Header>
<message:ID>T1</message:ID><message:Test>false</message:Test><message:Prepared>2025-06-30T10:00:00</message:Prepared>
<message:Sender id="OECD"/></message:Header></message:Structure>"""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            GENERIC.partition("</message:Header>")[0] + FOOTER,
            "no observations, but the words: Too large: fetch",
        ),
        (STRUCTURES, "no observations.*Download the data of the dataflow, not its structure"),
    ],
    ids=["footer", "structures"],
)
def test_messages_without_data_are_refused(content: str, words: str) -> None:
    pytest.importorskip("sdmx")
    with pytest.raises(ZizhuError, match=words):
        one(sdmx.read, request(SDMX, {"a.xml": content}))


def test_nothing_is_logged_of_a_message_without_its_structure(caplog: pytest.LogCaptureFixture) -> None:
    pytest.importorskip("sdmx")
    one(sdmx.read, request(SDMX, {"a.xml": SPECIFIC}))
    assert caplog.records == []


def test_a_damaged_message_is_told_and_nothing_printed(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("sdmx")
    with pytest.raises(ZizhuError, match="no SDMX-ML data message"):
        one(sdmx.read, request(SDMX, {"a.xml": GENERIC.replace("/generic", "/specific", 1)}))
    assert capsys.readouterr().out == ""


def test_structure_specific_messages_without_their_structure_need_names() -> None:
    """Without the structure every attribute of a series is a dimension: the catalogue may name those that are."""
    pytest.importorskip("sdmx")
    _, table = one(sdmx.read, request(entry("sdmx", indicator=["FREQ", "MEASURE"]), {"a.xml": SPECIFIC}))
    assert values(table.frame) == {
        ("DSD_RD|A|G", "CHN", "2019"): 2214358000000.0,
        ("DSD_RD|A|G", "CHN", "2020"): 2439310000000.0,
    }
    assert set(table.frame["unit"]) == {"XDC"}


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A provider on this machine, known to sdmx1 as LOCAL."""
    package = pytest.importorskip("sdmx")
    said = {"Content-Type": "application/vnd.sdmx.genericdata+xml;version=2.1"}
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with serving(Answer(GENERIC.encode(), headers=said)) as site:
        package.add_source({"id": "LOCAL", "url": site.url("/rest"), "name": "Local"}, override=True)
        yield site


def test_a_service_is_asked_and_its_answer_read(service: Site, tmp_path: Path) -> None:
    path = sdmx.download("LOCAL", "DF_RD", tmp_path, key="A.CHN.G", parameters={"startPeriod": "2019"})
    assert service.asked[0][0] == "/rest/data/DF_RD/A.CHN.G?startPeriod=2019"
    assert re.fullmatch(r"LOCAL-DF-RD-A-CHN-G-startPeriod-2019-[0-9a-f]{8}\.xml", path.name)
    assert len(of_china(path.read_text())) == 2


def test_a_service_that_refuses_is_told_and_leaves_no_file(service: Site, tmp_path: Path) -> None:
    service.script = [Answer(b"no such flow", 404)]
    with pytest.raises(ZizhuError, match="the service of LOCAL does not give DF_NO"):
        sdmx.download("LOCAL", "DF_NO", tmp_path, parameters={"key": "sekret-1234"})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("service")
def test_offline_unknown_providers_and_without_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ZizhuError, match="--from FILE"):
        sdmx.download("LOCAL", "DF_RD", tmp_path, offline=True)
    with pytest.raises(ZizhuError, match="no provider 'NOBODY'"):
        sdmx.download("NOBODY", "DF_RD", tmp_path)
    monkeypatch.setitem(sys.modules, "sdmx", None)
    with pytest.raises(ZizhuError, match="sdmx1 is not installed"):
        sdmx.download("LOCAL", "DF_RD", tmp_path)


@pytest.mark.usefixtures("service")
def test_long_keys_of_a_long_flow_have_a_file_each(tmp_path: Path) -> None:
    flow = "DSD_NAMAIN10@DF_TABLE1_EXPENDITURE_GROWTH_OECD_LONG"
    keys = [f"A.CHN+USA+DEU+JPN+KOR.S1.B1GQ._Z.{n}" for n in ("XDC", "USD")]
    keys += [k.replace("+", ".") for k in keys]
    paths = {sdmx.download("LOCAL", flow, tmp_path, key=k) for k in keys}
    assert len(paths) == 4
    assert all(len(p.name) <= 68 and p.is_file() for p in paths)


@pytest.mark.usefixtures("service")
def test_two_questions_about_periods_have_a_file_each(tmp_path: Path) -> None:
    spans = ({}, {"startPeriod": "2015"}, {"endPeriod": "2015"}, {"startPeriod": "2015", "endPeriod": "2020"})
    paths = {sdmx.download("LOCAL", "DF_RD", tmp_path, parameters=span) for span in spans}
    assert len(paths) == len(list(tmp_path.iterdir())) == 4
    asked = [
        sdmx.ask(Asked(SDMX, ("LOCAL/DF_RD/A.CHN.G",), years=years), tmp_path)[0]
        for years in ((2015, 2020), (2021,))
    ]
    assert len({got.path for got in asked}) == 2
    assert asked[0].url == "sdmx:LOCAL/DF_RD/A.CHN.G?startPeriod=2015&endPeriod=2020"
