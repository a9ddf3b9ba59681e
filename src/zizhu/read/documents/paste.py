"""The head of a pasted or saved message (From, Date, Subject), the lines that it quotes, and its signature.

The text stays as it was pasted, so that every offset holds; what belongs to others is said in the notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import parseaddr
from typing import NamedTuple

from zizhu.read.documents.signs import Found, signs

MOST = 30
"""Lines of a head."""
LEAST = 2
"""Known fields that make a head: a text may begin with a line that has a colon."""
_FIELD = re.compile(r"\s*([^\s:：][^:：]{0,30}?)\s*[:：]\s*(.*)")
_QUOTED = re.compile(r"\s{0,3}>")
_SIGNATURE = re.compile(r"--\s?")


class Head(NamedTuple):
    """What a message states of itself, and notes on its lines that are not its sender's words."""

    found: tuple[Found, ...]
    notes: tuple[str, ...]


def head(text: str) -> Head:
    """The head of a message; nothing for a text that has none."""
    lines = text.lstrip("\ufeff").splitlines()
    found = list(_fields(lines))
    if len({f.evidence.partition(":")[0].casefold() for f in found}) < LEAST:
        return Head((), ())
    return Head(tuple(f for f in found if f.field), tuple(_notes(lines)))


def _fields(lines: list[str]) -> Iterator[Found]:
    known = signs("mail")
    begun = False
    for line in lines[:MOST]:
        said = _FIELD.fullmatch(line)
        sign = known.get(said[1].casefold()) if said else None
        if said and sign:
            begun = True
            value = _sender(said[2]) if sign.field == "publisher" else said[2].strip()
            yield Found(sign.field, value[:500], f"{said[1]}: {said[2][:80]}", sign.confidence)
        elif not _folded(line) if begun else line.strip():
            return


def _folded(line: str) -> bool:
    """Whether a line goes on with the field above it."""
    return line[:1].isspace() and bool(line.strip())


def _sender(said: str) -> str:
    """The name in front of an address, or the address."""
    name, address = parseaddr(said)
    return name or address or said.strip()


def quoted_line(line: str) -> bool:
    """Whether a line quotes an earlier message."""
    return _QUOTED.match(line) is not None


def _notes(lines: list[str]) -> Iterator[str]:
    quoted = [number for number, line in enumerate(lines, 1) if quoted_line(line)]
    if quoted:
        yield f"{len(quoted):,} lines from line {quoted[0]} quote an earlier message: their words are another's"
    ends = [number for number, line in enumerate(lines, 1) if _SIGNATURE.fullmatch(line)]
    if ends:
        yield f"a signature begins at line {ends[-1]}"
