"""Which rows of a UN Comtrade file are reports of one flow, and what they say: totals and breakdowns are left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from zizhu.sources.files.wrong_cells import Cause, WrongCells, shown
from zizhu.vocab import countries
from zizhu.vocab.problems import Problem

KEY = ("year", "reporter", "partner", "flow", "hs6", "revision")
NEEDED = (
    "refYear",
    "reporterCode",
    "flowCode",
    "partnerCode",
    "classificationCode",
    "cmdCode",
    "primaryValue",
)
OPTIONAL = (
    *("freqCode", "reporterISO", "partnerISO", "partner2Code", "customsCode", "motCode", "mosCode"),
    *("netWgt", "isNetWgtEstimated", "cifvalue", "fobvalue"),
)
COLUMNS = (*KEY, "value_usd", "quantity_t", "valuation")
SHOWN = 5
_LARGEST = 9e15
_AGAIN = "Download the selection again, as CSV with all columns."


def kept(
    cells: pl.DataFrame, parameters: Mapping[str, Any], wants: Callable[[int], bool]
) -> tuple[pl.DataFrame, list[str], list[Problem]]:
    """The reports in canonical columns and key order, notes on what was left out, and all faults.

    `cells` are text with `where` and `line`; columns of OPTIONAL may be missing.
    """
    absent = [pl.lit(None, pl.String).alias(c) for c in OPTIONAL if c not in cells.columns]
    rows = _typed(cells.with_columns(absent), parameters)
    problems = _faults(rows)
    rows, notes = _selected(rows, parameters, wants)
    problems += _repeated(rows)
    if not problems and not rows.height:
        expected = "annual imports or exports of six-digit products by partner"
        problems.append(
            Problem(
                "no report of one flow",
                next(iter(cells["where"]), "UN Comtrade"),
                expected,
                "; ".join(notes) or _AGAIN,
            )
        )
    estimated = rows.filter(pl.col("isNetWgtEstimated").str.to_lowercase() == "true").height
    if estimated:
        notes.append(f"{estimated:,} net weights are estimates of the UN.")
    return rows.select(COLUMNS).sort(KEY), notes, problems


def _typed(cells: pl.DataFrame, parameters: Mapping[str, Any]) -> pl.DataFrame:
    number = {
        c: pl.col(c).cast(pl.Float64, strict=False)
        for c in ("primaryValue", "netWgt", "cifvalue", "fobvalue")
    }
    code = pl.col("cmdCode")
    value, cif, fob = number["primaryValue"], number["cifvalue"], number["fobvalue"]
    ton = int(parameters["kilograms_a_ton"])
    return cells.with_columns(
        year=pl.col("refYear").cast(pl.Int16, strict=False),
        reporter=_economy("reporter"),
        partner=_economy("partner"),
        flow=pl.col("flowCode").replace_strict(parameters["flows"], default=None),
        # five digits are six that lost their leading zero in a spreadsheet
        hs6=pl.when(code.str.contains(r"^\d{5}$")).then(code.str.zfill(6)).otherwise(code),
        revision=pl.col("classificationCode").replace_strict(parameters["revisions"], default=None),
        usd=value,
        value_usd=pl.when(value.abs() < _LARGEST).then(value.round()).cast(pl.Int64),
        quantity_t=pl.when(number["netWgt"] > 0).then(number["netWgt"] / ton),
        kilograms=number["netWgt"],
        valuation=pl.when((cif > 0) & (cif == value))
        .then(pl.lit("CIF"))
        .when((fob > 0) & (fob == value))
        .then(pl.lit("FOB")),
        world=pl.col("partnerCode").is_in(parameters["world"]["codes"])
        | pl.col("partnerISO").is_in(parameters["world"]["iso"]).fill_null(value=False),
    )


def _economy(side: str) -> pl.Expr:
    """The ISO3 of a code of the UN, else the file's own ISO3 where it is a known one."""
    codes = {str(code): c.iso3 for c in countries.countries().values() for code in c.baci}
    known = {iso3: iso3 for iso3 in countries.countries()}
    own = pl.col(f"{side}ISO").replace_strict(known, default=None, return_dtype=pl.String)
    return pl.coalesce(pl.col(f"{side}Code").replace_strict(codes, default=None, return_dtype=pl.String), own)


def _faults(rows: pl.DataFrame) -> list[Problem]:
    """Cells that are not what their column is for, by kind, with the first lines."""
    weight = pl.col("netWgt").fill_null("") != ""
    checks = (
        ("{} in refYear", "refYear", pl.col("year").is_null(), "a year"),
        (
            "reporter {} is no known economy",
            "reporterCode",
            pl.col("reporter").is_null(),
            "a UN country code",
        ),
        ("classification {}", "classificationCode", pl.col("revision").is_null(), "H0 to H6"),
        ("{} in primaryValue", "primaryValue", pl.col("value_usd").is_null() | ~(pl.col("usd") >= 0), "USD"),
        ("{} in netWgt", "netWgt", weight & ~pl.col("kilograms").is_between(-1, 1e15), "kilograms"),
        ("frequency {}", "freqCode", pl.col("freqCode").fill_null("A") != "A", "annual data (A)"),
    )
    wrong: dict[str, WrongCells] = {}
    for what, column, bad, expected in checks:
        hits = rows.filter(bad.fill_null(value=True)).sort("where", "line")
        for value, where, line in hits.select(column, "where", "line").iter_rows():
            of_file = wrong.setdefault(where, WrongCells(where))
            of_file.add(Cause("", expected, _AGAIN), what.format(shown(value or "")), f"line {line}")
    return [p for where in sorted(wrong) for p in wrong[where].problems()]


def _selected(
    rows: pl.DataFrame, parameters: Mapping[str, Any], wants: Callable[[int], bool]
) -> tuple[pl.DataFrame, list[str]]:
    """The rows that are one report each; a note for every kind of row that is not, counted one after the other."""
    detail = pl.any_horizontal(
        pl.col(column).fill_null(total) != total for column, total in parameters["totals"].items()
    )
    left_out = (
        ("of years that were not asked for", ~pl.col("year").map_elements(wants, return_dtype=pl.Boolean)),
        ("of re-exports, re-imports and other flows", pl.col("flow").is_null()),
        ("by second partner, customs procedure or mode of transport", detail),
        ("with the partner World", pl.col("world")),
        ("of totals and headings above six digits", ~pl.col("hs6").str.contains(r"^[0-9A-Z]{6}$")),
        ("with partners that are no economy", pl.col("partner").is_null()),
        ("of the reporter with itself", pl.col("partner") == pl.col("reporter")),
        ("with a value of zero", pl.col("value_usd") == 0),
    )
    notes = []
    for what, bad in left_out:
        out = rows.filter(bad.fill_null(value=False))
        if out.height:
            usd = f", {int(out['value_usd'].sum()):,} USD" if "economy" in what or "itself" in what else ""
            notes.append(f"Left out: {out.height:,} rows {what}{usd}.")
            rows = rows.filter(~bad.fill_null(value=False))
    return rows, notes


def _repeated(rows: pl.DataFrame) -> list[Problem]:
    twice = rows.filter(pl.struct(KEY).is_duplicated())
    problems = []
    for key, hits in list(twice.group_by(KEY, maintain_order=True))[:SHOWN]:
        lines = ", ".join(f"{w}, line {n}" for w, n in hits.select("where", "line").head(SHOWN).rows())
        what = f"{hits.height} reports of {' '.join(map(str, key))}"
        remedy = "Leave out files that overlap; codes that were joined (former countries) must not meet."
        problems.append(Problem(what, lines, "one report of each flow", remedy))
    return problems
