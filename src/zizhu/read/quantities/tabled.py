"""Units that a table says once: in a column of units, in brackets beside what is measured, or above the table."""

from __future__ import annotations

import re
from functools import lru_cache

from zizhu.read.model import Span
from zizhu.read.quantities.amounts import pieces
from zizhu.read.quantities.measured import measured
from zizhu.read.quantities.nouns import counted
from zizhu.read.quantities.pieces import Piece
from zizhu.read.words.lexicon import context
from zizhu.read.words.tables import Place, parted, tables
from zizhu.read.words.tokens import Tokens, tokens

_STATED = re.compile(r"(?:单位|單位|[Uu]nits?)\s*[:：]\s*([^\s,，;；)）]{1,20}(?: [^\s,，;；)）]{1,20})?)")
_ALONE = re.compile(r"(?:[\s<>≥≤≈~±+–—−-]|about|over|under|to|约)*(?:\d[\d.,]*(?:[\s+–—−-]|to)*){1,2}")
"""A cell that holds a number or a range of two, with what compares it."""
_SUFFIX = re.compile(
    r"(?<=\S)\s*(?:(?:a|per|/)\s*(?:year|yr|annum)|p\.a\.|of CO[2₂]|CO[2₂](?:[ -]?(?:eq|equivalent)|e)?)\Z"
)
"""What a unit is per or of, which is no part of it: `thousand tonnes a year`, `Mt CO2`."""
_IN = re.compile(r"\A(?:in|In) ")
_LONGEST = 40
"""Characters of a cell with a number alone, and of a unit in brackets, at most."""
_ONE = "7"
_HAN = "\u2fff"


def tabled(cut: Tokens, found: list[Piece]) -> None:
    """Gives numbers that stand alone in their cells the units of their table."""
    held = tables(cut.text)
    for piece in found if held.rows else ():
        place = held.at(piece.digits_start)
        unit = _unit_of(cut.text, place) if place else None
        if unit is None or piece.value is None:
            continue
        piece.value, piece.power = piece.value * unit.power, unit.power
        piece.unit, piece.kind, piece.noun = unit.unit or "count", unit.kind or "count", unit.noun
        piece.plain = False
        piece.start, piece.end = piece.digits_start, piece.digits_end


def _unit_of(text: str, place: Place) -> Piece | None:
    words = text[place.cell.start : place.cell.end]
    if place.in_head or place.column == 0 or len(words) > _LONGEST or not _ALONE.fullmatch(words):
        return None
    told = (_read(words, k == 0) for k, words in enumerate(_told(text, place)) if words)
    return next((unit for unit in told if unit), None)


def _told(text: str, place: Place) -> list[str]:
    """The words that may say the unit of a cell: those of a column of units ("" without one), then the nearest."""

    def words(span: Span) -> str:
        return text[span.start : span.end]

    heads = [words(cell).casefold() for cell in place.table.heads[0].cells]
    column = next((k for k, head in enumerate(heads) if head in context("unit_head")), None)
    own = words(place.row.cells[column]) if column is not None and column < len(place.row.cells) else ""
    label, caption = words(place.row.cells[0]), words(place.table.caption)
    stated = _STATED.search(caption)
    near = (label, *map(words, reversed(place.heads)), words(place.table.heads[0].cells[0]))
    return [own, *map(_bracketed, near), stated[1] if stated else _bracketed(caption)]


def _bracketed(words: str) -> str:
    found = parted(words)[1] or _behind_comma(words)
    return _IN.sub("", found) if len(found) <= _LONGEST else ""


def _behind_comma(words: str) -> str:
    """The words behind the last comma: `Revenue, bn USD`."""
    return words.rpartition(", ")[2] if ", " in words else ""


def without_unit(words: str) -> str:
    """The words of a cell that say what is measured, without the unit behind them in brackets or behind a comma."""
    name, unit = parted(words)
    behind = "" if unit else _behind_comma(name)
    return name.rpartition(", ")[0] if behind and len(behind) <= _LONGEST and _read(behind, False) else name


@lru_cache(maxsize=1 << 10)
def _read(words: str, certain: bool) -> Piece | None:
    """What one of a unit is, as its words are read behind a number; None where they are no unit.

    In brackets a noun is a unit only if things are usually counted in it: `Jobs (persons)`, not `Exports (chips)`.
    """
    words = _SUFFIX.sub("", words)
    text = _ONE + ("" if words[0] > _HAN else " ") + words
    cut = tokens(text)
    found = pieces(cut, frozenset())
    if len(found) != 1:
        return None
    (piece,) = found
    measured(cut, piece, "und")
    if not piece.unit and (certain or words[0] > _HAN or words.casefold() in context("counting_unit")):
        counted(cut, piece)
    return piece if (piece.unit or piece.power > 1) and piece.end == len(text) else None
