"""A web page made harmless before it is parsed: few attributes, none long, no deep nesting, no scripts or comments.

Parsers take time that grows with the square of what a hostile page has too much of; this pass is linear in its size.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape

LONGEST = 8_192
"""Characters of an attribute that are kept."""
MOST = 64
"""Attributes of a tag that are looked at."""
LARGEST_RAW = 1 << 20
"""Characters of one style sheet or script of data that are looked at."""
DEEPEST = 120
"""Tags inside one another: what lies deeper keeps its words and loses its tags."""
KEPT = frozenset(
    (
        "aria-hidden",
        "bgcolor",
        "charset",
        "class",
        "colspan",
        "content",
        "datetime",
        "height",
        "hidden",
        "href",
        "http-equiv",
        "id",
        "itemprop",
        "itemtype",
        "lang",
        "name",
        "open",
        "property",
        "rel",
        "rowspan",
        "style",
        "type",
        "width",
    )
)
DROPPED = frozenset(
    (
        "script",
        "style",
        "template",
        "noscript",
        "iframe",
        "object",
        "embed",
        "svg",
        "math",
        "canvas",
        "audio",
        "video",
        "select",
        "textarea",
        "noframes",
    )
)
"""Elements whose content is no text of the page. Style sheets and data for machines are handed on apart."""
VOID = frozenset(
    (
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    )
)
CLOSED_BY_ITSELF = frozenset(("p", "li", "dt", "dd", "tr", "td", "th", "option"))
RAW = frozenset(("script", "style", "textarea", "title", "noscript", "iframe", "noframes"))
"""Elements in which a `<` begins no tag."""
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9:_-]{0,40}")
_BLANKS = re.compile(r"[\s/]*+")
_ATTRIBUTE = re.compile(r"([^\s/>=\"'<]{1,60})(\s*+=\s*+)?")
_BARE = re.compile(r"[^\s>]*+")
_SMALL = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


@dataclass(frozen=True)
class Tidied:
    """A page as text for a parser; what its sheets and its scripts of data (JSON-LD) hold; its number of tags."""

    text: str
    styles: tuple[str, ...]
    data: tuple[str, ...]
    tags: int


def tidied(page: str, without: frozenset[str] = frozenset()) -> Tidied:
    """Make a page harmless, `without` the tags of these names. Time and memory grow with its length."""
    work = _Work(page, without)
    text = "".join(work.parts())
    return Tidied(text, tuple(work.styles), tuple(work.data), work.tags)


class _Work:
    """One pass over a page: what is open, and what is being dropped."""

    def __init__(self, page: str, without: frozenset[str]) -> None:
        self.styles: list[str] = []
        self.data: list[str] = []
        self.tags = 0
        self._page, self._without = page, without
        # of the same length, unlike lower()
        self._small = page.translate(_SMALL)
        self._open: list[str] = []
        self._too_deep: Counter[str] = Counter()
        self._dropped = ""
        self._dropped_depth = 0

    def parts(self) -> Iterator[str]:
        page, at = self._page, 0
        while (start := page.find("<", at)) >= 0:
            yield "" if self._dropped else page[at:start]
            closing = page.startswith("/", start + 1)
            name = _NAME.match(self._small, start + 1 + closing)
            if name is None:
                shown, at = self._no_tag(start)
                yield "" if self._dropped else shown
                continue
            self.tags += 1
            attributes, at = self._attributes(name.end())
            yield self._tag(name[0], {} if closing else attributes, closing, page.startswith("/>", at - 2))
            if not closing and name[0] in RAW:
                end = self._small.find(f"</{name[0]}", at)
                end = len(page) if end < 0 else end
                yield self._raw(name[0], attributes, at, end)
                at = end
        yield "" if self._dropped else page[at:]

    def _no_tag(self, start: int) -> tuple[str, int]:
        """What is shown of a comment, a declaration or a lone `<`, and where it ends."""
        page = self._page
        if page.startswith(("<!", "<?", "</"), start):
            mark = "-->" if page.startswith("<!--", start) else ">"
            end = page.find(mark, start + 2)
            return "", len(page) if end < 0 else end + len(mark)
        return "&lt;", start + 1

    def _attributes(self, at: int) -> tuple[dict[str, str], int]:
        """The attributes from `at` that are kept, and where the tag ends."""
        page, found, seen = self._page, dict[str, str](), 0
        while (at := _ends(_BLANKS, page, at)) < len(page) and page[at] != ">":
            said = _ATTRIBUTE.match(page, at)
            if said is None:
                at += 1
                continue
            value, at = self._value(said.end()) if said[2] else ("", said.end())
            seen += 1
            if seen <= MOST and said[1].lower() in KEPT:
                found.setdefault(said[1].lower(), unescape(value))
        return found, min(at + 1, len(page))

    def _value(self, at: int) -> tuple[str, int]:
        """The value from `at`, cut to LONGEST, and where it ends."""
        page = self._page
        if page.startswith(('"', "'"), at):
            end = page.find(page[at], at + 1)
            end = len(page) if end < 0 else end
            return page[at + 1 : min(end, at + 1 + LONGEST)], end + 1
        end = _ends(_BARE, page, at)
        return page[at : min(end, at + LONGEST)], end

    def _tag(self, name: str, attributes: dict[str, str], closing: bool, alone: bool) -> str:
        if self._dropped:
            self._drop_on(name, closing)
            return ""
        if name in DROPPED:
            if name not in RAW and name not in VOID and not closing and not alone:
                self._dropped, self._dropped_depth = name, 1
            return ""
        if name in RAW or name in self._without:
            return ""
        if closing:
            return self._closed(name)
        return self._opened(name, attributes)

    def _drop_on(self, name: str, closing: bool) -> None:
        if name == self._dropped:
            self._dropped_depth += -1 if closing else 1
        if not self._dropped_depth:
            self._dropped = ""

    def _opened(self, name: str, attributes: dict[str, str]) -> str:
        if name not in VOID:
            if name in CLOSED_BY_ITSELF and self._open and self._open[-1] == name:
                self._open.pop()
            if len(self._open) >= DEEPEST:
                self._too_deep[name] += 1
                return " "
            self._open.append(name)
        said = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
        return f"<{name}{said}>"

    def _closed(self, name: str) -> str:
        if self._too_deep[name]:
            self._too_deep[name] -= 1
            return " "
        if name not in self._open:
            return ""
        while self._open.pop() != name:
            pass
        return f"</{name}>"

    def _raw(self, name: str, attributes: dict[str, str], start: int, end: int) -> str:
        content = self._page[start : min(end, start + LARGEST_RAW)]
        if self._dropped:
            return ""
        if name == "style":
            self.styles.append(content)
        elif name == "script" and attributes.get("type", "").strip().lower() == "application/ld+json":
            self.data.append(content)
        return f"<title>{escape(unescape(content[:LONGEST]))}</title>" if name == "title" else ""


def _ends(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
