"""Opening references: numbers of runs are made again, cells and facts are found, and bad references are named."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
import pytest
import typer
from typer.testing import CliRunner

from read.gate.made import document
from stress.years.planets import elastic, on, small
from tables.strategies import random_table, with_destinations
from track.owning import stored, walks
from zizhu.cli import opened as shown
from zizhu.cli import trace as command
from zizhu.depend import (
    circulation,
    complexity,
    content,
    domestic,
    exposure,
    extract,
    flags,
    influence,
    markets,
    network,
    paths,
    points,
    position,
    product_space,
    risk,
    stages,
    sufficiency,
    suppliers,
)
from zizhu.ledger import register
from zizhu.ledger.models import Source
from zizhu.ledger.result import Explanation, Part, Result
from zizhu.read import conflicts, kept, phrases
from zizhu.read.corpora import Corpus, Text
from zizhu.read.extractors import fitting
from zizhu.read.reading import claims_of
from zizhu.show.trace import METHODS, Opened, explain, trace
from zizhu.store import Workspace
from zizhu.store.parts import Parts
from zizhu.stress import compare, pairs, run, what_if
from zizhu.stress.scenario.ground import Ground
from zizhu.stress.scenario.model import Scenario
from zizhu.tables.mrio import MRIO
from zizhu.tables.trade import Trade
from zizhu.track import assessed, backtested, course, judged, portfolio, replay
from zizhu.vocab import groups, plans
from zizhu.vocab.problems import ZizhuError


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def summands(opened: Opened | Explanation) -> float:
    return sum(p.value for p in opened.parts if p.share is not None) + opened.remainder


@pytest.mark.slow
def test_a_look_through_number_is_made_again_and_splits_exactly(ws: Workspace) -> None:
    params = exposure.Params(buyers=("USA:C26",), sources=("CHN",))
    result = exposure.solve(exposure.load(ws, params))
    ws.save_run(result.run)
    opened = trace(ws, result.ref(result.frame.row(0, named=True), "value_added_content"), top=7)
    assert opened.value == result.frame["value_added_content"][0]
    assert summands(opened) == pytest.approx(opened.value, abs=1e-15)
    assert len(opened.parts) == 7
    assert opened.parts[0].ref.endswith("#CHN:C26,USA:C26")
    assert {s.id for s in opened.sources} == {"oecd-icio-2025"}  # the trade table is behind its coverage only
    assert {s.id for s in trace(ws, result.coverage_ref(0)).sources} == {"oecd-icio-2025", "cepii-baci-hs92"}


def test_the_parts_of_a_number_are_references_themselves(ws: Workspace) -> None:
    params = suppliers.Params(reporter="EU27", products=("284690",), first=2024, last=2024)
    result = suppliers.solve(suppliers.load(ws, params))
    ws.save_run(result.run)
    row = result.frame.sort("share").row(-1, named=True)
    opened = trace(ws, result.ref(row, "value_usd"))
    assert summands(opened) == row["value_usd"]
    cell = trace(ws, opened.parts[0].ref)
    value = next(text for name, text in cell.fields if name.startswith("value_usd"))
    assert value == str(int(opened.parts[0].value))


def test_hhi_opens_into_squared_shares(ws: Workspace) -> None:
    result = suppliers.solve(
        suppliers.load(ws, suppliers.Params(reporter="CHN", products=("283691",), first=2023, last=2023))
    )
    ws.save_run(result.run)
    row = result.frame.row(0, named=True)
    opened = trace(ws, result.ref(row, "hhi"), top=3)
    assert opened.parts[0].value == pytest.approx(0.9038**2, abs=2e-3)  # Chile's share in 2023
    assert summands(opened) == pytest.approx(row["hhi"], abs=1e-15)


@pytest.mark.slow
def test_position_and_cut_open_into_flows(ws: Workspace) -> None:
    place = position.solve(position.load(ws, position.Params(reporter="CHN", products=("284690",))))
    ws.save_run(place.run)
    row = place.frame.filter(pl.col("year") == 2024).row(0, named=True)
    opened = trace(ws, place.ref(row, "import_share"))
    assert opened.parts[0].label == "imports from Myanmar"
    assert summands(opened) == pytest.approx(row["import_share"], abs=1e-15)
    cut = what_if.solve(what_if.load(ws, what_if.Params(sender="TWN:C26", receiver="CHN")))
    ws.save_run(cut.run)
    total = cut.row("receiver|CHN|TOTAL")
    opened = trace(ws, cut.ref(total, "of_inputs"))
    assert (
        opened.parts[0].label
        == "electronics and optics of Taiwan (TWN:C26) to electronics and optics of China (CHN:C26)"
    )
    assert summands(opened) == pytest.approx(total["of_inputs"], abs=1e-15)


def test_a_bloc_opens_into_its_members(ws: Workspace) -> None:
    place = position.solve(position.load(ws, position.Params(reporter="EU27", products=("284690",))))
    ws.save_run(place.run)
    row = place.frame.filter(pl.col("year") == 2024).row(0, named=True)
    partner = trace(ws, place.ref(row, "imports_usd")).parts[0]
    members = trace(ws, partner.ref, top=3)
    assert members.value == partner.value
    assert summands(members) == members.value
    assert all(p.label.startswith("China to ") for p in members.parts)


@pytest.mark.parametrize(
    ("reporter", "year", "columns"),
    [
        ("CHN", 2024, ("imports_usd", "exports_usd", "world_usd")),
        ("EU27", 2010, ("imports_usd", "exports_usd", "world_usd")),
        ("EU", 2010, ("imports_usd", "exports_usd", "world_usd")),  # other members in 2010 than in 2024
    ],
)
def test_every_part_of_a_value_opens_to_that_value(
    reporter: str, year: int, columns: tuple[str, ...], ws: Workspace, baci: Trade
) -> None:
    asked = position.Inputs(position.Params(reporter=reporter, products=("284690",)), baci)
    place = position.solve(asked)
    for column in columns:
        for part in position.explain(asked, place, f"{reporter}|284690|{year}", column, 3).parts:
            opened = trace(ws, part.ref)
            one_flow = next((text for name, text in opened.fields if name.startswith("value_usd")), None)
            assert (float(one_flow) if one_flow else opened.value) == part.value


MANY = 10**6
LEAVES = Corpus(
    "0" * 64,
    (Text("1" * 64, "a", "", "2001", "new leaf, a new leaf"), Text("2" * 64, "b", "B", None, "new leaf")),
)


def self_sufficient(space: Workspace, baci: Trade) -> sufficiency.Inputs:
    """Self-sufficiency of Germany from invented production in two years."""
    made = pl.DataFrame(
        {"year": [2021, 2022], "country": "DEU", "product": "284690", "value_usd": [9**9, 8**9]}
    )
    flags = {"kind": "production", "basis": "territorial", "classification": baci.revision}
    described = {"title": "Made", "sources": ("test",), "units": {"value_usd": "USD"}, "flags": flags}
    space.commit("made", made, ("year", "country", "product"), described)
    params = sufficiency.Params(production=("made",), reporter="DEU")
    return sufficiency.Inputs(params, baci, (space.read("made"),))


def supply_risk(space: Workspace, baci: Trade) -> risk.Inputs:
    """Supply risk of Japan from invented production of three countries."""
    made = pl.DataFrame(
        {
            "year": 2022,
            "country": ["CHN", "JPN", "USA"],
            "product": "284690",
            "quantity": [9.0, 2.0, 5.0],
            "unit": "t",
        }
    )
    flags = {"kind": "production", "basis": "territorial", "classification": baci.revision}
    described = {"title": "Made", "sources": ("test",), "units": {"quantity": "row by row"}, "flags": flags}
    space.commit("mined", made, ("year", "country", "product"), described)
    params = risk.Params(production="mined", importer="JPN")
    return risk.Inputs(params, baci, space.read("mined"), space.read(params.governance))


def stop(space: Workspace, name: str = "stop") -> run.Inputs:
    """A scenario of all kinds of losses on a small table."""
    shocks = [
        {"kind": "capacity", "at": "DEU:C26", "share": 0.8, "duration": "3 weeks"},
        {"kind": "export_ban", "sender": "CHN:C28", "receiver": "USA", "share": 0.5},
    ]
    said = {"id": name, "title": name, "draws": 16, "length": "6 weeks", "shocks": shocks, "insist": True}
    asked = run.Params(scenario=Scenario.model_validate(said))
    return run.Inputs(asked, Ground(random_table(7, 4, 3), None), Parts.of(space.root, run.key(asked, ())))


def over_years(space: Workspace) -> run.Inputs:
    """A tariff and a quota over years on a small table, with elasticities of its own."""
    shocks = [
        {"kind": "tariff", "sender": "CHN", "receiver": "USA", "rate": 0.25},
        {"kind": "quota", "sender": "DEU:C26", "receiver": "USA", "limit": 0.5},
    ]
    said = {"id": "tariff", "title": "Tariff", "horizons": ["years"], "draws": 40, "shocks": shocks}
    params = run.Params(scenario=Scenario.model_validate(said))
    found = run.Inputs(params, Ground(small(), None), Parts.of(space.root, run.key(params, ())))
    elasticities = elastic((4.0, 6.0, 2.5), (3.0, 9.0, 5.0), spread=0.2)
    found.__dict__["years"] = on(small(), *shocks, elastic=elasticities, draws=40)
    return found


def conflicting(space: Workspace) -> conflicts.Inputs:
    """Two documents that do not agree."""
    for plants in (14, 20):
        held = document(f"Peru plans to open {plants} lithium plants by 2033.", name=f"{plants}.txt")
        kept.keep(space, held, claims_of(held, fitting(held)))
    return conflicts.load(space, conflicts.Params())


def asked_of(method: str, icio: MRIO, baci: Trade, space: Workspace) -> tuple[ModuleType, Any]:
    """One question to a verb, on tables that are read already."""
    china = {"country": "CHN", "as_of": "2026-11-21"}
    raw = {"reporter": "EU27", "products": ("284690",)}
    inputs: dict[str, Callable[[], Any]] = {
        "depend.exposure": lambda: exposure.Inputs(
            exposure.Params(
                buyers=("VNM:C26", "CHN:MIC2025.next_gen_it"),
                sources=("CHN", "EU27"),
                gross=True,
                tiers=True,
                own_denominators=True,
            ),
            icio,
            baci,
        ),
        "depend.domestic": lambda: domestic.Inputs(domestic.Params(country="USMCA"), icio, baci),
        "depend.flags": lambda: flags.Inputs(
            flags.Params(importers=("EU27", "JPN"), products=("284690", "250410"), draws=20), baci
        ),
        "depend.stages": lambda: stages.Inputs(stages.Params(**raw), baci),
        "depend.sufficiency": lambda: self_sufficient(space, baci),
        "depend.risk": lambda: supply_risk(space, baci),
        "depend.markets": lambda: markets.Inputs(markets.Params(sellers=("VNM:C26",), insist=True), icio),
        "depend.circulation": lambda: circulation.Inputs(
            circulation.Params(country="CHN"), with_destinations(random_table(7, 4, 3), 1)
        ),
        "depend.suppliers": lambda: suppliers.Inputs(suppliers.Params(**raw, first=2024), baci),
        "depend.position": lambda: position.Inputs(position.Params(**raw), baci),
        "depend.complexity": lambda: complexity.load(
            Workspace(), complexity.Params(country="CHN", level=6, insist=True)
        ),
        "depend.product_space": lambda: product_space.load(Workspace(), product_space.Params(insist=True)),
        "depend.content": lambda: content.Inputs(
            content.Params(exporters=("VNM", "USMCA"), method="intermediates", by_sector=True), icio, baci
        ),
        "depend.extract": lambda: extract.Inputs(extract.Params(extracted=("TWN:C26",)), icio, baci),
        "depend.network": lambda: network.Inputs(network.Params(), random_table(7, 4, 3)),
        "depend.influence": lambda: influence.Inputs(influence.Params(), random_table(7, 4, 3)),
        "depend.paths": lambda: paths.Inputs(paths.Params(buyer="DEU:MANUF", count=9), icio, baci),
        "depend.points": lambda: points.Inputs(points.Params(buyer="CHN:C26", cut=0.2), icio, baci),
        "stress.run": lambda: stop(space),
        "stress.run over years": lambda: over_years(space),
        "stress.spread": lambda: stop(space),
        "stress.spread over years": lambda: over_years(space),
        "stress.compare": lambda: compare.alike([stop(space, "one"), stop(space, "two")]),
        "stress.pairs": lambda: pairs.Inputs(pairs.Params(insist=True), random_table(7, 4, 3)),
        "stress.what_if": lambda: what_if.Inputs(what_if.Params(sender="TWN:C26", receiver="CHN"), icio),
        "read.conflicts": lambda: conflicting(space),
        "read.phrases": lambda: phrases.Inputs(
            phrases.Params(phrases=("new leaf", "none"), place="/"), LEAVES
        ),
        "track.judged": lambda: judged.load(Workspace(), judged.Params.model_validate(china)),
        "track.assessed": lambda: assessed.load(Workspace(), assessed.Params(country="CHN")),
        "track.backtested": lambda: backtested.load(
            stored(space.root, walks(12)), backtested.Params(table="own", horizons=(1, 3, 4))
        ),
        "track.course": lambda: course.load(Workspace(), course.Params(target="T101", as_of="2026-11-21")),
        "track.portfolio": lambda: portfolio.load(Workspace(), portfolio.Params(**china, since="2022-12-31")),
        "track.replay": lambda: replay.load(
            Workspace(),
            replay.Params(**china, days=("2018-12-31", "2021-12-31"), later=True, hindsight=True),
        ),
    }
    return METHODS[method.partition(" ")[0]], inputs[method]()


def test_a_method_is_the_name_of_its_module() -> None:
    assert {name: METHODS[name].METHOD for name in METHODS} == {name: name for name in METHODS}
    assert "depend.nothing" not in METHODS


HEAVY = ("stress.compare",)
"""Verbs whose question takes seconds to answer."""
ASKED = [*METHODS, "stress.run over years", "stress.spread over years"]


@pytest.mark.parametrize(
    "method", [pytest.param(m, marks=pytest.mark.slow) if m in HEAVY else m for m in ASKED]
)
def test_every_number_of_every_verb_opens(method: str, icio: MRIO, baci: Trade, ws: Workspace) -> None:
    module, inputs = asked_of(method, icio, baci, ws)
    result = module.solve(inputs)
    every = max(result.frame.height // 12, 1)
    opened_columns = set()
    # some rows in turn, and of every column one that is filled
    rare = [result.table().drop_nulls(c).head(1) for c in result.units]
    some = pl.concat([result.table().gather_every(every), *rare]).unique(result.key, maintain_order=True)
    for row in some.iter_rows(named=True):
        key = "|".join(str(row[k]) for k in result.key)
        for column in (c for c in result.units if row[c] is not None):
            opened = explain(module, inputs, result, key, column, MANY)
            opened_columns.add(column)
            assert opened.value == row[column]
            assert opened.unit
            assert opened.unit != "see unit"
            assert opened.left_out == 0
            assert set(opened.inputs)
            few = explain(module, inputs, result, key, column, 2)
            assert few.left_out == max(len(opened.parts) - 2, 0)
            if any(p.share is not None for p in opened.parts):
                assert summands(few) == pytest.approx(row[column], rel=1e-9, abs=1e-12)
                assert summands(opened) == pytest.approx(row[column], rel=1e-9, abs=1e-12)
                assert sum(p.share or 0 for p in opened.parts) == pytest.approx(1, rel=1e-9)
    assert opened_columns == {c for c in result.units if result.frame[c].count()}


def china(ws: Workspace) -> Result:
    result = judged.solve(judged.load(ws, judged.Params(country="CHN", as_of="2026-11-21")))
    ws.save_run(result.run)
    return result


def test_a_count_opens_into_rows_that_say_what_they_are_and_open_further(ws: Workspace) -> None:
    result = china(ws)
    met = result.frame.filter((pl.col("verdict") == "met early") & pl.col("sound")).sort("target")
    opened = trace(ws, result.count_ref(verdict="met early", sound=True), top=100)
    assert (opened.value, opened.unit, opened.left_out) == (met.height, "rows", 0)
    for part, row in zip(opened.parts, met.iter_rows(named=True), strict=True):
        told = register.targets()[row["target"]]
        assert part.label.startswith(f"{told.id}, {told.plan}: {told.item}, {told.indicator}, ")
        assert trace(ws, part.ref).value == row["observed"]
    few = trace(ws, result.count_ref(verdict="met early", sound=True), top=2)
    assert (len(few.parts), few.left_out, few.remainder) == (2, met.height - 2, met.height - 2)
    assert few.sources == opened.sources


def test_a_count_names_the_sources_of_the_counted_rows_only(ws: Workspace) -> None:
    result, held = china(ws), {o.id: o for o in register.observations()}
    one = trace(ws, result.count_ref(target="T145"))
    assert (one.value, one.unit) == (1, "row")
    assert {s.id for s in one.sources} == {
        register.targets()["T145"].source,
        held["nev_sales_share.CHN.2025.1"].source,
    }
    unseen = trace(ws, result.count_ref(code="NO_SERIES"), top=1)
    rows = result.frame.filter(pl.col("code") == "NO_SERIES")["target"]
    assert {s.id for s in unseen.sources} == {register.targets()[t].source for t in rows}
    assert trace(ws, unseen.parts[0].ref).ref == f"fact:{rows.sort()[0]}"


def test_a_count_says_in_words_what_is_counted(ws: Workspace, icio: MRIO, baci: Trade) -> None:
    result = china(ws)
    met = trace(ws, result.count_ref(verdict="met early", sound=True))
    assert met.sentence == "Targets whose verdict is met early and that are sound."
    assert result.counted("sound=false", 1).sentence == "Targets that are not sound."
    assert result.counted("target=T145", 1).sentence == "Targets whose id is T145."
    one = suppliers.Params(reporter="CHN", products=("284690",), first=2024)
    bought = suppliers.solve(suppliers.Inputs(one, baci)).counted("partner=MMR&year=2024", 1)
    assert bought.sentence == "Rows whose partner is Myanmar and whose year is 2024."
    label = "China, imports, Rare-earth compounds, not cerium (HS 284690), 2024, Myanmar"
    assert bought.parts[0].label == label
    cut = what_if.solve(what_if.Inputs(what_if.Params(sender="TWN:C26", receiver="CHN"), icio))
    node = cut.counted("side=sender&sector=C26", 1)
    assert node.sentence == "Rows whose side is sender and whose sector is electronics and optics (C26)."


def test_a_count_of_claims_opens_into_the_claims(ws: Workspace) -> None:
    result = assessed.solve(assessed.load(ws, assessed.Params(country="CHN")))
    ws.save_run(result.run)
    opened = trace(ws, result.count_ref(speaker="SCMP"))
    said = [c for c in register.assessments().values() if c.speaker == "SCMP"]
    assert [p.ref for p in opened.parts] == [f"fact:{c.id}" for c in said]
    assert opened.parts[0].label == "A001, SCMP on MIC2025 overall: goals achieved share, 86 %"
    assert {s.id for s in opened.sources} == {c.source for c in said}


def test_rows_of_other_verbs_are_counted_by_their_key(icio: MRIO, baci: Trade) -> None:
    asked = exposure.Inputs(exposure.Params(buyers=("USA:C26",), sources=("USA", "CHN")), icio, baci)
    opened = exposure.solve(asked).counted("buyer=USA:C26", 1)
    assert (opened.value, opened.left_out, opened.inputs) == (2, 1, (icio.ref, baci.ref))
    assert opened.parts[0].label == "electronics and optics of the United States (USA:C26), China"
    none = exposure.solve(asked).counted("source=DEU", 1)
    assert (none.value, none.unit, none.parts, none.inputs) == (0, "rows", (), ())


def test_coverage_opens_too(ws: Workspace) -> None:
    shares = exposure.solve(exposure.load(ws, exposure.Params(buyers=("ITA:MANUF",), sources=("CHN",))))
    ws.save_run(shares.run)
    seen = trace(ws, shares.coverage_ref(0))
    assert seen.value == shares.coverage[0].share
    assert "Italy" in seen.sentence


def test_the_industries_of_a_plan_sector_open_one_by_one(ws: Workspace) -> None:
    opened = trace(ws, "fact:MIC2025.next_gen_it")
    rows = {r.icio_code: r for r in plans.crosswalk("MIC2025", 1)}
    assert {p.ref: p.value for p in opened.parts} == {
        f"fact:MIC2025.next_gen_it.{code}": row.share for code, row in rows.items()
    }
    for part, row in zip(opened.parts, rows.values(), strict=True):
        industry = trace(ws, part.ref)
        assert (industry.ref, industry.value) == (part.ref, row.share)
        assert dict(industry.fields)["basis"] == row.basis
    assert [s.title for s in opened.sources] == ["Made in China 2025, Explained"]
    assert "The Diplomat, Made in China 2025, Explained" in dict(opened.fields)["source"]
    assert trace(ws, "fact:MIC2025.new_materials", top=2).left_out == len(plans.crosswalk("MIC2025", 9)) - 2
    with pytest.raises(ZizhuError, match="unknown fact"):
        trace(ws, "fact:MIC2025.next_gen_it.C99")


def test_a_node_of_a_table_tells_its_output_and_opens_into_its_members(ws: Workspace, icio: MRIO) -> None:
    i = icio.nodes.position["CHN", "C26"]
    node = trace(ws, f"{icio.ref}#CHN:C26")
    assert node.value == pytest.approx(icio.value_added[i])
    assert dict(node.fields)["output (million USD)"] == f"{icio.x[i]:,.0f}"
    assert node.sentence.startswith("What electronics and optics of China (CHN:C26) adds to its inputs in ")
    bloc = trace(ws, f"{icio.ref}#EU27:C26", top=5)
    members = icio.nodes.of(groups.members("EU27", 2022), ["C26"])
    assert bloc.value == pytest.approx(icio.value_added[members].sum())
    assert (bloc.parts[0].ref, bloc.left_out) == (f"{icio.ref}#DEU:C26", 22)
    assert summands(bloc) == pytest.approx(bloc.value)
    plan = trace(ws, f"{icio.ref}#CHN:MIC2025.next_gen_it")
    share = {r.icio_code: r.share for r in plans.crosswalk("MIC2025", 1)}
    whole = {c: icio.value_added[icio.nodes.position["CHN", c]] for c in share}
    assert plan.value == pytest.approx(sum(share[c] * whole[c] for c in share))


def test_sales_between_groups_open_into_cells(ws: Workspace, icio: MRIO) -> None:
    opened = trace(ws, f"{icio.ref}#CHN:C26,EU27", top=4)
    cells = icio.Z[icio.nodes.position["CHN", "C26"], icio.nodes.of(groups.members("EU27", 2022))]
    assert opened.value == pytest.approx(cells.sum(dtype=float))
    assert [p.value for p in opened.parts] == pytest.approx(sorted(cells.tolist(), reverse=True)[:4])
    assert opened.left_out == (cells > 0).sum() - 4
    assert summands(opened) == pytest.approx(opened.value)


def test_the_world_in_a_reference_is_everybody_else(ws: Workspace, baci: Trade) -> None:
    flows = baci.frame.filter(pl.col("year") == 2010, pl.col("hs6") == "284690")
    members = groups.members("EU", 2024)
    out = flows.filter(pl.col("exporter").is_in(members), ~pl.col("importer").is_in(members))
    opened = trace(ws, f"{baci.ref}#2010,284690,EU@2024,WLD")
    assert opened.value == out["value_usd"].sum()
    assert f"{out['quantity_t'].sum():,.10g}" in opened.fields[0][1]
    assert f"not known for {out['quantity_t'].null_count()} of the flows" in opened.fields[0][1]


# --- on the terminal ---


def printed(ws: Workspace, *arguments: str) -> str:
    app = typer.Typer()
    app.command()(command.trace)
    done = CliRunner().invoke(app, [*arguments, "--workspace", str(ws.root)])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_sources_are_printed_with_title_date_licence_and_address(ws: Workspace) -> None:
    told = printed(ws, "table:baci-raw-materials#2024,284690,CHN,EU27", "--top", "2")
    source = register.sources()["cepii-baci-hs92"]
    assert f"Source (medium): CEPII, {source.title}, " in told
    assert f"; Etalab Open Licence 2.0; {source.url}\n" in told
    assert "\n and 20 more" in told  # of 22 importers in the European Union
    assert "Source (medium): The Diplomat, Made in China 2025, Explained, about February 2019\n" in printed(
        ws, "fact:MIC2025.next_gen_it"
    )


def test_long_lists_end_with_how_many_more_there_are(ws: Workspace) -> None:
    ref = china(ws).count_ref(code="NO_SERIES")
    opened, told = trace(ws, ref, top=3), printed(ws, ref, "--top", "3")
    assert told.count("Source (") == 3
    assert f"and {len(opened.sources) - 3} more: --top {len(opened.sources)}, or --json for all." in told
    assert f"and {opened.left_out} more" in told
    data = json.loads(printed(ws, ref, "--top", "3", "--json"))
    assert [s["id"] for s in data["sources"]] == [s.id for s in opened.sources]
    assert (len(data["parts"]), data["left_out"]) == (3, opened.left_out)
    assert {"producer", "title", "published", "licence", "url"} <= set(data["sources"][0])


def test_a_sum_without_a_rest_prints_none_and_labels_are_no_markup() -> None:
    source = Source(id="s", producer="[b]Producer[/b]", title="", published="2019-02~", quality="low")
    part = Part("fact:x", "[red]label[/red]", 1.0, 1.0)
    whole = Opened("ref[0]", "[i]sentence[/i]", 1.0, "t", (part,), 1e-17, (source,))
    with StringIO() as page, redirect_stdout(page):
        shown.show(whole, 5)
        told = page.getvalue()
    assert "[red]label[/red]" in told
    assert "[i]sentence[/i] = 1 (t)" in told
    assert "Source (low): [b]Producer[/b], about February 2019\n" in told
    assert "everything else" not in told
    assert "more" not in told


def test_evidence_in_another_unit_is_written_in_it() -> None:
    parts = (Part("a", "abroad", 3_183_550.4, None, unit="million USD"), Part("b", "own part", 0.5, None))
    whole = Opened("ref", "sentence", 0.25, "share of value added", parts, 0.0, ())
    with StringIO() as page, redirect_stdout(page):
        shown.show(whole, 5)
        told = page.getvalue()
    assert "abroad (million USD)  3,183,550" in told
    assert re.search(r"own part +50.00 %", told)


def test_a_source_that_nobody_registered_is_named_with_its_table(ws: Workspace) -> None:
    frame = pl.DataFrame({"year": [2020], "value": [1.0]})
    made = ws.commit(
        "mine", frame, ("year",), {"title": "Mine", "sources": ("gone",), "units": {"value": "t"}}
    )
    with pytest.raises(ZizhuError, match=f"table:mine@{made}: source 'gone' is not registered"):
        trace(ws, f"table:mine@{made}#2020")


@pytest.mark.parametrize(
    "fact", ["T002", "A001", "2022-10-07.USA.export_control.1", "MIC2025.agricultural_machinery"]
)
def test_facts_open_with_their_source(ws: Workspace, fact: str) -> None:
    opened = trace(ws, f"fact:{fact}")
    assert opened.sources or dict(opened.fields)["source"]
    assert opened.value is not None or "event" in dict(opened.fields)


@pytest.mark.parametrize(
    ("ref", "said"),
    [
        ("nonsense", "cannot read"),
        ("run:", "cannot read"),
        ("run:000000000000#a,b", "unknown run"),
        ("table:icio-2023@abc#CHN:C26,USA:C26", "unknown table"),
        ("table:icio-2022#CHN:C27X,USA:C26", "unknown sector"),
        (
            "table:baci-raw-materials#2024,284690,CHN",
            "expected year,hs6,exporter,importer, such as 1995,250310,",
        ),
        ("table:baci-raw-materials#2024,999999,MMR,CHN", "no row"),
        ("fact:T9999", "unknown fact"),
        ("fact:../../etc/passwd", "unknown fact"),
        ("run:../../../etc/passwd#x,y", "unknown run"),
    ],
)
def test_a_bad_reference_says_what_is_wrong(ws: Workspace, ref: str, said: str) -> None:
    with pytest.raises(ZizhuError, match=said):
        trace(ws, ref)


def test_documents_are_refused_not_invented(ws: Workspace) -> None:
    with pytest.raises(ZizhuError, match="unknown document 'abcdef'"):
        trace(ws, "doc:abcdef#1-2")
    with pytest.raises(ZizhuError, match="cannot read"):
        trace(ws, "doc:abcdef#2-1")


def test_unknown_rows_and_columns_of_a_run_are_named(ws: Workspace) -> None:
    result = exposure.solve(exposure.load(ws, exposure.Params(buyers=("USA:C26",), sources=("CHN",))))
    ws.save_run(result.run)
    with pytest.raises(ZizhuError, match="no row"):
        trace(ws, f"run:{result.run.id}#USA:C27|CHN,face_value")
    with pytest.raises(ZizhuError, match="unknown column"):
        trace(ws, f"run:{result.run.id}#USA:C26|CHN,faec_value")


def test_a_record_that_no_longer_reproduces_is_refused(ws: Workspace) -> None:
    result = exposure.solve(exposure.load(ws, exposure.Params(buyers=("USA:C26",), sources=("CHN",))))
    ws.save_run(result.run)
    path = ws.root / "runs" / f"{result.run.id}.json"
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, "output": "0" * 32}))
    with pytest.raises(ZizhuError, match="the answer has digest"):
        trace(ws, result.ref(result.frame.row(0, named=True), "face_value"))
