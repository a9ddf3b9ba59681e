"""Writing a report: its exhibits, about whom they are, and what stands behind them. The brief is a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from string import ascii_lowercase

import zizhu
from zizhu.ledger import register
from zizhu.ledger.models import Run, Source
from zizhu.show.brief.desk import Asking, Desk, Traced
from zizhu.show.brief.exhibits import claims, content, control, cut, hidden, judged, lean, materials, stopped
from zizhu.show.brief.model import Exhibit, line
from zizhu.show.report import model as asked
from zizhu.show.report.model import Report, View
from zizhu.show.report.views import exhibit
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

EXHIBITS: Mapping[asked.Exhibit, Callable[[Desk], Exhibit]] = {
    "judged": judged.build,
    "content": content.build,
    "lean": lean.build,
    "hidden": hidden.build,
    "materials": materials.build,
    "control": control.build,
    "cut": cut.build,
    "claims": claims.build,
    "stopped": stopped.build,
}
PARTNERS = ("CHN", "USA", "EU27", "DEU", "JPN", "KOR", "TWN", "VNM")
"""Partners of a report when none are named: the corners of the supply chains that the exhibits are about."""


@dataclass(frozen=True)
class Brief:
    """A finished report, before it takes a form; `kind` is what it calls itself."""

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
    kind: str = "brief"

    @property
    def terms(self) -> Mapping[str, str]:
        """The abbreviations that the exhibits use, with their meaning."""
        return terms.used_in(" ".join(e.text for e in self.exhibits))


def write(
    workspace: Workspace,
    report: Report,
    progress: Callable[[str], None] = lambda _: None,
    ready: Callable[[Exhibit], None] = lambda _: None,
) -> Brief:
    """A report, written.

    Tables that are not named are the best of the workspace, and the report says which and why. `progress` is told each
    step and `ready` is handed each exhibit as soon as it stands, so that it can be drawn while the rest is written.
    Raises ZizhuError for codes that the vocabulary or the table does not know, and for exhibits about nobody.
    """
    progress("reading tables")
    as_of = report.as_of or date.today().isoformat()
    desk, why = _desk(workspace, report, as_of) if report.needs_country else (Asking(workspace), ())
    exhibits: list[Exhibit] = []
    with one_thread(), ThreadPoolExecutor(1) as beside:
        if isinstance(desk, Desk) and any(v.exhibit == "stopped" for v in report.views):
            stopped.begin(desk, beside)
        for view, letter in zip(report.views, ascii_lowercase, strict=False):
            progress(f"exhibit {len(exhibits) + 1} of {len(report.views)}")
            exhibits.append(_built(desk, view, as_of, letter))
            ready(exhibits[-1])
    progress("opening every number")
    traces = tuple(desk.traces())
    return Brief(
        desk.country if isinstance(desk, Desk) else "",
        report.title or _titled(desk),
        as_of,
        zizhu.__version__,
        tuple(exhibits),
        traces,
        _sources(desk, exhibits, traces),
        desk.runs,
        why,
        report.kind,
    )


def _desk(workspace: Workspace, report: Report, as_of: str) -> tuple[Desk, tuple[str, ...]]:
    """The desk for exhibits about a country, and why its tables were chosen."""
    if not report.country:
        raise ZizhuError(
            Problem(
                "no country is named", report.kind, "the country of its exhibits", "Say it: country: CHN."
            )
        )
    best = Best(workspace)
    flows = Choice(report.table, "") if report.table else best.mrio
    goods = Choice(report.trade, "") if report.trade else best.trade
    mrio, country = load_mrio(workspace, flows.name), groups.code_of(report.country)
    _require_industries(mrio)
    home = set(countries_of(mrio, country))
    others = dict.fromkeys(groups.code_of(p) for p in report.partners or _held(mrio))
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
    return desk, tuple(c.why for c in (flows, goods) if c.why)


def _titled(desk: Asking) -> str:
    """The title of a report that has none: its country's."""
    if not isinstance(desk, Desk):
        return "Report"
    planned = any(t.country == desk.country for t in register.targets().values())
    return f"{name(desk.country)}: technological dependence{' and strategy' if planned else ''}"


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
    """The partners of a report that names none, as far as the table has them."""
    here = set(mrio.nodes.countries)
    return tuple(p for p in PARTNERS if here & set(groups.expand(p, max(mrio.flags.years))))


def _built(desk: Asking, view: View, as_of: str, letter: str) -> Exhibit:
    """The exhibit of a view under its letter, or what keeps the tables from answering its question."""
    try:
        if view.exhibit is None:
            return exhibit(desk, view, as_of, letter)
        assert isinstance(desk, Desk)
        made = EXHIBITS[view.exhibit](desk)
        return replace(made, letter=letter, title=view.title or made.title)
    except CannotAnswer as refused:
        said = "; ".join(f"{p.what} ({p.where})" for p in refused.problems)
        return Exhibit(letter, view.title or "Not answered", line(f"These tables cannot answer: {said}."))
    except ZizhuError as error:
        place = f"view {letter} ({view.exhibit or view.verb})"
        raise ZizhuError([replace(p, where=f"{place}: {p.where}") for p in error.problems]) from error


def _sources(desk: Asking, exhibits: list[Exhibit], traces: tuple[Traced, ...]) -> tuple[Source, ...]:
    """The sources of the tables, then what else is cited."""
    asked = [ref for run in desk.runs for ref in run.inputs if ref.startswith("table:")]
    first = (desk.mrio.ref, desk.trade.ref) if isinstance(desk, Desk) else tuple(dict.fromkeys(asked))
    tables = sources_of(desk.workspace, first)
    behind = sources_of(desk.workspace, tuple(dict.fromkeys(asked)))
    named = [s for e in exhibits for s in e.sources] + [s for t in traces for s in t.sources]
    known = {**register.of(desk.workspace.root).sources, **{s.id: s for s in (*behind, *tables)}}
    cited = sorted(
        {known[i] for i in named} - set(tables), key=lambda s: (s.producer.casefold(), s.title, s.id)
    )
    return (*tables, *cited)
