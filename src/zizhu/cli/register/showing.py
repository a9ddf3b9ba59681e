"""`zizhu register show`: everything about one record."""

from __future__ import annotations

from typing import Annotated

import typer

from zizhu.cli.options import Place
from zizhu.cli.register.tables import held, table


def show(
    record: Annotated[
        str, typer.Argument(metavar="ID", help="An id or name: T002, MIC2025, 14fyp, 中国制造2025.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one document instead of tables.")] = False,
    place: Place = None,
) -> None:
    """Everything about a plan, target, instrument, event or place: what belongs to it, its line, siblings, sources."""
    from zizhu.cli.opened import cited
    from zizhu.cli.output import console, emit_json
    from zizhu.ledger.dossier import dossier

    found = dossier(held(place), record)
    if as_json:
        sections = {s.title: list(s.rows) for s in found.sections}
        sources = [s.model_dump(mode="json") for s in found.sources]
        emit_json(
            {
                "kind": found.kind,
                "id": found.id,
                "name": found.name,
                "fields": found.fields,
                "sections": sections,
                "sources": sources,
            }
        )
        return
    page = console()
    page.print(
        f"{found.id}: {found.name}" if found.name != found.id else found.id, style="bold", markup=False
    )
    for name, value in found.fields.items():
        page.print(f"  {name}: {_told(value)}", markup=False)
    page.print()
    for section in found.sections:
        table(page, section.title, section.rows)
    for source in found.sources:
        page.print(f"Source {source.id} ({source.quality}): {cited(source)}", markup=False, soft_wrap=True)


def _told(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{k}: {v}" for k, v in value.items())
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
