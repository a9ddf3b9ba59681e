"""The shocks that a scenario may hold: who, what, how much, from when, for how long.

Each kind says at which horizons it acts. Weeks: production, stocks and orders (ARIO). Quarters: shortage and lost sales
on fixed coefficients. Years: the new equilibrium of trade, in which a shock counts as if it stayed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import AfterValidator, Field, field_validator

from zizhu.ledger.models import Record
from zizhu.stress.scenario.refusal import Check, Checked, Fault, refused
from zizhu.stress.scenario.spans import Days, told
from zizhu.vocab import groups

Horizon = Literal["weeks", "quarters", "years"]
Shape = Literal["linear", "convex", "concave"]
Side = Annotated[str, AfterValidator(groups.coded_part), Field(pattern=r"^[^:\s]+(:[^:\s]+)?$")]
Share = Annotated[float, Field(gt=0, le=1)]
WEEKS, QUARTERS, YEARS = get_args(Horizon)
SHOWN = 3
"""Wrong codes that a message names."""


class Recovery(Record):
    """How a shock fades when its duration is over."""

    time: Days = Field(description="How long it takes until nothing of the shock is left.")
    shape: Shape = Field(default="linear", description="linear, convex (fast first) or concave (slow first).")


class Shock(Checked):
    """What all shocks share."""

    acts: ClassVar[frozenset[str]] = frozenset((WEEKS, QUARTERS, YEARS))

    name: str = Field(default="", description="What overrides and charts call it.")
    start: Days = Field(default=0.0, description="When it begins, counted from the first day of the run.")
    duration: Days | None = Field(default=None, gt=0, description="How long it holds; to the end if absent.")
    ramp: Days = Field(default=0.0, description="How long it takes, from its start, to reach its full size.")
    recovery: Recovery | None = Field(default=None, description="How it fades afterwards; at once if absent.")

    def checks(self) -> Iterator[Check]:
        yield self._ramped
        yield self._ended

    def _ramped(self) -> Iterator[Fault]:
        if self.duration is not None and self.ramp > self.duration:
            what = f"a ramp of {told(self.ramp)} in a duration of {told(self.duration)}"
            yield Fault(what, "a ramp no longer than the duration", "Change one of the two.")

    def _ended(self) -> Iterator[Fault]:
        if self.recovery is not None and self.duration is None:
            what = "a recovery without a duration"
            yield Fault(what, "a duration, after which the recovery begins", "Add `duration: ...`.")

    @property
    def where(self) -> str:
        """Whom it touches, in codes."""
        raise NotImplementedError

    @property
    def sides(self) -> tuple[str, ...]:
        """The codes of whom it touches, those that act before those that are acted upon."""
        return (self.where,)

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
    needed_by: tuple[str, ...] = Field(
        default=(),
        description="With products: industries that cannot do without them; the products become an input of their own "
        "that these need.",
    )
    home_supply: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="With needed_by: how far countries make the product for themselves. 0: not at all, so that "
        "imports are all there is (an upper bound); 1: as much of the industry's sales at home as of its exports.",
    )

    @field_validator("products")
    @classmethod
    def _codes(cls, products: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [p for p in products if not (p.isascii() and p.isdigit() and len(p) == 6)]
        if wrong:
            what = f"{', '.join(p or 'an empty code' for p in wrong[:SHOWN])} among the products"
            remedy = (
                "`zizhu data list --products TABLE` lists the products of a trade table with their codes."
            )
            raise refused(Fault(what, "HS codes of six digits, such as 284690", remedy))
        return tuple(dict.fromkeys(products))

    def checks(self) -> Iterator[Check]:
        yield from super().checks()
        yield self._one_commodity
        yield self._needed

    def _one_commodity(self) -> Iterator[Fault]:
        if self.products and ":" in self.sender:
            what = f"products and the sector {self.sender.partition(':')[2]} of the sender"
            remedy = "Leave out the sector: a product says its industry itself."
            yield Fault(what, "one of the two", remedy)

    def _needed(self) -> Iterator[Fault]:
        if self.needed_by and not self.products:
            what, expected = "needed_by without products", "the products that these industries need"
            yield Fault(what, expected, "Add `products: [...]`, or leave needed_by out.")

    @property
    def where(self) -> str:
        return f"{self.sender} to {self.receiver}"

    @property
    def sides(self) -> tuple[str, ...]:
        return self.sender, self.receiver


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
        ge=0,
        le=1,
        description="Share of what the table has that may still be sold, from 0 to 1: 0.6 for 60 %; 1 is no limit.",
    )


class Licence(Traded):
    """Sales need a licence: they stop until the first are granted, then a share of them goes on."""

    kind: Literal["licence"]
    delay: Days = Field(
        default=45.0, description="How long the first licences take; until then nothing is sold."
    )
    granted: float = Field(ge=0, le=1, description="Share of the sales that gets a licence after the delay.")

    def checks(self) -> Iterator[Check]:
        yield from super().checks()
        yield self._delay_inside

    def _delay_inside(self) -> Iterator[Fault]:
        if self.duration is not None and self.delay > self.duration:
            what = f"a delay of {told(self.delay)} in a duration of {told(self.duration)}"
            yield Fault(what, "a delay no longer than the duration", "Change one, or use export_ban.")


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

    acts = frozenset((WEEKS, QUARTERS))
    kind: Literal["demand"]
    sector: Side = Field(
        description="What is wanted: SELLER:SECTOR, where SELLER may be WLD, such as WLD:C29."
    )
    buyer: Side = Field(default=groups.WORLD, description="Whose final demand; WLD is everybody's.")
    change: float = Field(ge=-1, le=10, description="Change as a share: -0.2 is a fifth less.")

    @property
    def where(self) -> str:
        return f"{self.sector} for {self.buyer}"

    @property
    def sides(self) -> tuple[str, ...]:
        return self.sector, self.buyer


class Capacity(Shock):
    """A part of an industry stands still."""

    acts = frozenset((WEEKS, QUARTERS))
    kind: Literal["capacity"]
    at: Side = Field(description="Which industry: COUNTRY:SECTOR, or COUNTRY for all of them.")
    share: Share = Field(description="Share of its capacity that is lost.")

    @property
    def where(self) -> str:
        return self.at


class Destruction(Shock):
    """Capital is destroyed: capacity falls with it at once, and rebuilding it is bought from other industries. It has
    no ramp and no recovery: the end of its duration is when rebuilding begins, `rebuilding` says how fast."""

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
            what = f"rebuilt_by adds up to {sum(shares.values()):g}"
            raise refused(Fault(what, "shares from 0 to 1 that add up to 1", "Correct the shares."))
        return shares

    def checks(self) -> Iterator[Check]:
        yield from super().checks()
        yield self._at_once

    def _at_once(self) -> Iterator[Fault]:
        remedy = "Leave it out: `rebuilding` says how capacity comes back, `duration` when that begins."
        for name in ("ramp", "recovery"):
            if getattr(self, name):
                yield Fault(f"a {name} of destruction", "none: capital is destroyed at once", remedy)

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
BY_KIND: Mapping[str, type[Shock]] = {str(get_args(k.model_fields["kind"].annotation)[0]): k for k in KINDS}
"""The models by the word that a file writes as `kind`."""
