"""What belongs to whom: whose plan it is, who leads an industry, what a plan covers, and which plan follows which."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

from zizhu.ledger import register
from zizhu.read.linking.blocks import blocks, near_pairs
from zizhu.read.linking.found import Found
from zizhu.read.linking.lists import roles
from zizhu.read.linking.names import owners, places
from zizhu.read.linking.said import Said, country_of, parts, place
from zizhu.read.rules.gazetteer import registered
from zizhu.vocab.groups import groups

_COUNTRY = "country:"
_NO_PLAN = (_COUNTRY, "org:", "person:", "city:")
_LEAST_LIST = 2
_SEVERAL = 2
_LEADS = frozenset(("leadership", "lead", "leader"))
_WORLD_RANK = ["world", "rank"]


def belonging(all_said: Sequence[Said]) -> Iterator[Found]:
    """The links between claims about plans and leaders."""
    yield from _owned(all_said)
    yield from _led(all_said)
    for _, held in blocks(all_said, _by_list):
        for a, b in near_pairs(held):
            yield from _listed(a, b)
    yield from _followed(all_said)


def role(said: Said) -> tuple[str, str]:
    """What a claim says of its object, and the kind of thing; a negated list is one of what is left out."""
    found, noun = roles().get(said.indicator, ("", ""))
    negated = found == "lists" and said.claim.polarity == "negated"
    return ("leaves_out" if negated else found), noun


def _owned(all_said: Sequence[Said]) -> Iterator[Found]:
    """Two places to which one plan is given."""
    held: dict[str, list[tuple[Said, str]]] = {}
    for said in all_said:
        for plan, owner in _owners(said).items():
            held.setdefault(plan, []).append((said, owner))
    for plan, given in held.items():
        firsts = {(owner, said.document): (said, owner) for said, owner in reversed(given)}
        for (a, one), (b, other) in _pairs(sorted(firsts.values(), key=lambda g: g[0].order)):
            if a.apart(b) and not _one_place(one, other):
                yield Found(a, b, "owner.differs", {"about": plan, "scope_a": one, "scope_b": other})


def _pairs(given: Sequence[tuple[Said, str]]) -> Iterator[tuple[tuple[Said, str], tuple[Said, str]]]:
    by_claim = {said.claim.id: owner for said, owner in given}
    for a, b in near_pairs([said for said, _ in given]):
        yield (a, by_claim[a.claim.id]), (b, by_claim[b.claim.id])


def _owners(said: Said) -> Mapping[str, str]:
    """Plans with the place that the quote, or the relation, gives them to."""
    if not (said.plans or said.objects):
        return {}
    given = owners(said.tokens)
    subject = said.claim.subject
    if role(said)[0] == "owns_object" and subject.startswith(_COUNTRY):
        owner = place(subject.removeprefix(_COUNTRY))
        given = {o: owner for o in said.objects if not o.startswith(_NO_PLAN)} | given
    return given


def _one_place(a: str, b: str) -> bool:
    """Whether two places are one, or one lies in the other."""
    one, other = country_of(a), country_of(b)
    return one == other or _member(one, other) or _member(other, one)


def _member(country: str, group: str) -> bool:
    return group in groups() and any(m.iso3 == country for m in groups()[group].members)


def _led(all_said: Sequence[Said]) -> Iterator[Found]:
    """Two countries that are said to lead in one sector, each by its first claim in a document."""
    held: dict[tuple[str, frozenset[str]], dict[tuple[str, str, str], tuple[Said, str]]] = {}
    for said in all_said:
        leader = _leader(said)
        for sector in sorted(said.sectors) if leader else ():
            firsts = held.setdefault((sector, _ranked_thing(said)), {})
            firsts.setdefault((leader, said.document, said.voice), (said, leader))
    for (sector, _), firsts in held.items():
        for (a, one), (b, other) in _pairs(list(firsts.values())):
            if a.apart(b) and not a.overlaps(b) and not _one_place(one, other):
                yield Found(a, b, "leader.differs", {"about": sector, "scope_a": one, "scope_b": other})


def _leader(said: Said) -> str:
    """The country that leads by a claim: called a leader, or with several times as much as another country."""
    if said.subject or said.claim.polarity == "negated" or len(said.where) != 1:
        return ""
    (where,) = said.where
    if _leads(said):
        return where
    times = said.amount.value if said.amount and said.amount.dimension == "ratio" else None
    if (
        said.claim.kind in ("ranking", "actual")
        and times
        and times >= _SEVERAL
        and _than_another(said, where)
    ):
        return where
    return ""


def _leads(said: Said) -> bool:
    """Whether a claim calls its country a leader, or the first of a ranking."""
    first = said.amount is None or said.amount.value == 1
    words = said.indicator.split("_")
    if said.claim.kind == "ranking" and first and (_LEADS & set(words) or words[-2:] == _WORLD_RANK):
        return True
    return role(said)[0] == "leads" and said.claim.kind in ("ranking", "actual", "attribution")


def _ranked_thing(said: Said) -> frozenset[str]:
    """What a ranking is of, beside its sector; nothing for leadership as such."""
    words = said.indicator.split("_")
    return frozenset(parts(said.indicator).thing - _LEADS) if words[-2:] == _WORLD_RANK else frozenset()


def _than_another(said: Said, where: str) -> bool:
    """Whether a quote compares with another country: `than Italy`, 是意大利的三倍."""
    for mark in places(said.tokens):
        before = said.tokens[max(0, mark.first - _SEVERAL) : mark.first]
        after = said.tokens[mark.last : mark.last + 1]
        compared = any(t.word in ("than", "是", "of") for t in before) and (
            any(t.word == "than" for t in before) or (bool(after) and after[0].word == "的")
        )
        if compared and not _one_place(place(mark.value), where):
            return True
    return False


def _by_list(said: Said) -> Iterable[Hashable]:
    kind, noun = role(said)
    kind = kind if kind in ("lists", "counts", "leaves_out") else ""
    several_named = said.claim.kind == "target" and len(said.sectors) >= _LEAST_LIST
    if kind == "counts" or (kind and (said.sectors or len(said.objects) >= _LEAST_LIST)) or several_named:
        for plan in sorted(said.plans):
            yield (plan, noun or "sector")


def _listed(a: Said, b: Said) -> Iterator[Found]:
    """What a plan covers: named, counted, or left out."""
    if a.overlaps(b):
        return
    plan = sorted(a.plans & b.plans)[0]
    kinds = role(a)[0] or "aims", role(b)[0] or "aims"
    if set(kinds) == {"lists", "counts"}:
        named, counted = (a, b) if kinds[0] == "lists" else (b, a)
        yield from _counted(a, b, named, counted, plan)
    elif "leaves_out" in kinds and kinds[0] != kinds[1] and "counts" not in kinds:
        both = sorted(a.sectors & b.sectors)
        if both and "aims" not in kinds and a.apart(b):
            yield Found(a, b, "list.denied", {"about": plan, "word_a": ", ".join(both)})
        elif a.document != b.document:
            yield Found(a, b, "list.left_out", {"about": plan})


def _counted(a: Said, b: Said, named: Said, counted: Said, plan: str) -> Iterator[Found]:
    """A list of several beside a count."""
    amount = counted.amount
    many = max(len(named.objects), len(named.sectors))
    if amount is None or a.document == b.document or many < _LEAST_LIST:
        return
    longer = many > amount.high
    yield Found(a, b, "list.longer" if longer else "list.counted", {"about": plan, "word_a": amount.text})


def _followed(all_said: Sequence[Said]) -> Iterator[Found]:
    """Aims of a plan and of the one that follows it by an explicit relation."""
    by = _successions(all_said)
    for _, held in blocks(all_said, _by_aim):
        for a, b in near_pairs(held):
            for old, new in ((a, b), (b, a)):
                said_by = next(
                    (by[p, q] for p in sorted(new.plans) for q in sorted(old.plans) if (p, q) in by), ""
                )
                if said_by and not old.other_sector(new):
                    words = {"scope_a": ", ".join(sorted(old.plans)), "scope_b": ", ".join(sorted(new.plans))}
                    yield Found(old, new, "plan.succeeds", {**words, "by": said_by})


def _by_aim(said: Said) -> Iterable[Hashable]:
    if said.claim.kind == "target" and said.indicator and said.plans:
        thing, defined = parts(said.indicator)
        unit = said.amount.dimension if said.amount else ""
        yield (said.where, thing, tuple(sorted(defined.items())), unit)


def _successions(all_said: Sequence[Said]) -> dict[tuple[str, str], str]:
    """Pairs of a plan and the one it follows, and who says so: a claim, or the register."""
    if not any(s.claim.kind == "target" and s.plans for s in all_said):
        return {}
    found = {
        (r.a, r.b): "the register" for r in register.builtin().links.values() if r.relation == "succeeds"
    }
    for said in all_said:
        if role(said)[0] == "follows_object" and said.claim.polarity == "affirmed":
            subject = registered(said.claim.subject)
            for new in sorted({subject} | said.plans):
                for old in sorted(said.objects - {new}):
                    found.setdefault((new, old), f"so {said.named or 'the document'}")
    return found
