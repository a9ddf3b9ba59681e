"""Claims that conflict, or only seem to, side by side: quotes, speakers, dates, documents, values, and the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import polars as pl

from zizhu.ledger.claims import Claim, Link, LinkType
from zizhu.ledger.models import Record
from zizhu.ledger.result import Evidence, Explanation, Part, Result, first
from zizhu.read import kept
from zizhu.read.called import called
from zizhu.read.chosen import CONFLICTS
from zizhu.read.corrected import standing
from zizhu.read.linking import linked
from zizhu.read.model import Document
from zizhu.read.quoted import reference
from zizhu.read.targets.views import ref
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, unknown

METHOD = "read.conflicts"
KEY = ("a", "b")
SIDES = ("a", "b")
_LONGEST = 200
"""Characters of a quote in the part of a number that is opened."""
_SIDE = {
    **dict.fromkeys(("quote", "speaker", "said", "document", "indicator", "plans"), pl.String()),
    "value": pl.Float64(),
    **dict.fromkeys(("unit", "written", "period", "ref"), pl.String()),
}
_COLUMNS = {
    **dict.fromkeys(("type", "rule", "reason", "a", "b"), pl.String()),
    "claims": pl.Int64(),
    **{f"{column}_{side}": kind for side in ("a", "b") for column, kind in _SIDE.items()},
}


class Params(Record):
    """What is asked: which types of links, the documents (ids) that one of the two claims stands in, and those `among`
    which claims are compared; () for all, each in its last version.
    """

    types: tuple[LinkType, ...] = CONFLICTS
    documents: tuple[str, ...] = ()
    among: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inputs:
    """Claims with the documents that they stand in."""

    params: Params
    claims: tuple[Claim, ...]
    documents: tuple[Document, ...]


def load(workspace: Workspace, params: Params) -> Inputs:
    """The claims of the documents, those that were rejected included: links leave them out.

    The documents become part of the question, so that it stays the same when others are read. Raises ZizhuError for
    one that is not kept.
    """
    known = {head.id for head in kept.heads(workspace)}
    asked = (*params.documents, *params.among)
    missing = [unknown("document", d, sorted(known), "documents") for d in asked if d not in known]
    if missing:
        raise ZizhuError(missing)
    among = params.among or tuple(sorted({h.id for h in kept.current(workspace)} | set(params.documents)))
    have = [kept.load(workspace, d) for d in among]
    pinned = params.model_copy(update={"among": among})
    return Inputs(pinned, tuple(c for one in have for c in one.claims), tuple(one.document for one in have))


def solve(inputs: Inputs) -> Result:
    """One row a pair, types in the order of the question, then as the claims stand in their documents."""
    claims = {c.id: c for c in inputs.claims}
    names = {d.id: called(d) for d in inputs.documents}
    links = [k for k in linked(inputs.claims, inputs.documents) if _asked(inputs.params, k, claims)]
    links.sort(key=lambda k: inputs.params.types.index(k.type))
    frame = pl.DataFrame([_row(k, claims, names) for k in links], schema=_COLUMNS)
    cited = sorted({r for k in links for r in (ref(claims[k.a]), ref(claims[k.b]))})
    run = make_run(METHOD, inputs.params, tuple(cited), frame, KEY)
    units_of = {"claims": "claims", "value_a": "see unit_a", "value_b": "see unit_b"}
    basis = "what documents say; no side is taken"
    return Result(frame, KEY, units_of, basis, run, evidence=partial(_evidence, claims))


def _asked(params: Params, link: Link, claims: Mapping[str, Claim]) -> bool:
    there = {claims[link.a].evidence[0].source, claims[link.b].evidence[0].source}
    return link.type in params.types and (not params.documents or bool(there & set(params.documents)))


def _row(link: Link, claims: Mapping[str, Claim], names: Mapping[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = {"type": link.type, "rule": link.by, "reason": link.note, "a": link.a, "b": link.b}
    row["claims"] = 2
    for side, claim in (("a", standing(claims[link.a])), ("b", standing(claims[link.b]))):
        row |= {f"{column}_{side}": value for column, value in _side(claim, names)}
    return row


def _side(claim: Claim, names: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    quantity, source = claim.quantity, claim.evidence[0].source
    yield "quote", claim.evidence[0].quote.exact
    yield "speaker", claim.speaker or claim.reported_by or None
    yield "said", claim.said_on
    yield "document", names.get(source, source)
    yield "indicator", claim.indicator
    yield "plans", ", ".join(claim.plans) or None
    yield "value", (quantity.value if quantity.value is not None else quantity.low) if quantity else None
    yield "unit", quantity.unit if quantity else None
    yield "written", quantity.as_written if quantity else None
    yield "period", next((t.edtf for t in claim.times if t.role != "statement"), None)
    yield "ref", ref(claim)


def _evidence(claims: Mapping[str, Claim], result: Result, row: Mapping[str, Any]) -> Evidence:
    """The two spans behind a pair."""
    refs = tuple(ref(claims[row[side]]) for side in SIDES)
    return Evidence(f"{row['type']}: {row['reason']}", result.ref(row, "claims"), refs)


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """A pair opens into its two claims, a value into the claim that gives it: each with the words of its document."""
    row = result.row(key)
    if row[column] is None:
        raise CannotAnswer(
            Problem("this claim has no number", f"{key}, {column}", "the column claims", "Open the pair.")
        )
    claims = {c.id: c for c in inputs.claims}
    sides = SIDES if column == "claims" else (column.removeprefix("value_"),)
    share = 1 / len(sides)
    every = [_part(row, s, claims[row[s]], float(row[column]) * share, share) for s in sides]
    parts, left = first(every, top)
    said = f"{row['type'].replace('_', ' ')}: {row['reason']}."
    refs = tuple(ref(claims[row[s]]) for s in sides)
    opened = result.opened(row, column, said, parts, left, refs)
    of = "" if column == "claims" else row[f"unit_{sides[0]}"].removeprefix("count:")
    return replace(opened, unit=of) if of else opened


def _part(row: Mapping[str, Any], side: str, claim: Claim, value: float, share: float) -> Part:
    """A claim of a pair: who says it where, and in which words."""
    who = ", ".join(t for t in (row[f"speaker_{side}"], row[f"said_{side}"], row[f"document_{side}"]) if t)
    words = " ".join(row[f"quote_{side}"].split())
    told = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 3]}..."
    changed = standing(claim).quantity != claim.quantity
    by = f"; the number is a reviewer's, written {row[f'written_{side}']!r}" if changed else ""
    return Part(reference(claim), f"claim {claim.id} ({who}{by}): {told}", value, share)
