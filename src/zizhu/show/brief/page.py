"""The brief as one self-contained HTML page: no network, every number a link to its trace in the same file."""

from __future__ import annotations

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
    filled = _template("page.html.j2").render(
        brief=brief,
        css=Markup(_text("page.css") + theme.css()),
        line=lambda content: _line(content, anchors),
        drawings=lambda panel: _drawings(panel, anchors),
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


def _drawings(panel: Panel, anchors: dict[Ref, str]) -> Markup:
    """The drawing twice, for wide and for narrow pages; the style sheet shows one of them."""

    def link(ref: Ref) -> str:
        return f"#{anchors[ref]}"

    wide = Markup(render(panel.figure, width=WIDE, link=link))
    narrow = Markup(render(panel.figure, width=PHONE, link=link))
    return Markup('<div class="wide">{}</div><div class="narrow">{}</div>').format(wide, narrow)


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
