"""The tool that converts the compiled policy tables, on small ones made here and on the real ones."""
# ruff: noqa: E501 (the tables below are CSV)

from __future__ import annotations

import csv
import importlib.util
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from zizhu.vocab.packfiles import pack
from zizhu.vocab.problems import ZizhuError

TOOLS = Path(__file__).resolve().parents[2] / "tools"
COMPILED = Path(__file__).resolve().parents[3] / "shared" / "data" / "embed" / "policy"
SERIES = "indicator,entity,period,comparator,value,unit,status,source,source_quality,note"
TARGETS = (
    "id,plan,sector,product,indicator,comparator,comparator_assumed,value,unit,deadline,baseline,status,same_as,"
    "trackable_by,series_here,source,source_quality,note"
)
TABLES = {
    "series": f"""{SERIES}
ic_output,CHN,2023,=,3514,100 million units,recalled,recalled,recalled,
ic_output,CHN,2024H1,=,2000,100 million units,reported,https://www.example.org/2024/07/15/chips,high,up; 1999 recalled
ic_output,CHN,2024H1,=,2001,100 million units,reported,https://example.org/2024/07/16/chips,low,preliminary (2002 recalled)
robot_density_per_10000,EUU,2013-2022,=,300,units,reported,DOC001,medium,final bulletin 299 (recalled)
""",
    "facts_from_pages": f"{SERIES}\n",
    "mic2025_targets": f"""{TARGETS}
T1,P,S,chips,output,,>=,4000,100 million units,2025,3514 (2023),active,,ic_output,series:ic_output,DOC001,medium,
T2,P,S,chips,output,range,,-40,percent,2030,,active,,,"nearest: series:ic_output (pieces)",DOC001,low,40 to 45 percent
T3,P,S,chips,output,,>=,1,percent,2025,,active,,,none,recalled,recalled,
""",
    "targets_more": f"{TARGETS}\n",
    "policy_events": """date,actor,kind,event,source,source_quality
2024-05-02,CHN,tariff,second (end date recalled),DOC001,medium
2024-05-02,CHN,tariff,third,DOC001,medium
""",
    "events_more": """date,actor,kind,event,source,source_quality
2024-05-01,EUU,tariff,first,DOC001,medium
2024-05-01,EUU,tariff,gone,recalled,recalled
""",
    "assessments": """id,producer,date,subject,metric,comparator_assumed,value,unit,verdict,source,source_quality,trackable_by
A1,Somebody,2024,chips,goals,>,90,percent (more than),met,DOC001,medium,ic_output
""",
    "official_indicators": """id,category,indicator,unit,basis,value_2013,value_2015,target_2020,target_2025,direction,status,source,source_quality,cross_check,cross_check_source,observed_series,note
OI1,c,i,percent,level,,,,4,up,partly verified,DOC001,medium,2025 read; 2020 recalled,,none,
OI2,c,i,percent,level,1,2,3,4,up,recalled,recalled,recalled,,,none,
""",
    "documents": """doc_id,seed_file,publisher,author,title,published,evidence
DOC001,file.txt,Nature,,Title,2024-11-21,header
""",
}


@pytest.fixture(scope="module")
def tool() -> Iterator[ModuleType]:
    sys.path.insert(0, str(TOOLS))
    spec = importlib.util.spec_from_file_location("build_policy", TOOLS / "build_policy.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_policy"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["build_policy"]
    sys.path.remove(str(TOOLS))


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: ModuleType) -> tuple[Path, Path]:
    """A folder of compiled tables and a folder with the files written by hand."""
    origin, target = tmp_path / "compiled", tmp_path / "policy"
    origin.mkdir()
    target.mkdir()
    for name, text in TABLES.items():
        (origin / f"{name}.csv").write_text(text, encoding="utf-8")
    for name in ("indicators.csv", "publishers.csv"):
        shutil.copy(pack(f"policy/{name}"), target)
    (target / "plans.csv").write_text("id,names,kind,country,source,quality\nP,en:Plan,plan,CHN,DOC001,low\n")
    (target / "target_words.csv").write_text(
        "indicator,unit,measure,basis,price_basis\n"
        "output,100 million units,level,level,\noutput,percent,share,structure,\n"
    )
    (target / "event_products.csv").write_text(
        "event,hs6,covers,basis\n2024-05-01.EU.tariff.1,250410,all,own\n"
    )
    monkeypatch.setattr(sys.modules[tool.correct.__module__], "EDITS", ())
    return origin, target


def table(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(content.splitlines()))


def test_only_what_was_read_is_carried_over(tool: ModuleType, small: tuple[Path, Path]) -> None:
    files = tool.convert(*small)
    assert not any("recalled" in content for content in files.values())
    observed = {o["id"]: o for o in table(files["observations.csv"])}
    assert list(observed) == [
        "ic_output.CHN.2024-40.1",
        "ic_output.CHN.2024-40.2",
        "robot_density_per_10000.EU.2013..2022.1",
    ]
    assert [o["note"] for o in observed.values()] == ["up", "preliminary", ""]
    assert [t["id"] for t in table(files["targets.csv"])] == ["T1", "T2"]
    assert [o["note"] for o in table(files["official_indicators.csv"])] == ["2025 read"]
    assert "file.txt" not in "".join(files.values())


def test_vintage_date_unit_and_period(tool: ModuleType, small: tuple[Path, Path]) -> None:
    first, second, third = table(tool.convert(*small)["observations.csv"])
    assert (first["published"], first["vintage"], second["vintage"]) == ("2024-07-15", "", "preliminary")
    assert (third["period"], third["unit"], third["entity"]) == ("2013/2022", "per 10000 employees", "EU")


def test_targets_take_the_assumed_comparator_the_second_bound_and_no_unread_baseline(
    tool: ModuleType, small: tuple[Path, Path]
) -> None:
    first, second = table(tool.convert(*small)["targets.csv"])
    assert (first["comparator"], first["comparator_assumed"], first["baseline"]) == (">=", "true", "")
    assert (second["comparator"], second["comparator_assumed"]) == ("range", "false")
    assert (second["value"], second["high"], second["nearest"]) == ("-40", "-45.0", "ic_output")
    assert second["note"] == "40 to 45 percent; pieces"


@pytest.mark.parametrize(
    ("text", "unit", "found"),
    [
        ("15.9 (2020)", "percent", ("15.9", "", "2020")),
        ("about 3 (2018)", "million", ("3", "", "2018")),
        ("1.195 (Sep 2021)", "million", ("1.195", "", "2021-09")),
        ("24393 (2020, 100m CNY)", "percent per year", ("24393", "100 million CNY", "2020")),
        ("246 per 10000 (2020)", "times", ("246", "per 10000 employees", "2020")),
        ("-48.4 (2020)", "percent", ("-48.4", "", "2020")),
    ],
)
def test_the_number_in_a_baseline(
    tool: ModuleType, text: str, unit: str, found: tuple[str, str, str]
) -> None:
    start = tool.start_of(text, unit)
    assert (start["baseline_value"], start["baseline_unit"], start["baseline_period"]) == found


@pytest.mark.parametrize("text", ["2020", "", "high (2020)"])
def test_a_baseline_without_a_number_stays_words(tool: ModuleType, text: str) -> None:
    assert tool.start_of(text, "percent") == {}


def test_targets_say_how_their_words_are_read_and_unknown_words_are_refused(
    tool: ModuleType, small: tuple[Path, Path]
) -> None:
    first, second = table(tool.convert(*small)["targets.csv"])
    assert (first["measure"], first["basis"], second["measure"]) == ("level", "level", "share")
    (small[1] / "target_words.csv").write_text("indicator,unit,measure,basis,price_basis\n")
    with pytest.raises(ZizhuError, match=r"target_words\.csv"):
        tool.convert(*small)


def test_events_are_numbered_within_a_day_actor_and_kind(tool: ModuleType, small: tuple[Path, Path]) -> None:
    found = [(e["id"], e["event"]) for e in table(tool.convert(*small)["events.csv"])]
    assert found == [
        ("2024-05-01.EU.tariff.1", "first"),
        ("2024-05-02.CHN.tariff.1", "second"),
        ("2024-05-02.CHN.tariff.2", "third"),
    ]


def test_sources_are_named_by_site_and_rated_by_their_worst_use(
    tool: ModuleType, small: tuple[Path, Path]
) -> None:
    found = {s["id"]: s for s in table(tool.convert(*small)["sources.csv"])}
    assert list(found) == ["DOC001", "web.example.org.1", "web.example.org.2"]
    assert found["DOC001"]["quality"] == "low"
    assert found["web.example.org.2"]["url"].startswith("https://www.example.org")
    assert found["web.example.org.2"]["producer"] == "example.org"


def test_all_rows_that_cannot_be_placed_are_listed_and_nothing_is_written(
    tool: ModuleType,
    small: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    origin, target = small
    with (origin / "series.csv").open("a") as file:
        file.write("ic_output,CHN,2024Q9,=,1,100 million units,reported,DOC001,medium,\n")
        file.write("ic_outputs,CHN,2024,=,1,dozens,reported,DOC001,medium,\n")
        file.write("ic_output,CHN,2024,=,1,count,reported,an old book,medium,\n")
    with (origin / "mic2025_targets.csv").open("a") as file:
        file.write("T9,P,S,chips,output,range,,-41,percent,2030,,active,,,none,DOC001,low,40 to 45 percent\n")
    before = sorted(p.name for p in target.iterdir())
    monkeypatch.setattr(sys, "argv", ["build_policy.py", "--from", str(origin), "--to", str(target)])
    assert tool.main() == 2
    said = capsys.readouterr().err
    for words in (
        "'2024Q9' is no period",
        "unknown indicator 'ic_outputs'",
        "unknown unit 'dozens'",
        "source 'an old book'",
        "range '40 to 45' and value -41",
        "nothing was written",
    ):
        assert words in said
    assert sorted(p.name for p in target.iterdir()) == before


def test_a_correction_that_fits_no_row_is_refused(
    tool: ModuleType, small: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["policy_text"], "EDITS", (("series", {"value": "7"}, "note", "a", "b"),))
    with pytest.raises(ZizhuError, match="the correction of note fits 0 rows"):
        tool.convert(*small)


def test_the_committed_register_is_what_the_compiled_tables_give(tool: ModuleType) -> None:
    if not COMPILED.is_dir():
        pytest.skip("the compiled tables (../shared/data/embed/policy) are not on this machine")
    for name, content in tool.convert(COMPILED, pack("policy")).items():
        assert pack(f"policy/{name}").read_text(encoding="utf-8") == content, name
