"""What is kept is not computed again, wherever it was computed, and damaged parts are made anew."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from multiprocessing import active_children
from pathlib import Path

import numpy as np
import pytest

from zizhu.store.files import alive
from zizhu.store.parts import Arrays, Parts
from zizhu.stress.ensemble import runs
from zizhu.stress.ensemble.computed import AT_ONCE, computed, silent
from zizhu.stress.ensemble.executor import Processes, Serial, executor
from zizhu.stress.ensemble.runs import Runs
from zizhu.tables.leontief import Matrix
from zizhu.vocab.problems import ZizhuError

KEY = "0123456789abcdef01234567"
VALUES = np.arange(100.0).reshape(50, 2)


def squared(values: Matrix) -> Arrays:
    return {"sum": values.sum(axis=1), "squares": values**2}


def counted(place: Path, values: Matrix) -> Arrays:
    """As `squared`, leaving a mark for each batch that is computed."""
    (place / f"made-{int(values[0, 0])}").touch()
    return squared(values)


def broken(at: int, values: Matrix) -> Arrays:
    if values[0, 0] >= at:
        raise RuntimeError("the machine died")
    return squared(values)


def dying(task: int) -> Arrays:
    if task == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.2)
    return {}


def large(task: int) -> Arrays:
    return {"a": np.full(10_000_000, task)}


def assert_right(found: Runs) -> None:
    assert np.array_equal(found.all("squares"), VALUES**2)
    assert np.array_equal(found.all("sum"), VALUES.sum(axis=1))


@pytest.mark.slow
def test_processes_make_the_same(tmp_path: Path) -> None:
    assert_right(computed(squared, VALUES, Parts.of(tmp_path, KEY), Serial(), silent))
    assert_right(computed(squared, VALUES, Parts.of(tmp_path / "other", KEY), Processes(2), silent))


def test_what_is_kept_is_not_computed_again(tmp_path: Path) -> None:
    parts = Parts.of(tmp_path, KEY)
    with pytest.raises(RuntimeError, match="died"):
        computed(partial(broken, 2 * AT_ONCE), VALUES, parts, Serial(), silent)
    done = len(parts.names())
    assert 0 < done < len(VALUES) / AT_ONCE
    told: list[tuple[int, int]] = []
    assert_right(
        computed(partial(counted, tmp_path), VALUES, parts, Serial(), lambda a, b: told.append((a, b)))
    )
    assert len(list(tmp_path.glob("made-*"))) == -(-len(VALUES) // AT_ONCE) - done
    assert told[0] == (done * AT_ONCE, len(VALUES))
    assert told[-1] == (len(VALUES), len(VALUES))


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 cut off", b"no zip"])
def test_a_damaged_part_counts_as_not_there(tmp_path: Path, damage: bytes) -> None:
    parts = Parts.of(tmp_path, KEY)
    computed(squared, VALUES, parts, Serial(), silent)
    hit = parts.names()[1]
    (parts.folder / f"{hit}.npz").write_bytes(damage)
    assert parts.read(hit) is None
    assert_right(computed(squared, VALUES, parts, Serial(), silent))
    assert parts.read(hit) is not None


def test_a_part_cut_short_counts_as_not_there(tmp_path: Path) -> None:
    parts = Parts.of(tmp_path, KEY)
    parts.write("one", {"a": np.arange(1000.0)})
    path = parts.folder / "one.npz"
    path.write_bytes(path.read_bytes()[:4000])
    assert parts.read("one") is None


def test_no_part_runs_code(tmp_path: Path) -> None:
    """A part with a pickled object is none."""
    parts = Parts.of(tmp_path, KEY)
    parts.folder.mkdir(parents=True)
    np.savez(parts.folder / "one.npz", a=np.array([{"x": 1}], dtype=object))
    assert parts.read("one") is None


@pytest.mark.parametrize("key", ["../../etc", "", "ABCDEF012345", "0123"])
def test_a_key_is_no_path(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        Parts.of(tmp_path, key)


@pytest.mark.parametrize("name", ["../x", "A", "", "a/b"])
def test_a_name_is_no_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        Parts.of(tmp_path, KEY).write(name, {"a": np.zeros(1)})


def test_work_is_found_by_its_plan_and_can_be_removed(tmp_path: Path) -> None:
    parts = Parts.of(tmp_path, KEY)
    assert Parts.kept(tmp_path) == []
    parts.begin('{"a": 1}')
    parts.begin("another plan changes nothing")
    assert parts.plan() == '{"a": 1}'
    assert Parts.kept(tmp_path) == [parts]
    parts.discard()
    assert Parts.kept(tmp_path) == []
    assert parts.plan() is None


def test_lent_without_a_copy_to_each_and_taken_back(tmp_path: Path) -> None:
    parts = Parts.of(tmp_path, KEY)
    with parts.lent(VALUES) as path, parts.lent(VALUES + 1) as other:
        held = np.load(path, mmap_mode="r")
        assert isinstance(held, np.memmap)
        assert np.array_equal(held, VALUES)
        assert np.array_equal(np.load(other), VALUES + 1)
        parts.begin("{}")  # sweeps what nobody uses any more
        assert path.is_file()
    assert not path.exists()
    assert parts.names() == []


@pytest.mark.parametrize("at", range(0, 700, 7))
def test_a_part_with_a_wrong_byte_is_right_or_not_there(at: int, tmp_path: Path) -> None:
    parts = Parts.of(tmp_path, KEY)
    parts.write("one", {"a": np.arange(20.0)})
    path = parts.folder / "one.npz"
    content = bytearray(path.read_bytes())
    content[at % len(content)] ^= 0xFF
    path.write_bytes(content)
    found = parts.read("one")
    assert found is None or "a" not in found or np.array_equal(found["a"], np.arange(20.0))


def test_a_part_of_other_length_counts_as_not_there(tmp_path: Path) -> None:
    parts = Parts.of(tmp_path, KEY)
    computed(squared, VALUES, parts, Serial(), silent)
    parts.write(parts.names()[0], {"sum": np.zeros(3), "squares": np.zeros((3, 2))})
    assert_right(computed(squared, VALUES, parts, Serial(), silent))


def test_parts_that_go_while_they_are_read_are_told(tmp_path: Path) -> None:
    parts = Parts.of(tmp_path, KEY)
    found = computed(squared, VALUES, parts, Serial(), silent)
    second = found.names[1]
    (parts.folder / f"{second}.npz").unlink()
    with pytest.raises(ZizhuError, match=f"{second} is damaged or gone"):
        found.all("sum")


def test_a_band_in_blocks_is_the_band_of_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of one number, of three, and all at once; the central run is always in the band."""
    values = np.random.default_rng(4).random((37, 14))

    def cubes(rows: Matrix) -> Arrays:
        return {"cube": rows.reshape(len(rows), 2, 7) ** 3}

    found = computed(cubes, values, Parts.of(tmp_path, KEY), Serial(), silent)
    whole = values.reshape(37, 2, 7) ** 3
    for size in (1, 3 * 8 * 37, 10**9):
        monkeypatch.setattr(runs, "AT_ONCE", size)
        spread = found.spread("cube")
        assert np.array_equal(spread.central, whole[0])
        assert np.array_equal(spread.lower, np.minimum(np.quantile(whole[1:], 0.05, axis=0), whole[0]))
        assert np.array_equal(spread.upper, np.maximum(np.quantile(whole[1:], 0.95, axis=0), whole[0]))
        halves = found.spread("cube", lambda a: a.sum(axis=2))
        rows = whole.sum(axis=2)
        assert np.array_equal(halves.upper, np.maximum(np.quantile(rows[1:], 0.95, axis=0), rows[0]))


def test_without_draws_there_is_no_band(tmp_path: Path) -> None:
    found = computed(squared, VALUES[:1], Parts.of(tmp_path, KEY), Serial(), silent)
    spread = found.spread("squares")
    assert np.array_equal(spread.central, VALUES[0] ** 2)
    assert np.isnan(spread.lower).all()
    assert np.isnan(spread.upper).all()
    assert np.array_equal(found.central("squares"), VALUES[0] ** 2)


@pytest.mark.slow
def test_workers_end_with_the_process_that_began_them(tmp_path: Path) -> None:
    """It is killed: nobody can tell its workers, which wait for work that never comes."""
    code = (
        "import os, time\n"
        "from multiprocessing import active_children\n"
        "from zizhu.stress.ensemble.executor import Processes\n"
        "if __name__ == '__main__':\n"
        "    list_ = Processes(2).run(abs, range(-100, 0))\n"
        "    next(list_)\n"
        "    print(*(p.pid for p in active_children()), flush=True)\n"
        "    time.sleep(60)\n"
    )
    script = tmp_path / "begun.py"
    script.write_text(code)
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        workers = [int(pid) for pid in process.stdout.readline().split()]
        assert len(workers) == 2
        process.kill()
    until = time.monotonic() + 30
    while any(alive(pid) for pid in workers) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(alive(pid) for pid in workers)


@pytest.mark.slow
def test_a_process_that_dies_is_told_and_the_others_end() -> None:
    running = Processes(2).run(dying, range(3))
    with pytest.raises(ZizhuError, match="ended by signal 9"):
        list(running)
    assert active_children() == []


@pytest.mark.slow
def test_what_work_raises_comes_back_from_a_process(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="the machine died"):
        computed(partial(broken, 2 * AT_ONCE), VALUES, Parts.of(tmp_path, KEY), Processes(2), silent)
    assert active_children() == []


@pytest.mark.slow
def test_what_is_half_sent_holds_nobody_up() -> None:
    """One result is taken; the other process has filled its pipe and waits for a reader that never comes."""
    running = Processes(2).run(large, range(9))
    next(running)
    time.sleep(0.5)
    running.close()
    assert active_children() == []


@pytest.mark.parametrize(
    ("workers", "batches", "expected"),
    [(None, 1, Serial), (4, 1, Serial), (1, 9, Serial), (2, 9, Processes), (9, 2, Processes)],
)
def test_processes_only_where_there_is_work_for_several(
    workers: int | None, batches: int, expected: type[Serial | Processes]
) -> None:
    found = executor(workers, batches)
    assert isinstance(found, expected)
    if isinstance(found, Processes):
        assert found.count == 2
