"""Which bound losses are, and that answers and pictures say it: users without a way out, or a product by its value."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from stress.scenario.scenarios import BAN, scenario
from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.show.alone import alone
from zizhu.show.spec import spec
from zizhu.store import Workspace
from zizhu.stress import compare, run
from zizhu.stress.bounds import bound
from zizhu.stress.draw.losses import PANELS
from zizhu.stress.rows import FIRST, GAINED, OUTPUT, SALES, SHORTAGE, THROUGH, UNMET, by_scenario
from zizhu.stress.scenario.model import Scenario

GOODS = {**BAN, "products": ["284690"]}
NEEDED = {**GOODS, "needed_by": ["C26"]}
AT_HOME = {**NEEDED, "home_supply": 0.5}
SUPPLIED = "upper bound at the home supply assumed"
STOP = {"kind": "capacity", "at": "TWN:C26", "share": 1}
TARIFF = {"kind": "tariff", "sender": "CHN", "receiver": "USA", "products": ["284690"], "rate": 0.25}


@pytest.mark.parametrize(
    ("shocks", "weeks", "through", "first"),
    [
        ([NEEDED], "upper bound", "lower bound", "upper bound"),
        ([GOODS], "lower bound", "lower bound", "upper bound"),
        ([AT_HOME], SUPPLIED, "lower bound", SUPPLIED),
        ([STOP], "none", "none", "none"),
        ([BAN], "none", "none", "none"),
        ([NEEDED, STOP], "upper bound", "lower bound", "upper bound"),
        ([NEEDED, GOODS], "neither", "lower bound", "upper bound"),
        ([STOP, TARIFF], "none", "none", "none"),
    ],
    ids=["needed", "value", "home", "industry", "all", "with industry", "both", "years alone"],
)
def test_the_bound_is_that_of_what_a_shock_counts(
    shocks: list[dict[str, Any]], weeks: str, through: str, first: str
) -> None:
    said = scenario(*shocks)
    assert [bound(said, m).word for m in (OUTPUT, UNMET)] == [weeks] * 2
    assert bound(said, THROUGH).word == through
    assert [bound(said, m).word for m in (FIRST, SHORTAGE)] == [first] * 2
    assert {bound(said, m).word for m in (SALES, GAINED)} == {"none"}
    assert bool(bound(said, OUTPUT).told) is (weeks != "none")


def asked(name: str, *shocks: dict[str, Any], **said: Any) -> Scenario:
    short = {"draws": 0, "length": "3 weeks", "horizons": ["weeks"], "stocks": {"default": "7 days"}}
    return scenario(*shocks, **{**short, "id": name, "title": name, "table": "icio-2022", **said})


CHINA = {"sender": "CHN", "receiver": "JPN", "kind": "export_ban"}
UPPER = {**CHINA, "products": ["250410"], "needed_by": ["C27", "C24A"]}
LOWER = {**CHINA, "products": ["250410"]}


@pytest.fixture(scope="module")
def together(built_in_tables: Workspace) -> Result:
    """An upper bound, a variant of it, a lower bound, and a stop of whole industries."""
    said = (
        asked("graphite", UPPER),
        asked("graphite.half", {**UPPER, "share": 0.5}),
        asked("value", LOWER),
        asked("stop", STOP),
    )
    return compare.solve(compare.load(built_in_tables, compare.Params(scenarios=said)))


@pytest.mark.slow
def test_every_row_of_a_comparison_says_its_bound(together: Result) -> None:
    found = dict(
        together.frame.filter(pl.col("measure") == OUTPUT).select("scenario", "bound").unique().iter_rows()
    )
    assert found == {
        "graphite": "upper bound",
        "graphite.half": "upper bound",
        "value": "lower bound",
        "stop": "none",
    }
    assert "bound" not in together.units
    assert all("bound" in columns for _, _, columns in by_scenario(together))


@pytest.mark.slow
def test_bounds_of_different_kinds_are_not_ranked(together: Result) -> None:
    sentence = together.figure().sentence
    assert "not ranked" in sentence
    assert "most" not in sentence
    for named in ("graphite (upper bound) costs", "value (lower bound) costs", "stop costs"):
        assert named in sentence
    assert "graphite.half" not in sentence  # the smaller one of its kind
    assert "0.00%" not in sentence


@pytest.mark.slow
def test_one_kind_alone_has_a_largest(built_in_tables: Workspace) -> None:
    half = asked("half", {**STOP, "share": 0.5})
    both = compare.load(built_in_tables, compare.Params(scenarios=(asked("stop", STOP), half)))
    assert compare.solve(both).figure().sentence.startswith("stop costs the table's economies most: ")


@pytest.mark.slow
def test_what_is_said_of_scenarios_is_said_once_and_of_which(together: Result) -> None:
    of = [c.what.partition(": ")[0] for c in together.coverage]
    assert of == ["graphite, graphite.half", "value", "stop"]
    own = [n for n in together.notes if "an input of its own" in n]
    assert [n.partition(": ")[0] for n in own] == ["graphite, graphite.half"]
    common = [n for n in together.notes if n.startswith("Weeks: losses of output")]
    assert len(common) == 1
    assert len(set(together.notes)) == len(together.notes)


@pytest.mark.slow
def test_lines_have_colours_of_their_own_and_variants_are_dashed(together: Result) -> None:
    figure = together.figure()
    key = {r["scenario"]: (r["family"], r["variant"]) for r in figure.rows}
    assert key == {
        "graphite (upper bound)": ("graphite", False),
        "graphite.half (upper bound)": ("graphite", True),
        "value (lower bound)": ("value", False),
        "stop": ("stop", False),
    }
    drawn = lines(figure)
    colour = {name: drawn[name][0] for name in drawn}
    assert colour["graphite.half (upper bound)"] == colour["graphite (upper bound)"]
    assert len(set(colour.values())) == 3
    assert [name for name, (_, dashed) in drawn.items() if dashed] == ["graphite.half (upper bound)"]


def lines(figure: Figure) -> dict[str, tuple[str, bool]]:
    """The colour of every line by the name beside it in the key, and whether it is dashed there."""
    layers = spec(figure)["layer"]
    rules = {
        (v["y"], v["x"]): (v["stroke"], "strokeDash" in layer["mark"])
        for layer in layers
        if layer["mark"]["type"] == "rule"
        for v in layer["data"]["values"]
        if v.get("x2", 0) - v["x"] == 12
    }
    texts = [v for layer in layers if layer["mark"]["type"] == "text" for v in layer["data"]["values"]]
    names = {r["scenario"] for r in figure.rows}
    return {
        t["text"]: min(
            rules.items(), key=lambda rule: (abs(rule[0][0] - t["y"] + 4) > 6, abs(t["x"] - rule[0][1] - 16))
        )[1]
        for t in texts
        if t["text"] in names
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shock", "said"), [(UPPER, "an upper bound, as"), (LOWER, "a lower bound, as")], ids=["upper", "lower"]
)
def test_the_picture_of_a_run_says_its_bound_and_shows_whom_it_names(
    shock: dict[str, Any], said: str, built_in_tables: Workspace
) -> None:
    result = run.solve(run.load(built_in_tables, run.Params(scenario=asked("one", shock))))
    figure = result.figure()
    assert said in figure.sentence
    assert set(result.notes) <= set(figure.notes)
    panels = list(dict.fromkeys(r["panel"] for r in figure.rows))
    assert panels[:2] == ["China", "Japan"]
    assert panels[-1].startswith("World")
    assert len(panels) == PANELS
    whole = result.frame.filter(
        pl.col("sector") == "TOTAL", pl.col("period") == "all", pl.col("measure") == OUTPUT
    )
    largest = whole.filter(pl.col("country") != "WLD").sort(pl.col("loss").abs(), descending=True)["country"]
    shown = {r["ref"].split("|")[2] for r in figure.rows}
    assert shown == {"WLD", "CHN", "JPN", *[c for c in largest if c not in ("CHN", "JPN")][: PANELS - 3]}
    assert "bound" in alone(figure)
