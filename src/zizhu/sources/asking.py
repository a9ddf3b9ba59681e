"""Asking a source that answers questions (an interface) and does not only publish files."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from zizhu.sources.catalogue import Entry
from zizhu.sources.net.offline import redacted, require_online
from zizhu.sources.reading import silent
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError


@dataclass(frozen=True)
class Asked:
    """A question to a source: `what` are its indicators, charts, data flows or products.

    Empty `countries` and `years` are all that the source has.
    """

    entry: Entry
    what: tuple[str, ...]
    countries: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    tell: Callable[[str], None] = field(default=silent, repr=False)


@dataclass(frozen=True)
class Got:
    """The file that an answer was kept in, for the reader of the source, and the address without secrets."""

    path: Path
    url: str


def ask(asked: Asked, folder: Path) -> tuple[Got, ...]:
    """The answers of the source, one file for each of `what` or more, in `folder`.

    Raises ZizhuError for a source that cannot be asked, a question without a subject, and what the source refuses.
    """
    reader = importlib.import_module(asked.entry.module)
    if not hasattr(reader, "ask"):
        raise CannotAnswer(
            Problem(
                f"{asked.entry.id} is published in files and cannot be asked for {', '.join(asked.what)}",
                asked.entry.id,
                "no words after its name",
                f"`zizhu data add {asked.entry.id} --from FILE`; the file is at {asked.entry.page}",
            )
        )
    require_online(redacted(asked.entry.page), None)
    folder.mkdir(parents=True, exist_ok=True)
    found: tuple[Got, ...] = reader.ask(asked, folder)
    return found


def one_country_each(asked: Asked) -> tuple[str, ...]:
    """The countries asked for; raises ZizhuError when there is none, for a source that wants them named."""
    if not asked.countries:
        raise ZizhuError(
            Problem("no country", asked.entry.id, "--country, such as CHN; repeatable", "Name the reporters.")
        )
    return asked.countries
