"""Which scenario a brief runs: a control of the register that touches the country's trade, else the stop of an import.

The pack's list names the controls and who cannot do without what they restrict; all else stands in the draft that
`zizhu stress from-event` writes, so that a reader can go on with the same file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from zizhu.depend import suppliers
from zizhu.ledger import register
from zizhu.ledger.controls import Measure, Needed, measures, needed
from zizhu.ledger.models import Event
from zizhu.show.brief.desk import Desk
from zizhu.stress.scenario import from_event, from_product
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.reading import read
from zizhu.vocab import groups
from zizhu.vocab.problems import CannotAnswer

LENGTH = 182.0
"""Days of a brief's run, half a year: stocks of all draws have run out by then."""
DRAWS = 15
"""The fewest that rank the seven parameters of a run."""
LARGEST, TRIED = 12, 3
"""Imports among which the most concentrated ones are sought, and how many of these are tried."""


@dataclass(frozen=True)
class Chosen:
    """A scenario, the control that it takes up with its users (None: a hypothetical stop), and its draft's command."""

    scenario: Scenario
    event: Event | None
    listed: Needed | None
    command: str


def candidates(desk: Desk) -> Iterator[Chosen]:
    """Scenarios for the country, the most relevant first: controls by its trade in what they restrict, then stops of
    its most concentrated large imports."""
    sizes = {
        one.event: sum(_traded(desk, m) for m in measures() if m.event == one.event)
        for one in needed().values()
    }
    for one in sorted(needed().values(), key=lambda one: -sizes[one.event]):
        if sizes[one.event] > 0:
            yield _of_event(desk, one)
    for hs6 in _concentrated(desk):
        try:
            yield _of_product(desk, hs6)
        except CannotAnswer:
            continue


def _traded(desk: Desk, measure: Measure) -> float:
    """The country's trade in what a measure restricts, as its sender or receiver, in the table's last year (USD)."""
    year = desk.trade.years()[1]
    sender, receiver = (set(groups.expand(side, year)) for side in (measure.sender, measure.receiver) if side)
    mine = pl.col("exporter").is_in(list(desk.members)) | pl.col("importer").is_in(list(desk.members))
    flows = desk.trade.of(measure.codes).filter(
        mine,
        pl.col("year") == year,
        pl.col("exporter").is_in(sorted(sender)),
        pl.col("importer").is_in(sorted(receiver - sender)),
    )
    return float(flows["value_usd"].sum())


def _of_event(desk: Desk, one: Needed) -> Chosen:
    scenario = _scenario(desk, from_event.drafted(one.event), needed_by=one.users)
    command = f"zizhu stress from-event {one.event}"
    return Chosen(scenario, register.events()[one.event], one, command)


def _of_product(desk: Desk, hs6: str) -> Chosen:
    draft = from_product.drafted_for(desk.country, hs6, desk.trade)
    command = f"zizhu stress from-product {hs6} --importer {desk.country}"
    return Chosen(_scenario(desk, draft), None, None, command)


def _concentrated(desk: Desk) -> list[str]:
    """The most concentrated of the country's largest imports of the table's last year."""
    last = desk.trade.years()[1]
    bought = desk.trade.of(desk.raw_materials or desk.trade.products).filter(
        pl.col("year") == last,
        pl.col("importer").is_in(list(desk.members)),
        ~pl.col("exporter").is_in(list(desk.members)),
    )
    size = bought.group_by("hs6").agg(pl.col("value_usd").sum()).filter(pl.col("value_usd") > 0)
    largest = tuple(sorted(size.sort("value_usd", "hs6", descending=[True, False])["hs6"].head(LARGEST)))
    if not largest:
        return []
    asked = suppliers.Params(
        trade=desk.trade_name, reporter=desk.country, products=largest, first=last, last=last
    )
    by_product = desk.ask(suppliers.METHOD, asked).result.frame.select("hs6", "hhi").unique()
    return list(by_product.sort("hhi", "hs6", descending=[True, False])["hs6"].head(TRIED))


def _scenario(desk: Desk, draft: str, needed_by: tuple[str, ...] = ()) -> Scenario:
    """The scenario of a draft on the desk's tables, as short as a brief's run."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "draft.yaml"
        path.write_text(draft, encoding="utf-8")
        (drafted,) = read(path)
    said = drafted.model_dump()
    shocks = [{**shock, "needed_by": needed_by} for shock in said["shocks"]] if needed_by else said["shocks"]
    here = {"table": desk.table, "trade": desk.trade_name, "length": LENGTH, "draws": DRAWS, "shocks": shocks}
    return Scenario(**(said | here))
