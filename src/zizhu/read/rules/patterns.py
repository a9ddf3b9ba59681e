"""Claims by a fixed form of words: sectors that a plan lists, the years behind its name, who holds which office."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from zizhu.read.model import Candidate, TimeOf
from zizhu.read.rules.fields import Voice, filled, written_names
from zizhu.read.rules.gazetteer import capital_runs
from zizhu.read.rules.kinds import Judged
from zizhu.read.rules.plan_links import plans
from zizhu.read.rules.plan_nouns import definite
from zizhu.read.rules.reading import Range, Reading
from zizhu.read.rules.subjects import Topic

_SHORTEST_LIST = 3
"""Items that a list of sectors needs."""
_LIST_HEAD = 6
"""Tokens between the word for what is listed, or a name, and the list or office, at most."""


def patterns(read: Reading, topic: Topic) -> Iterator[Candidate]:
    """The claims of a sentence by all these forms."""
    yield from _listed(read, topic)
    yield from _plan_periods(read, topic)
    yield from _offices(read, topic)


def _listed(read: Reading, topic: Topic) -> Iterator[Candidate]:
    """The sectors that a plan lists behind a colon, one claim each: `three sectors: batteries; solar modules`."""
    opened = _list_opens(read) if read.cues.get("listing") else 0
    heads = [m for m in read.tagged("listing") if m.first < opened and opened - m.last <= _LIST_HEAD]
    items = list(_items(read, opened)) if heads else []
    under, _ = plans(read, (0, opened), "relation", topic)
    if len(items) < _SHORTEST_LIST or not (
        under or definite(read, (0, opened)) or read.tagged("target", (0, opened))
    ):
        return
    for item in items:
        marks = [m.value for m in read.sectors if item[0] <= m.first < item[1]]
        judged = Judged("relation", "kind.listed-sector")
        made = filled(read, read.span(item), item, judged, opened - 1, topic, Voice(None), None)
        yield replace(
            made,
            indicator="covers_sector",
            predicate="covers_sector",
            plans=made.plans or under,
            plan_names=written_names(made.plans or under, topic),
            modality="planned",
            sectors=tuple(dict.fromkeys(marks)),
            rules={**made.rules, "indicator": "indicator.predicate", "modality": "modality.plan-lists"},
        )


def _plan_periods(read: Reading, topic: Topic) -> Iterator[Candidate]:
    """The years in brackets behind the name of a plan are its period: `12th Development Plan (2021-2025)`."""
    for when in read.spans_of_plans:
        at = read.at(when.span.start)
        mark = next((m for m in read.named("plan") if m.first <= at < m.last), None)
        if mark is None or "/" not in when.edtf:
            continue
        of = (mark.first, mark.last)
        made = filled(
            read, read.span(of), of, Judged("policy_event", "kind.plan-period"), at, topic, Voice(None), None
        )
        dated = (TimeOf(when, "event"),)
        yield replace(made, subject=mark.value, indicator="plan_period", times=dated, modality="achieved")


def _offices(read: Reading, topic: Topic) -> Iterator[Candidate]:
    """`Amina Bello is a fellow at the Trade Institute`: whose office a person holds."""
    name = next(capital_runs(read.tokens, 0, 7), None) if read.cues.get("role") else None
    if (
        name is None
        or name[0] > 1
        or name[1] - name[0] < 2
        or read.tokens[min(name[1], len(read.tokens) - 1)].word != "is"
    ):
        return
    office = next((m for m in read.tagged("role") if m.first <= name[1] + _LIST_HEAD), None)
    if office is None:
        return
    whole = (0, len(read.tokens) - (read.tokens[-1].text == "."))
    made = filled(
        read,
        read.span(whole),
        whole,
        Judged("relation", "kind.office"),
        office.first,
        topic,
        Voice(None),
        None,
    )
    held = [read.words(r) for r in capital_runs(read.tokens, office.last) if r[1] - r[0] > 1]
    who = f"person:{read.words(name).replace(' ', '-')}"
    yield replace(
        made,
        subject=who,
        predicate="affiliated_with",
        indicator="affiliated_with",
        object=tuple(held[-1:]) or None,
    )


def _list_opens(read: Reading) -> int:
    """Where a list of a sentence begins: behind a colon, or behind `include` where semicolons part it; else 0."""
    colon = next((k for k, t in enumerate(read.tokens) if t.text in ":："), -1)
    if colon >= 0:
        return colon + 1
    parted = any(t.text in ";；" for t in read.tokens)
    return next(
        (
            k + 1
            for k, t in enumerate(read.tokens)
            if parted and t.word in ("include", "includes", "including")
        ),
        0,
    )


def _items(read: Reading, first: int) -> Iterator[Range]:
    """The items of a list: parted by semicolons, else by commas."""
    end = len(read.tokens)
    stop = next((k for k in range(first, end) if read.tokens[k].text in ".。"), end)
    mark = ";；" if any(t.text in ";；" for t in read.tokens[first:stop]) else ",，、"
    for k in range(first, stop + 1):
        ends = (
            k == stop
            or read.tokens[k].text in mark
            or (mark != ";；" and read.tokens[k].word in ("and", "和"))
        )
        if ends and k > first:
            start = first + (read.tokens[first].word in ("and", "和") and k > first + 1)
            yield start, k
        first = k + 1 if ends else first
