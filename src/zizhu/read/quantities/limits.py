"""Limits that a negation makes of a comparator: `will not make up more than 20 %` is at most 20 %, 不会超过."""

from __future__ import annotations

from itertools import takewhile

from zizhu.ledger.claims import Bound
from zizhu.read.words.lexicon import context
from zizhu.read.words.tokens import Tokens

_DENIED: dict[Bound, Bound] = {">": "<=", "<": ">=", ">=": "<", "<=": ">"}
_REACH = 6
"""Words between a negation and the comparator that it denies, at most."""
_HAN_REACH = 10
"""Characters between the two in Chinese, at most."""


def limited(cut: Tokens, bound: Bound, i: int) -> tuple[Bound, int]:
    """A comparator whose words begin at token `i`, and where they begin: with the negation where one governs it."""
    if bound not in _DENIED:
        return bound, i
    for k in range(i - 1, max(i - 2 - _REACH, -1), -1):
        word = cut.low[k]
        if word in context("denial") and cut.low[k + 1] not in context("no_denial"):
            return _DENIED[bound], k
        if word == "t" and cut.low[k - 1] in ("'", "’") and cut.joined(k):
            return _DENIED[bound], k - 2
        if not (word.isalpha() or word == "-") or word in context("denial_ends") or cut.broken(k + 1):
            break
    return bound, i


def limited_han(text: str, bound: Bound, start: int) -> tuple[Bound, int]:
    """The same for a Chinese comparator that begins at `start`: 不会超过, 不得高于, 没有一家低于."""
    if bound not in _DENIED:
        return bound, start
    before = text[max(start - _HAN_REACH, 0) : start]
    first = start - sum(1 for _ in takewhile(str.isalpha, reversed(before)))  # behind the last mark or figure
    near = text[first:start]
    held = [near.rfind(word) for word in context("denial_zh") if word in near]
    return (_DENIED[bound], first + max(held)) if held else (bound, start)
