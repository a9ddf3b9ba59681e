"""What every command that answers has in common: options for the form of the answer and for the workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, get_type_hints

from zizhu.cli.options import AsJson, CsvFile, Drawing, Place, PlotFile, TraceRow
from zizhu.cli.ready import ready

if TYPE_CHECKING:
    from zizhu.cli.output import Form
    from zizhu.store import Workspace
    from zizhu.vocab.problems import Problem


class Asked(NamedTuple):
    """How an answer is wanted, and where its run is kept."""

    form: Form
    place: Path | None

    def ready(self, problems: Iterable[Problem] = ()) -> Workspace:
        """The workspace; raises ZizhuError with `problems` and all that keeps the answer from being written."""
        return ready(self.place, self.form, problems)


SHARED: dict[str, tuple[Any, Any]] = {
    "plot": (PlotFile, None),
    "drawing": (Drawing, None),
    "csv": (CsvFile, None),
    "trace": (TraceRow, None),
    "as_json": (AsJson, False),
    "place": (Place, None),
}
"""The options of every answer, with their defaults."""


def answering(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the options of every answer after its own; it gets what they say as its first argument."""
    hints = get_type_hints(command, include_extras=True)
    own = list(signature(command).parameters.values())[1:]
    options = [p.replace(annotation=hints[p.name]) for p in own]
    options += [
        Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=hint)
        for name, (hint, default) in SHARED.items()
    ]

    @wraps(command)
    def answered(**given: Any) -> None:
        from zizhu.cli.output import Form

        said = {name: given.pop(name) for name in SHARED}
        form = Form(said["as_json"], said["csv"], said["plot"], said["trace"], said["drawing"] or "")
        command(Asked(form, said["place"]), **given)

    answered.__annotations__ = {p.name: p.annotation for p in options} | {"return": None}
    answered.__signature__ = signature(command).replace(parameters=options)  # type: ignore[attr-defined]
    return answered
