"""Parts of a whole in English: two thirds, three-quarters, one in five, half, a fifth of, ½."""

from __future__ import annotations

from zizhu.read.quantities.pieces import Piece
from zizhu.read.quantities.scales import made, scale
from zizhu.read.words.lexicon import context, function_words, measures, number_words
from zizhu.read.words.numerals import cardinal
from zizhu.read.words.phrases import ahead
from zizhu.read.words.tokens import DIGITS, Tokens

_ARTICLES = frozenset({"a", "an"})
_HYPHEN = "-"
_ONE_IN = frozenset({2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 20, 50, 100, 1000})


def share_of(cut: Tokens, i: int, j: int, share: float) -> Piece:
    piece = made(cut, i, j, form="fraction", value=100 * share, base=share)
    piece.unit, piece.kind, piece.whole = "percent", "share", False
    return piece


def odds(cut: Tokens, i: int, j: int, n: float) -> Piece | None:
    """`two thirds`, `three-quarters`, `1/3`, `one in five`, `2 out of 3`."""
    hyphen = cut.low[j] == _HYPHEN and cut.joined(j) and cut.joined(j + 1)
    k = j + hyphen
    d = number_words().get(cut.low[k], {}).get("denominator")
    if d and 0 < n < d and (cut.low[k].endswith("s") == (n > 1)) and not cut.broken(k):
        return share_of(cut, i, k + 1, n / d)
    of_every = cut.low[k] == "of" and cut.low[k + 1] in ("every", "each")  # `nine of every ten`
    if (cut.low[k] in ("in", "out") or of_every) and 0 < n <= 10:
        return _in(cut, i, k + 1, n)
    if cut.low[j] == "/" and cut.joined(j) and cut.joined(j + 1) and cut.word[j + 1].isdecimal():
        d = int(cut.word[j + 1]) if len(cut.word[j + 1]) < 3 else 0
        if 0 < n < d <= 10 and cut.low[j + 2] == "of":
            return share_of(cut, i, j + 2, n / d)
    return None


def _in(cut: Tokens, i: int, k: int, n: float) -> Piece | None:
    k += cut.low[k] == "of"
    k += cut.low[k] in (_HYPHEN, "every", "each")
    if cut.word[k].isdecimal() and len(cut.word[k]) <= 4:
        d, end = float(cut.word[k]), k + 1
    else:
        found = cardinal(cut, k)
        if found is None:
            return None
        d, end = found
    one_in = n < d and d in _ONE_IN and cut.low[end] not in context("not_one_in")
    return share_of(cut, i, end, n / d) if one_in else None


def sign(cut: Tokens, i: int, share: float) -> Piece | None:
    return None if cut.joined(i) and cut.word[i - 1][:1] in DIGITS else share_of(cut, i, i + 1, share)


def half(cut: Tokens, i: int) -> Piece | None:
    """`half`, `half a million`, `half a century`; not `first half` and `half-year`."""
    kinds = number_words().get(cut.low[i - 1], {})
    if "ordinal" in kinds or cut.low[i - 1] in context("no_half_behind"):
        return None
    j = i + 1
    tight = cut.low[j] == _HYPHEN
    j += tight
    if cut.low[j] in _ARTICLES:
        j += 1 + (cut.low[j + 1] == _HYPHEN)
        power, k = scale(cut, j)
        if power > 1:
            return made(cut, i, k, form="words", value=power / 2, base=0.5, power=power, whole=False)
        unit = ahead(cut, j, measures())
        if unit and unit[0].kind in ("time", "physical", "share"):
            return made(cut, i, j, form="words", value=0.5, base=0.5, whole=False)
        return None
    if tight or cut.low[j] in context("no_half_before"):
        return None
    return share_of(cut, i, i + 1, 0.5)


def shares(cut: Tokens, i: int) -> bool:
    """Whether `a third` is a share: `a third of`, `by a third`, `a third more`; and `a quarter` no three months."""
    after, before = cut.low[i + 1], cut.low[i - 2]
    if after == "of":
        return not cut.word[i + 2].isdecimal() and cut.low[i + 2] not in ("growth",)
    more = after in ("more", "less", "higher", "lower", "larger", "smaller", "as")
    open_end = after not in ("phase", "time") and not after.isalpha()
    ends = open_end or after in function_words()
    return more or (before in context("share_before") and ends)
