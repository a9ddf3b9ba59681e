"""What a run of the benchmarks reports: repeated measurements of two sides, as table rows and JSON lines."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

COLUMNS = ("what", "ours", "peer or limit", "ratio", "CPU ratio", "goal", "busy")
_SHOWN = {"s": (1.0, ".2f"), "ms": (1e3, ".1f"), "MiB": (1.0, ",.0f")}


@dataclass(frozen=True)
class Sample:
    """Repeated runs of one side: seconds (or MiB) of each, and the CPU seconds of all of them together."""

    runs: tuple[float, ...]
    cpu: float | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.runs)

    @property
    def busy(self) -> float | None:
        """Share of the time spent on a processor. Below 1 the runs waited for one: times are upper bounds."""
        return None if self.cpu is None else self.cpu / sum(self.runs)


@dataclass(frozen=True)
class Row:
    """One line of the report. `unit` is s, ms (of runs in seconds) or MiB; `goal` is stated, not judged."""

    what: str
    ours: Sample
    unit: str
    goal: str = ""
    other: Sample | None = None
    other_name: str = ""

    @property
    def ratio(self) -> float | None:
        """Median of ours over median of the other side."""
        return None if self.other is None else self.ours.median / self.other.median

    @property
    def cpu_ratio(self) -> float | None:
        """CPU seconds of a run, ours over the other side's: waiting for a processor is not in it."""
        if self.other is None or self.ours.cpu is None or self.other.cpu is None:
            return None
        return (self.ours.cpu / len(self.ours.runs)) / (self.other.cpu / len(self.other.runs))

    def cells(self) -> list[str]:
        """The row as text, in the order of COLUMNS."""
        other = f"{self._shown(self.other)}, {self.other_name}" if self.other else self.other_name
        ratios = ["" if r is None else f"{r:.3g}" for r in (self.ratio, self.cpu_ratio)]
        sides = [s.busy for s in (self.ours, self.other) if s is not None and s.busy is not None]
        return [
            self.what,
            self._shown(self.ours),
            other,
            *ratios,
            self.goal,
            " / ".join(f"{b:.0%}" for b in sides),
        ]

    def _shown(self, sample: Sample) -> str:
        scale, form = _SHOWN[self.unit]
        return f"{sample.median * scale:{form}} {self.unit}"


def merged(parts: Iterable[dict[str, Any]]) -> Sample:
    """The runs of several processes as one sample; a part has `seconds` and the CPU seconds of all of them."""
    held = list(parts)
    runs = tuple(s for p in held for s in p["seconds"])
    return Sample(runs, sum(p["cpu"] for p in held))


def write_json(path: Path, facts: dict[str, str], rows: Sequence[Row], notes: Sequence[str]) -> None:
    """One JSON object a line: the machine, every row with all its runs, the notes."""
    lines: list[dict[str, Any]] = [{"kind": "machine", **facts}]
    lines += [{"kind": "row", **asdict(row), "ratio": row.ratio, "cpu_ratio": row.cpu_ratio} for row in rows]
    lines += [{"kind": "note", "note": note} for note in notes]
    path.write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines), encoding="utf-8")
