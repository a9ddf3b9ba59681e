"""Numbers that belong together: ranges, and lists whose unit stands once."""

from __future__ import annotations

import re
from itertools import pairwise

from zizhu.read.quantities.pieces import Piece
from zizhu.read.words.lexicon import context, function_words
from zizhu.read.words.tokens import Tokens

_DASHES = frozenset({"-", "–", "—", "‒", "−", "~", "～", "--"})
_ALTERNATIVE = frozenset({"or", "- or", "或"})
_LONGEST = 18
_PARTED = ("count", "money", "physical")
"""Kinds of what has parts of its own kind."""
_DATED = re.compile(r"^,? ?(?:by|in|before|until|for) (?:the end of |fiscal )?(?:19|20)[0-9]{2}\b")
"""A year by which or in which something is so: `to 1.4 million vehicles by 2035, up from 633,000`."""
_DATED_LONGEST = 48
_ABOUT = frozenset(
    {"about", "around", "some", "roughly", "approximately", "nearly", "almost", "only", "just"}
)
_THEM = frozenset({"which", "whom", "them", "these", "those"})
_FAR = 5
_LONG = 200
"""Characters between a whole and its parts, at most."""
_THE = frozenset({"the", "its", "these", "those", "their", "all"})
_PART_OF = frozenset({"of", "of the", "of its", "of all", "of these"})
_NAMED = re.compile(r"[,;] (?:and |but )?[A-Z][^\W\d]+ ")
_GAP = 6
_SENTENCE = 80
_NO_SHARE = 1000
"""Percent that a number beside a share is not meant in."""
_OF_SIZE = 5
"""Times that one of two compared numbers may be the other, at most, so that they have one scale."""


def joined(cut: Tokens, pieces: list[Piece]) -> list[Piece]:
    """The pieces with ranges merged and units carried over lists."""
    merged: list[Piece] = []
    for piece in pieces:
        if merged and _range(cut, merged[-1], piece):
            merged[-1] = _merge(merged[-1], piece)
        else:
            merged.append(piece)
    _backwards(cut, merged)
    _forwards(cut, merged)
    _of_wholes(cut, merged)
    return merged


def between(cut: Tokens, a: Piece, b: Piece, longest: int = _LONGEST) -> str:
    """The words between two numbers, if they are few."""
    return cut.text[a.end : b.start].strip().lower() if b.start - a.end < longest else "…"


def _range(cut: Tokens, a: Piece, b: Piece) -> bool:
    if not _ranged(a) or not _ranged(b) or b.start < a.end:
        return False
    words = between(cut, a, b)
    i = cut.at(a.start) - 1
    lead = cut.low[i - (cut.low[i] in _ABOUT)]
    if words == "and":
        ranged = lead == "between"
    elif words in _ALTERNATIVE:
        ranged = 0 < b.base - a.base <= 2 and a.whole and b.whole and a.power == 1
    else:
        ranged = words in context("range_link") and not _change(cut, a, lead)
    apart = _alike(a, b) and _rising(a, b, words) and not _step(cut, a, b, words, lead)
    return ranged and apart and not _chain(cut, a, b, words)


def _ranged(piece: Piece) -> bool:
    return (
        piece.value is not None
        and piece.form in ("digits", "words", "han", "fraction")
        and piece.kind != "rank"
    )


def _change(cut: Tokens, a: Piece, lead: str) -> bool:
    """`from 5 to 10 per cent` are two numbers, `ranging from 5 to 10` is one."""
    if lead == "from":
        return cut.low[cut.at(a.start) - 2] not in context("ranging")
    return cut.text[a.start - 1 : a.start] in ("从", "由")


def _alike(a: Piece, b: Piece) -> bool:
    if a.kind == "money" and not b.unit:
        return b.kind == ""
    return a.unit in ("", b.unit) and (b.unit != "" or a.unit == "")


def _rising(a: Piece, b: Piece, words: str) -> bool:
    return (
        a.small < b.small or a.base < b.base or words in ("- to", "– to") or (words in _DASHES and b.hyphened)
    )


def _step(cut: Tokens, a: Piece, b: Piece, words: str, lead: str) -> bool:
    """`rose 5% to 10%`, `fell by 12 euros to 39 euros`: a step and a level, after a motion or far apart."""
    moved = lead in context("motion") or lead in context("stepped")
    if lead == "by" and a.kind != "share":  # `grow by 5% to 10%` may be a range
        moved = cut.low[cut.at(a.start) - 2] in context("stepped")
    return bool(a.unit) and words in ("to", "至", "到") and (moved or b.small > _FAR * a.small)


def _chain(cut: Tokens, a: Piece, b: Piece, words: str) -> bool:
    """`020-12-34`, `3-2` without a unit."""
    if words not in _DASHES:
        return False
    i, j = cut.at(a.start), cut.at(b.digits_end)
    dashed = cut.low[i - 1] in _DASHES and cut.joined(i)
    more = cut.low[j] in _DASHES and cut.joined(j) and cut.word[j + 1][:1].isdecimal()
    return dashed or more or not (a.unit or b.unit)


def _merge(a: Piece, b: Piece) -> Piece:
    low = a.base * b.power if _carried(a, b) else a.value or 0.0
    if not b.plain and b.power == 1 and a.plain and b.whole and low < 1000 <= b.small and b.small % 1000 == 0:
        low *= 1000  # 50-100,000
    if a.unit != b.unit and b.unit == "year" and b.value and b.base and b.value / b.base in (10.0, 100.0):
        low *= b.value / b.base
    high = b.value or 0.0
    return Piece(
        a.token, b.next, a.start, b.end, a.digits_start, b.digits_end, "range", None, min(low, high), max(low, high),
        base=b.base, power=b.power, unit=b.unit or a.unit, kind=b.kind or a.kind, noun=b.noun,
        bound=a.bound if a.bounded else b.bound, bounded=a.bounded or b.bounded, hyphened=b.hyphened,
    )  # fmt: skip


def _carried(a: Piece, b: Piece) -> bool:
    """Whether the scale of `b` is meant for `a` as well (`5 to 10 billion`)."""
    return (
        a.power == 1
        and b.power > 1
        and a.form != "fraction"
        and a.base < 1000
        and (a.base <= b.base or b.base >= 10)
    )


def _backwards(cut: Tokens, pieces: list[Piece]) -> None:
    """`40 and 70 percent`, `35, 30 and 35 billion`: the unit behind the last number is that of all."""
    for a, b in zip(reversed(pieces[:-1]), reversed(pieces), strict=False):
        bare = not a.unit and a.form in ("digits", "words", "han", "range")
        if not b.unit or b.kind in ("rank",) or not (bare or (a.kind == "money" and b.power > a.power == 1)):
            continue
        if bare and b.kind == "count" and a.form != "range" and _adjectives(cut, a, b):
            _carry(a, b)
            continue
        if bare and b.kind == "share" and (a.value or 0) >= _NO_SHARE and (b.value or 0) < _NO_SHARE:
            continue  # `rose to 76,000, or 12 percent of the market`
        words = between(cut, a, b)
        if bare and b.kind == "count" and words in _PART_OF and a.base < b.base:
            _told_in(a, b)  # `five of six projects`
            continue
        changed = words in context("range_link") and bare and _change(cut, a, cut.low[cut.at(a.start) - 1])
        if (words in context("list_link") or changed) and a.unit in ("", b.unit) and b.form != "fraction":
            _carry(a, b)


def _adjectives(cut: Tokens, a: Piece, b: Piece) -> bool:
    """`two Chinese, four Korean and seven Japanese firms`: one or two words and a comma or `and` between."""
    i, j = a.next, cut.at(b.start)
    words = [cut.low[k] for k in range(i, j)] if j - i <= 4 else []
    while words and words[-1] in (",", "and", "or"):
        words.pop()
    linked = j > i and cut.low[j - 1] in (",", "and", "or")
    return linked and 0 < len(words) <= 2 and all(w.isalpha() and w not in function_words() for w in words)


def _carry(a: Piece, b: Piece) -> None:
    if _carried(a, b) and a.value is not None:
        a.value, a.power = a.base * b.power, b.power
    _told_in(a, b)


def _told_in(a: Piece, b: Piece) -> None:
    """Give a number the unit of another one."""
    a.unit, a.kind, a.noun = b.unit, b.kind, b.noun


def _forwards(cut: Tokens, pieces: list[Piece]) -> None:
    """`from 5 percent to 10`, `27 projects in 2018 and 31 in 2019`: the unit of the first is that of the next."""
    for a, b in pairwise(pieces):
        if a.unit == "point" and b.unit == "percent" and between(cut, a, b) == "to":
            a.unit, a.kind = "percentage_point", "share"
        if b.unit == "point" and a.unit == "percent" and _near(cut, a, b):
            b.unit, b.kind = "percentage_point", "share"
        if not (a.unit or b.unit or a.plain) and _gapped(cut, a, b):
            b.unit = b.kind = "count"
        if (
            b.unit
            or not a.unit
            or a.kind in ("rank", "ratio")
            or b.form not in ("digits", "words", "han")
            or (a.kind == "time" and not _named(cut, a, b))
        ):
            continue
        if _gapped(cut, a, b) or _of_them(cut, a, b) or _named(cut, a, b) or _included(cut, a, b):
            _told_in(b, a)
            continue
        words = between(cut, a, b, _DATED_LONGEST)
        words = _DATED.sub("", words).lstrip(", ")
        level = words == "to" and cut.low[cut.at(a.start) - 1] != "from"
        ends = not cut.word[b.next][:1].isalpha() or cut.low[b.next] in context("behind_level")
        if words in context("across_link") and not level and ends:
            _compare(a, b, words)
            _told_in(b, a)


def _compare(a: Piece, b: Piece, words: str) -> None:
    """`40 million tonnes, up from 35`: what something is compared with has its scale, if it is of its size."""
    alike = a.base <= b.base * _OF_SIZE and b.base <= a.base * _OF_SIZE
    if words not in context("list_link") and a.power > b.power == 1 and alike and b.value is not None:
        b.value, b.power = b.base * a.power, a.power


def _of_them(cut: Tokens, a: Piece, b: Piece) -> bool:
    """`60 firms applied, of which 22 were accepted`: the part of a count, sum or measure is told in its unit."""
    j = cut.at(b.start)
    return a.kind in _PARTED and cut.low[j - 2] == "of" and cut.low[j - 1] in _THEM and _near(cut, a, b)


def _named(cut: Tokens, a: Piece, b: Piece) -> bool:
    """`Spain needed 31 months, Poland 22`: a name alone between a number and one that ends its clause."""
    ends = not cut.word[b.next][:1].isalnum() or cut.low[b.next] == "and"
    return ends and b.plain and bool(_NAMED.fullmatch(cut.text, a.end, b.start))


def _included(cut: Tokens, a: Piece, b: Piece) -> bool:
    """`2,401 licences, including 14 for rare earths`: a part that is counted as the whole is."""
    part = a.kind == "count" and between(cut, a, b) == ", including"
    return part and cut.low[b.next] in context("gapped")


def _of_wholes(cut: Tokens, pieces: list[Piece]) -> None:
    """`Of the 34 projects, 11 have been cancelled and six are running`: parts of a whole that opens the sentence."""
    for k, whole in enumerate(pieces):
        i = cut.at(whole.start)
        if whole.kind != "count" or cut.word[i - 2] != "Of" or cut.low[i - 1] not in _THE:
            continue
        for part in pieces[k + 1 :]:
            if part.start - whole.end > _LONG:
                break
            told = cut.low[part.next] in context("predicate")
            if told and not part.unit and part.whole and part.base < whole.base and _one(cut, whole, part):
                _told_in(part, whole)


def _one(cut: Tokens, a: Piece, b: Piece) -> bool:
    """Whether two numbers stand in one sentence."""
    words = cut.text[a.end : b.start]
    return ". " not in words and "\n" not in words


def _near(cut: Tokens, a: Piece, b: Piece) -> bool:
    """Whether a share stands before points in the same sentence: `7.3 percent of the total, up 1.1 points`."""
    words = cut.text[a.end : b.start]
    return len(words) <= _SENTENCE and ". " not in words and "\n\n" not in words


def _gapped(cut: Tokens, a: Piece, b: Piece) -> bool:
    """`5 firms in the north and 6 in the south`: the same preposition behind both, a link before the second."""
    i, j = cut.at(a.end), cut.at(b.start)
    alike = cut.low[i] == cut.low[b.next] and cut.low[i] in context("gapped")
    return alike and 1 < j - i <= _GAP and cut.low[j - 1] in ("and", ",", "but") and not cut.broken(b.next)
