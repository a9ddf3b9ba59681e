"""Claims with numbers: which give one fact, which disagree, and which only seem to.

Compared are numbers of one indicator, place, subject and dimension. What differs in plan, sector or period is said of
other things; two numbers of one sentence are never in conflict.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

from zizhu.read.linking.blocks import blocks, near_pairs, reach
from zizhu.read.linking.found import Found
from zizhu.read.linking.lists import setting, words
from zizhu.read.linking.said import Said, parts
from zizhu.read.rules.gazetteer import sectors

_ANY_TIME = ("figure.plan", "figure.sector")
_ALL = "all of it"
_OPEN = "a basis that is not stated"
_LOOSE = "figure.within"
"""An agreement of a number with a bound: each may disagree with others by itself."""
_PARTNERS = 8


def figures(all_said: Sequence[Said]) -> Iterator[Found]:
    """The links between numbers of one measure."""
    for _, held in blocks(all_said, _key):
        yield from _block(sorted(held, key=_by_time_and_value))
    for _, held in blocks(all_said, _ahead):
        for a, b in near_pairs(held):
            yield from _doubted(a, b)


def _key(said: Said) -> Iterable[tuple[Hashable, ...]]:
    if said.amount is None or not said.indicator or _baseline(said):
        return
    thing, defined = parts(said.indicator)
    if thing or (said.sectors and said.amount.relative) or set(defined) - {"level or change"}:
        aim = said.claim.kind == "target"
        measured = (said.amount.dimension, said.amount.currency, thing, tuple(sorted(defined.items())))
        yield (aim, said.where, said.subject, *measured)


def _ahead(said: Said) -> Iterable[Hashable]:
    """Aims, and what others expect of the same or say of it."""
    if said.claim.kind in ("target", "forecast", "attribution"):
        yield from (key[1:] for key in _key(said))


def _doubted(a: Said, b: Said) -> Iterator[Found]:
    """An aim, and a voice that expects another number by its deadline, criticises this one, or only names it."""
    assert a.amount is not None
    assert b.amount is not None
    kinds = {a.claim.kind, b.claim.kind}
    if "target" not in kinds or len(kinds) == 1 or a.overlaps(b):
        return
    if _apart(a.plans, b.plans) or a.other_sector(b):
        return
    other = b if a.claim.kind == "target" else a
    same, critic = a.amount.meets(b.amount), other.claim.modality == "criticised"
    dated = a.days is not None and b.days is not None and a.days.last == b.days.last
    if a.apart(b) and (critic if same else dated and other.claim.kind == "forecast"):
        yield Found(a, b, "figure.doubted")
    elif same and not critic and other.claim.kind == "attribution":
        yield _in_order(a, b, "figure.named")


def _baseline(said: Said) -> bool:
    """Whether a number is where something starts from."""
    roles = {t.role for t in said.claim.times}
    return "baseline" in roles and not roles & {"observation", "deadline", "event"}


def _by_time_and_value(said: Said) -> tuple[int, float, tuple[str, str, int, int, str]]:
    assert said.amount is not None
    return (said.period.first if said.period else 0, said.amount.low, said.order)


def _block(held: Sequence[Said]) -> Iterator[Found]:
    """Claims that agree are one group, each linked to one of it; groups are compared by their first claims."""
    groups: list[list[Said]] = []
    told: set[Hashable] = set()
    far = reach(len(held))
    for said in held:
        near = groups[-far:]
        joined = next(((g, f) for g in near for f in [_agreement(_partner(g, said), said)] if f), None)
        if joined:
            yield joined[1]
        if joined and joined[1].rule != _LOOSE:
            joined[0].append(said)
            continue
        for group in near:
            found = _difference(_partner(group, said), said)
            scopes = found and (found.rule, found.words.get("scope_a"), found.words.get("scope_b"))
            if found and not (found.rule in _ANY_TIME and scopes in told):
                told.add(scopes)
                yield found
        groups.append([said])


def _partner(group: Sequence[Said], said: Said) -> Said:
    """The claim of a group that another one is compared with: of another voice, if there is one."""
    return next((s for s in group[:_PARTNERS] if s.apart(said)), group[0])


def _agreement(a: Said, b: Said) -> Found | None:
    """How two claims stand that give one number of one thing."""
    assert a.amount is not None
    assert b.amount is not None
    one = not _apart(a.plans, b.plans) and not _apart(a.sectors, b.sectors) and _one_time(a, b)
    if not one or not a.amount.meets(b.amount) or a.claim.polarity != b.claim.polarity:
        return None
    if a.amount.alike(b.amount):
        if not a.apart(b):
            return _in_order(a, b, "figure.repeated")
        rule = "figure.copied" if a.document != b.document and copied(a, b) else "figure.confirmed"
        return _in_order(a, b, rule)
    near = a.amount.near(b.amount) and a.apart(b) and not a.overlaps(b)
    return _in_order(a, b, _LOOSE) if near else None


def _in_order(a: Said, b: Said, rule: str, more: Mapping[str, str] | None = None) -> Found:
    first, second = sorted((a, b), key=lambda s: s.order)
    return Found(first, second, rule, more or {})


def copied(a: Said, b: Said) -> bool:
    """Whether two quotes are one text."""
    both = a.words | b.words
    return len(a.words & b.words) >= setting("copy_likeness") * len(both)


def _one_time(a: Said, b: Said) -> bool:
    """Whether two claims can be of one time; an undated one is of about the year of its document."""
    if a.claim.kind == "target" and not (a.days and b.days):
        return True
    if a.period is None or b.period is None:
        return True
    if a.days and b.days:
        return a.days.meets(b.days)
    return abs(a.period.year - b.period.year) <= setting("years_apart")


def _difference(a: Said, b: Said) -> Found | None:
    """How two claims stand that give different numbers; None where they are simply of two things."""
    assert a.amount is not None
    assert b.amount is not None
    if a.amount.meets(b.amount) or a.overlaps(b):
        return None
    scoped = _scope(a, b)
    if scoped or _apart(a.plans, b.plans) or _apart(a.sectors, b.sectors):
        return scoped
    if not (a.days and b.days):
        return _undated(a, b)
    return _at_one_time(a, b) if a.days.same(b.days) else None


def _scope(a: Said, b: Said) -> Found | None:
    a, b = sorted((a, b), key=lambda s: s.order)
    if _apart(a.plans, b.plans):
        return Found(a, b, "figure.plan", _scopes(a.plans, b.plans))
    if a.sectors != b.sectors and a.sectors.isdisjoint(b.sectors) and (_of_its_words(a) or _of_its_words(b)):
        return Found(a, b, "figure.sector", _scopes(a.sectors, b.sectors))
    return None


def _of_its_words(said: Said) -> bool:
    """Whether a number is of its sector by its own words, or names no thing that would tell what it is of.

    The title of a document gives a sector to what another document says of the same thing without one.
    """
    if not said.sectors or not parts(said.indicator).thing:
        return bool(said.sectors)
    return any(m.value.casefold() in said.sectors for m in sectors(said.tokens))


def _scopes(a: frozenset[str], b: frozenset[str]) -> dict[str, str]:
    return {"scope_a": ", ".join(sorted(a)) or _ALL, "scope_b": ", ".join(sorted(b)) or _ALL}


def _apart(a: frozenset[str], b: frozenset[str]) -> bool:
    return bool(a and b) and a.isdisjoint(b)


def _undated(a: Said, b: Said) -> Found | None:
    """Two numbers of which one at least states no period."""
    if not a.apart(b) or a.said is None or b.said is None or a.claim.kind == "target":
        both_open = a.claim.kind == "target" and not (a.days or b.days)
        return _at_one_time(a, b) if both_open and a.plans & b.plans else None
    if a.said == b.said and not (a.days or b.days):
        return _at_one_time(a, b)
    return _in_order(a, b, "figure.undated") if not (a.days or b.days) else None


def _at_one_time(a: Said, b: Said) -> Found | None:
    """Two numbers of one thing and one time."""
    kinds = {a.claim.kind, b.claim.kind}
    if len(kinds) > 1 and "forecast" in kinds:
        return _in_order(a, b, "figure.expected")
    if not a.apart(b):
        return None
    if a.voice == b.voice and a.claim.said_on != b.claim.said_on:
        return _in_order(a, b, "figure.revised")
    bases = basis(a), basis(b)
    if bases[0] != bases[1]:
        a, b = sorted((a, b), key=lambda s: s.order)
        return Found(
            a, b, "figure.basis", {f"word_{side}": basis(s) or _OPEN for side, s in (("a", a), ("b", b))}
        )
    return _in_order(a, b, "figure.disagrees")


def basis(said: Said) -> str:
    """On what basis a quote says that its number is counted: by value, per person."""
    found = {m.value for m in words().marks(said.tokens) if m.tag == "basis"}
    return ", ".join(sorted(found))
