"""What several suites share: steady hypothesis runs and the built-in tables, read once a process."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Generator, Iterator
from copy import copy
from dataclasses import replace
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

from zizhu.store import Workspace
from zizhu.store.workspace import builtin_root
from zizhu.tables.load import load_mrio, load_trade
from zizhu.tables.mrio import MRIO
from zizhu.tables.trade import Trade

T = TypeVar("T")

# no deadline (machines differ) and, unless a search is asked for, the same examples in every run:
# few in the fast suite, more in the slow one, which runs these tests once more
_relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
settings.register_profile("steady", _relaxed, derandomize=True, max_examples=12)
settings.register_profile("thorough", _relaxed, derandomize=True, max_examples=100)
settings.register_profile("search", _relaxed, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected lives to the end: the collector of garbage need not look for it, then or at every test."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _flows_factored_once() -> Iterator[None]:
    """Every workspace answers from the same arrays and factors of the built-in flows: factoring takes a second.

    Each still gets a table of its own, without what answers keep with theirs (`lu.inverse`). Workspaces with a memory
    of their own, other built-in tables or a table of that name of the user's read as they would.
    """
    kept: dict[str, MRIO] = {}
    once = Workspace.once

    def shared(self: Workspace, version: str, make: Callable[[], T]) -> T:
        kind, _, ref = version.partition(" ")
        own = self.root / "tables" / ref.removeprefix("table:").partition("@")[0]
        if kind != "flows" or self.memory is not None or self.builtin != builtin_root() or own.exists():
            return once(self, version, make)
        if version not in kept:
            kept[version] = make()  # type: ignore[assignment]
        return _anew(kept[version])  # type: ignore[return-value]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Workspace, "once", shared)
        yield


def _anew(mrio: MRIO) -> MRIO:
    """The same table, with its factors and what they say every output contains."""
    again = copy(mrio)
    vars(again).update(lu=replace(mrio.lu), contained=mrio.contained)
    return again


@pytest.fixture(scope="session")
def built_in_tables(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The built-in workspace; no user's workspace is in the way."""
    return Workspace(root=tmp_path_factory.mktemp("no-workspace"))


@pytest.fixture(scope="session")
def icio(built_in_tables: Workspace) -> MRIO:
    return load_mrio(built_in_tables, "icio-2022")


@pytest.fixture(scope="session")
def baci(built_in_tables: Workspace) -> Trade:
    return load_trade(built_in_tables, "baci-raw-materials")
