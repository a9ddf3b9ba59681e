"""The figure of several scenarios: the world's loss by week, one line a scenario, with bands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.stress.bounds import bound
from zizhu.stress.draw.losses import OF, UP, Drawn, drawn_as
from zizhu.stress.periods import ALL, ends
from zizhu.stress.rows import OUTPUT
from zizhu.stress.scenario.model import Scenario
from zizhu.vocab.groups import WORLD
from zizhu.vocab.sectors import TOTAL

LONGEST = 40
"""Letters of a title in a legend."""
Row = dict[str, Any]


def figure(result: Result) -> Figure:
    """Scenarios in one colour are variants of the first of them, and dashed; those without weeks are not drawn."""
    world = result.frame.filter(
        pl.col("measure") == OUTPUT, pl.col("country") == WORLD, pl.col("sector") == TOTAL
    )
    asked = {s["id"]: Scenario.model_validate(s) for s in result.run.params["scenarios"]}
    whole = world.filter(pl.col("period") == ALL).sort(
        "of_baseline", "scenario", descending=[True, False], nulls_last=True
    )
    names, drawn = called(list(asked.values())), drawn_as(whole, result)
    order = _by_family(whole["scenario"].to_list())
    return Figure(
        kind="lines",
        title="Scenarios side by side",
        sentence=f"{_who_costs(whole, asked, names, drawn)} {UP}",
        unit=drawn.unit,
        basis=result.basis,
        rows=tuple(
            {
                "scenario": bound(asked[name], OUTPUT).of(names[name]),
                "family": family,
                "variant": name != family,
            }
            | point
            for name, family in order.items()
            for point in _points(result, world, asked[name], drawn)
        ),
        encoding={
            "x": "week",
            "y": "loss",
            "series": "scenario",
            "family": "family",
            "dashed": "variant",
            "lower": "lower",
            "upper": "upper",
            "ref": "ref",
            "x_title": "week",
            "key": "above",
        },
        sources=result.run.inputs,
        notes=result.notes,
    )


def _points(result: Result, world: pl.DataFrame, scenario: Scenario, drawn: Drawn) -> Iterator[Row]:
    own = {r["period"]: r for r in world.filter(pl.col("scenario") == scenario.id).iter_rows(named=True)}
    for name, week in ends(scenario).items():
        if name in own:
            yield {
                "week": week,
                "loss": own[name][drawn.value],
                "lower": own[name][drawn.lower],
                "upper": own[name][drawn.upper],
                "ref": result.ref(own[name], drawn.value),
            }


def _who_costs(
    whole: pl.DataFrame, asked: Mapping[str, Scenario], names: Mapping[str, str], drawn: Drawn
) -> str:
    """The scenario that costs most, of each kind of bound where there are several: they are not ranked."""
    worst: dict[str, Row] = {}
    for row in whole.iter_rows(named=True):
        worst.setdefault(row["bound"], row)
    told = [
        (bound(asked[r["scenario"]], OUTPUT).of(names[r["scenario"]]), drawn.full(r, OF))
        for r in worst.values()
    ]
    if len(told) == 1:
        return f"{told[0][0]} costs the table's economies most: {told[0][1]}."
    each = "; ".join(f"{who} costs {what}" for who, what in told)
    return f"Bounds of different kinds are not ranked. The largest of each kind: {each}."


def _by_family(ids: Sequence[str]) -> dict[str, str]:
    """Every scenario with the one that it is a variant of, `id.name` of `id`, or itself: families together."""
    of = {i: next((b for b in sorted(ids, key=len) if i.startswith(f"{b}.")), i) for i in ids}
    first = list(dict.fromkeys(of[i] for i in ids))
    return {i: family for family in first for i in sorted(ids, key=lambda i: i != of[i]) if of[i] == family}


def called(scenarios: Sequence[Scenario]) -> dict[str, str]:
    """What a chart calls them: their titles, where each has one of its own that is short enough, else their ids."""
    titles = [s.title for s in scenarios]
    short = len(set(titles)) == len(titles) and max(map(len, titles)) <= LONGEST
    return {s.id: s.title if short else s.id for s in scenarios}
