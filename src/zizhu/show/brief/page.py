"""The brief as one self-contained HTML page: no network, every number a link to its trace in the same file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from importlib import resources

from jinja2 import Environment, StrictUndefined, Template, select_autoescape
from markupsafe import Markup, escape

from zizhu.ledger.models import Run
from zizhu.show import theme
from zizhu.show.brief.drawings import Drawn, anchor, both
from zizhu.show.brief.model import Line, Number, Panel
from zizhu.show.brief.write import Brief
from zizhu.show.format import with_unit

ONE_LINE = 22
_DRAWN = Markup('<div class="wide">{}</div><div class="narrow">{}</div>')
CITED = 6
"""Sources that a trace names; all of them stand in the list of sources."""


def page(brief: Brief, drawn: Callable[[Panel], Drawn] = both) -> str:
    """The page's HTML; `drawn` gives both drawings of a panel, made now by default."""
    filled = _template("page.html.j2").render(
        brief=brief,
        css=Markup(_text("page.css") + theme.css()),
        line=_line,
        drawings=lambda panel: _DRAWN.format(*map(Markup, drawn(panel))),
        anchor=anchor,
        in_words=with_unit,
        address=_address,
        asked=_asked,
        behind=_behind,
        cited=partial(_cited, {s.id: s.producer for s in brief.sources}),
    )
    return str(filled)


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


def _asked(run: Run) -> str:
    """The parameters of a run as they are written in its record."""
    return json.dumps(run.params, ensure_ascii=False, sort_keys=True)


def _behind(run: Run) -> str:
    """The tables of a run with their digests, and how many facts."""
    tables = [r.removeprefix("table:") for r in run.inputs if r.startswith("table:")]
    facts = len(run.inputs) - len(tables)
    return ", ".join([*tables, *([f"{facts} facts of the register"] if facts else [])])


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
