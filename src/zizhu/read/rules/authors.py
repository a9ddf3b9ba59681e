"""Who writes a document in their own name: by a note on the author, a byline, or a body that tells its own findings.

A byline counts only where the text says `I` or `we` outside quotations: news has bylines and speaks for nobody. A body
speaks where its title calls the text a report or the like, or where its name says that it studies or counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from zizhu.read.rules.gazetteer import capital_runs
from zizhu.read.rules.lexicon import Mark, cues, cues_of, words_tagged
from zizhu.read.rules.sentences import Sentence
from zizhu.read.rules.tokens import Token, tokens

_EDGE = 12
"""Sentences at either end of a document among which a note on its author stands."""
_HEAD = 6
"""Sentences at the beginning among which a byline stands."""
_OWN = 2
"""First persons outside quotations that make a text somebody's own, at least."""
_NAME = (2, 4)
_SHARED = 2
"""Words that the names of a body and of its programme share, at least."""
_LINE = 14
_LINE_HAN = 30
"""Tokens of a line at the head that names a title or a body, at most."""
_WHOLE = 0.6
"""Part of such a line that the name of a body takes, at least."""


class Author(NamedTuple):
    """Who writes; `all` says that even facts and figures are theirs to tell, `signed` that a person does."""

    name: str = ""
    all: bool = False
    signed: bool = False


def author(parts: Sequence[Sentence], text: str, publisher: str = "", title: Sequence[Mark] = ()) -> Author:
    """The author of a document, if the text or its publisher tells; `title` are the names in its title."""
    noted = next(_noted(parts, text), "")
    if noted:
        return Author(noted)
    own = sum(_first_persons(p.tokens) for p in parts)
    judged = any(m.tag == "opinion_head" for p in parts[:_HEAD] for m in cues().marks(p.tokens))
    signed = next(_signed(parts[:_HEAD], text), "") if own >= _OWN or judged else ""
    if signed:
        of_body = "" if _is_news(publisher) or parts[0].tokens[0].han else f" ({publisher})"
        return Author(signed + of_body, True, True)
    body = publisher or next(_bodies(parts, text), "")
    if not parts or _is_news(body):
        return Author()
    itself = (own and _on_itself(parts[0], title, body)) or _finds(parts, body)
    return Author(body.partition(" of the ")[0], True) if itself else Author()


def _finds(parts: Sequence[Sentence], body: str) -> bool:
    """Whether a body tells what it found itself: in a report or bulletin, or as one that studies or counts."""
    lines = list(_lines(parts))
    if any(m.tag == "own_report" for line in lines for m in cues().marks(line.tokens)):
        return True
    told = any(m.tag == "for_others" for line in lines for m in cues().marks(line.tokens))
    return not told and any(m.tag == "own_body" for m in cues().marks(tokens(body)))


def _lines(parts: Sequence[Sentence]) -> Iterator[Sentence]:
    """The lines at the head of a document, short ones that are no sentences."""
    for part in parts[:_HEAD]:
        most = _LINE_HAN if part.tokens[0].han else _LINE
        if len(part.tokens) <= most and part.tokens[-1].text not in ".。;；,，":
            yield part


def _bodies(parts: Sequence[Sentence], text: str) -> Iterator[str]:
    """Bodies whose names fill a line at the head, for a document whose publisher is unknown."""
    for line in _lines(parts):
        found = line.tokens
        if found[0].han:
            ends = [m.last for m in cues().marks(found) if m.tag == "body_end" and m.first]
            if ends and ends[0] >= _WHOLE * len(found):
                yield text[found[0].start : found[ends[0] - 1].end]
            continue
        run = next(capital_runs(found), None)
        if (
            run
            and run[0] <= 1
            and run[1] - run[0] >= _WHOLE * len(found)
            and _organisation(found[slice(*run)])
        ):
            yield text[found[run[0]].start : found[run[1] - 1].end]


def _noted(parts: Sequence[Sentence], text: str) -> Iterator[str]:
    """The author whom a note names with an office: `Amina Bello is a fellow at the ...`."""
    for part in (*parts[-_EDGE:], *parts[:_EDGE]):
        run = next(capital_runs(part.tokens, 0, 7), None)
        if run is None or run[0] > 1 or run[1] - run[0] < _NAME[0] or run[1] >= len(part.tokens):
            continue
        found = part.tokens
        if found[run[1]].word != "is":
            continue
        if any(m.tag == "role" and run[1] < m.first <= run[1] + 8 for m in cues().marks(found)):
            yield text[found[run[0]].start : found[run[1] - 1].end].removeprefix("Dr ")


def _signed(parts: Sequence[Sentence], text: str) -> Iterator[str]:
    """Names behind `By`, or alone in a line under the title."""
    for part in parts:
        found = part.tokens
        if found[0].han:
            yield from _signed_han(found, text)
            continue
        by = found[0].word == "by"
        runs = list(capital_runs(found, int(by)))
        names = [r for r in runs if _NAME[0] <= r[1] - r[0] and not _organisation(found[slice(*r)])]
        alone = (
            len(names) == 1
            and names[0][0] == 0
            and (len(found) == names[0][1] or found[names[0][1]].text in ",|")
        )
        if names and ((by and names[0][0] == 1) or (alone and part is not parts[0])):
            yield text[found[names[0][0]].start : found[names[-1][1] - 1].end]


def _signed_han(found: Sequence[Token], text: str) -> Iterator[str]:
    """The name behind `作者：`, up to a bracket, blank or mark."""
    opened = next((m.last for m in cues().marks(found) if m.tag == "byline" and m.first == 0), len(found))
    first = opened + (opened < len(found) and found[opened].text in ":：丨|｜/")
    last = first
    while (
        last < len(found) and found[last].han and (last == first or found[last].start == found[last - 1].end)
    ):
        last += 1
    if last - first >= _NAME[0]:
        yield text[found[first].start : found[last - 1].end]


def _organisation(name: Sequence[Token]) -> bool:
    return any(t.word in words_tagged("org_head") or t.word in words_tagged("day_name") for t in name)


def _first_persons(found: Sequence[Token]) -> int:
    """First persons of a sentence that stand in no quotation."""
    quoted, count = False, 0
    own = words_tagged("first_person")
    for token in found:
        if token.text in '“”"':
            quoted = token.text == "“" or (token.text == '"' and not quoted)
        elif token.word in own:
            count += not quoted
    if found[0].han:
        count += _OWN * bool(cues_of("own_view").marks(found))
    return count


def _is_news(publisher: str) -> bool:
    """Whether a publisher is a newspaper or the like, or unknown: it speaks for nobody."""
    return not publisher or any(m.tag == "news_body" for m in cues().marks(tokens(publisher)))


def _on_itself(title: Sentence, names: Sequence[Mark], publisher: str) -> bool:
    """Whether a body has the name of the plan that the title is about in its own."""
    named = {t.word for t in tokens(publisher) if t.capital and len(t.text) > 2}
    plans = [title.tokens[m.first : m.last] for m in names if m.tag == "plan"]
    return any(len(named & {t.word for t in of}) >= _SHARED for of in plans)
