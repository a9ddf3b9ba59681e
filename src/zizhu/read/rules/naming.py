"""Ids of the plans that only a document names: country, initials, and the year of the name, of the act or of the text.

`the European Grid Act`, `the Grid Act` and `it was adopted on 3 May 2026` make `EU-GA2026`. It holds for this document:
whether two documents mean the same plan is for links to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zizhu.read.model import When
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.plans import with_year
from zizhu.read.rules.sentences import Sentence

_YEAR = 4
_NEAR = 8
"""Tokens between the name of a plan and the verb of its act, at most."""


def settled(
    parts: Sequence[Sentence],
    names: Sequence[tuple[Mark, ...]],
    whens: Sequence[Sequence[When]],
    year: str,
) -> list[tuple[Mark, ...]]:
    """The names of every sentence with plans of this document by their short ids; `whens` are its dates.

    `year` is that of the document, empty if unknown.
    """
    local = {m.value: "" for of in names for m in of if m.tag == "plan" and _is_local(m.value)}
    if not local:
        return list(names)
    for part, marks, dates in zip(parts, names, whens, strict=True):
        for mark in marks:
            if mark.value in local and not local[mark.value]:
                local[mark.value] = next(_adopted(part, mark, dates), "")
    ids = {value: _id(value, found or year) for value, found in local.items()}
    return [tuple(m._replace(value=ids.get(m.value, m.value)) for m in of) for of in names]


def _is_local(value: str) -> bool:
    """Whether an id is a name written out: it has small letters behind its country."""
    country, _, name = value.partition("-")
    return country.isupper() and name.islower()


def _id(value: str, year: str) -> str:
    country, _, name = value.partition("-")
    return f"{country}-{with_year(name, year)}"


def _adopted(part: Sentence, mark: Mark, dates: Sequence[When]) -> Iterator[str]:
    """The years in which a sentence says that a plan was adopted, launched or the like."""
    acts = words_tagged("event")
    near = part.tokens[mark.last : mark.last + _NEAR]
    acted = next((t.end for t in near if t.word in acts), 0)
    for when in dates:
        if acted and when.span.start >= acted and when.edtf[:_YEAR].isdecimal():
            yield when.edtf[:_YEAR]
