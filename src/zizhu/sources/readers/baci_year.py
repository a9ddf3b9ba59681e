"""One year of BACI: the text of a CSV in pieces, its numbers packed, checked, sorted and turned into codes.

Numbers are sorted before they become codes, so that the largest year (11 million flows, 350 MB of text) fits
in about a gigabyte.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from zizhu.sources.files.archive import Member, blocks
from zizhu.vocab.problems import Problem, ZizhuError

USD_A_THOUSAND = 1000
COLUMNS = ("t", "i", "j", "k", "v", "q")
MOST, SHOWN = 50, 5
"""Kinds of faults after which reading stops, and lines that each of them shows."""
PIECE = 4 << 20
"""Bytes of text that are parsed at a time."""
LARGE = 1 << 22
"""Flows that are kept in one piece at least."""
CODES = 10_000
"""One more than the largest country code."""
UNKNOWN = ("", "NA")
GET_AGAIN = "Get the file again from the producer, without opening it in a spreadsheet."
_CODE = re.compile(r"[0-9A-Z]{1,6}")
_BITS = 10
"""Bits of a country's rank in a packed key: 1,024 economies."""
_LARGEST = 9e15
"""USD of one flow that are exact as a float and fit in 64 bits."""


@dataclass(frozen=True)
class Economies:
    """What the country codes of the files stand for: `iso3` by code."""

    iso3: Mapping[int, str]
    own: tuple[str, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The ISO3 codes in alphabetical order; the place of one is its rank."""
        return tuple(sorted(set(self.iso3.values())))

    @cached_property
    def rank(self) -> NDArray[np.int64]:
        """Rank by country code, shape (CODES,); -1 for a code that stands for nothing."""
        place = {iso3: rank for rank, iso3 in enumerate(self.names)}
        ranks = np.full(CODES, -1, dtype=np.int64)
        for code, iso3 in self.iso3.items():
            ranks[code] = place[iso3]
        return ranks

    def shared(self) -> dict[str, tuple[int, ...]]:
        """The codes of each ISO3 that has several."""
        found: dict[str, list[int]] = {}
        for code, iso3 in sorted(self.iso3.items()):
            found.setdefault(iso3, []).append(code)
        return {iso3: tuple(codes) for iso3, codes in sorted(found.items()) if len(codes) > 1}


def read_year(
    member: Member, year: int, revision: str, economies: Economies, tell: Callable[[str], None]
) -> pl.DataFrame:
    """The flows of one file in canonical form, in order of hs6, exporter, importer.

    Raises ZizhuError with the faults of all its lines.
    """
    faults = Faults(member.where)
    pieces = _packed(member, year, economies, faults)
    if not pieces and not faults.found:
        faults.add("no flows", "a line for each flow", GET_AGAIN)
    if not faults.found:
        flows = _sorted(pieces)
        _check_repeated(flows, faults)
    if faults.found:
        raise ZizhuError(faults.problems())
    return _unpacked(_added(flows, economies, tell, member), year, revision, economies)


@dataclass
class Packed:
    """Flows as numbers, shapes (n,): key (product, exporter, importer), pair (their codes), line, v (USD), q (tons).

    NaN is a quantity that is not known. `line` is the place in the file, from 0, once they are sorted.
    """

    key: NDArray[np.int64]
    pair: NDArray[np.int32]
    v: NDArray[np.int64]
    q: NDArray[np.float64]
    line: NDArray[np.uint32] | None = None


class Faults:
    """What is wrong with a file, by kind: how often, and the first lines."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.found: dict[tuple[str, str, str], tuple[str, int, list[int]]] = {}

    def add(self, what: str, expected: str, remedy: str, lines: Sequence[int] = (), cause: str = "") -> None:
        """Note that `what` is wrong in these lines; of one `cause` the first is told."""
        key = (cause or what, expected, remedy)
        told, count, first = self.found.get(key, (what, 0, []))
        self.found[key] = told, count + len(lines), [*first, *lines][:SHOWN]

    def problems(self) -> list[Problem]:
        """One problem a kind."""
        return [
            Problem(
                f"{what} ({count:,} lines)" if count > 1 else what,
                f"{self.where}, line {', '.join(map(str, lines))}" if lines else self.where,
                expected,
                remedy,
            )
            for (_, expected, remedy), (what, count, lines) in list(self.found.items())[:MOST]
        ]


def _packed(member: Member, year: int, economies: Economies, faults: Faults) -> list[Packed]:
    """The flows of the file in pieces of whole lines."""
    pieces: list[Packed] = []
    fresh: list[Packed] = []
    line = 2
    with member.open() as stream:
        texts = blocks(stream, member.where, PIECE)
        head, _, rest = next(texts, b"").partition(b"\n")
        columns = _header(head, faults)
        for text in (rest, *texts) if columns else ():
            if body := text.translate(None, b"\r").rstrip(b"\n"):
                cells = _parsed(body, columns, line, faults)
                if cells is not None:
                    fresh.append(_checked(cells, year, economies, line, faults))
            line += text.count(b"\n")
            if len(faults.found) >= MOST:
                break
            if sum(len(p.key) for p in fresh) > LARGE:
                pieces.append(_joined(fresh))
    return [*pieces, _joined(fresh)] if fresh else pieces


def _joined(pieces: list[Packed]) -> Packed:
    """One piece of several, which are taken apart: many small arrays would leave holes in the memory."""
    columns = [np.concatenate([vars(p).pop(name) for p in pieces]) for name in ("key", "pair", "v", "q")]
    pieces.clear()
    return Packed(*columns)


def _sorted(pieces: list[Packed]) -> Packed:
    """The flows in order of their keys; the pieces are taken apart, a column at a time, to save memory."""
    flows = _joined(pieces)
    order = np.argsort(flows.key, kind="stable").astype(np.uint32)
    for name in ("key", "pair", "v", "q"):
        setattr(flows, name, getattr(flows, name)[order])
    flows.line = order
    return flows


def _check_repeated(flows: Packed, faults: Faults) -> None:
    """Note the lines whose product, exporter's and importer's code another line has too."""
    again = np.flatnonzero(np.diff(flows.key) == 0)
    if not again.size or flows.line is None:
        return
    near = np.union1d(again, again + 1)
    pairs = pl.DataFrame({"key": flows.key[near], "pair": flows.pair[near], "line": flows.line[near]})
    twice = pairs.filter(pl.struct("key", "pair").is_duplicated())["line"].sort()
    if twice.len():
        remedy = "Remove what is repeated."
        faults.add("the same flow again", "one line a flow", remedy, [n + 2 for n in twice])


def _added(flows: Packed, economies: Economies, tell: Callable[[str], None], member: Member) -> Packed:
    """The sorted flows with one row a key: those of codes that stand for one economy are added."""
    first = np.concatenate([[True], np.diff(flows.key) != 0])
    met = int((~first).sum())
    if not met:
        return flows
    shared = ", ".join(economies.shared())
    tell(f"{member.name}: {met:,} flows added to another of the same economy ({shared})")
    begins = np.flatnonzero(first)
    known = np.add.reduceat((~np.isnan(flows.q)).astype(np.int64), begins)
    tons = np.add.reduceat(np.nan_to_num(flows.q), begins)
    value = np.add.reduceat(flows.v, begins)
    return Packed(flows.key[begins], flows.pair[begins], value, np.where(known > 0, tons, np.nan))


def _header(line: bytes, faults: Faults) -> list[str]:
    names = [c.strip().strip('"').casefold() for c in line.decode("utf-8-sig", "replace").split(",")]
    if sorted(names) == sorted(COLUMNS):
        return names
    shown = line[:80].decode("utf-8", "replace").strip()
    what = "semicolons between the cells" if ";" in shown else f"a first line {shown!r}"
    faults.add(what, f"the columns {','.join(COLUMNS)}", GET_AGAIN, [1])
    return []


def _parsed(body: bytes, columns: list[str], line: int, faults: Faults) -> pl.DataFrame | None:
    """The cells of whole lines, t, i, j, v and q as numbers; None where a line is no row of numbers."""
    types = {"t": pl.Int32, "i": pl.Int32, "j": pl.Int32, "k": pl.String, "v": pl.Float64}
    unknown = pl.String if b"NA" in body else pl.Float64
    schema = {c: types.get(c, unknown) for c in columns}
    try:
        cells = pl.read_csv(io.BytesIO(body), has_header=False, schema=schema, quote_char=None)
        blank = pl.col("q").str.strip_chars().replace(list(UNKNOWN), [None, None])
        if unknown == pl.String:
            cells = cells.with_columns(blank.cast(pl.Float64, strict=True))
    except pl.exceptions.PolarsError:
        _faulty(body, columns, line, faults)
        return None
    whole = body.count(b"\n") + 1 == cells.height and body.count(b",") == 5 * cells.height
    holes = any(cells[c].null_count() for c in COLUMNS[:5])
    if whole and not holes:
        return cells
    _faulty(body, columns, line, faults)
    return None


def _faulty(body: bytes, columns: list[str], line: int, faults: Faults) -> None:
    """Note every line of the piece that is no row of numbers."""
    for number, text in enumerate(body.split(b"\n"), start=line):
        cells = [c.strip() for c in text.decode("utf-8", "replace").split(",")]
        if len(cells) != len(columns):
            expected = "six cells: is the line cut, blank, or a comma a decimal sign?"
            faults.add(f"{len(cells)} cells", expected, GET_AGAIN, [number])
            continue
        for name, cell in zip(columns, cells, strict=True):
            if not _fits(name, cell):
                what = f"{cell[:40]!r} in column {name}"
                faults.add(
                    what, "a code" if name == "k" else "a number", GET_AGAIN, [number], f"column {name}"
                )


def _fits(column: str, cell: str) -> bool:
    if column == "k":
        return _CODE.fullmatch(cell) is not None
    if column == "q" and cell in UNKNOWN:
        return True
    try:
        return math.isfinite(float(cell)) and "_" not in cell if column in "vq" else -1 < int(cell) < 2**31
    except ValueError:
        return False


def _checked(cells: pl.DataFrame, year: int, economies: Economies, line: int, faults: Faults) -> Packed:
    """The piece packed; what its numbers say is wrong goes to `faults`."""
    usd = (cells["v"] * USD_A_THOUSAND).round().to_numpy()
    code = cells["k"].str.strip_chars()
    product = code.str.zfill(6).str.to_integer(base=36, dtype=pl.Int64, strict=False).to_numpy()
    ranks = [_ranks(cells[c].to_numpy(), economies) for c in ("i", "j")]
    _note_odd(cells, usd, code, year, line, faults)
    _note_strangers(cells, ranks, line, faults)
    numbers = np.nan_to_num(usd, nan=0, posinf=0, neginf=0)
    key = (np.nan_to_num(product).astype(np.int64) << 2 * _BITS) | (ranks[0] << _BITS) | ranks[1]
    # copies, so that no piece holds on to the memory of its text
    return Packed(
        key,
        (cells["i"] * CODES + cells["j"]).to_numpy().astype(np.int32),
        np.minimum(numbers, _LARGEST).astype(np.int64),
        cells["q"].to_numpy().astype(np.float64),
    )


def _note_odd(
    cells: pl.DataFrame, usd: NDArray[np.float64], code: pl.Series, year: int, line: int, faults: Faults
) -> None:
    """Note years, codes of products, values (USD) and quantities that no flow has."""
    tons = cells["q"].fill_null(0.0).to_numpy()
    said = f"{year} in column t, as the name of the file says"
    tonnage = ~((tons >= 0) & (tons < np.inf))
    for what, expected, bad in (
        (f"another year than {year}", said, cells["t"] != year),
        ("a product code that is none", "six digits", ~code.str.contains(r"^[0-9A-Z]{1,6}$")),
        ("a value that is not positive", "a value above zero", ~(usd > 0)),
        ("a value beyond all trade", f"less than {_LARGEST:.0e} USD", ~(usd < _LARGEST)),
        ("a quantity that is negative or no number", "tons, blank if not known", tonnage),
    ):
        if bad.any():
            faults.add(what, expected, GET_AGAIN, _lines(bad, line))


def _note_strangers(
    cells: pl.DataFrame, ranks: Sequence[NDArray[np.int64]], line: int, faults: Faults
) -> None:
    """Note the country codes that stand for nothing."""
    for name, rank in zip("ij", ranks, strict=True):
        for number in np.unique(cells[name].to_numpy()[rank < 0]):
            remedy = "Give the country table of the same archive beside it (country_codes_V....csv)."
            bad = (cells[name] == int(number)).to_numpy()
            faults.add(
                f"unknown country code {number}", "a code of the country table", remedy, _lines(bad, line)
            )


def _lines(bad: NDArray[np.bool_] | pl.Series, first: int) -> list[int]:
    return [int(n) + first for n in np.flatnonzero(bad)]


def _ranks(codes: NDArray[np.int32], economies: Economies) -> NDArray[np.int64]:
    inside = (codes >= 0) & (codes < CODES)
    return np.where(inside, economies.rank[np.where(inside, codes, 0)], -1)


def _unpacked(flows: Packed, year: int, revision: str, economies: Economies) -> pl.DataFrame:
    """Canonical columns of packed flows."""
    names = pl.Series(economies.names)
    mask = (1 << _BITS) - 1
    product, place = np.unique(flows.key >> 2 * _BITS, return_inverse=True)
    codes = pl.Series([np.base_repr(p, 36).zfill(6) for p in product.tolist()])
    # a column of one value stays one value until it is needed
    return pl.DataFrame(
        {
            "exporter": names.gather((flows.key >> _BITS) & mask),
            "importer": names.gather(flows.key & mask),
            "hs6": codes.gather(place),
            "value_usd": flows.v,
            "quantity_t": pl.Series(flows.q).fill_nan(None),
        }
    ).select(
        pl.lit(year, pl.Int16).alias("year"),
        *("exporter", "importer", "hs6"),
        pl.lit(revision).alias("revision"),
        *("value_usd", "quantity_t"),
    )
