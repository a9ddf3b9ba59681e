"""Dependence acceptance cases: exposure, look-through, trade shares and concentration against others' numbers.

Dependency flags are in test_flag_cases.py, self-sufficiency ratios in tests/depend/test_sufficiency.py.
The two rows of published bounds on another table and the one on another edition are no gates.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import cast

import numpy as np
import polars as pl
import pytest

from cases.reading import ABSENT, SHARED, Row, labelled, rows
from zizhu.depend.concentration import supply_risk
from zizhu.tables.content import face_value, gross_look_through, value_added_content
from zizhu.tables.herfindahl import hhi
from zizhu.tables.leontief import LU, Index, Matrix, Vector, factor, value_added_share
from zizhu.tables.trade import Trade, by_partner, concentration, with_shares, world_share
from zizhu.vocab import groups

COPPER = 0.409412948
"""The midpoint of copper in the worked example, to which others are put in proportion."""
OWNER = {"MX1": "MEX", "MX2": "MEX", "CN1": "CHN", "CN2": "CHN"}


@dataclass(frozen=True)
class Table:
    """A table by owner country: Z (n, n), y by what is asked, x = Z1 + F1."""

    countries: tuple[str, ...]
    of: Index
    Z: Matrix
    x: Vector
    lu: LU
    v: Vector

    def own(self, country: str) -> Index:
        return np.flatnonzero(self.of == self.countries.index(country))

    def share(self, by_country: Vector, country: str) -> float:
        return float(by_country[self.countries.index(country)] / by_country.sum())


def table_of(owners: list[str], Z: Matrix, x: Vector) -> Table:
    countries = tuple(dict.fromkeys(owners))
    of = np.array([countries.index(o) for o in owners], dtype=np.intp)
    return Table(countries, of, Z, x, factor(Z, x), value_added_share(Z, x))


# --- a table with countries in two parts ---


@cache
def iciotest() -> tuple[Table, list[str], Matrix]:
    folder = SHARED / "cases" / "gvc"
    names, _, Z = labelled(folder / "iciotest_Z.csv")
    _, destinations, Y = labelled(folder / "iciotest_Y.csv")
    owners = [OWNER.get(n[:3], n[:3]) for n in names]
    return table_of(owners, Z, Z.sum(axis=1) + Y.sum(axis=1)), destinations, Y


@pytest.mark.parametrize("row", rows("depend", "iciotest_exposure", lambda _: True))
def test_exposure_with_split_countries(row: Row) -> None:
    table, destinations, Y = iciotest()
    user, _, origin = row.entity.partition(" <- ")
    own, count = table.own(user), len(table.countries)
    if row.quantity == "direct intermediates share":
        found = face_value(table.Z, table.x, table.of, count)[:, own] @ table.x[own]
    elif row.quantity == "look-through share (L-I)":
        found = gross_look_through(table.lu, table.of, count)[:, own] @ table.x[own]
    else:
        assert row.quantity == "value-added share of final demand"
        found = value_added_content(table.lu, table.v, table.of, count) @ Y[:, destinations.index(user)]
    row.check(table.share(found, origin))


# --- WIOD 2011 ---


@cache
def wiod() -> tuple[Table, Vector, list[str]]:
    """The table of 2011 with final demand by producer and the sector of every node."""
    folder = SHARED / "data" / "test" / "wiod2013"
    labels = pl.read_parquet(folder / "labels.parquet").sort("i")
    n = labels.height
    year = pl.col("year") == 2011
    cells = pl.scan_parquet(folder / "Z.parquet").filter(year).collect()
    Z = np.zeros((n, n))
    Z[cells["i"].to_numpy(), cells["j"].to_numpy()] = cells["v"].to_numpy()
    final = pl.scan_parquet(folder / "F.parquet").filter(year).group_by("i").agg(pl.col("v").sum()).collect()
    f = np.zeros(n)
    f[final["i"].to_numpy()] = final["v"].to_numpy()
    return table_of(labels["iso3"].to_list(), Z, Z.sum(axis=1) + f), f, labels["sector"].to_list()


MANUFACTURING = {f"c{i}" for i in range(3, 17)}


def manufacturing(country: str) -> Index:
    table, _, sectors = wiod()
    return np.array([i for i in table.own(country) if sectors[i] in MANUFACTURING], dtype=np.intp)


@cache
def wiod_contents() -> tuple[Matrix, Matrix]:
    table, _, _ = wiod()
    count = len(table.countries)
    return face_value(table.Z, table.x, table.of, count), gross_look_through(table.lu, table.of, count)


def look_through(quantity: str, country: str) -> Vector:
    """By source country, shares of the country's manufacturing; f its final demand, g its output."""
    table, final, _ = wiod()
    face, gross = wiod_contents()
    own = manufacturing(country)
    f, g = final[own], table.x[own]
    itself = np.where(np.arange(len(table.countries)) == table.countries.index(country), f.sum(), 0.0)
    whole = (gross[:, own] @ f + itself).sum()
    measures = {
        "FPEM": (gross[:, own] @ f + itself) / whole,
        "FPEM_face_value": (face[:, own] @ f + itself) / whole,
        "lookthrough_own": gross[:, own] @ f / (gross[:, own] @ f).sum(),
        "direct_own": face[:, own] @ g / (face[:, own] @ g).sum(),
    }
    return np.asarray(measures[quantity])


MEASURES = ("FPEM", "FPEM_face_value", "lookthrough_own", "direct_own")


@pytest.mark.parametrize("row", rows("depend", "lookthrough_wiod2011", lambda q: q in MEASURES))
def test_look_through_of_manufacturing(row: Row) -> None:
    table, _, _ = wiod()
    user, _, origin = row.entity.partition(" manufacturing <- ")
    shares = look_through(row.quantity, user)
    if origin == "all foreign":
        row.check(float(np.delete(shares, table.countries.index(user)).sum()))
    else:
        row.check(float(shares[table.countries.index(origin)]))


@pytest.mark.parametrize("row", rows("depend", "lookthrough_wiod2011", lambda q: q.startswith("top_foreign")))
def test_top_foreign_suppliers_of_manufacturing(row: Row) -> None:
    table, _, _ = wiod()
    user, _, top = row.entity.partition(" manufacturing: ")
    _, gross = wiod_contents()
    abroad = gross[:, manufacturing(user)].copy()
    abroad[table.countries.index(user)] = 0
    named = [i for i, c in enumerate(table.countries) if c not in ("ROW", "RoW")]
    lead = [table.countries[named[k]] for k in abroad[named].argmax(axis=0)]
    row.check(lead.count(top) / len(lead))


# --- production ---


def production(commodity: str, rows_of: pl.DataFrame) -> pl.DataFrame:
    """Producers of a commodity in 2022 as flows of one product."""
    return rows_of.select(
        pl.lit(2022).alias("year"),
        pl.lit(commodity).alias("hs6"),
        pl.col("producer").alias("partner"),
        pl.col("production").alias("value_usd"),
        pl.lit(None, pl.Float64).alias("quantity_t"),
        pl.lit(0).alias("weighed_usd"),
    ).filter(pl.col("value_usd") > 0)


@pytest.mark.parametrize(
    "row", rows("depend", "world_mining_2022", lambda q: q.startswith(("top producer", "production HHI")))
)
def test_concentration_of_mining(row: Row) -> None:
    path = SHARED / "data" / "test" / "mining" / "world_mining_data.parquet"
    of_year = pl.read_parquet(path).filter(pl.col("year") == 2022, pl.col("commodity") == row.entity)
    (found,) = concentration(production(row.entity, of_year.rename({"iso3": "producer"}))).iter_rows(
        named=True
    )
    if row.quantity == "production HHI":
        row.check(found["hhi"])
    else:
        assert found["lead"] == row.quantity[-4:-1]
        row.check(found["lead_share"])


def imports_of_the_example(hs6: str) -> pl.DataFrame:
    """The flows of the worked example, which is of another edition than the built-in table."""
    listed = pl.read_csv(SHARED / "cases" / "depend" / "geopolrisk_trade_usa_2022.csv")
    return listed.filter(pl.col("Resource HSCODE") == hs6).select(
        pl.col("Year").alias("year"),
        pl.col("Exporting Country").cast(pl.String).alias("exporter"),
        pl.col("Importing Country").cast(pl.String).alias("importer"),
        pl.lit(hs6).alias("hs6"),
        (pl.col("Trade Value (1000 USD)") * 1000).round().cast(pl.Int64).alias("value_usd"),
        pl.col("Quantity (mTonnes)").alias("quantity_t"),
    )


@pytest.mark.parametrize("row", rows("depend", "geopolrisk_usa_2022", lambda q: q in ("HHI", "Total Trade")))
def test_worked_example_of_supply_risk(row: Row) -> None:
    _, material, hs6 = row.entity.split(" ")
    if row.quantity == "Total Trade":
        imports = by_partner(imports_of_the_example(hs6), ["842"], "imports")
        return row.check(float(imports["quantity_t"].sum()))
    path = SHARED / "cases" / "depend" / f"geopolrisk_production_{material.lower()}.csv"
    producers = pl.read_csv(path).filter(pl.col("Country_Code") != "DELETE")
    of_year = producers.rename({"Country_ISO": "producer", "2022": "production"})
    return row.check(concentration(production(material, of_year))["hhi"][0])


# --- trade in raw materials ---


def supply(baci: Trade, entity: str, year: int) -> pl.DataFrame:
    flows = baci.frame.filter(pl.col("year") == year)
    return concentration(by_partner(flows, groups.expand(entity, year), "imports"))


@pytest.mark.parametrize("row", rows("depend", "baci_flags", lambda q: q == "products with imports"))
def test_products_with_imports(row: Row, baci: Trade) -> None:
    entity, year = row.entity.split(" ")
    row.check(float(supply(baci, entity, int(year)).height))


@cache
def expected_shares() -> pl.DataFrame:
    frame = pl.read_csv(
        SHARED / "cases" / "depend" / "baci_flags_2022_full.csv", schema_overrides={"hs6": pl.String}
    )
    # the code that BACI uses for Taiwan has no country of its own there
    return frame.with_columns(pl.col("hs6").str.zfill(6), pl.col("lead").replace("S19", "TWN"))


@pytest.mark.parametrize("entity", ["EU27", "CHN", "USA", "JPN"])
@pytest.mark.skipif(not SHARED.joinpath("cases").is_dir(), reason=ABSENT)
def test_imports_exports_and_concentration_of_every_product(entity: str, baci: Trade) -> None:
    """M, X, HHI of imports, largest share and supplier, and HHI of world exports with the bloc as one exporter."""
    expected = expected_shares().filter(pl.col("entity") == entity).sort("hs6")
    flows, members = baci.frame.filter(pl.col("year") == 2022), groups.expand(entity, 2022)
    found = (
        supply(baci, entity, 2022)
        .join(world_share(flows, members).select("hs6", "exports_usd", "imports_usd"), on="hs6")
        .join(world_concentration(flows, entity, members), on="hs6")
        .sort("hs6")
    )
    assert found["hs6"].to_list() == expected["hs6"].to_list()
    assert found["lead"].to_list() == expected["lead"].to_list()
    for ours, theirs, scale in (
        ("value_usd", "M", 1e-3),
        ("imports_usd", "M", 1e-3),
        ("exports_usd", "X", 1e-3),
        ("hhi", "hhi_m", 1.0),
        ("lead_share", "top", 1.0),
        ("world_hhi", "hhi_w", 1.0),
    ):
        np.testing.assert_allclose(found[ours] * scale, expected[theirs], rtol=1e-9, err_msg=theirs)


def world_concentration(flows: pl.DataFrame, entity: str, members: tuple[str, ...]) -> pl.DataFrame:
    """HHI of world exports of each product; the bloc is one exporter and its internal trade is left out."""
    inside = pl.col("exporter").is_in(list(members))
    outward = flows.filter(~(inside & pl.col("importer").is_in(list(members))), pl.col("value_usd") > 0)
    by_exporter = outward.group_by(
        "year", "hs6", pl.when(inside).then(pl.lit(entity)).otherwise("exporter").alias("partner")
    ).agg(pl.col("value_usd").sum(), pl.col("quantity_t").sum(), pl.lit(0).alias("weighed_usd"))
    return concentration(by_exporter).select("hs6", pl.col("hhi").alias("world_hhi"))


def test_shares_of_the_built_in_table_add_up(baci: Trade) -> None:
    shares = with_shares(by_partner(baci.frame, groups.expand("EU27", 2022), "imports"))
    totals = shares.group_by("year", "hs6").agg(pl.col("share").sum())
    assert cast(float, totals["share"].min()) == pytest.approx(1)
    assert cast(float, totals["share"].max()) == pytest.approx(1)


@pytest.mark.parametrize(
    "row",
    rows(
        "depend",
        "geopolrisk_usa_2022",
        lambda q: q.startswith(("Import Risk", "GeoPolRisk", "Midpoint", "CF")),
    ),
)
def test_supply_risk_of_the_worked_example(row: Row) -> None:
    material = row.entity.split(" ")[1]
    hs6 = {"Nickel": "260400", "Manganese": "260200"}[material]
    listed = pl.read_csv(SHARED / "cases" / "depend" / "geopolrisk_trade_usa_2022.csv")
    bought = listed.filter(pl.col("Resource HSCODE") == hs6)
    path = SHARED / "cases" / "depend" / f"geopolrisk_production_{material.lower()}.csv"
    made = pl.read_csv(path).filter(pl.col("Country_Code") != "DELETE")
    own = float(made.filter(Country_ISO="USA")["2022"].sum())
    tonnes = bought["Quantity (mTonnes)"].to_numpy()
    weighted = supply_risk.import_risk(tonnes, bought["WGI"].to_numpy(), own)
    found = supply_risk.score(float(hhi(made["2022"].to_numpy())[0]), weighted)
    price = float(bought["Trade Value (1000 USD)"].sum()) / float(tonnes.sum())
    name = row.quantity.split(" ")[0]
    row.check(
        {"Import": weighted, "GeoPolRisk": found, "Midpoint": found * price, "CF": found * price / COPPER}[
            name
        ]
    )
