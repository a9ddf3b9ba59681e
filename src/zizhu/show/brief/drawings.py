"""The drawings of a brief's panels, each for wide and for narrow pages; the style sheet shows one of the two.

The drawing engine holds the interpreter's lock while it works, so that only another process draws beside the writing.
"""

from __future__ import annotations

import signal
from concurrent.futures import Future, ProcessPoolExecutor
from hashlib import blake2b
from multiprocessing import get_context
from typing import Self

from zizhu.ledger.models import Figure, Ref
from zizhu.show.brief.model import Exhibit, Panel
from zizhu.show.render import render
from zizhu.show.spec import PHONE, WIDE

Drawn = tuple[str, str]
"""A panel as SVG, wide and narrow."""


def anchor(ref: Ref) -> str:
    """The name of a number's trace on the page, the same in every brief that prints the number."""
    return "n" + blake2b(ref.encode(), digest_size=6).hexdigest()


def both(panel: Panel) -> Drawn:
    """Both drawings of a panel, made now."""
    return _draw(panel.figure)


class Background:
    """Drawings that are made in a process of their own while the rest of the brief is still being written.

    A script that uses it needs the guard `if __name__ == "__main__"`, as for every other process.
    """

    def __init__(self) -> None:
        self._pool = ProcessPoolExecutor(1, get_context("spawn"), _leave_interrupts_to_the_parent)
        self._begun: dict[int, Future[Drawn]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def begin(self, exhibit: Exhibit) -> None:
        """Start to draw the panels of an exhibit."""
        self._begun |= {id(p): self._pool.submit(_draw, p.figure) for p in exhibit.panels}

    def of(self, panel: Panel) -> Drawn:
        """Both drawings of a panel that was begun; raises what drawing it raised."""
        return self._begun[id(panel)].result()


def _draw(figure: Figure) -> Drawn:
    wide, narrow = (render(figure, width=w, link=lambda ref: f"#{anchor(ref)}") for w in (WIDE, PHONE))
    return wide, narrow


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
