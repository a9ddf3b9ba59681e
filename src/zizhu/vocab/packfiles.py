"""Reading the CSV files of the packs, and a user's CSV of the same shape."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from pathlib import Path

from zizhu.vocab.problems import Problem, ZizhuError, nearest


def rows(relative: str) -> list[dict[str, str]]:
    """The rows of a built-in file, e.g. `vocab/units.csv`, every cell as text without outer blanks."""
    return [dict(row) for row in _rows(relative)]


@cache
def _rows(relative: str) -> tuple[dict[str, str], ...]:
    """The rows as they were read once: word lists are asked for tag by tag."""
    return tuple(row for _, row in read_csv(pack(relative)))


def pack(relative: str) -> Path:
    """Where a built-in file lies."""
    return Path(str(resources.files("zizhu.packs"))) / relative


def read_csv(
    path: Path, columns: tuple[str, ...] = (), required: tuple[str, ...] = ()
) -> list[tuple[int, dict[str, str]]]:
    """Line number and row of every record of a UTF-8 CSV file with a header.

    With `columns`, other columns are refused, and a missing column of `required` too.
    Raises ZizhuError with all faults of the file's form at once.
    """
    text = _text(path)
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        header = next(reader, [])
        problems = _header_problems(path, header, columns, required)
        found = []
        for cells in filter(None, reader):
            if len(cells) != len(header):
                problems.append(_ragged(path, reader.line_num, len(header)))
            else:
                found.append((reader.line_num, dict(zip(header, map(str.strip, cells), strict=True))))
    except csv.Error as error:
        raise ZizhuError(
            Problem(f"no CSV: {error}", f"{path}, line {reader.line_num}", "a CSV file", "Mend the quotes.")
        ) from error
    if problems:
        raise ZizhuError(problems)
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ZizhuError(Problem("no such file", str(path), "a CSV file", "Check the name.")) from error
    except UnicodeDecodeError as error:
        raise ZizhuError(
            Problem(f"byte {error.start} is not UTF-8", str(path), "a UTF-8 file", "Save it as UTF-8.")
        ) from error


def _header_problems(
    path: Path, header: list[str], columns: tuple[str, ...], required: tuple[str, ...]
) -> list[Problem]:
    where = f"{path.name}, line 1"
    twice = sorted({c for c in header if header.count(c) > 1})
    found = [Problem(f"column {c!r} occurs twice", where, "each column once", "Remove one.") for c in twice]
    for c in header:
        if columns and c not in columns:
            close = nearest(c, columns, 1) or ["-"]
            found.append(
                Problem(
                    f"unknown column {c!r}", where, f"some of {', '.join(columns)}", f"Nearest: {close[0]}."
                )
            )
    found += [
        Problem(f"column {c!r} is missing", where, f"the columns {', '.join(required)}", "Add the column.")
        for c in required
        if c not in header
    ]
    return found


def _ragged(path: Path, line: int, width: int) -> Problem:
    return Problem(
        "more or fewer cells than the header has",
        f"{path.name}, line {line}",
        f"{width} cells",
        "Quote cells that hold commas.",
    )
