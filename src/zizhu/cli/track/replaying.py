"""`zizhu track replay`: what could be said on an earlier day, against what happened."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from zizhu.cli.answering import Asked, answering
from zizhu.cli.days import AsOf, day
from zizhu.cli.options import Country, Top

YEARS = ("2015", "2018", "2020")
_YEAR = re.compile(r"\d{4}")


@answering
def replay(
    ask: Asked,
    days: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[DATE...]",
            help="Earlier days such as 2018-12-31, or years: their ends. Of 2015, 2018 and 2020 if absent.",
        ),
    ] = None,
    country: Country = "CHN",
    later: Annotated[
        bool, typer.Option("--later-plans", help="Score targets of plans issued after the day too.")
    ] = False,
    hindsight: Annotated[
        bool,
        typer.Option(
            "--hindsight",
            help="Take a value as known when such values usually are, though its page appeared later.",
        ),
    ] = False,
    as_of: AsOf = None,
    top: Top = 20,
) -> None:
    """What could be known on earlier days: chances then against what happened, beside climatology."""
    from zizhu.cli.output import Listing, give, working
    from zizhu.track import replay as verb

    on, problems = day(as_of)
    read = [day(f"{text}-12-31" if _YEAR.fullmatch(text) else text, "DATE") for text in days or YEARS]
    ws = ask.ready([*problems, *(p for _, wrong in read for p in wrong)])
    named = tuple(sorted({name for name, _ in read}))
    asked = {"country": country, "days": named, "as_of": on, "later": later, "hindsight": hindsight}
    with working("Judging again"):
        inputs = verb.load(ws, verb.Params.model_validate(asked))
        result = verb.solve(inputs)
    listings = [
        Listing("Scores: squared error of the chances, and of climatology", verb.summary(result)),
        Listing(
            "How many were replayed, and why not the others",
            result.lists[verb.LEFT_OUT],
            units=dict.fromkeys(named, "targets"),
        ),
        Listing("Targets", verb.lines(result, named), top),
    ]
    give(ws, result, listings, ask.form, "scored", inputs, verb.sentence(result))
