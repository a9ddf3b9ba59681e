"""`zizhu register` and `zizhu trace fact:<id>` on the built-in register and on a plan of one's own."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from cli.running import run, within
from zizhu.ledger import listed, register
from zizhu.ledger.register_fields import EXAMPLE, documented


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A place whose workspace has the plan of the documentation."""
    folder = tmp_path / "ws" / "register" / "mine"
    folder.mkdir(parents=True)
    for name, text in EXAMPLE.items():
        (folder / name).write_text(text, encoding="utf-8")
    return tmp_path


def answer(place: Path, *asked: str) -> Any:
    return json.loads(within("register", *asked, "--json", place=place).stdout)


def test_a_count_of_every_kind(tmp_path: Path) -> None:
    counted = {row["kind"]: row["records"] for row in answer(tmp_path, "list")}
    assert counted == listed.counts(register.builtin())


@pytest.mark.parametrize("kind", listed.KINDS)
def test_every_kind_can_be_listed(tmp_path: Path, kind: str) -> None:
    rows = answer(tmp_path, "list", kind)
    assert [row["id"] for row in rows] == list(getattr(register.builtin(), kind))
    shown = within("register", "list", kind, place=tmp_path).stdout
    assert shown.startswith(f"{kind} ({len(rows)})")


def test_lists_of_a_plan_a_sector_and_a_country(tmp_path: Path) -> None:
    mic = answer(tmp_path, "list", "target", "--plan", "mic2025")
    assert {row["plan"] for row in mic} == {"MIC2025"}
    assert len(mic) == 19
    chips = answer(tmp_path, "list", "targets", "--plan", "mic2025", "--sector", "芯片")
    assert [row["id"] for row in chips] == ["T007", "T008"]
    assert [row["id"] for row in answer(tmp_path, "list", "plans", "--country", "EU")] == [
        "EU Chips Act",
        "EU Digital Decade 2030",
    ]
    parts = answer(tmp_path, "list", "targets", "--plan", "14fyp")
    assert {"14th FYP", "14th FYP digital economy", "Robot plan 2021"} <= {row["plan"] for row in parts}


def test_amounts_come_with_totals_that_count_nothing_twice(tmp_path: Path) -> None:
    shown = within("register", "list", "amounts", "--country", "EU", place=tmp_path).stdout
    assert "money, no amount counted twice" in shown
    assert "eu-chips-act.target.eca" in shown


def test_a_plan_of_ones_own_is_listed_shown_searched_and_traced(mine: Path) -> None:
    assert "Chips at home" in {row["id"] for row in answer(mine, "list", "plans")}
    found = answer(mine, "show", "chips AT home")
    assert [t["id"] for t in found["sections"]["targets"]] == ["home-1"]
    assert [s["id"] for s in found["sources"]] == ["ministry-2026"]
    assert ("targets", "home-1") in {(r["kind"], r["id"]) for r in answer(mine, "search", "power", "chips")}
    traced = json.loads(within("trace", "fact:home-1", "--json", place=mine).stdout)
    assert (traced["value"], traced["unit"]) == (35, "percent")
    assert [s["producer"] for s in traced["sources"]] == ["Ministry of Economics"]
    steps = answer(mine, "diff", "eu chips act", "chips at home")["steps"]
    assert {s["change"] for s in steps} == {"dropped", "new"}


def test_a_broken_plan_is_refused_with_all_problems_and_leaves_nothing(mine: Path) -> None:
    targets = mine / "ws" / "register" / "mine" / "targets.csv"
    rows = list(csv.reader(EXAMPLE["targets.csv"].splitlines()))
    targets.write_text(
        EXAMPLE["targets.csv"].replace("percent", "percnt").replace("DEU", "DEX"), encoding="utf-8"
    )
    assert len(rows) == 2
    before = sorted(p.name for p in (mine / "ws").rglob("*"))
    shown = within("register", "list", "plans", place=mine, expect=2)
    assert shown.stdout == ""
    assert "mine/targets.csv, row 2, column unit" in shown.stderr
    assert "mine/targets.csv, row 2, column country" in shown.stderr
    assert sorted(p.name for p in (mine / "ws").rglob("*")) == before


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("MIC2025", "Made in China 2025"),
        ("T002", "domestic content"),
        ("big-fund-1.raised", "138.7"),
        ("MIC2025 countered by 2024.USA.tariff.1", "countered by"),
        ("place:Hefei", "CN-AH"),
        ("sti2030.quantum", "量子通信与量子计算机"),
        ("fuel-cell-shanghai", "place:Suzhou"),
        ("org:State-Council", "State Council"),
        ("EUC01", "share of the world market"),
    ],
)
def test_facts_of_every_kind_can_be_traced(tmp_path: Path, ref: str, words: str) -> None:
    shown = within("trace", f"fact:{ref}", place=tmp_path).stdout
    assert words in shown
    assert "Source (" in shown


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        (("list", "tragets"), "targets"),
        (("list", "targets", "--plan", "mic2052"), "MIC2025"),
        (("show", "T0002"), "T002"),
        (("diff", "14fyp", "15fpy"), "15 FYP"),
    ],
    ids=["kind", "plan", "record", "diff"],
)
def test_slips_of_the_keyboard_have_the_nearest_names(
    tmp_path: Path, asked: tuple[str, ...], near: str
) -> None:
    shown = within("register", *asked, place=tmp_path, expect=2)
    assert near in shown.stderr


def test_diff_says_what_cannot_be_compared_and_what_dropped_means(tmp_path: Path) -> None:
    shown = within("register", "diff", "13fyp", "14fyp", place=tmp_path).stdout
    assert "targets carried: 3" in shown
    assert "other units (percent, percent per year)" in shown
    assert "A plan promises more than was read of it." in " ".join(shown.split())
    assert answer(tmp_path, "diff", "13fyp", "14fyp") == answer(tmp_path, "diff", "13th FYP", "14th FYP")


def test_show_has_events_counter_measures_and_the_line(tmp_path: Path) -> None:
    shown = within("register", "show", "中国制造2025", place=tmp_path).stdout
    for words in ("line of succession", "countered by 2024.EU.tariff.1", "MLP2006", "Source DOC001 (medium)"):
        assert words in shown


def test_nothing_found_says_where_to_look(tmp_path: Path) -> None:
    assert "zizhu register list" in within("register", "search", "zeppelin", place=tmp_path).stdout
    assert answer(tmp_path, "search", "zeppelin") == []


def test_fields_are_the_documentation(tmp_path: Path) -> None:
    assert within("register", "fields", place=tmp_path).stdout == documented()


def test_the_register_needs_no_table_engine(tmp_path: Path) -> None:
    done = run("register", "show", "MIC2025", "--json", place=tmp_path)
    assert json.loads(done.stdout)["id"] == "MIC2025"
