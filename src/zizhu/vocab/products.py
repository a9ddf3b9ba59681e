"""Products of the Harmonised System of 1992, and the stage of those that are raw materials."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from textwrap import shorten

from zizhu.vocab.packfiles import rows
from zizhu.vocab.problems import Problem, ZizhuError, unknown

REVISION = "HS1992"
HEADINGS = {2: "chapter", 4: "heading"}
"""Digits of what holds several products, and what it is called."""
MOST, LABEL = 12, 60
"""Products that one message lists, and letters of a label in it."""


@dataclass(frozen=True)
class Product:
    """A product. `material`, `stage` and a `label` of at most 40 characters exist for raw materials only.

    Elsewhere material and stage are empty and the label is the description.
    """

    code: str
    description: str
    material: str
    stage: str
    label: str


@cache
def products() -> Mapping[str, Product]:
    """All products by six-digit code."""
    staged = {r["hs6"]: r for r in rows("vocab/material_stages.csv")}
    found = {}
    for row in rows("vocab/products_hs92.csv"):
        code, text = row["code"], row["description"]
        known = staged.get(code, {"material": "", "stage": "", "label": text})
        found[code] = Product(code, text, known["material"], known["stage"], known["label"])
    return found


@cache
def raw_materials() -> tuple[str, ...]:
    """The codes of raw materials, in order."""
    return tuple(code for code, p in products().items() if p.stage)


def product(hs6: str, where: str = "") -> Product:
    """The product of a six-digit code (dots and blanks ignored); raises ZizhuError with the nearest codes."""
    code = _digits(hs6)
    if code not in products():
        raise ZizhuError(unknown("HS 1992 product", hs6, list(products()), where or "product"))
    return products()[code]


def label(hs: str) -> str:
    """The label of a product, what a heading or chapter holds, and the code of what HS 1992 does not have.

    >>> label("2846")
    'heading 2846 (2 products, e.g. Cerium compounds)'
    """
    if hs in products():
        return products()[hs].label
    inside = _inside().get(hs, ())
    if not inside:
        return f"HS {hs}"
    told = shorten(products()[inside[0]].label, LABEL, placeholder="...")
    count = "1 product:" if len(inside) == 1 else f"{len(inside)} products, e.g."
    return f"{HEADINGS[len(hs)]} {hs} ({count} {told})"


@cache
def _inside() -> Mapping[str, tuple[str, ...]]:
    """The products of every chapter and heading, by code."""
    found: dict[str, list[str]] = {}
    for code in products():
        for digits in HEADINGS:
            found.setdefault(code[:digits], []).append(code)
    return {heading: tuple(codes) for heading, codes in found.items()}


def section(hs: str) -> str:
    """The label of the section of the HS that a product, heading or chapter belongs to; '' where it is in none.

    >>> section("284690")
    'Chemicals'
    """
    return _sections().get(hs[:2], "")


@cache
def _sections() -> Mapping[str, str]:
    """The labels of sections by chapter."""
    return {
        f"{chapter:02}": row["label"]
        for row in rows("vocab/hs_sections.csv")
        for chapter in range(int(row["first_chapter"]), int(row["last_chapter"]) + 1)
    }


def search(text: str) -> tuple[Product, ...]:
    """Products whose code starts with `text`, or with a word for every beginning in it; raw materials first."""
    words, code = _words(text), _digits(text)
    hits = [p for p in products().values() if words and (p.code.startswith(code) or _holds(p, words))]
    return tuple(sorted(hits, key=lambda p: (not p.material, p.code)))


def _holds(found: Product, words: str) -> bool:
    where = _said_of()[found.code]
    return all(f" {w}" in where for w in words.split())


@cache
def _said_of() -> Mapping[str, str]:
    """The words that are searched, by code."""
    return {p.code: " " + _words(f"{p.description} {p.material} {p.label}") for p in products().values()}


def _words(text: str) -> str:
    """Text as it is searched: words alone, so that rare-earth and rare earth are the same."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _digits(text: str) -> str:
    return text.replace(".", "").replace(" ", "")


def choose(text: str, held: Iterable[str], where: str, listing: str) -> str:
    """The code of the one product among the codes `held` that a code, heading, label or words of it name.

    Raises ZizhuError: with the matching products when there are several, else with the nearest of `held`;
    `listing` says where all of them are listed.
    """
    codes = tuple(held)
    if _digits(text) in codes:
        return _digits(text)
    found = [p for p in _named(text) if p.code in codes]
    whole = [p for p in found if _words(text) in (_words(p.label), p.material)]
    for hits in (whole, found):
        if len(hits) == 1:
            return hits[0].code
    raise ZizhuError(_several(text, found, where) if found else _absent(text, codes, where, listing))


def _named(text: str) -> tuple[Product, ...]:
    """Products found by words, or by a code when it is one of a chapter or heading and not a part of it."""
    code = _digits(text)
    return search(text) if not code.isdigit() or len(code) in HEADINGS else ()


def _several(text: str, found: list[Product], where: str) -> Problem:
    listed = "; ".join(f"{p.code} {p.label}" for p in found[:MOST])
    more = f"; and {len(found) - MOST} more" if len(found) > MOST else ""
    return Problem(
        f"{text!r} names {len(found)} products", where, "the code of one", f"Choose from: {listed}{more}."
    )


def _absent(text: str, codes: tuple[str, ...], where: str, listing: str) -> Problem:
    expected = f"one of the {len(codes)} products that the table holds"
    code = _digits(text)
    elsewhere = (products()[code],) if code in products() else _named(text)
    if elsewhere:
        label = shorten(elsewhere[0].label, LABEL, placeholder="...")
        what = f"no trade in {text!r} ({elsewhere[0].code} {label}) in this table"
        return Problem(what, where, expected, f"All of them: {listing}.")
    here = [products()[c] for c in codes if c in products()]
    names = dict.fromkeys(n for p in here for n in (p.label, p.material) if n)
    near = unknown("HS 1992 product", text, codes, where, tuple(names))
    return replace(near, expected=expected, remedy=f"{near.remedy} All of them: {listing}.")


def materials() -> Mapping[str, tuple[Product, ...]]:
    """The raw-material products by material, both in alphabetical order."""
    by_name: dict[str, list[Product]] = {}
    for found in products().values():
        if found.material:
            by_name.setdefault(found.material, []).append(found)
    return {name: tuple(sorted(by_name[name], key=lambda p: p.code)) for name in sorted(by_name)}


@cache
def stages() -> Mapping[str, str]:
    """The closed list of stages with their meaning."""
    return {r["stage"]: r["meaning"] for r in rows("vocab/stages.csv")}


@cache
def stage_labels() -> Mapping[str, str]:
    """The words under which stages are shown: crude oil is 'as mined', no ore."""
    return {r["stage"]: r["label"] for r in rows("vocab/stages.csv")}


@dataclass(frozen=True)
class TradeStage:
    """A stage between import and export, and the trade balance index from which it begins."""

    stage: str
    begins: float
    meaning: str


@cache
def trade_stages() -> tuple[TradeStage, ...]:
    """The stages from import to export, in order."""
    listed = rows("vocab/trade_stages.csv")
    return tuple(TradeStage(r["stage"], float(r["balance_from"]), r["meaning"]) for r in listed)
