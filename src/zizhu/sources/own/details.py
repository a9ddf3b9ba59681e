"""What else is guessed of a column of a known role: its unit, how its codes are written, and what is odd in it."""

from __future__ import annotations

from collections.abc import Iterator

from zizhu.sources.own import product_codes
from zizhu.sources.own.guess import NUMBERS, SIDES
from zizhu.sources.own.layout import Guess
from zizhu.sources.own.looks import Look
from zizhu.sources.own.measures import Measure, measure, measure_in


def unit_of(look: Look, role: str, told: str) -> Guess[Measure | None]:
    """The unit of a column of numbers: by its name, its percent signs, or what is told of the whole table.

    Where the name and the table tell other amounts of one currency the name is taken, with little confidence.
    """
    if role not in NUMBERS:
        return Guess(None, 1.0, "")
    found, above = measure_in(look.name), measure(told)
    if found and above and found[0].dimension == above.dimension == "money" and found[0] != above:
        return Guess(found[0], 0.6, f"the name says {found[1]!r}, but the lines above {told!r}")
    if found:
        return Guess(found[0], 0.95, f"the name says {found[1]!r}")
    if look.percents > look.cells / 2:
        return Guess(Measure("percent", 1.0), 0.95, "its cells have percent signs")
    if above is not None:
        return Guess(above, 0.8, f"the file says {told!r}")
    return Guess(None, 0.0, "nothing says the unit")


def codes_of(look: Look, role: str) -> Guess[str]:
    """How the codes of a column are to be read; "" where the role has no codes."""
    if role in (*SIDES, "country"):
        coding, share = look.country
        tie = coding == "m49" and look.share("baci") == share
        return Guess(
            coding, 0.7 if tie else 0.9 if share > 0.9 else 0.6, f"{share:.0%} of the cells are {coding}"
        )
    if role == "product" and look.share("hs") > 0.6:
        return product_codes.coding(look)
    if role == "period" and look.share("serial") > 0.9 and look.share("period") < 0.5:
        return Guess("excel", 0.8, "numbers like Excel's count of days")
    return Guess("", 1.0, "")


def oddities(look: Look, role: str, unit: Measure | None) -> Iterator[str]:
    """What a person should look at in a column."""
    if look.formulas:
        yield f"{look.formulas} cells begin like a formula (= + - @): they stay text and are never computed"
    if look.totals and role not in ("value", "quantity"):
        yield f"rows of totals ({', '.join(look.totals[:4])}): see omit"
    if unit and unit.unit == "percent" and look.low >= 0 and look.high <= 1 and look.cells > 4:
        yield "a percentage of which every value lies between 0 and 1: is it a share?"
    if unit and unit.unit == "share" and look.high > 1.5:
        yield "a share above 1: is it a percentage?"
    if role in ("unit", "quantity_unit") and look.units > 1:
        yield "it has several units: each row is converted by its own"
    if role in NUMBERS and look.mixed:
        yield f"{look.mixed[0]!r}: its points and commas do not stand at groups of three digits; adding refuses that"
    number = look.share("number")
    if role in NUMBERS and 0.5 < number < 1:
        yield f"{1 - number:.1%} of the cells are no numbers"
    if role == "product" and look.share("hs") > 0.6 and not product_codes.coding(look).value:
        yield "codes of PRODCOM, which begin with an industry: a table of trade needs codes of the HS"
    if role == "product" and look.digits and look.share("hs") > 0.6 and look.digits < 6:
        yield f"codes of {look.digits} digits: trade tables need six"
