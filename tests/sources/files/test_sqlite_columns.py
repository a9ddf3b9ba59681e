from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from zizhu.sources.files.sqlite import columns, numbers
from zizhu.vocab.problems import ZizhuError


def test_columns_are_stripped_text_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a #1.db"
    with closing(sqlite3.connect(path)) as file, file:
        file.execute('CREATE TABLE "odd ""name" (a TEXT, "b c" INTEGER)')
        file.executemany('INSERT INTO "odd ""name" VALUES (?, ?)', [(" z ", 2), ("y", None)])
    assert columns(path, 'odd "name', ("b c", "a")).rows() == [("2", "z"), (None, "y")]
    assert columns(path, 'odd "name').columns == ["a", "b c"]
    with pytest.raises(ZizhuError, match="no d, e"):
        columns(path, 'odd "name', ("a", "d", "e"))


@pytest.mark.parametrize("content", [b"not a database" * 100, None])
def test_what_is_no_database_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "raw.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ZizhuError, match="cannot be read"):
        columns(path, "t")
    assert path.exists() == (content is not None)


def test_numbers_know_the_missing_texts_only() -> None:
    assert numbers(pl.Series(["1.5", "", "-2"]), ("",), "here").to_list() == [1.5, None, -2.0]
    for bad in ("", "one", "inf", "nan"):
        with pytest.raises(ZizhuError, match="here: 1 values are no numbers"):
            numbers(pl.Series(["1.5", bad]), (), "here")
