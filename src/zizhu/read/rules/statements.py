"""Statements of a sentence: clauses that claim something without a number, with the words that belong to them.

What a speaker is quoted with is one statement with the words that name him; where what he says is a judgement and no
target, forecast or act, saying it is the claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zizhu.read.rules.indicators import concepts
from zizhu.read.rules.kinds import Judged, kind_of_clause
from zizhu.read.rules.lexicon import Mark, words_tagged
from zizhu.read.rules.reading import Range, Reading

_TAG_REST = 3
"""Words beside those that name the speaker up to which a clause holds no more than them."""
_BETWEEN_PLANS = frozenset(
    (
        "builds_on",
        "complements",
        "part_of",
        "succeeds",
        "inspired_by",
        "responds_to",
        "issued_by",
        "covers_sector",
    )
)


@dataclass(frozen=True)
class Statement:
    """A claim without a number: what it is, the clause that makes it, and the token range of its evidence."""

    judged: Judged
    clause: Range
    whole: Range


def statements(
    read: Reading, said: Range, named: bool, led: bool, owned: bool = False
) -> Iterator[Statement]:
    """The statements of a sentence; `said` are the tokens that name its speaker, `named` that he has a name.

    `led` says that the sentence is an item of a list of aims, so that it is one itself; `owned` that an author speaks
    in the whole document.
    """
    if led:
        yield from _aim(read)
        return
    parts = _parts(read, said)
    if not parts and said[1] > said[0] and not read.numbers and (named or _about_something(read)):
        yield Statement(
            Judged("attribution", "kind.speech", Mark(said[0], said[1], "say", "")), *_all_but(read, said)
        )
    if not parts and owned and not read.numbers and _judges(read):
        yield Statement(
            Judged("attribution", "kind.opinion", Mark(0, 1, "say", "")), *[(0, len(read.tokens))] * 2
        )
    for part in parts:
        told = part.judged.kind in ("actual", "ranking") or (
            part.judged.kind == "relation" and not _links_plans(read, part)
        )
        if said[1] > said[0] and told:
            yield Statement(Judged("attribution", "kind.said", part.judged.cue), part.clause, part.whole)
        else:
            yield part


def _judges(read: Reading) -> bool:
    """Whether a sentence of an author is a judgement: it is about the topic, recommends, or speaks as `we`."""
    own = any(t.word in words_tagged("first_person") or t.word in ("should", "must") for t in read.tokens)
    ends = read.tokens[-1].text in '.?!”"'
    return (
        ends
        and len(read.tokens) > _TAG_REST
        and (own or _about_something(read) or bool(read.tagged("plan_noun")))
    )


def _aim(read: Reading) -> Iterator[Statement]:
    """An item of a list of aims as a target, if it has no number."""
    whole = (0, len(read.tokens))
    if not read.numbers and whole[1] > _TAG_REST:
        yield Statement(Judged("target", "kind.listed-aim", Mark(0, 1, "target", "")), whole, whole)


def _parts(read: Reading, said: Range) -> list[Statement]:
    """Clauses that claim something; one that claims nothing is joined to the one before, a first one to the next."""
    found: list[Statement] = []
    waiting = -1
    for clause in read.clauses:
        judged = None if _only_tag(clause, said) else kind_of_clause(read, clause)
        if judged:
            found.append(Statement(judged, clause, (clause[0] if waiting < 0 else waiting, clause[1])))
            waiting = -1
        elif found:
            last = found[-1]
            found[-1] = Statement(last.judged, last.clause, (last.whole[0], clause[1]))
        elif waiting < 0:
            waiting = clause[0]
    return found


def _only_tag(clause: Range, said: Range) -> bool:
    """Whether a clause only names the speaker: `says Marina Bello`."""
    overlap = min(clause[1], said[1]) - max(clause[0], said[0])
    return overlap > 0 and (clause[1] - clause[0]) - overlap < _TAG_REST


def _about_something(read: Reading) -> bool:
    """Whether a sentence is about policy or industry at all: a name, sector, concept or judgement is in it."""
    if (
        read.sectors
        or read.cues.get("negative")
        or any(m.tag in ("plan", "common", "place") for m in read.names)
    ):
        return True
    return bool(concepts(read, (0, len(read.tokens))))


def _all_but(read: Reading, said: Range) -> tuple[Range, Range]:
    """What is said, and the whole sentence."""
    whole = (0, len(read.tokens))
    before, after = (0, said[0]), (said[1], whole[1])
    return (before if before[1] - before[0] > after[1] - after[0] else after), whole


def _links_plans(read: Reading, part: Statement) -> bool:
    cue = part.judged.cue
    return cue is not None and cue.value in _BETWEEN_PLANS and bool(read.named("plan", part.clause))
