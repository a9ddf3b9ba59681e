"""d. Hidden exposure: what is bought from a country against what is contained of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from zizhu.depend import exposure
from zizhu.show.brief import words
from zizhu.show.brief.desk import Answer, Desk
from zizhu.show.brief.model import Exhibit, Line, Panel, line
from zizhu.show.format import percent
from zizhu.vocab.countries import REST
from zizhu.vocab.names import possessive, the

SOURCES, BUYERS = 12, 14


def build(desk: Desk) -> Exhibit:
    """Two dumbbells: the sources in the country's manufacturing, and the country in others' manufacturing."""
    who = the(desk.country)
    ours, theirs = _ours(desk), _theirs(desk)
    sources = [r for r in _foreign(ours) if r["value_added_content"] > 0][:SOURCES]
    return Exhibit(
        "d",
        "Hidden exposure",
        _sentence(desk, ours, sources),
        (
            Panel(
                desk.figure(ours.result.figure()),
                f"Sources of {possessive(who)} manufacturing: bought directly (face value) and contained "
                "(value added), share of output.",
            ),
            Panel(
                desk.figure(theirs.result.figure()),
                f"{words.capital(who)} in the manufacturing of others: bought directly and contained, share of output.",
            ),
        ),
        notes=(
            *(line(n) for n in ours.result.notes),
            *desk.coverage(ours),
            *_least_seen(desk, theirs),
            line(
                "Content can be smaller than face value: purchases also carry other countries' value added."
            ),
        ),
    )


def _least_seen(desk: Desk, answer: Answer) -> list[Line]:
    """What the table sees of the imported inputs of the buyer of which it sees least, and of the sales to them."""
    said = list(zip(answer.result.coverage, desk.coverage(answer), strict=True))
    imports = sorted((c.share, i) for i, (c, _) in enumerate(said) if c.gate and c.share is not None)
    least = [said[i][1] for _, i in imports[:1]]
    return least + [told for c, told in said if not c.gate and c.share is not None]


def _ours(desk: Desk) -> Answer:
    params = exposure.Params(table=desk.table, trade=desk.trade_name, buyers=(f"{desk.country}:MANUF",))
    return desk.ask(exposure.METHOD, params)


def _theirs(desk: Desk) -> Answer:
    size = {c: desk.output(f"{c}:MANUF") for c in desk.mrio.nodes.countries if c not in (*desk.home, REST)}
    largest = sorted(size, key=lambda c: (-size[c], c))[:BUYERS]
    single = [p for p in desk.partners if p in size and p not in largest]
    buyers = tuple(f"{c}:MANUF" for c in (*largest, *single))
    params = exposure.Params(table=desk.table, trade=desk.trade_name, buyers=buyers, sources=(desk.country,))
    return desk.ask(exposure.METHOD, params)


def _foreign(answer: Answer) -> list[dict[str, Any]]:
    frame = answer.result.frame.filter(pl.col("hidden").is_not_null(), pl.col("source") != REST)
    return list(
        frame.sort("value_added_content", "buyer", "source", descending=[True, False, False]).iter_rows(
            named=True
        )
    )


def _sentence(desk: Desk, ours: Answer, sources: Sequence[dict[str, Any]]) -> Line:
    lead = sources[0]
    most = max(sources, key=lambda r: (r["multiple"] or 0.0, r["source"]))
    who = possessive(the(desk.country))
    return line(
        f"{words.capital(the(lead['source']))} is the largest single foreign source of {who} manufacturing: ",
        desk.number(ours, lead, "face_value", percent(lead["face_value"], 2)),
        " of output is bought from it directly, ",
        desk.number(ours, lead, "value_added_content", percent(lead["value_added_content"], 2)),
        " is value added there; the widest gap among the largest sources is that of ",
        f"{the(most['source'])}, contained ",
        desk.number(ours, most, "multiple", f"{most['multiple']:.1f} times"),
        " what is bought.",
    )
