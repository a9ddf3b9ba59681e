from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from dataclasses import fields
from pathlib import Path

import pytest

from zizhu.ledger import loaders, register
from zizhu.ledger.models import Source, Target
from zizhu.vocab.packfiles import pack
from zizhu.vocab.periods import parse
from zizhu.vocab.problems import ZizhuError
from zizhu.vocab.products import product
from zizhu.vocab.units import same_dimension

KNOWN = register.builtin().known()


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def target(**cells: str) -> dict[str, str]:
    good = {
        "id": "U1",
        "plan": "MIC2025",
        "country": "DEU",
        "sector": "Chips",
        "item": "chips",
        "unit": "percent",
        "indicator": "self-sufficiency",
        "comparator": ">=",
        "comparator_assumed": "false",
        "value": "20",
        "deadline": "2030",
        "baseline": "9 (2022)",
        "status": "active",
        "same_as": "",
        "quality": "high",
        "trackable_by": "",
        "source": "DOC001",
    }
    return good | cells


def test_every_part_of_the_register_is_sound() -> None:
    assert len(register.targets()) == 133
    assert len(register.observations()) == 457
    assert len(register.events()) == 96
    assert len(register.assessments()) == 30
    assert len(register.indicators()) == 108
    assert len(register.official_indicators()) == 1
    assert len(register.documents()) == 5
    assert len(register.event_products()) == 40
    assert sum(s.startswith(("web.", "text.", "DOC")) for s in register.sources()) == 300
    held = register.builtin()
    assert {
        kind: len(getattr(held, kind))
        for kind in ("plans", "instruments", "amounts", "megaprojects", "pilots", "links", "actors", "places")
    } == {
        "plans": 57,
        "instruments": 20,
        "amounts": 28,
        "megaprojects": 15,
        "pilots": 6,
        "links": 72,
        "actors": 73,
        "places": 36,
    }


def test_status_of_targets() -> None:
    assert Counter(t.status for t in register.targets().values()) == {
        "active": 126,
        "restatement": 4,
        "description": 2,
        "withdrawn": 1,
    }
    assert register.targets()["T006"].status == "withdrawn"
    assert (register.targets()["T005"].status, register.targets()["T005"].same_as) == ("restatement", "T002")


def test_what_can_be_tracked() -> None:
    annual: dict[str, set[str]] = {}
    for o in register.observations():
        if o.entity == "CHN" and parse(o.period).years == 1:
            annual.setdefault(o.indicator, set()).add(o.period)
    tracked = [t for t in register.targets().values() if t.trackable_by]
    assert len(tracked) == 48
    assert sum(len(annual.get(t.trackable_by, ())) >= 6 for t in tracked) == 22


def test_a_target_and_its_series_share_a_dimension_unless_it_is_about_growth() -> None:
    units = {o.indicator: o.unit for o in register.observations()}
    apart = [
        t.id
        for t in register.targets().values()
        if t.trackable_by and not same_dimension(t.unit, units[t.trackable_by])
    ]
    assert apart == ["T033", "T101", "T140"]
    assert {register.targets()[t].unit for t in apart} == {"percent per year", "times"}


def test_comparators_say_whether_they_are_assumed() -> None:
    read, assumed, none = (register.targets()[t] for t in ("T017", "T001", "T019"))
    assert (read.comparator, read.comparator_assumed) == (">", False)
    assert (assumed.comparator, assumed.comparator_assumed) == (">=", True)
    assert (none.comparator, none.comparator_assumed) == (None, False)
    assert none.nearest == "innovative_drugs_approved"


def test_ranges_keep_both_bounds() -> None:
    bounds = {t.id: (t.value, t.high) for t in register.targets().values() if t.comparator == "range"}
    assert bounds == {
        "T142": (3, 5),
        "T152": (-7, -10),
        "T153": (-10, None),
        "T161": (-60, -65),
        "T164": (-40, -45),
    }


def test_conflicting_values_stand_side_by_side() -> None:
    found = {o.id: (o.value, o.vintage) for o in register.observations()}
    assert found["rd_intensity_gdp_nbs.CHN.2020.1"] == (2.4, "bulletin of September 2021")
    assert found["rd_intensity_gdp_nbs.CHN.2020.2"] == (2.36, "later vintage on revised GDP")
    assert len(found) == 457


def test_parts_of_a_year_are_periods_of_their_own() -> None:
    periods = {o.id: o.period for o in register.observations()}
    assert periods["nev_stock.CHN.2025-40.1"] == "2025-40"
    assert periods["robot_output.CHN.2025-01..2025-09.1"] == "2025-01/2025-09"
    assert periods["co2_intensity_change_cumulative.CHN.2005..2020.1"] == "2005/2020"


def citations() -> list[tuple[str, str]]:
    """Source and quality of every record that cites one."""
    held = register.builtin()
    return [
        (r.source, r.quality)
        for f in fields(held)
        for r in getattr(held, f.name).values()
        if hasattr(r, "source")
    ]


def test_every_source_that_is_cited_exists_and_is_used() -> None:
    held = register.builtin()
    notes = " ".join(
        p.note
        for p in (
            *held.plans.values(),
            *held.places.values(),
            *held.instruments.values(),
            *held.amounts.values(),
        )
    )
    notes += " ".join(t.note for t in held.targets.values())
    listed = {s for s in register.sources() if s.startswith(("web.", "text.", "page."))}
    used = {source for source, _ in citations()} - set(register.documents())
    assert used <= listed
    assert {s for s in listed - used if s not in notes} == set()


def test_a_source_has_the_lowest_quality_of_the_rows_that_cite_it() -> None:
    order = ("low", "medium", "high")
    worst: dict[str, str] = {}
    for source, quality in citations():
        worst[source] = min(quality, worst.get(source, quality), key=order.index)
    assert {s: register.sources()[s].quality for s in worst} == worst


def test_documents_are_cited_by_publisher_title_and_date() -> None:
    document = register.sources()["DOC004"]
    assert document.citation() == "The Diplomat, Made in China 2025, Explained, 2019-02~"
    assert register.documents()["DOC004"].author == "Elsa B. Kania"


def test_an_unread_day_leaves_the_month() -> None:
    assert register.events()["2020-08.USA.entity_list.1"].date == "2020-08"


def test_products_of_events_are_raw_materials_or_say_that_there_is_no_code() -> None:
    for row in register.event_products():
        assert (
            row.hs6
            or "no code in this table" in row.covers
            or "do not list" in row.covers
            or "does not list" in row.covers
        )
        assert not row.hs6 or product(row.hs6).material
    graphite = {r.hs6 for r in register.event_products() if r.event == "2023-12-01.CHN.export_control.1"}
    assert graphite == {"250410", "250490", ""}
    gallium = [r for r in register.event_products() if r.event == "2023-08-01.CHN.export_control.1"]
    assert [r.hs6 for r in gallium] == ["", ""]


def test_an_indicator_inside_an_industry_says_what_part_it_is() -> None:
    tied = [i for i in register.indicators().values() if i.icio_sector]
    assert len(tied) == 66
    assert all(register.resolution_sentence(i).startswith(f"Shows all of {i.icio_sector} (") for i in tied)
    chips = register.resolution_sentence(register.indicators()["ic_industry_sales"])
    assert chips.endswith("chips are at most 39 % of C26.")
    assert register.resolution_sentence(register.indicators()["gii_rank"]) == ""


def test_a_users_targets_may_build_on_the_register(tmp_path: Path) -> None:
    rows = [target(), target(id="U2", same_as="T002", status="restatement", trackable_by="ic_output")]
    found = loaders.load_targets(write(tmp_path / "mine.csv", rows), KNOWN)
    assert [t.id for t in found] == ["U1", "U2"]
    assert isinstance(found[0], Target)
    assert found[0].value == 20


def test_five_faults_are_five_problems(tmp_path: Path) -> None:
    rows = [
        target(),
        target(unit="percnt"),
        target(id="U3", deadline="2020"),
        target(id="U4", same_as="T999"),
        target(id="U5", deadline="2030H1"),
    ]
    with pytest.raises(ZizhuError) as error:
        loaders.load_targets(write(tmp_path / "mine.csv", rows), KNOWN)
    found = [(p.where, p.what) for p in error.value.problems]
    assert sorted(found) == [
        ("mine.csv, row 3, column id", "id 'U1' occurs again"),
        ("mine.csv, row 3, column unit", "unknown unit 'percnt'"),
        ("mine.csv, row 4, column deadline", "deadline 2020 lies before the baseline year 2022"),
        ("mine.csv, row 5, column same_as", "unknown target 'T999'"),
        ("mine.csv, row 6, column deadline", "'2030H1' is no period"),
    ]
    assert error.value.exit_code == 2
    assert all(p.expected and p.remedy for p in error.value.problems)
    assert "percent" in next(p.remedy for p in error.value.problems if "percnt" in p.what)


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"value": "about 20"}, "value", "a number"),
        ({"value": ""}, "value", "an empty cell"),
        ({"value": "1e300"}, "value", "a size between 1e-30 and 1e+30"),
        ({"value": "-1e-300"}, "value", "a size between 1e-30 and 1e+30"),
        ({"value": "nan"}, "value", "a finite number"),
        ({"status": "activ"}, "status", "Nearest: active"),
        ({"comparator_assumed": "maybe"}, "comparator_assumed", "true or false"),
        ({"country": "GER"}, "country", "Nearest: "),
        ({"trackable_by": "ic_outputs"}, "trackable_by", "Nearest: ic_output"),
        ({"nearest": "chips"}, "nearest", "unknown indicator 'chips'"),
        ({"source": "DOC009"}, "source", "DOC00"),
        ({"plan": ""}, "plan", "some text"),
        (
            {"comparator": "", "comparator_assumed": "true"},
            "comparator",
            "an assumed comparator that is empty",
        ),
        ({"status": "restatement"}, "same_as", "the id of the target it restates"),
        ({"comparator": "range", "high": ""}, "high", "a range without its other bound"),
        ({"measure": "cumulative total"}, "unit", "a cumulative total in percent"),
    ],
)
def test_faults_of_a_target(tmp_path: Path, cells: dict[str, str], column: str, words: str) -> None:
    with pytest.raises(ZizhuError) as error:
        loaders.load_targets(write(tmp_path / "mine.csv", [target(**cells)]), KNOWN)
    (problem,) = error.value.problems
    assert problem.where == f"mine.csv, row 2, column {column}"
    assert words in str(problem)


def test_faults_of_an_observation(tmp_path: Path) -> None:
    good = {
        "id": "a",
        "indicator": "ic_output",
        "entity": "CHN",
        "period": "2024",
        "value": "4",
        "unit": "count",
        "lower": "",
        "upper": "",
        "status": "reported",
        "source": "DOC001",
        "quality": "low",
    }
    rows = [
        good,
        good | {"id": "b", "entity": "XXX", "lower": "5"},
        good | {"id": "c", "period": "24", "indicator": "ic_outpt"},
    ]
    with pytest.raises(ZizhuError) as error:
        loaders.load_observations(write(tmp_path / "mine.csv", rows), KNOWN)
    assert sorted(p.where for p in error.value.problems) == [
        "mine.csv, row 3, column entity",
        "mine.csv, row 3, column value",
        "mine.csv, row 4, column indicator",
        "mine.csv, row 4, column period",
    ]


def test_faults_of_events_claims_sources_and_indicators(tmp_path: Path) -> None:
    event = {
        "id": "e",
        "date": "soon",
        "actor": "EUU",
        "kind": "tariff",
        "event": "x",
        "source": "s",
        "quality": "low",
    }
    with pytest.raises(ZizhuError) as error:
        loaders.load_events(write(tmp_path / "events.csv", [event]), KNOWN)
    assert [p.where.rpartition(" ")[2] for p in error.value.problems] == ["actor", "source", "date"]
    source = {"id": "DOC001", "producer": "me", "title": "", "quality": "good", "published": ""}
    with pytest.raises(ZizhuError, match="Nearest"):
        loaders.load_sources(write(tmp_path / "sources.csv", [source | {"quality": "hihg"}]))
    with pytest.raises(ZizhuError, match="source 'DOC001' exists"):
        loaders.load_sources(
            write(tmp_path / "sources.csv", [source | {"quality": "high"}]), frozenset({"DOC001"})
        )
    indicator = {
        "id": "i",
        "label": "l",
        "basis": "brnd",
        "higher_is": "size",
        "icio_sector": "C26",
        "plan_sector": "x",
    }
    with pytest.raises(ZizhuError) as error:
        loaders.load_indicators(write(tmp_path / "indicators.csv", [indicator]))
    assert [p.where.rpartition(" ")[2] for p in error.value.problems] == ["basis", "plan_sector", "note"]


def test_products_of_a_users_events(tmp_path: Path) -> None:
    row = {"event": "2023-12-01.CHN.export_control.1", "hs6": "250411", "covers": "all", "basis": "own"}
    with pytest.raises(ZizhuError, match="250410"):
        loaders.load_event_products(write(tmp_path / "mine.csv", [row]), KNOWN)


def test_sources_of_tables_and_register_are_merged() -> None:
    if not pack("sources.csv").is_file():
        pytest.skip("the built-in tables are not here")
    assert isinstance(register.sources()["oecd-icio-2025"], Source)


def test_the_register_needs_no_table_engine() -> None:
    code = (
        "import sys; from zizhu.ledger import register; register.targets(); "
        "print(sorted({'polars', 'numpy', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
