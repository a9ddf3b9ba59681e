"""Data described anew: every description stays, and an answer goes on citing the one that it was given with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from zizhu.ledger.models import Record
from zizhu.store import Workspace
from zizhu.store.meta import Origin, RawFile
from zizhu.store.runs import make_run
from zizhu.vocab.problems import ZizhuError

FRAME = pl.DataFrame({"k": ["a", "b"], "v": [1.0, 2.0]})
META: dict[str, Any] = {"title": "First", "sources": ("s",), "units": {"v": "USD"}}
RAW = RawFile(name="f.csv", bytes=1, sha256="0" * 64)


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return Workspace(root=tmp_path / "mine", builtin=tmp_path / "none")


def commit(space: Workspace, frame: pl.DataFrame = FRAME, **changes: Any) -> str:
    space.commit("t", frame, ("k",), META | changes)
    return space.read("t").meta.ref


def test_every_description_can_be_read_by_its_reference(space: Workspace) -> None:
    refs = {title: commit(space, title=title) for title in ("First", "Second", "Third")}
    assert len(set(refs.values())) == 3
    assert len({space.pinned([ref]).read("t").meta.digest for ref in refs.values()}) == 1
    assert {t: space.pinned([ref]).read("t").meta.title for t, ref in refs.items()} == {t: t for t in refs}
    assert space.versions("t")[0].title == "First"
    assert {m.ref for m in space.versions("t")} == set(refs.values())
    assert space.read("t").meta.title == "Third"
    short = space.read("t").meta.short
    assert space.read("t", short).meta.ref == refs["Third"]


def test_the_first_description_has_the_plain_reference_and_is_never_written_again(space: Workspace) -> None:
    first = commit(space)
    assert first == f"table:t@{space.read('t').meta.digest}"
    path = space.read("t").path.with_name("meta.json")
    before = path.read_bytes()
    commit(space, notes=("A remark",))
    assert path.read_bytes() == before
    assert commit(space) == first
    assert space.read("t").meta.notes == ()


def test_going_back_to_a_description_writes_nothing(space: Workspace) -> None:
    second = [commit(space), commit(space, title="Second"), commit(space), commit(space, title="Second")][
        1::2
    ]
    assert second[0] == second[1]
    assert len(list(space.root.glob("tables/t/*/meta*.json"))) == 2


def test_when_it_was_read_is_no_other_description(space: Workspace) -> None:
    def read_on(day: str, version: str, file: str = "f.csv") -> str:
        raw = RAW.model_copy(update={"name": file})
        return commit(space, origin=Origin(files=(raw,), reader="r", version=version, added=day))

    first = read_on("2026-01-01", "0.1")
    assert read_on("2026-02-02", "0.2") == first
    origin = space.read("t").meta.origin
    assert origin is not None
    assert (origin.added, origin.version) == ("2026-01-01", "0.1")
    assert read_on("2026-02-02", "0.2", "another.csv") != first


def test_an_answer_and_its_run_are_others_after_another_description(space: Workspace) -> None:
    refs = [commit(space), commit(space, title="Second")]
    runs = [make_run("m", Record(), (ref,), FRAME, ("k",)) for ref in refs]
    assert runs[0].id != runs[1].id
    assert runs[0].output == runs[1].output


def test_a_part_described_anew_gives_the_whole_another_version(space: Workspace) -> None:
    def whole(note: str) -> str:
        with space.batch() as batch:
            part = batch.add("part", FRAME, ("k",), META | {"notes": (note,)})
            return batch.add("t", FRAME, ("k",), META | {"parts": {"nodes": part.ref}}).ref

    first, second = whole("one"), whole("two")
    assert first != second
    parts = [space.pinned([ref]).read("t").meta.parts["nodes"] for ref in (first, second)]
    assert [space.pinned([p]).read("part").meta.notes for p in parts] == [("one",), ("two",)]


def test_data_that_were_damaged_are_whole_under_every_description(space: Workspace) -> None:
    refs = [commit(space), commit(space, title="Second")]
    path = space.read("t").path
    path.write_bytes(path.read_bytes()[:-9])
    commit(space, title="Second")
    for ref in refs:
        assert space.pinned([ref]).read("t").frame.equals(FRAME)


def test_a_damaged_description_is_named_and_mended_by_committing_again(space: Workspace) -> None:
    commit(space)
    commit(space, title="Second")
    (described,) = space.root.glob("tables/t/*/meta-*.json")
    assert set(json.loads(described.read_text())).isdisjoint({"sha256", "digest", "rows"})
    described.write_text("{")
    with pytest.raises(ZizhuError) as caught:
        space.read("t")
    assert {p.where for p in caught.value.problems} == {str(described)}
    commit(space, title="Second")
    assert space.read("t").meta.title == "Second"


def test_a_description_that_is_not_here_lists_those_that_are(space: Workspace) -> None:
    commit(space)
    second = commit(space, title="Second").partition("@")[2]
    digest = second.partition(".")[0]
    for wrong in (f"{digest}.{'0' * 12}", f"{digest}.../x", f"{digest}."):
        with pytest.raises(ZizhuError, match="unknown digest"):
            space.read("t", wrong)
    with pytest.raises(ZizhuError, match=second):
        space.read("t", "f" * 32)


def test_a_table_is_removed_with_all_descriptions(space: Workspace) -> None:
    commit(space)
    commit(space, title="Second")
    assert space.remove("t") == ["t"]
    assert not list(space.root.glob("tables/t/**/*.json"))
