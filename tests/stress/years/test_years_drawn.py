"""The figure of several horizons: a panel for each, never on one axis, every bar opens; nothing empty is drawn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stress.scenario.scenarios import scenario
from stress.years.planets import elastic, on, small
from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.show.spec import anchor, spec
from zizhu.store.parts import Parts
from zizhu.stress import run
from zizhu.stress.draw.horizons import side_by_side
from zizhu.stress.scenario.ground import Ground

BAN = {"kind": "export_ban", "sender": "CHN:C26", "receiver": "USA", "share": 0.5}
STOP = {"kind": "capacity", "at": "DEU:C26", "share": 0.5}


def answer(place: Path, *shocks: dict[str, Any], horizons: tuple[str, ...]) -> Result:
    said = scenario(*shocks, horizons=horizons, draws=5, insist=True, length="8 weeks")
    params = run.Params(scenario=said)
    asked = run.Inputs(params, Ground(small(), None), Parts.of(place, run.key(params, ())))
    if "years" in horizons:
        sets = elastic((4.0, 6.0, 2.5), spread=0.2)
        asked.__dict__["years"] = on(small(), *shocks, elastic=sets, draws=5)
    return run.solve(asked)


def panels(figure: Figure) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in figure.rows:
        found.setdefault(row["panel"], []).append(dict(row))
    return found


def test_three_horizons_have_four_panels_that_show_the_same_countries(tmp_path: Path) -> None:
    result = answer(tmp_path, BAN, horizons=("weeks", "quarters", "years"))
    figure = result.figure()
    found = panels(figure)
    assert [name.split(":")[0] for name in found] == [
        "Weeks",
        "Quarters, sellers",
        "Quarters, users",
        "Years",
    ]
    assert "8 weeks" in next(iter(found))
    assert len({tuple(r["country"] for r in rows) for rows in found.values()}) == 1
    assert "never added" in figure.sentence
    for row in figure.rows:
        key, _, column = row["ref"].partition("#")[2].rpartition(",")
        assert result.row(key)[column] == row["loss"]
        assert row["lower"] <= row["loss"] <= row["upper"]


@pytest.mark.parametrize("width", [340, 720])
def test_every_bar_has_the_axis_of_its_panel_and_opens(tmp_path: Path, width: int) -> None:
    figure = answer(tmp_path, BAN, horizons=("weeks", "quarters", "years")).figure()
    drawn = spec(figure, width=width)
    assert len(drawn["concat"]) == 4
    assert drawn["columns"] == (2 if width == 720 else 1)
    assert len({(v["width"], v["height"]) for v in drawn["concat"]}) == 1
    domains = [tuple(d) for view in drawn["concat"] for d in _domains(view)]
    assert len(set(domains)) > 1
    told = json.dumps(drawn)
    assert all(json.dumps(anchor(row["ref"])) in told for row in figure.rows)


def _domains(view: dict[str, Any]) -> Iterator[list[float]]:
    for layer in view["layer"]:
        scale = layer["encoding"].get("x", {}).get("scale")
        if scale:
            yield scale["domain"]


def test_a_side_on_which_nothing_is_lost_is_left_out(tmp_path: Path) -> None:
    found = panels(side_by_side(answer(tmp_path, STOP, horizons=("weeks", "quarters"))))
    assert [name.split(":")[0] for name in found] == ["Weeks", "Quarters, users"]


def test_weeks_keep_their_course_beside_quarters(tmp_path: Path) -> None:
    assert answer(tmp_path, STOP, horizons=("weeks", "quarters")).figure().kind == "small_multiples"


@pytest.mark.parametrize("horizon", ["weeks", "quarters", "years"])
def test_one_horizon_keeps_its_own_figure(tmp_path: Path, horizon: str) -> None:
    figure = answer(tmp_path, BAN, horizons=(horizon,)).figure()
    assert figure.kind == ("small_multiples" if horizon == "weeks" else "bars")
    assert "panel" not in figure.encoding or horizon == "weeks"
