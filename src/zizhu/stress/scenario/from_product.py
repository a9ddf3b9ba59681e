"""A scenario file from one product: its lead supplier, or another one, stops selling it to an importer."""

from __future__ import annotations

import polars as pl

from zizhu.stress.scenario.drafting import Drafted, assumed, file_text, quoted, who_needs
from zizhu.tables.trade import Trade, by_partner, with_shares
from zizhu.vocab import groups, names
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

BAN = "export_ban"


def drafted_for(importer: str, product: str, trade: Trade, sender: str = "", pinned: bool = False) -> str:
    """A scenario file in which `sender`, by default the lead supplier, stops selling a product to an importer.

    `importer` and `sender` are countries or groups, `product` a code or words of its label; `pinned` lets the file name
    the trade table, which is else the best one when it is run. Raises ZizhuError for what is none of them, and
    CannotAnswer where nothing of it was bought there in the last year of the trade table.
    """
    whom, (code,) = groups.code_of(importer, "importer"), trade.chosen([product])
    year = trade.years()[1]
    bought = by_partner(trade.of([code]), groups.expand(whom, year), "imports").filter(pl.col("year") == year)
    who, share = _supplier(with_shares(bought), whom, sender, year)
    if who is None:
        seller = names.the(groups.code_of(sender, "sender")) if sender else "anybody"
        raise CannotAnswer(
            Problem(
                f"no imports of {names.within(names.product(code))} by {names.the(whom)} from {seller} in {year}",
                trade.title,
                "a product that the importer buys from the sender",
                f"`zizhu depend suppliers --reporter {whom} --product {code}` shows who sells it.",
            )
        )
    settings, notes = assumed(BAN)
    shock = Drafted(
        BAN,
        {"sender": who, "receiver": whom, **settings},
        [(code, names.product(code))],
        [f"{share:.1%} of the importer's purchases abroad in {year}, by value ({trade.title})."],
        notes,
        who_needs(None),
    )
    said = f"{names.the(who)} stops selling {names.within(names.product(code))} to {names.the(whom)}"
    title = f"{said[:1].upper()}{said[1:]}"
    head = [
        f"{title}.",
        "Hypothetical: no event. `zizhu stress fields` lists all settings that a scenario may have.",
    ]
    settings = {"id": f"{who}-{code}-{whom}".casefold(), "title": quoted(title)}
    return file_text(head, settings | ({"trade": trade.name} if pinned else {}), [shock])


def _supplier(bought: pl.DataFrame, whom: str, sender: str, year: int) -> tuple[str | None, float]:
    """The lead supplier, or the named one, with its share of purchases abroad; None where nothing was bought."""
    if not sender:
        lead = bought.sort("share", "partner", descending=[True, False]).select("partner", "share").rows()
        return lead[0] if lead else (None, 0.0)
    who = groups.code_of(sender, "sender")
    inside = set(groups.expand(who, year))
    if inside & set(groups.expand(whom, year)):
        raise ZizhuError(
            Problem(
                f"{who} and {whom} have countries in common", "sender", "two that are apart", "Change one."
            )
        )
    share = float(bought.filter(pl.col("partner").is_in(sorted(inside)))["share"].sum())
    return (who, share) if share > 0 else (None, 0.0)
