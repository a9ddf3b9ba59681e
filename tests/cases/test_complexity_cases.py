"""Complexity acceptance cases: printed and independently computed numbers of two trade tables."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from cases.reading import ABSENT, SHARED, Row, rows
from tables.stored import workspace
from zizhu.depend import complexity
from zizhu.depend.baskets import Filters
from zizhu.depend.specialisation import eci, fitness, outlook, prody, proximity, rca
from zizhu.tables.leontief import Matrix, Vector

CASE = "sitc_1998_2000"
DATA = SHARED / "data" / "test" / "complexity"
LEAST_EXPORTS = 1e8
"""The filter that the case names, in the unit of its source."""
UPDATES = 19

here = pytest.mark.skipif(not (SHARED / "cases").is_dir(), reason=ABSENT)


class Sales:
    """A country x product table with its names, and M without empty rows and columns."""

    def __init__(self, frame: pl.DataFrame, country: str, product: str, value: str) -> None:
        wide = frame.pivot(product, index=country, values=value, aggregate_function="sum", sort_columns=True)
        wide = wide.sort(country).fill_null(0)
        self.countries: list[str] = wide[country].to_list()
        self.products = wide.columns[1:]
        self.X: Matrix = np.ascontiguousarray(wide.drop(country).to_numpy(), dtype=float)
        self.R = rca.rca(self.X)
        self.M = rca.specialised(self.R)
        held, sold = rca.trimmed(self.M)
        assert (len(held), len(sold)) == self.M.shape

    def at(self, entity: str) -> tuple[int, int]:
        country, product = entity.split("|")
        return self.countries.index(country), self.products.index(product)


@cache
def sitc(least: float = 0.0) -> Sales:
    frame = pl.read_parquet(DATA / "exports_sitc4_avg_1998_2000.parquet")
    frame = frame.filter(pl.col("value").sum().over("country") >= least)
    return Sales(frame, "country", "product", "value")


@cache
def fitted() -> tuple[Vector, Vector]:
    return fitness.fitness(sitc().M, UPDATES)


@cache
def indices() -> tuple[Vector, Vector]:
    """ECI and PCI, each with mean 0 and deviation 1 of its own (R package economiccomplexity)."""
    of = eci.eci_pci(sitc().M)
    of_places, of_products = ((v - v.mean()) / v.std(ddof=1) for v in (of.eci, of.pci))
    return of_places, of_products


def of_country(quantity: str, country: str) -> float:
    at = sitc().countries.index(country)
    if quantity == "eci_ddof1":
        return float(indices()[0][at])
    assert quantity == "fitness_19_updates"
    return float(fitted()[0][at])


def of_product(quantity: str, product: str) -> float:
    at = sitc().products.index(product)
    if quantity == "pci_ddof1":
        return float(indices()[1][at])
    assert quantity == "product_fitness_19_updates"
    return float(fitted()[1][at])


@pytest.mark.parametrize("row", rows("complexity", CASE, lambda q: q in ("eci_ddof1", "fitness_19_updates")))
def test_indices_of_countries(row: Row) -> None:
    row.check(of_country(row.quantity, row.entity))


@pytest.mark.parametrize(
    "row", rows("complexity", CASE, lambda q: q in ("pci_ddof1", "product_fitness_19_updates"))
)
def test_indices_of_products(row: Row) -> None:
    row.check(of_product(row.quantity, row.entity))


@pytest.mark.parametrize("row", rows("complexity", CASE, lambda q: q.startswith("proximity")))
def test_proximity(row: Row) -> None:
    products = row.quantity == "proximity_product"
    names = sitc().products if products else sitc().countries
    a, b = (names.index(name) for name in row.entity.split("|"))
    M = sitc().M if products else np.ascontiguousarray(sitc().M.T)
    row.check(float(proximity.proximity(M)[a, b]))
    row.check(float(proximity.of_product(M, a)[b]))


@pytest.mark.parametrize("row", rows("complexity", CASE, lambda q: q == "rca"))
def test_rca(row: Row) -> None:
    row.check(float(sitc().R[sitc().at(row.entity)]))


@pytest.mark.parametrize("row", rows("complexity", CASE, lambda q: q.startswith(("coi", "cog"))))
def test_outlook(row: Row) -> None:
    M, K = sitc().M, fitted()[1]
    if row.quantity.startswith("coi"):
        row.check(float(outlook.coi(proximity.density(M), M, K)[sitc().countries.index(row.entity)]))
    else:
        row.check(float(outlook.cog(proximity.density(M), M, K, "plain")[sitc().at(row.entity)]))


@pytest.mark.parametrize("row", rows("complexity", CASE, lambda q: q in ("prody", "expy")))
def test_income_of_products_and_baskets(row: Row) -> None:
    known = dict(pl.read_parquet(DATA / "world_gdp_avg_1998_to_2000.parquet").drop_nulls().iter_rows())
    held = np.array([i for i, c in enumerate(sitc().countries) if c in known])
    X = sitc().X[held]
    y = np.array([known[sitc().countries[i]] for i in held])
    found = prody.prody(rca.rca(X), y)
    if row.quantity == "prody":
        row.check(float(found[sitc().products.index(row.entity)]))
    else:
        row.check(float(prody.expy(X, found)[list(held).index(sitc().countries.index(row.entity))]))


COUNTS = ("n_countries", "n_products", "rca_at_least_1_cells", "second_eigenvalue")


@pytest.mark.parametrize("row", rows("complexity", CASE, lambda q: q in COUNTS))
def test_size_of_the_matrix_and_its_second_eigenvalue(row: Row) -> None:
    M = sitc().M
    found = dict(zip(COUNTS, (*M.shape, M.sum(), eci.eci_pci(M).second), strict=True))
    row.check(float(found[row.quantity]))


@pytest.mark.parametrize("row", rows("complexity", CASE, lambda q: q.startswith("eci_ddof0 rank")))
def test_ranking_with_and_without_the_filter(row: Row) -> None:
    filtered = row.quantity.endswith("with that filter")
    of = sitc(LEAST_EXPORTS if filtered else 0.0)
    index = eci.atlas(eci.eci_pci(of.M)).eci
    place = int(row.quantity.split("rank ")[1].split(" ")[0])
    at = int(np.argsort(-index)[place - 1])
    assert of.countries[at] == row.entity
    row.check(float(index[at]))


@pytest.mark.parametrize(
    "row",
    rows("complexity", CASE, lambda q: q.startswith(("n_countries (", "eci rank with"))),
)
def test_what_the_filter_changes(row: Row) -> None:
    of = sitc(LEAST_EXPORTS)
    if row.quantity.startswith("n_countries"):
        return row.check(float(len(of.countries)))
    order = np.argsort(-eci.eci_pci(of.M).eci)
    return row.check(float([of.countries[i] for i in order].index(row.entity) + 1))


@pytest.mark.parametrize("row", rows("complexity", CASE, lambda q: q.startswith("products with world")))
def test_products_with_few_exporters(row: Row) -> None:
    shares = sitc().X / sitc().X.sum(axis=0)
    row.check(float(((shares**2).sum(axis=0) > float(row.quantity.rpartition(" ")[2])).sum()))


@here
def test_every_country_and_product_of_the_full_tables() -> None:
    folder = SHARED / "cases" / "complexity"
    of, (F, Q), (eci1, pci1) = sitc(), fitted(), indices()
    countries = pl.read_csv(folder / "sitc_country_full.csv")
    assert countries["country"].to_list() == of.countries
    products = pl.read_csv(folder / "sitc_product_full.csv", schema_overrides={"product": pl.String})
    assert products["product"].to_list() == list(of.products)
    shares = of.X / of.X.sum(axis=0)
    for found, expected in (
        (of.M.sum(axis=1), countries["diversity"]),
        (eci1, countries["eci_ddof1"]),
        (F, countries["fitness_19"]),
        (of.M.sum(axis=0), products["ubiquity"]),
        (pci1, products["pci_ddof1"]),
        (Q, products["fitness_19"]),
        ((shares**2).sum(axis=0), products["export_hhi"]),
    ):
        np.testing.assert_allclose(found, expected.to_numpy(), rtol=1e-9, atol=1e-11, err_msg=expected.name)


@pytest.mark.parametrize("row", rows("complexity", "hs4_2017_unfiltered", lambda _: True))
def test_the_package_agrees_on_another_year(row: Row) -> None:
    frame = pl.read_parquet(DATA / "exports_hs4_2017.parquet")
    of = Sales(frame, "reporter_iso", "product_code", "export_value_usd")
    theirs = dict(pl.read_parquet(DATA / "package_eci_2017.parquet").iter_rows())
    pci = dict(pl.read_parquet(DATA / "package_pci_2017.parquet").iter_rows())
    found = eci.eci_pci(of.M)
    for ours, names, expected in ((found.eci, of.countries, theirs), (found.pci, of.products, pci)):
        pairs = np.array([(v, expected[n]) for v, n in zip(ours, names, strict=True) if n in expected])
        assert len(pairs) > 200
        assert np.corrcoef(pairs.T)[0, 1] >= float(row.printed)


@pytest.mark.parametrize("row", rows("complexity", "nested_5x5", lambda _: True))
def test_a_nested_matrix_is_ordered_by_diversity(row: Row) -> None:
    M = np.tril(np.ones((5, 5)))
    order = np.argsort(eci.eci_pci(M).eci)
    row.check(float(order.tolist() == np.argsort(M.sum(axis=1)).tolist()))


@here
def test_the_verb_ranks_as_the_case_with_its_filter(tmp_path: Path) -> None:
    """The table as a user would map it: what places sell by product, in the unit of its source."""
    frame = pl.read_parquet(DATA / "exports_sitc4_avg_1998_2000.parquet").select(
        pl.lit(1999).alias("year"), "country", "product", pl.col("value").alias("value_usd")
    )
    ws = workspace(tmp_path)
    described = {
        "title": "SITC",
        "sources": ("test",),
        "units": {"value_usd": "USD"},
        "flags": {"kind": "production", "by": "product"},
    }
    ws.commit("sitc", frame, ("year", "country", "product"), described)
    filters = Filters(min_population=0, min_exports_usd=LEAST_EXPORTS, min_product_trade_usd=0)
    params = complexity.Params(trade="sitc", filters=filters, updates=UPDATES)
    found = complexity.solve(complexity.load(ws, params)).frame.filter(pl.col("of") == "country")
    of = sitc(LEAST_EXPORTS)
    assert found.height == len(of.countries) == 136
    order = found.sort("rank")["code"].to_list()
    assert order.index("chn") + 1 == 32
    assert order[:5] == ["jpn", "gbr", "deu", "usa", "swe"]
    np.testing.assert_allclose(found.sort("code")["eci"], eci.atlas(eci.eci_pci(of.M)).eci, atol=1e-9)
