"""Numbers of one thing that measure it differently: shares of stock and flow, a level and a contribution."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

from zizhu.read.linking.blocks import blocks, near_pairs
from zizhu.read.linking.found import Found
from zizhu.read.linking.lists import meanings
from zizhu.read.linking.said import Said, parts
from zizhu.read.rules.editions import editions

_DEPENDENCE = "dependence"
_RANK = "rank"
_STOCK_OR_FLOW = "stock or flow"
_FLOW = "flow ("


def definitions(all_said: Sequence[Said]) -> Iterator[Found]:
    """Links between measures of one thing in one place; each measure is compared by its first claim."""
    for _, held in blocks(all_said, _by_thing):
        for a, b in near_pairs(_firsts(held)):
            yield from _defined(a, b)
    for _, held in blocks(all_said, _by_dependence):
        for a, b in near_pairs(_firsts(held)):
            yield from _one_dependence(a, b)
    for _, held in blocks(all_said, _by_ranking):
        for a, b in near_pairs(held):
            yield from _ranked(a, b)
    for _, held in blocks(all_said, _by_measure_imposed):
        for a, b in near_pairs(held):
            yield from _imposed(a, b)


def _by_thing(said: Said) -> Iterable[Hashable]:
    """What a share is of: the thing, or where the indicator names none the sectors."""
    if said.amount is not None and said.amount.relative and said.amount.dimension != _RANK and said.indicator:
        thing = parts(said.indicator).thing
        aim = said.claim.kind == "target"
        for topic in (thing,) if thing else tuple(sorted(said.sectors)):
            yield (said.where, topic, aim)


def _firsts(held: Sequence[Said]) -> list[Said]:
    """The first claim of each indicator."""
    found: dict[str, Said] = {}
    for said in held:
        found.setdefault(said.indicator, said)
    return list(found.values())


def _defined(a: Said, b: Said) -> Iterator[Found]:
    one, other = _defines(a), _defines(b)
    families = [f for f in one if f in other and one[f] != other[f] and f != _DEPENDENCE]
    if families and not a.overlaps(b) and not a.other_sector(b):
        family = families[0]
        if a.document == b.document and one[family].startswith(_FLOW) and other[family].startswith(_FLOW):
            return  # one text that tells of output and exports means two things
        words = {"family": family, "word_a": one[family], "word_b": other[family]}
        yield Found(a, b, "figure.definition", words)


def _defines(said: Said) -> Mapping[str, str]:
    """What an indicator defines, and whether a quote speaks of a stock or of a flow where the indicator does not."""
    defined = parts(said.indicator).defined
    if _STOCK_OR_FLOW in defined:
        return defined
    words = {m.value for t in said.tokens for m in meanings().get(t.word, ()) if m.family == _STOCK_OR_FLOW}
    return {**defined, _STOCK_OR_FLOW: words.pop()} if len(words) == 1 else defined


def _by_dependence(said: Said) -> Iterable[Hashable]:
    level = said.amount is None or said.amount.relative
    named = parts(said.indicator).defined if level and said.claim.kind != "target" else {}
    if _DEPENDENCE in named and named.get("level or change", "level") == "level":
        for sector in sorted(said.sectors):
            yield (said.where, sector)


def _one_dependence(a: Said, b: Said) -> Iterator[Found]:
    words = {
        "word_a": parts(a.indicator).defined[_DEPENDENCE],
        "word_b": parts(b.indicator).defined[_DEPENDENCE],
    }
    if words["word_a"] != words["word_b"] and not a.overlaps(b):
        yield Found(a, b, "figure.dependence", words)


def _by_ranking(said: Said) -> Iterable[Hashable]:
    if said.amount is not None and said.amount.dimension == _RANK and said.amount.value is not None:
        for sector in sorted(said.sectors):
            yield (said.where, sector, said.amount.value)


def _ranked(a: Said, b: Said) -> Iterator[Found]:
    """One place in two rankings of nearly one name: the largest plant, and the largest plant by capacity."""
    shared = parts(a.indicator).thing & parts(b.indicator).thing
    if shared and a.indicator != b.indicator and not a.overlaps(b):
        yield Found(a, b, "ranking.same" if a.apart(b) else "ranking.repeated")


def _by_measure_imposed(said: Said) -> Iterable[Hashable]:
    if said.claim.kind == "policy_event" and said.amount is not None and said.indicator and said.period:
        for sector in sorted(said.sectors):
            yield (said.indicator, said.amount.dimension, sector, said.period.year)


def _imposed(a: Said, b: Said) -> Iterator[Found]:
    """One kind of measure on one good by two countries."""
    assert a.amount is not None
    assert b.amount is not None
    one, other = _imposers(a), _imposers(b)
    if one.isdisjoint(other) and one and other and not a.amount.meets(b.amount):
        words = {"scope_a": ", ".join(sorted(one)), "scope_b": ", ".join(sorted(other))}
        yield Found(a, b, "figure.imposed", words)


def _imposers(said: Said) -> frozenset[str]:
    """Who imposes a measure: its issuer where the register has it, as the place may be the one that it is against."""
    named = {said.claim.subject, *said.claim.plans}
    return frozenset(e.issuer for e in editions() if e.plan in named) or said.where
