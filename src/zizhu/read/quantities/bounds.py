"""Comparators before and after a number: more than, nearly, or more, 以上."""

from __future__ import annotations

from zizhu.ledger.claims import Bound
from zizhu.read.quantities.limits import limited, limited_han
from zizhu.read.quantities.pieces import Piece
from zizhu.read.words.lexicon import bounds_after, bounds_before, context, function_words, han_bounds
from zizhu.read.words.phrases import ahead, behind, longest, longest_before
from zizhu.read.words.tokens import Tokens

_DETERMINERS = frozenset({"a", "an", "the", "its", "another"})
_HAN_COMPARED = ("高于", "低于")
_HAN_AIMS = ("的目标", "目标", "的既定目标", "的预期目标", "的规划目标")
_AIM = 4
"""Words from a number to the noun of the aim whose size it is, at most."""
_THAN = frozenset({"greater", "higher", "lower", "less", "more", "smaller", "larger", "fewer"})
_HAN_LONGEST = 5
_REACH = 12
_FAR = 24


def bounded(cut: Tokens, piece: Piece) -> None:
    """Sets the comparator of a number and moves its ends over the words that say it."""
    before = _before(cut, piece)
    after = _after(cut, piece)
    bound: Bound | None = before or after
    if bound:
        piece.bound, piece.bounded = bound, True
    elif piece.vague and piece.bound == "=":
        piece.bound = ">="


def _before(cut: Tokens, piece: Piece) -> Bound | None:
    han = _han_before(cut, piece)
    if han:
        return han
    i = cut.at(piece.start)
    found = behind(cut, i, bounds_before())
    if found is None and cut.low[i - 1] in _DETERMINERS:
        found = behind(cut, i - 1, bounds_before())
        if found and _sizes_an_aim(cut, piece):
            return None
    if found is None or _temporal(cut, piece, found[1]):
        return None
    if cut.low[found[1]] in _THAN and _compares(cut, found[1]):
        return None
    if cut.low[found[1]] == "up" and cut.low[found[1] - 1] in context("motion"):
        return None
    bound, first = limited(cut, found[0], found[1])
    piece.start = cut.start[first]
    return bound


def _sizes_an_aim(cut: Tokens, piece: Piece) -> bool:
    """Whether a number is that of a known aim, with which something is compared: `above the 50 percent target`."""
    j = cut.at(piece.end)
    for k in range(j, j + _AIM):
        if cut.low[k] in context("aimed"):
            return True
        if not (cut.low[k].isalpha() or cut.low[k] == "-") or cut.low[k] in function_words():
            return False
    return False


def _compares(cut: Tokens, i: int) -> bool:
    """Whether a comparison has its amount before it: `one percentage point higher than the 6 % target`."""
    return cut.low[i - 1] in context("difference")


def _temporal(cut: Tokens, piece: Piece, i: int) -> bool:
    """`invest 5 billion over three years` says how long, no bound; `for over three years` does."""
    return (
        cut.low[i] == "over"
        and piece.kind == "time"
        and cut.low[i - 1] not in context("spanning")
        and not cut.broken(i)
    )


def _han_before(cut: Tokens, piece: Piece) -> Bound | None:
    text, end = cut.text, piece.start
    while end > 0 and text[end - 1] == " ":
        end -= 1
    if not end or not ("\u3400" <= text[end - 1] <= "\u9fff" or text[end - 1] in "＞＜≥≤"):
        return None
    found = longest_before(text, end, han_bounds("before"), _HAN_LONGEST)
    if found and text[found[1] : end] in _HAN_COMPARED and text.startswith(_HAN_AIMS, piece.end):
        return None
    if found:
        bound, start = found
        if bound:
            bound, piece.start = limited_han(text, bound, start)  # type: ignore[arg-type]
        return bound or None
    if piece.kind == "share" and text[end - 1] == "的":
        return _han_far(text, end)
    share = piece.kind == "share" and "约占" in text[max(end - _REACH, 0) : end]
    return "about" if share and text[max(end - _REACH, 0) : end].rpartition("约占")[2].isalnum() else None


def _han_far(text: str, end: int) -> Bound | None:
    """The comparator before that of which a share is one: 最高可达项目投资的30%."""
    near = text[max(end - _FAR, 0) : end]
    first = next((k for k in range(len(near), 0, -1) if not "\u3400" <= near[k - 1] <= "\u9fff"), 0)
    near = near[first:]
    far = han_bounds("far")
    held = [(near.rfind(word) + len(word), len(word), word) for word in far if word in near]
    return far[max(held)[2]] if held else None  # type: ignore[return-value]


def _after(cut: Tokens, piece: Piece) -> Bound | None:
    text, p = cut.text, piece.end
    han = longest(text, p, han_bounds("after"), 3)
    if han and not (han[1] == p + 1 and piece.kind == "count"):
        piece.end = han[1]
        return han[0]  # type: ignore[return-value]
    phrase = ahead(cut, cut.at(p), bounds_after())
    if phrase is None or (cut.word[phrase[1] - 1] == "+" and not cut.joined(phrase[1] - 1)):
        return None
    if cut.low[phrase[1]] == "than":
        return None
    piece.end = cut.end[phrase[1] - 1]
    return phrase[0]  # type: ignore[no-any-return]
