"""e. Raw materials by stage: a country's share of world exports against its share of world imports, 30 years."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from zizhu.depend import position, suppliers, turning
from zizhu.depend.turning import Turn, turning_point
from zizhu.ledger.models import Figure
from zizhu.show.brief import words
from zizhu.show.brief.desk import Answer, Desk
from zizhu.show.brief.model import Exhibit, Grid, Line, Panel, line
from zizhu.show.format import listed, money, percent
from zizhu.tables.outliers import outliers, resting_on_outliers
from zizhu.tables.trade import Direction
from zizhu.vocab import names, products
from zizhu.vocab.names import name, the

PANELS, ROWS, LEAST_SPAN = 6, 12, 10
SIDES: tuple[tuple[Direction, str], ...] = (("exports", "exporter"), ("imports", "importer"))
HALF = 0.5
SMALL = 0.05
"""Share of world trade below which a country plays no part on that side of a product's trade."""


@dataclass(frozen=True)
class Move:
    """How far a product moved from the exporting to the importing side (negative: the other way).

    `start` is the last turn of a decade that lies at least ten years before the last year of the table.
    """

    hs6: str
    start: dict[str, Any]
    last: dict[str, Any]
    turn: Turn | None

    @property
    def size(self) -> float:
        return _lead(self.start) - _lead(self.last)

    @property
    def changed_sides(self) -> bool:
        """Whether the larger side lost its lead and at least half of its share, and the other one is not small."""
        left, taken = ("export_share", "import_share") if self.size > 0 else ("import_share", "export_share")
        led, lost = self.start[left] >= SMALL, self.last[left] <= self.start[left] / 2
        return bool(led and lost and self.last[taken] >= SMALL and _lead(self.start) * _lead(self.last) < 0)


def build(desk: Desk) -> Exhibit:
    """Small multiples of the products that moved most, and a table by material and stage."""
    asked = position.Params(trade=desk.trade_name, reporter=desk.country, products=desk.raw_materials)
    answer = desk.ask(position.METHOD, asked)
    moves = _moves(answer)
    if not moves:
        return Exhibit(
            "e",
            "Raw materials by stage",
            line(f"{desk.trade.title} holds no trade of {name(desk.country)}."),
        )
    shown = sorted(moves, key=lambda m: (-abs(m.size), m.hs6))[:PANELS]
    first, last = desk.trade.years()
    return Exhibit(
        "e",
        "Raw materials by stage",
        _sentence(desk, answer, moves),
        (
            Panel(
                _figure(desk, shown),
                f"Share of {the(desk.country)} in world exports and in world imports, {first} to {last}; the six "
                "products that moved furthest between the two sides.",
            ),
        ),
        (_grid(desk, answer, moves, shown),),
        (
            line(
                f"Moves are measured from {moves[0].start['year']} to {last}; products that were not traded in both "
                "years are left out of the figure."
            ),
            line(turning.DEFINITION),
            *_doubtful(desk, shown),
            line(f"Shares count value, without trade inside a bloc.{_held(desk)}"),
            line(f"Stages: {_stages()}."),
        ),
    )


def _held(desk: Desk) -> str:
    return "" if desk.raw_materials else " The table holds raw materials, no manufactures."


def _doubtful(desk: Desk, shown: list[Move]) -> tuple[Line, ...]:
    """Years of the panels in which more than half of a side rests on flows whose unit value is far off."""
    told = []
    for move in shown:
        flows = desk.trade.of([move.hs6])
        found = outliers(flows)
        for direction, who in SIDES:
            years = found.filter(pl.col(who).is_in(list(desk.members)))["year"].unique().sort()
            doubted = [
                str(y)
                for y in years
                if resting_on_outliers(flows, found, desk.members, direction, move.hs6, y) > HALF
            ]
            if doubted:
                told.append(
                    f"{names.within(products.product(move.hs6).label)}, {direction} of {listed(doubted)}"
                )
    if not told:
        return ()
    return (
        line(
            "More than half of these years' trade rests on flows whose unit value is far from the product's, so that "
            f"value, tonnes or code may be wrong: {'; '.join(told)}."
        ),
    )


def _stages() -> str:
    labels = products.stage_labels()
    return "; ".join(
        m if m.startswith(labels[s]) else f"{labels[s]}: {m}" for s, m in products.stages().items()
    )


def _moves(answer: Answer) -> list[Move]:
    last_year = int(answer.result.frame["year"].max())  # type: ignore[arg-type]
    base = (last_year - LEAST_SPAN) // 10 * 10
    moves = []
    for (hs6,), path in answer.result.frame.sort("year").group_by("hs6", maintain_order=True):
        rows = {r["year"]: r for r in path.iter_rows(named=True)}
        if base in rows and last_year in rows:
            moves.append(Move(str(hs6), rows[base], rows[last_year], turning_point(path)))
    return moves


def _lead(row: dict[str, Any]) -> float:
    return float(row["export_share"] - row["import_share"])


def _sentence(desk: Desk, answer: Answer, moves: list[Move]) -> Line:
    """The product that changed sides by the widest margin; where none did, the largest import."""
    who = words.capital(the(desk.country))
    for became, sign in (("importer", 1), ("exporter", -1)):
        mine = [m for m in moves if m.turn and m.turn.became == became and m.changed_sides]
        if mine:
            most = max(mine, key=lambda m: (sign * m.size, m.hs6))
            other = "exporter" if became == "importer" else "importer"
            return line(f"{who} turned from {other} to {became} most in ", *_path(desk, answer, most), ".")
    largest = max(moves, key=lambda m: (m.last["imports_usd"], m.hs6))
    share = desk.number(answer, largest.last, "import_share", percent(largest.last["import_share"]))
    return line(
        f"{who} did not clearly change sides in any raw material of the table since {largest.start['year']}; its "
        "largest import, "
        f"{names.within(names.product(largest.hs6))}, is ",
        share,
        f" of world imports in {largest.last['year']}.",
    )


def _path(desk: Desk, answer: Answer, move: Move) -> Line:
    def share(row: dict[str, Any], column: str) -> Any:
        return desk.number(answer, row, column, percent(row[column], 0))

    a, b = move.start, move.last
    return line(
        f"{names.within(names.product(move.hs6))}: its share of world exports went from ",
        share(a, "export_share"),
        f" ({a['year']}) to ",
        share(b, "export_share"),
        f" ({b['year']}), its share of world imports from ",
        share(a, "import_share"),
        " to ",
        share(b, "import_share"),
    )


def _figure(desk: Desk, shown: list[Move]) -> Figure:
    params = position.Params(
        trade=desk.trade_name, reporter=desk.country, products=tuple(sorted(m.hs6 for m in shown))
    )
    figure = desk.figure(desk.ask(position.METHOD, params).result.figure())
    order = {products.product(m.hs6).label: i for i, m in enumerate(shown)}
    rows = sorted(figure.rows, key=lambda r: order[r["product"]])
    return figure.model_copy(update={"rows": tuple(rows)})


def _grid(desk: Desk, answer: Answer, moves: list[Move], shown: list[Move]) -> Grid:
    last = desk.trade.years()[1]
    current = [m for m in moves if m.last["year"] == last and m.last["imports_usd"] > 0]
    largest = sorted(current, key=lambda m: (-m.last["imports_usd"], m.hs6))[:ROWS]
    order = sorted(
        {m.hs6: m for m in (*largest, *shown) if m in current}.values(),
        key=lambda m: (products.product(m.hs6).material, products.product(m.hs6).stage, m.hs6),
    )
    supply = desk.ask(
        suppliers.METHOD,
        suppliers.Params(
            trade=desk.trade_name,
            reporter=desk.country,
            products=tuple(m.hs6 for m in order),
            first=last,
            last=last,
        ),
    )
    return Grid(
        (
            "Material",
            "Stage",
            "Product",
            "Imports",
            "World imports",
            "World exports",
            "HHI",
            "Largest supplier",
            "Turn",
        ),
        (False, False, False, True, True, True, True, False, False),
        tuple(_row(desk, answer, supply, m) for m in order),
        f"The largest raw-material imports of {last} and the products above, by material and stage.",
    )


def _row(desk: Desk, answer: Answer, supply: Answer, move: Move) -> tuple[Line, ...]:
    r, product = move.last, products.product(move.hs6)
    mine = supply.result.frame.filter(pl.col("hs6") == move.hs6).sort(
        "share", "partner", descending=[True, False]
    )
    lead = mine.row(0, named=True)
    return (
        line(product.material),
        line(products.stage_labels()[product.stage]),
        line(f"{product.label} ({product.code})"),
        line(desk.number(answer, r, "imports_usd", money(r["imports_usd"]))),
        line(desk.number(answer, r, "import_share", percent(r["import_share"], 0))),
        line(desk.number(answer, r, "export_share", percent(r["export_share"], 0))),
        line(desk.number(supply, lead, "hhi", f"{lead['hhi']:.2f}")),
        line(
            f"{name(lead['partner'])} ",
            desk.number(supply, lead, "share", percent(lead["share"], 0)),
        ),
        line(f"{move.turn.became} since {move.turn.year}" if move.turn else "no turn"),
    )
