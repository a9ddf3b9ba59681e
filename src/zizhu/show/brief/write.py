"""Writing a brief: which exhibits, about whom, and what stands behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from string import ascii_lowercase

import zizhu
from zizhu.ledger import register
from zizhu.ledger.models import Run, Source
from zizhu.show.brief.desk import Desk, Traced
from zizhu.show.brief.exhibits import claims, content, control, cut, hidden, judged, lean, materials, stopped
from zizhu.show.brief.model import Exhibit, line
from zizhu.show.trace import sources_of
from zizhu.store import Workspace
from zizhu.tables.choice import Best, Choice
from zizhu.tables.load import load_mrio, load_trade
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import countries_of
from zizhu.tables.threads import one_thread
from zizhu.vocab import groups, sectors, terms
from zizhu.vocab.names import name, the
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

EXHIBITS: tuple[Callable[[Desk], Exhibit], ...] = (
    judged.build,
    content.build,
    lean.build,
    hidden.build,
    materials.build,
    control.build,
    cut.build,
    claims.build,
    stopped.build,
)
PARTNERS = ("CHN", "USA", "EU27", "DEU", "JPN", "KOR", "TWN", "VNM")
"""Partners of a brief when none are named: the corners of the supply chains that the exhibits are about."""


@dataclass(frozen=True)
class Brief:
    """A finished brief, before it takes a form."""

    country: str
    title: str
    as_of: str
    version: str
    exhibits: tuple[Exhibit, ...]
    traces: tuple[Traced, ...]
    sources: tuple[Source, ...]
    runs: tuple[Run, ...]
    chosen: tuple[str, ...] = ()
    """Why the tables behind it were preferred to others that are here."""

    @property
    def terms(self) -> Mapping[str, str]:
        """The abbreviations that the exhibits use, with their meaning."""
        return terms.used_in(" ".join(e.text for e in self.exhibits))


def write(
    workspace: Workspace,
    country: str,
    as_of: str,
    partners: tuple[str, ...] = (),
    table: str | None = None,
    trade: str | None = None,
    progress: Callable[[str], None] = lambda _: None,
    ready: Callable[[Exhibit], None] = lambda _: None,
) -> Brief:
    """The brief about a country or group.

    Tables that are not named are the best of the workspace, and the brief says which and why.
    `as_of` (ISO 8601) is the day on which deadlines are held to have passed. `progress` is told each step and
    `ready` is handed each exhibit as soon as it stands, so that it can be drawn while the rest is written.
    Raises ZizhuError for codes that the vocabulary or the table does not know.
    """
    progress("reading tables")
    best = Best(workspace)
    flows = Choice(table, "") if table else best.mrio
    goods = Choice(trade, "") if trade else best.trade
    mrio, country = load_mrio(workspace, flows.name), groups.code_of(country)
    _require_industries(mrio)
    home = set(countries_of(mrio, country))
    others = dict.fromkeys(groups.code_of(p) for p in partners or _held(mrio))
    apart = tuple(p for p in others if not home & set(countries_of(mrio, p)))
    if not apart:
        raise ZizhuError(
            Problem(
                f"every partner overlaps with {the(country)}",
                f"partners {', '.join(others)}",
                "at least one country or group apart from it",
                "Name others: a country, or a group that it belongs to, is no partner of its own.",
            )
        )
    held = load_trade(workspace, goods.name)
    desk = Desk(workspace, mrio, held, flows.name, goods.name, country, apart, as_of)
    exhibits: list[Exhibit] = []
    with one_thread(), ThreadPoolExecutor(1) as beside:
        stopped.begin(desk, beside)
        for build in EXHIBITS:
            progress(f"exhibit {len(exhibits) + 1} of {len(EXHIBITS)}")
            exhibits.append(_built(build, desk, ascii_lowercase[len(exhibits)]))
            ready(exhibits[-1])
    planned = any(t.country == country for t in register.targets().values())
    progress("opening every number")
    traces = tuple(desk.traces())
    return Brief(
        country,
        f"{name(country)}: technological dependence{' and strategy' if planned else ''}",
        as_of,
        zizhu.__version__,
        tuple(exhibits),
        traces,
        _sources(desk, exhibits, traces),
        desk.runs,
        tuple(c.why for c in (flows, goods) if c.why),
    )


def _require_industries(mrio: MRIO) -> None:
    """Raise CannotAnswer for a table in other industries than those that the strategies are mapped to."""
    if not set(sectors.sectors()) <= set(mrio.nodes.sectors):
        raise CannotAnswer(
            Problem(
                f"the {len(mrio.nodes.sectors)} industries of {mrio.title}",
                "brief",
                f"the {len(sectors.sectors())} industries of the OECD's tables, to which the plans are mapped",
                "Ask `zizhu depend` of this table, and write the brief with another.",
            )
        )


def _held(mrio: MRIO) -> tuple[str, ...]:
    """The partners of a brief that names none, as far as the table has them."""
    here = set(mrio.nodes.countries)
    return tuple(p for p in PARTNERS if here & set(groups.expand(p, max(mrio.flags.years))))


def _built(build: Callable[[Desk], Exhibit], desk: Desk, letter: str) -> Exhibit:
    """The exhibit, or what keeps the tables from answering its question."""
    try:
        return build(desk)
    except CannotAnswer as refused:
        said = "; ".join(f"{p.what} ({p.where})" for p in refused.problems)
        return Exhibit(letter, "Not answered", line(f"These tables cannot answer: {said}."))


def _sources(desk: Desk, exhibits: list[Exhibit], traces: tuple[Traced, ...]) -> tuple[Source, ...]:
    tables = sources_of(desk.workspace, (desk.mrio.ref, desk.trade.ref))
    named = [s for e in exhibits for s in e.sources] + [s for t in traces for s in t.sources]
    known = {**register.of(desk.workspace.root).sources, **{s.id: s for s in tables}}
    cited = sorted(
        {known[i] for i in named} - set(tables), key=lambda s: (s.producer.casefold(), s.title, s.id)
    )
    return (*tables, *cited)
