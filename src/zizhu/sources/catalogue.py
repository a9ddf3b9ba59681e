"""The catalogue: what is known of every source that can be connected, one YAML a source under `packs/catalogue`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError, field_validator

from zizhu.ledger.models import Quality, Record, Source, Text, faults
from zizhu.vocab.packfiles import pack
from zizhu.vocab.problems import Problem, ZizhuError, unknown

SourceKind = Literal["input-output", "trade", "indicator", "concordance"]


class File(Record):
    """A kind of file that the producer publishes.

    `pattern` is a regular expression of its whole name (that of a member, inside an archive); the groups `year` and
    `edition` tell what they name. `url` has {year} and {edition} in their places; empty where there is no address
    that leads to the file without a click. `edition` and `years` (first, last) are those of a file that has others
    beside it. `sha256` is known only of files that were seen.
    """

    pattern: Text
    about: Text
    url: str = ""
    edition: str = ""
    years: tuple[int, int] | None = None
    sha256: str = ""

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"a regular expression: {error}") from error
        return pattern

    def matches(self, name: str) -> re.Match[str] | None:
        """What `name`, without its folders and the number of a second download, says; None for another file."""
        own = re.sub(r" ?\(\d+\)(?=\.\w+$)", "", name.replace("\\", "/").rpartition("/")[2])
        return re.fullmatch(self.pattern, own, re.IGNORECASE)


class Edition(Record):
    """A release. `years` are the first and the last that it covers."""

    id: Text
    published: str = ""
    years: tuple[int, int] | None = None
    about: str = ""


class Entry(Record):
    """A source: what it is, how it is cited, what its files look like, and what to beware of.

    `reader` is a module of `zizhu.sources.readers` with `read(request)`; `extra` names the optional packages it needs
    and `key` the environment variable with the user's key. `tried` says on what real numbers the reader was tried.
    """

    id: Text
    kind: SourceKind
    producer: Text
    title: Text
    about: Text
    page: Text
    licence: Text
    citation: Text
    quality: Quality
    reader: Text
    extra: str = ""
    key: str = ""
    format: Text
    units: Text
    files: tuple[File, ...] = ()
    editions: tuple[Edition, ...] = ()
    parameters: Mapping[str, Any] = Field(default_factory=dict)
    tables: Text
    traps: tuple[Text, ...] = Field(min_length=1)
    tried: Text

    @property
    def module(self) -> str:
        """The module that reads its files."""
        return f"zizhu.sources.readers.{self.reader}"

    def source(self, edition: str, published: str = "", sha256: str = "") -> Source:
        """How a table of this source is cited."""
        return Source(
            id=f"{self.id}-{edition}" if edition else self.id,
            producer=self.producer,
            title=self.title,
            edition=edition,
            published=published,
            url=self.page,
            licence=self.licence,
            sha256=sha256,
            quality=self.quality,
        )


@cache
def catalogue() -> Mapping[str, Entry]:
    """Every source by id, in alphabetical order."""
    return load(pack("catalogue"))


def entry(name: str) -> Entry:
    """The source of that id; raises ZizhuError with the nearest ids."""
    if name not in catalogue():
        raise ZizhuError(unknown("source", name, list(catalogue()), "catalogue"))
    return catalogue()[name]


def load(folder: Path) -> dict[str, Entry]:
    """The entries of a folder of YAML files; raises ZizhuError with the faults of all files at once."""
    found: dict[str, Entry] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            one = read_entry(path)
            found[one.id] = one
        except ZizhuError as error:
            problems += error.problems
    if problems:
        raise ZizhuError(problems)
    return found


def read_entry(path: Path) -> Entry:
    """The entry of one YAML file, named as its id; raises ZizhuError with all its faults."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        one = Entry.model_validate(content)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ZizhuError(Problem(f"no YAML: {error}", path.name, "a mapping", "Mend the file.")) from error
    except ValidationError as error:
        raise ZizhuError(faults(error, path.name, Entry.model_fields)) from error
    if one.id != path.stem:
        raise ZizhuError(Problem(f"id {one.id!r}", path.name, f"{path.stem!r}", "Name the file as its id."))
    return one
