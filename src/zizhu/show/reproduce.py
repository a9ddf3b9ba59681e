"""Published numbers beside ours: each question is asked again, and every difference has its reason.

A difference is no error as long as somebody found out why it is there. One without a written reason is unexplained.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

from zizhu.ledger.models import Ref
from zizhu.ledger.result import Result
from zizhu.show.published import COUNT, Published
from zizhu.show.trace import METHODS
from zizhu.store import Workspace
from zizhu.vocab.problems import Problem, ZizhuError

__all__ = ["Compared", "Outcome", "asked", "compared"]

Outcome = Literal["within the print", "differs", "needs a table", "unexplained"]
Row = Mapping[str, Any]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Compared:
    """A published number beside ours, in its unit.

    `ours` is None where the question was not asked, could not be answered (`problem`), or the table has no value.
    `refs` open the numbers that ours is the sum of, largest first; `left_out` counts rows without a value.
    """

    published: Published
    ours: float | None = None
    refs: tuple[Ref, ...] = ()
    left_out: int = 0
    problem: str = ""
    missing: bool = False

    @property
    def difference(self) -> float | None:
        """Ours less the published number."""
        return None if self.ours is None else self.ours - self.published.value

    @property
    def outcome(self) -> Outcome:
        """What came of it."""
        if self.missing:
            return "needs a table"
        if self.ours is not None and not self.left_out and self.published.met(self.ours):
            return "within the print"
        return "differs" if self.published.reason and not self.problem else "unexplained"

    @property
    def why(self) -> str:
        """Why ours differs, why it is not known, or what is needed."""
        p = self.published
        if self.outcome == "within the print":
            return ""
        if not self.missing:
            return self.problem or p.reason
        needed = f"needs {p.needs}" + (f": {p.get}" if p.get else "")
        return f"{needed}. {p.reason}".rstrip(". ") + "."

    def data(self) -> dict[str, Any]:
        """Everything as plain data."""
        found = {"outcome": self.outcome, "ours": self.ours, "difference": self.difference, "why": self.why}
        return {
            **self.published.model_dump(mode="json"),
            **found,
            "refs": list(self.refs),
            "left_out": self.left_out,
        }


def compared(
    workspace: Workspace, rows: Sequence[Published], progress: Progress | None = None
) -> list[Compared]:
    """Every published number beside ours, in the order of `rows`; a question of several rows is asked once.

    The runs behind them are kept in the workspace, so that their references open.
    """
    have, found = set(workspace.names()), dict[str, Compared]()
    askable = [p for p in rows if p.verb and (not p.needs or p.needs in have)]
    found.update({p.id: Compared(p, missing=True) for p in rows if p not in askable})
    for verb, question, those in _together(askable):
        found.update({c.published.id: c for c in _answered(workspace, verb, question, those)})
        if progress is not None:
            progress(len(found), len(rows))
    return [found[p.id] for p in rows]


def _together(rows: Sequence[Published]) -> Iterator[tuple[str, Mapping[str, Any], list[Published]]]:
    """The rows by what they ask."""
    grouped: dict[tuple[str, str], list[Published]] = {}
    for p in rows:
        grouped.setdefault((p.verb, json.dumps(dict(p.question), sort_keys=True)), []).append(p)
    for (verb, _), those in grouped.items():
        yield verb, those[0].question, those


def _answered(
    workspace: Workspace, verb: str, question: Mapping[str, Any], rows: Sequence[Published]
) -> list[Compared]:
    try:
        result = asked(workspace, verb, question)
    except ZizhuError as error:
        return [Compared(p, problem=_told(error.problems)) for p in rows]
    workspace.save_run(result.run)
    return [_beside(p, result) for p in rows]


def asked(workspace: Workspace, verb: str, question: Mapping[str, Any]) -> Result:
    """The answer of a verb to a question in the words of its `Params`."""
    module = METHODS[verb]
    result: Result = module.solve(module.load(workspace, module.Params(**question)))
    return result


def _beside(p: Published, result: Result) -> Compared:
    columns = [part.partition("=")[0] for c in (p.rows, p.over) if c for part in c.split("&")]
    wanted = [*columns, *([] if p.column == COUNT else [p.column])]
    if unknown := [c for c in dict.fromkeys(wanted) if c not in result.frame.columns]:
        return Compared(p, problem=f"the answer has no column {', '.join(unknown)}")
    rows = result.where(p.rows, fnmatchcase)
    if p.column == COUNT:
        opens = () if "*" in p.rows else (f"run:{result.run.id}#{p.rows},{COUNT}",)
        return Compared(p, len(rows) * p.times, opens)
    if not rows:
        return Compared(p, problem=f"the answer has no row with {p.rows}")
    whole = result.where(p.over, fnmatchcase) if p.over else []
    seen = [r for r in rows if r[p.column] is not None]
    seen.sort(key=lambda r: -abs(r[p.column]))
    refs = tuple(result.ref(r, p.column) for r in seen)
    part = _sum(seen, p.column) if seen else None
    base = _sum(whole, p.column) if whole else 1.0
    ours = None if part is None or not base else part / base * p.times
    return Compared(p, ours, refs, len(rows) - len(seen))


def _sum(rows: Sequence[Row], column: str) -> float:
    return float(sum(r[column] for r in rows if r[column] is not None))


def _told(problems: Sequence[Problem]) -> str:
    return "; ".join(f"{p.what} ({p.remedy})" for p in problems)
