"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zizhu.vocab import groups

if TYPE_CHECKING:
    from zizhu.store import Workspace

AsJson = Annotated[bool, typer.Option("--json", help="Print {columns, units, rows, run} instead of a table.")]
AsList = Annotated[bool, typer.Option("--json", help="Print a list instead of a table.")]
Country = Annotated[
    str, typer.Option(parser=groups.coded, metavar="COUNTRY", help="Country or group: CHN, EU27 or a name.")
]
Whose = Annotated[
    str | None,
    typer.Option(
        parser=groups.coded, metavar="COUNTRY", help="Country or group. That of the plan if absent, else CHN."
    ),
]
Partners = Annotated[
    list[str] | None,
    typer.Option(parser=groups.coded, metavar="COUNTRY", help="Partner to show; repeatable."),
]
Top = Annotated[int, typer.Option(min=1, help="How many rows to print.")]
Insist = Annotated[
    bool, typer.Option("--insist", help="Answer even when the table sees less than half of what is asked.")
]
TableName = Annotated[
    str | None,
    typer.Option("--table", help="Input-output table; `zizhu data list` shows them. The best one if absent."),
]
TradeName = Annotated[
    str | None,
    typer.Option("--trade", help="Trade table; `zizhu data list` shows them. The best one if absent."),
]
PlotFile = Annotated[
    Path | None,
    typer.Option("--plot", help="Also draw the answer: a file ending in .svg, .png or .vl.json (Vega-Lite)."),
]
Drawing = Annotated[
    str | None,
    typer.Option(
        "--drawing",
        metavar="NAME",
        help="With --plot: another figure than the first, such as map or flows where partners are countries.",
    ),
]
CsvFile = Annotated[
    Path | None, typer.Option("--csv", help="Also write all rows of the answer: a file ending in .csv.")
]
TraceRow = Annotated[
    int | None,
    typer.Option(
        "--trace",
        min=1,
        help="Also open the number of this row of the list (1: the first), as `zizhu trace` does.",
    ),
]
Place = Annotated[
    Path | None,
    typer.Option("--workspace", envvar="ZIZHU_WORKSPACE", help="Folder of your own tables and runs."),
]


def workspace(place: Path | None) -> Workspace:
    """The workspace at `place`, or the user's default one."""
    from zizhu.store import Workspace

    return Workspace(place)
