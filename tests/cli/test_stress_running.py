"""`zizhu stress run`, `compare`, `list`, `resume` and `discard` as a user runs them, also when they are broken off."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from cli.running import ZIZHU, environment, run, within
from tables.stored import store
from tables.strategies import random_table
from zizhu.ledger import register
from zizhu.store import Workspace
from zizhu.store.files import alive
from zizhu.stress.ensemble.computed import batches

STOP: dict[str, Any] = {
    "id": "stop",
    "title": "Germany's [electronics] stop",
    "table": "small",
    "draws": 14,
    "length": "8 weeks",
    "insist": True,
    "shocks": [
        {"name": "out", "kind": "capacity", "at": "DEU:C26", "share": 0.8, "duration": "4 weeks"},
        {"name": "ban", "kind": "export_ban", "sender": "CHN:C28", "receiver": "USA", "share": 0.5},
    ],
}
LONGEST = 110.0


def made(place: Path, sectors: int = 4, **said: Any) -> Path:
    """A workspace with a small table under `place`, and a scenario file in it."""
    store(
        Workspace(root=place / "ws"), random_table(5, 4, sectors), sources=(next(iter(register.sources())),)
    )
    file = place / "mine.yaml"
    file.write_text(yaml.safe_dump({**STOP, **said}), "utf-8")
    return file


def asked(*arguments: str, place: Path, **more: Any) -> Any:
    """The JSON that a command prints."""
    return json.loads(within("stress", *arguments, "--json", place=place, **more).stdout)


def kept(place: Path) -> list[Any]:
    found = asked("list", place=place)
    assert isinstance(found, list)
    return found


def digest(place: Path, *arguments: str) -> str:
    return str(asked(*arguments, place=place)["run"]["output"])


@pytest.mark.slow
def test_an_answer_in_all_its_forms(tmp_path: Path) -> None:
    made(tmp_path)
    forms = ("--csv", "rows.csv", "--plot", "course.svg", "--trace", "1")
    found = asked("run", "mine.yaml", *forms, place=tmp_path)
    assert {"columns", "units", "rows", "run", "coverage", "trace"} <= set(found)
    assert found["run"]["method"] == "stress.run"
    numbers = set(found["columns"]) - {"horizon", "measure", "country", "sector", "period"}
    assert set(found["units"]) == numbers
    assert all(len(row) == len(found["columns"]) for row in found["rows"])
    written = pl.read_csv(tmp_path / "rows.csv", infer_schema_length=None)
    assert written.columns == found["columns"]
    assert written.height == len(found["rows"])
    assert ET.fromstring((tmp_path / "course.svg").read_text("utf-8")).tag.endswith("svg")
    opened = found["trace"]
    assert opened["ref"].endswith("#weeks|output|WLD|TOTAL|all,loss")
    traced = json.loads(within("trace", opened["ref"], "--json", place=tmp_path).stdout)
    assert traced["value"] == opened["value"]
    page = within("stress", "run", "mine.yaml", "--top", "2", place=tmp_path).stdout
    assert "Weeks, output lost against the table" in page
    assert "What moves the band" not in page  # 14 draws of 6 parameters are one short of a ranking
    assert f"run:{found['run']['id']}" in page


def test_the_answer_comes_first_and_names_may_hold_brackets(tmp_path: Path) -> None:
    """Brackets are nobody's markup, closing ones neither."""
    odd = {**STOP["shocks"][0], "name": "[/out] [b]all[/b]"}
    made(tmp_path, draws=0, horizons=["weeks"], shocks=[odd])
    page = within("stress", "run", "mine.yaml", place=tmp_path).stdout
    title, sentence, *_ = page.splitlines()
    assert title == STOP["title"]
    assert sentence.startswith("Germany loses most money: ")
    assert "Up is" not in sentence  # there is no picture
    assert "[/out] [b]all[/b]" in page
    found = asked("run", "mine.yaml", place=tmp_path)
    assert {"input", "since", "where", "loss", "of_losses"} == set(found["what_held"][0])


def test_what_moves_the_band_is_told_and_can_be_traced(tmp_path: Path) -> None:
    made(tmp_path, horizons=["weeks"], length="3 weeks")
    page = within("stress", "run", "mine.yaml", "--draws", "15", "--workers", "1", place=tmp_path).stdout
    assert "What moves the band" in page
    runs = [json.loads(p.read_text()) for p in (tmp_path / "ws/runs").glob("*.json")]
    (spread,) = (r["id"] for r in runs if r["method"] == "stress.spread")
    opened = within("trace", f"run:{spread}#shock_size,explained", place=tmp_path).stdout
    assert "mean loss of the world" in opened


def test_scenarios_side_by_side(tmp_path: Path) -> None:
    made(tmp_path, draws=0, overrides={"mild": {"shocks": {"out": {"share": 0.1}}}})
    found = asked("compare", "mine.yaml", "--plot", "both.svg", "--trace", "1", place=tmp_path)
    assert {row[0] for row in found["rows"]} == {"stop", "stop.mild"}
    drawn = (tmp_path / "both.svg").read_text("utf-8")
    ET.fromstring(drawn)
    assert "stop.mild" in drawn
    page = within("stress", "compare", "mine.yaml", place=tmp_path).stdout
    assert "Weeks, output lost against the table" in page


def test_of_several_scenarios_one_is_named(tmp_path: Path) -> None:
    made(tmp_path, draws=0, overrides={"mild": {"draws": 0}, "hard": {"seed": 3}})
    said = within("stress", "run", "mine.yaml", place=tmp_path, expect=2).stderr
    assert "3 scenarios in the file: stop, stop.hard, stop.mild" in " ".join(said.split())
    assert "--scenario" in said
    wrong = within("stress", "run", "mine.yaml", "--scenario", "stop.mind", place=tmp_path, expect=2).stderr
    assert "stop.mild" in wrong
    one = asked("run", "mine.yaml", "--scenario", "stop.hard", place=tmp_path)
    assert one["run"]["params"]["scenario"]["id"] == "stop.hard"


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("run", "no.yaml"), "no.yaml"),
        (("run", "mine.yaml", "--draws", "100001"), "100000"),
        (("run", "mine.yaml", "--trace", "9999"), "no row 9999"),
        (("run", "mine.yaml", "--csv", "rows.txt"), "rows.txt"),
        (("compare", "mine.yaml", "mine.yaml"), "stop twice"),
        (("compare", "mine.yaml"), "at least 2"),
        (("resume", "0123456789abcdef01234567"), "run"),
        (("discard", "../../etc"), "run"),
    ],
    ids=["file", "draws", "trace", "csv", "twice", "one", "resume", "discard"],
)
def test_bad_input_is_told(arguments: tuple[str, ...], what: str, tmp_path: Path) -> None:
    made(tmp_path, draws=0, length="2 weeks")
    said = within("stress", *arguments, place=tmp_path, expect=2).stderr
    assert what in " ".join(said.split())


def test_all_faults_of_all_stages_are_told_at_once(tmp_path: Path) -> None:
    wrong: list[dict[str, Any]] = [
        {"kind": "export_ban", "sender": "CNH", "receiver": "ATLANTIS", "share": 2},
        {"kind": "capacity", "at": "DEU:C99", "share": 1, "duration": "1 week", "ramp": "2 weeks"},
        {"kind": "quotta"},
    ]
    made(tmp_path, shocks=wrong, overrides={"more": {"seed": 2}})
    whats = (
        "share is 2",
        "unknown kind of shock quotta",
        "a ramp of 2 weeks in a duration of 1 week",
        "unknown country or group 'CNH'",
        "unknown country or group 'ATLANTIS'",
        "unknown sector 'C99'",
    )
    for command in ("run", "compare"):
        said = " ".join(within("stress", command, "mine.yaml", place=tmp_path, expect=2).stderr.split())
        assert said.startswith(f"{len(whats)} problems")
        assert all(said.count(what) == 1 for what in whats)


def test_what_a_table_does_not_have_is_told_of_a_scenario_and_not_of_its_variants(tmp_path: Path) -> None:
    ban = {**STOP["shocks"][1], "sender": "CNH", "receiver": "ATLANTIS"}
    made(
        tmp_path,
        shocks=[ban],
        overrides={"more": {"seed": 2}, "other": {"shocks": {"ban": {"sender": "CNX"}}}},
    )
    said = " ".join(within("stress", "compare", "mine.yaml", place=tmp_path, expect=2).stderr.split())
    assert said.startswith("3 problems")
    assert said.count("stop: shock 1 (ban)") == 2
    assert said.count("stop.other: shock 1 (ban)") == 1


def test_what_the_data_cannot_answer_is_told(tmp_path: Path) -> None:
    made(tmp_path, shocks=[{**STOP["shocks"][1], "sender": "VNM:C28"}])
    said = within("stress", "run", "mine.yaml", place=tmp_path, expect=3).stderr
    assert "VNM is not in A small table" in said
    quarterly = made(tmp_path, horizons=["quarters"], overrides={"more": {"seed": 2}})
    within("stress", "compare", quarterly.name, "--plot", "x.svg", place=tmp_path)
    assert "by horizon" in (tmp_path / "x.svg").read_text()


@pytest.mark.slow
def test_what_is_kept_is_listed_gone_on_with_and_removed(tmp_path: Path) -> None:
    made(tmp_path, horizons=["weeks"])
    assert "Nothing is kept" in within("stress", "list", place=tmp_path).stdout
    output = digest(tmp_path, "run", "mine.yaml")
    (one,) = kept(tmp_path)
    assert (one["id"], one["title"]) == ("stop", STOP["title"])
    assert one["done"] == one["of"] == 2
    assert STOP["title"] in within("stress", "list", place=tmp_path).stdout
    assert digest(tmp_path, "resume", one["key"]) == output
    assert f"Removed {one['key']}" in within("stress", "discard", one["key"], place=tmp_path).stdout
    assert kept(tmp_path) == []


def test_a_plan_that_was_changed_is_told_and_nothing_old_is_used(tmp_path: Path) -> None:
    made(tmp_path, horizons=["weeks"], draws=0)
    output = digest(tmp_path, "run", "mine.yaml")
    (one,) = kept(tmp_path)
    plan = tmp_path / "ws/parts" / one["key"] / "plan.json"
    said = json.loads(plan.read_text())
    said["scenario"]["shocks"][0]["share"] = 0.1
    plan.write_text(json.dumps(said))
    again = within("stress", "resume", one["key"], "--json", place=tmp_path)
    assert f"Nothing kept as {one['key']} can be used" in again.stderr
    assert json.loads(again.stdout)["run"]["output"] != output
    assert len(kept(tmp_path)) == 2


@pytest.mark.slow
def test_workers_do_not_change_the_answer(tmp_path: Path) -> None:
    made(tmp_path, draws=40, horizons=["weeks"])
    one = digest(tmp_path, "run", "mine.yaml", "--workers", "1")
    within("stress", "discard", kept(tmp_path)[0]["key"], place=tmp_path)
    done = run("stress", "run", "mine.yaml", "--workers", "2", "--json", place=tmp_path)
    assert json.loads(done.stdout)["run"]["output"] == one


def begun(place: Path, *arguments: str) -> subprocess.Popen[str]:
    """The command line in a process group of its own, as a terminal begins it, until a batch is kept."""
    process = subprocess.Popen(
        [*ZIZHU, "stress", *arguments],
        cwd=place,
        env=environment(place),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
        start_new_session=True,
    )
    until = time.monotonic() + LONGEST
    while not list(place.glob("ws/parts/*/batch-*.npz")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.01)
    return process


def group_of(process: subprocess.Popen[str]) -> list[int]:
    """The processes of the group that still run (Linux)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(group) == process.pid and state != "Z":
            found.append(int(stat.parent.name))
    return found


LONG: dict[str, Any] = {"draws": 111, "length": "26 weeks", "step": "1 day", "horizons": ["weeks"]}
"""Batches of about a second each."""
BATCHES = batches(LONG["draws"] + 1)


@pytest.mark.slow
def test_a_killed_run_goes_on_to_the_same_answer(tmp_path: Path) -> None:
    """The whole group is killed in the middle, as by a machine that loses power."""
    killed, other = tmp_path / "killed", tmp_path / "other"
    for place in (killed, other):
        place.mkdir()
        made(place, **LONG)
    process = begun(killed, "run", "mine.yaml", "--workers", "2")
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    (one,) = kept(killed)
    assert 0 < one["done"] < one["of"] == BATCHES
    done = run("stress", "resume", one["key"], "--workers", "2", "--json", place=killed)
    assert json.loads(done.stdout)["run"]["output"] == digest(other, "run", "mine.yaml", "--workers", "1")
    (one,) = kept(killed)
    assert one["done"] == one["of"]
    assert not list(killed.glob("ws/parts/*/.tmp-*"))


@pytest.mark.slow
@pytest.mark.parametrize("whole", [True, False], ids=["terminal", "process"])
def test_a_stopped_run_says_what_is_kept_and_leaves_nobody(whole: bool, tmp_path: Path) -> None:
    """A terminal sends Ctrl-C to the whole group, `kill -INT` to the process alone."""
    made(tmp_path, **LONG)
    process = begun(tmp_path, "run", "mine.yaml", "--workers", "2")
    workers = group_of(process)
    assert len(workers) > 2
    (os.killpg if whole else os.kill)(process.pid, signal.SIGINT)
    told, said = process.communicate(timeout=LONGEST)
    kept_, stopped = said.splitlines()
    assert (process.returncode, told) == (130, "")
    assert "Batches that are done are kept" in kept_
    assert stopped == "Stopped; nothing was left half-written."
    until = time.monotonic() + 10
    while any(alive(pid) for pid in workers) and time.monotonic() < until:
        time.sleep(0.05)
    assert group_of(process) == []
    assert not list(tmp_path.glob("ws/parts/*/.tmp-*"))
    assert 0 < kept(tmp_path)[0]["done"] < BATCHES
