"""`zizhu register diff`: what one plan carried over from another, rewrote, dropped and added."""

from __future__ import annotations

from typing import Annotated

import typer

from zizhu.cli.options import Place
from zizhu.cli.register.tables import held, table


def diff(
    plan_a: Annotated[str, typer.Argument(help="The earlier plan, by id or name: 14fyp, mic2025.")],
    plan_b: Annotated[str, typer.Argument(help="The later plan.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one document instead of tables.")] = False,
    place: Place = None,
) -> None:
    """Carried, rewritten, dropped and new: pillars and targets side by side, and what cannot be compared and why."""
    from zizhu.cli.output import console, emit_json
    from zizhu.ledger import finding
    from zizhu.ledger.succession import ORDER, compare, counts

    whole = held(place)
    a, b = finding.plan(whole, plan_a), finding.plan(whole, plan_b)
    found = compare(whole, a.id, b.id)
    if as_json:
        emit_json(found._asdict() | {"steps": [s._asdict() for s in found.steps]})
        return
    page = console()
    page.print(f"{a.id} ({a.name}) and {b.id} ({b.name})", style="bold", markup=False)
    for (kind, change), n in counts(found.steps).items():
        if n:
            page.print(f"  {kind}s {change}: {n}", markup=False)
    page.print()
    for change in ORDER:
        rows = [
            {"kind": s.kind, "item": s.item, a.id: s.a, b.id: s.b, "moved": s.moved, "why": s.why}
            for s in found.steps
            if s.change == change
        ]
        if rows:
            table(page, change, rows)
    for plan, parts in ((a.id, found.parts_a), (b.id, found.parts_b)):
        if len(parts) > 1:
            page.print(f"{plan} with its parts: {', '.join(parts[1:])}.", markup=False)
    page.print(
        "Dropped and new: the targets of the other plan that the register holds have nothing on the item. A plan "
        "promises more than was read of it.",
        markup=False,
    )
    if found.left_out:
        page.print(f"No promise of their own, so not compared: {', '.join(found.left_out)}.", markup=False)
