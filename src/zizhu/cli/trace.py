"""`zizhu trace`: a number opened into its parts, the run that made it and the sources behind it."""

from __future__ import annotations

from typing import Annotated

import typer

from zizhu.cli.opened import TOP, as_data, show
from zizhu.cli.options import AsJson, Place, workspace


def trace(
    ref: Annotated[
        str, typer.Argument(help="A reference, such as run:<id>#USA:C26|CHN,value_added_content.")
    ],
    top: Annotated[int, typer.Option(min=1, help="How many parts, and how many sources, to show.")] = TOP,
    as_json: AsJson = False,
    place: Place = None,
) -> None:
    """Open a number: its parts, the run that made it and the sources behind it."""
    from zizhu.cli.output import emit_json, working
    from zizhu.show.trace import trace as open_ref

    with working("Making the number again"):
        opened = open_ref(workspace(place), ref, top)
    if as_json:
        emit_json(as_data(opened))
    else:
        show(opened, top)
