"""Finding a source of the catalogue by words, in the language of its description or in another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from zizhu.sources.catalogue import Entry, catalogue
from zizhu.vocab.countries import by_name, countries, folded
from zizhu.vocab.packfiles import rows
from zizhu.vocab.problems import Problem, ZizhuError, nearest

SHORTEST = 3
"""Letters of a word that is told as the nearest of another."""


def search(words: Sequence[str]) -> list[Entry]:
    """The sources in whose description a word occurs, those with the most words first; all where there are none.

    Of sources with as many words those with more of them in id, title or producer come first. Neither case nor
    accents count, and a word may be in another language where the vocabulary knows it. Raises ZizhuError with the
    nearest words where no source has any.
    """
    wanted = [_meant(w) for text in words for w in text.split()]
    ranked = []
    for entry in catalogue().values():
        inside, named = _told(entry), _name(entry)
        hits = sum(any(w in inside for w in said) for said in wanted)
        if hits or not wanted:
            first = sum(any(w in named for w in said) for said in wanted)
            ranked.append((-hits, -first, entry.id))
    if not ranked:
        raise ZizhuError(_nothing(words))
    return [catalogue()[name] for _, _, name in sorted(ranked)]


def has_all(entry: Entry, words: Sequence[str]) -> bool:
    """Whether the description of a source has every word."""
    return all(any(w in _told(entry) for w in _meant(word)) for text in words for word in text.split())


def plain(text: str) -> str:
    """Text without case and accents.

    >>> plain("Énergie"), plain("OECD")
    ('energie', 'oecd')
    """
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


@cache
def _words() -> dict[str, str]:
    return {plain(r["word"]): plain(r["means"]) for r in rows("vocab/search_words.csv")}


def _meant(word: str) -> tuple[str, ...]:
    """A word and what it means in the language of the descriptions."""
    key = plain(word)
    land = by_name().get(folded(word)) if len(word) > SHORTEST or not word.isascii() else None
    return (
        key,
        *([_words()[key]] if key in _words() else ()),
        *([plain(countries()[land].name)] if land else ()),
    )


def _name(entry: Entry) -> str:
    return plain(" ".join((entry.id, entry.producer, entry.title)))


def _told(entry: Entry) -> str:
    return " ".join(
        (_name(entry), plain(" ".join((entry.kind, entry.about, entry.format, entry.units, *entry.traps))))
    )


def _nothing(words: Sequence[str]) -> Problem:
    known = {w for e in catalogue().values() for w in re.findall(r"[^\W\d_]{3,}|[a-z]+-[a-z]+", _name(e))}
    near = dict.fromkeys(n for w in words for n in nearest(plain(w), sorted(known | set(_words()))))
    remedy = f"Nearest: {', '.join(near)}. " if near else ""
    return Problem(
        f"no source has one of the words {' '.join(words)!r}",
        "catalogue",
        f"some of {', '.join(catalogue())}",
        f"{remedy}Try other words, or `zizhu data map FILE` for a table of your own.",
    )
