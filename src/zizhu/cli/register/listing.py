"""`zizhu register list`, `search` and `fields`: what is there, where words stand, and what a plan's folder may hold."""

from __future__ import annotations

from typing import Annotated

import typer

from zizhu.cli.options import AsList, Place
from zizhu.cli.register.tables import held, table
from zizhu.vocab import groups


def list_records(
    kind: Annotated[
        str | None,
        typer.Argument(help="plans, targets, instruments, amounts, events...; a count of all if absent."),
    ] = None,
    plan: Annotated[str, typer.Option(help="A plan with its parts, by id or name.")] = "",
    sector: Annotated[str, typer.Option(help="Words of a sector, English or Chinese.")] = "",
    country: Annotated[
        str, typer.Option(parser=groups.coded, metavar="COUNTRY", help="Whose they are: CHN, EU or a name.")
    ] = "",
    as_json: AsList = False,
    place: Place = None,
) -> None:
    """What the register holds: a count of each kind, or the records of one kind."""
    from zizhu.cli.output import console, emit_json
    from zizhu.ledger import dossier, listed

    whole = held(place)
    chosen = listed.kind_of(kind) if kind else None
    part = listed.narrowed(whole, plan, sector, country)
    rows = [{"kind": k, "records": n} for k, n in listed.counts(part).items()]
    if as_json:
        emit_json(rows if chosen is None else listed.records(part, chosen))
        return
    page = console()
    table(page, chosen or "The register", rows if chosen is None else listed.lines(part, chosen, whole))
    if chosen == "amounts":
        table(page, "money, no amount counted twice", dossier.money(part))


def search(
    words: Annotated[
        list[str], typer.Argument(help="English or Chinese; every word must stand in a record.")
    ],
    as_json: AsList = False,
    place: Place = None,
) -> None:
    """Records in whose names, aliases, items or notes the words stand, best first."""
    from zizhu.cli.output import console, emit_json
    from zizhu.ledger import finding

    found = finding.search(held(place), " ".join(words))
    rows = [
        {"kind": f.kind, "id": f.id, "name": f.name, "where": f.text if f.text != f.name else ""}
        for f in found
    ]
    if as_json:
        emit_json(rows)
        return
    page = console()
    if not rows:
        page.print("Nothing has all of these words. `zizhu register list` shows what there is.")
        return
    table(page, " ".join(words), rows)
    page.print("Next: zizhu register show ID", markup=False)


def fields() -> None:
    """Document what a plan's folder may hold, as Markdown."""
    from zizhu.ledger.register_fields import documented

    typer.echo(documented(), nl=False)
