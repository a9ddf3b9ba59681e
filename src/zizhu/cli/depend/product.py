"""`zizhu depend product`: one flagged product, and everything that leads on from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from zizhu.cli.options import AsJson, Place, TableName, TradeName
from zizhu.cli.ready import ready, tables
from zizhu.vocab.problems import ZizhuError

if TYPE_CHECKING:
    from zizhu.depend.exposure import Inputs
    from zizhu.depend.linked import Link, Links
    from zizhu.ledger.result import Result
    from zizhu.store import Workspace


class Seen(NamedTuple):
    """What the input-output table sees of the product's industry: the answer and its inputs, or why there is none."""

    inputs: Inputs | None = None
    result: Result | None = None
    why: str = ""

    @property
    def year(self) -> int | None:
        """The year of the table, where it answered."""
        return None if self.inputs is None else max(self.inputs.mrio.flags.years)


def product(
    product: Annotated[str, typer.Argument(help="HS code, or words that one product's label has.")],
    importer: Annotated[str, typer.Option(help="Country or group, by code or name.")],
    year: Annotated[int | None, typer.Option(help="Year of the trade; the table's last if absent.")] = None,
    table: TableName = None,
    trade: TradeName = None,
    as_json: AsJson = False,
    place: Place = None,
) -> None:
    """One product: its flags, its industry's look-through, targets and events that touch it, and what to ask next."""
    from zizhu.cli.output import emit_json, noted, result_json, working
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
    seen = _seen(ws, flows, goods, row, found)
    asked = _next(row, found, seen, flows, "" if trade is None else f" --trade {trade}", year)
    if as_json:
        exposed = seen.result and result_json(noted(ws, seen.result))
        answers = {"flags": result_json(noted(ws, flagged)), "exposure": exposed}
        years = {"flags": row["year"], "exposure": seen.year}
        emit_json({**answers, "no_exposure": seen.why, "years": years, **_facts(found), "next": asked})
    else:
        _show(ws, flagged, seen, found, asked)


def _seen(ws: Workspace, table: str, trade: str, row: dict[str, Any], found: Links) -> Seen:
    """How far the lead supplier is in what the importer's industries make."""
    from zizhu.cli.output import working
    from zizhu.depend import exposure

    if found.industry is None:
        return Seen(why="No industry is known that makes it.")
    buyers = (f"{row['importer']}:MANUF", f"{row['importer']}:{found.industry.sector}")
    params = exposure.Params(table=table, trade=trade, buyers=buyers, sources=(row["lead"],), insist=True)
    with working("Factoring the table"):
        inputs = exposure.load(ws, params)
        try:
            return Seen(inputs, exposure.solve(inputs))
        except ZizhuError as error:  # an economy or industry that the table does not tell apart
            return Seen(why="; ".join(f"{p.what} (expected: {p.expected})" for p in error.problems))


def _next(
    row: dict[str, Any], found: Links, seen: Seen, table: str, trade: str, year: int | None
) -> list[str]:
    """Commands that lead on from the product, without those that the input-output table cannot answer."""
    who, lead, code = row["importer"], row["lead"], row["hs6"]
    until = "" if year is None else f" --last {year}"
    asked = [
        f"zizhu depend suppliers --reporter {who} --product {code}{until}{trade}",
        f"zizhu depend stages --reporter {who} --product {code}{trade}",
        f"zizhu stress from-product {code} --importer {who} --sender {lead}{trade}",
    ]
    if found.industry is None or seen.inputs is None or seen.result is None:
        return asked
    insist = "" if _covered(seen.result) else " --insist"
    asked.append(f"zizhu depend paths --buyer {who}:MANUF --source {lead} --table {table}{trade}{insist}")
    sender = f"{lead}:{found.industry.sector}"
    if _can_be_cut(seen.inputs, sender, who):
        asked.append(f"zizhu stress what-if --sender {sender} --receiver {who} --table {table}")
    return asked


def _covered(result: Result) -> bool:
    """Whether the answer is given without being insisted on."""
    from zizhu.ledger.result import require_coverage

    try:
        require_coverage(result.coverage, False, "")
    except ZizhuError:
        return False
    return True


def _can_be_cut(inputs: Inputs, sender: str, receiver: str) -> bool:
    """Whether a cut of these sales can be answered with the table."""
    from zizhu.stress import what_if

    try:
        params = what_if.Params(table=inputs.params.table, sender=sender, receiver=receiver)
        what_if.solve(what_if.Inputs(params, inputs.mrio))
    except ZizhuError:
        return False
    return True


def _facts(found: Links) -> dict[str, Any]:
    industry = found.industry
    return {
        "industry": None if industry is None else {"sector": industry.sector, "basis": industry.basis},
        "targets": [link._asdict() for link in found.targets],
        "events": [link._asdict() for link in found.events],
    }


def _show(ws: Workspace, flagged: Result, seen: Seen, found: Links, asked: list[str]) -> None:
    from rich.markup import escape

    from zizhu.cli.output import Form, Listing, console, give
    from zizhu.vocab import names

    columns = ("preset", "flagged", "label", "probability", "next_year", "margin", "lead", "lead_share")
    row = flagged.frame.row(0, named=True)
    who = names.told(row["importer"])
    title = f"{names.product(row['hs6'])}, imports of {who} in {row['year']}"
    give(ws, flagged, [Listing(title, flagged.frame, None, columns)], Form(), "probability")
    page = console()
    page.print()
    _show_industry(ws, seen, found, row["year"])
    touching = [e for e in found.events if e.touches(row["importer"], row["year"])]
    others = [e for e in found.events if e not in touching]
    _show_links("Targets", found.targets)
    _show_links(f"Events that restrict what {who} buys", touching)
    _show_links("Events between others", others)
    page.print("\n[bold]Next[/]")
    for command in asked:
        page.print(f"  {escape(command)}", soft_wrap=True)


def _show_industry(ws: Workspace, seen: Seen, found: Links, year: int) -> None:
    """The look-through of the industry with its year, or why there is none."""
    from rich.markup import escape

    from zizhu.cli.output import Form, Listing, console, give
    from zizhu.vocab import names

    page = console()
    if found.industry is None or seen.result is None:
        page.print(f"[bold]Its industry is not looked through.[/] {escape(seen.why)}")
        return
    made = f"made by {names.within(names.sector(found.industry.sector))} ({found.industry.basis})"
    listing = Listing(f"Its industry in {seen.year}: {made}", seen.result.frame)
    give(ws, seen.result, [listing], Form(), "value_added_content")
    if seen.year != year:
        page.print(f"[bold]Note.[/] The trade above is of {year}, the input-output table of {seen.year}.")


def _show_links(title: str, links: Sequence[Link]) -> None:
    from rich.markup import escape

    from zizhu.cli.output import console

    page = console()
    if links:
        page.print(f"\n[bold]{escape(title)}[/]")
    for link in links:
        page.print(f"{escape(link.says)} [dim]({escape(link.how)}; {link.ref})[/]")
