"""c. Who leans on whom: value added of one in the output of the other, both ways, by industry and partner."""

from __future__ import annotations

from typing import Any

from zizhu.depend import exposure
from zizhu.show.brief import words
from zizhu.show.brief.desk import Answer, Desk
from zizhu.show.brief.model import Exhibit, Line, Panel, line
from zizhu.show.format import listed, percent
from zizhu.tables.selection import countries_of
from zizhu.vocab import sectors
from zizhu.vocab.names import possessive, the

TOTAL = "MANUF"


def build(desk: Desk) -> Exhibit:
    """Two heat maps of industry by partner, one a direction."""
    who = the(desk.country)
    theirs = answer_theirs(desk)
    ours = answer_ours(desk)
    return Exhibit(
        "c",
        "Who leans on whom",
        _sentence(desk, ours, theirs),
        (
            Panel(
                desk.figure(theirs.result.figure()),
                f"Value added of {who} in the output of its partners' industries.",
            ),
            Panel(
                desk.figure(ours.result.figure()),
                f"Value added of the partners in the output of {possessive(who)} industries.",
            ),
        ),
        notes=(*_overlaps(desk), *(line(n) for n in ours.result.notes)),
    )


def _overlaps(desk: Desk) -> tuple[Line, ...]:
    """Which of the partners are members of another one that stands beside them."""
    held = {p: set(countries_of(desk.mrio, p)) for p in desk.partners}
    inside = {p: [q for q in held if q != p and held[q] < held[p]] for p in held}
    return tuple(
        line(f"{words.capital(the(p))} includes {listed([the(q) for q in members])}: the columns overlap.")
        for p, members in inside.items()
        if members
    )


def answer_theirs(desk: Desk) -> Answer:
    """The country's value added in every industry of every partner."""
    buyers = tuple(f"{p}:{s}" for p in desk.partners for s in (*_industries(), TOTAL))
    return desk.ask(exposure.METHOD, _params(desk, buyers, (desk.country,)))


def answer_ours(desk: Desk) -> Answer:
    """Every partner's value added in every industry of the country."""
    buyers = tuple(f"{desk.country}:{s}" for s in (*_industries(), TOTAL))
    return desk.ask(exposure.METHOD, _params(desk, buyers, desk.partners))


def _industries() -> tuple[str, ...]:
    return tuple(s.code for s in sectors.manufacturing())


def _params(desk: Desk, buyers: tuple[str, ...], sources: tuple[str, ...]) -> exposure.Params:
    active = tuple(b for b in buyers if desk.output(b) > 0)
    return exposure.Params(table=desk.table, trade=desk.trade_name, buyers=active, sources=sources)


def _sentence(desk: Desk, ours: Answer, theirs: Answer) -> Line:
    who = the(desk.country)
    out = [(p, theirs.row(buyer=f"{p}:{TOTAL}", source=desk.country)) for p in desk.partners]
    out.sort(key=lambda pair: (-pair[1]["value_added_content"], pair[0]))
    back = [(p, ours.row(buyer=f"{desk.country}:{TOTAL}", source=p)) for p in desk.partners]
    back.sort(key=lambda pair: (-pair[1]["value_added_content"], pair[0]))
    (most, most_row), (least, least_row) = out[0], out[-1]
    lead, lead_row = back[0]
    return line(
        f"Value added of {who} makes up ",
        _share(desk, theirs, most_row),
        f" of {possessive(the(most))} manufacturing output and ",
        _share(desk, theirs, least_row),
        f" of {possessive(the(least))}; the other way round, {the(lead)} leads these partners with ",
        _share(desk, ours, lead_row),
        f" of {possessive(who)}.",
    )


def _share(desk: Desk, answer: Answer, row: dict[str, Any]) -> Any:
    return desk.number(answer, row, "value_added_content", percent(row["value_added_content"]))
