"""`zizhu stress from-event`, `from-product`, `events` and `fields`: first scenario files, and what may stand in one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zizhu.cli.options import Place, TradeName
from zizhu.vocab.problems import Problem, ZizhuError

ENDINGS = (".yaml", ".yml")
STANDARD = Path("-")
"""What stands for standard output."""
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE.yaml", help="The file to write; printed if absent or -."),
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")]


def events(
    as_json: Annotated[bool, typer.Option("--json", help="Print a list instead of a table.")] = False,
) -> None:
    """The dated events of the register that a scenario can be drafted from."""
    from zizhu.cli.output import console, emit_json
    from zizhu.stress.scenario.from_event import draftable

    found = draftable()
    if as_json:
        emit_json([{"id": e.id, "date": e.date, "actor": e.actor, "event": e.event} for e in found])
        return
    page = console()
    for event in found:
        page.print(f"{event.id}  {event.event}", markup=False, soft_wrap=True)
    page.print("Next: zizhu stress from-event ID --out FILE.yaml", markup=False)


def from_event(
    event: Annotated[str, typer.Argument(help="Its id; `zizhu stress events` lists them.")],
    out: Out = None,
    force: Force = False,
) -> None:
    """Draft a scenario file from a dated event, with sources and assumptions in its comments."""
    from zizhu.stress.scenario.from_event import drafted

    _require_free(out, force)
    _give(drafted(event), out)


def from_product(
    product: Annotated[str, typer.Argument(help="HS code, or words that one product's label has.")],
    importer: Annotated[str, typer.Option(help="Country or group, by code or name.")],
    sender: Annotated[str, typer.Option(help="Who stops selling; the lead supplier if absent.")] = "",
    trade: TradeName = None,
    out: Out = None,
    force: Force = False,
    place: Place = None,
) -> None:
    """Draft a scenario file in which a supplier stops selling a product to an importer."""
    from zizhu.cli import ready
    from zizhu.cli.options import workspace
    from zizhu.stress.scenario.from_product import drafted_for
    from zizhu.tables.load import load_trade

    _require_free(out, force)
    ws = workspace(place)
    goods = load_trade(ws, ready.trade(ws, trade))
    _give(drafted_for(importer, product, goods, sender, pinned=trade is not None), out)


def fields() -> None:
    """All settings that a scenario file may have, as Markdown."""
    from zizhu.stress.scenario.fields import documented

    typer.echo(documented(), nl=False)


def _require_free(out: Path | None, force: bool) -> None:
    """Raise ZizhuError with all that keeps the file from being written."""
    from zizhu.cli.ready import unwritable

    if out is None or out == STANDARD:
        return
    problems = unwritable(out, "--out", ENDINGS, "Rename the file.")
    if out.is_file() and not force:
        remedy = "Give --force to overwrite it (your corrections are lost), or another name."
        problems.append(Problem("is there already", f"--out {out}", "a new file", remedy))
    if problems:
        raise ZizhuError(problems)


def _give(text: str, out: Path | None) -> None:
    from zizhu.cli.output import save

    if out is None or out == STANDARD:
        typer.echo(text, nl=False)
        return
    save(out, text)
    typer.echo(f"{out} is written: a first draft to be checked, line by line.")
