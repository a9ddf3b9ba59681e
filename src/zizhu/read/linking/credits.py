"""Whom claims credit with a success: the state, private firms, firms from abroad."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zizhu.read.linking.blocks import near_pairs
from zizhu.read.linking.found import Found
from zizhu.read.linking.lists import words
from zizhu.read.linking.said import Said
from zizhu.read.rules.lexicon import Mark, cues

_KINDS = ("actual", "attribution", "relation")
_REACH = 10
"""Tokens between the words that give credit and the actor who gets it."""


def credits_given(all_said: Sequence[Said]) -> Iterator[Found]:
    """Links between claims that credit different actors with what one country achieved."""
    held: dict[frozenset[str], list[tuple[Said, str]]] = {}
    for said in all_said:
        actor = _credited(said)
        if actor and said.where:
            held.setdefault(said.where, []).append((said, actor))
    for where, given in held.items():
        actors = {said.claim.id: actor for said, actor in given}
        for a, b in near_pairs([said for said, _ in given]):
            words_of = {"word_a": actors[a.claim.id], "word_b": actors[b.claim.id]}
            if words_of["word_a"] != words_of["word_b"] and a.apart(b) and not a.other_sector(b):
                yield Found(a, b, "credit.differs", {"about": ", ".join(sorted(where)), **words_of})


def _credited(said: Said) -> str:
    """The actor that a claim without a number credits with a success; empty for none, several, or a negation."""
    if said.amount is not None or said.claim.kind not in _KINDS or said.claim.polarity == "negated":
        return ""
    marks = words().marks(said.tokens)
    credit = [m for m in marks if m.tag == "credit"]
    if not credit or not any(m.tag == "success" for m in marks):
        return ""
    if any(m.tag == "negation" and m.value != "none" for m in cues().marks(said.tokens)):
        return ""
    actors = {m.value for m in marks if m.tag == "actor" and any(_after(c, m) for c in credit)}
    return actors.pop() if len(actors) == 1 else ""


def _after(credit: Mark, actor: Mark) -> bool:
    return 0 <= actor.first - credit.last <= _REACH
