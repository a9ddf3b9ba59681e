"""The rows of a mapped table with its columns by role, and the faults of all of them collected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from zizhu.sources.files.wrong_cells import FIRST, Cause, NoNumber, no_number, words
from zizhu.sources.own import convert
from zizhu.sources.own.faults import Faults
from zizhu.sources.own.mapping import PLACES, TIMES, TRADERS, Column, TableMap
from zizhu.sources.own.own_file import OwnFile
from zizhu.sources.own.own_table import pieces
from zizhu.sources.own.piece import Piece
from zizhu.vocab import units
from zizhu.vocab.countries import countries, names
from zizhu.vocab.problems import Problem, ZizhuError, unknown

SHOWN = 20
"""Columns that are told one by one."""
_EXAMPLES = {".": "17,621,682.97 or 17621682.97", ",": "17.621.682,97 or 17621682,97"}
_MEND = "Mend the cell, or write it under missing of that column if it stands for no value."
_REMEDIES: Mapping[NoNumber, str] = {
    "formula": "Formulas are not computed: save the file with their values.",
    "other sign": "If it is the decimal sign, change decimal under layout; else mend the cells.",
    "mixed signs": "Mend the cells: it cannot be known which sign is the decimal one.",
}
_FORMULA = r"^[=+\-@\t]"
_TEXTS = (*PLACES, "indicator", "attribute", "product", "sector", "unit", "status")


@dataclass
class Told:
    """What was left out or done on the way, counted for the notes of the table."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def add(self, what: str, number: int, example: str = "") -> None:
        """Count `number` of `what` (a text with {n} in the place of the number)."""
        if number:
            self.counts[what] += number
            self.first.setdefault(what, example)

    def notes(self) -> list[str]:
        """A sentence for everything that was counted."""
        return [
            what.format(n=f"{n:,}") + (f" The first: {self.first[what][:80]}" if self.first[what] else "")
            for what, n in self.counts.items()
        ]


@dataclass(frozen=True)
class Rows:
    """A piece of the table, without the rows that are left out, and the conversions of its columns by role."""

    made: TableMap
    piece: Piece
    faults: Faults

    @property
    def height(self) -> int:
        """The number of rows."""
        return self.piece.frame.height

    def texts(self, column: Column) -> pl.Series:
        """The cells of a column, recoded; null where one is empty or stands for missing."""
        cells = self.piece.frame[column.name]
        absent = cells.is_in(["", *column.missing])
        if column.recode:
            cells = cells.replace(dict(column.recode))
        return cells.set(absent, None)

    def role(self, role: str) -> pl.Series:
        """The texts of the column of that role, or its constant in every row; null where there is neither."""
        column = self.made.one(role)
        if column is not None:
            return self.texts(column)
        return pl.Series([self.made.constants.get(role)], dtype=pl.String).new_from_index(0, self.height)

    def numbers(self, column: Column) -> pl.Series:
        """The numbers of a column times its scale; texts that are none are faults."""
        texts = self.texts(column)
        percents = column.unit in ("", "percent", "percentage points", "percent per year")
        found = convert.numbers(texts, self.made.layout.decimal, percents)
        bad = texts.is_not_null() & found.is_null()
        self.faults.add(self.piece, column.name, bad, self._no_number)
        return found * column.scale if column.scale != 1 else found

    def _no_number(self, text: str) -> Cause:
        decimal = self.made.layout.decimal
        kind = no_number(text, decimal)
        expected = f"a finite number with decimal {'commas' if decimal == ',' else 'points'}"
        example = f", such as {_EXAMPLES[decimal]}" if kind in ("other sign", "mixed signs") else ""
        return Cause(words(kind, decimal), f"{expected}{example}", _REMEDIES.get(kind, _MEND))

    def country(self, role: str) -> pl.Series:
        """Alpha-3 codes of the column or constant of a role; texts that are no country are faults."""
        column = self.made.one(role)
        codes = column.codes if column is not None else ""
        texts = self.role(role)
        found = convert.each(texts, lambda t: convert.country(t, codes) or convert.country(t, "iso3"))
        if column is None:
            return found
        what = f"is no country ({codes or 'name or iso3'})"
        expected = "a country; rows of totals and groups under omit"
        cause = Cause(what, expected, "Write it under omit or recode of that column.")
        self._refuse(column, found, cause, _nearest_countries)
        return found

    def economy(self, told: Told) -> pl.Series:
        """As `country`, but what is no single country (a group, the world) keeps its text and is counted."""
        column = self.made.one("country")
        if column is None:
            return self.country("country")
        texts = self.required("country")
        found = convert.each(texts, lambda t: convert.country(t, column.codes) or convert.country(t, "iso3"))
        others = texts.filter(found.is_null() & texts.is_not_null())
        what = "{n} rows of what is no single country of the vocabulary keep the text of the source."
        told.add(what, others.len(), *others.head(1).to_list())
        return found.fill_null(texts)

    def period(self) -> pl.Series:
        """Periods as observations have them; texts that are none are faults."""
        column = self.made.one("period") or self.made.one("year")
        if column is None:
            said = self.made.constants.get("year") or self.made.constants.get("period")
            return convert.each(pl.Series([said], dtype=pl.String), convert.period).new_from_index(
                0, self.height
            )
        of = convert.excel_day if column.codes == "excel" else convert.period
        found = convert.each(self.texts(column), of)
        hint = (
            "If it is Excel's count of days, write codes: excel."
            if column.codes != "excel"
            else "Mend the cell."
        )
        self._refuse(column, found, Cause("is no year or period", "2023, 2023Q1, 2023-03 or the like", hint))
        return found

    def product(self, revision: str) -> pl.Series:
        """Six-digit codes of the Harmonised System; texts that are none of that revision are faults."""
        column = self.made.one("product")
        digits = int((column.codes if column is not None else "").removeprefix("HS") or 6)
        texts = self.role("product")
        found = convert.each(texts, lambda t: convert.hs6(t, digits, revision))
        if column is not None:
            what = f"is no code of {revision} with {digits} digits"
            hint = (
                "Correct codes (HS6, HS8, HS10) or the revision; rows of chapters and totals go under omit."
            )
            self._refuse(column, found, Cause(what, f"a code of {digits} digits", hint))
        return found

    def flow(self) -> pl.Series:
        """`imports` or `exports`; other flows are faults."""
        column = self.made.one("flow")
        found = convert.each(self.role("flow"), convert.flow)
        if column is not None:
            hint = "Leave rows of other flows out: write the word under omit, or under recode."
            self._refuse(column, found, Cause("is neither imports nor exports", "imports or exports", hint))
        return found

    def required(self, role: str) -> pl.Series:
        """The texts of a role that must be there in every row."""
        column = self.made.one(role)
        found = self.role(role)
        if column is not None:
            self._refuse(column, found, Cause("says nothing", f"a {role} in every row", "Fill it in."))
        return found

    def _refuse(
        self, column: Column, found: pl.Series, cause: Cause, hint: Callable[[str], str] | None = None
    ) -> None:
        self.faults.add(self.piece, column.name, found.is_null(), cause, hint)


def _nearest_countries(text: str) -> str:
    return unknown("country", text, list(countries()), "", names()).remedy


def rows_of(own: OwnFile, made: TableMap, faults: Faults, told: Told) -> Iterator[Rows]:
    """The rows of the file a piece at a time, without blank ones, footnotes and those that are to be left out.

    Raises ZizhuError where the columns are not those of the map.
    """
    for i, piece in enumerate(pieces(own, made.layout)):
        if not i:
            _require_columns(piece, made, own.where)
        kept = _kept(piece, made, told)
        if kept.frame.height:
            yield Rows(made, kept, faults)


def _require_columns(piece: Piece, made: TableMap, where: str) -> None:
    there, mapped = piece.frame.columns, [c.name for c in made.columns]
    problems = [unknown("column", n, there, f"{where}, the map") for n in mapped if n not in there]
    problems += [
        Problem(
            f"column {n!r} is not in the map", where, "every column", "Add it, with role ignore at least."
        )
        for n in there
        if n not in mapped
    ]
    if problems:
        raise ZizhuError(problems[:SHOWN])


def _kept(piece: Piece, made: TableMap, told: Told) -> Piece:
    frame = piece.frame
    first, others = frame.columns[0], frame.columns[1:]
    blank = frame.select(pl.all_horizontal(pl.all() == "")).to_series()
    lone = frame.select(pl.all_horizontal(pl.col(others) == "") if others else pl.lit(False)).to_series()
    if lone.len() == 1 and frame.height != 1:
        lone = lone.new_from_index(0, frame.height)
    lone = lone & ~blank
    said = frame[first].filter(lone).head(1).to_list()
    told.add(
        "{n} rows with text in the first column alone were taken for footnotes and left out.",
        int(lone.sum()),
        *said,
    )
    drop = blank | lone
    for column in made.columns:
        if column.omit:
            hit = frame[column.name].is_in(list(column.omit)) & ~drop
            words = ", ".join(column.omit[:5])
            told.add(
                f"{{n}} rows were left out whose {_safe(column.name)} is one of: {_safe(words)}.",
                int(hit.sum()),
            )
            drop = drop | hit
    kept = frame.filter(~drop)
    for column in made.of(*_TEXTS):
        formulas = int(kept[column.name].str.contains(_FORMULA).sum())
        told.add(
            "{n} text cells begin with = + - or @; they are kept as text and were not evaluated.", formulas
        )
    return Piece(kept, piece.rows.filter(~drop))


def _safe(text: str) -> str:
    return text.replace("{", "(").replace("}", ")")


def constants_wrong(made: TableMap, where: str) -> Iterator[Problem]:
    """Constants that are no country, period, flow or product of their kind."""
    for name, text in made.constants.items():
        at = f"{where}, constants, {name}"
        if name in TRADERS and convert.country(text, "") is None:
            yield unknown("country", text, list(countries()), at, names())
        elif name in TIMES and convert.period(text) is None:
            yield Problem(f"{text!r} is no period", at, "2023, 2023Q1, 2023-03", "Correct it.")
        elif name == "flow" and convert.flow(text) is None:
            yield Problem(f"{text!r} is no flow", at, "imports or exports", "Correct it.")
        elif name == "product" and made.kind == "trade" and not _is_hs6(text, made):
            yield Problem(f"{text!r} is no product", at, "a six-digit code of the revision", "Correct it.")
    for column in made.columns:
        if column.period and convert.period(column.period) is None:
            at = f"{where}, column {column.name!r}"
            yield Problem(f"{column.period!r} is no period", at, "2023, 2023Q1, 2023-03", "Correct it.")


def _is_hs6(text: str, made: TableMap) -> bool:
    return convert.hs6(text, 6, made.constants.get("revision", "")) is not None


def duplicates(frame: pl.DataFrame, key: Sequence[str], faults: Faults) -> None:
    """Count rows that share a whole key with another; `frame` has the number of each row as `row`."""
    repeated = frame.drop_nulls(list(key)).filter(pl.struct(key).is_duplicated())
    if not repeated.height:
        return
    groups = repeated.group_by(key, maintain_order=True).agg(pl.col("row").sort())
    groups = groups.sort(pl.col("row").list.first())
    said = [
        f"rows {', '.join(f'{r:,}' for r in g['row'][:4])} have the same {', '.join(str(g[k]) for k in key)}"
        for g in groups.head(FIRST).iter_rows(named=True)
    ]
    remedy = (
        "Remove what repeats, give a column that tells them apart a role, or leave one kind out with omit."
    )
    faults.note(Cause("", f"one row for each {', '.join(key)}", remedy, "such groups"), said, groups.height)


def known_unit(column: Column, at: str) -> list[Problem]:
    """The problem of a unit that the vocabulary does not have."""
    if column.unit in units.units():
        return []
    if not column.unit:
        return [
            Problem("no unit", at, "the unit of its numbers", "Write it under unit, for example USD or t.")
        ]
    return [unknown("unit", column.unit, list(units.units()), at)]
