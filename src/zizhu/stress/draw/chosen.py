"""Which countries a picture of a run shows: those that its scenario names, then those of which most is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from zizhu.stress.scenario.model import Scenario
from zizhu.vocab import groups


def chosen(scenario: Scenario, rows: pl.DataFrame, count: int) -> list[str]:
    """At most `count` of the countries of `rows`, of which a country may have several.

    Those that the scenario names come first, in its order, of a group the member that loses or gains most money; the
    one that loses most is always among them. The others follow by the money that they lose or gain.
    """
    size = rows.group_by("country").agg(pl.col("loss").abs().max().alias("size"), pl.col("loss").max())
    order: list[str] = size.sort("size", "country", descending=[True, False])["country"].to_list()
    worst = size.sort("loss", "country", descending=[True, False])["country"].to_list()[:1]
    named = [who for code in _named(scenario) if (who := _one(code, order))]
    first = list(dict.fromkeys(named))[: count - 1]
    return list(dict.fromkeys((*first, *worst, *order)))[:count]


def _named(scenario: Scenario) -> Iterator[str]:
    """The countries and groups of the shocks, those that act before those that are acted upon."""
    for shock in scenario.shocks:
        yield from (side.partition(":")[0] for side in shock.sides)


def _one(code: str, order: Sequence[str]) -> str | None:
    """A country of `order`, of a group the first of its members there; none for the world."""
    if code in order:
        return code
    members = {m.iso3 for m in groups.groups()[code].members} if code in groups.groups() else set()
    return next((c for c in order if c in members), None)
