"""A table held against the tables of neighbouring years of the same producer (`wiod-2013-1995`, `wiod-2013-1996`).

Where there are neighbours on both sides, both must disagree: else it is the neighbour that differs, and its audit
says so. Thresholds were set on WIOD, 1995 to 2011: between years the output of the median country changes by a factor
of 1.22 at most, and that of a country against the median's by 2.8; flows share 0.91 of their value cell by cell, and
0.46 with rows and columns swapped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from zizhu.store import Workspace
from zizhu.store.meta import Meta
from zizhu.tables.finding import Finding, listed, share, times
from zizhu.tables.leontief import Flows
from zizhu.tables.load import load_mrio
from zizhu.tables.mrio import MRIO
from zizhu.vocab.problems import ZizhuError

JUMP = 3.0
"""Factor of the median country's output between neighbours, whatever their distance in years."""
COUNTRY_JUMP = 10.0
"""Factor of a country's output against the median's."""
LEAST = 1e-5
"""Share of output below which a country is not compared."""
SWAPPED = 1.05
"""How much more two tables have in common when one of them is turned over."""
_YEAR = re.compile(r"(.*?)(\d{4})")


@dataclass(frozen=True)
class Sibling:
    """The table of another year, and its output by country."""

    meta: Meta
    mrio: MRIO
    output: dict[str, float]


def findings(workspace: Workspace, meta: Meta, mrio: MRIO) -> list[Finding]:
    """What the nearest earlier and later tables of the family tell about this one; nothing without a family.

    A neighbour that cannot be read tells nothing: its own audit says why.
    """
    near = [s for name in _neighbours(meta.name, workspace.names()) if (s := _sibling(workspace, name))]
    if not near:
        return []
    output = _by_country(mrio.nodes.whole, mrio.x)
    found = [*_same(meta, near)]
    alike = [s for s in near if s.meta.units == meta.units]
    if len(alike) == len(near):
        found += _levels(meta.name, output, near)
    else:
        units = ", ".join(f"{s.meta.name} in {next(iter(s.meta.units.values()))}" for s in near)
        found.append(Finding(meta.name, f"in another unit than its neighbours: {units}", weight=1.0))
    return [*found, *_missing(meta.name, output, near), *_turned(meta.name, mrio, near)]


def _neighbours(name: str, names: Sequence[str]) -> list[str]:
    """The tables of the same name with the nearest earlier and the nearest later year.

    >>> _neighbours("wiod-1997", ["wiod-1995", "wiod-1996", "wiod-1996-nodes", "wiod-1999", "icio-1998"])
    ['wiod-1996', 'wiod-1999']
    """
    own = _YEAR.fullmatch(name)
    if own is None:
        return []
    family = [(int(m[2]), n) for n in names if (m := _YEAR.fullmatch(n)) and m[1] == own[1]]
    before = [pair for pair in family if pair[0] < int(own[2])]
    after = [pair for pair in family if pair[0] > int(own[2])]
    return [*([max(before)[1]] if before else []), *([min(after)[1]] if after else [])]


def _sibling(workspace: Workspace, name: str) -> Sibling | None:
    with suppress(ZizhuError):
        mrio = load_mrio(workspace, name)
        return Sibling(workspace.read(name).meta, mrio, _by_country(mrio.nodes.whole, mrio.x))
    return None


def _by_country(countries: Sequence[str], x: np.ndarray) -> dict[str, float]:
    sums = pl.DataFrame({"c": countries, "x": x}).group_by("c", maintain_order=True).agg(pl.col("x").sum())
    return dict(sums.iter_rows())


def _same(meta: Meta, near: Sequence[Sibling]) -> Iterator[Finding]:
    for s in near:
        if s.meta.digest == meta.digest:
            what = f"the same flows as {s.meta.name}, cell by cell: one of them is a copy"
            yield Finding(meta.name, what, fault=True, weight=1.0)


def _levels(name: str, output: dict[str, float], near: Sequence[Sibling]) -> Iterator[Finding]:
    """The output of the median country against the neighbours', and that of each country against the median's."""
    world = sum(output.values())
    held = [c for c in output if all(min(output[c], s.output.get(c, 0.0)) > 0 for s in near)]
    if not held:
        return
    factors = np.array([[output[c] / s.output[c] for c in held] for s in near])
    middle = np.median(factors, axis=1)
    if _all_far(middle, JUMP):
        what = f"output is {times(float(np.median(middle)))} that of {_said(near)}"
        yield Finding(name, what, fault=True, weight=1.0)
    for country, own in zip(held, (factors / middle[:, None]).T, strict=True):
        weight = share(output[country], world)
        before = max(s.output[country] / sum(s.output.values()) for s in near)
        if max(weight, before) >= LEAST and _all_far(own, COUNTRY_JUMP):
            what = (
                f"the output of {country} is {times(float(np.median(own)))} what {_said(near)} lead to expect"
            )
            yield Finding(name, what, fault=True, weight=max(weight, before))


def _all_far(factors: NDArray[np.float64], least: float) -> bool:
    """Whether all factors are above `least`, or all below its reciprocal."""
    return bool((factors > least).all() or (factors < 1 / least).all())


def _missing(name: str, output: dict[str, float], near: Sequence[Sibling]) -> Iterator[Finding]:
    gone = [c for c in near[0].output if c not in output and all(c in s.output for s in near)]
    if gone:
        weight = share(sum(near[0].output[c] for c in gone), sum(near[0].output.values()))
        yield Finding(name, f"{listed(gone)} missing, though in {_said(near)}", fault=True, weight=weight)


def _turned(name: str, mrio: MRIO, near: Sequence[Sibling]) -> Iterator[Finding]:
    """Whether the flows resemble the neighbours' more when rows and columns change places."""
    said = []
    for s in near:
        if s.mrio.nodes != mrio.nodes:
            return
        straight, crossed = _in_common(mrio.Z, s.mrio.Z), _in_common(mrio.Z, s.mrio.Z.T)
        said.append(crossed > SWAPPED * straight)
    if said and all(said):
        what = f"rows and columns of the flows are swapped against {_said(near)}"
        yield Finding(name, what, fault=True, weight=1.0)


def _in_common(a: Flows, b: Flows) -> float:
    """Share of the flows that two tables have on the same cells: the sum of the lesser shares."""
    one, other = a.sum(dtype=float), b.sum(dtype=float)
    if one <= 0 or other <= 0:
        return 0.0
    return float(np.minimum(a / one, b / other).sum(dtype=float))


def _said(near: Sequence[Sibling]) -> str:
    return " and ".join(s.meta.name for s in near)
