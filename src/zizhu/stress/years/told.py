"""What stands beside the answer over years: what was assumed, what the table lacks, how it was found."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from zizhu.stress.ensemble.runs import Runs
from zizhu.stress.trade.envelope import FLAT, LARGE, beside
from zizhu.stress.trade.envelope import extreme as warned
from zizhu.stress.trade.welfare import equivalent_variation
from zizhu.stress.years.model import NAMED, Years
from zizhu.stress.years.split import Split, left
from zizhu.stress.years.thetas import titled
from zizhu.stress.years.world import World
from zizhu.tables.final_demand import NOTE
from zizhu.vocab import names

CLOSURES = {
    "fixed": "stay what they are in money, which world value added measures",
    "world_gdp": "stay the same share of world output",
    "income": "stay the same share of each country's income, less what makes them add up to zero",
    "zero": "are closed before anything happens",
}
RENTS = {"importer": "the importer", "exporter": "the exporter", "nobody": "nobody: it is burnt"}


def notes(model: Years, runs: Runs, split: Split) -> Iterator[str]:
    """What the numbers of the horizon are and are not."""
    yield (
        "Years: a new equilibrium, not the way there. Prices, wages and suppliers have changed, and there is as much "
        "labour and capital as before. Welfare is the exact equivalent variation: what a country's final buyers would "
        "give to have the prices and incomes of before. Shocks have the size that the scenario says, undrawn."
    )
    if model.deals.idle:
        yield "Over years nothing changes: no tax, cost, quantity or productivity differs from the table's."
    yield from _assumed(model)
    yield from _base(model.world)
    yield from _found(model, runs)
    yield from _beside(model)
    if not model.world.estimated:
        yield from _split(model, split)


def lists(on: World, table: str) -> dict[str, pl.DataFrame]:
    """What stands beside the answer for programs: the cells of `table` that were changed, if any."""
    found = on.repaired().select(pl.lit(table).alias("table"), pl.all())
    return {"repairs": found} if found.height else {}


def _assumed(model: Years) -> Iterator[str]:
    years, elastic = model.scenario.years, model.elastic
    rent = (
        f" The rent of quantities held down goes to {RENTS[years.rent]}." if len(model.deals.held[0]) else ""
    )
    yield (
        f"Trade deficits (closure: {years.closure}) {CLOSURES[years.closure]}. Final buyers receive the tariffs of "
        f"their country, and its taxes on exports.{rent}"
    )
    titles = elastic.titles
    others = f"; the band also knows {'; '.join(titles[1:])}" if titles[1:] and model.scenario.draws else ""
    lacking = f" Not used, as industries lack: {', '.join(elastic.left_out)}." if elastic.left_out else ""
    yield f"Trade elasticities: {titles[0]}{others}.{lacking}"
    if model.scenario.draws:
        yield (
            f"Years: the band holds nine of ten of {model.scenario.draws} draws of the set of elasticities and of the "
            "error of each estimate, and the central run."
        )
        yield from _held(model)
    term = elastic.term
    yield f"Term {term.name}, {term.basis}: {term.source}."


def _held(model: Years) -> Iterator[str]:
    """What of the band is left out or held where trade ends."""
    elastic = model.elastic
    if elastic.flat:
        titles = "; ".join(titled(elastic.flat))
        yield (
            f"Not in the band, as trade ends in sectors whose elasticity they put below {FLAT:g}: {titles}. "
            "`--allow-extreme` takes them in."
        )
    held = sum(elastic.held(draw) for draw in model.values[1:])
    if held:
        yield (
            f"In {held} of {model.scenario.draws} draws the elasticity of a sector whose trade ends fell below "
            f"{FLAT:g} and was held there."
        )


def _base(on: World) -> Iterator[str]:
    yield "The table has no tariffs: they count as zero before, and what a scenario adds comes on top of prices paid."
    if on.estimated:
        yield f"{NOTE} Of this horizon therefore welfare alone is shown; where trade ends its error was not measured."
    if on.repairs:
        yield (
            f"To be an equilibrium, the table was changed in {len(on.repairs)} cells: {'; '.join(on.told())}. "
            "With --json they are listed under `repairs`."
        )


def _found(model: Years, runs: Runs) -> Iterator[str]:
    how = model.central.solution.convergence
    sweeps, residuals, extreme = (runs.all(name) for name in ("sweeps", "residual", "extreme"))
    drawn = (
        f"; draws in up to {sweeps[1:].max():.0f}, to {residuals[1:].max():.1g}" if len(sweeps) > 1 else ""
    )
    yield (
        f"The equilibrium was found in {how.sweeps} sweeps ({how.method}), the last of which moves no price, spending "
        f"or labour market by more than {how.residuals.largest:.1g}{drawn}."
    )
    if extreme.any():
        yield (
            f"Warning: in {np.count_nonzero(extreme)} of {len(extreme)} runs{_for_example(model)} countries lose more "
            f"than {LARGE:.0%} of the suppliers of a good whose elasticity is below {FLAT:g}: what that costs says "
            "more of the elasticity than of the world."
        )


def _for_example(model: Years) -> str:
    """The purchases of the central run that are extreme, if any."""
    cells = warned(model.base, model.central.at.shock, model.base.theta)
    named = [f"{model.sectors[j]} of {model.countries[n]}" for n, j in cells[:NAMED]]
    return f", the central one among them ({', '.join(named)})," if named else ""


def _beside(model: Years) -> Iterator[str]:
    """What closed forms say of the country that the loss of suppliers costs most."""
    if not (model.deals.ended.any() or len(model.deals.held[0])):
        return
    base, central, elasticity = model.base, model.central, model.elastic.term.eps
    found = beside(base, central.at.shock, base.theta, elasticity)
    n = int(found.worth.argmin())
    change = equivalent_variation(central.solution)[n]
    who, most = names.the(model.countries[n]), int(found.price[n].argmax())
    dearest = names.within(names.sector(model.sectors[most]))
    yield (
        "On the back of an envelope, wages and producers' costs as before, at the central elasticities: "
        f"{who}, which it costs most, loses {found.cut[n]:.1%} of its suppliers of {found.share[n]:.1%} of what it "
        f"buys. What gets dearest is {dearest}, by a factor of {found.price[n, most]:.3g}: the share of suppliers "
        f"that is left, to the power of -1/{base.theta[most]:.3g}. Passed on through all inputs that is "
        f"{-found.worth[n]:.2%} of income. If nothing else adjusted, a loss of inputs of that size would cost at most "
        f"{found.bound[n]:.2%} of gross output, which counts inputs and is wider than income (CES bound at an "
        f"elasticity of {elasticity:g} between inputs; to second order {found.second[n]:.2%}). In the equilibrium its "
        f"welfare changes by {change:.2%} of income."
    )


def _split(model: Years, split: Split) -> Iterator[str]:
    yield (
        "The terms of trade to first order are the published formula of Caliendo and Parro (2015) on the flows of the "
        "table: for large changes they can be far from what the exact welfare holds of them."
    )
    if np.isinf(model.central.at.shock.iceberg).any():
        yield "Welfare is not split into its terms: where trade ends, costs have no finite path to follow."
        return
    yield (
        "Terms of trade, volume of trade and the other terms follow the shock of the central run step by step; they "
        f"add up to welfare but for {left(model, split):.2g} of it."
    )
