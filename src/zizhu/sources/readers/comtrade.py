"""UN Comtrade as countries report it: the CSV that users download by hand, or the programming interface writes.

The reporter's imports and exports stay apart. The user's key comes from the environment and goes nowhere but into
the call: what the interface prints, logs or raises is taken in and told without it.
"""

from __future__ import annotations

import contextlib
import csv
import importlib
import io
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from zizhu.sources.asking import Asked, Got, one_country_each
from zizhu.sources.catalogue import Entry
from zizhu.sources.files.archive import Member, blocks
from zizhu.sources.files.cells import delimiter_of
from zizhu.sources.files.wrong_cells import Cause, WrongCells
from zizhu.sources.net.http_headers import asked_name
from zizhu.sources.net.offline import cleaned
from zizhu.sources.readers.comtrade_rows import KEY, NEEDED, OPTIONAL, kept
from zizhu.sources.reading import Made, Request, SourceTable
from zizhu.store.files import make_folder, probe_folder, write_atomic
from zizhu.store.meta import Describe
from zizhu.tables.trade import REPORTED
from zizhu.vocab import countries
from zizhu.vocab.problems import Problem, ZizhuError

ENCODINGS = ("utf-8-sig", "latin-1")
_AGAIN = "Download the selection again, as CSV with all columns."


@dataclass(frozen=True)
class Wanted:
    """A selection: reporters as ISO3, products as HS codes, years; `classification` is HS or H0 to H6."""

    reporters: tuple[str, ...]
    products: tuple[str, ...]
    years: tuple[int, ...]
    classification: str = "HS"


def read(request: Request) -> Iterator[Made]:
    """One table: year, reporter, partner, flow, hs6, revision, value_usd, quantity_t, valuation.

    `flow` is import or export, value_usd in USD, quantity_t in metric tons (null: not known), `valuation` CIF or FOB
    (null: not said). Totals over partners, products, transport and customs are left out and counted in a note.
    Raises ZizhuError with all faults of all files: missing columns, cells that are no numbers, reports that repeat.
    """
    entry, problems, frames = request.entry, [], []
    for member in request.members:
        try:
            frames.append(_cells(member))
        except ZizhuError as error:
            problems += error.problems
    if problems or not frames:
        raise ZizhuError(problems or Problem("no file", entry.title, "a CSV of UN Comtrade", _AGAIN))
    rows, left_out, faults = kept(pl.concat(frames, how="diagonal"), entry.parameters, request.wants)
    if faults:
        raise ZizhuError(faults)
    edition = request.edition
    described = Describe(
        title="Imports and exports as reported to UN Comtrade",
        key=KEY,
        units=entry.parameters["units"],
        sources=(entry.source(edition).id,),
        flags={"kind": REPORTED, "revision": sorted(rows["revision"].unique()), "edition": edition},
        notes=(*map(str, entry.parameters["notes"]), *left_out),
    )
    yield {str(entry.parameters["table"]): SourceTable(rows, described).with_years(rows["year"])}


def _cells(member: Member) -> pl.DataFrame:
    """The needed columns as text, with `where` (the file) and `line`."""
    with member.open() as stream:
        raw = b"".join(blocks(stream, member.where))
    text = _decoded(raw)
    head = text.partition("\n")[0]
    delimiter = delimiter_of(head)
    names = [n.strip() for n in next(csv.reader([head], delimiter=delimiter), [])]
    missing = [n for n in NEEDED if n not in names]
    if missing:
        expected = f"columns {', '.join(NEEDED)}"
        raise ZizhuError(
            Problem(f"no column {', '.join(missing)}", f"{member.where}, line 1", expected, _AGAIN)
        )
    # a file of the page may end every line, but not the first, with a delimiter
    second = next(csv.reader([text.split("\n", 2)[1]], delimiter=delimiter), []) if "\n" in text else []
    spare = [" "] if len(second) == len(names) + 1 and not second[-1].strip() else []
    body = text.partition("\n")[2].encode()
    try:
        cells = pl.read_csv(
            io.BytesIO(body),
            has_header=False,
            schema=dict.fromkeys([*names, *spare], pl.String),
            separator=delimiter,
        )
    except pl.exceptions.PolarsError:
        raise ZizhuError(_ragged(body.decode(), [*names, *spare], delimiter, member.where)) from None
    wanted = [n for n in (*NEEDED, *OPTIONAL) if n in names]
    return cells.select(pl.col(wanted).str.strip_chars()).with_columns(
        pl.lit(member.where).alias("where"), (pl.int_range(pl.len()) + 2).alias("line")
    )


def _decoded(raw: bytes) -> str:
    for encoding in ENCODINGS:
        with contextlib.suppress(UnicodeDecodeError):
            return raw.decode(encoding).replace("\r\n", "\n")
    raise AssertionError("every byte is Latin-1")


def _ragged(text: str, names: Sequence[str], delimiter: str, where: str) -> list[Problem]:
    wrong = WrongCells(where)
    cause = Cause("", f"{len(names)} cells as in the first line", _AGAIN, "such lines")
    for line, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=2):
        if len(row) != len(names):
            wrong.add(cause, f"{len(row)} cells", f"line {line}")
    return wrong.problems() or [Problem("it cannot be read as a table", where, "a CSV", _AGAIN)]


def ask(asked: Asked, folder: Path) -> tuple[Got, ...]:
    """What the interface has of the products asked for, of these reporters and years, see `download`."""
    reporters = one_country_each(asked)
    if not asked.years:
        raise ZizhuError(
            Problem("no year", asked.entry.id, "--year, such as 2023; repeatable", "Name the years.")
        )
    wanted = Wanted(reporters, asked.what, asked.years)
    name = asked_name(*reporters, *asked.what, *map(str, asked.years), most=120)
    path = folder / f"TradeData-{name}.csv"
    return (Got(download(asked.entry, wanted, path, asked.tell), "https://comtradeapi.un.org"),)


def download(entry: Entry, wanted: Wanted, path: Path, tell: Callable[[str], None]) -> Path:
    """Ask the programming interface for the selection and keep its answer in `path`, a CSV that `read` takes.

    One call for each year and reporter, imports and exports together. The key is that of the environment variable
    that `entry.key` names. Raises ZizhuError without the key in it: for a missing key or package, an answer that is
    none, one that was cut at the most records of a call, and a folder that cannot be written, which is tried before
    a call is spent. Nothing is written then.
    """
    key = os.environ.get(entry.key, "").strip()
    if not key:
        what, remedy = "no key for UN Comtrade", "Register at comtradedeveloper.un.org and set the variable."
        raise ZizhuError(Problem(what, entry.id, f"the environment variable {entry.key}", remedy))
    ask = _interface()
    with _disk(path):
        make_folder(path.parent)
        probe_folder(path.parent)
    most = int(entry.parameters["most_records"])
    answers: list[pl.DataFrame] = []
    for year in wanted.years:
        for reporter in wanted.reporters:
            tell(f"UN Comtrade, {reporter} {year}")
            answers.append(_answer(ask, key, wanted, year, reporter, most))
    with _disk(path):
        write_atomic(path, pl.concat(answers, how="diagonal").write_csv().encode())
    return path


@contextlib.contextmanager
def _disk(path: Path) -> Iterator[None]:
    """Faults of the disk, said for people."""
    try:
        yield
    except OSError as error:
        what = f"cannot be written ({error.strerror or type(error).__name__})"
        raise ZizhuError(
            Problem(what, str(path), "a folder that can be written", "Make room or choose another folder.")
        ) from error


def _interface() -> Callable[..., Any]:
    try:
        found: Callable[..., Any] = importlib.import_module("comtradeapicall").getFinalData
    except ImportError:
        remedy = "pip install 'zizhu[comtrade]', or download the CSV by hand and add that."
        raise ZizhuError(
            Problem("the package comtradeapicall is not installed", "UN Comtrade", "that package", remedy)
        ) from None
    return found


def _answer(
    ask: Callable[..., Any], key: str, wanted: Wanted, year: int, reporter: str, most: int
) -> pl.DataFrame:
    where = f"UN Comtrade, {reporter} {year}"
    codes = ",".join(map(str, countries.country(reporter, where).baci))
    told = io.StringIO()
    failed = ""
    with _silent(told):
        try:
            answer = ask(
                key,
                typeCode="C",
                freqCode="A",
                clCode=wanted.classification,
                period=str(year),
                reporterCode=codes,
                cmdCode=",".join(wanted.products),
                flowCode="M,X",
                partnerCode=None,
                partner2Code="0",
                customsCode="C00",
                motCode="0",
                maxRecords=most,
                format_output="JSON",
                includeDesc=False,
            )
            found = None if answer is None else _frame(answer)
        except Exception as error:
            failed = f"{type(error).__name__}: {error}"
    # outside the except: an error raised here has no context that could carry the key
    if failed or found is None:
        said = cleaned(failed or told.getvalue().strip() or "no answer", (key,))[:300]
        remedy = "Check the key and the connection, wait for a day if calls are used up, or download by hand."
        raise ZizhuError(Problem(f"the interface failed: {said}", where, "an answer", remedy))
    if found.height >= most:
        remedy = "Ask for fewer products at a time."
        raise ZizhuError(Problem(f"an answer cut at {most:,} records", where, "fewer records", remedy))
    return found


def _frame(answer: Any) -> pl.DataFrame:
    """The answer, a pandas frame, as text; its own CSV writer spares a dependency."""
    text = str(answer.to_csv(index=False))
    return pl.read_csv(io.BytesIO(text.encode()), infer_schema=False) if text.strip() else pl.DataFrame()


@contextlib.contextmanager
def _silent(told: io.StringIO) -> Iterator[None]:
    """Take in what is printed, and let no logger speak: addresses of calls have the key in them."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
            yield
    finally:
        logging.disable(before)
