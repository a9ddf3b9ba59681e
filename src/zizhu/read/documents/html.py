"""Reading a web page: its main text without what is hidden, and what it states of itself. Nothing of it runs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from zizhu.read.documents.decode import decoded
from zizhu.read.documents.html_fields import fields
from zizhu.read.documents.html_hidden import empty_hidden
from zizhu.read.documents.html_tidy import Tidied, tidied
from zizhu.read.documents.raised import raise_in
from zizhu.read.documents.signs import Found
from zizhu.vocab.problems import CannotAnswer, Problem, ZizhuError

LARGEST = 64 << 20
"""Bytes of a page."""
MOST_TAGS = 500_000
MOST_ELEMENTS = 12_000
"""Elements of a page in which the main text is looked for: beyond, that takes minutes."""
MOST_LINKS = 1_500
"""Links side by side, likewise."""
SMALL = frozenset(
    (
        "span",
        "b",
        "i",
        "em",
        "strong",
        "u",
        "font",
        "small",
        "sup",
        "sub",
        "mark",
        "abbr",
        "cite",
        "bdi",
        "wbr",
        "time",
    )
)
"""Elements inside a line that say nothing of where the main text is."""
ASIDE = frozenset(("nav", "footer", "aside", "form", "menu", "button"))
BLOCKS = frozenset(
    (
        "address",
        "article",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
    )
)
CELLS = frozenset(("td", "th"))
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n]+")
_ENDS = re.compile(r" ?\n[\s]*")


@dataclass(frozen=True)
class PageText:
    """What a page says: its main text, its language as stated ("" if it is not), what it states, what is not sure."""

    text: str
    language: str
    found: tuple[Found, ...]
    notes: tuple[str, ...]


def page_text(data: bytes, where: str, charset: str = "") -> PageText:
    """Read a page; `charset` is what its server states.

    Raises ZizhuError for a page that is too large or no text, CannotAnswer for one without text.
    """
    if len(data) > LARGEST:
        raise _refused(f"{len(data):,} bytes", where, f"at most {LARGEST >> 20} MB")
    declared = _CHARSET.search(data[:4096])
    text = decoded(data, where, charset or (_stated_charset(declared[1]) if declared else ""))
    page = tidied(text.text.lstrip("\ufeff"))
    if page.tags > MOST_TAGS:
        raise _refused(f"{page.tags:,} tags", where, f"at most {MOST_TAGS:,}")
    root = _tree(page, where)
    found = tuple(fields(root, page.data))
    language = _stated_language(root)
    empty_hidden(root, page.styles)
    raise_in(root)
    main, notes = _main(_plain(root, where))
    if not main.strip():
        raise CannotAnswer(
            Problem(
                "no text: it is made by scripts when the page is shown, or hidden",
                where,
                "a page with text in it",
                "Open it in a browser and save it as PDF, or paste its text.",
            )
        )
    return PageText(main, language, found, text.notes + notes)


def _stated_charset(said: bytes) -> str:
    """The encoding that a page states; it is not UTF-16 or UTF-32 where the statement can be read without."""
    charset = said.decode("ascii", "replace")
    return "" if charset.casefold().startswith(("utf-16", "utf-32", "utf16", "utf32")) else charset


def _tree(page: Tidied, where: str) -> Any:
    from lxml import etree, html

    try:
        return html.document_fromstring(
            page.text, parser=html.HTMLParser(remove_comments=True, remove_pis=True)
        )
    except (etree.LxmlError, ValueError) as error:
        raise CannotAnswer(
            Problem("no text", where, "a page with text in it", "Check where it comes from.")
        ) from error


def _plain(root: Any, where: str) -> Any:
    """The page without tags inside lines, parsed again: so that their text is one, not a thousand pieces."""
    from lxml import etree

    return _tree(tidied(etree.tostring(root, encoding="unicode", method="html"), SMALL), where)


def _main(root: Any) -> tuple[str, tuple[str, ...]]:
    """The main text, or where none is found, or it would take too long, all that is shown."""
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS or _links(root) > MOST_LINKS:
        return _shown(root), ("a very large page: all that it shows was read, not its main text alone",)
    main = _extracted(root)
    if main.strip():
        return main, ()
    return _shown(root), ("no main text was found: all that the page shows was read",)


def _links(root: Any) -> int:
    """The most links that stand side by side."""
    return max(
        (sum(1 for e in parent if e.tag == "a") for parent in root.iter() if len(parent) > MOST_LINKS),
        default=0,
    )


def _extracted(root: Any) -> str:
    import trafilatura

    return trafilatura.extract(root, include_comments=False, include_tables=True, deduplicate=False) or ""


def _shown(root: Any) -> str:
    """All text that is shown, a line a block, without menus and forms."""
    parts: list[str] = []
    waiting: list[Any] = [root]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            parts.append(item)
            continue
        waiting.append(item.tail or "")
        if not isinstance(item.tag, str) or item.tag in ASIDE or item.tag == "head":
            continue
        mark = "\n" if item.tag in BLOCKS else " " if item.tag in CELLS else ""
        waiting += [mark, *reversed(item), mark + _BLANKS.sub(" ", (item.text or "").replace("\n", " "))]
    return _ENDS.sub("\n", _BLANKS.sub(" ", "".join(parts))).strip()


def _stated_language(root: Any) -> str:
    return (root.get("lang") or "").strip().casefold().partition("-")[0][:3]


def _refused(what: str, where: str, expected: str) -> ZizhuError:
    return ZizhuError(Problem(what, where, expected, "Save the part that matters as text."))
