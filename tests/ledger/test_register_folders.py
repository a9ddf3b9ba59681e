"""Folders of the register: a plan in three files, a broken folder, and what the built-in files hold."""
# ruff: noqa: E501 (the tables below are CSV)

from __future__ import annotations

import shutil
from dataclasses import fields
from pathlib import Path

import pytest

from zizhu.ledger import folders, register
from zizhu.ledger.facts import records
from zizhu.ledger.finding import folded
from zizhu.ledger.folders import FILES, Register, read_folders
from zizhu.ledger.register_fields import EXAMPLE, documented
from zizhu.vocab import units
from zizhu.vocab.packfiles import pack, rows
from zizhu.vocab.periods import parse
from zizhu.vocab.problems import ZizhuError

DATES = ("issued", "start", "end", "date", "period", "deadline", "published", "baseline_period")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "register.md"


def folder(place: Path, **more: str) -> Path:
    """The example of the documentation as a folder, with files replaced or added."""
    place.mkdir(parents=True)
    for name, text in (EXAMPLE | {k.replace("__", "."): v for k, v in more.items()}).items():
        (place / name).write_text(text, encoding="utf-8")
    return place


def test_the_example_of_the_documentation_is_a_plan_beside_the_built_in_ones(tmp_path: Path) -> None:
    folder(tmp_path / "register" / "mine")
    held = register.of(tmp_path)
    assert held.plans["Chips at home"].names["de"] == "Chips aus dem Inland"
    assert held.targets["home-1"].value == 35
    assert held.sources["ministry-2026"].url == "https://example.org/chips-at-home"
    assert held.plans.keys() - register.plans().keys() == {"Chips at home"}
    assert "Chips at home" not in register.plans()


def test_a_workspace_without_plans_has_the_built_in_register(tmp_path: Path) -> None:
    assert register.of(tmp_path) is register.builtin()


def test_the_documentation_is_made_from_the_models() -> None:
    assert PAGE.read_text(encoding="utf-8") == documented(), "zizhu register fields > docs/register.md"
    for name, file in FILES.items():
        if name not in ("plans.csv", "official_indicators.csv"):
            assert f"## {name}" in documented()
            assert all(f"| `{column}` |" in documented() for column in file.model.model_fields)


def test_a_broken_folder_is_refused_with_all_problems_and_nothing_is_loaded(tmp_path: Path) -> None:
    good = folder(tmp_path / "register" / "a-good")
    folder(
        tmp_path / "register" / "b-bad",
        plan__yaml="id: B\nnames: {en: B}\nkind: plann\ncountry: DEU\nsource: nowhere\nquality: high\n",
        targets__csv=EXAMPLE["targets.csv"].replace("home-1", "T001").replace("percent", "percnt"),
        sources__csv=EXAMPLE["sources.csv"].replace("ministry-2026", "b-source"),
        amounts__csv="id,instrument,stage,value,unit,source,quality\nm,none,raised,3,percent,b-source,low\n",
        links__csv="a,relation,b,source,quality\nChips at home,succeeds,B2,b-source,low\n",
        tragets__csv="id\n",
    )
    with pytest.raises(ZizhuError) as error:
        register.of(tmp_path)
    found = {(p.where, p.what) for p in error.value.problems}
    assert found == {
        ("b-bad/tragets.csv", "no file of the register"),
        (
            "b-bad/plan.yaml",
            "kind: Input should be 'plan', 'strategy', 'programme', 'policy', 'law', 'pledge' or 'proposal'",
        ),
        ("b-bad/targets.csv, row 2, column id", "id 'T001' exists"),
        ("b-bad/targets.csv, row 2, column unit", "unknown unit 'percnt'"),
        ("b-bad/amounts.csv, row 2, column instrument", "unknown instrument 'none'"),
        ("b-bad/amounts.csv, row 2, column unit", "unknown unit of money 'percent'"),
        ("b-bad/links.csv, row 2, column b", "unknown plan 'B2'"),
    }
    assert error.value.exit_code == 2
    assert "Nearest: targets.csv" in str(error.value)
    assert good.is_dir()
    assert "Chips at home" not in register.plans()


def test_a_cell_that_does_not_fit_hides_no_other_fault_of_its_row(tmp_path: Path) -> None:
    rows = (
        "id,indicator,entity,period,value,unit,status,source,quality\n"
        "o,nothing,DEU,2026,many,percnt,reported,nowhere,high\n"
        "p,share,DEU,2026,130,percent,reported,ministry-2026,high\n"
    )
    folder(tmp_path / "register" / "mine", observations__csv=rows)
    with pytest.raises(ZizhuError) as error:
        register.of(tmp_path)
    faulty = {p.where.rpartition(" ")[2] for p in error.value.problems}
    assert faulty == {"indicator", "value", "unit", "source"}


@pytest.mark.parametrize(
    ("name", "text", "where", "words"),
    [
        ("observations__csv", "id,indicator,entity,period,value,unit,status,source,quality\no,share,DEU,2026,130,percent,reported,ministry-2026,high\n", "mine/observation o", "0 to 100"),
        ("pilots__csv", "id,names,plan,lead,source,quality\np,en:P,Chips at home,place:Hefie,ministry-2026,low\n", "mine/pilots.csv, row 2, column lead", "place:Hefei"),
        ("places__csv", "id,names,kind,country,region,source,quality\np,en:P,city,DEU,CN-SN,ministry-2026,low\n", "mine/places.csv, row 2, column region", "DE-"),
        ("amounts__csv", "id,instrument,stage,value,unit,within,source,quality\nm,big-fund-1,raised,3,billion EUR,big-fund-1.raised,ministry-2026,low\n", "mine/amounts.csv, row 2, column overlap", "both the amount"),
        ("amounts__csv", "id,instrument,stage,value,unit,within,overlap,shared,source,quality\nm,big-fund-1,raised,3,billion EUR,big-fund-1.raised,part,4,ministry-2026,low\n", "mine/amounts.csv, row 2, column shared", "at most the value"),
        ("plans__csv", "id,names,kind,country,start,end,source,quality\nq,en:Q,plan,DEU,2030,2020,ministry-2026,low\n", "mine/plans.csv, row 2, column end", "before it starts"),
        ("plans__csv", "id,names,kind,country,source,quality\nq,Chips,plan,DEU,ministry-2026,low\n", "mine/plans.csv, row 2, column names", "names with their language"),
        ("events__csv", "id,date,actor,kind,event,source,quality\ne,2026,DEU,tarif,x,ministry-2026,low\n", "mine/events.csv, row 2, column kind", "tariff"),
    ],
)  # fmt: skip
def test_faults_of_a_folder(tmp_path: Path, name: str, text: str, where: str, words: str) -> None:
    indicator = "id,label,basis,higher_is,lowest,highest\nshare,Share,structure,size,0,100\n"
    place = folder(tmp_path / "register" / "mine", indicators__csv=indicator, **{name: text})
    with pytest.raises(ZizhuError) as error:
        read_folders((place,), register.builtin())
    (problem,) = error.value.problems
    assert problem.where.replace("observation o", "mine/observation o") == where
    assert words in str(problem)


def test_faults_of_a_plan_in_yaml_name_the_setting(tmp_path: Path) -> None:
    text = EXAMPLE["plan.yaml"].replace("DEU", "DEX").replace("2032", "soon")
    place = folder(tmp_path / "mine", plan__yaml=text)
    with pytest.raises(ZizhuError) as error:
        read_folders((place,), register.builtin())
    assert [p.where for p in error.value.problems if "plan.yaml" in p.where] == [
        "mine/plan.yaml, country",
        "mine/plan.yaml, end",
    ]


def test_folders_may_refer_to_one_another(tmp_path: Path) -> None:
    folder(tmp_path / "a")
    second = EXAMPLE["plan.yaml"].replace("Chips at home", "Second")
    place = tmp_path / "b"
    place.mkdir()
    (place / "plan.yaml").write_text(second, encoding="utf-8")
    (place / "links.csv").write_text(
        "a,relation,b,source,quality\nSecond,succeeds,Chips at home,ministry-2026,high\n", encoding="utf-8"
    )
    held = read_folders((tmp_path / "a", place), register.builtin())
    assert [n.id for n in held.links.values()] == ["Second succeeds Chips at home"]


def test_an_empty_folder_says_what_it_may_hold(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ZizhuError, match="no file of the register"):
        read_folders((tmp_path / "empty",), register.builtin())


def test_the_second_strategy_is_one_folder(tmp_path: Path) -> None:
    """Without its folder the built-in register has nothing of the European Chips Act."""
    shutil.copytree(pack("policy/plans/eu-chips-act"), tmp_path / "eu")
    without = register._shared()
    assert not [k for k, p in without.plans.items() if p.country == "EU"]
    held = read_folders((tmp_path / "eu",), without)
    act = held.plans["EU Chips Act"]
    assert (act.issued, act.start, len(act.pillars)) == ("2023-09-13", "2023-09-21", 3)
    assert {(t.value, t.deadline) for t in held.targets.values()} == {(20.0, "2030")}
    assert (held.amounts["eu-chips-act.target"].comparator, held.amounts["eu-chips-act.target"].value) == (
        ">",
        43,
    )
    assert len(held.observations) == 9


def every() -> list[tuple[str, object]]:
    held = register.builtin()
    return [(f.name, r) for f in fields(held) for r in getattr(held, f.name).values()]


def test_every_row_has_a_source_a_quality_dates_and_units() -> None:
    """What the loaders check, checked once more on what they gave: one row at a time, of every kind."""
    held = register.builtin()
    for kind, r in every():
        assert kind in ("sources", "indicators") or r.source in held.sources, r  # type: ignore[attr-defined]
        assert kind == "indicators" or r.quality in ("high", "medium", "low"), r  # type: ignore[attr-defined]
        for column in DATES:
            text = getattr(r, column, "")
            assert text == "" or parse(text).start <= parse(text).end, r
        assert getattr(r, "unit", "percent") in units.units(), r
        assert "recalled" not in str(r).casefold(), r


def test_ids_are_unique_over_all_kinds() -> None:
    held = register.builtin()
    rows = [r.id for kind, r in every() if kind not in ("sources", "indicators")]  # type: ignore[attr-defined]
    assert len(rows) == len(set(rows)) == len(records(held))


def test_no_file_of_the_packs_speaks_of_what_was_not_read() -> None:
    for path in pack("policy").rglob("*.csv"):
        assert "recalled" not in path.read_text(encoding="utf-8").casefold(), path


def test_observations_lie_in_the_bounds_of_their_indicators() -> None:
    held = register.builtin()
    assert folders._out_of_bounds(held, held) == []
    narrow = {k: i.model_copy(update={"highest": 1.0}) for k, i in held.indicators.items()}
    assert len(folders._out_of_bounds(held, Register(indicators=narrow))) > 100


def test_baselines_are_numbers_with_a_unit_and_a_period() -> None:
    known = register.targets()
    rd, stations, robots = known["T033"], known["T131"], known["T140"]
    assert (rd.baseline_value, rd.baseline_unit, rd.baseline_period) == (24393, "100 million CNY", "2020")
    assert (stations.baseline_value, stations.baseline_period) == (1.195, "2021-09")
    assert (robots.baseline_value, robots.baseline_unit) == (246, "per 10000 employees")
    bare = [t.id for t in known.values() if t.baseline and t.baseline_value is None]
    assert bare == ["T105"]


def test_every_target_says_what_it_measures_on_what_basis() -> None:
    known = register.targets()
    assert all(t.measure and t.basis for t in known.values())
    bases = {t: known[t].basis for t in ("T002", "T005", "T010", "T015", "T017")}
    assert bases == {
        "T002": "domestic content",
        "T005": "self-sufficiency",
        "T010": "home market share",
        "T015": "sourcing",
        "T017": "brand",
    }
    assert known["T033"].price_basis == "not stated"
    assert known["T017"].price_basis == ""


def test_the_names_that_reading_uses_are_those_of_the_register() -> None:
    """Actors and places that the lists for reading documents know too have the same name there."""
    held = register.builtin()
    ids = {**held.actors, **held.places}
    shared = [(r["id"], folded(r["name"])) for r in rows("policy/entities.csv") if r["id"] in ids]
    assert len(shared) > 40
    assert [(key, name) for key, name in shared if name not in map(folded, ids[key].called)] == []
