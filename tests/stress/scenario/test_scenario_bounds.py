"""Every kind of shock takes what lies on its bounds, refuses what lies beyond, and says so in plain words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stress.scenario.scenarios import BAN, content, refused, scenario, taken
from zizhu.stress.scenario.shocks import BY_KIND, Recovery, Shock, Traded

SIDES = {"sender": "CHN", "receiver": "USA"}
NEEDED: dict[str, dict[str, Any]] = {
    "export_ban": SIDES,
    "embargo": SIDES,
    "quota": {**SIDES, "limit": "0.6"},
    "licence": {**SIDES, "granted": "0.5"},
    "tariff": {**SIDES, "rate": "0.25"},
    "export_tax": {**SIDES, "rate": "0.25"},
    "iceberg": {**SIDES, "change": "0.1"},
    "demand": {"sector": "WLD:C29", "change": "-0.2"},
    "capacity": {"at": "TWN:C26", "share": "0.3"},
    "destruction": {"at": "TWN:C26", "share": "0.3", "rebuilt_by": {"F": "1"}, "rebuilding": "26 weeks"},
    "technology": {"at": "TWN:C26", "change": "0.1"},
}
NUMBERS = {  # kind, setting: on the bounds, beyond them, the bounds in words
    ("export_ban", "share"): (["1e-9", "1"], ["0", "1.01"], "more than 0 and at most 1"),
    ("embargo", "share"): (["1"], ["0", "1.5"], "more than 0 and at most 1"),
    ("quota", "limit"): (["0", "1"], ["-0.1", "1.2"], "at least 0 and at most 1"),
    ("licence", "granted"): (["0", "1"], ["-0.1", "1.1"], "at least 0 and at most 1"),
    ("tariff", "rate"): (["-1", "100"], ["-1.01", "101"], "at least -1 and at most 100"),
    ("export_tax", "rate"): (["-1", "100"], ["-2", "1e9"], "at least -1 and at most 100"),
    ("iceberg", "change"): (["-0.99", "100"], ["-1", "101"], "more than -1 and at most 100"),
    ("demand", "change"): (["-1", "10"], ["-1.5", "11"], "at least -1 and at most 10"),
    ("capacity", "share"): (["1"], ["0", "2"], "more than 0 and at most 1"),
    ("destruction", "share"): (["1"], ["0", "2"], "more than 0 and at most 1"),
    ("technology", "change"): (["-0.99", "10"], ["-1", "11"], "more than -1 and at most 10"),
}
NO_NUMBERS = ("", "TODO", "nan", "inf", "-inf", "1e400", "true", "yes", "0,5", "half", "0x1", [], {})


def shock(kind: str, **settings: Any) -> dict[str, Any]:
    return {"kind": kind, **NEEDED[kind], **settings}


def around(kind: str, **settings: Any) -> dict[str, Any]:
    """A scenario with the shock at the horizons where it acts."""
    return content(shock(kind, **settings), horizons=sorted(BY_KIND[kind].acts))


def test_every_kind_is_tried() -> None:
    assert set(NEEDED) == set(BY_KIND)
    assert {kind for kind, _ in NUMBERS} == set(BY_KIND)


@pytest.mark.parametrize("kind", sorted(NEEDED))
def test_a_shock_needs_what_it_needs_and_no_more(kind: str, tmp_path: Path) -> None:
    assert refused(tmp_path, around(kind)) == []
    for setting in NEEDED[kind]:
        lacking = {k: v for k, v in shock(kind).items() if k != setting}
        (problem,) = refused(tmp_path, content(lacking, horizons=sorted(BY_KIND[kind].acts)))
        assert problem.what == f"no {setting}"
        assert problem.where == f"mine.yaml: shocks[1] ({kind}).{setting}"
        assert problem.expected == BY_KIND[kind].model_fields[setting].description
        assert problem.remedy == f"Add `{setting}: ...`."


@pytest.mark.parametrize(("kind", "setting"), sorted(NUMBERS))
def test_numbers_on_their_bounds_are_taken_and_those_beyond_refused(
    kind: str, setting: str, tmp_path: Path
) -> None:
    good, wrong, said = NUMBERS[kind, setting]
    for text in good:
        assert refused(tmp_path, around(kind, **{setting: text})) == []
    for text in wrong:
        (problem,) = refused(tmp_path, around(kind, **{setting: text}))
        assert problem.what == f"{setting} is {text}"
        assert problem.where == f"mine.yaml: shocks[1] ({kind}).{setting}"
        assert problem.expected == f"a number, {said}"
        assert problem.remedy == f"{setting}: {BY_KIND[kind].model_fields[setting].description}"


@pytest.mark.parametrize("text", NO_NUMBERS, ids=repr)
def test_what_is_no_number_is_refused(text: Any, tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, around("quota", limit=text))
    assert problem.expected == "a number, at least 0 and at most 1"
    told = {"": "limit is empty", "TODO": "limit is still to be filled in"}
    assert problem.what == told.get(str(text), f"limit is {text}")


def test_a_quota_above_the_base_is_refused_and_told_what_is_no_limit(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, around("quota", limit="1.5"))
    assert problem.expected == "a number, at least 0 and at most 1"
    assert problem.remedy.endswith("from 0 to 1: 0.6 for 60 %; 1 is no limit.")
    assert not refused(tmp_path, around("quota", limit="1"))


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"ramp": "2 days"}, "a ramp of destruction"),
        ({"duration": "2 weeks", "recovery": {"time": "2 days"}}, "a recovery of destruction"),
    ],
    ids=["ramp", "recovery"],
)
def test_destruction_happens_at_once(said: dict[str, Any], what: str, tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, around("destruction", **said))
    assert problem.what == what
    assert "`rebuilding` says how capacity comes back" in problem.remedy


@pytest.mark.parametrize("kind", sorted(NEEDED))
def test_times_of_every_kind(kind: str, tmp_path: Path) -> None:
    times: dict[str, Any] = {"start": "1 week", "duration": "10 weeks"}
    if kind != "destruction":
        times |= {"ramp": "2 weeks", "recovery": {"time": "3 weeks"}}
    assert (
        refused(tmp_path, around(kind, **times, **({"delay": "3 weeks"} if kind == "licence" else {}))) == []
    )
    wrong = {"start": "-1 week", "duration": "0 days", "ramp": "21 years"}
    problems = refused(tmp_path, around(kind, **wrong))
    assert [p.where.rpartition(".")[2] for p in problems] == list(wrong)
    span = "a number with its unit, such as 10 days, 26 weeks, 3 months or 2 years"
    assert [p.expected for p in problems] == [
        f"{span}, at most 20 years",
        f"{span}, more than 0 days and at most 20 years",
        f"{span}, at most 20 years",
    ]


@pytest.mark.parametrize(
    ("settings", "what", "expected"),
    [
        (
            {"ramp": "3 weeks", "duration": "2 weeks"},
            "a ramp of 3 weeks in a duration of 2 weeks",
            "no longer",
        ),
        (
            {"recovery": {"time": "3 weeks"}},
            "a recovery without a duration",
            "after which the recovery begins",
        ),
        (
            {"sender": "CHN:B", "products": ["284690"]},
            "products and the sector B of the sender",
            "one of the two",
        ),
        (
            {"products": ["28469", "", "٢٨٤٦٩٠"]},
            "28469, an empty code, ٢٨٤٦٩٠ among",
            "HS codes of six digits",
        ),
        ({"needed_by": ["C26"]}, "needed_by without products", "the products that these industries need"),
    ],
    ids=["ramp", "recovery", "sector", "codes", "needed_by"],
)
def test_settings_of_a_shock_that_contradict_each_other(
    settings: dict[str, Any], what: str, expected: str, tmp_path: Path
) -> None:
    (problem,) = refused(tmp_path, around("export_ban", **settings))
    assert what in problem.what
    assert expected in problem.expected
    assert "mine.yaml: shocks[1] (export_ban)" in problem.where


def test_a_delay_may_be_as_long_as_the_licences_are_needed_and_no_longer(tmp_path: Path) -> None:
    assert refused(tmp_path, around("licence", delay="4 weeks", duration="4 weeks")) == []
    (problem,) = refused(tmp_path, around("licence", delay="5 weeks", duration="4 weeks"))
    assert problem.what == "a delay of 5 weeks in a duration of 4 weeks"


@pytest.mark.parametrize(
    "shares", [{"F": "0.5"}, {"F": "1.5", "C": "-0.5"}, {"F": "0.6", "C": "0.6"}], ids=str
)
def test_those_who_rebuild_share_all_of_it(shares: dict[str, str], tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, around("destruction", rebuilt_by=shares))
    assert problem.what.startswith("rebuilt_by adds up to")
    assert problem.expected == "shares from 0 to 1 that add up to 1"


@pytest.mark.parametrize(
    ("side", "code"),
    [
        ("china", "CHN"),
        ("中国：C26", "CHN:C26"),
        ("United States", "USA"),
        ("eu27:C29", "EU27:C29"),
        ("ROW", "ROW"),
    ],
)
def test_sides_are_read_by_code_and_by_name(side: str, code: str) -> None:
    (one,) = scenario({**BAN, "sender": side, "receiver": "JPN"}).shocks
    assert isinstance(one, Traded)
    assert one.sender == code


@pytest.mark.parametrize("side", ["", ":", "CHN:", ":C26", "CHN:C26:C27", "no such land"])
def test_sides_that_are_none_are_refused(side: str, tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, around("export_ban", sender=side))
    assert problem.where == "mine.yaml: shocks[1] (export_ban).sender"
    assert problem.expected == "COUNTRY or GROUP, alone or with :SECTOR, such as CHN, EU27 or CHN:C26"


def test_every_setting_says_what_it_is() -> None:
    for model in (Shock, Recovery, *BY_KIND.values()):
        undescribed = [n for n, f in model.model_fields.items() if n != "kind" and not f.description]
        assert undescribed == []


@pytest.mark.parametrize("band", [["45 days", "90 days"], ["45", "90"], ["45 days", "90"], [45, 90.0]])
def test_bands_of_times_carry_units(band: list[Any], tmp_path: Path) -> None:
    (one,) = taken(tmp_path, content(uncertain={"stocks": band, "restocking": ["1 month", "2 months"]}))
    assert one.band("stocks") == (45.0, 90.0)
    assert one.band("restocking") == pytest.approx((365 / 12, 365 / 6))


@pytest.mark.parametrize(
    ("uncertain", "what"),
    [
        ({"stocks": ["45 dayz", "90 days"]}, "it is 45 dayz"),
        ({"stocks": ["90 days", "45 days"]}, "the band of stocks"),
        ({"stocks": ["1 day", "30 years"]}, "the band of stocks"),
        ({"overproduction": ["2 days", "3 days"]}, "it is 2 days"),
    ],
    ids=["no unit", "order", "long", "no time"],
)
def test_bands_that_are_none_are_refused(uncertain: dict[str, Any], what: str, tmp_path: Path) -> None:
    problems = refused(tmp_path, content(uncertain=uncertain))
    assert problems[0].what == what
    assert any(word in problems[0].expected for word in ("10 days", "20 years"))
