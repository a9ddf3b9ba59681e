"""`zizhu depend product`: one flagged product, and everything that leads on from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from zizhu.cli.options import AsJson, Place, TableName, TradeName
from zizhu.cli.ready import ready, tables
from zizhu.vocab.problems import CannotAnswer

if TYPE_CHECKING:
    from zizhu.depend.linked import Links
    from zizhu.ledger.result import Result
    from zizhu.store import Workspace


def product(
    product: Annotated[str, typer.Argument(help="HS code, or words that one product's label has.")],
    importer: Annotated[str, typer.Option(help="Country or group, by code or name.")],
    year: Annotated[int | None, typer.Option(help="Year; the table's last if absent.")] = None,
    table: TableName = None,
    trade: TradeName = None,
    as_json: AsJson = False,
    place: Place = None,
) -> None:
    """One product: its flags, its industry's look-through, targets and events that touch it, and what to ask next."""
    from zizhu.cli.output import emit_json, result_json, working
    from zizhu.depend import flags
    from zizhu.depend.linked import links
    from zizhu.tables.load import load_trade

    ws = ready(place)
    flows, goods = tables(ws, table, trade)
    with working("Drawing the flows"):
        held = load_trade(ws, goods)
        codes = held.chosen([product])
        params = flags.Params(trade=goods, importers=(importer,), products=codes, year=year)
        flagged = flags.solve(flags.Inputs(params, held))
    found, row = links(codes[0]), flagged.frame.row(0, named=True)
    exposed = _exposed(ws, flows, goods, row, found)
    asked = _next(row, found, flows)
    if as_json:
        answers = {"flags": result_json(flagged), "exposure": exposed and result_json(exposed)}
        emit_json({**answers, **_facts(found), "next": asked})
    else:
        _show(ws, flagged, exposed, found, asked)


def _exposed(ws: Workspace, table: str, trade: str, row: dict[str, Any], found: Links) -> Result | None:
    """How far the lead supplier is in what the importer's industries make; None where no industry is known."""
    from zizhu.cli.output import working
    from zizhu.depend import exposure

    if found.industry is None:
        return None
    buyers = (f"{row['importer']}:MANUF", f"{row['importer']}:{found.industry.sector}")
    params = exposure.Params(table=table, trade=trade, buyers=buyers, sources=(row["lead"],), insist=True)
    try:
        with working("Factoring the table"):
            return exposure.solve(exposure.load(ws, params))
    except CannotAnswer:  # an economy outside the table
        return None


def _next(row: dict[str, Any], found: Links, table: str) -> list[str]:
    """Commands that lead on from the product."""
    who, lead, code = row["importer"], row["lead"], row["hs6"]
    asked = [
        f"zizhu depend suppliers --reporter {who} --product {code}",
        f"zizhu depend stages --reporter {who} --product {code}",
        f"zizhu stress from-product {code} --importer {who} --sender {lead}",
    ]
    if found.industry is not None:
        sector = found.industry.sector
        asked += [
            f"zizhu depend paths --buyer {who}:MANUF --source {lead} --table {table}",
            f"zizhu stress what-if --sender {lead}:{sector} --receiver {who} --table {table}",
        ]
    return asked


def _facts(found: Links) -> dict[str, Any]:
    industry = found.industry
    return {
        "industry": None if industry is None else {"sector": industry.sector, "basis": industry.basis},
        "targets": [link._asdict() for link in found.targets],
        "events": [link._asdict() for link in found.events],
    }


def _show(ws: Workspace, flagged: Result, exposed: Result | None, found: Links, asked: list[str]) -> None:
    from rich.markup import escape

    from zizhu.cli.output import Form, Listing, console, give
    from zizhu.vocab import names

    columns = ("preset", "flagged", "label", "probability", "next_year", "margin", "lead", "lead_share")
    row = flagged.frame.row(0, named=True)
    title = f"{names.product(row['hs6'])}, imports of {names.told(row['importer'])}"
    give(ws, flagged, [Listing(title, flagged.frame, None, columns)], Form(), "probability")
    page = console()
    if exposed is not None and found.industry is not None:
        page.print()
        made = f"made by {names.within(names.sector(found.industry.sector))} ({found.industry.basis})"
        give(ws, exposed, [Listing(f"Its industry: {made}", exposed.frame)], Form(), "value_added_content")
    for title, links in (("Targets", found.targets), ("Events", found.events)):
        if links:
            page.print(f"\n[bold]{title}[/]")
        for link in links:
            page.print(f"{escape(link.says)} [dim]({escape(link.how)}; {link.ref})[/]")
    page.print("\n[bold]Next[/]")
    for command in asked:
        page.print(f"  {escape(command)}")
