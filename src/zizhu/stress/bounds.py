"""Which bound of what would really be lost the losses of a scenario are, by what they count of the products that stop.

A table knows industries. Products of which a shock says who needs them stop all of these users; other products count by
their value among what their industry sells, and in shortages as if every user needed all that it buys of the industry.
What stops as a whole industry bounds nothing: the losses are those of the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from zizhu.stress.rows import FIRST, OUTPUT, SHORTAGE, THROUGH, UNMET
from zizhu.stress.scenario.model import Scenario
from zizhu.stress.scenario.shocks import QUARTERS, WEEKS, Traded


class Bound(NamedTuple):
    """A bound in a word or two, `none` where there is none, as a sentence names it, and why it is one."""

    word: str
    said: str
    why: str

    @property
    def told(self) -> str:
        """The bound as a sentence ends with it; empty where there is none."""
        return f"{self.said}, {self.why}" if self.said else ""

    def of(self, what: str) -> str:
        """The name of what is a bound, with the bound behind it."""
        return f"{what} ({self.word})" if self.said else what


NONE = Bound("none", "", "")
UPPER = Bound(
    "upper bound",
    "an upper bound",
    "as the users of what stops are taken to have nothing to put in its place",
)
SUPPLIED = Bound(
    "upper bound at the home supply assumed",
    "an upper bound if the home supply is as assumed",
    "as the users of what stops are taken to have nothing else to put in its place",
)
LOWER = Bound(
    "lower bound",
    "a lower bound",
    "as what stops counts by its value alone, however badly its users need it",
)
EVERYBODY = Bound(
    "upper bound", "an upper bound", "as every user of the industry is taken to need all that it buys of it"
)
MIXED = Bound(
    "neither", "neither an upper nor a lower bound", "as its shocks count what stops in different ways"
)


def bound(scenario: Scenario, measure: str) -> Bound:
    """The bound that the losses of a measure are: that of all shocks to products, and neither where they differ."""
    if measure not in _MEASURED:
        return NONE
    horizon, of = _MEASURED[measure]
    traded = [s for s in scenario.shocks if isinstance(s, Traded) and s.products and horizon in s.acts]
    found = [of(s) for s in traded]
    if not found:
        return NONE
    return found[0] if len({b.word for b in found}) == 1 else MIXED


def _by_need(shock: Traded) -> Bound:
    return SUPPLIED if shock.home_supply else UPPER


_MEASURED: Mapping[str, tuple[str, Callable[[Traded], Bound]]] = {
    OUTPUT: (WEEKS, lambda s: _by_need(s) if s.needed_by else LOWER),
    UNMET: (WEEKS, lambda s: _by_need(s) if s.needed_by else LOWER),
    THROUGH: (QUARTERS, lambda _: LOWER),
    FIRST: (QUARTERS, lambda s: _by_need(s) if s.needed_by else EVERYBODY),
    SHORTAGE: (QUARTERS, lambda s: _by_need(s) if s.needed_by else EVERYBODY),
}
"""The horizon of a measure, and the bound that it is of what a shock to products would do."""
