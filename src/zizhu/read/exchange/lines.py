"""Records one a line, in JSON: the form in which claims, links, refusals and reviews are kept and passed on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from pydantic import ValidationError

from zizhu.ledger.models import Record, faults
from zizhu.vocab.problems import Problem, ZizhuError

R = TypeVar("R", bound=Record)


def written(records: Iterable[Record]) -> str:
    """A line a record. What a record does not state is left out; no character of a text ends a line."""
    return "".join(json.dumps(data(record), ensure_ascii=False) + "\n" for record in records)


def data(record: Record) -> dict[str, Any]:
    """A record as plain data, without the fields that hold nothing."""
    return {name: _plain(getattr(record, name)) for name in _stated(record)}


def _stated(record: Record) -> Iterator[str]:
    return (name for name in type(record).model_fields if getattr(record, name) is not None)


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return data(value)
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return dict(value) if isinstance(value, dict) else value


def records(text: str, model: type[R], where: str) -> tuple[R, ...]:
    """The records of a text of such lines. Raises ZizhuError with the faults of all lines at once."""
    found: list[R] = []
    problems: list[Problem] = []
    for place, line in numbered(text, where):
        try:
            found.append(model.model_validate_json(line))
        except ValidationError as error:
            problems += faults(error, place, model.model_fields)
    if problems:
        raise ZizhuError(problems)
    return tuple(found)


def rows(text: str, where: str) -> list[tuple[str, dict[str, Any]]]:
    """The JSON objects of a text, one a line, each with its place. Raises ZizhuError with all faulty lines."""
    found: list[tuple[str, dict[str, Any]]] = []
    problems: list[Problem] = []
    for place, line in numbered(text, where):
        row = _object(line)
        if row is None:
            problems.append(
                Problem("no JSON object", place, "a JSON object on one line", "Mend or remove the line.")
            )
        else:
            found.append((place, row))
    if problems:
        raise ZizhuError(problems)
    return found


def numbered(text: str, where: str) -> Iterator[tuple[str, str]]:
    """The lines that hold something, each with its place; only a line feed ends a line."""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if line.strip():
            yield f"{where}, line {number}", line


def _object(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None
