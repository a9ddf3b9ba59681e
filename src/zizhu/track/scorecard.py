"""The scorecard in words: a line a target, what can be said of all of them, wordings side by side, who says what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from zizhu.ledger.models import Assessment
from zizhu.ledger.result import Result
from zizhu.track import assessed, comparisons, settings, soundness, told
from zizhu.track.verdicts import CHANCES, FACTS, NO_TARGETS, NOT, OPEN, OUT, VERDICTS, Verdict
from zizhu.vocab import periods, units

if TYPE_CHECKING:
    from zizhu.track.judged import Inputs

WORDINGS, ASSESSMENTS, WHOLE = "wordings", "assessments", "whole"
_LAST = "9999"


def _by_verdict(row: Mapping[str, Any]) -> tuple[Any, ...]:
    known = row["verdict"] not in (NOT, OUT) or row["observed"] is not None
    return (VERDICTS.index(row["verdict"]), not known, row["code"] or "", -(row["p"] or 0.0))


ORDERS: Mapping[str, Callable[[Mapping[str, Any]], tuple[Any, ...]]] = {
    "verdict": _by_verdict,
    "plan": lambda row: (row["plan"],),
    "deadline": lambda row: (row["deadline"] or _LAST,),
    "chance": lambda row: (row["p"] is None, -(row["p"] or 0.0)),
    "target": lambda row: (row["target"],),
}


def lines(question: Inputs, result: Result, order: str = "verdict") -> pl.DataFrame:
    """A line a target, in an order of ORDERS and within it by id."""
    rows = sorted(result.frame.iter_rows(named=True), key=lambda r: (*ORDERS[order](r), r["target"]))
    return pl.DataFrame([_line(question, r) for r in rows], infer_schema_length=None)


def _line(question: Inputs, row: Mapping[str, Any]) -> dict[str, Any]:
    v = question.verdicts[row["target"]]
    t = v.target
    return {
        "target": t.id,
        "plan": t.plan,
        "what": f"{t.item}: {t.indicator}",
        "promise": told.promise(t),
        "verdict": _verdict(v),
        "latest value": told.seen(v),
        "pace": told.paces(v),
        "on the basis": row["basis"] or t.basis or "not stated",
        "remarks": "; ".join((*told.remarks(v), *comparisons.newer(question, v))),
    }


def _verdict(v: Verdict) -> str:
    """A verdict in brackets where what it rests on is weak, as the remarks say."""
    judged = v.decisive is not None and v.verdict not in (NOT, *NO_TARGETS)
    return f"({told.short(v)})" if judged and not soundness.sound(v) else told.short(v)


def best(row: Mapping[str, Any]) -> str:
    """The number of a row that says most: its chance, else what was observed, else the target."""
    if row["median"] is not None:
        return "p"
    return "observed" if row["observed"] is not None else "value"


def lists(question: Inputs) -> dict[str, pl.DataFrame]:
    """Wordings of one aim on several bases, assessments of others of what is asked for, and of plans as wholes."""
    chosen = [v.target for v in question.verdicts.values()]
    families: dict[frozenset[str], list[dict[str, Any]]] = {}
    for t in chosen:
        ids = frozenset((t.id, *(s.id for s in question.siblings(t))))
        if len(ids) > 1 and ids not in families:
            aim = {"aim": " = ".join(sorted(ids))}
            families[ids] = [aim | row for row in comparisons.wordings(question, t)]
    found = {
        WORDINGS: [row for rows in families.values() for row in rows],
        ASSESSMENTS: [
            row
            for v in question.verdicts.values()
            for row in comparisons.said_by_others(question, v)
            if v.verdict not in NO_TARGETS
        ],
        WHOLE: [_of_a_whole(a) for a in question.assessments if _on_a_whole(question, a)],
    }
    return {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in found.items() if rows}


def _on_a_whole(question: Inputs, a: Assessment) -> bool:
    """Whether an assessment counts successes of a country out of a list, and of the plan that is asked for, if any."""
    p = question.params
    if a.country != p.country or not assessed.counts_successes(a) or p.sector or p.indicator or p.target:
        return False
    if not p.plan:
        return True
    named = (name for plan in question.plans for name in question.held.plans[plan].called)
    return any(a.subject.casefold().startswith(name.casefold()) for name in named)


def _of_a_whole(a: Assessment) -> dict[str, Any]:
    return {
        "speaker": a.speaker,
        "date": periods.label(periods.parse(a.date)) if a.date else "",
        "of": a.subject,
        "counts": a.indicator,
        "number": units.quantity(a.value, a.unit),
        "says": a.verdict,
        "quality": a.quality,
        "source": a.source,
    }


def sentence(question: Inputs, result: Result) -> str:
    """What can be said of how many targets: facts, nowcasts and chances apart."""
    counted = result.frame.filter(pl.col("counted"))
    facts = _counts(counted.filter(pl.col("stage") == "fact"), (*FACTS, *OPEN))
    now = _counts(counted.filter(pl.col("stage") == "nowcast"), (*CHANCES, *OPEN))
    ahead = _counts(counted.filter(pl.col("stage") == "ahead"), (*CHANCES, *OPEN))
    out = [counted.filter(verdict=OUT, stage=stage).height for stage in told.UNREACHED]
    lost = counted.filter(pl.col("verdict") == NOT)
    said = [
        f"observed: {facts}" if facts else "",
        f"deadline passed, not observed: {now}" if now else "",
        f"ahead: {ahead}" if ahead else "",
        *(f"{n} {word}" for n, word in zip(out, told.UNREACHED.values(), strict=True) if n),
        f"{lost.height} not trackable ({codes(lost)})" if lost.height else "",
    ]
    held = f"{counted.height} target{'' if counted.height == 1 else 's'} on {question.params.as_of}"
    parts = "; ".join(s for s in said if s)
    rest = result.frame.height - counted.height
    more = f" Not counted: {rest} withdrawn, restated, described or unreviewed." if rest else ""
    later = "".join(f" {said}" for said in question.unstated)
    return f"{held}{f': {parts}' if parts else ''}.{more}{later}"


def _counts(frame: pl.DataFrame, words: tuple[str, ...]) -> str:
    by_word = dict(frame.group_by("verdict").len().iter_rows())
    return ", ".join(f"{by_word[w]} {w}" for w in words if w in by_word)


def codes(frame: pl.DataFrame) -> str:
    """How many rows have which reason: `71 no series, 3 no deadline`."""
    by_code = dict(frame.group_by("code").len().iter_rows())
    return ", ".join(f"{by_code[c]} {of.label}" for c, of in settings.codes().items() if c in by_code)
