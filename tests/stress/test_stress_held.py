"""What held production: every loss has one cause, and the causes are told by what they cost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stress.small import SAID, scenario
from tables.stored import store, workspace
from tables.strategies import random_table
from zizhu.stress import held, run
from zizhu.stress.periods import steps


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> run.Inputs:
    space = workspace(tmp_path_factory.mktemp("held"))
    store(space, random_table(11, 5, 5))
    return run.load(space, run.Params(scenario=scenario(draws=0)))


def test_the_causes_add_up_to_all_that_is_lost(inputs: run.Inputs) -> None:
    found, lost = held.frame(inputs), np.maximum(inputs.central.lost, 0.0)
    assert found["loss"].sum() == pytest.approx(lost.sum(dtype=float), rel=1e-12)
    assert found["of_losses"].sum() == pytest.approx(1.0, rel=1e-12)
    assert found["loss"].is_sorted(descending=True)
    assert found["input"].n_unique() == found.height


def test_lost_capacity_holds_from_the_step_in_which_it_is_lost(inputs: run.Inputs) -> None:
    """Two weeks pass before the industry that loses it stands still."""
    (capacity,) = held.frame(inputs).filter(input="capacity").to_dicts()
    assert capacity["since"] == list(steps(inputs.params.scenario))[2]
    assert capacity["where"] == SAID["shocks"][0]["at"]


def test_without_weeks_nothing_is_said_of_stocks(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    store(space, random_table(11, 5, 5))
    asked = run.load(space, run.Params(scenario=scenario(draws=0, horizons=["quarters"])))
    result = run.solve(asked)
    assert held.beside(asked, result) is result
