"""Runs: the id is the question, the output is the answer, and the record comes back as it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from zizhu.ledger.models import Record, Run
from zizhu.store import Workspace
from zizhu.store.digest import digest
from zizhu.store.runs import make_run
from zizhu.vocab.problems import ZizhuError

ANSWER = pl.DataFrame({"who": ["CHN", "USA"], "share": [0.25, 0.75]})
INPUT = f"table:t@{'0' * 32}"


class Question(Record):
    country: str = "CHN"
    cut: float = 1.0
    products: tuple[str, ...] = ("284690",)


def run(question: Question | None = None, frame: pl.DataFrame = ANSWER, **changes: Any) -> Run:
    asked: dict[str, Any] = {"method": "depend.test", "inputs": (INPUT,), "seed": None} | changes
    return make_run(
        asked["method"], question or Question(), asked["inputs"], frame, ("who",), seed=asked["seed"]
    )


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return Workspace(root=tmp_path / "mine", builtin=tmp_path / "none")


def test_the_same_question_has_the_same_id_and_the_same_answer_the_same_output() -> None:
    assert run() == run(Question(country="CHN"), ANSWER[::-1])
    assert run().output == digest(ANSWER, ("who",))


@pytest.mark.parametrize(
    "other",
    [
        run(Question(country="USA")),
        run(Question(cut=0.5)),
        run(Question(products=())),
        run(method="stress.test"),
        run(inputs=(f"table:t@{'1' * 32}",)),
        run(inputs=(INPUT, INPUT)),
        run(seed=1),
    ],
)
def test_another_question_has_another_id(other: Run) -> None:
    assert other.id != run().id
    assert other.output == run().output


def test_another_answer_to_the_same_question_keeps_the_id_and_changes_the_output() -> None:
    other = run(frame=ANSWER.with_columns(pl.col("share") / 2))
    assert other.id == run().id
    assert other.output != run().output


def test_an_answer_with_a_nan_is_no_run() -> None:
    with pytest.raises(ZizhuError, match="nan in row 1"):
        run(frame=ANSWER.with_columns(share=pl.Series([0.1, float("nan")])))


def test_a_saved_run_comes_back_as_it_was(space: Workspace) -> None:
    asked = run(seed=7)
    space.save_run(asked)
    found = space.load_run(asked.id)
    assert found.model_dump(mode="json") == asked.model_dump(mode="json")
    assert Question.model_validate(found.params) == Question()


def test_the_last_answer_to_a_question_is_kept(space: Workspace) -> None:
    space.save_run(run())
    last = run(frame=ANSWER.head(1))
    space.save_run(last)
    assert space.load_run(run().id).output == last.output


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe", b'{"id": "x"}', b"[]"])
def test_a_damaged_record_is_named_and_saving_again_mends_it(damage: bytes, space: Workspace) -> None:
    space.save_run(run())
    path = space.root / "runs" / f"{run().id}.json"
    path.write_bytes(damage)
    with pytest.raises(ZizhuError, match=run().id):
        space.load_run(run().id)
    space.save_run(run())
    assert space.load_run(run().id).output == run().output


def test_a_record_under_another_name_is_refused(space: Workspace) -> None:
    space.save_run(run())
    path = space.root / "runs" / f"{run().id}.json"
    path.rename(path.with_stem("0123456789ab"))
    with pytest.raises(ZizhuError, match=f"the record is of run {run().id}"):
        space.load_run("0123456789ab")


def test_a_record_with_a_key_it_does_not_know_is_refused(space: Workspace) -> None:
    space.save_run(run())
    path = space.root / "runs" / f"{run().id}.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"mood": "good"}))
    with pytest.raises(ZizhuError, match="mood") as caught:
        space.load_run(run().id)
    assert caught.value.problems[0].expected == "a known key"


@pytest.mark.parametrize("asked", ["", "nothing", "../mine/workspace", "/etc/passwd", ".."])
def test_an_unknown_run_lists_the_nearest(asked: str, space: Workspace) -> None:
    space.save_run(run())
    with pytest.raises(ZizhuError, match="unknown run") as caught:
        space.load_run(asked)
    assert run().id in str(space.load_run(run().id))
    assert caught.value.exit_code == 2


def test_a_mistyped_run_is_suggested(space: Workspace) -> None:
    space.save_run(run())
    with pytest.raises(ZizhuError) as caught:
        space.load_run(f"{run().id[:-1]}x")
    assert caught.value.problems[0].remedy == f"Nearest: {run().id}."
