"""`zizhu track backtest`: from a file to scores, a picture and the points behind them; nothing stays of bad input."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from cli.running import within
from track.owning import walks

COMMAND = ("track", "backtest")


def own(place: Path, entities: int = 12) -> str:
    frame = pl.DataFrame(
        walks(entities), schema=["entity", "indicator", "period", "value", "unit"], orient="row"
    )
    frame.write_csv(place / "own.csv")
    return "own.csv"


def test_a_file_is_judged_drawn_written_and_opened(tmp_path: Path) -> None:
    files = ("--plot", "own.svg", "--csv", "all.csv")
    done = within(*COMMAND, own(tmp_path), *files, "--trace", "1", place=tmp_path)
    assert "windows of 24 series the 80% interval held" in " ".join(done.stdout.split())
    assert "Windows that the interval missed come first" in done.stdout
    assert "zizhu data remove own-" in done.stderr
    assert "Attained, by tenths of the chances" in (tmp_path / "own.svg").read_text(encoding="utf-8")
    written = pl.read_csv(tmp_path / "all.csv", infer_schema_length=None)
    assert set(written["of"]) == {"interval", "verdict", "decile", "window"}


def test_numbers_are_traced_to_rows_of_the_file(tmp_path: Path) -> None:
    data = json.loads(within(*COMMAND, own(tmp_path), "--json", place=tmp_path).stdout)
    rows = [dict(zip(data["columns"], r, strict=True)) for r in data["rows"]]
    window = next(r for r in rows if r["of"] == "window" and r["family"] == "share")
    key = "|".join(window[k] for k in ("of", "family", "method", "at"))
    said = within("trace", f"run:{data['run']['id']}#{key},ase", place=tmp_path).stdout
    year = window["at"].rpartition(" ")[2].partition("-")[0]
    assert f"{year}: " in said
    reference = next(w for w in said.split() if w.startswith("table:own-"))
    name = reference.partition("@")[0]
    point = within(
        "trace", f"{name}#share,{window['at'].rpartition(' ')[0]},{year},2025", place=tmp_path, expect=2
    )
    assert "no row" in point.stderr  # the vintage is the day on which the file was read
    assert data["left_out"] == []


def test_a_built_in_table_is_asked_by_its_name(tmp_path: Path) -> None:
    asked = (
        "wgi-political-stability",
        "--scale",
        "none",
        "--horizons",
        "1,3",
        "--seed",
        "2",
        "--min-points",
        "8",
    )
    said = " ".join(within(*COMMAND, *asked, place=tmp_path).stdout.split())
    assert "worse than" in said  # an index that returns to its mean: the method overstates its trends
    assert "of what came 1, 3 years on" in said


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(("wgi-political-stability",), 3, "--scale none", id="negative"),
        pytest.param(("baci-raw-materials",), 2, "kind 'trade'", id="trade"),
        pytest.param(("nothing",), 2, "unknown table", id="unknown"),
        pytest.param(("own.csv", "--horizons", "5-1"), 2, "--horizons", id="horizons"),
        pytest.param(("own.csv", "--horizons", "30"), 2, "less than or equal to 20", id="far"),
        pytest.param(("own.csv", "--min-points", "3"), 2, "greater than or equal to 6", id="points"),
        pytest.param(("own.csv", "--min-points", "40"), 3, "fewer than 43 annual values", id="short"),
        pytest.param(("own.csv", "--indicator", "outptu"), 2, "output", id="indicator"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_leaves_no_table(
    arguments: tuple[str, ...], code: int, said: str, tmp_path: Path
) -> None:
    own(tmp_path, 2)
    done = within(*COMMAND, *arguments, place=tmp_path, expect=code)
    assert said in " ".join(done.stderr.split())
    assert not any((tmp_path / "ws").rglob("*.parquet"))
