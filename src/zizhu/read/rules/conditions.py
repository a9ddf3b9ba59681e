"""Numbers of whom or what a rule is for: `for plants with a capacity below 1 GWh`, `firms that miss it by 10 points`.

Such a number is part of the rule, and no aim of it.
"""

from __future__ import annotations

from zizhu.read.model import Number
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.reading import Range, Reading

_RULE = "duty"
"""Value of the words that lay something down: `shall`, `must`, `need not`."""
_REACH = 9
"""Tokens from the word that opens a condition to its number, at most."""
_RULES = 14
"""Tokens from the number of a relative clause to what its subject must do, at most."""


def condition(read: Reading, number: Number, clause: Range) -> Mark | None:
    """The word that opens the condition of a rule in which a number with a bound stands; None elsewhere."""
    if number.comparator not in ("<", "<=", ">", ">=") or read.tokens[clause[0]].han:
        return None
    rules = [m.first for m in read.tagged("target") if m.value == _RULE]
    if not rules:
        return None
    first = read.at(number.span.start)
    for k in range(first - 1, max(first - _REACH, -1), -1):
        word = read.tokens[k].word
        if k in read.figures or read.tokens[k].text in ",;:":
            return None
        if word in words_tagged("condition") and (k == 0 or any(r < k for r in rules)):
            return Mark(k, k + 1, "condition", "")
        if word in ("that", "which", "who", "whose") and any(first < r <= first + _RULES for r in rules):
            return Mark(k, k + 1, "condition", "")
        if word in ("with", "of") and _for_some(read, k) and any(r < k for r in rules):
            return Mark(k, k + 1, "condition", "")
    return None


def _for_some(read: Reading, at: int) -> bool:
    """Whether the words before `with` say for whom a rule is: `for facilities with`."""
    return any(t.word in ("for", "to", "on") for t in read.tokens[max(0, at - 3) : at])
