"""References to runs that an earlier version recorded in words of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from stress.small import scenario
from tables.stored import store, workspace
from tables.strategies import random_table
from zizhu.show.trace import trace
from zizhu.stress import run
from zizhu.vocab.problems import ZizhuError


def test_a_run_of_an_earlier_version_says_what_to_do(tmp_path: Path) -> None:
    """Its scenario has a setting that is none any more."""
    space = workspace(tmp_path)
    store(space, random_table(3, 3, 3))
    asked = run.Params(scenario=scenario(draws=0, horizons=["quarters"]))
    made = run.solve(run.load(space, asked)).run
    older = made.model_copy(
        update={"params": {"scenario": {**made.params["scenario"], "orders": "fixed"}}, "version": "0.0.9"}
    )
    space.save_run(older)
    with pytest.raises(ZizhuError) as caught:
        trace(space, f"run:{made.id}#quarters|lost sales|WLD|TOTAL|a year,loss")
    (problem,) = caught.value.problems
    assert problem.what == "its question cannot be read by this version: scenario.orders"
    assert problem.where == f"run {made.id}, made by zizhu 0.0.9"
    assert "Ask it again" in problem.remedy
