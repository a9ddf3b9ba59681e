"""Words of scale behind a number, and the pieces that are made of tokens."""

from __future__ import annotations

from zizhu.read.quantities.pieces import Piece
from zizhu.read.words.lexicon import context, measures, number_words
from zizhu.read.words.phrases import ahead
from zizhu.read.words.tokens import DIGITS, Tokens

SHORT = frozenset({"m", "b", "t", "k", "mm"})
_HYPHEN = "-"
_FAR = 9
"""Tokens from one end of a change to the other, at most."""
_STOPS = frozenset({".", ";", ":", "(", ")"})


def made(cut: Tokens, i: int, j: int, **fields: object) -> Piece:
    """A piece over tokens `i` to before `j`."""
    start, end = cut.start[i], cut.end[j - 1]
    return Piece(i, j, start, end, start, end, **fields)  # type: ignore[arg-type]


def scale(cut: Tokens, j: int) -> tuple[float, int]:
    """Words of scale from token `j` on: `billion`, `hundred thousand`, `lakh crore`, an adjacent `bn`."""
    power = 1.0
    while True:
        tight = cut.low[j] == _HYPHEN and cut.joined(j) and cut.joined(j + 1)
        k = j + tight
        kinds = number_words().get(cut.low[k], {})
        factor = kinds.get("scale") or kinds.get("hundred") or kinds.get("group")
        if not factor or cut.broken(k) or (cut.low[k] in SHORT and (tight or not _short(cut, k))):
            return power, j
        power, j = power * factor, k + 1


def _short(cut: Tokens, k: int) -> bool:
    """Whether a one-letter scale is one: `$5m`, `10k`, `3m people`, but not `5 m`."""
    if not cut.joined(k) or (not cut.word[k].islower() and cut.low[k] not in ("k", "m", "b")):
        return False
    return _shown(cut, k) or _alike(cut, k)


def _alike(cut: Tokens, k: int) -> bool:
    """Whether another end of the same change shows it: the 1.5m of `from 1.5m in 2019 to 2.5m units`."""
    ahead_of = (j for j in range(k + 3, k + _FAR) if cut.low[j - 2] == "to")
    before = range(k - 3, max(k - _FAR, 0), -1) if cut.low[k - 2] == "to" else ()
    return any(
        cut.low[j] == cut.low[k]
        and cut.joined(j)
        and cut.word[j - 1][:1] in DIGITS
        and not any(cut.low[i] in _STOPS for i in range(min(j, k), max(j, k)))
        and _shown(cut, j)
        for j in (*ahead_of, *before)
    )


def _shown(cut: Tokens, k: int) -> bool:
    """Whether what stands beside a letter tells that it is a scale: a sign of money, a unit or what is counted."""
    money = cut.word[k - 2][-1:] in "$€£¥￥₹₩" if cut.word[k - 2] else False
    ranged = cut.low[k - 2] == "-" and cut.low[k - 3] == cut.low[k]
    coded = cut.word[k - 2].isupper() and 1 < len(cut.word[k - 2]) < 4
    after = cut.low[k + 1]
    if cut.low[k] == "mm":
        return money or coded
    noun = (after.endswith("s") and len(after) > 3) or after in context("behind_short_scale")
    return money or coded or ranged or noun or cut.low[k] == "k" or _unit(cut, k + 1)


def _unit(cut: Tokens, j: int) -> bool:
    """Whether a code of capitals follows (`5m USD`)."""
    return cut.word[j].isupper() and ahead(cut, j, measures()) is not None
