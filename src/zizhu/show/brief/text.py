"""The brief as Markdown and as plain data."""

from __future__ import annotations

from typing import Any

from zizhu.ledger.models import Ref
from zizhu.ledger.result import Explanation
from zizhu.show.brief.model import Grid, Line, plain
from zizhu.show.brief.write import Brief


def markdown(brief: Brief) -> str:
    """The brief as Markdown: sentences, tables and notes; every number has a footnote with its reference."""
    notes = {t.ref: i for i, t in enumerate(brief.traces, start=1)}
    out = [f"# {brief.title}", f"zizhu {brief.version}, {brief.as_of}", ""]
    out += [line for why in brief.chosen for line in (_escaped(why), "")]
    used: dict[Ref, int] = {}
    for e in brief.exhibits:
        out += [f"## {e.letter}. {e.title}", "", _cited(e.sentence, notes, used), ""]
        for grid in e.grids:
            out += [*_table(grid, notes, used), ""]
        out += [f"- {_cited(n, notes, used)}" for n in e.notes] + [""]
    if brief.terms:
        out += [
            "## Abbreviations",
            "",
            *(f"- {_escaped(t)}: {_escaped(m)}" for t, m in brief.terms.items()),
            "",
        ]
    out += ["## Sources", ""]
    out += [f"- {s.citation()}. Quality: {s.quality}. {s.licence} {s.url}".rstrip() for s in brief.sources]
    out += ["", *(f"[^{number}]: `{ref}`" for ref, number in used.items()), ""]
    return "\n".join(out)


def _cited(content: Line, notes: dict[Ref, int], used: dict[Ref, int]) -> str:
    text = ""
    for piece in content:
        if isinstance(piece, str):
            text += _escaped(piece)
        else:
            used[piece.ref] = notes[piece.ref]
            text += f"{_escaped(piece.text)}[^{notes[piece.ref]}]"
    return text


def _escaped(text: str) -> str:
    for mark in "\\`*_[]<>|":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", " ")


def _table(grid: Grid, notes: dict[Ref, int], used: dict[Ref, int]) -> list[str]:
    rule = " | ".join("---:" if n else "---" for n in grid.numeric)
    rows = [f"| {' | '.join(_cited(cell, notes, used) for cell in row)} |" for row in grid.rows]
    return [f"*{_escaped(grid.caption)}*", "", f"| {' | '.join(grid.headers)} |", f"| {rule} |", *rows]


def data(brief: Brief) -> dict[str, Any]:
    """The brief as plain data: exhibits with their figures' rows, and every number with its parts."""
    return {
        "title": brief.title,
        "country": brief.country,
        "as_of": brief.as_of,
        "version": brief.version,
        "chosen": list(brief.chosen),
        "exhibits": [
            {
                "letter": e.letter,
                "title": e.title,
                "sentence": plain(e.sentence),
                "figures": [{"caption": p.caption, **p.figure.model_dump(mode="json")} for p in e.panels],
                "tables": [
                    {
                        "caption": g.caption,
                        "columns": list(g.headers),
                        "rows": [[plain(c) for c in row] for row in g.rows],
                    }
                    for g in e.grids
                ],
                "notes": [plain(n) for n in e.notes],
            }
            for e in brief.exhibits
        ],
        "terms": dict(brief.terms),
        "runs": [r.model_dump(mode="json") for r in brief.runs],
        "numbers": [
            {
                "ref": t.ref,
                "text": t.text,
                "sentence": t.told,
                **_opened(t.explanation),
                "sources": list(t.sources),
            }
            for t in brief.traces
        ],
        "sources": [s.model_dump(mode="json") for s in brief.sources],
    }


def _opened(explanation: Explanation | None) -> dict[str, Any]:
    if explanation is None:
        return {"unit": "", "parts": [], "remainder": 0.0}
    parts = [{"ref": p.ref, "label": p.label, "value": p.value} for p in explanation.parts]
    return {
        "unit": explanation.unit,
        "parts": parts,
        "remainder": explanation.remainder,
    }
