"""Batches: tables are published together or not at all; large ones come in parts and are the same table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.store import Workspace
from zizhu.store.digest import digest, digest_of_file
from zizhu.vocab.problems import Problem, ZizhuError

KEY = ("year", "who")
META: dict[str, Any] = {"title": "Parts", "sources": ("test",), "units": {"value": "USD"}}


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return Workspace(root=tmp_path / "mine", builtin=tmp_path / "none")


def part(year: int, *values: float | None) -> pl.DataFrame:
    names = [f"c{len(values) - i}" for i in range(len(values))]
    return pl.DataFrame(
        {"year": [year] * len(values), "who": names, "value": values},
        schema={"year": pl.Int16, "who": pl.String, "value": pl.Float64},
    )


def fill(space: Workspace, parts: Iterable[pl.DataFrame], name: str = "t") -> None:
    """A batch of a table in parts and of a whole one."""
    with space.batch() as batch:
        batch.add_parts(name, parts, KEY, META)
        batch.add("whole", part(2020, 1.0), KEY, META)


def nothing_in(space: Workspace) -> bool:
    return not [p for p in space.root.rglob("*") if p.is_file() and p.name != "workspace.toml"]


def test_parts_are_one_table_with_the_digest_of_the_whole(space: Workspace) -> None:
    parts = [part(2020, 1.0, None), part(2021, 3.5), part(2023, 4.0, 5.0, 6.25)]
    with space.batch() as batch:
        meta = batch.add_parts("t", iter(parts), KEY, META)
    whole = pl.concat(parts)
    assert meta.digest == digest(whole, KEY) == space.read("t").meta.digest
    assert space.read("t").frame.equals(whole.sort(KEY))
    assert {p.name for p in space.read("t").path.parent.iterdir()} == {"data.parquet", "meta.json"}
    assert space.commit("t", whole, KEY, META) == meta.digest


rows = st.lists(
    st.tuples(st.integers(1990, 1999), st.text(max_size=3), st.none() | st.floats(-1e9, 1e9)),
    min_size=1,
    max_size=40,
    unique_by=lambda r: r[:2],
)


@given(rows=rows, swap=st.booleans())
def test_a_table_is_the_same_in_parts_and_whole(
    rows: list[tuple[int, str, float | None]], swap: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("parts")
    space = Workspace(root=root, builtin=root / "none")
    schema = {"year": pl.Int16, "who": pl.String, "value": pl.Float64}
    frame = pl.DataFrame(rows, schema=schema, orient="row").sort("year", descending=swap)
    years = frame["year"].unique().sort()
    with space.batch() as batch:
        meta = batch.add_parts("t", (frame.filter(pl.col("year") == y) for y in years), KEY, META)
    assert meta.digest == digest(frame, KEY)
    assert space.read("t").frame.equals(frame.sort(KEY))


def test_nothing_is_published_before_the_end(space: Workspace) -> None:
    with space.batch() as batch:
        batch.add("first", part(2020, 1.0), KEY, META)
        assert space.names() == []
        batch.add("second", part(2020, 2.0), KEY, META)
        assert space.names() == []
    assert space.names() == ["first", "second"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), ZizhuError(Problem("a", "b", "c", "d"))])
def test_what_is_interrupted_leaves_nothing(space: Workspace, stop: BaseException) -> None:
    def parts() -> Iterator[pl.DataFrame]:
        yield part(2020, 1.0)
        raise stop

    with pytest.raises(type(stop)):
        fill(space, parts())
    assert space.names() == []
    assert nothing_in(space)


def test_an_earlier_table_stays_when_a_batch_fails(space: Workspace) -> None:
    before = space.commit("t", part(2020, 1.0), KEY, META)
    with pytest.raises(ZizhuError, match="begins with year 2019, the last one ended with 2020"):
        fill(space, [part(2020, 7.0), part(2019, 8.0)])
    assert space.read("t").meta.digest == before
    assert [m.digest for m in space.versions("t")] == [before]
    assert not list(space.root.rglob(".tmp-*"))


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([], "no rows"),
        ([part(2020)], "no rows"),
        (
            [part(2020, 1.0), part(2020, 2.0)],
            "begins with year 2020, the last one ended with 2020",
        ),
        ([part(2020, 1.0), part(2021, 2.0).with_columns(more=1)], "a part with columns"),
        ([pl.concat([part(2020, 1.0), part(2020, 2.0)])], "repeat a key"),
        ([part(2020, float("nan"))], "in row 0"),
        ([part(2020, 1.0).with_columns(pl.col("year").cast(pl.Float64))], "of type Float64"),
        ([part(2020, 1.0).drop("value")], "which is no column"),
    ],
)
def test_bad_parts_are_named_and_leave_no_trace(
    space: Workspace, parts: list[pl.DataFrame], said: str
) -> None:
    with pytest.raises(ZizhuError, match=said), space.batch() as batch:
        batch.add_parts("t", iter(parts), KEY, META)
    assert nothing_in(space)
    assert not list((space.root / "tables").glob("*"))


def test_a_table_and_its_versions_are_removed(space: Workspace) -> None:
    space.commit("t", part(2020, 1.0), KEY, META)
    space.commit("t", part(2020, 2.0), KEY, META)
    assert space.remove("t") == ["t"]
    assert space.names() == []
    assert not list((space.root / "tables").iterdir())
    with pytest.raises(ZizhuError, match="unknown table 't'"):
        space.remove("t")
    with pytest.raises(ZizhuError, match="unknown table"):
        space.remove("../t")


def test_parts_go_with_their_table_and_not_without_it(space: Workspace) -> None:
    made = space.commit("t-nodes", part(2020, 1.0), KEY, META)
    space.commit("t", part(2020, 2.0), KEY, META | {"parts": {"nodes": f"table:t-nodes@{made}"}})
    with pytest.raises(ZizhuError, match="is a part of t"):
        space.remove("t-nodes")
    assert space.remove("t") == ["t", "t-nodes"]
    assert space.names() == []


def test_a_built_in_table_is_not_removed(tmp_path: Path) -> None:
    supplied = Workspace(root=tmp_path / "built-in", builtin=tmp_path / "none")
    supplied.commit("t", part(2020, 1.0), KEY, META)
    mine = Workspace(root=tmp_path / "mine", builtin=tmp_path / "built-in")
    with pytest.raises(ZizhuError, match="is built in"):
        mine.remove("t")
    assert mine.names() == ["t"]


def test_a_key_of_categories_is_kept_in_the_order_of_its_letters(space: Workspace) -> None:
    frame = pl.DataFrame(
        {"who": ["c", "a", "b"], "value": [1.0, 2.0, 3.0]}, schema_overrides={"who": pl.Enum("cba")}
    )
    made = space.commit("t", frame, ("who",), META)
    table = space.read("t")
    assert table.frame["who"].to_list() == ["a", "b", "c"]
    assert digest_of_file(table.path, ("who",), {"who": False, "value": False}) == made
    assert dict(table.meta.columns) == {c: str(d) for c, d in table.frame.schema.items()}


def test_parts_that_are_stored_already_are_not_written_again(space: Workspace) -> None:
    frame = part(2020, 1.0, 2.0)
    space.commit("t", frame, KEY, META)
    before = space.read("t").path.stat().st_mtime_ns
    with space.batch() as batch:
        batch.add_parts("t", [frame], KEY, META | {"title": "Renewed"})
    assert space.read("t").path.stat().st_mtime_ns == before
    assert space.read("t").meta.title == "Renewed"
    space.read("t").check_bytes()


def test_a_table_in_parts_needs_a_key(space: Workspace) -> None:
    with pytest.raises(ZizhuError, match="no key"), space.batch() as batch:
        batch.add_parts("t", [part(2020, 1.0)], (), META)


def test_a_name_that_cannot_be_set_gives_back_the_others(space: Workspace) -> None:
    old = space.commit("a", part(2020, 1.0), KEY, META)
    (space.root / "refs" / "whole").mkdir()
    with pytest.raises(ZizhuError, match="cannot be written"):
        fill(space, [part(2020, 2.0)], "a")
    assert space.read("a").meta.digest == old


def test_a_part_that_two_tables_name_stays_with_the_other(space: Workspace) -> None:
    made = space.commit("nodes", part(2020, 1.0), KEY, META)
    for name, value in (("one", 2.0), ("two", 3.0)):
        space.commit(name, part(2020, value), KEY, META | {"parts": {"nodes": f"table:nodes@{made}"}})
    assert space.remove("one") == ["one"]
    assert space.remove("two") == ["two", "nodes"]


def test_a_damaged_table_can_be_removed(space: Workspace) -> None:
    space.commit("t", part(2020, 1.0), KEY, META)
    space.read("t").path.with_name("meta.json").write_text("{")
    assert space.remove("t") == ["t"]


def test_two_tables_of_one_name_are_refused(space: Workspace) -> None:
    with pytest.raises(ZizhuError, match="whole comes twice"):
        fill(space, [part(2020, 1.0)], "whole")
    assert nothing_in(space)
