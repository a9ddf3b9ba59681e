"""The desk on which a report is written: asks the verbs once each and remembers every number that is printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from zizhu.ledger.facts import facts
from zizhu.ledger.models import Figure, Record, Ref, Run
from zizhu.ledger.result import Explanation, Result
from zizhu.show.brief import words
from zizhu.show.brief.model import Line, Number, line
from zizhu.show.format import in_words, percent
from zizhu.show.trace import METHODS, explain, open_plan_sector, plan_sectors, sources_of, trace
from zizhu.store import Workspace
from zizhu.tables.mrio import MRIO
from zizhu.tables.selection import countries_of, select
from zizhu.tables.trade import Trade
from zizhu.vocab import groups, products, units
from zizhu.vocab.problems import CannotAnswer

SPLIT = 5
"""Parts shown of each number in a report; `zizhu trace` shows as many as asked."""


@dataclass(frozen=True)
class Answer:
    """A verb's answer with the inputs that open its numbers."""

    module: ModuleType
    inputs: Any
    result: Result

    def row(self, **key: object) -> dict[str, Any]:
        """The row with these key values."""
        import polars as pl

        hit = self.result.frame.filter(*(pl.col(k) == v for k, v in key.items()))
        return hit.row(0, named=True)


@dataclass(frozen=True)
class Traced:
    """A printed number, what it is, and its explanation where it has parts."""

    ref: Ref
    text: str
    told: str
    explanation: Explanation | None
    sources: tuple[str, ...]


@dataclass
class Asking:
    """Asks verbs once each, on the tables that their questions name, and remembers every number that is printed."""

    workspace: Workspace
    _answers: dict[str, Answer] = field(default_factory=dict, init=False)
    _loaded: dict[tuple[Any, str], Any] = field(default_factory=dict, init=False)
    _begun: dict[str, Future[Answer]] = field(default_factory=dict, init=False)
    _printed: dict[Ref, tuple[str, Answer | None, str, str]] = field(default_factory=dict, init=False)
    _cited: dict[tuple[Ref, ...], tuple[str, ...]] = field(default_factory=dict, init=False)

    def ask(self, method: str, params: Record) -> Answer:
        """The answer of a verb, on the tables that the desk already holds; asked once."""
        asked = _asked(method, params)
        if asked not in self._answers:
            begun = self._begun.get(asked)
            answer = begun.result() if begun else self._answer(method, params)
            self.workspace.save_run(answer.result.run)
            self._answers[asked] = answer
        return self._answers[asked]

    def begin(self, method: str, params: Record, beside: Executor) -> None:
        """Have a thread of `beside` answer what will be asked later."""
        self._begun[_asked(method, params)] = beside.submit(self._answer, method, params)

    def _answer(self, method: str, params: Record) -> Answer:
        module = METHODS[method]
        inputs = self._inputs(module, params)
        return Answer(module, inputs, module.solve(inputs))

    def _inputs(self, module: ModuleType, params: Record) -> Any:
        asked = module.load, params.model_dump_json()
        if asked not in self._loaded:
            self._loaded[asked] = module.load(self.workspace, params)
        return self._loaded[asked]

    def hold(self, module: ModuleType, params: Record, inputs: Any) -> None:
        """Have a question that will be asked stand on inputs that are there."""
        self._loaded.setdefault((module.load, params.model_dump_json()), inputs)

    def number(self, answer: Answer, row: Mapping[str, Any], column: str, text: str) -> Number:
        """A number of an answer, to be printed as `text`."""
        ref = answer.result.ref(row, column)
        key = "|".join(str(row[k]) for k in answer.result.key)
        self._printed.setdefault(ref, (text, answer, key, column))
        return Number(text, ref)

    def figure(self, figure: Figure) -> Figure:
        """A figure whose every mark will be opened as a printed number is."""
        for ref in marks(figure):
            if ref not in self._printed:
                self._drawn(ref)
        return figure

    def _drawn(self, ref: Ref) -> None:
        if not ref.startswith("run:"):
            self._printed[ref] = (ref.partition(":")[2], None, ref, "")
            return
        run, _, place = ref.removeprefix("run:").partition("#")
        answer = next(a for a in self._answers.values() if a.result.run.id == run)
        key, _, column = place.rpartition(",")
        value = float(len(answer.result.where(key))) if column == "count" else answer.result.row(key)[column]
        self._printed[ref] = (in_words(value, answer.result.units.get(column, "")), answer, key, column)

    def count(self, answer: Answer, **conditions: object) -> Number:
        """How many rows of an answer meet all conditions."""
        ref = answer.result.count_ref(**conditions)
        key = ref.partition("#")[2].rpartition(",")[0]
        text = str(len(answer.result.where(key)))
        self._printed.setdefault(ref, (text, answer, key, "count"))
        return Number(text, ref)

    def coverage(self, answer: Answer) -> list[Line]:
        """One line a share of coverage of an answer."""
        lines = []
        for c, seen in zip(answer.result.coverage, self.seen(answer), strict=True):
            most = "" if c.share in (None, 1.0) or c.assumed else "at most "
            lines.append(line(f"Of {c.what} the table can see {most}", *seen, "."))
        return lines

    def seen(self, answer: Answer) -> list[Line]:
        """The shares of coverage of an answer, each said to be assumed where it is."""
        lines = []
        for i, c in enumerate(answer.result.coverage):
            ref, text = answer.result.coverage_ref(i), percent(c.share, 0)
            self._printed.setdefault(ref, (text, answer, "coverage", str(i)))
            lines.append(line(Number(text, ref), " (assumed)" if c.assumed else ""))
        return lines

    def fact(self, fact_id: str, text: str) -> Number:
        """A fact of the register, to be printed as `text`."""
        ref = f"fact:{fact_id}"
        self._printed.setdefault(ref, (text, None, ref, ""))
        return Number(text, ref)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs of every question asked so far, in the order of asking."""
        return tuple({a.result.run.id: a.result.run for a in self._answers.values()}.values())

    def traces(self) -> list[Traced]:
        """Every number printed so far, opened, in the order of printing."""
        return [self._open(ref, *entry) for ref, entry in self._printed.items()]

    def _elsewhere(self, ref: Ref, text: str) -> Traced:
        """A reference that is no number of an answer: a fact of the register, a cell, or words of a document."""
        key = ref.removeprefix("fact:")
        if key in facts():
            return Traced(ref, text, words.fact(facts()[key]), None, (facts()[key].source,))
        if key in plan_sectors():
            opened, shares = (
                open_plan_sector(plan_sectors()[key], SPLIT),
                " Shares of the industries, from {}.",
            )
            said = f"{opened.sentence}{shares.format(dict(opened.fields)['source'])}"
        else:
            opened = trace(self.workspace, ref, SPLIT)
            said = opened.sentence
        told = Explanation(ref, opened.value or 0.0, opened.unit, said, opened.parts, opened.remainder, ())
        return Traced(ref, text, said, told, tuple(s.id for s in opened.sources))

    def _sources(self, inputs: tuple[Ref, ...]) -> tuple[str, ...]:
        if inputs not in self._cited:
            self._cited[inputs] = tuple(s.id for s in sources_of(self.workspace, inputs))
        return self._cited[inputs]

    def _open(self, ref: Ref, text: str, answer: Answer | None, key: str, column: str) -> Traced:
        if answer is None:
            return self._elsewhere(ref, text)
        try:
            shown = answer.result.frame.height if column == "count" else SPLIT
            opened = explain(answer.module, answer.inputs, answer.result, key, column, shown)
        except CannotAnswer:
            sources = self._sources(answer.result.run.inputs)
            return Traced(ref, text, _without_parts(answer, key, column), None, sources)
        return Traced(ref, text, opened.sentence, opened, self._sources(opened.inputs))


@dataclass
class Desk(Asking):
    """Everything the exhibits share besides: the country, its partners, and the tables, which are read already."""

    mrio: MRIO
    trade: Trade
    table: str
    trade_name: str
    country: str
    partners: tuple[str, ...]
    as_of: str

    @property
    def home(self) -> tuple[str, ...]:
        """The table's countries that the brief is about: one, or the members of a group."""
        return countries_of(self.mrio, self.country)

    @property
    def members(self) -> tuple[str, ...]:
        """The economies of the trade table that the brief is about, with the groups of the table's last year."""
        return groups.expand(self.country, self.trade.years()[1])

    @property
    def raw_materials(self) -> tuple[str, ...]:
        """The raw materials among the products of the trade table; none named where it holds nothing else."""
        known = set(products.raw_materials())
        raw = tuple(code for code in self.trade.products if code in known)
        return raw if len(raw) < len(self.trade.products) else ()

    def output(self, code: str) -> float:
        """Output of a part of the table, in its unit."""
        part = select(self.mrio, code)
        return float(part.part @ self.mrio.x[part.index])

    def usd(self, value: float) -> float:
        """Money of the input-output table in USD."""
        return units.convert(value, self.mrio.unit, "USD")

    def _inputs(self, module: ModuleType, params: Record) -> Any:
        held = {"mrio": (self.mrio, "table", self.table), "trade": (self.trade, "trade", self.trade_name)}
        wanted = [name for name in module.Inputs.__dataclass_fields__ if name != "params"]
        if wanted and all(k in held and getattr(params, held[k][1], "") == held[k][2] for k in wanted):
            return module.Inputs(params=params, **{k: held[k][0] for k in wanted})
        return super()._inputs(module, params)


def marks(figure: Figure) -> Iterator[Ref]:
    """The references of a figure's marks, row by row."""
    columns = [c for role, c in figure.encoding.items() if role == "ref" or role.startswith("ref_")]
    for row in figure.rows:
        yield from (row[c] for c in columns if row.get(c))


def _asked(method: str, params: Record) -> str:
    return f"{method} {params.model_dump_json()}"


def _without_parts(answer: Answer, key: str, column: str) -> str:
    run = answer.result.run
    asked = ", ".join(f"{k} {v}" for k, v in run.params.items() if isinstance(v, str | int | float))
    unit = answer.result.units.get(column, "")
    return (
        f"{column.replace('_', ' ')} ({unit}) of {key.replace('|', ', ')}; made by {run.method} with {asked}."
    )
