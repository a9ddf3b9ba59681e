"""A scenario: which shocks hit which table, over which horizons, and what is not known about the answer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import ceil
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from zizhu.ledger.models import Record, Text
from zizhu.stress.scenario.parameters import UNCERTAIN, Uncertain, in_days, parameters
from zizhu.stress.scenario.refusal import Check, Checked, Fault, refused
from zizhu.stress.scenario.shocks import BY_KIND, QUARTERS, WEEKS, AnyShock, Destruction, Horizon, Shock
from zizhu.stress.scenario.spans import DAYS, Days, days, told
from zizhu.stress.trade.closures import Closure
from zizhu.stress.trade.quota import Holder
from zizhu.vocab.elasticities import sets
from zizhu.vocab.problems import unknown

Rationing = Literal["proportional", "final_first", "intermediates_first", "priority"]
Band = tuple[float, float]
DEFAULT = "default"
LARGEST = 100_000
"""Draws."""


class Needs(Checked):
    """How badly industries need an input, after Pichler et al.: all inputs are essential where nothing is said.

    Keys are sectors of inputs, or INPUT:USER for the input of one industry.
    """

    important: tuple[str, ...] = Field(
        default=(), description="Inputs whose lack halves what it would stop: production falls half as far."
    )
    non_critical: tuple[str, ...] = Field(default=(), description="Inputs without which production goes on.")

    def checks(self) -> Iterator[Check]:
        yield self._once

    def _once(self) -> Iterator[Fault]:
        both = set(self.important) & set(self.non_critical)
        if both:
            what = f"{', '.join(sorted(both))} in both important and non_critical"
            yield Fault(what, "each input in one of the lists", "Take it out of one.")


class Years(Record):
    """The horizon of years: a new equilibrium of trade, with prices, wages and suppliers that have changed."""

    elasticities: tuple[str, ...] = Field(
        default=(),
        description="Sets of trade elasticities (`zizhu stress elasticities` lists them); the first is the central "
        "one, the others make the band. All sets that know the table's industries if absent, Caliendo and Parro first.",
    )
    term: Literal["long_run", "one_year"] = Field(
        default="long_run",
        description="long_run: everything has adjusted; one_year: fewer ways out, labour stays in its industry.",
    )
    closure: Closure = Field(
        default="fixed",
        description="Trade deficits: fixed in money, a share of world_gdp, a share of a country's income, or zero.",
    )
    rent: Holder = Field(
        default="exporter",
        description="Who keeps the rent where a quantity is held down: importer, exporter or nobody (it is burnt).",
    )
    allow_extreme: bool = Field(
        default=False,
        description="Answer even when trade ends where elasticities are too small for the model to know the cost.",
    )

    @field_validator("elasticities")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        known = list(sets())
        wrong = [n for n in names if n not in known]
        if wrong:
            problems = [unknown("set", n, known, "elasticities") for n in wrong]
            raise refused(*(Fault(p.what, f"one of: {', '.join(known)}", p.remedy) for p in problems))
        return tuple(dict.fromkeys(names))


def _in_days(band: Any) -> Any:
    """A band of spans in days; what is no span stays for the checks of numbers."""
    return [_span(end) for end in band] if isinstance(band, list | tuple) else band


def _span(end: Any) -> Any:
    try:
        return days(end)
    except PydanticCustomError:
        return end


def _said(name: str, bound: str) -> str:
    """What the model can take of a parameter, times with their unit."""
    value = getattr(parameters()[name], bound)
    return told(value) if name in in_days() else f"{value:g}"


class Scenario(Checked):
    """One scenario, complete."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,79}$", description="Its name in lists and references.")
    title: Text = Field(description="What it is, in a line that a chart can carry.")
    event: str = Field(default="", description="The dated event of the register that it takes up, if any.")
    table: str = Field(default="", description="Input-output table; the best one if absent.")
    trade: str = Field(default="", description="Trade table that sizes products; the best one if absent.")
    horizons: tuple[Horizon, ...] = Field(
        default=(WEEKS, QUARTERS), min_length=1, description="weeks, quarters, years: which models run."
    )
    length: Days = Field(default=DAYS["year"] - 1, gt=0, description="How long the weekly model runs.")
    step: Days = Field(default=DAYS["week"], ge=1, le=31, description="The time step of the weekly model.")
    shocks: tuple[AnyShock, ...] = Field(min_length=1, description="What happens.")
    combine: Literal["compound", "largest"] = Field(
        default="compound",
        description="Losses of one industry by several shocks: 1 - (1 - a)(1 - b), or the larger of the two.",
    )
    rationing: Rationing = Field(
        default="proportional", description="Who is served when output falls short of orders."
    )
    priority: tuple[str, ...] = Field(
        default=(), description="With rationing: priority, the sectors served first, in this order."
    )
    substitution: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(
        default_factory=dict,
        description="Share of the orders lost to a restriction or a loss of capacity that other suppliers may take "
        "over, by sector of the product, or `default`: 0 keeps orders at the usual shares, 1 places them by capacity.",
    )
    stocks: dict[str, Days] = Field(
        default_factory=dict, description="How long the stock of an input lasts, by its sector, or `default`."
    )
    needs: Needs = Field(default_factory=Needs, description="Inputs that are not essential.")
    years: Years = Field(default_factory=Years, description="How the horizon of years is answered.")
    uncertain: dict[Uncertain, Band] = Field(
        default_factory=dict,
        description="Bands [low, high] in place of those that ship; times with their unit, or in days.",
    )
    draws: int = Field(default=64, ge=0, le=LARGEST, description="Draws of what is uncertain; 0 for no band.")
    seed: int = Field(default=1, ge=0, description="Seed of the draws.")
    insist: bool = Field(
        default=False, description="Answer even when the tables see less than half of what is controlled."
    )

    @field_validator("uncertain", mode="before")
    @classmethod
    def _spans(cls, bands: Any) -> Any:
        """Times with their unit as days; all that is no span is left to the other checks."""
        if not isinstance(bands, dict):
            return bands
        return {name: _in_days(band) if name in in_days() else band for name, band in bands.items()}

    @field_validator("uncertain")
    @classmethod
    def _in_order(cls, bands: dict[Uncertain, Band]) -> dict[Uncertain, Band]:
        wrong = [
            Fault(
                f"the band of {name}",
                f"[low, high] from {_said(name, 'least')} to {_said(name, 'most')}, low no more than high",
                "Swap or correct the two numbers.",
            )
            for name, (low, high) in bands.items()
            if not parameters()[name].least <= low <= high <= parameters()[name].most
        ]
        if wrong:
            raise refused(*wrong)
        return bands

    def checks(self) -> Iterator[Check]:
        yield self._idle
        yield self._unserved
        yield self._stepped
        yield from (partial(self._too_long, s) for s in self.shocks)

    def _stepped(self) -> Iterator[Fault]:
        if self.step > self.length:
            what = f"a step of {told(self.step)} in a run of {told(self.length)}"
            yield Fault(what, "a step no longer than the run", "Change `step` or `length`.")

    def _too_long(self, s: Shock) -> Iterator[Fault]:
        """A shock that begins after the run or has not reached its size when it ends."""
        until = s.start + s.ramp
        weekly = WEEKS in self.horizons and WEEKS in s.acts
        if weekly and (s.start >= self.length or until > self.length):
            doing = "begins after" if s.start >= self.length else f"grows until {told(until)}, after"
            yield Fault(
                f"{s.label}: it {doing} the run of {told(self.length)}",
                "a start and ramp inside the run",
                "Let it begin sooner, or make `length` longer.",
            )

    def _idle(self) -> Iterator[Fault]:
        """A horizon at which no shock acts."""
        acting = {h for s in self.shocks for h in s.acts}
        for horizon in dict.fromkeys(self.horizons):
            if horizon not in acting:
                kinds = [kind for kind, shock in BY_KIND.items() if horizon in shock.acts]
                where = ", ".join(h for h in get_args(Horizon) if h in acting)
                yield Fault(
                    f"none of the shocks acts at the horizon of {horizon}",
                    f"one of: {', '.join(kinds)}",
                    f"Write `horizons: [{where}]`, where they act, or add such a shock.",
                )

    def _unserved(self) -> Iterator[Fault]:
        """A priority list that nothing reads, or none where one is needed."""
        if self.rationing == "priority" and not self.priority:
            remedy = "Add `priority: [SECTOR, ...]`, or choose another rationing."
            yield Fault("rationing: priority without a priority list", "the sectors served first", remedy)
        elif self.priority and self.rationing != "priority":
            remedy = "Write `rationing: priority`, or take the list out."
            yield Fault(f"a priority list with rationing: {self.rationing}", "no list", remedy)

    @property
    def steps(self) -> int:
        """Steps of the weekly model; the last one may reach beyond `length`."""
        return max(1, ceil(self.length / self.step - 1e-9))

    @property
    def runs(self) -> int:
        """Runs of the weekly model: one at the central values, and the draws."""
        return 1 + (self.draws if self.drawn else 0)

    def band(self, name: str) -> Band:
        """The band that a parameter is drawn from."""
        found = self.uncertain.get(name)  # type: ignore[call-overload]
        return found if found is not None else (parameters()[name].low, parameters()[name].high)

    def central(self, name: str) -> float:
        """A parameter where nothing is drawn: as the scenario says, else its usual value, or the middle of a band
        that does not hold it."""
        said = self._said(name)
        if said is not None:
            return said
        low, high = self.band(name)
        usual = parameters()[name].value
        return usual if low <= usual <= high else (low + high) / 2

    @property
    def drawn(self) -> tuple[str, ...]:
        """The parameters that are drawn, in their fixed order: those with a band, that matter, and that the scenario
        leaves open."""
        rebuilt = any(isinstance(s, Destruction) for s in self.shocks)
        return tuple(
            n
            for n in UNCERTAIN
            if self.band(n)[0] < self.band(n)[1]
            and (n in self.uncertain or self._said(n) is None)
            and (n != "capital_to_value_added" or rebuilt)
        )

    def _said(self, name: str) -> float | None:
        return {"substitution": self.substitution, "stocks": self.stocks}.get(name, {}).get(DEFAULT)
