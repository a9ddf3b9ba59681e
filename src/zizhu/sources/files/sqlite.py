"""Reading a SQLite file as text columns, and texts as numbers."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import polars as pl

from zizhu.sources.carriers.recipe import require
from zizhu.vocab.problems import Problem, ZizhuError


def columns(path: Path, table: str, names: Sequence[str] = ()) -> pl.DataFrame:
    """The columns `names` (all when empty) of a table as stripped text, in the order of the file's rows.

    Raises ZizhuError when the file is no SQLite file or has no such table or columns.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as file:
            have = [row[1] for row in file.execute(f"PRAGMA table_info({_quoted(table)})")]
            lost = [n for n in names if n not in have] if have else ["such table"]
            require(not lost, f"no {', '.join(lost)}", str(path), f"the table {table} and its columns")
            wanted = list(names) or have
            picked = ", ".join(f"trim(CAST({_quoted(n)} AS TEXT))" for n in wanted)
            rows = file.execute(f"SELECT {picked} FROM {_quoted(table)} ORDER BY rowid").fetchall()
    except sqlite3.Error as error:
        problem = Problem(f"cannot be read: {error}", str(path), "a SQLite file", "Get the file again.")
        raise ZizhuError(problem) from error
    return pl.DataFrame(rows, schema=dict.fromkeys(wanted, pl.String), orient="row")


def numbers(texts: pl.Series, missing: Sequence[str], where: str) -> pl.Series:
    """The texts as Float64, null for those in `missing`; raises ZizhuError at any other that is no number."""
    given = texts.set(texts.is_in(list(missing)), None)
    found = given.cast(pl.Float64, strict=False)
    bad = given.filter(given.is_not_null() & ~found.is_finite().fill_null(False))
    first = bad[0] if len(bad) else ""
    require(not len(bad), f"{len(bad)} values are no numbers, first {first!r}", where, "finite numbers")
    return found


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
