"""What the cells of one column look like: the share of them that are codes, years, numbers, words of a kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl

from zizhu.sources.files.wrong_cells import is_mixed
from zizhu.sources.own.convert import coded
from zizhu.sources.own.layout import NUMBER
from zizhu.sources.own.measures import measure
from zizhu.sources.own.words import cell_ends, cell_words
from zizhu.sources.readers.observations import STATUSES, VINTAGE
from zizhu.vocab.countries import by_name, countries, folded
from zizhu.vocab.products import products
from zizhu.vocab.sectors import sectors

SEEN = 400
"""Distinct cells of a column that are looked at; a tenth of them in a very wide table."""
WIDE = 200
YEAR = re.compile(r"(?:1[89]|20|21)\d{2}(?:\.0)?\s*(?:年)?(?:\s*\[YR\d{4}\])?")
PERIOD = re.compile(
    r"(?:1[89]|20|21)\d{2}"
    r"(?:[-/.年]?\s*[QqSsHh第]?\s*[1-4]\s*(?:季度)?|[-/.年M]?(?:0?[1-9]|1[0-2])(?:月)?"
    r"|[-/.年]?(?:0?[1-9]|1[0-2])[-/.月]?(?:0?[1-9]|[12]\d|3[01])日?(?:[ T]00:00:00(?:\.0+)?)?)"
)
FORMULA = re.compile(r"[=+\-@\t]")
_HS = re.compile(r"\d{2,10}|\d{4}\.\d{2}(?:\.\d{2}){0,2}")
_ISIC = re.compile(r"[A-U]?\d{2,4}(?:[T_]\w{1,5})?|[A-U]")
_PRODCOM = re.compile(r"\d{2}\.?\d{2}\.?\d{2}\.?\d{2}")
_SERIAL = re.compile(r"[2-5]\d{4}(?:\.0)?")


@dataclass(frozen=True)
class Look:
    """Shares of the cells that are neither empty nor a sign for missing, in [0, 1]; `samples` are the first three.

    `mixed` are cells whose points and commas make no number with either as the decimal sign.
    """

    name: str
    cells: int
    distinct: int
    samples: tuple[str, ...]
    shares: Mapping[str, float]
    missing: tuple[str, ...]
    totals: tuple[str, ...]
    formulas: int
    percents: int
    low: float
    high: float
    digits: int
    units: int
    mixed: tuple[str, ...]

    def share(self, what: str) -> float:
        """The share of cells of that kind, 0 where none was counted."""
        return self.shares.get(what, 0.0)

    @property
    def country(self) -> tuple[str, float]:
        """The coding of countries that most cells have, and the share of them."""
        kinds = [(self.share(k), k) for k in ("iso3", "m49", "baci", "iso2", "name")]
        best = max(kinds, key=lambda s: s[0])
        return best[1], best[0]


def look(name: str, cells: pl.Series, width: int) -> Look:
    """Look at a column of stripped texts of a table with `width` columns."""
    counts = cells.value_counts(sort=False, name="n").filter(pl.col(cells.name) != "")
    pairs = sorted(
        zip(counts[cells.name].to_list(), counts["n"].to_list(), strict=True), key=lambda p: (-p[1], p[0])
    )
    missing = [(t, n) for t, n in pairs if folded(t) in cell_words("missing") and len(t) < 16]
    missing = [(t, n) for t, n in missing if t != "NA" or not _beside_countries(pairs)]
    absent = {t for t, _ in missing}
    held = [(t, n) for t, n in pairs if t not in absent]
    if sum(n for _, n in held) < sum(n for _, n in missing) / 50:
        held, missing = pairs, []
    seen = held[: SEEN if width <= WIDE else SEEN // 10]
    totals = [t for t, _ in held if folded(" ".join(t.split())) in cell_words("total")]
    counted = [(t, n) for t, n in seen if t not in totals] or seen
    total = max(sum(n for _, n in counted), 1)
    shares = {kind: sum(n for t, n in counted if test(t)) / total for kind, test in _tests().items()}
    numbers = [_value(t) for t, _ in seen if NUMBER.fullmatch(t)]
    first = list(dict.fromkeys(t for t in cells.head(2000).to_list() if t))[:3]
    return Look(
        name,
        sum(n for _, n in held),
        len(held),
        tuple(first),
        {k: s for k, s in shares.items() if s},
        tuple(t for t, _ in missing),
        tuple(totals[:20]),
        sum(n for t, n in seen if FORMULA.match(t) and not NUMBER.fullmatch(t)),
        sum(n for t, n in seen if t.endswith("%")),
        min(numbers, default=0.0),
        max(numbers, default=0.0),
        _usual_digits(seen),
        len({m.unit for t, _ in seen[:50] if (m := measure(t))}),
        tuple(t for t, _ in seen if NUMBER.fullmatch(t) and is_mixed(t))[:3],
    )


def _beside_countries(pairs: Sequence[tuple[str, int]]) -> bool:
    """Whether NA stands among codes of countries of two letters, where it is Namibia."""
    others = [t for t, _ in pairs[:SEEN] if t != "NA"]
    return sum(map(_tests()["iso2"], others)) > 0.8 * len(others) > 2


def _value(text: str) -> float:
    try:
        return float(re.sub(r"[^\d.eE+-]", "", text.replace("−", "-")))
    except ValueError:
        return 0.0


def _usual_digits(seen: Sequence[tuple[str, int]]) -> int:
    """The length that most codes have, those that lost a zero at the beginning counted with their likes."""
    lengths = [len(t.replace(".", "")) for t, _ in seen if _HS.fullmatch(t)]
    if not lengths:
        return 0
    longest = max(lengths)
    return longest if longest in (2, 4, 6, 8, 10) else longest + 1


def _divisions() -> Iterator[str]:
    """The divisions of ISIC and NACE that dig or make goods."""
    for sector in sectors().values():
        if sector.section in ("B", "C"):
            for part in sector.isic.split(";"):
                first, _, last = part.strip().partition("-")
                yield from (f"{d:02}" for d in range(int(first[:2]), int((last or first)[:2]) + 1))


@cache
def _tests() -> Mapping[str, Callable[[str], bool]]:
    m49 = {c.m49 for c in countries().values() if c.m49}
    baci = {str(code) for c in countries().values() for code in c.baci}
    chapters = {p[:2] for p in products()}
    industries = set(_divisions())
    names = set(by_name()) - {folded(c) for c in countries()}
    place = {r: cell_ends(r) for r in ("province", "city", "firm")}

    def hs(text: str) -> bool:
        bare = text.replace(".", "")
        return bool(_HS.fullmatch(text)) and even(bare)[:2] in chapters

    def even(code: str) -> str:
        """The code with the zero at its beginning that a spreadsheet takes away."""
        return code.zfill(len(code) + len(code) % 2)

    return {
        "iso3": lambda t: len(t) == 3 and t.upper() in countries(),
        "iso2": lambda t: len(t) == 2 and t.isupper() and folded(t) in coded("iso2"),
        "m49": lambda t: t.isdigit() and len(t) <= 3 and t.zfill(3) in m49,
        "baci": lambda t: t.isdigit() and len(t) <= 3 and t.lstrip("0") in baci,
        "name": lambda t: len(t) > 1 and folded(t) in names,
        "year": lambda t: bool(YEAR.fullmatch(t)),
        "period": lambda t: bool(YEAR.fullmatch(t) or PERIOD.fullmatch(t)),
        "serial": lambda t: bool(_SERIAL.fullmatch(t)),
        "number": lambda t: bool(NUMBER.fullmatch(t)),
        "decimals": lambda t: bool(NUMBER.fullmatch(t)) and ("." in t or "," in t),
        "hs": hs,
        "hs6": lambda t: len(t) >= 6 and even(t.replace(".", ""))[:6] in products(),
        "prodcom": lambda t: bool(_PRODCOM.fullmatch(t)) and t[:2] in industries,
        "isic": lambda t: bool(_ISIC.fullmatch(t)),
        "flow": lambda t: folded(t) in cell_words("flow"),
        "currency": lambda t: folded(t) in cell_words("currency"),
        "unit": lambda t: measure(t) is not None,
        "status": lambda t: t.casefold() in STATUSES,
        "vintage": lambda t: bool(re.fullmatch(VINTAGE, t)),
        **{role: (lambda t, ends=ends: folded(t).endswith(ends)) for role, ends in place.items()},  # type: ignore[misc]
    }
