"""Rules by which statistical offices call progress, as rows of `packs/policy/progress_rules.csv`.

A rule names a measure of two points (`pace`, or growth a year) and bands of it. What a rule would say stands beside a
verdict with its source, never for it. A rule is held only where its bounds were read in a source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from zizhu.ledger.models import Record, Text
from zizhu.ledger.records import Line, load
from zizhu.vocab.packfiles import pack
from zizhu.vocab.problems import Problem, ZizhuError

Measure = Literal["cagr_ratio", "extrapolated_ratio", "growth"]


class Band(Record):
    """A band of a rule: from `lower` on, or above it where not `inclusive`; the last band of a rule has no bound."""

    rule: Text
    label: Text
    measure: Measure
    band: Text
    lower: float | None = None
    inclusive: bool
    unit: Text
    source: Text
    url: Text
    edition: str = ""
    note: str = ""

    def holds(self, value: float) -> bool:
        """Whether a value is in this band or a better one."""
        return self.lower is None or (value >= self.lower if self.inclusive else value > self.lower)


@cache
def rules() -> Mapping[str, tuple[Band, ...]]:
    """The bands of every rule, the best first."""
    return read(pack("policy/progress_rules.csv"))


def column(rule: str) -> str:
    """The column of a rule in the answers that it stands in."""
    return f"rule_{rule.replace('-', '_')}"


def read(path: Path) -> Mapping[str, tuple[Band, ...]]:
    """The rules of a file of this form; raises ZizhuError with all faults of the file."""
    found: dict[str, tuple[Band, ...]] = {}

    def in_order(line: Line[Band]) -> Iterator[Problem]:
        band = line.record
        earlier = found.get(band.rule, ())
        found[band.rule] = (*earlier, band)
        before = earlier[-1].lower if earlier else float("inf")
        if before is None or (band.lower is not None and band.lower >= before):
            yield Problem(
                f"band {band.band!r} of rule {band.rule!r} is not below the one before it",
                line.at("lower"),
                "bands from the best to the worst, the last one without a bound",
                "Put the bands in order.",
            )

    load(path, Band, [in_order], key="")
    if open_ended := [rule for rule, bands in found.items() if bands[-1].lower is not None]:
        raise ZizhuError(
            [
                Problem(
                    f"the last band of rule {rule!r} has a bound",
                    f"{path.name}, column lower",
                    "a last band for all that is below the others",
                    "Add a band without a bound.",
                )
                for rule in open_ended
            ]
        )
    return found


def said(rule: str, value: float) -> str:
    """The band that a rule puts a value of its measure in; empty for NaN. Raises KeyError for a rule not held."""
    bands = rules()[rule]
    return "" if value != value else next(b.band for b in bands if b.holds(value))
