"""Multiples in English: doubled, twice, tenfold, four times, 5x; and vague plurals: hundreds of, decades."""

from __future__ import annotations

from collections.abc import Mapping

from zizhu.read.quantities.pieces import Piece
from zizhu.read.quantities.scales import made
from zizhu.read.words.lexicon import context, number_words
from zizhu.read.words.tokens import Tokens

_HYPHEN = "-"
_DECADES, _CENTURIES = 20.0, 200.0


def change(cut: Tokens, i: int, kinds: Mapping[str, float]) -> Piece | None:
    """`doubled`, `to triple`, `twice`, `tenfold`."""
    value = kinds.get("change") or kinds.get("times") or kinds["fold"]
    if cut.low[i + 1] == _HYPHEN or (cut.joined(i) and cut.low[i - 1] == _HYPHEN and "fold" not in kinds):
        return None
    if "change" in kinds and cut.low[i] in ("double", "triple", "quadruple", "treble") and not _verb(cut, i):
        return None
    if cut.low[i] == "halves" and cut.low[i - 1] in ("two", "both", "the"):
        return None
    if cut.low[i + 1] == "down":
        return None
    if "times" in kinds and cut.low[i + 1] not in context("compared"):
        return None
    piece = made(cut, i, i + 1, form="words" if "fold" in kinds else "change", value=value, base=value)
    piece.unit, piece.kind = "ratio", "ratio"
    return piece


def _verb(cut: Tokens, i: int) -> bool:
    """Whether `double` is a verb or a multiple and no adjective (`double taxation`)."""
    return cut.low[i - 1] in context("change_before") or cut.low[i + 1] in context("change_after")


def times(cut: Tokens, piece: Piece) -> bool:
    """Reads `times`, `-fold` and `x` behind a number as a ratio."""
    j = piece.next
    tight = cut.low[j] == _HYPHEN
    k = j + tight
    if cut.low[k] == "fold" or (
        cut.low[k] in ("x", "×") and cut.joined(k) and not cut.word[k + 1][:1].isdecimal()
    ):
        return _ratio(cut, piece, k + 1)
    if cut.low[k] not in ("times", "time"):
        return False
    after = cut.low[k + 1]
    compared = after in context("compared") or not piece.whole
    if compared or (piece.form == "digits" and _measured(after)):
        more = after in context("comparative")
        return _ratio(cut, piece, k + 1 + more)
    return False


def _measured(after: str) -> bool:
    return after not in context("occasion") and after.isalpha()


def _ratio(cut: Tokens, piece: Piece, j: int) -> bool:
    piece.unit, piece.kind, piece.next, piece.end = "ratio", "ratio", j, cut.end[j - 1]
    return True


def plural(cut: Tokens, i: int) -> Piece | None:
    """`hundreds of`, `tens of thousands of`, `billions`, `for decades`."""
    if cut.low[i] in ("decades", "centuries"):
        if cut.low[i - 1] in context("period_adjective") or cut.low[i + 1] == _HYPHEN or cut.joined(i):
            return None
        years = _DECADES if cut.low[i] == "decades" else _CENTURIES
        piece = made(
            cut, i, i + 1, form="vague", value=None, low=years, base=2.0, power=years / 2, vague=True
        )
        piece.unit, piece.kind = "year", "time"
        return piece
    factor, j = 1.0, i
    while (f := number_words().get(cut.low[j], {}).get("plural")) or (
        f := number_words().get(cut.low[j], {}).get("scale", 0)
    ):
        factor, j = factor * f, j + 1
        k = j + (cut.low[j] == "of")
        if "plural" not in number_words().get(cut.low[k], {}):
            break
        j = k
    if factor < 100 and cut.low[i] in ("tens", "scores") and cut.low[j] != "of":
        return None
    return made(cut, i, j, form="vague", value=None, low=2 * factor, base=2.0, power=factor, vague=True)


def tens(cut: Tokens, i: int, power: float) -> Piece | None:
    """`10s of firms`, `100s of millions of dollars`: vague plurals in digits; `the 1990s` are none."""
    j = i + 2
    if cut.low[j] != "of" or power not in (10.0, 100.0, 1000.0) or cut.low[j + 1] in ("the", "this", "that"):
        return None
    while (f := number_words().get(cut.low[j + 1], {}).get("plural")) and cut.low[j] == "of":
        power, j = power * f, j + 2
    return made(cut, i, j, form="vague", value=None, low=2 * power, base=2.0, power=power, vague=True)
