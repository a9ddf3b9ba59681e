"""Claims of the workspace: those that are asked for, one by its id, and the links between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, get_args

from zizhu.ledger.claims import Claim, ClaimKind, Link, LinkType, Review
from zizhu.read import kept
from zizhu.read.called import short
from zizhu.read.corrected import standing
from zizhu.read.kept import Head, Kept
from zizhu.store import Workspace
from zizhu.vocab.problems import Problem, ZizhuError, unknown

OPEN = "open"
STATUSES: tuple[str, ...] = get_args(Review.model_fields["status"].annotation)
KINDS: tuple[str, ...] = get_args(ClaimKind)
CONFLICTS: tuple[LinkType, ...] = (
    "contradicts",
    "different_definition",
    "different_scope",
    "different_vintage",
)
"""Links of claims that do not say the same of the same."""


def link_types(said: Sequence[str]) -> tuple[LinkType, ...]:
    """The types of links that are said, those of conflicts where none is. Raises ZizhuError for what is none."""
    valid: dict[str, LinkType] = {t: t for t in get_args(LinkType)}
    problems = [unknown("type", t, list(valid), "--type") for t in said if t not in valid]
    if problems:
        raise ZizhuError(problems)
    return tuple(valid[t] for t in dict.fromkeys(said)) or CONFLICTS


@dataclass(frozen=True)
class Asked:
    """Which claims are asked for. Texts are looked for without regard to case; `words` in quotes and subjects."""

    kind: str = ""
    status: str = ""
    plan: str = ""
    speaker: str = ""
    indicator: str = ""
    sector: str = ""
    geography: str = ""
    words: str = ""
    numbers: bool = False

    def __post_init__(self) -> None:
        problems = [
            unknown(field, said, valid, f"--{field}")
            for field, said, valid in (("kind", self.kind, KINDS), ("status", self.status, STATUSES))
            if said and said not in valid
        ]
        if problems:
            raise ZizhuError(problems)

    def wants(self, claim: Claim) -> bool:
        """Whether a claim is asked for, by its corrections where it has any."""
        left = standing(claim)
        return (
            self.kind in ("", left.kind)
            and self.status in ("", status(claim))
            and (left.quantity is not None or not self.numbers)
            and all(_said(text, values) for text, values in self._texts(left))
        )

    def _texts(self, claim: Claim) -> Iterator[tuple[str, Sequence[str]]]:
        yield self.plan, (*claim.plans, *claim.plan_names.values())
        yield self.speaker, (claim.speaker or "",)
        yield self.indicator, (claim.indicator or "",)
        yield self.sector, claim.sectors
        yield self.geography, claim.geography
        yield self.words, (claim.subject, *(e.quote.exact for e in claim.evidence))


LINKED = 20_000
"""Claims among which the links of one are looked for: all of them are compared, which takes seconds."""


class Found(NamedTuple):
    """A document as it is kept, and one of its claims."""

    kept: Kept
    claim: Claim


def status(claim: Claim) -> str:
    """What reviewers decided of a claim; `open` where they did not."""
    return claim.review.status if claim.review else OPEN


def _said(text: str, values: Sequence[str]) -> bool:
    return not text or any(text.casefold() in value.casefold() for value in values)


def documents(workspace: Workspace, said: str = "") -> tuple[Head, ...]:
    """The documents of the workspace by name, each in its last version, or the one that is said, see `document`."""
    return (document(workspace, said),) if said else kept.current(workspace)


def document(workspace: Workspace, said: str, heads: Sequence[Head] | None = None) -> Head:
    """The document with that id, path, address, or name of its file, or a beginning of the id or of that name.

    Of several versions of one name, the one that was read last. Raises ZizhuError for none, or several.
    """
    have = kept.heads(workspace) if heads is None else heads
    fitting = [h for h in have if h.id.startswith(said)] if len(said) > 3 else []
    full = str(Path(said).resolve()) if said else ""
    fitting = fitting or [h for h in have if said and h.name in (said, full)]
    fitting = fitting or [h for h in have if said and short(h.name) == said]
    fitting = fitting or [
        h for h in have if said and (short(h.name).startswith(said) or h.id.startswith(said))
    ]
    named = {h.name for h in fitting}
    if len(fitting) > 1 and len(named) == 1:
        last = kept.latest(workspace, fitting[0].name)
        fitting = [h for h in fitting if h.id == last] or fitting
    if len(fitting) != 1:
        raise ZizhuError(_unclear(said, fitting, have))
    return fitting[0]


def _unclear(said: str, fitting: Sequence[Head], have: Sequence[Head]) -> Problem:
    if fitting:
        listed = ", ".join(f"{h.id[:12]} ({h.name})" for h in fitting[:5])
        return Problem(
            f"{len(fitting)} documents are called so", said[:80], "one of them", f"Say which: {listed}."
        )
    if said and Path(said).exists():
        what = "a folder" if Path(said).is_dir() else "was not read"
        return Problem(
            what, said[:80], "a document that is kept", f"Read it first: `zizhu read {said[:80]}`."
        )
    names = [short(h.name) for h in have]
    problem = unknown("document", said, names, "documents of the workspace")
    remedy = f"{problem.remedy} `zizhu read PATH` keeps another." if have else "Read one: `zizhu read PATH`."
    expected = f"a document that is kept: `zizhu claims documents list` has {len(have)}"
    return Problem(problem.what, problem.where, expected, remedy)


def every(workspace: Workspace, said: str = "") -> Iterator[Kept]:
    """The documents of the workspace with their claims, by name and in their last versions; or the one that is said."""
    for head in documents(workspace, said):
        yield kept.load(workspace, head.id)


def chosen(workspace: Workspace, asked: Asked, said: str = "") -> Iterator[Found]:
    """The claims that are asked for, by document and in the order of its text."""
    for one in every(workspace, said):
        for claim in one.claims:
            if asked.wants(claim):
                yield Found(one, claim)


def claim(workspace: Workspace, start: str) -> Found:
    """The claim whose id begins with `start`. Raises ZizhuError where there is none, or several."""
    have = kept.ids(workspace)
    fitting = [one for one in have if one.startswith(start)] if start else []
    if len(fitting) != 1:
        where = "claims of the workspace"
        if fitting:
            raise ZizhuError(
                Problem(f"{len(fitting)} claims begin with {start!r}", where, "one", "Write more of its id.")
            )
        raise ZizhuError(unknown("claim", start, list(have), where))
    held = kept.load(workspace, have[fitting[0]])
    return Found(held, next(c for c in held.claims if c.id == fitting[0]))


def links_of(workspace: Workspace, claimed: Claim) -> list[Link]:
    """The links of a claim with all others of the workspace; none where these are more than LINKED."""
    from zizhu.read.linking import linked

    if len(kept.ids(workspace)) > LINKED:
        return []
    have = list(every(workspace))
    links = linked((c for one in have for c in one.claims), [one.document for one in have])
    return [link for link in links if claimed.id in (link.a, link.b)]
