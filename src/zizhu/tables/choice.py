"""Which table answers when none is named: the best of those that are here, and why.

An input-output table is better when its last year is later, then when it has the rest of the world, then when final
demand is known by destination, then when its cells are exact. Calibrated tables are for the model they were made for.
For a question that needs final demand by destination, a table that knows it comes before any other.
A trade table is better when it has LONG years, then when it has all products, then when it is as published, then when
its last year is later.
A table of the user's own answers where it is named: it may be that of one country.
Only tables with the industries and the product revision of the vocabulary take part: the crosswalks of the strategies
are written in these codes. With final demand by destination a table in other industries takes part too, behind those.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import polars as pl

from zizhu.store import Table, Workspace
from zizhu.tables.load import TRADE
from zizhu.vocab.problems import Problem, ZizhuError
from zizhu.vocab.products import REVISION
from zizhu.vocab.sectors import sectors

ALL_PRODUCTS = "all"
LONG = 11
"""Years that a change of a decade needs."""


class Choice(NamedTuple):
    """The name of the chosen table, and why it was preferred to the next best, which may have something for it too.

    `why` is empty when it is alone.
    """

    name: str
    why: str


Merit = tuple[Any, str]
"""What a table is measured by, more is better, and the words for having more of it than another."""


@dataclass(frozen=True)
class Best:
    """The best tables of a workspace, whose descriptions are read once for both kinds."""

    workspace: Workspace

    @cached_property
    def mrio(self) -> Choice:
        """The best input-output table; raises ZizhuError when there is none."""
        return self._best("input-output table", _mrio_merits)

    @cached_property
    def mrio_with_final(self) -> Choice:
        """The best that measures final demand by destination; where none does, as `mrio`."""
        return self._best("input-output table", _final_merits)

    @cached_property
    def trade(self) -> Choice:
        """The best trade table; raises ZizhuError when there is none."""
        return self._best("trade table", _trade_merits)

    @cached_property
    def _tables(self) -> tuple[list[Table], dict[str, Problem]]:
        return _tables(self.workspace)

    def _best(self, kind: str, merits: Callable[[Workspace, Table], list[Merit] | None]) -> Choice:
        readable, damaged = self._tables
        ranked = [(m, t.meta.name) for t in readable if (m := merits(self.workspace, t)) is not None]
        if not ranked:
            remedy = "Reinstall zizhu, or name a table of your own."
            none = Problem(f"no {kind}", str(self.workspace.root), f"a table of kind {kind}", remedy)
            raise ZizhuError([*damaged.values(), none])
        ranked.sort(key=lambda pair: ([value for value, _ in pair[0]], pair[1]), reverse=True)
        (best, name), *others = ranked
        said = [f"{other} cannot be read and takes no part: `zizhu data check {other}`." for other in damaged]
        if others:
            next_best, other = others[0]
            told = f"{name} is used and not {other}: {_more(best, next_best) or 'they are alike'}."
            its = _more(next_best, best)
            said.insert(0, f"{told} For {other}: {its}." if its else told)
        return Choice(name, " ".join(said))


def _more(mine: list[Merit], other: list[Merit]) -> str:
    """In words what one table has more of than another."""
    words = [said for (value, said), (its, _) in zip(mine, other, strict=True) if value > its]
    return ", ".join(dict.fromkeys(words))


def _tables(workspace: Workspace) -> tuple[list[Table], dict[str, Problem]]:
    """The tables whose description can be read, and what is wrong with the others."""
    readable, damaged = [], {}
    for name in workspace.names():
        try:
            readable.append(workspace.read(name))
        except ZizhuError as error:
            damaged[name] = error.problems[0]
    return readable, damaged


def _mrio_merits(workspace: Workspace, table: Table) -> list[Merit] | None:
    return _flow_merits(table) if _answers(table) and _has_industries(workspace, table) else None


def _final_merits(workspace: Workspace, table: Table) -> list[Merit] | None:
    if not _answers(table):
        return None
    measured, ours = _measures_final(table), _has_industries(workspace, table)
    if not measured and not ours:
        return None
    return [(measured, _HAS_FINAL), (ours, "it has the industries of the strategies"), *_flow_merits(table)]


def _answers(table: Table) -> bool:
    flags = table.meta.flags
    return bool(flags.get("kind") == "mrio" and not flags.get("derived") and flags.get("years"))


def _measures_final(table: Table) -> bool:
    flags = table.meta.flags
    return bool(flags.get("has_final_by_destination") and not flags.get("final_is_estimated"))


_HAS_FINAL = "it has final demand by destination"


def _flow_merits(table: Table) -> list[Merit]:
    flags = table.meta.flags
    last = max(flags["years"])
    return [
        (last, f"it is of {last}"),
        (bool(flags.get("has_rest_of_world")), "it has the rest of the world"),
        (_measures_final(table), _HAS_FINAL),
        (-float(flags.get("lossy_relative_error", 0.0)), "its cells are closer to the published ones"),
    ]


def _has_industries(workspace: Workspace, table: Table) -> bool:
    """Whether every industry of the vocabulary is in the table."""
    name, _, digest = table.meta.parts.get("nodes", "").removeprefix("table:").partition("@")
    with suppress(ZizhuError, pl.exceptions.PolarsError, OSError):
        held = pl.scan_parquet(workspace.read(name, digest).path, glob=False).select("sector").collect()
        return set(sectors()) <= set(held["sector"])
    return False


def _trade_merits(_: Workspace, table: Table) -> list[Merit] | None:
    flags = table.meta.flags
    if (
        flags.get("kind") != TRADE
        or flags.get("revision") != REVISION
        or flags.get("own")
        or not flags.get("years")
    ):
        return None
    last, years = max(flags["years"]), len(flags["years"])
    return [
        (years >= LONG, "it has enough years to see a change"),
        (flags.get("products") == ALL_PRODUCTS, "it has all products"),
        (not flags.get("derived"), "it is as published"),
        (last, f"it goes to {last}"),
        (years, f"it has {years} years"),
    ]
