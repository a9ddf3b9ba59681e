"""b. 70 % of what? Domestic value-added content of each manufacturing industry beside the other bases that exist."""

from __future__ import annotations

from typing import Any

import polars as pl

from zizhu.depend import domestic
from zizhu.ledger import register
from zizhu.ledger.models import Figure, Observation, Target
from zizhu.show.brief import words
from zizhu.show.brief.desk import Answer, Desk
from zizhu.show.brief.model import Exhibit, Grid, Line, Panel, joined, line
from zizhu.show.format import percent
from zizhu.vocab import names, periods, plans, sectors, units
from zizhu.vocab.names import possessive, the

BASES = ("location", "ownership", "brand", "import dependence")
PROMISED = "domestic content"
"""The indicator of targets that promise a share of domestic content."""


def build(desk: Desk) -> Exhibit:
    """Bars of value-added content with the other bases as points, and where sector resolution ends."""
    answer = desk.ask(
        domestic.METHOD,
        domestic.Params(table=desk.table, trade=desk.trade_name, country=desk.country),
    )
    own = {s.code for s in sectors.manufacturing()}
    frame = answer.result.frame.filter(pl.col("sector").is_in(own)).sort("value_added_content", "sector")
    bases = other_bases(desk.country)
    who = possessive(the(desk.country))
    goal = _goal(desk.country)
    return Exhibit(
        "b",
        f"{units.quantity(goal.value, goal.unit)} of what?" if goal else "How much stays at home",
        _sentence(desk, answer, frame, bases, goal),
        (
            Panel(
                _figure(desk, answer, frame, bases, goal),
                f"Domestic value-added content of {who} manufacturing, share of output.",
            ),
        ),
        tuple(g for g in (_bases_grid(desk, bases), _resolution_grid(desk, goal)) if g.rows),
        tuple(line(n) for n in answer.result.notes) + tuple(desk.coverage(answer)),
        tuple(dict.fromkeys(o.source for o in bases)),
    )


def _goal(country: str) -> Target | None:
    """The country's latest promise of domestic content, if the register holds one."""
    promised = [
        t
        for t in register.targets().values()
        if (t.country, t.indicator, t.unit, t.status) == (country, PROMISED, "percent", "active")
        and t.deadline
    ]
    return max(promised, key=lambda t: (periods.parse(t.deadline).end, t.id), default=None)


def other_bases(country: str) -> list[Observation]:
    """For every indicator on another basis that belongs to a manufacturing industry: its best latest observation.

    A low-quality observation is taken only where no better one exists.
    """
    own = {s.code for s in sectors.manufacturing()}
    chosen = []
    for indicator in register.indicators().values():
        if indicator.basis not in BASES or indicator.icio_sector not in own:
            continue
        held = [
            o
            for o in register.observations()
            if (o.indicator, o.entity) == (indicator.id, country) and o.status != "forecast"
        ]
        if held:
            chosen.append(max(held, key=lambda o: (o.quality != "low", periods.parse(o.period).end, o.id)))
    return chosen


def share_at_home(o: Observation) -> float:
    """The observation as a share made or sold at home: import dependence is turned round."""
    share = o.value / 100
    return 1 - share if register.indicators()[o.indicator].basis == "import dependence" else share


def _sentence(
    desk: Desk, answer: Answer, frame: pl.DataFrame, bases: list[Observation], goal: Target | None
) -> Line:
    rows = list(frame.iter_rows(named=True))
    low, high = rows[0], rows[-1]
    who = the(desk.country)
    opening: Line
    if goal:
        over = sum(r["value_added_content"] > goal.value / 100 for r in rows)
        count = f"All {len(rows)}" if over == len(rows) else f"{over} of {len(rows)}"
        opening = line(
            f"{count} manufacturing industries of {who} exceed the ",
            desk.fact(goal.id, units.quantity(goal.value, goal.unit)),
            f" that {goal.plan} promises of {goal.item}, when domestic value added in the output of whole industries "
            "is counted: from ",
        )
    else:
        opening = line(f"Domestic value added in manufacturing of {who} makes up from ")
    middle = line(
        _content(desk, answer, low),
        f" ({names.within(names.sector(low['sector']))}) to ",
        _content(desk, answer, high),
        f" ({names.within(names.sector(high['sector']))})",
    )
    sound = [o for o in bases if o.quality != "low"]
    if not sound:
        return (*opening, *middle, "." if goal else " of output.")
    said = [
        line(f"{names.within(register.indicators()[o.indicator].label)} ", _observed(desk, o))
        for o in sound[:3]
    ]
    other = "; on other bases the same sectors read quite differently: "
    return (*opening, *middle, other, *joined(said), ".")


def _content(desk: Desk, answer: Answer, row: dict[str, Any]) -> Any:
    return desk.number(answer, row, "value_added_content", percent(row["value_added_content"]))


def _observed(desk: Desk, o: Observation) -> Any:
    return desk.fact(
        o.id, f"{words.comparator(o.comparator)}{units.quantity(o.value, o.unit)} ({words.period(o.period)})"
    )


def _figure(
    desk: Desk, answer: Answer, frame: pl.DataFrame, bases: list[Observation], goal: Target | None
) -> Figure:
    rows: list[dict[str, Any]] = []
    for r in frame.iter_rows(named=True):
        number = desk.number(answer, r, "value_added_content", percent(r["value_added_content"]))
        rows.append(
            {
                "industry": names.sector(r["sector"]),
                "share": r["value_added_content"],
                "basis": None,
                "ref": number.ref,
            }
        )
        rows += [
            {
                "industry": names.sector(r["sector"]),
                "share": share_at_home(o),
                "basis": _basis_label(o),
                "ref": desk.fact(o.id, units.quantity(o.value, o.unit)).ref,
            }
            for o in bases
            if register.indicators()[o.indicator].icio_sector == r["sector"]
        ]
    encoding = {"category": "industry", "value": "share", "mark": "basis", "ref": "ref"}
    encoding |= {"value_label": "domestic value added"}
    if goal:
        rows = [{**r, "goal": goal.value / 100} for r in rows]
        encoding |= {"reference": "goal", "reference_label": f"promised for {words.period(goal.deadline)}"}
    return Figure(
        kind="bars",
        title="Domestic content by basis",
        sentence="Domestic value-added content by industry, with the other bases that exist for a part of it.",
        unit="share",
        basis=answer.result.basis,
        rows=tuple(rows),
        encoding=encoding,
        sources=(),
    )


def _basis_label(o: Observation) -> str:
    basis = register.indicators()[o.indicator].basis
    return "100 % less imports" if basis == "import dependence" else basis


def _bases_grid(desk: Desk, bases: list[Observation]) -> Grid:
    rows = tuple(
        (
            line(_industry(register.indicators()[o.indicator].icio_sector)),
            line(register.indicators()[o.indicator].label),
            line(register.indicators()[o.indicator].basis),
            line(_observed(desk, o)),
            line(o.quality),
            line(register.indicators()[o.indicator].note),
        )
        for o in sorted(bases, key=lambda o: (register.indicators()[o.indicator].icio_sector, o.indicator))
    )
    return Grid(
        ("Industry", "What is counted", "Basis", "Value", "Source", "Covers"),
        (False,) * 6,
        rows,
        "The same industries on other bases: each covers a part of its industry, none is the industry.",
    )


def _industry(code: str) -> str:
    return f"{names.sector(code)} ({code})"


def _resolution_grid(desk: Desk, goal: Target | None) -> Grid:
    rows = tuple(
        (
            line(p.plan),
            line(p.label),
            line(p.band),
            line(desk.fact(f"{p.plan}.{p.slug}", f"{p.resolution:.2f}")),
            line(plans.resolution_sentence(p)),
        )
        for p in plans.all_plan_sectors()
        if goal and p.plan == goal.plan
    )
    return Grid(
        ("Plan", "Plan sector", "Resolution", "Score", "What a figure for it shows"),
        (False, False, False, True, False),
        rows,
        "Where the sector resolution of the table ends.",
    )
