"""Figures of answers on a map: choropleths of partners, and their flows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Draw, Result
from zizhu.tables.around import around
from zizhu.vocab import groups, names, products
from zizhu.vocab.places import borders, places
from zizhu.vocab.problems import CannotAnswer, Problem

FLOWS = 15
LED = 3
"""Partners that a sentence names."""
Row = Mapping[str, Any]
Way = Literal["in", "out"]


@dataclass(frozen=True)
class Mapped:
    """What is drawn of an answer: of one side, by partner, the numbers of a column.

    `home` are the countries of the one side, `said` its part in words; flows run 'in' to it or 'out' of it. `of` says
    what the numbers are, and `whole` of what their sum is a part, '' for what is no part of anything. `last` takes the
    last year alone; `none` is said of countries without a number.
    """

    title: str
    home: tuple[str, ...]
    said: str
    partner: str
    column: str
    way: Way
    of: str
    whole: str
    last: bool = False
    none: str = "no data"

    def rows(self, result: Result) -> list[Row]:
        """The rows of partners, the largest first."""
        frame = result.frame.filter(pl.col("year") == pl.col("year").max()) if self.last else result.frame
        known = frame.filter(pl.col(self.column).is_not_null())
        return list(
            known.sort(self.column, *result.key, descending=[True, *[False] * len(result.key)]).to_dicts()
        )


def exposure(frame: pl.DataFrame, year: int) -> Mapping[str, Draw]:
    """Maps of what one buyer has in it by source, or of one source in several economies; groups are of `year`."""
    buyers, sources = (frame[c].unique(maintain_order=True).to_list() for c in ("buyer", "source"))
    if len(buyers) == 1 and len(sources) > 1:
        said = _in_words(buyers[0])
        made = Mapped(
            f"Where the value in {said} comes from",
            _countries(buyers[0].partition(":")[0], year),
            said,
            "source",
            "value_added_content",
            "in",
            "value-added content",
            "output",
        )
        return _drawn(made, frame)
    if len(sources) == 1 and len(buyers) > 1 and len({b.partition(":")[2] for b in buyers}) == 1:
        source = names.the(sources[0])
        made = Mapped(
            f"Value added of {source} in other economies",
            _countries(sources[0], year),
            source,
            "buyer",
            "value_added_content",
            "out",
            "value-added content",
            "",
        )
        return _drawn(made, frame)
    return {}


def markets(frame: pl.DataFrame, year: int) -> Mapping[str, Draw]:
    """Maps of where the output of one seller ends; groups are those of `year`."""
    sellers = frame["seller"].unique().to_list()
    if len(sellers) > 1 or frame.height < 2:
        return {}
    said, home = _in_words(sellers[0]), _countries(sellers[0].partition(":")[0], year)
    made = Mapped(
        f"Where the output of {said} ends", home, said, "market", "absorbed", "out", "absorbed", "output"
    )
    return _drawn(made, frame)


def suppliers(frame: pl.DataFrame) -> Mapping[str, Draw]:
    """Maps of the partners in one product, in the last year of the answer."""
    if frame["hs6"].n_unique() > 1:
        return {}
    reporter, direction, hs6 = (frame[c][0] for c in ("reporter", "direction", "hs6"))
    said = f"{direction} of {names.the(reporter)}, {names.within(products.label(hs6))}"
    way: Way = "in" if direction == "imports" else "out"
    last = int(frame["year"].to_numpy().max())
    title, home = f"{said[:1].upper()}{said[1:]}, {last}", _countries(reporter, last)
    made = Mapped(title, home, said, "partner", "share", way, "share", f"the {direction}", True, "no trade")
    return _drawn(made, frame)


def _drawn(made: Mapped, frame: pl.DataFrame) -> Mapping[str, Draw]:
    """Figures of what has at least one partner on the map; flows where the one side has a point there."""
    partners = {code.partition(":")[0] for code in frame[made.partner].unique()} - {*made.home}
    if not partners & places().keys():
        return {}
    drawn: dict[str, Draw] = {"map": partial(_choropleth, made)}
    return drawn | (
        {"flows": partial(_flows, made)} if len(made.home) == 1 and made.home[0] in places() else {}
    )


def _choropleth(made: Mapped, result: Result) -> Figure:
    rows = made.rows(result)
    placed = [r for r in rows if _place(made, r) in places()]
    abroad = [r for r in placed if _place(made, r) not in made.home]
    own = {_place(made, r): r for r in placed if _place(made, r) in made.home}
    drawn = [
        {
            "place": _place(made, r),
            "name": names.name(_place(made, r)),
            "value": r[made.column],
            "home": False,
        }
        | {"ref": result.ref(r, made.column)}
        for r in abroad
    ]
    drawn += [
        {"place": code, "name": names.name(code), "value": own[code][made.column] if code in own else None}
        | {"home": True}
        | {"ref": result.ref(own[code], made.column) if code in own else None}
        for code in made.home
        if code in places()
    ]
    where = names.name(made.home[0]) if len(made.home) == 1 else "the group itself"
    encoding = {"place": "place", "name": "name", "value": "value", "home": "home", "ref": "ref"}
    return Figure(
        kind="choropleth",
        title=made.title,
        sentence=_sentence(made, abroad),
        unit=result.units[made.column],
        basis=result.basis,
        rows=tuple(drawn),
        encoding=encoding | {"home_label": where, "none_label": made.none},
        sources=result.run.inputs,
        notes=(*_off(made, rows), borders(), *result.notes),
    )


def _flows(made: Mapped, result: Result) -> Figure:
    home, rows = made.home[0], made.rows(result)
    abroad = [
        r for r in rows if _place(made, r) in places() and _place(made, r) != home and r[made.column] > 0
    ]
    if not abroad:
        expected = "a number above zero of a country that has a place on the map"
        raise CannotAnswer(Problem("there are no flows", made.title, expected, "Look at the table."))
    drawn = []
    for r in abroad[:FLOWS]:
        ends = (_place(made, r), home) if made.way == "in" else (home, _place(made, r))
        named = dict(zip(("from", "to"), ends, strict=True))
        named |= {f"{role}_name": names.name(code) for role, code in named.items()}
        drawn.append(named | {"value": r[made.column], "ref": result.ref(r, made.column)})
    rest = sum(r[made.column] for r in abroad[FLOWS:])
    told = f" The {len(abroad) - FLOWS} that are not drawn are {rest:.1%} together." if abroad[FLOWS:] else ""
    return Figure(
        kind="flows",
        title=made.title,
        sentence=_sentence(made, abroad) + (told if made.whole else ""),
        unit=result.units[made.column],
        basis=result.basis,
        rows=tuple(drawn),
        encoding={c: c for c in ("from", "to", "from_name", "to_name", "value", "ref")},
        sources=result.run.inputs,
        notes=(
            *_off(made, rows),
            "Arcs join points within countries; they are no routes.",
            borders(),
            *around(result, len(drawn), len(abroad), "flows, the largest"),
        ),
    )


def _sentence(made: Mapped, abroad: list[Row]) -> str:
    """The largest partners with their numbers, and what all together are."""
    lead = [f"{names.the(_place(made, r))} {r[made.column]:.1%}" for r in abroad[:LED]]
    whole = sum(r[made.column] for r in abroad)
    together = f"; {len(abroad)} economies together {whole:.1%} of {made.whole}" if made.whole else ""
    of = f"{made.of[:1].upper()}{made.of[1:]}"
    return (
        f"{of}: most from {_listed(lead)}{together}."
        if made.way == "in"
        else f"{of}: most in {_listed(lead)}{together}."
    )


def _off(made: Mapped, rows: Iterable[Row]) -> tuple[str, ...]:
    """What has a number and no place: the rest of the world, groups, former countries."""
    lost = list(dict.fromkeys(_place(made, r) for r in rows if _place(made, r) not in places()))
    return (f"Not on the map: {', '.join(map(names.told, lost))}.",) if lost else ()


def _place(made: Mapped, row: Row) -> str:
    return str(row[made.partner]).partition(":")[0]


def _countries(code: str, year: int) -> tuple[str, ...]:
    """The members of a group; anything else, such as a part of a country, is one."""
    return groups.members(code, year) if code in groups.groups() else (code,)


def _in_words(code: str) -> str:
    who, _, sector = code.partition(":")
    return names.the(who) if sector in ("TOTAL", "") else names.within(names.node(code))


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
