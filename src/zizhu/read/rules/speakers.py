"""Who says what a sentence says: `X said`, `said X`, `according to X`, reports that find, X表示, 据X.

A surname or pronoun stands for the person named before. A quotation without a speaker has that of its paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from zizhu.read.rules.gazetteer import capital_runs
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.reading import Range, Reading

_OFFICE = 4
"""Tokens behind a name within which its office begins."""
_APPOSITION = 40
_ARTICLES = ("a", "an", "the", "its", "which", "who")
_FOR_HERE = 14
"""Tokens after `according to` that may name the speaker."""


@dataclass(frozen=True)
class Speech:
    """Who speaks in a sentence, and the tokens of the words that say so (`said X`)."""

    speaker: str
    words: Range
    rule: str


@dataclass
class Voices:
    """Who has spoken so far: full names by surname, and the last speaker of a paragraph."""

    persons: dict[str, str] = field(default_factory=dict)
    last: str = ""
    paragraph: int = -1
    author: str = ""
    """Who says `we`: the author, else the publisher."""
    person: tuple[str, int] = ("", -1)
    """The person named last with an office and the paragraph of that, for `she said`."""

    def display(self, name: str) -> str:
        """A name in full."""
        return self.persons.get(name, name)


def speech(read: Reading, voices: Voices) -> Speech | None:
    """The speaker of a sentence, if its words name one; `voices` learns names from it."""
    _learn(read, voices)
    found = next(_spoken(read, voices), None) or _quoted_on(read, voices)
    if found:
        voices.last, voices.paragraph = found.speaker, read.sentence.paragraph
    return found


def _learn(read: Reading, voices: Voices) -> None:
    """Remember full names by surname; one with an office behind it (`, president of ...`) over any other."""
    for first, last in capital_runs(read.tokens):
        words = [t.text for t in read.tokens[first:last]]
        if not 2 <= len(words) <= 4 or not all(w.isalpha() or w in "-." for w in words):
            continue
        office = any(last < m.first <= last + _OFFICE for m in read.cues.get("role", ()))
        if office or words[-1] not in voices.persons:
            voices.persons[words[-1]] = read.words((first, last))
        if office:
            voices.person = read.words((first, last)), read.sentence.paragraph


def _spoken(read: Reading, voices: Voices) -> Iterator[Speech]:
    for mark in read.cues.get("according", ()):
        if read.tokens[mark.first].han and read.clause(mark.first)[0] != mark.first:
            continue
        end = _named_until(read, mark.last)
        name = _source(read, (mark.last, end), voices)
        if name:
            yield Speech(name, (mark.first, end), "speaker.according-to")
    for mark in read.cues.get("say", ()):
        before = _agent_before(read, mark, voices)
        after = None if before else _agent_after(read, mark, voices)
        if before or after:
            yield before or after  # type: ignore[misc]


def _named_until(read: Reading, first: int) -> int:
    stop = min(first + _FOR_HERE, len(read.tokens))
    return next((k for k in range(first, stop) if read.tokens[k].text in ",.;，。；：”"), stop)


def _source(read: Reading, of: Range, voices: Voices) -> str:
    """Who a source phrase names: an organisation or person in it, else a name in capitals, else its words."""
    names = [m for m in read.names if m.tag in ("org", "person") and of[0] <= m.first < of[1]]
    if names:
        return _as_written(read, names[-1], voices)
    runs = [r for r in capital_runs(read.tokens, *of) if not _is_date(read, r) and not _is_place(read, r)]
    if runs:
        return voices.display(read.words(runs[-1]))
    first = of[0] + (read.tokens[of[0]].word in ("the", "a", "an") if of[1] > of[0] else 0)
    return read.words((first, min(of[1], first + 6)))


def _is_date(read: Reading, run: Range) -> bool:
    return all(t.word in words_tagged("day_name") for t in read.tokens[run[0] : run[1]])


def _is_place(read: Reading, run: Range) -> bool:
    return any(m.tag == "place" and m.first <= run[0] and run[1] <= m.last for m in read.names)


def _as_written(read: Reading, mark: Mark, voices: Voices) -> str:
    return voices.display(read.words((mark.first, mark.last)))


def _agent_before(read: Reading, mark: Mark, voices: Voices) -> Speech | None:
    """The agent that ends before a verb of saying, its apposition skipped: `Tom Zhu, president of X, said`."""
    at = mark.first - 1
    while at >= 0 and read.tokens[at].word in words_tagged("auxiliary"):
        at -= 1
    if at < 0:
        return None
    if read.tokens[at].han:
        return _han_agent(read, mark)
    end = at + 1
    if read.tokens[at].text == ",":
        end = _before_office(read, at)
        if end <= 0:
            return None
    return _agent_ending(read, end, mark, voices)


def _before_office(read: Reading, at: int) -> int:
    """Where the name ends whose office stands between commas up to a token; 0 if none does."""
    for comma in range(at - 1, max(at - _APPOSITION, 0), -1):
        named = read.tokens[comma].text == "," and read.tokens[comma - 1].capital
        if named and any(comma < m.first <= comma + _OFFICE for m in read.cues.get("role", ())):
            return comma
        if named and read.tokens[comma + 1].word in _ARTICLES and not _place_ends(read, comma):
            return comma
    return 0


def _place_ends(read: Reading, at: int) -> bool:
    return any(m.tag == "place" and m.last == at for m in read.names)


def _agent_ending(read: Reading, end: int, mark: Mark, voices: Voices) -> Speech | None:
    """The name, pronoun, kind of people or report that ends at a token."""
    names = [m for m in read.names if m.tag in ("org", "person", "place") and m.last == end]
    runs = [
        r for r in capital_runs(read.tokens, max(0, end - 10), end) if r[1] == end and not _is_date(read, r)
    ]
    last = read.tokens[end - 1]
    if names and names[-1].tag == "place" and mark.value == "weak":
        return None
    if names and names[-1].tag != "place":
        return Speech(_as_written(read, names[-1], voices), (names[-1].first, mark.last), "speaker.name-said")
    if last.word in words_tagged("pronoun") or last.word in words_tagged("first_person"):
        meant = _meant(last.word, voices, read.sentence.paragraph)
        return Speech(meant, (end - 1, mark.last), "speaker.pronoun-said") if meant else None
    if runs:
        run = _without_opener(read, runs[-1])
        return Speech(voices.display(read.words(run)), (run[0], mark.last), "speaker.name-said")
    of_people = [m for tag in ("people", "source_noun") for m in read.cues.get(tag, ()) if m.last == end]
    if not of_people:
        return _report(read, end, mark, voices)
    definite = of_people[-1].first > 0 and read.tokens[of_people[-1].first - 1].word in ("the", "this", "该")
    if of_people[-1].tag == "source_noun" and definite and voices.last:
        return Speech(voices.last, (of_people[-1].first, mark.last), "speaker.the-report")
    first = _phrase_begins(read, of_people[-1].first)
    return Speech(read.words((first, end)), (first, mark.last), "speaker.people-said")


def _meant(pronoun: str, voices: Voices, paragraph: int) -> str:
    """Whom a pronoun stands for: `we` the author, `she` a person, others who spoke last."""
    if pronoun in words_tagged("first_person"):
        return voices.author
    name, where = voices.person
    return name if pronoun in ("he", "she") and where == paragraph else voices.last


def _without_opener(read: Reading, run: Range) -> Range:
    """A name without the small word that opens its sentence (`As Lee`) and without a title (`Minister Lee`)."""
    first = run[0]
    while run[1] - first > 1 and (
        read.tokens[first].word in words_tagged("determiner")
        or read.tokens[first].word in words_tagged("honorific")
    ):
        first += 1
    return first, run[1]


def _phrase_begins(read: Reading, at: int) -> int:
    """The first word of a short noun phrase: one or two words before its noun, never across a mark or verb."""
    for _ in range(2):
        before = read.tokens[at - 1] if at else None
        if (
            before is None
            or not before.text.isalnum()
            or before.word in ("the", "a", "an", "of", "that", "and")
        ):
            break
        at -= 1
    return at


def _report(read: Reading, end: int, mark: Mark, voices: Voices) -> Speech | None:
    """`A study by the OECD found`: the organisation between the report and the verb."""
    sources = [m for m in read.cues.get("source_noun", ()) if end - 25 <= m.first < end]
    if not sources or mark.value != "found":
        return None
    first = _phrase_begins(read, sources[0].first)
    by = sources[0].last < end and read.tokens[sources[0].last].word in ("by", "from", "of")
    of = (sources[0].last + 1, _named_until(read, sources[0].last + 1))
    said = _source(read, of, voices) if by else read.words((first, sources[0].last))
    return Speech(said, (first, mark.last), "speaker.report-found")


def _agent_after(read: Reading, mark: Mark, voices: Voices) -> Speech | None:
    """`..., said Lena Hoffmann`: only where what is said stands before."""
    at = mark.last
    if mark.first == 0 or read.tokens[mark.first - 1].word not in (",", '"', "'") or at >= len(read.tokens):
        return None
    at += read.tokens[at].word == "the"
    run = next((r for r in capital_runs(read.tokens, at, min(at + 9, len(read.tokens))) if r[0] == at), None)
    if any(m.first == at and m.tag in ("plan", "place") for m in read.names):
        return None
    if run:
        name = read.words(_without_opener(read, run))
        return Speech(voices.display(name), (mark.first, run[1]), "speaker.said-name")
    people = next((m for m in read.cues.get("people", ()) if at <= m.first <= at + 2), None)
    return (
        Speech(read.words((at, people.last)), (mark.first, people.last), "speaker.said-people")
        if people
        else None
    )


def _han_agent(read: Reading, mark: Mark) -> Speech | None:
    """X表示: from the beginning of the clause to the verb, at most 16 characters."""
    first = read.clause(mark.first)[0]
    first = max(first, mark.first - 16)
    first += any(m.first == first for m in read.cues.get("according", ()))
    return (
        Speech(read.words((first, mark.first)), (first, mark.last), "speaker.han")
        if first < mark.first
        else None
    )


def _quoted_on(read: Reading, voices: Voices) -> Speech | None:
    """A sentence in quotation marks without a speaker of its own goes on in the voice of its paragraph."""
    quoted = read.tokens[0].text == "“" or read.tokens[0].text == '"'
    same = voices.paragraph in (read.sentence.paragraph, read.sentence.paragraph - 1)
    return (
        Speech(voices.last, (0, 0), "speaker.quotation-goes-on") if quoted and same and voices.last else None
    )
