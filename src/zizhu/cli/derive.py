"""`zizhu data calibrate|convert|reconcile`: tables made from tables, with what was done beside them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from zizhu.cli.options import Place, workspace

if TYPE_CHECKING:
    from zizhu.tables.derived import Made


class Model(StrEnum):
    """What a table is calibrated for."""

    leontief = "leontief"
    trade_equilibrium = "trade_equilibrium"


def calibrate(
    table: Annotated[str, typer.Argument(help="An input-output table.")],
    needs: Annotated[Model, typer.Option("--for", help="What the table must be good for.")] = Model.leontief,
    estimate_final: Annotated[
        bool,
        typer.Option(
            "--estimate-final", help="Add estimated final demand by destination where it is not known."
        ),
    ] = False,
    keep_negative: Annotated[
        bool, typer.Option("--keep-negative-value-added", help="Go on with negative value added.")
    ] = False,
    place: Place = None,
) -> None:
    """Repair what a model needs, in a new table, with every changed cell listed in another."""
    from zizhu.cli.output import working
    from zizhu.tables.derived import keep_calibrated

    with working("Calibrating"):
        made = keep_calibrated(workspace(place), table, needs.value, keep_negative, estimate_final)
    _tell(made)


def convert(
    table: Annotated[str, typer.Argument(help="A trade table.")],
    concordance: Annotated[str, typer.Option("--by", help="A concordance from the revision of the table.")],
    weigh_by: Annotated[
        str | None,
        typer.Option(
            "--weigh-by", help="A trade table in the other revision, for codes with several targets."
        ),
    ] = None,
    place: Place = None,
) -> None:
    """Bring a trade table into another revision of the Harmonised System; the total of its value stays."""
    from zizhu.cli.output import working
    from zizhu.tables.derived import keep_converted

    with working("Converting"):
        made = keep_converted(workspace(place), table, concordance, weigh_by)
    _tell(made)


def reconcile(
    table: Annotated[str, typer.Argument(help="A table with the reports of exporters and of importers.")],
    place: Place = None,
) -> None:
    """Make one figure a flow out of both sides' reports, with the table of every step beside it."""
    from zizhu.cli.output import working
    from zizhu.tables.derived import keep_reconciled

    with working("Reconciling"):
        made = keep_reconciled(workspace(place), table)
    _tell(made)


def _tell(made: Made) -> None:
    from zizhu.cli.output import console

    page = console()
    page.print(made.said, markup=False)
    for meta in made.metas:
        page.print(f"{meta.name}: {meta.rows:,} rows, {meta.title}", markup=False)
