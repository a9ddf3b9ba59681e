"""Who says what a sentence says: `X said`, `said X`, `according to X`, reports that find, X表示, 据X.

A surname or pronoun stands for the person named before. A quotation without a speaker has that of its paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from zizhu.read.rules.gazetteer import capital_runs
from zizhu.read.rules.lexicon import Mark, values, words_tagged
from zizhu.read.rules.reading import Range, Reading

_BEING = ("is", "are", "was", "were", "been", "be")
_OFFICE = 4
"""Tokens behind a name within which its office begins."""
_APPOSITION = 40
_NAME = 10
"""Tokens of a name, at most."""
_ARTICLES = ("a", "an", "the", "its", "which", "who")
_SPEECH_MARKS = frozenset(".,:;\"'。，：")
_HAN_NAME = 24
"""Characters in which a Chinese speaker is named, at most."""
_HAN_FIRM = 2, 6
"""Characters of the name of a firm that no list has; the verb has the fewer of them."""
_HAN_TIMES = ("年", "月", "期", "季")
_UNNAMED = 6
"""Tokens of a source without a name, at most."""
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


def speeches(read: Reading, voices: Voices) -> tuple[Speech, ...]:
    """Who speaks in a sentence, if its words name somebody, the main speaker first; `voices` learns names from it."""
    _learn(read, voices)
    quoted = () if (found := tuple(_spoken(read, voices))) else (_quoted_on(read, voices),)
    found += tuple(q for q in quoted if q)
    if found:
        voices.last, voices.paragraph = found[0].speaker, read.sentence.paragraph
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


def _is_noun(read: Reading, mark: Mark) -> bool:
    """Whether a word that may say something is a noun or tells of amounts: `The projects will`, `Value added was`."""
    at = read.tokens[mark.first].start
    if any(n.digits.end <= at < n.span.end for n in read.numbers):  # `Seven projects have been granted`
        return True
    before = read.tokens[mark.first - 1].word if mark.first else ""
    if before in words_tagged("possessive") or before in ("the", "these", "those"):
        return True
    after = read.tokens[mark.last].word if mark.last < len(read.tokens) else "."
    adds = read.tokens[mark.first].word in ("added", "adds") and mark.last == mark.first + 1
    return adds and not (after == "that" or after in _SPEECH_MARKS)


def _spoken(read: Reading, voices: Voices) -> Iterator[Speech]:
    for mark in read.cues.get("according", ()):
        if read.tokens[mark.first].han and read.clause(mark.first)[0] != mark.first:
            continue
        end = _named_until(read, mark.last)
        within = mark.value == "within"
        of = (mark.first + 1, mark.last - 2) if within else (mark.last, end)
        name = _source(read, of, voices)
        if within:
            end = mark.last
        if name:
            yield Speech(name, (mark.first, end), "speaker.according-to")
    for mark in read.cues.get("say", ()):
        if _is_noun(read, mark):
            continue
        before = _agent_before(read, mark, voices)
        after = None if before else _agent_after(read, mark, voices)
        if before or after:
            yield before or after  # type: ignore[misc]


def _named_until(read: Reading, first: int) -> int:
    stop = min(first + _FOR_HERE, len(read.tokens))
    return next((k for k in range(first, stop) if read.tokens[k].text in ",.;，。；：”"), stop)


def _source(read: Reading, of: Range, voices: Voices) -> str:
    """Who a source phrase names: an organisation or person in it, else a name in capitals, else its words."""
    of = (of[0], _source_ends(read, of))
    names = [m for m in read.names if m.tag in ("org", "person") and of[0] <= m.first < of[1]]
    if names:
        return _as_written(read, names[-1], voices)
    runs = [r for r in capital_runs(read.tokens, *of) if not _is_date(read, r) and not _is_place(read, r)]
    if runs:
        return voices.display(read.words(runs[-1]))
    first = of[0] + (read.tokens[of[0]].word in ("the", "a", "an") if of[1] > of[0] else 0)
    nouns = [m.last for m in read.cues.get("source_noun", ()) if first <= m.first and m.last <= of[1]]
    if nouns and (nouns[-1] == of[1] or any(k in read.within_dates for k in range(nouns[-1], of[1]))):
        return read.words((first, nouns[-1]))
    most = _HAN_NAME if of[1] > of[0] and read.tokens[of[0]].han else _UNNAMED
    return read.words((first, min(of[1], first + most)))


def _source_ends(read: Reading, of: Range) -> int:
    """Where a source phrase ends, without what the source did: 据…协会统计."""
    if of[1] <= of[0] or not read.tokens[of[0]].han:
        return of[1]
    return min(
        (m.first for m in read.cues.get("name_end", ()) if m.last == of[1] and m.first > of[0]), default=of[1]
    )


def _is_date(read: Reading, run: Range) -> bool:
    named = all(t.word in words_tagged("day_name") for t in read.tokens[run[0] : run[1]])
    return named or all(k in read.within_dates for k in range(*run))


def _is_place(read: Reading, run: Range) -> bool:
    return any(m.tag == "place" and m.first <= run[0] and run[1] <= m.last for m in read.names)


def _as_written(read: Reading, mark: Mark, voices: Voices) -> str:
    return voices.display(read.words((mark.first, mark.last)))


def _agent_before(read: Reading, mark: Mark, voices: Voices) -> Speech | None:
    """The agent that ends before a verb of saying, its apposition skipped: `Tom Zhu, president of X, said`."""
    at = mark.first - 1
    if _is_passive(read, mark):
        return None
    while at >= 0 and read.tokens[at].word in words_tagged("auxiliary"):
        at -= 1
    if at < 0:
        return None
    if read.tokens[at].han:
        return _han_agent(read, mark, voices)
    end = at + 1
    if read.tokens[at].text == ",":
        end = at if _named_behind_office(read, at) else _before_office(read, at)
        if end <= 0:
            return None
    return _agent_ending(read, end, mark, voices)


def _is_passive(read: Reading, mark: Mark) -> bool:
    """Whether something is only expected or said to be so: `Capacity is expected to triple`."""
    before = read.tokens[mark.first - 1].word if mark.first else ""
    to = mark.last < len(read.tokens) and read.tokens[mark.last].word == "to"
    return before in _BEING and to


def _named_behind_office(read: Reading, at: int) -> bool:
    """Whether a name stands between commas up to a token, behind its office: `its chairman, Jan Moes,`."""
    run = next((r for r in capital_runs(read.tokens, max(0, at - _NAME), at) if r[1] == at), None)
    if run is None or run[1] - run[0] < 2 or read.tokens[run[0] - 1].text != ",":
        return False
    before = read.tokens[max(0, run[0] - _APPOSITION) : run[0]]
    return any(t.word in words_tagged("honorific") or t.word in words_tagged("office") for t in before)


def _before_office(read: Reading, at: int) -> int:
    """Where the name ends whose office stands between commas up to a token; 0 if none does."""
    for comma in range(at - 1, max(at - _APPOSITION, 0), -1):
        named = read.tokens[comma].text == "," and _ends_name(read, comma)
        if named and any(comma < m.first <= comma + _OFFICE for m in read.cues.get("role", ())):
            return comma
        if named and read.tokens[comma + 1].word in _ARTICLES and not _place_ends(read, comma):
            return comma
    return 0


def _ends_name(read: Reading, at: int) -> bool:
    """Whether a name ends at a token: its last word is capitalised, or joined by a hyphen to one that is (`Ji-woo`)."""
    glued = at > 2 and read.tokens[at - 2].text == "-" and read.tokens[at - 3].capital
    return read.tokens[at - 1].capital or glued


def _place_ends(read: Reading, at: int) -> bool:
    return any(m.tag == "place" and m.last == at for m in read.names)


def _agent_ending(read: Reading, end: int, mark: Mark, voices: Voices) -> Speech | None:
    """The name, pronoun, kind of people or report that ends at a token."""
    names = [m for m in read.names if m.tag in ("org", "person", "place") and m.last == end]
    runs = [
        r for r in capital_runs(read.tokens, max(0, end - 10), end) if r[1] == end and not _is_date(read, r)
    ]
    last = read.tokens[end - 1]
    if mark.value == "shown":
        return _shown_by(read, end, mark, voices)
    longer = bool(runs) and bool(names) and runs[-1][0] < names[-1].first
    if names and names[-1].tag == "place" and mark.value == "weak" and not longer:
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


def _shown_by(read: Reading, end: int, mark: Mark, voices: Voices) -> Speech | None:
    """Data, figures or a report that show something: whose they are, else what they are called."""
    nouns = [m for m in read.cues.get("source_noun", ()) if m.last == end]
    if nouns:
        first = _phrase_begins(read, nouns[-1].first)
        return Speech(read.words((first, end)), (first, mark.last), "speaker.data-show")
    return _report(read, end, mark, voices)


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
        or read.tokens[first].text == "."
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
    if not sources or mark.value not in ("found", "shown"):
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


def _han_agent(read: Reading, mark: Mark, voices: Voices) -> Speech | None:
    """X表示: from the beginning of the clause to the verb; `该机构` and `他` are who spoke last, `笔者` the author."""
    first = read.clause(mark.first)[0]
    if mark.first - first > _HAN_NAME:
        return None
    for opener in ("according", "joiner"):
        first = next((m.last for m in read.cues.get(opener, ()) if m.first == first), first)
    while first < mark.first and not read.tokens[first].text.isalnum():
        first += 1  # ，”分析师说
    first = _past_date(read, first, mark.first)
    last = _han_name_ends(read, first, mark.first)
    words = read.words((first, last))
    if not words or (mark.value == "weak" and not _names_somebody(read, first, last, mark.last)):
        return None
    who = {"author": voices.author, "last": voices.last}.get(values("han_pronoun").get(words, ""), words)
    return Speech(who, (first, mark.last), "speaker.han") if who else None


def _past_date(read: Reading, first: int, verb: int) -> int:
    """The first token of a name without the date of a report and how it came out: `2020年3月发布的报告`."""
    start = first
    while first < verb and (
        first in read.within_dates or (first > start and read.tokens[first].text == "的")
    ):
        first += 1
    shown = next((m.last for m in read.cues.get("name_end", ()) if first > start and m.first == first), first)
    first = shown + (shown > first and read.tokens[shown].text == "的")
    return first if first < verb else start


def _names_somebody(read: Reading, first: int, last: int, said: int) -> bool:
    """Whether a body or person is named in a token range, not only a thing that something is expected of.

    `said` is the token behind the verb.
    """
    if any(m.tag in ("org", "person") and first <= m.first < last for m in read.names):
        return True
    if _before_mark(read, first, last, said):
        return True
    return any(
        first <= m.first and m.last == last for tag in ("people", "body_end") for m in read.cues.get(tag, ())
    )


def _before_mark(read: Reading, first: int, last: int, said: int) -> bool:
    """Whether a short name that no list has stands before a verb with a mark behind it: `高盛预测，`."""
    short = _HAN_FIRM[0] <= last - first <= _HAN_FIRM[1] and said - last <= _HAN_FIRM[0]
    if not short or said >= len(read.tokens) or read.tokens[said].text not in "，：":
        return False
    thing = any(m.first < last and first < m.last for m in read.concepts)
    timed = read.tokens[last - 1].text in _HAN_TIMES or any(
        k in read.within_dates for k in range(first, last)
    )
    return not (thing or timed)


def _han_name_ends(read: Reading, first: int, verb: int) -> int:
    """Where the name before a verb ends: without a date, and what it published (`公布的数据`) or when (`日前`)."""
    last = verb
    dated = [read.at(w.span.start) for w in read.whens]
    last = min([k for k in dated if first < k < last], default=last)
    ends = [m for m in read.cues.get("name_end", ()) if first < m.first < last]
    stops = [m for m in ends if read.tokens[m.last].text != "局"]  # 统计局
    last = stops[0].first if stops else last
    while last > first + 1 and (
        read.tokens[last - 1].text in words_tagged("before_say") or read.tokens[last - 1].text == "的"
    ):
        last -= 1
    day = last - 2 > first and read.tokens[last - 1].text == "日" and read.tokens[last - 2].text.isdecimal()
    return last - 2 * day


def _quoted_on(read: Reading, voices: Voices) -> Speech | None:
    """A sentence in quotation marks without a speaker of its own goes on in the voice of its paragraph."""
    quoted = read.tokens[0].text == "“" or read.tokens[0].text == '"'
    same = voices.paragraph in (read.sentence.paragraph, read.sentence.paragraph - 1)
    return (
        Speech(voices.last, (0, 0), "speaker.quotation-goes-on") if quoted and same and voices.last else None
    )
