"""Which kind of table columns of some roles make, and the roles as a table of that kind has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zizhu.sources.own.guess import NUMBERS, SIDES, SURE
from zizhu.sources.own.layout import YEARLIKE, Guess
from zizhu.sources.own.looks import Look
from zizhu.sources.own.mapping import PLACES, Kind, allowed
from zizhu.sources.own.measures import measure_in
from zizhu.sources.own.words import name_words
from zizhu.vocab.units import units

_COUNTRY_CODES = ("iso3", "m49", "baci", "iso2", "name")


def kind_of(roles: Sequence[Guess[str]], looks: Sequence[Look]) -> Guess[Kind]:
    """Which kind of table has columns of these roles."""
    held = {g.value for g in roles if g.confidence >= SURE}
    numbers = sum(g.value in NUMBERS for g in roles)
    wide = sum(is_period(x.name) and x.share("number") > 0.5 for x in looks) >= 2
    traders = held & {*SIDES, "flow"}
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
    if kind == "trade" and not held & {*SIDES, "flow"}:
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
    if kind != "trade" and role in (*SIDES,):
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
    if held & set(SIDES):
        return Guess("ignore", 0.5, f"{guess.reason}; both sides are there")
    return replace(guess, value="partner", confidence=0.6)


def _in_panel(guess: Guess[str], look: Look, held: set[str]) -> Guess[str]:
    role = guess.value
    if role in NUMBERS:
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
            limit = 0.7 if role in (*NUMBERS, "year", "period", "year and period") else 0.9
            found[best] = replace(found[best], confidence=min(found[best].confidence, limit))
    return found


def _rank(role: str, guess: Guess[str], look: Look) -> tuple[float, ...]:
    sure = round(guess.confidence, 1)
    if role in (*SIDES, "country"):
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
        instead, 0.8 if role not in NUMBERS else 0.6, f"{guess.reason}; {best.name!r} is taken for it"
    )
