"""What each kind of figure may be told, and the check that a figure keeps to it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from zizhu.ledger.models import Figure, Ref
from zizhu.ledger.models import Kind as FigureKind
from zizhu.show.marks.scale import is_number, position
from zizhu.show.marks.text import Numbers, printable
from zizhu.vocab.problems import Problem, ZizhuError, unknown

Holds = Literal["number", "size", "period", "text", "flag", "ref", "setting"]


@dataclass(frozen=True)
class Role:
    """One entry of `encoding`. All but a setting name a column; `required` ones must be there.

    `empty` says whether the column may hold None in a row.
    """

    name: str
    holds: Holds
    required: bool = False
    empty: bool = True


def _need(holds: Holds, *names: str, empty: bool = False) -> tuple[Role, ...]:
    return tuple(Role(name, holds, True, empty) for name in names)


def _may(holds: Holds, *names: str) -> tuple[Role, ...]:
    return tuple(Role(name, holds) for name in names)


_COMMON = (*_may("ref", "ref"), *_may("flag", "estimated"))
_LINES = (
    *_need("period", "x"),
    *_need("number", "y", empty=True),
    *_may("text", "series", "event", "mark"),
    *_may("number", "lower", "upper", "reference"),
    *_may("flag", "forecast", "accent"),
    *_may("ref", "ref"),
    *_may("setting", "x_title", "domain", "reference_label"),
)

ROLES: Mapping[str, tuple[Role, ...]] = {
    "bars": (
        *_need("text", "category"),
        *_need("number", "value", empty=True),
        *_may("text", "group", "mark"),
        *_may("flag", "accent"),
        *_may("number", "lower", "upper", "reference"),
        *_may("setting", "value_label", "reference_label"),
        *_COMMON,
    ),
    "dumbbell": (
        *_need("text", "category"),
        *_need("number", "from", "to"),
        *_may("size", "unseen"),
        *_may("ref", "ref_from", "ref_to", "ref_unseen"),
        *_may("setting", "from_label", "to_label", "unseen_label"),
        *_COMMON,
    ),
    "heatmap": (
        *_need("text", "row", "column"),
        *_need("number", "value", empty=True),
        *_may("text", "facet"),
        *_may("setting", "domain"),
        *_COMMON,
    ),
    "lines": _LINES,
    "slope": (
        *_need("period", "period"),
        *_need("text", "series"),
        *_need("number", "value"),
        *_may("flag", "accent"),
        *_COMMON,
    ),
    "gauge": (
        *_need("text", "category"),
        *_need("number", "value", empty=True),
        *_need("number", "target"),
        *_may("number", "target_high", "lower", "upper"),
        *_may("text", "comparator", "verdict", "unit"),
        *_may("ref", "ref_target"),
        *_COMMON,
    ),
    "small_multiples": (*_need("text", "panel"), *_LINES, *_may("setting", "y_scale")),
    "ledger": (
        *_need("text", "category"),
        *_need("size", "left", "right"),
        *_may("size", "left_share", "right_share"),
        *_may("ref", "ref_left", "ref_right"),
        *_may("setting", "left_label", "right_label", "left_share_label", "right_share_label"),
        *_COMMON,
    ),
    "strip": (
        *_need("number", "value"),
        *_need("text", "speaker"),
        *_may("text", "row", "comparator", "quality"),
        *_may("number", "reference"),
        *_may("setting", "domain", "reference_label"),
        *_COMMON,
    ),
}
"""The roles of every kind that is drawn; `zizhu.show.spec` explains them."""

_EVENT_ROLES = ("y", "series", "panel")
"""Roles a row need not fill when it is an event."""


def problems(figure: Figure) -> list[Problem]:
    """Everything that keeps a figure from being drawn."""
    where = f"figure {figure.title!r}"
    if figure.kind not in ROLES:
        return [unknown("kind of figure", figure.kind, list(get_args(FigureKind)), where)]
    found = list(_role_problems(figure, where))
    if not figure.rows:
        found.append(
            Problem("it has no rows", where, "at least one row", "Draw nothing where there is nothing.")
        )
        return found
    for role in ROLES[figure.kind]:
        if role.name in figure.encoding and role.holds != "setting":
            found += _column_problems(figure, role, where)
    return found


def require(figure: Figure) -> None:
    """Raise ZizhuError with all problems of a figure, if it has any."""
    found = problems(figure)
    if found:
        raise ZizhuError(found)


def _role_problems(figure: Figure, where: str) -> Iterator[Problem]:
    roles = {role.name: role for role in ROLES[figure.kind]}
    for name in figure.encoding:
        if name not in roles:
            yield unknown(f"role of {figure.kind}", name, list(roles), where)
    for role in roles.values():
        if role.required and role.name not in figure.encoding:
            yield Problem(
                f"role {role.name!r} is missing",
                where,
                f"a column for {role.name!r}",
                f"Add encoding[{role.name!r}], the name of a column of rows.",
            )
    domain = figure.encoding.get("domain")
    if domain is not None and "domain" in roles and read_domain(domain) is None:
        yield Problem(
            f"domain {domain!r}", where, "two numbers, low below high", "Write for example '0 100'."
        )
    scale = figure.encoding.get("y_scale", "shared")
    if "y_scale" in roles and scale not in ("shared", "independent"):
        yield unknown("y_scale", scale, ["shared", "independent"], where)


def _column_problems(figure: Figure, role: Role, where: str) -> Iterator[Problem]:
    column = figure.encoding[role.name]
    if not any(column in row for row in figure.rows):
        columns = sorted({key for row in figure.rows for key in row})
        yield unknown("column", column, columns, f"{where}, role {role.name!r}")
        return
    if (
        role.holds in ("number", "size")
        and role.required
        and all(row.get(column) is None for row in figure.rows)
    ):
        yield Problem(
            f"column {column!r} holds no number", f"{where}, role {role.name!r}", "a number", "Fill it."
        )
        return
    for i, row in enumerate(figure.rows):
        value = row.get(column)
        event = role.name in _EVENT_ROLES and row.get(figure.encoding.get("event", "")) not in (None, "")
        blank = value is None or value == ""
        wrong = not (role.empty or event) if blank else not _READS[role.holds](value)
        if wrong:
            yield Problem(
                f"{value!r} in column {column!r}",
                f"{where}, row {i + 1}, role {role.name!r}",
                _EXPECTED[role.holds],
                "Correct the row, or leave it out.",
            )


def read_domain(text: str) -> tuple[float, float] | None:
    """'0 100' as (0.0, 100.0); None when it is not two finite numbers in rising order."""
    try:
        low, high = map(float, text.split())
    except ValueError:
        return None
    return (low, high) if math.isfinite(low) and math.isfinite(high) and low < high else None


_READS: Mapping[str, Callable[[Any], bool]] = {
    "number": is_number,
    "size": lambda value: is_number(value) and value >= 0,
    "period": lambda value: position(value) is not None,
    "text": lambda value: bool(printable(value)),
    "flag": lambda value: isinstance(value, bool),
    "ref": lambda value: isinstance(value, str),
}
_EXPECTED = {
    "number": "a finite number",
    "size": "a finite number that is not negative",
    "period": "a number or a period such as 2019, 2019-07, 2019Q3 or 2019-07-31",
    "text": "a text that is not blank",
    "flag": "true, false or nothing",
    "ref": "a reference",
}


class Data:
    """The rows of a sound figure, read by role."""

    def __init__(self, figure: Figure, link: Callable[[Ref], str]) -> None:
        self.figure, self.rows, self._link = figure, list(figure.rows), link
        self.unit = figure.unit

    def has(self, role: str) -> bool:
        """Whether the role is filled in at least one row."""
        column = self.figure.encoding.get(role)
        return column is not None and any(row.get(column) not in (None, "", False) for row in self.rows)

    def number(self, row: Mapping[str, Any], role: str) -> float | None:
        """The number of a role in a row, None where there is none."""
        value = row.get(self.figure.encoding.get(role, ""))
        return None if value is None else float(value)

    def value(self, row: Mapping[str, Any], role: str) -> float:
        """The number of a role that every row fills."""
        return float(row[self.figure.encoding[role]])

    def numbers(self, *roles: str) -> list[float]:
        """All numbers of some roles."""
        read = (self.number(row, role) for role in roles for row in self.rows)
        return [v for v in read if v is not None]

    def period(self, row: Mapping[str, Any], role: str) -> float:
        """A period as a number."""
        found = position(row[self.figure.encoding[role]])
        if found is None:
            raise ValueError(f"role {role!r} was not checked")
        return found

    def text(self, row: Mapping[str, Any], role: str) -> str:
        """The text of a role in one line, '' where there is none."""
        value = row.get(self.figure.encoding.get(role, ""))
        return "" if value is None else printable(value)

    def flag(self, row: Mapping[str, Any], role: str) -> bool:
        """Whether a mark is set."""
        return row.get(self.figure.encoding.get(role, "")) is True

    def setting(self, role: str, default: str = "") -> str:
        """A setting, which is said in the encoding itself."""
        return printable(self.figure.encoding.get(role, default))

    def domain(self) -> tuple[float, float] | None:
        """The stated range of the scale, if there is one."""
        return read_domain(self.setting("domain", " "))

    def href(self, row: Mapping[str, Any], *roles: str) -> str:
        """The link of a mark: that of the first of `roles` that is filled, or of `ref`; '' for none."""
        ref = next((r for role in (*roles, "ref") if (r := self.text(row, role))), "")
        return self._link(ref) if ref else ""

    def star(self, row: Mapping[str, Any]) -> str:
        """The sign of an estimate, to stand behind its number."""
        return "*" if self.flag(row, "estimated") else ""

    def words(self, row: Mapping[str, Any], value: float, numbers: Numbers) -> str:
        """The number with its unit, for descriptions."""
        return numbers.full(value) + (" (estimated)" if self.flag(row, "estimated") else "")

    def distinct(self, role: str) -> list[str]:
        """The texts of a role, each once, in order of appearance."""
        return list(dict.fromkeys(t for row in self.rows if (t := self.text(row, role))))
