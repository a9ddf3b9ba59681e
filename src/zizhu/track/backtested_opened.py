"""Scores of a backtest opened: a mean into its windows, bounds into series, a window into its points and what came."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from zizhu.ledger.result import Explanation, Part, Result
from zizhu.store.meta import Meta
from zizhu.track.backtested_found import MIXTURE, Found
from zizhu.track.backtested_shares import INTERVAL, WINDOW, Mean, Place, means
from zizhu.track.path.backtest import Index
from zizhu.track.path.transforms import Values
from zizhu.vocab import units


class Desk(NamedTuple):
    """What openings are made of: the windows, the table, the answer, one of its rows, and how many parts are shown."""

    found: Found
    meta: Meta
    result: Result
    row: Mapping[str, Any]
    top: int

    @property
    def place(self) -> Place:
        """The key of the row."""
        return Place(*(self.row[k] for k in Place._fields))

    def ref_of(self, w: int) -> str:
        """The reference of a window."""
        return self.result.ref(self.window(w)._asdict(), "coverage")

    def window(self, w: int) -> Place:
        """The key of a window's row."""
        return Place(WINDOW, str(self.found.of.family[w]), MIXTURE, self.found.at(w))


def opened(
    found: Found, meta: Meta, result: Result, row: Mapping[str, Any], column: str, top: int
) -> Explanation:
    """A filled number of a row with its parts."""
    desk = Desk(found, meta, result, row, top)
    if desk.place.of == WINDOW:
        return _window(desk, column)
    held = means(found, desk.place)
    base = column.removesuffix("_lower").removesuffix("_upper")
    if base != column:
        return _bounds(desk, column, held[base])
    if column in held:
        return _mean(desk, column, held[column])
    return _COUNTS[column](desk, column, next(iter(held.values()), None))


def _mean(desk: Desk, column: str, mean: Mean) -> Explanation:
    """What every window adds to a mean; of coverage the windows first that the interval missed."""
    here, terms = np.flatnonzero(mean.weight > 0), mean.terms
    order = here[np.argsort(-np.abs(terms[here]), kind="stable")]
    if column == "coverage":
        misses = _distance(desk)
        order = here[np.argsort(-misses[here], kind="stable")]
    said = {
        "coverage": "Windows that the interval missed come first, the furthest off before the others.",
        "behind": "Squared errors less those of the mixture on the same targets.",
    }.get(column, "The windows that weigh most come first.")
    return _summed(desk, column, order, terms, said)


def _summed(desk: Desk, column: str, order: Index, terms: Values, said: str) -> Explanation:
    """A number as the sum of terms (W,) of windows, in an order."""
    total = float(terms[order].sum())
    parts = tuple(
        Part(desk.ref_of(w), _label(desk, w), float(terms[w]), float(terms[w]) / total if total else None)
        for w in order[: desk.top]
    )
    return desk.result.opened(desk.row, column, said, parts, max(len(order) - desk.top, 0))


def _distance(desk: Desk) -> Values:
    """How far the outcome lay outside the interval (W,), in units; negative where it lay inside."""
    found, place = desk.found, desk.place
    o, k = found.outcomes[place.method], found.horizons.index(int(place.at))
    y = found.of.after[:, k]
    far = np.maximum(o.low[:, k] - y, y - o.high[:, k]) / found.of.unit
    return np.nan_to_num(far, nan=-np.inf)


def _label(desk: Desk, w: int) -> str:
    """A window in words, with what came where the row is of one horizon, else with its targets."""
    found, place = desk.found, desk.place
    name = f"{found.of.family[w]}, {found.at(w)}"
    if place.of == INTERVAL:
        return f"{name}: {_came(found, place.method, w, found.horizons.index(int(place.at)))}"
    held = means(found, place)
    count = int(next(iter(held.values())).weight[w])
    scored = "; ".join(f"{c} {m.top[w] / m.weight[w]:.3g}" for c, m in held.items() if m.weight[w])
    return f"{name}: {count} target{'' if count == 1 else 's'}; {scored}"


def _came(found: Found, method: str, w: int, k: int) -> str:
    """`in 2019 came 12.3 kt, interval 8.1 to 11 (median 9.4): above`."""
    o, s = found.outcomes[method], found.stretch(w)
    year = s.first + found.span(w)[-1] + found.horizons[k]
    came, low, mid, high = (
        units.number(float(f"{found.valued(w, float(x)):.4g}"))
        for x in (found.of.after[w, k], o.low[w, k], o.mid[w, k], o.high[w, k])
    )
    where = "below" if o.below[w, k] else "above" if o.above[w, k] else "inside"
    unit = f" {s.unit}" if s.unit else ""
    return f"in {year} came {came}{unit}, interval {low} to {high} (median {mid}): {where}"


def _counted(desk: Desk, column: str, mean: Mean | None) -> Explanation:
    counts = np.zeros(0) if mean is None else mean.weight
    order = np.flatnonzero(counts > 0)
    return _summed(desk, column, order[np.argsort(-counts[order], kind="stable")], counts, "By window.")


def _series(desk: Desk, column: str, mean: Mean | None) -> Explanation:
    """The series, each by its first window."""
    here = np.flatnonzero(mean.weight > 0) if mean is not None else np.zeros(0, dtype=int)
    _, first = np.unique(desk.found.of.group[here], return_index=True)
    parts = tuple(
        Part(desk.ref_of(w), _name(desk.found, w), 1.0, 1 / len(first)) for w in here[first][: desk.top]
    )
    return desk.result.opened(desk.row, column, "Series with a window.", parts, max(len(first) - desk.top, 0))


def _name(found: Found, w: int) -> str:
    s = found.stretch(w)
    return f"{s.indicator}, {s.entity}"


def _width(desk: Desk, column: str, mean: Mean | None) -> Explanation:
    """The windows whose intervals are nearest the median one."""
    assert mean is not None
    k = desk.found.horizons.index(int(desk.place.at))
    width = desk.found.outcomes[desk.place.method].width[:, k]
    here = np.flatnonzero(mean.weight > 0)
    order = here[np.argsort(np.abs(width[here] - desk.row[column]), kind="stable")]
    parts = (Part(desk.ref_of(w), _label(desk, w), float(width[w]), None) for w in order)
    return _evidence(desk, column, "The median width; windows nearest to it come first.", parts)


def _evidence(desk: Desk, column: str, said: str, parts: Iterable[Part]) -> Explanation:
    held = tuple(parts)
    return desk.result.opened(desk.row, column, said, held[: desk.top], max(len(held) - desk.top, 0))


def _bounds(desk: Desk, column: str, mean: Mean) -> Explanation:
    """A bound: the means of single series, which are what is drawn again, the lowest or highest first."""
    here = np.flatnonzero(mean.weight > 0)
    _, first, place = np.unique(desk.found.of.group[here], return_index=True, return_inverse=True)
    top, count = (np.bincount(place, weights=v[here]) for v in (mean.top, mean.weight))
    each = top / count
    order = np.argsort(each if column.endswith("_lower") else -each, kind="stable")
    parts = (
        Part(desk.ref_of(here[first[i]]), _name(desk.found, here[first[i]]), float(each[i]), None)
        for i in order
    )
    said = f"Of draws of the {len(first):,} series with replacement, 95 of 100 lie between the bounds. Single series:"
    return _evidence(desk, column, said, parts)


_COUNTS: Mapping[str, Callable[[Desk, str, Mean | None], Explanation]] = {
    "windows": _counted,
    "targets": _counted,
    "series": _series,
    "width": _width,
}


# --- a window ---


def _window(desk: Desk, column: str) -> Explanation:
    """A number of a window: points, changes, or what came at every horizon and then the points."""
    found = desk.found
    w = next(
        int(w)
        for w in np.flatnonzero(found.of.family == desk.row["family"])
        if found.at(int(w)) == desk.row["at"]
    )
    if column == "points":
        terms = [(_point(desk, w, i), 1.0) for i in found.span(w)]
    elif column == "change":
        terms = _changes(desk, w)
    else:
        terms = _horizons(desk, w, column)
    total = sum(v for _, v in terms)
    parts = [Part(p.ref, p.label, v, v / total if total else None) for p, v in terms]
    if column in ("coverage", "ase"):
        parts += [_point(desk, w, i) for i in reversed(found.span(w))]
    s = found.stretch(w)
    said = f"{s.indicator}, {found.at(w)}, on the scale {s.scale}."
    return _evidence(desk, column, said, parts)


def _point(desk: Desk, w: int, i: int, label: str = "") -> Part:
    """A value of the series as evidence, with the reference of its row in the table."""
    s = desk.found.stretch(w)
    said = label or f"{s.first + i}: {units.number(float(s.y[i]))} {s.unit}".rstrip()
    return Part(f"{desk.meta.ref}#{s.keys[i]}", said, float(s.y[i]), None, unit=s.unit or "as in the table")


def _changes(desk: Desk, w: int) -> list[tuple[Part, float]]:
    """Every annual change, its size over their number."""
    s, span = desk.found.stretch(w), desk.found.span(w)
    return [
        (
            _point(desk, w, i, f"{s.first + i - 1} to {s.first + i}: {s.x[i] - s.x[i - 1]:+.4g}"),
            abs(float(s.x[i] - s.x[i - 1])) / (len(span) - 1),
        )
        for i in span[1:]
    ]


def _horizons(desk: Desk, w: int, column: str) -> list[tuple[Part, float]]:
    """What came at every horizon, and what it adds to the mean of the window."""
    found, o = desk.found, desk.found.outcomes[MIXTURE]
    seen = np.flatnonzero(o.seen[w])
    last = found.span(w)[-1]
    inside = ~o.below[w] & ~o.above[w]
    value = inside.astype(float) if column == "coverage" else o.error[w]
    return [
        (
            _point(desk, w, last + found.horizons[k], _came(found, MIXTURE, w, int(k))),
            float(value[k]) / len(seen),
        )
        for k in seen
    ]
