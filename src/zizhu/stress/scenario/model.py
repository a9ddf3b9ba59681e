"""A scenario: which shocks hit which table, over which horizons, and what is not known about the answer."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, field_validator, model_validator

from zizhu.ledger.models import Record, Text
from zizhu.stress.scenario.parameters import UNCERTAIN, Uncertain, parameters
from zizhu.stress.scenario.refusal import Fault, refused
from zizhu.stress.scenario.shocks import BY_KIND, QUARTERS, WEEKS, AnyShock, Destruction, Horizon
from zizhu.stress.scenario.spans import DAYS, Days, told

Rationing = Literal["proportional", "final_first", "intermediates_first", "priority"]
Band = tuple[float, float]
DEFAULT = "default"
LARGEST = 100_000
"""Draws."""


class Needs(Record):
    """How badly industries need an input, after Pichler et al.: all inputs are essential where nothing is said.

    Keys are sectors of inputs, or INPUT:USER for the input of one industry.
    """

    important: tuple[str, ...] = Field(
        default=(), description="Inputs whose lack halves what it would stop: production falls half as far."
    )
    non_critical: tuple[str, ...] = Field(default=(), description="Inputs without which production goes on.")

    @model_validator(mode="after")
    def _once(self) -> Self:
        both = set(self.important) & set(self.non_critical)
        if both:
            what = f"{', '.join(sorted(both))} in both important and non_critical"
            raise refused(Fault(what, "each input in one of the lists", "Take it out of one."))
        return self


class Scenario(Record):
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
    orders: Literal["capacity", "fixed"] = Field(
        default="capacity", description="Orders follow suppliers' capacity, or stay with the usual shares."
    )
    substitution: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(
        default_factory=dict,
        description="Share of lost orders that other suppliers may take over, by sector of the product, or `default`.",
    )
    stocks: dict[str, Days] = Field(
        default_factory=dict, description="How long the stock of an input lasts, by its sector, or `default`."
    )
    needs: Needs = Field(default_factory=Needs, description="Inputs that are not essential.")
    uncertain: dict[Uncertain, Band] = Field(
        default_factory=dict, description="Bands [low, high] in place of those that ship."
    )
    draws: int = Field(default=64, ge=0, le=LARGEST, description="Draws of what is uncertain; 0 for no band.")
    seed: int = Field(default=1, ge=0, description="Seed of the draws.")
    insist: bool = Field(
        default=False, description="Answer even when the tables see less than half of what is controlled."
    )

    @field_validator("uncertain")
    @classmethod
    def _in_order(cls, bands: dict[Uncertain, Band]) -> dict[Uncertain, Band]:
        wrong = [
            Fault(
                f"the band of {name}",
                f"[low, high] from {parameters()[name].least:g} to {parameters()[name].most:g}, low no more than high",
                "Swap or correct the two numbers.",
            )
            for name, (low, high) in bands.items()
            if not parameters()[name].least <= low <= high <= parameters()[name].most
        ]
        if wrong:
            raise refused(*wrong)
        return bands

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        faults = [*self._too_long(), *self._idle(), *self._unserved()]
        if self.step > self.length:
            what = f"a step of {told(self.step)} in a run of {told(self.length)}"
            faults.append(Fault(what, "a step no longer than the run", "Change `step` or `length`."))
        if faults:
            raise refused(*faults)
        return self

    def _too_long(self) -> Iterator[Fault]:
        """Shocks that begin after the run or have not reached their size when it ends."""
        for s in self.shocks:
            until = s.start + s.ramp
            weekly = WEEKS in self.horizons and WEEKS in s.acts
            if not weekly or (s.start < self.length and until <= self.length):
                continue
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
