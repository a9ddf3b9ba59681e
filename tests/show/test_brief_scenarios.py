"""The scenario of a brief: chosen by the country's trade, run as its draft says, shown with the numbers of the run."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from zizhu.ledger.controls import measures, needed
from zizhu.show.brief.desk import Desk
from zizhu.show.brief.exhibits import stopped
from zizhu.show.brief.model import Exhibit, Number, plain
from zizhu.show.brief.scenarios import candidates
from zizhu.store import Workspace
from zizhu.stress import run
from zizhu.stress.draw.losses import PANELS
from zizhu.stress.scenario.shocks import ExportBan, Licence
from zizhu.tables.load import load_mrio, load_trade

RARE, GRAPHITE = ("284690", "280530"), ("250410", "250490")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("ws"))


def desk(workspace: Workspace, country: str) -> Desk:
    tables = "icio-2022", "baci-raw-materials"
    mrio, trade = load_mrio(workspace, tables[0]), load_trade(workspace, tables[1])
    return Desk(workspace, mrio, trade, *tables, country, ("USA",), "2026-11-21")


@pytest.fixture(scope="module")
def japan(workspace: Workspace) -> tuple[Desk, Exhibit]:
    asking = desk(workspace, "JPN")
    return asking, stopped.build(asking)


def test_controls_that_briefs_run_restrict_products() -> None:
    known = {m.event for m in measures() if m.codes and m.shock in ("licence", "export_ban")}
    assert set(needed()) <= known


@pytest.mark.parametrize("country", ["CHN", "JPN", "EU27"])
def test_the_control_of_which_the_country_trades_most_comes_first(country: str, workspace: Workspace) -> None:
    asking = desk(workspace, country)
    last = asking.trade.frame.filter(pl.col("year") == asking.trade.years()[1], pl.col("exporter") == "CHN")
    mine = last if country == "CHN" else last.filter(pl.col("importer").is_in(list(asking.members)))
    rare, graphite = (
        mine.filter(pl.col("hs6").is_in(codes))["value_usd"].sum() for codes in (RARE, GRAPHITE)
    )
    (first,) = next(candidates(asking)).scenario.shocks
    assert isinstance(first, Licence)
    assert set(first.products) == set(RARE if rare > graphite else GRAPHITE)
    assert first.needed_by


def test_without_trade_in_a_control_the_most_concentrated_import_stops(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zizhu.show.brief.scenarios.needed", dict)
    asking = desk(workspace, "VNM")
    found = list(candidates(asking))
    assert 1 <= len(found) <= 3
    assert all(c.event is None and c.command.startswith("zizhu stress from-product") for c in found)
    stops = [s for c in found for s in c.scenario.shocks]
    assert {s.receiver for s in stops if isinstance(s, ExportBan)} == {"VNM"}


@pytest.mark.slow
def test_the_sentence_has_the_numbers_of_the_run(japan: tuple[Desk, Exhibit], workspace: Workspace) -> None:
    asking, made = japan
    answer = run.solve(run.load(workspace, run.Params(scenario=next(candidates(asking)).scenario)))
    total = answer.frame.filter(
        pl.col("measure") == "output", pl.col("sector") == "TOTAL", pl.col("period") == "all"
    )
    by_country = {r["country"]: r for r in total.iter_rows(named=True)}
    worst = max(
        (c for c in by_country if c not in ("JPN", "CHN", "WLD")), key=lambda c: by_country[c]["of_baseline"]
    )
    numbers = [p for p in made.sentence if isinstance(p, Number)]
    columns = ("of_baseline", "of_lower", "of_upper")
    assert [p.ref for p in numbers] == [
        answer.ref(by_country[c], column) for c in ("JPN", "CHN", worst) for column in columns
    ]
    assert "Japan would lose" in plain(made.sentence)
    assert "upper bound" in plain(made.sentence)


@pytest.mark.slow
def test_both_sides_stand_in_the_table_and_no_number_without_a_link(japan: tuple[Desk, Exhibit]) -> None:
    grid = japan[1].grids[0]
    assert [plain(row[0]) for row in grid.rows][:2] == ["Japan", "China"]
    assert len(grid.rows) == stopped.ROWS
    for row in grid.rows:
        assert not any(c.isdigit() for cell in row for p in cell if isinstance(p, str) for c in p)


@pytest.mark.slow
def test_the_figure_has_the_country_the_sender_and_the_world(japan: tuple[Desk, Exhibit]) -> None:
    rows = japan[1].panels[0].figure.rows
    panels = list(dict.fromkeys(r["panel"] for r in rows))
    assert panels[:2] == ["Japan", "China"]
    assert panels[-1].startswith("World")
    assert len(panels) == PANELS
    assert len(rows) == 26 * PANELS


@pytest.mark.slow
def test_an_answer_begun_beside_is_that_of_asking(japan: tuple[Desk, Exhibit], workspace: Workspace) -> None:
    other = desk(workspace, "JPN")
    with ThreadPoolExecutor(1) as beside:
        stopped.begin(other, beside)
        assert stopped.build(other).sentence == japan[1].sentence
    assert [r.id for r in other.runs] == [r.id for r in japan[0].runs]
