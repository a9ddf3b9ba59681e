"""What is guessed of an unknown table: its form, its kind, and the role, codes and unit of each column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from zizhu.sources.own import details, guess, kinds, layout
from zizhu.sources.own.layout import Guess, Header
from zizhu.sources.own.looks import Look, look
from zizhu.sources.own.mapping import (
    Kind,
    Layout,
)
from zizhu.sources.own.measures import Measure
from zizhu.sources.own.own_file import OwnFile, opened, sheet_of
from zizhu.sources.own.own_table import pieces
from zizhu.sources.own.own_text import text_pieces
from zizhu.store import files
from zizhu.vocab.problems import Problem, ZizhuError

ROWS = 10_000
CELLS = 2_000_000
"""Cells of the sample of a very wide table."""
LOW = 0.8
"""Below this a guess is named on the terminal too."""


@dataclass(frozen=True)
class Drafted:
    """A column with what was guessed of it and what is odd in it."""

    look: Look
    role: Guess[str]
    codes: Guess[str]
    unit: Guess[Measure | None]
    period: str
    oddities: tuple[str, ...]


@dataclass(frozen=True)
class Draft:
    """All guesses of a table. `notes` are about the table as a whole."""

    path: Path
    sha256: str
    layout: Layout
    form: Mapping[str, Guess[str]]
    kind: Guess[Kind]
    columns: tuple[Drafted, ...]
    notes: tuple[str, ...]

    def doubtful(self) -> list[tuple[str, Guess[str]]]:
        """What was guessed with little confidence, by name."""
        named = [(f"the {k}", g) for k, g in self.form.items()]
        named.append(
            ("the kind of table", Guess(str(self.kind.value), self.kind.confidence, self.kind.reason))
        )
        for c in self.columns:
            named += [(f"column {c.look.name!r}", c.role), (f"the codes of {c.look.name!r}", _named(c.codes))]
            if c.unit.value:
                said = Guess(f"{c.unit.value.scale:g} {c.unit.value.unit}", c.unit.confidence, c.unit.reason)
                named.append((f"the unit of {c.look.name!r}", said))
        return [(n, g) for n, g in named if g.confidence < LOW]


def _named(codes: Guess[str]) -> Guess[str]:
    return codes if codes.value else replace(codes, value="not of the HS")


def draft(path: Path, kind: Kind | None = None, sheet: str = "", member: str = "") -> Draft:
    """Look at a table and guess how it is to be read; raises ZizhuError for what is no table."""
    own = opened(path, member)
    form, made, above = _layout(own, sheet, member)
    sample = _sample(own, made)
    names = sample.columns
    looks = [look(c, cells, len(names)) for c, cells in zip(names, sample.get_columns(), strict=True)]
    roles = [guess.role_of(x, names) for x in looks]
    chosen = Guess(kind, 1.0, "as --kind says") if kind else kinds.kind_of(roles, looks)
    fitted = kinds.fitted(chosen.value, roles, looks)
    told = layout.measures_above(above)
    columns = tuple(_drafted(x, g, told) for x, g in zip(looks, fitted, strict=True))
    notes = (*[f"above the table: {line}" for line in above if line], *_repeated(sample, columns))
    return Draft(path, files.sha256_of(path), made, form, chosen, columns, notes)


def _layout(own: OwnFile, sheet: str, member: str) -> tuple[dict[str, Guess[str]], Layout, tuple[str, ...]]:
    """How the file is written, with its reasons, and the lines above the table."""
    if own.form == "parquet":
        return {}, Layout(), ()
    if own.form == "workbook":
        found = sheet_of(own, sheet)
        top = layout.header(found.rows[: layout.LINES])
        made = Layout(sheet=found.name, header_row=top.value.row, skip_rows=top.value.skip)
        return {"row of the names": _told(top)}, made, top.value.above
    return _text_layout(own, member)


def _text_layout(own: OwnFile, member: str) -> tuple[dict[str, Guess[str]], Layout, tuple[str, ...]]:
    assert own.member is not None
    with own.member.open() as stream:
        coded = layout.encoding(stream)
    first = next(text_pieces(own, coded.value, 1 << 20), b"")
    lines = first.decode("utf-8").split("\n")[: layout.LINES]
    mark = layout.delimiter(lines)
    rows = layout.split(lines, mark.value)
    top = layout.header(rows)
    sign = layout.decimal(c.strip() for r in rows[top.value.row :] for c in r)
    made = Layout.model_validate(
        {
            "member": member,
            "encoding": coded.value,
            "delimiter": mark.value,
            "decimal": sign.value,
            "header_row": top.value.row,
            "skip_rows": top.value.skip,
        }
    )
    form = {"encoding": coded, "delimiter": mark, "decimal sign": sign, "row of the names": _told(top)}
    return form, made, top.value.above


def _told(top: Guess[Header]) -> Guess[str]:
    return Guess(str(top.value.row), top.confidence, top.reason)


def _sample(own: OwnFile, made: Layout) -> pl.DataFrame:
    """The first rows of the table, up to ROWS."""
    got: list[pl.DataFrame] = []
    for piece in pieces(own, made, 1 << 22):
        got.append(piece.frame)
        wanted = min(ROWS, max(200, CELLS // max(len(piece.frame.columns), 1)))
        if sum(f.height for f in got) >= wanted:
            break
    if not got or not sum(f.height for f in got):
        remedy = "Check the file, or map it with another sheet."
        raise ZizhuError(Problem("no rows below the names", own.where, "a table with rows", remedy))
    return pl.concat(got).head(wanted)


def _drafted(look: Look, role: Guess[str], told: str) -> Drafted:
    period = look.name.strip() if kinds.is_period(look.name) and role.value == "value" else ""
    unit = details.unit_of(look, role.value, told)
    return Drafted(
        look,
        role,
        details.codes_of(look, role.value),
        unit,
        period,
        tuple(details.oddities(look, role.value, unit.value)),
    )


def _repeated(sample: pl.DataFrame, columns: Sequence[Drafted]) -> Iterator[str]:
    """Whether rows of the sample share everything that tells rows apart."""
    numbers = (
        "value",
        "quantity",
        "lower",
        "upper",
        "attribute",
        "unit",
        "quantity_unit",
        "ignore",
        "status",
    )
    key = [c.look.name for c in columns if c.role.value not in numbers]
    if key:
        twice = int(sample.select(pl.struct(key).is_duplicated().sum()).item())
        if twice:
            yield f"{twice:,} of {sample.height:,} rows share {', '.join(key)} with another: adding refuses that"
    if any(" (2)" in c.look.name for c in columns):
        yield "names stand there twice; the second one of a name has (2) behind it"
