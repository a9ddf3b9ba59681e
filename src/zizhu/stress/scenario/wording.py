"""What is wrong in a scenario file, in plain words: where it stands, what stands there, what may, and what it means."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from zizhu.ledger.models import Record
from zizhu.stress.scenario.model import Needs, Scenario, Years
from zizhu.stress.scenario.refusal import REFUSED, Fault
from zizhu.stress.scenario.shocks import BY_KIND, Recovery
from zizhu.stress.scenario.spans import EXAMPLES, is_span, marks, told
from zizhu.vocab.problems import Problem, nearest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

TODO = "TODO"
"""What a draft writes where only a person can know."""
SHOWN = 60
GONE: Mapping[str, str] = {
    "orders": "Remove it. For `orders: fixed` write `substitution: {default: 0}`; `orders: capacity` is what "
    "`substitution` is the degree of.",
}
"""Settings of older files, with what to write now."""
WITHIN: Mapping[str, type[Record]] = {"recovery": Recovery, "needs": Needs, "years": Years}
LISTS = (
    "shocks",
    "horizons",
    "products",
    "needed_by",
    "priority",
    "important",
    "non_critical",
    "elasticities",
)
_NUMBER = ("float_parsing", "float_type", "finite_number", "int_parsing", "int_type", "int_from_float")
_BOUND = ("greater_than", "greater_than_equal", "less_than", "less_than_equal")
BOUNDS = ("gt", "ge", "lt", "le")
_WHOLE = ("int_parsing", "int_type", "int_from_float")
_NO_MAPPING = ("dict_type", "model_type", "model_attributes_type")


class Spot(NamedTuple):
    """A place in a scenario as a person reads it, what a message calls it, and the setting that it belongs to.

    `setting` is empty and `info` None where nothing is known of it.
    """

    place: str
    name: str
    model: type[Record]
    setting: str
    info: FieldInfo | None


def problems(error: ValidationError, where: str) -> list[Problem]:
    """One problem for each fault that a scenario's model found; `where` names the file and the scenario in it."""
    return [problem for e in error.errors() if not _echo(e) for problem in _problems(e, where)]


def refusal(fault: Fault, loc: tuple[int | str, ...], where: str) -> Problem:
    """The problem of a fault at a place in a scenario."""
    place = _spot(loc).place
    return Problem(fault.what, f"{where}: {place}" if place else where, fault.expected, fault.remedy)


def _echo(error: ErrorDetails) -> bool:
    """Whether a list is called too short only because its entries have faults, which are told."""
    return error["type"] == "too_short" and bool(error["input"])


def _problems(error: ErrorDetails, where: str) -> Iterator[Problem]:
    spot = _spot(error["loc"])
    faults = error["ctx"]["faults"] if error["type"] == REFUSED else (_fault(error, spot),)
    yield from (refusal(fault, error["loc"], where) for fault in faults)


def _fault(error: ErrorDetails, spot: Spot) -> Fault:
    kind, got, ctx = error["type"], error["input"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return _stranger(spot)
    if kind == "missing" and error["loc"][-1] == spot.setting:
        return Fault(f"no {spot.name}", _meaning(spot), f"Add `{spot.name}: ...`.")
    if kind == "missing":
        return Fault("too few numbers", _list(spot), _remedy(spot, got))
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _unknown_kind(str(ctx.get("tag", "")))
    if error["loc"][-1:] == ("[key]",):
        return _one_of(spot, f"unknown name {got}", str(got), _choices(ctx["expected"]))
    if kind == "literal_error":
        return _one_of(spot, _shown(spot, got), str(got), _choices(ctx["expected"]))
    return Fault(_shown(spot, got), _expected(error, spot), _remedy(spot, got))


def _spot(loc: tuple[int | str, ...]) -> Spot:
    spot = Spot("", "the scenario", Scenario, "", None)
    for part in loc:
        if part != "[key]":
            spot = _deeper(spot, part)
    return spot


def _deeper(spot: Spot, part: int | str) -> Spot:
    if isinstance(part, int):
        return spot._replace(place=f"{spot.place}[{part + 1}]", name="it")
    if part in BY_KIND and spot.place.startswith("shocks["):
        return Spot(f"{spot.place} ({part})", "the shock", BY_KIND[part], "", None)
    place = f"{spot.place}{'.' if spot.place else ''}{part}"
    inside = spot.setting and spot.setting not in WITHIN  # the keys of a mapping are no settings
    here = None if inside else spot.model.model_fields.get(part)
    if here is None:
        return spot._replace(place=place, name=part)
    return Spot(place, part, WITHIN.get(part, spot.model), part, here)


def _shown(spot: Spot, got: Any) -> str:
    if got in ("", None):
        return f"{spot.name} is empty"
    if isinstance(got, str) and got.strip().upper().startswith(TODO):
        return f"{spot.name} is still to be filled in"
    if isinstance(got, float) and is_span(spot.info):
        return f"{spot.name} is {told(got)}"
    return f"{spot.name} is {got if isinstance(got, str) else repr(got):.{SHOWN}}"


def _expected(error: ErrorDetails, spot: Spot) -> str:
    kind = error["type"]
    if is_span(spot.info) and kind in ("span", *_NUMBER, *_BOUND):
        return f"{EXAMPLES}{_range(spot)}"
    if kind in _NUMBER and spot.setting == "uncertain":
        return f"a number, or of times {EXAMPLES}"
    if kind in _NUMBER or kind in _BOUND:
        return f"{'a whole number' if kind in _WHOLE else 'a number'}{_range(spot)}"
    if kind in ("tuple_type", "too_short", "too_long", "list_type"):
        return _list(spot)
    if kind in _NO_MAPPING:
        return "settings, each on a line of its own as `name: value`"
    if kind == "string_pattern_mismatch":
        return _FORMS.get(spot.name, _SIDE)
    return _WORDS.get(kind, error["msg"].removeprefix("Input should be ").removeprefix("Value error, "))


_WORDS = {
    "string_type": "a text",
    "string_too_short": "some text",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
}
_FORMS = {
    "id": "small letters, digits, dots, hyphens and underscores, at most 80, a letter or digit first",
}
_SIDE = "COUNTRY or GROUP, alone or with :SECTOR, such as CHN, EU27 or CHN:C26"


def _list(spot: Spot) -> str:
    if spot.setting in LISTS:
        return (
            "a list of at least one, each on a line of its own beginning with `- `, or in brackets as [a, b]"
        )
    return "two numbers in brackets: [low, high]" if spot.setting == "uncertain" else "at least one"


def _remedy(spot: Spot, got: Any) -> str:
    if spot.info is not None and spot.info.description:
        return f"{spot.setting}: {spot.info.description}"
    return "Fill it in." if got in ("", None) else "Correct it."


def _meaning(spot: Spot) -> str:
    return spot.info.description if spot.info is not None and spot.info.description else "a value for it"


def _stranger(spot: Spot) -> Fault:
    """A setting that is not known where it stands."""
    here = [name for name in spot.model.model_fields if name != "kind"]
    close = nearest(spot.name, here, 1)
    remedy = f"Nearest: {close[0]}." if close else "Remove it."
    if spot.model is Scenario:
        remedy = GONE.get(spot.name, remedy)
    if spot.model is not Scenario and spot.name in Scenario.model_fields:
        remedy = "It is a setting of the scenario: move it out of the shock."
    return Fault(f"unknown setting {spot.name}", f"one of: {', '.join(here)}", remedy)


def _unknown_kind(tag: str) -> Fault:
    close = nearest(tag, tuple(BY_KIND), 1)
    what = f"unknown kind of shock {tag}" if tag else "a shock without its kind"
    return Fault(
        what, f"one of: {', '.join(BY_KIND)}", f"Nearest: {close[0]}." if close else "Add `kind: ...`."
    )


def _one_of(spot: Spot, what: str, got: str, choices: list[str]) -> Fault:
    close = nearest(got, choices, 1)
    return Fault(
        what, f"one of: {', '.join(choices)}", f"Nearest: {close[0]}." if close else _remedy(spot, got)
    )


def _choices(expected: str) -> list[str]:
    return [v.strip("' ") for v in expected.replace(" or ", ", ").split(",")]


def _range(spot: Spot) -> str:
    """The bounds of a setting in words."""
    bounds = [
        (k, float(v))
        for mark in marks(spot.info)
        for k in BOUNDS
        if (v := getattr(mark, k, None)) is not None
    ]
    low = max((v for k, v in bounds if k in ("gt", "ge")), default=-math.inf)
    high = min((v for k, v in bounds if k in ("lt", "le")), default=math.inf)
    say = told if is_span(spot.info) else "{:g}".format
    said = []
    if low > -math.inf and not (is_span(spot.info) and ("gt", low) not in bounds and low == 0):
        said.append(f"{'more than' if ('gt', low) in bounds else 'at least'} {say(low)}")
    if high < math.inf:
        said.append(f"at most {say(high)}")
    return f", {' and '.join(said)}" if said else ""
