"""`zizhu depend complexity` and `product-space`: what countries are specialised in, and what lies near it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zizhu.cli.answering import Asked, answering
from zizhu.cli.options import Insist, Top, TradeName
from zizhu.cli.ready import trade as trade_table

if TYPE_CHECKING:
    import polars as pl

    from zizhu.cli.output import Listing
    from zizhu.ledger.result import Result


class By(StrEnum):
    """What COI and COG weigh products by."""

    PCI = "pci"
    FITNESS = "fitness"


class Gain(StrEnum):
    """The variants of COG."""

    PLAIN = "plain"
    NET = "net"


class Related(StrEnum):
    """By what products are called related."""

    PROXIMITY = "proximity"
    ASSOCIATION = "association"
    COSINE = "cosine"
    JACCARD = "jaccard"
    PROBABILITY = "probability"


CountryShown = Annotated[
    str | None,
    typer.Option(help="Country, or group as one exporter, whose basket and what lies near it is shown."),
]
CountryRinged = Annotated[
    str | None,
    typer.Option("--country", help="Country or group that is set apart on the map, with its sales and RCA."),
]
Products = Annotated[
    bool, typer.Option("--products", help="List products: with --country what it lacks, best first.")
]
Year = Annotated[int | None, typer.Option(help="One year; the last of the table if absent.")]
First = Annotated[int | None, typer.Option(help="First year of a mean over years.")]
Last = Annotated[int | None, typer.Option(help="Last year of a mean over years.")]
Digits = Annotated[int, typer.Option(help="Digits of the HS code: 2, 4 or 6.")]
MinPopulation = Annotated[float | None, typer.Option(help="Persons; needs --population.")]
MinExports = Annotated[float | None, typer.Option(help="USD a year, of a country.")]
MinProductTrade = Annotated[float | None, typer.Option(help="USD a year, of a product.")]
MinUbiquity = Annotated[int | None, typer.Option(help="Countries with RCA >= 1, of a product.")]
Population = Annotated[str | None, typer.Option(metavar="TABLE[:INDICATOR]", help="Table of population.")]
Gdp = Annotated[
    str | None, typer.Option(metavar="TABLE[:INDICATOR]", help="Table of GDP per head: adds PRODY, EXPY.")
]
OutlookBy = Annotated[By, typer.Option(help="What COI and COG weigh products by.")]
GainOf = Annotated[Gain, typer.Option(help="COG with the product's own part (plain) or without (net).")]
Updates = Annotated[int, typer.Option(min=1, help="Updates of fitness.")]
RelatedBy = Annotated[Related, typer.Option(help="Relatedness by which the frontier is found.")]


@answering
def complexity(
    ask: Asked,
    country: CountryShown = None,
    products: Products = False,
    year: Year = None,
    first: First = None,
    last: Last = None,
    level: Digits = 4,
    min_population: MinPopulation = None,
    min_exports: MinExports = None,
    min_product_trade: MinProductTrade = None,
    min_ubiquity: MinUbiquity = None,
    population: Population = None,
    gdp: Gdp = None,
    outlook_by: OutlookBy = By.PCI,
    gain: GainOf = Gain.PLAIN,
    updates: Updates = 20,
    related_by: RelatedBy = Related.PROXIMITY,
    trade: TradeName = None,
    insist: Insist = False,
    top: Top = 20,
) -> None:
    """ECI, fitness and outlook of countries; PCI of products; what lies near a country's basket."""
    from zizhu.cli.output import give, working
    from zizhu.depend import complexity as verb

    ws = ask.ready()
    of: dict[str, Any] = {
        "trade": trade_table(ws, trade),
        "country": country,
        "population": population,
        "gdp": gdp,
    }
    by = {"outlook_by": outlook_by.value, "gain": gain.value, "related_by": related_by.value}
    how = {"level": level, "updates": updates, "insist": insist, **_years(year, first, last)}
    filters = _filters(min_exports, min_product_trade, min_population, min_ubiquity)
    with working("Reading sales and ranking"):
        inputs = verb.load(ws, verb.Params(**of, **by, **how, filters=filters))
        result = verb.solve(inputs)
    listings, column = _listings(result, products, top)
    give(ws, result, listings, ask.form, column, inputs)


def _years(year: int | None, first: int | None, last: int | None) -> dict[str, int | None]:
    """First and last year; raises ZizhuError for one year and a span together."""
    from zizhu.vocab.problems import Problem, ZizhuError

    if year is not None and (first is not None or last is not None):
        problem = Problem("one year and a span of years", "--year", "one of both", "Leave one out.")
        raise ZizhuError(problem)
    return {"first": first, "last": last} if year is None else {"first": year, "last": year}


def _filters(
    exports: float | None, trade: float | None, population: float | None, ubiquity: int | None
) -> dict[str, float]:
    """The filters that were asked for."""
    named = {
        "min_exports_usd": exports,
        "min_product_trade_usd": trade,
        "min_population": population,
        "min_ubiquity": ubiquity,
    }
    return {k: v for k, v in named.items() if v is not None}


def _listings(result: Result, products: bool, top: int) -> tuple[list[Listing], str]:
    """What is printed, and the column of the first list that is opened."""
    from zizhu.cli.output import Listing

    country = result.run.params["country"]
    countries = _with_asked(_listed(result, "country", country), country, top)
    listings = [
        Listing("Countries by economic complexity", countries, top),
        Listing(_title(country), _listed(result, "product", country), top),
    ]
    if products:
        listings.reverse()
    return listings if products or country else listings[:1], "pci" if products else "eci"


@answering
def product_space(
    ask: Asked,
    country: CountryRinged = None,
    year: Year = None,
    first: First = None,
    last: Last = None,
    level: Digits = 4,
    min_exports: MinExports = None,
    min_product_trade: MinProductTrade = None,
    trade: TradeName = None,
    insist: Insist = False,
    top: Top = 20,
) -> None:
    """Make the map of products of a trade table once and store it; every later use reads the same map."""
    from zizhu.cli.output import Listing, console, give, working
    from zizhu.depend import product_space as verb

    ws = ask.ready()
    asked: dict[str, Any] = {
        "trade": trade_table(ws, trade),
        "country": country,
        **_years(year, first, last),
        "level": level,
        "filters": _filters(min_exports, min_product_trade, 0, None),
        "insist": insist,
    }
    with working("Drawing the map"):
        inputs = verb.load(ws, verb.Params(**asked))
        result = verb.solve(inputs)
        kept = verb.keep(ws, inputs)
    if not ask.form.as_json:
        page = console()
        page.print(kept.said, markup=False)
        for meta in (kept.places, kept.links):
            page.print(f"{meta.name}: {meta.rows:,} rows, {meta.title}", markup=False)
        page.print()
    order = result.frame.sort("links", "product", descending=[True, False])
    give(ws, result, [Listing("Products by their links", order, top)], ask.form, "links", inputs)


def _with_asked(countries: pl.DataFrame, asked: str | None, top: int) -> pl.DataFrame:
    """The countries by rank, the one that was asked for as the last of the `top` where it comes after them."""
    import polars as pl

    mine = countries.head(0) if asked is None else countries[top:].filter(pl.col("code") == asked)
    others = countries.join(mine, on="code", how="anti", maintain_order="left")
    return pl.concat([others[: top - mine.height], mine, others[top - mine.height :]])


def _title(country: str | None) -> str:
    from zizhu.vocab.names import told

    if country is None:
        return "Products by complexity"
    return f"Products that {told(country)} lacks, those on the frontier first, then by outlook gain"


def _listed(result: Result, of: str, country: str | None) -> pl.DataFrame:
    """The rows of countries or products in the order in which they are read, without empty columns."""
    import polars as pl

    rows = result.frame.filter(pl.col("of") == of)
    held = [c for c in rows.columns if rows[c].null_count() < rows.height]
    if of == "country" or country is None:
        return rows.select(held).sort("rank", "code")
    lacks = rows.select(held).filter(pl.col("rca") < 1)
    return lacks.sort("frontier", "cog", "code", descending=[True, True, False])
