"""`zizhu track [PLAN]`: the scorecard, a line a target, with filters."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from zizhu.cli.answering import Asked, answering
from zizhu.cli.days import AsOf, day
from zizhu.cli.options import Whose


class Order(StrEnum):
    """By what the scorecard is sorted."""

    VERDICT = "verdict"
    PLAN = "plan"
    DEADLINE = "deadline"
    CHANCE = "chance"
    TARGET = "target"


Plan = Annotated[
    str, typer.Argument(help="A plan with its parts, by id or name: mic2025, 14fyp. All if absent.")
]
Sector = Annotated[str, typer.Option(help="Words of a sector, English or Chinese.")]
Measured = Annotated[
    str, typer.Option("--indicator", help="The id of a series, or words of what is measured.")
]


@answering
def scorecard(
    ask: Asked,
    plan: Plan = "",
    country: Whose = None,
    sector: Sector = "",
    indicator: Measured = "",
    verdict: Annotated[
        str, typer.Option(help="A verdict (missed, likely...) or a reason code (NO_SERIES, TOO_FEW...).")
    ] = "",
    sort: Annotated[Order, typer.Option(help="By what the list is sorted.")] = Order.VERDICT,
    as_of: AsOf = None,
    top: Annotated[int, typer.Option(min=1, help="How many rows to print.")] = 40,
) -> None:
    """Every target with its verdict, what was observed, needed against observed pace, and what others say."""
    from zizhu.cli.output import Listing, give, working
    from zizhu.track import judged as verb
    from zizhu.track import scorecard as words

    as_of_day, problems = day(as_of)
    ws = ask.ready(problems)
    chosen = {"plan": plan, "sector": sector, "indicator": indicator, "verdict": verdict}
    with working("Judging"):
        whose = country or verb.whose(ws, plan)
        inputs = verb.load(ws, verb.Params(country=whose, as_of=as_of_day, **chosen))
        result = verb.solve(inputs)
    lines = words.lines(inputs, result, sort.value)
    titles = {
        words.WORDINGS: "One aim, several wordings: of what?",
        words.ASSESSMENTS: "What others say, and why it may differ",
        words.WHOLE: "What others say of plans as wholes, each on a list of its own",
    }
    listings = [
        Listing("Targets and verdicts", lines, top),
        *(Listing(title, result.lists[name]) for name, title in titles.items() if name in result.lists),
    ]
    opened = lines[min(ask.form.trace or 1, lines.height) - 1, "target"]
    give(
        ws, result, listings, ask.form, words.best(result.row(opened)), inputs, words.sentence(inputs, result)
    )
