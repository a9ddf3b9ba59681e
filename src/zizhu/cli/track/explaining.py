"""`zizhu track explain`: why a verdict is what it is, number by number, down to the observations and their sources."""

from __future__ import annotations

from typing import Annotated

import typer

from zizhu.cli.days import AsOf, day
from zizhu.cli.options import AsList, Place, workspace
from zizhu.cli.track.showing import Basis, Series, TargetId
from zizhu.vocab.problems import ZizhuError, unknown

DECIDING = ("p", "observed", "needed_pace", "observed_pace", "fastest_pace")
"""What a verdict rests on, in the order in which it is told; `lower`, `median`, `upper` and others open when named."""
Of = Annotated[
    str,
    typer.Option("--of", help="One number alone: p, observed, lower, median, upper, needed_pace, points..."),
]
Parts = Annotated[int, typer.Option("--top", min=1, help="How many parts and sources of each number.")]


def explain(
    target: TargetId,
    of: Of = "",
    series: Series = "",
    basis: Basis = "",
    as_of: AsOf = None,
    top: Parts = 10,
    as_json: AsList = False,
    place: Place = None,
) -> None:
    """Why a verdict is what it is: chance, latest value and paces of the target, each opened to its sources."""
    from zizhu.cli.opened import as_data, show
    from zizhu.cli.output import console, emit_json, working
    from zizhu.show.trace import opened
    from zizhu.track import course, judged

    on, problems = day(as_of)
    if problems:
        raise ZizhuError(problems)
    ws = workspace(place)
    with working("Judging"):
        inputs = course.load(ws, course.Params(target=target, as_of=on, series=series, basis=basis))
        result = judged.solve(inputs.asked)
        row = result.frame.row(0, named=True)
        if of and of not in result.units:
            raise ZizhuError(unknown("number", of, sorted(result.units), "--of"))
        asked = (of,) if of else tuple(name for name in DECIDING if row[name] is not None)
        ws.save_run(result.run)
        found = [opened(ws, inputs.asked, result, row["target"], name, top) for name in asked]
    if as_json:
        emit_json([as_data(one) for one in found])
        return
    console().print(course.sentence(inputs), markup=False)
    for one in found:
        console().print()
        show(one, top)
