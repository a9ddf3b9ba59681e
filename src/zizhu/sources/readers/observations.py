"""Observations of indicators as every reader of them hands them over, and how a later release is added to them.

A row is one value of an indicator for an entity and a period in one vintage. Vintages are kept: a release adds rows
where it says something else than the release before it, and never changes a row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import polars as pl

from zizhu.sources.catalogue import Entry
from zizhu.sources.reading import Covers, Request, SourceTable
from zizhu.store.meta import Describe
from zizhu.vocab.countries import by_name, countries, folded, is_country
from zizhu.vocab.problems import Problem, ZizhuError

SCHEMA = {
    "indicator": pl.String,
    "entity": pl.String,
    "period": pl.String,
    "value": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "unit": pl.String,
    "status": pl.String,
    "vintage": pl.String,
    "source": pl.String,
    "published": pl.String,
}
KEY = ("indicator", "entity", "period", "vintage")
STATUSES = ("reported", "derived", "forecast")
PERIOD = r"\d{4}(?:-(?:Q[1-4]|S[12]|W\d{2}|\d{2}(?:-\d{2})?))?"
"""2019, 2019-Q1, 2019-S1 (half year), 2019-W07, 2019-03, 2019-03-31."""
VINTAGE = r"\d{4}(?:-\d{2}(?:-\d{2})?)?"
"""A date, or the part of it that is known; as texts these are in order of time."""
NOT_STATED = "not stated"
_SERIES = ["indicator", "entity", "period"]
_SAID = ["value", "lower", "upper", "unit", "status"]
_SLUG = re.compile(r"[^a-z0-9._-]+")


def years_of(frame: pl.DataFrame) -> pl.Series:
    """The years that the periods of observations lie in."""
    return frame["period"].str.slice(0, 4).cast(pl.Int32).unique().sort()


@dataclass(frozen=True)
class Observed:
    """Checked observations (SCHEMA, in key order) and what an analyst must know of how they were made."""

    frame: pl.DataFrame
    notes: tuple[str, ...]

    def years(self) -> list[int]:
        """The years that the periods lie in."""
        return years_of(self.frame).to_list()

    def table(
        self,
        request: Request,
        title: str,
        flags: Mapping[str, object] | None = None,
        notes: Sequence[str] = (),
    ) -> SourceTable:
        """The table as the store takes it, cited as the entry and edition of `request`."""
        described = Describe(
            title=title,
            key=KEY,
            units=dict.fromkeys(("value", "lower", "upper"), "as the column unit says"),
            sources=(source_id(request),),
            flags={
                "kind": "indicator",
                "vintages": sorted(self.frame["vintage"].unique()),
                **(flags or {}),
            },
            notes=(*notes, *self.notes),
        )
        return SourceTable(self.frame, described)


def source_id(request: Request) -> str:
    """The id under which the source of `request` is cited."""
    return request.entry.source(request.edition).id


def dated(request: Request, stated: str = "", today: date | None = None) -> tuple[str, str, tuple[str, ...]]:
    """Vintage, date of publication ("" if not known) and notes: the date that the source states, else that of the
    edition if it is a date, else today."""
    known = next((t for t in (stated, request.edition) if re.fullmatch(VINTAGE, t)), "")
    if known:
        return known, known, ()
    day = (today or date.today()).isoformat()
    return day, "", (f"The source states no date of release: the vintage is the day of reading, {day}.",)


def observed(
    rows: pl.DataFrame,
    request: Request,
    where: str,
    recode: Mapping[str, str] | None = None,
    iso2: bool = False,
) -> Observed:
    """Rows as read (indicator, entity, period, value, unit, vintage, published; status, lower, upper if they differ
    from reported and null) as observations of the years that `request` wants.

    Entities become ISO 3166 alpha-3 codes where `recode` or the vocabulary knows one country for them, and stay as
    they are where not. Empty values and rows that repeat another one are left out. All of these are counted in the
    notes. Raises ZizhuError with all that is wrong (see `check`), and where nothing is left.
    """
    found = rows.lazy()
    for name, default in (("status", "reported"), ("lower", None), ("upper", None)):
        if name not in rows.columns:
            found = found.with_columns(pl.lit(default).alias(name))
    if request.years:
        wanted = [str(y) for y in request.years]
        found = found.filter(pl.col("period").str.slice(0, 4).is_in(wanted))
    full = found.with_columns(source=pl.lit(source_id(request))).select(
        pl.col(c).cast(t) for c, t in SCHEMA.items()
    )
    given = full.collect()
    valued = given.filter(pl.col("value").is_not_null())
    coded = valued.with_columns(entity=_coded(valued["entity"], recode or {}, iso2))
    unique = coded.unique(maintain_order=True)
    notes = [*_notes(given, valued, coded, unique)]
    return Observed(check(unique, where), tuple(notes))


def check(frame: pl.DataFrame, where: str) -> pl.DataFrame:
    """The frame in key order; raises ZizhuError with all that is wrong with it: columns, rows without a key or unit,
    periods, vintages and statuses that are none, values that are not finite, bounds on the wrong side, keys that
    stand there twice."""
    if dict(frame.schema) != SCHEMA:
        expected = ", ".join(f"{c} {t}" for c, t in SCHEMA.items())
        found = ", ".join(f"{c} {t}" for c, t in frame.schema.items())
        raise ZizhuError(Problem(f"columns {found}", where, expected, "Mend the reader."))
    finite = [pl.col(c).is_finite().fill_null(c != "value") for c in ("value", "lower", "upper")]
    bounds = (pl.col("lower") <= pl.col("value")) & (pl.col("value") <= pl.col("upper"))
    rules = {
        "without indicator, entity or unit": ~pl.any_horizontal(
            pl.col("indicator", "entity", "unit").str.len_chars() == 0
        ),
        "with a period that is none": pl.col("period").str.contains(f"^{PERIOD}$"),
        "with a vintage that is no date": pl.col("vintage").str.contains(f"^{VINTAGE}$"),
        f"with a status other than {', '.join(STATUSES)}": pl.col("status").is_in(STATUSES),
        "with a value or bound that is no finite number": pl.all_horizontal(finite),
        "with a value outside its bounds": bounds.fill_null(True),
        "that share indicator, entity, period and vintage with another": ~pl.struct(KEY).is_duplicated(),
    }
    problems = [p for what, holds in rules.items() for p in _broken(frame, what, holds, where)]
    if not frame.height:
        problems.append(
            Problem("no observations", where, "at least one value", "Check the years and the file.")
        )
    if problems:
        raise ZizhuError(problems)
    return frame.sort(KEY)


def merge(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """`old` with the rows of `new` that say something else (value, bounds, unit, status) than the latest vintage of
    their series, entity and period, or are new altogether. No row of `old` changes or is lost.

    Raises ZizhuError where `new` has another value for a vintage that is there already, or for an earlier one: what
    an earlier release said after a later one was added cannot be known.
    """
    check(old, "the table as it is")
    check(new, "the table that is added")
    latest = old.sort("vintage").group_by(_SERIES).last().select(*_SERIES, "vintage", *_SAID)
    joined = new.join(latest, on=_SERIES, how="left", suffix="_old")
    same = pl.all_horizontal(pl.col(c).eq_missing(pl.col(f"{c}_old")) for c in _SAID)
    differing = joined.filter(pl.col("vintage_old").is_null() | ~same)
    late = differing.filter(pl.col("vintage") <= pl.col("vintage_old"))
    if late.height:
        raise ZizhuError(_too_late(late))
    return pl.concat([old, differing.select(old.columns)]).sort(KEY)


def withdrawn(old: pl.DataFrame, new: pl.DataFrame, covers: Covers) -> pl.DataFrame:
    """The (indicator, entity, period) of `old` that `new` speaks for and does not have any more, in key order.

    Only the last release can withdraw: one that is older than any that it is held against says nothing.
    """
    latest = old.filter(covers.holds()).group_by(_SERIES).agg(pl.col("vintage").max())
    release = str(new["vintage"].max())
    if any(vintage > release for vintage in latest["vintage"]):
        return latest.clear().select(_SERIES)
    gone = latest.filter(pl.col("vintage") < release).join(new, on=_SERIES, how="anti")
    return gone.select(_SERIES).sort(_SERIES)


def slug(text: str) -> str:
    """A text as the name of a table, or a part of one.

    >>> slug("OECD.STI:DSD_X@DF_Y(1.0)")
    'oecd.sti-dsd_x-df_y-1.0'
    """
    return _SLUG.sub("-", text.casefold()).strip("-._")


def table_name(*parts: str) -> str:
    """The name of a table of these parts, of at most 64 characters."""
    return slug("-".join(slug(p) for p in parts))[:64].rstrip("-._")


@cache
def _by_iso2() -> Mapping[str, str]:
    current = [c for c in countries().values() if c.status == "current"]
    return {folded(c.iso2): c.iso3 for c in current if c.iso2} | {c.m49: c.iso3 for c in current if c.m49}


def _coded(entities: pl.Series, recode: Mapping[str, str], iso2: bool) -> pl.Series:
    other = _by_iso2() if iso2 else {}

    def code(text: str) -> str:
        named = recode.get(text) or by_name().get(folded(text)) or other.get(folded(text)) or text
        return named if text in recode or is_country(named) else text

    distinct = entities.unique().to_list()
    return entities.replace_strict(distinct, [code(t) for t in distinct], return_dtype=pl.String)


def _notes(given: pl.DataFrame, valued: pl.DataFrame, coded: pl.DataFrame, unique: pl.DataFrame) -> list[str]:
    notes = []
    if empty := given.height - valued.height:
        notes.append(f"{empty:,} of {given.height:,} cells are empty and left out.")
    if twice := coded.height - unique.height:
        notes.append(f"{twice:,} rows repeat another row in every column and are left out.")
    others = [e for e in unique["entity"].unique().sort() if not is_country(e)]
    if others:
        rows = unique["entity"].is_in(others).sum()
        shown = ", ".join(others[:12]) + (", ..." if len(others) > 12 else "")
        total = unique["entity"].n_unique()
        notes.append(
            f"{len(others)} of {total} entities ({rows:,} rows) are no single country of the vocabulary and keep the "
            f"code of the source: {shown}."
        )
    return notes


def _broken(frame: pl.DataFrame, what: str, holds: pl.Expr, where: str) -> list[Problem]:
    bad = frame.filter(~holds.fill_null(False))
    if not bad.height:
        return []
    first = "; ".join(
        f"{i!r}, {e!r}, {p!r}: {v}" for i, e, p, v in bad.select(*_SERIES, "value").head(3).iter_rows()
    )
    return [Problem(f"{bad.height:,} rows {what}", where, "none", f"The first: {first[:300]}.")]


def _too_late(rows: pl.DataFrame) -> list[Problem]:
    return [
        Problem(
            f"{r['value']:g} for the vintage {r['vintage']}, where {r['vintage_old']} says {r['value_old']:g}",
            f"{r['indicator']}, {r['entity']}, {r['period']}",
            "a later vintage wherever a value differs",
            "Add releases in order of time, and give --edition YYYY-MM-DD to one that states no date of its own.",
        )
        for r in rows.head(5).iter_rows(named=True)
    ] + ([Problem(f"{rows.height:,} such rows", "in all", "none", "See above.")] if rows.height > 5 else [])


def parameters(entry: Entry, name: str) -> Mapping[str, str]:
    """A mapping of texts among the parameters of an entry, empty where there is none."""
    return {str(k): str(v) for k, v in dict(entry.parameters.get(name) or {}).items()}
