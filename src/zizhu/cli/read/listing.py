"""`zizhu claims list`, `show`, `conflicts` and `rejected`: what was read, and what was refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zizhu.cli.options import Place, workspace
from zizhu.cli.read.telling import DocumentNamed, Json

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from zizhu.ledger.claims import Claim, Link, Selector, Time
    from zizhu.read.chosen import Asked, Found
    from zizhu.read.conflicts import Inputs
    from zizhu.read.model import Document
    from zizhu.store import Workspace

Kind = Annotated[
    str, typer.Option(help="target, actual, forecast, policy_event, attribution, ranking or relation.")
]
Status = Annotated[str, typer.Option(help="What reviewers decided: open, accepted, edited or rejected.")]
Plan = Annotated[str, typer.Option(help="Part of the id or name of a plan.")]
Speaker = Annotated[str, typer.Option(help="Part of the name of who says so.")]
Indicator = Annotated[str, typer.Option(help="Part of the name of what is measured.")]
Sector = Annotated[str, typer.Option(help="Part of the name of a sector.")]
Geography = Annotated[str, typer.Option(help="Code of a country or group.")]
Words = Annotated[str, typer.Option("--about", help="Words in the quote or the subject.")]
Numbers = Annotated[bool, typer.Option("--numbers", help="Claims with a number only.")]
Top = Annotated[int, typer.Option(min=1, help="How many to print.")]
TWO_COLUMNS = 100
"""Letters of a page that has room for two quotes beside one another."""
ClaimNamed = Annotated[str, typer.Argument(metavar="ID", help="The id of a claim, or its beginning.")]


def list_(
    kind: Kind = "",
    plan: Plan = "",
    document: DocumentNamed = "",
    status: Status = "",
    speaker: Speaker = "",
    indicator: Indicator = "",
    sector: Sector = "",
    geography: Geography = "",
    words: Words = "",
    numbers: Numbers = False,
    top: Top = 20,
    as_json: Json = False,
    place: Place = None,
) -> None:
    """The claims that are kept, by document and in the order of its text; --json prints all of them."""
    from zizhu.cli.output import console, emit_json
    from zizhu.cli.read.telling import claim_data, item
    from zizhu.read.chosen import Asked, chosen

    asked = Asked(kind, status, plan, speaker, indicator, sector, geography, words, numbers)
    ws = workspace(place)
    found = chosen(ws, asked, document)
    if as_json:
        emit_json([claim_data(one.kept.document, one.claim) for one in found])
        return
    page = console()
    none = True
    for one in islice(found, top):
        page.print(item(one.kept.document, one.claim), soft_wrap=True)
        none = False
    if none:
        page.print(_none(ws, asked, document), markup=False)
    _say_rest(page, sum(1 for _ in found), top)


def _none(ws: Workspace, asked: Asked, document: str) -> str:
    """Why no claim is listed: none is kept, or none is what was asked for."""
    from zizhu.read.chosen import every

    kept = sum(len(one.claims) for one in every(ws, document))
    if not kept:
        return "No claims are kept. `zizhu read PATH` reads documents."
    told = " ".join(
        f"{f.name} {v!r}" if v is not True else f.name for f in fields(asked) if (v := getattr(asked, f.name))
    )
    return f"No claim of {kept:,} has {told}."


def _say_rest(page: Console, left: int, top: int) -> None:
    if left:
        page.print(f"[dim]{left:,} more: --top {left + top}, or --json for all.[/]")


def show(claim: ClaimNamed, as_json: Json = False, place: Place = None) -> None:
    """A claim with its sentence, where it stands, which rules filled its fields, its links and its review."""
    from zizhu.cli.output import console, emit_json
    from zizhu.cli.read.telling import claim_data, document_data, sentence
    from zizhu.read.chosen import claim as found_claim
    from zizhu.read.chosen import links_of
    from zizhu.read.exchange.lines import data
    from zizhu.read.quoted import quoted

    ws = workspace(place)
    found = found_claim(ws, claim)
    links = links_of(ws, found.claim)
    text = found.kept.document.text
    if as_json:
        whole = text[slice(*quoted(text, found.claim).sentence)]
        said = {"sentence": whole, "links": [data(link) for link in links]}
        described = {"document_data": document_data(found.kept.document)}
        emit_json({**claim_data(found.kept.document, found.claim), **described, **said})
        return
    page = console()
    page.print(f"[bold]{found.claim.id}[/]")
    page.print(sentence(text, found.claim), soft_wrap=True)
    for name, value in (*_fields(found), *_links(found, links), *_opening(found)):
        page.print(_field(name, value), soft_wrap=True)


def _field(name: str, value: str) -> Text:
    from rich.text import Text

    from zizhu.show.claims_page import one_line

    return Text().append(f"{name:>14}  ", style="dim").append(one_line(value))


def _fields(found: Found) -> Iterator[tuple[str, str]]:
    """The fields that are filled, each with the rule that filled it, or with what was read before its correction."""
    from zizhu.read.corrected import standing

    read, rules = found.claim, found.claim.extractor.field_rules
    claim, before = standing(read), dict(_said(read))
    for name, value in _said(claim):
        was = before.get(name, "")
        why = f"corrected; read as {was or 'nothing'}" if was != value else rules.get(name, "")
        if value:
            yield name, f"{value}{f'  [{why}]' if why else ''}"
    yield "read by", f"{claim.extractor.name} {claim.extractor.version}"
    for selector in claim.evidence:
        yield "evidence", _where(selector)
    yield "review", _review(read.review.model_dump()) if read.review is not None else "open"


def _said(claim: Claim) -> Iterator[tuple[str, str]]:
    """What a claim says, field by field, in words; empty where it says nothing."""
    from zizhu.show.claims_page import number, when

    yield "kind", claim.kind
    yield "modality", claim.modality
    yield "polarity", claim.polarity if claim.polarity == "negated" else ""
    for name in ("subject", "predicate", "object", "indicator"):
        value = getattr(claim, name) or ""
        yield name, ", ".join(value) if isinstance(value, tuple) else value
    quantity = claim.quantity
    yield "number", f"{number(quantity)} ({quantity.as_written!r})" if quantity else ""
    yield "times", "; ".join(f"{t.role} {when(t)}{_written(t)}" for t in claim.times)
    for name in ("geography", "sectors"):
        yield name, ", ".join(getattr(claim, name))
    names = claim.plan_names
    yield "plans", ", ".join(f"{names[p]} ({p})" if p in names else p for p in claim.plans)
    yield "speaker", claim.speaker or ""
    yield "reported by", claim.reported_by or ""
    yield "said on", claim.said_on or ""


def _written(time: Time) -> str:
    """How a time is written in the document, and the day against which that was read."""
    against = f", from {time.resolved_against}" if time.resolved_against else ""
    return f" ({time.as_written!r}{against})" if time.as_written or against else ""


def _where(selector: Selector) -> str:
    place, number = selector.position, selector.value_position
    at = f"; number {number.start}-{number.end}" if number else ""
    page = f"; page {selector.pdf.page}" if selector.pdf else ""
    layer = f"{selector.layer} {selector.sha256[:12]}..."
    return f"characters {place.start}-{place.end}{at}{page} of {layer}, {selector.status}: {selector.quote.exact!r}"


def _review(said: dict[str, Any]) -> str:
    changes = ", ".join(f"{field}={value}" for field, value in said["changes"].items())
    parts = (said["status"], said["by"] and f"by {said['by']}", said["at"], changes, said["note"])
    return "; ".join(part for part in parts if part)


def _links(found: Found, links: list[Link]) -> Iterator[tuple[str, str]]:
    for link in links:
        other = link.b if link.a == found.claim.id else link.a
        yield "link", f"{link.type} {other} ({link.by}){f': {link.note}' if link.note else ''}"


def _opening(found: Found) -> Iterator[tuple[str, str]]:
    from zizhu.cli.read.telling import DOCUMENT
    from zizhu.read.quoted import marked, reference_to

    document = found.kept.document
    yield "document", document.name
    yield "open", f"zizhu trace '{reference_to(document.id[:DOCUMENT], marked(found.claim))}'"
    yield "", f"zizhu claims open {found.claim.id}"


def conflicts(
    types: Annotated[
        list[str] | None,
        typer.Option("--type", help="contradicts, different_definition, different_scope...; repeatable."),
    ] = None,
    document: DocumentNamed = "",
    top: Top = 20,
    as_json: Json = False,
    place: Place = None,
) -> None:
    """Claims that do not say the same of the same, side by side, with the reason.

    Without --type: contradictions, then pairs that only seem to be one: of two definitions, scopes or dates.
    """
    from zizhu.cli.output import console, emit_json
    from zizhu.cli.ready import ready
    from zizhu.read import chosen
    from zizhu.read import conflicts as verb

    ws = ready(place)
    only = (chosen.document(ws, document).id,) if document else ()
    inputs = verb.load(ws, verb.Params(types=chosen.link_types(types or ()), documents=only))
    result = verb.solve(inputs)
    ws.save_run(result.run)
    pairs = result.frame.rows(named=True)
    if as_json:
        emit_json([_pair_data(inputs, pair) | {"ref": result.ref(pair, "claims")} for pair in pairs])
        return
    page = console()
    for pair in pairs[:top]:
        _show_pair(page, inputs, pair, result.ref(pair, "claims"))
    if not pairs:
        page.print("No claims that are kept conflict.")
    _say_rest(page, len(pairs) - min(top, len(pairs)), top)


def _sides(inputs: Inputs, pair: Mapping[str, Any]) -> list[tuple[Document, Claim]]:
    """The two claims of a pair, each with its document."""
    documents = {d.id: d for d in inputs.documents}
    claims = {c.id: c for c in inputs.claims if c.id in (pair["a"], pair["b"])}
    found = [claims[pair[side]] for side in ("a", "b")]
    return [(documents[claim.evidence[0].source], claim) for claim in found]


def _pair_data(inputs: Inputs, pair: Mapping[str, Any]) -> dict[str, Any]:
    from zizhu.cli.read.telling import claim_data

    a, b = (claim_data(*side) for side in _sides(inputs, pair))
    return {"type": pair["type"], "rule": pair["rule"], "reason": pair["reason"], "a": a, "b": b}


def _show_pair(page: Console, inputs: Inputs, pair: Mapping[str, Any], ref: str) -> None:
    """A pair: its reason, the two claims beside one another where the page has room, and what opens it."""
    from rich.table import Column, Table
    from rich.text import Text

    from zizhu.cli.read.telling import item, side
    from zizhu.show.claims_page import one_line

    told = Text().append(pair["type"].replace("_", " "), style="bold").append(f": {one_line(pair['reason'])}")
    page.print(told.append(f" ({pair['rule']})", style="dim"), soft_wrap=True)
    both = _sides(inputs, pair)
    if page.width >= TWO_COLUMNS:
        grid = Table(
            Column(ratio=1), Column(ratio=1), box=None, show_header=False, expand=True, padding=(0, 1)
        )
        grid.add_row(*(side(*one) for one in both))
        page.print(grid)
    else:
        for document, claim in both:
            page.print(item(document, claim), soft_wrap=True)
    page.print(Text(f"  zizhu trace '{ref}'\n", style="dim"), soft_wrap=True)


def rejected(document: DocumentNamed = "", top: Top = 20, as_json: Json = False, place: Place = None) -> None:
    """What extractors proposed and the gate refused, with the reason."""
    from rich.text import Text

    from zizhu.cli.output import console, emit_json
    from zizhu.read.called import short
    from zizhu.read.chosen import every
    from zizhu.read.exchange.lines import data
    from zizhu.show.claims_page import one_line

    held = [(one.document, refused) for one in every(workspace(place), document) for refused in one.rejected]
    if as_json:
        emit_json([{"document": d.name, "document_id": d.id, **data(refused)} for d, refused in held])
        return
    page = console()
    for d, refused in held[:top]:
        told = Text().append(f"{refused.reason}  ", style="bold").append(f"{one_line(refused.words)}\n")
        told.append(f"    {one_line(refused.quote)}\n")
        told.append(
            f"    {one_line(short(d.name))}  {refused.extractor}  {one_line(refused.said)}", style="dim"
        )
        page.print(told, soft_wrap=True)
    if not held:
        page.print("Nothing was refused.")
    _say_rest(page, len(held) - min(top, len(held)), top)
