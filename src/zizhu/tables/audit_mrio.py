"""What one input-output table can have wrong: numbers, signs, balances, axes, totals among the nodes, names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from zizhu.tables.finding import Finding, is_total, listed, name_findings, share, times
from zizhu.tables.leontief import Index, Vector
from zizhu.tables.mrio import MRIO
from zizhu.vocab import groups
from zizhu.vocab.countries import REST, is_country

ROUNDING = 1e-6
"""Relative gap of a balance that float32 or printed tables leave even without loss."""
GROSS = 0.1
"""Relative gap of a balance that is a fault even in a table that says of itself that it does not add up ..."""
GROSS_SHARE = 1e-3
"""... where the nodes with such gaps hold this share of output (WIOD as printed: 1e-5)."""
TOLERATED = 1e-4
"""Share of output of nodes with inputs above output that is worth knowing only (WIOD, rebalanced: 1e-5) ..."""
NEGATIVE = 1e-6
"""... and of nodes with negative output, by the sizes of what they hold (WIOD, rebalanced: 4e-8)."""
EQUAL = 1e-3
"""How near the sum of the others the output and the sales of a total are."""
FEWEST = 5
"""Countries or sectors below which one may well be as large as the others together."""
REGION = 3
"""Sectors that a country must have without output to say that it is missing."""
TURNED = 0.05
"""Share of nodes that may still miss their balance when transposed flows are what explains the gaps."""
MOVED = 2.0
"""How many times larger the shares of home become by moving the buyers (two of WIOD 1995-2011: at most 0.09) ..."""
AT_HOME = 0.5
"""... and the share of all final demand that must then be at home."""


def audit(mrio: MRIO) -> list[Finding]:
    """Numbers, signs, balances, axes and nodes of an input-output table, in the order in which they are looked at.

    Rows: Z1 + sales elsewhere = x. Columns: 1'Z + value added + primary inputs = x. A gap is a fault when it exceeds
    the loss the table declares and, in a row, what the row sells to columns that are marked as estimated.
    """
    findings = [*_names(mrio), *_regions(mrio), *_totals(mrio), *_signs(mrio)]
    if any(f.fault for f in findings) and not np.isfinite(_held(mrio)).all():
        return findings
    rows = mrio.Z.sum(axis=1, dtype=float) + mrio.sales_elsewhere
    columns = mrio.Z.sum(axis=0, dtype=float) + mrio.value_added + _primary(mrio)
    estimated = np.array([mrio.nodes.label(i) in mrio.estimated for i in range(mrio.n)])
    guessed = mrio.Z[:, estimated].sum(axis=1, dtype=float)
    findings += [_balance(mrio, "row", rows, guessed), _balance(mrio, "column", columns, mrio.x * estimated)]
    return [*findings, *_turned(mrio), *_inputs(mrio), *_idle(mrio), *_cut(mrio), *_final(mrio)]


def _held(mrio: MRIO) -> Vector:
    """The sums (k,) of the parts, which are not finite where a part has a cell that is not."""
    parts = (mrio.Z, mrio.x, mrio.value_added, mrio.sales_elsewhere, mrio.final, mrio.primary)
    with np.errstate(invalid="ignore"):
        return np.array([part.sum(dtype=float) for part in parts if part is not None])


def _primary(mrio: MRIO) -> Vector | float:
    return 0.0 if mrio.primary is None else mrio.primary


def _weight(mrio: MRIO, nodes: Index | NDArray[np.bool_]) -> float:
    """Share of output of these nodes, by row number or as a mask."""
    sizes = np.abs(mrio.x)
    return share(sizes[nodes].sum(), sizes.sum())


def _signs(mrio: MRIO) -> Iterator[Finding]:
    if not np.isfinite(_held(mrio)).all():
        yield Finding(mrio.ref, "cells that are not finite numbers", fault=True, weight=1.0)
        return
    if mrio.Z.min() < 0:
        bad = np.argwhere(mrio.Z < 0)
        i, j = bad[0]
        where = f"{mrio.nodes.label(int(i))} to {mrio.nodes.label(int(j))}"
        what = f"{len(bad)} negative flows, first {where}"
        yield Finding(mrio.ref, what, fault=True, weight=_weight(mrio, np.unique(bad[:, 1])))
    below = np.flatnonzero(mrio.x < 0)
    if below.size:
        fault = _weight(mrio, below) >= NEGATIVE
        yield _named(mrio, below, "with negative output", fault)


def _balance(mrio: MRIO, side: str, total: Vector, estimated: Vector) -> Finding:
    gap = np.abs(total - mrio.x)
    size = np.maximum(np.abs(mrio.x), np.abs(total))
    bad = np.flatnonzero(gap > (mrio.flags.relative_error + ROUNDING) * size + estimated)
    worst = bad[np.argsort(-gap[bad], kind="stable")]
    gross = worst[gap[worst] > GROSS * size[worst] + estimated[worst]]
    if bad.size and mrio.flags.balanced:
        what = f"whose {side} does not add up (largest gap {gap[bad].max():,.3g} {mrio.unit})"
        return _named(mrio, worst, what, True, _block(mrio, side, worst, total))
    if gross.size and _weight(mrio, gross) > GROSS_SHARE:
        what = (
            f"whose {side} misses output by more than {GROSS * 100:g} %, more than the table states of itself"
        )
        return _named(mrio, gross, what, True, _block(mrio, side, gross, total))
    if bad.size:
        return _named(mrio, bad, f"whose {side} does not add up, as the table states of itself")
    marked = f" ({', '.join(mrio.estimated)} are estimated)" if mrio.estimated else ""
    return Finding(
        mrio.ref, f"{side}s add up to output, largest gap {gap.max():,.3g} {mrio.unit}{marked}", fine=True
    )


def _block(mrio: MRIO, side: str, bad: Index, total: Vector) -> str:
    """The countries all of whose rows or columns are off, and by how much: another unit in one block."""
    missed = np.zeros(mrio.n, dtype=bool)
    missed[bad] = True
    told = []
    for c, country in enumerate(mrio.nodes.countries):
        own = (mrio.nodes.country_index == c) & (mrio.x > 0)
        factor = float(np.median(total[own] / mrio.x[own])) if own.any() else 1.0
        if own.any() and missed[own].all() and (factor > 2 or 0 < factor < 0.5):
            told.append(f"every {side} of {country} adds up to {times(factor)} its output")
    return f"; {'; '.join(told[:3])}" if told else ""


def _turned(mrio: MRIO) -> Iterator[Finding]:
    """Whether rows and columns of Z are swapped: turned back, what missed its balance keeps it."""
    rows, columns = mrio.Z.sum(axis=1, dtype=float), mrio.Z.sum(axis=0, dtype=float)
    sold, spent = mrio.sales_elsewhere, mrio.value_added + _primary(mrio)
    size = (mrio.flags.relative_error + ROUNDING + (0 if mrio.flags.balanced else GROSS)) * np.abs(mrio.x)

    def missed(r: Vector, c: Vector) -> float:
        return float((np.abs(np.stack([r + sold, c + spent]) - mrio.x) > size).mean())

    if missed(rows, columns) > 0.5 and missed(columns, rows) <= TURNED:
        what = "rows and columns of the flows are swapped: turned over, the table adds up"
        yield Finding(mrio.ref, what, fault=True, weight=1.0)


def _inputs(mrio: MRIO) -> Iterator[Finding]:
    tolerance = mrio.flags.relative_error + ROUNDING
    over = (mrio.leftover < -tolerance) & (mrio.x > 0)
    nodes = np.flatnonzero(over)
    if nodes.size:
        yield _named(mrio, nodes, "with inputs above output", _weight(mrio, nodes) >= TOLERATED)
    negative = np.flatnonzero((mrio.value_added < -tolerance * np.abs(mrio.x)) & ~over & (mrio.x >= 0))
    if negative.size:
        yield _named(mrio, negative, "with negative value added", _weight(mrio, negative) >= TOLERATED)


def _idle(mrio: MRIO) -> Iterator[Finding]:
    made = np.bincount(mrio.nodes.country_index, np.abs(mrio.x))
    held = np.bincount(mrio.nodes.country_index)
    gone = [c for c, x, n in zip(mrio.nodes.countries, made, held, strict=True) if not x and n >= REGION]
    if gone:
        what = f"no output in any sector of {listed(gone)}: the region is missing"
        yield Finding(mrio.ref, what, fault=True, weight=len(gone) / len(made))
    empty = np.flatnonzero(mrio.x == 0)
    if empty.size:
        yield _named(mrio, empty, "without output: their coefficients are set to 0")


def _names(mrio: MRIO) -> Iterator[Finding]:
    parts = {
        "countries": mrio.nodes.country,
        "sectors": mrio.nodes.sector,
        "whole countries": mrio.nodes.part_of,
    }
    for what, names in parts.items():
        codes, place = np.unique(np.array(names, dtype=str), return_inverse=True)
        sizes = np.bincount(place, np.nan_to_num(np.abs(mrio.x))[: len(place)], len(codes))
        weights = {str(c): share(size, sizes.sum()) for c, size in zip(codes, sizes, strict=True)}
        yield from name_findings(mrio.ref, what, weights)


def _regions(mrio: MRIO) -> Iterator[Finding]:
    """Codes that are no country: what they hold is in no group of countries, and a misspelt one is missing from its."""
    strange = [c for c in mrio.nodes.countries if c != REST and not is_country(c) and not is_total(c)]
    if strange:
        what = f"no country of the vocabulary, so in no group, {groups.WORLD} included: {listed(strange)}"
        yield Finding(mrio.ref, what, weight=_weight(mrio, np.isin(np.array(mrio.nodes.whole), strange)))


def _totals(mrio: MRIO) -> Iterator[Finding]:
    """Nodes that stand for all countries or sectors, by name or because they add up the others."""
    axes: tuple[tuple[str, Sequence[str]], ...] = (
        ("country", mrio.nodes.whole),
        ("sector", mrio.nodes.sector),
    )
    for kind, codes in axes:
        members = np.array(codes)
        found = [c for c in dict.fromkeys(codes) if is_total(c)] or _adding_up(mrio, members)
        if found:
            what = f"{kind} {listed(found)} stands for all of them: a total among the nodes"
            yield Finding(mrio.ref, what, fault=True, weight=_weight(mrio, np.isin(members, found)))


def _adding_up(mrio: MRIO, members: np.ndarray) -> list[str]:
    """The code whose output and whose sales to industries are the sums of all others', if there is one."""
    codes, place = np.unique(members, return_inverse=True)
    if len(codes) < FEWEST:
        return []
    sums = np.stack([np.bincount(place, part) for part in (mrio.x, mrio.Z.sum(axis=1, dtype=float))])
    whole = sums.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        half = (np.abs(2 * sums - whole) <= EQUAL * whole).all(axis=0) & (whole > 0).all()
    return [str(c) for c in codes[half]]


def _cut(mrio: MRIO) -> Iterator[Finding]:
    """Whether the last country has fewer sectors than every other: the end of the file is missing."""
    codes, counts = np.unique(np.array(mrio.nodes.country), return_counts=True)
    held = dict(zip(codes.tolist(), counts.tolist(), strict=True))
    last = mrio.nodes.country[-1]
    others = {n for c, n in held.items() if c != last}
    if len(others) == 1 and held[last] < min(others) and len(held) > 2:
        what = f"{last} has {held[last]} sectors, every other country {min(others)}: the end of the table is cut off"
        yield Finding(mrio.ref, what, fault=True, weight=1 / len(held))


def _final(mrio: MRIO) -> Iterator[Finding]:
    if mrio.final is None:
        return
    total = mrio.final.sum(axis=1)
    size = np.maximum(np.abs(mrio.x), np.abs(total))
    gap = np.abs(total - mrio.sales_elsewhere)
    bad = np.flatnonzero(gap > (mrio.flags.relative_error + ROUNDING) * size)
    if bad.size:
        worst = bad[np.argsort(-gap[bad], kind="stable")]
        what = f"whose final demand is not what they sell to it (largest gap {gap.max():,.3g} {mrio.unit})"
        yield _named(mrio, worst, what, True)
    gone = [c for c, bought in zip(mrio.nodes.countries, mrio.final.sum(axis=0), strict=True) if bought == 0]
    if gone:
        what = f"no final demand of {listed(gone)}"
        yield Finding(mrio.ref, what, fault=True, weight=len(gone) / len(mrio.nodes.countries))
    yield from _order(mrio)


def _order(mrio: MRIO) -> Iterator[Finding]:
    """Whether the buyers of final demand stand in another order than the sellers: countries buy most at home.

    The buyers are put in the order that gives home the largest shares of purchases, all countries together: a very
    open economy may buy more from another country, but that one is at home with somebody else.
    """
    from scipy.optimize import linear_sum_assignment

    if mrio.final is None or len(mrio.nodes.countries) < FEWEST:
        return
    sold = np.zeros((len(mrio.nodes.countries),) * 2)
    np.add.at(sold, mrio.nodes.country_index, np.maximum(mrio.final, 0.0))
    total = sold.sum(axis=0)
    shares = np.divide(sold, total, out=np.zeros_like(sold), where=total > 0)
    own, home = linear_sum_assignment(shares, maximize=True)
    moved = np.flatnonzero((home != own) & (shares[own, home] > 0))
    better = shares[moved, home[moved]].sum() > MOVED * shares[moved, moved].sum()
    if moved.size and better and sold[own, home].sum() > AT_HOME * sold.sum():
        at = listed([f"{mrio.nodes.countries[i]}'s under {mrio.nodes.countries[home[i]]}" for i in moved])
        what = f"the buyers of final demand stand in another order than the sellers: home markets are {at}"
        yield Finding(mrio.ref, what, fault=True, weight=moved.size / len(home))


def _named(mrio: MRIO, nodes: Index, what: str, fault: bool = False, more: str = "") -> Finding:
    told = f"{nodes.size} nodes {what}: {listed(mrio.nodes.labels(nodes))}{more}"
    return Finding(mrio.ref, told, fault=fault, weight=_weight(mrio, nodes))
