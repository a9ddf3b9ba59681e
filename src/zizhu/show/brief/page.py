"""The brief as one self-contained HTML page: no network, every number a link to its trace in the same file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache, partial
from hashlib import blake2b
from importlib import resources
from typing import Self

from jinja2 import Environment, StrictUndefined, Template, select_autoescape
from markupsafe import Markup, escape

from zizhu.ledger.models import Ref
from zizhu.show import theme
from zizhu.show.brief.model import Exhibit, Line, Number, Panel
from zizhu.show.brief.write import Brief
from zizhu.show.format import with_unit
from zizhu.show.render import render
from zizhu.show.spec import PHONE, WIDE

ONE_LINE = 22
CITED = 6
"""Sources that a trace names; all of them stand in the list of sources."""


class Drawings:
    """The figures of a brief, drawn in the background while the rest of it is still being written.

    Every panel is drawn twice, for wide and for narrow pages; the style sheet shows one of the two. The drawing
    engine works outside the interpreter's lock.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(2)
        self._begun: dict[int, tuple[Future[str], Future[str]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def begin(self, exhibit: Exhibit) -> None:
        """Start to draw the panels of an exhibit."""
        for panel in exhibit.panels:
            wide, narrow = (self._pool.submit(_draw, panel, width) for width in (WIDE, PHONE))
            self._begun[id(panel)] = (wide, narrow)

    def of(self, panel: Panel) -> Markup:
        """Both drawings of a panel; raises what drawing it raised."""
        wide, narrow = (Markup(drawn.result()) for drawn in self._begun[id(panel)])
        return Markup('<div class="wide">{}</div><div class="narrow">{}</div>').format(wide, narrow)


def page(brief: Brief, drawings: Drawings | None = None) -> str:
    """The page's HTML, with drawings that were begun while the brief was written, or else are made now."""
    if drawings is None:
        with Drawings() as drawings:
            for exhibit in brief.exhibits:
                drawings.begin(exhibit)
            return page(brief, drawings)
    filled = _template("page.html.j2").render(
        brief=brief,
        css=Markup(_text("page.css") + theme.css()),
        line=_line,
        drawings=drawings.of,
        anchor=anchor,
        in_words=with_unit,
        address=_address,
        cited=partial(_cited, {s.id: s.producer for s in brief.sources}),
    )
    return str(filled)


def anchor(ref: Ref) -> str:
    """The name of a number's trace on the page, the same in every brief that prints the number."""
    return "n" + blake2b(ref.encode(), digest_size=6).hexdigest()


def _draw(panel: Panel, width: int) -> str:
    return render(panel.figure, width=width, link=lambda ref: f"#{anchor(ref)}")


def _line(content: Line) -> Markup:
    return Markup("").join(_piece(p) for p in content)


def _piece(piece: str | Number) -> Markup:
    if isinstance(piece, str):
        return escape(piece)
    return Markup('<a class="n" href="#{}">{}</a>').format(anchor(piece.ref), _unbroken(piece.text))


def _cited(producers: Mapping[str, str], sources: Sequence[str]) -> Markup:
    """Links to the entries of sources, by publisher; beyond the first few only their number."""
    link = Markup('<a href="#s-{}">{}</a>')
    shown = Markup(", ").join(link.format(s, producers[s]) for s in sources[:CITED])
    more = len(sources) - CITED
    return (
        shown + Markup(' and {} more in <a href="#sources">the list</a>').format(more) if more > 0 else shown
    )


def _address(url: str) -> Markup:
    """A link to a page of the web; any other address, which a browser might run, stays text."""
    shown = Markup('<a class="url" rel="noopener noreferrer" href="{0}">{0}</a>')
    return (
        shown if url.startswith(("https://", "http://")) else Markup('<span class="url">{0}</span>')
    ).format(url)


def _unbroken(text: str) -> str:
    """A number and its unit stay on one line; longer words may break."""
    return text.replace(" ", "\N{NO-BREAK SPACE}") if len(text) <= ONE_LINE else text


@cache
def _template(name: str) -> Template:
    environment = Environment(
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.from_string(_text(name))


def _text(name: str) -> str:
    return (resources.files("zizhu.show.brief") / name).read_text(encoding="utf-8")
