"""What of a scenario with faults can be read, so that all that is wrong with it is said at once.

Settings that cannot be read are lacking in what is made here: asking for one raises AttributeError.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.refusal import Fault, seen
from zizhu.stress.scenario.shocks import BY_KIND, Shock
from zizhu.vocab.problems import nearest

Loc = tuple[int | str, ...]
C = TypeVar("C", Shock, Scenario)
SHOCKS = "shocks"


def readable(raw: Mapping[str, Any], error: ValidationError) -> Scenario:
    """The scenario without what its model found wrong; in the place of a shock that is none stands one without
    settings."""
    found = [e["loc"] for e in error.errors()]
    whole = _part(Scenario, {k: v for k, v in raw.items() if k != SHOCKS}, _first(found))
    listed = raw.get(SHOCKS)
    whole.__dict__.pop(SHOCKS, None)
    if isinstance(listed, list) and listed:
        whole.__dict__[SHOCKS] = tuple(
            _shock(one, [loc[2:] for loc in found if loc[:2] == (SHOCKS, i)]) for i, one in enumerate(listed)
        )
    return whole


def hidden(error: ValidationError, part: Scenario) -> Iterator[tuple[Loc, Fault]]:
    """What the models did not come to look at, as single settings were wrong: place and fault."""
    found = [e["loc"] for e in error.errors()]
    for i, shock in enumerate(getattr(part, SHOCKS, ())):
        kind = getattr(shock, "kind", "")
        if any(loc[:2] == (SHOCKS, i) and len(loc) > len((SHOCKS, i, kind)) for loc in found):
            yield from (((SHOCKS, i, kind), fault) for fault in seen(shock))
    if any(found):
        yield from (((), fault) for fault in seen(part))


def _first(places: Iterable[Loc]) -> set[str]:
    return {str(loc[0]) for loc in places if loc}


def _shock(raw: Any, places: list[Loc]) -> Shock:
    kind = str(raw.get("kind")) if isinstance(raw, dict) else ""
    if kind not in BY_KIND or () in places:
        return _part(Shock, {}, set(Shock.model_fields))
    return _part(BY_KIND[kind], raw, _first(loc[1:] for loc in places))


def _part(model: type[C], raw: Mapping[str, Any], wrong: set[str]) -> C:
    """A record of what is not wrong; what an unknown setting may have meant to be is lacking too."""
    strange = {
        name for w in wrong - set(model.model_fields) for name in nearest(w, list(model.model_fields), 1)
    }
    lacking = wrong | strange
    values = {
        name: _read(info, raw[name])
        for name, info in model.model_fields.items()
        if name in raw and name not in lacking
    }
    made = model.model_construct(**values)
    for name in lacking:
        made.__dict__.pop(name, None)
    return made


def _read(info: FieldInfo, value: Any) -> Any:
    wanted: Any = Annotated[info.annotation, info]
    return TypeAdapter(wanted).validate_python(value)
