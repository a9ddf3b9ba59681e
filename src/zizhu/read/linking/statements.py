"""Claims without numbers: what one voice affirms and another denies, one act dated twice, aims with one theme."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence

from zizhu.read.gate.fold import fold
from zizhu.read.linking.blocks import blocks, near_pairs
from zizhu.read.linking.figures import copied
from zizhu.read.linking.found import Found, voices
from zizhu.read.linking.lists import roles, words
from zizhu.read.linking.said import Said, goes_on, in_text
from zizhu.read.rules.concepts import concept_marks

_THEMES = ("measure", "object")
_SAID = ("attribution", "forecast", "ranking", "relation")


def statements(all_said: Sequence[Said]) -> Iterator[Found]:
    """The links between claims that give no number."""
    told = [s for s in all_said if s.amount is None]
    for _, held in blocks(told, _by_content):
        for a, b in near_pairs(held):
            yield from _alike(a, b)
    for _, held in blocks(told, _by_quote):
        for b in held[1:]:
            if b.document != held[0].document:
                yield Found(held[0], b, "figure.copied")
    for _, held in blocks(told, _by_view):
        for a, b in near_pairs(held):
            yield from _disputed(a, b)
    yield from _countered(all_said)
    for _, held in blocks(told, _by_act):
        for a, b in near_pairs(held):
            yield from _dated(a, b)
    for _, held in blocks(told, _by_theme):
        for a, b in near_pairs(held):
            yield from _aims(a, b)


def _by_quote(said: Said) -> Iterable[Hashable]:
    yield (said.claim.kind, said.indicator, fold(said.quote).text)


def _by_content(said: Said) -> Iterable[Hashable]:
    """All that a claim says but whether it affirms or denies it; of what says too little nothing is compared."""
    about = (said.objects, said.sectors)
    if said.indicator and any(about) and said.claim.kind in ("relation", "attribution", "actual"):
        yield (said.indicator, said.where, said.subject, said.plans, *about)


def _alike(a: Said, b: Said) -> Iterator[Found]:
    if a.overlaps(b) or not a.apart(b):
        return
    words = {"about": _about(a)}
    if a.claim.polarity != b.claim.polarity:
        affirms, denies = (a, b) if a.claim.polarity == "affirmed" else (b, a)
        words |= voices(affirms, denies)
        yield Found(a, b, "statement.denied", words)
    elif a.document != b.document and copied(a, b):
        yield Found(a, b, "figure.copied")
    elif a.voice != b.voice:
        yield Found(a, b, "statement.same", words)


def _about(said: Said) -> str:
    whom = sorted(said.plans) or ([said.subject] if said.subject else sorted(said.where))
    return f"{', '.join(whom)} ({said.indicator.replace('_', ' ')})"


def _by_view(said: Said) -> Iterable[Hashable]:
    if said.claim.kind == "attribution" and said.indicator and said.claim.speaker:
        yield (said.indicator, said.where, said.subject, said.plans)


def _disputed(a: Said, b: Said) -> Iterator[Found]:
    """Two speakers on one matter, of whom one criticises."""
    one_criticises = (a.claim.modality == "criticised") != (b.claim.modality == "criticised")
    if a.voice != b.voice and one_criticises and not a.overlaps(b):
        yield Found(a, b, "statement.disputed", {"about": _about(a)})


def _countered(all_said: Sequence[Said]) -> Iterator[Found]:
    """What a voice denies right behind what others say of the same place: `However, it is unlikely that ...`."""
    before: dict[str, Said] = {}
    for said in in_text(all_said):
        word = _against(said)
        for voice, other in list(before.items()) if word else ():
            if other.apart(said) and goes_on(other, said) and other.where & said.where:
                words_of = {"word_b": word, "about": ", ".join(sorted(said.where))}
                yield Found(other, said, "statement.countered", words_of)
                del before[voice]
        if said.claim.speaker and said.claim.kind in _SAID:
            before[said.voice] = said


def _against(said: Said) -> str:
    """The word of contrast that opens a denial or a doubt; empty for another claim."""
    if said.claim.kind not in _SAID:
        return ""
    marks = words().marks(said.tokens)
    opening = [m for m in marks if m.tag == "contrast" and m.first <= 1]
    denies = said.claim.polarity == "negated" or any(m.tag == "denial" for m in marks)
    return said.tokens[opening[0].first].text if opening and denies else ""


def _by_act(said: Said) -> Iterable[Hashable]:
    once = roles().get(said.indicator, ("", ""))[0] == "once"
    if once and said.claim.kind == "policy_event" and said.days is not None:
        for plan in sorted(said.plans):
            yield (said.indicator, plan)


def _dated(a: Said, b: Said) -> Iterator[Found]:
    """An act that happens once, with its two dates."""
    assert a.days is not None
    assert b.days is not None
    if not a.apart(b) or a.overlaps(b):
        return
    words = {"scope_a": a.days.edtf, "scope_b": b.days.edtf}
    yield Found(a, b, "event.same" if a.days.meets(b.days) else "event.date", words)


def _by_theme(said: Said) -> Iterable[Hashable]:
    if said.claim.kind == "target" and said.days is not None:
        for theme in sorted({m.value for m in concept_marks(said.tokens) if m.tag in _THEMES}):
            yield (said.where, theme)


def _aims(a: Said, b: Said) -> Iterator[Found]:
    """Two aims with one theme: of one horizon or of two."""
    assert a.days is not None
    assert b.days is not None
    if a.document == b.document or (a.sectors != b.sectors and a.sectors.isdisjoint(b.sectors)):
        return
    words = {"scope_a": a.days.edtf, "scope_b": b.days.edtf, "word_a": _aim(a), "word_b": _aim(b)}
    if a.days.last != b.days.last:
        yield Found(a, b, "goal.horizon", words)
    elif copied(a, b):
        yield Found(a, b, "figure.copied")
    else:
        same = bool(a.indicator) and a.indicator == b.indicator
        yield Found(a, b, "goal.same" if same else "goal.differs", words)


def _aim(said: Said) -> str:
    """What is to be reached: its name, else the quote."""
    return said.indicator.replace("_", " ") or said.quote
