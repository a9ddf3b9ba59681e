"""All links between claims of one or several documents, each pair by the rule that says most about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from zizhu.ledger.claims import Claim, Link, LinkType
from zizhu.read.corrected import corrected
from zizhu.read.linking.belonging import belonging
from zizhu.read.linking.credits import credits_given
from zizhu.read.linking.definitions import definitions
from zizhu.read.linking.figures import figures
from zizhu.read.linking.found import Found, link
from zizhu.read.linking.lists import rules
from zizhu.read.linking.restated import restatements
from zizhu.read.linking.said import Said, said
from zizhu.read.linking.stances import opinions
from zizhu.read.linking.statements import statements
from zizhu.read.model import Document

SAYS_MOST: tuple[LinkType, ...] = (
    "restates",
    "same_fact",
    "supersedes",
    "contradicts",
    "corroborates",
    "different_vintage",
    "different_definition",
    "different_scope",
)
"""Types in the order in which one is kept of several between the same two claims."""
PARTS: tuple[Callable[[Sequence[Said]], Iterator[Found]], ...] = (
    restatements,
    figures,
    definitions,
    statements,
    opinions,
    credits_given,
    belonging,
)


def linked(claims: Iterable[Claim], documents: Iterable[Document] = ()) -> tuple[Link, ...]:
    """How claims stand to one another, in the order of the claims; one link for two claims.

    The result depends neither on the order of the claims nor on that of the documents, which say who published claims
    that do not. Claims that a reviewer rejected are left out, and corrected ones compared as they were corrected. Of
    many claims of one matter only those are compared that stand near one another: the work grows with their number.
    """
    known = {d.id: d for d in documents}
    kept = {c.id: c for c in map(corrected, claims) if c is not None}
    every = sorted((said(c, known) for c in kept.values()), key=lambda s: s.order)
    best: dict[tuple[str, str], Found] = {}
    for part in PARTS:
        for found in part(every):
            pair = _pair(found)
            if pair[0] != pair[1] and (pair not in best or _rank(found) < _rank(best[pair])):
                best[pair] = found
    return tuple(link(f) for f in sorted(best.values(), key=lambda f: (f.a.order, f.b.order)))


def _pair(found: Found) -> tuple[str, str]:
    first, second = sorted((found.a.claim.id, found.b.claim.id))
    return first, second


def _rank(found: Found) -> tuple[int, str]:
    return SAYS_MOST.index(rules()[found.rule].type), found.rule
