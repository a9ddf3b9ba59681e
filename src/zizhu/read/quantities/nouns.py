"""What a number counts: the head of the noun phrase behind it."""

from __future__ import annotations

from zizhu.read.quantities.pieces import Piece
from zizhu.read.words.lexicon import classifiers, context, function_words, han_nouns, noun_stops, plurals
from zizhu.read.words.phrases import longest
from zizhu.read.words.tokens import DIGITS, Tokens

_LONGEST = 7
_HAN_LONGEST = 10
_ANY = "item"
"""The noun of classifiers that say nothing of what they count."""
_LEVEL = "级"
"""Behind a noun it makes an adjective: 国家级, 省级."""
_MODEL = 3
_AIM_REACH = 3
"""Words from a counted noun to the noun of its aim, at most: `the 50,000-job regional growth goal`."""
_OPENING = frozenset("“‘«\"'")
_NO_PLURAL = ("ss", "us", "is", "'s")


def counted(cut: Tokens, piece: Piece) -> None:
    """Sets noun and unit of a number that has no unit: `count:firm` for `3,000 small firms`."""
    if piece.unit or piece.form in ("fraction", "change", "rank") or _ratio_like(cut, piece):
        return
    text, p = cut.text, piece.end
    while text[p : p + 1] in (" ", "\u00a0") and text[p : p + 1]:
        p += 1
    if "\u3400" <= text[p : p + 1] <= "\u9fff":
        _han(text, piece, p)
    else:
        _english(cut, piece)


def _ratio_like(cut: Tokens, piece: Piece) -> bool:
    """A decimal number counts nothing in English without a word of scale."""
    return not piece.whole and piece.power == 1 and cut.word[piece.next][:1] < "\u3400"


def _han(text: str, piece: Piece, p: int) -> None:
    if text[piece.start - 1 : piece.start] == "第":
        return
    found = longest(text, p, classifiers(), 3)
    noun = longest(text, p, han_nouns(), 6)
    if noun and noun[1] > p + 1:
        piece.kind, piece.unit, piece.noun, piece.end = (
            "count",
            f"count:{noun[0]}",
            text[p : noun[1]],
            noun[1],
        )
        return
    if found is None:
        return
    classifier, end = found
    after = text[end : end + 1]
    part = after and after in classifier.not_before
    if not part and (text[p] != "大" or _major(piece, after)):
        _han_noun(text, piece, end, classifier.noun)


def _major(piece: Piece, after: str) -> bool:
    """Whether 大 says that so many are the major ones (十大领域) and does not name a congress (十九大)."""
    return piece.small <= 10 and "\u3400" <= after <= "\u9fff" and after not in noun_stops()


def _han_noun(text: str, piece: Piece, p: int, default: str) -> None:
    """The noun behind a classifier; its unit is that of the longest known noun in it, the last one first."""
    end = p
    stops = noun_stops()
    if text[end : end + 1] == "多" and piece.bound == "=":
        piece.bound, piece.bounded = ">", True
        p = end = end + 1
    while end < p + _HAN_LONGEST and "\u3400" <= text[end : end + 1] <= "\u9fff":
        if text[end] in stops and text[end : end + 2] not in han_nouns():
            break
        end += 1
    noun, known = _known(text, _past_level(text, p), end)
    if known:
        end = noun
    piece.kind, piece.end = "count", end if known else p
    piece.noun = text[p : piece.end]
    if not known and default == _ANY:
        known = _noun_before(text, piece.start)
    piece.unit = f"count:{known or default}"


def _past_level(text: str, p: int) -> int:
    """The place behind a level of government, which is counted no more than the other words before a noun."""
    level = longest(text, p, han_nouns(), 4)
    return level[1] + 1 if level and text[level[1] : level[1] + 1] == _LEVEL else p


def _noun_before(text: str, start: int) -> str:
    """The English noun for what stands right before a number and its comparator: `加氢站约540座`."""
    stop = len(text[:start].rstrip("约达超近共逾为至有"))
    return next((n for k in range(6, 0, -1) if (n := han_nouns().get(text[max(stop - k, 0) : stop]))), "")


def _known(text: str, start: int, end: int) -> tuple[int, str]:
    """Where the last known noun ends, and its English noun."""
    for stop in range(end, start, -1):
        for first in range(max(start, stop - 6), stop):
            found = han_nouns().get(text[first:stop])
            if found:
                return stop, found
    return end, ""


def of_aim(cut: Tokens, j: int) -> bool:
    """Whether token `j`, behind the hyphen of a number, is what an aim counts: `the 50,000-job goal`."""
    noun = cut.low[j]
    if not noun.isalpha() or noun.endswith("ed") or noun in context("compound_part"):
        return False
    for k in range(j + 1, j + 1 + _AIM_REACH):
        if cut.low[k] in context("aimed"):
            return True
        if not cut.word[k].isalpha() or cut.low[k] in function_words():
            break
    return False


def _english(cut: Tokens, piece: Piece) -> None:
    j = piece.next
    if cut.low[j] == "-" and cut.joined(j) and of_aim(cut, j + 1):
        piece.kind, piece.unit = "count", f"count:{singular_of(cut.low[j + 1])}"
        piece.noun = cut.word[j + 1]
        piece.end, piece.next = cut.end[j + 1], j + 2
        return
    if cut.low[j] == "of" and (piece.vague or cut.low[j + 1] in _DETERMINERS):
        j += 1 + (cut.low[j + 1] in _DETERMINERS)
        j += cut.word[j].isdecimal()  # `17 of the 48 smelters`
    start = j
    held = head(cut, j) or (_single(cut, j) if piece.value == 1 else None)
    if held is None:
        return
    first, end = held
    noun = singular(cut, first, end)
    timed = noun in context("duration")
    piece.kind, piece.unit = ("time", noun) if timed else ("count", f"count:{noun}")
    start += _opens(cut, start)
    piece.noun = cut.text[cut.start[start] : cut.end[end - 1]]
    piece.end, piece.next = cut.end[end - 1], end


def head(cut: Tokens, j: int) -> tuple[int, int] | None:
    """First token and end of the head of a plural: the last of the plurals that follow one another."""
    found = None
    start, last = j, j + _LONGEST
    while j < last:
        if cut.broken(j):
            break
        if _opens(cut, j):
            j, last = j + 1, last + 1
        if found is None and j > start and _joins_adjectives(cut, j):
            j += 1
        end = _word(cut, j)
        if end == j or (end == j + 1 and _ends(cut.word[j])):
            break
        plural = _plural(cut.low[end - 1]) or _acronyms(cut.word[end - 1])
        plural = plural or (end > j + 2 and cut.low[end - 1] == "ups")
        if found and not plural and not cut.low[found[1] - 1].endswith("ics"):
            break
        if plural and not (cut.low[end] in ("'", "’") and cut.joined(end)):
            found = (j, end)
        j = end
    return found


def _joins_adjectives(cut: Tokens, j: int) -> bool:
    """Whether token `j` joins two words before a plural: `small and medium-sized firms`, `oil and gas fields`."""
    before, behind = cut.low[j - 1], _word(cut, j + 1)
    if cut.low[j] not in ("and", "or") or behind == j + 1 or cut.broken(j) or cut.broken(j + 1):
        return False
    plain = before.isalpha() and before == cut.word[j - 1] and not before.endswith(("ed", "ly"))
    words = plain and not _ends(cut.word[j + 1])
    own = _plural(cut.low[behind - 1]) or cut.low[j + 1].endswith("ed")
    plural = _plural(cut.low[_word(cut, behind) - 1]) and not _ends(cut.word[behind])
    return words and not own and plural


def _single(cut: Tokens, j: int) -> tuple[int, int] | None:
    """The head behind `one`: the last of at most three words before a function word."""
    found = None
    for _ in range(3):
        end = _word(cut, j)
        if end == j or cut.low[j] in function_words():
            break
        found, j = (j, end), end
    return found


_DETERMINERS = frozenset(["the", "its", "their", "his", "our", "these", "those"])


def _ends(word: str) -> bool:
    """Whether a word ends a noun phrase; `US` and `IT` do not."""
    low = word.lower()
    acronym = len(word) > 1 and word.isupper()
    return low in function_words() and low not in context("inside_noun_phrase") and not acronym


def _opens(cut: Tokens, j: int) -> bool:
    """Whether token `j` is a quotation mark that opens."""
    return cut.word[j] in _OPENING and not cut.joined(j) and cut.joined(j + 1)


def _word(cut: Tokens, j: int) -> int:
    """The end of a word with its hyphened parts, `R&D`, `U.S.`, `5G`, `A320`, `Boeing 737`."""
    word = cut.word[j]
    if word[:1] in DIGITS:
        if not (cut.joined(j + 1) and cut.word[j + 1][:1].isalpha() and cut.word[j + 1][:1] < "\u3400"):
            return j
        j += 1
    elif not word[:1].isalpha() or "\u3400" <= word[:1] <= "\u9fff":
        return j
    j += 1
    j += cut.word[j][:1] in DIGITS and (cut.joined(j) or _model(cut, j))
    while (
        cut.word[j] in ("-", "&", "/", "‐", "‑")
        and cut.joined(j)
        and cut.joined(j + 1)
        and cut.word[j + 1][:1].isalnum()
    ):
        j += 2
    if cut.word[j] == "." and cut.joined(j) and len(cut.word[j - 1]) == 1 and cut.joined(j + 1):
        while cut.joined(j) and (cut.word[j] == "." or (len(cut.word[j]) == 1 and cut.word[j].isalpha())):
            j += 1
    return j


def _model(cut: Tokens, j: int) -> bool:
    """Whether digits behind a capitalised word are the model of what follows: `40 Boeing 737 jets`."""
    name, digits, after = cut.word[j - 1], cut.word[j], cut.word[j + 1]
    short = digits.isdecimal() and 1 < len(digits) <= _MODEL
    return name[:1].isupper() and short and after.isalpha() and not _ends(after) and not cut.joined(j + 1)


def _plural(low: str) -> bool:
    return low in plurals() or (len(low) > 3 and low.endswith("s") and not low.endswith(_NO_PLURAL))


def _acronyms(word: str) -> bool:
    """`EVs`, `PCs`."""
    return len(word) > 2 and word.endswith("s") and word[:-1].isupper()


def singular(cut: Tokens, first: int, end: int) -> str:
    """The head in the singular, in lower case: `firm`, `start-up`."""
    word = cut.low[end - 1]
    whole = cut.text[cut.start[first] : cut.start[end - 1]].lower()
    return whole + singular_of(word)


def singular_of(word: str) -> str:
    """The singular of a plural by the table of irregular ones, then by ending."""
    known = plurals().get(word)
    if known or not word.endswith("s") or word.endswith(_NO_PLURAL):
        return known or word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses", "zes")):
        return word[:-2]
    return word[:-1]
