"""What is kept is not computed again, wherever it was computed, and damaged parts are made anew."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from zizhu.store.parts import Parts
from zizhu.stress.ensemble.computed import AT_ONCE, computed, silent
from zizhu.stress.ensemble.executor import Arrays, Processes, Serial
from zizhu.tables.leontief import Matrix

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


def assert_right(found: Arrays) -> None:
    assert np.array_equal(found["squares"], VALUES**2)
    assert np.array_equal(found["sum"], VALUES.sum(axis=1))


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


def test_mapped_once_and_read_without_a_copy(tmp_path: Path) -> None:
    parts = Parts.of(tmp_path, KEY)
    path = parts.mapped("flows", VALUES)
    assert parts.mapped("flows", VALUES + 1) == path
    held = np.load(path, mmap_mode="r")
    assert isinstance(held, np.memmap)
    assert np.array_equal(held, VALUES)
