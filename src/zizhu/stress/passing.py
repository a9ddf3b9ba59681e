"""What of sales passes several shocks at once.

Shocks to the same goods each let a fraction of them pass, and the fractions multiply. Different goods of one seller are
parts of one flow, so that what is stopped of each adds up. Shocks to all that is sold let a fraction of the rest pass.
The same holds inside the goods, for what a part of a buyer buys of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from zizhu.tables.leontief import Index, Matrix, Vector

Name = tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A part of sales: its name, equal for the same goods or buyers, none for all of them; its share in [0, 1] of what
    it is part of, one number or (k, m)."""

    name: Name = ()
    share: float | Matrix = 1.0


@dataclass(frozen=True)
class Hit:
    """A shock to the sales of `rows` (k,) to `columns` (m,), places in a grid, each named once.

    The share `stops` of a part of them does not pass, one number, (k, 1) or (k, m). `of` is the part, from the goods
    inwards; none is all of the sales.
    """

    rows: Index
    columns: Index
    stops: float | Matrix
    of: tuple[Part, ...] = ()


class Stopped(NamedTuple):
    """A part on the grid of `rows` and `columns`: its share of the sales, and what is stopped of it, all (k, m)."""

    rows: Index
    columns: Index
    share: Matrix
    stops: Matrix


def passing(shape: tuple[int, int], hits: Iterable[Hit]) -> Matrix:
    """The share (K, M) of every sale that passes all shocks, in whatever order they are given.

    Parts of other names are apart. Where those that are hit are together more than all that is sold, the sales are
    taken to be those of which most is stopped: no further shock lets more pass.
    """
    kept = np.ones(shape)
    named: dict[Name, list[Hit]] = {}
    for hit in hits:
        if not (len(hit.rows) and len(hit.columns)):
            continue
        if hit.of:
            named.setdefault(hit.of[0].name, []).append(hit)
        else:
            kept[np.ix_(hit.rows, hit.columns)] *= 1.0 - np.asarray(hit.stops)
    if () in named:
        kept *= passing(shape, _inside(named.pop(())))
    return kept * (1.0 - _together(shape, [_stopped(part) for part in named.values()])) if named else kept


def _inside(hits: Iterable[Hit]) -> Iterator[Hit]:
    """The same shocks as shocks to all of the outermost part that each is about."""
    return (replace(h, of=h.of[1:]) for h in hits)


def _stopped(hits: Sequence[Hit]) -> Stopped:
    """One part with all shocks to it."""
    rows = np.unique(np.concatenate([h.rows for h in hits]))
    columns = np.unique(np.concatenate([h.columns for h in hits]))
    share = np.zeros((len(rows), len(columns)))
    placed = [
        replace(h, rows=np.searchsorted(rows, h.rows), columns=np.searchsorted(columns, h.columns))
        for h in hits
    ]
    for h in placed:
        cells = np.ix_(h.rows, h.columns)
        share[cells] = np.maximum(share[cells], h.of[0].share)
    return Stopped(rows, columns, share, 1.0 - passing(share.shape, _inside(placed)))


def _together(shape: tuple[int, int], parts: Sequence[Stopped]) -> Matrix:
    """The share (K, M) of the sales that is stopped with several parts of them."""
    found, total = np.zeros(shape), np.zeros(shape)
    for p in parts:
        cells = np.ix_(p.rows, p.columns)
        found[cells] += p.share * p.stops
        total[cells] += p.share
    full = np.nonzero(total > 1.0)
    if len(full[0]):
        shares, stops = np.stack([_at(p, *full) for p in parts], axis=1)
        found[full] = _most(shares, stops)
    return np.minimum(found, 1.0)


def _at(part: Stopped, i: Index, j: Index) -> Matrix:
    """Share and stops (2, c) of a part at c places of the grid; nothing where it has none."""
    a, b = (np.searchsorted(all_, at) for all_, at in ((part.rows, i), (part.columns, j)))
    a, b = np.minimum(a, len(part.rows) - 1), np.minimum(b, len(part.columns) - 1)
    inside = (part.rows[a] == i) & (part.columns[b] == j)
    return np.stack([part.share[a, b] * inside, part.stops[a, b]])


def _most(shares: Matrix, stops: Matrix) -> Vector:
    """What is stopped (c,) of sales by P parts (P, c), those of which most is stopped first, until they are whole."""
    order = np.argsort(-stops, axis=0, kind="stable")
    first = np.take_along_axis(shares, order, axis=0)
    before = np.cumsum(first, axis=0) - first
    part = np.clip(1.0 - before, 0.0, first)
    return np.asarray((part * np.take_along_axis(stops, order, axis=0)).sum(axis=0))
