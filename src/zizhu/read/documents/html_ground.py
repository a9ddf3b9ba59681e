"""Text in the colour of its ground, as far as attributes of elements tell both: nobody who reads the page sees it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
_NAMES: Mapping[str, Colour] = {"white": WHITE, "black": (0, 0, 0)}
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*(?:[,/]\s*1(?:\.0*)?\s*)?\)")
_NOTHING = re.compile(r"transparent|rgba\([^()]{1,40}[,/]\s*0?\.?0*%?\s*\)|#[0-9a-f]{3}0|#[0-9a-f]{6}00")
_BLANKS = re.compile(r"\s+")


def unseen(element: Any, said: Mapping[str, str]) -> bool:
    """Whether the text of an element, of which `said` are its own declarations, has the colour of its ground.

    White text counts where nothing says what it stands on, unless it or the element around it has a class or an id,
    for which a sheet may paint the ground.
    """
    written = said.get("color", "")
    if not written:
        return False
    if _NOTHING.fullmatch(written):
        return True
    text = colour(written)
    if text is None:
        return False
    for above in (element, *element.iterancestors()):
        ground = said if above is element else declared(above.get("style", ""))
        painted = ground.get("background-color") or ground.get("background") or above.get("bgcolor", "")
        if painted and not _NOTHING.fullmatch(painted.lower().strip()):
            return colour(painted) == text
    parent = element.getparent()
    near = [e for e in (element, parent) if e is not None and e.tag not in ("html", "body")]
    return text == WHITE and not any(e.get("class") or e.get("id") for e in near)


def declared(style: str) -> dict[str, str]:
    """The declarations of a style by name, the last of each."""
    pairs = (part.partition(":") for part in style.lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs}


def colour(written: str) -> Colour | None:
    """A colour as red, green and blue from 0 to 255; None for what is none, or more than a colour.

    >>> colour("#FFF"), colour("rgb(255, 0, 10)"), colour("url(dark.png)")
    ((255, 255, 255), (255, 0, 10), None)
    """
    plain = _BLANKS.sub(" ", written.lower().strip())
    if found := _HEX.fullmatch(plain):
        digits = found[1] if len(found[1]) == 6 else "".join(2 * d for d in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if found := _RGB.fullmatch(plain):
        return int(found[1]), int(found[2]), int(found[3])
    return _NAMES.get(plain)
