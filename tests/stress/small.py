"""A scenario on a small table for the tests: an industry stands still while another country stops selling."""

from __future__ import annotations

from typing import Any

import polars as pl

from zizhu.ledger.result import Result
from zizhu.store import Workspace
from zizhu.stress import run
from zizhu.stress.scenario.model import Scenario

SAID: dict[str, Any] = {
    "id": "stop",
    "title": "Germany's electronics stop",
    "draws": 20,
    "length": "26 weeks",
    "stocks": {"default": "14 days"},
    "shocks": [
        {
            "name": "out",
            "kind": "capacity",
            "at": "DEU:C26",
            "share": 0.8,
            "start": "2 weeks",
            "duration": "6 weeks",
            "recovery": {"time": "4 weeks"},
        },
        {"name": "ban", "kind": "export_ban", "sender": "CHN:C28", "receiver": "USA", "share": 0.5},
    ],
}


def scenario(**said: Any) -> Scenario:
    return Scenario.model_validate({"table": "small", "insist": True, **SAID, **said})


def load(ws: Workspace, **said: Any) -> run.Inputs:
    return run.load(ws, run.Params(scenario=scenario(**said)))


def picked(result: Result, **key: str) -> pl.DataFrame:
    return result.frame.filter(*(pl.col(k) == v for k, v in key.items()))
