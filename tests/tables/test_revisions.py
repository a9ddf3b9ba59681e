"""Two versions of a table against each other, block by block, and against a plain comparison in memory."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import examples
from sources.layouts import generated
from tables.stored import workspace
from zizhu.sources.readers.io_table import IOTable, source_tables
from zizhu.store import Workspace
from zizhu.store.meta import Meta
from zizhu.tables.revisions import TOP, Revisions, compare
from zizhu.vocab.problems import CannotAnswer

KEY = ("year", "who")
FLOWS: dict[str, Any] = {"title": "T", "sources": ("s",), "units": {"usd": "USD", "tons": "t"}}
SERIES: dict[str, Any] = {"title": "S", "sources": ("s",), "units": {"value": "see unit"}}
SERIES_KEY = ("indicator", "entity", "period", "vintage")
Rows = dict[tuple[int, str], tuple[int, float | None]]


def put(space: Workspace, frame: pl.DataFrame, key: tuple[str, ...], described: dict[str, Any]) -> Meta:
    with space.batch() as batch:
        return batch.add("t", frame, key, described)


def compared(space: Workspace, old: Meta, new: Meta) -> tuple[list[dict[str, Any]], Revisions]:
    sums = Revisions()
    rows = [r for frame in compare(space, old, new).listed(sums) for r in frame.iter_rows(named=True)]
    return rows, sums


def flows(rows: Rows) -> pl.DataFrame:
    schema = {"year": pl.Int16, "who": pl.String, "usd": pl.Int64, "tons": pl.Float64}
    return pl.DataFrame([(*k, *v) for k, v in rows.items()], schema=schema, orient="row")


keys = st.tuples(st.integers(2000, 2004), st.sampled_from("abcdé中"))
numbers = st.tuples(st.integers(0, 3), st.one_of(st.none(), st.integers(0, 2).map(float)))
tables = st.dictionaries(keys, numbers, min_size=1, max_size=20)


@pytest.mark.slow
@examples(40)
@given(tables, tables, st.integers(1, 7))
def test_every_change_is_found_whatever_the_blocks(old: Rows, new: Rows, block: int) -> None:
    with tempfile.TemporaryDirectory() as folder, patch("zizhu.tables.revisions.BLOCK", block):
        space = workspace(Path(folder))
        versions = [put(space, flows(rows), KEY, FLOWS) for rows in (old, new)]
        rows, sums = compared(space, *versions)
    wanted = {
        (*k, c, old[k][i], new[k][i])
        for k in old.keys() & new.keys()
        for i, c in enumerate(("usd", "tons"))
        if old[k][i] != new[k][i]
    }
    changed = [r for r in rows if r["what"] == "changed"]
    gone = [r for r in rows if r["what"] == "withdrawn"]
    assert {(r["year"], r["who"], r["column"], r["before"], r["after"]) for r in changed} == wanted
    assert len(changed) == len(wanted)
    assert sorted((r["year"], r["who"]) for r in gone) == sorted(old.keys() - new.keys())
    assert [r["before"] for r in gone] == [old[r["year"], r["who"]][0] for r in gone]
    counted = (sums.changed, sums.added, sums.withdrawn)
    assert counted == (len({w[:2] for w in wanted}), len(new.keys() - old.keys()), len(gone))
    assert [(r["year"], r["who"]) for r in rows] == sorted((r["year"], r["who"]) for r in rows)


def test_the_largest_changes_come_first_and_no_more_than_are_shown(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    old = {(2000 + i, "a"): (1000 * i, 1.0) for i in range(30)}
    new = {k: (usd + i, 1.0) for i, (k, (usd, _)) in enumerate(old.items())}
    _, sums = compared(space, put(space, flows(old), KEY, FLOWS), put(space, flows(new), KEY, FLOWS))
    assert sums.changed == 29
    assert sums.largest["change"].to_list() == [float(i) for i in range(29, 29 - TOP, -1)]
    assert set(sums.largest["unit"]) == {"USD"}


def test_what_a_digest_takes_for_one_number_is_no_revision(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    old = put(space, flows({(2000, "a"): (1, 0.1 + 0.2), (2001, "a"): (1, 1.0)}), KEY, FLOWS)
    new = put(space, flows({(2000, "a"): (1, 0.3), (2001, "a"): (2, 1.0)}), KEY, FLOWS)
    rows, _ = compared(space, old, new)
    assert [(r["year"], r["column"]) for r in rows] == [(2001, "usd")]


def series(*rows: tuple[str, str, str, str, float, str]) -> pl.DataFrame:
    columns = ("indicator", "entity", "period", "vintage", "value", "unit")
    return pl.DataFrame(rows, schema=columns, orient="row").with_columns(source=pl.lit("s"))


@pytest.mark.parametrize("block", [1, 2, 3, 100])
def test_the_latest_vintages_are_compared(block: int, tmp_path: Path) -> None:
    space = workspace(tmp_path)
    first = [("GDP", "CHN", "2020", "2021", 100.0, "USD"), ("GDP", "CHN", "2021", "2022", 110.0, "USD")]
    first += [("GDP", "TCD", "2020", "2021", 2.0, "USD"), ("rate", "CHN", "2020", "2021", 5.0, "%")]
    later = [*first[:2], first[3]]
    later += [("GDP", "CHN", "2020", "2023", 90.0, "USD"), ("GDP", "CHN", "2022", "2023", 120.0, "USD")]
    later += [("rate", "CHN", "2020", "2023", 6.0, "% a year")]
    with patch("zizhu.tables.revisions.BLOCK", block):
        versions = [put(space, series(*rows), SERIES_KEY, SERIES) for rows in (first, later)]
        rows, sums = compared(space, *versions)
    told = [(r["indicator"], r["entity"], r["period"], r["what"], r["before"], r["after"]) for r in rows]
    assert told == [
        ("GDP", "CHN", "2020", "changed", 100.0, 90.0),
        ("GDP", "TCD", "2020", "withdrawn", 2.0, None),
        ("rate", "CHN", "2020", "changed", 5.0, 6.0),
    ]
    assert (sums.added, sums.withdrawn, sums.changed, sums.reworded) == (1, 1, 2, {"unit": 1})
    assert sums.largest["indicator"].to_list() == [
        "rate",
        "GDP",
    ]  # a fifth of its series, against a twentieth


def kept(space: Workspace, table: IOTable) -> dict[str, Meta]:
    metas: dict[str, Meta] = {}
    with space.batch() as batch:
        made = source_tables(table, "t", "A table", ("s",))
        for name, one in sorted(made.items(), key=lambda item: len(item[1].describe.parts)):
            parts = {role: metas[part].ref for role, part in one.describe.parts.items()}
            described = one.describe.model_dump() | {"parts": parts}
            metas[name] = batch.add(name, one.frame, one.describe.key, described)
    return metas


def test_cells_of_an_input_output_table_have_the_names_of_their_axes(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    table = generated(("CHN", "USA", "ROW"), ("C26", "D"), seed=3)
    old = kept(space, table)
    table.Z[1, 4] += 7.0
    table.final[2, 1, 0] -= 3.0
    table.output[0] += 1.0
    new = kept(space, table)
    flow, final, nodes = (compared(space, old[n], new[n])[0] for n in ("t", "t-final", "t-nodes"))
    assert [(r["seller"], r["buyer"]) for r in flow] == [("CHN:D", "ROW:C26")]
    assert flow[0]["change"] == pytest.approx(7.0)
    assert [(r["seller"], r["buyer"], r["category"]) for r in final] == [
        ("USA:C26", "USA", table.categories[0])
    ]
    assert {(r["node"], r["column"]) for r in nodes} >= {("CHN:C26", "output"), ("ROW:C26", "residual")}


def test_tables_of_other_countries_or_keys_are_not_compared(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    old = kept(space, generated(("CHN", "USA", "ROW"), ("C26", "D")))
    new = kept(space, generated(("CHN", "DEU", "ROW"), ("C26", "D")))
    for name in old:
        with pytest.raises(CannotAnswer, match=r"industries, countries or categories are others.*USA"):
            compare(space, old[name], new[name])
    one = put(space, flows({(2000, "a"): (1, 1.0)}), KEY, FLOWS)
    other = put(space, flows({(2000, "a"): (1, 1.0)}), ("year",), FLOWS)
    with pytest.raises(CannotAnswer, match="the key is year and was year, who"):
        compare(space, one, other)
