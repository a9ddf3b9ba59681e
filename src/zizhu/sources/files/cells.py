"""The cells of a text table or of an Excel workbook, as text, with the place of each for those who must mend it.

Of a formula the value is read that was stored with it, which is what Excel showed; nothing is ever computed. A
formula without one is read as its own text, an error as its name (#N/A): neither is a number.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from zizhu.sources.files.archive import Member
from zizhu.vocab.problems import Problem, ZizhuError

LARGEST = 2 << 30
"""Bytes of one text table: a dataflow of 10 million observations."""
DELIMITERS = ",;\t|"
_QUOTED = re.compile(rb'"[^"]*"')
SHOWN = 10
"""Faults of one column that are told one by one."""


@dataclass(frozen=True)
class Table:
    """Columns of stripped text, "" where a cell is empty. `first` is the number of the first row in the file."""

    frame: pl.DataFrame
    first: int
    where: str
    letters: bool = False

    def at(self, row: int, column: str) -> str:
        """Where a cell stands: the file, the sheet, the row as numbered there, and the column."""
        label = f"{letters(self.frame.columns.index(column))} ({column})" if self.letters else column
        return f"{self.where}, row {self.first + row}, column {label}"

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
        texts = self.frame[column]
        given = texts.set(texts.is_in(["", *missing]), None)
        found = given.cast(pl.Float64, strict=False)
        self.refuse(
            column,
            (given.is_not_null() & ~found.is_finite().fill_null(False)),
            "is no number",
            "a number such as 1234.5",
            _hint,
        )
        return found

    def matching(self, column: str, pattern: str, expected: str) -> pl.Series:
        """The column, every cell of which matches the regular expression; raises ZizhuError with those that do not."""
        texts = self.frame[column]
        self.refuse(
            column, ~texts.str.contains(f"^(?:{pattern})$"), f"is no {expected}", f"a {expected}", _hint
        )
        return texts

    def refuse(
        self, column: str, bad: pl.Series, what: str, expected: str, hint: Callable[[str], str]
    ) -> None:
        """Raise ZizhuError with the first bad cells of a column, and with how many more there are."""
        rows = bad.arg_true().to_list()
        if not rows:
            return
        texts = self.frame[column]
        problems = [
            Problem(f"{texts[r][:40]!r} {what}", self.at(r, column), expected, hint(texts[r]))
            for r in rows[:SHOWN]
        ]
        if len(rows) > SHOWN:
            more = f"{len(rows) - SHOWN:,} more cells of {column!r} like these"
            problems.append(Problem(more, self.where, expected, "Mend the column."))
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
        delimiter = max(DELIMITERS, key=line.count)
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
    wrong = [i for i, cells in enumerate(counted) if cells != width]
    if wrong:
        remedy = "The file may be cut short, or a cell with commas lacks its quotes: get it again."
        raise ZizhuError(
            Problem(
                f"{counted[i]} cells", f"{where}, row {first + i}", f"{width} cells as in the header", remedy
            )
            for i in wrong[:SHOWN]
        )


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


def _hint(text: str) -> str:
    if text.startswith("#"):
        return "The workbook has an error in this cell: mend it."
    if text.startswith("="):
        return "A formula without a stored value: open the workbook in Excel and save it."
    if "," in text:
        return "Is it a decimal comma, or a comma between thousands? Save it with a decimal point and without those."
    if len(text) >= 10 and text[4:5] == "-" and text[7:8] == "-":
        return "Excel has made a date of it: give the cell the format of a number."
    return "Mend the cell or get the file again."


def base_name(member: Member) -> str:
    """The name of a member without its folders."""
    return member.name.replace("\\", "/").rpartition("/")[2]
