"""Units of a number: money before it, a measure behind it, ratios, a sign."""

from __future__ import annotations

from zizhu.read.quantities.multiples import times
from zizhu.read.quantities.pieces import Piece
from zizhu.read.words.lexicon import (
    Measure,
    bounds_after,
    function_words,
    han_measures,
    measures,
    not_before,
    number_words,
    prefix_heads,
    prefixes,
    words_of,
)
from zizhu.read.words.phrases import ahead, behind, longest
from zizhu.read.words.tokens import DIGITS, Tokens

_MINUS = frozenset({"-", "−", "–"})
_OPENING = frozenset({"(", "（", "[", "", ",", ":", "：", "，"})
_SIGNS = {"$": "USD", "¥": "CNY", "￥": "CNY"}
_AROUND = 400
_MINOR = 100
"""Cents of a euro, pence of a pound."""
_ARTICLES = frozenset({"a", "an", "the", "its", "their", "his", "her"})
_HAN_PREFIX = 3
"""Characters of a currency that Chinese names before a sum: 人民币, 新台币. Shorter ones stand behind (每美元7.1元)."""
_YEN = ("japan", "yen", "jpy", "日本", "日元")
_YUAN = ("china", "chinese", "yuan", "cny", "rmb", "renminbi", "人民币", "中国", "beijing")


def measured(cut: Tokens, piece: Piece, language: str) -> None:
    """Finds the unit of a number and moves its ends over it."""
    if piece.unit:
        _part(cut, piece)
        return
    _money(cut, piece, language)
    if times(cut, piece):
        return
    _plus(cut, piece)
    _behind(cut, piece)
    _signed(cut, piece)


def _part(cut: Tokens, piece: Piece) -> None:
    """`three quarters of a percentage point`."""
    j = piece.next
    if piece.form != "fraction" or cut.low[j] != "of" or cut.low[j + 1] not in ("a", "an", "one"):
        return
    found = ahead(cut, j + 2, measures())
    if found and found[0].kind == "share":
        piece.value, piece.unit, piece.next, piece.end = (
            piece.base,
            found[0].unit,
            found[1],
            cut.end[found[1] - 1],
        )


def _money(cut: Tokens, piece: Piece, language: str) -> None:
    """`US$`, `RMB`, `€` in front; letters must be capitals, and a sign stands for what the text is about."""
    i = piece.token
    found = _prefix(cut, i)
    if found and len(cut.word[found[1]]) == 1 and cut.word[found[1]].isalpha() and piece.power == 1:
        found = None  # a road or a room, R45; R45 billion is money
    if found is None:
        money = han_measures().get(cut.text[max(piece.start - _HAN_PREFIX, 0) : piece.start])
        if money and money.kind == "money" and len(money.written) == _HAN_PREFIX:
            piece.unit, piece.kind, piece.start = money.unit, "money", piece.start - _HAN_PREFIX
        return
    unit, first = found
    word = cut.word[first]
    if word in ("¥", "￥") and first == i - 1:
        unit = _yen_or_yuan(cut.text, piece.start, language)
    piece.unit, piece.kind, piece.start = unit, "money", cut.start[first]


def _prefix(cut: Tokens, i: int) -> tuple[str, int] | None:
    """A sign or code of money before token `i`: letters are capitals next to their sign (`A$`, but `a $5 fee`)."""
    found = behind(cut, i, prefixes())
    if found is None:
        return None
    _, first = found
    word = cut.word[first]
    if not word[:1].isalpha():
        return found
    capital = word[:1].isupper() and (len(word) < 3 or word.isupper() or word in prefix_heads())
    stuck = cut.joined(first) and cut.word[first - 1][-1:].isalnum()
    if capital and not stuck and all(cut.joined(k) for k in range(first + 1, i) if cut.word[k] != "."):
        return found
    sign = cut.word[i - 1]
    return (_SIGNS[sign], i - 1) if sign in _SIGNS and first < i - 1 else None


def _yen_or_yuan(text: str, p: int, language: str) -> str:
    near = text[max(p - _AROUND, 0) : p + _AROUND].lower()
    yen, yuan = (sum(near.count(word) for word in words) for words in (_YEN, _YUAN))
    return "JPY" if yen > yuan or (yen == yuan and language == "ja") else "CNY"


def _plus(cut: Tokens, piece: Piece) -> None:
    """`100+`, `20-plus`, `30-odd`, `40-strong` and `50 or more` between a number and what it counts."""
    j = piece.next
    phrase = ahead(cut, j, bounds_after()) if cut.low[j] in ("or", "and") else None
    if phrase and cut.low[phrase[1]] != "than" and piece.form in ("digits", "words"):
        piece.bound, piece.bounded = phrase[0], True
        piece.next, piece.end, piece.plain = phrase[1], cut.end[phrase[1] - 1], False
        return
    tight = cut.joined(j)
    if tight and cut.low[j] == "+" and not (cut.joined(j + 1) and cut.word[j + 1][:1] in DIGITS):
        piece.bound, piece.bounded = ">=", True
        j += 1
    elif tight and cut.low[j] == "-" and cut.low[j + 1] == "strong":
        piece.unit = piece.kind = "count"
        j += 2
    elif tight and cut.low[j] == "-" and cut.low[j + 1] in ("plus", "odd"):
        piece.bound, piece.bounded = (">=" if cut.low[j + 1] == "plus" else "about"), True
        j += 2
    else:
        return
    piece.next, piece.end, piece.plain = j, cut.end[j - 1], False


def _behind(cut: Tokens, piece: Piece) -> None:
    text, p = cut.text, piece.end
    while text[p : p + 1] in (" ", "\u00a0") and text[p : p + 1]:
        p += 1
    if "\u3400" <= text[p : p + 1] <= "\u9fff":
        _han(text, piece, p)
        return
    j = piece.next + (piece.vague and cut.low[piece.next] == "of")
    hyphen = cut.low[j] == "-" and cut.joined(j) and cut.joined(j + 1)
    found = ahead(cut, j + hyphen, measures())
    if found is None or cut.broken(j) or not _fits(cut, j + hyphen, found, hyphen):
        return
    measure, k = found
    if measure.kind == "minor" and not measure.unit:
        measure = measure._replace(unit=_of_cents(cut.text, p))
        if not measure.unit:
            return
    if piece.unit and measure.kind != "money":
        return
    piece.unit = piece.unit or measure.unit
    piece.kind, piece.next, piece.end = measure.kind, k, cut.end[k - 1]
    piece.hyphened = hyphen
    if measure.kind == "minor":
        piece.kind, piece.value = "money", None if piece.value is None else piece.value / _MINOR
    _scaled_time(piece)


def _of_cents(text: str, p: int) -> str:
    """Whose cents they are: the dollar's or the euro's, as the text around says; empty where it does not."""
    near = text[max(p - _AROUND, 0) : p + _AROUND].lower()
    dollar, euro = (sum(map(near.count, words)) for words in (("$", "dollar"), ("€", "euro")))
    return "" if dollar == euro else "USD" if dollar > euro else "EUR"


def _scaled_time(piece: Piece) -> None:
    """Decades and centuries are counted in years."""
    factor = {"decade": 10.0, "century": 100.0}.get(piece.unit)
    if factor and piece.value is not None:
        piece.value, piece.unit = piece.value * factor, "year"
    elif factor:
        piece.low = piece.low * factor if piece.low is not None else None
        piece.high, piece.unit = piece.high * factor if piece.high is not None else None, "year"


def _fits(cut: Tokens, j: int, found: tuple[Measure, int], hyphen: bool) -> bool:
    """Whether a word behind a number is its unit: case of short units, hyphens, plans of so many years."""
    measure, k = found
    word = cut.word[j]
    if (
        measure.written.isupper()
        and measure.written.isalpha()
        and len(measure.written) < 5
        and not word.isupper()
    ):
        return False
    if measure.kind == "money" and _is_verb(cut, j, k):
        return False
    if len(measure.written) == 1 and measure.written.isalpha() and word != measure.written:
        return False
    if cut.joined(k) and cut.word[k][:1].isalpha() and cut.word[k][:1] < "\u3400":
        return False
    if measure.kind == "ratio":
        return cut.joined(j)
    if measure.unit in ("point", "quarter", "foot") and hyphen:
        return False
    if (
        measure.unit in ("W", "V", "g", "t")
        and len(measure.written) == 1
        and cut.low[k] == "."
        and cut.joined(k + 1)
        and cut.word[k + 1].isalnum()
    ):
        return False
    return measure.kind != "time" or _lasts(cut, j, k, hyphen)


def _is_verb(cut: Tokens, j: int, k: int) -> bool:
    """`a squad of 23 won the cup`, not `5 trillion won the year before`."""
    scaled = "scale" in number_words().get(cut.low[j - 1], ())
    return cut.low[j] in function_words() and cut.low[k] in _ARTICLES and not scaled


def _lasts(cut: Tokens, j: int, k: int, hyphen: bool) -> bool:
    """`a 90-day truce` but not `a five-year plan`."""
    if not hyphen and (cut.low[j].endswith("s") or cut.low[k] not in words_of("period_heads", language="en")):
        return not (cut.low[k] == "plan" or (cut.word[j][:1].isupper() and cut.word[k][:1].isupper()))
    if cut.word[j][:1].isupper() or (cut.low[k] == "-" and cut.low[k + 1] != "old"):
        return False
    heads = words_of("period_heads", language="en")
    for m in range(k, k + 4):
        if cut.low[m] in heads:
            return False
        if not cut.word[m].isalpha():
            break
    return True


def _han(text: str, piece: Piece, p: int) -> None:
    found = longest(text, p, han_measures(), 6)
    if found:
        measure, end = found
        part = text[end : end + 1] and text[end] in not_before().get(text[p:end], "")
        other = piece.unit and measure.kind != "money"
        if not (part or other or (measure.kind == "time" and _planned(text, end))):
            piece.unit, piece.kind, piece.end = piece.unit or measure.unit, measure.kind, end
        return
    if text[p] == "成" and piece.value is not None and 0 < piece.value <= 10 and piece.power == 1:
        _tenths(text, piece, p)


def _tenths(text: str, piece: Piece, p: int) -> None:
    """七成, 三成五, 近9成."""
    half = text[p + 1 : p + 2] in ("半", "五")
    if text[p + 1 : p + 2] and text[p + 1] in not_before().get("成", ""):
        return
    piece.value = 10 * (piece.value or 0) + 5 * half
    piece.unit, piece.kind, piece.end = "percent", "share", p + 1 + half


def _planned(text: str, p: int) -> bool:
    """三年行动计划, 五年规划."""
    heads = words_of("period_heads", language="zh")
    return any(text[p : p + n] in heads for n in (4, 2, 1))


def _signed(cut: Tokens, piece: Piece) -> None:
    """A minus sign, `minus`, `negative` or 负 before a measured number."""
    i = cut.at(piece.start)
    word = cut.low[i - 1]
    sign = word in _MINUS and cut.joined(i) and not cut.joined(i - 1) and (cut.gap(i - 1) or i == 1)
    opened = word in _MINUS and cut.joined(i) and cut.word[i - 2] in _OPENING
    if piece.value is None or not (
        sign or opened or word in ("minus", "negative") or cut.text[piece.start - 1 : piece.start] == "负"
    ):
        return
    piece.value = -piece.value
    piece.start = cut.start[i - 1] if cut.text[piece.start - 1 : piece.start] != "负" else piece.start - 1
    piece.digits_start = piece.start if piece.kind != "money" else piece.digits_start
