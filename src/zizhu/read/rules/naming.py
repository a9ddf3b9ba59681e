"""Ids of the plans that only a document names: country, initials, and the year of the name, of the act or of the text.

`the European Grid Act`, `the Grid Act` and `it was adopted on 3 May 2026` make `EU-GA2026`. It holds for this document:
whether two documents mean the same plan is for links to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from zizhu.read.model import When
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.plans import is_local, with_year
from zizhu.read.rules.sentences import Sentence

_PLAN = ("plan", "common")
_YEAR = 4
_NEAR = 8
"""Tokens between the name of a plan and the verb of its act, at most."""
_LED = 3
"""Tokens between such a verb and a name behind it, and from there to the date, at most: `adopted the act in 2024`."""
_ARTICLES = frozenset(("the", "its", "this", "new"))
_WHOLE = 3
"""Words of a name that is known again without a sign of it, and letters of its initials, at least."""
_SHORTEST = 3
"""Letters of the last word of a name by which the plan is meant later, at least."""


def with_short_forms(parts: Sequence[Sentence], names: Sequence[tuple[Mark, ...]]) -> list[tuple[Mark, ...]]:
    """The names of every sentence, with the short forms of plans that only this document names.

    They are letters in brackets behind a name (`Green Coast Plan (GCP)`) or its initials, its last word behind an
    article (`the belt`), where it is no word such as plan, which may mean any, and the name itself where it stands
    without what told that it is one (`Green coast scheme` in a title).
    """
    local = {m.value: m for of in names for m in of if m.tag == "plan" and is_local(m.value)}
    if not local:
        return list(names)
    letters: dict[str, str] = {}
    words: dict[str, str] = {}
    again: dict[str, tuple[tuple[str, ...], str]] = {}
    for part, marks in zip(parts, names, strict=True):
        for mark in marks:
            if mark.value in local:
                name = tuple(t.word for t in part.tokens[mark.first : mark.last])
                if len(name) >= _WHOLE:
                    again[name[0]] = name, mark.value
                letters |= dict.fromkeys(_initials(name), mark.value)
                letters |= dict.fromkeys(_bracketed(part, mark), mark.value)
                words |= dict.fromkeys(_last_word(part, mark), mark.value)
    return [
        tuple(sorted((*marks, *_repeated(part, marks, again), *_shortened(part, marks, letters, words))))
        for part, marks in zip(parts, names, strict=True)
    ]


def _initials(name: Sequence[str]) -> Iterator[str]:
    """The initials of a name, with and without its last word: PLI for the Production Linked Incentive scheme."""
    kept = [w for w in name if w.isalpha() and w.isascii() and w not in words_tagged("preposition")]
    letters = "".join(w[0] for w in kept).upper()
    yield from (form for form in (letters, letters[:-1]) if len(form) >= _WHOLE)


def _repeated(
    part: Sentence, marks: Sequence[Mark], again: dict[str, tuple[tuple[str, ...], str]]
) -> Iterator[Mark]:
    """Names of plans that stand elsewhere in the document as such."""
    taken = {k for m in marks if m.tag in _PLAN for k in range(m.first, m.last)}
    for at, token in enumerate(part.tokens):
        name, value = again.get(token.word, ((), ""))
        last = at + len(name)
        if name and at not in taken and tuple(t.word for t in part.tokens[at:last]) == name:
            yield Mark(at, last, "plan", value)


def _bracketed(part: Sentence, mark: Mark) -> Iterator[str]:
    """The short form in brackets behind a name, or within it."""
    for at in range(mark.first, min(mark.last + 1, len(part.tokens) - 2)):
        inside = part.tokens[at + 1]
        if part.tokens[at].text == "(" and part.tokens[at + 2].text == ")" and inside.text.isupper():
            yield inside.text


def _last_word(part: Sentence, mark: Mark) -> Iterator[str]:
    """The last word of a name, years and brackets left out, where it says what sort of thing a plan is."""
    kept = [t for t in part.tokens[mark.first : mark.last] if t.text.isalpha() and not t.han]
    heads = _common_heads() | words_tagged("org_head")
    if len(kept) > 1 and kept[-1].word not in heads and len(kept[-1].text) >= _SHORTEST:
        yield kept[-1].word


@cache
def _common_heads() -> frozenset[str]:
    """The words that mean a plan behind `the` whatever its name: the plan, the act."""
    return frozenset(phrase.rpartition(" ")[2] for phrase in words_tagged("plan_noun"))


def _shortened(
    part: Sentence, marks: Sequence[Mark], letters: dict[str, str], words: dict[str, str]
) -> Iterator[Mark]:
    taken = {k for m in marks for k in range(m.first, m.last)}
    for at, token in enumerate(part.tokens):
        if at in taken:
            continue
        if token.text in letters:
            yield Mark(at, at + 1, "plan", letters[token.text])
        elif token.word in words and at and part.tokens[at - 1].word in _ARTICLES:
            yield Mark(at, at + 1, "plan", words[token.word])


def settled(
    parts: Sequence[Sentence],
    names: Sequence[tuple[Mark, ...]],
    whens: Sequence[Sequence[When]],
    year: str,
) -> list[tuple[Mark, ...]]:
    """The names of every sentence with plans of this document by their short ids; `whens` are its dates.

    `year` is that of the document, empty if unknown.
    """
    local = {m.value: "" for of in names for m in of if m.tag == "plan" and is_local(m.value)}
    if not local:
        return list(names)
    letters: dict[str, str] = {}
    last = ""
    for part, marks, dates in zip(parts, names, whens, strict=True):
        if last and not local[last] and part.tokens[0].word == "it":
            local[last] = next(_adopted(part, Mark(0, 1, "plan", last), dates), "")
        last = next((m.value for m in marks if m.value in local), "")
        for mark in marks:
            if mark.value in local:
                letters |= dict.fromkeys(
                    [mark.value], next(_bracketed(part, mark), letters.get(mark.value, ""))
                )
            if mark.value in local and not local[mark.value]:
                local[mark.value] = next(_adopted(part, mark, dates), "")
    ids = {v: _id(v, found or year, letters.get(v, "")) for v, found in local.items()}
    ids |= dict(_without_year(names, ids))
    return [tuple(m._replace(value=ids.get(m.value, m.value)) for m in of) for of in names]


def _without_year(names: Sequence[tuple[Mark, ...]], ids: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Ids of names that the document also has with a year in them: `Coast Plan` where it says `Coast Plan 2040`."""
    dated = {m.value for of in names for m in of if m.tag == "plan" and m.value[-_YEAR:].isdecimal()}
    for value in ids:
        country, _, name = value.partition("-")
        letters = "".join(w[0] for w in name.split("-")).upper()
        for other in dated:
            if other[:-_YEAR] == f"{country}-{letters}":
                yield value, other


def _id(value: str, year: str, letters: str = "") -> str:
    country, _, name = value.partition("-")
    name = letters.lower() or name
    return f"{country}-{with_year(name, year)}" if country.isupper() else with_year(value, year)


def _adopted(part: Sentence, mark: Mark, dates: Sequence[When]) -> Iterator[str]:
    """The years in which a sentence says that a plan was adopted, launched or the like, before or behind its name."""
    acts = words_tagged("event") | words_tagged("in_force")
    near = part.tokens[mark.last : mark.last + _NEAR]
    acted = next((t.end for t in near if t.word in acts), 0)
    led = any(t.word in acts for t in part.tokens[max(0, mark.first - _LED) : mark.first])
    behind = range(
        part.tokens[mark.last - 1].end, part.tokens[min(mark.last + _LED, len(part.tokens)) - 1].end
    )
    for when in dates:
        told = (acted and when.span.start >= acted) or (led and when.span.start in behind)
        if told and when.edtf[:_YEAR].isdecimal():
            yield when.edtf[:_YEAR]


def written(text: str, parts: Sequence[Sentence], names: Sequence[tuple[Mark, ...]]) -> dict[str, str]:
    """The plans of a document with their names as written: the longest of each, on one line."""
    found: dict[str, str] = {}
    for part, marks in zip(parts, names, strict=True):
        for mark in marks:
            if mark.tag in _PLAN:
                name = text[part.tokens[mark.first].start : part.tokens[mark.last - 1].end]
                found[mark.value] = max(found.get(mark.value, ""), " ".join(name.split()), key=len)
    return found
