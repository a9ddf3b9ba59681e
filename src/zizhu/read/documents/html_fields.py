"""What a web page states of itself: title, publisher and day, in its meta tags, its JSON-LD and its elements."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from zizhu.read.documents.signs import Found, signs

LONGEST = 500
"""Characters of a title or name that are kept."""
MOST = 2_000
"""Objects of JSON-LD that are looked at."""
TIMES = 3
"""`<time>` elements that are looked at: later ones are those of other articles."""


def fields(root: Any, data: Iterable[str]) -> list[Found]:
    """All that a page states, by trust in the sign and then in the order of the page.

    root: the tree of lxml, before anything is taken out; data: the scripts of JSON-LD.
    """
    return [*_meta(root), *_data(data), *_elements(root)]


def _meta(root: Any) -> Iterator[Found]:
    known = signs("meta")
    for element in root.iter("meta"):
        said = element.attrib
        name = (said.get("property") or said.get("name") or said.get("itemprop") or "").strip().casefold()
        if (sign := known.get(name)) and (value := _plain(said.get("content", ""))):
            yield Found(sign.field, value, f"meta {name}: {value[:80]}", sign.confidence)


def _data(scripts: Iterable[str]) -> Iterator[Found]:
    known = signs("data")
    for item in _objects(scripts):
        for key, value in item.items():
            sign = known.get(key.casefold())
            said = _plain(value.get("name")) if isinstance(value, dict) else _plain(value)
            if sign and said:
                yield Found(sign.field, said, f"JSON-LD {key}: {said[:80]}", sign.confidence)


def _objects(scripts: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    """The objects of all scripts, those of a graph too, and none below them."""
    left = MOST
    for script in scripts:
        try:
            waiting: list[Any] = [json.loads(script, strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting and left:
            item, left = waiting.pop(0), left - 1
            if isinstance(item, list):
                waiting = item[:left] + waiting
            elif isinstance(item, dict):
                yield item
                graph = item.get("@graph")
                waiting = (graph[:left] if isinstance(graph, list) else []) + waiting


def _elements(root: Any) -> Iterator[Found]:
    for name, sign in signs("element").items():
        for number, element in enumerate(root.iter(name)):
            if number >= (TIMES if name == "time" else 1):
                break
            words = _plain(element.text_content())
            value = _plain(element.get("datetime")) or words if name == "time" else words
            if value:
                yield Found(sign.field, value, f"<{name}>: {value[:80]}", sign.confidence)


def _plain(value: object) -> str:
    return " ".join(value.split())[:LONGEST] if isinstance(value, str) else ""
