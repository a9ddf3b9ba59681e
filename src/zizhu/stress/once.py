"""What is made of a table, made once for all that ask for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
KEPT = 2
"""Answers that are kept: those of the tables in use, which are large."""


def once(function: Callable[P, T]) -> Callable[P, T]:
    """The function, with its last answers kept: for the same first argument (that object) and equal others."""
    kept: list[tuple[tuple[object, ...], T]] = []

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> T:
        for held, answer in kept:
            if held[0] is args[0] and held[1:] == args[1:]:
                return answer
        made = function(*args, **kwargs)
        kept.insert(0, (args, made))
        del kept[KEPT:]
        return made

    return asked
