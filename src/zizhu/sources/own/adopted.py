"""A user's file of series taken into the workspace as it is guessed to be, where the guesses leave nothing open.

For a question that is asked once; what is to stay is mapped, corrected and added (`zizhu data map`, `zizhu data add`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from zizhu.sources.own import guess
from zizhu.sources.own.draft import Draft, Drafted, draft
from zizhu.sources.own.map_yaml import name_of_table
from zizhu.sources.own.mapped import add_as
from zizhu.sources.own.mapping import PLACES, TIMES, Cited, Column, TableMap
from zizhu.sources.readers.observations import NOT_STATED, table_name
from zizhu.store import Workspace
from zizhu.store.meta import Meta
from zizhu.vocab.problems import Problem, ZizhuError

_NAME, _MARK = 48, 8
"""Letters of the file's name and of its digest that make the name of the table."""


def adopted(workspace: Workspace, path: Path) -> Meta:
    """The table of series that a file is taken for, published under its name and digest; the same file once.

    Raises ZizhuError where the guesses are unsure, with what to do, and with all that is wrong in the file; then the
    workspace is as it was.
    """
    made = draft(path, "series")
    problems = list(_unsure(made))
    if problems:
        raise ZizhuError(problems)
    name = table_name(name_of_table(made)[:_NAME], made.sha256[:_MARK])
    if (workspace.root / "refs" / name).exists():
        return workspace.read(name).meta
    return add_as(workspace, _map(made, name), path, path.name)


def _unsure(made: Draft) -> Iterator[Problem]:
    """What a map would leave open, but for a citation and units, which a series can do without."""
    roles = {c.role.value for c in made.columns}
    wide = any(c.period for c in made.columns)
    for c in made.columns:
        if c.role.confidence < guess.SURE:
            yield _ask(
                made, f"column {c.look.name!r} may be {c.role.value}, or something else", "a sure guess"
            )
    if not wide and not roles & set(TIMES):
        yield _ask(made, "no column has years", "a column such as period or year")
    if "value" not in roles:
        yield _ask(made, "no column has values", "a column of numbers such as value")


def _ask(made: Draft, what: str, expected: str) -> Problem:
    remedy = f"Run `zizhu data map {made.path.name}`, correct the map, add it, and name the table."
    return Problem(what, str(made.path), expected, remedy)


def _map(made: Draft, name: str) -> TableMap:
    """The map of a file as it is guessed; one without places or indicators is of one place, or measures one thing."""
    stem, roles = made.path.name.partition(".")[0], {c.role.value for c in made.columns}
    wide = any(c.period for c in made.columns)
    constants = {} if roles & set(PLACES) else {"entity": stem}
    if wide and "indicator" not in roles:
        constants["indicator"] = stem
    return TableMap(
        file=made.path.name,
        sha256=made.sha256,
        kind="series",
        table=name,
        title=f"{made.path.name}, read as it was guessed to be",
        source=Cited(producer=NOT_STATED, title=made.path.name, quality="low"),
        layout=made.layout,
        constants=constants,
        columns=tuple(_column(c, roles, wide) for c in made.columns),
    )


def _column(c: Drafted, roles: set[str], wide: bool) -> Column:
    """A column with its guesses; where nothing says the unit, it is not stated."""
    of_values = c.role.value == "value"
    unit = c.unit.value if of_values and "unit" not in roles else None
    alone = of_values and not wide and "indicator" not in roles
    return Column(
        name=c.look.name,
        role=c.role.value,
        unit=unit.unit if unit else NOT_STATED if of_values and "unit" not in roles else "",
        scale=unit.scale if unit else 1.0,
        codes=c.codes.value,
        period=c.period,
        indicator=c.look.name if alone else "",
        missing=() if c.role.value == "ignore" else c.look.missing,
    )
