"""What a bare `will` tells of a number: an aim of whoever undertakes it, else what is foretold.

The verbs that are aims or forecasts by themselves (`will build`, `will reach`) are rows of cues.csv; this is about all
others (`we will foster ten firms`, `output will climb to 40 %`).
"""

from __future__ import annotations

from functools import cache

from zizhu.read.rules.lexicon import Mark, values, words_tagged
from zizhu.read.rules.reading import Range, Reading

_WORDS = ("will", "shall")
_SPEAKS = ("we", "i")
_HAN_EDGES = ("前", "底", "末", "内")
"""What may stand between a Chinese date and the verb behind it."""
_LEVELS = ("level", "either")
"""Values of target words that tell a fact as well."""
_STATES = ("be", "not", "have", "never", "only", "still", "need")
"""Words behind `will` with which nobody undertakes anything."""
_ADVERBS = ("also", "then", "now", "soon", "further", "therefore")
_PHRASE = 4
"""Words behind `will` in which its verb stands: `will also be trained`."""
_ARTICLES = ("the", "a", "an", "this", "that", "its", "our", "their")


def willed(read: Reading, before: int, clause: Range) -> Mark | None:
    """A `will` of a clause before token `before`, as an aim where its subject can undertake something."""
    held = [m for m in read.tagged("future", (clause[0], before)) if read.tokens[m.first].word in _WORDS]
    if not held:
        return None
    mark = held[-1]
    does = [t.word for t in read.tokens[mark.last : mark.last + _PHRASE] if t.word not in _ADVERBS]
    planned = any(" ".join(("will", *does[:k])) in _aims() for k in (1, 2))
    aims = planned or (
        does[:1] != [] and does[0] not in _STATES and _undertakes(read, (clause[0], mark.first))
    )
    return mark._replace(tag="target", value="will") if aims else mark._replace(tag="forecast", value="")


def will_of(read: Reading, cue: Mark, said: Range) -> Mark:
    """A cue with `will` as what it is by who speaks: `we will reach` is an aim, `according to X, Y will make` is none.

    `said` are the tokens that name the speaker.
    """
    if read.tokens[cue.first].word != "will" or cue.tag not in ("target", "forecast"):
        return cue
    if cue.tag == "forecast" and cue.first and read.tokens[cue.first - 1].word == "we":
        states = read.tokens[cue.last - 1].word in _STATES
        return cue if states else cue._replace(tag="target", value="will")
    if cue.value == "will" and _by_outsider(read, cue, said):
        return cue._replace(tag="forecast", value="")
    return cue


def _by_outsider(read: Reading, cue: Mark, said: Range) -> bool:
    """Whether words such as `according to Gartner` or `she argues` tell what somebody else will do."""
    told = [m for tag in ("according", "opinion") for m in read.tagged(tag, said)]
    subject = read.tokens[max(cue.first - 1, 0)].word
    words = {t.word for t in read.tokens[slice(*said)]}
    public = not words.isdisjoint(words_tagged("public_body")) or read.named("plan", said)
    public = public or read.tagged("plan_noun", said) or read.tagged("policy_object", said)
    itself = subject in words_tagged("pronoun") | words_tagged("first_person")
    return bool(told) and not (read.tokens[cue.first].han or public or itself)


def guessed(read: Reading, cue: Mark | None, at: int, said: Range) -> Mark | None:
    """What somebody thinks will be, in Chinese: `李强认为，国产化率到2030年只能达到50%`.

    `said` are the tokens that name the speaker, `cue` the word that governs the number at token `at`.
    """
    own = (min(said[0], read.clause(at)[0]), at) if said[1] > said[0] else (read.clause(at)[0], at)
    held = [m for m in read.tagged("opinion", own) if read.tokens[m.first].han]
    of_others = held and cue and cue.first < held[0].first
    if not held or (cue and not of_others and (cue.tag != "target" or cue.value not in _LEVELS)):
        return None
    ahead = read.tagged("guess_modal", (held[0].last, at))
    return ahead[-1] if ahead else None


def does_will(read: Reading, will: Mark, before: int) -> bool:
    """Whether a date parts 将 from a verb with which it is an aim by itself: `将在2047年前投资`."""
    dates = [w for w in read.whens if 0 <= read.at(w.span.start) - will.last <= 1]
    if not dates or read.at(dates[0].span.end - 1) >= before:
        return False
    behind = read.at(dates[0].span.end - 1) + 1
    behind += read.tokens[behind].text in _HAN_EDGES
    return f"将{read.words((behind, behind + 2))}" in _aims()


@cache
def _aims() -> frozenset[str]:
    """The phrases with `will` that are aims by themselves."""
    return frozenset(phrase for phrase, value in values("target").items() if value == "will")


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
