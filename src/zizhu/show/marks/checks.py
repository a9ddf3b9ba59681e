"""The check that a figure keeps to the roles of its kind. All faults are found at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args

from zizhu.ledger.models import Figure, Kind
from zizhu.show.marks.roles import ROLES, Data, Role
from zizhu.show.marks.scale import is_number, position, read_domain
from zizhu.show.marks.text import printable
from zizhu.vocab import places
from zizhu.vocab.problems import Problem, ZizhuError, unknown

_OF_EVENTS = ("y", "series", "panel")
"""Roles a row need not fill when it is an event."""

_KEYS: Mapping[str, tuple[str, ...]] = {
    "bars": ("panel", "category", "group"),
    "heatmap": ("row", "column", "facet"),
    "lines": ("series", "x", "event"),
    "small_multiples": ("panel", "series", "x", "event"),
    "slope": ("series", "period"),
    "choropleth": ("place",),
    "flows": ("from", "to"),
    "network": ("node", "to"),
}
"""The roles that tell the rows of a kind apart; the points beneath a bar may repeat."""

_READS: Mapping[str, Callable[[Any], bool]] = {
    "number": is_number,
    "size": lambda value: is_number(value) and value >= 0,
    "period": lambda value: position(value) is not None,
    "text": lambda value: bool(printable(value)),
    "place": lambda value: isinstance(value, str) and value in places.places(),
    "flag": lambda value: isinstance(value, bool),
    "ref": lambda value: isinstance(value, str),
}
_EXPECTED = {
    "number": "a finite number",
    "size": "a finite number that is not negative",
    "period": "a number or a period such as 2019, 2019-07, 2019Q3 or 2019-07-31",
    "text": "a text that is not blank",
    "place": "the code of a country that has a place on the map, such as CHN",
    "flag": "true, false or nothing",
    "ref": "a reference",
}


def require(figure: Figure) -> None:
    """Raise ZizhuError with all problems of a figure, if it has any."""
    found = problems(figure)
    if found:
        raise ZizhuError(found)


def problems(figure: Figure) -> list[Problem]:
    """Everything that keeps a figure from being drawn."""
    where = f"figure {figure.title!r}"
    if figure.kind not in ROLES:
        return [unknown("kind of figure", figure.kind, list(get_args(Kind)), where)]
    found = [*_of_roles(figure, where), *_of_settings(figure, where)]
    if not figure.rows:
        return [*found, Problem("it has no rows", where, "at least one row", "Leave the figure out.")]
    for role in ROLES[figure.kind]:
        if role.name in figure.encoding and role.holds != "setting":
            found += _of_column(figure, role, where)
    return found or list(_of_rows(figure, where))


def _of_roles(figure: Figure, where: str) -> Iterator[Problem]:
    roles = {role.name: role for role in ROLES[figure.kind]}
    for name in figure.encoding:
        if name not in roles:
            yield unknown(f"role of {figure.kind}", name, list(roles), where)
    for role in roles.values():
        if role.required and role.name not in figure.encoding:
            remedy = f"Add encoding[{role.name!r}], the name of a column of rows."
            yield Problem(f"role {role.name!r} is missing", where, f"a column for {role.name!r}", remedy)
    if ("lower" in figure.encoding) != ("upper" in figure.encoding):
        yield Problem("half an interval", where, "both 'lower' and 'upper'", "Add the other bound.")


def _of_settings(figure: Figure, where: str) -> Iterator[Problem]:
    domain, scale = figure.encoding.get("domain"), figure.encoding.get("y_scale", "shared")
    if domain is not None and read_domain(domain) is None:
        yield Problem(
            f"domain {domain!r}", where, "two numbers, low below high", "Write for example '0 100'."
        )
    if scale not in ("shared", "independent"):
        yield unknown("y_scale", scale, ["shared", "independent"], where)


def _of_column(figure: Figure, role: Role, where: str) -> Iterator[Problem]:
    column, place = figure.encoding[role.name], f"{where}, role {role.name!r}"
    if not any(column in row for row in figure.rows):
        yield unknown("column", column, sorted({str(key) for row in figure.rows for key in row}), place)
        return
    if role.required and all(_is_blank(row.get(column)) for row in figure.rows):
        yield Problem(f"column {column!r} is empty", place, _EXPECTED[role.holds], "Fill the column.")
        return
    for i, row in enumerate(figure.rows):
        value = row.get(column)
        excused = role.empty or (
            role.name in _OF_EVENTS and not _is_blank(row.get(figure.encoding.get("event", "")))
        )
        if not excused if _is_blank(value) else not _READS[role.holds](value):
            expected = _EXPECTED[role.holds]
            yield Problem(
                f"{value!r} in column {column!r}", f"{place}, row {i + 1}", expected, "Correct the row."
            )


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value)


def _of_rows(figure: Figure, where: str) -> Iterator[Problem]:
    """What is wrong among rows that are sound one by one."""
    data = Data(figure, str)
    # points of their own may stand on one another
    own = "mark" if figure.kind == "bars" else "beside"
    told = [row for row in figure.rows if not data.text(row, own)]
    keys = Counter(tuple(data.text(row, role) for role in _KEYS.get(figure.kind, ())) for row in told)
    for key, count in keys.items():
        if key and count > 1:
            expected = f"one row for each {', '.join(_KEYS[figure.kind])}"
            yield Problem(f"{count} rows for {', '.join(filter(None, key))}", where, expected, "Keep one.")
    domain = data.domain()
    if domain:
        low, high = domain
        outside = [
            v for v in data.numbers("value", "y", "lower", "upper", "reference") if not low <= v <= high
        ]
        if outside:
            what = f"the domain leaves out {len(outside)} values, such as {outside[0]:g}"
            yield Problem(what, where, "a domain that holds all values", "Widen it, or leave it to the data.")
    if figure.kind == "slope":
        yield from _of_slope(data, where)
    if figure.kind == "network":
        yield from _of_network(data, where)
    if figure.kind in ("lines", "strip", "small_multiples"):
        named = {
            (data.text(r, "panel"), v) for r in figure.rows if (v := data.number(r, "reference")) is not None
        }
        for panel, count in Counter(panel for panel, _ in named).items():
            if count > 1:
                what = f"{count} reference values {panel}".rstrip()
                yield Problem(what, where, "the same in all rows", "Draw a figure for each.")


def _of_slope(data: Data, where: str) -> Iterator[Problem]:
    periods = {data.period(row, "period") for row in data.rows}
    if len(periods) != 2:
        yield Problem(f"{len(periods)} periods", where, "two periods", "Choose a first and a last one.")
        return
    for name in data.distinct("series"):
        if sum(data.text(row, "series") == name for row in data.rows) == 1:
            yield Problem(f"{name!r} has one period", where, "both periods", "Leave the series out.")


def _of_network(data: Data, where: str) -> Iterator[Problem]:
    nodes = {
        data.text(row, "node")
        for row in data.rows
        if not data.text(row, "to") and None not in (data.number(row, "x"), data.number(row, "y"))
    }
    for row in data.rows:
        lost = [end for role in ("node", "to") if (end := data.text(row, role)) and end not in nodes]
        if lost:
            expected = "a row with x and y for every node, and no link to others"
            yield Problem(f"{lost[0]!r} has no place", where, expected, "Add its row, or leave the link out.")
