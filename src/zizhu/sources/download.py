"""Where the files of a source lie on the net, as far as its producer has them at an open address."""

from __future__ import annotations

from dataclasses import dataclass

from zizhu.sources.catalogue import Edition, Entry, File
from zizhu.vocab.problems import CannotAnswer, Problem, unknown


@dataclass(frozen=True)
class Address:
    """One file to download, and its SHA-256 where the catalogue knows it."""

    url: str
    sha256: str = ""


def addresses(entry: Entry, years: frozenset[int], edition: str) -> tuple[Address, ...]:
    """The files of an edition (the newest when none is named) and of these years.

    Raises ZizhuError for an edition that the catalogue does not know and CannotAnswer for a source whose files have
    no open address.
    """
    of = _edition(entry, edition)
    open_files = [f for f in entry.files if f.url]
    if not open_files:
        raise CannotAnswer(
            Problem(
                f"{entry.producer} has no open address for these files",
                entry.id,
                "files that you downloaded",
                f"Get them from {entry.page}, then `zizhu data add {entry.id} --from FILE`.",
            )
        )
    return tuple(
        Address(file.url.format(edition=of.id if of else "", year=year or ""), file.sha256)
        for file in open_files
        for year in _years(file, of, years)
    )


def _edition(entry: Entry, named: str) -> Edition | None:
    known = {e.id: e for e in entry.editions}
    if named and named not in known:
        raise CannotAnswer(unknown("edition", named, list(known), entry.id))
    return known[named] if named else next(iter(known.values()), None)


def _years(file: File, edition: Edition | None, wanted: frozenset[int]) -> tuple[int, ...]:
    """The years for which there is a file of its own; (0,) where one file holds all."""
    if "{year}" not in file.url:
        return (0,)
    if wanted:
        return tuple(sorted(wanted))
    return (edition.years[1],) if edition and edition.years else (0,)
