"""Which table answers when none is named: the best of those that are here, and why.

An input-output table is better when its last year is later, then when it has the rest of the world, then when final
demand is known by destination, then when its cells are exact. A trade table is better when it has all products, then
when its last year is later. Only tables with the industries and the product revision of the vocabulary take part:
the crosswalks of the strategies are written in these codes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple

import polars as pl

from zizhu.store import Table, Workspace
from zizhu.tables.load import TRADE
from zizhu.vocab.problems import Problem, ZizhuError
from zizhu.vocab.sectors import sectors

ALL_PRODUCTS = "all"
REVISION = "HS1992"


class Choice(NamedTuple):
    """The name of the chosen table, and a sentence that says why it was preferred to the others ("" when alone)."""

    name: str
    why: str


def best_mrio(workspace: Workspace) -> Choice:
    """The best input-output table; raises ZizhuError when there is none."""
    return _best(workspace, "an input-output table", _mrio_rank, _mrio_merits)


def best_trade(workspace: Workspace) -> Choice:
    """The best trade table; raises ZizhuError when there is none."""
    return _best(workspace, "a trade table", _trade_rank, _trade_merits)


Rank = tuple[Any, ...]


def _best(
    workspace: Workspace,
    kind: str,
    rank: Callable[[Workspace, Table], Rank | None],
    merits: Callable[[Table], list[str]],
) -> Choice:
    ranked = [(r, t) for t in _readable(workspace) if (r := rank(workspace, t)) is not None]
    if not ranked:
        remedy = "Reinstall zizhu, or name a table of your own."
        raise ZizhuError(Problem(f"no {kind.partition(' ')[2]}", str(workspace.root), kind, remedy))
    ranked.sort(key=lambda pair: pair[0], reverse=True)
    chosen = ranked[0][1]
    others = [t for _, t in ranked[1:]]
    if not others:
        return Choice(chosen.meta.name, "")
    told = [m for m in merits(chosen) if m not in merits(others[0])]
    reason = ", ".join(told) or "the same merits and a name that comes first"
    return Choice(chosen.meta.name, f"{chosen.meta.name} is used and not {others[0].meta.name}: {reason}.")


def _readable(workspace: Workspace) -> Iterator[Table]:
    """Tables whose description can be read: a damaged one is no choice, and is reported where it is asked for."""
    for name in workspace.names():
        with suppress(ZizhuError):
            yield workspace.read(name)


def _mrio_rank(workspace: Workspace, table: Table) -> Rank | None:
    flags = table.meta.flags
    if flags.get("kind") != "mrio" or not flags.get("years") or not _has_industries(workspace, table):
        return None
    final = bool(flags.get("has_final_by_destination")) and not flags.get("final_is_estimated")
    return (
        max(flags["years"]),
        bool(flags.get("has_rest_of_world")),
        final,
        -float(flags.get("lossy_relative_error", 0.0)),
        table.meta.name,
    )


def _mrio_merits(table: Table) -> list[str]:
    flags = table.meta.flags
    told = {
        f"it is of {max(flags['years'])}": True,
        "it has the rest of the world": flags.get("has_rest_of_world"),
        "it has final demand by destination": flags.get("has_final_by_destination")
        and not flags.get("final_is_estimated"),
        "its cells are as published": not flags.get("lossy_relative_error"),
    }
    return [words for words, holds in told.items() if holds]


def _has_industries(workspace: Workspace, table: Table) -> bool:
    """Whether every industry of the vocabulary is in the table."""
    name, _, digest = table.meta.parts.get("nodes", "").removeprefix("table:").partition("@")
    with suppress(ZizhuError, pl.exceptions.PolarsError, OSError):
        held = pl.scan_parquet(workspace.read(name, digest).path, glob=False).select("sector").collect()
        return set(sectors()) <= set(held["sector"])
    return False


def _trade_rank(_: Workspace, table: Table) -> Rank | None:
    flags = table.meta.flags
    if flags.get("kind") != TRADE or flags.get("revision") != REVISION or not flags.get("years"):
        return None
    return flags.get("products") == ALL_PRODUCTS, max(flags["years"]), len(flags["years"]), table.meta.name


def _trade_merits(table: Table) -> list[str]:
    flags = table.meta.flags
    told = {
        "it has all products": flags.get("products") == ALL_PRODUCTS,
        f"it goes to {max(flags['years'])}": True,
    }
    return [words for words, holds in told.items() if holds]
