"""The cells of a text table or of an Excel workbook, as text, with the place of each for those who must mend it.

Of a formula the value is read that was stored with it, which is what Excel showed; nothing is ever computed. A
formula without one is read as its own text, an error as its name (#N/A): neither is a number.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import polars as pl

from zizhu.sources.files.archive import Member
from zizhu.sources.files.wrong_cells import Cause, NoNumber, WrongCells, no_number, shown, words
from zizhu.vocab.problems import Problem, ZizhuError

LARGEST = 2 << 30
"""Bytes of one text table: a dataflow of 10 million observations."""
Delimiter = Literal[",", ";", "\t", "|"]
DELIMITERS: tuple[Delimiter, ...] = get_args(Delimiter)
"""What stands between the cells of a text table."""
_QUOTED = re.compile(rb'"[^"]*"')
_MEND = "Mend the cell or get the file again."
_PLAIN = "Save it with a decimal point and with nothing between thousands."
_REMEDIES: Mapping[NoNumber, str] = {
    "error": "Mend the cell in the workbook.",
    "formula": "Open the workbook in Excel and save it.",
    "date": "Excel has made a date of it: give the cell the format of a number.",
    "other sign": _PLAIN,
    "thousands": _PLAIN,
    "mixed signs": _PLAIN,
}


@dataclass(frozen=True)
class Table:
    """Columns of stripped text, "" where a cell is empty. `first` is the number of the first row in the file."""

    frame: pl.DataFrame
    first: int
    where: str
    letters: bool = False

    def _place(self, row: int, column: str) -> str:
        """Where a cell stands in the table: the row as it is numbered there, and the column."""
        label = f"{letters(self.frame.columns.index(column))} ({column})" if self.letters else column
        return f"row {self.first + row}, column {label}"

    def require(self, wanted: Sequence[str]) -> None:
        """Raise ZizhuError with all columns of `wanted` that are not there."""
        have = [c for c in self.frame.columns if c]
        problems = [
            Problem(
                f"no column {name!r}",
                f"{self.where}, row {self.first - 1}",
                f"the columns {', '.join(wanted)}",
                f"It has {', '.join(have[:12])}: give the file as the producer publishes it.",
            )
            for name in wanted
            if name not in have
        ]
        if problems:
            raise ZizhuError(problems)

    def numbers(self, column: str, missing: Sequence[str] = ()) -> pl.Series:
        """The column as Float64, null where it is empty or in `missing`; raises ZizhuError at any other text."""
        return self.all_numbers([column], missing)[column]

    def all_numbers(self, columns: Sequence[str], missing: Sequence[str] = ()) -> dict[str, pl.Series]:
        """Several columns as `numbers` has them; raises ZizhuError with the wrong cells of all of them."""
        found, wrong = {}, WrongCells(self.where)
        for column in columns:
            texts = self.frame[column]
            given = texts.set(texts.is_in(["", *missing]), None)
            found[column] = given.cast(pl.Float64, strict=False)
            bad = given.is_not_null() & ~found[column].is_finite().fill_null(False)
            self._note(wrong, column, bad, _no_number)
        self._raise(wrong)
        return found

    def matching(self, column: str, pattern: str, expected: str) -> pl.Series:
        """The column, every cell of which matches the regular expression; raises ZizhuError with those that do not."""
        texts = self.frame[column]
        cause = Cause(f"is no {expected}", f"a {expected}", _MEND)
        self.refuse(column, ~texts.str.contains(f"^(?:{pattern})$"), cause)
        return texts

    def refuse(self, column: str, bad: pl.Series, cause: Cause) -> None:
        """Raise ZizhuError with the first bad cells of a column, and with how many there are."""
        wrong = WrongCells(self.where)
        self._note(wrong, column, bad, lambda _: cause)
        self._raise(wrong)

    def _note(self, wrong: WrongCells, column: str, bad: pl.Series, cause: Callable[[str], Cause]) -> None:
        texts = self.frame[column]
        for row in bad.arg_true():
            wrong.add(cause(texts[row]), shown(texts[row]), self._place(row, column))

    def _raise(self, wrong: WrongCells) -> None:
        if problems := wrong.problems():
            raise ZizhuError(problems)


def letters(index: int) -> str:
    """The letters of a column of a workbook, from 0.

    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')
    """
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def delimiter_of(line: str) -> Delimiter:
    """The delimiter that a line has most of."""
    return max(DELIMITERS, key=line.count)


def text_of(member: Member, largest: int = LARGEST) -> bytes:
    """All bytes of a text; raises ZizhuError where there are none, too many, or they are not UTF-8."""
    with member.open() as stream:
        content = stream.read(largest + 1)
    if len(content) > largest:
        raise ZizhuError(
            Problem(f"more than {largest:,} bytes", member.where, "a smaller table", "Download a part of it.")
        )
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ZizhuError(
            Problem(
                f"byte {error.start} is not UTF-8",
                f"{member.where}, row {line}",
                "UTF-8",
                "Save it as UTF-8.",
            )
        ) from error
    if not content.strip():
        raise ZizhuError(Problem("an empty file", member.where, "a table", "Download it again."))
    return content


def text_table(member: Member, begins: Callable[[Sequence[str]], bool], expected: str) -> Table:
    """The table of a text whose header is the first row of the first twenty that `begins` accepts.

    The delimiter is the one of , ; tab | that the header has most of. Raises ZizhuError where no row is a header,
    and for rows with more or fewer cells than it.
    """
    content = text_of(member)
    start = 0
    for number in range(1, 21):
        end = content.find(b"\n", start) + 1 or len(content)
        line = content[start:end].decode("utf-8").rstrip("\r\n")
        delimiter = delimiter_of(line)
        header = _cells(line, delimiter)
        if begins(header):
            return _text_table(content[end:], header, delimiter, number + 1, member.where)
        start = end
    raise ZizhuError(
        Problem(
            "no row with the names of the columns",
            f"{member.where}, rows 1 to 20",
            expected,
            "Give the file as the producer publishes it.",
        )
    )


def _cells(line: str, delimiter: str) -> list[str]:
    """The cells of one line; none of one that is not a row of a table."""
    try:
        return [c.strip() for c in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _text_table(content: bytes, header: list[str], delimiter: str, first: int, where: str) -> Table:
    unique_header(header, f"{where}, row {first - 1}")
    if not content.strip():
        raise ZizhuError(Problem("no rows", where, "a row for every observation", "Download it again."))
    _require_even(content, len(header), delimiter, first, where)
    names = [str(i) for i in range(len(header))]
    try:
        frame = pl.read_csv(
            io.BytesIO(content),
            has_header=False,
            separator=delimiter,
            infer_schema=False,
            schema=dict.fromkeys(names, pl.String),
        )
    except pl.exceptions.PolarsError as error:
        problem = Problem("a table that cannot be read", where, "rows of cells", "Check its quotes.")
        raise ZizhuError(problem) from error
    kept = {n: c for n, c in zip(names, header, strict=True) if c}
    texts = frame.select(pl.col(n).fill_null("").str.strip_chars().alias(c) for n, c in kept.items())
    return Table(texts, first, where)


def _require_even(content: bytes, width: int, delimiter: str, first: int, where: str) -> None:
    """Raise ZizhuError with the rows that have other cells than the header: short ones would be filled in silence."""
    bare = _QUOTED.sub(b"", content).rstrip(b"\r\n")
    counted = [row.count(delimiter.encode()) + 1 for row in bare.split(b"\n")]
    remedy = "The file may be cut short, or a cell with commas lacks its quotes: get it again."
    cause = Cause("", f"{width} cells as in the header", remedy, "such rows")
    wrong = WrongCells(where)
    for i, cells in enumerate(counted):
        if cells != width:
            wrong.add(cause, f"{cells} cells", f"row {first + i}")
    if problems := wrong.problems():
        raise ZizhuError(problems)


def unique_header(header: Sequence[str], where: str) -> None:
    """Raise ZizhuError for names of columns that stand there twice."""
    twice = [name for name, count in Counter(c for c in header if c).items() if count > 1]
    if twice:
        raise ZizhuError(
            [
                Problem(f"two columns {name!r}", where, "every name once", "Rename or remove one.")
                for name in twice
            ]
        )


def _no_number(text: str) -> Cause:
    kind = no_number(text)
    return Cause(words(kind), "a number such as 1234.5", _REMEDIES.get(kind, _MEND))


def base_name(member: Member) -> str:
    """The name of a member without its folders."""
    return member.name.replace("\\", "/").rpartition("/")[2]
