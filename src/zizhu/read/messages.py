"""A message as the words of those who speak in it: its sender's own, and lines that quote an earlier one.

Each is read without the others, so that nobody is given another's words; places stay those of the whole message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from zizhu.read.documents.paste import head, quoted_line
from zizhu.read.documents.signs import signs
from zizhu.read.model import Candidate, Document

RULE = "message.sender"
_SEEN = re.compile(r"\S")
_LEADING = re.compile(r"[\s>]*")
_ADDRESS = re.compile(r"\s*<[^<>]*>\s*")
_NAME = re.compile(r"[^\W\d_][^,:;<>\d]{0,60}\Z")
MOST = 20
"""Writers who are quoted in one message and told apart; the words of others are nobody's."""
_BACK = 3
"""Lines before the first that quotes in which it is said whom it quotes."""
_LONGEST_GREETING = 60


class Voice(NamedTuple):
    """A document with the words of one speaker, all others blank, and who that is; empty where nothing says so."""

    document: Document
    speaker: str


def voices(document: Document) -> tuple[Voice, ...]:
    """Who speaks in a message, the sender first; of what is no message the document itself, of no speaker."""
    if document.layer.name != "raw" or not head(document.text).found:
        return (Voice(document, ""),)
    lines = document.text.splitlines(keepends=True)
    whose = list(_whose(lines))
    known = set([name for name in dict.fromkeys(whose) if name][:MOST])
    whose = [name if name is None or name in known else "" for name in whose]
    found = [_voice(document, lines, whose, name) for name in dict.fromkeys((None, *whose))]
    return tuple(voice for voice in found if voice.document.text.strip())


def _voice(document: Document, lines: list[str], whose: list[str | None], name: str | None) -> Voice:
    """The lines of one speaker (None: the sender), without greetings, names under them and the signs of quoting."""
    speaker = document.publisher if name is None else name
    own = (_words(x, speaker) if w == name else _blank(x) for x, w in zip(lines, whose, strict=True))
    layer = replace(document.layer, text="".join(own))
    return Voice(replace(document, layer=layer, publisher=speaker), speaker)


def spoken(candidate: Candidate, speaker: str) -> Candidate:
    """The candidate with who wrote its words as its speaker, where these name none."""
    if not speaker or candidate.speaker:
        return candidate
    return replace(candidate, speaker=speaker, rules={**candidate.rules, "speaker": RULE})


def _words(line: str, sender: str) -> str:
    said = line.strip(" \t\r\n,.!:，：！")
    first = said.partition(" ")[0].casefold()
    greets = first in signs("greeting") and len(said) <= _LONGEST_GREETING and not line.strip().endswith(".")
    if greets or (sender and said == sender):
        return _blank(line)
    marks = _LEADING.match(line)
    at = marks.end() if marks else 0
    return line[:at].replace(">", " ") + line[at:]


def _blank(words: str) -> str:
    return _SEEN.sub(" ", words)


def _whose(lines: list[str]) -> Iterator[str | None]:
    """For each line None where it is the sender's, else who is quoted in it, empty where nothing says who."""
    name: str | None = None
    for k, line in enumerate(lines):
        if not quoted_line(line):
            name = None
            yield None
            continue
        if name is None:
            name = _named("".join(_paragraph(lines[max(0, k - _BACK) : k])))
        yield name


def _paragraph(lines: list[str]) -> list[str]:
    """The last of some lines that no blank line parts."""
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    blank = max((k for k, line in enumerate(lines) if not line.strip()), default=-1)
    return lines[blank + 1 :]


def _named(before: str) -> str:
    """Whom the words before a quotation name as its writer: `On Monday, Bob Stone <b@example.org> wrote:`."""
    said = " ".join(before.split()).rstrip(":： ")
    verb = next((v for v in signs("wrote") if said.casefold().endswith(v)), "")
    if not verb:
        return ""
    words = _ADDRESS.sub("", said[: -len(verb)]).strip()
    last = re.split(r"[,，;]|\d\s+(?:[AaPp][Mm]\s+)?", words)[-1].strip()
    return last if _NAME.fullmatch(last) else ""
