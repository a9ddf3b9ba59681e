"""What a report is asked to be: a list of views, as data, in a YAML or JSON file; the built-in ones lie in packs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from string import ascii_lowercase
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, ValidationError, model_validator

from zizhu.ledger.models import Record, faults
from zizhu.show.trace import METHODS
from zizhu.vocab import groups, plain_yaml
from zizhu.vocab.packfiles import pack
from zizhu.vocab.problems import Problem, ZizhuError, unknown

Exhibit = Literal["judged", "content", "lean", "hidden", "materials", "control", "cut", "claims", "stopped"]
"""The exhibits that are written about a country."""
MOST = len(ascii_lowercase)
"""Views of a report: each has a letter."""
LARGEST = 1 << 20
"""Bytes of a report's file: a view that is a scenario has some kB."""
FILES = (".yaml", ".yml", ".json")
Title = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Country = Annotated[str, StringConstraints(max_length=80)]


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat() if text else ""


class View(Record):
    """One view: an exhibit about the report's country, or the answer of a verb.

    `params` are those of the verb, as a run keeps them; tables that it does not name are the best of the workspace, and
    a day that it does not name is the report's. `figure` is a further figure of the answer by name, such as map.
    """

    exhibit: Exhibit | None = None
    verb: str = Field("", max_length=80)
    params: Mapping[str, Any] = Field(default_factory=dict)
    figure: str = Field("", max_length=40)
    title: Title = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.exhibit is None) == (not self.verb):
            raise ValueError("either an exhibit or a verb")
        if self.exhibit and (self.params or self.figure):
            raise ValueError("an exhibit without params and figure, which are those of a verb")
        return self


class Report(Record):
    """Views in their order. `country` (with `partners`) is whom exhibits are about; `as_of` (ISO 8601) the day of
    judgement, today if empty; `table` and `trade` are the tables of exhibits, the best ones if empty."""

    kind: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)] = "report"
    title: Title = ""
    country: Country = ""
    partners: tuple[Country, ...] = Field((), max_length=40)
    as_of: Annotated[str, AfterValidator(_day)] = ""
    table: str = Field("", max_length=200)
    trade: str = Field("", max_length=200)
    views: tuple[View, ...] = Field(min_length=1, max_length=MOST)

    @property
    def needs_country(self) -> bool:
        """Whether some view is about a country that the report names."""
        return any(v.exhibit for v in self.views)

    def about(self, **said: Any) -> Report:
        """The report with what is said in place of its own, as far as something is said. Raises ZizhuError."""
        return Report(**(self.model_dump() | {k: v for k, v in said.items() if v}))


def read(path: Path) -> Report:
    """The report of a file (.yaml, .yml or .json); raises ZizhuError with all its faults."""
    content = _json(path) if path.suffix.casefold() == ".json" else plain_yaml.read(path, LARGEST)
    return parsed(content, path.name)


def parsed(content: Any, where: str) -> Report:
    """A report out of plain data; raises ZizhuError with all that is wrong with it, its questions among it."""
    try:
        report = Report.model_validate(content)
    except ValidationError as error:
        problems = faults(error, where, [*Report.model_fields, *View.model_fields])
        raise ZizhuError([*problems, *_of_sound_views(content, where)]) from error
    if found := list(faulty(report, where)):
        raise ZizhuError(found)
    return report


def faulty(report: Report, where: str) -> Iterator[Problem]:
    """What is wrong with its codes and the questions of its views: verbs that are none, parameters not taken."""
    for code in (*filter(None, (report.country,)), *report.partners):
        yield from _of(groups.code_of, code)
    for i, view in enumerate(report.views, 1):
        yield from _unasked(view, f"{where}, view {i}", report.as_of)


def _unasked(view: View, place: str, as_of: str) -> Iterator[Problem]:
    """Why the question of a view cannot be asked."""
    if view.verb and view.verb not in METHODS:
        yield unknown("verb", view.verb, list(METHODS), place)
    elif view.verb:
        yield from (replace(p, where=f"{place} ({view.verb})") for p in _of(question, view, as_of))


def _of_sound_views(content: Any, where: str) -> Iterator[Problem]:
    """The same for the views that can be read, in a report that as a whole cannot."""
    views = content.get("views") if isinstance(content, dict) else None
    for i, one in enumerate(views[:MOST] if isinstance(views, list) else (), 1):
        with suppress(ValidationError):
            yield from _unasked(View.model_validate(one), f"{where}, view {i}", "")


def _of(make: Callable[..., object], *given: object) -> list[Problem]:
    """What keeps something from being made."""
    try:
        make(*given)
    except ZizhuError as error:
        return error.problems
    return []


def question(view: View, as_of: str, tables: Mapping[str, str] | None = None) -> Record:
    """The parameters of a view's verb: its own, before them the day and the `tables` that it does not name."""
    asks = METHODS[view.verb].Params
    given = {"as_of": as_of or date.today().isoformat(), **(tables or {})}
    unnamed = {k: v for k, v in given.items() if k in asks.model_fields and k not in view.params}
    asked: Record = asks(**(unnamed | dict(view.params)))
    return asked


@cache
def presets() -> Mapping[str, Report]:
    """The built-in reports by name."""
    return {path.stem: read(path) for path in sorted(pack("reports").glob("*.yaml"))}


def named(name: str) -> Report:
    """The preset of that name, or the report of that file; raises ZizhuError."""
    if name in presets():
        return presets()[name]
    if name.casefold().endswith(FILES):
        return read(Path(name))
    raise ZizhuError(unknown("report", name, list(presets()), "a preset, or a file ending in .yaml or .json"))


def _json(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise ZizhuError(
                Problem("more than 1 MB", path.name, "a report", "Remove what it does not need.")
            )
        return json.loads(content)
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        raise ZizhuError(Problem(what, str(path), "a readable file", "Check the path.")) from error
    except (ValueError, RecursionError) as error:
        raise ZizhuError(Problem(f"no JSON: {error}"[:300], path.name, "an object", "Mend it.")) from error
