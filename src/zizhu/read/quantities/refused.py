"""Numbers that are no quantities: parts of names, references, models, markers of lists, dates, telephone numbers."""

from __future__ import annotations

import unicodedata

from zizhu.read.dates.words import calendar
from zizhu.read.dates.years import is_amount, named, year_at
from zizhu.read.quantities.nouns import of_aim
from zizhu.read.quantities.pieces import Piece
from zizhu.read.words.lexicon import context, function_words, number_words, words_of
from zizhu.read.words.tokens import DIGITS, Tokens

_GLUE = frozenset({"#", "№", "§", "@", "_", "&", "=", "*", "^", "\\"})
_INSIDE = frozenset("·⁄∕٫٬")
"""Signs of decimals, fractions and thousands that are not read."""
_ENDINGS = frozenset(
    {".", "!", "?", "。", "！", "？", ":", "：", "", "•", "“", '"', "；", ";", "(", "—", "–"}
)
_QUOTES = frozenset({"“", '"', "‘", "("})
_SMALL = 1000
_FEW = 10
"""Numbers below are written in words by most who write sentences."""
_LINE = 200


def broken_off(cut: Tokens, piece: Piece) -> bool:
    """Whether a number is part of a longer token: `5G`, `C919`, `F-35`, `24/7`, `five-axis`, a footnote mark."""
    if piece.form in ("change", "rank"):
        return False
    i = cut.at(piece.start)
    return _stuck_before(cut, i, piece) or _stuck_after(cut, piece)


def _stuck_before(cut: Tokens, i: int, piece: Piece) -> bool:
    if not cut.joined(i):
        return False
    before = cut.word[i - 1]
    if (before[-1:].isalpha() and not _han(before)) or _drawn_over(before):
        return True
    if before == "-" and cut.joined(i - 1):
        return _compound(cut, i, piece)
    if before == "." and cut.joined(i - 1) and cut.word[i - 2][-1:].isalpha():
        return True
    if _split(cut, i):
        return True
    if before in ("/", ":") and cut.joined(i - 1) and cut.word[i - 2][:1].isalnum():
        return not piece.unit or cut.word[i - 2][:1].isdigit()
    if before in ("”", "’", '"', "]") and cut.joined(i - 1) and piece.plain and not piece.kind:
        return True
    return before in _GLUE or (before == "+" and not piece.unit) or before[-1:] == "_"


def _split(cut: Tokens, i: int) -> bool:
    """Whether a sign makes token `i` and the digits before it one number: `5·5`, `5⁄8`, `1，234`."""
    sign, digits = cut.word[i - 1], cut.word[i - 2]
    if (
        digits[-1:] not in DIGITS
        or cut.word[i][:1] not in DIGITS
        or not (cut.joined(i) and cut.joined(i - 1))
    ):
        return False
    thousands = sign == "，" and len(digits) <= 3 == len(cut.word[i])
    return sign in _INSIDE or thousands


def _drawn_over(sign: str) -> bool:
    """Whether a sign is drawn over the one before it: a line through a digit that was struck out, a ring."""
    return not sign.isascii() and unicodedata.category(sign[0])[0] == "M"


def _compound(cut: Tokens, i: int, piece: Piece) -> bool:
    """Behind a hyphen: `Covid-19`, `020-123`; not `sub-7 nm`."""
    word = cut.word[i - 2]
    if word[:1] in DIGITS or "scale" in number_words().get(word, ()):
        return False
    return word[-1:].isalpha() and not (cut.low[i - 2] in calendar("joiner") and piece.unit)


def _han(word: str) -> bool:
    return "\u3400" <= word[-1:] <= "\u9fff"


def _stuck_after(cut: Tokens, piece: Piece) -> bool:
    j = piece.next
    after = cut.word[j]
    if _split(cut, j + 1):
        return True
    if not cut.joined(j) or _han(after) or cut.start[j] < piece.end:
        return False
    if after[:1].isalnum() or _drawn_over(after):
        return True
    ahead = cut.word[j + 1]
    if after == "-" and cut.joined(j + 1) and ahead[:1].isalpha():
        return not piece.unit and cut.low[j + 1] not in ("to", "plus", "odd") and not of_aim(cut, j + 1)
    return after in ("/", ":") and cut.joined(j + 1) and ahead[:1] in DIGITS and not piece.unit


def refused(cut: Tokens, piece: Piece) -> bool:
    """Whether a number, its unit or noun known, is a name, a reference or nothing that was measured."""
    if piece.form in ("change", "rank", "vague"):
        return False
    i = cut.at(piece.start)
    if _dashed(cut, i) or _dashed(cut, cut.at(piece.digits_end) + 1):
        return True
    if piece.form in ("words", "fraction", "range") and _title(cut, i, piece):
        return True
    if piece.kind in ("share", "ratio", "money", "physical"):
        return piece.value == 1 and piece.form in ("han", "words") and piece.unit in ("degree", "point")
    if piece.kind == "time":
        dated = piece.plain and piece.unit == "year" and year_at(cut, piece.token) is not None
        return dated or _idiom(cut, piece) or (_labelled(cut, i) and not piece.bounded)
    if cut.low[i - 1] == "per":
        return True  # `12 patents per 10,000 people` counts patents
    counts = piece.bounded and cut.low[i - 1] == "number"  # a verb: `they number more than 40 firms`
    if (_labelled(cut, i) and not counts) or (piece.form == "han" and not piece.unit):
        return True
    if piece.plain and year_at(cut, piece.token) is not None and not is_amount(cut, piece.token):
        return True
    if piece.value in (0.0, 1.0) and not (piece.bounded and piece.start < piece.digits_start):
        return True
    if piece.kind == "count":
        return _name(cut, i, piece) or _heading(cut, i, piece) or _group(cut, i)
    return _bare(cut, i, piece)


def _dashed(cut: Tokens, i: int) -> bool:
    """Whether a dash joins token `i` to digits before it: what is no range is a reference or a telephone number."""
    digits = cut.word[i][:1] in DIGITS and cut.word[i - 2][:1] in DIGITS
    return digits and cut.word[i - 1] in ("-", "–") and cut.joined(i) and cut.joined(i - 1)


def _title(cut: Tokens, i: int, piece: Piece) -> bool:
    """A capitalised number word inside a sentence is part of a name (`Three Gorges`)."""
    word = cut.word[i]
    if not word[:1].isupper() or piece.bounded or cut.broken(i):
        return False
    if cut.word[i - 1] in _ENDINGS:
        return cut.word[i - 1] in _QUOTES and piece.noun[:1].isupper()
    return piece.kind in ("", "count", "time") and "\n" not in cut.gap(i)


def _idiom(cut: Tokens, piece: Piece) -> bool:
    before = cut.text[piece.start - 1 : piece.start]
    if piece.form == "han" and piece.value == 1:
        return before in ("这", "那", "每", "同", "某", "又", "第") or cut.text[
            piece.end : piece.end + 1
        ] in ("一", "度", "来")
    return before == "第" or (before == "每" and piece.value == 1)


def _labelled(cut: Tokens, i: int) -> bool:
    """`Section 301`, `No. 7`, `page 3`, `Chapters 3 and 4`."""
    j = i - 1
    if cut.word[j] == "." and cut.joined(j):
        j -= 1
    if cut.low[j] in words_of("labels") and not cut.broken(i):
        return cut.word[j][:1].isupper() or cut.low[j] not in function_words()  # `building 16 new fabs`
    linked = cut.low[j] in ("and", "or", "to", ",", "-", "–") and cut.word[j - 1][:1] in DIGITS
    return linked and cut.low[j - 2] in words_of("labels")


def _name(cut: Tokens, i: int, piece: Piece) -> bool:
    """`Model 3 sedans`, `Fortune 500 companies`."""
    if piece.bounded or not piece.plain or piece.small >= _SMALL or piece.form != "digits":
        return False
    opens = cut.word[i - 2] in _ENDINGS or cut.broken(i - 1)
    gerund = cut.low[i - 1].endswith("ing") and cut.low[i - 1] not in context("name_in_ing")
    return named(cut, i) and not (opens and gerund)


def _heading(cut: Tokens, i: int, piece: Piece) -> bool:
    """`3 Results` at the start of a line."""
    starts = i == 0 or "\n" in cut.gap(i)
    behind = cut.word[cut.at(piece.digits_end)]
    headed = starts and piece.plain and piece.small < 100 and behind[:1].isupper() and piece.form == "digits"
    return headed and (piece.small < _FEW or not _sentence(cut, i))


def _sentence(cut: Tokens, i: int) -> bool:
    """Whether the line from token `i` on ends as sentences do."""
    line = cut.text[cut.start[i] : cut.start[i] + _LINE].partition("\n")[0].rstrip()
    return line.endswith((".", "!", "?", ";")) or len(line) > _LINE - 2


def _group(cut: Tokens, i: int) -> bool:
    """`the Group of 20 leaders`."""
    return cut.low[i - 1] == "of" and cut.word[i - 2] in ("Group", "Gang")


def _bare(cut: Tokens, i: int, piece: Piece) -> bool:
    """A number without unit and noun is one only where the words or its form say so."""
    j = piece.next
    if cut.word[i - 1] in ("[", "(", "（") and cut.word[j] in ("]", ")", "）"):
        return True
    if piece.bounded:
        return named(cut, i) or (piece.form == "words" and piece.small < 2)
    if _tallied(cut, i, j) and not named(cut, i):
        return False
    if piece.power > 1 or (piece.form == "words" and piece.small >= _SMALL):
        return False
    if not piece.plain and piece.whole and piece.form == "digits":
        return named(cut, i)
    if piece.form == "words" and _led(cut, i, j) and cut.low[j] in ("of", "more", "others"):
        return cut.low[i - 1] in ("the", "other")
    if (
        piece.form not in ("digits", "range")
        or named(cut, i)
        or len(cut.text[piece.digits_start : piece.digits_end]) > 9
    ):
        return True
    return not _led(cut, i, j)


def _tallied(cut: Tokens, i: int, j: int) -> bool:
    """`12 so far`, `nine to date`: how many there are by now."""
    return f"{cut.low[j]} {cut.low[j + 1]}" in context("tally") and not cut.joined(i)


def _led(cut: Tokens, i: int, j: int) -> bool:
    """`rose to 13`, `from 2 in 2014`, 增至45: what is before says that a level follows, what is behind no noun."""
    before, after = cut.low[i - 1], cut.low[j]
    if after in ("more", "others", "per") or (
        after in ("for", "of") and cut.low[j + 1] in context("partitive")
    ):
        return True
    text = cut.text[max(cut.start[i] - 2, 0) : cut.start[i]]
    if text in context("level_before") or text[1:] in context("level_before"):
        return True
    if before not in context("level_before"):
        return False
    if before == "of" and not cut.word[i - 2].isalpha():
        return False
    ends = not after[:1].isalpha() or after in function_words() or after in calendar("shift")
    return ends and (before not in ("of", "with", "by", "at", "is", "are") or after != "to")
