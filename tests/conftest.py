"""What several suites share: steady hypothesis runs and the built-in tables, read once a process."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from zizhu.store import Workspace
from zizhu.tables.load import load_mrio, load_trade
from zizhu.tables.mrio import MRIO
from zizhu.tables.trade import Trade

# no deadline (machines differ) and, unless a search is asked for, the same examples in every run:
# few in the fast suite, more in the slow one, which runs these tests once more
_relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
settings.register_profile("steady", _relaxed, derandomize=True, max_examples=25)
settings.register_profile("thorough", _relaxed, derandomize=True, max_examples=100)
settings.register_profile("search", _relaxed, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


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
