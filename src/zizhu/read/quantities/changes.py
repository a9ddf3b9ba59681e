"""Which way it goes by a number: `fell by a fifth`, `a 20 % reduction`, 下降20%; `fell to a fifth` is a level."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from zizhu.ledger.claims import Change
from zizhu.read.quantities.pieces import Piece
from zizhu.read.words.lexicon import function_words, words_of
from zizhu.read.words.phrases import longest_before
from zizhu.read.words.tokens import Tokens
from zizhu.vocab.packfiles import rows

_MULTIPLES = frozenset(("ratio", "rank"))
_STOPS = frozenset((";", ":", ".", "?", "!", "。", "(", "（"))
_HAN_STOPS = frozenset("，。；：、！？,;:()（）\n")
_REACH = 16
"""Tokens before a number among which the verb of its `by` may stand."""
_NEAR = 5
"""Tokens between a verb and the number that it has as its object: `cut coal imports 20 percent`."""
_HAN_REACH = 12
_HAN_LONGEST = 3
_YEAR = 4
_RAISES = ("raise", "raising")


def change(cut: Tokens, piece: Piece) -> Change | None:
    """Whether a number is the size of a fall or a rise; None where it is a level, or nothing says so."""
    if piece.unit in _MULTIPLES:
        return None
    first = cut.at(piece.start)
    if _is_han(cut.text, piece.start):
        return _han(piece, cut.text)
    return _behind(cut, cut.at(piece.end)) or _before(cut, piece, first)


@cache
def _ways(role: str) -> Mapping[str, Change]:
    """Words of one role and which way they say."""
    found = (r for r in rows("read/change_words.csv") if r["role"] == role and r["direction"])
    return {r["word"]: r["direction"] for r in found}  # type: ignore[misc]


@cache
def _words(role: str, language: str = "en") -> frozenset[str]:
    return words_of("change_words", role=role, language=language)


def _behind(cut: Tokens, i: int) -> Change | None:
    """`20 percent lower`, `a 15-percent annual drop`, `45% below 2005 levels`."""
    while cut.low[i] == "-" or cut.low[i] in _words("between"):
        i += 1
    if cut.broken(i):
        return None
    word, there = cut.low[i], cut.low[i + 1]
    if word in _ways("compared"):
        dated = len(there) == _YEAR and there.isdecimal()
        return _ways("compared")[word] if dated or there in _words("base") else None
    return _ways("noun").get(word) or (_ways("behind").get(word) if there != "to" else None)


def _before(cut: Tokens, piece: Piece, first: int) -> Change | None:
    """`fell by about 20 percent`, `a fall of 20 percent`, `cut imports 20 percent`, `down 20 percent`."""
    word = cut.low[first - 1] if first else ""
    if word == "by":
        return _verb(cut, first - 1, _REACH)
    if word == "of":
        return _noun(cut, first - 1)
    half = word == "in" and piece.form in ("words", "fraction")
    if cut.low[first] in _words("level") or (word in function_words() and _verbless(word) and not half):
        return None
    if cut.low[first - 1].startswith(_RAISES) and piece.kind == "money":
        return None  # `the fund raised 3 billion`
    return _verb(cut, first, _NEAR if piece.unit == "percent" else 1)


def _verbless(word: str) -> bool:
    """Whether a small word before a number says that it is no size of a change: `to 5 %`, `the 5 % tariff`."""
    return word not in _ways("verb") and function_words()[word] in ("determiner", "preposition")


def _noun(cut: Tokens, last: int) -> Change | None:
    """The way of a noun before the `of` of a number: `a fall of 5 %`, `a fall in exports of 5 %`."""
    for k in range(last - 1, max(-1, last - 1 - _NEAR), -1):
        way = _ways("noun").get(cut.low[k])
        if way is not None:
            return way if k == last - 1 or cut.low[k + 1] == "in" else None
        if cut.low[k] in _STOPS or cut.broken(k + 1):
            return None
    return None


def _verb(cut: Tokens, last: int, reach: int) -> Change | None:
    """The way of the nearest verb before a token, at most `reach` tokens back and in the same clause."""
    for k in range(last - 1, max(-1, last - 1 - reach), -1):
        word = cut.low[k]
        if word in _STOPS or cut.broken(k + 1):
            return None
        way = _ways("verb").get(word)
        if way is not None and cut.low[k - 1] not in _words("with_particle"):
            return way
        if word in _words("level") and reach == _NEAR:
            return None
    return None


def _is_han(text: str, start: int) -> bool:
    end = start
    while end and text[end - 1] == " ":
        end -= 1
    return end > 0 and "\u3400" <= text[end - 1] <= "\u9fff"


def _han(piece: Piece, text: str) -> Change | None:
    """The way of the last word of change in the part before a number, unless the number is what it is changed to."""
    near = text[max(0, piece.start - _HAN_REACH) : piece.start].rstrip()
    near = near[max((near.rfind(mark) for mark in _HAN_STOPS), default=-1) + 1 :]
    for end in range(len(near), 0, -1):
        found = longest_before(near, end, _ways("word"), _HAN_LONGEST)
        if found:
            return found[0] if end == len(near) or _acts(piece, near[found[1] : end], near[end:]) else None
        if near[end - 1] in _words("level", "zh"):
            return _extent(near[: end - 1], near[end - 1])
    return None


def _acts(piece: Piece, word: str, between: str) -> bool:
    """Whether a verb has a number as its size with other words between: 压减钢铁产能1000万吨."""
    size = piece.unit.startswith("percent") or _ways("word")[word] == "decrease"
    return len(word) > 1 and size and "的" not in between


def _extent(near: str, level: str) -> Change | None:
    """The way of a noun for the extent of a change before 为, and of any word of change before 达: 降幅为5%."""
    found = longest_before(near, len(near), _ways("word"), _HAN_LONGEST)
    return found[0] if found and (level == "达" or near.endswith("幅")) else None
