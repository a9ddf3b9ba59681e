"""What is kept of runs: listed, found again and removed, also where somebody has written into it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from stress.scenario.scenarios import scenario
from zizhu.store.parts import Parts
from zizhu.stress.ensemble.computed import batches
from zizhu.stress.kept import UNREADABLE, discard, kept, scenario_of
from zizhu.vocab.problems import ZizhuError

KEY = "0123456789abcdef01234567"
SAID = json.dumps({"scenario": scenario(draws=40).model_dump(mode="json")})


def begun(root: Path, plan: str = SAID, key: str = KEY) -> Parts:
    parts = Parts.of(root, key)
    parts.begin(plan)
    return parts


def test_a_run_is_listed_with_how_far_it_is(tmp_path: Path) -> None:
    parts = begun(tmp_path)
    (parts.folder / "batch-0000000.npz").write_bytes(b"1234")
    (found,) = kept(tmp_path)
    assert found[:5] == (KEY, "one", "One", 1, batches(41))
    assert found.bytes == len(SAID.encode()) + 4
    assert scenario_of(tmp_path, KEY).draws == 40
    discard(tmp_path, KEY)
    assert kept(tmp_path) == []


@pytest.mark.parametrize(
    "plan",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"scenario": 3}',
        '{"scenario": {"id": "../../etc", "title": "x", "shocks": []}}',
        '{"scenario": {"id": "one"',
        "[" * 100_000,
        "\x00\x01",
        SAID.replace('"draws": 40', '"draws": -1'),
        SAID.replace('"draws": 40', '"draws": 1e400'),
        SAID.replace('"draws": 40', '"draws": NaN'),
    ],
    ids=range(12),
)
def test_a_plan_that_cannot_be_read_is_listed_and_can_be_discarded(plan: str, tmp_path: Path) -> None:
    begun(tmp_path, plan)
    (found,) = kept(tmp_path)
    assert found[:5] == (KEY, "", UNREADABLE, 0, 0)
    with pytest.raises(ZizhuError):
        scenario_of(tmp_path, KEY)
    discard(tmp_path, KEY)
    assert kept(tmp_path) == []


def test_a_plan_of_an_earlier_version_says_what_to_do(tmp_path: Path) -> None:
    begun(tmp_path, SAID.replace('"draws": 40', '"draws": 40, "orders": "fixed"'))
    with pytest.raises(ZizhuError) as caught:
        scenario_of(tmp_path, KEY)
    (problem,) = caught.value.problems
    assert problem.what == UNREADABLE
    assert "Run the scenario again" in problem.remedy


def test_bytes_that_are_no_text_are_no_plan(tmp_path: Path) -> None:
    (begun(tmp_path).folder / "plan.json").write_bytes(b"\xff\xfe{}")
    assert kept(tmp_path)[0].title == UNREADABLE


def test_other_folders_are_nobodys_runs(tmp_path: Path) -> None:
    begun(tmp_path)
    for name in ("backup", "..x", "ABCDEF012345", "0123"):
        folder = tmp_path / "parts" / name
        folder.mkdir()
        (folder / "plan.json").write_text(SAID)
    (tmp_path / "parts" / "fedcba9876543210").mkdir()
    assert [one.key for one in kept(tmp_path)] == [KEY]


@pytest.mark.parametrize("key", ["../../etc", KEY[:-1], "", "fedcba9876543210fedcba98"])
def test_an_unknown_key_is_told(key: str, tmp_path: Path) -> None:
    begun(tmp_path)
    for asked in (scenario_of, discard):
        with pytest.raises(ZizhuError, match="run"):
            asked(tmp_path, key)
    assert len(kept(tmp_path)) == 1


def test_the_latest_comes_first(tmp_path: Path) -> None:
    first, second = begun(tmp_path), begun(tmp_path, key="ab" * 12)
    os.utime(first.folder / "plan.json", (1, 1))
    assert [one.key for one in kept(tmp_path)] == [second.key, first.key]


def test_what_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "parts").write_text("")
    with pytest.raises(ZizhuError, match="cannot be written"):
        begun(tmp_path)
