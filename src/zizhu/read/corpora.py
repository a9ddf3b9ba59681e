"""Dated texts: the documents of a folder, or the rows of a Parquet or CSV file that has a column of texts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zizhu.ledger.models import Record
from zizhu.read.documents.decode import decoded
from zizhu.read.documents.folder import files_of, from_path
from zizhu.read.documents.opened import LARGEST
from zizhu.read.model import Document
from zizhu.vocab import periods
from zizhu.vocab.packfiles import rows
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, nearest

if TYPE_CHECKING:
    import polars as pl

TABLES = (".parquet", ".csv", ".tsv")
ROLES = ("text", "date", "title")
ORDINALS = range(1, 1000)
"""Numbers that are no years: those of congresses, plans and sessions."""
_WHOLE = re.compile(r"(\d{1,4})(?:\.0+)?")
_CLOCK = re.compile(r"(\d{4}-\d{2}-\d{2})[T ].*")
_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d{2}(?:-\d{2}(?:-\d{2})?)?)(?![\d-])")


class Columns(Record):
    """The columns of a table, where they are not called as one would expect."""

    text: str = ""
    date: str = ""
    title: str = ""


@dataclass(frozen=True)
class Text:
    """A text with its date: EDTF, or the number of an ordinal (`18` of a congress); None where it has none.

    `id` is the hash of its bytes (of a row, of its text).
    """

    id: str
    name: str
    title: str
    period: str | None
    text: str


@dataclass(frozen=True)
class Corpus:
    """Texts in the order of their names. `id` is a hash of all of them; `notes` tell what could not be read."""

    id: str
    texts: tuple[Text, ...]
    notes: tuple[str, ...] = ()


def corpus(place: Path, columns: Columns | None = None, language: str | None = None) -> Corpus:
    """The texts of a folder, or of a table.

    Raises ZizhuError for a place that is neither, or columns that it does not have, CannotAnswer for one without text.
    """
    if place.is_dir():
        found = _of_folder(place, language)
    elif place.suffix.casefold() in TABLES and place.is_file():
        found = _of_table(place, columns or Columns())
    else:
        what = "no such file or folder" if not place.exists() else "neither a folder nor a table"
        raise ZizhuError(
            Problem(
                what,
                str(place)[:200],
                f"a folder, or a file ending in {', '.join(TABLES)}",
                "Choose another.",
            )
        )
    if not found.texts:
        raise CannotAnswer(Problem("no text", str(place), "texts", "Choose another corpus."))
    return found


def _corpus(texts: Iterable[Text], notes: Iterable[str]) -> Corpus:
    ordered = tuple(texts)
    said = "\n".join(f"{t.id} {t.name} {t.period}" for t in ordered)
    return Corpus(hashlib.sha256(said.encode("utf-8", "replace")).hexdigest(), ordered, tuple(notes))


def _of_folder(place: Path, language: str | None) -> Corpus:
    """Documents under their paths in the folder; where one states no day, a year in its name is its date."""
    texts, unread, by_name = [], [], 0
    for file in files_of(place):
        name = str(file.relative_to(place))
        try:
            document = from_path(file, language=language)
        except ZizhuError as error:
            unread.append(f"{name} ({error.problems[0].what})")
            continue
        period = document.published.edtf if document.published else _in_name(file.stem)
        by_name += document.published is None and period is not None
        texts.append(_text(document, name, period))
    notes = [f"{by_name:,} texts that state no day are dated by their names"] if by_name else []
    notes += [f"{len(unread):,} files could not be read: {', '.join(unread[:5])}"] if unread else []
    return _corpus(texts, notes)


def _text(document: Document, name: str, period: str | None) -> Text:
    return Text(document.id, name, document.title, period, document.text)


def _in_name(stem: str) -> str | None:
    found = _IN_NAME.findall(stem)
    return _period(found[0]) if len(found) == 1 else None


def _of_table(place: Path, columns: Columns) -> Corpus:
    frame = _frame(place)
    named = _named(frame.columns, columns, str(place))
    cells = {role: [_cell(v) for v in frame[name]] for role, name in named.items()}
    dates = _dates(cells["date"])
    titles = cells.get("title") or [""] * frame.height
    every = zip(cells["text"], titles, dates, strict=True)
    width = len(str(frame.height))
    texts = [
        Text(_digest(text), f"row {number:0{width}}", title, period, text)
        for number, (text, title, period) in enumerate(every, start=1)
        if text.strip()
    ]
    empty = frame.height - len(texts)
    return _corpus(texts, [f"{empty:,} rows have no text"] if empty else [])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _frame(place: Path) -> pl.DataFrame:
    import io

    import polars as pl

    try:
        if place.stat().st_size > LARGEST:
            raise ZizhuError(
                Problem(
                    f"{place.stat().st_size:,} bytes", str(place), f"at most {LARGEST >> 20} MB", "Split it."
                )
            )
        if place.suffix.casefold() == ".parquet":
            return pl.read_parquet(place)
        text = decoded(place.read_bytes(), str(place)).text.removeprefix("\ufeff")
        separator = "\t" if place.suffix.casefold() == ".tsv" else ","
        return pl.read_csv(io.BytesIO(text.encode()), separator=separator, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ZizhuError(
            Problem(f"cannot be read ({said})", str(place), "a Parquet or CSV file", "Check the file.")
        ) from error


def _named(have: Sequence[str], columns: Columns, where: str) -> dict[str, str]:
    """The column of each role: the one that is stated, or the first that is called as one would expect."""
    problems, found = [], {}
    for role in ROLES:
        stated = getattr(columns, role)
        name = stated if stated in have else None if stated else _expected(role, have)
        if name is not None:
            found[role] = name
        elif stated or role != "title":
            close = nearest(stated, have) if stated else list(have)[:8]
            problems.append(
                Problem(
                    f"no column {stated!r}" if stated else f"no column is called as one of {role}s",
                    where,
                    f"--{role}-column NAME",
                    f"{'Nearest' if stated else 'It has'}: {', '.join(close)}.",
                )
            )
    if problems:
        raise ZizhuError(problems)
    return found


def _expected(role: str, have: Sequence[str]) -> str | None:
    folded = {name.strip().casefold().replace("_", " "): name for name in reversed(have)}
    words = (row["name"] for row in rows("read/corpus_columns.csv") if row["role"] == role)
    return next((folded[word] for word in words if word in folded), None)


def _dates(cells: Sequence[str]) -> list[str | None]:
    """Periods, or where all dates are small whole numbers, these."""
    filled = [c.strip() for c in cells if c.strip()]
    whole = [_WHOLE.fullmatch(c) for c in filled]
    if filled and all(m and int(m[1]) in ORDINALS for m in whole):
        return [m[1] if (m := _WHOLE.fullmatch(c.strip())) else None for c in cells]
    return [_period(c.strip()) for c in cells]


def _period(said: str) -> str | None:
    """A date as EDTF, None for what is none; a time of day is left off."""
    clock, whole = _CLOCK.fullmatch(said), _WHOLE.fullmatch(said)
    edtf = (
        clock[1] if clock else whole[1] if whole else said.replace("/", "-") if said.count("/") == 2 else said
    )
    try:
        periods.parse(edtf)
    except ZizhuError:
        return None
    return edtf
