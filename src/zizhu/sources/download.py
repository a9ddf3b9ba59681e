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
    """The files of an edition (the newest when none is named) that hold these years (the last when none is named).

    Raises CannotAnswer for an edition that the catalogue does not know, for years that no file has, and for a source
    whose files have no open address.
    """
    of = _edition(entry, edition)
    named = of.id if of else ""
    reachable = [f for f in entry.files if f.url and f.edition in ("", named)]
    if not reachable:
        raise CannotAnswer(
            Problem(
                f"{entry.producer} has no open address for these files",
                entry.id,
                "files that you downloaded",
                f"Get them from {entry.page}, then `zizhu data add {entry.id} --from FILE`.",
            )
        )
    last = max((y for y in (f.years for f in reachable) if y), key=lambda y: y[1], default=None)
    wanted = years or (frozenset({last[1]}) if last else years)
    lost = [str(y) for y in sorted(wanted) if not any(_holds(f, y) for f in reachable)]
    if lost:
        spans = ", ".join(f"{f.years[0]} to {f.years[1]}" for f in reachable if f.years)
        raise CannotAnswer(
            Problem(f"no file holds {', '.join(lost)}", entry.id, spans, "Choose another --year.")
        )
    return tuple(
        Address(file.url.format(edition=named, year=year or ""), file.sha256)
        for file in (f for f in reachable if not wanted or any(_holds(f, y) for y in wanted))
        for year in _years(file, of, years)
    )


def _holds(file: File, year: int) -> bool:
    return file.years is None or file.years[0] <= year <= file.years[1]


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
