"""Chinese numbers: numerals, scales behind digits, fractions, tenfold and vague ones, words of change."""

from __future__ import annotations

import re
from functools import cache

from zizhu.read.quantities.pieces import Piece
from zizhu.read.words.lexicon import han_digits, han_measures, han_scales, number_words
from zizhu.read.words.numerals import han_at, han_value, scaled
from zizhu.read.words.tokens import DIGITS, HAN_NUMERALS, Tokens, plain_digits

_NUMBER = re.compile(rf"[0-9０-９]+(?:\.[0-9０-９]+)?|[{HAN_NUMERALS}]+(?:点[零〇一二三四五六七八九]+)?")
_REST = re.compile(r"[0-9０-９]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9０-９]+(?![.,]?[0-9０-９])")
_LONGEST = 40
_MORE = frozenset("多余几")
_LEADING = frozenset("数几")
_SUBSET = frozenset("上近逾超过破达")


def _value(text: str) -> float | None:
    if len(text) > _LONGEST:
        return None
    return float(plain_digits(text)) if text[0] in DIGITS else han_value(text)


def _piece(cut: Tokens, start: int, end: int, form: str, value: float | None) -> Piece:
    return Piece(cut.at(start), cut.at(end), start, end, start, end, form, value)  # type: ignore[arg-type]


def fraction(cut: Tokens, i: int) -> Piece | None:
    """百分之二十, 百分之3.5, 三分之二, 千分之五."""
    text, start = cut.text, cut.start[i]
    first = han_at(text, start)
    end = start + len(first)
    low = cut.word[i]
    if low == "百分之":
        found = _NUMBER.match(text, start + 3)
        whole = 100.0
    elif first and text[end : end + 2] == "分之":
        found = _NUMBER.match(text, end + 2)
        whole = {"千": 1000.0, "万": 10000.0}.get(first) or han_value(first) or 0.0
    else:
        return None
    n = _value(found[0]) if found else None
    if n is None or found is None or not whole:
        return None
    piece = _piece(cut, start, found.end(), "fraction", 100 * n / whole)
    piece.unit, piece.kind, piece.whole = "percent", "share", False
    return piece


def numeral(cut: Tokens, i: int) -> Piece | None:
    """二十, 三千五百, 两万亿; 数百, 几十万 and 上千 as vague ones; 三四十 as a range."""
    text, start = cut.text, cut.start[i]
    before = text[start - 1 : start]
    word = _without_unit(text, start, han_at(text, start))
    if not word or (before and before in "十百千万亿两第"):
        return None
    if (word[0] in han_scales() and word[0] != "十") or before in _LEADING:
        return _vague(cut, start, word, before)
    value = han_value(word)
    piece = _piece(cut, start, start + len(word), "han", value)
    if value is None and not _approximate(piece, word):
        return None
    piece.base = piece.small
    _more(cut, piece)
    return piece


def _without_unit(text: str, start: int, word: str) -> str:
    """A numeral without the first character of a unit (五千克 is 5 kg, 三百万千瓦 3 million kW, 200兆瓦 200 MW)."""
    last = start + len(word) - 1
    if word[-1:] in ("千", "百", "兆") and any(text[last : last + n] in han_measures() for n in (4, 3, 2)):
        return word[:-1]
    return word


def _approximate(piece: Piece, word: str) -> bool:
    """三四十, 两三百, 五六."""
    digits = han_digits()
    if len(word) < 2 or word[0] not in digits or word[1] not in digits:
        return False
    low, high = (han_value(digit + word[2:]) for digit in word[:2])
    if (
        low is None
        or high is None
        or digits[word[1]] - digits[word[0]] not in (1, 2)
        or (len(word) > 2 and word[2] in digits)
    ):
        return False
    piece.value, piece.low, piece.high, piece.form = None, low, high, "range"
    return True


def _vague(cut: Tokens, start: int, word: str, before: str) -> Piece | None:
    """数百家, 几十亿, 上千名, 近百个."""
    if any(c not in han_scales() for c in word):
        return None
    power = 10.0 ** sum(han_scales()[c] for c in word)
    if before in _LEADING:
        piece = _piece(cut, start - 1, start + len(word), "vague", None)
        piece.low, piece.vague, piece.base, piece.power = 2 * power, True, 2.0, power
        return piece
    if before == "上":
        piece = _piece(cut, start, start + len(word), "vague", None)
        piece.low, piece.vague, piece.base, piece.power, piece.start = power, True, 1.0, power, start - 1
        return piece
    if before in _SUBSET:
        piece = _piece(cut, start, start + len(word), "han", power)
        if before == "过":
            piece.bound, piece.start, piece.bounded = ">=", start - 1, True
        return piece
    return None


def scale(cut: Tokens, piece: Piece, digits: str) -> Piece:
    """Reads the scale behind digits (3.5万亿, 20多万, 3亿5000万)."""
    text = cut.text
    p = piece.digits_end
    while text[p : p + 1] == " ":
        p += 1
    if text[p : p + 1] in _MORE and text[p : p + 1]:
        piece.bound, piece.bounded = ">", True
        p += 1
        if text[p : p + 1] not in han_scales():
            piece.end = piece.digits_end = p
            piece.next, piece.plain = cut.at(p), False
            return piece
    word = _without_unit(text, p, han_at(text, p))
    if not word or any(c not in han_scales() for c in word):
        if piece.bounded:
            piece.bound, piece.bounded = "=", False
        return piece
    exponent = sum(han_scales()[c] for c in word)
    piece.value, piece.power = scaled(digits, exponent), 10.0**exponent
    piece.plain = False
    piece.end = piece.digits_end = p + len(word)
    piece.next = cut.at(piece.end)
    _rest(cut, piece, exponent)
    _more(cut, piece)
    return piece


def _rest(cut: Tokens, piece: Piece, exponent: int) -> None:
    """The 5000万 of 3亿5000万, the 3,428亿 of 4兆3,428亿 and the 3000 of 4万3000."""
    match = _REST.match(cut.text, piece.digits_end)
    if match is None:
        return
    rest = plain_digits(match[0]).replace(",", "")
    word = han_at(cut.text, match.end())
    if word and any(c not in han_scales() for c in word):
        return
    lower = sum(han_scales()[c] for c in word)
    if lower >= exponent or not (word or _fills(cut.text, match.end(), rest, exponent)):
        return
    piece.value = (piece.value or 0) + scaled(rest, lower)
    piece.end = piece.digits_end = match.end() + len(word)
    piece.next = cut.at(piece.end)


def _fills(text: str, end: int, rest: str, exponent: int) -> bool:
    """Whether digits without a scale are all that one before them leaves open, and no year: 4万3000元."""
    return len(rest) == exponent and text[end : end + 1] not in ("年", ".", ",", "%")


def _more(cut: Tokens, piece: Piece) -> None:
    """The 多 of 二十多家 and 1.2万多个."""
    p = piece.digits_end
    mark = cut.text[p : p + 1]
    if not mark or mark not in _MORE or piece.value is None or piece.value < 10:
        return
    powers = _without_unit(cut.text, p + 1, han_at(cut.text, p + 1))
    if any(c not in han_scales() for c in powers):
        return
    piece.value *= 10.0 ** sum(han_scales()[c] for c in powers)
    piece.bound, piece.bounded = ">", True
    piece.end = piece.digits_end = p + 1 + len(powers)
    piece.next = cut.at(piece.end)


@cache
def _words() -> tuple[re.Pattern[str], dict[str, tuple[str, float]]]:
    found = {
        word: (kind, kinds[kind])
        for word, kinds in number_words().items()
        for kind in ("change", "sign", "indefinite")
        if kind in kinds and "\u3400" <= word[0] <= "\u9fff"
    }
    return re.compile("|".join(sorted(found, key=len, reverse=True))), found


def words(cut: Tokens) -> list[Piece]:
    """翻一番, 一半 and 数以万计的."""
    pattern, found = _words()
    made = []
    for match in pattern.finditer(cut.text):
        kind, value = found[match[0]]
        if kind == "indefinite":
            made.append(_indefinite(cut, match, value))
            continue
        share = kind == "sign"
        piece = _piece(
            cut,
            match.start(),
            match.end(),
            "fraction" if share else "change",
            100 * value if share else value,
        )
        piece.unit, piece.kind = ("percent", "share") if share else ("ratio", "ratio")
        if match[0] == "过半":
            piece.bound, piece.bounded = ">", True
        made.append(piece)
    return made


def _indefinite(cut: Tokens, match: re.Match[str], low: float) -> Piece:
    """数以百计 and 成千上万, with the 的 before what is counted: at least so many."""
    end = match.end() + (cut.text[match.end() : match.end() + 1] == "的")
    piece = _piece(cut, match.start(), match.end(), "vague", None)
    piece.low, piece.vague, piece.base, piece.power, piece.end = low, True, 2.0, low / 2, end
    return piece
