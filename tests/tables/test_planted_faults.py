"""Twenty faults and more, each planted in a stored table that is sound: the audit finds every one and says where.

A fault that the store does not let in counts as found when its refusal says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from tables import wiod2013
from tables.stored import FLAGS, MONEY, workspace
from zizhu.store import Workspace
from zizhu.tables.audit import Finding, check_table
from zizhu.tables.leontief import Matrix
from zizhu.tables.mrio import MRIO, Nodes
from zizhu.vocab.problems import ZizhuError

TRADE_KEY = ("year", "exporter", "importer", "hs6")
CODES = (
    *("ARG", "AUS", "AUT", "BEL", "BRA", "CAN", "CHE", "CHL", "CHN", "DEU", "DNK", "ESP"),
    *("FRA", "GBR", "IDN", "IND", "ITA", "JPN", "KOR", "MEX", "NLD", "POL", "USA", "ZAF"),
)
PRODUCTS = (
    "250410",
    "260111",
    "260300",
    "260400",
    "260600",
    "260800",
    "270900",
    "280530",
    "284690",
    "711011",
)
YEARS = range(2010, 2018)


def world_trade() -> pl.DataFrame:
    """Eight years of trade of 24 countries in ten products; pairs keep their shares, prices and tonnes move."""
    rng = np.random.default_rng(5)
    shape = (len(CODES), len(CODES), len(PRODUCTS))
    size = rng.lognormal(8, 2, shape) * (rng.random(shape) < 0.4)
    size[np.arange(len(CODES)), np.arange(len(CODES))] = 0
    price = rng.lognormal(6, 1.5, len(PRODUCTS))
    frames = []
    for t, year in enumerate(YEARS):
        tonnes = size * (1.03**t) * rng.lognormal(0, 0.2, shape)
        value = tonnes * price * rng.lognormal(0, 0.1, shape)
        i, j, k = np.nonzero((value >= 1) & (size > 0))
        frames.append(
            pl.DataFrame(
                {
                    "year": np.full(len(i), year, dtype=np.int16),
                    "exporter": np.array(CODES)[i],
                    "importer": np.array(CODES)[j],
                    "hs6": np.array(PRODUCTS)[k],
                    "revision": ["HS92"] * len(i),
                    "value_usd": value[i, j, k].astype(np.int64),
                    "quantity_t": tonnes[i, j, k],
                }
            )
        )
    return pl.concat(frames)


SOUND = world_trade()
IN_2014 = pl.col("year") == 2014
EVERYWHERE = pl.lit(True)


def put_trade(space: Workspace, frame: pl.DataFrame, name: str = "trade") -> None:
    described = {
        "title": "Trade",
        "sources": ("test",),
        "units": {"value_usd": "USD", "quantity_t": "t"},
        "flags": {"kind": "trade"},
    }
    space.commit(name, frame, TRADE_KEY, described)


def audited(folder: Path, frame: pl.DataFrame) -> list[Finding]:
    space = workspace(folder)
    put_trade(space, frame)
    found = check_table(space, "trade")
    assert_ranked(found)
    return found


def assert_ranked(found: list[Finding]) -> None:
    told = [f for f in found if not f.fine]
    assert found == [*told, *(f for f in found if f.fine)]
    assert [f.weight for f in told] == sorted((f.weight for f in told), reverse=True)
    assert all(0 <= f.weight <= 1 for f in found)


def faults(found: list[Finding]) -> str:
    return "\n".join(f.what for f in found if f.fault)


# --- trade ---


def scaled(column: str, factor: float, where: pl.Expr) -> pl.DataFrame:
    kept = SOUND.schema[column]
    return SOUND.with_columns(
        pl.when(where).then(pl.col(column) * factor).otherwise(pl.col(column)).cast(kept).alias(column)
    )


def swapped_sides() -> pl.DataFrame:
    other = {"exporter": "importer", "importer": "exporter"}
    return SOUND.with_columns(
        pl.when(IN_2014).then(pl.col(b)).otherwise(pl.col(a)).alias(a) for a, b in other.items()
    )


def swapped_columns() -> pl.DataFrame:
    v, q = pl.col("value_usd"), pl.col("quantity_t")
    return SOUND.with_columns(
        pl.when(IN_2014).then(q.cast(pl.Int64) + 1).otherwise(v).alias("value_usd"),
        pl.when(IN_2014).then(v.cast(pl.Float64)).otherwise(q).alias("quantity_t"),
    )


def all_swapped() -> pl.DataFrame:
    """Cheap goods by the kilogram would look like this too: half of the products cost less than a dollar a tonne."""
    return SOUND.with_columns(
        (pl.col("quantity_t") + 1).cast(pl.Int64).alias("value_usd"),
        pl.col("value_usd").cast(float).alias("quantity_t"),
    )


def copied_year() -> pl.DataFrame:
    copy = SOUND.filter(pl.col("year") == 2013).with_columns(pl.lit(2014, pl.Int16).alias("year"))
    return pl.concat([SOUND.filter(~IN_2014), copy])


def with_world(column: str, code: str, where: pl.Expr = EVERYWHERE) -> pl.DataFrame:
    summed = SOUND.filter(where).with_columns(pl.lit(code).alias(column))
    rows = summed.group_by([*TRADE_KEY, "revision"]).agg(pl.col("value_usd", "quantity_t").sum())
    return pl.concat([SOUND, rows.select(SOUND.columns)])


def renamed(column: str, old: str, new: str) -> pl.DataFrame:
    later = (pl.col("year") >= 2014) & (pl.col(column) == old)
    return SOUND.with_columns(pl.when(later).then(pl.lit(new)).otherwise(pl.col(column)).alias(column))


def garbled() -> pl.DataFrame:
    name = pl.col("exporter").replace({"FRA": "CÃ´te d'Ivoire"})
    return SOUND.with_columns(name.alias("exporter"))


def negative() -> pl.DataFrame:
    first = pl.int_range(pl.len()) == 7
    return SOUND.with_columns(
        pl.when(first).then(-pl.col("value_usd")).otherwise(pl.col("value_usd")).alias("value_usd")
    )


def cut_rows() -> pl.DataFrame:
    ordered = SOUND.sort(TRADE_KEY)
    return ordered.head(int(ordered.height * 0.97))


def blanks() -> pl.DataFrame:
    odd = pl.when(IN_2014 & (pl.col("exporter") == "CHL")).then(pl.lit("CHL "))
    return SOUND.with_columns(odd.otherwise(pl.col("exporter")).alias("exporter"))


def headings() -> pl.DataFrame:
    four = SOUND.with_columns(pl.col("hs6").str.slice(0, 4)).group_by([*TRADE_KEY, "revision"])
    rows = four.agg(pl.col("value_usd", "quantity_t").sum()).select(SOUND.columns)
    return pl.concat([SOUND, rows])


def domestic() -> pl.DataFrame:
    own = SOUND.filter(pl.col("importer") == "USA").with_columns(pl.col("exporter").alias("importer"))
    return pl.concat([SOUND, own.with_columns(pl.col("value_usd") * 20)])


IN_TRADE: dict[str, tuple[Callable[[], pl.DataFrame], str]] = {
    "value x 1000 in a year": (
        lambda: scaled("value_usd", 1000, IN_2014),
        "the value of 2014 is about 1,000 times (thousands against units) that of the years around it",
    ),
    "tonnes in kilograms in a year": (
        lambda: scaled("quantity_t", 1000, IN_2014),
        "the tonnes of 2014 is about 1,000 times (thousands against units)",
    ),
    "value x 1000 of one exporter in a year": (
        lambda: scaled("value_usd", 1000, IN_2014 & (pl.col("exporter") == "POL")),
        "the trade of exporter POL in 2014 is about 1,000 times (thousands against units)",
    ),
    "a country missing for a year": (
        lambda: SOUND.filter(~(IN_2014 & (pl.col("exporter") == "CHL"))),
        "1 exporters of the year before are missing in 2014: CHL",
    ),
    "exporters and importers swapped": (swapped_sides, "exporters and importers are swapped in 2014"),
    "value and tonnes swapped in a year": (swapped_columns, "value and tonnes are swapped in 2014"),
    "value and tonnes swapped": (
        all_swapped,
        "value and tonnes are swapped, or one of them is in another unit",
    ),
    "a copied year": (copied_year, "2013 and 2014 hold the same flows: one of them is a copy"),
    "the world as a partner": (
        lambda: with_world("exporter", "WLD"),
        "rows of totals among the exporter codes: WLD",
    ),
    "an unnamed total in one year": (
        lambda: with_world("importer", "X9", IN_2014),
        "importer X9 is the sum of the others in 2014",
    ),
    "a group beside its members": (
        lambda: with_world("importer", "EU27", pl.col("importer").is_in(["DEU", "FRA"])),
        "rows of totals among the importer codes: EU27",
    ),
    "a total product": (lambda: with_world("hs6", "TOTAL"), "rows of totals among the hs6 codes: TOTAL"),
    "an unnamed total product": (lambda: with_world("hs6", "999999"), "hs6 999999 is the sum of the others"),
    "headings beside products": (
        headings,
        "headings beside the products they contain: 2504, 2601, 2603, 2604, 2606",
    ),
    "negative flows": (negative, "1 negative flows"),
    "names in a wrong encoding": (
        garbled,
        'exporters that were read in a wrong encoding: "CÃ´te d\'Ivoire" (is "Côte d\'Ivoire")',
    ),
    "codes with blanks": (blanks, "exporters that differ only by case or blanks: 'CHL', 'CHL '"),
    "rows cut at the end": (cut_rows, "exporters of the year before are missing in 2017"),
    "the last countries cut": (
        lambda: SOUND.filter(pl.col("exporter") < "NLD"),
        "the exporters end with MEX, the importers go on to ZAF: rows at the end are missing",
    ),
    "a year cut short": (
        lambda: SOUND.filter(~IN_2014 | (pl.int_range(pl.len()) % 3 == 0)),
        "2014 is cut short",
    ),
    "a year with few products": (
        lambda: SOUND.filter(~IN_2014 | pl.col("hs6").is_in(PRODUCTS[:4])),
        "2014 is cut short: 4 products against 10 of the years around it",
    ),
    "domestic sales": (domestic, "goods that came back, or domestic sales"),
}


def test_a_sound_trade_table_has_no_fault(tmp_path: Path) -> None:
    found = audited(tmp_path, SOUND)
    assert faults(found) == ""
    assert [f.what for f in found if not f.fine] == []


@pytest.mark.parametrize("planted", IN_TRADE)
def test_a_fault_of_trade_is_found(planted: str, tmp_path: Path) -> None:
    make, said = IN_TRADE[planted]
    assert said in faults(audited(tmp_path, make()))


@pytest.mark.parametrize(
    ("column", "old", "new"),
    [("hs6", "260600", "260610"), ("exporter", "AUS", "AUX"), ("importer", "JPN", "JPX")],
)
def test_a_changed_code_is_told_with_both_names_and_is_no_fault(
    column: str, old: str, new: str, tmp_path: Path
) -> None:
    found = audited(tmp_path, renamed(column, old, new))
    assert faults(found) == ""
    said = [f.what for f in found if not f.fine]
    assert said == [
        f"{column} {old} ends in 2013 and {new} goes on with its trade: "
        "a changed code, join the two before comparing years"
    ]


def test_a_missing_year_is_told(tmp_path: Path) -> None:
    (note,) = (f for f in audited(tmp_path, SOUND.filter(~IN_2014)) if not f.fine)
    assert (note.what, note.fault, note.weight) == ("no flows in 2014", False, 1 / 8)


def test_repeated_rows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ZizhuError, match=r"3 rows repeat a key, first row .*exporter"):
        put_trade(workspace(tmp_path), pl.concat([SOUND, SOUND.head(3)]))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_no_number_is_refused(bad: float, tmp_path: Path) -> None:
    rows = SOUND.with_columns(
        pl.when(pl.int_range(pl.len()) == 4).then(bad).otherwise("quantity_t").alias("quantity_t")
    )
    with pytest.raises(ZizhuError, match=r"(?i)nan|inf"):
        put_trade(workspace(tmp_path), rows)


def test_heavier_findings_come_first(tmp_path: Path) -> None:
    """A whole year in another unit outweighs a small country that is missing."""
    rows = scaled("value_usd", 1000, pl.col("year") == 2012).filter(
        ~(IN_2014 & (pl.col("exporter") == "CHL"))
    )
    found = [f for f in audited(tmp_path, rows) if f.fault]
    assert "the value of 2012 is" in found[0].what
    assert found[0].weight > 0.9
    assert "missing in 2014: CHL" in found[-1].what
    assert found[-1].weight < 0.01


# --- reports of both sides ---


def reports(sent: float, noise: float) -> pl.DataFrame:
    """What importers report, and what exporters report of it: `sent` times that, with noise."""
    rng = np.random.default_rng(1)
    into = SOUND.select(
        *("year", pl.col("importer").alias("reporter"), pl.col("exporter").alias("partner")),
        *(pl.lit("import").alias("flow"), "hs6", "revision", "value_usd", "quantity_t"),
    )
    value = pl.Series(SOUND["value_usd"] * sent * rng.lognormal(0, noise, SOUND.height)).cast(pl.Int64)
    out = into.with_columns(
        pl.col("partner").alias("reporter"),
        pl.col("reporter").alias("partner"),
        pl.lit("export").alias("flow"),
        value.alias("value_usd"),
    )
    return pl.concat([into, out])


def check_reports(folder: Path, rows: pl.DataFrame) -> list[Finding]:
    space = workspace(folder)
    described = {
        "title": "Reported trade",
        "sources": ("test",),
        "units": {"value_usd": "USD", "quantity_t": "t"},
        "flags": {"kind": "reported-trade"},
    }
    space.commit("told", rows, ("year", "reporter", "partner", "flow", "hs6"), described)
    return check_table(space, "told")


@pytest.mark.slow
def test_two_reports_of_one_flow_are_compared(tmp_path: Path) -> None:
    agreeing = check_reports(tmp_path / "a", reports(1 / 1.05, 0.05))
    assert [f.what for f in agreeing if not f.fine] == []
    apart = check_reports(tmp_path / "b", reports(1 / 1.05, 1.0))
    (note,) = (f for f in apart if "whose two reports are more than 2 times apart, largest" in f.what)
    assert not note.fault
    assert 0.05 < note.weight < 1
    unit = check_reports(tmp_path / "c", reports(1e-3, 0.05))
    assert "importers report about 1,000 times (thousands against units) what exporters report" in faults(
        unit
    )
    assert any(f.what.startswith("exports: ") for f in unit)


# --- series ---

ENTITIES = [f"{a}{b}A" for a in "ABCDEF" for b in "KLMNO"]


def panel() -> pl.DataFrame:
    rng = np.random.default_rng(2)
    level = rng.lognormal(3, 1, len(ENTITIES))
    rows = [
        (e, y, float(np.round(level[i] * 1.02 ** (y - 2000) * rng.lognormal(0, 0.05), 3)))
        for i, e in enumerate(ENTITIES)
        for y in range(2000, 2015)
    ]
    return pl.DataFrame(rows, schema={"entity": pl.String, "year": pl.Int16, "v": pl.Float64}, orient="row")


PANEL = panel()
IN_2008 = pl.col("year") == 2008


def put_series(space: Workspace, frame: pl.DataFrame, unit: str = "percent") -> None:
    described = {"title": "Series", "sources": ("test",), "units": {"v": unit}}
    space.commit("series", frame, ("entity", "year"), described)


def moved(where: pl.Expr, factor: float) -> pl.DataFrame:
    return PANEL.with_columns(pl.when(where).then(pl.col("v") * factor).otherwise("v").alias("v"))


def kept(where: pl.Expr, year: int) -> pl.DataFrame:
    """The value of `year` in the rows of `where`."""
    held = PANEL.filter(pl.col("year") == year).select("entity", pl.col("v").alias("held"))
    both = PANEL.join(held, on="entity")
    return both.with_columns(pl.when(where).then("held").otherwise("v").alias("v")).drop("held")


ONE = pl.col("entity") == ENTITIES[3]
IN_SERIES: dict[str, tuple[Callable[[], pl.DataFrame], str]] = {
    "x 1000 in a year": (
        lambda: moved(IN_2008, 1000),
        "v: values in 2008 are about 1,000 times (thousands against units) those of other years",
    ),
    "shares from a year on": (
        lambda: moved(pl.col("year") >= 2008, 0.01),
        "v: values from 2008 on are about 100 times less than (per cent against shares) those of other years",
    ),
    "shares in the first year": (
        lambda: moved(pl.col("year") == 2000, 0.01),
        "v: values in 2000 are about 100 times less than (per cent against shares)",
    ),
    "x 1000 of one series in a year": (
        lambda: moved(IN_2008 & ONE, 1000),
        f"v: values far off those beside them: {ENTITIES[3]} 2008 (about 1,000 times",
    ),
    "x 100 of one series in a year": (
        lambda: moved(IN_2008 & ONE, 0.01),
        f"v: values far off those beside them: {ENTITIES[3]} 2008 (about 100 times less than",
    ),
    "a copied year": (
        lambda: kept(IN_2008, 2007),
        "every series repeats the value of the year before in 2008",
    ),
    "filled forward": (
        lambda: kept((pl.col("year") > 2009) & pl.col("entity").str.starts_with("B"), 2009),
        "v: one value to the end, filled forward: BKA from 2009, BLA from 2009",
    ),
    "a year cut short": (
        lambda: PANEL.filter(~IN_2008 | (pl.col("entity") < "DLA")),
        "v: 2008 is cut short: 16 series against 30 of the years beside it",
    ),
    "the last year cut short": (
        lambda: PANEL.filter((pl.col("year") != 2014) | (pl.col("entity") < "BLA")),
        "v: 2014 is cut short: 6 series against 30",
    ),
    "entities missing for a year": (
        lambda: PANEL.filter(~(IN_2008 & pl.col("entity").is_in(ENTITIES[4:6]))),
        "v: 2 series missing in 2008: AOA, BKA",
    ),
    "names in a wrong encoding": (
        lambda: PANEL.with_columns(pl.col("entity").replace({"AKA": "TÃ¼rkiye"})),
        "values of entity that were read in a wrong encoding: 'TÃ¼rkiye' (is 'Türkiye')",
    ),
}


def check_series(folder: Path, frame: pl.DataFrame, unit: str = "percent") -> list[Finding]:
    space = workspace(folder)
    put_series(space, frame, unit)
    found = check_table(space, "series")
    assert_ranked(found)
    return found


def test_a_sound_series_has_no_fault(tmp_path: Path) -> None:
    assert [f.what for f in check_series(tmp_path, PANEL) if not f.fine] == []


@pytest.mark.parametrize("planted", IN_SERIES)
def test_a_fault_of_a_series_is_found(planted: str, tmp_path: Path) -> None:
    make, said = IN_SERIES[planted]
    assert said in faults(check_series(tmp_path, make()))


def test_per_cent_in_a_column_of_shares(tmp_path: Path) -> None:
    assert "half of the values are above 1 in share of output: per cent" in faults(
        check_series(tmp_path, PANEL, "share of output")
    )


def test_a_renamed_series_a_total_and_gaps_are_told(tmp_path: Path) -> None:
    later = (pl.col("year") >= 2008) & ONE
    name = pl.when(later).then(pl.lit("ZZZ")).when(pl.col("entity") == "AKA").then(pl.lit("WLD"))
    frame = PANEL.with_columns(name.otherwise("entity").alias("entity"))
    gap = frame.with_columns(pl.when(pl.int_range(pl.len()) == 40).then(None).otherwise("v").alias("v"))
    found = check_series(tmp_path, gap)
    assert faults(found) == ""
    said = "\n".join(f.what for f in found)
    assert f"{ENTITIES[3]} ends in 2007 and ZZZ goes on from 2008: a changed code" in said
    assert "entity WLD stands for all of them: leave it out of sums" in said
    assert "1 rows without v" in said


def test_of_several_vintages_the_last_counts(tmp_path: Path) -> None:
    frame = PANEL.rename({"v": "value", "year": "period"}).with_columns(
        pl.col("period").cast(pl.String),
        *(pl.lit(w).alias(c) for c, w in (("indicator", "x"), ("unit", "percent"), ("vintage", "2015"))),
    )
    wrong = frame.filter(pl.col("period") == "2008").with_columns(
        pl.col("value") * 1000, pl.lit("2014").alias("vintage")
    )
    space = workspace(tmp_path)
    described = {"title": "Observations", "sources": ("test",), "units": {"value": "as the column unit says"}}
    key = ("indicator", "entity", "period", "vintage")
    space.commit("seen", pl.concat([frame, wrong]), key, described)
    assert faults(check_table(space, "seen")) == ""
    corrected = wrong.with_columns(pl.lit("2016").alias("vintage"))
    space.commit("seen", pl.concat([frame, corrected]), key, described)
    assert "x: values in 2008 are about 1,000 times" in faults(check_table(space, "seen"))
    with pytest.raises(ZizhuError, match="repeat a key"):
        space.commit("seen", pl.concat([frame, wrong, wrong]), key, described)


# --- input-output tables ---

COUNTRIES = ("BRA", "CHN", "DEU", "FRA", "IND", "USA")
SECTORS = ("A", "B", "C", "D", "F", "G")


@dataclass(frozen=True)
class Year:
    """A table of a family and what its description says of it."""

    mrio: MRIO
    year: int = 2010
    flags: Mapping[str, Any] | None = None


def io_table(year: int = 2010) -> MRIO:
    """Six countries that buy mostly at home; output grows by 4 % a year and the cells move a little."""
    rng = np.random.default_rng(3)
    C, n = len(COUNTRIES), len(COUNTRIES) * len(SECTORS)
    country = np.repeat(np.arange(C), len(SECTORS))
    home = country[:, None] == country
    A = rng.random((n, n)) * np.where(home, 1.0, 0.05)
    A *= rng.uniform(0.3, 0.6, n) / A.sum(axis=0)
    own = country[:, None] == np.arange(C)
    F = rng.lognormal(6, 1, n)[:, None] * rng.random((n, C)) * np.where(own, 1.0, 0.03)
    later = np.random.default_rng(year)
    A *= later.lognormal(0, 0.03, A.shape)
    F *= 1.04 ** (year - 2010) * later.lognormal(0, 0.03, F.shape)
    x = np.linalg.solve(np.eye(n) - A, F.sum(axis=1))
    Z = A * x
    nodes = Nodes(tuple(c for c in COUNTRIES for _ in SECTORS), tuple(s for _ in COUNTRIES for s in SECTORS))
    from tables.strategies import FLAGS as STRICT

    return MRIO(
        ref="table:made@" + "0" * 32,
        title="A table",
        unit="million USD",
        nodes=nodes,
        Z=Z,
        x=x,
        value_added=x - Z.sum(axis=0),
        sales_elsewhere=F.sum(axis=1),
        final=F,
        flags=replace(STRICT, has_final_by_destination=True),
    )


def put_table(space: Workspace, mrio: MRIO, year: int, buyers: tuple[str, ...] | None = None) -> str:
    """Commit flows, nodes and final demand as `made-<year>`."""
    name = f"made-{year}"
    nodes = pl.DataFrame(
        {
            "idx": range(mrio.n),
            "iso3": mrio.nodes.country,
            "sector": mrio.nodes.sector,
            "output": mrio.x,
            "residual": mrio.x - mrio.Z.sum(axis=0),
            "value_added": mrio.value_added,
            "final_plus_row_sales": mrio.sales_elsewhere,
        }
    )
    units = dict.fromkeys(("output", "residual", "value_added", "final_plus_row_sales"), MONEY)
    said: dict[str, Any] = {"title": name, "sources": ("test",)}
    parts = {"nodes": space.commit(f"{name}-nodes", nodes, ("idx",), {**said, "units": units})}
    assert mrio.final is not None
    flags = {"buyers": list(buyers or mrio.nodes.countries), "categories": ["all"]}
    final = {**said, "units": {"v": MONEY}, "shape": (*mrio.final.shape, 1), "flags": flags}
    parts["final"] = space.commit(f"{name}-final", pl.DataFrame({"v": mrio.final.ravel()}), (), final)
    described = {
        **said,
        "units": {"v": MONEY},
        "shape": mrio.Z.shape,
        "flags": {
            **FLAGS,
            "years": [year],
            "has_final_by_destination": True,
            "balanced": mrio.flags.balanced,
        },
        "parts": {role: f"table:{name}-{role}@{made}" for role, made in parts.items()},
    }
    space.commit(name, pl.DataFrame({"v": np.asarray(mrio.Z).ravel()}), (), described)
    return name


def check_io(folder: Path, mrio: MRIO, buyers: tuple[str, ...] | None = None) -> list[Finding]:
    space = workspace(folder)
    found = check_table(space, put_table(space, mrio, 2010, buyers))
    assert_ranked(found)
    return found


def closed(mrio: MRIO, Z: Matrix, final: Matrix) -> MRIO:
    """With these flows and final sales, output and value added that close it."""
    x = Z.sum(axis=1) + final.sum(axis=1)
    return replace(
        mrio, Z=Z, final=final, sales_elsewhere=final.sum(axis=1), x=x, value_added=x - Z.sum(axis=0)
    )


def block(factor: float, balanced: bool = True) -> MRIO:
    """All rows of China in another unit."""
    made = io_table()
    rows = (made.nodes.country_index == COUNTRIES.index("CHN"))[:, None]
    assert made.final is not None
    Z, F = np.where(rows, made.Z * factor, made.Z), np.where(rows, made.final * factor, made.final)
    return replace(
        made, Z=Z, final=F, sales_elsewhere=F.sum(axis=1), flags=replace(made.flags, balanced=balanced)
    )


def with_total(by: str) -> MRIO:
    """A country, or a sector in every country, that adds up the others."""
    made = io_table()
    assert made.final is not None
    named = made.nodes.sector if by == "country" else made.nodes.country
    groups = [np.flatnonzero(np.array(named) == g) for g in dict.fromkeys(named)]
    n, extra = made.n, len(groups)
    Z, F = np.zeros((n + extra, n + extra)), np.zeros((n + extra, made.final.shape[1]))
    Z[:n, :n], F[:n] = made.Z, made.final
    for i, group in enumerate(groups):
        Z[n + i, :n], F[n + i] = made.Z[group].sum(axis=0), made.final[group].sum(axis=0)
    nodes = (*made.nodes, *((("Q1", g) if by == "country" else (g, "Q1")) for g in dict.fromkeys(named)))
    if by == "country":
        F = np.c_[F, F.sum(axis=1)]
    return closed(replace(made, nodes=Nodes(tuple(c for c, _ in nodes), tuple(s for _, s in nodes))), Z, F)


def idle_country() -> MRIO:
    made = io_table()
    out = made.nodes.country_index == COUNTRIES.index("IND")
    assert made.final is not None
    return closed(made, np.where(out[:, None] | out, 0.0, made.Z), np.where(out[:, None], 0.0, made.final))


def without_buyer() -> MRIO:
    made = io_table()
    assert made.final is not None
    final = made.final.copy()
    final[:, 3] = 0
    return closed(made, np.asarray(made.Z, dtype=float), final)


def other_order() -> MRIO:
    made = io_table()
    assert made.final is not None
    return closed(made, np.asarray(made.Z, dtype=float), np.roll(made.final, 1, axis=1))


def open_economy() -> MRIO:
    """A table whose second country sells two thirds of its final goods to the third, and a tenth at home."""
    made = io_table()
    assert made.final is not None
    final = made.final.copy()
    sold = made.nodes.country_index == 1
    final[sold] = final[sold].sum(axis=1, keepdims=True) * np.array([0.05, 0.1, 0.67, 0.06, 0.06, 0.06])
    return closed(made, np.asarray(made.Z, dtype=float), final)


def buyers_moved(*order: int) -> Callable[[], MRIO]:
    """The table with an open economy and its buyers in this order."""

    def make() -> MRIO:
        made = open_economy()
        assert made.final is not None
        return closed(made, np.asarray(made.Z, dtype=float), made.final[:, list(order)])

    return make


def part(name: str, i: Any, value: Callable[[Any], Any]) -> MRIO:
    made = io_table()
    held = np.array(getattr(made, name), dtype=float)
    held[i] = value(held[i])
    change: dict[str, Any] = {name: held}
    return replace(made, **change)


def named(old: str, new: str) -> MRIO:
    made = io_table()
    country = tuple(new if c == old else c for c in made.nodes.country)
    return replace(made, nodes=Nodes(country, made.nodes.sector))


def dropped_rows() -> MRIO:
    """The last two nodes are missing, and what they bought and sold."""
    made = io_table()
    assert made.final is not None
    nodes = Nodes(made.nodes.country[:-2], made.nodes.sector[:-2])
    return closed(replace(made, nodes=nodes), np.asarray(made.Z)[:-2, :-2].astype(float), made.final[:-2])


def greedy() -> MRIO:
    made = io_table()
    Z = np.array(made.Z, dtype=float)
    Z[:, 8] *= 6
    assert made.final is not None
    return closed(made, Z, made.final)


IN_TABLE: dict[str, tuple[Callable[[], MRIO], str]] = {
    "rows x 1000 of a country": (
        lambda: block(1000),
        "every row of CHN adds up to about 1,000 times (thousands against units) its output",
    ),
    "rows x 1000 in a table that does not add up": (
        lambda: block(1000, False),
        "every row of CHN adds up to",
    ),
    "rows and columns swapped": (
        lambda: replace(io_table(), Z=np.asarray(io_table().Z).T.copy()),
        "rows and columns of the flows are swapped: turned over, the table adds up",
    ),
    "a country that adds up the others": (lambda: with_total("country"), "country Q1 stands for all of them"),
    "a sector that adds up the others": (lambda: with_total("sector"), "sector Q1 stands for all of them"),
    "the world among the countries": (lambda: named("BRA", "WLD"), "country WLD stands for all of them"),
    "a region without output": (idle_country, "no output in any sector of IND: the region is missing"),
    "a country that buys nothing": (without_buyer, "no final demand of FRA"),
    "buyers in another order": (
        other_order,
        "the buyers of final demand stand in another order than the sellers",
    ),
    "two buyers swapped beside an open economy": (
        buyers_moved(0, 1, 2, 3, 5, 4),
        "home markets are IND's under USA, USA's under IND",
    ),
    "an open economy and its largest buyer swapped": (
        buyers_moved(0, 2, 1, 3, 4, 5),
        "home markets are CHN's under DEU, DEU's under CHN",
    ),
    "all buyers moved, an open economy among them": (
        buyers_moved(1, 2, 3, 4, 5, 0),
        "the buyers of final demand stand in another order than the sellers",
    ),
    "the end is missing": (
        dropped_rows,
        "USA has 4 sectors, every other country 6: the end of the table is cut off",
    ),
    "negative output": (lambda: part("x", 4, lambda v: -v), "1 nodes with negative output: BRA:F"),
    "negative flows": (lambda: part("Z", (2, 3), lambda v: -v), "1 negative flows, first BRA:C to BRA:D"),
    "rows that do not add up": (
        lambda: part("sales_elsewhere", 7, lambda v: v * 1.01),
        "1 nodes whose row does not add up",
    ),
    "columns that do not add up": (
        lambda: part("value_added", 7, lambda v: v * 1.01),
        "1 nodes whose column does not add up",
    ),
    "final demand that is not what is sold": (
        lambda: part("final", (7, 2), lambda v: v + 50),
        "1 nodes whose final demand is not what they sell to it (largest gap 50 million USD): CHN:B",
    ),
    "negative value added": (
        lambda: part("value_added", 9, lambda v: -v),
        "1 nodes with negative value added: CHN:D",
    ),
    "inputs above output": (greedy, "1 nodes with inputs above output: CHN:C"),
    "names in a wrong encoding": (
        lambda: named("FRA", "RÃ©union"),
        "countries that were read in a wrong encoding: 'RÃ©union' (is 'Réunion')",
    ),
}


@pytest.mark.parametrize("make", [io_table, open_economy])
def test_a_sound_table_has_no_fault(make: Callable[[], MRIO], tmp_path: Path) -> None:
    assert [f.what for f in check_io(tmp_path, make()) if not f.fine] == []


@pytest.mark.parametrize("planted", IN_TABLE)
def test_a_fault_of_a_table_is_found(planted: str, tmp_path: Path) -> None:
    make, said = IN_TABLE[planted]
    assert said in faults(check_io(tmp_path, make()))


def test_final_demand_of_other_countries_than_the_sellers_is_found(tmp_path: Path) -> None:
    """A buyer is dropped: the table cannot even be put together."""
    made = io_table()
    assert made.final is not None
    without = closed(made, np.asarray(made.Z, dtype=float), made.final[:, :-1])
    (fault,) = check_io(tmp_path, without, COUNTRIES[:-1])
    assert fault.fault
    assert "USA in only one of nodes and final demand" in fault.what


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_cells_that_are_no_numbers_are_refused(bad: float, tmp_path: Path) -> None:
    with pytest.raises(ZizhuError, match=r"(?i)nan|inf"):
        put_table(workspace(tmp_path), part("Z", (2, 3), lambda _: bad), 2010)


def test_a_table_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    space, made = workspace(tmp_path), io_table()
    described = {"title": "cut", "sources": ("test",), "units": {"v": MONEY}, "shape": made.Z.shape}
    with pytest.raises(ZizhuError, match=r"shape \(36, 36\) with 1290 rows"):
        space.commit("cut", pl.DataFrame({"v": np.asarray(made.Z).ravel()[:1290]}), (), described)


# --- families of years ---


def family(folder: Path, **planted: MRIO) -> tuple[Workspace, dict[int, list[Finding]]]:
    """Five years, of which those named `y2010` are replaced; the findings of every year."""
    space = workspace(folder)
    years = range(2008, 2013)
    for year in years:
        put_table(space, planted.get(f"y{year}", io_table(year)), year)
    return space, {year: check_table(space, f"made-{year}") for year in years}


def in_unit(mrio: MRIO, factor: float) -> MRIO:
    assert mrio.final is not None
    return closed(mrio, np.asarray(mrio.Z, dtype=float) * factor, mrio.final * factor)


def without_country(mrio: MRIO, code: str) -> MRIO:
    stay = np.array(mrio.nodes.country) != code
    nodes = Nodes(
        tuple(np.array(mrio.nodes.country)[stay].tolist()), tuple(np.array(mrio.nodes.sector)[stay].tolist())
    )
    assert mrio.final is not None
    final = np.delete(mrio.final, mrio.nodes.countries.index(code), axis=1)[stay]
    return closed(replace(mrio, nodes=nodes), np.asarray(mrio.Z, dtype=float)[np.ix_(stay, stay)], final)


def country_in_unit(mrio: MRIO, code: str, factor: float) -> MRIO:
    """All that a country sells and buys in another unit, so that its rows and columns still add up roughly."""
    own = mrio.nodes.country_index == mrio.nodes.countries.index(code)
    assert mrio.final is not None
    Z = np.asarray(mrio.Z, dtype=float)
    inside = own[:, None] & own
    return closed(
        mrio, np.where(inside, Z * factor, Z), np.where(own[:, None], mrio.final * factor, mrio.final)
    )


def turned(mrio: MRIO) -> MRIO:
    """Rows and columns swapped and closed again, so that the table itself shows nothing."""
    Z = np.asarray(mrio.Z, dtype=float).T.copy()
    F = np.zeros((mrio.n, len(COUNTRIES)))
    F[np.arange(mrio.n), mrio.nodes.country_index] = mrio.value_added
    return closed(mrio, Z, F)


IN_FAMILY: dict[str, tuple[Callable[[], MRIO], str]] = {
    "x 1000": (
        lambda: in_unit(io_table(2010), 1000),
        "output is about 1,000 times (thousands against units) that of made-2009 and made-2011",
    ),
    "a country x 1000": (
        lambda: country_in_unit(io_table(2010), "BRA", 1000),
        "the output of BRA is",
    ),
    "a country missing": (
        lambda: without_country(io_table(2010), "FRA"),
        "FRA missing, though in made-2009 and made-2011",
    ),
    "rows and columns swapped": (
        lambda: turned(io_table(2010)),
        "rows and columns of the flows are swapped against made-2009 and made-2011",
    ),
    "a copied year": (
        lambda: io_table(2009),
        "the same flows as made-2009, cell by cell: one of them is a copy",
    ),
}


def test_a_sound_family_has_no_fault(tmp_path: Path) -> None:
    assert [faults(found) for found in family(tmp_path)[1].values()] == [""] * 5


@pytest.mark.parametrize("planted", IN_FAMILY)
def test_a_fault_between_years_is_found_in_its_year(planted: str, tmp_path: Path) -> None:
    make, said = IN_FAMILY[planted]
    found = family(tmp_path, y2010=make())[1]
    assert said in faults(found[2010])
    others = {2009, 2011} if planted == "a copied year" else set()
    assert {year for year in found if faults(found[year])} <= {2010} | others


def test_a_neighbour_that_is_damaged_or_of_another_kind_tells_nothing(tmp_path: Path) -> None:
    space = workspace(tmp_path)
    names = [put_table(space, io_table(year), year) for year in (2009, 2010)]
    put_trade(space, SOUND, "made-2011")
    path = space.read(names[0]).path
    path.write_bytes(path.read_bytes()[:-1])
    assert faults(check_table(space, names[1])) == ""
    assert "is not the file that was written" in faults(check_table(space, names[0]))


# --- clean tables of the world ---


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["baci-raw-materials", "icio-2022", "icio-2022-nodes", "wgi-political-stability"]
)
def test_the_built_in_tables_have_no_fault(name: str, built_in_tables: Workspace) -> None:
    found = check_table(built_in_tables, name)
    assert faults(found) == ""
    assert_ranked(found)
    if name == "baci-raw-materials":
        said = "\n".join(f.what for f in found)
        assert "exporter ZA1 ends in 1999 and ZAF goes on with its trade" in said
        assert "importer ANT ends in 2010 and CUW goes on with its trade" in said
        told = [f for f in found if not f.fine]
        assert not any(f.fault for f in told)
        assert "SLE to CHN, HS 260900, 2014, 82 USD/t against 10,287 (28 % of world trade)" in told[3].what


@wiod2013.needed
@pytest.mark.slow
@pytest.mark.parametrize("closed_rows", [True, False])
def test_seventeen_years_of_wiod_have_no_fault(closed_rows: bool, tmp_path: Path) -> None:
    space = workspace(tmp_path)
    for year in wiod2013.YEARS:
        put_table(space, wiod2013.table(year, closed_rows), year)
    for year in wiod2013.YEARS:
        assert faults(check_table(space, f"made-{year}")) == "", year
