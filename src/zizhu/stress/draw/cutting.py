"""Figures of a cut of sales: both sides, the industries that are hit most, and what they say in a sentence."""

from __future__ import annotations

from typing import Any

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result
from zizhu.vocab import names
from zizhu.vocab.sectors import TOTAL

SENDER, RECEIVER = "sender", "receiver"
SOLD, BOUGHT = "Seller: output no longer called for", "Buyer: output that came through these purchases"
MOST = 5
"""Industries of a side that are drawn."""


def figure(result: Result) -> Figure:
    """The two sides as bars that are never added: output of the sender and of the receiver, all tiers."""
    sender, receiver = str(result.run.params["sender"]), str(result.run.params["receiver"])
    total = {r["side"]: r for r in result.frame.filter(pl.col("sector") == "TOTAL").iter_rows(named=True)}
    lost, risk = total[SENDER], total[RECEIVER]
    row = {
        "cut": f"{names.node(sender)} to {names.the(receiver.partition(':')[0])}",
        "lost": lost["all_tiers"],
        "risk": risk["all_tiers"],
        "lost_share": lost["all_tiers_of_output"],
        "risk_share": risk["all_tiers_of_output"],
        "ref_lost": result.ref(lost, "all_tiers"),
        "ref_risk": result.ref(risk, "all_tiers"),
    }
    return Figure(
        kind="ledger",
        title="Both sides of a cut, all tiers",
        sentence=in_words(result),
        unit=result.units["all_tiers"],
        basis=result.basis,
        rows=(row,),
        encoding={
            "category": "cut",
            "left": "lost",
            "right": "risk",
            "left_share": "lost_share",
            "right_share": "risk_share",
            "left_label": SOLD,
            "right_label": BOUGHT,
            "ref_left": "ref_lost",
            "ref_right": "ref_risk",
        },
        sources=result.run.inputs,
        notes=result.notes,
    )


def in_words(result: Result) -> str:
    """What is put at risk, and for whom: both totals, each with the three industries that are hit most."""
    params = result.run.params
    sender, receiver = str(params["sender"]), names.the(str(params["receiver"]).partition(":")[0])
    sales = "the sales" if params["cut"] == 1 else f"{100 * params['cut']:.3g} % of the sales"
    risk, lost = (_side_in_words(result, side) for side in (RECEIVER, SENDER))
    return (
        f"What is at risk if {sales} of {names.within(names.node(sender))} to {receiver} stop and nothing takes their "
        f"place: of the output of {receiver} {risk[0]}, which came through these purchases directly or by way of other "
        f"inputs{risk[1]}; of the output of {names.the(sender.partition(':')[0])} {lost[0]}, which is no longer called "
        f"for{lost[1]}. The two sides measure different things and are never added."
    )


def _side_in_words(result: Result, side: str) -> tuple[str, str]:
    """`303,605 million USD (0.7 %)`, and `, most in chemicals and machinery` where anything is hit."""
    total, nodes = _hit(result, side)
    share = total["all_tiers_of_output"]
    part = f" ({100 * share:.1f} %)" if share is not None else ""
    *others, last = _labels(nodes) or [""]
    most = f"{', '.join(others)} and {last}" if others else last
    return f"{total['all_tiers']:,.0f} {result.units['all_tiers']}{part}", f", most in {most}" if most else ""


def _labels(nodes: list[dict[str, Any]]) -> list[str]:
    return [names.within(names.sector(r["sector"])) for r in nodes]


def _hit(result: Result, side: str, most: int = 3) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The total of a side, and its nodes with the largest numbers of all tiers."""
    rows = result.frame.filter(pl.col("side") == side).to_dicts()
    (total,) = (r for r in rows if r["sector"] == TOTAL)
    nodes = [r for r in rows if r["sector"] != TOTAL and r["all_tiers"] > 0]
    return total, sorted(nodes, key=lambda r: (-r["all_tiers"], r["country"], r["sector"]))[:most]


def industries(result: Result) -> Figure:
    """Bars of the five industries that are hit most on either side, each side to a scale of its own."""
    sides = {
        RECEIVER: BOUGHT,
        SENDER: SOLD,
    }
    rows = [
        {
            "side": told,
            "industry": names.node(f"{r['country']}:{r['sector']}"),
            "output": r["all_tiers"],
            "ref": result.ref(r, "all_tiers"),
        }
        for side, told in sides.items()
        for r in _hit(result, side, MOST)[1]
    ]
    return Figure(
        kind="bars",
        title="Industries hit most, all tiers",
        sentence="The industries with most output at risk on either side, each side to a scale of its own.",
        unit=result.units["all_tiers"],
        basis=result.basis,
        rows=tuple(rows),
        encoding={"category": "industry", "value": "output", "panel": "side", "ref": "ref"},
        sources=result.run.inputs,
        notes=result.notes,
    )
