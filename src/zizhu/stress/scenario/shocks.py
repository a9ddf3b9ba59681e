"""The shocks that a scenario may hold: who, what, how much, from when, for how long.

Each kind says at which horizons it acts. Weeks: production, stocks and orders (ARIO). Quarters: shortage and lost sales
on fixed coefficients. Years: trade equilibrium.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self, get_args

from pydantic import AfterValidator, Field, field_validator, model_validator

from zizhu.ledger.models import Record
from zizhu.stress.scenario.spans import Days
from zizhu.vocab import groups

Horizon = Literal["weeks", "quarters", "years"]
Shape = Literal["linear", "convex", "concave"]
Side = Annotated[str, AfterValidator(groups.coded_part), Field(pattern=r"^[^:\s]+(:[^:\s]+)?$")]
Share = Annotated[float, Field(gt=0, le=1)]
WEEKS, QUARTERS, YEARS = get_args(Horizon)


class Recovery(Record):
    """How a shock fades when its duration is over."""

    time: Days = Field(description="How long it takes until nothing of the shock is left.")
    shape: Shape = Field(default="linear", description="linear, convex (fast first) or concave (slow first).")


class Shock(Record):
    """What all shocks share."""

    acts: ClassVar[frozenset[str]] = frozenset((WEEKS, QUARTERS, YEARS))

    name: str = Field(default="", description="What overrides and charts call it.")
    start: Days = Field(default=0.0, description="When it begins, counted from the first day of the run.")
    duration: Days | None = Field(default=None, gt=0, description="How long it holds; to the end if absent.")
    ramp: Days = Field(default=0.0, description="How long it takes, from its start, to reach its full size.")
    recovery: Recovery | None = Field(default=None, description="How it fades afterwards; at once if absent.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.duration is not None and self.ramp > self.duration:
            raise ValueError(
                f"a duration ({self.duration:g} days) no shorter than the ramp ({self.ramp:g} days)"
            )
        if self.recovery is not None and self.duration is None:
            raise ValueError("a duration, after which the recovery begins")
        return self

    @property
    def where(self) -> str:
        """Whom it touches, in codes."""
        raise NotImplementedError

    @property
    def label(self) -> str:
        """Its name, or its kind and whom it touches."""
        return self.name or f"{getattr(self, 'kind', '')} {self.where}"


class Traded(Shock):
    """A shock to what one side sells to another."""

    sender: Side = Field(description="Who sells: COUNTRY, GROUP or either with :SECTOR, such as CHN:B.")
    receiver: Side = Field(description="Who buys, written as the sender; WLD is everybody else.")
    products: tuple[str, ...] = Field(
        default=(),
        description="HS codes of six digits; then the industries that make them are the sender's sectors.",
    )

    @field_validator("products")
    @classmethod
    def _codes(cls, products: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [p for p in products if not (p.isdigit() and len(p) == 6)]
        if wrong:
            raise ValueError(f"HS codes of six digits, not {', '.join(wrong[:3])}")
        return tuple(dict.fromkeys(products))

    @model_validator(mode="after")
    def _one_commodity(self) -> Self:
        if self.products and ":" in self.sender:
            raise ValueError("either products or a sector of the sender: a product says its industry itself")
        return self

    @property
    def where(self) -> str:
        return f"{self.sender} to {self.receiver}"


class ExportBan(Traded):
    """The sender stops a share of its sales to the receiver."""

    kind: Literal["export_ban"]
    share: Share = Field(default=1.0, description="Share of the sales that stops.")


class Embargo(Traded):
    """Both sides stop a share of their sales to each other (a sector or products bind both directions)."""

    kind: Literal["embargo"]
    share: Share = Field(default=1.0, description="Share of the sales that stops, in both directions.")


class Quota(Traded):
    """The sender's sales to the receiver are held at a share of what they are in the table."""

    kind: Literal["quota"]
    limit: float = Field(
        ge=0, le=1, description="Share of the base quantity that may still be sold; 1 is no limit."
    )


class Licence(Traded):
    """Sales need a licence: they stop until the first are granted, then a share of them goes on."""

    kind: Literal["licence"]
    delay: Days = Field(
        default=45.0, description="How long the first licences take; until then nothing is sold."
    )
    granted: float = Field(ge=0, le=1, description="Share of the sales that gets a licence after the delay.")

    @model_validator(mode="after")
    def _delay_inside(self) -> Self:
        if self.duration is not None and self.delay > self.duration:
            raise ValueError("a delay no longer than the duration")
        return self


class Tariff(Traded):
    """The receiver's duty on the sender's goods, on top of those in the table."""

    acts = frozenset((YEARS,))
    kind: Literal["tariff"]
    rate: float = Field(
        ge=-1, le=100, description="Added to the duty, as a share of the price: 0.25 is 25 points."
    )


class ExportTax(Traded):
    """The sender's tax on its sales to the receiver."""

    acts = frozenset((YEARS,))
    kind: Literal["export_tax"]
    rate: float = Field(ge=-1, le=100, description="Added to the tax, as a share of the price.")


class Iceberg(Traded):
    """A change of trade costs that nobody collects: freight, delay, paperwork."""

    acts = frozenset((YEARS,))
    kind: Literal["iceberg"]
    change: float = Field(
        gt=-1, le=100, description="Change of the cost factor: 0.1 makes delivery a tenth dearer."
    )


class Demand(Shock):
    """Final buyers want more or less."""

    kind: Literal["demand"]
    sector: Side = Field(
        description="What is wanted: SELLER:SECTOR, where SELLER may be WLD, such as WLD:C29."
    )
    buyer: Side = Field(default=groups.WORLD, description="Whose final demand; WLD is everybody's.")
    change: float = Field(ge=-1, le=10, description="Change as a share: -0.2 is a fifth less.")

    @property
    def where(self) -> str:
        return f"{self.sector} for {self.buyer}"


class Capacity(Shock):
    """A part of an industry stands still."""

    kind: Literal["capacity"]
    at: Side = Field(description="Which industry: COUNTRY:SECTOR, or COUNTRY for all of them.")
    share: Share = Field(description="Share of its capacity that is lost.")

    @property
    def where(self) -> str:
        return self.at


class Destruction(Shock):
    """Capital is destroyed: capacity falls with it, and rebuilding it is bought from other industries."""

    acts = frozenset((WEEKS,))
    kind: Literal["destruction"]
    at: Side = Field(description="Which industry: COUNTRY:SECTOR, or COUNTRY for all of them.")
    share: Share = Field(description="Share of its capital that is destroyed.")
    rebuilt_by: dict[str, float] = Field(
        min_length=1, description="Sectors that rebuild it and their shares, which add up to one."
    )
    rebuilding: Days = Field(gt=0, description="The time in which rebuilding is ordered.")

    @field_validator("rebuilt_by")
    @classmethod
    def _whole(cls, shares: dict[str, float]) -> dict[str, float]:
        if min(shares.values()) < 0 or abs(sum(shares.values()) - 1) > 1e-6:
            raise ValueError(f"shares from 0 to 1 that add up to one, not to {sum(shares.values()):g}")
        return shares

    @property
    def where(self) -> str:
        return self.at


class Technology(Shock):
    """An industry makes more or less of the same inputs."""

    acts = frozenset((YEARS,))
    kind: Literal["technology"]
    at: Side = Field(description="Which industry: COUNTRY:SECTOR, or COUNTRY for all of them.")
    change: float = Field(gt=-1, le=10, description="Change of productivity as a share.")

    @property
    def where(self) -> str:
        return self.at


AnyShock = Annotated[
    ExportBan
    | Embargo
    | Quota
    | Licence
    | Tariff
    | ExportTax
    | Iceberg
    | Demand
    | Capacity
    | Destruction
    | Technology,
    Field(discriminator="kind"),
]
KINDS: tuple[type[Shock], ...] = (
    ExportBan,
    Embargo,
    Quota,
    Licence,
    Tariff,
    ExportTax,
    Iceberg,
    Demand,
    Capacity,
    Destruction,
    Technology,
)
