"""f. After a control: dated events beside tonnes and unit values by partner. What follows is not said to result."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import polars as pl

from zizhu.depend import position, suppliers
from zizhu.ledger import register
from zizhu.ledger.models import Event, Figure
from zizhu.show.brief import words
from zizhu.show.brief.desk import Answer, Desk
from zizhu.show.brief.model import Exhibit, Line, Number, Panel, line
from zizhu.show.format import amount
from zizhu.tables.trade import Direction
from zizhu.vocab import names, periods
from zizhu.vocab.names import name, the
from zizhu.vocab.problems import CannotAnswer

SPAN, PARTNERS = 10, 4
SMALL_T = 20
"""Tonnes of about one container: where a year has less, a single odd shipment makes its unit value."""
TITLE = "After a control"


@dataclass(frozen=True)
class Case:
    """A dated control, a product it names in part, and the country's side of the trade."""

    event: Event
    hs6: str
    covers: str
    direction: Direction
    answer: Answer


def build(desk: Desk) -> Exhibit:
    """Tonnes and unit values by partner around the control with the largest trade of the country."""
    cases = _cases(desk)
    if not cases:
        return Exhibit(
            "f",
            TITLE,
            line(
                f"No control in the register names a product that {the(desk.country)} trades in this table."
            ),
        )
    last = desk.trade.years()[1]
    case = max(
        cases, key=lambda c: (_year(c) < last, _before(c), c.hs6, c.event.quality != "low", c.event.id)
    )
    same = [c for c in cases if c.hs6 == case.hs6]
    lead = _partners(case)
    return Exhibit(
        "f",
        TITLE,
        _sentence(desk, case),
        (
            Panel(
                _figure(desk, case, same, lead, "quantity_t", "tonnes"),
                f"{_what(desk, case)}, tonnes by year; the partners with most tonnes over these years.",
            ),
            Panel(
                _figure(desk, case, same, lead, "unit_value", "USD per tonne"),
                f"{_what(desk, case)}, USD per tonne by year, the same partners.",
            ),
        ),
        notes=_notes(desk, case, cases, lead),
        sources=tuple(dict.fromkeys(c.event.source for c in same)),
    )


def _cases(desk: Desk) -> list[Case]:
    last = desk.trade.years()[1]
    found = []
    for link in register.event_products():
        event = register.events()[link.event]
        if not link.hs6 or int(event.date[:4]) > last:
            continue
        direction: Direction = "exports" if event.actor in (desk.country, *desk.home) else "imports"
        params = suppliers.Params(
            trade=desk.trade_name,
            reporter=desk.country,
            products=(link.hs6,),
            direction=direction,
            first=last - SPAN,
            last=last,
        )
        try:
            found.append(Case(event, link.hs6, link.covers, direction, desk.ask(suppliers.METHOD, params)))
        except CannotAnswer:
            continue
    return found


def _year(case: Case) -> int:
    return int(case.event.date[:4])


def _before(case: Case) -> float:
    return float(
        case.answer.result.frame.filter(pl.col("year") < _year(case)).select(pl.col("value_usd").sum()).item()
    )


def _partners(case: Case) -> list[str]:
    by = (
        case.answer.result.frame.group_by("partner")
        .agg(pl.col("quantity_t").sum())
        .sort("quantity_t", "partner", descending=[True, False])
    )
    return by["partner"].head(PARTNERS).to_list()


def _what(desk: Desk, case: Case) -> str:
    return f"{case.direction.title()} of {the(desk.country)}, {names.within(names.product(case.hs6))}"


def _sentence(desk: Desk, case: Case) -> Line:
    place = desk.ask(
        position.METHOD, position.Params(trade=desk.trade_name, reporter=desk.country, products=(case.hs6,))
    )
    rows = list(place.result.frame.sort("year").iter_rows(named=True))
    year = int(case.event.date[:4])
    before = next(r for r in reversed(rows) if r["year"] < year)
    after = rows[-1]
    tonnes, value = f"{case.direction}_t", f"{case.direction.removesuffix('s')}_unit_value"

    def number(row: dict[str, Any], column: str, unit: str) -> Number:
        return desk.number(place, row, column, f"{amount(row[column])} {unit}")

    return line(
        f"{_what(desk, case)}: ",
        number(before, tonnes, "t"),
        " at ",
        number(before, value, "USD/t"),
        f" in {before['year']}, ",
        number(after, tonnes, "t"),
        " at ",
        number(after, value, "USD/t"),
        f" in {after['year']}",
        *_dated(desk, case, after["year"]),
    )


def _dated(desk: Desk, case: Case, last: int) -> Line:
    """The event's date, unless its source is too weak for a headline."""
    if case.event.quality == "low":
        return line(f"; a control by {the(case.event.actor)} that names it is dated below, on a weak source.")
    when = desk.fact(case.event.id, words.period(case.event.date))
    within = "" if last > _year(case) else ", within the last of these years"
    return line("; dated ", when, f" is a control by {the(case.event.actor)} that names it{within}.")


def _figure(desk: Desk, case: Case, same: list[Case], lead: list[str], column: str, unit: str) -> Figure:
    frame = case.answer.result.frame
    held = {(r["partner"], r["year"]): r for r in frame.iter_rows(named=True) if r[column] is not None}
    rows: list[dict[str, Any]] = []
    for partner, year in product(lead, frame["year"].unique().sort()):
        r = held.get((partner, year))
        ref = desk.number(case.answer, r, column, amount(r[column])).ref if r else None
        rows.append(
            {
                "year": year,
                "value": r[column] if r else None,
                "partner": name(partner),
                "event": None,
                "ref": ref,
            }
        )
    dated = {
        c.event.date: f"{c.event.kind.replace('_', ' ')}, {words.period(c.event.date[:7])}" for c in same
    }
    rows += [
        {"year": _on_axis(d), "value": None, "partner": None, "event": what, "ref": None}
        for d, what in sorted(dated.items())
    ]
    return Figure(
        kind="lines",
        title=_what(desk, case),
        sentence=f"{_what(desk, case)}, {unit}, by partner; vertical lines are dated controls.",
        unit=unit,
        basis=case.answer.result.basis,
        rows=tuple(rows),
        encoding={"x": "year", "y": "value", "series": "partner", "event": "event", "ref": "ref"},
        sources=(),
    )


def _on_axis(day: str) -> float:
    """A day between the annual totals, which stand for the middle of their years."""
    period = periods.parse(day)
    middle = period.start + (period.end - period.start) / 2
    return middle.year + (middle.timetuple().tm_yday - 0.5) / 366 - 0.5


def _notes(desk: Desk, case: Case, cases: list[Case], lead: list[str]) -> tuple[Line, ...]:
    others = sorted(
        {f"{names.product(c.hs6)} ({words.period(c.event.date)})" for c in cases if c.hs6 != case.hs6}
    )
    small = case.answer.result.frame.filter(pl.col("partner").is_in(lead)).filter(
        pl.col("quantity_t") < SMALL_T
    )
    covers = line(
        "The event: ",
        desk.fact(case.event.id, case.event.event),
        f" (source quality: {case.event.quality}). It covers {case.covers}.",
    )
    notes = [covers, line("Years are shown as they are; nothing here says that the control caused a change.")]
    if not small.is_empty():
        notes.append(
            line(
                f"Unit values jump where little is traded: {small.height} of the partners' years shown rest on less "
                f"than {SMALL_T} t."
            )
        )
    if others:
        notes.append(line(f"Also in this table: {'; '.join(others)}."))
    last = desk.trade.years()[1]
    own = (e for e in register.events().values() if e.kind == "export_control" and e.actor in desk.home)
    if any(int(e.date[:4]) > last for e in own):
        notes.append(
            line(f"The table ends in {last}: later controls by {the(desk.country)} are not seen in it.")
        )
    return tuple(notes)
