"""What the columns of an unknown table hold: a role for each, from its name and its cells, with a reason.

A confidence is meant as a share: of the guesses at 0.9 or more at least 95 in 100 are right (the tests count).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from zizhu.sources.own import product_codes
from zizhu.sources.own.layout import Guess
from zizhu.sources.own.looks import Look
from zizhu.sources.own.measures import measure_in
from zizhu.sources.own.words import name_words, roles_by_name
from zizhu.vocab.units import units

SURE = 0.5
"""Below this a role is left open."""
SIDES = ("exporter", "importer", "reporter", "partner")
NUMBERS = ("value", "quantity", "lower", "upper")
_TEXTS = ("province", "city", "firm", "entity", "indicator", "sector", "status", "vintage", "ignore")
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
    classed = "PRODCOM or the like" if product_codes.is_prodcom(look) else "the Harmonised System"
    is_year = look.share("year")
    country = (share, f"{share:.0%} of the cells are countries ({coding})")
    return {
        "year": (is_year, f"{is_year:.0%} of the cells are years"),
        "period": (
            max(look.share("period"), look.share("serial") * 0.9),
            f"{look.share('period'):.0%} of the cells are periods",
        ),
        **dict.fromkeys((*SIDES, "country"), country),
        "product": (product, f"{product:.0%} of the cells are like codes of {classed}"),
        "flow": (look.share("flow"), f"{look.share('flow'):.0%} of the cells are flows"),
        "unit": (look.share("unit"), f"{look.share('unit'):.0%} of the cells are units"),
        "quantity_unit": (look.share("unit"), f"{look.share('unit'):.0%} of the cells are units"),
        "currency": (look.share("currency"), f"{look.share('currency'):.0%} of the cells are currencies"),
        **dict.fromkeys(NUMBERS, (number, f"{number:.0%} of the cells are numbers")),
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
    other = _against(look, named, fit, why)
    if other is not None:
        return other
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


def _against(look: Look, named: Named, fit: float, why: str) -> Guess[str] | None:
    """What a column is whose cells speak against its name, or say more than it; None for any other."""
    role, number = named.role, look.share("number")
    if role == "entity":
        place = next((p for p in ("province", "city") if look.share(p) >= 0.9), "")
        share = f"{look.share(place):.0%} of the cells end like names of a {place}"
        return Guess(place, 0.91, f"{why}, and {share}") if place else None
    if role == "product" and fit < 0.6 and number < 0.5:
        sure = 0.75 if named.strength == 1 else 0.6
        return Guess("product", sure, f"{why}: names or codes of another kind")
    if role in (*SIDES, "country", "unit", "quantity_unit") and number < 0.1 and fit < 0.6:
        return Guess(role, 0.8 if role.endswith("unit") else 0.65, why)
    if role in ("status", "vintage") and look.share(role) < 1:
        return Guess("ignore", 0.85, f"the name has {named.word!r}, but the cells are no {role}")
    return Guess(role, 0.45, why) if role in ("lower", "upper") and named.strength < 1 else None


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
    if share >= 0.95 and coding == "iso2" and look.distinct > 4:
        return Guess("country", 0.6, fits["country"][1])
    if look.share("hs6") >= 0.9 and look.distinct > 2 and look.digits >= 6:
        return Guess("product", 0.75, fits["product"][1])
    if product_codes.is_prodcom(look):
        return Guess("product", 0.55, fits["product"][1])
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
