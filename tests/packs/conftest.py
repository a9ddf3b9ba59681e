from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from zizhu.store import Table, Workspace


@pytest.fixture(scope="session")
def built_in(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Table]:
    """Reads a built-in table; no user's workspace is in the way."""
    return Workspace(root=tmp_path_factory.mktemp("no-workspace")).read


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference tables beside the repository, for those who have it."""
    folder = Path(__file__).resolve().parents[3] / "shared" / "data" / "embed"
    if not folder.is_dir():
        pytest.skip("the reference tables (../shared/data/embed) are not on this machine")
    return folder


@pytest.fixture(scope="session")
def nodes(built_in: Callable[[str], Table]) -> pl.DataFrame:
    return built_in("icio-2022-nodes").frame


@pytest.fixture(scope="session")
def flows(built_in: Callable[[str], Table]) -> NDArray[np.float32]:
    """Z[seller, buyer], million USD, country-major."""
    return built_in("icio-2022").frame["v"].to_numpy().reshape(4000, 4000)


@pytest.fixture(scope="session")
def trade(built_in: Callable[[str], Table]) -> pl.DataFrame:
    return built_in("baci-raw-materials").frame
