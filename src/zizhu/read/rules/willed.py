"""What a bare `will` tells of a number: an aim of whoever undertakes it, else what is foretold.

The verbs that are aims or forecasts by themselves (`will build`, `will reach`) are rows of cues.csv; this is about all
others (`we will foster ten firms`, `output will climb to 40 %`).
"""

from __future__ import annotations

from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.reading import Range, Reading

_WORDS = ("will", "shall")
_SPEAKS = ("we", "i")
_STATES = ("be", "not", "have", "then", "still", "only", "never")
"""Words behind `will` with which nobody undertakes anything."""
_ARTICLES = ("the", "a", "an", "this", "that", "its", "our", "their")


def willed(read: Reading, before: int, clause: Range) -> Mark | None:
    """A `will` of a clause before token `before`, as an aim where its subject can undertake something."""
    held = [m for m in read.tagged("future", (clause[0], before)) if read.tokens[m.first].word in _WORDS]
    if not held:
        return None
    mark = held[-1]
    aims = read.tokens[mark.last].word not in _STATES and _undertakes(read, (clause[0], mark.first))
    return mark._replace(tag="target", value="will") if aims else mark._replace(tag="forecast", value="")


def _undertakes(read: Reading, subject: Range) -> bool:
    """Whether the words before `will` name who acts: `we`, a country, a firm, a government, a plan."""
    if subject[1] <= subject[0]:
        return False
    if read.tokens[subject[1] - 1].word in _SPEAKS:
        return True
    actors = [m for m in read.names if subject[0] <= m.first < subject[1] and m.tag != "common"]
    actors += [m for tag in ("people", "plan_noun") for m in read.tagged(tag, subject)]
    return any(not _within_phrase(read, m, subject[0]) for m in actors)


def _within_phrase(read: Reading, mark: Mark, opens: int) -> bool:
    """Whether a name only says of what or where: `exports of Kenya`, `Kenya's exports`."""
    before = mark.first - 1
    while before >= opens and read.tokens[before].word in _ARTICLES:
        before -= 1
    owns = mark.last < len(read.tokens) and read.tokens[mark.last].text[0] in "'’"
    return owns or (before >= opens and read.tokens[before].word in words_tagged("preposition"))
