"""Opening references: numbers of runs are made again, cells and facts are found, and bad references are named."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from zizhu.depend import exposure, position, suppliers
from zizhu.ledger.result import Explanation
from zizhu.show.trace import Opened, trace
from zizhu.store import Workspace
from zizhu.stress import what_if
from zizhu.track import judged
from zizhu.vocab.problems import CannotAnswer, ZizhuError


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def summands(opened: Opened | Explanation) -> float:
    return sum(p.value for p in opened.parts) + opened.remainder


def test_a_look_through_number_is_made_again_and_splits_exactly(ws: Workspace) -> None:
    params = exposure.Params(buyers=("USA:C26",), sources=("CHN",))
    result = exposure.solve(exposure.load(ws, params))
    ws.save_run(result.run)
    opened = trace(ws, result.ref(result.frame.row(0, named=True), "value_added_content"), top=7)
    assert opened.value == result.frame["value_added_content"][0]
    assert summands(opened) == pytest.approx(opened.value, abs=1e-15)
    assert len(opened.parts) == 7
    assert opened.parts[0].ref.endswith("#CHN:C26,USA:C26")
    assert {s.id for s in opened.sources} == {"oecd-icio-2025", "cepii-baci-hs92"}


def test_the_parts_of_a_number_are_references_themselves(ws: Workspace) -> None:
    params = suppliers.Params(reporter="EU27", products=("284690",), first=2024, last=2024)
    result = suppliers.solve(suppliers.load(ws, params))
    ws.save_run(result.run)
    row = result.frame.sort("share").row(-1, named=True)
    opened = trace(ws, result.ref(row, "value_usd"))
    assert summands(opened) == row["value_usd"]
    cell = trace(ws, opened.parts[0].ref)
    value = next(text for name, text in cell.fields if name.startswith("value_usd"))
    assert value == str(int(opened.parts[0].value))


def test_hhi_opens_into_squared_shares(ws: Workspace) -> None:
    result = suppliers.solve(
        suppliers.load(ws, suppliers.Params(reporter="CHN", products=("283691",), first=2023, last=2023))
    )
    ws.save_run(result.run)
    row = result.frame.row(0, named=True)
    opened = trace(ws, result.ref(row, "hhi"), top=3)
    assert opened.parts[0].value == pytest.approx(0.9038**2, abs=2e-3)  # Chile's share in 2023
    assert summands(opened) == pytest.approx(row["hhi"], abs=1e-15)


def test_position_and_cut_open_into_flows(ws: Workspace) -> None:
    place = position.solve(position.load(ws, position.Params(reporter="CHN", products=("284690",))))
    ws.save_run(place.run)
    row = place.frame.filter(pl.col("year") == 2024).row(0, named=True)
    opened = trace(ws, place.ref(row, "import_share"))
    assert opened.parts[0].label == "imports from MMR"
    assert summands(opened) == pytest.approx(row["import_share"], abs=1e-15)
    cut = what_if.solve(what_if.load(ws, what_if.Params(sender="TWN:C26", receiver="CHN")))
    ws.save_run(cut.run)
    total = cut.row("receiver|CHN|TOTAL")
    opened = trace(ws, cut.ref(total, "of_inputs"))
    assert opened.parts[0].label == "TWN:C26 to CHN:C26"
    assert summands(opened) == pytest.approx(total["of_inputs"], abs=1e-15)


def test_a_bloc_opens_into_its_members(ws: Workspace) -> None:
    place = position.solve(position.load(ws, position.Params(reporter="EU27", products=("284690",))))
    ws.save_run(place.run)
    row = place.frame.filter(pl.col("year") == 2024).row(0, named=True)
    partner = trace(ws, place.ref(row, "imports_usd")).parts[0]
    members = trace(ws, partner.ref, top=3)
    assert members.value == partner.value
    assert summands(members) == members.value
    assert all(p.label.startswith("CHN to ") for p in members.parts)


def test_counts_and_coverage_open_too(ws: Workspace) -> None:
    result = judged.solve(judged.load(ws, judged.Params(country="CHN", as_of="2026-11-21")))
    ws.save_run(result.run)
    opened = trace(ws, result.count_ref(reason="met", sound=True), top=100)
    met = result.frame.filter((pl.col("reason") == "met") & pl.col("sound"))
    assert opened.value == met.height == len(opened.parts)
    shares = exposure.solve(exposure.load(ws, exposure.Params(buyers=("ITA:MANUF",), sources=("CHN",))))
    ws.save_run(shares.run)
    seen = trace(ws, shares.coverage_ref(0))
    assert seen.value == shares.coverage[0].share
    assert "Italy" in seen.sentence


@pytest.mark.parametrize(
    "fact", ["T002", "A001", "2022-10-07.USA.export_control.1", "MIC2025.agricultural_machinery"]
)
def test_facts_open_with_their_source(ws: Workspace, fact: str) -> None:
    opened = trace(ws, f"fact:{fact}")
    assert opened.sources or dict(opened.fields)["source"]
    assert opened.value is not None or "event" in dict(opened.fields)


@pytest.mark.parametrize(
    ("ref", "said"),
    [
        ("nonsense", "cannot read"),
        ("run:", "cannot read"),
        ("run:000000000000#a,b", "unknown run"),
        ("table:icio-2023@abc#CHN:C26,USA:C26", "unknown table"),
        ("table:icio-2022#CHN:C27X,USA:C26", "unknown sector"),
        ("table:baci-raw-materials#2024,MMR,CHN", "key '2024,MMR,CHN'"),
        ("table:baci-raw-materials#2024,MMR,CHN,999999", "no row"),
        ("fact:T9999", "unknown fact"),
        ("fact:../../etc/passwd", "unknown fact"),
        ("run:../../../etc/passwd#x,y", "unknown run"),
    ],
)
def test_a_bad_reference_says_what_is_wrong(ws: Workspace, ref: str, said: str) -> None:
    with pytest.raises(ZizhuError, match=said):
        trace(ws, ref)


def test_documents_are_refused_not_invented(ws: Workspace) -> None:
    with pytest.raises(CannotAnswer):
        trace(ws, "doc:abc#1-2")


def test_unknown_rows_and_columns_of_a_run_are_named(ws: Workspace) -> None:
    result = exposure.solve(exposure.load(ws, exposure.Params(buyers=("USA:C26",), sources=("CHN",))))
    ws.save_run(result.run)
    with pytest.raises(ZizhuError, match="no row"):
        trace(ws, f"run:{result.run.id}#USA:C27|CHN,face_value")
    with pytest.raises(ZizhuError, match="unknown column"):
        trace(ws, f"run:{result.run.id}#USA:C26|CHN,faec_value")


def test_a_record_that_no_longer_reproduces_is_refused(ws: Workspace) -> None:
    result = exposure.solve(exposure.load(ws, exposure.Params(buyers=("USA:C26",), sources=("CHN",))))
    ws.save_run(result.run)
    path = ws.root / "runs" / f"{result.run.id}.json"
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, "output": "0" * 32}))
    with pytest.raises(ZizhuError, match="the answer has digest"):
        trace(ws, result.ref(result.frame.row(0, named=True), "face_value"))
