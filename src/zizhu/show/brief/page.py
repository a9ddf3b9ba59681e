"""The brief as one self-contained HTML page: no network, every number a link to its trace in the same file."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import resources

from jinja2 import Environment, StrictUndefined, Template, select_autoescape
from markupsafe import Markup, escape

from zizhu.ledger.models import Ref
from zizhu.show import theme
from zizhu.show.brief.model import Line, Number, Panel
from zizhu.show.brief.write import Brief
from zizhu.show.format import with_unit
from zizhu.show.render import render
from zizhu.show.spec import PHONE, WIDE

ONE_LINE = 22


def page(brief: Brief) -> str:
    """The page's HTML."""
    anchors = {t.ref: f"t{i}" for i, t in enumerate(brief.traces, start=1)}
    drawn = _drawn(brief, anchors)
    filled = _template("page.html.j2").render(
        brief=brief,
        css=Markup(_text("page.css") + theme.css()),
        line=lambda content: _line(content, anchors),
        drawings=lambda panel: drawn[id(panel)],
        anchor=anchors.__getitem__,
        in_words=with_unit,
    )
    return str(filled)


def _line(content: Line, anchors: dict[Ref, str]) -> Markup:
    return Markup("").join(_piece(p, anchors) for p in content)


def _piece(piece: str | Number, anchors: dict[Ref, str]) -> Markup:
    if isinstance(piece, str):
        return escape(piece)
    return Markup('<a class="n" href="#{}">{}</a>').format(anchors[piece.ref], _unbroken(piece.text))


def _unbroken(text: str) -> str:
    """A number and its unit stay on one line; longer words may break."""
    return text.replace(" ", "\N{NO-BREAK SPACE}") if len(text) <= ONE_LINE else text


def _drawn(brief: Brief, anchors: dict[Ref, str]) -> dict[int, Markup]:
    """Every panel drawn twice, for wide and for narrow pages; the style sheet shows one of the two.

    Two threads draw at once: the drawing engine works outside the interpreter's lock.
    """
    panels = [panel for exhibit in brief.exhibits for panel in exhibit.panels]

    def draw(panel: Panel, width: int) -> Markup:
        return Markup(render(panel.figure, width=width, link=lambda ref: f"#{anchors[ref]}"))

    with ThreadPoolExecutor(2) as pool:
        wide = list(pool.map(lambda p: draw(p, WIDE), panels))
        narrow = list(pool.map(lambda p: draw(p, PHONE), panels))
    both = Markup('<div class="wide">{}</div><div class="narrow">{}</div>')
    return {id(p): both.format(w, n) for p, w, n in zip(panels, wide, narrow, strict=True)}


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
