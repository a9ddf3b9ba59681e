"""What was made a moment ago and is costly to make: kept by what it was made of, the latest things only."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass
class _Cell:
    """A thing and the lock of those that wait for it; `made` once it is there."""

    lock: Lock = field(default_factory=Lock)
    made: bool = False
    thing: Any = None


class Memory:
    """The `most` things that were asked for last. Threads that ask for the same at once share one making of it.

    >>> memory = Memory(2)
    >>> memory.once("a", lambda: 1), memory.once("a", lambda: 2), memory.known("b")
    (1, 1, None)
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._cells: OrderedDict[Hashable, _Cell] = OrderedDict()
        self._lock = Lock()

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """The thing of that key, made where it is not there; what `make` raises is not kept."""
        with self._lock:
            cell = self._cells.setdefault(key, _Cell())
            self._cells.move_to_end(key)
            while len(self._cells) > self._most:
                self._cells.popitem(last=False)
        with cell.lock:
            if not cell.made:
                cell.thing, cell.made = make(), True
            thing: T = cell.thing
            return thing

    def known(self, key: Hashable) -> Any:
        """The thing of that key, or None where it is not made."""
        with self._lock:
            cell = self._cells.get(key)
            if cell is not None:
                self._cells.move_to_end(key)
        return cell.thing if cell is not None else None
