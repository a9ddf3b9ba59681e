"""What the store keeps beside a table: its key, units, sources and hashes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, model_validator

from zizhu.ledger.models import Digest, Record, Text

NAME = r"^[a-z0-9][a-z0-9._-]{0,63}$"


class Describe(Record):
    """What a writer must say about a table: its key, a unit for every numeric column, and its sources.

    An empty key marks a dense array: the position of a row is its key and `shape` says its axes.
    """

    title: Text
    key: tuple[str, ...]
    units: Mapping[str, str]
    sources: tuple[str, ...] = Field(min_length=1)
    shape: tuple[int, ...] = ()
    parts: Mapping[str, str] = Field(default_factory=dict)
    flags: Mapping[str, Any] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _dense_has_shape(self) -> Describe:
        if not self.key and not self.shape:
            raise ValueError("a table without a key needs a shape")
        return self


class Meta(Describe):
    """A table's description with what the store adds."""

    name: str = Field(pattern=NAME)
    digest: Digest
    rows: int = Field(ge=0)
    bytes: int = Field(gt=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    columns: Mapping[str, str]

    @property
    def ref(self) -> str:
        """The table's reference, to which `#<key>` is added."""
        return f"table:{self.name}@{self.digest}"
