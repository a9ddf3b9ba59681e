"""Where and when dated texts use a phrase: counts, first and last use, each with its place and context.

Texts and phrases are compared as the gate compares quotes (case, width of characters, quotes, dashes, hyphens between
letters and white space beside Chinese say nothing; such a hyphen may stand for a blank), and traditional Chinese
characters as their simplified forms. A phrase that begins or ends with a letter or digit of a script with blanks is not
found inside a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import Field

from zizhu.ledger.models import Coverage, Figure, Record
from zizhu.ledger.result import Evidence, Explanation, Part, Result, first
from zizhu.read.corpora import ORDINALS, Columns, Corpus, Text, corpus
from zizhu.read.gate.fold import fold
from zizhu.read.model import Span
from zizhu.read.quoted import reference_to
from zizhu.read.words.han import simplified
from zizhu.store import Workspace
from zizhu.store.runs import make_run
from zizhu.vocab import periods
from zizhu.vocab.problems import Problem, ZizhuError

METHOD = "read.phrases"
KEY = ("phrase", "document")
OR = "|"
"""Stands between the forms of one phrase: `indigenous innovation|自主创新`."""
RATE = 10_000
AROUND = 30
"""Characters of the context on each side."""
UNITS = {"count": "uses", "rate": f"uses per {RATE:,} characters"}
_LETTER = r"[^\W_]"
_WIDE = r"\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Characters of scripts without blanks."""
_NOT_WIDE = re.compile(rf"[^\W_{_WIDE}]")
_HYPHEN = re.compile(rf"(?<=[^\W\d_{_WIDE}])[-\u2010\u2011](?=[^\W\d_{_WIDE}])")


class Params(Record):
    """What is asked: phrases, each with other forms of it behind `|`, in the corpus at `place`."""

    phrases: tuple[str, ...] = Field(min_length=1, max_length=50)
    place: str
    columns: Columns = Columns()
    language: str | None = None


@dataclass(frozen=True)
class Inputs:
    """The corpus, and what is looked for in it."""

    params: Params
    corpus: Corpus


def load(workspace: Workspace, params: Params) -> Inputs:
    """Read the corpus. Raises ZizhuError as `corpora.corpus` does, and for phrases that hold nothing."""
    del workspace
    _patterns(params.phrases)
    return Inputs(params, corpus(Path(params.place), params.columns, params.language))


def solve(inputs: Inputs) -> Result:
    """One row a phrase and text: uses, uses per 10,000 characters, their places, the context of the first."""
    patterns = _patterns(inputs.params.phrases)
    found = [row for text in inputs.corpus.texts for row in _rows(text, patterns)]
    frame = pl.DataFrame(found, schema=_SCHEMA, orient="row").sort(KEY)
    dated = sum(t.period is not None for t in inputs.corpus.texts)
    share = dated / len(inputs.corpus.texts)
    said = f"{dated:,} of {len(inputs.corpus.texts):,} texts have a date; the others are in no first or last use."
    notes = (*(_summary(frame, phrase) for phrase in patterns), *(f"{n}." for n in inputs.corpus.notes))
    return Result(
        frame,
        KEY,
        UNITS,
        "uses of the phrase as written, in each text",
        make_run(METHOD, inputs.params, (f"doc:{inputs.corpus.id}",), frame, KEY),
        coverage=(Coverage(what="dated texts", share=share, statement=said),),
        notes=notes,
        draw=_drawn,
        evidence=_evidence,
    )


_SCHEMA = {
    "phrase": pl.String,
    "document": pl.String,
    "title": pl.String,
    "period": pl.String,
    "count": pl.Int64,
    "rate": pl.Float64,
    "places": pl.String,
    "context": pl.String,
    "text_id": pl.String,
    "characters": pl.Int64,
}


def _rows(text: Text, patterns: Mapping[str, re.Pattern[str]]) -> Iterator[tuple[object, ...]]:
    for phrase, spans in uses(text.text, patterns).items():
        yield (
            phrase,
            text.name,
            text.title,
            text.period,
            len(spans),
            len(spans) / len(text.text) * RATE,
            " ".join(f"{s.start}-{s.end}" for s in spans),
            context(text.text, spans[0]) if spans else None,
            text.id,
            len(text.text),
        )


def uses(text: str, patterns: Mapping[str, re.Pattern[str]]) -> dict[str, list[Span]]:
    """The spans (code points) at which a text uses each phrase, none inside another of the same phrase."""
    found = _found(text, patterns)
    apart = _HYPHEN.sub(" ", text)
    if apart == text:
        return found
    # a hyphen says nothing (co-operation) or stands for a blank (Made-in-China 2025)
    more = _found(apart, patterns)
    return {p: _apart([*found[p], *(s for s in more[p] if _hyphened(text, s))]) for p in patterns}


def _hyphened(text: str, span: Span) -> bool:
    """Whether hyphens stand between the words of a span, and none joins it to a word beside it."""
    beside = _HYPHEN.match(text, max(span.start - 1, 0)) or _HYPHEN.match(text, span.end)
    return beside is None and _HYPHEN.search(text, *span) is not None


def _found(text: str, patterns: Mapping[str, re.Pattern[str]]) -> dict[str, list[Span]]:
    folded = fold(text)
    plain = folded.text.translate(simplified())
    return {
        phrase: [Span(*folded.raw(*m.span())) for m in pattern.finditer(plain) if folded.whole(*m.span())]
        for phrase, pattern in patterns.items()
    }


def _apart(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, of those that overlap the first."""
    kept: list[Span] = []
    for span in sorted(set(spans), key=lambda s: (s.start, -s.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _patterns(phrases: Sequence[str]) -> dict[str, re.Pattern[str]]:
    """What finds each phrase in a folded text. Raises ZizhuError for phrases of blanks and marks alone."""
    problems = []
    found: dict[str, re.Pattern[str]] = {}
    for phrase in phrases:
        forms = [fold(form.strip()).text.translate(simplified()) for form in phrase.split(OR)]
        if not all(re.search(_LETTER, form) for form in forms):
            problems.append(Problem(f"{phrase!r:.60} says nothing", "phrase", "words", "Write words."))
            continue
        # a longer form first: it may begin with a shorter one
        found[phrase] = re.compile(OR.join(map(_pattern, sorted(set(forms), key=lambda f: (-len(f), f)))))
    if problems:
        raise ZizhuError(problems)
    return found


def _pattern(form: str) -> str:
    before = f"(?<!{_NOT_WIDE.pattern})" if _NOT_WIDE.match(form[0]) else ""
    after = f"(?!{_NOT_WIDE.pattern})" if _NOT_WIDE.match(form[-1]) else ""
    return f"{before}{re.escape(form)}{after}"


def context(text: str, span: Span) -> str:
    """The words around a use, on one line, with the use in brackets."""
    before, after = text[max(0, span.start - AROUND) : span.start], text[span.end : span.end + AROUND]
    return " ".join(f"{before}[{text[slice(*span)]}]{after}".split())


def order(period: str) -> tuple[int, str]:
    """By what texts are ordered in time: the last day of their period, or their number."""
    if period.isdecimal() and int(period) in ORDINALS:
        return int(period), ""
    return periods.parse(period).end.toordinal(), period


def step(period: str) -> str:
    """The year of a period, or the number of an ordinal: the steps of a figure."""
    return period if period.isdecimal() else str(periods.parse(period).end.year)


def used(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows with a use, by phrase and in time; texts without a date last."""
    return _in_time(frame.filter(pl.col("count") > 0))


def _in_time(frame: pl.DataFrame) -> pl.DataFrame:
    rank = {p: i for i, p in enumerate(sorted(frame["period"].drop_nulls().unique(), key=order))}
    ranked = frame.with_columns(
        pl.col("period").replace_strict(rank, default=None, return_dtype=pl.Int64).alias("rank")
    )
    return ranked.sort("phrase", "rank", "document", nulls_last=True).drop("rank")


def by_step(frame: pl.DataFrame) -> pl.DataFrame:
    """Uses of each phrase by year (or number), with those per 10,000 characters of all its texts."""
    dated = frame.filter(pl.col("period").is_not_null())
    steps = {p: step(p) for p in dated["period"].unique()}
    summed = (
        dated.with_columns(pl.col("period").replace_strict(steps, return_dtype=pl.String))
        .group_by("phrase", "period")
        .agg(pl.len().alias("texts"), pl.col("count").sum(), pl.col("characters").sum())
        .with_columns((pl.col("count") / pl.col("characters") * RATE).alias("rate"), document=pl.lit(""))
    )
    return _in_time(summed).select("phrase", "period", "texts", "count", "rate")


def contexts(
    inputs: Inputs, rows_of: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[str, str, str, str, str]]:
    """Every use in the rows: phrase, period, document, place and context."""
    texts = {t.name: t.text for t in inputs.corpus.texts}
    for row in rows_of:
        for span in _spans(row["places"]):
            place, told = f"{span.start}-{span.end}", context(texts[row["document"]], span)
            yield row["phrase"], row["period"] or "", row["document"], place, told


def _spans(places: str) -> list[Span]:
    return [Span(*map(int, place.split("-"))) for place in places.split()]


def explain(inputs: Inputs, result: Result, key: str, column: str, top: int = 20) -> Explanation:
    """A count opens into the uses, each with its context; a rate into the count and the length of the text."""
    row = result.row(key)
    text = next(t for t in inputs.corpus.texts if t.name == row["document"])
    said = f"{row['phrase']!r} in {text.title or text.name}{f', {text.period}' if text.period else ''}."
    if column == "rate":
        of = Part(
            result.ref(row, "count"),
            f"uses in {row['characters']:,} characters",
            row["count"],
            None,
            unit="uses",
        )
        return result.opened(row, column, said, (of,))
    spans = _spans(row["places"])
    parts, left = first(
        [
            Part(
                reference_to(text.id, s),
                f"{s.start:,}-{s.end:,}: {context(text.text, s)}",
                1.0,
                1 / len(spans),
            )
            for s in spans
        ],
        top,
    )
    return result.opened(row, column, said, parts, left)


def _evidence(result: Result, row: Mapping[str, Any]) -> Evidence:
    label = f"{row['phrase']} in {row['title'] or row['document']}"
    return Evidence(label, result.ref(row, "count"), result.run.inputs)


def _summary(frame: pl.DataFrame, phrase: str) -> str:
    """`'x': 12 uses in 3 of 40 texts, first 2015 (a), last 2018 (b).`"""
    of = frame.filter(pl.col("phrase") == phrase)
    rows_of = used(of)
    if rows_of.is_empty():
        return f"{phrase!r}: in none of {of.height:,} texts."
    dated = [r for r in rows_of.iter_rows(named=True) if r["period"]]
    ends = (("first", dated[0]), ("last", dated[-1])) if dated else ()
    told = "".join(f", {word} {r['period']} ({r['title'] or r['document']})" for word, r in ends)
    many = rows_of["count"].sum()
    uses = f"{many:,} use{'s' * (many != 1)}"
    return f"{phrase!r}: {uses} in {rows_of.height:,} of {of.height:,} texts{told}."


def _drawn(result: Result) -> Figure:
    """A line a phrase over years (or numbers)."""
    steps = by_step(result.frame)
    return Figure(
        kind="lines",
        title="Uses over time",
        sentence=" ".join(n for n in result.notes if n.startswith(("'", '"'))),
        unit=UNITS["rate"],
        basis=result.basis,
        rows=tuple(steps.iter_rows(named=True)),
        encoding={"x": "period", "y": "rate", "series": "phrase"},
        sources=(),
    )
