"""Standard output and standard error as a terminal shows them: a text can colour nothing and move nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

# What a terminal obeys (escapes, C1 controls) and what turns the reading direction around; tab and new line stay.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SHOWN = "\N{REPLACEMENT CHARACTER}"


def harmless(text: str) -> str:
    """A text of whatever origin with a visible mark in place of each character that a terminal would obey.

    >>> harmless("red \\x1b[31mtext")
    'red �[31mtext'
    """
    return _OBEYED.sub(_SHOWN, text)


class Screen(Console):
    """A console whose styles are its own: controls in texts of documents, tables and scenarios stay visible."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=harmless(segment.text))


def screen(**how: Any) -> Screen:
    """A screen on standard output; `how` is what `rich.console.Console` takes."""
    return Screen(highlight=False, **how)


def errors() -> Screen:
    """A screen on standard error."""
    return Screen(stderr=True)
