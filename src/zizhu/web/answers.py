"""Answers: made once, kept as long as the tables stand, opened on what they were made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pydantic import BaseModel

from zizhu.ledger.models import Ref, Run
from zizhu.ledger.result import Result
from zizhu.store import Workspace
from zizhu.store.memory import Memory
from zizhu.web.written import Written

if TYPE_CHECKING:
    import polars as pl

    from zizhu.show.opened import Opened
    from zizhu.tables.choice import Choice
    from zizhu.web.verbs import Verb

ANSWERS, PAGES, DRAWN = 48, 96, 96
"""Answers with their inputs, their JSON, and figures that are kept."""
OUTLINES = "/api/outlines"
"""Where a page gets the outlines of countries: once, and not with every map."""
NO_UNITS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Made:
    """An answer with what it was made of, tables beside it, why its tables were chosen, and whether it is a preview."""

    inputs: Any
    result: Result
    lists: Mapping[str, tuple[pl.DataFrame, Mapping[str, str]]]
    why: tuple[str, ...] = ()
    preview: bool = False


@dataclass(frozen=True)
class Answers:
    """The answers of a workspace. Their runs are kept in it, so that every number can be opened later; those of
    previews only when somebody wants them, and until then their numbers open as long as they are at hand."""

    workspace: Workspace
    asked: Memory
    runs: Memory
    previews: Memory
    pages: Memory
    drawn: Memory

    @classmethod
    def of(cls, workspace: Workspace) -> Answers:
        """None yet."""
        kept = (ANSWERS, ANSWERS, 2 * PAGES, PAGES, DRAWN)
        return cls(workspace, *map(Memory, kept))

    def page(self, verb: Verb, asking: BaseModel) -> Written:
        """The JSON of an answer; raises what the verb raises."""
        key = self._key(verb, asking)
        width: int | None = getattr(asking, "width", None)
        return self.pages.once(key, lambda: Written.of(data(self._made(verb, asking), width)))

    def known(self, verb: Verb, asking: BaseModel) -> Written | None:
        """The JSON of an answer that is there."""
        found: Written | None = self.pages.known(self._key(verb, asking))
        return found

    def run(self, run_id: str) -> Run:
        """The record of a run: of a preview that is at hand, or one that is kept. Raises ZizhuError without either."""
        preview: Made | None = self.previews.known(run_id)
        return self.workspace.load_run(run_id) if preview is None else preview.result.run

    def keep(self, run_id: str) -> Run:
        """Keep the run of a preview in the workspace; one that is kept stays as it is."""
        run = self.run(run_id)
        self.workspace.save_run(run)
        return run

    def of_run(self, run_id: str) -> Made:
        """The answer of a run, made again where it is not kept here. Raises ZizhuError as `trace` does."""
        from zizhu.show.trace import made_again

        preview: Made | None = self.previews.known(run_id)
        if preview is not None:
            return preview
        run = self.workspace.load_run(run_id)
        return self.runs.once(_id(run), lambda: Made(*made_again(self.workspace, run_id), {}))

    def run_page(self, run_id: str, width: int | None) -> Written:
        """The JSON of the answer of a run."""
        made = self.of_run(run_id)
        return self.pages.once((_id(made.result.run), width), lambda: Written.of(data(made, width)))

    def figure(self, run: Run, width: int, name: str) -> Written:
        """The JSON of a figure of a run's answer, drawn where it is not kept; raises what `drawing` does."""
        return self.drawn.once(
            (_id(run), width, name), lambda: Written.of(drawing(self.of_run(run.id).result, width, name))
        )

    def known_figure(self, run: Run, width: int, name: str) -> Written | None:
        """The JSON of a figure that is there."""
        found: Written | None = self.drawn.known((_id(run), width, name))
        return found

    def opened(self, ref: Ref, top: int) -> Opened:
        """A reference opened; the number of a run on the inputs that are kept of it."""
        from zizhu.show.trace import opened, trace

        kind, _, rest = ref.partition(":")
        run_id, hashed, place = rest.partition("#")
        if kind != "run" or not hashed:
            return trace(self.workspace, ref, top)
        again = self.previews.known(run_id) is None and self.runs.known(_id(self.run(run_id))) is None
        made = self.of_run(run_id)
        key, _, column = place.rpartition(",")
        return replace(opened(self.workspace, made.inputs, made.result, key, column, top), again=again)

    def _key(self, verb: Verb, asking: BaseModel) -> tuple[str, str, object]:
        return verb.path, asking.model_dump_json(), self.workspace.stamp()

    def _made(self, verb: Verb, asking: BaseModel) -> Made:
        asked = asking.model_copy(update={"width": None})  # the same answer, however wide it is drawn
        made = self.asked.once(self._key(verb, asked), partial(self._solved, verb, asked))
        if made.preview:
            return self.previews.once(made.result.run.id, lambda: made)
        return self.runs.once(_id(made.result.run), lambda: made)

    def _solved(self, verb: Verb, asking: BaseModel) -> Made:
        from zizhu.show.trace import METHODS

        module = METHODS[verb.method]
        values, why = _resolved(self.workspace, verb, asking)
        inputs = module.load(self.workspace, module.Params(**values))
        result: Result = module.solve(inputs)
        if not verb.preview:
            self.workspace.save_run(result.run)
        units = getattr(module, "SUMMED", {})
        beside = {name: (getattr(module, name)(result), units) for name in verb.lists}
        return Made(inputs, result, beside, why, verb.preview)


def _id(run: Run) -> tuple[str, str]:
    """Question and answer of a run: the register, which is no table, may have changed between two of one question."""
    return run.id, run.output


def _resolved(workspace: Workspace, verb: Verb, asking: BaseModel) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The values of the verb's question, with the best tables where none are named, and why these."""
    values = asking.model_dump(mode="json", exclude_none=True, exclude={"width"})
    unnamed = [name for name in verb.best if name in type(asking).model_fields and name not in values]
    chosen = _chosen(workspace, [verb.best[name] for name in unnamed])
    values |= {name: choice.name for name, choice in zip(unnamed, chosen, strict=True)}
    why = tuple(choice.why for choice in chosen if choice.why)
    return (values if verb.prepared is None else verb.prepared(workspace, values)), why


def _chosen(workspace: Workspace, kinds: Sequence[str]) -> list[Choice]:
    """The best tables of these kinds."""
    if not kinds:
        return []
    from zizhu.tables.choice import Best

    best = Best(workspace)
    return [getattr(best, kind) for kind in kinds]


def data(made: Made, width: int | None) -> dict[str, Any]:
    """An answer as plain data, in the shape of `Answer`."""
    result = made.result
    frame = result.table()
    beside = {**{name: (frame, NO_UNITS) for name, frame in result.lists.items()}, **made.lists}
    return {
        "columns": frame.columns,
        "key": result.key,
        "rows": list(_rows(frame)),
        **result.provenance,
        "notes": [*result.notes, *made.why],
        "lists": {
            name: {"columns": one.columns, "rows": list(_rows(one)), "units": dict(units)}
            for name, (one, units) in beside.items()
        },
        "draws": result.draw is not None,
        "preview": made.preview,
        "others": list(result.others),
        "figure": drawing(result, width) if width is not None and result.draw is not None else None,
    }


def _rows(frame: pl.DataFrame) -> Iterator[list[Any]]:
    """The rows, in cells that JSON has; what is none of them is said in words."""
    import polars as pl

    odd = [
        c for c, kind in frame.schema.items() if not kind.is_numeric() and kind not in (pl.String, pl.Boolean)
    ]
    told = frame.with_columns(pl.col(c).map_elements(_told, pl.String) for c in odd)
    return (list(row) for row in told.iter_rows())


def _told(value: object) -> str:
    return (
        "; ".join(map(str, value))
        if isinstance(value, Iterable) and not isinstance(value, str)
        else str(value)
    )


def drawing(result: Result, width: int, name: str = "") -> dict[str, Any]:
    """A figure of an answer in the shape of `Drawing`; raises what `Result.figure` does."""
    from zizhu.show.spec import spec

    figure = result.figure(name)
    told = figure.model_dump(mode="json", exclude={"rows", "encoding"})
    return {**told, "spec": spec(figure, width=width, link=address, outlines=OUTLINES)}


def address(ref: Ref) -> str:
    """Where the page opens a reference."""
    return f"#/trace/{quote(ref, safe='')}"
