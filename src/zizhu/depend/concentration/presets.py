"""Presets of dependency flags: cuts over the measures, built in or in a user's own file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from zizhu.depend.concentration.measures import MEASURES
from zizhu.depend.concentration.rule import Cut
from zizhu.ledger.models import Record, Source, Text, faults
from zizhu.vocab import plain_yaml
from zizhu.vocab.packfiles import pack
from zizhu.vocab.problems import Problem, ZizhuError, nearest, unknown

LONGEST = 10
"""Years of the longest window."""


class Condition(Record):
    """One measure and its cut, `above` (strictly) or `at_least`. `band` is where others would put the cut."""

    measure: str
    above: float | None = Field(default=None, gt=0)
    at_least: float | None = Field(default=None, gt=0)
    band: tuple[float, float]

    @field_validator("measure")
    @classmethod
    def _known(cls, measure: str) -> str:
        if measure not in MEASURES:
            close = nearest(measure, tuple(MEASURES), 1) or ["-"]
            raise ValueError(f"one of {', '.join(MEASURES)}; nearest: {close[0]}")
        return measure

    @model_validator(mode="after")
    def _one_cut_within_its_band(self) -> Self:
        if (self.above is None) == (self.at_least is None):
            raise ValueError("either above or at_least")
        if not 0 < self.band[0] <= self.cut.at <= self.band[1]:
            raise ValueError("a band [low, high] above zero that contains the cut")
        return self

    @property
    def cut(self) -> Cut:
        """The condition as the kernels take it."""
        at = self.above if self.above is not None else self.at_least
        assert at is not None
        return Cut(self.measure, at, *self.band, inclusive=self.above is None)


class Preset(Record):
    """A definition of dependency: all conditions hold in `at_least` of the last `years` years.

    `status` approximate: its authors did not publish all of it, and `missing` says what stands in.
    """

    id: Text
    title: Text
    status: Literal["full", "approximate", "own"] = "own"
    missing: str = ""
    source: Source | None = None
    years: int = Field(default=1, ge=1, le=LONGEST)
    at_least: int = Field(default=1, ge=1)
    conditions: tuple[Condition, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.at_least > self.years:
            raise ValueError(f"at_least no more than the {self.years} years of the window")
        if self.status == "approximate" and not self.missing:
            raise ValueError("an approximate preset names what is missing")
        return self

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """Its conditions as the kernels take them."""
        return tuple(c.cut for c in self.conditions)


@cache
def presets() -> Mapping[str, Preset]:
    """The built-in presets by id, the default first."""
    found = [read(path) for path in sorted(pack("flags").glob("*.yaml"))]
    return {p.id: p for p in sorted(found, key=lambda p: (p.id != DEFAULT, p.id))}


DEFAULT = "geodep"
"""The only preset that its authors specify fully for every country."""


def chosen(names: tuple[str, ...]) -> tuple[Preset, ...]:
    """The presets of these ids or files; all built-in ones without any.

    Raises ZizhuError for unknown ids, faulty files and ids that stand for two definitions.
    """
    found: dict[str, Preset] = {}
    problems: list[Problem] = []
    for name in names or presets():
        try:
            one = read(Path(name)) if name.endswith((".yaml", ".yml")) else _built_in(name)
        except ZizhuError as error:
            problems += error.problems
            continue
        if found.setdefault(one.id, one) != one or (one.id in presets() and one != presets()[one.id]):
            problems.append(
                Problem(f"{one.id} stands for two definitions", name, "an id of its own", "Change its id.")
            )
    if problems:
        raise ZizhuError(problems)
    return tuple(found.values())


def _built_in(name: str) -> Preset:
    if name not in presets():
        raise ZizhuError(unknown("preset", name, list(presets()), "presets"))
    return presets()[name]


def read(path: Path) -> Preset:
    """The preset of a YAML file; raises ZizhuError with all its faults."""
    content = plain_yaml.read(path)
    try:
        return Preset.model_validate(content)
    except ValidationError as error:
        raise ZizhuError(faults(error, path.name, Preset.model_fields)) from error
