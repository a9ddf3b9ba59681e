"""Products of the Harmonised System of 1992, and the stage of those that are raw materials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from zizhu.vocab.packfiles import rows
from zizhu.vocab.problems import ZizhuError, unknown


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


def product(hs6: str, where: str = "") -> Product:
    """The product of a six-digit code (dots and blanks ignored); raises ZizhuError with the nearest codes."""
    code = hs6.replace(".", "").replace(" ", "")
    if code not in products():
        raise ZizhuError(unknown("HS 1992 product", hs6, list(products()), where or "product"))
    return products()[code]


def search(text: str) -> tuple[Product, ...]:
    """Products whose code starts with `text` or whose words hold every word of it; raw materials first."""
    words = text.casefold().split()
    hits = [p for p in products().values() if words and (p.code.startswith(text) or _holds(p, words))]
    return tuple(sorted(hits, key=lambda p: (not p.material, p.code)))


def _holds(found: Product, words: list[str]) -> bool:
    where = f"{found.description} {found.material} {found.label}".casefold()
    return all(w in where for w in words)


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
