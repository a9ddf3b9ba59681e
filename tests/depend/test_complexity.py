"""Complexity of a table: what takes part, what is refused, and how every number opens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from depend.selling import CODES, COUNTRIES, OPEN, flows, store
from tables.stored import workspace
from zizhu.depend import complexity
from zizhu.depend.draw import ranked
from zizhu.depend.specialisation import eci, rca
from zizhu.depend.specialisation.defaults import defaults
from zizhu.ledger.result import Result
from zizhu.show.spec import spec
from zizhu.show.trace import trace
from zizhu.store import Workspace
from zizhu.vocab.groups import members
from zizhu.vocab.problems import CannotAnswer, ZizhuError


def store_series(
    ws: Workspace, name: str, values: dict[str, float], *more: tuple[str, str, float, str]
) -> None:
    """Observations of 2021 in a table; `more` are rows (indicator, entity, value, vintage)."""
    rows = [("one", e, v, "2024") for e, v in values.items()] + list(more)
    frame = pl.DataFrame(
        [(i, e, "2021", v, "USD", "reported", s) for i, e, v, s in rows],
        schema=["indicator", "entity", "period", "value", "unit", "status", "vintage"],
        orient="row",
    )
    ws.commit(
        name,
        frame,
        ("indicator", "entity", "period", "vintage"),
        {"title": name, "sources": ("test",), "units": {"value": "USD"}, "flags": {"kind": "indicator"}},
    )


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    held = store(tmp_path_factory.mktemp("complexity"), flows())
    store_series(held, "gdp", {c: 1000.0 * (i + 1) for i, c in enumerate(COUNTRIES[:-1])})
    store_series(held, "people", {"AUS": 5.0, "BRA": 50.0, "CHN": 500.0}, ("one", "AUS", 70.0, "2025"))
    store_series(held, "two", {"AUS": 5.0}, ("other", "AUS", 7.0, "2024"))
    return held


def params(**options: Any) -> complexity.Params:
    filters = OPEN | options.pop("filters", {})
    return complexity.Params(**{"trade": "sales", "level": 6, "insist": True, "filters": filters} | options)


def ask(ws: Workspace, **options: Any) -> tuple[complexity.Inputs, Result]:
    inputs = complexity.load(ws, params(**options))
    return inputs, complexity.solve(inputs)


def matrix(years: tuple[int, ...], cut: int = 6) -> pl.DataFrame:
    rows = pl.DataFrame(flows(), orient="row", schema=["year", "c", "to", "p", "r", "usd"])
    part = rows.filter(pl.col("year").is_in(years)).with_columns(pl.col("p").str.slice(0, cut))
    wide = part.pivot("p", index="c", values="usd", aggregate_function="sum", sort_columns=True).sort("c")
    return wide.fill_null(0)


@pytest.mark.parametrize(
    ("options", "years", "cut"),
    [
        ({}, (2021,), 6),
        ({"first": 2020, "last": 2021}, (2020, 2021), 6),
        ({"first": 2020, "last": 2020, "level": 4}, (2020,), 4),
        ({"level": 2}, (2021,), 2),
    ],
    ids=["last year", "mean of years", "headings", "chapters"],
)
def test_an_answer_is_the_kernel_on_the_matrix_of_the_table(
    ws: Workspace, options: dict[str, Any], years: tuple[int, ...], cut: int
) -> None:
    wide = matrix(years, cut)
    X = wide.drop("c").to_numpy().astype(float) / len(years)
    M = rca.specialised(rca.rca(X))
    of = eci.atlas(eci.eci_pci(M))
    frame = ask(ws, **options)[1].frame
    countries = frame.filter(pl.col("of") == "country").sort("code")
    assert countries["code"].to_list() == wide["c"].to_list()
    np.testing.assert_allclose(countries["eci"], of.eci, atol=1e-9)
    np.testing.assert_allclose(countries["exports_usd"], X.sum(axis=1), rtol=1e-12)
    assert countries["diversity"].to_list() == M.sum(axis=1).tolist()
    ordered = countries.sort("rank")["eci"].to_list()
    assert ordered == sorted(ordered, reverse=True)
    products = frame.filter(pl.col("of") == "product").sort("code")
    assert products["code"].to_list() == wide.columns[1:]
    assert cut == 6 or not any(name.startswith("HS ") for name in products["name"])
    np.testing.assert_allclose(products["pci"], of.pci, atol=1e-9)


VARIANTS: dict[str, dict[str, Any]] = {
    "pci": {},
    "fitness net": {"outlook_by": "fitness", "gain": "net", "updates": 3},
    "jaccard": {"related_by": "jaccard"},
    "mean": {"first": 2020},
    "headings": {"level": 4, "gain": "net"},
    "without rare products": {"filters": {"min_ubiquity": 3}},
}
SUMS = (
    "eci",
    "pci",
    "diversity",
    "ubiquity",
    "coi",
    "cog",
    "density",
    "related",
    "prody",
    "expy",
    "sold_usd",
)


@pytest.mark.parametrize("options", VARIANTS.values(), ids=VARIANTS)
def test_every_number_opens_into_what_adds_up_to_it(ws: Workspace, options: dict[str, Any]) -> None:
    inputs, result = ask(ws, country="CHN", gdp="gdp", **options)
    keys = ("country|CHN", "country|USA", *(f"product|{c}" for c in inputs.baskets.products))
    opened_columns = set()
    for key in keys:
        row = result.row(key)
        for column in result.units:
            if row[column] is None:
                continue
            opened = complexity.explain(inputs, result, key, column, 1000)
            opened_columns.add(column)
            assert opened.value == row[column]
            assert opened.remainder == pytest.approx(0, abs=1e-9 * max(abs(opened.value), 1))
            sums = [p for p in opened.parts if p.share is not None]
            if column in (*SUMS, "exports_usd") and opened.value:
                assert sum(p.value for p in sums) == pytest.approx(opened.value, rel=1e-9, abs=1e-12)
    assert opened_columns == set(result.units)


def test_eci_is_the_mean_pci_of_the_basket_as_told(ws: Workspace) -> None:
    inputs, result = ask(ws, country="CHN")
    opened = complexity.explain(inputs, result, "country|CHN", "eci", 1000)
    pci = dict(result.frame.filter(pl.col("of") == "product").select("code", "pci").iter_rows())
    rcas = dict(result.frame.filter(pl.col("of") == "product").select("code", "rca").iter_rows())
    basket = [pci[c] for c, r in rcas.items() if r >= 1]
    assert result.row("country|CHN")["eci"] == pytest.approx(sum(basket) / len(basket))
    assert {p.ref for p in opened.parts} == {
        f"run:{result.run.id}#product|{c},pci" for c, r in rcas.items() if r >= 1
    }


def test_rca_opens_into_its_four_flows(ws: Workspace) -> None:
    inputs, result = ask(ws, country="CHN", filters={"min_ubiquity": 3})
    for code in inputs.baskets.products:
        opened = complexity.explain(inputs, result, f"product|{code}", "rca")
        size = sorted((p for p in opened.parts), key=lambda p: p.value)
        assert all(p.share is None for p in opened.parts)
        assert len(size) == 4
        by_label = {p.label: p.value for p in opened.parts}
        mine = by_label.pop("sales of it by China")
        own = by_label.pop("all sales of China")
        world = by_label.pop("sales of it by all countries")
        (everything,) = by_label.values()
        assert (mine / own) / (world / everything) == pytest.approx(opened.value)


def test_every_part_of_a_traced_number_opens_again(ws: Workspace) -> None:
    _, result = ask(ws, country="CHN")
    ws.save_run(result.run)
    for key, column in (
        ("country|CHN", "eci"),
        ("product|010110", "sold_usd"),
        ("country|USA", "exports_usd"),
    ):
        opened = trace(ws, f"run:{result.run.id}#{key},{column}")
        assert opened.parts
        for part in opened.parts:
            assert trace(ws, part.ref).value == pytest.approx(
                part.value if column != "eci" else part.value * result.row(key)["diversity"]
            )


def test_the_frontier_is_made_of_products_that_the_country_lacks(ws: Workspace) -> None:
    _, result = ask(ws, country="VNM")
    products = result.frame.filter(pl.col("of") == "product")
    front = products.filter(pl.col("frontier"))
    assert front.height > 0
    assert (front["rca"] < 1).all()
    for one in front.iter_rows(named=True):
        lacks = products.filter(pl.col("rca") < 1)
        better = lacks.filter(pl.col("density") >= one["density"], pl.col("pci") >= one["pci"])
        assert (
            better.height
            == better.filter(pl.col("density") == one["density"], pl.col("pci") == one["pci"]).height
        )


def test_filters_and_what_they_removed_are_told(ws: Workspace) -> None:
    exports = dict(
        ask(ws)[1].frame.filter(pl.col("of") == "country").select("code", "exports_usd").iter_rows()
    )
    least = sorted(exports.values())[3]
    _, result = ask(ws, filters={"min_exports_usd": least})
    held = result.frame.filter(pl.col("of") == "country")["code"].to_list()
    assert set(held) == {c for c, usd in exports.items() if usd >= least}
    told = " ".join(result.notes)
    gone = sorted(set(exports) - set(held))
    assert f"Left out with sales below {least:,.0f} USD a year: {len(gone)} ({', '.join(gone)})." in told
    _, result = ask(ws, population="people", filters={"min_population": 60})
    told = " ".join(result.notes)
    assert "Left out with population below 60 persons: 1 (BRA)." in told
    assert "Kept without a known population: 9" in told


def test_a_product_below_the_ubiquity_is_left_out(ws: Workspace) -> None:
    frame = ask(ws)[1].frame
    rare = set(frame.filter(pl.col("ubiquity") < 4)["code"])
    _, result = ask(ws, filters={"min_ubiquity": 4})
    assert rare
    assert not rare & set(result.frame["code"])
    assert "with fewer than 4 places of RCA >= 1" in " ".join(result.notes)


def test_defaults_are_rows_with_a_source() -> None:
    filters = complexity.Params().filters
    assert filters.min_exports_usd == defaults()["min_exports_usd"].value == 1e9
    assert all(d.source and d.url.startswith("http") for d in defaults().values())


def test_income_is_said_to_be_missing_or_given(ws: Workspace) -> None:
    _, result = ask(ws)
    assert "prody" not in result.frame.columns
    assert any(n.startswith("No PRODY and EXPY") for n in result.notes)
    _, result = ask(ws, gdp="gdp")
    assert result.row("country|VNM")["expy"] is None
    assert any("not known of 1 countries" in n and "VNM" in n for n in result.notes)
    assert 1000 < result.row("country|USA")["expy"] < 11000


def test_no_number_is_nan(ws: Workspace) -> None:
    _, result = ask(ws, country="CHN", gdp="gdp")
    floats = result.frame.select(pl.col(pl.Float64).is_nan().any())
    assert not any(floats.row(0))
    assert set(result.units) | {"name", "frontier", *result.key} == set(result.frame.columns)


def test_the_run_names_the_variants(ws: Workspace) -> None:
    _, result = ask(ws, country="CHN", outlook_by="fitness", gain="net", updates=7)
    assert "K = fitness" in result.units["coi"]
    assert result.units["cog"].endswith("(K = fitness, net)")
    assert "7 updates" in result.units["fitness"]
    assert result.run.params["filters"]["min_exports_usd"] == 0


def test_an_answer_on_few_products_is_refused_unless_insisted(ws: Workspace) -> None:
    with pytest.raises(CannotAnswer, match="of the products of HS1992"):
        ask(ws, insist=False)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"first": 1990}, "years 1990-2021"),
        ({"last": 2030}, "years 2030-2030"),
        ({"country": "LUX"}, "countries that take part: unknown country 'LUX'"),
        ({"gdp": "sales"}, "kind 'trade'"),
        ({"gdp": "two"}, "2 indicators"),
        ({"gdp": "two:third"}, "no indicator 'third'"),
        ({"gdp": "gdp", "last": 2020}, "no observation of 2020-2020"),
        ({"filters": {"min_exports_usd": 1e15}}, "the filters leave nothing"),
        ({"trade": "gdp"}, "kind 'indicator'"),
    ],
    ids=["first", "last", "country", "kind", "which", "no such", "year", "filters", "table"],
)
def test_questions_that_the_tables_cannot_answer(ws: Workspace, options: dict[str, Any], said: str) -> None:
    with pytest.raises(ZizhuError, match=said):
        ask(ws, **options)


MEMBERS = ("DEU", "FRA")


def merged(year: int) -> pl.DataFrame:
    """Sales of the countries with Germany and France as one, without what these sell to each other."""
    rows = pl.DataFrame(flows(), orient="row", schema=["year", "c", "to", "p", "r", "usd"])
    inside = pl.col("c").is_in(MEMBERS) & pl.col("to").is_in(MEMBERS)
    who = pl.when(pl.col("c").is_in(MEMBERS)).then(pl.lit("EU27")).otherwise("c").alias("c")
    part = rows.filter(pl.col("year") == year, ~inside).with_columns(who)
    wide = part.pivot("p", index="c", values="usd", aggregate_function="sum", sort_columns=True).sort("c")
    return wide.fill_null(0)


def test_a_group_is_one_exporter(ws: Workspace) -> None:
    wide = merged(2021)
    X = wide.drop("c").to_numpy().astype(float)
    of = eci.atlas(eci.eci_pci(rca.specialised(rca.rca(X))))
    inputs, result = ask(ws, country="EU27")
    countries = result.frame.filter(pl.col("of") == "country").sort("code")
    assert countries["code"].to_list() == wide["c"].to_list()
    assert set(countries["code"]).isdisjoint(MEMBERS)
    np.testing.assert_allclose(countries["eci"], of.eci, atol=1e-9)
    np.testing.assert_allclose(countries["exports_usd"], X.sum(axis=1), rtol=1e-12)
    products = result.frame.filter(pl.col("of") == "product").sort("code")
    at = wide["c"].to_list().index("EU27")
    np.testing.assert_allclose(products["sold_usd"], X[at], rtol=1e-12)
    assert any("The EU27 is one country here" in note for note in result.notes)
    row = result.row("country|EU27")
    opened = complexity.explain(inputs, result, "country|EU27", "exports_usd", 50)
    assert opened.remainder == pytest.approx(0, abs=1e-6 * row["exports_usd"])
    ws.save_run(result.run)
    for part in trace(ws, result.ref(row, "exports_usd")).parts:
        assert trace(ws, part.ref).value in (None, pytest.approx(part.value))


@pytest.mark.parametrize("least", [10, 12])
def test_a_group_has_the_population_of_its_members(tmp_path: Path, least: int) -> None:
    """Germany and France are 11 together, and the other members nobody."""
    ws = store(tmp_path, flows())
    everybody = dict.fromkeys((*COUNTRIES, *members("EU27", 2021)), 0.0) | {"DEU": 5.0, "FRA": 6.0}
    store_series(ws, "folk", everybody | dict.fromkeys(set(COUNTRIES) - set(MEMBERS), 100.0))
    asked = {"country": "EU27", "population": "folk", "filters": {"min_population": least}}
    if least == 12:
        with pytest.raises(ZizhuError, match="countries that take part"):
            ask(ws, **asked)
        return
    assert ask(ws, **asked)[1].row("country|EU27")["rank"] >= 1


def test_a_group_without_a_member_in_the_table_does_not_take_part(ws: Workspace) -> None:
    with pytest.raises(ZizhuError, match="countries that take part"):
        ask(ws, country="GCC")


def test_two_revisions_are_refused(tmp_path: Path) -> None:
    rows = [(y, e, i, p, "HS1992" if y == 2020 else "HS2012", v) for y, e, i, p, _, v in flows()]
    ws = store(tmp_path, rows)
    with pytest.raises(ZizhuError, match="flows in HS1992, HS2012"):
        ask(ws, first=2020)
    assert ask(ws)[1].frame.height > 12


def test_values_below_zero_are_refused(tmp_path: Path) -> None:
    ws = store(tmp_path, [*flows(), (2021, "AUS", "USA", "999999", "HS1992", -5)])
    with pytest.raises(ZizhuError, match="1 rows are below 0"):
        ask(ws)


def test_countries_that_share_no_product_with_the_others_are_named(tmp_path: Path) -> None:
    rows = [f for f in flows() if f[3] != "870323" and f[1] != "AUS"]
    ws = store(tmp_path, [*rows, (2021, "AUS", "USA", "870323", "HS1992", 5)])
    with pytest.raises(CannotAnswer, match=r"2 blocks of countries share no product \(apart: AUS\)"):
        ask(ws)


def test_a_country_alone_is_refused(tmp_path: Path) -> None:
    ws = store(tmp_path, [(2021, "AUS", "USA", code, "HS1992", 5) for code in CODES])
    with pytest.raises(CannotAnswer, match="1 place with the same products"):
        ask(ws)


def test_sales_to_itself_do_not_count(tmp_path: Path) -> None:
    ws = store(tmp_path, [*flows(), *((2021, "CHN", "CHN", code, "HS1992", 10**12) for code in CODES)])
    assert ask(ws)[1].row("country|CHN")["exports_usd"] < 10**12


@pytest.mark.parametrize("by", ["product", "sector"])
def test_places_and_what_they_produce_can_be_asked_too(tmp_path: Path, by: str) -> None:
    ws = workspace(tmp_path)
    rows = pl.DataFrame(flows(), orient="row", schema=["year", "country", "to", by, "r", "value_usd"])
    frame = rows.group_by("year", "country", by).agg(pl.col("value_usd").sum().cast(pl.Float64))
    described = {
        "title": "Output",
        "sources": ("test",),
        "units": {"value_usd": "USD"},
        "flags": {"kind": "production", "by": by},
    }
    ws.commit("output", frame, ("year", "country", by), described)
    inputs, result = ask(ws, trade="output", country="CHN")
    sold = store(tmp_path / "flows", flows())
    np.testing.assert_allclose(
        result.frame.sort("of", "code")["rank"], ask(sold)[1].frame.sort("of", "code")["rank"]
    )
    opened = complexity.explain(inputs, result, "country|CHN", "exports_usd", 1000)
    assert sum(p.value for p in opened.parts) == pytest.approx(opened.value)
    assert opened.parts[0].ref.startswith("table:output@")
    assert result.coverage[0].share is None


def test_the_figure_shows_the_country_that_was_asked_for(ws: Workspace) -> None:
    _, result = ask(ws, country="NGA")
    figure = result.figure()
    assert figure.kind == "bars"
    assert sum(r["asked"] for r in figure.rows) == 1
    rank = result.row("country|NGA")["rank"]
    assert figure.sentence == f"Nigeria has rank {rank} of {len(figure.rows)} in economic complexity."
    assert spec(figure)["usermeta"]["kind"] == "bars"
    plain = ranked.complexity(ask(ws)[1])
    assert "accent" not in plain.encoding
