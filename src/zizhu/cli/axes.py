"""The axes of an input-output table for people: what it has, its industries by name, how to open a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

    from zizhu.tables.axes import Axes


def print_axes(axes: Axes) -> None:
    """Print what a table states of itself, its industries, and a reference of each kind of cell."""
    from rich.markup import escape

    from zizhu.cli.output import console

    page = console()
    for head, text in [*_stated(axes), *_held(axes), *[("Note", note) for note in axes.meta.notes]]:
        page.print(f"[bold]{head}.[/] {escape(text)}")
    if axes.named:
        page.print(_industries(axes))
    for ref in axes.examples:
        page.print(f"[dim]Open a cell: zizhu trace '{escape(ref)}'[/]", soft_wrap=True)


def _stated(axes: Axes) -> list[tuple[str, str]]:
    flags = axes.flags
    final = "yes" if flags.has_final_by_destination else "no"
    exact = f", cells within {flags.relative_error:.2g} of the published ones" if flags.relative_error else ""
    return [
        (axes.meta.name, axes.meta.title),
        ("Years", ", ".join(map(str, flags.years))),
        ("Unit", next(iter(axes.meta.units.values()))),
        ("Rest of the world", "yes" if flags.has_rest_of_world else "no"),
        ("Final demand by destination", "estimated" if flags.final_is_estimated else final),
        ("Value added", "what output leaves after inputs" if flags.value_added_is_residual else "as stated"),
        ("Rows and columns add up to output", f"{'yes' if flags.balanced else 'no'}{exact}"),
    ]


def _held(axes: Axes) -> list[tuple[str, str]]:
    countries = [
        f"{code}{f' {name}' if name != code else ''}{f' (part of {whole})' if whole else ''}"
        for code, name, whole in axes.countries
    ]
    found = [(f"{len(countries)} countries" if len(countries) > 1 else "Country", ", ".join(countries))]
    if axes.categories:
        found.append(("Categories of final demand", ", ".join(axes.categories)))
    listed = "" if axes.named else ", whose names are in the producer's file"
    codes = "" if axes.named else ", ".join(i.code for i in axes.industries)
    return [*found, (f"{len(axes.industries)} industries{listed}", codes)]


def _industries(axes: Axes) -> Table:
    from rich.markup import escape
    from rich.table import Column, Table

    shown = Table(
        Column("code", no_wrap=True),
        *("industry", "name in Chinese", "section"),
        box=None,
        header_style="bold",
    )
    for i in axes.industries:
        name = i.name if i.name != i.code else ""
        shown.add_row(*map(escape, (i.code, f"{name} ({i.note})" if i.note else name, i.name_zh, i.section)))
    return shown
