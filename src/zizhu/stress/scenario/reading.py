"""A scenario file to scenarios: what stands at the top holds for all of them, overrides make variants of each.

title: ...            settings of every scenario
scenarios:            several, each with an id; without this list the file is one scenario
  - id: ...
overrides:            variants `id.name` of every scenario
  name: {draws: 0, shocks: {name of a shock: {share: 0.5}}}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from zizhu.ledger.models import faults
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.shocks import KINDS
from zizhu.vocab import plain_yaml
from zizhu.vocab.problems import Problem, ZizhuError, nearest

MOST = 500
"""Scenarios of a file."""
LISTS = ("scenarios", "overrides")


def read(path: Path) -> tuple[Scenario, ...]:
    """The scenarios of a file; raises ZizhuError with all that is wrong in it."""
    content = plain_yaml.read(path)
    if not isinstance(content, dict):
        raise ZizhuError(
            Problem("no mapping", path.name, "lines such as `title: ...`", "See `zizhu stress fields`.")
        )
    problems: list[Problem] = []
    found: dict[str, Scenario] = {}
    for where, raw in _variants(content, path, problems):
        made = _made(raw, where, problems)
        if made is not None and found.setdefault(made.id, made) is not made:
            problems.append(
                Problem(f"the id {made.id} again", where, "an id of its own", "Change one of the two.")
            )
    if problems:
        raise ZizhuError(list(dict.fromkeys(problems)))
    return tuple(found.values())


def _variants(
    content: Mapping[str, Any], path: Path, problems: list[Problem]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every scenario of the file as one mapping, with its place for messages."""
    common = {k: v for k, v in content.items() if k not in LISTS}
    overrides = _mappings(content.get("overrides", {}), f"{path.name}: overrides", problems)
    listed = content.get("scenarios")
    if listed is not None and not (isinstance(listed, list) and listed):
        expected = "a list of scenarios, each line of it beginning with `- id:`"
        problems.append(
            Problem("scenarios is no list", path.name, expected, "Write a list, or leave it out.")
        )
        return
    count = len(listed or [1]) * (1 + len(overrides))
    if count > MOST:
        problems.append(Problem(f"{count} scenarios", path.name, f"at most {MOST}", "Split the file."))
        return
    for i, own in enumerate(listed or [{}]):
        place = f"{path.name}: scenarios[{i + 1}]" if listed else path.name
        if not isinstance(own, dict):
            problems.append(Problem("no mapping", place, "a scenario's settings", "Begin it with `- id:`."))
            continue
        base = {"id": path.stem.casefold().replace(" ", "-"), **common, **own}
        yield place, base
        for name, change in overrides.items():
            where = f"{place} with overrides.{name}"
            yield where, _overridden(base, {"id": f"{base['id']}.{name}", **change}, where, problems)


def _mappings(content: Any, where: str, problems: list[Problem]) -> dict[str, dict[str, Any]]:
    if isinstance(content, dict) and all(isinstance(v, dict) for v in content.values()):
        return content
    problems.append(
        Problem("not a mapping of mappings", where, "`name: {setting: value}`", "Indent the settings.")
    )
    return {}


def _overridden(
    base: Mapping[str, Any], change: Mapping[str, Any], where: str, problems: list[Problem]
) -> dict[str, Any]:
    """`base` with settings replaced; mappings are merged, and `shocks` given by name change those shocks."""
    made = dict(base)
    for key, value in change.items():
        before = base.get(key)
        if key == "shocks" and isinstance(value, dict) and isinstance(before, list):
            made[key] = _patched(before, value, where, problems)
        elif isinstance(value, dict) and isinstance(before, dict):
            made[key] = {**before, **value}
        else:
            made[key] = value
    return made


def _patched(shocks: list[Any], patches: Mapping[str, Any], where: str, problems: list[Problem]) -> list[Any]:
    names = [s.get("name", "") if isinstance(s, dict) else "" for s in shocks]
    for name in patches:
        if name not in names:
            known = [n for n in names if n]
            close = nearest(name, known, 1)
            remedy = f"Nearest: {close[0]}." if close else "Give the shock this `name`."
            problems.append(
                Problem(f"no shock is named {name!r}", f"{where}.shocks", "a shock's name", remedy)
            )
    return [
        {**s, **patches[n]} if n in patches and isinstance(patches[n], dict) else s
        for n, s in zip(names, shocks, strict=True)
    ]


def _made(raw: dict[str, Any], where: str, problems: list[Problem]) -> Scenario | None:
    try:
        return Scenario.model_validate(raw)
    except ValidationError as error:
        known = {*Scenario.model_fields, *(f for kind in KINDS for f in kind.model_fields)}
        problems += faults(error, where, known)
        return None
