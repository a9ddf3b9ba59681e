"""`zizhu reproduce`: published numbers beside ours, with the reason of each difference."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zizhu.cli.options import CsvFile, Place

if TYPE_CHECKING:
    from rich.console import Console

    from zizhu.show.reproduce import Compared

What = Annotated[
    str, typer.Argument(metavar="[ID|VERB]", help="One number by its id, or those of a verb; all if absent.")
]
Differences = Annotated[
    bool, typer.Option("--differences", help="Only those where ours is not the published number.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
LISTED = (
    "id",
    "what",
    "value",
    "unit",
    "ours",
    "difference",
    "outcome",
    "why",
    "grounds",
    "publisher",
    "title",
    "url",
)
"""The columns of the CSV file, before the reference."""
DIGITS = 4
"""Digits of ours beyond which nobody prints."""


def reproduce(
    what: What = "",
    differences: Differences = False,
    csv: CsvFile = None,
    as_json: Json = False,
    place: Place = None,
) -> None:
    """Numbers that others published beside ours, with the reason of each difference.

    Ends with 0 where every number is within the print, has a written reason or needs a table that is not here, else 3.
    """
    from zizhu.cli.output import Form, emit_json
    from zizhu.cli.progress import counting
    from zizhu.cli.ready import ready
    from zizhu.show.published import chosen, published
    from zizhu.show.reproduce import compared

    rows = chosen(published(), what)
    ws = ready(place, Form(csv=csv))
    with counting("Asking again", "Stopped: nothing was printed.") as tell:
        found = compared(ws, rows, tell)
    shown = [c for c in found if not (differences and c.outcome == "within the print")]
    if csv is not None:
        _save(csv, shown)
    if as_json:
        emit_json({"rows": [c.data() for c in shown], "outcomes": _counted(found)})
    else:
        _show(shown, found, one=len(rows) == 1)
    if any(c.outcome == "unexplained" for c in found):
        raise typer.Exit(3)


def _counted(found: Sequence[Compared]) -> dict[str, int]:
    """How many numbers have each outcome."""
    outcomes = [c.outcome for c in found]
    return {o: outcomes.count(o) for o in dict.fromkeys(outcomes)}


def _save(path: Path, shown: Sequence[Compared]) -> None:
    import polars as pl

    from zizhu.cli.output import save

    data = [c.data() for c in shown]
    rows = [{k: d[k] for k in LISTED} | {"ref": next(iter(d["refs"]), "")} for d in data]
    save(path, pl.DataFrame(rows, schema=[*LISTED, "ref"], infer_schema_length=None).write_csv())


def _show(shown: Sequence[Compared], found: Sequence[Compared], one: bool) -> None:
    from zizhu.cli.output import console

    page = console()
    if not one:
        page.print(f"{len(found)} published numbers: {_summary(found)}.", highlight=False)
    asked = [c for c in shown if not c.missing]
    if asked:
        _table(page, asked)
    _reasons(page, [c for c in asked if c.why], "Why ours differs")
    _reasons(page, [c for c in shown if c.missing], "Not asked: a table is needed")
    for c in shown if one else ():
        _whole(page, c)
    opens = next((c.refs[0] for c in asked if c.refs), "")
    if opens:
        page.print(f"\n[dim]Open one of ours: zizhu trace '{opens}'[/]", soft_wrap=True)
        if not one:
            page.print(
                f"[dim]Its source and reference: zizhu reproduce {asked[0].published.id}[/]", soft_wrap=True
            )


def _summary(found: Sequence[Compared]) -> str:
    """How many have each outcome, and how sure the reasons are."""
    counts = _counted(found)
    grounds = [c.published.grounds for c in found if c.outcome == "differs"]
    words = {
        "within the print": "within the print",
        "differs": f"differ for a reason ({grounds.count('found')} found, {grounds.count('likely')} likely)",
        "needs a table": "need a table",
        "unexplained": "unexplained",
    }
    return ", ".join(f"{counts[o]} {said}" for o, said in words.items() if o in counts)


def _table(page: Console, shown: Sequence[Compared]) -> None:
    from rich.markup import escape
    from rich.table import Column, Table

    from zizhu.show.format import minus

    right = {"justify": "right", "no_wrap": True}
    table = Table(
        Column("id", no_wrap=True),
        Column("what", overflow="fold", min_width=24),
        Column("published", **right),  # type: ignore[arg-type]
        Column("ours", **right),  # type: ignore[arg-type]
        Column("difference", **right),  # type: ignore[arg-type]
        Column("unit", no_wrap=True),
        Column("print", no_wrap=True),
        box=None,
        header_style="bold",
        pad_edge=False,
    )
    for c in shown:
        p = c.published
        sign = "" if p.sign == "=" else f"{p.sign} "
        within = "within" if c.outcome == "within the print" else c.outcome
        numbers = (sign + minus(f"{p.value:,.15g}"), _number(c.ours), _number(c.difference))
        table.add_row(*map(escape, (p.id, p.what, *numbers, p.unit, within)))
    page.print(table)


def _number(value: float | None) -> str:
    from zizhu.show.format import minus

    if value is None:
        return "n/a"
    return minus(f"{value:,.0f}" if abs(value) >= 10 ** (DIGITS - 1) else f"{value:.{DIGITS}g}")


def _reasons(page: Console, those: Sequence[Compared], title: str) -> None:
    """Each reason once, with the ids of the numbers that have it."""
    by_reason: dict[str, list[Compared]] = {}
    for c in those:
        by_reason.setdefault(c.why, []).append(c)
    if by_reason:
        page.print(f"\n[bold]{title}[/]")
    for why, alike in by_reason.items():
        page.print(", ".join(_named(c) for c in alike), style="bold", markup=False)
        likely = (
            "Likely: " if alike[0].outcome == "differs" and alike[0].published.grounds == "likely" else ""
        )
        page.print(f"  {likely}{why}", markup=False)


def _named(c: Compared) -> str:
    p = c.published
    return f"{p.id} ({p.what}: {p.value:,.15g} {p.unit})" if c.missing else p.id


def _whole(page: Console, c: Compared) -> None:
    """Source, question and references of one number."""
    import json

    p = c.published
    page.print()
    said = {
        "source": f"{p.citation} ({p.quality})",
        "read at": p.url,
        "tolerance": f"{p.tolerance:g} {p.unit}: {p.tolerance_from}",
        "asked": f"{p.verb} {json.dumps(dict(p.question), ensure_ascii=False)}" if p.verb else "",
        "taken": f"{p.column} of {p.rows}{f' over {p.over}' if p.over else ''}, times {p.times:g}"
        if p.verb
        else "",
        "without a value": f"{c.left_out} rows" if c.left_out else "",
        "note": p.note,
    }
    for name, text in said.items():
        if text:
            page.print(f"{name}: {text}", markup=False, soft_wrap=True)
    for ref in c.refs[1:5]:
        page.print(f"also of it: {ref}", markup=False, soft_wrap=True)
