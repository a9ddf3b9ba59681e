"""The English names of codes in running text and on figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from zizhu.vocab import countries, groups, industries, products, sectors

_PROPER = ("China", "Chinese")
_WITH_ARTICLE = (
    "United ",
    "Netherlands",
    "Philippines",
    "Czech Republic",
    "Dominican Republic",
    "Central African",
    "rest of ",
)


def name(code: str) -> str:
    """The English name of a country or of the world; other groups, and parts of a country, go by their code."""
    key = code.strip().upper()
    if key == groups.WORLD:
        return "world"
    known = countries.countries().get(countries.by_name().get(countries.folded(code), ""))
    if key in groups.groups():
        return key
    return known.name if known else code


def the(code: str) -> str:
    """The name as it stands in a sentence: China, the United States, the EU27."""
    named = name(code)
    a_group = named == "world" or named in groups.groups()
    spoken_as_word = named in ("ASEAN", "RCEP")
    return f"the {named}" if (a_group and not spoken_as_word) or named.startswith(_WITH_ARTICLE) else named


def possessive(text: str) -> str:
    """China -> China's; the United States -> the United States'."""
    return f"{text}'" if text.endswith("s") else f"{text}'s"


def within(label: str) -> str:
    """A label as it stands inside a sentence: 'Natural graphite' -> 'natural graphite'; names keep their capital.

    >>> within("IT and information services"), within("Chinese brands in car sales")
    ('IT and information services', 'Chinese brands in car sales')
    """
    first = re.split(r"\W", label, maxsplit=1)[0]
    ordinary = first[1:].islower() and not first.startswith(_PROPER)
    return label[:1].lower() + label[1:] if ordinary else label


def sector(code: str) -> str:
    """The short label of an industry; a code that is none stands for itself.

    So does a code in digits alone: it means another industry in each table of China.
    """
    if code in sectors.sectors():
        return sectors.sectors()[code].label
    if code in (sectors.MANUFACTURING, sectors.TOTAL):
        return "All manufacturing" if code == sectors.MANUFACTURING else "All industries"
    return code if code.isdigit() else _elsewhere().get(code, code)


@cache
def _elsewhere() -> Mapping[str, str]:
    """The names of the industries of other classifications, by code; where several have it they mean the same."""
    known = industries.classifications().values()
    return {code: one.name for listed in known for code, one in listed.items()}


def node(code: str) -> str:
    """`USA:C26` as 'Electronics and optics of the United States'."""
    who, _, what = code.partition(":")
    return f"{sector(what or sectors.TOTAL)} of {the(who)}"


@cache
def told(code: str) -> str:
    """A country, group or node in the words of a trace; a code of no vocabulary stands for itself.

    >>> told("CHN:C20"), told("USA"), told("reg1:mining")
    ('chemicals of China (CHN:C20)', 'the United States', 'reg1:mining')
    """
    who, _, what = code.partition(":")
    key = who.strip().upper()
    if not (key == groups.WORLD or key in groups.groups() or key in countries.countries()):
        return code
    return f"{within(node(code))} ({code})" if what else the(code)


def product(hs6: str) -> str:
    """The short label of a product with its code; the code alone where the vocabulary does not have it."""
    return f"{products.label(hs6)} (HS {hs6})" if hs6 in products.products() else products.label(hs6)
