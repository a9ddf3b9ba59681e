"""`zizhu track show`: one target with its series, sources, method, and everything that competes with its verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from zizhu.cli.answering import Asked, answering
from zizhu.cli.days import AsOf, day

if TYPE_CHECKING:
    import polars as pl

TITLES = {
    "verdicts": "Verdicts",
    "wordings": "The aim in other wordings: of what?",
    "series": "Other series of the sector: --series ID, with --basis where it is on another one",
    "chance": "What the chance is made of",
    "second": "A second opinion on the interval, from errors of forecasts of other series: decides nothing",
    "scenarios": "Scenarios, which assume a mechanism and decide nothing",
    "rules": "What rules of statistical offices would say (two points, no variance)",
    "assessments": "What others say, and why it may differ",
    "sources": "Sources",
}
"""The lists beside the series, in the order in which they are read."""
UNITS = {
    "p": "probability",
    "values": "count",
    **dict.fromkeys(("verdict_lower", "verdict_upper"), "see unit"),
}


TargetId = Annotated[str, typer.Argument(metavar="TARGET", help="The id of a target: T010.")]
Series = Annotated[
    str, typer.Option(help="Another indicator to judge it by; the register's verdict is kept beside.")
]
Basis = Annotated[
    str, typer.Option(help="Another basis to read it on: brand, location, ownership, domestic content...")
]


@answering
def show(
    ask: Asked,
    target: TargetId,
    series: Series = "",
    basis: Basis = "",
    made: Annotated[
        str,
        typer.Option(
            help="The indicator of what was made each year: a cost gets its experience curve, a scenario."
        ),
    ] = "",
    as_of: AsOf = None,
) -> None:
    """One target: verdict, series with releases and sources, method, official rules, and what others say of it."""
    from zizhu.cli.output import Listing, give, working
    from zizhu.track import course as verb

    as_of_day, problems = day(as_of)
    ws = ask.ready(problems)
    with working("Judging"):
        inputs = verb.load(
            ws, verb.Params(target=target, as_of=as_of_day, series=series, basis=basis, made=made)
        )
        result = verb.solve(inputs)
    title = "Series, and where it may go" if result.frame.height else "No series"
    listings = [
        Listing(title, _filled(verb.lines(result).select(*verb.SHOWN))),
        *(
            Listing(said, _filled(result.lists[name]), units=UNITS)
            for name, said in TITLES.items()
            if name in result.lists
        ),
    ]
    give(ws, result, listings, ask.form, "value", inputs, verb.sentence(inputs))


def _filled(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns that have something in them."""
    return frame.select(c for c in frame.columns if any(x not in (None, "") for x in frame[c]))
