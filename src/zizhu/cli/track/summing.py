"""`zizhu track portfolio`: counts by group, the number that may be met, what would change verdicts, what changed."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from zizhu.cli.answering import Asked, answering
from zizhu.cli.days import AsOf, day
from zizhu.cli.options import Top, Whose
from zizhu.cli.track.listing import Plan


class By(StrEnum):
    """By what targets are gathered."""

    PLAN = "plan"
    SECTOR = "sector"
    SERIES = "series"
    VERDICT = "verdict"


@answering
def portfolio(
    ask: Asked,
    plan: Plan = "",
    country: Whose = None,
    by: Annotated[By, typer.Option(help="By what targets are gathered.")] = By.PLAN,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="Compare with what could be said then; without the newest value of each series if absent.",
        ),
    ] = None,
    as_of: AsOf = None,
    top: Top = 15,
) -> None:
    """Verdicts by plan, sector or series, the number that may be met, and which datum would change most."""
    from zizhu.cli.output import Listing, give, working
    from zizhu.track import judged
    from zizhu.track import portfolio as verb

    on, problems = day(as_of)
    start, wrong = day(since, "--since") if since is not None else ("", [])
    ws = ask.ready([*problems, *wrong])
    with working("Judging"):
        whose = country or judged.whose(ws, plan)
        inputs = verb.load(ws, verb.Params(country=whose, as_of=on, plan=plan, since=start))
        result = verb.solve(inputs)
    against = f"since {start}" if start else "by the newest value of each series"
    listings = [
        Listing(f"Targets by {by}", verb.gathered(result, by.value), top),
        Listing("Which datum would change a verdict most", verb.wanted(result), top),
        Listing(f"What changed {against}", verb.changed(result), top),
    ]
    give(
        ws,
        result,
        [one for one in listings if one.frame.height],
        ask.form,
        "targets",
        inputs,
        verb.sentence(result),
    )
