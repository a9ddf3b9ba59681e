"""The built-in extractors: a document's sentences in, candidates out, by rules and word lists alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeVar

from zizhu.read.dates import dates, implied
from zizhu.read.model import Candidate, Context, Document, When
from zizhu.read.quantities import numbers
from zizhu.read.rules.authors import author
from zizhu.read.rules.claims import candidates
from zizhu.read.rules.described import Setting, described
from zizhu.read.rules.editions import not_before
from zizhu.read.rules.elapsed import last_told
from zizhu.read.rules.fields import Voice
from zizhu.read.rules.gazetteer import Known, listed, named
from zizhu.read.rules.han_plans import of_one_title
from zizhu.read.rules.lexicon import Mark
from zizhu.read.rules.marking import Marks, marked
from zizhu.read.rules.naming import settled, with_short_forms, written
from zizhu.read.rules.reading import Found, Reading, reading
from zizhu.read.rules.sentences import Sentence, sentences
from zizhu.read.rules.speakers import Voices, speeches
from zizhu.read.rules.subjects import Topic, home_country, home_region, main_plan, of_currencies
from zizhu.read.rules.tokens import tokens
from zizhu.read.words.han import plain

T = TypeVar("T")
VERSION = "1"
_YEAR = 4
_NUMBERED, _FOUND = 0.2, 0.4
"""Parts of the time of reading after which numbers and dates are found, and after which names and other words are."""
_OFTEN = 100
"""Sentences after which it is told how far reading is."""
_HEAD = 3
"""Paragraphs at the beginning among which a Chinese line may be the title of a plan."""
_OPENS = 2
"""Last token of a title at which the name of a plan opens it."""
_SAMPLE = 2000
"""Characters by which the language of a text is told."""
_HOMES = {"zh": "CHN"}
"""The country of a document that names none, where its language tells."""


@dataclass(frozen=True)
class Rules:
    """Rules for documents of one language; `name` is what claims call them."""

    language: str
    name: str
    version: str = VERSION

    def extract(self, document: Document, context: Context) -> Iterator[Candidate]:
        """The candidates of a document in the order of its text."""
        for read, topic, voice in self.read(document, context):
            own = read.sentence.own
            found = (_as_written(c, document.text) for c in candidates(read, topic, voice))
            yield from found if own is None else (c for c in found if own.start <= _middle(c) < own.end)

    def read(self, document: Document, context: Context) -> Iterator[tuple[Reading, Topic, Voice]]:
        """Each sentence as the rules see it, what it is about, as known before it (it changes), and who speaks."""
        text = plain(document.text, self.language)
        parts = [part.read_as() for part in sentences(text)]
        anchor = context.anchor or (document.published.edtf if document.published else None)
        figures = Found(numbers(text, self.language))
        whens = Found(dates(text, anchor, self.language))
        told = Found(implied(text, whens.items, anchor))
        usual = _HOMES.get(self.language, "")
        money = of_currencies(n.unit for n in figures.items)
        year = (anchor or "")[:_YEAR]
        dated = [whens.within(p.start, p.end) for p in parts]
        of_lists = [marked(p.tokens) for p in _told(parts, len(parts), context, _NUMBERED, _FOUND)]
        names, of_lists, earliest = _plans_too(text, parts, of_lists, dated, year, usual, money)
        issuer = listed(tokens(document.publisher))
        home = home_region(names[0] if names else ()) or home_region(issuer[:1])
        home = home or home_country(
            (*chain.from_iterable(names), *issuer), usual, money, names[0] if names else ()
        )
        meant = sum(any(m.tag == "plan_noun" for m in of.cues) for of in of_lists)
        topic = Topic(home, year, earliest, anchor or "", *main_plan(parts, names, meant))
        topic.names = written(text, parts, names)
        topic.dates.told = "" if year else last_told(parts, of_lists, names, dated)
        in_title = [m for of in names[:1] for m in of if m.tag == "plan"]
        topic.opened = any(m.first <= _OPENS or self.language == "zh" for m in in_title)
        by = author(parts, text, document.publisher, names[0] if names else ())
        voices = Voices(author=by.name or document.publisher)
        rows = zip(_let_go(parts), _let_go(of_lists), _let_go(names), strict=True)
        for part, lists, marks in _told(rows, len(parts), context, _FOUND, 1.0):
            read = reading(text, part, lists, marks, figures, whens, told)
            said = speeches(read, voices)
            if not topic.sectors and part.paragraph == 0:
                topic.sectors = tuple(dict.fromkeys(m.value for m in read.sectors))
            yield read, topic, Voice(next(iter(said), None), by.name, by.all, by.signed, said[1:])
            topic.after(read)


def _plans_too(
    text: str,
    parts: Sequence[Sentence],
    of_lists: list[Marks],
    dated: Sequence[Sequence[When]],
    year: str,
    usual: str,
    money: Mapping[str, int],
) -> tuple[list[tuple[Mark, ...]], list[Marks], str]:
    """The names of every sentence with the plans only described there, the words of the lists, the year of plans.

    That year is the document's, else the first one in which it can have been written by the plans that it names.
    """
    home, names = _names(parts, of_lists, usual, money)
    places = frozenset(m.value for marks in names for m in marks if m.tag == "place")
    earliest = year or not_before({m.value for marks in names for m in marks if m.tag in ("plan", "common")})
    of_lists, names = described(text, parts, of_lists, names, dated, Setting(home, earliest, places))
    return settled(parts, with_short_forms(parts, of_one_title(names)), dated, year), of_lists, earliest


def _names(
    parts: Sequence[Sentence], of_lists: Sequence[Marks], usual: str, money: Mapping[str, int]
) -> tuple[str, list[tuple[Mark, ...]]]:
    """The country and the names of every sentence; whose a plan is rests on the whole document."""
    first = [m for m in of_lists[0].names if m.tag == "place"] if of_lists else []
    home = home_region(first) or home_country((m for of in of_lists for m in of.names), usual, money, first)
    known = Known()
    return home, [
        tuple(named(p.tokens, of.names, known, home, of.sectors, p.paragraph < _HEAD))
        for p, of in zip(parts, of_lists, strict=True)
    ]


def _told(items: Iterable[T], count: int, context: Context, first: float, last: float) -> Iterator[T]:
    """The items, one a sentence; it is told on the way how far from `first` to `last` the work is."""
    for k, item in enumerate(items, 1):
        yield item
        if k % _OFTEN == 0:
            context.tell(first + (last - first) * k / count)


def _let_go(items: list[T]) -> Iterator[T]:
    """The items of a list, which is empty then: what is done with a sentence leaves its room to the claims."""
    items.reverse()
    while items:
        yield items.pop()


def _as_written(candidate: Candidate, text: str) -> Candidate:
    """A candidate with its quote in the script of the document."""
    start = candidate.start or 0
    quote = text[start : start + len(candidate.quote)]
    return candidate if quote == candidate.quote else replace(candidate, quote=quote)


def _middle(candidate: Candidate) -> int:
    """Where a candidate stands: at its number, else in the middle of its words."""
    number, start = candidate.number, candidate.start or 0
    return number.digits.start if number else start + len(candidate.quote) // 2


def for_language(document: Document) -> Rules:
    """The extractor for a document: Chinese for `zh`, or where Chinese characters are most of an unknown text."""
    if document.language != "und":
        return CHINESE if document.language == "zh" else ENGLISH
    sample = document.text[:_SAMPLE]
    return CHINESE if sum("\u3400" <= c <= "\u9fff" for c in sample) * 2 > len(sample) else ENGLISH


ENGLISH = Rules("en", "zizhu-rules-en")
CHINESE = Rules("zh", "zizhu-rules-zh")
