"""Who writes a document in their own name: by a note on the author, a byline, or a body that reports on its own work.

A byline counts only where the text says `I` or `we` outside quotations: news has bylines and speaks for nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from zizhu.read.rules.gazetteer import capital_runs
from zizhu.read.rules.lexicon import Mark, cues, words_tagged
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
    judged = any(t.word in words_tagged("opinion_head") for p in parts[:_HEAD] for t in p.tokens)
    signed = next(_signed(parts[:_HEAD], text), "") if own >= _OWN or judged else ""
    if signed:
        of_body = "" if _is_news(publisher) else f" ({publisher})"
        return Author(signed + of_body, True, True)
    body = publisher.partition(" of the ")[0]
    itself = bool(parts) and (
        (own and _on_itself(parts[0], title, publisher)) or _reports(parts[0], publisher)
    )
    return Author(body, True) if itself else Author()


def _reports(title: Sentence, publisher: str) -> bool:
    """Whether a title is that of a report or bulletin, and its publisher no newspaper."""
    return not _is_news(publisher) and any(t.word in words_tagged("own_report") for t in title.tokens)


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


def _organisation(name: Sequence[Token]) -> bool:
    return any(t.word in words_tagged("org_head") or t.word in words_tagged("day_name") for t in name)


def _first_persons(found: Sequence[Token]) -> int:
    """First persons of a sentence that stand in no quotation."""
    quoted, count = False, 0
    for token in found:
        if token.text in '“”"':
            quoted = token.text == "“" or (token.text == '"' and not quoted)
        count += not quoted and token.word in words_tagged("first_person")
    return count


def _is_news(publisher: str) -> bool:
    """Whether a publisher is a newspaper or the like, or unknown: it speaks for nobody."""
    return not publisher or any(t.word in words_tagged("news_body") for t in tokens(publisher))


def _on_itself(title: Sentence, names: Sequence[Mark], publisher: str) -> bool:
    """Whether a body has the name of the plan that the title is about in its own."""
    named = {t.word for t in tokens(publisher) if t.capital and len(t.text) > 2}
    plans = [title.tokens[m.first : m.last] for m in names if m.tag == "plan"]
    return any(len(named & {t.word for t in of}) >= _SHARED for of in plans)
