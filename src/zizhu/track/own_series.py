"""The annual series of a table of observations, as a backtest takes them: one unit, consecutive years, on one scale.

Of every series the longest stretch of consecutive years counts whose values the scale reaches. What is left out is
told with the reason; nothing is filled in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np
import polars as pl

from zizhu.store import Table
from zizhu.store.meta import Meta
from zizhu.track.path import backtest
from zizhu.track.path.transforms import SCALES, Scale, Values, scaled
from zizhu.vocab import units
from zizhu.vocab.problems import Problem, ZizhuError

Asked = Literal["auto", "log", "logit", "none"]
KINDS = ("indicator", "panel")
"""Kinds of tables that hold series."""
SIGNED = "values of an indicator that can be negative, which has no logarithms"
_NUMERIC = re.compile(r"U?Int\d+|Float\d+")
_YEAR = r"^\d{4}$"
_BEYOND: dict[Scale, str] = {
    "log": "values of zero or less, which have no logarithm",
    "logit": "shares at nothing, at the whole or beyond, which have no odds",
    "none": "",
}


class Stretch(NamedTuple):
    """Consecutive years of a series from `first` on: values y (N,) in its unit and x (N,) on its scale.

    `whole` is that of a share in its unit. `keys` name the table's row behind every value, as references write it;
    `cut` says that the series has more points than these.
    """

    indicator: str
    entity: str
    unit: str
    scale: Scale
    whole: float
    first: int
    y: Values
    x: Values
    keys: tuple[str, ...]
    cut: bool


class Left(NamedTuple):
    """A series that is not used, and why."""

    indicator: str
    entity: str
    points: int
    why: str


class Rows(NamedTuple):
    """Rows (indicator, entity, year, value, unit, key), the last vintage of each; what was left out on the way."""

    frame: pl.DataFrame
    notes: tuple[str, ...]


def rows(table: Table) -> Rows:
    """The annual values of a table. Raises ZizhuError for a table that holds no series."""
    meta = table.meta
    if meta.flags.get("kind") not in KINDS:
        raise ZizhuError(
            Problem(
                f"a table of kind {meta.flags.get('kind')!r}",
                f"table {meta.name}",
                "observations of indicators by entity and year",
                "`zizhu data list` shows the kind of every table; `zizhu data map FILE` begins one of your own.",
            )
        )
    long = _long(table.frame, meta)
    whole = pl.col("period").str.contains(_YEAR)
    reported = pl.col("status") != "forecast"
    later = pl.col("period").str.slice(0, 4) > pl.col("vintage").str.extract(r"^(\d{4})\b", 1)
    ahead = whole & reported & later.fill_null(False)
    kept = long.filter(whole & reported & ~ahead & pl.col("value").is_finite())
    latest = (
        kept.sort("vintage")
        .unique(["indicator", "entity", "period"], keep="last", maintain_order=True)
        .with_columns(year=pl.col("period").cast(pl.Int64))
        .select("indicator", "entity", "year", "value", "unit", "key")
        .sort("indicator", "entity", "year")
    )
    told = (
        (long.filter(~whole).height, "values of parts of a year are no points of an annual series"),
        (long.filter(whole & ~reported).height, "forecasts are no observations"),
        (long.filter(ahead).height, "values of years after that of their release are no observations"),
        (kept.height - latest.height, "values of earlier vintages are not used"),
    )
    return Rows(latest, tuple(f"{n:,} {why}." for n, why in told if n))


def _long(frame: pl.DataFrame, meta: Meta) -> pl.DataFrame:
    """One row a value: indicator, entity, period, value, unit, status, vintage, key."""
    time = next(k for k in ("period", "year") if k in meta.key)
    names = [k for k in meta.key if k not in (time, "indicator", "vintage")]
    common = [
        pl.concat_str([pl.col(k).cast(pl.String) for k in names], separator=" ").alias("entity"),
        pl.col(time).cast(pl.String).alias("period"),
        pl.concat_str([pl.col(k).cast(pl.String) for k in meta.key], separator=",").alias("key"),
        *(
            (pl.col(c) if c in frame.columns else pl.lit("")).cast(pl.String).alias(c)
            for c in ("status", "vintage")
        ),
    ]
    held = [
        frame.select(
            *common,
            (pl.col("indicator") if "indicator" in frame.columns else pl.lit(c)).alias("indicator"),
            (pl.col("unit") if "unit" in frame.columns else pl.lit(meta.units.get(c, ""))).alias("unit"),
            pl.col(c).cast(pl.Float64).alias("value"),
        )
        for c in _measures(meta)
    ]
    return pl.concat(held).drop_nulls("value")


def _measures(meta: Meta) -> list[str]:
    """The columns of values: `value`, else every column of numbers."""
    numeric = [c for c, kind in meta.columns.items() if c not in meta.key and _NUMERIC.fullmatch(kind)]
    return ["value"] if "value" in numeric else numeric


def stretches(frame: pl.DataFrame, asked: Asked, needed: int) -> tuple[list[Stretch], list[Left]]:
    """The stretches of at least `needed` years of series (indicator, entity), and the series that have none.

    An indicator that is negative anywhere has no logarithms, not even of its series that happen to be positive.
    """
    used, left = [], []
    signed = set(frame.filter(pl.col("value") < 0)["indicator"])
    for (indicator, entity), part in frame.group_by("indicator", "entity", maintain_order=True):
        found = _stretch(str(indicator), str(entity), part, asked, needed)
        if not isinstance(found, str) and found.scale == "log" and indicator in signed:
            found = SIGNED
        if isinstance(found, str):
            left.append(Left(str(indicator), str(entity), part.height, found))
        else:
            used.append(found)
    return used, left


def _stretch(indicator: str, entity: str, part: pl.DataFrame, asked: Asked, needed: int) -> Stretch | str:
    """The longest stretch of a series, or why there is none."""
    unit, y = _in_one_unit(part["unit"].to_list(), part["value"].to_numpy())
    if y is None:
        return f"values in {unit}, which cannot be turned into each other"
    year = part["year"].to_numpy()
    scale, whole = scale_of(unit, asked)
    if scale == "logit" and not _is_share(unit):
        return f"in {unit!r}, which is no share and has no odds"
    if len(y) < needed:
        return f"fewer than {needed} annual values"
    x = scaled(y, scale, whole)
    longest = _longest(year, np.isfinite(x))
    if len(longest) < needed:
        gapless = len(_longest(year, np.ones(len(y), dtype=bool))) >= needed
        return _BEYOND[scale] if gapless else f"gaps: never {needed} years in a row"
    if not backtest.moving(x[longest]):
        return f"it hardly moves: fewer than {backtest.LEAST_MOVING:.0%} of its changes are not zero"
    keys, first = tuple(part["key"].gather(longest)), int(year[longest[0]])
    cut = len(longest) < len(y)
    return Stretch(indicator, entity, unit, scale, whole, first, y[longest], x[longest], keys, cut)


def scale_of(unit: str, asked: Asked) -> tuple[Scale, float]:
    """The scale of values in a unit and the whole of a share: as it is asked, else that on which verdicts are made.

    Units that the vocabulary does not know are levels.
    """
    if asked != "auto":
        scale: Scale = asked
    elif _is_share(unit):
        scale = "logit"
    else:
        scale = SCALES.get(units.units()[unit].dimension, "log") if unit in units.units() else "log"
    return scale, units.convert(1.0, "share", unit) if _is_share(unit) else 1.0


def _is_share(unit: str) -> bool:
    return unit in units.units() and units.unit(unit).dimension == "share"


def _in_one_unit(said: Sequence[str], y: Values) -> tuple[str, Values | None]:
    """Values in the unit that most of them have; None where there are units that cannot be turned into it."""
    (most, _), *others = Counter(said).most_common()
    if not others:
        return most, y
    known = units.units()
    if any(u not in known for u in (most, *(u for u, _ in others))) or not all(
        units.same_dimension(u, most) for u, _ in others
    ):
        return " and ".join(sorted(repr(u) for u in set(said))), None
    return most, np.array([units.convert(float(v), u, most) for u, v in zip(said, y, strict=True)])


def _longest(year: np.ndarray, there: np.ndarray) -> np.ndarray:
    """The places (k,) of the longest run of consecutive years that are there, the latest of several."""
    places = np.flatnonzero(there)
    runs = np.split(places, np.flatnonzero(np.diff(year[places]) != 1) + 1)
    return max(reversed(runs), key=len)


def told(used: Sequence[Stretch], left: Sequence[Left]) -> Iterator[str]:
    """What was left out, counted by reason, with the first of each."""
    cut = [s for s in used if s.cut]
    if cut:
        yield (
            f"Of {len(cut):,} series only the longest stretch without a gap or a value beyond the scale is used, such "
            f"as {cut[0].indicator}, {cut[0].entity}."
        )
    reasons: dict[str, list[Left]] = {}
    for one in left:
        reasons.setdefault(one.why, []).append(one)
    for why, those in reasons.items():
        eg = "such as " if len(those) > 1 else ""
        yield f"{len(those):,} series left out, {why}: {eg}{those[0].indicator}, {those[0].entity}."
