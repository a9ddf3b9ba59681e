"""Who proposes claims: the built-in rules and what users add, all registered in the same way.

A program calls `register`; a package names its extractors as entry points of the group `zizhu.extractors`. None of them
writes a claim: what they propose passes the gate.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from typing import Any

from zizhu.read.documents.language import SAMPLE, UNKNOWN
from zizhu.read.model import Document, Extractor
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, unknown

_LETTER = re.compile(r"[^\W\d_]")
_LATIN_OR_HAN = re.compile(
    r"[A-Za-z\u00aa-\u024f\u1e00-\u1eff\u2c60-\u2c7f\uff21-\uff5a\u3005-\u3007\u3400-\u9fff\uf900-\ufaff]"
)
GROUP = "zizhu.extractors"
"""The entry points of packages that bring extractors."""


@dataclass(frozen=True)
class Registered:
    """An extractor and the languages that it reads (ISO 639-1; none: every); `usual` ones work without being named."""

    extractor: Extractor
    languages: tuple[str, ...] = ()
    usual: bool = False


_ADDED: dict[str, Registered] = {}


def register(extractor: Extractor, languages: Sequence[str] = (), *, usual: bool = False) -> None:
    """Make an extractor known under its name, in the place of one that has the name already.

    languages: those that it reads, all if none is given. usual: whether it reads documents for which no extractor is
    named. Raises ZizhuError for what is no extractor.
    """
    _add(_ADDED, extractor, languages, usual)


def known() -> dict[str, Registered]:
    """All extractors by name: the built-in ones, those of installed packages, and those that a program registered.

    Raises ZizhuError for an entry point that brings no extractor.
    """
    return {**_installed(), **_ADDED}


@cache
def _installed() -> dict[str, Registered]:
    from zizhu.read.rules.extractor import CHINESE, ENGLISH

    found: dict[str, Registered] = {}
    for rules in (ENGLISH, CHINESE):
        _add(found, rules, (rules.language,), usual=True)
    for entry in sorted(metadata.entry_points(group=GROUP)):
        brought = _loaded(entry)
        _add(found, brought, getattr(brought, "languages", ()), usual=False)
    return found


def _add(to: dict[str, Registered], extractor: Extractor, languages: Sequence[str], usual: bool) -> None:
    name, version = getattr(extractor, "name", None), getattr(extractor, "version", None)
    named = all(isinstance(text, str) and text.strip() for text in (name, version))
    if not named or not callable(getattr(extractor, "extract", None)):
        raise ZizhuError(
            Problem(
                f"{extractor!r:.80} is no extractor",
                "extractors",
                "`name` and `version` (texts) and `extract(document, context)`",
                "See docs/reading.md.",
            )
        )
    to[extractor.name] = Registered(extractor, tuple(languages), usual)


def named(names: Sequence[str]) -> list[Registered]:
    """The extractors of these names; raises ZizhuError with all names that are not known."""
    have = known()
    if strange := [unknown("extractor", n, sorted(have), "extractors") for n in names if n not in have]:
        raise ZizhuError(strange)
    return [have[name] for name in names]


def fitting(document: Document, names: Sequence[str] = ()) -> tuple[Extractor, ...]:
    """The extractors of `names` that read the language of a document; without names, the usual ones.

    Raises ZizhuError for names that are not known, CannotAnswer where none of them reads the language.
    """
    language = language_read(document)
    offered = named(names) or [r for r in known().values() if r.usual]
    found = tuple(r.extractor for r in offered if not r.languages or language in r.languages)
    if found:
        return found
    read = sorted({spoken for r in offered for spoken in r.languages})
    said = (
        "not known ('und'), and most of its letters are of another script"
        if language == UNKNOWN
        else repr(language)
    )
    raise CannotAnswer(
        Problem(
            f"its language is {said}",
            document.name,
            f"one that an extractor reads: {', '.join(read)}",
            "If that is wrong, state its language; else register an extractor that reads it.",
        )
    )


def language_read(document: Document) -> str:
    """The language of a document; where nothing tells it, English or Chinese by its characters, if they are theirs."""
    from zizhu.read.rules.extractor import for_language

    known = document.language != UNKNOWN or _of_other_script(document.text[:SAMPLE])
    return document.language if known else for_language(document).language


def _of_other_script(sample: str) -> bool:
    """Whether most letters of a text are neither Latin nor Chinese."""
    letters = _LETTER.findall(sample)
    return 2 * len(_LATIN_OR_HAN.findall("".join(letters))) < len(letters)


def _loaded(entry: metadata.EntryPoint) -> Any:
    try:
        return entry.load()
    except Exception as error:  # whatever a package raises is a fault of that package
        raise ZizhuError(
            Problem(
                f"cannot be loaded: {type(error).__name__}: {error}",
                f"entry point {entry.name!r} of {GROUP}",
                "an extractor",
                f"Update or remove the package {entry.dist.name if entry.dist else entry.value}.",
            )
        ) from error
