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
class Covers:
    """What a release of observations speaks for: a value of it that it does not have was withdrawn. Empty: all."""

    entities: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()

    def holds(self) -> pl.Expr:
        """Whether an observation is spoken for."""
        found = pl.lit(True)
        if self.entities:
            found &= pl.col("entity").is_in(sorted(self.entities))
        if self.years:
            found &= pl.col("period").str.slice(0, 4).is_in([str(y) for y in sorted(self.years)])
        return found


@dataclass(frozen=True)
class SourceTable:
    """A table as read from a source, with what the store needs to keep beside it.

    `covers` is None where a release may well be a part, of which nothing can be told to be withdrawn.
    """

    frame: pl.DataFrame
    describe: Describe
    covers: Covers | None = None

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
