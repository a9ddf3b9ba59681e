"""A scenario: which shocks hit which table, over which horizons, and what is not known about the answer."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from zizhu.ledger.models import Record, Text
from zizhu.stress.scenario.parameters import UNCERTAIN, Uncertain, parameters
from zizhu.stress.scenario.shocks import QUARTERS, WEEKS, AnyShock, Horizon
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
            raise ValueError(f"each input in one list; in both: {', '.join(sorted(both))}")
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
        wrong = [name for name, (low, high) in bands.items() if not 0 <= low <= high]
        if wrong:
            raise ValueError(f"bands [low, high] from zero up, low no more than high: {', '.join(wrong)}")
        return bands

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        faults = [*self._too_long(), *self._idle()]
        if (self.rationing == "priority") != bool(self.priority):
            faults.append("a priority list exactly with rationing: priority")
        if self.step > self.length:
            faults.append(f"a step no longer than the run of {told(self.length)}")
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _too_long(self) -> list[str]:
        """Shocks that begin after the run or have not reached their size when it ends."""
        return [
            f"{s.label}: begins or grows until {told(s.start + s.ramp)}, after a run of {told(self.length)}"
            for s in self.shocks
            if WEEKS in self.horizons
            and WEEKS in s.acts
            and (s.start >= self.length or s.start + s.ramp > self.length)
        ]

    def _idle(self) -> list[str]:
        """A horizon at which no shock acts."""
        return [
            f"{horizon}: none of the shocks acts at this horizon"
            for horizon in self.horizons
            if not any(horizon in s.acts for s in self.shocks)
        ]

    @property
    def steps(self) -> int:
        """Steps of the weekly model."""
        return max(1, round(self.length / self.step))

    def band(self, name: str) -> Band:
        """The band that a parameter is drawn from."""
        found = self.uncertain.get(name)  # type: ignore[call-overload]
        return found if found is not None else (parameters()[name].low, parameters()[name].high)

    @property
    def drawn(self) -> tuple[str, ...]:
        """The parameters that are drawn, in their fixed order; those with a band of no width are not."""
        return tuple(n for n in UNCERTAIN if self.band(n)[0] < self.band(n)[1])
