"""Places in an order: `14th in the index`, `ranked second`, `third-largest`, `top 10`, 第14位."""

from __future__ import annotations

import re
from functools import cache

from zizhu.read.quantities.nouns import head
from zizhu.read.quantities.pieces import Piece
from zizhu.read.words.lexicon import number_words, words_of
from zizhu.read.words.numerals import han_value
from zizhu.read.words.tokens import DIGITS, HAN_NUMERALS, Tokens, hits, plain_digits, prose

_ENDS = frozenset({"st", "nd", "rd", "th"})
_HAN = re.compile(
    rf"第([0-9０-９]{{1,4}}|[{HAN_NUMERALS}]{{1,5}})(位|名|大|)|前([0-9０-９]{{1,4}}|[{HAN_NUMERALS}]{{1,4}})(位|名|强|大)"
)
_LINKS = frozenset({"to", "and", "or", "from"})
_LIST_REACH = 9
_APART = 5
_AMONG = 24


def ranks(cut: Tokens, taken: frozenset[int]) -> list[Piece]:
    """All ranks in order."""
    found: list[Piece] = []
    words = number_words()
    for i in hits(cut, lambda w: w in _ENDS or w == "top" or "ordinal" in words.get(w, ())):
        ended = cut.low[i] in _ENDS
        first = i - ended
        if first in taken or (ended and not (cut.joined(i) and cut.low[first][:1] in DIGITS)):
            continue
        piece = _top(cut, i) if cut.low[i] == "top" else _ordinal(cut, first, found)
        if piece is not None:
            found.append(piece)
    found = sorted(found + superlatives(cut), key=lambda p: p.digits_start)
    if "第" in cut.text or "前" in cut.text:
        found = sorted(found + _han(cut), key=lambda p: p.digits_start)
    return found


def superlatives(cut: Tokens) -> list[Piece]:
    """First places: `the world's largest port`, 全球最大的; not those of several (`... largest ports`, 之一)."""
    possessors, best = (
        words_of("rank_words", side="possessor"),
        words_of("rank_words", side="first", language="en"),
    )
    found = []
    for i in hits(cut, possessors.__contains__):
        j = i + 3
        possessive = cut.word[i + 1] in ("'", "’") and cut.low[i + 2] == "s" and cut.joined(i + 1)
        if possessive and cut.joined(i + 2) and cut.low[j] in best:
            j += cut.low[j] == "most"
            if cut.word[j + 1].isalpha() and head(cut, j + 1) is None:
                found.append(_make(cut, i, i, j + 1, j + 1, 1.0))
    pattern = _first()
    for match in pattern.finditer(cut.text) if "最" in cut.text else ():
        start, end = match.span()
        if "之一" not in re.split("[，。；,;]", cut.text[end : end + _AMONG])[0]:
            i = cut.at(start)
            found.append(
                Piece(i, cut.at(end), start, end, start, end, "rank", 1.0, base=1.0, unit="rank", kind="rank")
            )
    return found


@cache
def _first() -> re.Pattern[str]:
    return re.compile(
        "(?:" + "|".join(sorted(words_of("rank_words", side="first", language="zh"))) + ")(?=的)"
    )


def _make(cut: Tokens, i: int, first: int, j: int, end: int, value: float) -> Piece:
    return Piece(
        i, end, cut.start[first], cut.end[end - 1], cut.start[i], cut.end[j - 1], "rank", value, base=value,
        unit="rank", kind="rank",
    )  # fmt: skip


def _top(cut: Tokens, i: int) -> Piece | None:
    """`the top 10`, `top five`."""
    word = cut.word[i + 1]
    words = number_words().get(cut.low[i + 1], {})
    value = (
        float(plain_digits(word))
        if word.isdecimal() and len(word) < 4
        else words.get("unit", words.get("teen", words.get("ten", 0.0)))
    )
    if not value or value == 1 or cut.joined(i + 1) or cut.low[i + 2] in ("percent", "per", "%"):
        return None
    piece = _make(cut, i + 1, i, i + 2, i + 2, value)
    piece.bound, piece.bounded = "<=", True
    return piece


def _ordinal(cut: Tokens, i: int, found: list[Piece]) -> Piece | None:
    digits = cut.low[i][:1] in DIGITS
    if digits and not (cut.word[i].isdecimal() and len(cut.word[i]) < 5):
        return None
    value = float(plain_digits(cut.word[i])) if digits else number_words()[cut.low[i]]["ordinal"]
    j = i + 1 + digits
    end = _cued(cut, i, j, found)
    return _make(cut, i, i, j, end, value) if end else None


def _cued(cut: Tokens, i: int, j: int, found: list[Piece]) -> int:
    """The end of a rank behind its cue, 0 where nothing says that an ordinal is one."""
    after, before = words_of("rank_words", side="after"), words_of("rank_words", side="before")
    if cut.low[j] in after and not cut.broken(j):
        return j + 1
    k = j + (cut.low[j] == "-" and cut.joined(j))
    if cut.low[k] in words_of("rank_words", side="superlative") and not (cut.low[k] == "most" and k > j):
        return k + 1
    back = [cut.low[i - n] for n in (1, 2, 3)]
    if back[0] in before or (
        back[0] in ("the", "joint", "only", "just", "around", "about") and back[1] in before
    ):
        return j
    linked = cut.low[j] in _LINKS and cut.low[j + 2] in _ENDS and cut.low[j + 3] in after
    if linked or (back[0] in _LINKS and found and cut.start[i] - found[-1].digits_end < 8):
        return j
    return j if _listed(cut, i, j) else 0


def _listed(cut: Tokens, i: int, j: int) -> bool:
    """`14th in the Global Innovation Index`, `from 25th to 15th in the ranking`."""
    if cut.low[j] not in ("in", "on") or cut.low[i - 1] in ("the", "a", "its"):
        return False
    return any(
        cut.low[k] in words_of("rank_words", side="list")
        for k in range(j + 1, min(j + _LIST_REACH, len(cut)))
    )


def _han(cut: Tokens) -> list[Piece]:
    found = []
    for start in prose([m.start() for m in _HAN.finditer(cut.text)], _APART):
        match = _HAN.match(cut.text, start)
        if match is None:
            continue
        nth, cue, top, _ = match.groups()
        text = nth or top
        value = float(plain_digits(text)) if text[0] in DIGITS else han_value(text)
        if value is None or (nth and not cue and not _placed(cut.text, match.start())):
            continue
        if cue == "大" and cut.text[match.end() : match.end() + 1] in ("道", "会", "街"):
            continue
        digits = match.start(1) if nth else match.start(3)
        piece = Piece(
            cut.at(digits), cut.at(match.end()), match.start(), match.end(), digits, digits + len(text), "rank", value,
            base=value, unit="rank", kind="rank",
        )  # fmt: skip
        if top:
            piece.bound, piece.bounded = "<=", True
        found.append(piece)
    return found


def _placed(text: str, p: int) -> bool:
    cues = words_of("rank_words", side="before", language="zh")
    return any(text[max(p - n, 0) : p] in cues for n in (2, 1))
