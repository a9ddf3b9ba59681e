"""Another speaker within a sentence: `The ministry expects 5 %, while the bank forecasts 3 %`, `协会则认为仅为3%`.

In English only a clause that is set against the one before names one, right at its beginning.
"""

from __future__ import annotations

from dataclasses import replace

from zizhu.read.rules.fields import Voice
from zizhu.read.rules.gazetteer import capital_runs
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.reading import Range, Reading
from zizhu.read.rules.speakers import Speech

_AGENTS = ("people", "source_noun")
_NAME = 8
"""Tokens of a name, at most."""
_PHRASE = 4
"""Words of the agent with those before its noun, at most."""


def within(read: Reading, clause: Range, voice: Voice) -> Voice:
    """The voice of a clause: its own speaker's where the clause names another than its sentence does."""
    if any(t.han for t in read.tokens[clause[0] : clause[0] + 2]):  # behind a quotation mark, too
        return _latest(clause, voice)
    first = _opened(read, clause)
    if first is None or clause[0] <= voice.words[0] < clause[1]:
        return voice
    agents = [m for m in read.names if m.tag in ("org", "person")]
    agents += [m for tag in _AGENTS for m in read.cues.get(tag, ())]
    places = {m.last for m in read.names if m.tag == "place"}
    runs = capital_runs(read.tokens, first, min(first + _NAME, clause[1]))
    agents += [Mark(*run, "org", "") for run in runs if run[0] == first and run[1] not in places]
    for agent in sorted(agents, key=lambda m: -m.last):
        if first <= agent.first <= first + _PHRASE and agent.last < clause[1] and _voices(read, agent):
            begins = first if agent.tag in _AGENTS else agent.first
            name = read.words((begins, agent.last))
            return replace(voice, speech=Speech(name, (first, agent.last + 1), "speaker.in-contrast"))
    return voice


def _latest(clause: Range, voice: Voice) -> Voice:
    """Whoever has spoken last up to a Chinese clause, which a speaker opens."""
    held = [s for s in voice.others if s.words[0] < clause[1] and s.rule == "speaker.han"]
    return replace(voice, speech=held[-1]) if held and held[-1].words > voice.words else voice


def _opened(read: Reading, clause: Range) -> int | None:
    """The token behind what sets a clause against the one before, and behind its article; None where nothing does."""
    at = clause[0]
    if at == 0:
        return None
    joined = read.tokens[at].word in words_tagged("against")
    if not joined and read.tokens[at - 1].text != ";":
        return None
    at += joined
    return at + (at < clause[1] and read.tokens[at].word in ("the", "a", "an"))


def _voices(read: Reading, agent: Mark) -> bool:
    """Whether a verb of saying or estimating follows, so that all before it is the agent."""
    verbs = (*read.cues.get("say", ()), *read.cues.get("forecast", ()))
    return read.tokens[agent.last].word in words_tagged("voicing") or any(
        m.first == agent.last for m in verbs
    )
