"""From a CSV file to frozen records, with every fault of the file in one error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any, Generic, TypeVar, cast, get_args

from pydantic import ValidationError

from zizhu.ledger.models import Record
from zizhu.vocab.packfiles import read_csv
from zizhu.vocab.problems import Problem, ZizhuError, nearest, unknown

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Line(Generic[R]):
    """A record with the file and the row that it stands in (the header is row 1)."""

    file: str
    row: int
    record: R

    def at(self, column: str) -> str:
        """Where a cell stands, for a problem."""
        return f"{self.file}, row {self.row}, column {column}"


Check = Callable[[Line[R]], Iterator[Problem]]


def load(path: Path, model: type[R], checks: Iterable[Check[R]], key: str = "id") -> tuple[R, ...]:
    """The records of a file in its order.

    `checks` look at one record each; `key` names the column that must not repeat ("" for none).
    Raises ZizhuError with the problems of all rows: cells that do not fit the model, repeated ids and
    whatever the checks find.
    """
    lines, broken, problems = read(path, model)
    if key:
        problems += list(_repeated(lines, key))
    found = tuple(checks)
    problems += [problem for line in lines for check in found for problem in check(line)]
    said = frozenset(p.where for p in problems)
    problems += [
        p for line in broken for check in found for p in _checked(line, check) if p.where not in said
    ]
    if problems:
        raise ZizhuError(sorted(problems, key=lambda p: _row(p.where)))
    return tuple(line.record for line in lines)


def _checked(line: Line[R], check: Check[R]) -> list[Problem]:
    """What a check finds in a row with cells that do not fit; nothing where it needs one of them."""
    try:
        return list(check(line))
    except (TypeError, ValueError, AttributeError, ZizhuError):
        return []


def read(path: Path, model: type[R]) -> tuple[list[Line[R]], list[Line[R]], list[Problem]]:
    """The rows that fit the model, those that do not with their cells as written, and what is wrong with these."""
    fields = model.model_fields
    needed = tuple(name for name, field in fields.items() if field.is_required())
    lines: list[Line[R]] = []
    broken: list[Line[R]] = []
    problems: list[Problem] = []
    optional = {name for name, field in fields.items() if NoneType in get_args(field.annotation)}
    for number, row in read_csv(path, tuple(fields), needed):
        cells: dict[str, Any] = {k: None if v == "" and k in optional else v for k, v in row.items()}
        try:
            lines.append(Line(path.name, number, model.model_validate(cells)))
        except ValidationError as error:
            broken.append(Line(path.name, number, cast("R", model.model_construct(**cells))))
            problems += [_problem(f"{path.name}, row {number}", dict(e)) for e in error.errors()]
    return lines, broken, problems


def one_of(
    line: Line[Any], column: str, kind: str, valid: Iterable[str], blank: bool = False
) -> Iterator[Problem]:
    """A problem with the nearest codes when the cell is not one of `valid`; `blank` allows an empty cell."""
    value = getattr(line.record, column)
    known = valid if isinstance(valid, frozenset | set | dict) else set(valid)
    if value not in known and not (blank and value == ""):
        yield unknown(kind, value, sorted(known), line.at(column))


def _repeated(lines: Iterable[Line[R]], key: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for line in lines:
        value = getattr(line.record, key)
        if value in first:
            yield Problem(
                f"{key} {value!r} occurs again",
                line.at(key),
                f"each {key} once (row {first[value]} has it)",
                "Give the row its own.",
            )
        first.setdefault(value, line.row)


_EXPECTED = {
    "float_parsing": "a number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_parsing": "true or false",
    "string_too_short": "some text",
}


def _problem(where: str, error: dict[str, Any]) -> Problem:
    column, got = str(error["loc"][0]), error["input"]
    expected, remedy = _EXPECTED.get(error["type"], error["msg"]), "Correct the cell."
    if error["type"] == "literal_error":
        expected = error["ctx"]["expected"]
        close = nearest(str(got), [v.strip("' ") for v in expected.replace(" or ", ", ").split(",")], 1)
        remedy = f"Nearest: {close[0]}." if close else remedy
    what = "an empty cell" if got in ("", None) else f"{got!r} does not fit"
    return Problem(what, f"{where}, column {column}", expected, remedy)


def _row(where: str) -> int:
    return int(where.partition(", row ")[2].partition(",")[0] or 0)
