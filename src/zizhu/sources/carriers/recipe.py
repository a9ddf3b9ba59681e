"""What every source module takes and gives: a recipe (data) in, described tables out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from zizhu.ledger.models import Record, faults
from zizhu.store.meta import Describe
from zizhu.vocab.problems import Problem, ZizhuError


class Recipe(Record):
    """How one source is read: the parameters of its `read` and the description of each table it makes.

    In a description, `parts` names tables of the same recipe; the writer adds their digests.
    """

    parameters: Mapping[str, Any]
    tables: Mapping[str, Describe]


def load_recipes(path: Path) -> dict[str, Recipe]:
    """The recipes of a YAML file, by the name of the source module that reads them.

    Raises ZizhuError with all faults of the file at once.
    """
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ZizhuError(Problem(f"no YAML: {error}", str(path), "a mapping", "Mend the file.")) from error
    if not isinstance(found, dict):
        raise ZizhuError(
            Problem("no mapping", str(path), "one entry for each source module", "Mend the file.")
        )
    recipes: dict[str, Recipe] = {}
    problems: list[Problem] = []
    for reader, content in found.items():
        try:
            recipes[reader] = Recipe.model_validate(content)
        except ValidationError as error:
            problems += faults(error, f"{path.name}, {reader}")
    if problems:
        raise ZizhuError(problems)
    return recipes


def require(holds: bool, what: str, where: str, expected: str) -> None:
    """Raise ZizhuError when the raw file is not what the reader was written for."""
    if not holds:
        remedy = "The file is another edition than the one this reader knows: check the reader against it."
        raise ZizhuError(Problem(what, where, expected, remedy))
