"""The figures of the track verbs, made from their answers alone."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from zizhu.ledger.models import Figure
from zizhu.ledger.result import Result

_SHOWN = {
    "not observed": "passed, not observed",
    "observed": "open, series held",
    "too few points": "open, too few points",
}
"""Words for reasons that would read as opposites side by side."""


def judged(result: Result, order: Sequence[str]) -> Figure:
    """Bars of targets by reason, in the order given; rows that are no target of their own are left out."""
    counted = dict(result.frame.filter(pl.col("counted")).group_by("reason").len().iter_rows())
    rows = [
        {
            "reason": _SHOWN.get(reason, reason),
            "targets": counted[reason],
            "ref": result.count_ref(reason=reason),
        }
        for reason in order
        if reason in counted
    ]
    return Figure(
        kind="bars",
        title="What can be judged",
        sentence=f"{sum(counted.values())} targets by what may be said of them.",
        unit="targets",
        basis=result.basis,
        rows=tuple(rows),
        encoding={"category": "reason", "value": "targets", "ref": "ref"},
        sources=(),
    )


def assessed(result: Result) -> Figure:
    """A strip of the claims that count successes out of a stated list, each with its speaker."""
    rows = [
        {
            "speaker": f"{r['speaker']}: {r['indicator']}",
            "share": r["share"],
            "quality": r["quality"],
            "ref": result.ref(r, "share"),
        }
        for r in result.frame.filter(pl.col("share").is_not_null())
        .sort("share", "claim")
        .iter_rows(named=True)
    ]
    return Figure(
        kind="strip",
        title="Who says what",
        sentence="Counts of successes by speaker, as a share of the list that each speaker used.",
        unit="share",
        basis=result.basis,
        rows=tuple(rows),
        encoding={"speaker": "speaker", "value": "share", "quality": "quality", "ref": "ref"},
        sources=(),
    )
