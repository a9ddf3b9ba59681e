"""Figures that a sentence takes back: denied, called unreal, or those of an aim that was dropped.

`denied that 300 jobs were lost`, `the 25 % goal was dropped`, `称90%的数字不现实`: who writes so affirms neither the
fact nor the aim. A denial that is itself denied or only possible (`never abandoned its goal`) takes nothing back.
"""

from __future__ import annotations

from zizhu.read.model import Number
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.reading import Range, Reading

_NEAR = 4
"""Tokens between a number and the noun that says what it is (`the goal of 25 %`), or a verb and its noun, at most."""
_BEHIND = 12
"""Tokens from a number to the words behind it that take it back, at most."""
_GUARD = 4
"""Tokens before such a word in which a negation or a hedge undoes it."""
_OBJECT = 6
"""Tokens from a verb to the number whose noun stands behind it (`dropped its 25 % goal`), at most."""
_AUXILIARY = 2
"""Tokens before a participle in which its auxiliary stands."""
_AIM = "aim"
_REPORT = "report"
_SAID = "said"


def disowned(read: Reading, number: Number, at: int) -> Mark | None:
    """The words of a sentence that take a number back, if any do."""
    marks = [m for m in read.tagged("disown") if not _undone(read, m)]
    if not marks:
        return None
    within = (read.at(number.span.start), read.at(number.span.end - 1) + 1)
    held = (m for m in marks if (_before if m.last <= at else _behind)(read, m, within))
    return next(held, None)


def _undone(read: Reading, mark: Mark) -> bool:
    """Whether a negation or a hedge stands before: `did not deny`, `may drop`, `没有放弃`."""
    near = (max(0, mark.first - _GUARD), mark.first)
    if any(m.last <= mark.first and m.value != "none" for m in read.tagged("negation", near)):
        return True
    return any(m.last <= mark.first for m in read.tagged("disown_hedge", near))


def _before(read: Reading, mark: Mark, within: Range) -> bool:
    """Whether a verb before a number takes it back."""
    if mark.value == "unreal" or _ends(read, (mark.last, within[0])):
        return False
    if read.tokens[mark.first].han and read.clause(mark.first) != read.clause(within[0]):
        return False
    if mark.value == _SAID:
        return True
    between = [m for m in _nouns(read, mark, (mark.last, within[0])) if _opens_content(read, m)]
    if any(m.first - mark.last <= _NEAR for m in between):
        return mark.value == _REPORT or "," not in {t.text for t in read.tokens[mark.last : within[0]]}
    behind = [m for m in _nouns(read, mark, (within[1], within[1] + _NEAR)) if m.value != _SAID]
    return bool(behind) and within[0] - mark.last <= (_BEHIND if read.tokens[mark.first].han else _OBJECT)


def _behind(read: Reading, mark: Mark, within: Range) -> bool:
    """Whether words behind a number take back what it is the figure of: `the goal of 25 % was dropped`."""
    if mark.first - within[1] > _BEHIND or mark.first < within[1] or _ends(read, (within[1], mark.first)):
        return False
    if read.clause(mark.first) != read.clause(within[0]) or not (
        mark.value == "unreal" or _passive(read, mark)
    ):
        return False
    if any(within[1] <= read.at(n.span.start) < mark.first for n in read.numbers):
        return False
    near = _nouns(read, mark, (max(0, within[0] - _NEAR), within[0]))
    return bool(near or _nouns(read, mark, (within[1], min(within[1] + _NEAR, mark.first))))


def _nouns(read: Reading, mark: Mark, of: Range) -> list[Mark]:
    """The nouns of what a word can take back: a dropped one is an aim, a denied or unreal one also a report."""
    nouns = read.tagged("disown_noun", of)
    return [m for m in nouns if m.value == _AIM] if mark.value == _AIM else nouns


def _opens_content(read: Reading, noun: Mark) -> bool:
    """Whether a noun is that of a saying, not of a demand: `claims that`, and not `claims for 3 million`."""
    after = read.tokens[noun.last].word if noun.last < len(read.tokens) else ""
    return noun.value != _SAID or after not in words_tagged("disown_demand")


def _ends(read: Reading, of: Range) -> bool:
    """Whether words between end what is taken back: `denied the report, saying ...`, `in favour of`."""
    return any(m.last <= of[1] for m in read.tagged("disown_end", of)) or any(
        t.text in ";；" for t in read.tokens[of[0] : of[1]]
    )


def _passive(read: Reading, mark: Mark) -> bool:
    """Whether a verb tells what was done to what stands before it: `was dropped`, `被取消`."""
    before = read.tokens[max(0, mark.first - _AUXILIARY) : mark.first]
    return any(t.word in words_tagged("disown_passive") for t in before)
