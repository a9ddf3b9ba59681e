"""Scenario files: all that is wrong is said at once with its place; lists and overrides."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from stress.scenario.scenarios import BAN, content, refused, scenario, taken
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.reading import Faulty, read
from zizhu.stress.scenario.shocks import ExportBan, Licence

NAMED = {**BAN, "name": "ban"}


def test_a_file_without_a_list_is_one_scenario_named_by_the_file(tmp_path: Path) -> None:
    path = tmp_path / "My Ban.yaml"
    path.write_text(yaml.safe_dump({"title": "Ban", "shocks": [BAN]}), "utf-8")
    (one,) = read(path)
    assert one.id == "my-ban"


def test_settings_at_the_top_hold_for_every_scenario_unless_it_says_otherwise(tmp_path: Path) -> None:
    said = {"title": "Both", "draws": 8, "shocks": [BAN], "scenarios": [{"id": "a"}, {"id": "b", "draws": 0}]}
    assert [(s.id, s.title, s.draws) for s in taken(tmp_path, said)] == [("a", "Both", 8), ("b", "Both", 0)]


def test_an_override_makes_a_variant_of_every_scenario(tmp_path: Path) -> None:
    said = {
        "title": "Both",
        "shocks": [
            NAMED,
            {**BAN, "name": "other", "sender": "JPN", "recovery": {"time": "1 week", "shape": "convex"}},
        ],
        "stocks": {"default": "9 weeks", "C26": "2 weeks"},
        "scenarios": [{"id": "a"}, {"id": "b"}],
        "overrides": {
            "half": {"shocks": {"ban": {"share": "0.5"}}, "stocks": {"C26": "4 weeks"}},
            "slow": {
                "shocks": {"other": {"duration": "9 weeks", "recovery": {"time": "5 weeks"}}},
                "title": "Slow",
            },
        },
    }
    said["shocks"][1]["duration"] = "2 weeks"
    found = {s.id: s for s in taken(tmp_path, said)}
    assert list(found) == ["a", "a.half", "a.slow", "b", "b.half", "b.slow"]
    half, slow = found["b.half"], found["a.slow"]
    assert isinstance(half.shocks[0], ExportBan)
    assert half.shocks[0].share == 0.5
    assert half.shocks[1] == found["b"].shocks[1]
    assert half.stocks == {"default": 63.0, "C26": 28.0}
    assert slow.title == "Slow"
    assert slow.shocks[1].recovery is not None
    assert (slow.shocks[1].recovery.time, slow.shocks[1].recovery.shape) == (35.0, "convex")
    assert slow.stocks == found["a"].stocks


def test_an_override_may_bring_shocks_of_its_own(tmp_path: Path) -> None:
    licence = {"kind": "licence", "sender": "CHN", "receiver": "JPN", "granted": "0.2"}
    (_, other) = taken(tmp_path, content(NAMED, overrides={"licensed": {"shocks": [licence]}}))
    assert isinstance(other.shocks[0], Licence)


@pytest.mark.parametrize(
    ("patches", "what"),
    [
        ({"bann": {"share": "0.5"}}, "no shock is named bann"),
        ({"": {"share": "0.5"}}, "no shock is named"),
        ({"twin": {"share": "0.5"}}, "several shocks are named twin"),
        ({"ban": "0.5"}, "no settings below it"),
    ],
    ids=["unknown", "empty", "several", "no mapping"],
)
def test_an_override_names_one_shock_and_what_to_change(patches: Any, what: str, tmp_path: Path) -> None:
    shocks = (NAMED, {**BAN, "name": "twin"}, {**BAN, "name": "twin"}, BAN)
    (problem,) = refused(tmp_path, content(*shocks, overrides={"half": {"shocks": patches}}))
    assert problem.what.startswith(what)
    assert problem.where.startswith("mine.yaml with overrides.half: shocks")
    if "bann" in patches:
        assert problem.remedy == "Nearest: ban."


def test_a_fault_of_a_scenario_is_told_once_and_not_for_each_of_its_variants(tmp_path: Path) -> None:
    said = content(NAMED, draws="many", overrides={"a": {"seed": 2}, "b": {"seed": -2}})
    assert [(p.where, p.what) for p in refused(tmp_path, said)] == [
        ("mine.yaml: draws", "draws is many"),
        ("mine.yaml with overrides.b: seed", "seed is -2"),
    ]


def test_all_that_is_wrong_is_said_at_once_with_its_place(tmp_path: Path) -> None:
    said = {
        "lenght": "2 years",
        "scenarios": [
            {"id": "a", "title": "A", "shocks": [{**BAN, "share": "2"}, {**BAN, "kind": "bann"}]},
            "b",
            {"id": "../c", "title": "", "shocks": [], "step": "2 months", "stocks": {"length": "9"}},
            {"title": "D", "shocks": [BAN, "ban", {}], "uncertain": {"stock": ["1", "2"], "stocks": ["1"]}},
        ],
        "overrides": {"x": "draws: 0"},
    }
    told = {(p.where, p.what) for p in refused(tmp_path, said)}
    lenght = {(f"mine.yaml: scenarios[{i}]: lenght", "unknown setting lenght") for i in (1, 3, 4)}
    assert told == lenght | {
        ("mine.yaml: overrides.x", "no settings below it"),
        ("mine.yaml: scenarios[1]: shocks[1] (export_ban).share", "share is 2"),
        ("mine.yaml: scenarios[1]: shocks[2]", "unknown kind of shock bann"),
        ("mine.yaml: scenarios[2]", "no settings"),
        ("mine.yaml: scenarios[3]: id", "id is ../c"),
        ("mine.yaml: scenarios[3]: title", "title is empty"),
        ("mine.yaml: scenarios[3]: shocks", "shocks is []"),
        ("mine.yaml: scenarios[3]: step", "step is 2 months"),
        ("mine.yaml: scenarios[3]: stocks.length", "length is 9"),
        ("mine.yaml: scenarios[4]: id", "no id"),
        ("mine.yaml: scenarios[4]: shocks[2]", "it is ban"),
        ("mine.yaml: scenarios[4]: shocks[3]", "a shock without its kind"),
        ("mine.yaml: scenarios[4]: uncertain.stock", "unknown name stock"),
        ("mine.yaml: scenarios[4]: uncertain.stocks[2]", "too few numbers"),
    }


def test_no_message_speaks_of_the_library_that_reads(tmp_path: Path) -> None:
    wrong: dict[str, Any] = {key: {"no": ["such", "thing"]} for key in Scenario.model_fields}
    lists = {key: ["no", "such"] for key in Scenario.model_fields}
    texts = dict.fromkeys(Scenario.model_fields, "no such thing")
    shocks = [
        {"kind": k, "share": {}, "sender": [], "start": [], "recovery": "x", "products": "1"}
        for k in ("quota", "x")
    ]
    problems = [p for said in (wrong, lists, texts, content(*shocks)) for p in refused(tmp_path, said)]
    assert len(problems) > 50
    library = re.compile(
        r"[Ii]nput should|pydantic|tuple|dict|valid |Value error|tag|greater|Extra inputs|Field req|\bint\b"
    )
    assert [str(p) for p in problems if library.search(f"{p.what} {p.expected} {p.remedy}")] == []
    assert all(p.what and p.where and p.expected and p.remedy for p in problems)


def test_a_wrong_kind_of_shock_names_the_kinds_and_the_nearest(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, content({**BAN, "kind": "Quotta"}))
    assert problem.expected.startswith("one of: export_ban, embargo, quota, ")
    assert problem.remedy == "Nearest: quota."


@pytest.mark.parametrize(
    ("settings", "remedy"),
    [
        ({"shre": "0.5"}, "Nearest: share."),
        ({"draws": "3"}, "It is a setting of the scenario: move it out of the shock."),
    ],
    ids=["slip", "scenario"],
)
def test_a_setting_that_is_not_known_where_it_stands(
    settings: dict[str, str], remedy: str, tmp_path: Path
) -> None:
    (problem,) = refused(tmp_path, content({**BAN, **settings}))
    assert problem.remedy == remedy


# --- settings that do not go together ---


@pytest.mark.parametrize(
    ("shock", "settings", "what"),
    [
        ({"start": "1 year"}, {}, "it begins after the run of 52 weeks"),
        ({"start": "51 weeks", "ramp": "2 weeks"}, {}, "it grows until 53 weeks, after the run of 52 weeks"),
        ({}, {"horizons": ["weeks", "years"], "length": "3 days"}, "a step of 1 week in a run of 3 days"),
        ({}, {"rationing": "priority"}, "rationing: priority without a priority list"),
        ({}, {"priority": ["C26"]}, "a priority list with rationing: proportional"),
        ({}, {"needs": {"important": ["B"], "non_critical": ["B"]}}, "B in both important and non_critical"),
        ({}, {"uncertain": {"stocks": ["9", "3"]}}, "the band of stocks"),
    ],
    ids=["start", "ramp", "step", "priority", "list", "needs", "band"],
)
def test_settings_that_do_not_go_together(
    shock: dict[str, str], settings: dict[str, Any], what: str, tmp_path: Path
) -> None:
    (problem,) = refused(tmp_path, content({**BAN, **shock}, **settings))
    assert problem.what.endswith(what)


def test_a_late_shock_is_no_fault_where_weeks_are_not_run_and_a_horizon_needs_a_shock(tmp_path: Path) -> None:
    late = {**BAN, "start": "2 years"}
    assert refused(tmp_path, content(late, horizons=["quarters"])) == []
    tariff = {"kind": "tariff", "sender": "CHN", "receiver": "USA", "rate": "0.25"}
    problems = refused(tmp_path, content(tariff))
    assert [p.what for p in problems] == [
        "none of the shocks acts at the horizon of weeks",
        "none of the shocks acts at the horizon of quarters",
    ]
    assert problems[0].remedy == "Write `horizons: [years]`, where they act, or add such a shock."
    assert "tariff" not in problems[0].expected
    assert refused(tmp_path, content(tariff, horizons=["years"])) == []
    assert refused(tmp_path, content(tariff, BAN, horizons=["weeks", "years"])) == []


# --- all stages at once ---


def places(tmp_path: Path, said: Any) -> list[tuple[str, str]]:
    return [(p.where.removeprefix("mine.yaml"), p.what) for p in refused(tmp_path, said)]


def test_a_wrong_value_does_not_hide_settings_that_do_not_go_together(tmp_path: Path) -> None:
    licence = {"kind": "licence", "sender": "CHN:C26", "receiver": "JPN", "granted": "half"}
    licence |= {"products": ["284690"], "duration": "2 weeks", "delay": "3 weeks", "ramp": "4 weeks"}
    said = content(licence, {**BAN, "start": "2 years"}, draws="many", priority=["C26"])
    assert places(tmp_path, said) == [
        (": shocks[1] (licence).granted", "granted is half"),
        (": draws", "draws is many"),
        (": shocks[1] (licence)", "a ramp of 4 weeks in a duration of 2 weeks"),
        (": shocks[1] (licence)", "products and the sector C26 of the sender"),
        (": shocks[1] (licence)", "a delay of 3 weeks in a duration of 2 weeks"),
        ("", "a priority list with rationing: proportional"),
        ("", "export_ban CHN to USA: it begins after the run of 52 weeks"),
    ]


def test_all_settings_of_a_shock_that_do_not_go_together_are_told(tmp_path: Path) -> None:
    shock = {**BAN, "sender": "CHN:B", "products": ["284690"], "recovery": {"time": "1 week"}}
    assert places(tmp_path, content(shock)) == [
        (": shocks[1] (export_ban)", "a recovery without a duration"),
        (": shocks[1] (export_ban)", "products and the sector B of the sender"),
    ]


@pytest.mark.parametrize(
    ("shock", "settings"),
    [
        ({"duration": "some weeks", "recovery": {"time": "1 week"}}, {}),
        ({"durationn": "9 weeks", "recovery": {"time": "1 week"}}, {}),
        ({"products": ["1"], "needed_by": ["C26"]}, {}),
        ({"start": "60 weeks"}, {"lenght": "2 years"}),
        ({"kind": "tarif"}, {"horizons": ["years"]}),
        ({}, {"rationing": "priorty", "priority": ["C26"]}),
    ],
    ids=["duration", "slip", "products", "length", "kind", "rationing"],
)
def test_what_could_not_be_read_is_taken_for_no_further_fault(
    shock: dict[str, Any], settings: dict[str, Any], tmp_path: Path
) -> None:
    assert len(refused(tmp_path, content({**BAN, **shock}, **settings))) == 1


def test_what_of_a_faulty_file_can_be_read_goes_with_its_problems(tmp_path: Path) -> None:
    both = [{"id": "a"}, {"id": "b", "draws": 0}]
    said = content({**BAN, "share": "2"}, {"kind": "x"}, BAN, draws="many", scenarios=both)
    with pytest.raises(Faulty) as caught:
        taken(tmp_path, said)
    for part, name in zip(caught.value.parts, ("a", "b"), strict=True):
        assert part.id == name
        first, none, whole = part.shocks
        assert isinstance(first, ExportBan)
        assert (first.sender, hasattr(first, "share"), hasattr(none, "start")) == ("CHN", False, False)
        assert whole == Scenario.model_validate(content()).shocks[0]
    assert [hasattr(part, "draws") for part in caught.value.parts] == [False, True]


# --- names ---


def test_the_same_id_twice_is_refused(tmp_path: Path) -> None:
    said = {"title": "T", "shocks": [BAN], "scenarios": [{"id": "a.b"}, {"id": "a"}], "overrides": {"b": {}}}
    (problem,) = refused(tmp_path, said)
    assert problem.what == "the id a.b again"
    assert problem.where == "mine.yaml: scenarios[2] with overrides.b"


@pytest.mark.parametrize(
    "wrong",
    [
        "../x",
        "/etc/x",
        "a/b",
        "..",
        ".a",
        "a\\b",
        "größe",
        "A",
        "a b",
        "a:b",
        "",
        "x" * 81,
        "a\n",
        "a\x00",
        "非",
    ],
    ids=repr,
)
def test_ids_that_would_leave_a_folder_or_cannot_be_a_name(wrong: str, tmp_path: Path) -> None:
    (problem, *more) = refused(tmp_path, {**content(), "id": wrong})
    assert more == []
    if "\x00" not in wrong:
        assert problem.where == "mine.yaml: id"
        assert problem.expected.startswith("small letters, digits")
    found = refused(tmp_path, content(overrides={wrong: {}})) if wrong != "x" * 81 else [problem]
    assert bool(found) is (wrong not in ("..", ".a", ""))  # behind an id a dot more leads nowhere


def test_a_scenario_is_kept_and_made_again_as_it_was(tmp_path: Path) -> None:
    said = content(
        NAMED, stocks={"default": "3 months"}, uncertain={"stocks": ["30", "60"]}, length="2 years"
    )
    (one,) = taken(tmp_path, said)
    assert Scenario.model_validate_json(one.model_dump_json()) == one
    assert one.band("stocks") == (30.0, 60.0)


@pytest.mark.parametrize("said", ["fixed", "capacity"])
def test_a_setting_of_older_files_is_told_what_to_write_now(said: str, tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, content(orders=said))
    assert problem.what == "unknown setting orders"
    assert "`substitution: {default: 0}`" in problem.remedy


def test_parameters_with_a_band_of_no_width_are_not_drawn() -> None:
    one = scenario(uncertain={"stocks": [90, 90], "shock_size": [1, 1]})
    assert "stocks" not in one.drawn
    assert "shock_size" not in one.drawn
    assert "substitution" in one.drawn
    assert one.steps == 52
