"""A backtest in words: how it came out, what keeps it from saying more, and why there is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import polars as pl

from zizhu.track import settings
from zizhu.track.backtested_found import ALL, CLIMATOLOGY, MIXTURE, NAIVE, Found
from zizhu.track.backtested_shares import DECILE, INTERVAL, VERDICT
from zizhu.track.own_series import Left
from zizhu.track.path import mixture, rules
from zizhu.vocab.problems import Problem

TODAY = (
    "Windows are made of values as they are known today: what was known at the end of a window may have been another "
    "value. Windows of one series overlap; series of one table may move together, which the bounds do not know."
)
SYNTHETIC = (
    "Targets lie on the side to which the window moved, at .5 to 1.5 times its mean annual change a year: they are no "
    "policy targets, and reversals are untested."
)
_REMEDIES = {
    "fewer": "Take longer series, fewer --min-points (6 are the least) or shorter --horizons.",
    "gaps": "Fill in the missing years from the source, or ask for fewer --min-points or shorter --horizons.",
    "values of": "If the values may be negative, as a balance or an index may, give --scale none.",
    "shares": "A share at 0 or 100 % has no odds: give --scale none, or leave these series out.",
    "values in": "Give every series one unit in the table (`zizhu data map`).",
    "in ": "Leave --scale out, or say in the map of the table that the unit is percent or share.",
    "it hardly": "Take series that change: nothing can be learnt from one that stands still.",
}


def answer(frame: pl.DataFrame) -> str:
    """How it came out, in a few sentences."""
    ours = _row(frame, INTERVAL, MIXTURE)
    first = ours.row(0, named=True)
    if not first["windows"]:
        return "No window has a distribution: every one changes by the same amount every year."
    shares = ", ".join(_percent(v) for v in ours["coverage"])
    years = ", ".join(ours["at"])
    bounds = (
        f" ({_percent(first['coverage_lower'])} to {_percent(first['coverage_upper'])} at the first)"
        if first["coverage_lower"] is not None
        else ""
    )
    held = (
        f"In {first['windows']:,} windows of {first['series']:,} series the "
        f"{settings.bound('coverage'):.0%} interval held {shares} of what came {years} "
        f"year{'' if years == '1' else 's'} on{bounds}."
    )
    return " ".join((held, *_judged(frame), *few(frame)))


def _judged(frame: pl.DataFrame) -> Iterator[str]:
    """How chances did beside others."""
    found = {r["method"]: r for r in _row(frame, VERDICT).iter_rows(named=True) if r["brier"] is not None}
    if MIXTURE not in found:
        yield "No target could be judged."
        return
    others = {m: r for m, r in found.items() if m != MIXTURE}
    said = "; ".join(f"{_method(m)} {r['brier']:.3f}" for m, r in others.items())
    better = [_method(m) for m, r in others.items() if r["behind"] < 0]
    word = f"worse than {' and '.join(better)}" if better else "better than all others"
    yield (
        f"The chances of {found[MIXTURE]['targets']:,} targets have a Brier score of {found[MIXTURE]['brier']:.3f}, "
        f"{word} ({said}; on the same targets)."
    )
    yield from _furthest(frame)


def _furthest(frame: pl.DataFrame) -> Iterator[str]:
    """The tenth of the chances that came true least as it said."""
    tenths = _row(frame, DECILE)
    for r in (
        tenths.sort(pl.col("gap").abs(), descending=True, maintain_order=True).head(1).iter_rows(named=True)
    ):
        yield (
            f"Chances near {_percent(r['predicted'])} came true in {_percent(r['attained'])}; no other tenth of them "
            "was further off."
        )


def notes(found: Found, frame: pl.DataFrame, left: Sequence[str]) -> Iterator[str]:
    """What must be known beside the scores."""
    yield from few(frame)
    yield from _ruled(frame)
    yield from left
    scales = Counter(s.scale for s in found.used)
    yield "Scales: " + ", ".join(f"{scale} ({n:,} series)" for scale, n in scales.most_common()) + "."
    blank = len(found.of.x) - int(mixture.enough(found.of.x).sum())
    if blank:
        yield f"{blank:,} windows change by the same amount every year: they have no distribution and do not count."
    if beyond := [h for h in found.horizons if h > mixture.TESTED]:
        yield f"Horizons {', '.join(map(str, beyond))} are beyond those on which the method was chosen."
    yield TODAY
    yield SYNTHETIC


def few(frame: pl.DataFrame) -> Iterator[str]:
    """What so many series can tell, where they are few."""
    ours = _row(frame, INTERVAL, MIXTURE)
    series, least = int(ours["series"].max() or 0), settings.bound("backtest_series")  # type: ignore[arg-type]
    windows = int(ours["windows"].max() or 0)  # type: ignore[arg-type]
    if series < least:
        yield (
            f"Few: {windows:,} window{'' if windows == 1 else 's'} of {series:,} series. That is an example and no "
            f"test: how far the scores could have come out otherwise cannot be said below {least:g} series."
        )
        return
    wide = ours.filter(
        (pl.col("coverage_upper") - pl.col("coverage_lower")) / 2 > settings.bound("backtest_width")
    )
    for r in wide.head(1).iter_rows(named=True):
        yield (
            f"Few: {windows:,} windows of {series:,} series. {r['at']} year{'' if r['at'] == '1' else 's'} on the "
            f"coverage may as well be {_percent(r['coverage_lower'])} as {_percent(r['coverage_upper'])}."
        )


def _ruled(frame: pl.DataFrame) -> Iterator[str]:
    for r in _row(frame, VERDICT).iter_rows(named=True):
        if r["method"] in rules.rules() and r["brier"] is not None:
            best = rules.rules()[r["method"]][0]
            true = "none" if r["came_true"] is None else f"{_percent(r['came_true'])} came true"
            yield f"{best.label}: of what its rule calls {best.band!r} (from {best.lower:g}), {true}."


def nothing(left: Sequence[Left], needed: int, table: str) -> Iterator[Problem]:
    """Why no series can be used, a problem a reason."""
    expected = f"series of at least {needed} years in a row that move and stay on their scale"
    if not left:
        yield Problem("no annual values", f"table {table}", expected, "Choose another table or indicator.")
    for why, n in Counter(one.why for one in left).most_common():
        first = next(one for one in left if one.why == why)
        remedy = next((r for start, r in _REMEDIES.items() if why.startswith(start)), "Choose other series.")
        where = f"table {table}, {first.indicator}, {first.entity}{f' and {n - 1:,} more' if n > 1 else ''}"
        yield Problem(why, where, expected, remedy)


def _row(frame: pl.DataFrame, of: str, method: str = "", family: str = ALL) -> pl.DataFrame:
    """Rows of one kind in the order of their horizons."""
    kept = frame.filter(pl.col("of") == of, pl.col("family") == family)
    kept = kept.filter(pl.col("method") == method) if method else kept
    return kept.sort(pl.col("at").cast(pl.Int64, strict=False), maintain_order=True)


def _method(name: str) -> str:
    return {NAIVE: "no change", CLIMATOLOGY: "the base rate"}.get(name, f"rule {name}")


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{share:.0%}"
