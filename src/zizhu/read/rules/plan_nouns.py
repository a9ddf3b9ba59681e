"""Words by which a plan or measure that was named is meant again: `the act`, `such restrictions`."""

from __future__ import annotations

from zizhu.read.rules.editions import countermeasures
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.reading import Range, Reading

_OPENERS = frozenset(("the", "this", "its"))
_ADJECTIVES = 2
"""Words between `the` and `strategy` at the beginning of a sentence, at most."""
_BACKGROUND = 4
"""Tokens before a measure among which a word such as `since` stands."""
_VERBS = ("relation", "event", "done", "present")
MEASURE = "measure"
YEARS_AHEAD = "years_ahead"


def definite(read: Reading, of: Range | None = None) -> bool:
    """Whether a noun means a known plan: `the act`, or a word for a plan at the beginning with `this` before it."""
    if "plan_noun" in read.cues:
        for mark in read.tagged("plan_noun", of):
            if not (_sets_time(read, mark) or _on_topic(read, mark)):
                return True
    return (of is None or of[0] == 0) and opens(read)


def opens(read: Reading) -> bool:
    """Whether a sentence begins with a known plan: `The act`, `This ambitious new programme`."""
    nouns = read.cues.get("plan_noun")
    if nouns and nouns[0].first == 0:
        return True
    if read.tokens[0].word not in _OPENERS:
        return False
    for at in range(1, min(_ADJECTIVES + 2, len(read.tokens))):
        token = read.tokens[at]
        if token.word in words_tagged("plan_head"):
            after = read.tokens[at + 1] if at + 1 < len(read.tokens) else token
            return not (
                after.capital or after.word in words_tagged("relative") or after.word in ("that", "of")
            )
        if token.capital or not token.text.isalpha():
            return False
    return False


def _on_topic(read: Reading, mark: Mark) -> bool:
    """Whether a noun is told apart by its topic, so that it means no plan named before: `the law on hydrogen`."""
    behind = read.tokens[mark.last : mark.last + 2]
    return len(behind) > 1 and behind[0].word == "on" and behind[1].text.islower() and not behind[1].han


def noun_heads(read: Reading) -> frozenset[str]:
    """The last words of the nouns that mean a plan: scheme for `the scheme`."""
    return frozenset(read.tokens[m.last - 1].word for m in read.tagged("plan_noun"))


def says_new(read: Reading) -> bool:
    """Whether a known plan is called new: `the new strategy`."""
    nouns = [(m.first, m.last) for m in read.tagged("plan_noun")]
    spans = [*nouns, (0, 1 + _ADJECTIVES)] if opens(read) else nouns
    return any(t.word == "new" for first, last in spans for t in read.tokens[first:last])


def _sets_time(read: Reading, mark: Mark) -> bool:
    """Whether a plan only says when: `at the time of the act's launch`."""
    before = [t.word for t in read.tokens[max(0, mark.first - 2) : mark.first]]
    return before == ["time", "of"]


def measures(read: Reading, of: Range | None = None) -> list[Mark]:
    """Measures against another country that a sentence names or describes."""
    listed = [m for m in read.named("plan", of) if m.value in countermeasures()] if read.names else []
    return sorted([*listed, *read.tagged(MEASURE, of)]) if listed or MEASURE in read.cues else []


def governs(read: Reading, mark: Mark, clause: Range) -> bool:
    """Whether a clause is on a measure in it: the measure is its subject, and no background (`since the controls`)."""
    before = (max(clause[0], mark.first - _BACKGROUND), mark.first)
    if any(t.word in words_tagged("background") for t in read.tokens[slice(*before)]):
        return False
    return not any(read.tagged(tag, (clause[0], mark.first)) for tag in _VERBS)


def points_back(read: Reading, clause: Range) -> bool:
    """Whether a clause begins with measures spoken of before: `Such restrictions`, `these tariffs`."""
    if read.tokens[clause[0]].word not in (*_OPENERS, "such", "these", "those"):
        return False
    words = [t.word for t in read.tokens[clause[0] + 1 : clause[0] + 2 + _ADJECTIVES]]
    return not words_tagged("measure_noun").isdisjoint(words)
