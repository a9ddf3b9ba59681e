"""What the store keeps beside a table: its key, units, sources and hashes, and what is wrong with a new one."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError, model_validator

from zizhu.ledger.models import Digest, Record, Source, Text, faults
from zizhu.vocab.problems import Problem, ZizhuError

if TYPE_CHECKING:
    import polars as pl

_NUMERIC = re.compile(r"^(U?Int\d+|Float\d+|Decimal.*)$")
NAME = r"^[a-z0-9][a-z0-9._-]{0,63}$"


class Origin(Record):
    """The files that a table was read from, and when. `cited` are sources that no register of the product has."""

    files: tuple[RawFile, ...] = Field(min_length=1)
    reader: Text
    version: Text
    added: Text
    cited: tuple[Source, ...] = ()


class RawFile(Record):
    """A file as it was given or downloaded, without the folder that it lay in. `url` has no key and no password."""

    name: Text
    bytes: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    url: str = ""


class Describe(Record):
    """What a writer must say about a table: its key, a unit for every numeric column, and its sources.

    An empty key marks a dense array: the position of a row is its key and `shape` says its axes. `notes` are about
    the table as it is; `history` is what was said of the tables that it was made from.
    """

    title: Text
    key: tuple[str, ...]
    units: Mapping[str, str]
    sources: tuple[str, ...] = Field(min_length=1)
    shape: tuple[int, ...] = ()
    parts: Mapping[str, str] = Field(default_factory=dict)
    flags: Mapping[str, Any] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    origin: Origin | None = None

    @model_validator(mode="after")
    def _dense_has_shape(self) -> Describe:
        if not self.key and not self.shape:
            raise ValueError("a table without a key needs a shape")
        return self


class Meta(Describe):
    """A table's description with what the store adds.

    `described` marks a later description of data that were here already; it is empty for the first.
    """

    name: str = Field(pattern=NAME)
    digest: Digest
    rows: int = Field(ge=0)
    bytes: int = Field(gt=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    columns: Mapping[str, str]
    described: str = Field(default="", exclude=True)

    @property
    def version(self) -> str:
        """What tells this version of the table from all others: its data and their description."""
        return f"{self.digest}.{self.described}" if self.described else self.digest

    @property
    def short(self) -> str:
        """The version as people read it; it is enough to find the table by."""
        return f"{self.digest[:12]}{self.version[len(self.digest) :]}"

    @property
    def ref(self) -> str:
        """The table's reference, to which `#<key>` is added."""
        return f"table:{self.name}@{self.version}"

    def row_ref(self, row: Mapping[str, Any]) -> str:
        """The reference of one row, by the values of its key."""
        return f"{self.ref}#{','.join(str(row[k]) for k in self.key)}"


def checked(
    name: str, frame: pl.DataFrame, key: Sequence[str], meta: Mapping[str, Any]
) -> tuple[Describe, str]:
    """The description of a new table and its digest; raises ZizhuError with all problems of both."""
    from zizhu.store.digest import digest

    problems: list[Problem] = []
    described, made = None, ""
    try:
        described = checked_description(name, frame.schema, frame.height, key, meta)
    except ZizhuError as error:
        problems += error.problems
    try:
        made = digest(frame, tuple(key))
    except ZizhuError as error:
        problems += error.problems
    if problems or described is None:
        raise ZizhuError(problems)
    return described, made


def checked_description(
    name: str, schema: pl.Schema, rows: int, key: Sequence[str], meta: Mapping[str, Any]
) -> Describe:
    """The description of a table of that form; raises ZizhuError with all its problems."""
    problems = _problems(name, schema, rows, key, meta)
    described = None
    try:
        described = Describe.model_validate({**meta, "key": tuple(key)})
    except ValidationError as error:
        problems += faults(error, f"description of {name}", Describe.model_fields)
    if described is not None and described.shape and math.prod(described.shape) != rows:
        problems.append(
            Problem(
                f"shape {described.shape} with {rows} rows",
                f"table {name}",
                f"{math.prod(described.shape)} rows",
                "Give the axes of the dense array.",
            )
        )
    if problems or described is None:
        raise ZizhuError(problems)
    return described


def _problems(
    name: str, schema: pl.Schema, rows: int, key: Sequence[str], meta: Mapping[str, Any]
) -> list[Problem]:
    problems: list[Problem] = []
    if not re.fullmatch(NAME, name):
        problems.append(
            Problem(
                f"bad table name {name!r}", "commit", "lower-case letters, digits, . _ -", "Rename the table."
            )
        )
    units = meta.get("units")
    units = units if isinstance(units, Mapping) else {}
    problems += [
        Problem(
            f"column {c!r} has no unit",
            f"table {name}",
            "a unit for every numeric column",
            f"Add units[{c!r}].",
        )
        for c, t in schema.items()
        if c not in key and c not in units and _NUMERIC.match(str(t))
    ]
    problems += [
        Problem(
            f"a unit for {c!r}, which is no column", f"table {name}", f"one of {list(schema)}", "Remove it."
        )
        for c in units
        if c not in schema
    ]
    if rows == 0:
        problems.append(Problem("no rows", f"table {name}", "at least one row", "Nothing was written."))
    return problems
