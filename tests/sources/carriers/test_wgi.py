from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from zizhu.sources.carriers.recipe import Recipe
from zizhu.sources.carriers.wgi import read
from zizhu.vocab.problems import ZizhuError

ROWS = [("First", "GUY", "0.5", "0.6"), ("China", "CHN", "nan", "-0.25"), ("Second", "GUY", "0.1", "None")]


def recipe(**changes: Any) -> Recipe:
    settings = {
        "table": "stability",
        "sheet": "Estimate",
        "drop_first_of": ["GUY"],
        "missing": ["nan", "None"],
        "blocks": [[2021, 2022], [2023, 2024]],
    }
    described = {"title": "t", "key": ["iso3", "year"], "units": {"estimate": "z-score"}, "sources": ["s"]}
    return Recipe.model_validate({"parameters": settings | changes, "tables": {"stability": described}})


def raw(folder: Path, rows: Sequence[tuple[str, ...]] = ROWS) -> Path:
    path = folder / "wgi.db"
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(
            'CREATE TABLE Estimate ("Country/Territory" TEXT, "Code" TEXT, "2022" TEXT, "2023" TEXT)'
        )
        file.executemany("INSERT INTO Estimate VALUES (?, ?, ?, ?)", rows)
    return path


def test_years_become_rows_and_missing_estimates_are_left_out(tmp_path: Path) -> None:
    table = read(raw(tmp_path), recipe())["stability"]
    assert sorted(table.frame.rows()) == [
        ("CHN", 2023, -0.25, "2023-2024"),
        ("GUY", 2022, 0.1, "2021-2022"),
    ]
    assert table.describe.flags["years"] == [2022, 2023]


@pytest.mark.parametrize(
    ("changes", "rows", "message"),
    [
        ({"drop_first_of": []}, ROWS, r"codes \['GUY'\] stand in several rows"),
        ({"blocks": [[2021, 2022]]}, ROWS, r"the years \['2023'\] are in no edition"),
        ({}, [("China", "CHN", "..", "1")], "1 values are no numbers, first '..'"),
        ({"sheet": "Rank"}, ROWS, "no such table"),
    ],
)
def test_another_edition_is_refused(
    tmp_path: Path, changes: dict[str, Any], rows: list[tuple[str, ...]], message: str
) -> None:
    with pytest.raises(ZizhuError, match=message):
        read(raw(tmp_path, rows), recipe(**changes))
