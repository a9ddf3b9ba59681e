"""One amount in two currencies or units: a restatement, counted once, with the rate that it implies."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median

from zizhu.ledger.claims import Position
from zizhu.read.linking.blocks import blocks, near_pairs
from zizhu.read.linking.figures import copied
from zizhu.read.linking.found import Found
from zizhu.read.linking.lists import setting, words
from zizhu.read.linking.said import Said, parts
from zizhu.read.rules.tokens import tokens

_COMMAS = frozenset((",", ";", ":", "、"))
_OPENED = frozenset(("(", "["))
_MONEY = "money"
_ENOUGH = 3
"""Rates of two currencies from which their median is not moved by a wrong one."""
Rates = Mapping[tuple[str, str], Sequence[float]]


def restatements(all_said: Sequence[Said]) -> Iterator[Found]:
    """Amounts that stand beside one another in a sentence, or in two documents at the rate that others imply."""
    beside = [*_beside(all_said)]
    rates = _rates(beside)
    for a, b in beside:
        rule = "restated.currency" if _currencies(a, b) else "restated.unit"
        yield Found(a, b, rule, {"rate": _rate(a, b, rates)})
    done = {(a.claim.id, b.claim.id) for a, b in beside}
    for _, held in blocks(all_said, _key):
        for a, b in near_pairs(held):
            if (a.claim.id, b.claim.id) not in done and _at_known_rate(a, b, rates):
                yield Found(a, b, "restated.currency", {"rate": _rate(a, b, rates)})


def _beside(all_said: Sequence[Said]) -> Iterator[tuple[Said, Said]]:
    """Neighbouring numbers of a document with nothing but a bracket or a word such as `or` between them."""
    placed = sorted(
        ((s.document, at.start, at.end, s.order, s) for s in all_said if s.amount for at in _value(s)),
        key=lambda p: p[:4],
    )
    for (document, _, end, _, a), (other, start, _, _, b) in pairwise(_one_a_place(placed)):
        if document == other and 0 <= start - end <= setting("bracket_reach") and _two_units(a, b):
            between = _between(a, b, end, start)
            if between is not None and _joins(between):
                yield a, b


def _one_a_place(
    placed: Sequence[tuple[str, int, int, object, Said]],
) -> list[tuple[str, int, int, object, Said]]:
    """The first claim of each number."""
    found: dict[tuple[str, int], tuple[str, int, int, object, Said]] = {}
    for place in placed:
        found.setdefault(place[:2], place)
    return list(found.values())


def _value(said: Said) -> tuple[Position, ...]:
    at = said.claim.evidence[0].value_position
    return (at,) if at else ()


def _two_units(a: Said, b: Said) -> bool:
    assert a.amount is not None
    assert b.amount is not None
    if _currencies(a, b):
        return True
    q, r = a.claim.quantity, b.claim.quantity
    one = a.amount.dimension == b.amount.dimension != _MONEY and a.amount.alike(b.amount)
    return one and q is not None and r is not None and q.unit != r.unit and not q.unit.startswith("count")


def _currencies(a: Said, b: Said) -> bool:
    """Whether two amounts are of money in two currencies, and neither is nothing."""
    assert a.amount is not None
    assert b.amount is not None
    currencies = (a.amount.currency or _code(a), b.amount.currency or _code(b))
    return all(currencies) and currencies[0] != currencies[1] and bool(_number(a) and _number(b))


def _code(said: Said) -> str:
    """The unit of a claim if it looks like a currency that no table of units holds."""
    unit = said.claim.quantity.unit if said.claim.quantity else ""
    return unit if len(unit) == 3 and unit.isascii() and unit.isupper() and unit.isalpha() else ""


def _number(said: Said) -> float | None:
    return said.amount.value if said.amount else None


def _between(a: Said, b: Said, start: int, end: int) -> str | None:
    """The text between two numbers, from a quote that holds both."""
    for said in (a, b):
        evidence = said.claim.evidence[0]
        context = evidence.quote.exact + evidence.quote.suffix
        first = evidence.position.start
        if first <= start and end <= first + len(context):
            return context[start - first : end - first]
    return None


def _joins(between: str) -> bool:
    """Whether what stands between two amounts says that they are one: an opened bracket, `or`, `about`, no more."""
    found = [t for t in tokens(between) if t.word not in _COMMAS]
    marks = [m for m in words().marks(found) if m.tag == "restating"]
    said = {k for m in marks for k in range(m.first, m.last)}
    return bool(found) and all(k in said or (k == 0 and t.word in _OPENED) for k, t in enumerate(found))


def _rates(beside: Iterable[tuple[Said, Said]]) -> Rates:
    found: dict[tuple[str, str], list[float]] = {}
    for a, b in beside:
        if _currencies(a, b):
            pair, rate = _implied(a, b)
            found.setdefault(pair, []).append(rate)
    return found


def _implied(a: Said, b: Said) -> tuple[tuple[str, str], float]:
    """Two currencies in their alphabetical order, and how much of the first one is paid for the second."""
    first, second = sorted((a, b), key=_currency)
    return (_currency(first), _currency(second)), abs((_number(first) or 0.0) / (_number(second) or 1.0))


def _currency(said: Said) -> str:
    return (said.amount.currency if said.amount else "") or _code(said)


def _rate(a: Said, b: Said, rates: Rates) -> str:
    """The implied rate in words, held against the others of the same two currencies."""
    if not _currencies(a, b):
        return ""
    (first, second), rate = _implied(a, b)
    told = f"{rate:.4g} {first} a {second}" if rate >= 1 else f"{1 / rate:.4g} {second} a {first}"
    known = list(rates.get((first, second), ()))
    if len(known) < _ENOUGH and rate in known:
        known.remove(rate)
    if not known:
        return f"{told}, with no other rate to check it against"
    usual = median(known)
    told_usual = f"{usual:.4g}" if rate >= 1 else f"{1 / usual:.4g}"
    away = abs(rate / usual - 1) > setting("rate_gap")
    return f"{told}, against {told_usual} elsewhere{': one of them is wrong' if away else ''}"


def _key(said: Said) -> Iterable[Hashable]:
    if said.amount is not None and said.indicator and said.days is not None and _currency(said):
        thing, defined = parts(said.indicator)
        yield (
            said.where,
            said.subject,
            thing,
            tuple(sorted(defined.items())),
            said.days[:2],
            said.claim.kind,
        )


def _at_known_rate(a: Said, b: Said, rates: Rates) -> bool:
    """Whether two documents give one amount in two currencies, by the rates that sentences with both imply."""
    if a.document == b.document or not _currencies(a, b) or copied(a, b):
        return False
    pair, rate = _implied(a, b)
    known = rates.get(pair)
    return bool(known) and abs(rate / median(known or (1.0,)) - 1) <= setting("rate_match")
