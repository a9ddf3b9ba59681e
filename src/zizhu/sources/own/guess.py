"""What the columns of an unknown table hold: a role for each, from its name and its cells, with a reason.

A confidence is meant as a share: of the guesses at 0.9 or more at least 95 in 100 are right (the tests count).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from zizhu.sources.own.layout import YEARLIKE, Guess
from zizhu.sources.own.looks import Look
from zizhu.sources.own.mapping import PLACES, Kind, allowed
from zizhu.sources.own.words import Measure, measure, measure_in, name_words, roles_by_name
from zizhu.vocab.units import units

SURE = 0.5
"""Below this a role is left open."""
_TRADERS = ("exporter", "importer", "reporter", "partner")
_NUMBERS = ("value", "quantity", "lower", "upper")
_TEXTS = ("province", "city", "firm", "entity", "indicator", "sector", "status", "vintage", "ignore")
_COUNTRY_CODES = ("iso3", "m49", "baci", "iso2", "name")
_LONE = frozenset("tijkvq")
"""Names of one letter that mean something only beside each other (BACI's columns)."""


@dataclass(frozen=True)
class Named:
    """What the name of a column says: a role, and whether the whole name does (1), its end or a part of it."""

    role: str
    strength: float
    word: str


def by_name(header: str, headers: Sequence[str]) -> Named:
    """The role that the name of a column speaks for; strength 0 where it speaks for none."""
    words, known = name_words(header), roles_by_name()
    if words in known:
        if len(words) == 1 and words.isascii() and not set(headers) >= _LONE:
            return Named("", 0.0, "")
        return Named(known[words], 1.0, words)
    parts = words.split()
    for length in range(len(parts) - 1, 0, -1):
        spans = [" ".join(parts[i : i + length]) for i in range(len(parts) - length, -1, -1)]
        hits = [s for s in spans if s in known and (len(s) > 2 or not s.isascii())]
        if hits:
            return Named(known[hits[0]], 0.8 if words.endswith(hits[0]) else 0.6, hits[0])
    joined = words.replace(" ", "")
    inside = [w for w in known if not w.isascii() and len(w) > 1 and w in joined]
    if inside:
        best = max(inside, key=lambda w: (joined.endswith(w), len(w), w))
        return Named(known[best], 0.8 if joined.endswith(best) else 0.6, best)
    return Named("", 0.0, "")


def _fits(look: Look) -> Mapping[str, tuple[float, str]]:
    """How well the cells fit each role that cells can speak for or against, and what they are."""
    coding, share = look.country
    number, text = look.share("number"), 1 - look.share("number")
    product = max(look.share("hs"), look.share("hs6"))
    is_year = look.share("year")
    country = (share, f"{share:.0%} of the cells are countries ({coding})")
    return {
        "year": (is_year, f"{is_year:.0%} of the cells are years"),
        "period": (
            max(look.share("period"), look.share("serial") * 0.9),
            f"{look.share('period'):.0%} of the cells are periods",
        ),
        **dict.fromkeys((*_TRADERS, "country"), country),
        "product": (product, f"{product:.0%} of the cells are codes of the Harmonised System"),
        "flow": (look.share("flow"), f"{look.share('flow'):.0%} of the cells are flows"),
        "unit": (look.share("unit"), f"{look.share('unit'):.0%} of the cells are units"),
        "quantity_unit": (look.share("unit"), f"{look.share('unit'):.0%} of the cells are units"),
        "currency": (look.share("currency"), f"{look.share('currency'):.0%} of the cells are currencies"),
        **dict.fromkeys(_NUMBERS, (number, f"{number:.0%} of the cells are numbers")),
        **dict.fromkeys(_TEXTS, (max(text, 0.5), f"{text:.0%} of the cells are text")),
        **{
            r: (
                max(look.share(r), min(text, 0.9), 0.6),
                f"{look.share(r):.0%} of the cells end like names of it",
            )
            for r in ("province", "city", "firm")
        },
        "firm": (0.95 if look.distinct > 1 else 0.6, f"{look.distinct:,} different cells"),
        "sector": (
            max(look.share("isic"), text, 0.6),
            f"{look.share('isic'):.0%} of the cells are like ISIC codes",
        ),
    }


def role_of(look: Look, headers: Sequence[str]) -> Guess[str]:
    """The role of a column by its name and its cells, before the kind of the table is known."""
    if not look.cells:
        return Guess("ignore", 0.95, "the column is empty")
    named, fits = by_name(look.name, headers), _fits(look)
    if not named.strength:
        return _by_cells(look, fits)
    fit, told = fits[named.role]
    if named.role == "firm" and named.strength < 1 and look.share("number") > 0.9:
        fit = 0.5  # a number of firms more often than a number that names one
    how = {1.0: "is", 0.8: "ends with"}.get(named.strength, "has")
    why = f"the name {how} {named.word!r} ({named.role}); {told}"
    if named.role == "product" and fit < 0.6 and look.share("number") < 0.5:
        return Guess(
            "product", 0.75 if named.strength == 1 else 0.6, f"{why}: names or codes of another kind"
        )
    if (
        named.role in (*_TRADERS, "country", "unit", "quantity_unit")
        and look.share("number") < 0.1
        and fit < 0.6
    ):
        return Guess(named.role, 0.8 if named.role.endswith("unit") else 0.65, why)
    if named.role in ("status", "vintage") and look.share(named.role) < 1:
        return Guess("ignore", 0.85, f"the name has {named.word!r}, but the cells are no {named.role}")
    if named.role in ("lower", "upper") and named.strength < 1:
        return Guess(named.role, 0.45, why)
    if named.role == "ignore" and look.share("decimals") > 0.5:
        return _by_cells(look, fits)
    if fit >= 0.95:
        return Guess(named.role, {1.0: 0.96, 0.8: 0.91}.get(named.strength, 0.8), why)
    if fit >= 0.6:
        return Guess(named.role, {1.0: 0.85, 0.8: 0.75}.get(named.strength, 0.65), why)
    other = _by_cells(look, fits)
    if other.confidence > SURE:
        return replace(other, confidence=other.confidence * 0.85, reason=f"{other.reason}, though {why}")
    return Guess(named.role, 0.3, why)


def _by_cells(look: Look, fits: Mapping[str, tuple[float, str]]) -> Guess[str]:
    """The role that the cells alone speak for."""
    for role, least, sure in (
        ("year", 0.98, 0.88),
        ("flow", 0.98, 0.85),
        ("currency", 0.98, 0.85),
        ("period", 0.98, 0.7),
        ("unit", 0.98, 0.75),
    ):
        fit, told = fits[role]
        if fit >= least and (role != "period" or look.share("period") >= least):
            return Guess(role, sure, told)
    coding, share = look.country
    if share >= 0.9 and coding in ("iso3", "name") and look.distinct > 1:
        return Guess("country", 0.8, fits["country"][1])
    if look.share("hs6") >= 0.9 and look.distinct > 2 and look.digits >= 6:
        return Guess("product", 0.75, fits["product"][1])
    if look.share("number") >= 0.9:
        unit = measure_in(look.name)
        if unit is not None:
            role = "quantity" if units()[unit[0].unit].dimension == "mass" else "value"
            return Guess(role, 0.8, f"{fits['value'][1]}; the name says {unit[1]!r}")
        whole = look.share("decimals") < 0.01 and look.distinct == look.cells
        return Guess("value", 0.45 if whole else 0.6, fits["value"][1])
    for role in ("firm", "city", "province"):
        if look.share(role) >= 0.8:
            return Guess(role, 0.7, f"{look.share(role):.0%} of the cells end like names of it")
    return Guess("ignore", 0.4, "text of no known kind")


def kind_of(roles: Sequence[Guess[str]], looks: Sequence[Look]) -> Guess[Kind]:
    """Which kind of table has columns of these roles."""
    held = {g.value for g in roles if g.confidence >= SURE}
    numbers = sum(g.value in _NUMBERS for g in roles)
    wide = sum(is_period(x.name) and x.share("number") > 0.5 for x in looks) >= 2
    traders = held & {*_TRADERS, "flow"}
    if len(traders) >= 2 and "product" in held:
        return Guess("trade", 0.97, f"it has {', '.join(sorted(traders))} and products")
    if {"exporter", "importer"} <= held or {"reporter", "partner"} <= held:
        return Guess("trade", 0.6, "it has two sides of trade, though no products")
    coded = [x.country[0] for g, x in zip(roles, looks, strict=True) if g.value == "country"]
    if len(coded) > len(set(coded)) and "product" in held and not traders:
        return Guess("trade", 0.7, "it has two columns of countries and products")
    if traders and "product" in held:
        return Guess("trade", 0.85, f"it has {', '.join(sorted(traders))} and products")
    if "indicator" in held:
        return Guess("series", 0.95, "a column says what the values measure")
    if held & {"firm", "city"}:
        several = numbers >= 2 and not wide
        return Guess("panel", 0.93 if several else 0.7, "it has firms or cities")
    if "product" in held:
        return Guess(
            "production", 0.85 if held & {"country", "quantity"} else 0.6, "it has products and no partner"
        )
    if "sector" in held and "country" in held:
        return Guess("production", 0.6, "it has countries and industries")
    if "province" in held and numbers >= 2 and not wide:
        return Guess("panel", 0.85, "it has provinces and several columns of numbers")
    if numbers >= 4 and not wide and held & {"country", "entity"}:
        return Guess("panel", 0.6, "it has several columns of numbers by place")
    sure = 0.85 if wide else 0.75 if held & {"country", "province", "entity"} else 0.5
    if any(g.confidence < SURE for g in roles):
        sure -= 0.2
    return Guess("series", sure, "values by place and time" if held & set(PLACES) else "values by time")


def is_period(header: str) -> bool:
    """Whether the name of a column is a year or a part of one."""
    return bool(YEARLIKE.fullmatch(header.strip()))


def fitted(kind: Kind, roles: Sequence[Guess[str]], looks: Sequence[Look]) -> list[Guess[str]]:
    """The roles as a table of that kind has them: every role but value, attribute and ignore once."""
    held = {g.value for g in roles}
    moved = [_moved(kind, g, x, held) for g, x in zip(roles, looks, strict=True)]
    if kind == "trade" and not held & {*_TRADERS, "flow"}:
        moved = _unnamed_sides(roles, moved, looks)
    found = _once(kind, moved, looks)
    if kind == "production" and not any(g.value == "value" for g in found):
        return [replace(g, value="quantity_unit") if g.value == "unit" else g for g in found]
    return found


def _unnamed_sides(
    roles: Sequence[Guess[str]], moved: Sequence[Guess[str]], looks: Sequence[Look]
) -> list[Guess[str]]:
    """Columns of countries of which no name says who sells and who buys: left open, the seller first."""
    coding = min(
        (x.country[0] for g, x in zip(roles, looks, strict=True) if g.value == "country"), default=""
    )
    places = [i for i, g in enumerate(roles) if g.value == "country" and looks[i].country[0] == coding]
    found = list(moved)
    for i, side in zip(places, ("exporter", "importer"), strict=False):
        if len(places) >= 2:
            found[i] = Guess(side, 0.4, f"{roles[i].reason}; nothing says which side of trade")
    return found


def _moved(kind: Kind, guess: Guess[str], look: Look, held: set[str]) -> Guess[str]:
    role = guess.value
    if is_period(look.name) and (look.share("number") > 0.5 or not look.cells):
        return Guess("value", 0.95, "the name is a period: years stand side by side")
    if kind == "trade" and role == "country":
        return _trader(guess, held)
    if kind == "trade" and role == "entity" and look.country[1] > 0.6:
        return _trader(guess, held)
    if kind != "trade" and role in (*_TRADERS,):
        return replace(
            guess, value="country" if kind != "panel" else "attribute", confidence=guess.confidence * 0.7
        )
    if kind == "panel":
        return _in_panel(guess, look, held)
    if kind == "series" and role in ("quantity",):
        return replace(guess, value="value", reason=f"{guess.reason}: a value of the series")
    if kind == "series" and role in ("product", "sector"):
        free = "indicator" not in held
        return replace(guess, value="indicator" if free else "ignore", confidence=guess.confidence * 0.7)
    if role not in allowed(kind):
        return Guess("ignore", guess.confidence * 0.8, f"{guess.reason}: a {kind} table has no {role}")
    return guess


def _trader(guess: Guess[str], held: set[str]) -> Guess[str]:
    """The side of trade that a plain country is, by those that are there."""
    others = {"reporter": "partner", "partner": "reporter", "exporter": "importer", "importer": "exporter"}
    for there, missing in others.items():
        if there in held and missing not in held:
            return replace(
                guess, value=missing, confidence=0.75, reason=f"{guess.reason}; the {there} is there"
            )
    if held & set(_TRADERS):
        return Guess("ignore", 0.5, f"{guess.reason}; both sides are there")
    return replace(guess, value="partner", confidence=0.6)


def _in_panel(guess: Guess[str], look: Look, held: set[str]) -> Guess[str]:
    role = guess.value
    if role in _NUMBERS:
        return replace(guess, value="value", confidence=max(guess.confidence, 0.8))
    finest = next((p for p in PLACES if p in held), "")
    if role in PLACES and role != finest:
        return Guess("attribute", 0.8, f"{guess.reason}; the {finest} is finer")
    if role in ("year", "period", "ignore", *PLACES):
        return guess if role != "ignore" or guess.confidence >= 0.9 else replace(guess, value="attribute")
    number = look.share("number") > 0.9 and look.share("decimals") > 0
    return Guess("value" if number else "attribute", 0.7, f"{guess.reason}; a panel keeps it")


def _once(kind: Kind, roles: Sequence[Guess[str]], looks: Sequence[Look]) -> list[Guess[str]]:
    """Of several columns of one role the best: the surest one, of countries codes before names."""
    found = list(roles)
    many = ("attribute", "ignore", *(("value",) if kind in ("series", "panel") else ()))
    held = {g.value for g in roles} - set(many)
    if {"year", "period"} <= held:
        held = held - {"year", "period"} | {"year and period"}
    for role in sorted(held):
        names = ("year", "period") if role == "year and period" else (role,)
        places = [i for i, g in enumerate(found) if g.value in names]
        best = max(places, key=lambda i: (_rank(role, found[i], looks[i]), -i), default=0)
        for i in places:
            if i != best:
                found[i] = _second(kind, role, found[i], looks[i], looks[best])
        if len(places) > 1:
            limit = 0.7 if role in (*_NUMBERS, "year", "period", "year and period") else 0.9
            found[best] = replace(found[best], confidence=min(found[best].confidence, limit))
    return found


def _rank(role: str, guess: Guess[str], look: Look) -> tuple[float, ...]:
    sure = round(guess.confidence, 1)
    if role in (*_TRADERS, "country"):
        coding, share = look.country
        return (share >= 0.9, -_COUNTRY_CODES.index(coding), sure)
    if role in ("value", "quantity"):
        unit = measure_in(look.name)
        dollar = unit is not None and unit[0].unit == "USD"
        return (guess.confidence >= SURE, dollar, unit is not None, sure)
    if role in ("product", "sector"):
        return (look.share("hs" if role == "product" else "isic") >= 0.9, sure)
    if role in ("firm", "city", "province", "entity", "indicator"):
        return (guess.confidence >= 0.8, look.share("number") > 0.5 or "code" in name_words(look.name), sure)
    return (sure, look.cells)


def _second(kind: Kind, role: str, guess: Guess[str], look: Look, best: Look) -> Guess[str]:
    unit = measure_in(look.name)
    if (
        role == "value"
        and unit
        and kind in ("trade", "production")
        and units()[unit[0].unit].dimension == "mass"
    ):
        return replace(guess, value="quantity", confidence=0.7)
    instead = "attribute" if kind == "panel" else "ignore"
    return Guess(
        instead, 0.8 if role not in _NUMBERS else 0.6, f"{guess.reason}; {best.name!r} is taken for it"
    )


def unit_of(look: Look, role: str, told: str) -> Guess[Measure | None]:
    """The unit of a column of numbers: by its name, its percent signs, or what is told of the whole table."""
    if role not in _NUMBERS:
        return Guess(None, 1.0, "")
    found = measure_in(look.name)
    if found:
        return Guess(found[0], 0.95, f"the name says {found[1]!r}")
    if look.percents > look.cells / 2:
        return Guess(Measure("percent", 1.0), 0.95, "its cells have percent signs")
    above = measure(told)
    if above is not None:
        return Guess(above, 0.8, f"the file says {told!r}")
    return Guess(None, 0.0, "nothing says the unit")


def codes_of(look: Look, role: str) -> Guess[str]:
    """How the codes of a column are to be read; "" where the role has no codes."""
    if role in (*_TRADERS, "country"):
        coding, share = look.country
        tie = coding == "m49" and look.share("baci") == share
        return Guess(
            coding, 0.7 if tie else 0.9 if share > 0.9 else 0.6, f"{share:.0%} of the cells are {coding}"
        )
    if role == "product" and look.share("hs") > 0.6:
        digits = look.digits if look.digits in (6, 8, 10) else 6
        return Guess(
            f"HS{digits}", 0.9 if look.digits == digits else 0.4, f"most codes have {look.digits} digits"
        )
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
    number = look.share("number")
    if role in _NUMBERS and 0.5 < number < 1:
        yield f"{1 - number:.1%} of the cells are no numbers"
    if role == "product" and look.digits and look.share("hs") > 0.6 and look.digits < 6:
        yield f"codes of {look.digits} digits: trade tables need six"
