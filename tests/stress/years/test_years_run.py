"""A run over years: its rows add up and open, its band and its place of work do not change it, all is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from stress.scenario.scenarios import scenario
from stress.years.planets import small
from tables import wiod2013
from zizhu.cli.output import result_json
from zizhu.ledger.result import Result
from zizhu.store.parts import Parts
from zizhu.stress import compare, rows, run, spread
from zizhu.stress.ensemble.computed import YEARLY, done, silent
from zizhu.stress.ensemble.executor import Processes
from zizhu.stress.scenario.ground import Ground
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.trade.path import TERMS
from zizhu.stress.years.ranked import ERRORS
from zizhu.stress.years.split import split
from zizhu.stress.years.thetas import SET
from zizhu.tables.mrio import MRIO
from zizhu.vocab import elasticities
from zizhu.vocab.problems import CannotAnswer

TARIFF = {"kind": "tariff", "rate": 0.25, "sender": "CHN", "receiver": "USA"}
QUOTA = {"kind": "quota", "limit": 0.5, "sender": "CHN:C26", "receiver": "USA"}
BAN = {"kind": "export_ban", "sender": "CHN:C26", "receiver": "USA", "duration": "26 weeks"}


@pytest.fixture(autouse=True)
def _industries_of_the_small_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """C26, C28 and B are all of a classification."""
    monkeypatch.setattr("zizhu.stress.years.thetas.recognised", lambda _: "small")
    monkeypatch.setattr(elasticities, "divisions", lambda _: {"C26": ("26",), "C28": ("28",), "B": ("05",)})


def inputs(place: Path, *shocks: dict[str, Any], mrio: MRIO | None = None, **settings: Any) -> run.Inputs:
    said = scenario(*shocks, **{"horizons": ["years"], "draws": 9, **settings})
    ground = Ground(small() if mrio is None else mrio, None)
    params = run.Params(scenario=said)
    return run.Inputs(params, ground, Parts.of(place, run.key(params, run.refs(ground))))


def answer(place: Path, *shocks: dict[str, Any], **settings: Any) -> tuple[run.Inputs, Result]:
    asked = inputs(place, *shocks, **settings)
    return asked, run.solve(asked)


def values(result: Result, measure: str, column: str = "loss", **key: str) -> dict[str, float]:
    found = result.frame.filter(
        pl.col("horizon") == "years", pl.col("measure") == measure, *(pl.col(k) == v for k, v in key.items())
    )
    return dict(found.select(pl.concat_str("country", "sector", separator=":"), column).iter_rows())


def test_industries_add_up_to_countries_and_countries_to_the_world(tmp_path: Path) -> None:
    _, result = answer(tmp_path, TARIFF, QUOTA)
    measures = (rows.WELFARE, rows.REAL_WAGE, rows.REAL_OUTPUT, rows.REAL_EXPORTS, rows.REAL_IMPORTS)
    for measure in measures:
        for column in ("loss", "baseline"):
            total = values(result, measure, column, sector="TOTAL")
            world = total.pop("WLD:TOTAL")
            assert sum(total.values()) == pytest.approx(world, abs=1e-9)
            parts = {k: v for k, v in values(result, measure, column).items() if not k.endswith(":TOTAL")}
            for country in {k.partition(":")[0] for k in parts}:
                inside = sum(v for k, v in parts.items() if k.startswith(country))
                assert inside == pytest.approx(total[f"{country}:TOTAL"], abs=1e-9)
    exports, imports = (values(result, m)["WLD:TOTAL"] for m in (rows.REAL_EXPORTS, rows.REAL_IMPORTS))
    assert exports == pytest.approx(imports, rel=1e-9)
    assert exports > 0


def test_the_terms_of_welfare_add_up_to_it_and_have_no_band(tmp_path: Path) -> None:
    asked, result = answer(
        tmp_path, {**TARIFF, "rate": 0.02}, QUOTA, {"kind": "technology", "at": "DEU:B", "change": 0.1}
    )
    lost = values(result, rows.WELFARE, sector="TOTAL")
    terms = [t.replace("_", " ") for t in TERMS]
    found = {t: values(result, t) for t in terms}
    assert {t for t, v in found.items() if v} == set(terms) - {"resource cost", "transfers"}
    for country, welfare in lost.items():
        total = sum(v[country] for v in found.values() if v)
        assert total == pytest.approx(welfare, abs=2e-3 * max(map(abs, lost.values())))
    assert set(values(result, rows.TERMS_OF_TRADE, "lower").values()) == {None}
    opened = run.explain(asked, result, "years|terms of trade|USA|TOTAL|all", "loss", 100)
    assert {p.label for p in opened.parts} >= {
        "prices of what is bought from China",
        "prices of what is sold to China",
    }
    assert opened.left_out == 0
    with pytest.raises(CannotAnswer, match="no band"):
        run.explain(asked, result, "years|terms of trade|USA|TOTAL|all", "upper")


def test_every_number_opens(tmp_path: Path) -> None:
    asked, result = answer(tmp_path, TARIFF)
    for measure in (rows.WELFARE, rows.REAL_OUTPUT, rows.REAL_IMPORTS, rows.REAL_WAGE):
        for who in ("WLD|TOTAL", "USA|TOTAL"):
            for column in ("loss", "of_baseline", "baseline", "upper"):
                opened = run.explain(asked, result, f"years|{measure}|{who}|all", column)
                assert opened.value == result.row(f"years|{measure}|{who}|all")[column]
    result.figure()


@pytest.mark.parametrize(
    ("shocks", "settings"),
    [
        ([TARIFF, QUOTA], {}),
        ([BAN], {}),
        ([BAN, {**TARIFF, "receiver": "DEU"}], {"years": {"closure": "zero"}}),
        ([QUOTA, {"kind": "technology", "at": "DEU:B", "change": 0.1}], {"years": {"term": "one_year"}}),
        ([{**TARIFF, "rate": 2.0, "kind": "iceberg", "change": 0.5}], {"years": {"closure": "income"}}),
    ],
    ids=["tariff and quota", "ban", "ban and tariff", "within a year", "iceberg"],
)
def test_parts_add_up_to_what_they_are_parts_of(
    tmp_path: Path, shocks: list[dict[str, Any]], settings: dict[str, Any]
) -> None:
    shocks = [{k: v for k, v in s.items() if k != "rate" or s["kind"] == "tariff"} for s in shocks]
    asked, result = answer(tmp_path, *shocks, draws=0, **settings)
    told = set()
    for row in result.frame.filter(pl.col("horizon") == "years").iter_rows(named=True):
        key = "|".join(row[k] for k in result.key)
        for column in ("loss", "baseline"):
            opened = run.explain(asked, result, key, column, 10**6)
            told |= {p.label.partition(": ")[2] for p in opened.parts}
            if row[column] and (opened.parts or abs(row[column]) > 1e-6):
                assert sum(p.value for p in opened.parts) == pytest.approx(row[column], rel=1e-9)
    assert "dearer against earnings" in told
    assert ("no longer sold" in told) == (
        shocks[0] is not None and BAN["kind"] in {s["kind"] for s in shocks}
    )


def test_the_parts_of_welfare_are_those_of_the_index(tmp_path: Path) -> None:
    """What the tariff collects is a gain, what it makes dearer a loss; an embargo's goods cost what is gone."""
    asked, result = answer(tmp_path, TARIFF, draws=0)
    opened = run.explain(asked, result, "years|welfare|USA|TOTAL|all", "loss", 100)
    parts = {p.label: p.value for p in opened.parts}
    assert parts["tariffs that it collects"] < 0
    assert parts["electronics and optics of China (CHN:C26): dearer against earnings"] > 0
    refs = {p.ref.partition("#")[2] for p in opened.parts}
    assert "CHN:C26,USA" in refs
    asked, result = answer(tmp_path, BAN, draws=0)
    opened = run.explain(asked, result, "years|real wage|USA|TOTAL|all", "loss", 100)
    base, n = asked.years.base, asked.years.countries.index("USA")
    share, theta = base.pi[n, 0, 0], base.theta[0]
    gone = next(p.value for p in opened.parts if p.label.endswith("no longer sold"))
    weight = np.log(1.0 / (1.0 - share)) / theta * base.alpha[n, 0]  # Cobb-Douglas
    assert gone == pytest.approx(weight * base.VA[n], rel=0.05)


def test_a_ban_is_not_split_and_says_what_an_envelope_says(tmp_path: Path) -> None:
    asked, result = answer(tmp_path, BAN)
    assert split(asked.years) == {}
    told = " ".join(result.notes)
    assert "Welfare is not split" in told
    assert "On the back of an envelope" in told
    assert "count as if they stayed, though they end: export_ban" in told


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, ("closure: fixed", "no tariffs", "Caliendo and Parro 2015", "9 draws", "sweeps", "long_run")),
        ({"years": {"closure": "income", "rent": "nobody"}}, ("closure: income", "nobody: it is burnt")),
        ({"years": {"term": "one_year"}}, ("one_year", "Boehm")),
        ({"years": {"elasticities": ["simonovska-waugh-2014"]}, "draws": 0}, ("Simonovska and Waugh 2014",)),
    ],
    ids=["defaults", "closure and rent", "term", "elasticities"],
)
def test_what_is_assumed_is_told(tmp_path: Path, settings: dict[str, Any], words: tuple[str, ...]) -> None:
    _, result = answer(tmp_path, QUOTA, **settings)
    told = " ".join(result.notes)
    assert all(w in told for w in words), told


def test_the_band_holds_the_centre_and_none_is_drawn_without_draws(tmp_path: Path) -> None:
    _, result = answer(tmp_path, TARIFF)
    found = result.frame.filter(pl.col("lower").is_not_null())
    assert found.filter(pl.col("lower") > pl.col("loss")).is_empty()
    assert found.filter(pl.col("upper") < pl.col("loss")).is_empty()
    usa = result.row("years|welfare|USA|TOTAL|all")
    assert usa["upper"] - usa["lower"] > 0.01 * abs(usa["loss"])
    _, alone = answer(tmp_path, TARIFF, draws=0)
    row = alone.row("years|welfare|USA|TOTAL|all")
    assert row["lower"] is row["upper"] is None
    assert row["loss"] == pytest.approx(usa["loss"], rel=1e-8)


def test_other_sets_are_other_answers(tmp_path: Path) -> None:
    losses = set()
    for name in ("caliendo-parro-2015", "simonovska-waugh-2014", "shapiro-2016"):
        _, result = answer(tmp_path, TARIFF, years={"elasticities": [name]}, draws=0)
        losses.add(round(result.row("years|welfare|CHN|TOTAL|all")["loss"], 6))
    assert len(losses) == 3


def test_what_was_broken_off_goes_on_and_ends_alike(tmp_path: Path) -> None:
    asked, result = answer(tmp_path, TARIFF, QUOTA, draws=25)
    assert done(asked.parts, YEARLY) == 3
    (asked.parts.folder / "years-0000010.npz").unlink()
    again = run.solve(replace(asked))
    assert again.run.output == result.run.output


@pytest.mark.slow
def test_processes_give_the_same_digest(tmp_path: Path) -> None:
    _, result = answer(tmp_path / "a", TARIFF, QUOTA, draws=25)
    other = inputs(tmp_path / "b", TARIFF, QUOTA, draws=25)
    assert run.solve(other.with_work(Processes(2), silent)).run.output == result.run.output


def test_all_horizons_answer_from_one_scenario(tmp_path: Path) -> None:
    settings = {"horizons": ["weeks", "quarters", "years"], "insist": True, "length": "8 weeks"}
    asked, result = answer(tmp_path, BAN, **settings)
    assert set(result.frame["horizon"]) == {"weeks", "quarters", "years"}
    assert asked.effects.restrictions
    assert asked.effects.terms
    _, alone = answer(tmp_path, BAN)
    key = "years|welfare|USA|TOTAL|all"
    assert result.row(key)["loss"] == alone.row(key)["loss"]


def test_scenarios_stand_side_by_side(tmp_path: Path) -> None:
    each = [
        inputs(tmp_path, TARIFF, id=i, years={"closure": c}) for i, c in (("a", "fixed"), ("b", "income"))
    ]
    result = compare.solve(compare.alike(each))
    assert set(result.frame["scenario"]) == {"a", "b"}
    figure = result.figure()
    assert {r["scenario"] for r in figure.rows} == {"a", "b"}
    for row in figure.rows:
        key, _, column = row["ref"].partition("#")[2].rpartition(",")
        assert result.row(key)[column] == row["loss"]
        opened = compare.explain(compare.alike(each), result, key, column)
        assert opened.value == row["loss"]


def test_an_estimate_of_final_sales_shows_welfare_alone(tmp_path: Path) -> None:
    unknown = replace(small(), final=None, flags=replace(small().flags, has_final_by_destination=False))
    with pytest.raises(CannotAnswer, match="to whom final sales go"):
        answer(tmp_path, TARIFF, mrio=unknown)  # B is no industry of the estimate
    known = replace(small(), flags=replace(small().flags, final_is_estimated=True))
    _, result = answer(tmp_path, TARIFF, mrio=known)
    assert set(result.frame["measure"]) == {rows.WELFARE}
    assert any("is an estimate" in n for n in result.notes)


def test_repairs_are_counted_and_listed(tmp_path: Path) -> None:
    mrio = small()
    assert mrio.final is not None
    F = mrio.final.copy()
    F[0, 1] = -3.0
    mended = replace(mrio, final=F, x=np.asarray(mrio.Z).sum(axis=1) + F.sum(axis=1))
    asked, result = answer(tmp_path, TARIFF, mrio=mended)
    (row,) = asked.years.world.repaired().iter_rows(named=True)
    assert (row["seller"], row["buyer"], row["before"], row["after"]) == ("CHN:C26", "DEU", -3.0, 0.0)
    assert result_json(result)["repairs"] == [{"table": mended.ref, **row}]
    other = inputs(tmp_path, TARIFF, mrio=mended, id="other")
    assert result_json(compare.solve(compare.alike([asked, other])))["repairs"] == [
        {"table": mended.ref, **row}
    ]
    assert "repairs" not in result_json(answer(tmp_path, TARIFF)[1])
    assert any(
        "1 times negative final use set to 0 (the largest 3 million USD: CHN:C26 to DEU)" in n
        for n in result.notes
    )


def test_the_band_of_years_is_ranked_by_sets_and_errors(tmp_path: Path) -> None:
    asked, _ = answer(tmp_path, TARIFF, draws=60)
    found = spread.solve(asked)
    shares = dict(found.frame.select("parameter", "explained").iter_rows())
    assert set(shares) == {SET, ERRORS}
    assert shares[SET] + shares[ERRORS] == pytest.approx(1)
    assert shares[SET] > 0.3
    opened = spread.explain(asked, found, SET, "explained")
    assert len(opened.parts) == len(asked.years.elastic.names)
    with pytest.raises(CannotAnswer, match="years"):
        spread.solve(inputs(tmp_path, TARIFF, draws=6))


def test_one_set_leaves_its_errors_alone(tmp_path: Path) -> None:
    asked = inputs(tmp_path, TARIFF, years={"elasticities": ["simonovska-waugh-2014"]})
    found = spread.solve(asked).frame
    assert dict(found.select("parameter", "explained").iter_rows()) == {SET: None, ERRORS: 1.0}


@wiod2013.needed
@pytest.mark.slow
def test_a_run_on_wiod(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    said = Scenario.model_validate(
        {"id": "war", "title": "War", "horizons": ["years"], "draws": 20, "shocks": [TARIFF]}
    )
    ground, params = Ground(wiod2013.table(2011), None), run.Params(scenario=said)
    asked = run.Inputs(params, ground, Parts.of(tmp_path, "ab" * 12))
    result = run.solve(asked)
    welfare = values(result, rows.WELFARE, sector="TOTAL")
    assert welfare["CHN:TOTAL"] > 0
    assert welfare["WLD:TOTAL"] > 0
    terms = sum(values(result, t.replace("_", " ")).get("USA:TOTAL", 0.0) for t in TERMS)
    assert terms == pytest.approx(welfare["USA:TOTAL"], abs=1e-2 * abs(welfare["CHN:TOTAL"]))
