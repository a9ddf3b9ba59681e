"""Tables of records on the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from zizhu.ledger.folders import Register

ASIDE = ("source", "quality")
"""Columns that are left out where the page is narrow."""
WIDE = 150


def held(place: Path | None) -> Register:
    """The built-in register with the plans of the workspace; raises ZizhuError with every fault of these."""
    from zizhu.cli.options import workspace
    from zizhu.ledger import register

    return register.of(workspace(place).root)


def table(page: Console, title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows under a title, without the columns that are empty in all of them."""
    from rich.markup import escape
    from rich.table import Column, Table

    names = list(dict.fromkeys(name for row in rows for name in row))
    if page.width < WIDE:
        names = [n for n in names if n not in ASIDE]
    names = [n for n in names if any(row.get(n) not in ("", None) for row in rows)]
    shown = Table(
        *(Column(n, overflow="fold") for n in names),
        box=None,
        header_style="bold",
        pad_edge=False,
        show_edge=False,
    )
    for row in rows:
        shown.add_row(*(escape(_cell(row.get(n))) for n in names))
    page.print(f"[bold]{escape(title)}[/] [dim]({len(rows)})[/]")
    page.print(shown)
    page.print()


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.10g}"
    return "" if value is None else str(value)
