"""Economic complexity of countries and products, and what lies near a country's basket.

  eci, pci   second eigenvector on the side of the countries; ECI has mean 0 and standard deviation 1 over countries,
             PCI is on its scale, so that a country's ECI is the mean PCI of the products in which it has RCA >= 1
  fitness    nonlinear iteration, of countries and of products
  density    how much of what is near a product the country has; coi, cog: what could be gained there
  prody, expy  income that goes with a product and with a basket, where GDP per head is at hand
  frontier   products without RCA >= 1 that no other beats both in relatedness and in complexity
One row a country and a product; the columns rca to frontier are of the country that was asked for.
Sources: Hidalgo and Hausmann 2009; Tacchella et al. 2012; Hidalgo et al. 2007; Hausmann, Hidalgo et al. 2014;
Hausmann, Hwang and Rodrik 2007; Balland 2016.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, Literal

import numpy as np
import polars as pl
from pydantic import AfterValidator, Field

from zizhu.depend.baskets import (
    Baskets,
    Filters,
    Level,
    Sold,
    filtered,
    load_sold,
    per_place,
    products_held,
    sales,
    with_bloc,
)
from zizhu.depend.draw import ranked
from zizhu.depend.specialisation import eci, outlook, prody, proximity, rca, relatedness
from zizhu.depend.specialisation.defaults import defaults
from zizhu.depend.specialisation.fitness import fitness
from zizhu.ledger.models import Coverage, Record, Ref
from zizhu.ledger.result import Result, require_coverage
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.tables.leontief import Matrix, Vector
from zizhu.tables.threads import one_thread
from zizhu.vocab import groups, names
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, unknown
from zizhu.vocab.products import label

METHOD = "depend.complexity"
KEY = ("of", "code")
COUNTRY, PRODUCT = "country", "product"
ATLAS = "standard deviations of ECI"


class Params(Record):
    """What is asked. Without years the last one of the table; `country` adds what is near its basket.

    A group as `country` is one exporter in the place of its members.

    `population` and `gdp` (per head) name tables of observations, TABLE or TABLE:INDICATOR. `outlook_by` is the
    complexity K of products in COI and COG, `gain` the variant of COG, `updates` those of fitness.
    """

    trade: str = "baci-raw-materials"
    country: Annotated[str, AfterValidator(groups.coded)] | None = None
    first: int | None = None
    last: int | None = None
    level: Level = 4
    filters: Filters = Field(default_factory=Filters)
    population: str | None = None
    gdp: str | None = None
    outlook_by: Literal["pci", "fitness"] = "pci"
    gain: outlook.Variant = "plain"
    updates: int = Field(default=20, ge=1)
    related_by: Literal["proximity", "association", "cosine", "jaccard", "probability"] = "proximity"
    insist: bool = False


@dataclass(frozen=True)
class Inputs:
    """The tables and the question. `income` is GDP per head by country; `refs` are the tables that were read."""

    params: Params
    sold: Sold
    baskets: Baskets
    income: Mapping[str, float] | None
    refs: tuple[Ref, ...]
    coverage: tuple[Coverage, ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def found(self) -> Found:
        """The indices, made once for an answer and all that is opened of it."""
        with one_thread():
            return _found(self)


@dataclass(frozen=True)
class Found:
    """The indices of a matrix of baskets: (C,) of countries, (P,) of products, (C, P) of both.

    `before` are fitness and product index one update before the last, of which F and Q are made. `K` is what COI and
    COG weigh by; `income` (C,) is NaN where GDP is not known and R_income the RCA of the countries where it is.
    """

    index: eci.Complexity
    raw: eci.Complexity
    F: Vector
    Q: Vector
    before: tuple[Vector, Vector]
    K: Vector
    density: Matrix
    coi: Vector
    income: Vector | None = None
    with_income: Matrix | None = None
    prody: Vector | None = None
    expy: Vector | None = None
    at: int | None = None
    cog: Vector = field(default_factory=lambda: np.zeros(0))
    related: Vector = field(default_factory=lambda: np.zeros(0))


def load(workspace: Workspace, params: Params) -> Inputs:
    """Read the tables that the question names and leave out what its filters name.

    Raises what `baskets.sales`, `filtered` and `per_place` raise.
    """
    sold = with_bloc(load_sold(workspace, params.trade), params.country, params.last)
    whole = sales(sold, params.first, params.last, params.level)
    refs, notes = [sold.ref], _bloc_told(sold, whole.last)
    people = income = None
    if params.population:
        ref, people = per_place(workspace, params.population, whole.first, whole.last)
        refs.append(ref)
        if sold.bloc and all(m in people for m in sold.members):
            people[sold.bloc] = sum(people[m] for m in sold.members)
    elif params.filters.min_population:
        notes.append(
            f"Countries below {params.filters.min_population:,.0f} persons are not left out: no table of population "
            "is named (--population)."
        )
    if params.gdp:
        ref, income = per_place(workspace, params.gdp, whole.first, whole.last)
        refs.append(ref)
    baskets = filtered(whole, params.filters, people)
    coverage = products_held(sold, whole.products, params.level)
    return Inputs(params, sold, baskets, income, tuple(refs), (coverage,), (*notes, *baskets.left_out))


def _bloc_told(sold: Sold, year: int) -> list[str]:
    """That a group is one of the countries, and what that leaves out."""
    if not sold.bloc:
        return []
    inside = (
        "; what they sell to each other is left out of its sales and of the world's" if sold.traded else ""
    )
    return [
        f"{names.the(sold.bloc)[:1].upper()}{names.the(sold.bloc)[1:]} is one country here: its {len(sold.members)} "
        f"members of {year} are not ranked by themselves{inside}."
    ]


def _found(inputs: Inputs) -> Found:
    params, b = inputs.params, inputs.baskets
    _check_connected(b)
    raw = eci.eci_pci(b.M)
    index = eci.atlas(raw)
    before = fitness(b.M, params.updates - 1)
    F, Q = fitness(b.M, params.updates)
    K = index.pci if params.outlook_by == "pci" else Q
    density = proximity.density(b.M)
    made = Found(index, raw, F, Q, before, K, density, outlook.coi(density, b.M, K), **_incomes(inputs))
    return made if params.country is None else _of_country(made, inputs, params.country)


def _check_connected(b: Baskets) -> None:
    """Raise CannotAnswer with the countries that share no product with the rest."""
    apart = eci.blocks(b.M)[1:]
    if apart:
        named = "; ".join(", ".join(b.places[i] for i in block[:8]) for block in apart[:3])
        what = f"{len(apart) + 1} blocks of countries share no product (apart: {named})"
        expected = "one block: the second eigenvalue is not simple otherwise"
        raise CannotAnswer(Problem(what, METHOD, expected, eci.ASK_ANOTHER))


def _incomes(inputs: Inputs) -> dict[str, Any]:
    """GDP per head, RCA of the countries with one, PRODY and EXPY; nothing where no GDP is at hand."""
    b = inputs.baskets
    if inputs.income is None:
        return {}
    income = np.array([inputs.income.get(p, np.nan) for p in b.places])
    known = np.flatnonzero(~np.isnan(income))
    if not len(known):
        told = f"none of {len(b.places)} countries"
        raise CannotAnswer(
            Problem(
                "no GDP per head", f"table {inputs.params.gdp}", "that of some countries", f"It has {told}."
            )
        )
    R = np.full(b.X.shape, np.nan)
    R[known] = rca.rca(b.X[known])
    of_products = prody.prody(R[known], income[known])
    baskets = np.full(len(income), np.nan)
    baskets[known] = prody.expy(b.X[known], of_products)
    sold = b.X[known].sum(axis=0) > 0
    return {
        "income": income,
        "with_income": R,
        "prody": np.where(sold, of_products, np.nan),
        "expy": baskets,
    }


def _of_country(made: Found, inputs: Inputs, country: str) -> Found:
    """What is near the basket of one country. Raises ZizhuError for one that does not take part."""
    b, params = inputs.baskets, inputs.params
    if country not in b.places:
        raise ZizhuError(unknown("country", country, b.places, "countries that take part"))
    at = b.places.index(country)
    cog = outlook.cog(made.density, b.M, made.K, params.gain)[at]
    if params.related_by == "proximity":
        related = made.density[at]
    else:
        phi = relatedness.relatedness(b.M, params.related_by)
        related = relatedness.relatedness_density(b.M[[at]], phi)[0] / 100
    return Found(**{**vars(made), "at": at, "cog": cog, "related": related})


def solve(inputs: Inputs) -> Result:
    """One row a country and one a product; columns of the other are empty.

    Raises CannotAnswer where the table holds less than half of the products, where nothing can be ranked, and
    ZizhuError for a country that does not take part.
    """
    params = inputs.params
    require_coverage(inputs.coverage, params.insist, METHOD)
    frame = pl.concat([_countries(inputs), _products(inputs)], how="diagonal")
    units = _units(inputs)
    texts = [c for c in ("name", "frontier") if c in frame.columns]
    frame = frame.select(*KEY, *texts, *units).sort(KEY)
    run = make_run(METHOD, params, inputs.refs, frame, KEY)
    b = inputs.baskets
    basis = (
        f"sales of {len(b.places)} countries in {len(b.products):,} products, {b.years}, {inputs.sold.title}; "
        "RCA >= 1 counts as a product of the country"
    )
    return Result(frame, KEY, units, basis, run, inputs.coverage, _notes(inputs), draw=ranked.complexity)


def _units(inputs: Inputs) -> dict[str, str]:
    """The unit of every column; K, the variant of COG, the updates and the normalisation are named in it."""
    params = inputs.params
    K = ATLAS if params.outlook_by == "pci" else "mean fitness index of products"
    money = "as in the table of GDP per head"
    units = {
        "rank": "rank",
        "eci": ATLAS,
        "pci": ATLAS,
        "fitness": f"mean = 1, {params.updates} updates",
        "diversity": "products",
        "ubiquity": "countries",
        "exports_usd": "USD a year",
        "coi": f"{K} (K = {params.outlook_by})",
    }
    if inputs.income is not None:
        units |= dict.fromkeys(("gdp_per_head", "expy", "prody"), money)
    if params.country is not None:
        units |= {"sold_usd": "USD a year", "rca": "ratio", "density": "share of what is near"}
        if params.related_by != "proximity":
            units["related"] = f"share of what is related ({params.related_by})"
        units["cog"] = f"{K} (K = {params.outlook_by}, {params.gain})"
    return units


def _countries(inputs: Inputs) -> pl.DataFrame:
    b, f = inputs.baskets, inputs.found
    frame = pl.DataFrame(
        {
            "of": [COUNTRY] * len(b.places),
            "code": b.places,
            "name": [names.name(p) for p in b.places],
            "rank": _ranks(f.index.eci),
            "eci": f.index.eci,
            "fitness": f.F,
            "diversity": b.M.sum(axis=1).astype(np.int64),
            "exports_usd": b.own,
            "coi": f.coi,
        }
    )
    if f.income is None or f.expy is None:
        return frame
    found = (pl.Series("gdp_per_head", f.income), pl.Series("expy", f.expy))
    return frame.with_columns(s.fill_nan(None) for s in found)


def _products(inputs: Inputs) -> pl.DataFrame:
    b, f, params = inputs.baskets, inputs.found, inputs.params
    columns: dict[str, Any] = {
        "of": [PRODUCT] * len(b.products),
        "code": b.products,
        "name": [label(p) if inputs.sold.traded else p for p in b.products],
        "rank": _ranks(f.index.pci),
        "pci": f.index.pci,
        "fitness": f.Q,
        "ubiquity": b.M.sum(axis=0).astype(np.int64),
        "exports_usd": b.world,
    }
    if f.prody is not None:
        columns["prody"] = pl.Series(f.prody).fill_nan(None)
    if f.at is not None:
        columns |= {"sold_usd": b.X[f.at], "rca": b.R[f.at], "density": f.density[f.at], "cog": f.cog}
        columns |= {"related": f.related} if params.related_by != "proximity" else {}
        columns["frontier"] = _on_frontier(b.M[f.at] == 0, f.related, f.index.pci)
    return pl.DataFrame(columns)


def _on_frontier(absent: np.ndarray[Any, np.dtype[np.bool_]], related: Vector, pci: Vector) -> list[bool]:
    """Whether a product is absent and no other absent one beats it."""
    options = np.flatnonzero(absent)
    marked = np.zeros(len(absent), dtype=bool)
    marked[options[relatedness.frontier(related[options], pci[options])]] = True
    return [bool(m) for m in marked]


def _ranks(index: Vector) -> Any:
    """1 for the highest; equal ones share the better rank."""
    return (np.searchsorted(np.sort(-index), -index) + 1).astype(np.int64)


def _notes(inputs: Inputs) -> tuple[str, ...]:
    b, f, params = inputs.baskets, inputs.found, inputs.params
    alone = int((b.M.sum(axis=0) == 1).sum())
    notes = [_filters_told(params.filters), *inputs.notes, _TOLD]
    if alone:
        notes.append(
            f"{alone:,} products have one country with RCA >= 1, whose ECI decides on their PCI (--min-ubiquity 2 "
            "leaves them out)."
        )
    if inputs.income is None:
        notes.append("No PRODY and EXPY: no table of GDP per head is named (--gdp).")
    elif f.income is not None and np.isnan(f.income).any():
        lack = [p for p, y in zip(b.places, f.income, strict=True) if np.isnan(y)]
        notes.append(
            f"GDP per head is not known of {len(lack)} countries, left out of PRODY and without EXPY: "
            f"{', '.join(lack[:12])}{', ...' if len(lack) > 12 else ''}."
        )
    if params.country is None:
        notes.append("What is near a basket (density, COG, frontier) is shown for one country (--country).")
    return tuple(notes)


def _filters_told(filters: Filters) -> str:
    """The filters, and who states those that were not asked for."""
    asked = {k: float(v) for k, v in filters.model_dump().items()}
    stated = sorted({d.source for k, d in defaults().items() if asked.get(k) == d.value})
    whose = f" Defaults of: {'; '.join(stated)}." if stated else ""
    return (
        f"Filters: population {filters.min_population:,.0f}, sales of a country {filters.min_exports_usd:,.0f} USD a "
        f"year, world sales of a product {filters.min_product_trade_usd:,.0f} USD a year, ubiquity "
        f"{filters.min_ubiquity}.{whose}"
    )


_TOLD = (
    "ECI has mean 0 and standard deviation 1 over these countries; PCI is on the scale of ECI, so that the ECI of a "
    "country is the mean PCI of its products. Both move with the filters: compare ranks of one answer only. "
    "Columns of countries are empty in rows of products, and the reverse."
)


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Any:
    """Open a number into products, countries or flows; see `zizhu.depend.complexity_opened`."""
    from zizhu.depend.complexity_opened import opened

    return opened(inputs, result, key, column, top)
