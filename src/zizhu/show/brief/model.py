"""What a brief is made of, before it becomes a page: sentences whose numbers carry references, exhibits, a desk."""

from __future__ import annotations

from dataclasses import dataclass, field

from zizhu.ledger.models import Figure, Ref


@dataclass(frozen=True)
class Number:
    """A number as printed, with the reference that opens it."""

    text: str
    ref: Ref


Piece = str | Number
Line = tuple[Piece, ...]


@dataclass(frozen=True)
class Grid:
    """A table of the brief: headers, which columns are numbers, and rows of lines."""

    headers: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[Line, ...], ...]
    caption: str = ""


@dataclass(frozen=True)
class Panel:
    """A figure of an exhibit with its own caption."""

    figure: Figure
    caption: str


@dataclass(frozen=True)
class Exhibit:
    """One exhibit: a title, a sentence made from its data, panels, tables, and what must be known to read them."""

    letter: str
    title: str
    sentence: Line
    panels: tuple[Panel, ...] = ()
    grids: tuple[Grid, ...] = ()
    notes: tuple[Line, ...] = ()
    sources: tuple[str, ...] = field(default=())

    @property
    def text(self) -> str:
        """All words of the exhibit outside its drawings."""
        cells = (cell for grid in self.grids for row in grid.rows for cell in row)
        heads = [h for grid in self.grids for h in (grid.caption, *grid.headers)]
        captions = [panel.caption for panel in self.panels]
        lines = [plain(content) for content in (self.sentence, *cells, *self.notes)]
        return "\n".join((self.title, *captions, *heads, *lines))


def line(*pieces: Piece) -> Line:
    """A line of pieces, without empty ones."""
    return tuple(p for p in pieces if p != "")


def plain(content: Line) -> str:
    """The line as text, without references."""
    return "".join(p if isinstance(p, str) else p.text for p in content)


def joined(pieces: list[Line], word: str = "and") -> Line:
    """Lines joined as in a sentence: a, b and c."""
    out: list[Piece] = []
    for i, piece in enumerate(pieces):
        out += ["" if i == 0 else f" {word} " if i == len(pieces) - 1 else ", ", *piece]
    return line(*out)
