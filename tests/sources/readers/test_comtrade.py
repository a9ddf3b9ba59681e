"""UN Comtrade: both reports of a flow are kept apart, totals are left out and counted, and the key stays secret."""

from __future__ import annotations

import gzip
import logging
import re
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
import pytest

from zizhu.sources.asking import Asked
from zizhu.sources.catalogue import entry
from zizhu.sources.files.archive import members
from zizhu.sources.readers import comtrade
from zizhu.sources.readers.comtrade import Wanted, ask, download
from zizhu.sources.reading import Request, SourceTable
from zizhu.vocab.problems import ZizhuError

# the first line of a file of the page, in its order
HEADER = (
    "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,reporterDesc,flowCode,flowDesc,"
    "partnerCode,partnerISO,partnerDesc,partner2Code,partner2ISO,partner2Desc,classificationCode,"
    "classificationSearchCode,isOriginalClassification,cmdCode,cmdDesc,aggrLevel,isLeaf,customsCode,customsDesc,"
    "mosCode,motCode,motDesc,qtyUnitCode,qtyUnitAbbr,qty,isQtyEstimated,altQtyUnitCode,altQtyUnitAbbr,altQty,"
    "isAltQtyEstimated,netWgt,isNetWgtEstimated,grossWgt,isGrossWgtEstimated,cifvalue,fobvalue,primaryValue,"
    "legacyEstimationFlag,isReported,isAggregate"
)
COLUMNS = HEADER.split(",")
USUAL = {
    "typeCode": "C",
    "freqCode": "A",
    "refYear": "2022",
    "refMonth": "52",
    "period": "2022",
    "reporterCode": "842",
    "reporterISO": "USA",
    "flowCode": "M",
    "partnerCode": "156",
    "partnerISO": "CHN",
    "partner2Code": "0",
    "classificationCode": "H6",
    "cmdCode": "854140",
    "cmdDesc": '"Diodes, other; ""photosensitive"""',
    "customsCode": "C00",
    "mosCode": "0",
    "motCode": "0",
    "netWgt": "1500",
    "isNetWgtEstimated": "False",
    "cifvalue": "107.4",
    "fobvalue": "",
    "primaryValue": "107.4",
}
KEY = "s3cr/t+KEY=0123456789"
ROW = ["year", "reporter", "partner", "flow", "hs6", "revision", "value_usd", "quantity_t", "valuation"]


def row(**changed: str) -> str:
    cells = USUAL | changed
    return ",".join(cells.get(c, "") for c in COLUMNS)


def written(path: Path, *rows: str, end: str = "\n") -> Path:
    path.write_bytes(end.join([",".join(COLUMNS), *rows, ""]).encode("latin-1"))
    return path


def table(*paths: Path, years: tuple[int, ...] = ()) -> SourceTable:
    held = tuple(m for p in paths for m in members(p))
    made = next(comtrade.read(Request(entry("un-comtrade"), held, frozenset(years))))
    found = made["un-comtrade"]
    assert isinstance(found, SourceTable)
    return found


def refused(*paths: Path) -> str:
    with pytest.raises(ZizhuError) as caught:
        table(*paths)
    return str(caught.value)


EXPORT = {
    "reporterCode": "156",
    "reporterISO": "CHN",
    "flowCode": "X",
    "partnerCode": "842",
    "partnerISO": "USA",
    "cifvalue": "",
    "fobvalue": "100.6",
    "primaryValue": "100.6",
}


def test_both_reports_of_a_flow_are_kept_apart(tmp_path: Path) -> None:
    found = table(written(tmp_path / "TradeData.csv", row(), row(**EXPORT)))
    assert found.frame.columns == ROW
    assert found.frame.rows() == [
        (2022, "CHN", "USA", "export", "854140", "HS2022", 101, 1.5, "FOB"),
        (2022, "USA", "CHN", "import", "854140", "HS2022", 107, 1.5, "CIF"),
    ]
    assert found.describe.flags["years"] == [2022]
    assert found.describe.flags["kind"] == "reported-trade"


def test_codes_of_the_un_become_iso3(tmp_path: Path) -> None:
    given = [("699", "IND"), ("251", "FRA"), ("757", "CHE"), ("490", "S19"), ("56", "BEL")]
    rows = [row(partnerCode=c, partnerISO=i) for c, i in given]
    found = table(written(tmp_path / "t.csv", *rows)).frame["partner"]
    assert found.to_list() == ["BEL", "CHE", "FRA", "IND", "TWN"]


def test_totals_and_breakdowns_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = [
        row(),
        row(partnerCode="0", partnerISO="W00"),
        row(partnerCode="0", partnerISO="WLD"),
        row(cmdCode="TOTAL"),
        row(cmdCode="85"),
        row(cmdCode="8541"),
        row(motCode="2100"),
        row(customsCode="C01"),
        row(partner2Code="344"),
        row(flowCode="RX"),
        row(flowCode="MIP"),
        row(partnerCode="899", partnerISO="_X ", primaryValue="7", cifvalue="7"),
        row(partnerCode="842", partnerISO="USA"),
        row(primaryValue="0", cifvalue="0", cmdCode="854141"),
    ]
    found = table(written(tmp_path / "t.csv", *rows))
    assert found.frame.height == 1
    assert [n for n in found.describe.notes if n.startswith("Left out")] == [
        "Left out: 2 rows of re-exports, re-imports and other flows.",
        "Left out: 3 rows by second partner, customs procedure or mode of transport.",
        "Left out: 2 rows with the partner World.",
        "Left out: 3 rows of totals and headings above six digits.",
        "Left out: 1 rows with partners that are no economy, 7 USD.",
        "Left out: 1 rows of the reporter with itself, 107 USD.",
        "Left out: 1 rows with a value of zero.",
    ]


def test_valuation_is_what_the_value_equals(tmp_path: Path) -> None:
    rows = [
        row(partnerCode="124", fobvalue="107.4", cifvalue=""),  # imports reported FOB
        row(partnerCode="156", fobvalue="100", cifvalue="107.4"),
        row(partnerCode="392", fobvalue="", cifvalue=""),
    ]
    found = table(written(tmp_path / "t.csv", *rows)).frame.sort("partner")
    assert found.select("partner", "valuation").rows() == [("CAN", "FOB"), ("CHN", "CIF"), ("JPN", None)]


@pytest.mark.parametrize(("weight", "tons"), [("0", None), ("", None), ("2500.5", 2.5005)])
def test_a_weight_of_zero_is_not_known(weight: str, tons: float | None, tmp_path: Path) -> None:
    assert table(written(tmp_path / "t.csv", row(netWgt=weight))).frame["quantity_t"].to_list() == [tons]


def test_estimated_weights_are_counted(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", row(isNetWgtEstimated="True"))
    assert "1 net weights are estimates of the UN." in table(path).describe.notes


def test_a_lost_leading_zero_is_restored(tmp_path: Path) -> None:
    assert table(written(tmp_path / "t.csv", row(cmdCode="10121"))).frame["hs6"].to_list() == ["010121"]


def test_dialects_of_the_page_and_of_bulk_files_are_read(tmp_path: Path) -> None:
    plain = table(written(tmp_path / "a.csv", row(), row(**EXPORT))).frame
    crlf = written(tmp_path / "b.csv", row(), row(**EXPORT), end="\r\n")
    trailing = written(tmp_path / "c.csv", row() + ",", row(**EXPORT) + ",")
    tabbed = tmp_path / "d.txt.gz"
    lines = [",".join(COLUMNS), row(cmdDesc="x"), row(**EXPORT, cmdDesc="y")]
    tabbed.write_bytes(gzip.compress("\n".join(lines).replace(",", "\t").encode()))
    accent = written(
        tmp_path / "e.csv", row(partnerDesc="Türkiye"), row(**EXPORT, reporterDesc="Côte d'Ivoire")
    )
    for path in (crlf, trailing, tabbed, accent):
        assert table(path).frame.equals(plain)


def test_files_are_joined_and_years_chosen(tmp_path: Path) -> None:
    one = written(tmp_path / "a.csv", row(refYear="2021"))
    two = written(tmp_path / "b.csv", row(), row(refYear="2020"))
    found = table(one, two, years=(2021, 2022))
    assert found.frame["year"].to_list() == [2021, 2022]
    assert "Left out: 1 rows of years that were not asked for." in found.describe.notes


def test_all_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    one = written(
        tmp_path / "a.csv",
        row(refYear="soon"),
        row(reporterCode="9999", reporterISO="XYZ"),
        row(classificationCode="S4"),
        row(primaryValue="1,5".replace(",", ".5.")),
        row(primaryValue="-3"),
        row(primaryValue="NaN"),
        row(primaryValue="inf"),
        row(netWgt="much"),
        row(freqCode="M"),
    )
    said = refused(one)
    for what in (
        "line 2: 'soon' in refYear",
        "line 3: reporter '9999' is no known economy",
        "line 4: classification 'S4'",
        "line 5: '1.5.5' in primaryValue (4 such cells; then '-3' in primaryValue in line 6; 'NaN'",
        "line 9: 'much' in netWgt",
        "line 10: frequency 'M'",
    ):
        assert what in said


def test_reports_that_repeat_are_named_with_their_lines(tmp_path: Path) -> None:
    said = refused(written(tmp_path / "a.csv", row(), row()), written(tmp_path / "b.csv", row()))
    assert "a.csv, line 2" in said
    assert "a.csv, line 3" in said
    assert "b.csv, line 2" in said
    assert "3 reports of 2022 USA CHN import 854140 HS2022" in said


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a,b\n1,2\n", "no column refYear, reporterCode"),
        (b"\n", "no column"),
        (",".join(COLUMNS).encode() + b"\n", "no report of one flow"),
        (",".join(COLUMNS).encode() + b"\n1,2\n", "line 2: 2 cells; expected 47 cells"),
        (",".join(COLUMNS).encode() + b"\n" + row(cmdCode="TOTAL").encode(), "no report of one flow"),
    ],
)
def test_what_is_no_such_file_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    assert message in refused(tmp_path / "t.csv")


class Answer:
    """A stand-in for the frame that the package gives."""

    def __init__(self, *rows: str) -> None:
        self.text = "\n".join([",".join(COLUMNS), *rows, ""])

    def to_csv(self, index: bool) -> str:
        assert not index
        return self.text


def interface(monkeypatch: pytest.MonkeyPatch, answer: Callable[..., Any]) -> list[dict[str, Any]]:
    """Put `answer` in the place of the package, with the planted key; what it is asked is listed."""
    asked: list[dict[str, Any]] = []

    def ask(key: str, **query: Any) -> Any:
        assert key == KEY
        asked.append(query)
        return answer(**query)

    module = ModuleType("comtradeapicall")
    module.getFinalData = ask  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "comtradeapicall", module)
    monkeypatch.setenv("COMTRADE_API_KEY", KEY)
    return asked


WANTED = Wanted(("USA", "DEU"), ("854140", "854141"), (2021, 2022))


def fetched(path: Path, wanted: Wanted = WANTED) -> Path:
    return download(entry("un-comtrade"), wanted, path, lambda _: None)


def test_an_answer_is_kept_as_a_file_that_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(period: str, reporterCode: str, **_: Any) -> Answer:
        return Answer(row(refYear=period, reporterCode=reporterCode.partition(",")[0], reporterISO=""))

    asked = interface(monkeypatch, answer)
    found = table(fetched(tmp_path / "un-comtrade.csv"))
    assert found.frame.select("year", "reporter").rows() == [
        (2021, "DEU"),
        (2021, "USA"),
        (2022, "DEU"),
        (2022, "USA"),
    ]
    assert {(q["period"], q["reporterCode"]) for q in asked} == {
        ("2021", "842"),
        ("2022", "842"),
        ("2021", "276,280"),
        ("2022", "276,280"),
    }
    assert {q["cmdCode"] for q in asked} == {"854140,854141"}
    assert {q["flowCode"] for q in asked} == {"M,X"}
    assert KEY not in (tmp_path / "un-comtrade.csv").read_text()
    assert KEY not in repr(found.describe)


ADDRESS = "https://comtradeapi.un.org/data/v1/get/C/A/HS?subscription-key="


def raised(**_: Any) -> Any:
    raise ConnectionError(f"HTTPSConnectionPool: Max retries exceeded with url: {ADDRESS}{KEY}&period=2022")


def raised_in_turn(**_: Any) -> Any:
    try:
        raise OSError(f"{ADDRESS}s3cr%2Ft%2BKEY%3D0123456789")
    except OSError as error:
        raise RuntimeError(f"key {KEY} was refused") from error


def printed(**_: Any) -> None:
    sys.stdout.write(f"Request error: {ADDRESS}{KEY}")
    sys.stderr.write(KEY)
    logging.getLogger("urllib3.connectionpool").warning("GET %s%s", ADDRESS, KEY)


def broken(**_: Any) -> Any:
    return type("Broken", (), {"to_csv": raised})()


@pytest.mark.parametrize("answer", [raised, raised_in_turn, printed, broken])
def test_the_key_is_in_no_message_log_or_file(
    answer: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    interface(monkeypatch, answer)
    told: list[str] = []
    with caplog.at_level(logging.DEBUG), pytest.raises(ZizhuError, match="the interface failed") as caught:
        download(entry("un-comtrade"), WANTED, tmp_path / "t.csv", told.append)
    logging.getLogger("urllib3").warning("loggers speak again")
    whole = "".join(traceback.format_exception(caught.value))
    out, err = capfd.readouterr()
    everything = whole + repr(caught.value.__context__) + out + err + caplog.text + "".join(told)
    for form in (KEY, "s3cr%2Ft%2BKEY%3D0123456789", "0123456789"):
        assert form not in everything
    assert "loggers speak again" in caplog.text
    assert list(tmp_path.iterdir()) == []


def test_without_a_key_nothing_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = interface(monkeypatch, raised)
    monkeypatch.setenv("COMTRADE_API_KEY", " ")
    with pytest.raises(ZizhuError, match="COMTRADE_API_KEY"):
        fetched(tmp_path / "t.csv")
    assert not asked


def test_without_the_package_the_way_out_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interface(monkeypatch, raised)
    monkeypatch.setitem(sys.modules, "comtradeapicall", None)
    with pytest.raises(ZizhuError, match=r"not installed(.|\n)*by hand") as caught:
        fetched(tmp_path / "t.csv")
    assert KEY not in str(caught.value)


def test_an_answer_that_was_cut_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interface(monkeypatch, lambda **_: Answer(*[row()] * 3))
    few = entry("un-comtrade").model_copy(
        update={"parameters": {**entry("un-comtrade").parameters, "most_records": 3}}
    )
    with pytest.raises(ZizhuError, match="an answer cut at 3 records"):
        download(few, WANTED, tmp_path / "t.csv", lambda _: None)
    assert list(tmp_path.iterdir()) == []


def test_a_table_of_reports_is_text_and_numbers(tmp_path: Path) -> None:
    schema = table(written(tmp_path / "t.csv", row())).frame.schema
    assert schema["year"] == pl.Int16
    assert schema["value_usd"] == pl.Int64
    assert schema["quantity_t"] == pl.Float64
    assert schema["valuation"] == pl.String


def test_products_with_any_marks_give_a_name_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interface(monkeypatch, lambda **_: Answer(row()))

    def name(*products: str) -> str:
        wanted = Asked(entry("un-comtrade"), products, ("USA",), (2022,))
        (got,) = ask(wanted, tmp_path)
        assert got.path.is_file()
        assert entry("un-comtrade").files[0].matches(got.path.name)
        return got.path.name

    assert name("854140") == "TradeData-USA-854140-2022.csv"
    many = [str(n) for n in range(854140, 854170)]
    named = [name(p) for p in ("8541/42", "8541-42", "../8541", "85\0", "8541:42")] + [
        name(*many),
        name(*many[:-1]),
    ]
    assert len(set(named)) == len(named)
    assert all(re.fullmatch(r"[A-Za-z0-9-]{1,130}\.csv", n) for n in named)
    assert len(list(tmp_path.iterdir())) == len(named) + 1


def test_a_folder_that_cannot_be_written_is_told_before_a_call_is_spent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = interface(monkeypatch, lambda **_: Answer(row()))
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ZizhuError, match="cannot be written"):
        fetched(tmp_path / "file" / "t.csv")
    assert not asked


def test_a_disk_that_fills_meanwhile_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interface(monkeypatch, lambda **_: Answer(row()))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("zizhu.store.files.os.fsync", full)
    with pytest.raises(ZizhuError, match="No space left"):
        fetched(tmp_path / "t.csv")
    assert list(tmp_path.iterdir()) == []
