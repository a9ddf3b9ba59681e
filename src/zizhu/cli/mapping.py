"""`zizhu data map`: a first map of a table of your own, to be corrected and then added."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zizhu.vocab.problems import Problem, ZizhuError

if TYPE_CHECKING:
    from zizhu.sources.own.draft import Draft

TableFile = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="A table: CSV or other text, .xlsx, Parquet, also in a zip or gz."),
]


class TableKind(StrEnum):
    """What a table of one's own can be."""

    trade = "trade"
    series = "series"
    production = "production"
    panel = "panel"


Kind = Annotated[TableKind | None, typer.Option("--kind", help="What the table is; guessed if absent.")]
SheetName = Annotated[str, typer.Option("--sheet", help="The sheet of a workbook that has several.")]
Inside = Annotated[str, typer.Option("--member", help="The file in a zip archive that has several.")]
Out = Annotated[
    Path | None, typer.Option("--out", help="The map; FILE's name with .map.yaml in this folder if absent.")
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite a map that is there.")]
Json = Annotated[
    bool, typer.Option("--json", help="Print the guesses as JSON; no map is written without --out.")
]


def map_table(
    file: TableFile,
    kind: Kind = None,
    sheet: SheetName = "",
    member: Inside = "",
    out: Out = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Look at a table of your own and write down how zizhu would read it, for you to correct.

    The map names every column's role, codes and unit with a reason and how sure it is; what is open says TODO.
    `zizhu data add` then reads the table by it.
    """
    from zizhu.cli.output import console, emit_json
    from zizhu.sources.own.draft import draft
    from zizhu.sources.own.map_yaml import to_yaml

    place = out or Path(f"{file.name.partition('.')[0] or 'table'}.map.yaml")
    writing = out is not None or not as_json
    if writing:
        _require_free(place, file, force)
    made = draft(file, kind.value if kind else None, sheet, member)
    if writing:
        _write(place, to_yaml(made, place.parent))
    if as_json:
        emit_json(_told(made, place if writing else None))
        return
    page = console()
    page.print(f"{place}: {len(made.columns)} columns, taken for a {made.kind.value} table.", markup=False)
    for what, guess in made.doubtful()[:30]:
        page.print(f"  {what}: {guess.value}? {guess.confidence:.0%} sure ({guess.reason})", markup=False)
    for column in made.columns[:200]:
        for oddity in column.oddities:
            page.print(f"  beware of {column.look.name!r}: {oddity}", markup=False)
    page.print("Next: correct it, replace every TODO, then", markup=False)
    page.print(f"  zizhu data add {place}", markup=False)


def _require_free(place: Path, file: Path, force: bool) -> None:
    if not place.name.casefold().endswith((".map.yaml", ".map.yml")):
        remedy = "`zizhu data add` knows a map by the end of its name."
        raise ZizhuError(
            Problem(f"the name {place.name!r}", "--out", "a name that ends in .map.yaml", remedy)
        )
    if place.exists() and (not force or not place.is_file() or place.samefile(file)):
        remedy = "Give --force to overwrite it (your corrections are lost), or another name with --out."
        raise ZizhuError(Problem("is there already", str(place), "a new file", remedy))


def _write(place: Path, text: str) -> None:
    from zizhu.store.files import write_atomic

    try:
        write_atomic(place, text.encode())
    except OSError as error:
        what = f"cannot be written ({error.strerror})"
        remedy = "Choose another place with --out."
        raise ZizhuError(Problem(what, str(place), "a folder that you may write to", remedy)) from error


def _told(made: Draft, place: Path | None) -> dict[str, Any]:
    """The guesses as JSON."""
    return {
        "map": str(place) if place else None,
        "kind": vars(made.kind),
        "layout": made.layout.model_dump(),
        "form": {name: vars(g) for name, g in made.form.items()},
        "columns": [
            {
                "name": c.look.name,
                "role": vars(c.role),
                "codes": vars(c.codes),
                "unit": {
                    "value": vars(c.unit.value) if c.unit.value else None,
                    "confidence": c.unit.confidence,
                    "reason": c.unit.reason,
                },
                "period": c.period,
                "samples": list(c.look.samples),
                "missing": list(c.look.missing),
                "totals": list(c.look.totals),
                "beware": list(c.oddities),
            }
            for c in made.columns
        ],
        "notes": list(made.notes),
    }
