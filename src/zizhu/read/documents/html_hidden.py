"""What a page holds and does not show: it never becomes text, as nobody who reads the page has read it.

Hidden is what its own attributes hide, and what a plain rule of the page's own sheet does (`.note {display: none}`).
So is text in the colour of its ground, where attributes tell both. What a sheet in another file hides is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from zizhu.read.documents.html_ground import declared, unseen

_ZERO = re.compile(r"[+-]?0*\.?0*(?:[a-z%]*)")
_FAR = re.compile(r"-\d{4,}(?:px|em|rem|pt|%)?")
_SIMPLE = re.compile(r"([a-z][a-z0-9]*)?([.#][\w-]+)?", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
MOST_RULES = 20_000
STRUCK = frozenset(("del", "s", "strike"))
"""Elements that a page shows struck out: what it says no more."""


def empty_hidden(root: Any, styles: Iterable[str]) -> None:
    """Empty what is not shown in a tree of lxml, in place: an element without attributes and content stays."""
    selectors = frozenset(s for sheet in styles for s in _hiding(sheet))
    for element in [e for e in root.iter() if isinstance(e.tag, str) and _hidden(e, selectors)]:
        if element is not root and element.tag not in ("html", "body"):
            # taking out each of many would copy the text around them as often
            element.clear(keep_tail=True)
            element.tag = "span"


def _hidden(element: Any, selectors: frozenset[str]) -> bool:
    said = element.attrib
    if element.tag in STRUCK:
        return True
    if "hidden" in said or said.get("aria-hidden", "").strip().lower() == "true":
        return True
    if said.get("type", "").strip().lower() == "hidden" or (element.tag == "dialog" and "open" not in said):
        return True
    if said.get("width", "").strip() == "0" or said.get("height", "").strip() == "0":
        return True
    if said.get("style") and (_hides(said["style"], own=True) or unseen(element, declared(said["style"]))):
        return True
    return bool(selectors) and not selectors.isdisjoint(_names(element))


def _names(element: Any) -> Iterator[str]:
    """The simple selectors that an element answers to."""
    marks = [f".{name}" for name in element.get("class", "").split()[:50]]
    marks += [f"#{element.get('id')}"] if element.get("id") else []
    yield element.tag
    for mark in marks:
        yield mark
        yield element.tag + mark


def _hides(style: str, own: bool) -> bool:
    """Whether declarations hide; those that sheets also use to lay out count only as an element's own."""
    said = declared(style)
    if said.get("display") == "none" or said.get("visibility") in ("hidden", "collapse"):
        return True
    if "line-through" in f"{said.get('text-decoration', '')} {said.get('text-decoration-line', '')}":
        return True
    if not own:
        return False
    nothing = any(_ZERO.fullmatch(said[key]) for key in ("font-size", "opacity") if said.get(key))
    clipped = said.get("overflow") == "hidden" and any(
        _ZERO.fullmatch(said[key]) for key in ("height", "width", "max-height", "max-width") if said.get(key)
    )
    away = any(_FAR.fullmatch(said[key]) for key in ("left", "right", "top", "text-indent") if said.get(key))
    return nothing or clipped or away or said.get("clip", "").replace(" ", "").startswith("rect(0")


def _hiding(sheet: str) -> Iterator[str]:
    """Simple selectors whose rule hides, outside of @media and the like."""
    depth, at_rule = 0, False
    for piece in re.split(r"(?<=[{}])", _COMMENT.sub(" ", sheet))[:MOST_RULES]:
        if piece.endswith("{"):
            head = piece[:-1].strip()
            if not depth:
                at_rule, selectors = head.startswith("@"), head
            depth += 1
        elif piece.endswith("}"):
            depth = max(depth - 1, 0)
            if not depth and not at_rule and _hides(piece[:-1], own=False):
                yield from _simple(selectors)


def _simple(selectors: str) -> Iterator[str]:
    for selector in selectors.split(","):
        said = _SIMPLE.fullmatch(selector.strip())
        if said and said[0]:
            yield (said[1] or "").lower() + (said[2] or "")
