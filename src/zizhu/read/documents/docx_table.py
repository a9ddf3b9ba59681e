"""Tables of a DOCX as lines, one a row: merged cells, rows that were deleted, tables inside cells.

A cell that is merged downwards names each row that it spans, where it stands in front or holds no figure: a figure is
said once. Cells that span columns leave the others empty, so that what stands below one another stays so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ROW, _CELL, _TABLE, _PARAGRAPH = f"{_W}tr", f"{_W}tc", f"{_W}tbl", f"{_W}p"
_WIDEST = 256
"""Columns that a cell may span."""
Words = Callable[[Any], str]


@dataclass
class _Above:
    """What stands in each column of a table so far, where a cell that is merged downwards begins."""

    texts: dict[int, str] = field(default_factory=dict)


def rows(table: Any, words: Words) -> Iterator[str]:
    """The rows of a table with tabs between their cells; those of a table inside a cell behind the row of the cell."""
    waiting: list[tuple[Any, _Above]] = [(table, _Above())]
    while waiting:
        element, above = waiting.pop()
        if element.tag != _ROW:
            waiting += [(child, above) for child in reversed(_parts(element, (_ROW,)))]
            continue
        if element.find(f"{_W}trPr/{_W}del") is not None:
            continue
        cells = _parts(element, (_CELL,))
        line = _line(element, cells, above, words)
        if line.strip():
            yield line
        waiting += [(t, _Above()) for cell in reversed(cells) for t in reversed(_parts(cell, (_TABLE,)))]


def _parts(element: Any, tags: tuple[str, ...]) -> list[Any]:
    """The nearest elements of some tags inside an element, in order."""
    found, waiting = [], list(reversed(element))
    while waiting:
        child = waiting.pop()
        if child.tag in tags:
            found.append(child)
        elif child.tag not in (_ROW, _CELL, _TABLE):
            waiting += reversed(child)
    return found


def _line(row: Any, cells: list[Any], above: _Above, words: Words) -> str:
    parts = [""] * _number(row.find(f"{_W}trPr/{_W}gridBefore"), 0)
    leading = True
    for cell in cells:
        at, merged = len(parts), cell.find(f"{_W}tcPr/{_W}vMerge")
        text = " ".join(filter(None, map(words, _parts(cell, (_PARAGRAPH,))))).replace("\n", " ").strip()
        if merged is not None and merged.get(f"{_W}val", "continue") == "continue":
            held = above.texts.get(at, "")
            text = held if leading or not any(map(str.isdecimal, held)) else ""
        else:
            above.texts[at] = text if merged is not None else ""
            leading = False
        parts += [text, *[""] * (_number(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1) - 1)]
    return "\t".join(parts).rstrip("\t")


def _number(element: Any, usual: int) -> int:
    """The number that an element states, within what a table can have."""
    said = element.get(f"{_W}val", "") if element is not None else ""
    return min(max(int(said), usual), _WIDEST) if said.isascii() and said.isdecimal() else usual
