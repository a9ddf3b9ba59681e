"""A file of series taken as it is guessed to be: sure guesses are a table, unsure ones are asked about."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from zizhu.sources.own.adopted import adopted
from zizhu.store import Workspace
from zizhu.vocab.problems import ZizhuError

LONG = "entity,indicator,period,value,unit\n" + "".join(
    f"{e},{i},{2000 + t},{100 + t * k},{u}\n"
    for k, (e, i, u) in enumerate(
        [("Germany", "output", "kt"), ("Germany", "share", "percent"), ("Hefei", "output", "kt")]
    )
    for t in range(12)
)


def file(folder: Path, text: str, name: str = "mine.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def frame_of(folder: Path, path: Path) -> pl.DataFrame:
    workspace = Workspace(folder / "ws")
    return workspace.read(adopted(workspace, path).name).frame


def refused(folder: Path, text: str) -> list[str]:
    with pytest.raises(ZizhuError) as raised:
        adopted(Workspace(folder / "ws"), file(folder, text))
    assert not any((folder / "ws").rglob("*.parquet"))
    return [str(p) for p in raised.value.problems]


def test_a_long_table_becomes_observations(tmp_path: Path) -> None:
    frame = frame_of(tmp_path, file(tmp_path, LONG))
    assert frame.height == 36
    assert frame.filter(indicator="share")["unit"].unique().to_list() == ["percent"]
    assert set(frame["entity"]) == {"Germany", "Hefei"}


def test_parquet_and_a_file_without_units_are_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.parquet"
    table = {"entity": "x", "indicator": "it", "period": list(range(2000, 2012)), "value": [1.5] * 12}
    pl.DataFrame(table).write_parquet(path)
    assert frame_of(tmp_path, path)["unit"].unique().to_list() == ["not stated"]


def test_years_side_by_side_and_a_single_series_are_read(tmp_path: Path) -> None:
    wide = (
        "country,"
        + ",".join(map(str, range(2000, 2012)))
        + "\nDEU,"
        + ",".join("1.5" for _ in range(12))
        + "\n"
    )
    frame = frame_of(tmp_path, file(tmp_path, wide, "wind.csv"))
    assert (frame["indicator"].unique().to_list(), frame["entity"].unique().to_list()) == (["wind"], ["DEU"])
    single = "year,capacity (MW)\n" + "".join(f"{2000 + t},{10 + t}\n" for t in range(12))
    frame = frame_of(tmp_path, file(tmp_path, single, "solar.csv"))
    assert frame.select("indicator", "entity", "unit").unique().rows() == [("capacity (MW)", "solar", "MW")]


def test_the_same_file_is_read_once_and_another_of_that_name_is_another_table(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "ws")
    first = adopted(workspace, file(tmp_path, LONG)).name
    assert adopted(workspace, tmp_path / "mine.csv").name == first
    other = adopted(workspace, file(tmp_path, LONG.replace("100", "101"))).name
    assert other != first
    assert {first, other} <= set(workspace.names())


def test_duplicates_and_words_among_numbers_are_told_by_row(tmp_path: Path) -> None:
    problems = " ".join(refused(tmp_path, LONG + "Germany,output,2003,7,kt\nHefei,output,2004,8,kt\n"))
    assert "rows 5, 38 have the same output, DEU, 2003" in problems or "rows 5, 38" in problems
    problems = " ".join(refused(tmp_path, LONG.replace("Germany,share,2003,103", "Germany,share,2003,many")))
    assert "many" in problems


def test_a_table_that_says_no_years_is_asked_about(tmp_path: Path) -> None:
    (problem,) = refused(tmp_path, "entity,value\n" + "".join(f"p{t},{t}\n" for t in range(12)))
    assert "no column has years" in problem
    assert "zizhu data map mine.csv" in problem
