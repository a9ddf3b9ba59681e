"""A verb's answer as an exhibit of a report: its sentence, its drawing, and a table of what is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from zizhu.ledger.models import Figure, Ref
from zizhu.ledger.result import Result
from zizhu.show.brief.desk import Answer, Asking, marks
from zizhu.show.brief.model import Exhibit, Grid, Line, Panel, line
from zizhu.show.format import in_words
from zizhu.show.report.model import View, question
from zizhu.show.trace import METHODS
from zizhu.store import Workspace
from zizhu.tables.choice import Best
from zizhu.vocab import names
from zizhu.vocab.problems import CannotAnswer

ROWS = 40
"""Rows of a table on the page; the file of the answer has all."""
APART = "see "
"""What begins the unit of a column whose rows have units of their own, before the name of the column that has them."""
COUNT = ",count"
FINAL = ("depend.circulation",)
"""Verbs that need final demand by destination, so that a table which measures it comes first."""


class Twin(NamedTuple):
    """What a figure shows of its answer: keys of rows in the order of drawing, and columns."""

    keys: tuple[str, ...]
    columns: tuple[str, ...]


def exhibit(asking: Asking, view: View, as_of: str, letter: str) -> Exhibit:
    """The exhibit of a view. Raises CannotAnswer as its verb does, and ZizhuError for a question that is none."""
    answer = asking.ask(view.verb, question(view, as_of, _tables(asking.workspace, view)))
    figure = _figure(answer.result, view.figure)
    return Exhibit(
        letter,
        view.title or (figure.title if figure else _headed(view.verb)),
        line(figure.sentence) if figure else _without_drawing(answer.result),
        (Panel(asking.figure(figure), f"Unit: {figure.unit}. Basis: {figure.basis}."),) if figure else (),
        _grids(asking, answer, figure),
        (*asking.coverage(answer), *(line(n) for n in dict.fromkeys(_notes(answer.result, figure)))),
    )


def _grids(asking: Asking, answer: Answer, figure: Figure | None) -> tuple[Grid, ...]:
    drawn = list(marks(figure)) if figure else []
    if drawn and all(ref.endswith(COUNT) and "=" in ref for ref in drawn):
        return (_counts(asking, answer, drawn),)
    shown = twin(answer.result, figure)
    return (_grid(asking, answer, shown),) if shown.keys else ()


def twin(result: Result, figure: Figure | None) -> Twin:
    """Which rows and columns of an answer its figure draws; all rows and numbers where the marks do not say."""
    places = [
        p
        for p in map(_place, marks(figure) if figure else ())
        if p and p[0] == result.run.id and p[2] in result.units
    ]
    held = {"|".join(str(row[k]) for k in result.key) for row in result.frame.iter_rows(named=True)}
    drawn = [(key, column) for _, key, column in places if key in held]
    if drawn:
        return Twin(*(tuple(dict.fromkeys(side)) for side in zip(*drawn, strict=True)))
    filled = [c for c in result.units if result.frame[c].count()]
    rows = result.table().iter_rows(named=True)
    return Twin(tuple("|".join(str(row[k]) for k in result.key) for row in rows), tuple(filled))


def _figure(result: Result, name: str) -> Figure | None:
    try:
        drawn = result.figure(name)
    except CannotAnswer:
        if name or result.draw is not None:
            raise
        return None
    return None if drawn.kind == "table" else drawn


def _tables(workspace: Workspace, view: View) -> Mapping[str, str]:
    """The best tables in the place of the built-in ones, where the view names none."""
    asks = METHODS[view.verb].Params.model_fields
    wanted = [k for k in ("table", "trade") if k in asks and asks[k].default and not asks[k].is_required()]
    return {k: _best(workspace, view.verb, k) for k in wanted if k not in view.params}


def _best(workspace: Workspace, verb: str, kind: str) -> str:
    best = Best(workspace)
    if kind == "trade":
        return best.trade.name
    return (best.mrio_with_final if verb in FINAL else best.mrio).name


def _place(ref: Ref) -> tuple[str, str, str] | None:
    """Run, key and column of the reference of a run's number."""
    kind, _, rest = ref.partition(":")
    run, _, place = rest.partition("#")
    key, _, column = place.rpartition(",")
    return (run, key, column) if kind == "run" else None


def _grid(asking: Asking, answer: Answer, shown: Twin) -> Grid:
    """The rows of the answer that are drawn; what all of them have in common stands above them."""
    result = answer.result
    rows = [result.row(key) for key in shown.keys]
    alike = [k for k in result.key if len(rows) > 1 and len({row[k] for row in rows}) == 1]
    apart = _units_apart(result, shown.columns)
    keys = [k for k in result.key if k not in alike]
    heads = (*map(_words, keys), *(_headed_column(c, result) for c in shown.columns), *map(_words, apart))
    numeric = (*(False for _ in keys), *(True for _ in shown.columns), *(False for _ in apart))
    lines = (
        (
            *(line(told(k, row[k])) for k in keys),
            *(_cell(asking, answer, row, c) for c in shown.columns),
            *(line(str(row[c] or "")) for c in apart),
        )
        for row in rows[:ROWS]
    )
    return Grid(heads, numeric, tuple(lines), _captioned({k: told(k, rows[0][k]) for k in alike}, len(rows)))


def _counts(asking: Asking, answer: Answer, refs: list[Ref]) -> Grid:
    """The marks of a figure that counts rows: what is counted, and how many there are."""
    rows = []
    for ref in dict.fromkeys(refs):
        pairs = dict(c.split("=", 1) for c in ref.partition("#")[2].removesuffix(COUNT).split("&"))
        said = ", ".join(f"{_words(column)} {value}" for column, value in pairs.items())
        rows.append((line(said), line(asking.count(answer, **pairs))))
    return Grid(("rows", "count"), (False, True), tuple(rows[:ROWS]), _captioned({}, len(rows)))


def _captioned(alike: Mapping[str, str], rows: int) -> str:
    common = f" In every row: {'; '.join(f'{_words(k)} {v}' for k, v in alike.items())}." if alike else ""
    more = f" The first {ROWS} of {rows} rows." if rows > ROWS else ""
    return f"Each number is a link to its origin.{common}{more}"


def _units_apart(result: Result, columns: tuple[str, ...]) -> list[str]:
    """The columns that hold the units of others, row by row."""
    named = dict.fromkeys(
        u.removeprefix(APART) for u in map(result.units.get, columns) if u and u.startswith(APART)
    )
    return [c for c in named if c in result.frame.columns and c not in result.key]


def _cell(asking: Asking, answer: Answer, row: Mapping[str, Any], column: str) -> Line:
    if row[column] is None:
        return ()
    unit = answer.result.units[column]
    shown = in_words(float(row[column]), "" if unit.startswith(APART) else unit)
    return line(asking.number(answer, row, column, shown))


def told(column: str, value: object) -> str:
    """A code of a key in words, other text as it is."""
    code = "" if value is None else str(value)
    if column == "hs6":
        return names.product(code)
    return (
        f"{names.sector(code)} ({code})"
        if column == "sector" and names.sector(code) != code
        else names.told(code)
    )


def _headed_column(column: str, result: Result) -> str:
    unit = result.units[column]
    return _words(column) if unit.startswith(APART) else f"{_words(column)} ({unit})"


def _words(column: str) -> str:
    return "product" if column == "hs6" else column.replace("_", " ")


def _headed(verb: str) -> str:
    return verb.replace(".", ": ").replace("_", " ").capitalize()


def _without_drawing(result: Result) -> Line:
    rows = "row" if result.frame.height == 1 else "rows"
    return line(f"This answer has {result.frame.height} {rows} and no drawing. Basis: {result.basis}.")


def _notes(result: Result, figure: Figure | None) -> Iterator[str]:
    """What must be known to read it; coverage stands on its own lines, with its shares as links."""
    seen = {f"{c.measured} {c.statement}" for c in result.coverage}
    yield from (n for n in (*(figure.notes if figure else ()), *result.notes) if n not in seen)
    yield from (c.statement for c in result.coverage if c.statement)
