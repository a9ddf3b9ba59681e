"""The numbers of a text with their scale: digits, number words, Chinese numerals, shares and multiples."""

from __future__ import annotations

from functools import cache

from zizhu.read.quantities.chinese import fraction as han_fraction
from zizhu.read.quantities.chinese import numeral as han_numeral
from zizhu.read.quantities.chinese import scale as han_scale
from zizhu.read.quantities.chinese import words as han_words
from zizhu.read.quantities.multiples import change, plural, tens
from zizhu.read.quantities.pieces import Piece
from zizhu.read.quantities.scales import SHORT, made, scale
from zizhu.read.quantities.shares import half, odds, share_of, shares, sign
from zizhu.read.words.lexicon import context, han_scales, number_words
from zizhu.read.words.numerals import cardinal, digits, scaled
from zizhu.read.words.tokens import DIGITS, HAN_NUMERALS, Tokens, hits

_ARTICLES = frozenset({"a", "an"})
_HALF = ["and", "a", "half"]
_TIGHT_HALF = ["-", "and", "-", "a", "-", "half"]
_KINDS = frozenset(
    {
        "unit",
        "teen",
        "ten",
        "hundred",
        "group",
        "scale",
        "plural",
        "denominator",
        "change",
        "times",
        "fold",
        "sign",
    }
)


@cache
def _triggers() -> frozenset[str]:
    found = {w for w, k in number_words().items() if not _KINDS.isdisjoint(k)}
    times = {"year", "decade", "century", "month", "week", "day", "hour", "decades", "centuries"}
    return frozenset((found | times) - SHORT - set(HAN_NUMERALS))


def pieces(cut: Tokens, taken: frozenset[int]) -> list[Piece]:
    """All numbers in order; tokens in `taken` (dates, addresses) are passed over."""
    triggers, han = _triggers(), frozenset(HAN_NUMERALS)
    found: list[Piece] = []
    done = 0
    for i in hits(cut, lambda w: w in triggers or w[0] in DIGITS or w[0] in han or w == "百分之"):
        if i < done or i in taken:
            continue
        piece = _at(cut, i)
        if piece is not None:
            found.append(piece)
            done = max(piece.next, i + 1)
    if not cut.text.isascii():
        found = _with_words(cut, found)
    return found


def _with_words(cut: Tokens, found: list[Piece]) -> list[Piece]:
    extra = han_words(cut)
    whole = [(p.digits_start, p.digits_end) for p in extra if p.vague]
    found = [p for p in found if not any(a <= p.digits_start < b for a, b in whole)]  # the 上万 of 成千上万
    return sorted(found + extra, key=lambda p: p.digits_start) if extra else found


def _at(cut: Tokens, i: int) -> Piece | None:
    word = cut.word[i]
    if word[0] in DIGITS:
        return _digits(cut, i)
    if word[0] in HAN_NUMERALS or word == "百分之":
        return han_fraction(cut, i) or han_numeral(cut, i)
    kinds = number_words().get(cut.low[i], {})
    if "sign" in kinds:
        return sign(cut, i, kinds["sign"])
    if any(k in kinds for k in ("unit", "teen", "ten")):
        return _words(cut, i)
    if "plural" in kinds or cut.low[i] in ("decades", "centuries"):
        return plural(cut, i)
    if "change" in kinds or "times" in kinds or "fold" in kinds:
        return change(cut, i, kinds)
    return half(cut, i) if cut.low[i] == "half" else _article(cut, i)


def _digits(cut: Tokens, i: int) -> Piece | None:
    numeral = digits(cut, i)
    if numeral is None:
        return None
    j = numeral.next
    if cut.low[j] == "s" and cut.joined(j):
        return tens(cut, i, float(numeral.digits)) if numeral.whole else None
    part = odds(cut, i, j, float(numeral.digits))
    if part:
        return part
    # a Chinese scale may be followed by the rest of its number: 4兆3428亿
    power, k = (1.0, j) if cut.word[j][:1] in han_scales() else scale(cut, j)
    value = scaled(numeral.digits, 0) if power == 1 else _times(numeral.digits, power)
    piece = made(cut, i, k, form="digits", value=value, base=float(numeral.digits), power=power)
    piece.whole, piece.plain = numeral.whole, not numeral.grouped and k == j
    if k == j:
        _and_a_half(cut, piece)
    return han_scale(cut, piece, numeral.digits) if k == j else piece


def _times(text: str, power: float) -> float:
    exponent = len(str(int(power))) - 1
    return scaled(text, exponent) if power == 10**exponent else float(text) * power


def _words(cut: Tokens, i: int) -> Piece | None:
    found = cardinal(cut, i)
    if found is None:
        return None
    value, j = found
    part = odds(cut, i, j, value)
    if part:
        return part
    power, k = scale(cut, j)
    last = number_words().get(cut.low[j - 1], {}).get("scale", 1.0)
    piece = made(cut, i, k, form="words", value=value * power, base=value / last, power=power * last)
    if k == j:
        _and_a_half(cut, piece)
    return piece


def _and_a_half(cut: Tokens, piece: Piece) -> None:
    """`two and a half million`, `two-and-a-half years`."""
    j = piece.next
    tight = cut.low[j] == "-" and cut.joined(j) and cut.joined(j + 1)
    words = _TIGHT_HALF if tight else _HALF
    if cut.low[j : j + len(words)] != words:
        return
    j += len(words)
    power, k = scale(cut, j)
    piece.base = (piece.value or 0) + 0.5
    piece.value, piece.power, piece.next, piece.plain = piece.base * power, power, k, False
    piece.end = piece.digits_end = cut.end[k - 1]
    piece.whole = False


def _article(cut: Tokens, i: int) -> Piece | None:
    """`a million`, `a dozen`, `a third of`, `a decade`, `several hundred`."""
    before, kinds = cut.low[i - 1], number_words().get(cut.low[i], {})
    if cut.joined(i) or cut.broken(i):
        return None
    power, k = scale(cut, i)
    if power > 1:
        return _scaled_article(cut, i, k, power)
    if before not in _ARTICLES:
        return None
    if "denominator" in kinds and not cut.low[i].endswith("s"):
        return share_of(cut, i - 1, i + 1, 1 / kinds["denominator"]) if shares(cut, i) else None
    return _duration(cut, i) if cut.low[i] in context("duration") else None


def _duration(cut: Tokens, i: int) -> Piece | None:
    """`within a decade`, `just a year after`, but not `5 % a year` and `a year ago`."""
    led = cut.low[i - 2] in context("duration_before")
    follows = cut.low[i + 1] in ("ago", "earlier", "before", "-", "when", "in", "that")
    return made(cut, i - 1, i, form="words", value=1.0, base=1.0) if led and not follows else None


def _scaled_article(cut: Tokens, i: int, k: int, power: float) -> Piece | None:
    before = cut.low[i - 1]
    if before in _ARTICLES and cut.low[i - 2] != "half":
        return made(cut, i - 1, k, form="words", value=power, base=1.0, power=power)
    few = before in ("several", "few", "many")
    couple = before == "of" and cut.low[i - 2] == "couple"
    if not few and not couple:
        return None
    first = i - 1 - couple
    first -= cut.low[first - 1] in _ARTICLES
    return made(cut, first, k, form="vague", value=None, low=2 * power, base=2.0, power=power, vague=True)
