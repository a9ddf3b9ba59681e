"""What stands beside a verdict: other readings and wordings, the parts of the chance, rules, assessments, sources."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from zizhu.ledger import listed
from zizhu.ledger.folders import Register
from zizhu.ledger.models import Observation, Target
from zizhu.track import others, ratios, told
from zizhu.track.ahead import half
from zizhu.track.measured import alike
from zizhu.track.path import rules
from zizhu.track.series import RANK, known
from zizhu.track.verdicts import FACTS, Verdict
from zizhu.vocab import periods

if TYPE_CHECKING:
    from zizhu.track.judged import Inputs

AS_ASKED, AS_REGISTERED, SAME = "as asked", "of the register", "as asked, which is that of the register"
BY_PROXY = "as asked, by a proxy"


def lists(question: Inputs, v: Verdict) -> Mapping[str, pl.DataFrame]:
    """All that stands beside a verdict by name; lists without rows are left out."""
    held = question.held
    registered = question.registered[v.target.id]
    readings = {AS_REGISTERED: registered}
    if registered is not v:
        alike_read = _reading("", v, held) == _reading("", registered, held)
        asked = BY_PROXY if v.measured.proxy else AS_ASKED
        readings = {SAME: v} if alike_read else {asked: v, **readings}
    found = {
        "verdicts": [_reading(name, of, held) for name, of in readings.items()],
        "wordings": wordings(question, v.target),
        "series": other_series(question, v),
        "chance": _halves(v),
        "rules": _rules(v),
        "assessments": said_by_others(question, v),
        "sources": _sources(held, [v.target.source, *_cited(question, v)]),
    }
    return {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in found.items() if rows}


def _reading(name: str, v: Verdict, held: Register) -> dict[str, Any]:
    of = held.indicators.get(v.measured.indicator)
    return {
        "reading": name,
        "verdict": told.verdict(v),
        "p": v.p,
        "interval": told.interval(v),
        "series": of.label if of else v.measured.indicator or "none",
        "indicator": v.measured.indicator,
        "basis": v.measured.basis or v.target.basis,
        "observed": told.seen(v),
        "pace": told.paces(v),
        "scale": v.transform,
        "horizon": v.horizon,
        "vintage": v.vintage,
    }


def wordings(question: Inputs, target: Target) -> list[dict[str, Any]]:
    """A target beside the rows that word its aim on another basis or repeat it, each with its verdict of the day."""
    same = question.siblings(target)
    return [worded(question, t) for t in (target, *same)] if same else []


def worded(question: Inputs, target: Target) -> dict[str, Any]:
    """A target in a row: of what it promises how much, and what can be said of it."""
    return {
        "target": target.id,
        "plan": target.plan,
        "item": target.item,
        "of what": target.indicator,
        "basis": target.basis or "not stated",
        "promise": told.promise(target),
        "verdict": told.verdict(question.of(target)),
        "source": target.source,
        "quality": target.quality,
    }


def other_series(question: Inputs, v: Verdict) -> list[dict[str, Any]]:
    """Series of the same sector and dimension that an analyst may judge the target by instead."""
    held, observed = question.held, question.observations
    own = v.target.trackable_by
    mine = {*alike(v.target, held, observed), *((own,) if own in observed else ())} - {v.measured.indicator}
    return [
        {
            "series": i,
            "label": held.indicators[i].label,
            "basis": held.indicators[i].basis,
            "years": _years(rows),
            "values": len(rows),
            "latest": listed.valued(rows[-1]),
        }
        for i, rows in ((i, [o for o in observed[i] if known(o, question.as_of)]) for i in sorted(mine))
        if rows
    ]


def newer(question: Inputs, v: Verdict) -> tuple[str, ...]:
    """The age of a series that decides nothing, where a newer one of the same thing and basis is held.

    Series of one thing have ids of which one begins with the other: `share` and `share_ifr`.
    """
    held, own, series = question.held.indicators, v.measured.indicator, v.measured.series
    if series is None or not series.points or v.verdict in FACTS:
        return ()
    last, found = series.points[-1].year, []
    kin = {i: question.observations[i] for i in _kin(own, question.observed_ids) if i in held}
    named = {*alike(v.target, question.held, kin), v.target.trackable_by}
    for i in sorted(named & kin.keys()):
        if held[i].basis != v.measured.basis:
            continue
        ends = (periods.parse(o.period).end.year for o in kin[i] if known(o, question.as_of))
        if (end := max(ends, default=0)) > last:
            found.append(f"{held[i].label} reaches to {end} on the same basis: --series {i}")
    return tuple(f"the series ends in {last}; {of}" for of in found)


def _kin(own: str, ids: Sequence[str]) -> Iterator[str]:
    """Those of the ordered `ids` that begin with an id, or that it begins with."""
    yield from ids[bisect_left(ids, f"{own}_") : bisect_left(ids, f"{own}`")]  # the character after _
    words = own.split("_")
    for k in range(1, len(words)):
        shorter = "_".join(words[:k])
        at = bisect_left(ids, shorter)
        if at < len(ids) and ids[at] == shorter:
            yield shorter


def _years(rows: Sequence[Observation]) -> str:
    """From the first year of observations to the last: `2013 to 2024`."""
    first, last = periods.parse(rows[0].period).start.year, periods.parse(rows[-1].period).end.year
    return f"{first}" if first == last else f"{first} to {last}"


def _halves(v: Verdict) -> list[dict[str, Any]]:
    return [
        {"part": h.name, "p": h.p, "said": half(v, h, v.h)} for h in (v.chance.halves if v.chance else ())
    ]


def _rules(v: Verdict) -> list[dict[str, Any]]:
    found = ratios.of(v)
    if found.latest is None:
        return []
    bands = {rule: rules.rules()[rule][0] for rule in found.said}
    return [
        {
            "rule": rule,
            "office": bands[rule].label,
            "measure": bands[rule].measure.replace("_", " "),
            "would say": word,
            "from": f"{found.baseline[0]:.0f} to {found.latest.year}",
            "source": bands[rule].source,
        }
        for rule, word in found.said.items()
        if word
    ]


def said_by_others(question: Inputs, v: Verdict) -> list[dict[str, Any]]:
    """The assessments of what a target is about, whether they agree, and why they may not."""
    return [
        {
            "target": v.target.id,
            "speaker": o.of.speaker,
            "date": periods.label(periods.parse(o.of.date)) if o.of.date else "",
            "says": o.of.verdict,
            "of": o.of.indicator,
            "number": listed.valued(o.of),
            "agrees": {True: "yes", False: "no", None: "open"}[o.agrees],
            "why": "; ".join(o.why),
            "source": o.of.source,
            "quality": o.of.quality,
        }
        for o in others.beside(
            v, question.assessments, filter(question.stated, question.held.targets.values())
        )
    ]


def _cited(question: Inputs, v: Verdict) -> list[str]:
    """The sources of the series, or of the one that comes nearest, and of the assessments."""
    indicator = v.measured.indicator or v.measured.nearest
    observed = [o.source for o in question.observations.get(indicator, ())]
    return [*observed, *(o.of.source for o in others.beside(v, question.assessments))]


def _sources(held: Register, cited: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {
            "source": s.id,
            "producer": s.producer,
            "title": s.title,
            "published": s.published,
            "quality": s.quality,
            "url": s.url,
        }
        for s in sorted((held.sources[i] for i in dict.fromkeys(cited)), key=lambda s: RANK[s.quality])
    ]
