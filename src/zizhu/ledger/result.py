"""The answer of every verb: a keyed table with units, a basis, a coverage and the run that made it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import eq
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zizhu.ledger.models import Coverage, Figure, Ref, Run
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError, unknown

if TYPE_CHECKING:
    import polars as pl

SHOWN_SHARE = 0.5
"""Below this share of the studied trade an answer is refused unless the user insists (design rule 5)."""


@dataclass(frozen=True)
class Part:
    """One part of an explained number: a reference, its value, its share of the number, and whether it is assumed.

    A share of None marks evidence beside the number (another vintage, say), which is no part of a sum. `unit` is that
    of evidence where it is another than the number's.
    """

    ref: Ref
    label: str
    value: float
    share: float | None
    assumed: bool = False
    unit: str = ""


@dataclass(frozen=True)
class Explanation:
    """A number opened: its largest parts and what they leave over, so that summands + remainder = value exactly.

    Evidence is no summand; a number that has nothing else beside it leaves nothing over. `inputs` are the tables and
    facts behind this number, which may be fewer than those of the run; `left_out` counts the parts that are not shown.
    """

    ref: Ref
    value: float
    unit: str
    sentence: str
    parts: tuple[Part, ...]
    remainder: float
    inputs: tuple[Ref, ...]
    left_out: int = 0


@dataclass(frozen=True)
class Evidence:
    """What stands behind one row of an answer: its name for people, what opens it, and its tables and facts."""

    label: str
    ref: Ref
    inputs: tuple[Ref, ...]


@dataclass(frozen=True)
class Result:
    """One answer. `units` names the unit of every numeric column that is not in `key`.

    `evidence` tells what stands behind a row, where that is less than all inputs of the run; `lists` are tables that
    programs get beside the answer, by name. `draw` makes its figure, `others` further ones by name, such as `map`.
    """

    frame: pl.DataFrame
    key: tuple[str, ...]
    units: Mapping[str, str]
    basis: str
    run: Run
    coverage: tuple[Coverage, ...] = ()
    notes: tuple[str, ...] = ()
    draw: Draw | None = field(default=None, repr=False, compare=False)
    evidence: Callable[[Result, Mapping[str, Any]], Evidence] | None = field(
        default=None, repr=False, compare=False
    )
    lists: Mapping[str, pl.DataFrame] = field(default_factory=dict, repr=False, compare=False)
    others: Mapping[str, Draw] = field(default_factory=dict, repr=False, compare=False)

    def table(self) -> pl.DataFrame:
        """The answer as a frame, sorted by its key."""
        return self.frame.sort(self.key)

    def ref(self, row: Mapping[str, Any], column: str) -> Ref:
        """The reference of one number, to be opened by `zizhu trace`."""
        key = "|".join(str(row[k]) for k in self.key)
        return f"run:{self.run.id}#{key},{column}"

    def row(self, key: str) -> dict[str, Any]:
        """The row whose key columns, joined by `|`, read `key`; raises ZizhuError when there is none."""
        if key not in self._rows:
            some = ", ".join(list(self._rows)[:3])
            raise ZizhuError(
                Problem(
                    f"no row {key!r}", f"run {self.run.id}", f"keys such as {some}", "Check the reference."
                )
            )
        return self.frame.row(self._rows[key], named=True)

    def opened(
        self,
        row: Mapping[str, Any],
        column: str,
        sentence: str,
        parts: tuple[Part, ...],
        left_out: int = 0,
        inputs: tuple[Ref, ...] | None = None,
    ) -> Explanation:
        """A number of this answer with the parts that add up to it or are evidence beside it.

        `inputs` are those behind the number, by default all of the run.
        """
        value = float(row[column])
        summands = [p.value for p in parts if p.share is not None]
        rest = value - sum(summands) if summands or not parts else 0.0
        behind = self.run.inputs if inputs is None else inputs
        ref, unit = self.ref(row, column), self.units[column]
        said = sentence[:1].upper() + sentence[1:]
        return Explanation(ref, value, unit, said, parts, rest, behind, left_out)

    def counted(self, conditions: str, top: int) -> Explanation:
        """The number of rows that meet all conditions, opened into these rows and what stands behind them."""
        rows = self.where(conditions)
        behind = [self._evidence(r) for r in rows]
        parts = tuple(Part(e.ref, e.label, 1.0, 1 / len(rows)) for e in behind[:top])
        met = " and ".join(self._condition(column, value) for column, _, value in _pairs(conditions))
        counted = f"{self.key[0]}s".capitalize() if len(self.key) == 1 else "Rows"
        return Explanation(
            ref=f"run:{self.run.id}#{conditions},count",
            value=float(len(rows)),
            unit="row" if len(rows) == 1 else "rows",
            sentence=f"{counted} {met}.",
            parts=parts,
            remainder=float(len(rows) - len(parts)),
            inputs=tuple(dict.fromkeys(ref for e in behind for ref in e.inputs)),
            left_out=len(rows) - len(parts),
        )

    def _condition(self, column: str, value: str) -> str:
        """A condition in words: whose reason is met, that are not sound."""
        said = "id" if self.key == (column,) else column.replace("_", " ")
        if str(self.frame.schema[column]) == "Boolean":
            return f"that are {'' if value == 'true' else 'not '}{said}"
        return f"whose {said} is {_told(column, value)}"

    def covered(self, position: str) -> Explanation:
        """One share of coverage with its statement; raises ZizhuError for a position that is none."""
        if not position.isdigit() or int(position) >= len(self.coverage):
            valid = [str(i) for i in range(len(self.coverage))]
            raise ZizhuError(unknown("coverage", position, valid, f"run {self.run.id}"))
        seen = self.coverage[int(position)]
        if seen.share is None:
            raise CannotAnswer(Problem("the share is not known", seen.what, "a known share", seen.statement))
        sentence = f"Coverage of {seen.what}{' (assumed)' if seen.assumed else ''}. {seen.statement}"
        ref = self.coverage_ref(int(position))
        return Explanation(ref, seen.share, "share seen", sentence, (), 0.0, self.run.inputs)

    def _evidence(self, row: Mapping[str, Any]) -> Evidence:
        """What the verb says stands behind a row; otherwise its key, its first number and all inputs."""
        if self.evidence is not None:
            return self.evidence(self, row)
        filled = next((c for c in self.units if row[c] is not None), next(iter(self.units)))
        label = ", ".join(_told(k, str(row[k])) for k in self.key)
        return Evidence(label, self.ref(row, filled), self.run.inputs)

    def count_ref(self, **conditions: object) -> Ref:
        """The reference of the number of rows that meet all conditions, such as `reason=met`."""
        return f"run:{self.run.id}#{'&'.join(f'{k}={_written(v)}' for k, v in conditions.items())},count"

    def where(self, conditions: str, meets: Callable[[str, str], bool] = eq) -> list[dict[str, Any]]:
        """The rows that meet conditions written `column=value&column=value`, in the order of the key.

        meets(cell as written, value): whether a cell meets its condition; equality unless told otherwise. Raises
        ZizhuError for a column that the answer does not have.
        """
        pairs = _pairs(conditions)
        problems = [
            unknown("column", c, self.frame.columns, f"run {self.run.id}")
            for c, _, _ in pairs
            if c not in self.frame.columns
        ]
        if problems:
            raise ZizhuError(problems)
        rows = self.table().iter_rows(named=True)
        return [r for r in rows if all(meets(_written(r[c]), value) for c, _, value in pairs)]

    def coverage_ref(self, position: int) -> Ref:
        """The reference of one share of coverage."""
        return f"run:{self.run.id}#coverage,{position}"

    @cached_property
    def _rows(self) -> dict[str, int]:
        keys = self.frame.select(self.key).iter_rows()
        return {"|".join(str(k) for k in key): i for i, key in enumerate(keys)}

    def compare(self, other: Result) -> pl.DataFrame:
        """This answer beside another of the same method: every measure as `_a`, `_b` and `_difference`.

        Rows that only one side has stay, with nulls on the other. Raises ZizhuError when keys differ.
        """
        import polars as pl

        if self.key != other.key or self.run.method != other.run.method:
            raise ZizhuError(
                Problem(
                    f"{self.run.method} by {self.key} cannot be compared with {other.run.method} by {other.key}",
                    "Result.compare",
                    "two results of the same method",
                    "Solve both with the same verb.",
                )
            )
        measures = [c for c in self.frame.columns if c in self.units and c in other.frame.columns]
        a = self.frame.select(*self.key, *(pl.col(m).alias(f"{m}_a") for m in measures))
        b = other.frame.select(*self.key, *(pl.col(m).alias(f"{m}_b") for m in measures))
        both = a.join(b, on=list(self.key), how="full", coalesce=True)
        return both.with_columns(
            (pl.col(f"{m}_b") - pl.col(f"{m}_a")).alias(f"{m}_difference") for m in measures
        )

    def figure(self, name: str = "") -> Figure:
        """The answer as a declarative figure with what it covers, or a further figure of it by name.

        Raises CannotAnswer for an answer without one, and ZizhuError for a name that is none of its figures.
        """
        if name and name not in self.others:
            held = ", ".join(self.others) or "none beside the first figure"
            where = f"run {self.run.id}, {self.run.method}"
            raise ZizhuError(
                Problem(f"no drawing {name!r}", where, held, "Leave it out for the first figure.")
            )
        draw = self.others[name] if name else self.draw
        if draw is None:
            raise CannotAnswer(
                Problem("this answer has no figure", self.run.method, "an answer that draws", "Use .table().")
            )
        drawn = draw(self)
        seen = (f"{c.measured} {c.statement}" for c in self.coverage)
        return drawn.model_copy(update={"notes": (*drawn.notes, *seen)})

    def to_parquet(self, path: str | Path) -> Path:
        """Write the sorted table to `path` and return it."""
        self.table().write_parquet(Path(path))
        return Path(path)

    @property
    def provenance(self) -> dict[str, Any]:
        """Run, inputs, units, basis and coverage as plain data."""
        return {
            "run": self.run.model_dump(mode="json"),
            "units": dict(self.units),
            "basis": self.basis,
            "coverage": [c.model_dump(mode="json") for c in self.coverage],
            "notes": list(self.notes),
        }


Draw = Callable[[Result], Figure]
"""What makes a figure of an answer."""


def largest(parts: Iterable[Part], top: int) -> tuple[tuple[Part, ...], int]:
    """The `top` parts that weigh most, largest first, and how many more there are."""
    ordered = sorted(parts, key=lambda p: (-abs(p.value), p.ref))
    return tuple(ordered[:top]), max(len(ordered) - top, 0)


def _told(column: str, value: str) -> str:
    """A code of a country, node, industry or product in words, other text as it is."""
    from zizhu.vocab import names

    if column == "hs6":
        return names.product(value)
    if column == "sector" and names.sector(value) != value:
        return f"{names.within(names.sector(value))} ({value})"
    return names.told(value)


def first(parts: Sequence[Part], top: int) -> tuple[tuple[Part, ...], int]:
    """The first `top` parts in an order of their own, and how many more there are."""
    return tuple(parts[:top]), max(len(parts) - top, 0)


def _pairs(conditions: str) -> list[tuple[str, str, str]]:
    return [c.partition("=") for c in conditions.split("&")]


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def require_coverage(coverage: tuple[Coverage, ...], insist: bool, where: str) -> None:
    """Refuse an answer that sees less than half of what it is about, unless the user insists.

    Raises CannotAnswer with the share that is seen.
    """
    low = [c for c in coverage if c.gate and c.share is not None and c.share < SHOWN_SHARE]
    if low and not insist:
        raise CannotAnswer(
            Problem(
                f"the table sees {c.share:.0%} of {c.what}",
                where,
                f"at least {SHOWN_SHARE:.0%}",
                f"{c.statement} Pass --insist (insist=True) to see the part that is visible.",
            )
            for c in low
        )
