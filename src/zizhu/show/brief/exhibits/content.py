"""b. 70 % of what? Domestic value-added content of each manufacturing industry beside the other bases that exist."""

from __future__ import annotations

from typing import Any

import polars as pl

from zizhu.depend import domestic
from zizhu.ledger import register
from zizhu.ledger.models import Figure, Observation
from zizhu.show.brief import words
from zizhu.show.brief.desk import Answer, Desk
from zizhu.show.brief.model import Exhibit, Grid, Line, Panel, joined, line
from zizhu.show.format import percent
from zizhu.vocab import names, periods, plans, sectors
from zizhu.vocab.names import possessive, the

BASES = ("location", "ownership", "brand", "import dependence")
GOAL = "T002"


def build(desk: Desk) -> Exhibit:
    """Bars of value-added content with the other bases as points, and where sector resolution ends."""
    answer = desk.ask(
        domestic.METHOD,
        domestic.Params(table=desk.table, trade=desk.trade_name, country=desk.country, insist=True),
    )
    own = {s.code for s in sectors.manufacturing()}
    frame = answer.result.frame.filter(pl.col("sector").is_in(own)).sort("value_added_content", "sector")
    bases = other_bases(desk.country)
    who = possessive(the(desk.country))
    has_goal = any(t.country == desk.country for t in register.targets().values())
    return Exhibit(
        "b",
        "70 % of what?" if has_goal else "How much stays at home",
        _sentence(desk, answer, frame, bases, has_goal),
        (
            Panel(
                _figure(desk, answer, frame, bases, has_goal),
                f"Domestic value-added content of {who} manufacturing, share of output.",
            ),
        ),
        tuple(g for g in (_bases_grid(desk, bases), _resolution_grid(desk)) if g.rows),
        tuple(line(n) for n in answer.result.notes) + tuple(desk.coverage(answer)),
        tuple(dict.fromkeys(o.source for o in bases)),
    )


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
    desk: Desk, answer: Answer, frame: pl.DataFrame, bases: list[Observation], has_goal: bool
) -> Line:
    rows = list(frame.iter_rows(named=True))
    low, high = rows[0], rows[-1]
    over = sum(r["value_added_content"] > 0.7 for r in rows)
    who = the(desk.country)
    opening: Line
    if has_goal:
        goal = desk.fact(GOAL, "70 %")
        count = f"All {len(rows)}" if over == len(rows) else f"{over} of {len(rows)}"
        opening = line(
            f"{count} manufacturing industries of {who} exceed ",
            goal,
            " when domestic value added in output is counted, from ",
        )
    else:
        opening = line(f"Domestic value added in manufacturing of {who} makes up from ")
    middle = line(
        _content(desk, answer, low),
        f" ({names.within(names.sector(low['sector']))}) to ",
        _content(desk, answer, high),
        f" ({names.within(names.sector(high['sector']))})",
    )
    promised = (
        "; the promise is about core components and materials, not about industries" if has_goal else ""
    )
    sound = [o for o in bases if o.quality != "low"]
    if not sound:
        return (*opening, *middle, f"{'' if has_goal else ' of output'}{promised}.")
    said = [
        line(f"{names.within(register.indicators()[o.indicator].label)} ", _observed(desk, o))
        for o in sound[:3]
    ]
    other = "; on other bases the same sectors read quite differently: "
    return (*opening, *middle, f"{promised}{other}", *joined(said), ".")


def _content(desk: Desk, answer: Answer, row: dict[str, Any]) -> Any:
    return desk.number(answer, row, "value_added_content", percent(row["value_added_content"]))


def _observed(desk: Desk, o: Observation) -> Any:
    return desk.fact(
        o.id, f"{words.comparator(o.comparator)}{words.quantity(o.value, o.unit)} ({words.period(o.period)})"
    )


def _figure(
    desk: Desk, answer: Answer, frame: pl.DataFrame, bases: list[Observation], has_goal: bool
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
                "ref": desk.fact(o.id, words.quantity(o.value, o.unit)).ref,
            }
            for o in bases
            if register.indicators()[o.indicator].icio_sector == r["sector"]
        ]
    encoding = {"category": "industry", "value": "share", "mark": "basis", "ref": "ref"}
    encoding |= {"value_label": "domestic value added"}
    if has_goal:
        rows = [{**r, "goal": 0.7} for r in rows]
        encoding |= {"reference": "goal", "reference_label": "promised for 2025"}
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


def _resolution_grid(desk: Desk) -> Grid:
    held = {t.plan for t in register.targets().values() if t.country == desk.country}
    rows = tuple(
        (
            line(p.plan),
            line(p.label),
            line(p.band),
            line(desk.fact(f"{p.plan}.{p.slug}", f"{p.resolution:.2f}")),
            line(plans.resolution_sentence(p)),
        )
        for p in plans.all_plan_sectors()
        if held and p.plan == "MIC2025"
    )
    return Grid(
        ("Plan", "Plan sector", "Resolution", "Score", "What a figure for it shows"),
        (False, False, False, True, False),
        rows,
        "Where the sector resolution of the table ends.",
    )
