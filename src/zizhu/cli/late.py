"""Commands that are brought in when they are asked for, so that none waits for the modules of all others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer
import typer.main
from typer.core import TyperGroup


class Late(Mapping[str, Any]):
    """Commands by their names, each made of its `module:function` or `module:app` when it is first looked up."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = places
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = _made_of(name, self._places[name])
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def late(places: Mapping[str, str]) -> type[TyperGroup]:
    """The class of a group whose commands are found at these places, in this order."""

    class Group(TyperGroup):
        def __init__(self, **given: Any) -> None:
            super().__init__(**given)
            self.commands = Late(places)  # type: ignore[assignment]

    return Group


def _made_of(name: str, place: str) -> Any:
    module, _, attribute = place.partition(":")
    found = getattr(import_module(module), attribute)
    holder = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")
    if isinstance(found, typer.Typer):
        holder.add_typer(found, name=name)
        return typer.main.get_group(holder).commands[name]
    holder.command(name)(found)
    return typer.main.get_command(holder)
