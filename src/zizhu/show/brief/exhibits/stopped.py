"""i. If it stopped: a control week by week, what its sender and those it is kept from lose, with bands."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.show.brief import words
from zizhu.show.brief.desk import Answer, Desk
from zizhu.show.brief.exhibits import lasted
from zizhu.show.brief.model import Exhibit, Grid, Line, Number, Panel, joined, line
from zizhu.show.brief.scenarios import DRAWS, Chosen, candidates
from zizhu.show.format import listed, percent
from zizhu.stress import run, spread
from zizhu.stress.bounds import bound
from zizhu.stress.draw.losses import course
from zizhu.stress.periods import A_YEAR, ALL
from zizhu.stress.rows import FIRST, OUTPUT, SALES
from zizhu.stress.scenario.shocks import Licence, Traded
from zizhu.stress.scenario.spans import told
from zizhu.vocab import names
from zizhu.vocab.groups import WORLD
from zizhu.vocab.names import the
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError
from zizhu.vocab.sectors import TOTAL

ROWS, DRIVERS = 8, 3
DIGITS = 2
TITLE = "If it stopped: a control week by week"
Row = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """A scenario with its answer, and whom to show: the country (of a group, the member that loses most), the sender
    of what stops, and all others, those that lose most for their size first."""

    chosen: Chosen
    answer: Answer
    mine: str
    sender: str
    others: tuple[str, ...]

    @property
    def first(self) -> tuple[str, ...]:
        """The country and the sender, each once."""
        return tuple(dict.fromkeys((self.mine, self.sender)))

    @property
    def stop(self) -> Traded:
        """What stops, in the words of the scenario."""
        return next(s for s in self.chosen.scenario.shocks if isinstance(s, Traded))

    def row(self, country: str, measure: str = OUTPUT, period: str = ALL) -> Row:
        """What a country loses."""
        return self.answer.row(measure=measure, country=country, sector=TOTAL, period=period)


def begin(desk: Desk, beside: Executor) -> None:
    """Begin the run, the longest question of a brief, while the other exhibits are being written."""
    first = next(candidates(desk), None)
    if first is not None:
        desk.begin(run.METHOD, run.Params(scenario=first.scenario), beside)


def build(desk: Desk) -> Exhibit:
    """The course of the losses by week, and a table with both sides; CannotAnswer with why no scenario can be run."""
    asked = _asked(desk)
    source, figure = asked.chosen.event, _figure(desk, asked)
    return Exhibit(
        "i",
        TITLE,
        _sentence(desk, asked),
        (
            Panel(
                figure,
                f"Output lost by week, {figure.unit}: the line at the central values, the band with nine of ten of "
                f"{DRAWS} draws. Each panel has a scale of its own.",
            ),
        ),
        (_grid(desk, asked), *lasted.grids(desk, asked.answer, asked.first)),
        _notes(desk, asked),
        (source.source,) if source else (),
    )


def _asked(desk: Desk) -> Asked:
    """The first of the country's scenarios that these tables can answer."""
    problems: list[Problem] = []
    for chosen in candidates(desk):
        try:
            answer = desk.ask(run.METHOD, run.Params(scenario=chosen.scenario))
        except ZizhuError as refused:
            problems += refused.problems
        else:
            return _ranked(desk, chosen, answer)
    nothing = Problem(
        f"no control or import of {the(desk.country)} to stop", desk.trade.title, "its trade", ""
    )
    raise CannotAnswer(problems or nothing)


def _ranked(desk: Desk, chosen: Chosen, answer: Answer) -> Asked:
    lost = answer.result.frame.filter(
        pl.col("measure") == OUTPUT,
        pl.col("sector") == TOTAL,
        pl.col("period") == ALL,
        pl.col("country") != WORLD,
        pl.col("of_baseline").is_not_null(),
    ).sort("of_baseline", "country", descending=[True, False])
    order = lost["country"].to_list()
    mine = next(c for c in order if c in desk.home)
    sender = next(s.sender for s in chosen.scenario.shocks if isinstance(s, Traded))
    return Asked(chosen, answer, mine, sender, tuple(c for c in order if c not in (mine, sender)))


def _sentence(desk: Desk, asked: Asked) -> Line:
    said = bound(asked.chosen.scenario, OUTPUT).told
    itself = asked.sender == asked.mine
    pieces = [] if itself else [line(f"{_mine(desk, asked)} would lose ", *_lost(desk, asked, asked.mine))]
    if asked.sender in desk.mrio.nodes.countries:
        who = f"{the(asked.sender)} itself would lose " if itself else f"{the(asked.sender)}, which sells, "
        pieces.append(line(who, *_lost(desk, asked, asked.sender)))
    most = asked.others[0]
    pieces.append(line(f"{the(most)}, which loses most of all others, ", *_lost(desk, asked, most)))
    return line(
        f"If {_stopped(asked)}, over half a year ",
        *joined(pieces),
        f" of their output{f': {said}' if said else ''}.",
    )


def _mine(desk: Desk, asked: Asked) -> str:
    of_group = asked.mine != desk.country
    return f"{the(asked.mine)}, hit hardest in {the(desk.country)}," if of_group else the(asked.mine)


def _stopped(asked: Asked) -> str:
    """What happens, as a sentence begins: who sells what no more, or under licence alone."""
    stop = asked.stop
    goods = listed([names.within(names.product(p)) for p in stop.products])
    whom = "abroad" if stop.receiver == WORLD else f"to {the(stop.receiver)}"
    if isinstance(stop, Licence):
        return f"{the(stop.sender)} sold {goods} {whom} under licence alone"
    return f"{the(stop.sender)} stopped selling {goods} {whom}"


def _share(desk: Desk, asked: Asked, row: Row, column: str) -> Number:
    return desk.number(asked.answer, row, column, percent(row[column], DIGITS))


def _lost(desk: Desk, asked: Asked, country: str) -> Line:
    """What a country loses, with the band."""
    row = asked.row(country)
    return line(_share(desk, asked, row, "of_baseline"), " (", *_band(desk, asked, row), ")")


def _band(desk: Desk, asked: Asked, row: Row) -> Line:
    return line(_share(desk, asked, row, "of_lower"), " to ", _share(desk, asked, row, "of_upper"))


def _figure(desk: Desk, asked: Asked) -> Figure:
    """The run's figure with those whom the sentence names first."""
    return desk.figure(course(asked.answer.result, (*asked.first, asked.others[0])))


def _grid(desk: Desk, asked: Asked) -> Grid:
    most = asked.others[: ROWS - len(asked.first)]
    return Grid(
        (
            "Country",
            "Weeks: output lost",
            "Weeks: band",
            "Year: sales lost",
            "Year: first-tier shortage",
            "Shortage: band",
        ),
        (False, True, True, True, True, True),
        tuple(_cells(desk, asked, country) for country in (*asked.first, *most)),
        f"{words.capital(_roles(desk, asked))}; then those that lose most over {told(asked.chosen.scenario.length)}: "
        "shares of their output in that time. Year: at full size, once stocks are gone, shares of a year's output. "
        "Sales lost are those no longer called for; the first-tier shortage is what users of what stops cannot "
        "make. The two are never added.",
    )


def _roles(desk: Desk, asked: Asked) -> str:
    if asked.sender == asked.mine:
        return f"{the(asked.mine)}, which sells"
    return f"{_mine(desk, asked).removesuffix(',')}; {the(asked.sender)}, which sells"


def _cells(desk: Desk, asked: Asked, country: str) -> tuple[Line, ...]:
    lost = asked.row(country)
    sales, first = (asked.row(country, measure, A_YEAR) for measure in (SALES, FIRST))
    return (
        line(names.name(country)),
        line(_share(desk, asked, lost, "of_baseline")),
        _band(desk, asked, lost),
        line(_share(desk, asked, sales, "of_baseline")),
        line(_share(desk, asked, first, "of_baseline")),
        _band(desk, asked, first),
    )


def _notes(desk: Desk, asked: Asked) -> tuple[Line, ...]:
    return (
        _prompted(desk, asked.chosen),
        *_needed(asked.chosen),
        *desk.coverage(asked.answer),
        *(line(n) for n in asked.answer.result.notes),
        *_moved(desk, asked),
    )


def _prompted(desk: Desk, chosen: Chosen) -> Line:
    """The event behind the scenario, and how to go on with it."""
    go_on = f" {chosen.command} writes the scenario to go on with."
    event = chosen.event
    if event is None:
        return line(f"Hypothetical, no event: {chosen.scenario.title}.{go_on}")
    dated = desk.fact(event.id, f"{words.period(event.date)}, {event.event}")
    return line("The event: ", dated, f" (source quality: {event.quality}).{_said(chosen)}{go_on}")


def _said(chosen: Chosen) -> str:
    """What the draft assumes of licences, which the event does not say."""
    found = [s for s in chosen.scenario.shocks if isinstance(s, Licence)]
    return "".join(
        f" Assumed: nothing is sold for {told(s.delay)}, {percent(s.granted, 0)} of it from then on."
        for s in found[:1]
    )


def _needed(chosen: Chosen) -> tuple[Line, ...]:
    if chosen.listed is None:
        return ()
    who = f"Who is taken to need it: {chosen.listed.basis} ({chosen.listed.url})."
    return (line(f"{who} The file that the command writes has them in a comment, as `needed_by`."),)


def _moved(desk: Desk, asked: Asked) -> tuple[Line, ...]:
    """The parameters that move the band most, where the band is wide enough to say."""
    try:
        answer = desk.ask(spread.METHOD, run.Params(scenario=asked.chosen.scenario))
    except CannotAnswer:
        return ()
    ranked = answer.result.frame.filter(pl.col("parameter") != spread.REST, pl.col("explained") > 0).sort(
        "explained", "parameter", descending=[True, False]
    )
    pieces = [
        line(
            f"{r['parameter'].replace('_', ' ')} ",
            desk.number(answer, r, "explained", percent(r["explained"], 0)),
        )
        for r in ranked.head(DRIVERS).iter_rows(named=True)
    ]
    if not pieces:
        return ()
    few = f" With {DRAWS} draws this is an order, no measurement."
    return (line("Of the spread of the world's loss most comes from ", *joined(pieces), f".{few}"),)
