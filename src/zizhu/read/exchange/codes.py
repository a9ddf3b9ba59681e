"""Codes of claims as the flat form shows them, and back: places, subjects, dates and units.

The flat form has ISO 3166-1 alpha-2 codes, months in place of quarters, halves and seasons, and one word for all
nouns that count the same things (rows of count_words.csv).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from zizhu.read.rules.plans import is_local, slug
from zizhu.vocab.countries import countries
from zizhu.vocab.packfiles import rows

COUNT = "count:"
WORLD = {"WLD": "WORLD"}
_COUNTRY, _REGION = "country:", "region:"
_PARTS = {
    **{str(21 + k): (3 + 3 * k, 5 + 3 * k) for k in range(3)},
    **{str(33 + k): (1 + 3 * k, 3 + 3 * k) for k in range(4)},
    **{str(40 + k): (1 + 6 * k, 6 + 6 * k) for k in range(2)},
}
"""First and last month of spring to autumn, the quarters and the halves by their EDTF codes; winter has two years."""


def place(code: str) -> str:
    """A place with the two letters of its country.

    >>> place("DEU"), place("CN-SH"), place("WLD")
    ('DE', 'CN-SH', 'WORLD')
    """
    country = countries().get(code)
    return (country.iso2 if country else "") or WORLD.get(code, code)


def place_back(code: str) -> str:
    """The code of a claim for a place of the flat form."""
    return _back().get(code, code)


@cache
def _back() -> Mapping[str, str]:
    return {c.iso2: code for code, c in countries().items() if c.iso2} | {v: k for k, v in WORLD.items()}


def plans(ids: Sequence[str], names: Mapping[str, str]) -> tuple[str, ...]:
    """Plans, each one that no register has with its name in words behind it: others make other ids of the name.

    >>> plans(("KE-LS2030",), {"KE-LS2030": "Leather Strategy 2030"})
    ('KE-LS2030', 'KE-leather-strategy-2030')
    """
    return tuple(dict.fromkeys(form for i in ids for form in (i, _in_words(i, names.get(i, ""))) if form))


def _in_words(plan: str, name: str) -> str:
    """Country and name of a plan; empty for a Chinese name, which its id holds."""
    country, parted, _ = plan.partition("-")
    words = slug(name) if name.isascii() else ""
    return f"{country}-{words}" if words and parted and country.isupper() else words


def plans_back(forms: Sequence[str]) -> tuple[str, ...]:
    """The ids among the forms of plans: names in words behind an id of their country are none."""
    pairs = zip(("", *forms), forms, strict=False)
    return tuple(form for before, form in pairs if not _is_name(form, before))


def _is_name(form: str, before: str) -> bool:
    return is_local(form) and before.partition("-")[0] == form.partition("-")[0] and not is_local(before)


def subject(who: str) -> str:
    """A subject; a country or region goes by its short code or its name.

    >>> subject("country:DEU"), subject("region:CN-SH"), subject("org:Tesla")
    ('country:DE', 'region:Shanghai', 'org:Tesla')
    """
    if who.startswith(_REGION):
        return _REGION + _regions().get(who.removeprefix(_REGION), who.removeprefix(_REGION))
    return _COUNTRY + place(who.removeprefix(_COUNTRY)) if who.startswith(_COUNTRY) else who


def subject_back(who: str) -> str:
    """The subject of a claim for one of the flat form."""
    if who.startswith(_REGION):
        named = {name: code for code, name in _regions().items()}
        return _REGION + named.get(who.removeprefix(_REGION), who.removeprefix(_REGION))
    return _COUNTRY + place_back(who.removeprefix(_COUNTRY)) if who.startswith(_COUNTRY) else who


@cache
def _regions() -> Mapping[str, str]:
    """The English name of every region by its ISO 3166-2 code: the first one listed."""
    listed = [r for r in rows("read/places.csv") if "-" in r["place"] and r["language"] == "en"]
    return {r["place"]: r["phrase"] for r in reversed(listed)}


def date(edtf: str) -> str:
    """A date with its months where EDTF has a number for a part of a year.

    >>> date("2026-34"), date("2024-40"), date("2030")
    ('2026-04/2026-06', '2024-01/2024-06', '2030')
    """
    year, _, part = edtf.partition("-")
    if part not in _PARTS:
        return edtf
    first, last = _PARTS[part]
    return f"{year}-{first:02d}/{year}-{last:02d}"


def unit(name: str) -> str:
    """A unit; counts go by the word for the class of their noun.

    >>> unit("count:worker"), unit("count:ferry"), unit("percent")
    ('person', 'ferry', 'percent')
    """
    noun = name.removeprefix(COUNT)
    return _words().get(noun, noun)


@cache
def _words() -> Mapping[str, str]:
    return {r["noun"]: r["unit"] for r in rows("read/count_words.csv")}
