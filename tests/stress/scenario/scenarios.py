"""Scenario files for the tests: a sound one, and what is said of those that are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.reading import read
from zizhu.vocab.problems import Problem, ZizhuError

BAN: dict[str, Any] = {"kind": "export_ban", "sender": "CHN", "receiver": "USA"}


def content(*shocks: dict[str, Any], **settings: Any) -> dict[str, Any]:
    """A scenario with these shocks, by default a ban, and settings."""
    return {"id": "one", "title": "One", "shocks": list(shocks or (BAN,)), **settings}


def wrote(place: Path, said: Any) -> Path:
    """A file with this content, or with this text."""
    path = place / "mine.yaml"
    path.write_text(said if isinstance(said, str) else yaml.safe_dump(said, allow_unicode=True), "utf-8")
    return path


def taken(place: Path, said: Any) -> tuple[Scenario, ...]:
    """The scenarios of a file with this content."""
    return read(wrote(place, said))


def refused(place: Path, said: Any) -> list[Problem]:
    """The problems of a file with this content; none where it is read."""
    try:
        taken(place, said)
    except ZizhuError as error:
        return error.problems
    return []


def scenario(*shocks: dict[str, Any], **settings: Any) -> Scenario:
    """A scenario, without a file."""
    return Scenario.model_validate(content(*shocks, **settings))
