"""Tables that pymrio reads (EXIOBASE 3, Eora26, GLORIA), turned into input-output tables with their flags.

pymrio is optional and reads from disk, so the files are laid out in a temporary folder first. Value added and taxes
are the money rows of an extension where it has them, else value added is what output leaves, and the table says so.
"""

from __future__ import annotations

import importlib
import re
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from zizhu.sources.files.archive import Member
from zizhu.sources.files.decimals import Floats
from zizhu.sources.readers.io_files import made
from zizhu.sources.readers.io_table import IOTable
from zizhu.sources.reading import Made, Request
from zizhu.vocab.countries import countries
from zizhu.vocab.problems import Problem, ZizhuError

PEER = "pymrio"
_MULTIPLIED = "The files have coefficients: flows are these times the output of their column."


@dataclass(frozen=True)
class Peer:
    """How the peer reads a source and what its parts become, from the catalogue.

    `parser` is the peer's function and `arguments` what it is given besides the path; `year` is a regular expression
    with the group `year` for the path of a file; `money` is the unit of the rows of the `extensions` that are value
    added, but for those that match `taxes`; `apart` says that the peer looks for every archive in a folder of its own.
    """

    parser: str
    arguments: Mapping[str, Any]
    takes_year: bool
    year: str
    unit: str
    money: str
    extensions: tuple[str, ...]
    taxes: str
    two_letters: bool
    rest_of_world: tuple[str, ...]
    apart: bool


def read(request: Request) -> Iterator[Made]:
    """The tables of the years asked for, one Made a year; raises ZizhuError without pymrio and for what it refuses."""
    peer = Peer(**request.entry.parameters)
    pymrio = library(request.entry.extra)
    for year, files in _years(request, peer).items():
        request.tell(f"reading {year} with {PEER}")
        with tempfile.TemporaryDirectory() as folder:
            path = _laid_out(files, Path(folder), peer.apart)
            system = _parsed(pymrio, peer, path, year, files[0].where)
        yield made(request, converted(system, year, peer, request.edition))


def library(extra: str) -> Any:
    """The peer; raises ZizhuError with the extra that brings it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module(PEER)
    except ImportError as error:
        remedy = f"Install it: pip install 'zizhu[{extra}]'."
        raise ZizhuError(
            Problem(f"{PEER} is not installed", "this source", "the optional package", remedy)
        ) from error


def _years(request: Request, peer: Peer) -> dict[int, list[Member]]:
    """The files of every year that is wanted; a file that names no year belongs to all."""
    named: dict[int, list[Member]] = {}
    for_all = []
    for member in request.members:
        match = re.search(peer.year, f"{member.where}/{member.name}", re.IGNORECASE)
        if match:
            named.setdefault(int(match["year"]), []).append(member)
        else:
            for_all.append(member)
    absent = sorted(request.years - set(named))
    if absent or not named:
        have = ", ".join(map(str, sorted(named))) or "none"
        remedy = f"Years found: {have}. Keep the names that the producer gives."
        what = f"no files of {', '.join(map(str, absent)) or 'any year'}"
        raise ZizhuError(Problem(what, "the files", f"names as {peer.year}", remedy))
    return {year: [*files, *for_all] for year, files in sorted(named.items()) if request.wants(year)}


def _laid_out(files: Sequence[Member], folder: Path, apart: bool) -> Path:
    """The files in a folder under their names; returns the folder that holds them.

    `apart`: what comes from an archive lies in a folder that is named as it.
    """
    for member in files:
        name = member.name.replace("\\", "/")
        archive = Path(member.where.removesuffix(f", {member.name}"))
        own = apart and archive.suffix.casefold() == ".zip" and not name.startswith(f"{archive.stem}/")
        target = folder / archive.stem / name if own else folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with member.open() as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy, 16 << 20)
    inside = [path for path in folder.iterdir() if path.is_dir()]
    alone = len(inside) == 1 and not [path for path in folder.iterdir() if path.is_file()]
    return inside[0] if alone else folder


def _parsed(pymrio: Any, peer: Peer, path: Path, year: int, where: str) -> Any:
    arguments = {**peer.arguments, **({"year": year} if peer.takes_year else {})}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return getattr(pymrio, peer.parser)(path, **arguments)
    except (
        Exception
    ) as error:  # the peer raises what its parts raise: missing files, wrong shapes, no numbers
        said = f"{type(error).__name__}: {error}".replace(str(path), "")[:200]
        remedy = "Give all files of the year as the producer publishes them."
        raise ZizhuError(
            Problem(f"{PEER} cannot read it ({said})", where, "files of this source", remedy)
        ) from error


def converted(system: Any, year: int, peer: Peer, edition: str = "") -> IOTable:
    """The table of a peer's IOSystem: Z or A, Y, x where it has it, and the money rows of its extensions.

    Raises ZizhuError where flows and final demand are missing or of other industries.
    """
    square, Y = system.A if system.Z is None else system.Z, system.Y
    rows = [] if square is None else list(square.index)
    if not rows or Y is None or rows != list(square.columns) or rows != list(Y.index):
        remedy = "Give the full table, flows and final demand."
        raise ZizhuError(Problem("flows and final demand do not fit", "the table", "the same rows", remedy))
    codes = _codes(peer)
    country = tuple(codes.get(c, c) for c in square.index.get_level_values(0))
    buyers, categories, final = _final(Y)
    flows, output = _flows(system, final.sum(axis=(1, 2)))
    paid = _paid(system, peer, square.index)
    return IOTable(
        year=year,
        unit=peer.unit,
        country=country,
        sector=tuple(map(str, square.index.get_level_values(1))),
        whole=country,
        Z=flows,
        final=final,
        buyers=tuple(codes.get(b, b) for b in buyers),
        categories=categories,
        value_added=paid[0] if paid else output - flows.sum(axis=0),
        taxes=paid[1] if paid else np.zeros(len(country)),
        output=output,
        rest_of_world=bool(set(peer.rest_of_world) & set(country)),
        sections={},
        notes=(
            f"Read with {PEER} {importlib.import_module(PEER).__version__}.",
            *([_MULTIPLIED] if system.Z is None else []),
        ),
        edition=edition,
        residual=paid is None,
    )


def _final(Y: Any) -> tuple[tuple[str, ...], tuple[str, ...], Floats]:
    """The buyers and the categories of final demand, and its values (rows, buyers, categories)."""
    buyers = tuple(dict.fromkeys(Y.columns.get_level_values(0)))
    categories = tuple(dict.fromkeys(Y.columns.get_level_values(1)))
    who, what = ({v: i for i, v in enumerate(values)} for values in (buyers, categories))
    final = np.zeros((len(Y.index), len(buyers), len(categories)))
    for i, (buyer, category) in enumerate(Y.columns):
        final[:, who[buyer], what[category]] += Y.iloc[:, i].to_numpy()
    return buyers, categories, final


def _flows(system: Any, sold: Floats) -> tuple[Floats, Floats]:
    """Flows (n, n) and output (n,): as the peer has them, else of coefficients A and final demand (n,).

    Output is then what is sold: that of flows, or x = (I - A)^-1 y, and flows are A times the output of their column.
    Raises CannotAnswer where I - A is singular.
    """
    A = None if system.Z is not None else np.asarray(system.A, dtype=float)
    if system.x is not None:
        square = system.A if system.Z is None else system.Z
        output = np.asarray(system.x.loc[square.index].iloc[:, 0], dtype=float)
        return (np.asarray(system.Z, dtype=float) if A is None else A * output), output
    if A is None:
        flows = np.asarray(system.Z, dtype=float)
        return flows, flows.sum(axis=1) + sold
    from zizhu.tables.leontief import factor

    output = np.asarray(factor(A, np.ones(len(A))).solve(sold))
    return A * output, output


def _codes(peer: Peer) -> Mapping[str, str]:
    return {c.iso2: c.iso3 for c in countries().values() if c.iso2} if peer.two_letters else {}


def _units(unit: Any) -> list[str]:
    """The unit of every row of an extension: a column, or, as some editions count it, the last of the labels."""
    return [str(u) for u in (unit.iloc[:, 0] if unit.shape[1] else unit.index.get_level_values(-1))]


def _paid(system: Any, peer: Peer, index: Any) -> tuple[Floats, Floats] | None:
    """Value added and taxes from the first extension that has rows in money; None where none has."""
    for name in peer.extensions:
        extension = getattr(system, name, None)
        if extension is None or extension.F is None or extension.unit is None:
            continue
        money = np.array([unit.strip() == peer.money for unit in _units(extension.unit)])
        if money.any():
            rows = extension.F.loc[money]
            tax = np.array([bool(re.search(peer.taxes, str(k), re.IGNORECASE)) for k in rows.index])
            values = rows[index].to_numpy(dtype=float)
            return values[~tax].sum(axis=0), values[tax].sum(axis=0)
    return None
