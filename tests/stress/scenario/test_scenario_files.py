"""Files that are no scenarios: too much, of another kind, damaged, or meant to harm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stress.scenario.scenarios import BAN, refused, taken
from zizhu.stress.scenario.reading import MOST, MOST_SHOCKS, read
from zizhu.vocab.problems import ZizhuError


def test_a_bomb_is_one_problem(tmp_path: Path) -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"b{k}: &b{k} [*a, *a, *a, *a]\n" for k in range(20))
    (problem,) = refused(tmp_path, bomb)
    assert (problem.what, problem.where) == ("an anchor or alias", "mine.yaml, line 1")
    assert len(refused(tmp_path, "a: !x 1\nb: !y 2\nc: !x 3\n")) == 2


@pytest.mark.parametrize(
    "place",
    [
        lambda some: {"shocks": some},
        lambda some: {"scenarios": [{"id": "a", "shocks": some[:250]}, {"id": "b", "shocks": some[250:]}]},
        lambda some: {"shocks": some[:1], "overrides": {"a": {"shocks": some[1:]}}},
    ],
    ids=["top", "scenarios", "overrides"],
)
def test_at_most_500_shocks(place: Any, tmp_path: Path) -> None:
    one = {"id": "one", "title": "One"}
    assert taken(tmp_path, {**one, **place([dict(BAN) for _ in range(MOST_SHOCKS)])})
    (problem,) = refused(tmp_path, {**one, **place([dict(BAN) for _ in range(MOST_SHOCKS + 1)])})
    assert (problem.what, problem.expected) == ("501 shocks", "at most 500")


def test_at_most_500_scenarios(tmp_path: Path) -> None:
    one = {"title": "T", "shocks": [BAN], "draws": 0}
    many = [{"id": f"s{i}"} for i in range(MOST // 2)]
    assert len(taken(tmp_path, {**one, "scenarios": many, "overrides": {"x": {}}})) == MOST
    (problem,) = refused(tmp_path, {**one, "scenarios": [*many, {"id": "more"}], "overrides": {"x": {}}})
    assert (problem.what, problem.expected) == ("502 scenarios", "at most 500")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "no settings"),
        ("- a\n- b\n", "no settings"),
        ("title", "no settings"),
        ("scenarios: a", "scenarios is no list"),
        ("scenarios: []", "scenarios is no list"),
        ("overrides: [a]", "no settings below it"),
        ("a: &x 1\nb: *x", "an anchor or alias"),
        ("a: !!python/object/apply:os.system ['true']", "the tag"),
        ("a: 1\na: 2", "'a' twice"),
        ("a: [1", "no YAML"),
        ("a: " + "[" * 50 + "]" * 50, "too deep or too odd"),
        ("[" * 100_000, "too deep or too odd"),
        ("title: \x07", "no YAML"),
    ],
    ids=[
        "empty",
        "list",
        "text",
        "scenarios",
        "none",
        "overrides",
        "anchor",
        "tag",
        "twice",
        "open",
        "deep",
        "deeper",
        "bell",
    ],
)
def test_files_that_are_no_scenarios(text: str, what: str, tmp_path: Path) -> None:
    problems = refused(tmp_path, text)
    assert any(p.what.startswith(what) for p in problems)
    assert all("mine.yaml" in p.where for p in problems)


def test_files_that_are_no_text_too_large_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    for written, what in ((b"title: \xff\xfe", "is not UTF-8"), (b"#" * 1_100_000, "more than 1 MB")):
        path.write_bytes(written)
        with pytest.raises(ZizhuError, match=what):
            read(path)
    with pytest.raises(ZizhuError, match="no such file"):
        read(tmp_path / "none.yaml")
