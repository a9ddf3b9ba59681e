"""Trade elasticities: every row is whole, each set meets each list of industries, and known values come out."""

from __future__ import annotations

import csv
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zizhu.vocab.elasticities import (
    ASSUMED,
    Thetas,
    classified,
    divisions,
    elasticity_set,
    horizons,
    require,
    sets,
    spelled,
)
from zizhu.vocab.industries import ICIO_2025, classifications
from zizhu.vocab.packfiles import rows
from zizhu.vocab.problems import CannotAnswer, ZizhuError
from zizhu.vocab.sectors import sectors

SHARED = Path(__file__).resolve().parents[3] / "shared/data/test"
CP = SHARED / "cp2015/package_theta.parquet"
CUBES = SHARED / "icio_cubes/elasticities.csv"
SERVICES = 8.22
# what Caliendo and Parro's Table 1 has for the two sectors that their model replaces
REPLACED = {"Auto": 1.84, "Other transport": 0.39}
SAME_AUTHORS = ("caliendo-parro-2015-table", "caliendo-parro-2015-full")
MISSING = {
    ("caliendo-parro-2015-full", ICIO_2025): {"C20", "C21"},
    ("caliendo-parro-2015-full", "wiod-2013"): {"c9"},
    ("giri-yi-yilmazkuday-2021", ICIO_2025): {s for s in sectors() if s[0] in "AB"} | {"C19", "C24B", "C28"},
    ("giri-yi-yilmazkuday-2021", "wiod-2013"): {"c1", "c2", "c8", "c13"},
}
"""Industries that a set has nothing for; nothing is missing anywhere else on these two lists."""


def on(name: str, classification: str = ICIO_2025) -> dict[str, float]:
    """theta of every industry of a list."""
    listed = list(classifications()[classification])
    return dict(zip(listed, sets()[name].theta(listed, classification).values.tolist(), strict=True))


@pytest.mark.parametrize("row", rows("vocab/elasticities.csv"), ids=lambda r: f"{r['set']}:{r['sector']}")
def test_a_row_has_a_positive_theta_and_divisions(row: dict[str, str]) -> None:
    assert row["set"] in sets()
    assert 0 < float(row["theta"]) < 100
    assert not row["standard_error"] or float(row["standard_error"]) > 0
    assert row["basis"] in ("estimate", ASSUMED)
    assert row["note"] or row["basis"] == "estimate"
    assert spelled(row["isic"])


@pytest.mark.parametrize("name", sets())
def test_a_set_says_whose_it_is_and_where_it_was_seen(name: str) -> None:
    one = sets()[name]
    stated = (one.title, one.citation, one.table, one.classification, one.concordance, one.convention)
    assert all(stated)
    assert one.licence
    assert one.url.startswith("https://")
    assert 0 < one.band < 1
    assert one.band_basis.startswith("judgement: ")
    names = [row.sector for row in one.rows]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", sets())
def test_no_division_is_estimated_twice_in_a_set(name: str) -> None:
    codes = sorted(code for row in sets()[name].estimates for code in row.divisions)
    assert not [(a, b) for a, b in pairwise(codes) if b.startswith(a)]


@pytest.mark.parametrize("classification", classifications())
def test_every_industry_has_divisions_and_no_division_is_unknown(classification: str) -> None:
    known = divisions(classification)
    assert set(known) == set(classifications()[classification])
    two_digits = {code[:2] for listed in known.values() for code in listed}
    assert two_digits <= {c for s in sectors().values() for c in (d[:2] for d in spelled(s.isic))} | {"99"}


@pytest.mark.parametrize("classification", classifications())
def test_the_divisions_of_an_industry_are_mostly_of_its_section(classification: str) -> None:
    section_of = {code[:2]: s.section for s in sectors().values() for code in spelled(s.isic)} | {"99": "U"}
    for code, listed in divisions(classification).items():
        section = classifications()[classification][code].section
        assert section in {section_of[d[:2]] for d in listed}, code


@pytest.mark.parametrize("classification", [ICIO_2025, "wiod-2013"])
@pytest.mark.parametrize("name", sets())
def test_every_industry_gets_a_theta_or_is_named_missing(name: str, classification: str) -> None:
    listed = list(classifications()[classification])
    found = sets()[name].theta(listed, classification)
    assert set(found.missing) == MISSING.get((name, classification), set())
    for code, value, log_spread, how in zip(listed, found.values, found.log_spread, found.how, strict=True):
        assert math.isnan(value) == (code in found.missing)
        assert (how == "none") == (code in found.missing)
        assert code in found.missing or (value > 0 and log_spread > 0)


def test_an_industry_of_several_rows_gets_their_mean_and_says_so() -> None:
    found = sets()["caliendo-parro-2015"].theta(["C26", "C31T33", "G"], ICIO_2025)
    assert found.values == pytest.approx([(12.95 + 3.95 + 8.71) / 3, 3.98, SERVICES])
    assert found.how[0] == "mean of Office 12.95, Communication 3.95, Medical 8.71"
    assert found.how[2] == "assumed: Services 8.22"
    assert np.isnan(found.spread).all()
    assert (found.log_spread == sets()["caliendo-parro-2015"].band).all()


def test_published_errors_become_a_spread_and_that_of_a_mean_is_smaller() -> None:
    one = sets()["caliendo-parro-2015-full"]
    office, communication = (next(r for r in one.rows if r.sector == s) for s in ("Office", "Communication"))
    found = one.theta(["C26", "A01"], ICIO_2025)
    error = math.sqrt(office.standard_error**2 + communication.standard_error**2) / 2
    assert found.spread[0] == pytest.approx(error / ((office.theta + communication.theta) / 2))
    # a lognormal whose standard deviation over its mean is the spread
    assert np.sqrt(np.exp(found.log_spread**2) - 1) == pytest.approx(found.spread)


def test_sets_lie_apart_as_far_as_the_basis_of_the_band_says() -> None:
    goods = [s.code for s in sectors().values() if s.kind == "goods"]
    authors = [s for name, s in sets().items() if name not in SAME_AUTHORS]
    logs = np.log([s.theta(goods, ICIO_2025).values for s in authors])
    apart = float(np.median(np.nanstd(logs, axis=0, ddof=1)))
    assert len(authors) == 6
    assert all(f"standard deviation of {apart:.2f} between the six" in s.band_basis for s in authors)


def test_a_single_number_is_the_same_everywhere() -> None:
    assert set(on("simonovska-waugh-2014").values()) == {4.0}


def test_every_estimate_of_the_model_of_caliendo_and_parro_is_one_of_their_table() -> None:
    model = {r.sector: r.theta for r in sets()["caliendo-parro-2015"].rows}
    table = {r.sector: r.theta for r in sets()["caliendo-parro-2015-table"].rows}
    assert {s for s in model if model[s] != table[s]} == set(REPLACED)
    assert {s: table[s] for s in REPLACED} == REPLACED
    assert {model[s] for s in (*REPLACED, "Services")} == {SERVICES}


@pytest.mark.skipif(
    not CP.is_file(), reason="the data of Caliendo and Parro (../shared/data/test) are not here"
)
def test_caliendo_and_parro_are_those_of_their_data() -> None:
    theirs = dict(pl.read_parquet(CP).iter_rows())
    goods = [r for r in sets()["caliendo-parro-2015"].rows if r.sector != "Services"]
    assert len(goods) == 20
    assert [r.theta for r in goods] == list(theirs.values())[:20]
    assert set(list(theirs.values())[20:]) == {SERVICES}


@pytest.mark.skipif(not CUBES.is_file(), reason="the ICIO cubes (../shared/data/test) are not here")
@pytest.mark.parametrize(
    ("theirs", "name", "industries"),
    [
        (
            "CP",
            "caliendo-parro-2015-table",
            ("A01", "B07", "C10T12", "C13T15", "C19", "C24A", "C25", "C26", "C27"),
        ),
        ("GYY", "giri-yi-yilmazkuday-2021", ("C13T15", "C20", "C24A", "C25", "C29", "C31T33")),
        (
            "FGO",
            "fontagne-guimbard-orefice-2022",
            ("A01", "B07", "C10T12", "C19", "C20", "C26", "C27", "C28"),
        ),
        ("LL", "lashkaripour-lugovskyy-2023", ("A01", "B07", "C10T12", "C19", "C20", "C27", "C29")),
        ("Shap", "shapiro-2016", ("A01", "B07", "C10T12", "C24A", "C29")),
        ("U4", "simonovska-waugh-2014", ("A01", "C26", "C31T33")),
    ],
)
def test_others_carry_the_same_numbers_to_industries_without_pooling(
    theirs: str, name: str, industries: tuple[str, ...]
) -> None:
    with CUBES.open(encoding="utf-8") as file:
        cubes = {r["sector"]: float(r["epsilon"]) for r in csv.DictReader(file) if r["set"] == theirs}
    mine = on(name)
    assert {i: mine[i] for i in industries} == pytest.approx({i: cubes[i] for i in industries}, abs=1e-6)


def test_all_that_is_missing_is_told_at_once() -> None:
    found = sets()["giri-yi-yilmazkuday-2021"].theta(["A01", "C25", "C28"], ICIO_2025)
    with pytest.raises(CannotAnswer, match=r"years: no elasticity for A01, C28;"):
        require(found, "years")
    whole = sets()["shapiro-2016"].theta(["A01", "C28"], ICIO_2025)
    assert require(whole, "years") is whole.values


def test_codes_sets_and_classifications_that_are_unknown_are_refused() -> None:
    with pytest.raises(ZizhuError, match="C26") as error:
        sets()["shapiro-2016"].theta(["C266", "A01", "X"], ICIO_2025)
    assert len(error.value.problems) == 2
    with pytest.raises(CannotAnswer, match="icio-2025"):
        sets()["shapiro-2016"].theta(["A01"], "no such list")
    with pytest.raises(ZizhuError, match="shapiro-2016"):
        elasticity_set("shapiro-2015")


def test_a_list_of_industries_is_recognised_with_its_sections() -> None:
    for name, listed in classifications().items():
        assert classified(reversed(list(listed.values()))) == name
    assert classified(list(classifications()["wiod-2013"].values())[1:]) == ""


def test_ranges_are_spelled_out() -> None:
    assert spelled("01-03; 302-303; 2431") == ("01", "02", "03", "302", "303", "2431")


def test_horizons_are_labelled_assumptions_with_the_source_of_every_cell() -> None:
    assert list(horizons()) == ["one_year", "long_run"]
    for row in rows("vocab/horizon_elasticities.csv"):
        assert row["basis"] == "assumption"
        for part in ("theta", "nests", "labour"):
            source = row[f"{part}_source"]
            assert "by the project: " in source or row.get(f"{part}_url") or "(20" in source
    year, long_run = horizons().values()
    assert (year.rho, year.eps, year.sigma, year.sector_labour) == (0.5, 0.001, 0.9, True)
    assert (long_run.rho, long_run.eps, long_run.sigma, long_run.sector_labour) == (1, 1, 1, False)


@given(st.lists(st.floats(min_value=0.01, max_value=100), min_size=1))
def test_a_year_never_substitutes_more_than_the_long_run_beyond_its_floor(values: list[float]) -> None:
    theta = np.array(values)
    year, long_run = horizons()["one_year"], horizons()["long_run"]
    assert (long_run.theta(theta) == theta).all()
    assert (year.theta(theta) <= np.maximum(theta, year.theta_least)).all()
    assert (year.theta(theta) >= year.theta_least).all()


def test_values_and_what_is_told_of_them_are_as_long_as_the_question() -> None:
    found: Thetas = sets()["caliendo-parro-2015"].theta(["C26", "A01", "C26"], ICIO_2025)
    assert len(found.values) == len(found.spread) == len(found.log_spread) == len(found.how) == 3
    assert found.values[0] == found.values[2]
