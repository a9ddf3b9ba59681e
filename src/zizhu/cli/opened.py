"""A reference opened, for people and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table

    from zizhu.ledger.models import Source
    from zizhu.show.trace import Opened

TOP = 20
"""Parts and sources shown where nothing else is asked for."""
ROUNDING = 1e-9
"""A remainder below this part of the number is what adding floats leaves, when no part is left out."""


def show(opened: Opened, top: int = TOP) -> None:
    """Print a reference with its parts, what they leave, its run and at most `top` sources."""
    from zizhu.cli.output import cell, console

    page = console()
    value = "" if opened.value is None else f" = {cell(opened.value, opened.unit)} ({opened.unit})"
    page.print(opened.ref, style="bold", markup=False, soft_wrap=True)
    page.print(f"{opened.sentence}{value}", markup=False)
    for name, text in opened.fields:
        page.print(f"  {name}: {text}", markup=False)
    if opened.parts:
        page.print(_parts(opened))
    if opened.run is not None:
        run = opened.run
        again = "; made again: same digest" if opened.again else ""
        page.print(f"Made by {run.method}, zizhu {run.version}, run {run.id}{again}.", markup=False)
    for source in opened.sources[:top]:
        page.print(f"Source ({source.quality}): {cited(source)}", markup=False, soft_wrap=True)
    if len(opened.sources) > top:
        page.print(f"and {len(opened.sources) - top} more: --top {len(opened.sources)}, or --json for all.")


def _parts(opened: Opened) -> Table:
    from rich.markup import escape
    from rich.table import Column, Table

    from zizhu.cli.output import cell

    table = Table(
        "part",
        Column("value", justify="right"),
        Column("of it", justify="right"),
        Column("reference", overflow="fold"),
        box=None,
        header_style="bold",
    )
    for part in opened.parts:
        label = escape(f"{part.label}{' (assumed)' * part.assumed}{f' ({part.unit})' if part.unit else ''}")
        share = "" if part.share is None else f"{part.share:.1%}"
        table.add_row(label, cell(part.value, part.unit or opened.unit), share, escape(part.ref))
    summed = any(p.share is not None for p in opened.parts)
    rounding = abs(opened.remainder) <= ROUNDING * abs(opened.value or 0.0)
    if opened.left_out or (summed and not rounding):
        more = f"and {opened.left_out:,} more" if opened.left_out else "everything else"
        rest = opened.remainder / opened.value if summed and opened.value else None
        share = "" if rest is None else f"{rest:.1%}"
        table.add_row(more, cell(opened.remainder, opened.unit) if summed else "", share, "")
    return table


def cited(source: Source) -> str:
    """Publisher, title, edition, date, licence and address of a source, without what is not known."""
    from zizhu.vocab import periods

    day = periods.label(periods.parse(source.published)) if source.published else ""
    named = ", ".join(s for s in (source.producer, source.title, source.edition, day) if s)
    return "; ".join(s for s in (named, source.licence, source.url) if s)


def as_data(opened: Opened) -> dict[str, Any]:
    """A reference opened, as plain data; sources are complete, `left_out` counts the parts that are not shown."""
    return {
        "ref": opened.ref,
        "sentence": opened.sentence,
        "value": opened.value,
        "unit": opened.unit,
        "parts": [vars(p) for p in opened.parts],
        "remainder": opened.remainder,
        "left_out": opened.left_out,
        "fields": dict(opened.fields),
        "run": opened.run.model_dump(mode="json") if opened.run else None,
        "sources": [s.model_dump(mode="json") for s in opened.sources],
    }
