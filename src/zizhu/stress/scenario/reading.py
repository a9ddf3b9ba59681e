"""A scenario file to scenarios: what stands at the top holds for all of them, overrides make variants of each.

title: ...            settings of every scenario
scenarios:            several, each with an id; without this list the file is one scenario
  - id: ...
overrides:            variants `id.name` of every scenario
  name: {draws: 0, shocks: {name of a shock: {share: 0.5}}}
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from zizhu.stress.scenario import partly, wording
from zizhu.stress.scenario.model import Scenario
from zizhu.vocab import plain_yaml
from zizhu.vocab.problems import Problem, ZizhuError, nearest

MOST = 500
"""Scenarios of a file."""
MOST_SHOCKS = 500
"""Shocks that a file writes down: each is measured on the tables by itself, and met with every other one."""
LARGEST = 1 << 20
"""Bytes of a file: 500 shocks with their comments have a fifth of it, and what is larger is no plan of a person."""
LISTS = ("scenarios", "overrides")
WITH = " with overrides."
"""Between the places of a scenario and of the override that makes a variant of it."""


def read(path: Path) -> tuple[Scenario, ...]:
    """The scenarios of a file; raises Faulty with all that is wrong in it."""
    content = plain_yaml.read(path, LARGEST)
    if not isinstance(content, dict):
        remedy = "`zizhu stress fields` shows what may stand in it."
        raise Faulty(Problem("no settings", path.name, "lines such as `title: ...`", remedy))
    if (count := _shocks(content)) > MOST_SHOCKS:
        what, remedy = (
            f"{count:,} shocks",
            "Split the file, or let one shock name a group, a sector or several products.",
        )
        raise ZizhuError(Problem(what, path.name, f"at most {MOST_SHOCKS}", remedy))
    problems: list[Problem] = []
    found: dict[str, Scenario] = {}
    parts: list[Scenario] = []
    for where, raw in _variants(content, path, problems):
        made = _made(raw, where, problems, parts)
        if made is not None and found.setdefault(made.id, made) is not made:
            remedy = "Change one of the two."
            problems.append(Problem(f"the id {made.id} again", where, "an id of its own", remedy))
    if problems:
        raise Faulty(_once(problems), (*found.values(), *parts))
    return tuple(found.values())


class Faulty(ZizhuError):
    """A file with faults. `parts` are its scenarios as far as they can be read, see `partly`."""

    def __init__(self, problems: Problem | Iterable[Problem], parts: Iterable[Scenario] = ()) -> None:
        super().__init__(problems)
        self.parts = tuple(parts)


def _shocks(content: Mapping[str, Any]) -> int:
    """How many shocks a file writes down, at its top, in its scenarios and in its overrides."""
    scenarios, overrides = (content.get(name) for name in LISTS)
    parts = [content]
    parts += scenarios if isinstance(scenarios, list) else []
    parts += overrides.values() if isinstance(overrides, dict) else []
    lists = [part.get("shocks") for part in parts if isinstance(part, dict)]
    return sum(len(some) for some in lists if isinstance(some, list))


def _once(problems: list[Problem]) -> list[Problem]:
    """The problems, less those of variants that the scenario they are made from has too."""
    plain = {_fault_at(p, p.where) for p in problems if WITH not in p.where}

    def inherited(p: Problem) -> bool:
        base, variant, rest = p.where.partition(WITH)
        return bool(variant) and _fault_at(p, f"{base}{rest[rest.find(':') :]}") in plain

    return list(dict.fromkeys(p for p in problems if not inherited(p)))


def _fault_at(p: Problem, where: str) -> tuple[str, str, str]:
    """What makes two problems the same; the id of a variant is that of its scenario with more behind it."""
    return ("" if where.endswith(": id") else p.what), p.expected, where


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
    own_id = {} if listed else {"id": path.stem.casefold().replace(" ", "-")}
    for i, own in enumerate(listed or [{}]):
        place = f"{path.name}: scenarios[{i + 1}]" if listed else path.name
        if not isinstance(own, dict):
            problems.append(Problem("no settings", place, "a scenario's settings", "Begin it with `- id:`."))
            continue
        base = {**own_id, **common, **own}
        yield place, base
        for name, change in overrides.items():
            where = f"{place}{WITH}{name}"
            yield where, _overridden(base, {"id": f"{base.get('id', '')}.{name}", **change}, where, problems)


def _mappings(content: Any, where: str, problems: list[Problem]) -> dict[str, dict[str, Any]]:
    """The mappings of a mapping; a problem for each entry that is none."""
    whole = content if isinstance(content, dict) else {}
    wrong = [f"{where}.{name}" for name, v in whole.items() if not isinstance(v, dict)]
    for place in wrong if isinstance(content, dict) else [where]:
        remedy = "Put the settings on lines of their own, further to the right."
        problems.append(Problem("no settings below it", place, "`name:` with settings below it", remedy))
    return {name: v for name, v in whole.items() if isinstance(v, dict)}


def _overridden(
    base: Mapping[str, Any], change: Mapping[str, Any], where: str, problems: list[Problem]
) -> dict[str, Any]:
    """`base` with settings replaced; mappings are merged, and `shocks` given by name change those shocks."""
    made = _merged(base, change)
    before, patches = base.get("shocks"), change.get("shocks")
    if isinstance(patches, dict) and isinstance(before, list):
        made["shocks"] = _patched(before, patches, where, problems)
    return made


def _merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with the entries of `change`, mappings inside it too."""
    made = dict(base)
    for key, value in change.items():
        before = base.get(key)
        made[key] = _merged(before, value) if isinstance(value, dict) and isinstance(before, dict) else value
    return made


def _patched(shocks: list[Any], patches: Mapping[str, Any], where: str, problems: list[Problem]) -> list[Any]:
    names = [s.get("name", "") if isinstance(s, dict) else "" for s in shocks]
    changes = _mappings(patches, f"{where}: shocks", problems)
    for name in changes:
        if names.count(name) != 1 or not name:
            known = [n for n in names if n]
            close = nearest(name, known, 1)
            remedy = f"Nearest: {close[0]}." if close else "Give the shock this `name`."
            what = f"{'several shocks are' if name in known else 'no shock is'} named {name}"
            expected = "the name of one of the scenario's shocks"
            problems.append(Problem(what, f"{where}: shocks", expected, remedy))
    return [
        _merged(s, changes[n]) if n in changes and isinstance(s, dict) else s
        for n, s in zip(names, shocks, strict=True)
    ]


def _made(raw: dict[str, Any], where: str, problems: list[Problem], parts: list[Scenario]) -> Scenario | None:
    try:
        return Scenario.model_validate(raw)
    except ValidationError as error:
        parts.append(part := partly.readable(raw, error))
        problems += wording.problems(error, where)
        problems += [wording.refusal(fault, loc, where) for loc, fault in partly.hidden(error, part)]
        return None
