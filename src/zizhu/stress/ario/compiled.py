"""Compilation of array kernels, brought in only by those that run one: numba takes half a second to import."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

ORDER_ONLY = {"contract", "nsz", "reassoc"}
"""Freedoms of the compiler that leave NaN and infinity alone: sums in lanes, products and sums in one rounding."""


def compiled(function: F) -> F:
    """Compile for the types of the first call; kept on disk, so that the next process finds it made."""
    njit = import_module("numba").njit
    return cast(F, njit(cache=True, nogil=True, error_model="numpy", fastmath=ORDER_ONLY)(function))


def on_disk(kernel: Any) -> bool:
    """Whether an earlier process has kept a compiled function, for any types."""
    name = f"{Path(kernel.py_func.__code__.co_filename).stem}.{kernel.py_func.__qualname__}-"
    return any(p.name.startswith(name) for p in Path(kernel.stats.cache_path).glob("*.nbi"))
