"""The built-in extractors: a document's sentences in, candidates out, by rules and word lists alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zizhu.read.dates import dates
from zizhu.read.model import Candidate, Context, Document
from zizhu.read.quantities import numbers
from zizhu.read.rules.claims import candidates
from zizhu.read.rules.fields import Voice
from zizhu.read.rules.gazetteer import Known, listed, named
from zizhu.read.rules.lexicon import Mark
from zizhu.read.rules.reading import Found, reading
from zizhu.read.rules.sentences import Sentence, sentences
from zizhu.read.rules.speakers import Voices, author, speech
from zizhu.read.rules.subjects import Topic, home_country, main_plan

VERSION = "1"
_YEAR = 4
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
        text = document.text
        parts = list(sentences(text))
        anchor = context.anchor or (document.published.edtf if document.published else None)
        figures = Found(numbers(text, self.language))
        whens = Found(dates(text, anchor, self.language))
        usual = _HOMES.get(self.language, "")
        names = _names(parts, usual)
        every = [m for marks in names for m in marks]
        topic = Topic(home_country(every, usual), (anchor or "")[:_YEAR], main_plan(names))
        topic.titled = any(m.tag == "plan" for of in names[:1] for m in of)
        voices = Voices(author=author(parts, text))
        for part, marks in zip(parts, names, strict=True):
            read = reading(text, part, marks, figures, whens)
            said = speech(read, voices)
            yield from candidates(read, topic, Voice(said, voices.author))
            topic.after(read)


def _names(parts: Sequence[Sentence], usual: str) -> list[tuple[Mark, ...]]:
    """The names of every sentence; which country a plan belongs to rests on the whole document."""
    marks = [listed(p.tokens) for p in parts]
    home = home_country((m for of in marks for m in of), usual)
    known = Known()
    return [tuple(named(p.tokens, of, known, home)) for p, of in zip(parts, marks, strict=True)]


def for_language(document: Document) -> Rules:
    """The extractor for a document: Chinese for `zh`, or where Chinese characters are most of an unknown text."""
    if document.language != "und":
        return CHINESE if document.language == "zh" else ENGLISH
    sample = document.text[:_SAMPLE]
    return CHINESE if sum("\u3400" <= c <= "\u9fff" for c in sample) * 2 > len(sample) else ENGLISH


ENGLISH = Rules("en", "zizhu-rules-en")
CHINESE = Rules("zh", "zizhu-rules-zh")
