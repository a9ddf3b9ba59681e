"""What a reader is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from zizhu.sources.catalogue import Entry
from zizhu.sources.files.archive import Member
from zizhu.store.meta import Describe


def silent(_: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Request:
    """The files to be read and what is known of them.

    `members` are in order of their names; `years` are those wanted (empty: all); `edition` is what the user or the
    name of the file says (empty: not known); `tell` takes a few words about what is being done.
    """

    entry: Entry
    members: tuple[Member, ...]
    years: frozenset[int] = frozenset()
    edition: str = ""
    tell: Callable[[str], None] = field(default=silent, repr=False)

    def wants(self, year: int) -> bool:
        """Whether that year is to be read."""
        return not self.years or year in self.years


@dataclass(frozen=True)
class SourceTable:
    """A table as read from a source, with what the store needs to keep beside it."""

    frame: pl.DataFrame
    describe: Describe

    def with_years(self, years: pl.Series) -> SourceTable:
        """The same table with the distinct `years` among its flags."""
        flags = {**self.describe.flags, "years": years.unique().sort().to_list()}
        return replace(self, describe=self.describe.model_copy(update={"flags": flags}))


@dataclass(frozen=True)
class LargeTable:
    """A table that comes in parts, in ascending order of its first key column, each value of it in one part."""

    parts: Iterator[pl.DataFrame]
    describe: Describe


Made = Mapping[str, SourceTable | LargeTable]
"""Tables that belong together, by name: what one of them names as its parts is among them."""
Reader = Callable[[Request], Iterator[Made]]
