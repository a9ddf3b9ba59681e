"""Answers as tables for people: both sides of a cut, names beside codes, and what all rows have in common."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polars as pl
import pytest

from cli.running import within
from zizhu.cli import output
from zizhu.ledger.models import Run
from zizhu.ledger.result import Result

CUT = ("stress", "what-if", "--sender", "TWN:C26", "--receiver", "JPN")
NARROW = 100
RUN = Run(id="0" * 12, method="test", version="0", params={}, seed=None, inputs=(), output="0" * 32)
UNITS = {"value": "USD", "share": "share of [all] trade"}


def answer(frame: pl.DataFrame) -> Result:
    return Result(frame, ("country", "sector"), UNITS, "test", RUN)


def printed(capsys: pytest.CaptureFixture[str], frame: pl.DataFrame, top: int | None = None) -> str:
    output.show_result(answer(frame), [output.Listing("A [title]", frame, top)], "value")
    return capsys.readouterr().out


def rows(*values: tuple[str, str, float, float]) -> pl.DataFrame:
    return pl.DataFrame(list(values), schema=["country", "sector", "value", "share"], orient="row")


def test_a_cut_shows_both_totals_and_then_the_largest_of_each_side(tmp_path: Path) -> None:
    told = within(*CUT, "--top", "2", place=tmp_path).stdout
    totals, sender, receiver, _ = told.split("\n\n")
    assert totals.startswith("Cut of electronics and optics of Taiwan (TWN:C26) to Japan by 100%")
    assert [line.split()[0] for line in totals.splitlines()[-3:]] == ["sender", "receiver", "others"]
    assert "side sender; country TWN Taiwan" in sender
    assert "side receiver; country JPN Japan" in receiver
    everything = json.loads(within(*CUT, "--json", place=tmp_path).stdout)
    shown = dict(zip(("sender", "receiver"), (sender, receiver), strict=True))
    for side, text in shown.items():
        nodes = [r for r in everything["rows"] if r[0] == side and r[2] != "TOTAL"]
        largest = sorted(nodes, key=lambda r: (-r[3], -r[7]))[:2]
        touched = [r for r in nodes if r[3] > 0 or r[7] != 0]
        *_, first, second, left_out = text.splitlines()
        assert [line.split()[0] for line in (first, second)] == [r[2] for r in largest]
        assert left_out.startswith(f"{len(touched) - 2} more rows")


@pytest.mark.parametrize(
    "asked",
    [
        (*CUT, "--top", "5"),
        ("depend", "domestic", "--country", "CHN"),
        ("depend", "exposure", "--buyer", "USA:C26", "--buyer", "EU27:MANUF"),
        ("depend", "suppliers", "--reporter", "JPN", "--product", "283691", "--product", "284690"),
    ],
)
def test_a_table_fits_a_page_of_100_columns_with_every_number_whole(
    asked: tuple[str, ...], tmp_path: Path
) -> None:
    wide = within(*asked, place=tmp_path).stdout
    narrow = within(*asked, place=tmp_path, columns=NARROW).stdout
    tables = narrow.partition("Basis.")[0]
    assert max(map(len, tables.splitlines())) <= NARROW
    number = r"(?<=  )\d[\d.,]*(?: %)?(?=  |$)"
    assert re.findall(number, tables, re.M) == re.findall(number, wide.partition("Basis.")[0], re.M)
    assert "\N{HORIZONTAL ELLIPSIS}" not in tables


WORDS = ("one two three four five", "six")


def broad(count: int) -> pl.DataFrame:
    """Rows of two names and `count` columns of numbers of nine letters."""
    numbers = {f"measure_{k}": [123_456_789.0 + k, 987_654_321.0] for k in range(count)}
    return pl.DataFrame({"label": WORDS, "other": WORDS[::-1], **numbers})


@pytest.mark.parametrize("columns", [40, 60, 80, 100, 160, 240])
def test_columns_that_do_not_fit_are_left_out_whole_and_named(
    columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    frame = broad(12)
    units = dict.fromkeys(frame.columns[2:], "USD")
    result = Result(frame, ("label",), units, "test", RUN)
    output.show_result(result, [output.Listing("T", frame)], "measure_0")
    told = capsys.readouterr().out
    assert max(map(len, told.partition("Basis.")[0].splitlines())) <= columns
    shown = [k for k in range(12) if re.search(rf"\b{123_456_789 + k:,}\b", told)]
    assert shown == list(range(len(shown)))  # from the left, and whole
    left = " ".join(told.split()).partition("with COLUMNS=")[2]
    assert not left or left.partition(":")[0].endswith(", --csv FILE or --json")
    named = left.partition(": ")[2].partition(".")[0].split(", ") if left else []
    assert named == [f"measure_{k}" for k in range(len(shown), 12)]
    if left:
        assert f"{len(named)} more column" in told
        monkeypatch.setenv("COLUMNS", left.partition(",")[0])
        output.show_result(result, [output.Listing("T", frame)], "measure_0")
        assert "with COLUMNS" not in capsys.readouterr().out


def test_words_are_never_folded_into_single_letters(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    frame = broad(6)
    result = Result(frame, ("label",), dict.fromkeys(frame.columns[2:], "USD"), "test", RUN)
    output.show_result(result, [output.Listing("T", frame)], "measure_0")
    lines = capsys.readouterr().out.splitlines()
    assert all(any(word in line for line in lines) for word in " ".join(WORDS).split())


def test_a_pipe_without_columns_is_a_wide_page(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert output.console().width == output.PIPE_WIDTH
    monkeypatch.setenv("COLUMNS", "77")
    assert output.console().width == 77
    del capsys  # standard output is no terminal


def test_names_stand_beside_codes_for_people_and_not_for_programs(tmp_path: Path) -> None:
    asked = ("depend", "suppliers", "--reporter", "JPN", "--product", "283691")
    told = within(*asked, place=tmp_path).stdout
    assert told.startswith("Imports of Japan\n")
    assert "In every row: reporter JPN Japan; direction imports; hs6 Lithium carbonate (HS 283691)." in told
    assert "CHL Chile" in told
    cells = {c for row in json.loads(within(*asked, "--json", place=tmp_path).stdout)["rows"] for c in row}
    assert {"JPN", "CHL", "283691"} <= cells


def test_what_all_rows_have_in_common_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    told = printed(capsys, rows(("CHN", "C26", 1.0, 0.5), ("CHN", "R", 2.0, 0.5)))
    assert "In every row: country CHN China." in told
    assert told.count("CHN") == 2  # there, and in the reference
    assert "R Arts and recreation" in told
    alone = printed(capsys, rows(("CHN", "C26", 1.0, 0.5)))
    assert "In every row" not in alone
    assert "CHN China" in alone


def test_codes_of_no_vocabulary_and_brackets_stand_for_themselves(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = printed(capsys, rows(("reg1", "[red]", 1.0, 0.5), ("TOTAL", "C26", 2.0, 0.5)), 1)
    assert told.startswith("A [title]\n")
    assert re.search(r"reg1 +\[red\] +1 ", told)
    assert "[all] trade" in told
    assert "1 more row: --top 2" in told
