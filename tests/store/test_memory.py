"""What is remembered of costly things: made once however many ask at once, the latest only, failures never."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from zizhu.store import Workspace
from zizhu.store.memory import Memory
from zizhu.tables.load import load_mrio, load_trade


def test_threads_that_ask_at_once_share_one_making() -> None:
    memory, made, ready = Memory(3), [], Barrier(8)

    def ask(_: int) -> object:
        ready.wait()
        return memory.once("thing", lambda: made.append(1) or object())

    with ThreadPoolExecutor(8) as pool:
        found = set(map(id, pool.map(ask, range(8))))
    assert (len(found), made) == (1, [1])


def test_the_latest_are_kept() -> None:
    memory = Memory(2)
    for key in ("a", "b", "a", "c"):
        memory.once(key, lambda key=key: key.upper())
    assert [memory.known(k) for k in ("a", "b", "c")] == ["A", None, "C"]


def test_a_failure_is_not_kept() -> None:
    memory = Memory(2)

    def fail() -> int:
        raise ValueError("once")

    with pytest.raises(ValueError, match="once"):
        memory.once("a", fail)
    assert memory.known("a") is None
    assert memory.once("a", lambda: 1) == 1


def test_a_workspace_with_a_memory_reads_a_table_once(built_in_tables: Workspace) -> None:
    ws = Workspace(built_in_tables.root, memory=Memory(2))
    assert load_mrio(ws, "icio-2022") is load_mrio(ws, "icio-2022")
    pinned = ws.pinned([load_trade(ws, "baci-raw-materials").ref])
    assert load_trade(pinned, "baci-raw-materials") is load_trade(ws, "baci-raw-materials")
    assert load_trade(built_in_tables, "baci-raw-materials") is not load_trade(ws, "baci-raw-materials")
