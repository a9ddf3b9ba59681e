"""Targets that were read as rows of the register: what it can hold, and why it cannot hold the rest."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from zizhu.ledger.claims import Quantity
from zizhu.ledger.folders import Register
from zizhu.ledger.loaders import entities, of_a_size
from zizhu.ledger.models import Comparator, Measure, Quality, Source, Target
from zizhu.ledger.strategies import Plan
from zizhu.read.called import called
from zizhu.read.model import Document
from zizhu.read.rules.name_parts import joined, level
from zizhu.read.targets.views import TargetView
from zizhu.vocab import packfiles, units
from zizhu.vocab.periods import parse
from zizhu.vocab.problems import ZizhuError

MARK = "read from documents"
_UNITS = {
    "ratio": "times",
    "percentage_point": "percentage points",
    "year": "years",
    "tonne": "t",
    "ton": "t",
}
"""Units of claims that the register writes otherwise."""
_TURNED: Mapping[Comparator, Comparator] = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
_NO_SECTOR = "cross-sector"
_LONGEST = 200
_ID = 12
_TOLD = 4
"""Claims that a row names; further ones are counted."""
_STEM = 6
_WORD = re.compile(r"[^\W\d_]{4,}")


class Rows(NamedTuple):
    """What a folder of the register gets, and the targets that it cannot hold with the reason."""

    targets: tuple[Target, ...]
    sources: tuple[Source, ...]
    plans: tuple[Plan, ...]
    left_out: tuple[tuple[TargetView, str], ...]


@dataclass(frozen=True)
class Beside:
    """What rows are held against: the register without them, and the documents by id.

    `heads` are the publishers that first lines name, by the id of their document.
    """

    register: Register
    documents: Mapping[str, Document]
    heads: Mapping[str, str] = field(default_factory=dict)


def rows(views: Sequence[TargetView], beside: Beside) -> Rows:
    """The rows of targets that have a number, a country and a unit that the register knows.

    Those that name no plan are of one that is called after their document.
    """
    by_id: dict[str, tuple[TargetView, Target]] = {}
    left: list[tuple[TargetView, str]] = []
    for view in views:
        why = _not_held(view, beside)
        if why:
            left.append((view, why))
            continue
        row = _row(view, beside)
        if row.id not in by_id:
            by_id[row.id] = view, row
            continue
        by_id[row.id], other = sorted((by_id[row.id], (view, row)), key=_plainest)
        left.append((other[0], f"worded otherwise in {row.id}, which stands for both"))
    held = [row for _, row in by_id.values()]
    cited = sorted({t.source for t in held})
    by_source = {source_id(d): d for d in beside.documents}
    sources = tuple(_source(i, beside.documents[by_source[i]], beside.heads) for i in cited)
    made = {t.plan: t for t in held if t.plan not in beside.register.plans}
    names = {v.plan: v.plan_name for v in views if v.plan_name}
    plans = tuple(
        _plan(made[p], beside.documents[by_source[made[p].source]], names.get(p, ""), beside.heads)
        for p in sorted(made)
    )
    return Rows(tuple(held), sources, plans, tuple(left))


def _plainest(of: tuple[TargetView, Target]) -> tuple[bool, bool]:
    """Which of two wordings of a target comes first: what a reviewer accepted, then a comparator that is stated."""
    view, _ = of
    return not view.reviewed, view.assumed


def _not_held(view: TargetView, beside: Beside) -> str:
    """Why the register cannot hold a target; empty where it can."""
    if view.quantity is None:
        return "without a number"
    if _country(view, beside) not in entities():
        return f"of {view.geography}, no country or group" if view.geography else "without a country"
    if not unit(view.quantity):
        return f"in {view.quantity.unit}, which is no unit of the register"
    return (
        "" if all(of_a_size(v) for v in _ends(view.quantity) if v is not None) else "of a size that cannot be"
    )


def _country(view: TargetView, beside: Beside) -> str:
    """Whose target it is: the country of its place, else that of its plan."""
    plan = beside.register.plans.get(view.plan)
    return view.country or (plan.country if plan else "")


def _of_document(document: str) -> str:
    """The plan of the targets that a document states without naming one."""
    return f"read.{document[:_ID]}"


def unit(quantity: Quantity) -> str:
    """The register's unit for a quantity; empty where it has none."""
    if quantity.unit.startswith("count"):
        return "count"
    known = _UNITS.get(quantity.unit, quantity.unit)
    return known if known in units.units() else ""


def source_id(document: str) -> str:
    """The id by which rows cite a document."""
    return f"doc.{document[:_ID]}"


def _row(view: TargetView, beside: Beside) -> Target:
    quantity = view.quantity
    assert quantity is not None
    low, high = _ends(quantity)
    twin = _twin(view, beside, low)
    document = _first(view, beside)
    followed = _followed(view, beside)
    return Target(
        id=_id(view),
        plan=_line(view.plan) or _of_document(document),
        country=_country(view, beside),
        sector=_line(", ".join(view.sectors).replace("_", " ")) or _NO_SECTOR,
        item=_line(", ".join(view.sectors).replace("_", " ")) or _named(view),
        indicator=_named(view),
        measure=_measure(view),
        basis=beside.register.indicators[followed].basis if followed else worded_on(view.indicator),
        comparator=_comparator(view),
        comparator_assumed=view.assumed,
        value=low,
        high=high,
        unit=unit(quantity),
        deadline=_period(view.deadline),
        status="restatement" if twin else "active" if view.reviewed else "unreviewed",
        same_as=twin,
        trackable_by=followed,
        source=source_id(document),
        quality=_quality(view, beside.documents[document]),
        note=_note(view),
        **_baseline(view),
    )


def _first(view: TargetView, beside: Beside) -> str:
    """The document that a row cites: of those that state the target the first that was published, else read."""
    held = [d for d in view.documents if d in beside.documents]
    day = {d: _period(p.edtf) for d in held if (p := beside.documents[d].published)}
    return min((d for d in held if day.get(d)), key=lambda d: parse(day[d]).start, default=held[0])


@cache
def _basis_words() -> Mapping[str, str]:
    """The bases that parts of the names of what is measured say."""
    return {row["name"]: row["basis"] for row in packfiles.rows("read/basis_words.csv")}


def worded_on(indicator: str) -> str:
    """The basis that the name of what is measured says, a word of `vocab/bases.csv`; empty where it says none."""
    return next((basis for name, basis in _basis_words().items() if name in indicator), "")


def _ends(q: Quantity) -> tuple[float, float | None]:
    """The value, or both ends of a range; the register writes a fall below nothing."""
    low, high = _written(q)
    if q.change != "decrease":
        return low, high
    return (-low, None) if high is None else (-high, -low)


def _comparator(view: TargetView) -> Comparator | None:
    """How the value is meant: a fall by at least a fifth is a change of at most -20 percent."""
    falls = view.quantity is not None and view.quantity.change == "decrease"
    return _TURNED.get(view.comparator, view.comparator) if falls and view.comparator else view.comparator


def _written(q: Quantity) -> tuple[float, float | None]:
    if q.value is not None:
        return q.value, None
    if q.low is not None:
        return q.low, q.high
    return (q.high or 0.0), None


def _id(view: TargetView) -> str:
    """The same for the same target in every reading: by what it says; without an indicator, by its first claim."""
    q = view.quantity
    value = q and (q.value, q.low, q.high, q.unit, view.comparator)
    what = view.indicator or view.claims[0]
    said = (view.plan, what, view.geography, view.sectors, view.deadline, value)
    return f"read.{hashlib.sha256(repr(said).encode()).hexdigest()[:_ID]}"


def _named(view: TargetView) -> str:
    falls = view.quantity is not None and view.quantity.change == "decrease"
    name = joined(level(view.indicator), "change") if falls and view.indicator else view.indicator
    return _line(name.replace("_", " ")) or _line(view.quote) or "not named"


def _line(text: str) -> str:
    """A text on one line, of bounded length and without what a table cannot hold."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 3]}..."


def _measure(view: TargetView) -> Measure | None:
    """The kind of measure where the unit leaves no choice."""
    q = view.quantity
    of = unit(q) if q else ""
    if q is not None and q.change and of in ("percent", "percentage points"):
        return "cumulative change"
    plain: dict[str, Measure] = {"count": "count", "times": "multiple", "rank": "rank"}
    if of in plain:
        return plain[of]
    if of == "percent" and view.indicator.endswith("_share"):
        return "share"
    return "level" if of and units.units()[of].currency else None


def _period(edtf: str) -> str:
    """A date if the register can read it."""
    try:
        parse(edtf)
    except ZizhuError:
        return ""
    return edtf


def _baseline(view: TargetView) -> dict[str, object]:
    """Where the target starts, unless that is dated after its deadline."""
    start, q = view.baseline, view.quantity
    if start is None or start.quantity.value is None or q is None:
        return {}
    period, deadline = _period(start.period), _period(view.deadline)
    value = start.quantity.value
    if not period or (deadline and parse(deadline).end < parse(period).end) or not of_a_size(value):
        return {}
    return {"baseline": f"{value:g} ({period})", "baseline_value": value, "baseline_period": period}


def _followed(view: TargetView, beside: Beside) -> str:
    """The indicator of the register by which a target can be followed: of its name and dimension, and observed.

    Where the country's own office publishes what is held under the same label with the office in brackets, it is that.
    """
    q, register, country = view.quantity, beside.register, _country(view, beside)
    if view.indicator not in register.indicators or q is None:
        return ""
    label = register.indicators[view.indicator].label
    named = [i for i, held in register.indicators.items() if held.label.startswith(f"{label} (")]
    observed = {
        (o.indicator, o.entity)
        for o in register.observations.values()
        if o.indicator in (view.indicator, *named) and units.same_dimension(unit(q), o.unit)
    }
    at_home = [i for i in (view.indicator, *named) if (i, country) in observed]
    if at_home:
        return at_home[0]
    return view.indicator if any(i == view.indicator for i, _ in observed) else ""


def _twin(view: TargetView, beside: Beside, value: float) -> str:
    """The target of the register that this one repeats: of its plan and value, and no other deadline or thing."""
    q, said = view.quantity, _said(view)
    if q is None:
        return ""
    alike = [
        (target.trackable_by != view.indicator, -len(said & _stems(target.item)), target.id, target)
        for target in beside.register.targets.values()
        if (view.plan, _country(view, beside)) == (target.plan, target.country)
        and view.deadline in ("", target.deadline)
        and target.status in ("active", "restatement")
        and _same_value(value, unit(q), target)
        and (said & _stems(target.item, target.sector) or target.trackable_by == view.indicator)
    ]
    if not alike:
        return ""
    nearest = min(alike)[-1]
    return nearest.same_as or nearest.id


def _same_value(value: float, of: str, target: Target) -> bool:
    if not units.same_dimension(of, target.unit):
        return False
    return math.isclose(units.convert(value, of, target.unit), target.value, rel_tol=1e-9)


def _said(view: TargetView) -> frozenset[str]:
    return _stems(view.quote, view.indicator, *view.sectors)


def _stems(*texts: str) -> frozenset[str]:
    """The beginnings of the longer words of texts, which tell `biopharma` and `biopharmaceuticals` alike."""
    return frozenset(w[:_STEM] for w in _WORD.findall(" ".join(texts).casefold().replace("_", " ")))


def _quality(view: TargetView, document: Document) -> Quality:
    """What no person has looked at, or nobody known published, is of low quality."""
    return "medium" if view.reviewed and document.publisher else "low"


def _note(view: TargetView) -> str:
    seen = "reviewed" if view.reviewed else "not reviewed"
    seen += _line(f", corrected ({'; '.join(view.corrected[:_TOLD])})") if view.corrected else ""
    disputed = f"; other values in claims {', '.join(view.disputed_by[:_TOLD])}" if view.disputed_by else ""
    more = f" and {len(view.claims) - _TOLD} more" if len(view.claims) > _TOLD else ""
    claims = f"{', '.join(view.claims[:_TOLD])}{more}; {', '.join(view.refs[:_TOLD])}"
    return f"{MARK}, {seen}; {view.binding}; {view.direction}; claims {claims}{disputed}"


def _source(key: str, document: Document, heads: Mapping[str, str]) -> Source:
    published = _period(document.published.edtf) if document.published else ""
    return Source(
        id=key,
        producer=_line(document.publisher) or _by_its_head(heads.get(document.id, "")),
        title=_line(called(document)),
        published=published,
        url=document.name if document.name.startswith(("http://", "https://")) else "",
        sha256=document.id,
        quality="medium" if document.publisher else "low",
    )


def _by_its_head(who: str) -> str:
    """Who published a document that states no publisher, by its first line, in words."""
    return f"{_line(who)}, by its first line" if who else "a document of no stated publisher"


def _titled(document: Document, heads: Mapping[str, str]) -> str:
    """A document by its title, else by who published it, as its first line says if it does not, and when."""
    if document.title:
        return called(document)
    who = document.publisher or heads.get(document.id, "") or called(document)
    return f"{who}, {document.published.edtf}" if document.published else who


def _plan(first: Target, document: Document, written: str, heads: Mapping[str, str]) -> Plan:
    """A plan that only documents name, under the name that they give it; or what a document aims at without one."""
    nameless = first.plan == _of_document(document.id)
    name = _line(_titled(document, heads)) if nameless else written or first.plan.replace("-", " ")
    name = _line(name.replace(";", " ")) or first.plan
    han = any("\u3400" <= c <= "\u9fff" for c in name)
    return Plan(
        id=first.plan,
        names={"zh" if han else "en": f"Aims in {name}" if nameless else name},
        kind="pledge" if nameless else "plan",
        country=first.country,
        source=first.source,
        quality="low",
        note=MARK,
    )
